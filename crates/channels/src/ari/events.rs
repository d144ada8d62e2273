//! What Asterisk tells of its calls: the events of ARI, by a WebSocket.

use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::Value;
use tokio::sync::{mpsc, watch};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::ws;
use crate::channel::SendFault;
use crate::link::{Dialect, Heard};

/// An event that matters to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Somebody took the call.
    Taken {
        call: String,
    },
    Pressed {
        call: String,
        digit: String,
    },
    /// The text was read to its end.
    Played {
        call: String,
    },
    /// The call is over; the cause is Asterisk's word.
    Ended {
        call: String,
        cause: String,
    },
}

/// Reads an event; what matters to no call is `None`.
pub fn parse_event(text: &str) -> Option<Event> {
    let event: Value = serde_json::from_str(text).ok()?;
    let call = || Some(event.pointer("/channel/id")?.as_str()?.to_owned());
    Some(match event.get("type")?.as_str()? {
        "StasisStart" => Event::Taken { call: call()? },
        "ChannelDtmfReceived" => {
            Event::Pressed { call: call()?, digit: event.get("digit")?.as_str()?.to_owned() }
        }
        "PlaybackFinished" => {
            let target = event.pointer("/playback/target_uri")?.as_str()?;
            Event::Played { call: target.strip_prefix("channel:")?.to_owned() }
        }
        "ChannelDestroyed" => {
            let cause = event.get("cause_txt").and_then(Value::as_str).unwrap_or("no cause given");
            Event::Ended { call: call()?, cause: cause.to_owned() }
        }
        _ => return None,
    })
}

/// The near end of the stream of events, without a connection.
pub struct Events {
    /// `host:port`, path with the application, value of `Authorization`.
    host: String,
    path: String,
    authorization: String,
    accept: String,
    is_open: bool,
    /// Fragments of a text.
    partial: Vec<u8>,
    random: SystemRandom,
    events: mpsc::Sender<Event>,
    /// Is the application known to Asterisk? Only then can a call be made for it.
    listening: watch::Sender<bool>,
}

impl Events {
    pub fn new(
        host: String,
        path: String,
        authorization: String,
        events: mpsc::Sender<Event>,
        listening: watch::Sender<bool>,
    ) -> Self {
        let random = SystemRandom::new();
        Self {
            host,
            path,
            authorization,
            accept: String::new(),
            is_open: false,
            partial: Vec::new(),
            random,
            events,
            listening,
        }
    }

    fn mask(&self) -> [u8; 4] {
        let mut mask = [0; 4];
        // Without random numbers the mask is zero: it protects old proxies, not the text.
        let _ = self.random.fill(&mut mask);
        mask
    }

    fn upgraded(&mut self, upgrade: &ws::Upgrade) -> Heard {
        if upgrade.status == 101 && upgrade.accept == self.accept {
            self.is_open = true;
            self.listening.send_replace(true);
            return Heard::Welcome;
        }
        let why = match upgrade.status {
            101 => "what answers is no WebSocket".to_owned(),
            401 | 403 => "user or password is wrong".to_owned(),
            status => format!("it answered with the status {status}"),
        };
        Heard::TurnedAway(SendFault::refused(format!("Asterisk does not tell us its events: {why}")))
    }

    fn event(&mut self, frame: &ws::Frame<'_>) {
        if self.partial.len() + frame.payload.len() > crate::limits::FRAME_BYTES {
            self.partial.clear();
            return;
        }
        self.partial.extend_from_slice(frame.payload);
        if !frame.last {
            return;
        }
        let event = parse_event(&String::from_utf8_lossy(&self.partial));
        self.partial.clear();
        if let Some(event) = event
            && self.events.try_send(event).is_err()
        {
            tracing::warn!("an event of Asterisk found no room");
        }
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.listening.send_replace(false);
    }
}

impl Dialect for Events {
    type Ask = ();
    const LAST_NUMBER: u32 = u32::MAX;

    fn lost(&mut self) {
        self.is_open = false;
        self.listening.send_replace(false);
    }

    fn hello(&mut self, _: u32, out: &mut Vec<u8>) {
        self.lost();
        self.partial.clear();
        let mut key = [0; 16];
        let _ = self.random.fill(&mut key);
        let key = STANDARD.encode(key);
        self.accept = ws::accept(&key);
        let (path, host, authorization) = (&self.path, &self.host, &self.authorization);
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {authorization}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
        );
        out.extend_from_slice(head.as_bytes());
    }

    fn hear(&mut self, received: &[u8]) -> Result<Option<(usize, Heard)>, String> {
        if !self.is_open {
            let Some((length, upgrade)) = ws::parse_upgrade(received)? else { return Ok(None) };
            return Ok(Some((length, self.upgraded(&upgrade))));
        }
        let Some((length, frame)) = ws::parse_ws_frame(received)? else { return Ok(None) };
        let mut out = Vec::new();
        let heard = match frame.opcode {
            ws::PING => {
                ws::frame(ws::PONG, frame.payload, self.mask(), &mut out);
                Heard::Sign(out)
            }
            ws::CLOSE => {
                ws::frame(ws::CLOSE, &[], self.mask(), &mut out);
                Heard::Goodbye(out)
            }
            ws::TEXT | ws::CONTINUED => {
                self.event(&frame);
                Heard::Sign(out)
            }
            _ => Heard::Sign(out),
        };
        Ok(Some((length, heard)))
    }

    fn ask(&mut self, _: u32, (): &(), _: &mut Vec<u8>) {}

    fn test(&mut self, _: u32, out: &mut Vec<u8>) {
        ws::frame(ws::PING, &[], self.mask(), out);
    }

    fn farewell(&mut self, _: u32, out: &mut Vec<u8>) {
        ws::frame(ws::CLOSE, &[], self.mask(), out);
    }
}
