//! Somebody is about to send a message (Plan 4.2.2): he has it for himself for a while, and that he tried stands on record before
//! he does (DESIGN, journal rule 7).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::MessageAttempted;
use super::state::MessageStatus;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::MessageId;
use crate::types::ids::Fresh;

/// Whether somebody begins to send, or needs longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// The message is taken.
    Takes,
    /// Whoever has taken it needs it for longer, since its gateway is too busy.
    Renews,
}

/// About to be sent.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttemptMessage {
    /// Which.
    pub message: MessageId,
    /// Which attempt this is. Of several that ask for the same one, the first has it.
    pub attempt: u32,
    /// Begun, or renewed.
    pub claim: Claim,
    /// Seconds for which nobody else tries: longer than a sending takes.
    pub lease_s: i64,
}

rule!(AttemptMessage, attempt_message, |a| Target::of(Thing::Message, a.message));

/// When it waits and its time has come; a claim that still holds can be made longer.
pub fn attempt_message(state: &State, ctx: &mut Context, act: AttemptMessage) -> Result<Decision, Refusal> {
    let (incident, file) = state.incident_with(Thing::Message, act.message.ulid())?;
    let found = file.delivery.message(act.message);
    let (_, message) = found.ok_or_else(|| Refusal::not_found(Thing::Message, act.message))?;
    let may = message.not_before.is_some_and(|not_before| match act.claim {
        Claim::Takes => not_before <= ctx.now && act.attempt == message.attempts + 1,
        // A claim that has ended may be another's at any moment.
        Claim::Renews => {
            not_before > ctx.now
                && act.attempt == message.attempts
                && message.status == MessageStatus::Sending
        }
    });
    if !may {
        return Err(Refusal::AlreadyDone { act: ActKind::AttemptMessage });
    }
    let until = ctx.now.plus_s(act.lease_s);
    let attempted = MessageAttempted { message: message.id, attempt: act.attempt, until };
    Ok(Decision::about(Resource::of("message", message.id, incident)).then(incident, attempted))
}
