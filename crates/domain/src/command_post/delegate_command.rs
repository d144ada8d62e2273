//! The command post delegates command in some scope, Plan 4.1.5: to its rescue section, the brigade or an
//! organisation. What goes to the rescue section or the brigade, the brigade's desks may then order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::CommandDelegated;
use super::state::{Delegate, Holder};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::Refusal;
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Text, text};

/// The post delegates.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegateCommand {
    /// At which incident.
    pub incident: IncidentId,
    /// `rescue_section`, `brigade` or an organisation's id; a second delegation to the same replaces the first.
    pub to: Delegate,
    /// For what.
    pub scope: Text,
}

rule!(DelegateCommand, delegate_command, |a| Target::Incident(a.incident));

/// May command be delegated? Only a post has it to give.
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = crate::incident::open(state, incident)?;
    if file.command.holder == Holder::Post {
        return Ok(file);
    }
    let (act, first) = (ActKind::DelegateCommand, ActKind::EstablishPost);
    Err(Refusal::FirstDo { act, first, clause: "4.1.5" })
}

/// Delegates it.
pub fn delegate_command(state: &State, ctx: &mut Context, act: DelegateCommand) -> Result<Decision, Refusal> {
    allow(state, act.incident)?;
    if let Delegate::Org(org) = &act.to {
        state.org.org(org)?;
    }
    let event = CommandDelegated { to: act.to, scope: text::line("/scope", &act.scope)?, by: ctx.report()? };
    Ok(Decision::about(Resource::of("command_post", act.incident, act.incident)).then(act.incident, event))
}
