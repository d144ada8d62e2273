//! The courier: takes what waits in the outbox, sends it, and records how that ended (Plan 4.2.2; DESIGN, journal rule 7).
//!
//! Every step stands in the journal before the next is taken: claim (an attempt with a lease) → send → outcome. A crash
//! between two of them repeats at most the claimed sending. No act ever waits for a gateway: the courier asks the desk
//! like everybody, and sends on tasks of its own, so many at once and a second as each channel bears.
//!
//! Of several nodes each has a courier. A claim is made under a key of its node's own: of two that ask, the rules give
//! the message to one. A node that was frozen over its claim finds it ended, and sends no more.

mod inbound;
mod reading;
mod text;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use channels::{Brought, Channel, Inbound, Kind, Outgoing, SendFault};
use domain::delivery::attempt_message::{AttemptMessage, Claim};
use domain::delivery::open_channels::OpenChannels;
use domain::delivery::record_delivery::{Outcome, RecordDelivery};
use domain::delivery::{ChannelKind, FailedWhy, Message, Notification, is_revoked, is_settled};
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

    /// The channel by which browsers are reached, where the settings have one.
    pub(crate) fn push(&self) -> Option<&Arc<dyn Channel>> {
        self.all.iter().map(|p| &p.channel).find(|c| c.kind() == Kind::Push && c.public_key().is_some())
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
    /// When the channel's pace allows the next message: a turn that is taken by asking.
    fn turn(&self) -> Instant {
        let limits = self.channel.limits();
        let mut free_at = self.free_at.lock();
        let at = (*free_at).max(Instant::now());
        *free_at = at + Duration::from_secs(1) / limits.per_s.max(1);
        at
    }

    /// Whole seconds within which a sending has ended that begins with the next turn, or so much later.
    fn lease(&self, later: Duration) -> Duration {
        let limits = self.channel.limits();
        let turns = Duration::from_secs(1) / limits.per_s.max(1) * limits.at_once;
        let waits = self.free_at.lock().saturating_duration_since(Instant::now());
        let margin = Duration::from_secs(limits::LEASE_MARGIN_S);
        Duration::from_secs((turns + waits + later + limits.timeout + margin).as_secs() + 1)
    }
}

/// A message that this node has for itself.
struct Claimed<'c> {
    paced: &'c Paced,
    message: MessageId,
    attempt: u32,
    /// When it has it no longer, by a clock that nobody sets.
    until: Instant,
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
    /// Do other nodes send too?
    pub(crate) shared: bool,
    /// What tells this run of this node from every other, in the keys of its claims.
    pub(crate) run: Arc<str>,
    /// The language of messages.
    pub(crate) lang: Lang,
    /// Messages under way on this node.
    pub(crate) under_way: Arc<Mutex<BTreeSet<MessageId>>>,
}

impl Courier {
    /// Sends what waits, and hears what comes back, until the task is dropped.
    pub(crate) async fn run(self, inbound: Option<tokio::sync::mpsc::Receiver<Brought>>) {
        if let Some(mut inbound) = inbound {
            let courier = self.clone();
            tokio::spawn(async move {
                let reports = Arc::new(Semaphore::new(limits::REPORTS_AT_ONCE));
                while let Some(brought) = inbound.recv().await {
                    if matches!(brought.received.what, Inbound::Answer { .. }) {
                        courier.hears(brought).await;
                        continue;
                    }
                    // A report may wait for its record: answers do not wait behind it.
                    let (courier, reports) = (courier.clone(), Arc::clone(&reports));
                    tokio::spawn(async move {
                        let _room = reports.acquire_owned().await;
                        courier.hears(brought).await;
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
            self.drops(message, FailedWhy::Superseded).await;
            return;
        }
        // Signed out meanwhile: what was open there is open no more.
        if is_revoked(&state, notification, message) {
            self.drops(message, FailedWhy::Superseded).await;
            return;
        }
        let Some(paced) = self.channels.pick(message.channel, attempt) else {
            self.drops(message, FailedWhy::NoChannel).await;
            return;
        };
        let mut claimed = Claimed { paced, message: id, attempt, until: Instant::now() };
        if !self.claims(&mut claimed, Claim::Takes, Duration::ZERO, 0).await {
            return;
        }
        let outgoing = self.writes(&state, &file, notification, message);
        let outcome = match self.sends(&mut claimed, &outgoing).await {
            Some(Ok(handed)) => {
                let named = |reference: &String| format!("{}/{reference}", paced.channel.name());
                Outcome::HandedOver {
                    references: handed.references.iter().map(named).collect(),
                    parts: handed.parts.into(),
                    cost_hao: paced.channel.price_hao().saturating_mul(handed.parts.into()),
                }
            }
            Some(Err(fault)) => failed_by(&fault),
            None => {
                tracing::warn!(message.id = %id, "a claim ended before the message could be sent; whoever claims it next sends it");
                return;
            }
        };
        self.ends(id, attempt, &format!("outcome/{id}/{attempt}"), outcome).await;
    }

    /// It is not sent at all, unless somebody has claimed it in the meantime.
    async fn drops(&self, message: &Message, why: FailedWhy) {
        let (id, made) = (message.id, message.attempts);
        self.ends(id, made, &format!("unsent/{id}/{made}"), failed(why, None, false)).await;
    }

    /// Has the message for itself from now on, long enough to send it so much later; `false` where another has it, or
    /// it is done.
    async fn claims(&self, claimed: &mut Claimed<'_>, claim: Claim, later: Duration, turn: u32) -> bool {
        let Claimed { paced, message, attempt, .. } = *claimed;
        let (asked, lease) = (Instant::now(), paced.lease(later));
        let lease_s = i64::try_from(lease.as_secs()).unwrap_or(i64::MAX);
        let act = AttemptMessage { message, attempt, claim, lease_s };
        // Another node under the same key would be told that the message is its own.
        match self.asks(&format!("attempt/{message}/{attempt}/{}/{turn}", self.run), act).await {
            Ok(_) => {
                claimed.until = asked + lease;
                true
            }
            Err(ActError::Refused(_)) => false,
            Err(error) => {
                tracing::warn!(%error, message.id = %message, "a message could not be claimed; it is tried again");
                false
            }
        }
    }

    /// Sends when the channel's pace allows, while the claim holds; `None` once it has ended.
    async fn sends(
        &self,
        claimed: &mut Claimed<'_>,
        outgoing: &Outgoing,
    ) -> Option<Result<channels::HandedOver, SendFault>> {
        let paced = claimed.paced;
        tokio::time::sleep_until(paced.turn()).await;
        // The channel counts parts, and knows what its peer bears: "too many" is no failure, it is waited for.
        let end = Instant::now() + Duration::from_secs(limits::THROTTLED_S);
        for turn in 1.. {
            // After a freeze this comes late: the message may be another node's by now.
            if Instant::now() + paced.channel.limits().timeout > claimed.until {
                return None;
            }
            match paced.channel.send(outgoing).await {
                Err(SendFault::Throttled { retry_after }) if Instant::now() + retry_after < end => {
                    if !self.claims(claimed, Claim::Renews, retry_after, turn).await {
                        return None;
                    }
                    tokio::time::sleep(retry_after).await;
                }
                sent => return Some(sent),
            }
        }
        None
    }

    async fn ends(&self, message: MessageId, attempt: u32, key: &str, outcome: Outcome) {
        let act = RecordDelivery { message, attempt: Some(attempt), outcome };
        loop {
            match self.asks(key, act.clone()).await {
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
