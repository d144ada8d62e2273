//! `muster totp`: one-time codes as an account's second factor, enrolled at the machine. The node may serve meanwhile.

use std::io::BufRead as _;

use anyhow::{Context as _, ensure};
use clap::{Args, Subcommand};
use domain::types::AccountId;
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use server::now::Now;
use server::session::{Enrolment, Sessions};

use crate::place::{self, Place};

/// `muster totp`
#[derive(Debug, Args)]
pub(crate) struct Totp {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show a new secret once, and keep it when the phone's code comes back on standard input; an older one ends
    Enrol {
        /// The account
        #[arg(long)]
        account: AccountId,
    },
    /// Take an account's second factor away, such as of a lost phone
    Reset {
        /// The account
        #[arg(long)]
        account: AccountId,
    },
    /// List the accounts that have one, and how many recovery codes are left
    List,
}

impl Totp {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let node = self.place.config()?;
        let sessions = || place::sessions_of(&node);
        match &self.what {
            What::Enrol { account } => {
                let orgs = place::orgs_of(&node)?;
                ensure!(
                    orgs.accounts.contains_key(account),
                    "there is no account {:?}; there are {}",
                    account.as_str(),
                    place::names(orgs.accounts.keys())
                );
                enrol(&sessions()?, account)
            }
            What::Reset { account } => {
                let there = sessions()?.forget_second(account)?;
                ensure!(there, "account {:?} has no second factor", account.as_str());
                crate::say(&format!(
                    "the second factor of {account} is gone, and its sessions end within a minute"
                ));
                Ok(())
            }
            What::List => {
                for enrolled in sessions()?.enrolled()? {
                    let (account, left) = (enrolled.account, enrolled.recovery_codes);
                    crate::say(&format!("{account}: {left} recovery codes left"));
                }
                Ok(())
            }
        }
    }
}

fn enrol(sessions: &Sessions, account: &AccountId) -> anyhow::Result<()> {
    let enrolment = Enrolment::fresh();
    let uri = enrolment.uri(account, "Muster");
    let picture =
        QrCode::with_error_correction_level(&uri, EcLevel::L).context("the secret makes no picture")?;
    crate::say(&picture.render::<Dense1x2>().quiet_zone(true).build());
    crate::say(&format!("{uri}\nsecret: {}", enrolment.secret()));
    crate::say("scan it with an authenticator app, then type the six digits that the phone shows:");
    let mut code = String::new();
    std::io::stdin().lock().read_line(&mut code).context("no code on standard input")?;
    let codes = sessions.enrol(account, &enrolment, &code, Now::system().now())?.context(
        "this is not the code of the moment, so nothing was changed: check the phone's clock, then enrol again with the new secret",
    )?;
    crate::say(&format!(
        "{account} signs in with a second factor from now on; its sessions end within a minute"
    ));
    crate::say("recovery codes, each good for one sign-in without the phone; they are not shown again:");
    for code in codes {
        crate::say(&format!("  {code}"));
    }
    Ok(())
}
