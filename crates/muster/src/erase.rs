//! `muster erase`: destroys the key to an incident's personal data, for good. Whoever serves a journal in a file must stop
//! first, since it has one writer; nodes on a database reload what they hold.

use anyhow::ensure;
use clap::Args;
use domain::personal::Subject;
use domain::types::IncidentId;

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
        let place = place::journal_of(&node)?;
        drop(place.read(true)?); // opening to write would make an empty vault where none is
        let mut journal = place.open()?;
        let state = server::fold::fold(&*journal.log(), &journal.snapshots())?.state;
        ensure!(
            !state.incidents.contains_key(&id),
            "incident {id} is not closed: what is erased takes no further text, so close it first"
        );
        ensure!(state.archive.contains_key(&id), "there is no incident {id} in this journal");
        let mut batch = journal.begin()?;
        batch.erase(&Subject::from(id).0)?;
        batch.commit()?;
        journal.close()?;
        crate::say(&format!(
            "the callers, texts and files of incident {id} are erased; restore older backups with --erasures {}",
            node.keys.join("erasures.log").display()
        ));
        Ok(())
    }
}
