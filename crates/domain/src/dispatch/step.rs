//! The steps of an order: what may follow what, and what the incident's orders amount to by now.

use std::sync::Arc;

use super::{Order, OrderStep};
use crate::act::ActKind;
use crate::composition::Slot;
use crate::context::{Context, Reported};
use crate::incident::query::{self, not_after, not_before};
use crate::refusal::{FieldFault, Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::ids::Fresh;
use crate::types::{ForceId, IncidentId, OrderId, Point};

/// The order and its incident, which must still be open to this.
pub(crate) fn find(
    state: &State,
    order: OrderId,
) -> Result<(IncidentId, &IncidentFile, &Arc<Order>), Refusal> {
    let (id, file) = state.incident_with(Thing::Order, order.ulid())?;
    let found = file.dispatch.orders.get(&order).ok_or_else(|| Refusal::not_found(Thing::Order, order))?;
    Ok((id, file, found))
}

/// May the order take this step? A later step implies the earlier ones, so steps may be skipped; an earlier one may
/// be told late, once; after the end nothing follows but the return form.
pub fn step_allowed(order: &Order, act: ActKind, to: OrderStep) -> Result<(), Refusal> {
    let over =
        |needs| Err(Refusal::WrongStatus { act, what: Thing::Order, status: order.step.code(), needs });
    if order.at(to).is_some() {
        return Err(Refusal::AlreadyDone { act });
    }
    match to {
        OrderStep::Declined | OrderStep::Cancelled => match order.step {
            OrderStep::Issued | OrderStep::Received | OrderStep::Acknowledged => Ok(()),
            OrderStep::Departed if to == OrderStep::Cancelled => Ok(()),
            _ if to == OrderStep::Cancelled => over("issued|received|acknowledged|departed"),
            _ => over("issued|received|acknowledged"),
        },
        OrderStep::Returned if order.step == OrderStep::Cancelled => Ok(()),
        _ if matches!(order.step, OrderStep::Declined | OrderStep::Cancelled) => {
            over("issued|received|acknowledged")
        }
        _ => Ok(()),
    }
}

/// An order does not end while its people are registered inside: a withdrawal would no longer reach them (Plan 4.1.5).
pub(crate) fn nobody_inside(file: &IncidentFile, order: &Order, act: ActKind) -> Result<(), Refusal> {
    let mut inside = file.command.inside_under(order.id).peekable();
    if inside.peek().is_none() {
        return Ok(());
    }
    let (groups, counts): (Vec<&str>, Vec<u32>) = inside.map(|i| (i.group.as_str(), i.count)).unzip();
    let count = counts.into_iter().fold(0, u32::saturating_add);
    Err(Refusal::StillInside { act, groups: groups.join("、"), count })
}

/// When something of an order happened: not before the order itself.
pub(crate) fn told(ctx: &Context, order: &Order) -> Result<Reported, Refusal> {
    let by = ctx.report()?;
    not_before(&by, order.issued_at)?;
    Ok(by)
}

/// When a step happened: not before a step that it follows from, not after one that followed from it.
pub(crate) fn when(ctx: &Context, order: &Order, to: OrderStep) -> Result<Reported, Refusal> {
    let by = told(ctx, order)?;
    let Some(place) = place(to) else { return Ok(by) };
    let placed = || order.steps.iter().filter_map(|s| Some((self::place(s.step)?, s.by.at)));
    if let Some(earlier) = placed().filter(|(p, _)| *p < place).map(|(_, at)| at).max() {
        not_before(&by, earlier)?;
    }
    if let Some(later) = placed().filter(|(p, _)| *p > place).map(|(_, at)| at).min() {
        not_after(&by, later)?;
    }
    Ok(by)
}

/// A step's place in the sequence of time. Being shown has none: a force may be told by radio first.
fn place(step: OrderStep) -> Option<u8> {
    match step {
        OrderStep::Issued => Some(0),
        OrderStep::Received => None,
        OrderStep::Acknowledged => Some(1),
        OrderStep::Departed => Some(2),
        OrderStep::Arrived => Some(3),
        OrderStep::Deployed => Some(4),
        OrderStep::Declined | OrderStep::Cancelled | OrderStep::Released => Some(5),
        OrderStep::Returned => Some(6),
    }
}

/// A number of people within reason.
pub(crate) fn people(count: Option<u32>) -> Result<Option<u32>, Refusal> {
    count.map(|count| query::people("/strength", count)).transpose()
}

/// A position, where one is given, must be on earth.
pub(crate) fn on_earth(position: Option<Point>) -> Result<Option<Point>, Refusal> {
    match position {
        Some(p) if !p.is_valid() => Err(Refusal::field("/position", FieldFault::NotAPoint)),
        other => Ok(other),
    }
}

/// What a force brings to a slot. An order or task names one slot, and there its own quantity counts; a force moves
/// with all it has, so for the other slots its recorded capability counts. Proposal, plan, agreement in advance and
/// review count by this one rule.
pub fn gives(state: &State, force: &ForceId, named: Option<&str>, quantity: Option<u32>, slot: &Slot) -> u32 {
    let has = state.ledger.forces.get(force).map_or(0, |f| f.has(&slot.capability));
    if named == Some(slot.id.as_str()) { quantity.unwrap_or(has.max(1)) } else { has }
}

/// How much of what a slot asks is on the way or on scene: ordered and not declined, cancelled or released, nor given up
/// waiting for.
pub fn standing(state: &State, file: &IncidentFile, slot: &Slot) -> u32 {
    let running = file.dispatch.orders.values().filter(|o| o.step.is_running() && !o.is_short());
    running.map(|o| gives(state, &o.force, o.slot.as_deref(), o.quantity, slot)).fold(0, u32::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{acknowledge, arrive, depart, is_field, order, ordered, refused};
    use crate::dispatch::deploy_order::DeployOrder;
    use crate::dispatch::receive_order::ReceiveOrder;
    use crate::dispatch::release_order::ReleaseOrder;
    use crate::dispatch::return_order::ReturnOrder;
    use crate::refusal::{FieldFault, Refusal};

    /// Plan 4.1.4: what is typed in later lies between what it follows from and what followed from it; people type
    /// whole minutes, so one is allowed.
    #[test]
    fn a_step_told_late_lies_between_its_neighbours() {
        let (mut town, _, id) = ordered("huagong");
        town.after_s(600).does("huagong", acknowledge(id));
        let acknowledged = town.now;
        town.after_s(1200).does("huagong", arrive(id));
        let arrived = town.now;
        town.after_s(600).that_happened(-1861);
        assert_eq!(
            refused(&mut town, "huagong", depart(id)),
            Refusal::field("/occurred_at", FieldFault::BeforeEarlierStep { earlier: acknowledged })
        );
        town.that_happened(-539);
        assert_eq!(
            refused(&mut town, "huagong", depart(id)),
            Refusal::field("/occurred_at", FieldFault::AfterLaterStep { later: arrived })
        );
        is_field(&refused(&mut town, "huagong", depart(id)), "/occurred_at");
        town.that_happened(-540).does("huagong", depart(id));
        let deploy = DeployOrder { order: id, position: None };
        town.that_happened(-601);
        is_field(&refused(&mut town, "huagong", deploy.clone()), "/occurred_at");
        town.that_happened(-600).does("huagong", deploy);
    }

    /// Plan 4.1.4: nobody is back before he was released; an order may be shown after it was taken by radio.
    #[test]
    fn the_return_follows_the_release_and_being_shown_follows_nothing() {
        let (mut town, _, id) = ordered("huagong");
        town.does("huagong", acknowledge(id));
        town.after_s(600).does("huagong", ReceiveOrder { order: id });
        town.does("commander", ReleaseOrder { order: id, note: None });
        let back = ReturnOrder {
            order: id,
            worked_min: None,
            consumables: Vec::new(),
            confirmed_by: None,
            note: None,
        };
        town.after_s(600).that_happened(-661);
        is_field(&refused(&mut town, "huagong", back.clone()), "/occurred_at");
        town.that_happened(-660).does("huagong", back);
    }

    /// Plan 4.1.4: late typing is not late action: departure and arrival are due from when the step before happened.
    #[test]
    fn what_is_due_next_counts_from_when_the_step_happened() {
        let (mut town, _, id) = ordered("huagong");
        town.after_s(600).that_happened(-500).does("huagong", acknowledge(id));
        let known = order(&town, id);
        assert_eq!(known.due, Some(town.now.plus_s(known.depart_limit_s - 500)));
        town.that_happened(-400).does("huagong", depart(id));
        assert_eq!(order(&town, id).due, Some(town.now.plus_s(known.arrive_limit_s - 400)));
    }
}
