//! Somebody outside answers: by a message with the short code, or by a key on the telephone (Plan 4.2.2). It counts from any
//! number, however late; what it means for the order, stand-by … is decided by that thing's own rule.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::channel::ChannelKind;
use super::event::NotificationAnswered;
use super::state::{About, Answer, Notification, Reading};
use crate::act::{Decision, Resource, Target, rule};
use crate::context::{Context, OnBehalfOf, Through};
use crate::dispatch::acknowledge_notice::{AcknowledgeNotice, acknowledge_notice};
use crate::dispatch::acknowledge_order::{AcknowledgeOrder, acknowledge_order};
use crate::dispatch::confirm_stand_by::{ConfirmStandBy, confirm_stand_by};
use crate::dispatch::decline_order::{DeclineOrder, decline_order};
use crate::dispatch::sign_filing::{SignFiling, sign_filing};
use crate::incident::answer_town_call::{AnswerTownCall, answer_town_call};
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::ids::Fresh;
use crate::types::{NotificationId, Text, limits};

/// An answer from outside.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerNotification {
    /// To which notification: found by its short code, or by the message that it answers.
    pub notification: NotificationId,
    /// By what means.
    pub channel: ChannelKind,
    /// From where.
    pub from: Text,
    /// In what words.
    pub text: Text,
    /// How it reads.
    pub reading: Reading,
}

rule!(AnswerNotification, answer_notification, |a| Target::of(Thing::Notification, a.notification));

/// Records it, and does what it says where that can still be done.
pub fn answer_notification(
    state: &State,
    ctx: &mut Context,
    act: AnswerNotification,
) -> Result<Decision, Refusal> {
    let (incident, file) = state.incident_with(Thing::Notification, act.notification.ulid())?;
    let found = file.delivery.notifications.get(&act.notification);
    let notification = found.ok_or_else(|| Refusal::not_found(Thing::Notification, act.notification))?;
    let words: Text = act.text.trim().chars().filter(|c| !c.is_control()).take(limits::LINE_CHARS).collect();
    ctx.told.on_behalf_of = Some(OnBehalfOf { who: who(state, notification), through: through(act.channel) });
    let followed = takes_effect(state, ctx, notification, act.reading, &words);
    let answer = Answer {
        channel: act.channel,
        from: Personal::new(incident, act.from.chars().take(limits::LINE_CHARS).collect()),
        text: Personal::new(incident, words),
        reading: act.reading,
        counted: followed.is_some(),
        at: ctx.now,
    };
    let answered = NotificationAnswered { notification: notification.id, answer };
    let mut decision =
        Decision::about(Resource::of("notification", notification.id, incident)).then(incident, answered);
    decision.events.extend(followed.into_iter().flat_map(|d| d.events));
    Ok(decision)
}

/// Whose word it is: the recipient's, by the contact that was asked last.
fn who(state: &State, notification: &Notification) -> Text {
    let name = match &notification.to {
        super::Recipient::Force(id) => state.ledger.name(id),
        super::Recipient::Org(id) => state.org.name(id),
    };
    notification.messages.last().map_or_else(|| name.clone(), |m| format!("{name}{}", m.title))
}

fn through(channel: ChannelKind) -> Through {
    match channel {
        ChannelKind::Voice => Through::Phone,
        _ => Through::Message,
    }
}

/// What the answer does; `None` where it can do nothing (any more), or a person has to read it.
fn takes_effect(
    state: &State,
    ctx: &mut Context,
    notification: &Notification,
    reading: Reading,
    words: &str,
) -> Option<Decision> {
    let yes = match reading {
        Reading::Yes => true,
        Reading::No => false,
        Reading::Unclear => return None,
    };
    let said = Some(words.to_owned()).filter(|w| !w.is_empty());
    let done = match notification.about {
        About::Order(order) if yes => {
            acknowledge_order(state, ctx, AcknowledgeOrder { order, strength: None, eta_min: None })
        }
        About::Order(order) => decline_order(
            state,
            ctx,
            DeclineOrder { order, reason: said.unwrap_or_else(|| "不能出动".to_owned()) },
        ),
        About::StandBy(stand_by) => {
            let note = said.filter(|_| !yes);
            confirm_stand_by(state, ctx, ConfirmStandBy { stand_by, ready: yes, note })
        }
        About::Notice(notice) if yes => acknowledge_notice(state, ctx, AcknowledgeNotice { notice }),
        About::Filing(filing) if yes => sign_filing(state, ctx, SignFiling { filing, remark: None }),
        About::TownCall(town_call) if yes => {
            answer_town_call(state, ctx, AnswerTownCall { town_call, words: said })
        }
        // An agreement, a letter's answer, and that everybody is out, are not given by one key.
        _ => return None,
    };
    done.ok()
}
