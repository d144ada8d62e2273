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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::confirm_casualties::ConfirmCasualties;
    use crate::incident::control_incident::ControlIncident;
    use crate::incident::count_casualties::CountCasualties;
    use crate::incident::stage::{Stage as Town, clock, report};
    use crate::readiness::DeadlineKind;
    use crate::report::{Report, ReportCounts};
    use crate::types::OrgId;

    fn newest(town: &Town, incident: IncidentId) -> Report {
        let file = town.file(incident);
        file.report.reports.values().next_back().unwrap().as_ref().clone()
    }

    /// Plan 3.3, 4.3.1: addressed to the government duty office, copied to bureau and brigade at the same time.
    #[test]
    fn a_report_goes_to_the_duty_office_and_both_desks() {
        let mut town = Town::rongcheng();
        let incident = town.fire();
        let refusal = town.is_refused("dept-weijian", report(incident, Stage::First));
        assert_eq!(refusal, Refusal::NotYours { act: ActKind::FileReport }, "it knows nothing of it");
        town.concerns(incident, "org-weijian");
        town.at("09:00").does("dept-weijian", report(incident, Stage::First));
        let first = newest(&town, incident);
        assert_eq!(first.addressed_to.as_str(), "org-zongzhiban");
        assert_eq!(
            first.copied_to.iter().map(OrgId::as_str).collect::<Vec<_>>(),
            ["org-yingji", "org-xiaofang"]
        );
        assert_eq!(first.filed_by.as_str(), "org-weijian");
        assert!(!first.late, "at the last second it is in time");
        assert_eq!(town.is_refused("shidao", report(incident, Stage::FollowUp)).clause(), Some("4.3.1"));
    }

    /// Plan 4.3.1: the first once, then follow-ups, the final one when it is controlled, and nothing after it.
    #[test]
    fn reports_come_in_their_order() {
        let mut town = Town::rongcheng();
        let incident = town.real_fire();
        assert_eq!(town.is_refused("bureau", report(incident, Stage::FollowUp)).code(), "wrong_status");
        assert_eq!(town.is_refused("bureau", report(incident, Stage::Final)).code(), "wrong_status");
        town.does("bureau", report(incident, Stage::First));
        let twice = Refusal::AlreadyDone { act: ActKind::FileReport };
        assert_eq!(town.is_refused("dispatcher", report(incident, Stage::First)), twice);
        town.does("dispatcher", report(incident, Stage::FollowUp));
        assert_eq!(town.is_refused("bureau", report(incident, Stage::Final)).code(), "first_do");
        town.does("commander", ControlIncident { incident });
        town.does("bureau", report(incident, Stage::Final));
        assert_eq!(town.is_refused("bureau", report(incident, Stage::FollowUp)), twice);
        assert_eq!(town.is_refused("bureau", report(incident, Stage::Final)), twice);
    }

    /// Plan 4.3.1: only confirmed figures go upward.
    #[test]
    fn only_confirmed_casualties_go_into_a_report() {
        let mut town = Town::rongcheng();
        let incident = town.fire();
        town.concerns(incident, "org-weijian");
        let count = CountCasualties {
            incident,
            dead: 1,
            missing: 0,
            badly_hurt: 0,
            hurt: 0,
            trapped: 0,
            moved: 0,
            source: "市卫健局".to_owned(),
            as_of: town.now,
        };
        town.does("dept-weijian", count.clone());
        town.does("bureau", report(incident, Stage::First));
        assert!(newest(&town, incident).versions[0].casualties.is_none());
        town.does("bureau", ConfirmCasualties { incident, revision: 1 });
        town.does("dept-weijian", CountCasualties { dead: 4, ..count });
        town.does("bureau", report(incident, Stage::FollowUp));
        let version = newest(&town, incident).versions[0].clone();
        assert_eq!((version.casualties.unwrap().dead, version.casualties_revision), (1, Some(1)));
    }

    /// Plan 4.3.1: what was made in time and typed later is not late; what was made late is, and both are counted.
    #[test]
    fn late_and_missing_reports_are_counted_by_when_they_were_made() {
        let mut town = Town::rongcheng();
        let incident = town.real_fire();
        assert!(town.at("09:00").clock_fires(incident, DeadlineKind::FirstReport));
        assert!(!town.at("09:01").clock_fires(incident, DeadlineKind::FirstReport), "marked once");
        town.tells_later("bureau", "08:59", report(incident, Stage::First));
        assert!(!newest(&town, incident).late);
        let due = town.due(incident, DeadlineKind::FollowUpReport).unwrap().due;
        assert_eq!(due, clock("09:59"), "an hour after the one before was made");
        town.at("10:00").does("bureau", report(incident, Stage::FollowUp));
        assert!(newest(&town, incident).late);
        let counts = town.file(incident).report.counts();
        assert_eq!(counts, ReportCounts { filed: 2, late: 1, missed: 1, corrected: 0 });
    }

    /// Plan 4.3.1: once controlled, the final report is what is due next.
    #[test]
    fn after_control_the_final_report_is_due() {
        let mut town = Town::rongcheng();
        let incident = town.real_fire();
        town.does("bureau", report(incident, Stage::First));
        town.does("commander", ControlIncident { incident });
        assert!(town.due(incident, DeadlineKind::FollowUpReport).is_none());
        assert!(town.at("10:00").clock_fires(incident, DeadlineKind::FinalReport));
        assert_eq!(town.file(incident).report.missed.last().unwrap().0, Stage::Final);
    }
}
