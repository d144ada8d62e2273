//! A town answers (应答), Plan 4.3.1. A late answer is an answer; that it was late stays on record.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TownAnswered;
use super::query::not_before;
use super::state::TownCall;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::ids::Fresh;
use crate::types::{IncidentId, Text, TownCallId, text};

/// An answer.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerTownCall {
    /// The call.
    pub town_call: TownCallId,
    /// In his words.
    #[serde(default)]
    pub words: Option<Text>,
}

rule!(AnswerTownCall, answer_town_call, |a| Target::of(Thing::TownCall, a.town_call));

/// Does this call wait for an answer?
pub fn allow(state: &State, town_call: TownCallId) -> Result<(IncidentId, &TownCall), Refusal> {
    let (incident, file) = state.incident_with(Thing::TownCall, town_call.ulid())?;
    match file.incident.town_calls.get(&town_call) {
        None => Err(Refusal::not_found(Thing::TownCall, town_call)),
        Some(call) if call.answered.is_some() => Err(Refusal::AlreadyDone { act: ActKind::AnswerTownCall }),
        Some(call) => Ok((incident, call)),
    }
}

/// Answers it.
pub fn answer_town_call(state: &State, ctx: &mut Context, act: AnswerTownCall) -> Result<Decision, Refusal> {
    let (incident, call) = allow(state, act.town_call)?;
    let by = ctx.report()?;
    not_before(&by, call.by.at)?;
    let words = text::prose_opt("/words", act.words.as_deref())?.map(|w| Personal::new(incident, w));
    let answered = TownAnswered { town_call: act.town_call, words, by };
    let resource = Resource::of("town_call", act.town_call, incident);
    Ok(Decision::about(resource).then(incident, answered))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::call_town::CallTown;
    use crate::incident::stage::Stage;

    /// Plan 4.3.1: the town answers for itself; a desk types its answer naming who spoke and by what means.
    #[test]
    fn a_town_answers_once_or_a_desk_types_it_for_it() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let call = CallTown { incident, town: "org-town-gangwan".parse().unwrap() };
        let town_call = town.does("dispatcher", call).parse().unwrap();
        let answer = || AnswerTownCall { town_call, words: Some("已组织疏散".to_owned()) };
        assert_eq!(town.is_refused("town-yatou", answer()).code(), "not_yours");
        assert_eq!(town.is_refused("dispatcher", answer()).code(), "on_behalf_missing");
        town.types_for("dispatcher", "港湾街道带班领导01", answer());
        let by = town.file(incident).incident.town_calls[&town_call].answered.clone().unwrap().by;
        assert_eq!(by.on_behalf_of.unwrap().who, "港湾街道带班领导01");
        assert_eq!(
            town.is_refused("town-gangwan", answer()),
            Refusal::AlreadyDone { act: ActKind::AnswerTownCall }
        );
    }
}
