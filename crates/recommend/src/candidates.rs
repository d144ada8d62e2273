//! Who could come: every force of the ledger with its way, its marks, its basis, and what holds it.

use std::collections::{BTreeMap, BTreeSet};

use domain::composition::Slot;
use domain::dispatch::{OrderStep, PlanStatus};
use domain::jurisdiction::Basis;
use domain::ledger::{Force, Mark};
use domain::types::{ForceId, IncidentId, OrderId, PlanId, Point, Text, Time, travel};
use domain::{IncidentFile, State};
use serde::{Deserialize, Serialize};

/// Type of the brigade's own stations, as the ledger and the table of bases call it.
pub(crate) const OWN_STATION: &str = "own_station";

/// What may be asked of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Alternatives listed for each slot.
    pub alternatives: usize,
    /// The plan being revised: its own tasks do not stand in its way.
    pub plan: Option<PlanId>,
}

impl Default for Options {
    fn default() -> Self {
        Self { alternatives: 5, plan: None }
    }
}

/// Why a force cannot be chosen now. It is still shown, so that the dispatcher may decide otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Held {
    /// Ordered to this incident already.
    OrderedHere {
        /// By which order.
        order: OrderId,
        /// How far it is.
        step: OrderStep,
    },
    /// Ordered to another incident.
    Engaged {
        /// Which.
        incident: IncidentId,
        /// Its number.
        number: Text,
        /// How far that order is.
        step: OrderStep,
    },
    /// In a plan of this incident that waits for its answer.
    PlannedHere {
        /// Which plan.
        plan: PlanId,
    },
    /// It said that it cannot go.
    DeclinedHere,
    /// It answered the stand-by: not ready.
    NotReady,
    /// Its superior answered the letter of request: no.
    LetterRefused,
}

/// A force as a candidate for this incident.
#[derive(Debug)]
pub(crate) struct Candidate<'a> {
    pub(crate) force: &'a Force,
    /// Straight distance, metres.
    pub(crate) distance_m: u32,
    /// Estimated travel time, seconds.
    pub(crate) travel_s: u32,
    /// Until departure and on the way, seconds.
    pub(crate) eta_s: u32,
    /// The arrival that it is ranked by: marks count as so much later, seconds.
    pub(crate) judged_s: u32,
    pub(crate) marks: Vec<Mark>,
    pub(crate) basis: Basis,
    pub(crate) held: Option<Held>,
    /// It confirmed a stand-by of this incident.
    pub(crate) stands_by: bool,
}

impl Candidate<'_> {
    pub(crate) fn is_own(&self) -> bool {
        self.force.force_type == OWN_STATION
    }
}

/// Seconds by which a clean force may be slower and is still preferred. A doubtful insurance or entry costs a phone
/// call; an empty duty room or a force that nobody can reach costs a search. Sample, to be approved locally.
pub(crate) fn handicap_s(mark: Mark) -> u32 {
    match mark {
        Mark::Engaged => 0, // such a force is held, not ranked
        Mark::Unverified => 180,
        Mark::Uninsured => 300,
        Mark::OffDuty => 600,
        Mark::NoContact => 900,
    }
}

/// Every force, in the order of its id, as seen from the scene.
pub(crate) fn candidates<'a>(
    state: &'a State,
    file: &IncidentFile,
    scene: Point,
    now: Time,
    options: Options,
) -> Vec<Candidate<'a>> {
    let holds = Holds::of(file, options);
    let hazard = file.incident.hazard.as_deref();
    let forces = state.ledger.forces.values();
    forces.map(|force| candidate(state, file, &holds, force, (scene, now, hazard))).collect()
}

fn candidate<'a>(
    state: &'a State,
    file: &IncidentFile,
    holds: &Holds,
    force: &'a Force,
    (scene, now, hazard): (Point, Time, Option<&str>),
) -> Candidate<'a> {
    let distance_m = scene.distance_m(force.point);
    let travel_s = travel::straight_line_s(distance_m);
    let eta_s = force.mobilisation_s.saturating_add(travel_s);
    let held = holds.here.get(&force.id).cloned().or_else(|| elsewhere(state, file, &force.id));
    let mut marks = force.marks(now);
    if state.duty.on_duty_of(force.id.as_str(), now).is_none() {
        marks.push(Mark::OffDuty);
    }
    if matches!(held, Some(Held::Engaged { .. })) {
        marks.push(Mark::Engaged);
    }
    marks.sort_unstable();
    let handicap = marks.iter().fold(0_u32, |sum, mark| sum.saturating_add(handicap_s(*mark)));
    Candidate {
        force,
        distance_m,
        travel_s,
        eta_s,
        judged_s: eta_s.saturating_add(handicap),
        marks,
        basis: state.jurisdiction.basis(force, hazard).0,
        held,
        stands_by: holds.stands_by.contains(&force.id),
    }
}

