//! The bureau agrees to a dispatch plan (调用方案), whole or in part, Plan 4.1.4.
//!
//! Approval, orders and filings are one batch: an order without an approval, or without its filing, is then not a
//! state to be checked for but one that cannot be written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::issue;
use super::plan::{find, must_be};
use super::{ApprovalMeans, OrderBasis, Plan, PlanApproved, PlanStatus};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::authority::Role;
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{ForceId, PlanId, Text, text};

/// The bureau agrees to a submitted plan.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovePlan {
    /// Which plan.
    pub plan: PlanId,
    /// What the officer was shown: agreeing to an older draft is refused.
    pub revision: u32,
    /// The forces agreed to; absent means all.
    #[serde(default)]
    pub tasks: Option<Vec<ForceId>>,
    /// A remark.
    #[serde(default)]
    pub remark: Option<Text>,
}

rule!(ApprovePlan, approve_plan, |a| Target::of(Thing::Plan, a.plan));

/// May this plan be approved by this role? A deputy only after he was asked.
pub fn allow(plan: &Plan, role: Role) -> Result<(), Refusal> {
    must_be(plan, ActKind::ApprovePlan, &[PlanStatus::Submitted], "submitted")?;
    if role == Role::Deputy && plan.deputies_asked == 0 {
        return Err(Refusal::NotAsked { asked: plan.asked.join("、") });
    }
    Ok(())
}

/// Agrees; orders and filings go out.
pub fn approve_plan(state: &State, ctx: &mut Context, act: ApprovePlan) -> Result<Decision, Refusal> {
    let (incident, file, plan) = find(state, act.plan, Some(act.revision))?;
    allow(plan, ctx.actor.role)?;
    let (agreed, refused) = issue::part(plan, act.tasks)?;
    let remark = text::prose_opt("/remark", act.remark.as_deref())?.map(|r| Personal::new(incident, r));
    let approved = PlanApproved {
        plan: plan.id,
        revision: plan.revision,
        agreed,
        refused,
        means: ApprovalMeans::Platform,
        officer: ctx.actor.position.clone(),
        words: None,
        recording: None,
        remark,
        written_due: None,
        by: ctx.report()?,
    };
    let mut decision = Decision::about(Resource::of("plan", plan.id, incident));
    issue::approve(state, ctx, file, plan, approved, OrderBasis::ApprovedPlan, &mut decision)?;
    Ok(decision)
}
