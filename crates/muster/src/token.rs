//! `muster token`: API tokens for other systems, each with the acts it was given. The node may serve meanwhile.

use anyhow::ensure;
use clap::{Args, Subcommand};
use domain::ActKind;
use domain::types::OrgId;
use server::now::Now;

use crate::place::{self, Place};

/// `muster token`
#[derive(Debug, Args)]
pub(crate) struct Token {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a token; an older one of that name ends
    Make {
        /// Its name: letters, digits, dashes
        #[arg(long)]
        name: String,
        /// The organisation it acts for
        #[arg(long)]
        org: OrgId,
        /// The acts it is given, separated by commas: `take_call`
        #[arg(long, value_delimiter = ',', required = true, value_parser = act)]
        acts: Vec<ActKind>,
    },
    /// End a token at once
    End {
        /// Its name
        #[arg(long)]
        name: String,
    },
}

fn act(name: &str) -> Result<ActKind, String> {
    let found = ActKind::ALL.iter().find(|kind| kind.name() == name);
    found.copied().ok_or_else(|| format!("there is no act {name:?}"))
}

impl Token {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let node = self.place.config()?;
        let sessions = || place::sessions_of(&node);
        match self.what {
            What::Make { name, org, acts } => {
                let fits = (1..=50).contains(&name.len())
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
                ensure!(fits, "a token's name has 1 to 50 letters, digits and dashes");
                let orgs = place::orgs_of(&node)?.orgs;
                ensure!(
                    orgs.contains_key(&org),
                    "there is no organisation {:?}; there are {}",
                    org.as_str(),
                    place::names(orgs.keys())
                );
                crate::say(&sessions()?.make_token(&name, &org, &acts, Now::system().now())?);
            }
            What::End { name } => {
                ensure!(sessions()?.end_token(&name)?, "there is no token {name:?}");
                crate::say(&format!("token {name} has ended"));
            }
        }
        Ok(())
    }
}
