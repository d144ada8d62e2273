//! The facts a review stands on, Plan 4.3.3: intervals, deviations from the composition, the times of each force.
//!
//! Computed from the file, never typed and never stored: what the pages and the document show is this.

use crate::composition::{Composition, Slot};
use crate::dispatch::{Order, OrderStep, Plan, gives};
use crate::report::ReportCounts;
use crate::state::{IncidentFile, State};
use crate::types::{CompositionId, ForceId, OrderId, Text, Time};

/// From which moment to which; the codes are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IntervalKind {
    /// 接警—首次下令
    CallToFirstOrder,
    /// 接警—上报调用方案
    CallToPlan,
    /// 上报—同意
    PlanToApproval,
    /// 同意—首个接令 (of the orders that follow from it)
    ApprovalToAcknowledgement,
    /// 首次下令—首个接令
    FirstOrderToAcknowledgement,
    /// 接警—首批到场
    CallToFirstArrival,
    /// 首批到场—受控
    ArrivalToControlled,
    /// 接警—受控
    CallToControlled,
    /// 受控—结案
    ControlledToClosed,
}

impl IntervalKind {
    /// Every interval, in the order of events.
    pub const ALL: &'static [Self] = &[
        Self::CallToFirstOrder,
        Self::FirstOrderToAcknowledgement,
        Self::CallToPlan,
        Self::PlanToApproval,
        Self::ApprovalToAcknowledgement,
        Self::CallToFirstArrival,
        Self::ArrivalToControlled,
        Self::CallToControlled,
        Self::ControlledToClosed,
    ];

    /// Stable code, as in the interface.
    pub fn code(self) -> &'static str {
        match self {
            Self::CallToFirstOrder => "call_to_first_order",
            Self::CallToPlan => "call_to_plan",
            Self::PlanToApproval => "plan_to_approval",
            Self::ApprovalToAcknowledgement => "approval_to_acknowledgement",
            Self::FirstOrderToAcknowledgement => "first_order_to_acknowledgement",
            Self::CallToFirstArrival => "call_to_first_arrival",
            Self::ArrivalToControlled => "arrival_to_controlled",
            Self::CallToControlled => "call_to_controlled",
            Self::ControlledToClosed => "controlled_to_closed",
        }
    }
}

/// An interval; `None` where one of its ends did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Which.
    pub kind: IntervalKind,
    /// Seconds; never negative, since an end that was typed some seconds early did not come before its beginning.
    pub seconds: Option<i64>,
}

/// Where what happened differs from the composition, or from what was ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deviation {
    /// Less of a capability was ordered than the slot asks.
    SlotUnfilled {
        /// The slot.
        slot: Text,
        /// Its capability.
        capability: Text,
        /// What the composition asks.
        asked: u32,
        /// What was ordered and not declined or cancelled.
        ordered: u32,
    },
    /// Enough was ordered, but less than asked was there in time.
    SlotLate {
        /// The slot.
        slot: Text,
        /// Its capability.
        capability: Text,
        /// Minutes that the composition gives from the order to arrival.
        within_min: u32,
        /// Minutes after which the slot was full on scene; `None` where it never was.
        full_after_min: Option<u32>,
    },
    /// A force declined its order.
    Declined {
        /// The force.
        force: ForceId,
        /// The order.
        order: OrderId,
    },
    /// A force was turned back under way.
    Cancelled {
        /// The force.
        force: ForceId,
        /// The order.
        order: OrderId,
    },
    /// A force never acknowledged.
    NeverAcknowledged {
        /// The force.
        force: ForceId,
        /// The order.
        order: OrderId,
    },
}

impl Deviation {
    /// Stable code, as in the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SlotUnfilled { .. } => "slot_unfilled",
            Self::SlotLate { .. } => "slot_late",
            Self::Declined { .. } => "declined",
            Self::Cancelled { .. } => "cancelled",
            Self::NeverAcknowledged { .. } => "never_acknowledged",
        }
    }

    /// The slot of the composition it is about.
    pub fn slot(&self) -> Option<&str> {
        match self {
            Self::SlotUnfilled { slot, .. } | Self::SlotLate { slot, .. } => Some(slot),
            Self::Declined { .. } | Self::Cancelled { .. } | Self::NeverAcknowledged { .. } => None,
        }
    }
}

