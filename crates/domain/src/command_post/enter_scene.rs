//! A group goes in (进入内场), Plan 4.1.5: the register says at each moment how many people of whom are inside.
//!
//! Going in without a safety officer, or against a withdrawal, is not refused, since a register that refuses the truth
//! loses people; it is marked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::SceneEntered;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::authority::Role;
use crate::context::{Actor, Context};
use crate::refusal::{FieldFault, Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, OrderId, Text, limits, text};

/// A group goes in.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterScene {
    /// At which incident.
    pub incident: IncidentId,
    /// Its order; a force names its own.
    #[serde(default)]
    pub order: Option<OrderId>,
    /// The group's name.
    pub group: Text,
    /// People.
    pub count: u32,
}

rule!(EnterScene, enter_scene, |a| Target::Incident(a.incident));

/// May this actor register a group of this order? A force registers its own people only.
pub fn allow<'a>(
    state: &'a State,
    actor: &Actor,
    incident: IncidentId,
    order: Option<OrderId>,
) -> Result<&'a IncidentFile, Refusal> {
    let file = crate::incident::open(state, incident)?;
    must_be_own(file, actor, ActKind::EnterScene, order)?;
    if let Some(order) = order.and_then(|id| file.dispatch.orders.get(&id))
        && !order.step.is_running()
    {
        let (act, what, status) = (ActKind::EnterScene, Thing::Order, order.step.code());
        return Err(Refusal::WrongStatus { act, what, status, needs: "departed|arrived|deployed" });
    }
    Ok(file)
}

/// A desk registers anybody's groups, a force those of its own order.
pub(super) fn must_be_own(
    file: &IncidentFile,
    actor: &Actor,
    act: ActKind,
    order: Option<OrderId>,
) -> Result<(), Refusal> {
    let named = match order {
        None => None,
        Some(id) => {
            let found = file.dispatch.orders.get(&id);
            Some(found.ok_or_else(|| Refusal::not_found(Thing::Order, id))?)
        }
    };
    if actor.role != Role::Force || named.is_some_and(|order| Some(&order.force) == actor.force.as_ref()) {
        return Ok(());
    }
    Err(Refusal::NotYours { act })
}

/// Registers it.
pub fn enter_scene(state: &State, ctx: &mut Context, act: EnterScene) -> Result<Decision, Refusal> {
    let file = allow(state, &ctx.actor, act.incident, act.order)?;
    let group = text::line("/group", &act.group)?;
    let inside = file.command.count_inside(&group, act.order);
    let room = limits::PEOPLE.saturating_sub(inside);
    if act.count == 0 || act.count > room {
        let fault = FieldFault::OutOfRange { least: 1, most: room.into() };
        return Err(Refusal::field("/count", fault));
    }
    if inside == 0 && file.command.inside.len() >= limits::GROUPS_INSIDE {
        let fault = FieldFault::TooMany { count: limits::GROUPS_INSIDE + 1, limit: limits::GROUPS_INSIDE };
        return Err(Refusal::field("/group", fault));
    }
    let event = SceneEntered {
        group,
        order: act.order,
        count: act.count,
        watched: file.command.safety_officer.is_some(),
        during: file.command.withdrawal_going_on().map(|withdrawal| withdrawal.id),
        by: ctx.report()?,
    };
    Ok(Decision::about(Resource::of("incident", act.incident, act.incident)).then(act.incident, event))
}
