//! A force is on scene (到场).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{find, on_earth, people, step_allowed, when};
use super::{Order, OrderArrived, OrderStep};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{OrderId, Point};

/// The force is there.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArriveOrder {
    /// Which order.
    pub order: OrderId,
    /// People who came.
    #[serde(default)]
    pub strength: Option<u32>,
    /// Where it is.
    #[serde(default)]
    pub position: Option<Point>,
}

rule!(ArriveOrder, arrive_order, |a| Target::of(Thing::Order, a.order));

/// May this order take the step now?
pub fn allow(order: &Order) -> Result<(), Refusal> {
    step_allowed(order, ActKind::ArriveOrder, OrderStep::Arrived)
}

/// The force is there.
pub fn arrive_order(state: &State, ctx: &mut Context, act: ArriveOrder) -> Result<Decision, Refusal> {
    let (incident, _, order) = find(state, act.order)?;
    allow(order)?;
    let (strength, position) = (people(act.strength)?, on_earth(act.position)?);
    let by = when(ctx, order)?;
    let event = OrderArrived { order: order.id, strength, position, by };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}
