//! A group, or a part of it, comes out (撤出内场), Plan 4.1.5. Nobody comes out who was not inside.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::enter_scene::must_be_own;
use super::event::SceneLeft;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::{Actor, Context};
use crate::refusal::{FieldFault, Refusal};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, OrderId, Text, text};

/// A group comes out.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveScene {
    /// At which incident.
    pub incident: IncidentId,
    /// Its order, as it went in.
    #[serde(default)]
    pub order: Option<OrderId>,
    /// The group's name, as it went in.
    pub group: Text,
    /// People who came out.
    pub count: u32,
}

rule!(LeaveScene, leave_scene, |a| Target::Incident(a.incident));

/// May this actor take a group of this order out of the register? A force its own only.
pub fn allow<'a>(
    state: &'a State,
    actor: &Actor,
    incident: IncidentId,
    order: Option<OrderId>,
) -> Result<&'a IncidentFile, Refusal> {
    let file = crate::incident::open(state, incident)?;
    must_be_own(file, actor, ActKind::LeaveScene, order)?;
    Ok(file)
}

/// Registers that it came out.
pub fn leave_scene(state: &State, ctx: &mut Context, act: LeaveScene) -> Result<Decision, Refusal> {
    let file = allow(state, &ctx.actor, act.incident, act.order)?;
    let group = text::line("/group", &act.group)?;
    let inside = file.command.count_inside(&group, act.order);
    if inside == 0 {
        return Err(Refusal::field("/group", FieldFault::Unknown { value: group }));
    }
    if act.count == 0 || act.count > inside {
        return Err(Refusal::field("/count", FieldFault::OutOfRange { least: 1, most: inside.into() }));
    }
    let (count, remaining) = (act.count, inside - act.count);
    let event = SceneLeft { group, order: act.order, count, remaining, by: ctx.report()? };
    Ok(Decision::about(Resource::of("incident", act.incident, act.incident)).then(act.incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::enter_scene::EnterScene;
    use super::super::scenes::{is_refused, on_scene};
    use super::*;

    /// Plan 4.1.5: never fewer than nobody inside.
    #[test]
    fn nobody_comes_out_who_was_not_inside() {
        let (mut town, fire, orders) = on_scene();
        let order = Some(orders[0]);
        let leave = |order, count| LeaveScene { incident: fire, order, group: "堵漏组".to_owned(), count };
        town.does("huagong", EnterScene { incident: fire, order, group: " 堵漏组 ".to_owned(), count: 4 });
        is_refused(town.act("huagong", leave(order, 5)), "field", "1 至 4");
        is_refused(town.act("dispatcher", leave(None, 1)), "field", "堵漏组");
        is_refused(town.act("jijiu", leave(order, 1)), "not_yours", "撤出内场");
        town.does("huagong", leave(order, 1));
        town.does("dispatcher", leave(order, 3));
        is_refused(town.act("huagong", leave(order, 1)), "field", "堵漏组");
        assert_eq!(town.state.hot(fire).unwrap().command.people_inside(), 0);
    }
}
