//! What was told outside, as the desks see it: to whom, by what means, how far, what came back. Failures first.

use std::collections::BTreeMap;

use domain::IncidentFile;
use domain::delivery::{
    ChannelKind, Correction, FailedWhy, MessageStatus, Notification, Reading, Recipient, is_settled,
};
use domain::types::{Lang, Text};
use domain::{ActKind, Refusal, Target};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Moment, Ref, Viewer, fault_words};

/// One sending by one means to one contact.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MessageView {
    /// Its id.
    pub id: Text,
    /// The contact, by title.
    pub title: Text,
    /// By what means.
    pub channel: ChannelKind,
    /// In words.
    pub channel_name: Text,
    /// How far it is.
    pub status: MessageStatus,
    /// In words.
    pub status_name: Text,
    /// When it got there.
    pub at: Moment,
    /// How often it was tried.
    pub attempts: u32,
    /// Parts that are paid for.
    pub parts: u32,
    /// What they cost, in 元: `"0.09"`; absent where no price is set.
    pub cost: Option<Text>,
    /// Why it failed, or failed last.
    pub failed: Option<FailedWhy>,
    /// In words.
    pub failed_text: Option<Text>,
    /// More closely, by a code; a gateway's own words have none.
    pub reason: Option<&'static str>,
    /// What the channel or the gateway said, as it came.
    pub detail: Option<Text>,
}

/// What came back.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AnswerView {
    /// By what means, in words.
    pub channel_name: Text,
    /// From where.
    pub from: Text,
    /// In what words.
    pub text: Text,
    /// How it reads.
    pub reading: Reading,
    /// Did it have an effect?
    pub counted: bool,
    /// When.
    pub at: Moment,
}

/// How a notification stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotificationState {
    /// 未联系上: no way is left, somebody has to telephone.
    Exhausted,
    /// 待查看: words came that a person has to read.
    ToRead,
    /// 等待答复
    Waiting,
    /// 已办结: answered, or over.
    Settled,
}

/// What one recipient is told of one thing.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NotificationView {
    /// Its id.
    pub id: Text,
    /// Of what kind: `order`, `stand_by` …
    pub about: Text,
    /// In words.
    pub about_name: Text,
    /// The order, stand-by, notice … itself.
    pub subject: Text,
    /// To whom.
    pub to: Ref,
    /// Short code.
    pub code: Text,
    /// How it stands.
    pub state: NotificationState,
    /// In words.
    pub state_name: Text,
    /// When the next way is tried.
    pub next_at: Option<Moment>,
    /// What its messages cost so far, in 元; absent where no price is set.
    pub cost: Option<Text>,
    /// Its messages, oldest first.
    pub messages: Vec<MessageView>,
    /// What came back, oldest first.
    pub answers: Vec<AnswerView>,
}

/// What a part of an incident's messages costs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CostView {
    /// The channel, or what was told: `sms`, `order` …
    pub code: Text,
    /// In words.
    pub name: Text,
    /// Messages that a gateway took.
    pub messages: u32,
    /// Parts that are paid for.
    pub parts: u32,
    /// What they cost, in 元: `"0.09"`.
    pub cost: Text,
}

/// What the messages of one incident cost, by the prices that the settings name.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CostsView {
    /// All together, in 元: `"0.09"`; absent where no price is set.
    pub total: Option<Text>,
    /// By what means.
    pub by_channel: Vec<CostView>,
    /// For each campaign: all that was told of one kind, the orders, the linkage notices …
    pub by_campaign: Vec<CostView>,
}

/// What was told outside in one incident.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NotificationsView {
    /// Everything runs, and nothing leaves the node.
    pub rehearsal: bool,
    /// Parts of messages that are paid for.
    pub parts: u32,
    /// What they cost.
    pub costs: CostsView,
    /// What failed first, then what waits, then the rest; each newest first.
    pub items: Vec<NotificationView>,
}

