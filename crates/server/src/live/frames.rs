//! Frames of the stream as they go over the wire.

use bytes::Bytes;
use domain::Stream;
use domain::delivery::ring;
use domain::narrate;
use domain::types::{Lang, Time};
use serde_json::json;

use super::{Class, Moment};
use crate::published::Position;

/// Milliseconds after which a client that lost its stream tries again.
const RETRY_MS: u32 = 2_000;

pub(super) fn retry() -> Bytes {
    Bytes::from(format!("retry: {RETRY_MS}\n\n"))
}

pub(super) fn change(at: Position, data: &str) -> Bytes {
    Bytes::from(format!("event: change\nid: {at}\ndata: {data}\n\n"))
}

pub(super) fn heartbeat(now: Time, at: Position) -> Bytes {
    let data = json!({ "now": now.to_string(), "seq": at.to_string() });
    Bytes::from(format!("event: heartbeat\nid: {at}\ndata: {data}\n\n"))
}

pub(super) fn reset(why: &str) -> Bytes {
    Bytes::from(format!("event: reset\ndata: {}\n\n", json!({ "why": why })))
}

/// The plainest text of a change: what happened, to what, and what it rings.
pub fn default_change(moment: &Moment<'_>, class: &Class) -> String {
    let recorded = moment.recorded;
    let incident = match recorded.stream {
        Stream::Incident(id) => Some(id),
        _ => None,
    };
    let names = narrate::Names { state: moment.state, file: moment.file };
    json!({
        "seq": moment.at.to_string(),
        "at": recorded.at.to_string(),
        "kind": recorded.event.kind(),
        "stream": recorded.stream.to_string(),
        "incident": incident,
        "ring": ring(&recorded.event, class.role),
        "text": narrate::line(Lang::Zh, &recorded.event, names, false),
    })
    .to_string()
}
