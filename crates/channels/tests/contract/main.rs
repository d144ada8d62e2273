//! What every channel owes the courier, held against one peer for each: a real server where one can be installed, else a
//! fake that follows the published documents.

#![allow(clippy::unwrap_used, reason = "a test says where it fails")]

mod callbacks;
mod calls;
mod cmpp_peer;
mod every_channel;
mod gateways;
mod linked;
mod mail;
mod peers;
mod sirens;

use std::sync::Arc;
use std::time::Duration;

use channels::{Brought, Channel, Inbound, Opened, Outgoing, Settings};

/// A message with characters that are rare in texts and common in names.
fn message(address: &str) -> Outgoing {
    Outgoing {
        id: "01JQ8Z-1".to_owned(),
        address: address.to_owned(),
        subject: "出动指令（演练）".to_owned(),
        text: "石岛油库起火，请㛃石救援队立即出动。联系人：𠮷田。回复A7 1确认。".to_owned(),
        short_code: Some("A7".to_owned()),
        urgent: true,
    }
}

fn settings(toml: &str) -> Settings {
    toml::from_str(toml).unwrap_or_else(|error| panic!("{error}\n{toml}"))
}

/// The one channel of these settings, and what comes back by it.
fn opened(toml: &str) -> (Arc<dyn Channel>, tokio::sync::mpsc::Receiver<Brought>) {
    let Opened { mut channels, inbound } = channels::open(&settings(toml)).unwrap();
    assert_eq!(channels.len(), 1);
    (channels.remove(0), inbound)
}

/// The next thing that comes back.
async fn next(inbound: &mut tokio::sync::mpsc::Receiver<Brought>) -> Inbound {
    let received = tokio::time::timeout(Duration::from_secs(5), inbound.recv()).await;
    let brought = received.expect("nothing came back within 5 s").expect("the channel is open");
    let what = brought.received.what.clone();
    brought.taken();
    what
}

/// Waits for what another task brings about.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not within 5 s: {what}");
}
