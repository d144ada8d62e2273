//! A plan is submitted to the bureau (报应急管理局同意), Plan 4.1.4.
//!
//! Where the bureau agreed to the composition in advance, its orders go at once, and the record says so.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::issue;
use super::plan::{find, must_be};
use super::{ApprovalMeans, OrderBasis, Plan, PlanApproved, PlanStatus, PlanSubmitted};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::composition::Preauthorisation;
use crate::context::{Context, Reported};
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{PlanId, Text, Time};

/// Submitted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitPlan {
    /// Which plan.
    pub plan: PlanId,
    /// The revision that was shown.
    pub revision: u32,
}

rule!(SubmitPlan, submit_plan, |a| Target::of(Thing::Plan, a.plan));

/// A draft, or one that was sent back and is sent again.
pub fn allow(plan: &Plan) -> Result<(), Refusal> {
    must_be(plan, ActKind::SubmitPlan, &[PlanStatus::Draft], "draft")
}

/// Submits it.
pub fn submit_plan(state: &State, ctx: &mut Context, act: SubmitPlan) -> Result<Decision, Refusal> {
    let (incident, file, plan) = find(state, act.plan, Some(act.revision))?;
    allow(plan)?;
    let by = ctx.report()?;
    let decision = Decision::about(Resource::of("plan", act.plan, incident));
    let mut decision = decision.then(incident, submitted(state, plan, ctx.now, by.clone())?);
    if let Some(agreed) = agreed_in_advance(state, file, plan, ctx.now) {
        let approved = PlanApproved {
            plan: plan.id,
            revision: plan.revision,
            agreed: plan.tasks.iter().map(|t| t.force.clone()).collect(),
            refused: Vec::new(),
            means: ApprovalMeans::Preauthorised,
            officer: agreed.officer.clone(),
            words: Some(Personal::new(incident, agreed.why.clone())),
            recording: None,
            remark: None,
            written_due: None,
            by,
        };
        issue::approve(state, ctx, file, plan, approved, OrderBasis::Preauthorised, &mut decision)?;
    }
    Ok(decision)
}

/// The duty officer handles it, the shift leader agrees: both are asked first.
pub(crate) fn submitted(
    state: &State,
    plan: &Plan,
    now: Time,
    by: Reported,
) -> Result<PlanSubmitted, Refusal> {
    let bureau = &state.jurisdiction.offices()?.bureau;
    let asked: Vec<Text> = match state.duty.on_duty(bureau, now) {
        Some(on) => vec![on.leader],
        None => vec![state.org.name(bureau)],
    };
    let answer_due = now.plus_s(state.readiness.limits().approval_limit_s);
    Ok(PlanSubmitted { plan: plan.id, asked, answer_due, by })
}

/// The agreement in advance that covers every task of the plan: each fills a slot of that composition.
pub fn agreed_in_advance<'a>(
    state: &'a State,
    file: &IncidentFile,
    plan: &Plan,
    now: Time,
) -> Option<&'a Preauthorisation> {
    let (hazard, grade) = (file.incident.hazard.as_deref()?, file.incident.grade?);
    let composition = state.composition.find(hazard, grade)?;
    let agreed = state.composition.preauthorisation(composition, now)?;
    let covered = plan
        .tasks
        .iter()
        .all(|task| task.slot.as_deref().is_some_and(|slot| composition.slots.iter().any(|s| s.id == slot)));
    covered.then_some(agreed)
}
