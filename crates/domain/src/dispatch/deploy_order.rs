//! A force is at work (展开), Plan 4.1.4.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{find, on_earth, step_allowed, when};
use super::{Order, OrderDeployed, OrderStep};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{OrderId, Point};

/// The force is at work.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeployOrder {
    /// Which order.
    pub order: OrderId,
    /// Where it is.
    #[serde(default)]
    pub position: Option<Point>,
}

rule!(DeployOrder, deploy_order, |a| Target::of(Thing::Order, a.order));

/// May this order take the step now?
pub fn allow(order: &Order) -> Result<(), Refusal> {
    step_allowed(order, ActKind::DeployOrder, OrderStep::Deployed)
}

/// The force is at work.
pub fn deploy_order(state: &State, ctx: &mut Context, act: DeployOrder) -> Result<Decision, Refusal> {
    let (incident, _, order) = find(state, act.order)?;
    allow(order)?;
    let position = on_earth(act.position)?;
    let by = when(ctx, order, OrderStep::Deployed)?;
    // A force that reported before it said so has been heard of since.
    let heard_at = order.heard_at().map_or(by.at, |at| at.max(by.at));
    let progress_due = Some(heard_at.plus_s(state.readiness.limits().progress_interval_s));
    let event = OrderDeployed { order: order.id, position, progress_due, by };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{arrive, is, order, ordered, refused};
    use super::DeployOrder;
    use crate::dispatch::OrderStep;

    /// Plan 4.1.4: a force that is at work says so once; a force whose order was cancelled is not at work.
    #[test]
    fn a_force_on_scene_goes_to_work() {
        let (mut town, fire, id) = ordered("huagong");
        town.does("huagong", arrive(id));
        town.does("huagong", DeployOrder { order: id, position: None });
        assert_eq!(order(&town, id).step, OrderStep::Deployed);
        is(
            &refused(&mut town, "huagong", DeployOrder { order: id, position: None }),
            "already_done",
            None,
            &[],
        );
        let other = town.ordered(fire, &["jijiu"])[0];
        let cancel = crate::dispatch::cancel_order::CancelOrder { order: other, reason: "误派".to_owned() };
        town.does("commander", cancel);
        is(
            &refused(&mut town, "jijiu", DeployOrder { order: other, position: None }),
            "wrong_status",
            None,
            &[],
        );
    }
}
