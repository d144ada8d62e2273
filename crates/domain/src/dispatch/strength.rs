//! Strength by capability: what the orders ask for, and what was acknowledged: 「泡沫消防车 4 辆，3 辆已接令」 (Plan 4.2.2).
//!
//! An order that so long after it was issued has no yes is *short*: it stands for nothing any more, so that the proposal
//! asks for what it should have brought. What is ordered then replaces it first. A late yes counts all the same.

use serde::{Deserialize, Serialize};

use super::StrengthShort;
use super::state::{Dispatch, Order, OrderStep};
use crate::incident::Status;
use crate::readiness::{Deadline, DeadlineKind};
use crate::state::IncidentFile;
use crate::types::ids::Fresh;
use crate::types::{Text, Time};

/// How one capability stands over all orders of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StrengthLine {
    /// Which.
    pub capability: Text,
    /// How much is asked; what was ordered in the place of another counts once.
    pub wanted: u32,
    /// How much has said yes.
    pub acknowledged: u32,
    /// What was given up waiting for, and is not replaced yet.
    pub missing: u32,
}

impl Order {
    /// How much of which capability it asks.
    pub fn asks(&self) -> Option<(&Text, u32)> {
        self.capability.as_ref().map(|capability| (capability, self.quantity.unwrap_or(1)))
    }

    /// Nobody has said yes to it, or he took it back.
    fn lacks_yes(&self) -> bool {
        matches!(self.step, OrderStep::Issued | OrderStep::Received | OrderStep::Declined)
    }

    /// Was it given up waiting for? It may still be answered.
    pub fn is_short(&self) -> bool {
        self.short && self.lacks_yes()
    }

    /// What it should have brought and nothing else has been ordered for.
    fn unreplaced(&self) -> u32 {
        let asked = self.asks().map_or(0, |(_, quantity)| quantity);
        if self.is_short() { asked.saturating_sub(self.replaced) } else { 0 }
    }
}

/// Every capability that is asked for, by its code. What was cancelled is not asked for.
pub fn strength(d: &Dispatch) -> Vec<StrengthLine> {
    let mut lines: std::collections::BTreeMap<&Text, StrengthLine> = std::collections::BTreeMap::new();
    for order in d.orders.values().filter(|o| o.step != OrderStep::Cancelled) {
        let Some((capability, quantity)) = order.asks() else { continue };
        let line = lines.entry(capability).or_insert_with(|| StrengthLine {
            capability: capability.clone(),
            wanted: 0,
            acknowledged: 0,
            missing: 0,
        });
        line.wanted = line.wanted.saturating_add(quantity.saturating_sub(order.replaced));
        line.missing = line.missing.saturating_add(order.unreplaced());
        if !order.lacks_yes() {
            line.acknowledged = line.acknowledged.saturating_add(quantity);
        }
    }
    lines.into_values().collect()
}

/// The orders that are still given their time, or whose time is over and not yet said to be.
fn on_trial(file: &IncidentFile) -> impl Iterator<Item = (&Order, Time)> {
    let goes_on = matches!(file.incident.status, Status::Reported | Status::Verified | Status::Responding);
    let orders = file.dispatch.orders.values().filter(move |_| goes_on).map(AsRef::as_ref);
    orders
        .filter(|o| o.asks().is_some() && o.lacks_yes() && !o.short)
        .filter_map(|o| o.strength_due.map(|due| (o, due)))
}

/// When strength is looked at next.
pub(super) fn deadline(file: &IncidentFile) -> Option<Deadline> {
    let due = on_trial(file).map(|(_, due)| due).min()?;
    let id = file.incident.id;
    Some(Deadline { due, kind: DeadlineKind::Strength, subject: id.ulid(), incident: id })
}

/// Their time is over: what is short now.
pub(super) fn missed(file: &IncidentFile, now: Time) -> Option<StrengthShort> {
    let late: Vec<&Order> = on_trial(file).filter(|(_, due)| *due <= now).map(|(o, _)| o).collect();
    let due = late.iter().filter_map(|o| o.strength_due).min()?;
    let is_late = |line: &StrengthLine| late.iter().any(|o| o.capability.as_ref() == Some(&line.capability));
    let lines = strength(&file.dispatch).into_iter().filter(is_late).map(|mut line| {
        let lost = late.iter().filter_map(|o| o.asks().filter(|(c, _)| **c == line.capability));
        line.missing = lost.map(|(_, quantity)| quantity).fold(line.missing, u32::saturating_add);
        line
    });
    Some(StrengthShort { lines: lines.collect(), orders: late.iter().map(|o| o.id).collect(), due })
}

impl Dispatch {
    /// These orders are given up waiting for.
    pub(super) fn gives_up(&mut self, e: &StrengthShort) {
        for id in &e.orders {
            if let Some(order) = self.orders.get_mut(id) {
                std::sync::Arc::make_mut(order).short = true;
            }
        }
    }

