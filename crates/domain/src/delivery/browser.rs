//! Browsers that take messages (web push): kept as a way to whoever is signed in there, and ended with his session.
//!
//! A browser is told beside the first other way, never instead of it: it costs nothing, and what it costs in time when a
//! push service is not reached must not hold up a call.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::channel::ChannelKind;
use super::event::{PushSubscribed, PushUnsubscribed};
use super::ladder::Rung;
use super::state::{Message, Notification, Recipient};
use crate::personal::Personal;
use crate::state::State;
use crate::types::{AccountId, Text, Time};

/// A browser that takes messages while its session lasts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Browser {
    /// Whose messages.
    pub of: Recipient,
    /// Who sits there, by position.
    pub title: Text,
    /// His account.
    pub account: AccountId,
    /// Its subscription.
    pub address: Personal<Text>,
    /// Since when.
    pub since: Time,
}

impl super::reach::Reach {
    pub(super) fn subscribed(&mut self, e: &PushSubscribed) {
        let browser = Browser {
            of: e.of.clone(),
            title: e.title.clone(),
            account: e.account.clone(),
            address: e.address.clone(),
            since: e.at,
        };
        self.browsers.insert(e.session.clone(), Arc::new(browser));
    }

    pub(super) fn unsubscribed(&mut self, e: &PushUnsubscribed) {
        self.browsers.remove(&e.session);
    }

    /// The session of the browser that a message went to: by whose key seals the address, never by the address.
    pub(super) fn browser_of(&self, message: &Message) -> Option<&Text> {
        let same = |b: &Browser| b.address.personal == message.address.personal;
        self.browsers.iter().find(|(_, browser)| same(browser)).map(|(session, _)| session)
    }

    /// Was this browser's contact one of its own? What a browser no longer takes is nobody's to correct.
    pub(super) fn is_browser(&self, of: &Recipient, title: &str) -> bool {
        self.browsers.values().any(|b| b.of == *of && b.title == *title)
    }
}

/// The browsers to be told now. What is meant for one person goes to his own alone; the duty list decides as for every contact.
pub(crate) fn browsers(state: &State, to: &Recipient, only: Option<&str>, now: Time) -> Vec<Rung> {
    if !state.reach.is_open(ChannelKind::Push) {
        return Vec::new();
    }
    let asked = state.reach.browsers.values().filter(|b| b.of == *to && b.address.reveal().is_some());
    let asked = asked.filter(|b| {
        only.is_none_or(|only| b.title == only) && state.duty.may_be_asked(to.as_str(), &b.title, now)
    });
    asked
        .map(|b| Rung { title: b.title.clone(), channel: ChannelKind::Push, address: b.address.clone() })
        .collect()
}

/// Has the browser that this message is for signed out meanwhile? Then it gets nothing any more.
pub fn is_revoked(state: &State, notification: &Notification, message: &Message) -> bool {
    if message.channel != ChannelKind::Push || state.reach.browser_of(message).is_some() {
        return false;
    }
    // An address that stands in the register itself is no browser's session.
    let contacts = match &notification.to {
        Recipient::Force(id) => state.ledger.forces.get(id).map(|f| &f.contacts),
        Recipient::Org(id) => state.org.orgs.get(id).map(|o| &o.contacts),
    };
    let mut ways = contacts.into_iter().flatten().flat_map(|c| &c.ways).filter_map(|w| w.address.as_ref());
    !ways.any(|address| address.personal == message.address.personal)
}
