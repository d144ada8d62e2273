//! Raising the dispatch grade (调派等级), Plan 4.1.3: one key, and only what is missing is proposed then.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::GradeRaised;
use super::query::{grade, open};
use crate::act::{Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{FieldFault, Refusal};
use crate::state::{IncidentFile, State};
use crate::types::IncidentId;

/// To a higher grade.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaiseGrade {
    /// The incident.
    pub incident: IncidentId,
    /// The new grade, up to 5.
    pub grade: u8,
}

rule!(RaiseGrade, raise_grade, |a| Target::Incident(a.incident));

/// May it be raised at all? At the highest grade it may not.
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = open(state, incident)?;
    match file.incident.grade {
        Some(now) if now >= 5 => Err(Refusal::field("/grade", FieldFault::NotHigher { now: i64::from(now) })),
        _ => Ok(file),
    }
}

/// Raises it.
pub fn raise_grade(state: &State, ctx: &mut Context, act: RaiseGrade) -> Result<Decision, Refusal> {
    let from = allow(state, act.incident)?.incident.grade;
    let to = grade("/grade", act.grade)?;
    if let Some(now) = from.filter(|now| to <= *now) {
        return Err(Refusal::field("/grade", FieldFault::NotHigher { now: i64::from(now) }));
    }
    let raised = GradeRaised { from, grade: to, by: ctx.report()? };
    let resource = Resource::of("incident", act.incident, act.incident);
    Ok(Decision::about(resource).then(act.incident, raised))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::stage::{Stage, fire_call};
    use crate::incident::take_call::TakeCall;

    /// Plan 4.1.3: one key, upward only.
    #[test]
    fn the_grade_only_goes_up() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let not_higher = |now| Refusal::field("/grade", FieldFault::NotHigher { now });
        assert_eq!(town.is_refused("dispatcher", RaiseGrade { incident, grade: 2 }), not_higher(2));
        town.does("dispatcher", RaiseGrade { incident, grade: 5 });
        assert_eq!(allow(&town.state, incident).unwrap_err(), not_higher(5));
        let refusal = town.is_refused("dispatcher", RaiseGrade { incident, grade: 6 });
        assert_eq!(refusal, not_higher(5));
        assert_eq!(town.file(incident).incident.grade, Some(5));
    }

    #[test]
    fn a_call_without_a_grade_gets_one() {
        let mut town = Stage::rongcheng();
        let incident = town.does("dispatcher", TakeCall { grade: None, ..fire_call() }).parse().unwrap();
        town.does("dispatcher", RaiseGrade { incident, grade: 1 });
        assert_eq!(town.file(incident).incident.grade, Some(1));
    }
}
