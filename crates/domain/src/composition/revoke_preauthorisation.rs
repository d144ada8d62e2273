//! An agreement in advance ends; plans wait for the bureau again (Plan 4.1.4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PreauthorisationRevoked;
use crate::act::{ActKind, Decision, Resource, Stream, Target, rule};
use crate::context::Context;
use crate::refusal::Refusal;
use crate::state::State;
use crate::types::CompositionId;

/// Ends it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokePreauthorisation {
    /// Of which composition.
    pub composition: CompositionId,
}

rule!(RevokePreauthorisation, revoke_preauthorisation, |_a| Target::Jurisdiction);

/// Ends it.
pub fn revoke_preauthorisation(
    state: &State,
    ctx: &mut Context,
    act: RevokePreauthorisation,
) -> Result<Decision, Refusal> {
    state.composition.get(&act.composition)?;
    if !state.composition.preauthorised.contains_key(&act.composition) {
        return Err(Refusal::AlreadyDone { act: ActKind::RevokePreauthorisation });
    }
    let event = PreauthorisationRevoked { composition: act.composition.clone(), by: ctx.report()? };
    let mut decision = Decision::about(Resource::plain("composition", act.composition));
    decision.push_on(Stream::Composition, event);
    Ok(decision)
}
