//! Closing (结案), Plan 4.1.5: only when nothing is left running, and everything that stands in the way is named at
//! once.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Closed;
use super::query::{not_before, open};
use super::state::Status;
use crate::act::{Decision, Resource, Target, rule};
use crate::context::Context;
use crate::dispatch::{PlanStatus, Written};
use crate::personal::Personal;
use crate::refusal::{Blocker, Refusal};
use crate::report::Stage;
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Text, text};

/// It is over.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseIncident {
    /// The incident.
    pub incident: IncidentId,
    /// A last word.
    #[serde(default)]
    pub note: Option<Text>,
}

rule!(CloseIncident, close_incident, |a| Target::Incident(a.incident));

/// Everything that keeps an incident from being closed; empty when it may be.
pub fn blockers(file: &IncidentFile) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    if file.incident.status != Status::Controlled {
        blockers.push(Blocker::NotControlled);
    }
    blockers.extend(unfinished(file));
    if !file.report.has(Stage::Final) {
        blockers.push(Blocker::NoFinalReport);
    }
    blockers
}

/// What still runs, whatever way the incident ends: a close, a false alarm, a merge.
pub(super) fn unfinished(file: &IncidentFile) -> Vec<Blocker> {
    let (dispatch, command, incident) = (&file.dispatch, &file.command, &file.incident);
    let orders = dispatch.orders.values().filter(|o| o.step.is_running()).count();
    let plans = dispatch.plans.values().filter(|p| p.status == PlanStatus::Submitted).count();
    let agreements = dispatch.plans.values().filter_map(|p| p.approval.as_ref());
    let unwritten = agreements.filter(|a| matches!(a.written, Written::Due | Written::Overdue)).count();
    let withdrawals = command.withdrawals.values().filter(|w| !w.is_confirmed()).count();
    let inside = command.inside.iter().fold(0_u32, |sum, group| sum.saturating_add(group.count));
    let helpers_of = file.reinforcement.requests.values().flat_map(|request| request.attached.values());
    let attached = helpers_of.filter(|force| force.released.is_none()).count();
    let instructions = incident.instructions.values().filter(|i| !i.is_done()).count();
    let counted = [
        (orders, Blocker::OrdersRunning as fn(usize) -> Blocker),
        (plans, Blocker::PlansWaiting),
        (unwritten, Blocker::WrittenAgreementDue),
        (withdrawals, Blocker::WithdrawalUnconfirmed),
        (attached, Blocker::AttachedForces),
        (instructions, Blocker::InstructionsOpen),
    ];
    let counted = counted.into_iter().filter(|(count, _)| *count > 0).map(|(count, blocker)| blocker(count));
    counted.chain((inside > 0).then_some(Blocker::PeopleInside(inside))).collect()
}

/// May it be closed now?
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = open(state, incident)?;
    match blockers(file) {
        blockers if blockers.is_empty() => Ok(file),
        blockers => Err(Refusal::CannotClose { blockers }),
    }
}

/// Closes it; the review is due from then on (Plan 4.3.3).
pub fn close_incident(state: &State, ctx: &mut Context, act: CloseIncident) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident)?;
    let by = ctx.report()?;
    if let Some(controlled) = &file.incident.controlled {
        not_before(&by, controlled.at)?;
    }
    let note = text::prose_opt("/note", act.note.as_deref())?.map(|n| Personal::new(act.incident, n));
    let review_due = by.at.plus_s(state.readiness.limits().review_limit_s);
    let resource = Resource::of("incident", act.incident, act.incident);
    Ok(Decision::about(resource).then(act.incident, Closed { note, review_due, by }))
}
