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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::stage::Stage;

    /// Plan 4.1.5: declared once, by who commands, after somebody looked; the final report's clock starts.
    #[test]
    fn control_is_declared_once_the_call_is_known_to_be_real() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let refusal = town.is_refused("commander", ControlIncident { incident });
        assert_eq!(refusal.instead(), vec![crate::refusal::Instead(ActKind::VerifyCall)]);
        town.at("08:01").orders(incident, "shidao");
        assert_eq!(town.is_refused("bureau", ControlIncident { incident }).clause(), Some("4.1.5"));
        assert_eq!(town.is_refused("post", ControlIncident { incident }).code(), "not_in_command");
        town.at("09:00").tells_later("commander", "08:50", ControlIncident { incident });
        let known = town.file(incident).incident;
        let controlled = known.controlled.unwrap();
        assert_eq!(controlled.at.since_s(known.opened_at), 50 * 60);
        assert_eq!(controlled.recorded_at.since_s(known.opened_at), 3_600);
        assert_eq!(known.verified.unwrap().at, controlled.at, "a later step implies the earlier one");
        assert_eq!(known.final_report_due, Some(controlled.at.plus_s(7_200)));
        let again = town.is_refused("commander", ControlIncident { incident });
        assert_eq!(again, Refusal::AlreadyDone { act: ActKind::ControlIncident });
    }

    /// A force ordered afterwards (复燃) does not undo it.
    #[test]
    fn a_later_order_leaves_it_controlled() {
        let mut town = Stage::rongcheng();
        let incident = town.burnt_out();
        town.orders(incident, "yatou");
        assert_eq!(town.file(incident).incident.status, Status::Controlled);
    }
}
