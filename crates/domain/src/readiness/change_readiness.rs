//! The readiness state changes (平战转换), Plan 4.1.2: limits follow at once on every desk.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ReadinessChanged, ReadinessState};
use crate::act::{ActKind, Decision, Resource, Stream, Target, rule};
use crate::context::Context;
use crate::refusal::Refusal;
use crate::state::State;
use crate::types::{Text, text};

/// To another readiness state.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeReadiness {
    /// To what.
    pub state: ReadinessState,
    /// Why; it is told to every desk.
    pub why: Text,
}

rule!(ChangeReadiness, change_readiness, |_a| Target::Jurisdiction);

/// Changes it.
pub fn change_readiness(state: &State, ctx: &mut Context, act: ChangeReadiness) -> Result<Decision, Refusal> {
    if state.readiness.state == act.state {
        return Err(Refusal::AlreadyDone { act: ActKind::ChangeReadiness });
    }
    let event = ReadinessChanged { state: act.state, why: text::line("/why", &act.why)?, by: ctx.report()? };
    let mut decision = Decision::about(Resource::plain("readiness", &state.jurisdiction.code));
    decision.push_on(Stream::Jurisdiction, event);
    Ok(decision)
}
