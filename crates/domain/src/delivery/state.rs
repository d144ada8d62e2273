//! What was sent to whom, by what means, how far it got, and what came back. An order is not a notification: the
//! order stands in `dispatch`, here stands how somebody outside was told of it.

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::channel::ChannelKind;
use super::event::Event;
use crate::personal::Personal;
use crate::types::ids::Fresh;
use crate::types::{
    FilingId, ForceId, Lang, LetterId, MessageId, NoticeId, NotificationId, OrderId, OrgId, PlanId,
    StandById, Text, Time, TownCallId, WithdrawalId,
};

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// A force.
    Force(ForceId),
    /// An organisation.
    Org(OrgId),
}

impl Recipient {
    /// Its id as text: the owner of contacts and of rows of the duty list.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Force(id) => id.as_str(),
            Self::Org(id) => id.as_str(),
        }
    }
}

/// What somebody is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// 出动指令
    Order(OrderId),
    /// 中途返回
    Cancelled(OrderId),
    /// 可归队
    Released(OrderId),
    /// 待命
    StandBy(StandById),
    /// 解除待命
    Lifted(StandById),
    /// 紧急撤离
    Withdrawal(WithdrawalId),
    /// 联动通知
    Notice(NoticeId),
    /// 商请
    Letter(LetterId),
    /// 报备
    Filing(FilingId),
    /// 叫应
    TownCall(TownCallId),
    /// 调用方案报审
    Approval(PlanId),
}

impl About {
    /// The thing itself.
    pub fn ulid(self) -> Ulid {
        match self {
            Self::Order(id) | Self::Cancelled(id) | Self::Released(id) => id.ulid(),
            Self::StandBy(id) | Self::Lifted(id) => id.ulid(),
            Self::Withdrawal(id) => id.ulid(),
            Self::Notice(id) => id.ulid(),
            Self::Letter(id) => id.ulid(),
            Self::Filing(id) => id.ulid(),
            Self::TownCall(id) => id.ulid(),
            Self::Approval(id) => id.ulid(),
        }
    }

    /// Stable code of what it is.
    pub fn code(self) -> &'static str {
        match self {
            Self::Order(_) => "order",
            Self::Cancelled(_) => "cancelled",
            Self::Released(_) => "released",
            Self::StandBy(_) => "stand_by",
            Self::Lifted(_) => "lifted",
            Self::Withdrawal(_) => "withdrawal",
            Self::Notice(_) => "notice",
            Self::Letter(_) => "letter",
            Self::Filing(_) => "filing",
            Self::TownCall(_) => "town_call",
            Self::Approval(_) => "approval",
        }
    }

    /// What it is called.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Order(_) => lang.pick("出动指令", "order"),
            Self::Cancelled(_) => lang.pick("中途返回", "cancellation"),
            Self::Released(_) => lang.pick("可归队", "release"),
            Self::StandBy(_) => lang.pick("待命", "stand-by"),
            Self::Lifted(_) => lang.pick("解除待命", "end of stand-by"),
            Self::Withdrawal(_) => lang.pick("紧急撤离", "emergency withdrawal"),
            Self::Notice(_) => lang.pick("联动通知", "linkage notice"),
            Self::Letter(_) => lang.pick("商请函", "letter of request"),
            Self::Filing(_) => lang.pick("报备", "filing"),
            Self::TownCall(_) => lang.pick("叫应", "town call"),
            Self::Approval(_) => lang.pick("调用方案报审", "plan for approval"),
        }
    }

    /// Does it ask for an answer? What only informs is done when it has arrived.
    pub fn asks(self) -> bool {
        !matches!(self, Self::Cancelled(_) | Self::Released(_) | Self::Lifted(_))
    }

    /// Goes before everything else of the queue.
    pub fn is_urgent(self) -> bool {
        matches!(self, Self::Order(_) | Self::Cancelled(_) | Self::Withdrawal(_))
    }
}

/// How far one sending is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// 待发
    Queued,
    /// 发送中
    Sending,
    /// 已交网关
    HandedOver,
    /// 已送达
    Delivered,
    /// 失败
    Failed,
}

/// Why a sending failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailedWhy {
    /// 号码或地址错误: the organisation has to correct it.
    BadAddress,
    /// 网关回执未送达: handed over, and came back.
    Bounced,
    /// 网关拒绝
    Refused,
    /// 通道不通
    Unreachable,
    /// 超时
    TimedOut,
    /// 本节点未开通该通道
    NoChannel,
    /// 已无须发送: what it asks for was answered or is over.
    Superseded,
}

/// One sending by one means to one contact.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Which notification it carries.
    pub notification: NotificationId,
    /// The contact, by title.
    pub title: Text,
    /// By what means.
    pub channel: ChannelKind,
    /// Where.
    pub address: Personal<Text>,
    /// Since when it waits.
    pub queued_at: Time,
    /// How far it is.
    pub status: MessageStatus,
    /// When it got there.
    pub status_at: Time,
    /// How often it was tried.
    pub attempts: u32,
    /// Not to be tried before; while it is being sent, until when the one who sends it has it for himself.
    pub not_before: Option<Time>,
    /// What the gateway calls it.
    pub references: Vec<Text>,
    /// Parts that are paid for.
    pub parts: u32,
    /// What they cost, in 毫 (0.0001 元).
    pub cost_hao: u64,
    /// Why it failed.
    pub failed: Option<FailedWhy>,
    /// In the gateway's words, which may name the address.
    pub detail: Option<Personal<Text>>,
}

/// How an answer reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// 是
    Yes,
    /// 否
    No,
    /// It is for a person to read.
    Unclear,
}

