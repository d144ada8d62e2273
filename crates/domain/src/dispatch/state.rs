//! Plans, orders, filings, stand-bys, notices and letters of one incident.

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Arrangements, Task};
use crate::context::Reported;
use crate::personal::Personal;
use crate::types::{
    AccountId, FileId, FilingId, ForceId, LetterId, NoticeId, OrderId, OrgId, PlanId, Point, StandById, Text,
    Time,
};

/// Where a plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// 拟制
    Draft,
    /// 已报
    Submitted,
    /// 同意
    Approved,
    /// 部分同意
    PartlyApproved,
    /// 退回
    SentBack,
    /// 撤回
    Withdrawn,
}

impl PlanStatus {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::PartlyApproved => "partly_approved",
            Self::SentBack => "sent_back",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// May it still lead to orders?
    pub fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Submitted | Self::SentBack)
    }
}

/// How an agreement was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalMeans {
    /// On the platform.
    Platform,
    /// By telephone: the written agreement must follow.
    Telephone,
    /// In advance, for the composition.
    Preauthorised,
}

/// Where the written agreement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Written {
    /// The agreement itself is in writing.
    NotNeeded,
    /// Due.
    Due,
    /// Late.
    Overdue,
    /// Done.
    Done,
}

/// An agreement to a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Approval {
    /// How.
    pub means: ApprovalMeans,
    /// Who, by position.
    pub officer: Text,
    /// What was said.
    pub words: Option<Personal<Text>>,
    /// Number of the recording.
    pub recording: Option<Text>,
    /// A remark.
    pub remark: Option<Personal<Text>>,
    /// When and by whom it was recorded.
    pub by: Reported,
    /// The written agreement.
    pub written: Written,
    /// When it is due.
    pub written_due: Option<Time>,
    /// When and by whom it was given.
    pub written_by: Option<Reported>,
}

/// A dispatch plan (调用方案).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// Number of the document.
    pub number: Text,
    /// Raised with every change of content.
    pub revision: u32,
    /// Where it is.
    pub status: PlanStatus,
    /// Its tasks.
    pub tasks: Vec<Task>,
    /// Arrangements.
    pub arrangements: Arrangements,
    /// The proposal that it rests on.
    pub proposal: Option<Text>,
    /// The plan that it adds to.
    pub supplement_to: Option<PlanId>,
    /// 按现场指挥部指令
    pub by_order_of_post: bool,
    /// Who signs the orders.
    pub signed_by: AccountId,
    /// His position.
    pub signer: Text,
    /// Drafted.
    pub drafted: Reported,
    /// Who wrote what it says now: drafted it, or was the last to change it.
    pub written: Reported,
    /// Submitted.
    pub submitted: Option<Reported>,
    /// Who was asked, in order; the last one is asked now.
    pub asked: Vec<Text>,
    /// How many deputies have been asked.
    pub deputies_asked: u32,
    /// When the answer is due.
    pub answer_due: Option<Time>,
    /// Nobody is left to ask.
    pub unanswered: bool,
    /// The agreement.
    pub approval: Option<Approval>,
    /// Why it was sent back.
    pub reasons: Option<Personal<Text>>,
    /// Who sent it back or withdrew it.
    pub ended: Option<Reported>,
}

/// On what an order rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderBasis {
    /// An approved plan (Plan 4.1.4).
    ApprovedPlan,
    /// First response of an own station (Plan 4.3.2).
    FirstResponse,
    /// A composition agreed to in advance.
    Preauthorised,
}

/// How far an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderStep {
    /// 已下达
    Issued,
    /// 已送达
    Received,
    /// 已接令
    Acknowledged,
    /// 已出动
    Departed,
    /// 已到场
    Arrived,
    /// 已展开
    Deployed,
    /// 可归队
    Released,
    /// 已归队
    Returned,
    /// 不能出动
    Declined,
    /// 中途返回
    Cancelled,
}

