//! `muster backup`: copies journal, snapshots and attachments, while the node serves or while it does not.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use journal::Log as _;

/// `muster backup`
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The node's data directory
    #[arg(long, env = "MUSTER_DATA")]
    data: PathBuf,
    /// Directory of the keys (default: DATA/keys)
    #[arg(long)]
    keys: Option<PathBuf>,
    /// A directory that does not exist yet
    #[arg(long)]
    to: PathBuf,
    /// Where the keys of personal data are copied to, a directory that does not exist yet. Keep it apart from the
    /// backup: together they can be read
    #[arg(long)]
    vault_to: Option<PathBuf>,
}

impl Backup {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let log = crate::verify::open(&self.data, self.keys.as_deref())?;
        let (files, proposals) = (self.data.join("files"), self.data.join("proposals"));
        let also: Vec<(&str, &std::path::Path)> =
            [("files", files.as_path()), ("proposals", proposals.as_path())]
                .into_iter()
                .filter(|(_, d)| d.exists())
                .collect();
        let manifest = journal::backup::backup(&log, &self.to, &also)?;
        crate::say(&format!(
            "backed up {} entries and {} files to {}",
            manifest.seq,
            manifest.files.len(),
            self.to.display()
        ));
        match &self.vault_to {
            Some(to) => {
                let vault = log.vault().context("this node keeps no keys of personal data")?;
                journal::backup::backup_vault(vault, to)?;
                crate::say(&format!("keys of personal data copied to {}: keep them apart", to.display()));
            }
            None => crate::say(
                "the keys of personal data were not copied: without --vault-to a restore reads them as erased",
            ),
        }
        Ok(())
    }
}
