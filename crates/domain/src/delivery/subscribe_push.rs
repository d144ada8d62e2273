//! A browser takes messages from now on, for whoever is signed in there (Plan 4.2.2). The node asks: only it knows sessions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::PushSubscribed;
use super::state::Recipient;
use crate::act::{Decision, Resource, Stream, Target, rule};
use crate::context::Context;
use crate::personal::{Personal, Subject};
use crate::refusal::{FieldFault, Refusal};
use crate::state::State;
use crate::types::{AccountId, NotificationId, Text, limits, text};

/// This browser takes messages while its session lasts.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscribePush {
    /// Its session, by a name that is no secret.
    pub session: Text,
    /// Whose messages.
    pub of: Recipient,
    /// Who sits there, by position.
    pub title: Text,
    /// His account.
    pub account: AccountId,
    /// The subscription, as the browser writes it.
    pub subscription: Text,
}

rule!(SubscribePush, subscribe_push, |_a| Target::Jurisdiction);

/// One a session: a new subscription takes the place of the old one.
pub fn subscribe_push(state: &State, ctx: &mut Context, act: SubscribePush) -> Result<Decision, Refusal> {
    match &act.of {
        Recipient::Force(id) => drop(state.ledger.force(id)?.id.clone()),
        Recipient::Org(id) => drop(state.org.org(id)?.id.clone()),
    }
    let others = state.reach.browsers.iter().filter(|(s, b)| b.of == act.of && **s != act.session).count();
    if others >= limits::BROWSERS_EACH {
        let (count, limit) = (others + 1, limits::BROWSERS_EACH);
        return Err(Refusal::field("/subscription", FieldFault::TooMany { count, limit }));
    }
    let key: NotificationId = ctx.fresh();
    let subject = Subject(format!("person/{}-{key}", act.of.as_str()));
    let mut decision = Decision::about(Resource::plain("push", &act.session));
    decision.push_on(
        Stream::Jurisdiction,
        PushSubscribed {
            session: text::line("/session", &act.session)?,
            of: act.of,
            title: text::line("/title", &act.title)?,
            account: act.account,
            address: Personal::new(subject, text::prose("/subscription", &act.subscription)?),
            at: ctx.now,
        },
    );
    Ok(decision)
}