/// The times of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForceTimes {
    /// The force.
    pub force: ForceId,
    /// Its order.
    pub order: OrderId,
    /// 下令
    pub ordered: Time,
    /// 接令
    pub acknowledged: Option<Time>,
    /// 出动
    pub departed: Option<Time>,
    /// 到场
    pub arrived: Option<Time>,
    /// 撤收
    pub released: Option<Time>,
    /// 归队
    pub returned: Option<Time>,
    /// Whole minutes from arrival to release.
    pub on_scene_min: Option<u32>,
}

/// The composition that was compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedWith {
    /// Which.
    pub id: CompositionId,
    /// Its version.
    pub version: u32,
}

/// The facts.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Intervals, in the order of events.
    pub intervals: Vec<Interval>,
    /// The composition in force for the incident's hazard and grade; `None` where there is none.
    pub composition: Option<ComparedWith>,
    /// Deviations: slots first, then forces.
    pub deviations: Vec<Deviation>,
    /// Each order's times, in the order of issue.
    pub forces: Vec<ForceTimes>,
    /// Late, missing and corrected reports.
    pub reports: ReportCounts,
}

/// The facts of an incident.
pub fn facts(state: &State, file: &IncidentFile) -> Facts {
    let composition = composition_of(state, file);
    let mut deviations = composition.map(|c| slot_deviations(state, file, c)).unwrap_or_default();
    deviations.extend(file.dispatch.orders.values().filter_map(|order| order_deviation(order)));
    let mut forces: Vec<ForceTimes> = file.dispatch.orders.values().map(|order| times_of(order)).collect();
    forces.sort_by(|a, b| (a.ordered, &a.force, a.order).cmp(&(b.ordered, &b.force, b.order)));
    Facts {
        intervals: intervals(file),
        composition: composition.map(|c| ComparedWith { id: c.id.clone(), version: c.version }),
        deviations,
        forces,
        reports: file.report.counts(),
    }
}

fn composition_of<'a>(state: &'a State, file: &IncidentFile) -> Option<&'a Composition> {
    let (hazard, grade) = (file.incident.hazard.as_deref()?, file.incident.grade?);
    state.composition.find(hazard, grade).map(AsRef::as_ref)
}

/// A step, or the first later one of a force on its way: it implies this. A release implies nothing.
fn reached(order: &Order, step: OrderStep) -> Option<Time> {
    let steps = order.steps.iter().filter(|done| step <= done.step && done.step <= OrderStep::Deployed);
    steps.map(|done| done.by.at).min()
}

fn intervals(file: &IncidentFile) -> Vec<Interval> {
    let (incident, dispatch) = (&file.incident, &file.dispatch);
    let call = Some(incident.received_at());
    let first_order = incident.first_order_at;
    let controlled = incident.controlled.as_ref().map(|by| by.at);
    let closed = incident.closed.as_ref().map(|mark| mark.by.at);
    let acknowledged = |order: &Order| reached(order, OrderStep::Acknowledged);
    let arrived = dispatch.orders.values().filter_map(|order| reached(order, OrderStep::Arrived)).min();
    let plans = || dispatch.plans.values();
    let plan = plans().filter_map(|plan| plan.submitted.as_ref()).map(|by| by.at).min();
    let agreed: Option<&Plan> = plans()
        .map(AsRef::as_ref)
        .filter(|plan| plan.approval.is_some())
        .min_by_key(|plan| plan.approval.as_ref().map(|approval| approval.by.at));
    let agreed_at = agreed.and_then(|plan| plan.approval.as_ref()).map(|approval| approval.by.at);
    let submitted_at = agreed.and_then(|plan| plan.submitted.as_ref()).map(|by| by.at);
    let by_agreement =
        dispatch.orders.values().filter(|order| agreed.is_some_and(|p| order.plan == Some(p.id)));
    let first_of_agreement = by_agreement.filter_map(|order| acknowledged(order)).min();
    let first_of_all = dispatch.orders.values().filter_map(|order| acknowledged(order)).min();
    let ends = |kind| match kind {
        IntervalKind::CallToFirstOrder => (call, first_order),
        IntervalKind::CallToPlan => (call, plan),
        IntervalKind::PlanToApproval => (submitted_at, agreed_at),
        IntervalKind::ApprovalToAcknowledgement => (agreed_at, first_of_agreement),
        IntervalKind::FirstOrderToAcknowledgement => (first_order, first_of_all),
        IntervalKind::CallToFirstArrival => (call, arrived),
        IntervalKind::ArrivalToControlled => (arrived, controlled),
        IntervalKind::CallToControlled => (call, controlled),
        IntervalKind::ControlledToClosed => (controlled, closed),
    };
    let seconds = |(from, to): (Option<Time>, Option<Time>)| Some(to?.since_s(from?).max(0));
    IntervalKind::ALL.iter().map(|kind| Interval { kind: *kind, seconds: seconds(ends(*kind)) }).collect()
}

