//! Appointing the safety officer (安全员), Plan 4.1.5: who watches those inside.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::SafetyOfficerAppointed;
use crate::act::{Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::Refusal;
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Text, text};

/// Somebody watches over safety.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppointSafetyOfficer {
    /// At which incident.
    pub incident: IncidentId,
    /// The position.
    pub who: Text,
}

rule!(AppointSafetyOfficer, appoint_safety_officer, |a| Target::Incident(a.incident));

/// May one be appointed? At any time while the incident is open; a new one takes the place of the old.
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    crate::incident::open(state, incident)
}

/// Appoints him.
pub fn appoint_safety_officer(
    state: &State,
    ctx: &mut Context,
    act: AppointSafetyOfficer,
) -> Result<Decision, Refusal> {
    allow(state, act.incident)?;
    let event = SafetyOfficerAppointed { who: text::line("/who", &act.who)?, by: ctx.report()? };
    Ok(Decision::about(Resource::of("incident", act.incident, act.incident)).then(act.incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{is_refused, on_scene, post};
    use super::*;

    /// Plan 4.1.5: who commands appoints; a new one takes the place of the old.
    #[test]
    fn a_safety_officer_watches_and_may_be_relieved() {
        let (mut town, fire, _) = on_scene();
        let appointed = |who: &str| AppointSafetyOfficer { incident: fire, who: who.to_owned() };
        town.does("commander", appointed("石岛站副站长"));
        is_refused(town.act("post", appointed("崖头站站长")), "not_in_command", "消防救援大队");
        town.does("leader", post(fire));
        town.does("post", appointed("崖头站站长"));
        let command = &town.state.hot(fire).unwrap().command;
        assert_eq!(command.safety_officer.as_deref(), Some("崖头站站长"));
        is_refused(town.act("commander", appointed("  ")), "field", "未填写");
    }
}
