//! What happened in dispatch. Each order's event carries the whole order, so that it can be read in ten years.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ulid::Ulid;

use super::state::{ApprovalMeans, Consumable, Escalation, OrderBasis};
use super::{Arrangements, StrengthLine, Task};
use crate::context::Reported;
use crate::event::part_events;
use crate::personal::Personal;
use crate::types::ids::Fresh;
use crate::types::{
    AccountId, FileId, FilingId, ForceId, LetterId, NoticeId, OrderId, OrgId, PlanId, Point, StandById, Text,
    Time,
};

/// The brigade sends its own stations at once (Plan 4.3.2); the orders follow in the same batch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FirstResponseOrdered {
    /// Number of the document.
    pub number: Text,
    /// How many orders.
    pub orders: u32,
    /// By whom.
    pub by: Reported,
}

/// A linkage notice went out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoticeSent {
    /// Its id.
    pub notice: NoticeId,
    /// To whom.
    pub org: OrgId,
    /// What it says.
    pub text: Personal<Text>,
    /// Acknowledgement is due.
    pub due: Time,
    /// By whom.
    pub by: Reported,
}

/// A linkage notice was acknowledged.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoticeAcknowledged {
    /// Which.
    pub notice: NoticeId,
    /// By whom.
    pub by: Reported,
}

/// A linkage notice was not acknowledged in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoticeMissed {
    /// Which.
    pub notice: NoticeId,
    /// When it was due.
    pub due: Time,
}

/// A force was told to stand by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StandByPushed {
    /// Its id.
    pub stand_by: StandById,
    /// Which force.
    pub force: ForceId,
    /// What it was told.
    pub text: Personal<Text>,
    /// Confirmation is due.
    pub due: Time,
    /// By whom.
    pub by: Reported,
}

/// A force confirmed its stand-by, or said that it is not ready.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StandByConfirmed {
    /// Which.
    pub stand_by: StandById,
    /// Ready?
    pub ready: bool,
    /// Anything else.
    pub note: Option<Personal<Text>>,
    /// By whom.
    pub by: Reported,
}

/// A stand-by was not confirmed in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StandByMissed {
    /// Which.
    pub stand_by: StandById,
    /// When it was due.
    pub due: Time,
}

/// A stand-by ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StandByLifted {
    /// Which.
    pub stand_by: StandById,
    /// By whom.
    pub by: Reported,
}

/// A letter of request went out (商请).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LetterSent {
    /// Its id.
    pub letter: LetterId,
    /// Number of the document.
    pub number: Text,
    /// To whom.
    pub org: OrgId,
    /// Forces asked for.
    pub forces: Vec<ForceId>,
    /// What is asked.
    pub ask: Personal<Text>,
    /// Asked directly because it is urgent; the letter through the government follows.
    pub urgent: bool,
    /// The answer is due.
    pub due: Time,
    /// By whom.
    pub by: Reported,
}

/// It was answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LetterAnswered {
    /// Which.
    pub letter: LetterId,
    /// Yes or no.
    pub agreed: bool,
    /// In what words.
    pub words: Personal<Text>,
    /// By whom.
    pub by: Reported,
}

/// It was not answered in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LetterMissed {
    /// Which.
    pub letter: LetterId,
    /// When it was due.
    pub due: Time,
}

/// A plan was drafted (调用方案).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanDrafted {
    /// Its id.
    pub plan: PlanId,
    /// Number of the document, and of its orders.
    pub number: Text,
    /// Its tasks.
    pub tasks: Vec<Task>,
    /// Arrangements.
    pub arrangements: Arrangements,
    /// The proposal that it rests on, by hash.
    pub proposal: Option<Text>,
    /// The plan that it adds to.
    pub supplement_to: Option<PlanId>,
    /// 按现场指挥部指令
    pub by_order_of_post: bool,
    /// Who signs the orders (签发人).
    pub signed_by: AccountId,
    /// His position.
    pub signer: Text,
    /// By whom.
    pub by: Reported,
}

/// A plan was changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanRevised {
    /// Which.
    pub plan: PlanId,
    /// Its tasks now.
    pub tasks: Vec<Task>,
    /// Its arrangements now.
    pub arrangements: Arrangements,
    /// The proposal that it rests on, by hash.
    pub proposal: Option<Text>,
    /// 按现场指挥部指令 from now on; absent, it stays as it was drafted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_order_of_post: bool,
    /// By whom.
    pub by: Reported,
}

