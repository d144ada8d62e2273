//! `muster restore`: a backup becomes a node's data again, in a new epoch, with erasures obeyed, and verified.
//!
//! With `--verify` it is a drill: all of that in a place of its own that is gone afterwards.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::Args;
use journal::backup::{RestoreOptions, VaultSource, check_vault, restore};
use server::config::Settings;

use crate::{place, verify};

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
    #[arg(long, required_unless_present = "verify")]
    to: Option<PathBuf>,
    /// A drill: restore into a place that is removed again, open everything sealed, check chain and rules
    #[arg(long, conflicts_with_all = ["to", "keys"])]
    verify: bool,
    /// Directory of the keys (default: TO/keys)
    #[arg(long)]
    keys: Option<PathBuf>,
    /// Records of erasures that are newer than the backup, such as the old node's keys/erasures.log
    #[arg(long)]
    erasures: Vec<PathBuf>,
}

impl Restore {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let drill = match &self.to {
            None => Some(drill_place(&self.from)?),
            Some(_) => None,
        };
        let to = match (&self.to, &drill) {
            (Some(to), _) => to.clone(),
            (None, drill) => drill.as_ref().context("a drill has a place")?.path().join("restored"),
        };
        let vault = match self.vault {
            Some(dir) => VaultSource::Backup(dir),
            None => VaultSource::Lost,
        };
        let report = restore(&RestoreOptions {
            from: self.from,
            vault,
            to: to.clone(),
            keys: self.keys,
            erasures: self.erasures,
        })?;
        if let Some(broken) = report.first_broken() {
            anyhow::bail!("the backup is of a broken journal: entry {}: {}", broken.seq, broken.why);
        }
        if drill.is_some() {
            return proven(&to, report.entries);
        }
        crate::say(&format!(
            "restored {} entries to {} in epoch {}, verified; clients will reload",
            report.entries,
            to.display(),
            report.head.epoch
        ));
        Ok(())
    }
}

/// Beside the backup, where there is room for what is in it; only its owner may enter.
fn drill_place(from: &Path) -> anyhow::Result<tempfile::TempDir> {
    let beside = from.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let place = tempfile::Builder::new().prefix("muster-drill-").tempdir_in(beside);
    place.with_context(|| format!("no place for the drill in {}", beside.display()))
}

/// The last steps of a drill: what nobody can read, or what breaks a rule, is no backup to rely on.
fn proven(to: &Path, entries: u64) -> anyhow::Result<()> {
    let config = Settings { data: Some(to.to_owned()), ..Settings::default() }.complete()?;
    let log = place::journal_of(&config)?.read(true)?;
    check_vault(&*log).context("the keys do not fit the backup")?;
    ensure!(verify::check_rules(&*log)?, "the backup is whole, and its history breaks a rule");
    crate::say(&format!(
        "the drill is passed: {entries} entries restored, opened and verified; nothing was kept"
    ));
    Ok(())
}
