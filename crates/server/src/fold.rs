//! State from the journal: from a snapshot and the rest, or from the first entry; checked against the chain.

use std::ops::ControlFlow;
use std::sync::Arc;

use domain::event::EventFault;
use domain::types::{IncidentId, Time};
use domain::{Event, IncidentFile, Recorded, State, Stream, apply, state::STATE_FORMAT};
use journal::{Digest, Entry, EntryRef, Head, Log, Snapshot, Snapshots, replay};

/// Why the journal cannot be folded. The node does not serve half a history.
#[derive(Debug, thiserror::Error)]
pub enum FoldFault {
    /// The journal could not be read, or is not as it was written.
    #[error(transparent)]
    Journal(#[from] journal::Fault),
    /// An entry that this build cannot read.
    #[error("entry {seq} cannot be read")]
    Entry {
        /// Its number.
        seq: u64,
        /// Why.
        #[source]
        source: EventFault,
    },
    /// An entry of a stream that this build does not know.
    #[error("entry {seq} cannot be placed")]
    Stream {
        /// Its number.
        seq: u64,
        /// Why.
        #[source]
        source: domain::act::UnknownStream,
    },
}

/// State as of a head.
pub struct Folded {
    /// The state.
    pub state: State,
    /// The head it was folded up to.
    pub head: Head,
    /// The entry of the snapshot it began with; 0 when it began with nothing.
    pub from_snapshot: u64,
}

/// An entry as the domain knows it.
pub fn recorded(entry: &EntryRef<'_>) -> Result<Recorded, FoldFault> {
    let seq = entry.seq;
    let stream: Stream = entry.stream.parse().map_err(|source| FoldFault::Stream { seq, source })?;
    let event = Event::decode(entry.kind, entry.version, entry.data)
        .map_err(|source| FoldFault::Entry { seq, source })?;
    Ok(Recorded { seq, at: Time(entry.time_ms), stream, event })
}

/// The state as of the journal's head. A snapshot that does not fit is told in the log and the whole is folded.
pub fn fold(log: &dyn Log, snapshots: &Snapshots) -> Result<Folded, FoldFault> {
    let head = log.head()?;
    if let Some(found) = snapshots.latest(log, STATE_FORMAT)?.snapshot {
        match from_snapshot(log, &found) {
            Ok(state) => match fold_on(log, state, Some((found.seq, found.hash)), head.seq) {
                Ok(state) => return Ok(Folded { state, head, from_snapshot: found.seq }),
                Err(fault) => {
                    tracing::warn!(seq = found.seq, error = %fault, "the rest does not follow the snapshot: folding anew");
                }
            },
            Err(why) => tracing::warn!(seq = found.seq, why, "the snapshot cannot be read: folding anew"),
        }
    }
    let state = fold_on(log, State::default(), None, head.seq)?;
    Ok(Folded { state, head, from_snapshot: 0 })
}

/// Folds the entries after what `state` holds (`None`: nothing), checking that they follow, up to `upto_seq`.
pub fn fold_on(
    log: &dyn Log,
    mut state: State,
    after: Option<(u64, Digest)>,
    upto_seq: u64,
) -> Result<State, FoldFault> {
    if after.map_or(0, |(seq, _)| seq) >= upto_seq {
        return Ok(state);
    }
    let mut fault = None;
    replay(log, after, upto_seq, &mut |entry| match recorded(entry) {
        Ok(recorded) => {
            apply(&mut state, &recorded);
            ControlFlow::Continue(())
        }
        Err(unreadable) => {
            fault = Some(unreadable);
            ControlFlow::Break(())
        }
    })?;
    fault.map_or(Ok(state), Err)
}

/// One incident from its own stream, up to an entry; `None` where there is none.
pub fn incident(log: &dyn Log, id: IncidentId, upto_seq: u64) -> Result<Vec<Recorded>, FoldFault> {
    let entries = log.read_stream(&Stream::Incident(id).to_string(), 1, upto_seq)?;
    entries.iter().map(|entry| recorded(&entry.as_ref())).collect()
}

/// An incident's file from its entries.
pub fn file(id: IncidentId, entries: &[Recorded]) -> Option<IncidentFile> {
    IncidentFile::fold(id, entries)
}

/// Entries as the domain knows them.
pub fn all_recorded(entries: &[Entry]) -> Result<Vec<Recorded>, FoldFault> {
    entries.iter().map(|entry| recorded(&entry.as_ref())).collect()
}

/// Writes the state down, personal data sealed.
pub fn save_snapshot(
    log: &dyn Log,
    snapshots: &Snapshots,
    state: &State,
    seq: u64,
    hash: Digest,
) -> Result<(), SnapshotFault> {
    let text = serde_json::to_string(state)?;
    let body = match log.vault() {
        Some(vault) => vault.seal_json(&text)?.into_owned().into_bytes(),
        None => return Err(SnapshotFault::NoVault),
    };
    snapshots.save(&Snapshot { seq, hash, state_format: STATE_FORMAT.to_owned(), body })?;
    Ok(())
}

/// Why a snapshot was not written. The node goes on without.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotFault {
    /// The state has no JSON form.
    #[error("the state cannot be written as JSON")]
    Form(#[from] serde_json::Error),
    /// The disk, or the seal.
    #[error(transparent)]
    Journal(#[from] journal::Fault),
    /// Personal data must not lie open in a file.
    #[error("there is no vault to seal personal data with")]
    NoVault,
}

fn from_snapshot(log: &dyn Log, snapshot: &Snapshot) -> Result<State, String> {
    let text = std::str::from_utf8(&snapshot.body).map_err(|e| e.to_string())?;
    let opened = match log.vault() {
        Some(vault) => vault.open_json(text).map_err(|e| e.to_string())?,
        None => std::borrow::Cow::Borrowed(text),
    };
    serde_json::from_str(&opened).map_err(|e| e.to_string())
}

/// Shared by the writer and by readers of closed incidents.
pub type SharedLog = Arc<dyn Log>;