/// What came back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    /// By what means.
    pub channel: ChannelKind,
    /// From where; it counts from any number.
    pub from: Personal<Text>,
    /// In what words.
    pub text: Personal<Text>,
    /// How it reads.
    pub reading: Reading,
    /// Did it have an effect? A late or second answer is shown and has none.
    pub counted: bool,
    /// When it came.
    pub at: Time,
}

/// What one recipient is told of one thing, by as many messages as it takes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// Of what.
    pub about: About,
    /// To whom.
    pub to: Recipient,
    /// Meant for this person alone, by position.
    pub only: Option<Text>,
    /// 短码: what an answer names.
    pub code: Text,
    /// When the next way is tried unless an answer comes.
    pub due: Option<Time>,
    /// No way is left.
    pub exhausted: bool,
    /// Its messages, oldest first.
    pub messages: Vector<Arc<Message>>,
    /// What came back, oldest first.
    pub answers: Vector<Answer>,
}

impl Notification {
    /// Did any message arrive at a gateway or a person?
    pub fn is_handed_over(&self) -> bool {
        self.messages
            .iter()
            .any(|m| m.status >= MessageStatus::HandedOver && m.status != MessageStatus::Failed)
    }
}

/// What was sent in one incident.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Deliveries {
    /// Notifications.
    pub notifications: OrdMap<NotificationId, Arc<Notification>>,
    /// Which notification a message carries.
    pub carried: OrdMap<MessageId, NotificationId>,
    /// The notifications of one order, stand-by, notice …
    pub of: OrdMap<Ulid, Vector<NotificationId>>,
}

impl Deliveries {
    /// A message.
    pub fn message(&self, id: MessageId) -> Option<(&Arc<Notification>, &Arc<Message>)> {
        let notification = self.notifications.get(self.carried.get(&id)?)?;
        notification.messages.iter().find(|m| m.id == id).map(|m| (notification, m))
    }

    /// The notifications of one thing, oldest first.
    pub fn of(&self, subject: Ulid) -> impl Iterator<Item = &Arc<Notification>> {
        self.of.get(&subject).into_iter().flatten().filter_map(|id| self.notifications.get(id))
    }

    pub(crate) fn apply(&mut self, event: &Event, at: Time) {
        match event {
            Event::MessageQueued(e) => self.queued(e),
            Event::MessageAttempted(e) => self.change(e.message, at, |m| {
                m.status = MessageStatus::Sending;
                m.attempts = e.attempt;
                m.not_before = Some(e.until);
            }),
            Event::MessageHandedOver(e) => self.change(e.message, e.at, |m| {
                m.status = m.status.max(MessageStatus::HandedOver);
                m.references.clone_from(&e.references);
                m.parts = m.parts.saturating_add(e.parts);
                m.cost_hao = m.cost_hao.saturating_add(e.cost_hao);
                m.not_before = None;
            }),
            Event::MessageDelivered(e) => self.change(e.message, e.at, |m| {
                m.status = MessageStatus::Delivered;
                m.not_before = None;
            }),
            Event::MessageFailed(e) => self.change(e.message, e.at, |m| {
                m.failed = Some(e.why);
                m.detail.clone_from(&e.detail);
                m.not_before = e.retry_at;
                m.status = if e.retry_at.is_some() { MessageStatus::Queued } else { MessageStatus::Failed };
            }),
            Event::NotificationAnswered(e) => {
                if let Some(n) = self.notifications.get_mut(&e.notification) {
                    Arc::make_mut(n).answers.push_back(e.answer.clone());
                }
            }
            Event::NotificationExhausted(e) => {
                if let Some(n) = self.notifications.get_mut(&e.notification) {
                    let n = Arc::make_mut(n);
                    (n.exhausted, n.due) = (true, None);
                }
            }
            Event::ChannelsOpened(_)
            | Event::AnswerUnmatched(_)
            | Event::PushSubscribed(_)
            | Event::PushUnsubscribed(_) => {}
        }
    }

    fn queued(&mut self, e: &super::event::MessageQueued) {
        let notification = self.notifications.entry(e.notification).or_insert_with(|| {
            Arc::new(Notification {
                id: e.notification,
                about: e.about,
                to: e.to.clone(),
                only: e.only.clone(),
                code: e.code.clone(),
                due: None,
                exhausted: false,
                messages: Vector::new(),
                answers: Vector::new(),
            })
        });
        let notification = Arc::make_mut(notification);
        notification.due = e.due;
        if notification.messages.is_empty() {
            self.of.entry(e.about.ulid()).or_default().push_back(e.notification);
        }
        self.carried.insert(e.message, e.notification);
        notification.messages.push_back(Arc::new(Message {
            id: e.message,
            notification: e.notification,
            title: e.title.clone(),
            channel: e.channel,
            address: e.address.clone(),
            queued_at: e.at,
            status: MessageStatus::Queued,
            status_at: e.at,
            attempts: 0,
            not_before: Some(e.at),
            references: Vec::new(),
            parts: 0,
            cost_hao: 0,
            failed: None,
            detail: None,
        }));
    }

    fn change(&mut self, id: MessageId, at: Time, change: impl FnOnce(&mut Message)) {
        let Some(notification) = self.carried.get(&id).and_then(|n| self.notifications.get_mut(n)) else {
            return;
        };
        let messages = &mut Arc::make_mut(notification).messages;
        if let Some(message) = messages.iter_mut().find(|m| m.id == id) {
            let message = Arc::make_mut(message);
            change(message);
            message.status_at = at;
        }
    }
}
