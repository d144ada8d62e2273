//! What bounds the channels; `docs/operate/limits.md` is made from here.

/// Reports and answers that wait for the node to take them; beyond them a gateway's are not acknowledged, so that it sends them again.
pub const INBOUND_QUEUE: usize = 4_096;
