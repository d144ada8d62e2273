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
