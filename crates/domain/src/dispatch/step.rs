//! The steps of an order: what may follow what, and what the incident's orders amount to by now.

use std::sync::Arc;

use super::{Order, OrderStep};
use crate::act::ActKind;
use crate::composition::Slot;
use crate::context::{Context, Reported};
use crate::refusal::{FieldFault, Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::ids::Fresh;
use crate::types::{ForceId, IncidentId, OrderId, Point, Time, limits};

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

/// The time told must not lie before the order itself.
pub(crate) fn when(ctx: &Context, order: &Order) -> Result<Reported, Refusal> {
    let by = ctx.report()?;
    if by.at < order.issued_at.plus_s(-limits::AHEAD_S) {
        return Err(Refusal::field(
            "/occurred_at",
            FieldFault::BeforeEarlierStep { earlier: order.issued_at },
        ));
    }
    Ok(by)
}

/// A number of people within reason.
pub(crate) fn people(count: Option<u32>) -> Result<Option<u32>, Refusal> {
    count.map(|count| crate::incident::query::people("/strength", count)).transpose()
}

/// A position, where one is given, must be on earth.
pub(crate) fn on_earth(position: Option<Point>) -> Result<Option<Point>, Refusal> {
    match position {
        Some(p) if !p.is_valid() => Err(Refusal::field("/position", FieldFault::NotAPoint)),
        other => Ok(other),
    }
}

/// When departure is due after an acknowledgement now.
pub(crate) fn depart_due(order: &Order, now: Time) -> Time {
    now.plus_s(order.depart_limit_s)
}

/// What a force brings to a slot. An order or task names one slot, and there its own quantity counts; a force moves
/// with all it has, so for the other slots its recorded capability counts. Proposal, plan, agreement in advance and
/// review count by this one rule.
pub fn gives(state: &State, force: &ForceId, named: Option<&str>, quantity: Option<u32>, slot: &Slot) -> u32 {
    let has = state.ledger.forces.get(force).map_or(0, |f| f.has(&slot.capability));
    if named == Some(slot.id.as_str()) { quantity.unwrap_or(has.max(1)) } else { has }
}

/// How much of what a slot asks is on the way or on scene: ordered and not declined, cancelled or released.
pub fn standing(state: &State, file: &IncidentFile, slot: &Slot) -> u32 {
    let running = file.dispatch.orders.values().filter(|o| o.step.is_running());
    running.map(|o| gives(state, &o.force, o.slot.as_deref(), o.quantity, slot)).fold(0, u32::saturating_add)
}
