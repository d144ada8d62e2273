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
