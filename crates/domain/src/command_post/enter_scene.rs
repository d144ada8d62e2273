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

/// The steps at which an order binds its force: a group goes in whatever of them was recorded.
const RUNNING: &str = "issued|received|acknowledged|departed|arrived|deployed";

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
        return Err(Refusal::WrongStatus { act, what, status, needs: RUNNING });
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

#[cfg(test)]
mod tests {
    use super::super::appoint_safety_officer::AppointSafetyOfficer;
    use super::super::order_withdrawal::OrderWithdrawal;
    use super::super::scenes::{is_refused, on_scene};
    use super::*;
    use crate::dispatch::release_order::ReleaseOrder;
    use crate::testing::Town;

    fn inside(incident: IncidentId, order: Option<OrderId>, count: u32) -> EnterScene {
        EnterScene { incident, order, group: "堵漏组".to_owned(), count }
    }

    fn last(town: &Town) -> SceneEntered {
        match &town.journal.last().unwrap().event {
            crate::Event::CommandPost(super::super::Event::SceneEntered(e)) => e.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Plan 4.1.5: the register takes the truth and marks what is dangerous about it.
    #[test]
    fn going_in_unwatched_or_against_a_withdrawal_is_registered_and_marked() {
        let (mut town, fire, orders) = on_scene();
        town.does("huagong", inside(fire, Some(orders[0]), 4));
        assert!(!last(&town).watched);
        town.does("commander", AppointSafetyOfficer { incident: fire, who: "石岛站副站长".to_owned() });
        town.does("dispatcher", inside(fire, Some(orders[0]), 2));
        assert!(last(&town).watched && last(&town).during.is_none());
        town.does("commander", OrderWithdrawal { incident: fire, reason: None });
        town.does("huagong", inside(fire, Some(orders[0]), 1));
        assert!(last(&town).during.is_some());
        assert_eq!(town.state.hot(fire).unwrap().command.count_inside("堵漏组", Some(orders[0])), 7);
    }

    #[test]
    fn a_force_registers_its_own_people_and_somebody_at_least() {
        let (mut town, fire, orders) = on_scene();
        is_refused(town.act("huagong", inside(fire, Some(orders[1]), 1)), "not_yours", "进入内场");
        is_refused(town.act("huagong", inside(fire, None, 1)), "not_yours", "进入内场");
        is_refused(town.act("huagong", inside(fire, Some(orders[0]), 0)), "field", "人数");
        is_refused(town.act("dispatcher", inside(fire, None, limits::PEOPLE + 1)), "field", "人数");
        town.does("commander", ReleaseOrder { order: orders[0], note: None });
        let late = town.act("huagong", inside(fire, Some(orders[0]), 1));
        is_refused(late.clone(), "wrong_status", "可归队");
        is_refused(late, "wrong_status", "已下达、已送达、已接令、已出动、已到场、已展开");
    }
}
