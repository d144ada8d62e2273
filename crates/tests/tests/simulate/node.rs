//! The node's shell in small: decides a batch on its working state, commits events and keys together, then answers.
//! What it has committed outlives it; the rest does not.

use std::collections::BTreeMap;

use domain::act::Stream;
use domain::readiness::meet_deadline::MeetDeadline;
use domain::readiness::{Deadline, DeadlineKind, deadlines};
use domain::testing::Town;
use domain::testing::random::Draw;
use domain::types::{IncidentId, Time};
use domain::{
    Act, Actor, Context, Event, IncidentFile, Recorded, Resource, State, Told, apply, authority, decide,
};
use ulid::Ulid;

/// A fault of the shell, planted to show that the simulation finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Planted {
    /// None.
    None,
    /// A key that comes again is not recognised.
    KeyForgotten,
    /// Keys are remembered, but only until the node crashes.
    KeysInMemory,
    /// Whoever asked is told before the commit.
    AnswerEarly,
    /// Now and then the filing of an order is not written.
    FilingDropped,
    /// A timer is decided on the state that it was armed for.
    TimerOnOldState,
    /// All acts of a batch are decided on the state before it.
    BatchOnOldState,
    /// A restart forgets what came after the last snapshot.
    SnapshotOnly,
    /// When something happened is taken from when it was received.
    ToldTimeIgnored,
}

/// What an asker is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It happened, to this.
    Done(Resource),
    /// It was refused, with this code.
    Refused(&'static str),
}

/// An act as it arrives.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Who asks.
    pub(crate) client: usize,
    /// Its idempotency key.
    pub(crate) key: String,
    /// Which sending of it.
    pub(crate) copy: u64,
    /// What is asked.
    pub(crate) asked: domain::testing::random::Asked,
}

/// An answer on its way back.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// To whom.
    pub(crate) client: usize,
    /// To which key.
    pub(crate) key: String,
    /// To which sending.
    pub(crate) copy: u64,
    /// What it says.
    pub(crate) outcome: Outcome,
}

/// Where a crash comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crash {
    /// Not now.
    No,
    /// Decided, but not committed.
    BeforeCommit,
    /// Committed, but nobody was told.
    BeforeAnswers,
}

/// What happened to the node, for the test that the days are bad.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counted {
    pub(crate) undecided: usize,
    pub(crate) unanswered: usize,
    pub(crate) recalled: usize,
    pub(crate) thawed: usize,
}

/// What survives a crash.
#[derive(Debug, Default)]
struct Disk {
    journal: Vec<Recorded>,
    keys: BTreeMap<String, Resource>,
    snapshot: Option<(usize, State)>,
    /// Each act that took effect, by its key: as often as it did.
    effects: Vec<String>,
}

/// The node.
pub(crate) struct Node {
    disk: Disk,
    state: State,
    armed: BTreeMap<(Time, DeadlineKind, Ulid), (Deadline, State)>,
    planted: Planted,
    seed: u128,
    /// What happened to it.
    pub(crate) counted: Counted,
}

/// One act of a batch, decided.
struct Written {
    key: String,
    resource: Resource,
    events: Vec<Recorded>,
}

impl Node {
    /// A node that goes on from a town's journal.
    pub(crate) fn new(town: &Town, planted: Planted, seed: u64) -> Self {
        let disk = Disk { journal: town.journal.clone(), ..Disk::default() };
        let state = town.state.clone();
        let seed = u128::from(seed) << 100 | 1 << 90;
        Self { disk, state, armed: BTreeMap::new(), planted, seed, counted: Counted::default() }
    }

    /// What is committed, as everybody sees it.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// Everything that happened.
    pub(crate) fn journal(&self) -> &[Recorded] {
        &self.disk.journal
    }

    /// How often the act of a key took effect.
    pub(crate) fn effects(&self, key: &str) -> usize {
        self.disk.effects.iter().filter(|k| *k == key).count()
    }

