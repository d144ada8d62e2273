//! The system's no: what was asked, what was found, and what would do.
//!
//! Variants carry data, never sentences. Each has a stable `code()` that clients match on, the `clause()` of the
//! plan where the plan forbids it, lawful alternatives, and a text in both languages (`refusal_text`).

use crate::act::ActKind;
use crate::authority::Role;
use crate::types::{ForceId, IncidentId, OrderId, OrgId, PlanId, Text, Time};

/// A clause of the plan (`4.1.4`) or another source (`火法 43`).
pub type Clause = &'static str;

/// Where a refusal leads instead: an act by its kind, and why it fits is in its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instead(pub ActKind);

/// What kind of thing an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// 警情
    Incident,
    /// 调用方案
    Plan,
    /// 出动指令
    Order,
    /// 报备
    Filing,
    /// 待命
    StandBy,
    /// 联动通知
    Notice,
    /// 商请
    Letter,
    /// 叫应
    TownCall,
    /// 批示
    Instruction,
    /// 紧急撤离
    Withdrawal,
    /// 跨区域增援
    Reinforcement,
    /// 外来力量
    Attached,
    /// 信息报告
    Report,
    /// 情况专报
    SituationReport,
    /// 力量
    Force,
    /// 单位
    Org,
    /// 账号
    Account,
    /// 编成
    Composition,
    /// 灾种
    Hazard,
    /// 能力
    Capability,
    /// 地名
    Place,
    /// 区镇、街道
    Town,
    /// 附件
    File,
    /// 对外通知
    Notification,
    /// 消息
    Message,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldFault {
    /// Nothing was given.
    Empty,
    /// More characters than the limit.
    TooLong {
        /// Characters given.
        chars: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// More items than the limit.
    TooMany {
        /// Items given.
        count: usize,
        /// Items allowed.
        limit: usize,
    },
    /// A character that cannot be printed.
    ControlCharacter,
    /// Outside the range.
    OutOfRange {
        /// Least.
        least: i64,
        /// Most.
        most: i64,
    },
    /// Longitude and latitude are not on earth.
    NotAPoint,
    /// A place needs a point, a town or a place of the gazetteer.
    PlaceUnknown,
    /// The time lies ahead of the node's clock by more than the limit.
    TooFarAhead {
        /// Seconds allowed.
        limit_s: i64,
    },
    /// The time lies further back than the limit.
    TooLongAgo {
        /// Seconds allowed.
        limit_s: i64,
    },
    /// The same thing is named twice.
    Twice {
        /// What is named twice.
        what: Text,
    },
    /// The value names nothing known.
    Unknown {
        /// The value.
        value: Text,
    },
    /// Must be higher than what holds now.
    NotHigher {
        /// What holds now.
        now: i64,
    },
    /// Earlier than a step that has already happened.
    BeforeEarlierStep {
        /// When that step happened.
        earlier: Time,
    },
    /// Later than a step that follows from it and has already happened.
    AfterLaterStep {
        /// When that step happened.
        later: Time,
    },
}

/// What keeps an incident from being closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocker {
    /// It was never declared controlled.
    NotControlled,
    /// Orders are still running.
    OrdersRunning(usize),
    /// Plans wait for an answer.
    PlansWaiting(usize),
    /// A telephone approval waits for its written agreement.
    WrittenAgreementDue(usize),
    /// An emergency withdrawal is not confirmed by everyone.
    WithdrawalUnconfirmed(usize),
    /// People are registered inside the scene.
    PeopleInside(u32),
    /// Letters of request have no answer.
    LettersWaiting(usize),
    /// The superior has not answered a request for help.
    ReinforcementWaiting(usize),
    /// Outside forces are still attached.
    AttachedForces(usize),
    /// The final report is missing.
    NoFinalReport,
    /// Leaders' instructions have no final feedback.
    InstructionsOpen(usize),
}

