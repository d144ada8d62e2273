//! An outside force is released, Plan 4.1.4: until then it stands on the incident, which cannot be closed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer_reinforcement::request;
use super::event::AttachedReleased;
use super::state::Attached;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::incident::query::not_before;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{AttachedId, IncidentId, ReinforcementId};

/// An outside force goes home.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseAttached {
    /// The request it came by.
    pub reinforcement: ReinforcementId,
    /// It.
    pub attached: AttachedId,
}

rule!(ReleaseAttached, release_attached, |a| Target::of(Thing::Reinforcement, a.reinforcement));

/// May it be released? Once.
pub fn allow(
    state: &State,
    reinforcement: ReinforcementId,
    attached: AttachedId,
) -> Result<(IncidentId, &Attached), Refusal> {
    let (incident, request) = request(state, reinforcement)?;
    let found = request.attached.get(&attached);
    let found = found.ok_or_else(|| Refusal::not_found(Thing::Attached, attached))?;
    match found.released {
        Some(_) => Err(Refusal::AlreadyDone { act: ActKind::ReleaseAttached }),
        None => Ok((incident, found)),
    }
}

/// Releases it.
pub fn release_attached(state: &State, ctx: &mut Context, act: ReleaseAttached) -> Result<Decision, Refusal> {
    let (incident, attached) = allow(state, act.reinforcement, act.attached)?;
    let by = ctx.report()?;
    not_before(&by, attached.since.at)?;
    let event = AttachedReleased { reinforcement: act.reinforcement, attached: act.attached, by };
    Ok(Decision::about(Resource::of("attached", act.attached, incident)).then(incident, event))
}
