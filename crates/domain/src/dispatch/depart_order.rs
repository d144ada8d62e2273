//! A force leaves its base (出动).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{find, on_earth, people, step_allowed, when};
use super::{Order, OrderDeparted, OrderStep};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{OrderId, Point};

/// The force is on its way.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartOrder {
    /// Which order.
    pub order: OrderId,
    /// People who come.
    #[serde(default)]
    pub strength: Option<u32>,
    /// Where it is.
    #[serde(default)]
    pub position: Option<Point>,
}

rule!(DepartOrder, depart_order, |a| Target::of(Thing::Order, a.order));

/// May this order take the step now?
pub fn allow(order: &Order) -> Result<(), Refusal> {
    step_allowed(order, ActKind::DepartOrder, OrderStep::Departed)
}

/// The force is on its way.
pub fn depart_order(state: &State, ctx: &mut Context, act: DepartOrder) -> Result<Decision, Refusal> {
    let (incident, _, order) = find(state, act.order)?;
    allow(order)?;
    let (strength, position) = (people(act.strength)?, on_earth(act.position)?);
    let by = when(ctx, order)?;
    let event = OrderDeparted {
        order: order.id,
        strength,
        position,
        arrive_due: ctx.now.plus_s(order.arrive_limit_s),
        by,
    };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}