    /// A new order stands first for what others should have brought, the oldest first.
    pub(super) fn replaces(&mut self, new: &Order) {
        let Some((capability, mut left)) = new.asks() else { return };
        let same = self.orders.values().filter(|o| o.capability.as_ref() == Some(capability));
        let short: Vec<_> = same.map(|o| (o.id, o.unreplaced())).filter(|(_, n)| *n > 0).collect();
        for (id, unreplaced) in short {
            let here = unreplaced.min(left);
            left -= here;
            if let Some(order) = self.orders.get_mut(&id) {
                std::sync::Arc::make_mut(order).replaced += here;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{acknowledge, approve, fire, order, submit};
    use super::*;
    use crate::dispatch::TaskGiven;
    use crate::dispatch::cancel_order::CancelOrder;
    use crate::dispatch::decline_order::DeclineOrder;
    use crate::dispatch::draft_plan::DraftPlan;
    use crate::testing::{Town, plan_for, slug, task};
    use crate::types::{ForceId, IncidentId, OrderId};

    /// Forces ordered together for foam.
    fn foam(town: &mut Town, incident: IncidentId, forces: &[(&str, u32)]) -> Vec<OrderId> {
        let wanted = |(force, quantity): &(&str, u32)| TaskGiven {
            capability: Some("foam_tanker".to_owned()),
            quantity: Some(*quantity),
            ..task(force)
        };
        let draft = DraftPlan { tasks: forces.iter().map(wanted).collect(), ..plan_for(incident, &[]) };
        let plan = town.does("dispatcher", draft).id.parse().unwrap();
        town.does("dispatcher", submit(plan, 1));
        town.does("shift-leader", approve(plan, 1));
        let running = &town.state.hot(incident).unwrap().dispatch.running;
        forces.iter().map(|(force, _)| running[&slug::<ForceId>(force)]).collect()
    }

    /// Wanted, acknowledged, missing.
    fn of(town: &Town, incident: IncidentId) -> (u32, u32, u32) {
        let lines = strength(&town.state.hot(incident).unwrap().dispatch);
        let [line] = lines.as_slice() else { panic!("one capability: {lines:?}") };
        (line.wanted, line.acknowledged, line.missing)
    }

    /// Plan 4.2.2: three of four acknowledged; at the limit, and not before, what is missing is told, once; a supplement
    /// stands in its place, and the late yes of the silent one counts all the same.
    #[test]
    fn three_of_four_is_told_at_the_limit_and_replaced_once() {
        let (mut town, fire) = fire();
        let orders = foam(&mut town, fire, &[("huagong", 3), ("jixie", 1)]);
        town.does("huagong", acknowledge(orders[0]));
        assert_eq!(of(&town, fire), (4, 3, 0));
        town.after_s(179).clock_runs();
        assert_eq!(town.count("strength.short"), 0, "until the last second it is theirs");
        town.after_s(1).clock_runs();
        assert_eq!((town.count("strength.short"), of(&town, fire)), (1, (4, 3, 1)));
        town.after_s(3600).clock_runs();
        assert_eq!(town.count("strength.short"), 1, "it is told once");
        let more = foam(&mut town, fire, &[("jijiu", 1)])[0];
        assert_eq!(of(&town, fire), (4, 3, 0), "what is ordered instead is not asked for twice");
        town.does("jijiu", acknowledge(more));
        assert_eq!(of(&town, fire), (4, 4, 0));
        town.does("jixie", acknowledge(orders[1]));
        assert_eq!(of(&town, fire), (4, 5, 0), "late, and counted");
    }

    /// Plan 4.2.2: who says no after his yes is missing at once, his time being over; who is called back is not asked for.
    #[test]
    fn a_no_is_missing_and_a_recall_is_not() {
        let (mut town, fire) = fire();
        let orders = foam(&mut town, fire, &[("huagong", 2), ("jixie", 1)]);
        town.does("huagong", acknowledge(orders[0]));
        town.does("jixie", acknowledge(orders[1]));
        town.after_s(600).clock_runs();
        assert_eq!((town.count("strength.short"), of(&town, fire)), (0, (3, 3, 0)));
        town.does("jixie", DeclineOrder { order: orders[1], reason: "车坏了".to_owned() });
        town.clock_runs();
        assert_eq!((town.count("strength.short"), of(&town, fire)), (1, (3, 2, 1)));
        town.does("dispatcher", CancelOrder { order: orders[0], reason: "另有任务".to_owned() });
        assert_eq!(of(&town, fire), (1, 0, 1));
    }

    /// Plan 4.2.2: a further force beyond what is missing is one more that is asked for.
    #[test]
    fn what_is_ordered_beyond_the_missing_is_asked_for_too() {
        let (mut town, fire) = fire();
        foam(&mut town, fire, &[("huagong", 1)]);
        town.after_s(180).clock_runs();
        assert_eq!(of(&town, fire), (1, 0, 1));
        let more = foam(&mut town, fire, &[("jijiu", 2)])[0];
        assert_eq!(of(&town, fire), (2, 0, 0));
        town.after_s(180).clock_runs();
        assert_eq!((order(&town, more).is_short(), of(&town, fire)), (true, (2, 0, 2)));
    }
}
