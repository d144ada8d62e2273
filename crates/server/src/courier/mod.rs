//! The courier: takes what waits in the outbox, sends it, and records how that ended (Plan 4.2.2; DESIGN, journal rule 7).
//!
//! Every step stands in the journal before the next is taken: claim (an attempt with a lease) → send → outcome. A crash
//! between two of them repeats at most the claimed sending. No act ever waits for a gateway: the courier asks the desk
//! like everybody, and sends on tasks of its own, so many at once and a second as each channel bears.

mod inbound;
mod reading;
mod text;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use channels::{Channel, Inbound, Kind, Outgoing, Received, SendFault};
use domain::delivery::attempt_message::AttemptMessage;
use domain::delivery::open_channels::OpenChannels;
use domain::delivery::record_delivery::{Outcome, RecordDelivery};
use domain::delivery::{ChannelKind, FailedWhy, Message, Notification, is_settled};
use domain::types::{IncidentId, Lang, MessageId};
use domain::{Actor, IncidentFile, State, Told};
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::desk::{ActError, Desk, Receipt};
use crate::fold::{self, SharedLog};
use crate::hash::sha256;
use crate::limits;
use crate::now::Now;
use crate::published::Publisher;

/// The channels of this node, each with its pace.
#[derive(Default)]
pub struct Channels {
    all: Vec<Paced>,
    /// Everything runs, and nothing leaves the node.
    pub rehearsal: bool,
}

struct Paced {
    channel: Arc<dyn Channel>,
    room: Arc<Semaphore>,
    /// When the next message may begin.
    free_at: Mutex<Instant>,
}

impl Channels {
    /// These channels; must be called on the runtime that they will be used on.
    pub fn new(all: Vec<Arc<dyn Channel>>, rehearsal: bool) -> Self {
        let paced = |channel: Arc<dyn Channel>| Paced {
            room: Arc::new(Semaphore::new(channel.limits().at_once.max(1) as usize)),
            free_at: Mutex::new(Instant::now()),
            channel,
        };
        Self { all: all.into_iter().map(paced).collect(), rehearsal }
    }

    /// A channel by its name in the settings.
    pub fn named(&self, name: &str) -> Option<&Arc<dyn Channel>> {
        self.all.iter().map(|p| &p.channel).find(|c| **c.name() == *name)
    }

    /// By what means a message can leave, in the order of the settings.
    fn kinds(&self) -> Vec<ChannelKind> {
        let mut kinds = Vec::new();
        for paced in &self.all {
            let kind = kind_of(paced.channel.kind());
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    }

    /// The channel for an attempt: where there are several of a kind, the next one takes the next attempt.
    fn pick(&self, kind: ChannelKind, attempt: u32) -> Option<&Paced> {
        let of_kind: Vec<&Paced> = self.all.iter().filter(|p| kind_of(p.channel.kind()) == kind).collect();
        let turn = attempt.saturating_sub(1) as usize;
        if of_kind.is_empty() { None } else { Some(of_kind[turn % of_kind.len()]) }
    }
}

impl Paced {
    /// Sends when the channel's pace allows.
    async fn send(&self, message: &Outgoing) -> Result<channels::HandedOver, SendFault> {
        let limits = self.channel.limits();
        let at = {
            let mut free_at = self.free_at.lock();
            let at = (*free_at).max(Instant::now());
            *free_at = at + Duration::from_secs(1) / limits.per_s.max(1);
            at
        };
        tokio::time::sleep_until(at).await;
        // The channel counts parts, and knows what its peer bears: "too many" is no failure, it is waited for.
        let end = Instant::now() + Duration::from_secs(limits::THROTTLED_S);
        loop {
            match self.channel.send(message).await {
                Err(SendFault::Throttled { retry_after }) if Instant::now() + retry_after < end => {
                    tokio::time::sleep(retry_after).await;
                }
                sent => return sent,
            }
        }
    }
}

/// The domain's word for a channel.
fn kind_of(kind: Kind) -> ChannelKind {
    match kind {
        Kind::Sms => ChannelKind::Sms,
        Kind::Voice => ChannelKind::Voice,
        Kind::Mail => ChannelKind::Mail,
        Kind::Dingtalk => ChannelKind::Dingtalk,
        Kind::Wecom => ChannelKind::Wecom,
        Kind::Feishu => ChannelKind::Feishu,
        Kind::Siren => ChannelKind::Siren,
        Kind::Webhook => ChannelKind::Webhook,
        Kind::Push => ChannelKind::Push,
    }
}

/// What the courier works with; one copy goes to each sending.
#[derive(Clone)]
pub(crate) struct Courier {
    pub(crate) desk: Desk,
    pub(crate) publisher: Arc<Publisher>,
    pub(crate) log: SharedLog,
    pub(crate) channels: Arc<Channels>,
    pub(crate) now: Now,
    /// The language of messages.
    pub(crate) lang: Lang,
    /// Messages under way on this node.
    pub(crate) under_way: Arc<Mutex<BTreeSet<MessageId>>>,
}

impl Courier {
    /// Sends what waits, and hears what comes back, until the task is dropped.
    pub(crate) async fn run(self, inbound: Option<tokio::sync::mpsc::Receiver<Received>>) {
        if let Some(mut inbound) = inbound {
            let courier = self.clone();
            tokio::spawn(async move {
                let reports = Arc::new(Semaphore::new(limits::REPORTS_AT_ONCE));
                while let Some(received) = inbound.recv().await {
                    if matches!(received.what, Inbound::Answer { .. }) {
                        courier.hears(received).await;
                        continue;
                    }
                    // A report may wait for its record: answers do not wait behind it.
                    let (courier, reports) = (courier.clone(), Arc::clone(&reports));
                    tokio::spawn(async move {
                        let _room = reports.acquire_owned().await;
                        courier.hears(received).await;
                    });
                }
            });
        }
        let mut changed = self.publisher.subscribe();
        loop {
            self.sends_what_waits();
            let tick = Duration::from_millis(limits::COURIER_TICK_MS);
            // A change, or the time of something that waits; a closed node ends the task from outside.
            let _ = tokio::time::timeout(tick, changed.changed()).await;
        }
    }

