//! The live stream: every committed change goes, at once and in order, to the sessions that may see it, and to no
//! other. A text is made once for each kind of reader; a session that cannot keep up is told to reload.

mod body;
mod frames;
mod registry;
mod resume;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use domain::authority::Role;
use domain::types::{ForceId, IncidentId, Lang};
use domain::{IncidentFile, Recorded, State};
use parking_lot::{Condvar, Mutex};

pub use body::SseBody;

use crate::fold::SharedLog;
use crate::metrics::Metrics;
use crate::now::Now;
use crate::published::{Position, Publisher};
use crate::{fold, limits};
use registry::Registry;

/// A change as it is told: the event, the state after its batch, and its incident.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    /// The state after the batch.
    pub state: &'a State,
    /// The event's incident, where it has one.
    pub file: Option<&'a IncidentFile>,
    /// The event.
    pub recorded: &'a Recorded,
    /// Its place.
    pub at: Position,
    /// How many events of its kind, in its incident and batch, are told by this one change: a desk that shows an
    /// approval of three hundred orders looks once, not three hundred times.
    pub count: u32,
}

/// A kind of reader: all of one role and language are sent the same text; forces each their own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class {
    /// The role.
    pub role: Role,
    /// The force, for terminals.
    pub force: Option<ForceId>,
    /// The language they asked for.
    pub lang: Lang,
}

/// Makes the `data` of a change: one line of JSON.
pub type ChangeText = dyn Fn(&Moment<'_>, &Class) -> String + Send + Sync;

/// Changes of one batch.
struct Batch {
    state: Arc<State>,
    epoch: u64,
    recorded: Vec<Recorded>,
}

/// Where the writer leaves what happened; it never waits for the streams.
#[derive(Clone, Default)]
pub(crate) struct Changes(Arc<Backlog>);

#[derive(Default)]
struct Backlog {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

#[derive(Default)]
struct Waiting {
    batches: VecDeque<Batch>,
    entries: usize,
    /// Changes were left out: every session must reload.
    overflowed: bool,
    closed: bool,
}

impl Changes {
    pub(crate) fn tell(&self, state: Arc<State>, epoch: u64, recorded: Vec<Recorded>) {
        let mut waiting = self.0.waiting.lock();
        waiting.entries += recorded.len();
        if waiting.entries > limits::LIVE_BACKLOG {
            waiting.batches.clear();
            (waiting.entries, waiting.overflowed) = (0, true);
        }
        waiting.batches.push_back(Batch { state, epoch, recorded });
        drop(waiting);
        self.0.arrived.notify_one();
    }

    pub(crate) fn close(&self) {
        self.0.waiting.lock().closed = true;
        self.0.arrived.notify_one();
    }

    /// Everything that waits, or nothing when the time is up; `None` when it is over.
    fn take(&self, until: Instant) -> Option<(VecDeque<Batch>, bool)> {
        let mut waiting = self.0.waiting.lock();
        if waiting.batches.is_empty() && !waiting.closed {
            self.0.arrived.wait_until(&mut waiting, until);
        }
        if waiting.closed && waiting.batches.is_empty() {
            return None;
        }
        waiting.entries = 0;
        Some((std::mem::take(&mut waiting.batches), std::mem::take(&mut waiting.overflowed)))
    }
}

/// The hub; every handler has it.
#[derive(Clone)]
pub struct Live(Arc<Hub>);

struct Hub {
    registry: Mutex<Registry>,
    publisher: Arc<Publisher>,
    log: SharedLog,
    metrics: Arc<Metrics>,
    now: Now,
    change: Box<ChangeText>,
}

/// Who listens, and from where on.
pub struct Listener {
    /// Who.
    pub actor: domain::Actor,
    /// In which language.
    pub lang: Lang,
    /// Its session; ending the session ends the stream.
    pub session: u64,
    /// The last change it has seen, where it resumes.
    pub since: Option<Position>,
}

impl Live {
    pub(crate) fn new(
        publisher: Arc<Publisher>,
        log: SharedLog,
        metrics: Arc<Metrics>,
        now: Now,
        change: Box<ChangeText>,
    ) -> Self {
        let registry = Mutex::new(Registry::new(publisher.load().at));
        Self(Arc::new(Hub { registry, publisher, log, metrics, now, change }))
    }

    /// A stream for this listener; `None` when the node has as many as it can bear. Reads the journal when it
    /// resumes, so it is called where blocking is allowed.
    pub fn subscribe(&self, listener: Listener) -> Option<SseBody> {
        let hub = &self.0;
        let since = listener.since.map(|since| resume::known(hub, since)).transpose();
        // What a session must reload for it has not seen: nothing is kept from it.
        let seen = since.ok().flatten().unwrap_or_default();
        let (subscriber, joined) = hub.registry.lock().join(&listener, seen)?;
        let mut front = vec![frames::retry()];
        match since.and_then(|since| resume::missed(hub, &listener, since, joined)) {
            Ok(missed) => front.extend(missed),
            Err(why) => {
                hub.metrics.reset();
                front.push(frames::reset(why));
            }
        }
        front.push(hub.beat(joined));
        Some(SseBody::new(self.clone(), subscriber, front))
    }

    /// Ends the streams of a session that was signed out.
    pub fn close_session(&self, session: u64) {
        self.0.registry.lock().close_session(session);
    }

    /// Streams that are connected.
    pub fn streams(&self) -> usize {
        self.0.registry.lock().len()
    }

    pub(crate) fn leave(&self, id: u64) {
        self.0.registry.lock().leave(id);
    }

    /// Tells changes and heartbeats until the node stops; runs on a thread of its own.
    pub(crate) fn run(&self, changes: &Changes) {
        let hub = &self.0;
        let beat = Duration::from_secs(1);
        let (mut next_beat, mut turn) = (Instant::now() + beat, 0);
        while let Some((batches, overflowed)) = changes.take(next_beat) {
            if overflowed {
                hub.reset_all("behind");
            }
            for batch in batches {
                hub.deliver(&batch);
            }
            if Instant::now() >= next_beat {
                next_beat += beat;
                hub.heartbeat(turn);
                turn = (turn + 1) % limits::HEARTBEAT_S;
            }
        }
        hub.registry.lock().close_all();
    }
}

impl Hub {
    fn deliver(&self, batch: &Batch) {
        let Some(last) = batch.recorded.last() else {
            // Refolded after a change of the journal under us.
            return self.reset_all("epoch");
        };
        // A closed incident is read from the journal: not while others wait to join or leave.
        let early = (!self.registry.lock().is_empty()).then(|| self.told(batch));
        let mut registry = self.registry.lock();
        if registry.delivered.epoch != batch.epoch {
            drop(registry);
            return self.reset_all("epoch");
        }
        if !registry.is_empty() {
            // Who joined in between is told like everybody.
            let told = early.unwrap_or_else(|| self.told(batch));
            // Terminals first: theirs is the second that counts.
            for each in &told {
                self.metrics.frames(registry.push_own(&each.audience, &each.moment(batch, 1), &self.change));
            }
            registry.wake_fresh();
            for (each, count) in gathered(&told) {
                self.metrics.frames(registry.push_roles(
                    &each.audience,
                    &each.moment(batch, count),
                    &self.change,
                ));
            }
        }
        registry.delivered = Position { epoch: batch.epoch, seq: last.seq };
        let slow = registry.wake();
        drop(registry);
        (0..slow).for_each(|_| self.metrics.reset());
    }

    /// The events of a batch, each with whom it is told.
    fn told<'b>(&self, batch: &'b Batch) -> Vec<Told<'b>> {
        let mut files = Files::new(self, &batch.state);
        let tell = |recorded: &'b Recorded| {
            let file = files.of(recorded);
            let audience = domain::delivery::audience(file.as_deref(), recorded);
            Told { recorded, file, audience }
        };
        batch.recorded.iter().map(tell).collect()
    }

    fn reset_all(&self, why: &'static str) {
        let at = self.publisher.load().at;
        let mut registry = self.registry.lock();
        registry.delivered = at;
        let count = registry.reset_all(why);
        drop(registry);
        (0..count).for_each(|_| self.metrics.reset());
    }

    /// A tenth of the sessions each second, so that ten thousand do not wake up together.
    fn heartbeat(&self, turn: u64) {
        let mut registry = self.registry.lock();
        let frame = self.beat(registry.delivered);
        registry.heartbeat(turn, &frame);
    }

    fn beat(&self, at: Position) -> Bytes {
        let offset_min = self.publisher.load().state.jurisdiction.utc_offset_min;
        frames::heartbeat(offset_min, self.now.now(), at)
    }
}

