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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::stage::Stage;
    use crate::readiness::DeadlineKind;

    /// Plan 3.2: what a leader says is his, whoever types it.
    #[test]
    fn an_instruction_is_the_leader_s_whoever_types_it() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let say = |from: Option<&str>| GiveInstruction {
            incident,
            text: "全力救人，防止次生灾害".to_owned(),
            from: from.map(str::to_owned),
        };
        let from = |town: &Stage, id: &str| {
            town.file(incident).incident.instructions[&id.parse::<InstructionId>().unwrap()].from.clone()
        };
        let own = town.does("leader", say(None));
        assert_eq!(from(&town, &own), "市政府分管领导");
        assert_eq!(town.is_refused("govt", say(None)).code(), "on_behalf_missing");
        let typed = town.types_for("govt", "市长", say(None));
        assert_eq!(from(&town, &typed), "市长");
        let named = town.types_for("govt", "市长秘书", say(Some("市长")));
        assert_eq!(from(&town, &named), "市长");
        assert_eq!(town.is_refused("dispatcher", say(None)).clause(), Some("3.2"));
    }

    /// Plan 3.2: what is not reported back in time stands out, once.
    #[test]
    fn an_instruction_without_feedback_is_marked_in_time() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let act = GiveInstruction { incident, text: "查明原因".to_owned(), from: None };
        let id: InstructionId = town.does("leader", act).parse().unwrap();
        let kind = DeadlineKind::InstructionFeedback;
        assert_eq!(town.due(incident, kind).unwrap().due, town.now.plus_s(3_600));
        assert!(town.at("09:00").clock_fires(incident, kind));
        assert!(town.file(incident).incident.instructions[&id].overdue);
        assert!(town.due(incident, kind).is_none(), "marked once");
    }
}
