//! How a sending ended: handed over, delivered, or failed. What cannot be delivered goes on by the next way at once
//! (Plan 4.2.2); a wrong number becomes a correction that its organisation owes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::{MessageDelivered, MessageFailed, MessageHandedOver, PushUnsubscribed};
use super::ladder::{climb, is_settled};
use super::state::{FailedWhy, Message, MessageStatus, Notification};
use crate::act::{ActKind, Decision, Resource, Stream, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::ids::Fresh;
use crate::types::{MessageId, Text, Time, limits};

/// How it ended.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The gateway took it.
    HandedOver {
        /// What it calls each part.
        references: Vec<Text>,
        /// Parts that are paid for.
        parts: u32,
        /// What they cost, in 毫 (0.0001 元).
        #[serde(default)]
        cost_hao: u64,
    },
    /// It arrived.
    Delivered,
    /// It could not be sent, or did not arrive.
    Failed {
        /// Why.
        why: FailedWhy,
        /// In the gateway's words.
        detail: Option<Text>,
        /// Trying again can help.
        again: bool,
    },
}

/// How a sending ended.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordDelivery {
    /// Which.
    pub message: MessageId,
    /// Which attempt ended so; absent where a gateway reports.
    #[serde(default)]
    pub attempt: Option<u32>,
    /// How.
    pub outcome: Outcome,
}

rule!(RecordDelivery, record_delivery, |a| Target::of(Thing::Message, a.message));

/// Each end once; a delivery report that overtakes is as good as one in turn.
pub fn record_delivery(state: &State, ctx: &mut Context, act: RecordDelivery) -> Result<Decision, Refusal> {
    let (incident, file) = state.incident_with(Thing::Message, act.message.ulid())?;
    let found = file.delivery.message(act.message);
    let (notification, message) = found.ok_or_else(|| Refusal::not_found(Thing::Message, act.message))?;
    if matches!(message.status, MessageStatus::Delivered | MessageStatus::Failed) {
        return Err(Refusal::AlreadyDone { act: ActKind::RecordDelivery });
    }
    // Somebody who was frozen over his claim wakes to a failure: whoever has taken the message since decides what follows.
    let is_past = act.attempt.is_some_and(|attempt| attempt < message.attempts);
    if is_past && matches!(act.outcome, Outcome::Failed { .. }) {
        return Err(Refusal::AlreadyDone { act: ActKind::RecordDelivery });
    }
    let decision = Decision::about(Resource::of("message", message.id, incident));
    let gone = state.reach.browser_of(message).cloned();
    let (message, at) = (message.id, ctx.now);
    Ok(match act.outcome {
        Outcome::HandedOver { references, parts, cost_hao } => {
            decision.then(incident, MessageHandedOver { message, references, parts, cost_hao, at })
        }
        Outcome::Delivered => decision.then(incident, MessageDelivered { message, at }),
        Outcome::Failed { why, detail, again } => {
            let cut = |words: Text| words.chars().take(limits::LINE_CHARS).collect();
            let detail = detail.map(|words| Personal::new(incident, cut(words)));
            let retry_at = again.then(|| retry_at(file, notification, message, at)).flatten();
            let mut decision = decision.then(incident, MessageFailed { message, why, detail, retry_at, at });
            // A browser that is gone is nobody's number to correct.
            if let Some(session) = gone.filter(|_| why == FailedWhy::BadAddress) {
                decision.push_on(Stream::Jurisdiction, PushUnsubscribed { session, at });
            }
            if retry_at.is_none()
                && is_last_way(notification, message)
                && !is_settled(file, notification)
                && !file.incident.status.is_over()
            {
                let next = climb(state, ctx, notification);
                decision.then(incident, next)
            } else {
                decision
            }
        }
    })
}

/// When it is tried again: soon, then later, and not at all once it would come too late to matter.
fn retry_at(file: &IncidentFile, notification: &Notification, id: MessageId, now: Time) -> Option<Time> {
    let attempts = notification.messages.iter().find(|m| m.id == id).map_or(0, |m| m.attempts);
    let wait_s = limits::RETRY_FIRST_S << attempts.min(6).saturating_sub(1);
    let goes_on = attempts < limits::ATTEMPTS_PER_MESSAGE && !is_settled(file, notification);
    goes_on.then(|| now.plus_s(wait_s))
}

/// Is this the newest message of its notification? Where another way is being tried, that one decides what comes next.
fn is_last_way(notification: &Notification, id: MessageId) -> bool {
    let others_failed = |m: &Message| m.id == id || m.status == MessageStatus::Failed;
    !notification.exhausted
        && (notification.messages.iter().all(|m| others_failed(m))
            || notification.messages.last().is_some_and(|m| m.id == id))
}
