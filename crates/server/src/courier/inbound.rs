//! What comes back from outside: delivery reports, and answers by SMS or by a key on the telephone.

use std::sync::Arc;
use std::time::Duration;

use channels::{Brought, Inbound, Received};
use domain::delivery::answer_notification::AnswerNotification;
use domain::delivery::record_delivery::{Outcome, RecordDelivery};
use domain::delivery::record_unmatched::RecordUnmatched;
use domain::delivery::{ChannelKind, FailedWhy, Message, Notification, Reading, is_settled, reference_key};
use domain::personal::Personal;
use domain::types::{MessageId, NotificationId, Time};
use domain::{IncidentFile, State};
use tokio::time::Instant;

use super::reading::{Read, read};
use super::{Courier, failed, kind_of};
use crate::desk::ActError;
use crate::hash::{hex, sha256_parts};
use crate::limits;

impl Courier {
    /// Takes one thing that came back by a lasting connection, and only then lets the peer forget it. While the node takes no
    /// acts it is asked again, with the same key, for as long as the peer waits; what fails for good is told in the log.
    pub(crate) async fn hears(&self, brought: Brought) {
        loop {
            match self.takes(&brought.received).await {
                Ok(()) => return brought.taken(),
                Err(ActError::Busy | ActError::Unavailable | ActError::NotRecorded) => {
                    if !brought.is_awaited() {
                        return; // the peer sends it again
                    }
                    self.rests().await;
                }
                Err(error) => {
                    let channel = &brought.received.channel;
                    tracing::error!(%error, %channel, "what came back could not be recorded");
                    return brought.taken(); // it would fail again
                }
            }
        }
    }

    /// Takes one thing that came back; it is durable when this returns.
    pub(crate) async fn takes(&self, received: &Received) -> Result<(), ActError> {
        let kind = kind_of(received.kind);
        let at = |reference: &str| reference_key(kind, &format!("{}/{reference}", received.channel));
        match &received.what {
            Inbound::Delivered { reference, .. } => self.ended(&at(reference), Outcome::Delivered).await,
            Inbound::Failed { reference, reason, .. } => {
                let bounced = failed(FailedWhy::Bounced, Some(reason.clone()), false);
                self.ended(&at(reference), bounced).await
            }
            Inbound::Answer { from, text, reference, id, at_ms } => {
                let heard = Heard {
                    kind,
                    from,
                    text,
                    reference: reference.as_deref().map(at),
                    named: id.is_some(),
                    at: Time(*at_ms),
                    key: answer_key(&received.channel, from, text, id.as_deref(), *at_ms),
                };
                self.answered(&heard).await
            }
        }
    }

    async fn ended(&self, reference: &str, outcome: Outcome) -> Result<(), ActError> {
        let Some(message) = self.known(reference).await else {
            tracing::info!("a delivery report names no message that is waited for");
            return Ok(());
        };
        let act = RecordDelivery { message, attempt: None, outcome };
        settled(self.asks(&format!("report/{message}"), act).await)
    }

    /// The message of a reference. A report may overtake the record that the message was handed over: while one is on
    /// its way, it is waited for; so it is while another node's record may not have come here yet.
    async fn known(&self, reference: &str) -> Option<MessageId> {
        let began = Instant::now();
        let end = began + Duration::from_secs(limits::REPORT_PATIENCE_S);
        let heard = began + Duration::from_secs(limits::FOLLOW_S) * 2;
        loop {
            let state = Arc::clone(&self.publisher.load().state);
            let (now, at) = (self.now.now(), Instant::now());
            let elsewhere =
                || self.shared && (at < heard || state.reach.outbox.values().any(|until| *until > now));
            let on_its_way = !self.under_way.lock().is_empty() || elsewhere();
            let found = state.reach.references.get(reference).copied();
            if found.is_some() || !on_its_way || at >= end {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(limits::COURIER_TICK_MS / 4)).await;
        }
    }

    async fn answered(&self, heard: &Heard<'_>) -> Result<(), ActError> {
        let named = match &heard.reference {
            Some(reference) => self.known(reference).await,
            None => None,
        };
        let state = Arc::clone(&self.publisher.load().state);
        let said = read(heard.text);
        // A peer that names no answer may have sent this one before, and never heard that it was recorded.
        let again = !heard.named && heard.reference.is_none() && was_heard(&state, heard, &said);
        if again && said.code.is_some() {
            return Ok(());
        }
        let (channel, from) = (heard.kind, heard.from.to_owned());
        let meant = meant(&state, heard, &said, named).filter(|_| !again);
        let Some(notification) = meant else {
            let act = RecordUnmatched { channel, from, text: heard.text.to_owned() };
            return settled(self.asks(&heard.key, act).await);
        };
        // A yes counts from any number. A no would send nobody: from a number that was not asked a person reads it.
        let own = digits(heard.from);
        let asked = heard.reference.is_some() || sent_to(&state, &own).any(|(_, n)| n.id == notification);
        let reading = if said.reading == Reading::No && !asked { Reading::Unclear } else { said.reading };
        let text = if said.words.is_empty() { heard.text.trim().to_owned() } else { said.words };
        let act = AnswerNotification { notification, channel, from, text, reading };
        settled(self.asks(&heard.key, act).await)
    }
}

