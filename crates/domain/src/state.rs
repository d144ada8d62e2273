//! What is known now: a fold of the journal, in persistent collections, so that a copy costs nothing.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet, Vector};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::act::Stream;
use crate::command_post::Command;
use crate::composition::Compositions;
use crate::delivery::{Deliveries, Reach};
use crate::dispatch::{Dispatch, OrderStep};
use crate::duty::Duty;
use crate::event::Event;
use crate::incident::{Incident, IncidentSummary};
use crate::jurisdiction::Jurisdiction;
use crate::ledger::Ledger;
use crate::org::Orgs;
use crate::readiness::Readiness;
use crate::refusal::{Refusal, Thing};
use crate::reinforcement::Reinforcements;
use crate::report::Reports;
use crate::review::Review;
use crate::types::{ForceId, IncidentId, OrderId, Time};

/// The shape of the state as a snapshot holds it. Raised with any change of a state struct; an older snapshot is
/// then thrown away and the state refolded.
pub const STATE_FORMAT: &str = "muster-state-4";

/// Everything of one incident: folded from its own stream alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IncidentFile {
    /// The incident.
    pub incident: Incident,
    /// Plans, orders, filings, stand-bys, notices, letters.
    pub dispatch: Dispatch,
    /// Who commands.
    pub command: Command,
    /// Help from outside.
    pub reinforcement: Reinforcements,
    /// Reports.
    pub report: Reports,
    /// The review.
    pub review: Option<Arc<Review>>,
    /// What was told outside.
    pub delivery: Deliveries,
}

/// One assignment of a force that is not over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engagement {
    /// Where.
    pub incident: IncidentId,
    /// By which order.
    pub order: OrderId,
    /// How far it is.
    pub step: OrderStep,
}

/// The state of a jurisdiction.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct State {
    /// The jurisdiction's own data.
    pub jurisdiction: Arc<Jurisdiction>,
    /// Organisations and accounts.
    pub org: Orgs,
    /// Forces.
    pub ledger: Ledger,
    /// Duty lists and shifts.
    pub duty: Duty,
    /// Readiness state and its limits.
    pub readiness: Readiness,
    /// Compositions.
    pub composition: Compositions,
    /// Open incidents, whole.
    pub incidents: OrdMap<IncidentId, Arc<IncidentFile>>,
    /// Incidents that are over, in brief; whole from their own stream on demand.
    pub archive: OrdMap<IncidentId, Arc<IncidentSummary>>,
    /// Incidents that are over and still owe a paper, a return form or the signature under a filing: whole until the
    /// last one is in, so that it is asked for as before.
    pub unsettled: OrdMap<IncidentId, Arc<IncidentFile>>,
    /// Reviews that incidents which are over still owe, the next one first: their files are not in memory.
    pub reviews_due: OrdSet<(Time, IncidentId)>,
    /// Which incident a plan, an order, a report … belongs to.
    pub owner: OrdMap<Ulid, IncidentId>,
    /// Forces that are out, derived from the orders of open incidents.
    pub engaged: OrdMap<ForceId, Vector<Engagement>>,
    /// What is known about reaching people, and the messages that wait.
    pub reach: Reach,
    /// Running numbers.
    pub counters: Counters,
    /// Incidents that were brought back for an act; this node's affair, not part of the fold.
    #[serde(skip)]
    pub thawed: OrdSet<IncidentId>,
}

/// Running numbers of the year; the number itself stands in the event that used it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// The year they count in, by the jurisdiction's calendar.
    pub year: i16,
    /// Incidents.
    pub incidents: u32,
    /// Dispatch documents (荣消调〔2026〕n号).
    pub dispatches: u32,
    /// Letters, requests and reports of the bureau.
    pub letters: u32,
}

impl Counters {
    /// The next number of one of these counts in a year: each begins anew with it.
    pub(crate) fn next(&self, year: i16, count: fn(&Self) -> u32) -> u32 {
        let used = if self.year == year { count(self) } else { 0 };
        used.saturating_add(1)
    }
}

impl State {
    /// An open incident, one that still owes a paper, or one brought back.
    pub fn hot(&self, id: IncidentId) -> Option<&IncidentFile> {
        self.held(id).map(Arc::as_ref)
    }

    /// The same, to be kept.
    pub fn held(&self, id: IncidentId) -> Option<&Arc<IncidentFile>> {
        self.incidents.get(&id).or_else(|| self.unsettled.get(&id))
    }

    /// Every incident that is in memory whole: the open ones, then those that still owe a paper.
    pub fn whole(&self) -> impl Iterator<Item = &IncidentFile> {
        self.incidents.values().chain(self.unsettled.values()).map(Arc::as_ref)
    }