/// A contact that its owner has to correct.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CorrectionView {
    /// Whose.
    pub of: Ref,
    /// `force` or `org`.
    pub kind: &'static str,
    /// Which contact, by title.
    pub title: Text,
    /// By what means.
    pub channel_name: Text,
    /// Why, in words, where it is known.
    pub reason: Option<Text>,
    /// The same by a code.
    pub reason_code: Option<&'static str>,
    /// What the channel or the gateway said, as it came.
    pub detail: Option<Text>,
    /// Since when.
    pub since: Moment,
}

/// One way to a contact.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WayView {
    /// By what means.
    pub channel: ChannelKind,
    /// Where; absent, it is the contact's telephone number.
    pub address: Option<Text>,
}

/// One contact.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ContactOf {
    /// 值班室, or a position of the duty list.
    pub title: Text,
    /// Who.
    pub name: Text,
    /// Telephone number.
    pub phone: Text,
    /// Ways, first one first.
    pub ways: Vec<WayView>,
    /// May be asked now, by the duty list.
    pub on_duty: bool,
}

/// How somebody is reached.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ContactsView {
    /// Whose.
    pub of: Ref,
    /// First one first.
    pub contacts: Vec<ContactOf>,
    /// May they be set anew?
    pub may: super::Mays,
}

/// An answer that belongs to nothing known.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UnmatchedView {
    /// By what means.
    pub channel_name: Text,
    /// From where.
    pub from: Text,
    /// In what words.
    pub text: Text,
    /// When.
    pub at: Moment,
}

/// By what means messages leave, and what somebody has to look after.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChannelsView {
    /// Everything runs, and nothing leaves the node.
    pub rehearsal: bool,
    /// Open channels, first one first.
    pub channels: Vec<super::Ref>,
    /// Messages that wait.
    pub waiting: usize,
    /// Contacts to be corrected, oldest first.
    pub corrections: Vec<CorrectionView>,
    /// Answers to nothing known, newest first.
    pub unmatched: Vec<UnmatchedView>,
}

