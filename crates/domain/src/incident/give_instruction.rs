//! A leader's instruction (批示), Plan 3.2: recorded in his words, or typed for him (代录); it stays open until it is
//! reported back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::InstructionGiven;
use super::query::{not_before, open};
use crate::act::{Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, InstructionId, Text, limits, text};

/// An instruction.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveInstruction {
    /// The incident.
    pub incident: IncidentId,
    /// What he said.
    pub text: Text,
    /// His position, where it is typed for him; else who it is typed for, else the position signed in.
    #[serde(default)]
    pub from: Option<Text>,
}

rule!(GiveInstruction, give_instruction, |a| Target::Incident(a.incident));

/// May an instruction be given here?
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = open(state, incident)?;
    if file.incident.instructions.len() >= limits::INSTRUCTIONS_PER_INCIDENT {
        let limit = limits::INSTRUCTIONS_PER_INCIDENT;
        return Err(Refusal::Limit { what: Thing::Instruction, limit });
    }
    Ok(file)
}

/// Records it.
pub fn give_instruction(state: &State, ctx: &mut Context, act: GiveInstruction) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident)?;
    let by = ctx.report()?;
    not_before(&by, file.incident.received_at())?;
    let text = Personal::new(act.incident, text::prose("/text", &act.text)?);
    let spoken_by = by.on_behalf_of.as_ref().map_or_else(|| by.by.clone(), |b| b.who.clone());
    let from = text::line_opt("/from", act.from.as_deref())?.unwrap_or(spoken_by);
    let instruction: InstructionId = ctx.fresh();
    let feedback_due = by.at.plus_s(state.readiness.limits().instruction_feedback_limit_s);
    let given = InstructionGiven { instruction, text, from, feedback_due, by };
    let resource = Resource::of("instruction", instruction, act.incident);
    Ok(Decision::about(resource).then(act.incident, given))
}
