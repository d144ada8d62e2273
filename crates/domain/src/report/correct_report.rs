//! Correcting a report (更正), Plan 4.3.1: a further version with its reason; the earlier ones stay as they were read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Corrected;
use super::state::Report;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::{Actor, Context};
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::ids::Fresh;
use crate::types::{IncidentId, ReportId, Text, limits, text};

/// A correction.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectReport {
    /// The report.
    pub report: ReportId,
    /// What it says now.
    pub text: Text,
    /// Why.
    pub why: Text,
}

rule!(CorrectReport, correct_report, |a| Target::of(Thing::Report, a.report));

/// May this actor correct it? Its own organisation may, and the bureau, which answers for what goes upward.
pub fn allow<'a>(
    state: &'a State,
    report: ReportId,
    actor: &Actor,
) -> Result<(IncidentId, &'a IncidentFile, &'a Report), Refusal> {
    let (incident, file, known) = find(state, report)?;
    if actor.org != known.filed_by && !actor.role.is_bureau() {
        return Err(Refusal::NotYours { act: ActKind::CorrectReport });
    }
    if known.versions.len() >= limits::VERSIONS_PER_REPORT {
        return Err(Refusal::Limit { what: Thing::Report, limit: limits::VERSIONS_PER_REPORT });
    }
    Ok((incident, file, known))
}

/// Adds the version.
pub fn correct_report(state: &State, ctx: &mut Context, act: CorrectReport) -> Result<Decision, Refusal> {
    let (incident, file, known) = allow(state, act.report, &ctx.actor)?;
    let confirmed = file.incident.confirmed_casualties.as_deref();
    let corrected = Corrected {
        report: act.report,
        version: known.version().saturating_add(1),
        text: Personal::new(incident, text::prose("/text", &act.text)?),
        why: Personal::new(incident, text::prose("/why", &act.why)?),
        casualties: confirmed.map(|c| c.figures),
        casualties_revision: confirmed.map(|c| c.revision),
        by: ctx.report()?,
    };
    Ok(Decision::about(Resource::of("report", act.report, incident)).then(incident, corrected))
}

/// The report and where it stands.
pub(super) fn find(state: &State, report: ReportId) -> Result<(IncidentId, &IncidentFile, &Report), Refusal> {
    let (incident, file) = state.incident_with(Thing::Report, report.ulid())?;
    let known = file.report.reports.get(&report);
    known
        .map(|known| (incident, file, known.as_ref()))
        .ok_or_else(|| Refusal::not_found(Thing::Report, report))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::stage::{Stage, report};
    use crate::report::Stage as ReportStage;

    /// Plan 4.3.1: a correction is a version of its own; what was read before can still be read.
    #[test]
    fn a_correction_overwrites_nothing() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        town.concerns(incident, "org-weijian");
        let id: ReportId = town.does("dept-weijian", report(incident, ReportStage::First)).parse().unwrap();
        let correct =
            |text: &str| CorrectReport { report: id, text: text.to_owned(), why: "地点有误".to_owned() };
        assert_eq!(
            town.is_refused("town-gangwan", correct("x")),
            Refusal::NotYours { act: ActKind::CorrectReport }
        );
        town.does("dept-weijian", correct("石岛油库二号罐起火"));
        town.does("bureau", correct("石岛油库二号、三号罐起火"));
        let known = town.file(incident).report.reports[&id].clone();
        let texts: Vec<_> = known.versions.iter().map(|v| v.text.reveal().unwrap().as_str()).collect();
        assert_eq!(texts, ["石岛油库三号罐起火，正在处置", "石岛油库二号罐起火", "石岛油库二号、三号罐起火"]);
        assert_eq!((known.version(), town.file(incident).report.counts().corrected), (3, 1));
        assert_eq!(
            town.is_refused("bureau", CorrectReport { why: String::new(), ..correct("x") }).code(),
            "field"
        );
    }
}
