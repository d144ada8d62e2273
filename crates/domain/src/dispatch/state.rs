//! Plans, orders, filings, stand-bys, notices and letters of one incident.

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Arrangements, Event, Task};
use crate::context::Reported;
use crate::personal::Personal;
use crate::types::{
    AccountId, FileId, FilingId, ForceId, LetterId, NoticeId, OrderId, OrgId, PlanId, Point, StandById, Text,
    Time,
};

/// Progress reports kept in the hot state; all of them are in the journal and on the timeline.
const PROGRESS_KEPT: usize = 20;

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
    /// 已撤收
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

    /// On the way or on scene: it must confirm an emergency withdrawal.
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
    /// Minutes until arrival, as the force said.
    pub eta_min: Option<u32>,
    /// Last known position.
    pub position: Option<Point>,
    /// The last progress reports.
    pub progress: Vector<Progress>,
    /// The return form.
    pub return_form: Option<Arc<ReturnForm>>,
    /// Its filing.
    pub filing: Option<FilingId>,
}

impl Order {
    /// When a step happened, where it is recorded.
    pub fn at(&self, step: OrderStep) -> Option<Time> {
        self.steps.iter().find(|s| s.step == step).map(|s| s.by.at)
    }

    /// Records a step. A later one implies the earlier ones; an earlier one that is told late does not go back.
    fn take(&mut self, step: OrderStep, by: &Reported, note: Option<&Personal<Text>>, due: Option<Time>) {
        self.steps.push_back(StepDone { step, by: by.clone(), note: note.cloned() });
        if step > self.step {
            self.step = step;
            self.due = due;
            self.overdue = None;
        }
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

    /// Plans that may still lead to orders.
    pub fn open_plans(&self) -> impl Iterator<Item = &Arc<Plan>> {
        self.plans.values().filter(|p| p.status.is_open())
    }

    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::FirstResponseOrdered(_) => {}
            Event::NoticeSent(_) | Event::NoticeAcknowledged(_) | Event::NoticeMissed(_) => {
                self.apply_notice(event)
            }
            Event::StandByPushed(_)
            | Event::StandByConfirmed(_)
            | Event::StandByMissed(_)
            | Event::StandByLifted(_) => self.apply_stand_by(event),
            Event::LetterSent(_) | Event::LetterAnswered(_) | Event::LetterMissed(_) => {
                self.apply_letter(event)
            }
            Event::PlanDrafted(_)
            | Event::PlanRevised(_)
            | Event::PlanSubmitted(_)
            | Event::PlanDeputyAsked(_)
            | Event::PlanWithdrawn(_)
            | Event::PlanSentBack(_)
            | Event::PlanApproved(_)
            | Event::PlanConfirmedInWriting(_)
            | Event::WrittenAgreementMissed(_) => self.apply_plan(event),
            Event::OrderFiled(_) | Event::FilingSigned(_) | Event::FilingMissed(_) => {
                self.apply_filing(event)
            }
            _ => self.apply_order(event),
        }
    }

    fn apply_notice(&mut self, event: &Event) {
        match event {
            Event::NoticeSent(e) => {
                let notice = Notice {
                    id: e.notice,
                    org: e.org.clone(),
                    text: e.text.clone(),
                    sent: e.by.clone(),
                    due: e.due,
                    acknowledged: None,
                    overdue: false,
                };
                self.notices.insert(e.notice, Arc::new(notice));
            }
            Event::NoticeAcknowledged(e) => {
                change(&mut self.notices, e.notice, |n| n.acknowledged = Some(e.by.clone()));
            }
            Event::NoticeMissed(e) => change(&mut self.notices, e.notice, |n| n.overdue = true),
            _ => {}
        }
    }

    fn apply_stand_by(&mut self, event: &Event) {
        match event {
            Event::StandByPushed(e) => {
                let stand_by = StandBy {
                    id: e.stand_by,
                    force: e.force.clone(),
                    text: e.text.clone(),
                    pushed: e.by.clone(),
                    due: e.due,
                    confirmed: None,
                    overdue: false,
                    lifted: None,
                };
                self.stand_bys.insert(e.stand_by, Arc::new(stand_by));
            }
            Event::StandByConfirmed(e) => change(&mut self.stand_bys, e.stand_by, |s| {
                s.confirmed = Some(Readied { ready: e.ready, note: e.note.clone(), by: e.by.clone() });
            }),
            Event::StandByMissed(e) => change(&mut self.stand_bys, e.stand_by, |s| s.overdue = true),
            Event::StandByLifted(e) => {
                change(&mut self.stand_bys, e.stand_by, |s| s.lifted = Some(e.by.clone()))
            }
            _ => {}
        }
    }

    fn apply_letter(&mut self, event: &Event) {
        match event {
            Event::LetterSent(e) => {
                let letter = Letter {
                    id: e.letter,
                    number: e.number.clone(),
                    org: e.org.clone(),
                    forces: e.forces.clone(),
                    ask: e.ask.clone(),
                    urgent: e.urgent,
                    sent: e.by.clone(),
                    due: e.due,
                    answer: None,
                    overdue: false,
                };
                self.letters.insert(e.letter, Arc::new(letter));
            }
            Event::LetterAnswered(e) => change(&mut self.letters, e.letter, |l| {
                l.answer = Some(LetterAnswer { agreed: e.agreed, words: e.words.clone(), by: e.by.clone() });
            }),
            Event::LetterMissed(e) => change(&mut self.letters, e.letter, |l| l.overdue = true),
            _ => {}
        }
    }

    fn apply_filing(&mut self, event: &Event) {
        match event {
            Event::OrderFiled(e) => {
                let Some(order) = self.orders.get_mut(&e.order) else { return };
                let order = Arc::make_mut(order);
                order.filing = Some(e.filing);
                let filing = Filing {
                    id: e.filing,
                    order: e.order,
                    force: order.force.clone(),
                    authority: e.authority.clone(),
                    sent_at: e.at,
                    due: e.due,
                    signed: None,
                    overdue: false,
                };
                self.filings.insert(e.filing, Arc::new(filing));
            }
            Event::FilingSigned(e) => change(&mut self.filings, e.filing, |f| f.signed = Some(e.by.clone())),
            Event::FilingMissed(e) => change(&mut self.filings, e.filing, |f| f.overdue = true),
            _ => {}
        }
    }

    fn apply_plan(&mut self, event: &Event) {
        match event {
            Event::PlanDrafted(e) => {
                self.plans.insert(e.plan, Arc::new(drafted(e)));
            }
            Event::PlanRevised(e) => change(&mut self.plans, e.plan, |p| {
                p.revision += 1;
                p.status = PlanStatus::Draft;
                p.tasks.clone_from(&e.tasks);
                p.arrangements = e.arrangements.clone();
                p.proposal.clone_from(&e.proposal);
                p.reasons = None;
                p.ended = None;
            }),
            Event::PlanSubmitted(e) => change(&mut self.plans, e.plan, |p| {
                p.status = PlanStatus::Submitted;
                p.submitted = Some(e.by.clone());
                p.asked.clone_from(&e.asked);
                p.deputies_asked = 0;
                p.answer_due = Some(e.answer_due);
                p.unanswered = false;
            }),
            Event::PlanDeputyAsked(e) => change(&mut self.plans, e.plan, |p| {
                p.answer_due = e.answer_due;
                p.deputies_asked += 1;
                match &e.deputy {
                    Some(deputy) => p.asked.push(deputy.clone()),
                    None => p.unanswered = true,
                }
            }),
            Event::PlanWithdrawn(e) => change(&mut self.plans, e.plan, |p| {
                p.status = PlanStatus::Withdrawn;
                p.answer_due = None;
                p.ended = Some(e.by.clone());
            }),
            Event::PlanSentBack(e) => change(&mut self.plans, e.plan, |p| {
                p.status = PlanStatus::SentBack;
                p.answer_due = None;
                p.reasons = Some(e.reasons.clone());
                p.ended = Some(e.by.clone());
            }),
            Event::PlanApproved(e) => change(&mut self.plans, e.plan, |p| approved(p, e)),
            Event::PlanConfirmedInWriting(e) => change(&mut self.plans, e.plan, |p| {
                if let Some(approval) = &mut p.approval {
                    approval.written = Written::Done;
                    approval.written_by = Some(e.by.clone());
                }
            }),
            Event::WrittenAgreementMissed(e) => change(&mut self.plans, e.plan, |p| {
                if let Some(approval) = &mut p.approval {
                    approval.written = Written::Overdue;
                }
            }),
            _ => {}
        }
    }

    fn apply_order(&mut self, event: &Event) {
        if let Event::OrderIssued(e) = event {
            self.running.insert(e.force.clone(), e.order);
            self.orders.insert(e.order, Arc::new(issued(e)));
            return;
        }
        let (id, over) = match event {
            Event::OrderProgressed(e) => (Some(e.order), false),
            Event::OrderOverdue(e) => (Some(e.order), false),
            Event::OrderDeclined(_)
            | Event::OrderReleased(_)
            | Event::OrderReturned(_)
            | Event::OrderCancelled(_) => (event.order(), true),
            _ => (event.order(), false),
        };
        let Some(id) = id else { return };
        let Some(order) = self.orders.get_mut(&id) else { return };
        let order = Arc::make_mut(order);
        stepped(order, event);
        if over && self.running.get(&order.force) == Some(&id) {
            self.running.remove(&order.force);
        }
    }
}

