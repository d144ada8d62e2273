//! A force is on scene (到场), Plan 4.1.4.

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
    let by = when(ctx, order, OrderStep::Arrived)?;
    let deploy_due = Some(by.at.plus_s(state.readiness.limits().deploy_limit_s));
    let event = OrderArrived { order: order.id, strength, position, deploy_due, by };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{arrive, depart, is, is_field, order, ordered, refused};
    use super::ArriveOrder;
    use crate::dispatch::OrderStep;
    use crate::dispatch::depart_order::DepartOrder;
    use crate::types::Point;

    /// Plan 4.1.4: what a terminal queued without network arrives in any order, and the order is where the force is.
    #[test]
    fn steps_that_arrive_out_of_order_end_where_the_force_is() {
        let (mut town, _, id) = ordered("huagong");
        town.after_s(1800).that_happened(-60).does("huagong", arrive(id));
        town.that_happened(-1500).does("huagong", depart(id));
        let known = order(&town, id);
        assert_eq!(known.step, OrderStep::Arrived);
        assert_eq!(known.at(OrderStep::Departed), Some(town.now.plus_s(-1500)));
        is(&refused(&mut town, "huagong", arrive(id)), "already_done", None, &[]);
    }

    /// Plan 4.1.4: what is told late neither moves a force back nor counts its people again.
    #[test]
    fn a_departure_told_late_does_not_move_the_force_back() {
        let (mut town, _, id) = ordered("huagong");
        let (base, scene) = (Point { lon: 122.44, lat: 37.16 }, Point { lon: 122.417, lat: 36.885 });
        town.after_s(1800).that_happened(-60);
        town.does("huagong", ArriveOrder { order: id, strength: Some(12), position: Some(scene) });
        town.that_happened(-1500);
        town.does("huagong", DepartOrder { order: id, strength: Some(14), position: Some(base) });
        let known = order(&town, id);
        assert_eq!((known.strength, known.position), (Some(12), Some(scene)));
        assert_eq!(known.position_at, Some(town.now.plus_s(-60)));
    }

    /// Plan 4.1.4: nobody arrives before he was ordered, nor more than two days ago.
    #[test]
    fn nobody_arrives_before_the_order() {
        let (mut town, _, id) = ordered("huagong");
        town.after_s(600).that_happened(-661);
        is_field(&refused(&mut town, "huagong", arrive(id)), "/occurred_at");
        town.that_happened(-660).does("huagong", arrive(id));
        let (mut town, _, id) = ordered("huagong");
        town.after_s(48 * 3600 + 1).that_happened(-48 * 3600 - 1);
        is_field(&refused(&mut town, "huagong", arrive(id)), "/occurred_at");
    }
}
