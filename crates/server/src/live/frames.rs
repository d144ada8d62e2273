//! Frames of the stream as they go over the wire.

use bytes::Bytes;
use domain::types::Time;
use serde_json::json;

use crate::published::Position;
use crate::view;

/// Milliseconds after which a client that lost its stream tries again.
const RETRY_MS: u32 = 2_000;

pub(super) fn retry() -> Bytes {
    Bytes::from(format!("retry: {RETRY_MS}\n\n"))
}

pub(super) fn change(at: Position, data: &str) -> Bytes {
    Bytes::from(format!("event: change\nid: {at}\ndata: {data}\n\n"))
}

/// Tells the time of the jurisdiction, so that a client can say as of when its data are.
pub(super) fn heartbeat(utc_offset_min: i32, now: Time, at: Position) -> Bytes {
    let data = json!({ "now": view::moment_at(utc_offset_min, now), "seq": at.to_string() });
    Bytes::from(format!("event: heartbeat\nid: {at}\ndata: {data}\n\n"))
}

pub(super) fn reset(why: &str) -> Bytes {
    Bytes::from(format!("event: reset\ndata: {}\n\n", json!({ "why": why })))
}
