//! What a session missed while it was away, read from the journal.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use domain::IncidentFile;
use domain::types::IncidentId;

use super::{Class, Files, Hub, Listener, Moment, frames};
use crate::published::Position;
use crate::{fold, limits};

/// The place that a session says it has seen, where the journal holds it; or why the session must reload.
pub(super) fn known(hub: &Hub, since: Position) -> Result<Position, &'static str> {
    let at = hub.publisher.load().at;
    match () {
        () if since.epoch != at.epoch => Err("epoch"),
        // It has seen what the journal does not hold: going on from there would hide the loss.
        () if since.seq > at.seq => Err("ahead"),
        () => Ok(since),
    }
}

/// The changes after `since` up to `joined` that this listener may see, by the present state; or why it must reload.
pub(super) fn missed(
    hub: &Hub,
    listener: &Listener,
    since: Option<Position>,
    joined: Position,
) -> Result<Vec<Bytes>, &'static str> {
    let (Some(since), actor) = (since, &listener.actor) else { return Ok(Vec::new()) };
    if since.epoch != joined.epoch {
        return Err("epoch");
    }
    let behind = joined.seq.saturating_sub(since.seq);
    if behind > limits::RESUME_ENTRIES {
        return Err("behind");
    }
    if behind == 0 {
        return Ok(Vec::new());
    }
    let count = usize::try_from(behind).unwrap_or(usize::MAX);
    let entries = hub.log.read(since.seq + 1, count).and_then(|entries| {
        fold::all_recorded(&entries).map_err(|fault| match fault {
            fold::FoldFault::Journal(fault) => fault,
            other => {
                tracing::error!(error = %other, "an entry cannot be told again");
                journal::Fault::Poisoned
            }
        })
    });
    let entries = entries.map_err(|fault| {
        tracing::warn!(error = %fault, "a stream cannot resume");
        "journal"
    })?;
    let state = hub.publisher.load();
    let mut files = Files::new(hub, &state.state);
    let mut known: BTreeMap<IncidentId, Option<Arc<IncidentFile>>> = BTreeMap::new();
    let class = Class { role: actor.role, force: actor.force.clone(), lang: listener.lang };
    let mut told = Vec::new();
    for recorded in &entries {
        let file = match recorded.stream {
            domain::Stream::Incident(id) => known.entry(id).or_insert_with(|| files.of(recorded)).clone(),
            _ => None,
        };
        let audience = domain::delivery::audience(file.as_deref(), recorded);
        if audience.includes(actor) {
            let at = Position { epoch: joined.epoch, seq: recorded.seq };
            let moment = Moment { state: &state.state, file: file.as_deref(), recorded, at, count: 1 };
            told.push(frames::change(at, &(hub.change)(&moment, &class)));
        }
    }
    Ok(told)
}