/// A plan was submitted to the bureau.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanSubmitted {
    /// Which.
    pub plan: PlanId,
    /// Whose answer is awaited, first one first.
    pub asked: Vec<Text>,
    /// When.
    pub answer_due: Time,
    /// 按现场指挥部指令, since the post submits it; absent, it stays as it was drafted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_order_of_post: bool,
    /// By whom.
    pub by: Reported,
}

/// Nobody answered: a deputy is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanDeputyAsked {
    /// Which plan.
    pub plan: PlanId,
    /// The deputy; `None` when nobody is left and the duty officer is told so.
    pub deputy: Option<Text>,
    /// When his answer is due.
    pub answer_due: Option<Time>,
    /// When the last answer was due.
    pub due: Time,
}

/// A plan was withdrawn before the answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanWithdrawn {
    /// Which.
    pub plan: PlanId,
    /// Why.
    pub reason: Option<Personal<Text>>,
    /// By whom.
    pub by: Reported,
}

/// A plan was sent back with reasons.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanSentBack {
    /// Which.
    pub plan: PlanId,
    /// Why.
    pub reasons: Personal<Text>,
    /// By whom.
    pub by: Reported,
}

/// The bureau agreed; orders and filings follow in the same batch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanApproved {
    /// Which.
    pub plan: PlanId,
    /// The revision that was shown.
    pub revision: u32,
    /// Forces agreed to.
    pub agreed: Vec<ForceId>,
    /// Forces not agreed to.
    pub refused: Vec<ForceId>,
    /// How the agreement was given.
    pub means: ApprovalMeans,
    /// Who agreed, by position.
    pub officer: Text,
    /// What was said on the telephone.
    pub words: Option<Personal<Text>>,
    /// Number of the recording.
    pub recording: Option<Text>,
    /// A remark.
    pub remark: Option<Personal<Text>>,
    /// The written agreement is due.
    pub written_due: Option<Time>,
    /// By whom.
    pub by: Reported,
}

/// The written agreement followed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanConfirmedInWriting {
    /// Which.
    pub plan: PlanId,
    /// A remark.
    pub remark: Option<Personal<Text>>,
    /// By whom.
    pub by: Reported,
}

/// The written agreement did not follow in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WrittenAgreementMissed {
    /// Which plan.
    pub plan: PlanId,
    /// When it was due.
    pub due: Time,
}

/// An order was issued (出动指令).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderIssued {
    /// Its id.
    pub order: OrderId,
    /// Number: of its document, and its own.
    pub number: Text,
    /// The plan that it carries out.
    pub plan: Option<PlanId>,
    /// On what it rests.
    pub basis: OrderBasis,
    /// To which force.
    pub force: ForceId,
    /// What for.
    pub task: Text,
    /// The slot it fills.
    pub slot: Option<Text>,
    /// The capability asked.
    pub capability: Option<Text>,
    /// How much of it.
    pub quantity: Option<u32>,
    /// Arrangements.
    pub arrangements: Box<Arrangements>,
    /// Who issued it (签发人), by position.
    pub issued_by: Text,
    /// Acknowledgement is due.
    pub answer_due: Time,
    /// When less than it asks for is told, unless it is acknowledged by then.
    pub strength_due: Option<Time>,
    /// Seconds that the force has to depart after its acknowledgement.
    pub depart_limit_s: i64,
    /// Seconds that the way takes, by the crow's flight at the jurisdiction's speed, with its grace.
    pub arrive_limit_s: i64,
    /// By whom.
    pub by: Reported,
}

/// An order was filed with its industry authority (报备), in the same batch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderFiled {
    /// Its id.
    pub filing: FilingId,
    /// The order.
    pub order: OrderId,
    /// The authority.
    pub authority: OrgId,
    /// Its signature is due.
    pub due: Time,
    /// When.
    pub at: Time,
}

/// A filing was signed for (签收).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FilingSigned {
    /// Which.
    pub filing: FilingId,
    /// A remark.
    pub remark: Option<Personal<Text>>,
    /// By whom.
    pub by: Reported,
}

/// A filing was not signed for in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FilingMissed {
    /// Which.
    pub filing: FilingId,
    /// When it was due.
    pub due: Time,
}