impl Viewer<'_> {
    /// What was told outside in an incident.
    pub fn notifications(&self, file: &IncidentFile) -> NotificationsView {
        let all = || file.delivery.notifications.values();
        let parts = all().flat_map(|n| &n.messages).map(|m| m.parts).fold(0, u32::saturating_add);
        let mut items: Vec<NotificationView> = all().rev().map(|n| self.notification(file, n)).collect();
        items.sort_by_key(|n| n.state);
        NotificationsView { rehearsal: self.state.reach.rehearsal, parts, costs: self.costs(file), items }
    }

    /// What the messages of an incident cost, by channel and by campaign.
    fn costs(&self, file: &IncidentFile) -> CostsView {
        let mut channels: BTreeMap<ChannelKind, Sum> = BTreeMap::new();
        let mut campaigns: BTreeMap<&'static str, (&'static str, Sum)> = BTreeMap::new();
        let mut total_hao = 0_u64;
        for n in file.delivery.notifications.values() {
            for m in n.messages.iter().filter(|m| m.parts > 0) {
                channels.entry(m.channel).or_default().add(m);
                let campaign = campaigns.entry(n.about.code());
                campaign.or_insert((n.about.label(self.lang), Sum::default())).1.add(m);
                total_hao = total_hao.saturating_add(m.cost_hao);
            }
        }
        let channel = |(kind, sum): (ChannelKind, Sum)| sum.shown(kind.code(), kind.label(self.lang));
        CostsView {
            total: yuan_where_any(total_hao),
            by_channel: channels.into_iter().map(channel).collect(),
            by_campaign: campaigns.into_iter().map(|(code, (name, sum))| sum.shown(code, name)).collect(),
        }
    }

    fn notification(&self, file: &IncidentFile, n: &Notification) -> NotificationView {
        let state = state_of(file, n);
        let waits = state != NotificationState::Settled;
        NotificationView {
            id: n.id.to_string(),
            about: n.about.code().to_owned(),
            about_name: n.about.label(self.lang).to_owned(),
            subject: n.about.ulid().to_string(),
            to: self.recipient(&n.to),
            code: n.code.clone(),
            state,
            state_name: self.state_name(state),
            next_at: self.moment_opt(n.due.filter(|_| waits)),
            cost: yuan_where_any(n.messages.iter().map(|m| m.cost_hao).fold(0, u64::saturating_add)),
            messages: n.messages.iter().map(|m| self.message(m)).collect(),
            answers: n.answers.iter().map(|a| self.answer(a)).collect(),
        }
    }

    fn state_name(&self, state: NotificationState) -> Text {
        let (zh, en) = match state {
            NotificationState::Exhausted => ("未联系上", "not reached"),
            NotificationState::ToRead => ("待查看", "to be read"),
            NotificationState::Waiting => ("等待答复", "waiting"),
            NotificationState::Settled => ("已办结", "settled"),
        };
        self.lang.pick(zh, en).to_owned()
    }

    fn message(&self, m: &domain::delivery::Message) -> MessageView {
        let detail = self.words_opt(m.detail.as_ref());
        let unreached = m.failed == Some(FailedWhy::Unreachable);
        let known = detail.as_deref().and_then(|words| fault_words::known(words, unreached, self.lang));
        let failed_text = m.failed.map(|why| match &known {
            Some((_, text)) => match self.lang {
                Lang::Zh => format!("{}：{text}", why.label(self.lang)),
                Lang::En => format!("{}: {text}", why.label(self.lang)),
            },
            None => why.label(self.lang).to_owned(),
        });
        MessageView {
            id: m.id.to_string(),
            title: m.title.clone(),
            channel: m.channel,
            channel_name: m.channel.label(self.lang).to_owned(),
            status: m.status,
            status_name: m.status.label(self.lang).to_owned(),
            at: self.moment(m.status_at),
            attempts: m.attempts,
            parts: m.parts,
            cost: yuan_where_any(m.cost_hao),
            failed: m.failed,
            failed_text,
            reason: known.map(|(code, _)| code),
            detail,
        }
    }

    fn answer(&self, a: &domain::delivery::Answer) -> AnswerView {
        AnswerView {
            channel_name: a.channel.label(self.lang).to_owned(),
            from: self.words(&a.from),
            text: self.words(&a.text),
            reading: a.reading,
            counted: a.counted,
            at: self.moment(a.at),
        }
    }

    fn recipient(&self, to: &Recipient) -> Ref {
        match to {
            Recipient::Force(id) => self.force(id),
            Recipient::Org(id) => self.org(id),
        }
    }

    /// How a force or an organisation is reached.
    pub fn contacts_of(&self, of: &Recipient) -> Result<ContactsView, Refusal> {
        let (contacts, target) = match of {
            Recipient::Force(id) => (&self.state.ledger.force(id)?.contacts, Target::Force(id.clone())),
            Recipient::Org(id) => (&self.state.org.org(id)?.contacts, Target::Org(id.clone())),
        };
        let way = |way: &domain::delivery::Way| WayView {
            channel: way.channel,
            address: way.address.as_ref().map(|a| self.words(a)),
        };
        let seen = contacts.iter().map(|c| ContactOf {
            title: c.title.clone(),
            name: self.words(&c.name),
            phone: self.words(&c.phone),
            ways: c.ways.iter().map(way).collect(),
            on_duty: self.state.duty.may_be_asked(of.as_str(), &c.title, self.now),
        });
        let contacts = seen.collect();
        let mut may = super::Mays::new();
        self.offer(&mut may, ActKind::SetContacts, &target, Ok(()));
        Ok(ContactsView { of: self.recipient(of), contacts, may })
    }

    /// By what means messages leave, and what somebody has to look after.
    pub fn channels(&self) -> ChannelsView {
        let reach = &self.state.reach;
        let channels = reach
            .channels
            .iter()
            .map(|c| Ref { id: c.code().to_owned(), name: c.label(self.lang).to_owned() });
        let unmatched = reach.unmatched.iter().rev().map(|u| UnmatchedView {
            channel_name: u.channel.label(self.lang).to_owned(),
            from: self.words(&u.from),
            text: self.words(&u.text),
            at: self.moment(u.at),
        });
        ChannelsView {
            rehearsal: reach.rehearsal,
            channels: channels.collect(),
            waiting: reach.outbox.len(),
            corrections: self.corrections(|_| true),
            unmatched: unmatched.collect(),
        }
    }

    /// Contacts to be corrected: those of these owners, oldest first.
    pub fn corrections(&self, of: impl Fn(&Recipient) -> bool) -> Vec<CorrectionView> {
        let mut found: Vec<&Correction> =
            self.state.reach.corrections.values().map(AsRef::as_ref).filter(|c| of(&c.of)).collect();
        found.sort_by_key(|c| c.since);
        let view = |c: &Correction| {
            let detail = self.words_opt(c.detail.as_ref());
            let known = detail.as_deref().and_then(|words| fault_words::known(words, false, self.lang));
            CorrectionView {
                of: self.recipient(&c.of),
                kind: match c.of {
                    Recipient::Force(_) => "force",
                    Recipient::Org(_) => "org",
                },
                title: c.title.clone(),
                channel_name: c.channel.label(self.lang).to_owned(),
                reason_code: known.as_ref().map(|(code, _)| *code),
                reason: known.map(|(_, text)| text),
                detail,
                since: self.moment(c.since),
            }
        };
        found.into_iter().map(view).collect()
    }
}

