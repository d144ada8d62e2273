//! `muster erase`: destroys the key to an incident's personal data, for good. Whoever serves the journal must stop
//! first: a journal has one writer.

use anyhow::ensure;
use clap::Args;
use domain::personal::Subject;
use domain::types::IncidentId;
use journal::Journal as _;

use crate::place::{self, Place};

/// `muster erase`
#[derive(Debug, Args)]
pub(crate) struct Erase {
    #[command(flatten)]
    place: Place,
    /// The incident whose callers, texts and files are erased; it must be closed
    #[arg(long)]
    incident: IncidentId,
}

impl Erase {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let (node, id) = (self.place.config()?, self.incident);
        drop(place::log_of(&node)?); // opening to write would make an empty vault where none is
        let mut journal = place::journal_of(&node)?.open()?;
        let state = server::fold::fold(&*journal.log(), &journal.snapshots())?.state;
        ensure!(
            !state.incidents.contains_key(&id),
            "incident {id} is not closed: what is erased takes no further text, so close it first"
        );
        ensure!(state.archive.contains_key(&id), "there is no incident {id} in this journal");
        let mut batch = journal.begin()?;
        batch.erase(&Subject::from(id).0)?;
        batch.commit()?;
        Box::new(journal).close()?;
        crate::say(&format!(
            "the callers, texts and files of incident {id} are erased; restore older backups with --erasures {}",
            node.keys.join("erasures.log").display()
        ));
        Ok(())
    }
}
