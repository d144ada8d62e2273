//! An order is cancelled before arrival (中途返回), by whom commands (Plan 4.1.5).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{find, step_allowed, when};
use super::{Order, OrderCancelled, OrderStep};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{OrderId, Text, text};

/// The force turns back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder {
    /// Which order.
    pub order: OrderId,
    /// Why.
    pub reason: Text,
}

rule!(CancelOrder, cancel_order, |a| Target::of(Thing::Order, a.order));

/// May this order take the step now?
pub fn allow(order: &Order) -> Result<(), Refusal> {
    step_allowed(order, ActKind::CancelOrder, OrderStep::Cancelled)
}

/// The force turns back.
pub fn cancel_order(state: &State, ctx: &mut Context, act: CancelOrder) -> Result<Decision, Refusal> {
    let (incident, _, order) = find(state, act.order)?;
    allow(order)?;
    let reason = Personal::new(incident, text::prose("/reason", &act.reason)?);
    let by = when(ctx, order)?;
    let event = OrderCancelled { order: order.id, reason, by };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}
