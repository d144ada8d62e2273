//! The bureau sends a plan back with its reasons (退回), Plan 4.1.4.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plan::{find, must_be};
use super::{Plan, PlanSentBack, PlanStatus};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{PlanId, Text, text};

/// Sent back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendBackPlan {
    /// Which plan.
    pub plan: PlanId,
    /// What the officer was shown.
    pub revision: u32,
    /// Why: the brigade must know what to change.
    pub reasons: Text,
}

rule!(SendBackPlan, send_back_plan, |a| Target::of(Thing::Plan, a.plan));

/// Only what was submitted.
pub fn allow(plan: &Plan) -> Result<(), Refusal> {
    must_be(plan, ActKind::SendBackPlan, &[PlanStatus::Submitted], "submitted")
}

/// Sends it back.
pub fn send_back_plan(state: &State, ctx: &mut Context, act: SendBackPlan) -> Result<Decision, Refusal> {
    let (incident, _, plan) = find(state, act.plan, Some(act.revision))?;
    allow(plan)?;
    let reasons = Personal::new(incident, text::prose("/reasons", &act.reasons)?);
    let event = PlanSentBack { plan: act.plan, reasons, by: ctx.report()? };
    Ok(Decision::about(Resource::of("plan", act.plan, incident)).then(incident, event))
}