fn change<K: Ord + Clone, V: Clone>(map: &mut OrdMap<K, Arc<V>>, key: K, by: impl FnOnce(&mut V)) {
    if let Some(value) = map.get_mut(&key) {
        by(Arc::make_mut(value));
    }
}

fn drafted(e: &super::PlanDrafted) -> Plan {
    Plan {
        id: e.plan,
        number: e.number.clone(),
        revision: 1,
        status: PlanStatus::Draft,
        tasks: e.tasks.clone(),
        arrangements: e.arrangements.clone(),
        proposal: e.proposal.clone(),
        supplement_to: e.supplement_to,
        by_order_of_post: e.by_order_of_post,
        signed_by: e.signed_by.clone(),
        signer: e.signer.clone(),
        drafted: e.by.clone(),
        submitted: None,
        asked: Vec::new(),
        deputies_asked: 0,
        answer_due: None,
        unanswered: false,
        approval: None,
        reasons: None,
        ended: None,
    }
}

fn approved(plan: &mut Plan, e: &super::PlanApproved) {
    plan.status = if e.refused.is_empty() { PlanStatus::Approved } else { PlanStatus::PartlyApproved };
    plan.answer_due = None;
    for task in &mut plan.tasks {
        task.agreed = Some(e.agreed.contains(&task.force));
    }
    plan.approval = Some(Approval {
        means: e.means,
        officer: e.officer.clone(),
        words: e.words.clone(),
        recording: e.recording.clone(),
        remark: e.remark.clone(),
        by: e.by.clone(),
        written: if e.written_due.is_some() { Written::Due } else { Written::NotNeeded },
        written_due: e.written_due,
        written_by: None,
    });
}

