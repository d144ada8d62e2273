//! The node's own clock: finds deadlines in the state and, when one passes, asks the desk to meet it, by the same
//! way in as everybody. It is decided again there; an older finding changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::readiness::meet_deadline::MeetDeadline;
use domain::readiness::{Deadline, DeadlineKind, deadlines};
use domain::types::{IncidentId, Time};
use domain::{Actor, Recorded, State, Stream, Told, review};
use parking_lot::Mutex;

use crate::desk::{ActError, Desk};
use crate::limits;
use crate::now::Now;
use crate::published::Publisher;

/// Incidents whose deadlines may have changed.
#[derive(Default)]
pub(crate) struct Touched {
    incidents: Mutex<BTreeSet<IncidentId>>,
    armed: AtomicUsize,
}

impl Touched {
    pub(crate) fn touch(&self, happened: &[Recorded]) {
        let mut incidents = self.incidents.lock();
        for recorded in happened {
            if let Stream::Incident(id) = recorded.stream {
                incidents.insert(id);
            }
        }
    }

    /// Deadlines that are armed now.
    pub(crate) fn armed(&self) -> usize {
        self.armed.load(Ordering::Relaxed)
    }
}

/// What the clock has armed.
pub(crate) struct Clock {
    desk: Desk,
    publisher: Arc<Publisher>,
    touched: Arc<Touched>,
    now: Now,
    armed: BTreeSet<Deadline>,
    of: BTreeMap<IncidentId, Vec<Deadline>>,
    /// Asked and answered; still derived from the state only where a rule has nothing to say to it.
    asked: BTreeSet<Deadline>,
}

impl Clock {
    pub(crate) fn new(desk: Desk, publisher: Arc<Publisher>, touched: Arc<Touched>, now: Now) -> Self {
        let (armed, of, asked) = (BTreeSet::new(), BTreeMap::new(), BTreeSet::new());
        Self { desk, publisher, touched, now, armed, of, asked }
    }

    /// Runs until the task is dropped.
    pub(crate) async fn run(mut self) {
        let first = Arc::clone(&self.publisher.load().state);
        for id in first.incidents.keys().chain(first.archive.keys()) {
            self.arm(&first, *id);
        }
        let overdue = self.armed.iter().filter(|d| d.due <= self.now.now()).count();
        if overdue > 0 {
            tracing::info!(
                overdue,
                per_s = limits::DEADLINES_PER_S,
                "deadlines passed while the node was away; they are met one by one"
            );
        }
        let mut tick = tokio::time::interval(Duration::from_millis(limits::CLOCK_TICK_MS));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            self.refresh();
            self.meet().await;
        }
    }

    fn refresh(&mut self) {
        let touched = std::mem::take(&mut *self.touched.incidents.lock());
        if !touched.is_empty() {
            let state = Arc::clone(&self.publisher.load().state);
            for id in touched {
                self.arm(&state, id);
            }
        }
        self.touched.armed.store(self.armed.len(), Ordering::Relaxed);
    }

    fn arm(&mut self, state: &State, id: IncidentId) {
        for old in self.of.remove(&id).unwrap_or_default() {
            self.armed.remove(&old);
        }
        let found = match (state.hot(id), state.archive.get(&id)) {
            (Some(file), _) => deadlines(file),
            (None, Some(brief)) => review::deadline_of(brief).into_iter().collect(),
            (None, None) => Vec::new(),
        };
        self.asked.retain(|d| d.incident != id || found.contains(d));
        if !found.is_empty() {
            self.armed.extend(found.iter().filter(|d| !self.asked.contains(d)).cloned());
            self.of.insert(id, found);
        }
    }

    /// Asks for what is due, a few at a time: after an outage the desks get a list, not a storm.
    async fn meet(&mut self) {
        let now = self.now.now();
        let per_tick =
            (limits::DEADLINES_PER_S * usize::try_from(limits::CLOCK_TICK_MS).unwrap_or(0) / 1000).max(1);
        let (mut asked, mut ways) = (0, 0);
        let in_turn = |deadline: &&Deadline| {
            let (count, most) = match deadline.kind {
                // The next way of a message makes no list at a desk, and must not wait behind one.
                DeadlineKind::NotificationAnswer => (&mut ways, limits::NEXT_WAYS_PER_TICK),
                _ => (&mut asked, per_tick),
            };
            *count += 1;
            *count <= most
        };
        let due: Vec<Deadline> =
            self.armed.iter().take_while(|d| d.due <= now).filter(in_turn).cloned().collect();
        let asked = due.into_iter().map(|deadline| ask(&self.desk, deadline));
        for (deadline, outcome) in futures_util::future::join_all(asked).await {
            match outcome {
                Ok(_) | Err(ActError::Refused(_) | ActError::KeyReused | ActError::Erased) => {
                    self.armed.remove(&deadline);
                    self.asked.insert(deadline);
                }
                // Nothing was recorded: the same deadline is asked again at the next tick.
                Err(ActError::Busy | ActError::Unavailable | ActError::NotRecorded) => {}
                Err(fault @ ActError::Fault(_)) => {
                    tracing::error!(error = %fault, incident.id = %deadline.incident, "a deadline cannot be met");
                    self.armed.remove(&deadline);
                    self.asked.insert(deadline);
                }
            }
        }
    }
}

async fn ask(desk: &Desk, deadline: Deadline) -> (Deadline, Result<crate::desk::Receipt, ActError>) {
    let Deadline { due, kind, subject, incident } = deadline.clone();
    let kind_name =
        serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    let key = format!("deadline/{kind_name}/{subject}/{}", due.0);
    let hash = crate::hash::sha256(key.as_bytes());
    let act = MeetDeadline { incident, kind, subject, due };
    let outcome = desk.act(Actor::clock(), key, hash, Told::default(), act).await;
    (deadline, outcome)
}

/// How far behind the newest entry the node's clock is, milliseconds; a clock that was set back is told.
pub(crate) fn behind_ms(now: Time, head_ms: i64) -> i64 {
    head_ms.saturating_sub(now.0).max(0)
}