/// An order is shown at the force.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderReceived {
    /// Which.
    pub order: OrderId,
    /// By whom.
    pub by: Reported,
}

/// A force takes the order (接令).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderAcknowledged {
    /// Which.
    pub order: OrderId,
    /// People who come.
    pub strength: Option<u32>,
    /// Minutes until arrival, as the force says.
    pub eta_min: Option<u32>,
    /// Departure is due.
    pub depart_due: Time,
    /// By whom.
    pub by: Reported,
}

/// A force cannot come.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderDeclined {
    /// Which.
    pub order: OrderId,
    /// Why.
    pub reason: Personal<Text>,
    /// By whom.
    pub by: Reported,
}

/// A force has left its base.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderDeparted {
    /// Which.
    pub order: OrderId,
    /// People who come.
    pub strength: Option<u32>,
    /// Where it is.
    pub position: Option<Point>,
    /// Arrival is due.
    pub arrive_due: Time,
    /// By whom.
    pub by: Reported,
}

/// A force is on scene.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderArrived {
    /// Which.
    pub order: OrderId,
    /// People who came.
    pub strength: Option<u32>,
    /// Where it is.
    pub position: Option<Point>,
    /// Deployment is due; nothing was due before this was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deploy_due: Option<Time>,
    /// By whom.
    pub by: Reported,
}

/// A force is at work.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderDeployed {
    /// Which.
    pub order: OrderId,
    /// Where it is.
    pub position: Option<Point>,
    /// The first progress report is due; nothing was due before this was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress_due: Option<Time>,
    /// By whom.
    pub by: Reported,
}

/// A force reports.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderProgressed {
    /// Which order.
    pub order: OrderId,
    /// What.
    pub text: Personal<Text>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Point>,
    /// Photos.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
    /// The next one is due, where this is the newest of a force at work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_due: Option<Time>,
    /// By whom.
    pub by: Reported,
}

/// A force may leave.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderReleased {
    /// Which order.
    pub order: OrderId,
    /// A remark.
    pub note: Option<Personal<Text>>,
    /// The return form is due.
    pub return_due: Time,
    /// By whom.
    pub by: Reported,
}

/// A force is back, with its return form: evidence for compensation (Plan 5.1).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderReturned {
    /// Which order.
    pub order: OrderId,
    /// Minutes at work.
    pub worked_min: Option<u32>,
    /// What was used up.
    pub consumables: Vec<Consumable>,
    /// Who confirmed it on scene, by position.
    pub confirmed_by: Option<Text>,
    /// A remark.
    pub note: Option<Personal<Text>>,
    /// By whom.
    pub by: Reported,
}

/// An order was cancelled before arrival (中途返回).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderCancelled {
    /// Which.
    pub order: OrderId,
    /// Why.
    pub reason: Personal<Text>,
    /// By whom.
    pub by: Reported,
}

/// A step of an order is late: it escalates.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderOverdue {
    /// Which.
    pub order: OrderId,
    /// What is done about it.
    pub level: Escalation,
    /// When the step was due.
    pub due: Time,
    /// When the next level follows; `None` when none is left.
    pub next_due: Option<Time>,
    /// The contact asked now, by title.
    pub contact: Option<Text>,
    /// The force proposed instead.
    pub instead: Option<ForceId>,
}

/// So long after the orders, less is acknowledged than they ask for: a supplement is proposed, and nothing is ordered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StrengthShort {
    /// The capabilities that are short.
    pub lines: Vec<StrengthLine>,
    /// The orders that nobody has said yes to.
    pub orders: Vec<OrderId>,
    /// When it was due.
    pub due: Time,
}

