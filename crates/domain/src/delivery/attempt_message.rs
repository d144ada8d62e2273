//! Somebody is about to send a message (Plan 4.2.2): he has it for himself for a while, and that he tried stands on record before
//! he does (DESIGN, journal rule 7).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::MessageAttempted;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::MessageId;
use crate::types::ids::Fresh;

/// About to be sent.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttemptMessage {
    /// Which.
    pub message: MessageId,
    /// Seconds for which nobody else tries: longer than a sending takes.
    pub lease_s: i64,
}

rule!(AttemptMessage, attempt_message, |a| Target::of(Thing::Message, a.message));

/// When it waits and its time has come.
pub fn attempt_message(state: &State, ctx: &mut Context, act: AttemptMessage) -> Result<Decision, Refusal> {
    let (incident, file) = state.incident_with(Thing::Message, act.message.ulid())?;
    let found = file.delivery.message(act.message);
    let (_, message) = found.ok_or_else(|| Refusal::not_found(Thing::Message, act.message))?;
    if message.not_before.is_none_or(|not_before| not_before > ctx.now) {
        return Err(Refusal::AlreadyDone { act: ActKind::AttemptMessage });
    }
    let attempted = MessageAttempted {
        message: message.id,
        attempt: message.attempts + 1,
        until: ctx.now.plus_s(act.lease_s),
    };
    Ok(Decision::about(Resource::of("message", message.id, incident)).then(incident, attempted))
}
