//! The brigade withdraws a plan before the answer (撤回), Plan 4.1.4.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plan::{find, must_be};
use super::{Plan, PlanStatus, PlanWithdrawn};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{PlanId, Text, text};

/// Withdrawn.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawPlan {
    /// Which plan.
    pub plan: PlanId,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}

rule!(WithdrawPlan, withdraw_plan, |a| Target::of(Thing::Plan, a.plan));

/// Until it is answered; orders that are out are cancelled one by one.
pub fn allow(plan: &Plan) -> Result<(), Refusal> {
    let open = [PlanStatus::Draft, PlanStatus::Submitted, PlanStatus::SentBack];
    must_be(plan, ActKind::WithdrawPlan, &open, "draft|submitted|sent_back")
}

/// Withdraws it.
pub fn withdraw_plan(state: &State, ctx: &mut Context, act: WithdrawPlan) -> Result<Decision, Refusal> {
    let (incident, _, plan) = find(state, act.plan, None)?;
    allow(plan)?;
    let reason = text::prose_opt("/reason", act.reason.as_deref())?.map(|r| Personal::new(incident, r));
    let event = PlanWithdrawn { plan: act.plan, reason, by: ctx.report()? };
    Ok(Decision::about(Resource::of("plan", act.plan, incident)).then(incident, event))
}
