//! A force takes its order (接令), Plan 4.1.4: on its terminal, or typed in for it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{depart_due, find, people, step_allowed, when};
use super::{Order, OrderAcknowledged, OrderStep};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::OrderId;

/// The force comes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeOrder {
    /// Which order.
    pub order: OrderId,
    /// People who come.
    #[serde(default)]
    pub strength: Option<u32>,
    /// Minutes until arrival, as the force says.
    #[serde(default)]
    pub eta_min: Option<u32>,
}

rule!(AcknowledgeOrder, acknowledge_order, |a| Target::of(Thing::Order, a.order));

/// May this order take the step now?
pub fn allow(order: &Order) -> Result<(), Refusal> {
    step_allowed(order, ActKind::AcknowledgeOrder, OrderStep::Acknowledged)
}

/// The force comes.
pub fn acknowledge_order(
    state: &State,
    ctx: &mut Context,
    act: AcknowledgeOrder,
) -> Result<Decision, Refusal> {
    let (incident, _, order) = find(state, act.order)?;
    allow(order)?;
    let strength = people(act.strength)?;
    let by = when(ctx, order)?;
    let event = OrderAcknowledged {
        order: order.id,
        strength,
        eta_min: act.eta_min,
        depart_due: depart_due(order, ctx.now),
        by,
    };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}
