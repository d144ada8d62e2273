//! The order is shown at the force: the terminal says so by itself. Being shown is no answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{find, step_allowed, when};
use super::{Order, OrderReceived, OrderStep};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::OrderId;

/// The order is shown.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveOrder {
    /// Which order.
    pub order: OrderId,
}

rule!(ReceiveOrder, receive_order, |a| Target::of(Thing::Order, a.order));

/// May this order take the step now?
pub fn allow(order: &Order) -> Result<(), Refusal> {
    step_allowed(order, ActKind::ReceiveOrder, OrderStep::Received)
}

/// The order is shown.
pub fn receive_order(state: &State, ctx: &mut Context, act: ReceiveOrder) -> Result<Decision, Refusal> {
    let (incident, _, order) = find(state, act.order)?;
    allow(order)?;
    let by = when(ctx, order)?;
    let event = OrderReceived { order: order.id, by };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}