/// One event of a batch, with its incident and whom it is told.
struct Told<'b> {
    recorded: &'b Recorded,
    file: Option<Arc<IncidentFile>>,
    audience: domain::delivery::Audience,
}

impl Told<'_> {
    fn moment<'m>(&'m self, batch: &'m Batch, count: u32) -> Moment<'m> {
        Moment {
            state: &batch.state,
            file: self.file.as_deref(),
            recorded: self.recorded,
            at: Position { epoch: batch.epoch, seq: self.recorded.seq },
            count,
        }
    }
}

/// Events of one kind, incident and audience of roles are told once, at the place of the last of them.
fn gathered<'t, 'b>(told: &'t [Told<'b>]) -> Vec<(&'t Told<'b>, u32)> {
    let mut groups: Vec<(&Told<'b>, u32)> = Vec::new();
    for each in told {
        let same = |(known, _): &&mut (&Told<'b>, u32)| {
            known.recorded.event.kind() == each.recorded.event.kind()
                && known.recorded.stream == each.recorded.stream
                && known.audience.roles == each.audience.roles
        };
        match groups.iter_mut().find(same) {
            Some(group) => *group = (each, group.1 + 1),
            None => groups.push((each, 1)),
        }
    }
    groups.sort_by_key(|(each, _)| each.recorded.seq);
    groups
}

/// The files of incidents that a batch is about: from the state, or folded once from the journal where it is over.
struct Files<'a> {
    hub: &'a Hub,
    state: &'a State,
    folded: Option<(IncidentId, Option<Arc<IncidentFile>>)>,
}

impl<'a> Files<'a> {
    fn new(hub: &'a Hub, state: &'a State) -> Self {
        Self { hub, state, folded: None }
    }

    fn of(&mut self, recorded: &Recorded) -> Option<Arc<IncidentFile>> {
        let domain::Stream::Incident(id) = recorded.stream else { return None };
        if let Some(file) = self.state.held(id) {
            return Some(Arc::clone(file));
        }
        if self.folded.as_ref().is_none_or(|(folded, _)| *folded != id) {
            let entries = fold::incident(&*self.hub.log, id, u64::MAX);
            if let Err(fault) = &entries {
                tracing::warn!(error = %fault, incident.id = %id, "a closed incident cannot be folded: only desks are told");
            }
            let file = entries.ok().and_then(|entries| fold::file(id, &entries)).map(Arc::new);
            self.folded = Some((id, file));
        }
        self.folded.as_ref().and_then(|(_, file)| file.clone())
    }
}