    /// Says which channels there are: before anybody can act, so that no order goes without its message.
    pub(crate) async fn opens(&self) -> Result<(), ActError> {
        let act = OpenChannels { channels: self.channels.kinds(), rehearsal: self.channels.rehearsal };
        let known = Arc::clone(&self.publisher.load().state);
        if known.reach.rehearsal == act.rehearsal && known.reach.channels.iter().eq(&act.channels) {
            return Ok(());
        }
        let key = format!("channels/{}", self.now.now().0);
        match self.asks(&key, act).await {
            // Another node has said the same meanwhile.
            Ok(_) | Err(ActError::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// An act of the node; the same key is the same request.
    async fn asks(&self, key: &str, act: impl Into<domain::Act>) -> Result<Receipt, ActError> {
        self.desk.act(Actor::clock(), key.to_owned(), sha256(key.as_bytes()), Told::default(), act).await
    }

    fn sends_what_waits(&self) {
        let state = Arc::clone(&self.publisher.load().state);
        let now = self.now.now();
        let mut due: Vec<(bool, MessageId)> = Vec::new();
        {
            let under_way = self.under_way.lock();
            for (id, not_before) in &state.reach.outbox {
                if *not_before <= now && !under_way.contains(id) {
                    due.push((state.reach.undone.get(id).is_none_or(|u| !u.urgent), *id));
                }
            }
        }
        due.sort_unstable(); // orders before notices, older before younger
        for (_, id) in due {
            let Some(undone) = state.reach.undone.get(&id).cloned() else { continue };
            let room = match self.channels.pick(undone.channel, undone.attempts + 1) {
                None => None,
                Some(paced) => match Arc::clone(&paced.room).try_acquire_owned() {
                    Ok(room) => Some(room),
                    Err(_) => continue, // the channel is full: this one waits, others go on
                },
            };
            self.under_way.lock().insert(id);
            let courier = self.clone();
            tokio::spawn(async move {
                courier.delivers(undone.incident, id).await;
                courier.under_way.lock().remove(&id);
                drop(room);
            });
        }
    }

    /// One message: claim, send, outcome. What fails here is told in the log; the lease runs out, and it is tried again.
    async fn delivers(&self, incident: IncidentId, id: MessageId) {
        let Some((state, file)) = self.reads(incident).await else { return };
        let Some((notification, message)) = file.delivery.message(id) else { return };
        let attempt = message.attempts + 1;
        // What it asks for is over: an order must not arrive after its own cancellation.
        if notification.about.asks() && (is_settled(&file, notification) || file.incident.status.is_over()) {
            self.ends(id, attempt, failed(FailedWhy::Superseded, None, false)).await;
            return;
        }
        let Some(paced) = self.channels.pick(message.channel, attempt) else {
            let failed = failed(FailedWhy::NoChannel, None, false);
            self.ends(id, attempt, failed).await;
            return;
        };
        let patience =
            paced.channel.limits().timeout.as_secs() + limits::THROTTLED_S + limits::LEASE_MARGIN_S;
        let act = AttemptMessage { message: id, lease_s: i64::try_from(patience).unwrap_or(i64::MAX) };
        match self.asks(&format!("attempt/{id}/{attempt}"), act).await {
            Ok(_) => {}
            Err(ActError::Refused(_)) => return, // another node has it, or it is done
            Err(error) => {
                tracing::warn!(%error, message.id = %id, "a message could not be claimed; it is tried again");
                return;
            }
        }
        let outgoing = self.writes(&state, &file, notification, message);
        let outcome = match paced.send(&outgoing).await {
            Ok(handed) => {
                let named = |reference: &String| format!("{}/{reference}", paced.channel.name());
                Outcome::HandedOver {
                    references: handed.references.iter().map(named).collect(),
                    parts: handed.parts.into(),
                }
            }
            Err(fault) => failed_by(&fault),
        };
        self.ends(id, attempt, outcome).await;
    }

    async fn ends(&self, message: MessageId, attempt: u32, outcome: Outcome) {
        let key = format!("outcome/{message}/{attempt}");
        let act = RecordDelivery { message, outcome };
        loop {
            match self.asks(&key, act.clone()).await {
                Ok(_) | Err(ActError::Refused(_)) => return,
                // Not recorded, it would be sent again when its lease is over.
                Err(ActError::Busy | ActError::Unavailable | ActError::NotRecorded) => self.rests().await,
                Err(error) => {
                    tracing::warn!(%error, message.id = %message, "how a sending ended could not be recorded");
                    return;
                }
            }
        }
    }

    /// Until the node may take acts again.
    async fn rests(&self) {
        tokio::time::sleep(Duration::from_millis(limits::COURIER_TICK_MS)).await;
    }

    /// The state now, and the incident's file; one that is over is folded from its own stream.
    async fn reads(&self, incident: IncidentId) -> Option<(Arc<State>, Arc<IncidentFile>)> {
        let state = Arc::clone(&self.publisher.load().state);
        if let Some(file) = state.held(incident) {
            let file = Arc::clone(file);
            return Some((state, file));
        }
        let log = Arc::clone(&self.log);
        let folded = tokio::task::spawn_blocking(move || {
            fold::incident(&*log, incident, u64::MAX).map(|entries| fold::file(incident, &entries))
        });
        match folded.await {
            Ok(Ok(file)) => file.map(|file| (state, Arc::new(file))),
            Ok(Err(error)) => {
                tracing::error!(%error, incident.id = %incident, "a closed incident cannot be folded");
                None
            }
            Err(_) => None,
        }
    }

    fn writes(
        &self,
        state: &State,
        file: &IncidentFile,
        notification: &Notification,
        message: &Message,
    ) -> Outgoing {
        let written = text::written(self.lang, state, file, notification);
        Outgoing {
            id: format!("{}-{}", message.id, message.channel.code()),
            address: message.address.reveal().cloned().unwrap_or_default(),
            subject: written.subject,
            text: written.text,
            short_code: Some(notification.code.clone()),
            urgent: notification.about.is_urgent(),
        }
    }
}

fn failed(why: FailedWhy, detail: Option<String>, again: bool) -> Outcome {
    Outcome::Failed { why, detail, again }
}

fn failed_by(fault: &SendFault) -> Outcome {
    let again = !fault.is_lasting();
    match fault {
        SendFault::BadAddress { reason } => failed(FailedWhy::BadAddress, Some(reason.clone()), again),
        SendFault::Refused { reason } => failed(FailedWhy::Refused, Some(reason.clone()), again),
        SendFault::Unreachable { reason } => failed(FailedWhy::Unreachable, Some(reason.clone()), again),
        SendFault::TimedOut => failed(FailedWhy::TimedOut, None, again),
        SendFault::Throttled { .. } => failed(FailedWhy::Refused, Some(fault.to_string()), again),
    }
}