fn issued(e: &super::OrderIssued) -> Order {
    Order {
        id: e.order,
        number: e.number.clone(),
        plan: e.plan,
        basis: e.basis,
        force: e.force.clone(),
        task: e.task.clone(),
        slot: e.slot.clone(),
        capability: e.capability.clone(),
        quantity: e.quantity,
        arrangements: Arc::new(e.arrangements.clone()),
        issued_by: e.issued_by.clone(),
        issued_at: e.by.at,
        step: OrderStep::Issued,
        steps: Vector::unit(StepDone { step: OrderStep::Issued, by: e.by.clone(), note: None }),
        due: Some(e.answer_due),
        overdue: None,
        depart_limit_s: e.depart_limit_s,
        arrive_limit_s: e.arrive_limit_s,
        strength: None,
        eta_min: None,
        position: None,
        progress: Vector::new(),
        return_form: None,
        filing: None,
    }
}

fn stepped(order: &mut Order, event: &Event) {
    match event {
        // Being shown is no answer: the acknowledgement stays due.
        Event::OrderReceived(e) => {
            let (due, overdue) = (order.due, order.overdue.clone());
            order.take(OrderStep::Received, &e.by, None, due);
            order.overdue = overdue;
        }
        Event::OrderAcknowledged(e) => {
            order.strength = e.strength.or(order.strength);
            order.eta_min = e.eta_min.or(order.eta_min);
            order.take(OrderStep::Acknowledged, &e.by, None, Some(e.depart_due));
        }
        Event::OrderDeclined(e) => order.take(OrderStep::Declined, &e.by, Some(&e.reason), None),
        Event::OrderDeparted(e) => {
            order.strength = e.strength.or(order.strength);
            order.position = e.position.or(order.position);
            order.take(OrderStep::Departed, &e.by, None, Some(e.arrive_due));
        }
        Event::OrderArrived(e) => {
            order.strength = e.strength.or(order.strength);
            order.position = e.position.or(order.position);
            order.take(OrderStep::Arrived, &e.by, None, None);
        }
        Event::OrderDeployed(e) => {
            order.position = e.position.or(order.position);
            order.take(OrderStep::Deployed, &e.by, None, None);
        }
        Event::OrderProgressed(e) => {
            order.position = e.position.or(order.position);
            order.progress.push_back(Progress {
                text: e.text.clone(),
                position: e.position,
                files: e.files.clone(),
                by: e.by.clone(),
            });
            while order.progress.len() > PROGRESS_KEPT {
                order.progress.pop_front();
            }
        }
        Event::OrderReleased(e) => {
            order.take(OrderStep::Released, &e.by, e.note.as_ref(), Some(e.return_due))
        }
        Event::OrderReturned(e) => {
            order.return_form = Some(Arc::new(ReturnForm {
                worked_min: e.worked_min,
                consumables: e.consumables.clone(),
                confirmed_by: e.confirmed_by.clone(),
            }));
            order.take(OrderStep::Returned, &e.by, e.note.as_ref(), None);
        }
        Event::OrderCancelled(e) => order.take(OrderStep::Cancelled, &e.by, Some(&e.reason), None),
        Event::OrderOverdue(e) => {
            order.due = e.next_due;
            let since = order.overdue.as_ref().map_or(e.due, |o| o.since);
            order.overdue = Some(Overdue {
                since,
                level: e.level,
                contact: e.contact.clone(),
                instead: e.instead.clone(),
            });
        }
        _ => {}
    }
}
