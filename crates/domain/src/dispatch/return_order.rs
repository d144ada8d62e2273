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
    for used in &act.consumables {
        text::line("/consumables/name", &used.name)?;
        text::line("/consumables/unit", &used.unit)?;
    }
    let note = text::prose_opt("/note", act.note.as_deref())?;
    let event = OrderReturned {
        order: order.id,
        worked_min: act.worked_min,
        consumables: act.consumables,
        confirmed_by: text::line_opt("/confirmed_by", act.confirmed_by.as_deref())?,
        note: note.map(|n| Personal::new(incident, n)),
        by: when(ctx, order)?,
    };
    Ok(Decision::about(Resource::of("order", order.id, incident)).then(incident, event))
}
