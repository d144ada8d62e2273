//! An instruction becomes a task, Plan 3.2: one organisation has it, until when. It may be given to another one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TaskAssigned;
use super::state::Instruction;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{FieldFault, Refusal, Thing};
use crate::state::State;
use crate::types::ids::Fresh;
use crate::types::{IncidentId, InstructionId, OrgId, Text, Time, text};

/// A task.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignTask {
    /// The instruction.
    pub instruction: InstructionId,
    /// Whose task it is.
    pub to: OrgId,
    /// What is to be done.
    pub task: Text,
    /// Until when; where absent, the instruction's own time, and the jurisdiction's limit anew once that has passed.
    #[serde(default)]
    pub due_at: Option<Time>,
}

rule!(AssignTask, assign_task, |a| Target::of(Thing::Instruction, a.instruction));

/// Is it still open?
pub fn allow(
    state: &State,
    instruction: InstructionId,
    act: ActKind,
) -> Result<(IncidentId, &Instruction), Refusal> {
    let (incident, file) = state.incident_with(Thing::Instruction, instruction.ulid())?;
    match file.incident.instructions.get(&instruction) {
        None => Err(Refusal::not_found(Thing::Instruction, instruction)),
        Some(known) if known.is_done() => Err(Refusal::AlreadyDone { act }),
        Some(known) => Ok((incident, known)),
    }
}

/// Assigns it.
pub fn assign_task(state: &State, ctx: &mut Context, act: AssignTask) -> Result<Decision, Refusal> {
    let (incident, known) = allow(state, act.instruction, ActKind::AssignTask)?;
    if !state.org.orgs.contains_key(&act.to) {
        return Err(Refusal::field("/to", FieldFault::Unknown { value: act.to.to_string() }));
    }
    if act.due_at.is_some_and(|due_at| due_at <= ctx.now) {
        return Err(Refusal::field("/due_at", FieldFault::TooLongAgo { limit_s: 0 }));
    }
    // Whoever gets the task gets time for it: a time that has passed would neither run nor alarm for him.
    let anew = || ctx.now.plus_s(state.readiness.limits().instruction_feedback_limit_s);
    let due_at = act.due_at.or_else(|| (known.overdue || known.due <= ctx.now).then(anew));
    let assigned = TaskAssigned {
        instruction: act.instruction,
        to: act.to,
        task: Personal::new(incident, text::prose("/task", &act.task)?),
        due_at,
        by: ctx.report()?,
    };
    let resource = Resource::of("instruction", act.instruction, incident);
    Ok(Decision::about(resource).then(incident, assigned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::feed_back::FeedBack;
    use crate::incident::give_instruction::GiveInstruction;
    use crate::incident::stage::Stage;
    use crate::readiness::DeadlineKind;

    /// Plan 3.2: one organisation has the task; a later time of its own takes the mark of being late away.
    #[test]
    fn an_instruction_becomes_one_organisation_s_task() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let say = GiveInstruction { incident, text: "救治伤员".to_owned(), from: None };
        let instruction = town.does("leader", say).parse().unwrap();
        assert!(town.at("09:00").clock_fires(incident, DeadlineKind::InstructionFeedback));
        let task = |to: &str, due_at| AssignTask {
            instruction,
            to: to.parse().unwrap(),
            task: "组织救治，每两小时反馈".to_owned(),
            due_at,
        };
        assert_eq!(town.is_refused("govt", task("org-mars", None)).code(), "field");
        assert_eq!(town.is_refused("govt", task("org-weijian", Some(town.now))).code(), "field");
        assert_eq!(town.is_refused("dispatcher", task("org-weijian", None)).clause(), Some("3.2"));
        let due = town.now.plus_s(7_200);
        town.does("govt", task("org-weijian", Some(due)));
        let known = town.file(incident).incident.instructions[&instruction].clone();
        assert_eq!((known.due, known.overdue), (due, false));
        assert_eq!(known.assigned.as_ref().unwrap().to.as_str(), "org-weijian");
        town.does("bureau", task("org-yingji", None));
        assert_eq!(town.file(incident).incident.instructions[&instruction].due, due, "in time, it stays");
        town.does("bureau", FeedBack { instruction, text: "已办结".to_owned(), done: true });
        let refusal = town.is_refused("govt", task("org-weijian", None));
        assert_eq!(refusal, Refusal::AlreadyDone { act: ActKind::AssignTask });
    }

    /// Plan 3.2: an instruction that is late already and is given to another one runs anew, and alarms again.
    #[test]
    fn a_late_instruction_given_to_another_one_runs_anew() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let say = GiveInstruction { incident, text: "救治伤员".to_owned(), from: None };
        let instruction = town.does("leader", say).parse().unwrap();
        let task = |to: &str| AssignTask {
            instruction,
            to: to.parse().unwrap(),
            task: "组织救治".to_owned(),
            due_at: None,
        };
        town.does("govt", task("org-weijian"));
        assert!(town.at("09:00").clock_fires(incident, DeadlineKind::InstructionFeedback));
        town.at("09:05").does("govt", task("org-yingji"));
        let known = town.file(incident).incident.instructions[&instruction].clone();
        assert_eq!((known.due, known.overdue), (town.now.plus_s(3_600), false));
        assert!(town.at("10:05").clock_fires(incident, DeadlineKind::InstructionFeedback));
    }
}
