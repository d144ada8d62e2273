//! Filing an information report (首报、续报、终报), Plan 4.3.1: to the government duty office, copied at the same time to
//! bureau and brigade, with confirmed casualties only.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Filed;
use super::deadlines::next_due;
use super::state::Stage;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::incident::{self, Status};
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, ReportId, Text, Time, limits, text};

/// A report.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileReport {
    /// The incident.
    pub incident: IncidentId,
    /// Which.
    pub stage: Stage,
    /// What it says.
    pub text: Text,
    /// Told by telephone first (电话报告).
    #[serde(default)]
    pub by_phone: bool,
}

rule!(FileReport, file_report, |a| Target::Incident(a.incident));

/// May a report of this stage be filed now? The first once, follow-ups after it, the final one once controlled.
pub fn allow(state: &State, incident: IncidentId, stage: Stage) -> Result<&IncidentFile, Refusal> {
    let file = incident::open(state, incident)?;
    let (act, reports) = (ActKind::FileReport, &file.report);
    if reports.reports.len() >= limits::REPORTS_PER_INCIDENT {
        return Err(Refusal::Limit { what: Thing::Report, limit: limits::REPORTS_PER_INCIDENT });
    }
    if reports.has(Stage::Final) || (stage == Stage::First && reports.has(Stage::First)) {
        return Err(Refusal::AlreadyDone { act });
    }
    if stage != Stage::First && !reports.has(Stage::First) {
        return Err(Refusal::WrongStatus { act, what: Thing::Report, status: "none", needs: "first" });
    }
    if stage == Stage::Final && file.incident.status != Status::Controlled {
        return Err(Refusal::FirstDo { act, first: ActKind::ControlIncident, clause: "4.3.1" });
    }
    Ok(file)
}

/// Files it.
pub fn file_report(state: &State, ctx: &mut Context, act: FileReport) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident, act.stage)?;
    let (by, limits) = (ctx.report()?, state.readiness.limits());
    let offices = state.jurisdiction.offices()?;
    let due = due_of(file, act.stage);
    let confirmed = file.incident.confirmed_casualties.as_deref();
    let report: ReportId = ctx.fresh();
    let filed = Filed {
        report,
        stage: act.stage,
        text: Personal::new(act.incident, text::prose("/text", &act.text)?),
        by_phone: act.by_phone,
        casualties: confirmed.map(|c| c.figures),
        casualties_revision: confirmed.map(|c| c.revision),
        addressed_to: offices.duty_office.clone(),
        copied_to: vec![offices.bureau.clone(), offices.brigade.clone()],
        filed_by: ctx.actor.org.clone(),
        due,
        late: due.is_some_and(|due| by.at > due),
        // The office can read it only once it is there.
        read_due: by.recorded_at.plus_s(limits.report_read_limit_s),
        next_due: (act.stage != Stage::Final).then(|| by.at.plus_s(limits.follow_up_interval_s)),
        by,
    };
    Ok(Decision::about(Resource::of("report", report, act.incident)).then(act.incident, filed))
}

/// When this report was due: a follow-up that comes before it is asked for is in time.
fn due_of(file: &IncidentFile, stage: Stage) -> Option<Time> {
    next_due(file).filter(|(next, _)| *next == stage).map(|(_, due)| due)
}