    /// An open incident, or why there is none.
    pub fn incident(&self, id: IncidentId) -> Result<&IncidentFile, Refusal> {
        self.hot(id).ok_or_else(|| Refusal::not_found(Thing::Incident, id))
    }

    /// The incident that something belongs to.
    pub fn incident_with(&self, what: Thing, ulid: Ulid) -> Result<(IncidentId, &IncidentFile), Refusal> {
        let owner = self.owner.get(&ulid).and_then(|id| self.hot(*id).map(|file| (*id, file)));
        owner.ok_or_else(|| Refusal::not_found(what, ulid))
    }

    /// Is this incident over and not in memory? Then it must be thawed before a decision about it.
    pub fn is_cold(&self, id: IncidentId) -> bool {
        self.archive.contains_key(&id) && self.hot(id).is_none()
    }

    /// Brings a cold incident back, folded from its own stream by the shell.
    pub fn thaw(&mut self, file: IncidentFile) {
        let id = file.incident.id;
        self.thawed.insert(id);
        self.incidents.insert(id, Arc::new(file));
    }

    /// Lets go of what was brought back.
    pub fn refreeze(&mut self) {
        for id in std::mem::take(&mut self.thawed) {
            if self.archive.contains_key(&id) {
                self.incidents.remove(&id);
            }
        }
    }
}

/// An event with what its entry says of it.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Its number in the journal.
    pub seq: u64,
    /// When it was recorded.
    pub at: Time,
    /// Its stream.
    pub stream: Stream,
    /// What happened.
    pub event: Event,
}

/// Applies one event. It holds no rule and cannot fail: what it does not find, it leaves alone.
pub fn apply(state: &mut State, recorded: &Recorded) {
    match recorded.stream {
        Stream::Incident(id) => apply_to_incident(state, id, recorded),
        _ => apply_to_jurisdiction(state, recorded),
    }
}

fn apply_to_jurisdiction(state: &mut State, recorded: &Recorded) {
    match &recorded.event {
        Event::Jurisdiction(e) => Arc::make_mut(&mut state.jurisdiction).apply(e),
        Event::Org(e) => {
            state.org.apply(e);
            if let crate::org::Event::OrgContactsSet(e) = e {
                state.reach.corrected(e.org.as_str());
            }
        }
        Event::Ledger(e) => {
            state.ledger.apply(e);
            if let crate::ledger::Event::ForceContactsSet(e) = e {
                state.reach.corrected(e.force.as_str());
            }
        }
        Event::Delivery(e) => state.reach.apply(e),
        Event::Duty(e) => state.duty.apply(e, recorded.at),
        Event::Readiness(e) => state.readiness.apply(e, recorded.at),
        Event::Composition(e) => state.composition.apply(e),
        Event::Incident(_)
        | Event::Dispatch(_)
        | Event::CommandPost(_)
        | Event::Reinforcement(_)
        | Event::Report(_)
        | Event::Review(_) => {}
    }
}

fn apply_to_incident(state: &mut State, id: IncidentId, recorded: &Recorded) {
    if let Some(opened) = IncidentFile::opened_by(id, &recorded.event) {
        count_incident(state, &opened);
        state.incidents.insert(id, Arc::new(opened));
        return;
    }
    count_dispatch(state, &recorded.event);
    let was_hot = state.incidents.contains_key(&id);
    if let Some(file) = state.incidents.get_mut(&id) {
        Arc::make_mut(file).apply(recorded);
    }
    if let Event::Delivery(e) = &recorded.event {
        state.reach.index(id, e);
    }
    if let Some(file) = state.unsettled.get_mut(&id) {
        Arc::make_mut(file).apply(recorded);
        if !file.dispatch.owes_papers() {
            state.unsettled.remove(&id);
        }
    }
    if let Some(summary) = state.archive.get_mut(&id) {
        let owed = crate::review::deadline_of(summary);
        Arc::make_mut(summary).apply(&recorded.event);
        if let (Some(owed), None) = (owed, crate::review::deadline_of(summary)) {
            state.reviews_due.remove(&(owed.due, id));
        }
    }
    for ulid in recorded.event.creates() {
        state.owner.insert(ulid, id);
    }
    if was_hot {
        index_engagement(state, id, &recorded.event);
        archive_if_over(state, id);
    }
}

fn count_incident(state: &mut State, opened: &IncidentFile) {
    roll_year(state, opened.incident.opened_at);
    state.counters.incidents += 1;
}

fn count_dispatch(state: &mut State, event: &Event) {
    if let Event::Dispatch(e) = event {
        if let Some(at) = e.takes_dispatch_number() {
            roll_year(state, at);
            state.counters.dispatches += 1;
        }
        if let Some(at) = e.takes_letter_number() {
            roll_year(state, at);
            state.counters.letters += 1;
        }
    }
}