/// Why an act is refused. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The id names nothing that this session may see.
    #[error("{what:?} {id} is not known")]
    NotFound {
        /// What was looked for.
        what: Thing,
        /// The id given.
        id: Text,
    },
    /// A field of the act cannot be accepted.
    #[error("field {pointer} is refused: {fault:?}")]
    Field {
        /// JSON pointer to the field.
        pointer: Text,
        /// What is wrong with it.
        fault: FieldFault,
    },
    /// The role has no right to this act (authority table).
    #[error("{role:?} may not {act:?}, see clause {clause}")]
    NotPermitted {
        /// The act.
        act: ActKind,
        /// Who asked.
        role: Role,
        /// The clause that gives it to others.
        clause: Clause,
        /// Who may.
        who_may: Vec<Role>,
        /// Lawful alternatives of this role.
        instead: Vec<Instead>,
    },
    /// The role may do this, but only for what is its own.
    #[error("{act:?} is for its own force or organisation only")]
    NotYours {
        /// The act.
        act: ActKind,
    },
    /// A desk that types for somebody else must say for whom and how it came.
    #[error("{act:?} is typed in for somebody else: say for whom and through what")]
    OnBehalfMissing {
        /// The act.
        act: ActKind,
    },
    /// Somebody else commands this incident now (Plan 4.1.5).
    #[error("the incident is commanded by {holder}")]
    NotInCommand {
        /// The act.
        act: ActKind,
        /// Who commands: the name of the post, the brigade or the superior.
        holder: Text,
        /// Lawful alternatives.
        instead: Vec<Instead>,
    },
    /// An outside force is ordered only after the bureau agrees (Plan 4.1.4).
    #[error("force {force} is ordered only after approval")]
    ApprovalNeeded {
        /// The force.
        force: ForceId,
        /// Its name.
        name: Text,
    },
    /// The mobilisation basis of this force is another (jurisdiction's table).
    #[error("force {force} is mobilised by {basis}")]
    OtherBasis {
        /// The force.
        force: ForceId,
        /// Its name.
        name: Text,
        /// Its basis: `linkage_notice`, `letter_of_request`, `direct`, `after_approval`.
        basis: &'static str,
        /// The legal source of that basis.
        law: Text,
        /// The act that fits.
        instead: Vec<Instead>,
    },
    /// The thing is not in the state that the act needs.
    #[error("{act:?} needs {needs}, but it is {status}")]
    WrongStatus {
        /// The act.
        act: ActKind,
        /// The thing's kind.
        what: Thing,
        /// Its status code now.
        status: &'static str,
        /// Status codes that would do, separated by `|`.
        needs: &'static str,
    },
    /// The act agrees to or overwrites something that has changed since it was shown.
    #[error("revision {seen} was shown, {now} is current")]
    StaleRevision {
        /// The revision the act saw.
        seen: u32,
        /// The revision now.
        now: u32,
    },
    /// The incident takes no more acts of this kind.
    #[error("incident {incident} is {status}")]
    IncidentOver {
        /// The incident.
        incident: IncidentId,
        /// Its status code.
        status: &'static str,
        /// Where it was merged into.
        merged_into: Option<IncidentId>,
    },
    /// A drill and a real incident are never one.
    #[error("incident {incident} is {}", if *drill { "a drill" } else { "real" })]
    DrillMixed {
        /// The incident that was named.
        incident: IncidentId,
        /// Is that one the drill?
        drill: bool,
    },
    /// The force is already ordered to this incident.
    #[error("force {force} already has order {order} here")]
    AlreadyOrdered {
        /// The force.
        force: ForceId,
        /// Its name.
        name: Text,
        /// The order it has.
        order: OrderId,
    },
    /// The force stands in an open plan of this incident.
    #[error("force {force} already stands in plan {plan}")]
    AlreadyPlanned {
        /// The force.
        force: ForceId,
        /// Its name.
        name: Text,
        /// The plan.
        plan: PlanId,
    },
    /// Already done; nothing to do again.
    #[error("{act:?} was done before")]
    AlreadyDone {
        /// The act.
        act: ActKind,
    },
    /// People of the order are registered inside the scene; it cannot end over them (Plan 4.1.5).
    #[error("{count} people are inside: {groups}")]
    StillInside {
        /// The act.
        act: ActKind,
        /// The groups that are inside.
        groups: Text,
        /// How many people they are.
        count: u32,
    },
    /// The incident cannot be closed yet.
    #[error("the incident cannot be closed: {blockers:?}")]
    CannotClose {
        /// What stands in the way.
        blockers: Vec<Blocker>,
    },
    /// The order was withdrawn from this officer: another was asked, or the asked one is somebody else.
    #[error("the answer is awaited from {asked}")]
    NotAsked {
        /// Who is asked now.
        asked: Text,
    },
    /// The signer of orders is not a duty commander of the brigade.
    #[error("account {account} cannot sign orders")]
    NotASigner {
        /// The account.
        account: Text,
    },
    /// Something must come first.
    #[error("{first:?} must come before {act:?}")]
    FirstDo {
        /// The act.
        act: ActKind,
        /// What must come first.
        first: ActKind,
        /// The clause.
        clause: Clause,
    },
    /// Too many of one kind in this incident.
    #[error("no more than {limit} {what:?} here")]
    Limit {
        /// Of what.
        what: Thing,
        /// How many at most.
        limit: usize,
    },
    /// The organisation has nobody on its duty list now.
    #[error("nobody is on the duty list of {org}")]
    NobodyOnDuty {
        /// The organisation.
        org: OrgId,
        /// Its name.
        name: Text,
    },
    /// The jurisdiction exists already, or does not exist yet.
    #[error("the jurisdiction is already established")]
    AlreadyEstablished,
}

