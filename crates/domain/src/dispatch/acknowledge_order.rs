//! A force takes its order (接令), Plan 4.1.4: on its terminal, or typed in for it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{find, people, step_allowed, when};
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
    let by = when(ctx, order, OrderStep::Acknowledged)?;
    let event = OrderAcknowledged {
        order: order.id,
        strength,
        eta_min: act.eta_min,
        depart_due: by.at.plus_s(order.depart_limit_s),
        by,
    };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{acknowledge, is, is_field, order, ordered, refused};
    use super::AcknowledgeOrder;
    use crate::dispatch::OrderStep;
    use crate::types::limits;

    /// Plan 4.1.4, 4.2.2: a force takes its order, says with how many, and its departure is due.
    #[test]
    fn a_force_takes_its_order() {
        let (mut town, _, id) = ordered("huagong");
        town.after_s(30)
            .does("huagong", AcknowledgeOrder { order: id, strength: Some(12), eta_min: Some(25) });
        let taken = order(&town, id);
        assert_eq!(
            (taken.step, taken.strength, taken.eta_min),
            (OrderStep::Acknowledged, Some(12), Some(25))
        );
        assert_eq!(taken.due, Some(town.now.plus_s(120)));
        is(&refused(&mut town, "huagong", acknowledge(id)), "already_done", None, &[]);
        town.clock_runs();
        assert_eq!(town.count("order.overdue"), 0);
    }

    /// Plan 4.2.2: whoever answers by radio or telephone is typed in by name, with when it happened: late typing is not
    /// late action.
    #[test]
    fn an_answer_typed_in_later_is_not_a_late_answer() {
        let (mut town, _, id) = ordered("huagong");
        is(&refused(&mut town, "dispatcher", acknowledge(id)), "on_behalf_missing", None, &[]);
        town.after_s(90).clock_runs();
        assert!(order(&town, id).overdue.is_some(), "the desk does not know yet");
        town.by_phone_for("荣成化工应急队值班员01").that_happened(-60).does("dispatcher", acknowledge(id));
        let taken = order(&town, id);
        assert_eq!(taken.overdue, None);
        let step = taken.steps.last().unwrap();
        assert_eq!((step.by.at, step.by.recorded_at), (town.now.plus_s(-60), town.now));
        assert_eq!(step.by.on_behalf_of.as_ref().unwrap().who, "荣成化工应急队值班员01");
        assert_eq!(step.by.by, "指挥中心值班调度员");
    }

    /// Plan 4.1.4: its own order only, with a number of people that can be true, at a time that can be true.
    #[test]
    fn an_answer_that_cannot_be_true_is_refused() {
        let (mut town, _, id) = ordered("huagong");
        is(&refused(&mut town, "jijiu", acknowledge(id)), "not_yours", None, &[]);
        let crowd = AcknowledgeOrder { order: id, strength: Some(limits::PEOPLE + 1), eta_min: None };
        is_field(&refused(&mut town, "huagong", crowd), "/strength");
        town.that_happened(61);
        is_field(&refused(&mut town, "huagong", acknowledge(id)), "/occurred_at");
        town.that_happened(-61);
        is_field(&refused(&mut town, "huagong", acknowledge(id)), "/occurred_at");
        // A phone's clock may lag by as much as it may run ahead.
        town.that_happened(-60).does("huagong", acknowledge(id));
    }

    /// Plan 4.1.4: a clock that runs ahead records no future.
    #[test]
    fn what_a_fast_clock_says_is_recorded_as_now() {
        let (mut town, _, id) = ordered("huagong");
        town.that_happened(60).does("huagong", acknowledge(id));
        assert_eq!(order(&town, id).at(OrderStep::Acknowledged), Some(town.now));
    }
}
