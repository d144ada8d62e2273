//! What the jurisdiction knows about reaching people: open channels, short codes, what waits to be sent, and contacts
//! that turned out to be wrong.

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use serde::{Deserialize, Serialize};

use super::browser::Browser;
use super::channel::ChannelKind;
use super::event::{AnswerUnmatched, Event, MessageFailed, MessageQueued};
use super::state::{FailedWhy, Recipient};
use crate::personal::Personal;
use crate::types::{IncidentId, MessageId, NotificationId, Text, Time, limits};

/// A message that is not done with: it waits to be sent, or a report of its delivery may still come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// Its incident.
    pub incident: IncidentId,
    /// Which notification it carries.
    pub notification: NotificationId,
    /// To whom.
    pub to: Recipient,
    /// The contact, by title.
    pub title: Text,
    /// By what means.
    pub channel: ChannelKind,
    /// Before everything else.
    pub urgent: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// What the gateway calls it, with the channel in front: `sms/4711`.
    pub references: Vec<Text>,
}

/// Where a notification is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Its incident.
    pub incident: IncidentId,
    /// Which.
    pub notification: NotificationId,
}

/// A contact that could not be reached because the register is wrong: its organisation has to correct it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Correction {
    /// Whose contact.
    pub of: Recipient,
    /// Which, by title.
    pub title: Text,
    /// By what means.
    pub channel: ChannelKind,
    /// In the gateway's words, which may name the address.
    pub detail: Option<Personal<Text>>,
    /// Since when it is known.
    pub since: Time,
}

/// What is known.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Reach {
    /// By what means messages can leave, first one first.
    pub channels: Vector<ChannelKind>,
    /// Everything runs, and nothing leaves.
    pub rehearsal: bool,
    /// Short codes given out or passed over so far.
    pub codes_used: u32,
    /// What a short code names; a code that comes again names the newer.
    pub codes: OrdMap<Text, Found>,
    /// What waits to be sent, or for whoever is sending it, and is not to be tried before.
    pub outbox: OrdMap<MessageId, Time>,
    /// What is not done with.
    pub undone: OrdMap<MessageId, Arc<Undone>>,
    /// The same by what the gateway calls it.
    pub references: OrdMap<Text, MessageId>,
    /// Contacts to be corrected, by owner, title and channel.
    pub corrections: OrdMap<Text, Arc<Correction>>,
    /// Answers to nothing that is known; the last ones.
    pub unmatched: Vector<AnswerUnmatched>,
    /// Browsers that take messages, by session.
    #[serde(default)]
    pub browsers: OrdMap<Text, Arc<Browser>>,
}

/// Short codes have four digits and do not begin with 0: they are read aloud and typed with cold fingers.
const FIRST_CODE: u32 = 1000;
const CODES: u32 = 9000;
/// Where the count of codes begins again: a multiple of their number, so that none is passed over then.
const COUNTED: u32 = CODES * 100_000;

impl Reach {
    /// Is this channel open here?
    pub fn is_open(&self, channel: ChannelKind) -> bool {
        self.channels.contains(&channel)
    }

    /// The codes in the order in which they are given out next, each once.
    pub(crate) fn codes_from_here(&self) -> impl Iterator<Item = Text> {
        let next = self.codes_used % CODES;
        (0..CODES).map(move |after| (FIRST_CODE + (next + after) % CODES).to_string())
    }

