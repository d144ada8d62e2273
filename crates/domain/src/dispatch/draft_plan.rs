//! The brigade drafts a dispatch plan (调用方案), Plan 4.1.4; after take-over by order of the post (Plan 4.1.5).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::issue::next_number;
use super::task::settle_tasks;
use super::{ArrangementsGiven, PlanDrafted, TaskGiven};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::authority::Role;
use crate::context::Context;
use crate::incident::still_open;
use crate::refusal::{Instead, Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{AccountId, IncidentId, PlanId, Text, limits, text};

/// A plan.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftPlan {
    /// For which incident.
    pub incident: IncidentId,
    /// Which forces, what for.
    pub tasks: Vec<TaskGiven>,
    /// Arrangements for all of them.
    pub arrangements: ArrangementsGiven,
    /// The proposal that it rests on, by hash.
    #[serde(default)]
    pub proposal: Option<Text>,
    /// The plan that it adds to (增援、增调).
    #[serde(default)]
    pub supplement_to: Option<PlanId>,
    /// 按现场指挥部指令
    #[serde(default)]
    pub by_order_of_post: bool,
    /// The duty commander who signs the orders (签发人).
    pub signed_by: AccountId,
}

rule!(DraftPlan, draft_plan, |a| Target::Incident(a.incident));

/// May a plan be drafted here? Once somebody else commands, the brigade drafts by order of the post.
pub fn allow(file: &IncidentFile, role: Role, by_order_of_post: bool) -> Result<(), Refusal> {
    still_open(file)?;
    if file.dispatch.plans.len() >= limits::PLANS_PER_INCIDENT {
        return Err(Refusal::Limit { what: Thing::Plan, limit: limits::PLANS_PER_INCIDENT });
    }
    if by_order_of_post || file.command.is_commanded_by(role) {
        return Ok(());
    }
    Err(Refusal::NotInCommand {
        act: ActKind::DraftPlan,
        holder: file.command.holder_name(),
        instead: vec![Instead(ActKind::OrderWithdrawal)],
    })
}

/// Orders are signed by a duty commander of the brigade, nobody else.
pub(crate) fn signer(state: &State, account: &AccountId) -> Result<Text, Refusal> {
    match state.org.account(account) {
        Ok(a) if a.role == Role::Commander => Ok(a.position.clone()),
        _ => Err(Refusal::NotASigner { account: account.to_string() }),
    }
}

/// Drafts it.
pub fn draft_plan(state: &State, ctx: &mut Context, act: DraftPlan) -> Result<Decision, Refusal> {
    let file = state.incident(act.incident)?;
    allow(file, ctx.actor.role, act.by_order_of_post)?;
    if let Some(plan) = act.supplement_to
        && !file.dispatch.plans.contains_key(&plan)
    {
        return Err(Refusal::not_found(Thing::Plan, plan));
    }
    let plan: PlanId = ctx.fresh();
    let event = PlanDrafted {
        plan,
        number: next_number(state, ctx),
        tasks: settle_tasks(state, file, &act.tasks, None, false)?,
        arrangements: act.arrangements.settle(state, act.incident)?,
        proposal: text::line_opt("/proposal", act.proposal.as_deref())?,
        supplement_to: act.supplement_to,
        by_order_of_post: act.by_order_of_post || ctx.actor.role == Role::Post,
        signer: signer(state, &act.signed_by)?,
        signed_by: act.signed_by,
        by: ctx.report()?,
    };
    Ok(Decision::about(Resource::of("plan", plan, act.incident)).then(act.incident, event))
}
