//! The written agreement follows the telephone one (补办书面同意), Plan 4.1.4. Late counts, and is seen as late.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Plan, PlanConfirmedInWriting, Written};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::ids::Fresh;
use crate::types::{PlanId, Text, text};

/// In writing.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmInWriting {
    /// Which plan.
    pub plan: PlanId,
    /// A remark.
    #[serde(default)]
    pub remark: Option<Text>,
}

rule!(ConfirmInWriting, confirm_in_writing, |a| Target::of(Thing::Plan, a.plan));

/// Only a telephone agreement needs it, once.
pub fn allow(plan: &Plan) -> Result<(), Refusal> {
    let act = ActKind::ConfirmInWriting;
    match plan.approval.as_ref().map(|a| a.written) {
        Some(Written::Due | Written::Overdue) => Ok(()),
        Some(Written::Done) => Err(Refusal::AlreadyDone { act }),
        Some(Written::NotNeeded) | None => {
            let status = plan.status.code();
            Err(Refusal::WrongStatus { act, what: Thing::Plan, status, needs: "approved_by_telephone" })
        }
    }
}

/// Confirms it. The incident may be over by then.
pub fn confirm_in_writing(
    state: &State,
    ctx: &mut Context,
    act: ConfirmInWriting,
) -> Result<Decision, Refusal> {
    let (incident, file) = state.incident_with(Thing::Plan, act.plan.ulid())?;
    let plan = file.dispatch.plans.get(&act.plan).ok_or_else(|| Refusal::not_found(Thing::Plan, act.plan))?;
    allow(plan)?;
    let remark = text::prose_opt("/remark", act.remark.as_deref())?.map(|r| Personal::new(incident, r));
    let event = PlanConfirmedInWriting { plan: act.plan, remark, by: ctx.report()? };
    Ok(Decision::about(Resource::of("plan", act.plan, incident)).then(incident, event))
}
