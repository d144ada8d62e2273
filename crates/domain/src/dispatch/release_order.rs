//! A force may leave (撤收), released by whom commands (Plan 4.1.5). Its return form is then due.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{find, step_allowed, when};
use super::{Order, OrderReleased, OrderStep};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{OrderId, Text, text};

/// The force may leave.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseOrder {
    /// Which order.
    pub order: OrderId,
    /// A remark.
    #[serde(default)]
    pub note: Option<Text>,
}

rule!(ReleaseOrder, release_order, |a| Target::of(Thing::Order, a.order));

/// May this order take the step now?
pub fn allow(order: &Order) -> Result<(), Refusal> {
    step_allowed(order, ActKind::ReleaseOrder, OrderStep::Released)
}

/// The force may leave.
pub fn release_order(state: &State, ctx: &mut Context, act: ReleaseOrder) -> Result<Decision, Refusal> {
    let (incident, _, order) = find(state, act.order)?;
    allow(order)?;
    let note = text::prose_opt("/note", act.note.as_deref())?.map(|n| Personal::new(incident, n));
    let return_due = ctx.now.plus_s(state.readiness.limits().return_form_limit_s);
    let by = when(ctx, order)?;
    let event = OrderReleased { order: order.id, note, return_due, by };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}
