//! The superior's answer to a request for help, Plan 4.1.4: typed in for it, with officer and words. Once it agrees,
//! the superior brigade carries it out, unless the answer names another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::ReinforcementAnswered;
use super::state::Reinforcement;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::incident::query::not_before;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::ids::Fresh;
use crate::types::{IncidentId, OrgId, ReinforcementId, Text, text};

/// The superior answers.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerReinforcement {
    /// The request.
    pub reinforcement: ReinforcementId,
    /// Agreed, or declined.
    pub approved: bool,
    /// The position that answered.
    pub officer: Text,
    /// Its words.
    pub words: Text,
    /// Who carries it out; the superior brigade where nobody is named.
    #[serde(default)]
    pub executed_by: Option<OrgId>,
}

rule!(AnswerReinforcement, answer_reinforcement, |a| Target::of(Thing::Reinforcement, a.reinforcement));

/// May this request be answered? Once.
pub fn allow(state: &State, id: ReinforcementId) -> Result<(IncidentId, &Reinforcement), Refusal> {
    let (incident, request) = request(state, id)?;
    match request.answer {
        Some(_) => Err(Refusal::AlreadyDone { act: ActKind::AnswerReinforcement }),
        None => Ok((incident, request)),
    }
}

/// A request of an open incident, or why there is none.
pub(super) fn request(state: &State, id: ReinforcementId) -> Result<(IncidentId, &Reinforcement), Refusal> {
    let (incident, _) = state.incident_with(Thing::Reinforcement, id.ulid())?;
    let file = crate::incident::open(state, incident)?;
    let request = file.reinforcement.requests.get(&id);
    let request = request.ok_or_else(|| Refusal::not_found(Thing::Reinforcement, id))?;
    Ok((incident, request))
}

/// Records the answer.
pub fn answer_reinforcement(
    state: &State,
    ctx: &mut Context,
    act: AnswerReinforcement,
) -> Result<Decision, Refusal> {
    let (incident, request) = allow(state, act.reinforcement)?;
    if let Some(org) = &act.executed_by {
        state.org.org(org)?;
    }
    let by = ctx.report()?;
    not_before(&by, request.requested.at)?;
    let superior = || state.jurisdiction.offices.as_ref().map(|offices| offices.superior_brigade.clone());
    let event = ReinforcementAnswered {
        reinforcement: act.reinforcement,
        approved: act.approved,
        officer: text::line("/officer", &act.officer)?,
        words: Personal::new(incident, text::prose("/words", &act.words)?),
        executed_by: if act.approved { act.executed_by.or_else(superior) } else { None },
        by,
    };
    Ok(Decision::about(Resource::of("reinforcement", act.reinforcement, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_post::scenes::{is_refused, on_scene};
    use crate::reinforcement::Means;
    use crate::reinforcement::request_reinforcement::RequestReinforcement;
    use crate::testing::slug;

    /// Plan 4.1.4: an answer does not come before the request; a whole minute of rounding is allowed.
    #[test]
    fn an_answer_comes_after_its_request() {
        let (mut town, incident, _) = on_scene();
        let to = slug("org-weihai-yingji");
        let need = "重型泡沫编队 2 个".to_owned();
        let asked = RequestReinforcement { incident, to, need, means: Means::Phone, recording: None };
        let reinforcement = town.does("bureau", asked).id.parse().unwrap();
        let answer = |executed_by: Option<&str>| AnswerReinforcement {
            reinforcement,
            approved: true,
            officer: "威海市应急局带班领导".to_owned(),
            words: "同意".to_owned(),
            executed_by: executed_by.map(slug),
        };
        let early = town.by_phone_for("威海市应急局").that_happened(-61).act("bureau", answer(None));
        is_refused(early, "field", "早于上一步的时间");
        let unknown = town.by_phone_for("威海市应急局").act("bureau", answer(Some("org-nobody")));
        is_refused(unknown, "not_found", "单位");
        town.by_phone_for("威海市应急局")
            .that_happened(-60)
            .does("deputy", answer(Some("org-weihai-yingji")));
        let file = town.state.hot(incident).unwrap();
        let executed_by = file.reinforcement.requests[&reinforcement].answer.clone().unwrap().executed_by;
        assert_eq!(executed_by, Some(slug("org-weihai-yingji")));
    }
}
