//! The order is shown at the force (Plan 4.1.4): the terminal says so by itself. Being shown is no answer.

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
    let by = when(ctx, order, OrderStep::Received)?;
    let event = OrderReceived { order: order.id, by };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{is, order, ordered, refused};
    use super::ReceiveOrder;
    use crate::dispatch::{Escalation, OrderStep};

    /// Plan 4.1.4, 4.2.2: being shown is no answer: the acknowledgement stays due, and late stays late.
    #[test]
    fn an_order_that_is_shown_is_not_answered() {
        let (mut town, _, id) = ordered("huagong");
        let due = order(&town, id).due;
        town.after_s(60).clock_runs();
        town.does("huagong", ReceiveOrder { order: id });
        let shown = order(&town, id);
        assert_eq!(shown.step, OrderStep::Received);
        assert_eq!(shown.overdue.as_ref().map(|o| o.level), Some(Escalation::SecondContact));
        assert_ne!(shown.due, due, "the next level still follows");
        town.after_s(60).clock_runs();
        assert_eq!(order(&town, id).overdue.as_ref().map(|o| o.level), Some(Escalation::Telephone));
    }

    /// Plan 4.1.4: only the force's own terminal shows its order, and says so once.
    #[test]
    fn only_the_own_terminal_says_that_it_is_shown() {
        let (mut town, _, id) = ordered("huagong");
        is(&refused(&mut town, "jijiu", ReceiveOrder { order: id }), "not_yours", None, &[]);
        is(
            &refused(&mut town, "dispatcher", ReceiveOrder { order: id }),
            "not_permitted",
            Some("4.1.4"),
            &[],
        );
        town.does("huagong", super::super::scenes::acknowledge(id));
        town.does("huagong", ReceiveOrder { order: id });
        assert_eq!(order(&town, id).step, OrderStep::Acknowledged, "told late, it does not go back");
        is(&refused(&mut town, "huagong", ReceiveOrder { order: id }), "already_done", None, &[]);
    }
}