impl Refusal {
    /// A refused field.
    pub fn field(pointer: impl Into<Text>, fault: FieldFault) -> Self {
        Self::Field { pointer: pointer.into(), fault }
    }

    /// An id that names nothing.
    pub fn not_found(what: Thing, id: impl ToString) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }

    /// Stable code for clients.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not_found",
            Self::Field { .. } => "field",
            Self::NotPermitted { .. } => "not_permitted",
            Self::NotYours { .. } => "not_yours",
            Self::OnBehalfMissing { .. } => "on_behalf_missing",
            Self::NotInCommand { .. } => "not_in_command",
            Self::ApprovalNeeded { .. } => "approval_needed",
            Self::OtherBasis { .. } => "other_basis",
            Self::WrongStatus { .. } => "wrong_status",
            Self::StaleRevision { .. } => "stale_revision",
            Self::IncidentOver { .. } => "incident_over",
            Self::DrillMixed { .. } => "drill_mixed",
            Self::AlreadyOrdered { .. } => "already_ordered",
            Self::AlreadyPlanned { .. } => "already_planned",
            Self::AlreadyDone { .. } => "already_done",
            Self::StillInside { .. } => "still_inside",
            Self::CannotClose { .. } => "cannot_close",
            Self::NotAsked { .. } => "not_asked",
            Self::NotASigner { .. } => "not_a_signer",
            Self::FirstDo { .. } => "first_do",
            Self::Limit { .. } => "limit",
            Self::NobodyOnDuty { .. } => "nobody_on_duty",
            Self::AlreadyEstablished => "already_established",
        }
    }

    /// The clause of the plan that forbids it, where one does.
    pub fn clause(&self) -> Option<Clause> {
        match self {
            Self::NotPermitted { clause, .. } | Self::FirstDo { clause, .. } => Some(clause),
            Self::ApprovalNeeded { .. } | Self::OtherBasis { .. } | Self::NotASigner { .. } => Some("4.1.4"),
            Self::NotInCommand { .. } | Self::StillInside { .. } => Some("4.1.5"),
            Self::NobodyOnDuty { .. } => Some("4.2.3"),
            _ => None,
        }
    }

    /// Lawful next keys.
    pub fn instead(&self) -> Vec<Instead> {
        match self {
            Self::NotPermitted { instead, .. }
            | Self::NotInCommand { instead, .. }
            | Self::OtherBasis { instead, .. } => instead.clone(),
            Self::ApprovalNeeded { .. } => vec![
                Instead(ActKind::DraftPlan),
                Instead(ActKind::RecordTelephoneApproval),
                Instead(ActKind::PushStandBy),
            ],
            Self::StillInside { .. } => vec![Instead(ActKind::LeaveScene)],
            Self::FirstDo { first, .. } => vec![Instead(*first)],
            _ => Vec::new(),
        }
    }
}
