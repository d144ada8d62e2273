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

#[cfg(test)]
mod tests {
    use super::super::scenes::{is_refused, on_scene, post};
    use super::*;
    use crate::testing::slug;

    fn delegated(incident: IncidentId, to: &str) -> DelegateCommand {
        DelegateCommand { incident, to: to.parse().unwrap(), scope: "医疗救护".to_owned() }
    }

    /// Plan 4.1.5: only the post delegates; a second delegation to the same replaces the first.
    #[test]
    fn the_post_delegates_to_organisations_it_knows() {
        let (mut town, fire, _) = on_scene();
        is_refused(town.act("post", delegated(fire, "brigade")), "not_in_command", "消防救援大队");
        town.does("leader", post(fire));
        town.does("post", delegated(fire, "org-weijian"));
        town.does("post", delegated(fire, "org-weijian"));
        is_refused(town.act("post", delegated(fire, "org-nobody")), "not_found", "单位");
        let delegations = &town.state.hot(fire).unwrap().command.delegations;
        assert_eq!(delegations.len(), 1);
        assert_eq!(delegations[0].to, Delegate::Org(slug("org-weijian")));
    }

    #[test]
    fn a_delegation_is_one_word_in_the_interface() {
        let act: DelegateCommand = serde_json::from_str(
            r#"{"incident":"01KAX0000000000000000000AA","to":"rescue_section","scope":"抢险"}"#,
        )
        .unwrap();
        assert_eq!(act.to, Delegate::RescueSection);
        assert_eq!(serde_json::to_value(&act).unwrap()["to"], "rescue_section");
    }
}