fn elsewhere(state: &State, file: &IncidentFile, force: &ForceId) -> Option<Held> {
    let engaged = state.engaged.get(force)?.iter().find(|e| e.incident != file.incident.id)?;
    let number = state
        .hot(engaged.incident)
        .map_or_else(|| engaged.incident.to_string(), |f| f.incident.number.clone());
    Some(Held::Engaged { incident: engaged.incident, number, step: engaged.step })
}

/// What this incident itself says of its forces.
struct Holds {
    here: BTreeMap<ForceId, Held>,
    stands_by: BTreeSet<ForceId>,
}

impl Holds {
    /// The strongest reason wins: written last.
    fn of(file: &IncidentFile, options: Options) -> Self {
        let (mut here, mut stands_by) = (BTreeMap::new(), BTreeSet::new());
        for letter in file.dispatch.letters.values() {
            if letter.answer.as_ref().is_some_and(|a| !a.agreed) {
                here.extend(letter.forces.iter().map(|f| (f.clone(), Held::LetterRefused)));
            }
        }
        for stand_by in file.dispatch.stand_bys.values().filter(|s| s.lifted.is_none()) {
            match stand_by.confirmed.as_ref().map(|c| c.ready) {
                Some(true) => _ = stands_by.insert(stand_by.force.clone()),
                Some(false) => _ = here.insert(stand_by.force.clone(), Held::NotReady),
                None => {}
            }
        }
        for order in file.dispatch.orders.values().filter(|o| o.step == OrderStep::Declined) {
            here.insert(order.force.clone(), Held::DeclinedHere);
        }
        for (plan, force) in waiting(file, options) {
            here.insert(force.clone(), Held::PlannedHere { plan });
        }
        for order in file.dispatch.orders.values().filter(|o| o.step.is_running()) {
            here.insert(order.force.clone(), Held::OrderedHere { order: order.id, step: order.step });
        }
        Self { here, stands_by }
    }
}

/// Forces of plans that wait for their answer. A draft or a plan sent back is still being worked on: its forces may
/// be proposed again.
fn waiting(file: &IncidentFile, options: Options) -> impl Iterator<Item = (PlanId, &ForceId)> {
    let plans = file.dispatch.plans.values();
    let waiting = plans.filter(move |p| p.status == PlanStatus::Submitted && Some(p.id) != options.plan);
    waiting.flat_map(|p| p.tasks.iter().map(move |t| (p.id, &t.force)))
}

/// What counts for a slot before anything is chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Ordered, running, and not given up waiting for.
    pub(crate) ordered: u32,
    /// In plans that wait for their answer.
    pub(crate) planned: u32,
    /// People of both.
    pub(crate) people: u32,
}

/// What already stands for a slot.
pub(crate) fn standing(state: &State, file: &IncidentFile, slot: &Slot, options: Options) -> Standing {
    let mut standing = Standing::default();
    let gives = |force: &ForceId, named: Option<&str>, quantity: Option<u32>| {
        let strength = state.ledger.forces.get(force).map_or(0, |f| u32::from(f.strength));
        (domain::dispatch::gives(state, force, named, quantity, slot), strength)
    };
    for order in file.dispatch.orders.values().filter(|o| o.step.is_running() && !o.is_short()) {
        let (given, strength) = gives(&order.force, order.slot.as_deref(), order.quantity);
        if given > 0 {
            standing.ordered = standing.ordered.saturating_add(given);
            standing.people = standing.people.saturating_add(order.strength.unwrap_or(strength));
        }
    }
    let plans = file.dispatch.plans.values();
    for plan in plans.filter(|p| p.status == PlanStatus::Submitted && Some(p.id) != options.plan) {
        for task in &plan.tasks {
            let (given, strength) = gives(&task.force, task.slot.as_deref(), task.quantity);
            if given > 0 {
                standing.planned = standing.planned.saturating_add(given);
                standing.people = standing.people.saturating_add(strength);
            }
        }
    }
    standing
}
