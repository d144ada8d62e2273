//! Calls by an Asterisk of one's own, through its REST interface (ARI): dial, read the text out, take a key press.
//!
//! Asterisk cannot speak by itself: the text is played from the address of a speech server (`media`). A call counts as
//! delivered when somebody takes it; the first key that is pressed is the answer and ends the call. The text is read
//! `plays` times.

pub mod events;
pub mod ws;

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::Full;
use parking_lot::Mutex;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout};

use self::events::Event;
use crate::channel::{Brought, HandedOver, Inbound, Kind, Outgoing, Received, SendFault, Sending};
use crate::http::{Answer, Http, check_url};
use crate::limits::{CALL_KEPT, LINK_ANSWER_LIMIT};
use crate::link::Link;
use crate::paced::Carrier;
use crate::settings::AriSettings;
use crate::sms;
use crate::template::{Template, Values};
use crate::text::{clipped, hex, now_ms};

/// A call that was asked for.
struct Call {
    number: String,
    media: String,
    plays: u8,
    taken: bool,
    asked_at: Instant,
}

type Calls = Arc<Mutex<HashMap<String, Call>>>;

/// Requests to one Asterisk.
#[derive(Clone)]
struct Asterisk {
    http: Http,
    url: String,
    authorization: String,
}

impl Asterisk {
    async fn ask(&self, method: Method, path: &str) -> Result<Option<Answer>, SendFault> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header(header::AUTHORIZATION, &self.authorization)
            .body(Full::new(Bytes::new()))
            .map_err(|error| SendFault::refused(format!("no request can be made of this: {error}")))?;
        self.http.send(request).await
    }
}

pub(crate) struct Ari {
    asterisk: Asterisk,
    endpoint: Template,
    media: Template,
    settings: AriSettings,
    calls: Calls,
    listening: watch::Receiver<bool>,
    /// Kept open as long as the channel; `None` in a rehearsal.
    _link: Option<Link<()>>,
}

/// What an administrator's settings make, before there is a link.
pub(crate) struct Parts {
    pub(crate) ari: Ari,
    pub(crate) dialect: events::Events,
    pub(crate) caller: Caller,
}

impl Ari {
    pub(crate) fn parts(settings: &AriSettings, password: &str, http: Http) -> Result<Parts, String> {
        check_url(&settings.url).map_err(|what| format!("url: {what}"))?;
        let is_name = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        };
        if !is_name(&settings.app) {
            return Err(format!("app = {:?} is not of letters, digits, -, _ and .", settings.app));
        }
        if !(1..=9).contains(&settings.plays) || !(5..=120).contains(&settings.ring_s) {
            return Err("plays is within 1 to 9, ring_s within 5 to 120".to_owned());
        }
        let none = std::collections::BTreeMap::new();
        let url = settings.url.trim_end_matches('/').to_owned();
        let authorization = format!("Basic {}", STANDARD.encode(format!("{}:{password}", settings.user)));
        let host = url.split("://").nth(1).unwrap_or_default().to_owned();
        let (host, base) = host
            .split_once('/')
            .map_or((host.as_str(), String::new()), |(host, path)| (host, format!("/{path}")));
        let (sender, received) = mpsc::channel(crate::limits::INBOUND_QUEUE);
        let (heard, listening) = watch::channel(false);
        let path = format!("{base}/ari/events?app={}&subscribeAll=false", settings.app);
        let dialect = events::Events::new(host.to_owned(), path, authorization.clone(), sender, heard);
        let asterisk = Asterisk { http, url: format!("{url}/ari"), authorization };
        let calls = Calls::default();
        let caller = Caller { asterisk: asterisk.clone(), calls: Arc::clone(&calls), events: received };
        let ari = Self {
            asterisk,
            endpoint: Template::new(&settings.endpoint, &none).map_err(|what| format!("endpoint: {what}"))?,
            media: Template::new(&settings.media, &none).map_err(|what| format!("media: {what}"))?,
            settings: settings.clone(),
            calls,
            listening,
            _link: None,
        };
        Ok(Parts { ari, dialect, caller })
    }

    pub(crate) fn with(self, link: Option<Link<()>>) -> Self {
        Self { _link: link, ..self }
    }

    async fn hand_over(&self, message: &Outgoing) -> Result<HandedOver, SendFault> {
        let number = sms::telephone(&message.address)?;
        let text = match &self.settings.prompt {
            Some(prompt) => format!("{} {prompt}", message.text.trim_end()),
            None => message.text.clone(),
        };
        let values = Values { to: &number, text: &text, id: &message.id, ..Values::default() };
        let media = self.media.fill_url(&values);
        let call = call_id(message);
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let path = format!(
            "/channels?endpoint={}&app={}&channelId={call}&timeout={}&callerId={}",
            encoded(&self.endpoint.fill(&values)),
            self.settings.app,
            self.settings.ring_s,
            encoded(&self.settings.caller),
        );
        if !self.is_ready().await? {
            return Ok(HandedOver::rehearsed(message, 1));
        }
        self.remember(&call, number, media);
        let Some(answer) = self.asterisk.ask(Method::POST, &path).await? else {
            return Ok(HandedOver::rehearsed(message, 1));
        };
        // 409: the call of this name is under way already.
        if answer.status != StatusCode::CONFLICT
            && let Err(fault) = answer.accepted()
        {
            self.calls.lock().remove(&call);
            return Err(fault);
        }
        Ok(HandedOver { references: vec![call], parts: 1 })
    }

    /// Waits until Asterisk tells us its events, for else nobody would speak to whoever takes the call; false in a
    /// rehearsal.
    async fn is_ready(&self) -> Result<bool, SendFault> {
        let mut listening = self.listening.clone();
        if *listening.borrow_and_update() {
            return Ok(true);
        }
        let Some(answer) = self.asterisk.ask(Method::GET, "/asterisk/ping").await? else { return Ok(false) };
        answer.accepted()?;
        let closed = |_| SendFault::unreachable("the connection for Asterisk's events has ended");
        listening.wait_for(|listening| *listening).await.map_err(closed)?;
        Ok(true)
    }

    fn remember(&self, call: &str, number: String, media: String) {
        let mut calls = self.calls.lock();
        calls.retain(|_, call| call.asked_at.elapsed() < CALL_KEPT);
        let plays = self.settings.plays;
        calls.entry(call.to_owned()).or_insert(Call {
            number,
            media,
            plays,
            taken: false,
            asked_at: Instant::now(),
        });
    }
}

