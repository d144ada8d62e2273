//! Grading severity (未定级 … 特别重大), Plan 3.2: preliminary by either desk, confirmed by the bureau.
//!
//! An ungraded incident blocks nothing; a confirmed severity is changed only by another confirmation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SeverityGraded;
use super::query::open;
use super::state::{Severity, SeverityStage};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::authority::Role;
use crate::context::Context;
use crate::refusal::{Instead, Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::IncidentId;

/// A severity.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeSeverity {
    /// The incident.
    pub incident: IncidentId,
    /// The severity.
    pub severity: Severity,
    /// How firm it is.
    pub stage: SeverityStage,
}

rule!(GradeSeverity, grade_severity, |a| Target::Incident(a.incident));

/// May this role grade it at this stage?
pub fn allow(
    state: &State,
    incident: IncidentId,
    stage: SeverityStage,
    role: Role,
) -> Result<&IncidentFile, Refusal> {
    let file = open(state, incident)?;
    if stage == SeverityStage::Confirmed && !role.is_bureau() {
        return Err(Refusal::NotPermitted {
            act: ActKind::GradeSeverity,
            role,
            clause: "3.2",
            who_may: vec![Role::Bureau, Role::ShiftLeader, Role::Deputy],
            instead: vec![Instead(ActKind::AddNote)],
        });
    }
    let confirmed = file.incident.severity.is_some_and(|s| s.stage == SeverityStage::Confirmed);
    if confirmed && stage == SeverityStage::Preliminary {
        return Err(Refusal::WrongStatus {
            act: ActKind::GradeSeverity,
            what: Thing::Incident,
            status: "confirmed",
            needs: "preliminary",
        });
    }
    Ok(file)
}

/// Grades it.
pub fn grade_severity(state: &State, ctx: &mut Context, act: GradeSeverity) -> Result<Decision, Refusal> {
    allow(state, act.incident, act.stage, ctx.actor.role)?;
    let graded = SeverityGraded { severity: act.severity, stage: act.stage, by: ctx.report()? };
    let resource = Resource::of("incident", act.incident, act.incident);
    Ok(Decision::about(resource).then(act.incident, graded))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::stage::Stage;

    /// Plan 3.2: either desk says what it seems to be; the bureau says what it is.
    #[test]
    fn the_bureau_confirms_what_the_brigade_judged_first() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let graded = |severity, stage| GradeSeverity { incident, severity, stage };
        let (first, confirmed) = (SeverityStage::Preliminary, SeverityStage::Confirmed);
        town.does("dispatcher", graded(Severity::General, first));
        let refusal = town.is_refused("commander", graded(Severity::General, confirmed));
        assert_eq!((refusal.code(), refusal.clause()), ("not_permitted", Some("3.2")));
        town.does("bureau", graded(Severity::Serious, confirmed));
        assert_eq!(town.is_refused("dispatcher", graded(Severity::Major, first)).code(), "wrong_status");
        town.does("shift-leader", graded(Severity::Major, confirmed));
        let severity = town.file(incident).incident.severity.unwrap();
        assert_eq!((severity.value, severity.stage), (Severity::Major, confirmed));
    }
}
