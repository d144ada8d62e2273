//! `muster backup`: copies journal, snapshots and attachments, while the node serves or while it does not.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use journal::Log as _;

use crate::place::{self, JournalOf, Place};

/// `muster backup`
#[derive(Debug, Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    place: Place,
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
        let node = self.place.config()?;
        let log = match place::journal_of(&node)? {
            JournalOf::File(options) => options.read()?,
            JournalOf::Database(database, ..) => bail!(
                "the journal lies in the database {}: back it up with the database's own tools (docs/operate/postgres.md), or copy it into a directory with `muster migrate` and back that up",
                database.name()
            ),
        };
        if self.vault_to.is_some() {
            journal::backup::check_vault(&*log).context("nothing was backed up: the keys do not fit")?;
        }
        let (files, proposals) = (node.data.join("files"), node.data.join("proposals"));
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
