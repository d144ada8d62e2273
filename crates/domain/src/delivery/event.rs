//! What happened to messages that leave the node.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::channel::ChannelKind;
use super::state::{About, Answer, FailedWhy, Recipient};
use crate::event::part_events;
use crate::personal::Personal;
use crate::types::{AccountId, MessageId, NotificationId, Text, Time};

/// The node said by what means messages can leave it; one that is not among them is not waited for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChannelsOpened {
    /// Which.
    pub channels: Vec<ChannelKind>,
    /// Everything runs, and nothing leaves the node.
    pub rehearsal: bool,
}

/// A message is to be sent: recorded before anybody tries to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessageQueued {
    /// Its id.
    pub message: MessageId,
    /// Which notification it carries; the first message brings it into being.
    pub notification: NotificationId,
    /// Of what.
    pub about: About,
    /// To whom.
    pub to: Recipient,
    /// Meant for this person alone, by position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Text>,
    /// The contact, by title.
    pub title: Text,
    /// By what means.
    pub channel: ChannelKind,
    /// Where, as it was then.
    pub address: Personal<Text>,
    /// What an answer names.
    pub code: Text,
    /// When the next way is tried unless an answer comes.
    pub due: Option<Time>,
    /// When.
    pub at: Time,
}

/// Somebody is about to send it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessageAttempted {
    /// Which.
    pub message: MessageId,
    /// The how manieth time.
    pub attempt: u32,
    /// Until when nobody else tries.
    pub until: Time,
}

/// The gateway took it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessageHandedOver {
    /// Which.
    pub message: MessageId,
    /// What the gateway calls it, for each of its parts.
    pub references: Vec<Text>,
    /// Parts that are paid for.
    pub parts: u32,
    /// What they cost, by the channel's price of that moment, in 毫 (0.0001 元).
    pub cost_hao: u64,
    /// When.
    pub at: Time,
}

/// It arrived.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessageDelivered {
    /// Which.
    pub message: MessageId,
    /// When.
    pub at: Time,
}

/// It could not be sent, or did not arrive.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessageFailed {
    /// Which.
    pub message: MessageId,
    /// Why.
    pub why: FailedWhy,
    /// In the gateway's words, which may name the address.
    pub detail: Option<Personal<Text>>,
    /// When it is tried again; `None`: not any more.
    pub retry_at: Option<Time>,
    /// When.
    pub at: Time,
}

/// Somebody answered; what follows for the order, stand-by … stands behind it in the same batch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NotificationAnswered {
    /// Which.
    pub notification: NotificationId,
    /// What came.
    pub answer: Answer,
}

/// No way is left by which the recipient could be told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NotificationExhausted {
    /// Which.
    pub notification: NotificationId,
    /// An order, its cancellation, or a withdrawal: somebody has to telephone now.
    pub urgent: bool,
    /// When.
    pub at: Time,
}

/// An answer that belongs to nothing that is known: for a person to read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerUnmatched {
    /// By what means.
    pub channel: ChannelKind,
    /// From where.
    pub from: Personal<Text>,
    /// In what words.
    pub text: Personal<Text>,
    /// When it came.
    pub at: Time,
}

/// A browser takes messages while its session lasts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PushSubscribed {
    /// Its session, by a name that is no secret.
    pub session: Text,
    /// Whose messages.
    pub of: Recipient,
    /// Who sits there, by position.
    pub title: Text,
    /// His account.
    pub account: AccountId,
    /// Its subscription.
    pub address: Personal<Text>,
    /// When.
    pub at: Time,
}

/// A browser takes no messages any more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PushUnsubscribed {
    /// Its session.
    pub session: Text,
    /// When.
    pub at: Time,
}

part_events! {
    /// By what means messages can leave.
    "channels.opened" 1 => ChannelsOpened,
    /// To be sent.
    "message.queued" 1 => MessageQueued,
    /// About to be sent.
    "message.attempted" 1 => MessageAttempted,
    /// The gateway took it.
    "message.handed_over" 2 [message_handed_over_v1_to_v2] => MessageHandedOver,
    /// It arrived.
    "message.delivered" 1 => MessageDelivered,
    /// It failed.
    "message.failed" 1 => MessageFailed,
    /// An answer.
    "notification.answered" 1 => NotificationAnswered,
    /// Nobody was reached.
    "notification.exhausted" 1 => NotificationExhausted,
    /// An answer to nothing.
    "answer.unmatched" 1 => AnswerUnmatched,
    /// A browser takes messages.
    "push.subscribed" 1 => PushSubscribed,
    /// It takes none any more.
    "push.unsubscribed" 1 => PushUnsubscribed,
}

/// v2 added what it costs; before, no channel had a price.
fn message_handed_over_v1_to_v2(data: &mut Map<String, Value>) {
    data.insert("cost_hao".to_owned(), 0.into());
}
