//! Compiling the situation (情况专报), Plan 4.1.5: the bureau puts together what the brigade and all others report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SituationCompiled;
use crate::act::{Decision, Resource, Target, rule};
use crate::context::Context;
use crate::incident;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, SituationReportId, Text, limits, text};

/// A situation report.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompileSituationReport {
    /// The incident.
    pub incident: IncidentId,
    /// What it says.
    pub text: Text,
}

rule!(CompileSituationReport, compile_situation_report, |a| Target::Incident(a.incident));

/// May one be compiled?
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = incident::open(state, incident)?;
    if file.report.situation.len() >= limits::REPORTS_PER_INCIDENT {
        return Err(Refusal::Limit { what: Thing::SituationReport, limit: limits::REPORTS_PER_INCIDENT });
    }
    Ok(file)
}

/// Compiles it under the next number.
pub fn compile_situation_report(
    state: &State,
    ctx: &mut Context,
    act: CompileSituationReport,
) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident)?;
    let last = file.report.situation.values().map(|s| s.number).max().unwrap_or(0);
    let by = ctx.report()?;
    // What is told late does not move the next one back.
    let newest = file.report.situation.values().all(|s| s.by.at < by.at);
    let situation_report: SituationReportId = ctx.fresh();
    let compiled = SituationCompiled {
        situation_report,
        number: last.saturating_add(1),
        text: Personal::new(act.incident, text::prose("/text", &act.text)?),
        casualties: file.incident.confirmed_casualties.as_deref().map(|c| c.figures),
        next_due: newest.then(|| by.at.plus_s(state.readiness.limits().situation_report_interval_s)),
        by,
    };
    let resource = Resource::of("situation_report", situation_report, act.incident);
    Ok(Decision::about(resource).then(act.incident, compiled))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::control_incident::ControlIncident;
    use crate::incident::stage::Stage;
    use crate::readiness::DeadlineKind;

    /// Plan 4.1.5: the bureau compiles, under running numbers of the incident.
    #[test]
    fn situation_reports_are_numbered_within_the_incident() {
        let mut town = Stage::rongcheng();
        let (first, second) = (town.fire(), town.fire());
        let compile = |incident| CompileSituationReport { incident, text: "综合研判".to_owned() };
        town.does("bureau", compile(first));
        town.does("shift-leader", compile(first));
        town.does("bureau", compile(second));
        let numbers =
            |incident| town.file(incident).report.situation.values().map(|s| s.number).collect::<Vec<_>>();
        assert_eq!((numbers(first), numbers(second)), (vec![1, 2], vec![1]));
        assert_eq!(town.is_refused("dispatcher", compile(first)).clause(), Some("4.1.5"));
    }

    /// Plan 4.1.5: the bureau goes on judging the situation until it is controlled: the next report is due after the last.
    #[test]
    fn the_next_situation_report_is_due_until_it_is_controlled() {
        let mut town = Stage::rongcheng();
        let fire = town.real_fire();
        let compile = CompileSituationReport { incident: fire, text: "综合研判".to_owned() };
        assert!(
            town.due(fire, DeadlineKind::SituationReport).is_none(),
            "the first one is the bureau's to begin"
        );
        town.tells_later("bureau", "07:59", compile.clone());
        assert!(!town.at("09:58").clock_fires(fire, DeadlineKind::SituationReport));
        assert!(town.at("09:59").clock_fires(fire, DeadlineKind::SituationReport));
        assert!(!town.at("11:00").clock_fires(fire, DeadlineKind::SituationReport), "marked once");
        town.does("bureau", compile);
        town.does("commander", ControlIncident { incident: fire });
        assert!(!town.at("13:00").clock_fires(fire, DeadlineKind::SituationReport));
    }
}