/// A name for the call that is the same for the same message to the same number.
fn call_id(message: &Outgoing) -> String {
    let text = format!("{}\n{}", message.id, message.address);
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    format!("muster-{}", hex(&digest.as_ref()[..10]))
}

impl Carrier for Ari {
    fn kind(&self) -> Kind {
        Kind::Voice
    }

    fn carry<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(self.hand_over(message))
    }
}

/// Does what is due when something happens in a call.
pub(crate) struct Caller {
    asterisk: Asterisk,
    calls: Calls,
    events: mpsc::Receiver<Event>,
}

impl Caller {
    /// Ends with the link whose events it reads.
    pub(crate) async fn run(mut self, name: Arc<str>, inbound: mpsc::Sender<Brought>) {
        while let Some(event) = self.events.recv().await {
            if let Some(what) = self.happened(event) {
                let received = Received { channel: Arc::clone(&name), kind: Kind::Voice, what };
                if inbound.try_send(Brought::without_thanks(received)).is_err() {
                    tracing::warn!(channel = %name, "a report or answer of a call found no room");
                }
            }
        }
    }

    fn happened(&self, event: Event) -> Option<Inbound> {
        let mut calls = self.calls.lock();
        let at_ms = now_ms();
        match event {
            Event::Taken { call } => {
                let known = calls.get_mut(&call)?;
                let again = std::mem::replace(&mut known.taken, true);
                self.play(&call, known);
                (!again).then_some(Inbound::Delivered { reference: call, at_ms })
            }
            Event::Played { call } => {
                let known = calls.get_mut(&call)?;
                if known.plays == 0 {
                    self.hang_up(&call);
                } else {
                    self.play(&call, known);
                }
                None
            }
            Event::Pressed { call, digit } => {
                let number = calls.get(&call)?.number.clone();
                self.hang_up(&call);
                Some(Inbound::Answer {
                    from: number,
                    text: clipped(&digit, 1),
                    reference: Some(call),
                    id: None,
                    at_ms,
                })
            }
            Event::Ended { call, cause } => {
                let known = calls.remove(&call)?;
                let reason = clipped(&cause, crate::limits::REASON_CHARS);
                (!known.taken).then_some(Inbound::Failed { reference: call, reason, at_ms })
            }
        }
    }

    fn play(&self, call: &str, known: &mut Call) {
        known.plays = known.plays.saturating_sub(1);
        let media: String = form_urlencoded::byte_serialize(known.media.as_bytes()).collect();
        self.tell(Method::POST, format!("/channels/{call}/play?media={media}"));
    }

    fn hang_up(&self, call: &str) {
        self.tell(Method::DELETE, format!("/channels/{call}"));
    }

    /// In a task of its own, so that one slow answer keeps no other call waiting.
    fn tell(&self, method: Method, path: String) {
        let asterisk = self.asterisk.clone();
        tokio::spawn(async move {
            let told = timeout(LINK_ANSWER_LIMIT, asterisk.ask(method, &path)).await;
            let fault = match told {
                Ok(Ok(answer)) => answer.and_then(|answer| answer.accepted().err()),
                Ok(Err(fault)) => Some(fault),
                Err(_) => Some(SendFault::TimedOut),
            };
            if let Some(fault) = fault {
                tracing::warn!(%fault, "Asterisk did not do what it was told in a call");
            }
        });
    }
}

/// Seconds of silence after which the events' connection is tested.
pub(crate) const TEST_S: u16 = 15;