    /// Every key that took effect.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &String> {
        self.disk.effects.iter()
    }

    /// Decides a batch, commits it, answers. A crash loses what is not on disk.
    pub(crate) fn batch(
        &mut self,
        requests: Vec<Request>,
        now: Time,
        crash: Crash,
        dice: &mut Draw,
    ) -> Vec<Reply> {
        let mut working = self.state.clone();
        let (mut written, mut replies): (Vec<Written>, _) = (Vec::new(), Vec::new());
        for request in requests {
            let outcome = self.decide(&mut working, &request, now, &mut written);
            replies.push(Reply { client: request.client, key: request.key, copy: request.copy, outcome });
        }
        if crash == Crash::BeforeCommit {
            self.counted.undecided += written.len();
            self.restart();
            return if self.planted == Planted::AnswerEarly { replies } else { Vec::new() };
        }
        working.refreeze();
        self.state = working;
        self.commit(written, dice);
        if crash == Crash::BeforeAnswers {
            self.counted.unanswered += replies.len();
            self.restart();
            return Vec::new();
        }
        self.arm();
        replies
    }

    fn decide(
        &mut self,
        working: &mut State,
        request: &Request,
        now: Time,
        written: &mut Vec<Written>,
    ) -> Outcome {
        let on = if self.planted == Planted::BatchOnOldState { self.state.clone() } else { working.clone() };
        let actor = request.asked.actor(&on);
        match self.decided(on, actor, &request.asked.told, request.asked.act(), now, written) {
            Ok((resource, events)) => {
                if let Some(known) = self.recall(&request.key, written) {
                    return Outcome::Done(known);
                }
                self.append(working, request.key.clone(), resource, events, now, written)
            }
            Err(refusal) => match self.recall(&request.key, written) {
                Some(known) => Outcome::Done(known),
                None => Outcome::Refused(refusal.code()),
            },
        }
    }

    fn decided(
        &mut self,
        mut on: State,
        actor: Actor,
        told: &Told,
        act: Act,
        now: Time,
        written: &[Written],
    ) -> Result<(Resource, Vec<(Stream, Event)>), domain::Refusal> {
        if let Some(id) = authority::incident_of(&on, &act.target()).filter(|id| on.is_cold(*id)) {
            self.thaw(&mut on, id, written);
        }
        self.seed += 1 << 32;
        let mut told = told.clone();
        if self.planted == Planted::ToldTimeIgnored {
            told.occurred_at = None;
        }
        let mut ctx = Context::new(now, actor, told, Ulid(self.seed));
        let decision = decide(&on, &mut ctx, act)?;
        Ok((decision.resource, decision.events))
    }

    /// An incident that is over is folded from its own stream: what is committed, then what this batch did.
    fn thaw(&mut self, on: &mut State, id: IncidentId, written: &[Written]) {
        let committed = self.disk.journal.iter();
        let all = committed.chain(written.iter().flat_map(|w| &w.events));
        if let Some(file) = IncidentFile::fold(id, all.filter(|r| r.stream == Stream::Incident(id))) {
            self.counted.thawed += 1;
            on.thaw(file);
        }
    }

    fn recall(&mut self, key: &str, written: &[Written]) -> Option<Resource> {
        if self.planted == Planted::KeyForgotten {
            return None;
        }
        let in_batch = written.iter().find(|w| w.key == key).map(|w| w.resource.clone());
        let known = in_batch.or_else(|| self.disk.keys.get(key).cloned());
        self.counted.recalled += usize::from(known.is_some());
        known
    }

    fn append(
        &mut self,
        working: &mut State,
        key: String,
        resource: Resource,
        events: Vec<(Stream, Event)>,
        now: Time,
        written: &mut Vec<Written>,
    ) -> Outcome {
        let so_far: usize = written.iter().map(|w| w.events.len()).sum();
        let first = (self.disk.journal.len() + so_far) as u64 + 1;
        let recorded =
            (first..).zip(events).map(|(seq, (stream, event))| Recorded { seq, at: now, stream, event });
        let events: Vec<Recorded> = recorded.collect();
        for recorded in &events {
            apply(working, recorded);
        }
        written.push(Written { key, resource: resource.clone(), events });
        Outcome::Done(resource)
    }

    fn commit(&mut self, written: Vec<Written>, dice: &mut Draw) {
        for Written { key, resource, events } in written {
            for recorded in events {
                let filed = recorded.event.kind() == "order.filed";
                if !(filed && self.planted == Planted::FilingDropped && dice.chance(20)) {
                    self.disk.journal.push(recorded);
                }
            }
            self.disk.keys.insert(key.clone(), resource);
            self.disk.effects.push(key);
        }
        if dice.chance(10) {
            self.disk.snapshot = Some((self.disk.journal.len(), self.state.clone()));
        }
    }

    /// The working state, the timers and whoever waits for an answer are gone; the disk is folded.
    fn restart(&mut self) {
        let (from, mut state) = self.disk.snapshot.clone().unwrap_or_default();
        if self.planted != Planted::SnapshotOnly || from == 0 {
            self.disk.journal[from..].iter().for_each(|recorded| apply(&mut state, recorded));
        }
        if self.planted == Planted::KeysInMemory {
            self.disk.keys.clear();
        }
        self.state = state;
        self.armed.clear();
        self.arm();
    }

    /// Timers are armed for what is due by the state of now; those that are armed stay so.
    fn arm(&mut self) {
        let now = self.state.clone();
        for due in now.whole().flat_map(deadlines) {
            self.armed.entry((due.due, due.kind, due.subject)).or_insert_with(|| (due, now.clone()));
        }
    }

    /// The timers whose time has come: each is decided again on the state of that moment.
    pub(crate) fn clock(&mut self, now: Time, crash: Crash, dice: &mut Draw) {
        let later = self.armed.split_off(&(now.plus_s(1), DeadlineKind::OrderStep, Ulid::nil()));
        let due = std::mem::replace(&mut self.armed, later);
        let mut working = self.state.clone();
        let mut written = Vec::new();
        for (deadline, armed_for) in due.into_values() {
            let Deadline { due, kind, subject, incident } = deadline;
            let key = format!("deadline/{kind:?}/{subject}/{}", due.0);
            let act = MeetDeadline { incident, kind, subject, due };
            let on = if self.planted == Planted::TimerOnOldState { armed_for } else { working.clone() };
            let decided = self.decided(on, Actor::clock(), &Told::default(), act.into(), now, &written);
            if let Ok((resource, events)) = decided
                && self.recall(&key, &written).is_none()
            {
                self.append(&mut working, key, resource, events, now, &mut written);
            }
        }
        if crash == Crash::BeforeCommit {
            return self.restart();
        }
        self.state = working;
        self.commit(written, dice);
        self.arm();
    }
}