/// An answer as it came.
struct Heard<'h> {
    kind: ChannelKind,
    from: &'h str,
    text: &'h str,
    reference: Option<String>,
    /// The peer has a name for this answer, by which a repeated one is known.
    named: bool,
    at: Time,
    key: String,
}

/// A gateway may repeat itself; a person may too, later. Where the gateway names its answers, the name tells them apart.
fn answer_key(channel: &str, from: &str, text: &str, id: Option<&str>, at_ms: i64) -> String {
    let at = at_ms.to_le_bytes();
    let which = id.map_or(at.as_slice(), str::as_bytes);
    let parts: [&[u8]; 4] = [channel.as_bytes(), from.as_bytes(), text.as_bytes(), which];
    format!("answer/{}", hex(&sha256_parts(parts)[..16]))
}

/// Did the same words come from the same number a moment ago? Then a peer may be repeating itself: an answer with a code is
/// known by it, and one without could mean another thing now, so that a person reads it.
fn was_heard(state: &State, heard: &Heard<'_>, said: &Read) -> bool {
    let lately = |at: Time| (0..limits::ANSWER_REPEATED_S * 1_000).contains(&(heard.at.0 - at.0));
    let own = digits(heard.from);
    let from_it = |from: &Personal<String>| from.reveal().is_some_and(|from| digits(from) == own);
    let words = |text: &Personal<String>| {
        text.reveal().is_some_and(|text| *text == heard.text.trim() || *text == said.words)
    };
    let answers = state.whole().flat_map(|file| file.delivery.notifications.values());
    let code = |n: &Notification| said.code.as_ref().is_none_or(|code| n.code == *code);
    let mut answers = answers.filter(|n| code(n)).flat_map(|n| &n.answers);
    let strays = || state.reach.unmatched.iter();
    answers.any(|a| lately(a.at) && a.channel == heard.kind && from_it(&a.from) && words(&a.text))
        || strays().any(|a| lately(a.at) && a.channel == heard.kind && from_it(&a.from) && words(&a.text))
}

/// Which notification is answered: the one whose code stands in the text, from any number; else the one whose message
/// is named; else the only one that waits for this number. Between several nothing is guessed.
fn meant(state: &State, heard: &Heard<'_>, said: &Read, named: Option<MessageId>) -> Option<NotificationId> {
    let own = digits(heard.from);
    if let Some(code) = &said.code {
        // A code comes again after thousands: whoever was told it himself means his own.
        let theirs = sent_to(state, &own).filter(|(_, n)| n.code == *code).map(|(_, n)| n.id).max();
        return theirs.or_else(|| state.reach.codes.get(code).map(|found| found.notification));
    }
    if heard.reference.is_some() {
        return state.reach.undone.get(&named?).map(|undone| undone.notification);
    }
    let mut waiting = sent_to(state, &own).filter(|(file, n)| !is_settled(file, n)).map(|(_, n)| n.id);
    waiting.next().filter(|_| waiting.next().is_none())
}

/// Notifications that went to a number.
fn sent_to<'s>(
    state: &'s State,
    number: &'s str,
) -> impl Iterator<Item = (&'s IncidentFile, &'s Notification)> {
    let to_it = move |m: &Arc<Message>| {
        m.address.reveal().is_some_and(|address| same_number(&digits(address), number))
    };
    state
        .whole()
        .flat_map(|file| file.delivery.notifications.values().map(move |n| (file, n.as_ref())))
        .filter(move |(_, n)| n.messages.iter().any(to_it))
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// With or without the country's code.
fn same_number(one: &str, other: &str) -> bool {
    let bare =
        |number: &str| number.strip_prefix("86").filter(|n| n.len() >= 11).unwrap_or(number).to_owned();
    !one.is_empty() && bare(one) == bare(other)
}

/// What the rules have nothing to say to is settled: reported before, answered before.
fn settled(done: Result<crate::desk::Receipt, ActError>) -> Result<(), ActError> {
    match done {
        Ok(_) | Err(ActError::Refused(_) | ActError::KeyReused | ActError::Erased) => Ok(()),
        Err(error) => Err(error),
    }
}