fn state_of(file: &IncidentFile, n: &Notification) -> NotificationState {
    let unread = n.answers.back().is_some_and(|a| !a.counted && a.reading == Reading::Unclear);
    match (is_settled(file, n) || file.incident.status.is_over(), n.exhausted, unread) {
        (true, ..) => NotificationState::Settled,
        (_, _, true) => NotificationState::ToRead,
        (_, true, _) => NotificationState::Exhausted,
        _ => NotificationState::Waiting,
    }
}

/// Notifications for which no way is left and nobody has answered.
pub(super) fn unreached(file: &IncidentFile) -> usize {
    let all = file.delivery.notifications.values();
    all.filter(|n| state_of(file, n) == NotificationState::Exhausted).count()
}

/// Messages, added up.
#[derive(Debug, Default)]
struct Sum {
    messages: u32,
    parts: u32,
    cost_hao: u64,
}

impl Sum {
    fn add(&mut self, m: &domain::delivery::Message) {
        self.messages = self.messages.saturating_add(1);
        self.parts = self.parts.saturating_add(m.parts);
        self.cost_hao = self.cost_hao.saturating_add(m.cost_hao);
    }

    fn shown(&self, code: &str, name: &str) -> CostView {
        CostView {
            code: code.to_owned(),
            name: name.to_owned(),
            messages: self.messages,
            parts: self.parts,
            cost: yuan(self.cost_hao),
        }
    }
}

fn yuan_where_any(cost_hao: u64) -> Option<Text> {
    (cost_hao > 0).then(|| yuan(cost_hao))
}

/// 毫 as 元: two digits behind the point at least, four at most. `450` is `0.045`.
fn yuan(cost_hao: u64) -> Text {
    let (whole, part) = (cost_hao / 10_000, format!("{:04}", cost_hao % 10_000));
    let part = part.strip_suffix("00").or_else(|| part.strip_suffix('0')).unwrap_or(&part);
    format!("{whole}.{part}")
}

#[cfg(test)]
mod tests {
    use super::yuan;

    #[test]
    fn money_is_shown_exactly() {
        let shown = [
            (0, "0.00"),
            (450, "0.045"),
            (900, "0.09"),
            (1_000, "0.10"),
            (10_000, "1.00"),
            (123_456, "12.3456"),
        ];
        for (hao, text) in shown {
            assert_eq!(yuan(hao), text);
        }
    }
}
