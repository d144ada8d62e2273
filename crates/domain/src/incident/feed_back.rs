//! A task is reported back (反馈), Plan 3.2: the last feedback closes the instruction.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::query::not_before;
use super::state::Instruction;
use super::{FedBack, assign_task};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{IncidentId, InstructionId, Text, limits, text};

/// A feedback.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedBack {
    /// The instruction.
    pub instruction: InstructionId,
    /// What was done.
    pub text: Text,
    /// Is it finished?
    pub done: bool,
}

rule!(FeedBack, feed_back, |a| Target::of(Thing::Instruction, a.instruction));

/// May it be reported back? Somebody must have it as his task first.
pub fn allow(state: &State, instruction: InstructionId) -> Result<(IncidentId, &Instruction), Refusal> {
    let act = ActKind::FeedBack;
    let (incident, known) = assign_task::allow(state, instruction, act)?;
    if known.assigned.is_none() {
        return Err(Refusal::FirstDo { act, first: ActKind::AssignTask, clause: "3.2" });
    }
    if known.feedback.len() >= limits::FEEDBACKS_PER_INSTRUCTION {
        let limit = limits::FEEDBACKS_PER_INSTRUCTION;
        return Err(Refusal::Limit { what: Thing::Instruction, limit });
    }
    Ok((incident, known))
}

/// Reports it back.
pub fn feed_back(state: &State, ctx: &mut Context, act: FeedBack) -> Result<Decision, Refusal> {
    let (incident, known) = allow(state, act.instruction)?;
    let by = ctx.report()?;
    not_before(&by, known.by.at)?;
    let text = Personal::new(incident, text::prose("/text", &act.text)?);
    let fed_back = FedBack { instruction: act.instruction, text, done: act.done, by };
    let resource = Resource::of("instruction", act.instruction, incident);
    Ok(Decision::about(resource).then(incident, fed_back))
}