part_events! {
    /// First response.
    "dispatch.first_response_ordered" 1 => FirstResponseOrdered,
    /// A linkage notice went out.
    "notice.sent" 1 => NoticeSent,
    /// It was acknowledged.
    "notice.acknowledged" 1 => NoticeAcknowledged,
    /// It was not.
    "notice.missed" 1 => NoticeMissed,
    /// Stand by.
    "stand_by.pushed" 1 => StandByPushed,
    /// Ready.
    "stand_by.confirmed" 1 => StandByConfirmed,
    /// No answer.
    "stand_by.missed" 1 => StandByMissed,
    /// Over.
    "stand_by.lifted" 1 => StandByLifted,
    /// A letter of request.
    "letter.sent" 1 => LetterSent,
    /// Its answer.
    "letter.answered" 1 => LetterAnswered,
    /// No answer.
    "letter.missed" 1 => LetterMissed,
    /// A plan.
    "plan.drafted" 1 => PlanDrafted,
    /// Changed.
    "plan.revised" 1 => PlanRevised,
    /// Submitted.
    "plan.submitted" 1 => PlanSubmitted,
    /// A deputy is asked.
    "plan.deputy_asked" 1 => PlanDeputyAsked,
    /// Withdrawn.
    "plan.withdrawn" 1 => PlanWithdrawn,
    /// Sent back.
    "plan.sent_back" 1 => PlanSentBack,
    /// Agreed to.
    "plan.approved" 1 => PlanApproved,
    /// In writing.
    "plan.confirmed_in_writing" 1 => PlanConfirmedInWriting,
    /// Not in writing.
    "plan.written_agreement_missed" 1 => WrittenAgreementMissed,
    /// An order.
    "order.issued" 2 [order_issued_v1_to_v2] => OrderIssued,
    /// Its filing.
    "order.filed" 1 => OrderFiled,
    /// Signed for.
    "filing.signed" 1 => FilingSigned,
    /// Not signed for.
    "filing.missed" 1 => FilingMissed,
    /// Shown.
    "order.received" 1 => OrderReceived,
    /// 接令
    "order.acknowledged" 1 => OrderAcknowledged,
    /// 不能出动
    "order.declined" 1 => OrderDeclined,
    /// 出动
    "order.departed" 1 => OrderDeparted,
    /// 到场
    "order.arrived" 1 => OrderArrived,
    /// 展开
    "order.deployed" 1 => OrderDeployed,
    /// 进展
    "order.progressed" 1 => OrderProgressed,
    /// 撤收
    "order.released" 1 => OrderReleased,
    /// 归队
    "order.returned" 1 => OrderReturned,
    /// 中途返回
    "order.cancelled" 1 => OrderCancelled,
    /// Late.
    "order.overdue" 1 => OrderOverdue,
    /// Less than asked for.
    "strength.short" 1 => StrengthShort,
}

/// v2 added when missing strength is told; before, it was told of no order.
fn order_issued_v1_to_v2(data: &mut Map<String, Value>) {
    data.insert("strength_due".to_owned(), Value::Null);
}

impl Event {
    /// The ULIDs of what this event brings into being.
    pub fn creates(&self) -> Vec<Ulid> {
        match self {
            Self::NoticeSent(e) => vec![e.notice.ulid()],
            Self::StandByPushed(e) => vec![e.stand_by.ulid()],
            Self::LetterSent(e) => vec![e.letter.ulid()],
            Self::PlanDrafted(e) => vec![e.plan.ulid()],
            Self::OrderIssued(e) => vec![e.order.ulid()],
            Self::OrderFiled(e) => vec![e.filing.ulid()],
            _ => Vec::new(),
        }
    }

    /// The order that this event is about, if it moved one.
    pub fn order(&self) -> Option<OrderId> {
        match self {
            Self::OrderIssued(e) => Some(e.order),
            Self::OrderReceived(e) => Some(e.order),
            Self::OrderAcknowledged(e) => Some(e.order),
            Self::OrderDeclined(e) => Some(e.order),
            Self::OrderDeparted(e) => Some(e.order),
            Self::OrderArrived(e) => Some(e.order),
            Self::OrderDeployed(e) => Some(e.order),
            Self::OrderReleased(e) => Some(e.order),
            Self::OrderReturned(e) => Some(e.order),
            Self::OrderCancelled(e) => Some(e.order),
            _ => None,
        }
    }

    /// When an order was issued by this event.
    pub fn order_issued_at(&self) -> Option<Time> {
        if let Self::OrderIssued(e) = self { Some(e.by.at) } else { None }
    }

    /// Does it use up a number of the brigade's dispatch documents? Then when.
    pub(crate) fn takes_dispatch_number(&self) -> Option<Time> {
        match self {
            Self::FirstResponseOrdered(e) => Some(e.by.recorded_at),
            Self::PlanDrafted(e) => Some(e.by.recorded_at),
            _ => None,
        }
    }

    /// Does it use up a number of the bureau's letters? Then when.
    pub(crate) fn takes_letter_number(&self) -> Option<Time> {
        if let Self::LetterSent(e) = self { Some(e.by.recorded_at) } else { None }
    }
}
