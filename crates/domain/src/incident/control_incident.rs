//! Under control (受控), Plan 4.1.5: declared by whoever commands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Controlled;
use super::query::{not_before, open};
use super::state::Status;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::Refusal;
use crate::state::{IncidentFile, State};
use crate::types::IncidentId;

/// It is under control.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlIncident {
    /// The incident.
    pub incident: IncidentId,
}

rule!(ControlIncident, control_incident, |a| Target::Incident(a.incident));

/// May it be declared controlled now? A call that nobody has checked may not.
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = open(state, incident)?;
    match file.incident.status {
        Status::Controlled => Err(Refusal::AlreadyDone { act: ActKind::ControlIncident }),
        Status::Reported => Err(Refusal::FirstDo {
            act: ActKind::ControlIncident,
            first: ActKind::VerifyCall,
            clause: "4.1.3",
        }),
        _ => Ok(file),
    }
}

/// Declares it.
pub fn control_incident(state: &State, ctx: &mut Context, act: ControlIncident) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident)?;
    let by = ctx.report()?;
    not_before(&by, file.incident.first_order_at.unwrap_or(file.incident.received_at()))?;
    let final_report_due = by.at.plus_s(state.readiness.limits().final_report_limit_s);
    let controlled = Controlled { final_report_due, by };
    let resource = Resource::of("incident", act.incident, act.incident);
    Ok(Decision::about(resource).then(act.incident, controlled))
}