impl OrderStep {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Received => "received",
            Self::Acknowledged => "acknowledged",
            Self::Departed => "departed",
            Self::Arrived => "arrived",
            Self::Deployed => "deployed",
            Self::Released => "released",
            Self::Returned => "returned",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
        }
    }

    /// Is the force bound by it?
    pub fn is_running(self) -> bool {
        self <= Self::Deployed
    }

    /// On the way or on scene.
    pub fn is_out(self) -> bool {
        matches!(self, Self::Departed | Self::Arrived | Self::Deployed)
    }
}

/// One step, when it happened and who says so.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StepDone {
    /// Which.
    pub step: OrderStep,
    /// When, by whom.
    pub by: Reported,
    /// A remark or reason.
    pub note: Option<Personal<Text>>,
}

/// What is done about a late step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Escalation {
    /// The next contact is asked.
    SecondContact,
    /// It stands on the telephone list.
    Telephone,
    /// The next-best force is proposed.
    NextForce,
}

/// A late step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overdue {
    /// Since when.
    pub since: Time,
    /// What is done about it.
    pub level: Escalation,
    /// The contact asked now.
    pub contact: Option<Text>,
    /// The force proposed instead.
    pub instead: Option<ForceId>,
}

/// A progress report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Progress {
    /// What.
    pub text: Personal<Text>,
    /// Where.
    pub position: Option<Point>,
    /// Photos.
    pub files: Vec<FileId>,
    /// By whom.
    pub by: Reported,
}

/// Something used up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consumable {
    /// 泡沫液
    pub name: Text,
    /// How much.
    pub quantity: u32,
    /// In what unit.
    pub unit: Text,
}

/// The return form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnForm {
    /// Minutes at work.
    pub worked_min: Option<u32>,
    /// What was used up.
    pub consumables: Vec<Consumable>,
    /// Who confirmed it on scene.
    pub confirmed_by: Option<Text>,
}

/// An order (出动指令).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Its number.
    pub number: Text,
    /// Its plan.
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
    pub arrangements: Arc<Arrangements>,
    /// 签发人
    pub issued_by: Text,
    /// When.
    pub issued_at: Time,
    /// How far it is.
    pub step: OrderStep,
    /// The steps so far, as they were recorded.
    pub steps: Vector<StepDone>,
    /// When the next step is due.
    pub due: Option<Time>,
    /// Late?
    pub overdue: Option<Overdue>,
    /// Seconds from acknowledgement to departure.
    pub depart_limit_s: i64,
    /// Seconds from departure to arrival.
    pub arrive_limit_s: i64,
    /// People who come.
    pub strength: Option<u32>,
    /// When they were counted: a step that is told late does not overwrite what was counted after it.
    pub strength_at: Option<Time>,
    /// Minutes until arrival, as the force said.
    pub eta_min: Option<u32>,
    /// Last known position.
    pub position: Option<Point>,
    /// When it was there: what is told late does not move it back.
    pub position_at: Option<Time>,
    /// The last progress reports.
    pub progress: Vector<Progress>,
    /// The return form.
    pub return_form: Option<Arc<ReturnForm>>,
    /// Its filing.
    pub filing: Option<FilingId>,
    /// When less than it asks for is told, unless it is acknowledged by then.
    pub strength_due: Option<Time>,
    /// It was not acknowledged by then.
    pub short: bool,
    /// How much of what it asks was ordered elsewhere since.
    pub replaced: u32,
}

impl Order {
    /// When a step happened, where it is recorded.
    pub fn at(&self, step: OrderStep) -> Option<Time> {
        self.steps.iter().find(|s| s.step == step).map(|s| s.by.at)
    }

    /// When the force was last heard of in a progress report.
    pub fn heard_at(&self) -> Option<Time> {
        self.progress.iter().map(|p| p.by.at).max()
    }

