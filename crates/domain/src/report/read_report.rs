//! Reading a report (已阅), Plan 4.3.1: who has read it is seen by who sent it. Once per account and version.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Read;
use super::correct_report::find;
use super::state::Report;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{AccountId, IncidentId, ReportId};

/// It is read.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadReport {
    /// The report.
    pub report: ReportId,
}

rule!(ReadReport, read_report, |a| Target::of(Thing::Report, a.report));

/// Has this account its newest version still to read?
pub fn allow<'a>(
    state: &'a State,
    report: ReportId,
    account: &AccountId,
) -> Result<(IncidentId, &'a Report), Refusal> {
    let (incident, _, known) = find(state, report)?;
    let version = known.version();
    if known.read_by.iter().any(|reading| reading.version == version && reading.by.account == *account) {
        return Err(Refusal::AlreadyDone { act: ActKind::ReadReport });
    }
    Ok((incident, known))
}

/// Marks it as read.
pub fn read_report(state: &State, ctx: &mut Context, act: ReadReport) -> Result<Decision, Refusal> {
    let (incident, known) = allow(state, act.report, &ctx.actor.account)?;
    let read =
        Read { report: act.report, version: known.version(), org: ctx.actor.org.clone(), by: ctx.report()? };
    Ok(Decision::about(Resource::of("report", act.report, incident)).then(incident, read))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::stage::{Stage, report};
    use crate::readiness::DeadlineKind;
    use crate::report::Stage as ReportStage;
    use crate::report::correct_report::CorrectReport;

    /// Plan 4.3.1: each account reads each version once.
    #[test]
    fn a_report_is_read_once_per_account_and_again_after_a_correction() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let id = town.does("bureau", report(incident, ReportStage::First)).parse().unwrap();
        town.does("govt", ReadReport { report: id });
        assert_eq!(
            town.is_refused("govt", ReadReport { report: id }),
            Refusal::AlreadyDone { act: ActKind::ReadReport }
        );
        town.does("dispatcher", ReadReport { report: id });
        town.does("bureau", CorrectReport { report: id, text: "更正".to_owned(), why: "笔误".to_owned() });
        town.does("govt", ReadReport { report: id });
        let known = town.file(incident).report.reports[&id].clone();
        let read: Vec<_> = known.read_by.iter().map(|r| (r.by.account.as_str(), r.version)).collect();
        assert_eq!(read, [("govt", 1), ("dispatcher", 1), ("govt", 2)]);
        assert_eq!(town.is_refused("dept-weijian", ReadReport { report: id }).clause(), Some("4.3.1"));
    }

    /// Plan 4.3.1: a copy that was read at a desk does not stand for the office it is addressed to.
    #[test]
    fn a_report_that_the_duty_office_does_not_read_stands_out() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let id = town.does("bureau", report(incident, ReportStage::First)).parse().unwrap();
        town.does("dispatcher", ReadReport { report: id });
        assert!(!town.at("08:09:59").clock_fires(incident, DeadlineKind::ReportRead));
        assert!(town.at("08:10").clock_fires(incident, DeadlineKind::ReportRead));
        assert!(town.due(incident, DeadlineKind::ReportRead).is_none(), "marked once");
        assert!(town.file(incident).report.reports[&id].unread);
        town.does("govt", ReadReport { report: id });
        assert!(town.file(incident).report.reports[&id].is_read());
    }
}
