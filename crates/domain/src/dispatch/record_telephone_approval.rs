//! The bureau agreed by telephone, the common way (Plan 4.1.4): one key at either desk records officer, time, words and
//! recording number. The written agreement follows in time (补办书面同意), or it alarms.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plan::{find, must_be};
use super::submit_plan::submitted;
use super::{ApprovalMeans, OrderBasis, Plan, PlanApproved, PlanStatus, issue};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{ForceId, PlanId, Text, text};

/// What was agreed on the telephone; `occurred_at` says when.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordTelephoneApproval {
    /// Which plan.
    pub plan: PlanId,
    /// The revision that was read out.
    pub revision: u32,
    /// Who agreed, by position.
    pub officer: Text,
    /// In what words.
    pub words: Text,
    /// Number of the recording.
    #[serde(default)]
    pub recording: Option<Text>,
    /// The forces agreed to; absent means all.
    #[serde(default)]
    pub tasks: Option<Vec<ForceId>>,
}

rule!(RecordTelephoneApproval, record_telephone_approval, |a| Target::of(Thing::Plan, a.plan));

/// A plan that was read out on the telephone need not have been submitted before.
pub fn allow(plan: &Plan) -> Result<(), Refusal> {
    let open = [PlanStatus::Draft, PlanStatus::Submitted];
    must_be(plan, ActKind::RecordTelephoneApproval, &open, "draft|submitted")
}

/// Records it; orders and filings go out.
pub fn record_telephone_approval(
    state: &State,
    ctx: &mut Context,
    act: RecordTelephoneApproval,
) -> Result<Decision, Refusal> {
    let (incident, file, plan) = find(state, act.plan, Some(act.revision))?;
    allow(plan)?;
    let by = ctx.report()?;
    let mut decision = Decision::about(Resource::of("plan", plan.id, incident));
    if plan.status == PlanStatus::Draft {
        decision.push(incident, submitted(state, plan, ctx.now, by.clone())?);
    }
    let (agreed, refused) = issue::part(plan, act.tasks)?;
    let approved = PlanApproved {
        plan: plan.id,
        revision: plan.revision,
        agreed,
        refused,
        means: ApprovalMeans::Telephone,
        officer: text::line("/officer", &act.officer)?,
        words: Some(Personal::new(incident, text::prose("/words", &act.words)?)),
        recording: text::line_opt("/recording", act.recording.as_deref())?,
        remark: None,
        written_due: Some(ctx.now.plus_s(state.readiness.limits().written_confirmation_limit_s)),
        by,
    };
    issue::approve(state, ctx, file, plan, approved, OrderBasis::ApprovedPlan, &mut decision)?;
    Ok(decision)
}
