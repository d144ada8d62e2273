//! Command rises to the superior brigade (提级指挥), Plan 4.1.4 and 4.1.5: it takes the brigade's place; a command
//! post of the city keeps its own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::establish_post::taking_over;
use super::event::{CommandRaised, CommandTakenOver};
use super::state::Holder;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::org::OrgKind;
use crate::refusal::{FieldFault, Refusal};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, OrgId, Text, text};

/// The superior takes command.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaiseCommand {
    /// At which incident.
    pub incident: IncidentId,
    /// The superior brigade.
    pub to: OrgId,
    /// The position that commands.
    pub commander: Text,
}

rule!(RaiseCommand, raise_command, |a| Target::Incident(a.incident));

/// May command rise? Once, and only the brigade's.
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = crate::incident::open(state, incident)?;
    let act = ActKind::RaiseCommand;
    match file.command.holder {
        Holder::Brigade => Ok(file),
        Holder::Superior => Err(Refusal::AlreadyDone { act }),
        Holder::Post => {
            Err(Refusal::NotInCommand { act, holder: file.command.holder_name(), instead: Vec::new() })
        }
    }
}

/// Raises it.
pub fn raise_command(state: &State, ctx: &mut Context, act: RaiseCommand) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident)?;
    let org = state.org.org(&act.to)?;
    if org.kind != OrgKind::Superior {
        return Err(Refusal::field("/to", FieldFault::Unknown { value: org.short.clone() }));
    }
    let by = taking_over(file, ctx)?;
    let commander = text::line("/commander", &act.commander)?;
    let name = org.name.clone();
    let raised =
        CommandRaised { to: act.to, name: name.clone(), commander: commander.clone(), by: by.clone() };
    let taken_over = CommandTakenOver { holder: Holder::Superior, name, commander, by };
    Ok(Decision::about(Resource::of("incident", act.incident, act.incident))
        .then(act.incident, raised)
        .then(act.incident, taken_over))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{is_refused, on_scene, post};
    use super::*;
    use crate::dispatch::release_order::ReleaseOrder;
    use crate::testing::slug;

    fn raised(incident: IncidentId, to: &str) -> RaiseCommand {
        RaiseCommand { incident, to: slug(to), commander: "支队值班指挥长".to_owned() }
    }

    /// 提级指挥: the superior commands through the brigade's desks; the city's post can still take over.
    #[test]
    fn command_rises_and_the_brigade_executes() {
        let (mut town, fire, orders) = on_scene();
        let typed = town.by_phone_for("支队指挥中心");
        typed.does("dispatcher", raised(fire, "org-weihai-xiaofang"));
        let command = &town.state.hot(fire).unwrap().command;
        assert_eq!(
            (command.holder, command.holder_name().as_str()),
            (Holder::Superior, "威海市消防救援支队")
        );
        town.does("commander", ReleaseOrder { order: orders[0], note: None });
        let again = town.by_phone_for("支队指挥中心").act("bureau", raised(fire, "org-weihai-xiaofang"));
        is_refused(again, "already_done", "提级指挥");
        town.does("leader", post(fire));
        let late = town.by_phone_for("支队指挥中心").act("bureau", raised(fire, "org-weihai-xiaofang"));
        is_refused(late, "not_in_command", "现场指挥部");
    }

    #[test]
    fn command_rises_to_a_superior_and_to_nobody_else() {
        let (mut town, fire, _) = on_scene();
        is_refused(town.act("dispatcher", raised(fire, "org-weihai-xiaofang")), "on_behalf_missing", "代录");
        let sideways = town.by_phone_for("市公安局").act("dispatcher", raised(fire, "org-gongan"));
        is_refused(sideways, "field", "市公安局");
    }
}