fn slot_deviations(state: &State, file: &IncidentFile, composition: &Composition) -> Vec<Deviation> {
    let came = |o: &&Order| !matches!(o.step, OrderStep::Declined | OrderStep::Cancelled);
    let orders: Vec<&Order> = file.dispatch.orders.values().map(AsRef::as_ref).filter(came).collect();
    let brings =
        |order: &Order, slot: &Slot| gives(state, &order.force, order.slot.as_deref(), order.quantity, slot);
    let of_slot = |slot: &Slot| -> Vec<(&Order, u32)> {
        orders.iter().map(|order| (*order, brings(order, slot))).filter(|(_, share)| *share > 0).collect()
    };
    composition.slots.iter().filter_map(|slot| slot_deviation(slot, &of_slot(slot))).collect()
}

/// `orders`: those that bring something to the slot, and how much.
fn slot_deviation(slot: &Slot, orders: &[(&Order, u32)]) -> Option<Deviation> {
    let ordered = orders.iter().fold(0_u32, |sum, (_, share)| sum.saturating_add(*share));
    let (id, capability) = (slot.id.clone(), slot.capability.clone());
    if ordered < slot.quantity {
        return Some(Deviation::SlotUnfilled { slot: id, capability, asked: slot.quantity, ordered });
    }
    let full_after_min = full_after_min(slot, orders);
    let within_min = slot.within_min;
    let in_time = full_after_min.is_some_and(|minutes| minutes <= within_min);
    (!in_time).then_some(Deviation::SlotLate { slot: id, capability, within_min, full_after_min })
}

/// Minutes from the slot's first order until what it asks was on scene, begun minutes counted whole.
fn full_after_min(slot: &Slot, orders: &[(&Order, u32)]) -> Option<u32> {
    let first = orders.iter().map(|(order, _)| order.issued_at).min()?;
    let arrivals =
        orders.iter().filter_map(|(order, share)| Some((reached(order, OrderStep::Arrived)?, *share)));
    let mut arrivals: Vec<(Time, u32)> = arrivals.collect();
    arrivals.sort_unstable();
    let mut there = 0_u32;
    let full = arrivals.into_iter().find(|(_, quantity)| {
        there = there.saturating_add(*quantity);
        there >= slot.quantity
    });
    let seconds = full?.0.since_s(first).max(0);
    u32::try_from((seconds + 59) / 60).ok()
}

fn order_deviation(order: &Order) -> Option<Deviation> {
    let (force, id) = (order.force.clone(), order.id);
    match order.step {
        OrderStep::Declined => Some(Deviation::Declined { force, order: id }),
        OrderStep::Cancelled => Some(Deviation::Cancelled { force, order: id }),
        _ if reached(order, OrderStep::Acknowledged).is_none() => {
            Some(Deviation::NeverAcknowledged { force, order: id })
        }
        _ => None,
    }
}