fn roll_year(state: &mut State, at: Time) {
    let year = state.jurisdiction.year_of(at);
    if year != state.counters.year {
        state.counters = Counters { year, ..Counters::default() };
    }
}

/// Keeps the index of forces that are out in step with the order that the event was about.
fn index_engagement(state: &mut State, id: IncidentId, event: &Event) {
    let Event::Dispatch(e) = event else { return };
    let Some(order) = e.order() else { return };
    let Some(now) = state.incidents.get(&id).and_then(|f| f.dispatch.orders.get(&order)).cloned() else {
        return;
    };
    let mut list = state.engaged.get(&now.force).cloned().unwrap_or_default();
    list.retain(|e| e.order != order);
    if now.step.is_running() {
        list.push_back(Engagement { incident: id, order, step: now.step });
    }
    if list.is_empty() {
        state.engaged.remove(&now.force);
    } else {
        state.engaged.insert(now.force.clone(), list);
    }
}

/// An incident that is over leaves the open ones; its summary stays, and the whole of it while it owes a paper.
fn archive_if_over(state: &mut State, id: IncidentId) {
    if state.archive.contains_key(&id) {
        return;
    }
    let Some(file) = state.incidents.get(&id).filter(|f| f.incident.status.is_over()).cloned() else {
        return;
    };
    for order in file.dispatch.orders.values() {
        if let Some(list) = state.engaged.get_mut(&order.force) {
            list.retain(|e| e.incident != id);
            if list.is_empty() {
                state.engaged.remove(&order.force);
            }
        }
    }
    let summary = IncidentSummary::of(&file);
    if let Some(owed) = crate::review::deadline_of(&summary) {
        state.reviews_due.insert((owed.due, id));
    }
    if file.dispatch.owes_papers() {
        state.unsettled.insert(id, file);
    }
    state.archive.insert(id, Arc::new(summary));
    state.incidents.remove(&id);
}

impl IncidentFile {
    /// The file that a first event opens; `None` for every other event.
    pub fn opened_by(id: IncidentId, event: &Event) -> Option<Self> {
        let Event::Incident(crate::incident::Event::CallTaken(call)) = event else { return None };
        Some(Self {
            incident: Incident::opened(id, call),
            dispatch: Dispatch::default(),
            command: Command::opened(call.received_at),
            reinforcement: Reinforcements::default(),
            report: Reports::default(),
            review: None,
            delivery: Deliveries::default(),
        })
    }

    /// Folds one event of the own stream.
    pub fn apply(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::Incident(e) => self.incident.apply(e),
            Event::Dispatch(e) => {
                self.dispatch.apply(e);
                self.incident.dispatched(e);
            }
            Event::CommandPost(e) => self.command.apply(e),
            Event::Reinforcement(e) => self.reinforcement.apply(e),
            Event::Report(e) => self.report.apply(e),
            Event::Review(e) => crate::review::apply(&mut self.review, e),
            Event::Delivery(e) => self.delivery.apply(e, recorded.at),
            Event::Jurisdiction(_)
            | Event::Org(_)
            | Event::Ledger(_)
            | Event::Duty(_)
            | Event::Readiness(_)
            | Event::Composition(_) => {}
        }
    }

    /// The file as it stood when something first held: what a paper of that moment is made from. `None` where it
    /// never did.
    pub fn fold_until<'a>(
        id: IncidentId,
        stream: impl IntoIterator<Item = &'a Recorded>,
        held: impl Fn(&Self) -> bool,
    ) -> Option<Self> {
        let mut entries = stream.into_iter();
        let mut file = Self::opened_by(id, &entries.next()?.event)?;
        while !held(&file) {
            file.apply(entries.next()?);
        }
        Some(file)
    }

    /// Folds a whole stream.
    pub fn fold<'a>(id: IncidentId, stream: impl IntoIterator<Item = &'a Recorded>) -> Option<Self> {
        let mut entries = stream.into_iter();
        let mut file = Self::opened_by(id, &entries.next()?.event)?;
        for recorded in entries {
            file.apply(recorded);
        }
        Some(file)
    }
}

impl Event {
    /// The ULIDs of what this event brings into being, for the index of owners.
    pub fn creates(&self) -> Vec<Ulid> {
        match self {
            Self::Incident(e) => e.creates(),
            Self::Dispatch(e) => e.creates(),
            Self::CommandPost(e) => e.creates(),
            Self::Reinforcement(e) => e.creates(),
            Self::Report(e) => e.creates(),
            Self::Delivery(crate::delivery::Event::MessageQueued(e)) => {
                vec![e.message.0, e.notification.0]
            }
            _ => Vec::new(),
        }
    }
}
