//! A force cannot come; it says why (Plan 4.1.4). A force declines, the system refuses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{find, nobody_inside, step_allowed, when};
use super::{Order, OrderDeclined, OrderStep};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
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

/// May this order take the step now? Not while its people are inside.
pub fn allow(file: &IncidentFile, order: &Order) -> Result<(), Refusal> {
    step_allowed(order, ActKind::DeclineOrder, OrderStep::Declined)?;
    nobody_inside(file, order, ActKind::DeclineOrder)
}

/// The force cannot come.
pub fn decline_order(state: &State, ctx: &mut Context, act: DeclineOrder) -> Result<Decision, Refusal> {
    let (incident, file, order) = find(state, act.order)?;
    allow(file, order)?;
    let reason = Personal::new(incident, text::prose("/reason", &act.reason)?);
    let by = when(ctx, order, OrderStep::Declined)?;
    let event = OrderDeclined { order: order.id, reason, by };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{acknowledge, depart, file, is, is_field, order, ordered, refused};
    use super::DeclineOrder;
    use crate::dispatch::OrderStep;
    use crate::testing::slug;
    use crate::types::OrderId;

    fn decline(order: OrderId) -> DeclineOrder {
        DeclineOrder { order, reason: "车辆在修".to_owned() }
    }

    /// Plan 4.1.4: a force that cannot come says why; nothing is due any longer, and it may be ordered anew.
    #[test]
    fn a_force_declines_with_its_reason_and_is_free() {
        let (mut town, fire, id) = ordered("huagong");
        town.does("huagong", acknowledge(id));
        town.does("huagong", decline(id));
        let declined = order(&town, id);
        assert_eq!((declined.step, declined.due), (OrderStep::Declined, None));
        assert_eq!(declined.steps.last().unwrap().note.as_ref().unwrap().open.as_deref(), Some("车辆在修"));
        assert!(town.state.engaged.is_empty());
        assert!(file(&town, fire).dispatch.running_order_of(&slug("huagong")).is_none());
        let second = town.ordered(fire, &["huagong"])[0];
        assert_ne!(second, id);
    }

    /// Plan 4.1.4: declining needs a reason and comes before departure; after it, nothing follows.
    #[test]
    fn who_is_on_the_way_does_not_decline_and_who_declined_does_not_depart() {
        let (mut town, fire, id) = ordered("huagong");
        let silent = DeclineOrder { order: id, reason: String::new() };
        is_field(&refused(&mut town, "huagong", silent), "/reason");
        town.does("huagong", depart(id));
        is(&refused(&mut town, "huagong", decline(id)), "wrong_status", None, &[]);
        let other = town.ordered(fire, &["jijiu"])[0];
        town.by_phone_for("市医院急救队值班员01").does("dispatcher", decline(other));
        is(&refused(&mut town, "jijiu", decline(other)), "already_done", None, &[]);
        for refusal in
            [refused(&mut town, "jijiu", acknowledge(other)), refused(&mut town, "jijiu", depart(other))]
        {
            is(&refusal, "wrong_status", None, &[]);
        }
    }
}