fn times_of(order: &Order) -> ForceTimes {
    let (arrived, released) = (order.at(OrderStep::Arrived), order.at(OrderStep::Released));
    let until = released.or(order.at(OrderStep::Returned));
    let on_scene_s = arrived.and_then(|from| until.map(|to| to.since_s(from).max(0)));
    ForceTimes {
        force: order.force.clone(),
        order: order.id,
        ordered: order.issued_at,
        acknowledged: order.at(OrderStep::Acknowledged),
        departed: order.at(OrderStep::Departed),
        arrived,
        released,
        returned: order.at(OrderStep::Returned),
        on_scene_min: on_scene_s.and_then(|seconds| u32::try_from(seconds / 60).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::acknowledge_order::AcknowledgeOrder;
    use crate::dispatch::arrive_order::ArriveOrder;
    use crate::dispatch::decline_order::DeclineOrder;
    use crate::dispatch::release_order::ReleaseOrder;
    use crate::incident::control_incident::ControlIncident;
    use crate::incident::stage::Stage;

    fn act<T: serde::de::DeserializeOwned>(order: OrderId) -> T {
        serde_json::from_value(serde_json::json!({ "order": order })).unwrap()
    }

    /// Plan 4.3.3: the intervals stand there as they happened, not as they were typed.
    #[test]
    fn intervals_are_counted_from_when_things_happened() {
        let mut town = Stage::rongcheng();
        let incident = town.real_fire();
        let order = town.orders_for(incident, "shidao", Some("foam"));
        town.at("08:01").does("shidao", act::<AcknowledgeOrder>(order));
        town.at("08:20").tells_later("shidao", "08:10", act::<ArriveOrder>(order));
        town.at("09:00").does("commander", ControlIncident { incident });
        town.at("09:30").does("commander", ReleaseOrder { order, note: None });
        let facts = facts(&town.state, &town.file(incident));
        let seconds = |kind| facts.intervals.iter().find(|i| i.kind == kind).unwrap().seconds;
        assert_eq!(seconds(IntervalKind::CallToFirstOrder), Some(0));
        assert_eq!(seconds(IntervalKind::FirstOrderToAcknowledgement), Some(60));
        assert_eq!(seconds(IntervalKind::CallToFirstArrival), Some(600));
        assert_eq!(seconds(IntervalKind::ArrivalToControlled), Some(3_000));
        assert_eq!(seconds(IntervalKind::PlanToApproval), None, "there was no plan");
        assert_eq!(seconds(IntervalKind::ControlledToClosed), None);
        assert_eq!(facts.forces[0].on_scene_min, Some(80));
    }

    /// Plan 4.2.4, 4.3.3: what the composition asked and what came; a full half hour is in time, a second more is not.
    #[test]
    fn slots_that_stayed_empty_or_filled_late_are_named() {
        let mut town = Stage::rongcheng();
        let incident = town.real_fire();
        let foam = town.orders_for(incident, "shidao", Some("foam"));
        let hazchem = town.orders_for(incident, "yatou", Some("hazchem"));
        town.at("08:30").does("shidao", act::<ArriveOrder>(foam));
        town.does("yatou", DeclineOrder { order: hazchem, reason: "车辆故障".to_owned() });
        let now = facts(&town.state, &town.file(incident));
        assert_eq!(now.composition.unwrap().id.as_str(), "hazchem-2");
        let unfilled = |slot: &str, capability: &str| Deviation::SlotUnfilled {
            slot: slot.to_owned(),
            capability: capability.to_owned(),
            asked: 1,
            ordered: 0,
        };
        let declined = Deviation::Declined { force: "yatou".parse().unwrap(), order: hazchem };
        let (chemists, ambulance) = (unfilled("hazchem", "hazchem_team"), unfilled("ambulance", "ambulance"));
        assert_eq!(now.deviations, [chemists, ambulance, declined]);

        let mut slow = Stage::rongcheng();
        let incident = slow.real_fire();
        let foam = slow.orders_for(incident, "shidao", Some("foam"));
        slow.at("08:30:01").does("shidao", act::<ArriveOrder>(foam));
        let late = Deviation::SlotLate {
            slot: "foam".to_owned(),
            capability: "foam_tanker".to_owned(),
            within_min: 30,
            full_after_min: Some(31),
        };
        assert_eq!(facts(&slow.state, &slow.file(incident)).deviations[0], late);
    }

    /// A release is no arrival: a force that was let go before it came was never there.
    #[test]
    fn a_release_is_no_arrival() {
        let mut town = Stage::rongcheng();
        let incident = town.burnt_out();
        let facts = facts(&town.state, &town.file(incident));
        assert!(matches!(facts.deviations.last(), Some(Deviation::NeverAcknowledged { .. })));
        let arrival = facts.intervals.iter().find(|i| i.kind == IntervalKind::CallToFirstArrival).unwrap();
        assert_eq!((arrival.seconds, facts.forces[0].arrived), (None, None));
    }
}
