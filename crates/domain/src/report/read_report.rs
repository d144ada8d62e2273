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