    /// A code was given out: the next search begins behind it.
    fn uses_code(&mut self, code: &str) {
        let position = code.parse::<u32>().ok().and_then(|code| code.checked_sub(FIRST_CODE));
        if let Some(position) = position.filter(|position| *position < CODES) {
            let passed_over = (position + CODES - self.codes_used % CODES) % CODES;
            self.codes_used = self.codes_used.wrapping_add(passed_over + 1) % COUNTED;
        }
    }

    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::ChannelsOpened(e) => {
                self.channels = e.channels.iter().copied().collect();
                self.rehearsal = e.rehearsal;
            }
            Event::AnswerUnmatched(e) => {
                self.unmatched.push_back(e.clone());
                while self.unmatched.len() > limits::UNMATCHED_ANSWERS {
                    self.unmatched.pop_front();
                }
            }
            Event::PushSubscribed(e) => self.subscribed(e),
            Event::PushUnsubscribed(e) => self.unsubscribed(e),
            _ => {}
        }
    }

    /// A contact list was given anew: what was wrong with the old one is settled.
    pub(crate) fn corrected(&mut self, of: &str) {
        let settled = self.corrections.iter().filter(|(_, c)| c.of.as_str() == of);
        let settled: Vec<Text> = settled.map(|(key, _)| key.clone()).collect();
        for key in settled {
            self.corrections.remove(&key);
        }
    }

    /// Keeps the indexes in step with a message of an incident, by its event alone: the incident may be over.
    pub(crate) fn index(&mut self, incident: IncidentId, event: &Event) {
        match event {
            Event::MessageQueued(e) => self.queued(incident, e),
            Event::MessageAttempted(e) => {
                self.outbox.insert(e.message, e.until);
                if let Some(undone) = self.undone.get_mut(&e.message) {
                    Arc::make_mut(undone).attempts = e.attempt;
                }
            }
            Event::MessageHandedOver(e) => {
                self.outbox.remove(&e.message);
                self.expects(e.message, &e.references);
            }
            // A key may be pressed, a further part reported, after the first report.
            Event::MessageDelivered(e) => drop(self.outbox.remove(&e.message)),
            Event::MessageFailed(e) => {
                if matches!(e.why, FailedWhy::BadAddress | FailedWhy::Bounced) {
                    self.is_wrong(e);
                }
                match e.retry_at {
                    Some(at) => drop(self.outbox.insert(e.message, at)),
                    None => self.is_done(e.message),
                }
            }
            Event::ChannelsOpened(_)
            | Event::NotificationAnswered(_)
            | Event::NotificationExhausted(_)
            | Event::AnswerUnmatched(_)
            | Event::PushSubscribed(_)
            | Event::PushUnsubscribed(_) => {}
        }
    }

    fn queued(&mut self, incident: IncidentId, e: &MessageQueued) {
        let found = Found { incident, notification: e.notification };
        // A code that was given out anew is not taken back by a later message of its former holder.
        let newer = self.codes.get(&e.code).is_some_and(|known| known.notification > e.notification);
        if !newer && !e.code.is_empty() && self.codes.insert(e.code.clone(), found) != Some(found) {
            self.uses_code(&e.code);
        }
        self.outbox.insert(e.message, e.at);
        let undone = Undone {
            incident,
            notification: e.notification,
            to: e.to.clone(),
            title: e.title.clone(),
            channel: e.channel,
            urgent: e.about.is_urgent(),
            attempts: 0,
            references: Vec::new(),
        };
        self.undone.insert(e.message, Arc::new(undone));
        // A report that never comes must not be waited for for ever.
        while self.undone.len() > limits::REPORTS_AWAITED + self.outbox.len() {
            let oldest = self.undone.keys().find(|id| !self.outbox.contains_key(*id)).copied();
            let Some(oldest) = oldest else { return };
            self.is_done(oldest);
        }
    }

    fn expects(&mut self, message: MessageId, references: &[Text]) {
        let Some(undone) = self.undone.get_mut(&message) else { return };
        let undone = Arc::make_mut(undone);
        for reference in references {
            let key = reference_key(undone.channel, reference);
            self.references.insert(key.clone(), message);
            undone.references.push(key);
        }
    }

    fn is_done(&mut self, message: MessageId) {
        self.outbox.remove(&message);
        for key in self.undone.remove(&message).into_iter().flat_map(|u| u.references.clone()) {
            self.references.remove(&key);
        }
    }

    fn is_wrong(&mut self, e: &MessageFailed) {
        let Some(undone) = self.undone.get(&e.message) else { return };
        if undone.channel == ChannelKind::Push && self.is_browser(&undone.to, &undone.title) {
            return;
        }
        let key = format!("{}/{}/{}", undone.to.as_str(), undone.title, undone.channel.code());
        let correction = Correction {
            of: undone.to.clone(),
            title: undone.title.clone(),
            channel: undone.channel,
            detail: e.detail.clone(),
            since: e.at,
        };
        self.corrections.entry(key).or_insert_with(|| Arc::new(correction));
    }
}

/// What a gateway calls a message, told apart from what others call theirs.
pub fn reference_key(channel: ChannelKind, reference: &str) -> Text {
    format!("{}/{reference}", channel.code())
}
