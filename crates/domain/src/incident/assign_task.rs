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
    /// Until when; the jurisdiction's limit where absent.
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
    let (incident, _) = allow(state, act.instruction, ActKind::AssignTask)?;
    if !state.org.orgs.contains_key(&act.to) {
        return Err(Refusal::field("/to", FieldFault::Unknown { value: act.to.to_string() }));
    }
    if act.due_at.is_some_and(|due_at| due_at <= ctx.now) {
        return Err(Refusal::field("/due_at", FieldFault::TooLongAgo { limit_s: 0 }));
    }
    let assigned = TaskAssigned {
        instruction: act.instruction,
        to: act.to,
        task: Personal::new(incident, text::prose("/task", &act.task)?),
        due_at: act.due_at,
        by: ctx.report()?,
    };
    let resource = Resource::of("instruction", act.instruction, incident);
    Ok(Decision::about(resource).then(incident, assigned))
}