    /// Since when it no longer binds the force.
    pub fn ended_at(&self) -> Option<Time> {
        self.steps.iter().filter(|s| !s.step.is_running()).map(|s| s.by.at).min()
    }
}

/// A filing (报备).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Filing {
    /// Its id.
    pub id: FilingId,
    /// The order.
    pub order: OrderId,
    /// The force ordered.
    pub force: ForceId,
    /// The authority.
    pub authority: OrgId,
    /// When.
    pub sent_at: Time,
    /// The signature is due.
    pub due: Time,
    /// 签收
    pub signed: Option<Reported>,
    /// Late?
    pub overdue: bool,
}

/// The answer to a stand-by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Readied {
    /// Ready?
    pub ready: bool,
    /// A remark.
    pub note: Option<Personal<Text>>,
    /// By whom.
    pub by: Reported,
}

/// A stand-by (待命).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StandBy {
    /// Its id.
    pub id: StandById,
    /// The force.
    pub force: ForceId,
    /// What it was told.
    pub text: Personal<Text>,
    /// By whom.
    pub pushed: Reported,
    /// The answer is due.
    pub due: Time,
    /// The answer.
    pub confirmed: Option<Readied>,
    /// Late?
    pub overdue: bool,
    /// Over?
    pub lifted: Option<Reported>,
}

/// A linkage notice (联动通知).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// To whom.
    pub org: OrgId,
    /// What it says.
    pub text: Personal<Text>,
    /// By whom.
    pub sent: Reported,
    /// Acknowledgement is due.
    pub due: Time,
    /// Acknowledged.
    pub acknowledged: Option<Reported>,
    /// Late?
    pub overdue: bool,
}

/// The answer to a letter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LetterAnswer {
    /// Yes or no.
    pub agreed: bool,
    /// In what words.
    pub words: Personal<Text>,
    /// By whom.
    pub by: Reported,
}

/// A letter of request (商请).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Letter {
    /// Its id.
    pub id: LetterId,
    /// Number of the document.
    pub number: Text,
    /// To whom.
    pub org: OrgId,
    /// Forces asked for.
    pub forces: Vec<ForceId>,
    /// What is asked.
    pub ask: Personal<Text>,
    /// Asked directly because it is urgent.
    pub urgent: bool,
    /// By whom.
    pub sent: Reported,
    /// The answer is due.
    pub due: Time,
    /// The answer.
    pub answer: Option<LetterAnswer>,
    /// Late?
    pub overdue: bool,
}

/// Dispatch of one incident.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Dispatch {
    /// Plans.
    pub plans: OrdMap<PlanId, Arc<Plan>>,
    /// Orders.
    pub orders: OrdMap<OrderId, Arc<Order>>,
    /// Filings.
    pub filings: OrdMap<FilingId, Arc<Filing>>,
    /// Stand-bys.
    pub stand_bys: OrdMap<StandById, Arc<StandBy>>,
    /// Linkage notices.
    pub notices: OrdMap<NoticeId, Arc<Notice>>,
    /// Letters of request.
    pub letters: OrdMap<LetterId, Arc<Letter>>,
    /// The running order of each force, and only that.
    pub running: OrdMap<ForceId, OrderId>,
}

impl Dispatch {
    /// The running order of a force here.
    pub fn running_order_of(&self, force: &ForceId) -> Option<&Arc<Order>> {
        self.running.get(force).and_then(|id| self.orders.get(id))
    }

    /// Is a return form (Plan 5.1) or the signature under a filing (Plan 4.1.4) still to come?
    pub fn owes_papers(&self) -> bool {
        self.orders.values().any(|o| o.step == OrderStep::Released)
            || self.filings.values().any(|f| f.signed.is_none())
    }

    /// Plans that may still lead to orders.
    pub fn open_plans(&self) -> impl Iterator<Item = &Arc<Plan>> {
        self.plans.values().filter(|p| p.status.is_open())
    }
}
