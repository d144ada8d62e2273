//! A plan is changed before it is submitted, or after it was sent back (Plan 4.1.4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plan::{find, must_be};
use super::task::settle_tasks;
use super::{ArrangementsGiven, Plan, PlanRevised, PlanStatus, TaskGiven};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{PlanId, Text, text};

/// The plan, changed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevisePlan {
    /// Which plan.
    pub plan: PlanId,
    /// The revision that was shown.
    pub revision: u32,
    /// Its tasks now.
    pub tasks: Vec<TaskGiven>,
    /// Its arrangements now.
    pub arrangements: ArrangementsGiven,
    /// The proposal that it rests on, by hash.
    #[serde(default)]
    pub proposal: Option<Text>,
}

rule!(RevisePlan, revise_plan, |a| Target::of(Thing::Plan, a.plan));

/// What lies before the bureau is not changed under its hands: withdraw it first.
pub fn allow(plan: &Plan) -> Result<(), Refusal> {
    must_be(plan, ActKind::RevisePlan, &[PlanStatus::Draft, PlanStatus::SentBack], "draft|sent_back")
}

/// Changes it.
pub fn revise_plan(state: &State, ctx: &mut Context, act: RevisePlan) -> Result<Decision, Refusal> {
    let (incident, file, plan) = find(state, act.plan, Some(act.revision))?;
    allow(plan)?;
    let event = PlanRevised {
        plan: act.plan,
        tasks: settle_tasks(state, file, &act.tasks, Some(act.plan), false)?,
        arrangements: act.arrangements.settle(state, incident)?,
        proposal: text::line_opt("/proposal", act.proposal.as_deref())?,
        by: ctx.report()?,
    };
    Ok(Decision::about(Resource::of("plan", act.plan, incident)).then(incident, event))
}
