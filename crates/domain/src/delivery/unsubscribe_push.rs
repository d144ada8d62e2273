//! A browser takes no messages any more: its session has ended, or somebody there does not want them (Plan 4.2.2).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::PushUnsubscribed;
use crate::act::{ActKind, Decision, Resource, Stream, Target, rule};
use crate::context::Context;
use crate::refusal::Refusal;
use crate::state::State;
use crate::types::Text;

/// This session's browser takes nothing any more.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnsubscribePush {
    /// The session.
    pub session: Text,
}

rule!(UnsubscribePush, unsubscribe_push, |_a| Target::Jurisdiction);

/// Once.
pub fn unsubscribe_push(state: &State, ctx: &mut Context, act: UnsubscribePush) -> Result<Decision, Refusal> {
    if !state.reach.browsers.contains_key(&act.session) {
        return Err(Refusal::AlreadyDone { act: ActKind::UnsubscribePush });
    }
    let mut decision = Decision::about(Resource::plain("push", &act.session));
    decision.push_on(Stream::Jurisdiction, PushUnsubscribed { session: act.session, at: ctx.now });
    Ok(decision)
}
