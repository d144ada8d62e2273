//! `muster restore`: a backup becomes a node's data again, in a new epoch, with erasures obeyed, and verified.

use std::path::PathBuf;

use clap::Args;
use journal::backup::{RestoreOptions, VaultSource, restore};

/// `muster restore`
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// What `muster backup` wrote
    #[arg(long)]
    from: PathBuf,
    /// The copied keys of personal data
    #[arg(long, required_unless_present = "vault_lost")]
    vault: Option<PathBuf>,
    /// The keys are lost: everything personal reads as erased from now on
    #[arg(long, conflicts_with = "vault")]
    vault_lost: bool,
    /// The data directory to be; nothing may be there
    #[arg(long)]
    to: PathBuf,
    /// Directory of the keys (default: TO/keys)
    #[arg(long)]
    keys: Option<PathBuf>,
    /// Records of erasures that are newer than the backup, such as the old node's keys/erasures.log
    #[arg(long)]
    erasures: Vec<PathBuf>,
}

impl Restore {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let vault = match self.vault {
            Some(dir) => VaultSource::Backup(dir),
            None => VaultSource::Lost,
        };
        let report = restore(&RestoreOptions {
            from: self.from,
            vault,
            to: self.to.clone(),
            keys: self.keys,
            erasures: self.erasures,
        })?;
        if let Some(broken) = report.first_broken() {
            anyhow::bail!("the backup is of a broken journal: entry {}: {}", broken.seq, broken.why);
        }
        crate::say(&format!(
            "restored {} entries to {} in epoch {}, verified; clients will reload",
            report.entries,
            self.to.display(),
            report.head.epoch
        ));
        Ok(())
    }
}
