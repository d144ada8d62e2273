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
