//! A force cannot come; it says why. A force declines, the system refuses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{find, step_allowed, when};
use super::{Order, OrderDeclined, OrderStep};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{OrderId, Text, text};

/// The force cannot come.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineOrder {
    /// Which order.
    pub order: OrderId,
    /// Why.
    pub reason: Text,
}

rule!(DeclineOrder, decline_order, |a| Target::of(Thing::Order, a.order));

/// May this order take the step now?
pub fn allow(order: &Order) -> Result<(), Refusal> {
    step_allowed(order, ActKind::DeclineOrder, OrderStep::Declined)
}

/// The force cannot come.
pub fn decline_order(state: &State, ctx: &mut Context, act: DeclineOrder) -> Result<Decision, Refusal> {
    let (incident, _, order) = find(state, act.order)?;
    allow(order)?;
    let reason = Personal::new(incident, text::prose("/reason", &act.reason)?);
    let by = when(ctx, order)?;
    let event = OrderDeclined { order: order.id, reason, by };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}
