//! `muster password`: gives an account its password. The node may serve meanwhile.

use std::io::BufRead as _;

use anyhow::{Context as _, ensure};
use clap::Args;
use domain::types::AccountId;
use server::limits;
use server::now::Now;

use crate::place::{self, Place};

/// Characters of a password at the least.
const LEAST_CHARS: usize = 10;

/// `muster password`
#[derive(Debug, Args)]
pub(crate) struct Password {
    #[command(flatten)]
    place: Place,
    /// The account
    #[arg(long)]
    account: AccountId,
}

impl Password {
    /// Reads one line from standard input: a password never stands on a command line.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).context("no password on standard input")?;
        let password = line.trim_end_matches(['\r', '\n']);
        let chars = password.chars().count();
        ensure!(
            (LEAST_CHARS..=limits::CREDENTIAL_CHARS).contains(&chars),
            "a password has {LEAST_CHARS} to {} characters, this one has {chars}",
            limits::CREDENTIAL_CHARS
        );
        let node = self.place.config()?;
        let accounts = place::orgs_of(&node)?.accounts;
        ensure!(
            accounts.contains_key(&self.account),
            "there is no account {:?}; there are {}",
            self.account.as_str(),
            place::names(accounts.keys())
        );
        let sessions = place::sessions_of(&node)?;
        sessions.set_password(&self.account, password, Now::system().now())?;
        crate::say(&format!("the password of {} is set", self.account));
        Ok(())
    }
}
