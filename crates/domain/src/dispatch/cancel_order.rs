//! An order is cancelled before arrival (中途返回), by whom commands (Plan 4.1.5).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{find, nobody_inside, step_allowed, when};
use super::{Order, OrderCancelled, OrderStep};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{OrderId, Text, text};

/// The force turns back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder {
    /// Which order.
    pub order: OrderId,
    /// Why.
    pub reason: Text,
}

rule!(CancelOrder, cancel_order, |a| Target::of(Thing::Order, a.order));

/// May this order take the step now? Not while its people are inside.
pub fn allow(file: &IncidentFile, order: &Order) -> Result<(), Refusal> {
    step_allowed(order, ActKind::CancelOrder, OrderStep::Cancelled)?;
    nobody_inside(file, order, ActKind::CancelOrder)
}

/// The force turns back.
pub fn cancel_order(state: &State, ctx: &mut Context, act: CancelOrder) -> Result<Decision, Refusal> {
    let (incident, file, order) = find(state, act.order)?;
    allow(file, order)?;
    let reason = Personal::new(incident, text::prose("/reason", &act.reason)?);
    let by = when(ctx, order, OrderStep::Cancelled)?;
    let event = OrderCancelled { order: order.id, reason, by };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{acknowledge, arrive, depart, is, is_field, order, ordered, refused};
    use super::CancelOrder;
    use crate::dispatch::OrderStep;
    use crate::types::OrderId;

    fn cancel(order: OrderId) -> CancelOrder {
        CancelOrder { order, reason: "火势已压制".to_owned() }
    }

    /// Plan 4.1.5: who commands turns a force back until it arrives.
    #[test]
    fn an_order_is_cancelled_until_arrival() {
        let (mut town, fire, id) = ordered("huagong");
        let silent = CancelOrder { order: id, reason: " ".to_owned() };
        is_field(&refused(&mut town, "commander", silent), "/reason");
        is(&refused(&mut town, "huagong", cancel(id)), "not_permitted", Some("4.1.5"), &[]);
        town.does("huagong", depart(id));
        town.does("dispatcher", cancel(id));
        assert_eq!((order(&town, id).step, order(&town, id).due), (OrderStep::Cancelled, None));
        assert!(town.state.engaged.is_empty());
        for refusal in
            [refused(&mut town, "huagong", acknowledge(id)), refused(&mut town, "huagong", arrive(id))]
        {
            is(&refusal, "wrong_status", None, &[]);
        }
        let second = town.ordered(fire, &["huagong"])[0];
        town.does("huagong", arrive(second));
        is(&refused(&mut town, "commander", cancel(second)), "wrong_status", None, &[]);
    }
}
