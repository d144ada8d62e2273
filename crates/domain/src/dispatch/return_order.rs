//! A force is back (归队) and hands in its return form: evidence for compensation (Plan 5.1).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::{find, step_allowed, when};
use super::{Consumable, Order, OrderReturned, OrderStep};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{FieldFault, Refusal, Thing};
use crate::state::State;
use crate::types::{OrderId, Text, limits, text};

/// The force is back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnOrder {
    /// Which order.
    pub order: OrderId,
    /// Minutes at work.
    #[serde(default)]
    pub worked_min: Option<u32>,
    /// What was used up.
    #[serde(default)]
    pub consumables: Vec<Consumable>,
    /// Who confirmed it on scene, by position.
    #[serde(default)]
    pub confirmed_by: Option<Text>,
    /// A remark.
    #[serde(default)]
    pub note: Option<Text>,
}

rule!(ReturnOrder, return_order, |a| Target::of(Thing::Order, a.order));

/// Back it can be when it was released, or turned back on the way.
pub fn allow(order: &Order) -> Result<(), Refusal> {
    match order.step {
        OrderStep::Released | OrderStep::Cancelled | OrderStep::Returned => {
            step_allowed(order, ActKind::ReturnOrder, OrderStep::Returned)
        }
        step => Err(Refusal::WrongStatus {
            act: ActKind::ReturnOrder,
            what: Thing::Order,
            status: step.code(),
            needs: "released|cancelled",
        }),
    }
}

/// The force is back.
pub fn return_order(state: &State, ctx: &mut Context, act: ReturnOrder) -> Result<Decision, Refusal> {
    let (incident, _, order) = find(state, act.order)?;
    allow(order)?;
    let count = act.consumables.len();
    if count > limits::CONSUMABLES_PER_RETURN {
        let fault = FieldFault::TooMany { count, limit: limits::CONSUMABLES_PER_RETURN };
        return Err(Refusal::field("/consumables", fault));
    }
    for (i, used) in act.consumables.iter().enumerate() {
        text::line(&format!("/consumables/{i}/name"), &used.name)?;
        text::line(&format!("/consumables/{i}/unit"), &used.unit)?;
    }
    let note = text::prose_opt("/note", act.note.as_deref())?;
    let event = OrderReturned {
        order: order.id,
        worked_min: act.worked_min,
        consumables: act.consumables,
        confirmed_by: text::line_opt("/confirmed_by", act.confirmed_by.as_deref())?,
        note: note.map(|n| Personal::new(incident, n)),
        by: when(ctx, order, OrderStep::Returned)?,
    };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{is, is_field, order, ordered, refused};
    use super::ReturnOrder;
    use crate::dispatch::cancel_order::CancelOrder;
    use crate::dispatch::release_order::ReleaseOrder;
    use crate::dispatch::{Consumable, OrderStep};
    use crate::types::{OrderId, limits};

    fn back(order: OrderId, used: usize) -> ReturnOrder {
        let foam = Consumable { name: "泡沫液".to_owned(), quantity: 600, unit: "千克".to_owned() };
        ReturnOrder {
            order,
            worked_min: Some(95),
            consumables: vec![foam; used],
            confirmed_by: Some("前方指挥部".to_owned()),
            note: None,
        }
    }

    /// Plan 5.1: a force that was released hands in hours and consumables, once: evidence for compensation.
    #[test]
    fn a_released_force_hands_in_its_return_form() {
        let (mut town, _, id) = ordered("huagong");
        is(&refused(&mut town, "huagong", back(id, 1)), "wrong_status", None, &[]);
        town.does("commander", ReleaseOrder { order: id, note: None });
        town.after_s(86_399).does("huagong", back(id, 1));
        let known = order(&town, id);
        let form = known.return_form.as_ref().unwrap();
        assert_eq!((known.step, known.due), (OrderStep::Returned, None));
        assert_eq!((form.worked_min, form.consumables[0].quantity), (Some(95), 600));
        is(&refused(&mut town, "huagong", back(id, 1)), "already_done", None, &[]);
        town.after_s(1).clock_runs();
        assert_eq!(town.count("order.overdue"), 0);
    }

    /// Plan 5.1: who turned back on the way has used something too; who declined has not.
    #[test]
    fn a_force_that_turned_back_hands_in_its_form_too() {
        let (mut town, fire, id) = ordered("huagong");
        town.does("commander", CancelOrder { order: id, reason: "火已扑灭".to_owned() });
        town.does("huagong", back(id, 0));
        assert_eq!(order(&town, id).step, OrderStep::Cancelled, "it stays visible that it turned back");
        is(&refused(&mut town, "huagong", back(id, 0)), "already_done", None, &[]);
        let other = town.ordered(fire, &["jijiu"])[0];
        town.does(
            "jijiu",
            crate::dispatch::decline_order::DeclineOrder { order: other, reason: "无车".to_owned() },
        );
        is(&refused(&mut town, "jijiu", back(other, 0)), "wrong_status", None, &[]);
    }

    /// Plan 5.1: the form has a limit and says so.
    #[test]
    fn a_form_of_too_many_lines_is_refused_not_cut() {
        let (mut town, _, id) = ordered("huagong");
        town.does("commander", ReleaseOrder { order: id, note: None });
        is_field(
            &refused(&mut town, "huagong", back(id, limits::CONSUMABLES_PER_RETURN + 1)),
            "/consumables",
        );
        let nameless = ReturnOrder {
            consumables: vec![Consumable { name: String::new(), quantity: 1, unit: "个".to_owned() }],
            ..back(id, 0)
        };
        is_field(&refused(&mut town, "huagong", nameless), "/consumables/0/name");
        town.does("huagong", back(id, limits::CONSUMABLES_PER_RETURN));
    }
}
