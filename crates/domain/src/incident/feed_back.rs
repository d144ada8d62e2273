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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::assign_task::AssignTask;
    use crate::incident::give_instruction::GiveInstruction;
    use crate::incident::stage::Stage;
    use crate::refusal::Instead;

    /// Plan 3.2: who has the task reports back; the last word closes it.
    #[test]
    fn who_has_the_task_reports_back_until_it_is_done() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let say = GiveInstruction { incident, text: "救治伤员".to_owned(), from: None };
        let instruction = town.does("leader", say).parse().unwrap();
        let feedback = |done| FeedBack { instruction, text: "已收治5人".to_owned(), done };
        town.by_phone_for("市卫健局值班员");
        let first = town.is_refused("govt", feedback(false));
        assert_eq!(first.instead(), vec![Instead(ActKind::AssignTask)]);
        let to = "org-weijian".parse().unwrap();
        town.does("govt", AssignTask { instruction, to, task: "救治".to_owned(), due_at: None });
        assert_eq!(
            town.is_refused("town-gangwan", feedback(false)),
            Refusal::NotYours { act: ActKind::FeedBack }
        );
        town.does("dept-weijian", feedback(false));
        assert!(!town.file(incident).incident.instructions[&instruction].is_done());
        town.types_for("govt", "市卫健局值班员", feedback(true));
        let known = town.file(incident).incident.instructions[&instruction].clone();
        assert_eq!((known.feedback.len(), known.is_done()), (2, true));
        assert_eq!(
            town.is_refused("dept-weijian", feedback(true)),
            Refusal::AlreadyDone { act: ActKind::FeedBack }
        );
        assert!(town.due(incident, crate::readiness::DeadlineKind::InstructionFeedback).is_none());
    }
}
