//! A force leaves its base (出动), Plan 4.1.4.

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
    let by = when(ctx, order, OrderStep::Departed)?;
    let event = OrderDeparted {
        order: order.id,
        strength,
        position,
        arrive_due: by.at.plus_s(order.arrive_limit_s),
        by,
    };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{acknowledge, arrive, depart, is, order, ordered, refused};
    use super::DepartOrder;
    use crate::dispatch::OrderStep;
    use crate::types::Point;

    /// Plan 4.1.4: a later step implies the earlier ones; an earlier one that is told late is kept and does not go back.
    #[test]
    fn a_later_step_implies_the_earlier_ones() {
        let (mut town, _, id) = ordered("huagong");
        town.after_s(40).does("huagong", depart(id));
        assert_eq!(order(&town, id).step, OrderStep::Departed);
        town.after_s(100).clock_runs();
        assert_eq!(town.count("order.overdue"), 0, "who is on the way has taken the order");
        town.after_s(1200).does("huagong", arrive(id));
        town.after_s(60).that_happened(-1375).does("huagong", acknowledge(id));
        let known = order(&town, id);
        let deploy_due = Some(town.now.plus_s(540));
        assert_eq!((known.step, known.due), (OrderStep::Arrived, deploy_due));
        let steps: Vec<_> = known.steps.iter().map(|s| s.step.code()).collect();
        assert_eq!(
            steps,
            ["issued", "departed", "arrived", "acknowledged"],
            "in the order in which they were told"
        );
        assert!(known.at(OrderStep::Acknowledged) < known.at(OrderStep::Departed));
        is(&refused(&mut town, "huagong", depart(id)), "already_done", None, &[]);
    }

    /// Plan 4.1.4: a force says where it is, and that must be a place on earth.
    #[test]
    fn a_position_that_is_not_on_earth_is_refused() {
        let (mut town, _, id) = ordered("huagong");
        let nowhere =
            DepartOrder { order: id, strength: None, position: Some(Point { lon: 122.4, lat: 91.0 }) };
        super::super::scenes::is_field(&refused(&mut town, "huagong", nowhere), "/position");
        let here = Point { lon: 122.44, lat: 37.16 };
        town.does("huagong", DepartOrder { order: id, strength: Some(9), position: Some(here) });
        let known = order(&town, id);
        assert_eq!((known.strength, known.position), (Some(9), Some(here)));
        assert_eq!(known.due, Some(town.now.plus_s(known.arrive_limit_s)));
    }
}
