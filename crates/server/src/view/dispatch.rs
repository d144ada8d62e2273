//! Plans, orders, filings, stand-bys, notices and letters, as a session may see them.

use std::collections::BTreeSet;

use domain::IncidentFile;
use domain::act::{ActKind, Target};
use domain::command_post::Holder;
use domain::dispatch::{
    self as d, ApprovalMeans, Arrangements, Filing, Letter, Notice, OrderStep, Plan, PlanStatus, StandBy,
    Written,
};
use domain::jurisdiction::Basis;
use domain::refusal::Thing;
use domain::types::{Lang, OrgId, Text};
use schemars::JsonSchema;
use serde::Serialize;

use super::brief::{CodeName, ForceBrief, MarkView};
use super::{Mays, Moment, PlaceView, Ref, ReportedView, Viewer};

/// Whom to report to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ContactView {
    /// By position.
    pub position: Text,
    /// Telephone.
    pub phone: Option<Text>,
}

/// What an order carries besides its task.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ArrangementsView {
    /// 集结点
    pub assembly_point: PlaceView,
    /// Whom to report to.
    pub report_to: ContactView,
    /// Radio channel.
    pub radio_channel: Option<Text>,
    /// Protection.
    pub protection: Option<Text>,
    /// Wind.
    pub wind: Option<Text>,
    /// What to bring.
    pub bring: Option<Text>,
    /// Plates for free passage.
    pub plates: Vec<Text>,
    /// Anything else.
    pub note: Option<Text>,
}

/// A task of a plan.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TaskView {
    /// Which force.
    pub force: Option<ForceBrief>,
    /// Its id and name.
    pub force_ref: Ref,
    /// What for.
    pub task: Text,
    /// The slot it fills.
    pub slot: Option<Text>,
    /// Which capability.
    pub capability: Option<CodeName>,
    /// How much of it.
    pub quantity: Option<u32>,
    /// How it is mobilised.
    pub basis: Basis,
    /// What to know about the force.
    pub marks: Vec<MarkView>,
    /// Agreed to; absent before the answer.
    pub agreed: Option<bool>,
}

/// An agreement.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ApprovalView {
    /// How.
    pub means: ApprovalMeans,
    /// Who.
    pub officer: Text,
    /// What was said.
    pub words: Option<Text>,
    /// Number of the recording.
    pub recording: Option<Text>,
    /// When.
    pub at: ReportedView,
    /// Where the written agreement stands.
    pub written: Written,
    /// When it is due.
    pub written_due: Option<Moment>,
    /// A remark.
    pub remark: Option<Text>,
}

/// A dispatch plan.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PlanView {
    /// Its id.
    pub id: Text,
    /// Its incident.
    pub incident: Text,
    /// The incident's number.
    pub incident_number: Text,
    /// Where.
    pub place: PlaceView,
    /// Hazard.
    pub hazard: Option<CodeName>,
    /// Dispatch grade.
    pub grade: Option<u8>,
    /// Number of the document.
    pub number: Text,
    /// The revision to agree to.
    pub revision: u32,
    /// Where it is.
    pub status: PlanStatus,
    /// 演练
    pub drill: bool,
    /// Its tasks.
    pub tasks: Vec<TaskView>,
    /// Arrangements.
    pub arrangements: ArrangementsView,
    /// The proposal that it rests on.
    pub proposal: Option<Text>,
    /// The plan that it adds to.
    pub supplement_to: Option<Text>,
    /// 按现场指挥部指令
    pub by_order_of_post: bool,
    /// 签发人
    pub signed_by: Text,
    /// Drafted.
    pub drafted: ReportedView,
    /// Submitted.
    pub submitted: Option<ReportedView>,
    /// Who was asked; the last one is asked now.
    pub asked: Vec<Text>,
    /// When the answer is due.
    pub answer_due: Option<Moment>,
    /// Nobody is left to ask.
    pub unanswered: bool,
    /// The agreement.
    pub approval: Option<ApprovalView>,
    /// Why it was sent back.
    pub reasons: Option<Text>,
    /// What remains uncovered if it is carried out.
    pub uncovered: Vec<Text>,
    /// What may be done next.
    pub may: Mays,
}

/// The answer to a stand-by.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReadiedView {
    /// Ready?
    pub ready: bool,
    /// A remark.
    pub note: Option<Text>,
    /// When, by whom.
    pub reported: ReportedView,
}

/// A stand-by.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StandByView {
    /// Its id.
    pub id: Text,
    /// Its incident.
    pub incident: Text,
    /// The incident's number.
    pub incident_number: Text,
    /// 演练
    pub drill: bool,
    /// The force.
    pub force: Option<ForceBrief>,
    /// Its id and name.
    pub force_ref: Ref,
    /// What it was told.
    pub text: Text,
    /// Where.
    pub place: PlaceView,
    /// When.
    pub pushed_at: Moment,
    /// Until when its answer is awaited; absent where none is: answered, lifted, or ordered meanwhile.
    pub due: Option<Moment>,
    /// The answer.
    pub confirmed: Option<ReadiedView>,
    /// Late?
    pub overdue: bool,
    /// Over?
    pub lifted: bool,
    /// What may be done next.
    pub may: Mays,
}

/// A linkage notice.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NoticeView {
    /// Its id.
    pub id: Text,
    /// Its incident.
    pub incident: Text,
    /// The incident's number.
    pub incident_number: Text,
    /// 演练
    pub drill: bool,
    /// To whom.
    pub org: Ref,
    /// What it says.
    pub text: Text,
    /// When.
    pub sent_at: Moment,
    /// Acknowledgement is due.
    pub due: Moment,
    /// Acknowledged.
    pub acknowledged: Option<ReportedView>,
    /// Late?
    pub overdue: bool,
    /// What may be done next.
    pub may: Mays,
}

/// The answer to a letter.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LetterAnswerView {
    /// Yes or no.
    pub agreed: bool,
    /// In what words.
    pub words: Text,
    /// When, by whom.
    pub reported: ReportedView,
}

/// A letter of request.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LetterView {
    /// Its id.
    pub id: Text,
    /// Number of the document.
    pub number: Text,
    /// Its incident.
    pub incident: Text,
    /// The incident's number.
    pub incident_number: Text,
    /// 演练
    pub drill: bool,
    /// To whom.
    pub org: Ref,
    /// Forces asked for.
    pub forces: Vec<Ref>,
    /// What is asked.
    pub ask: Text,
    /// Asked directly because it is urgent.
    pub urgent: bool,
    /// When.
    pub sent_at: Moment,
    /// The answer is due.
    pub due: Moment,
    /// The answer.
    pub answer: Option<LetterAnswerView>,
    /// Late?
    pub overdue: bool,
    /// What may be done next.
    pub may: Mays,
}

/// A filing.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FilingView {
    /// Its id.
    pub id: Text,
    /// Its incident.
    pub incident: Text,
    /// The incident's number.
    pub incident_number: Text,
    /// 演练
    pub drill: bool,
    /// The order.
    pub order: Text,
    /// The order's number.
    pub order_number: Text,
    /// What the force is ordered for.
    pub task: Text,
    /// How far the order is.
    pub step: Option<OrderStep>,
    /// The force.
    pub force: Ref,
    /// With whom.
    pub authority: Ref,
    /// When.
    pub sent_at: Moment,
    /// The signature is due.
    pub due: Moment,
    /// Signed for.
    pub signed: Option<ReportedView>,
    /// Late?
    pub overdue: bool,
    /// What may be done next.
    pub may: Mays,
}

impl Viewer<'_> {
    /// A capability with its name.
    pub fn capability_opt(&self, code: Option<&Text>) -> Option<CodeName> {
        code.map(|code| {
            let known = self.state.jurisdiction.capability(code);
            let name = known.map_or(code.as_str(), |c| self.lang.pick(&c.name_zh, &c.name_en));
            CodeName { code: code.clone(), name: name.to_owned() }
        })
    }

    /// Arrangements.
    pub fn arrangements(&self, a: &Arrangements) -> ArrangementsView {
        ArrangementsView {
            assembly_point: self.place(&a.assembly_point),
            report_to: ContactView {
                position: a.report_to.position.clone(),
                phone: self.words_opt(a.report_to.phone.as_ref()),
            },
            radio_channel: a.radio_channel.clone(),
            protection: a.protection.clone(),
            wind: a.wind.clone(),
            bring: a.bring.clone(),
            plates: a.plates.clone(),
            note: self.words_opt(a.note.as_ref()),
        }
    }

    /// A plan.
    pub fn plan(&self, file: &IncidentFile, plan: &Plan) -> PlanView {
        let here = file.incident.id;
        let tasks = plan.tasks.iter().map(|t| {
            let force = self.force_brief_by_id(&t.force, Some(here));
            TaskView {
                marks: force.as_ref().map(|f| f.marks.clone()).unwrap_or_default(),
                force,
                force_ref: self.force(&t.force),
                task: t.task.clone(),
                slot: t.slot.clone(),
                capability: self.capability_opt(t.capability.as_ref()),
                quantity: t.quantity,
                basis: t.basis,
                agreed: t.agreed,
            }
        });
        let counted = if plan.status.is_open() { Some(plan) } else { None };
        let approval = plan.approval.as_ref().map(|a| ApprovalView {
            means: a.means,
            officer: a.officer.clone(),
            words: self.words_opt(a.words.as_ref()),
            recording: a.recording.clone(),
            at: self.reported(&a.by),
            written: a.written,
            written_due: self.moment_opt(a.written_due),
            remark: self.words_opt(a.remark.as_ref()),
        });
        PlanView {
            id: plan.id.to_string(),
            incident: here.to_string(),
            incident_number: file.incident.number.clone(),
            place: self.place(&file.incident.place),
            hazard: file.incident.hazard.as_deref().map(|h| self.hazard(h)),
            grade: file.incident.grade,
            number: plan.number.clone(),
            revision: plan.revision,
            status: plan.status,
            drill: file.incident.drill,
            tasks: tasks.collect(),
            arrangements: self.arrangements(&plan.arrangements),
            proposal: plan.proposal.clone(),
            supplement_to: plan.supplement_to.map(|p| p.to_string()),
            by_order_of_post: plan.by_order_of_post,
            signed_by: plan.signer.clone(),
            drafted: self.reported(&plan.drafted),
            submitted: plan.submitted.as_ref().map(|by| self.reported(by)),
            asked: plan.asked.clone(),
            answer_due: self.moment_opt(plan.answer_due),
            unanswered: plan.unanswered,
            approval,
            reasons: self.words_opt(plan.reasons.as_ref()),
            uncovered: self.uncovered(file, counted),
            may: self.plan_may(file, plan),
        }
    }

    /// What the composition still lacks, one line each; what public services send by linkage notice is said as such.
    pub fn uncovered(&self, file: &IncidentFile, plan: Option<&Plan>) -> Vec<Text> {
        let lines = self.missing_slots(file, plan).into_iter().map(|m| {
            let known = self.state.jurisdiction.capability(&m.capability);
            let name = known.map_or(m.capability.as_str(), |c| self.lang.pick(&c.name_zh, &c.name_en));
            let unit = known.map_or("", |c| self.lang.pick(&c.unit_zh, &c.unit));
            let lacks = match self.lang {
                Lang::Zh => format!("{name}尚缺 {} {unit}（需 {}）", m.missing, m.asked),
                Lang::En => format!("{name}: {} {unit} missing of {}", m.missing, m.asked),
            };
            match self.by_notice(file, &m.capability) {
                None => lacks,
                Some((true, orgs)) => match self.lang {
                    Lang::Zh => format!("{name} {} {unit}由{orgs}派出，已发联动通知", m.missing),
                    Lang::En => format!("{name}: {} {unit} from {orgs}, which were notified", m.missing),
                },
                Some((false, orgs)) => match self.lang {
                    Lang::Zh => format!("{lacks}，待向{orgs}发联动通知"),
                    Lang::En => format!("{lacks}; send a linkage notice to {orgs}"),
                },
            }
        });
        lines.collect()
    }

    /// The services whose forces have a capability and come by linkage notice; were they notified?
    fn by_notice(&self, file: &IncidentFile, capability: &str) -> Option<(bool, Text)> {
        let hazard = file.incident.hazard.as_deref();
        let forces = self.state.ledger.forces.values();
        let able = forces.filter(|f| f.has(capability) > 0);
        let by_notice = able.filter(|f| self.state.jurisdiction.basis(f, hazard).0 == Basis::LinkageNotice);
        let orgs: BTreeSet<&OrgId> = by_notice.map(|f| &f.org).collect();
        let told: Vec<&OrgId> =
            file.dispatch.notices.values().map(|n| &n.org).filter(|org| orgs.contains(org)).collect();
        let names = |orgs: Vec<&OrgId>| {
            let names: Vec<Text> = orgs.into_iter().map(|org| self.org(org).name).collect();
            self.lang.join(&names)
        };
        if orgs.is_empty() {
            None
        } else if told.is_empty() {
            Some((false, names(orgs.into_iter().collect())))
        } else {
            Some((true, names(told)))
        }
    }

    fn plan_may(&self, file: &IncidentFile, plan: &Plan) -> Mays {
        let target = Target::of(Thing::Plan, plan.id);
        let open = || domain::incident::still_open(file);
        let mut may = Mays::new();
        if plan.status.is_open() {
            let both = |rule: Result<(), domain::Refusal>| open().and(rule);
            let (state, role) = (self.state, self.actor.role);
            // By order of the post, where there is one: the act says so.
            let posted = file.command.holder == Holder::Post;
            let revise = d::revise_plan::allow(state, file, plan, role, posted);
            self.offer(&mut may, ActKind::RevisePlan, &target, both(revise));
            self.offer(&mut may, ActKind::SubmitPlan, &target, both(d::submit_plan::allow(file, plan, role)));
            let withdraw = d::withdraw_plan::allow(state, file, plan, role);
            self.offer(&mut may, ActKind::WithdrawPlan, &target, both(withdraw));
            self.offer(&mut may, ActKind::ApprovePlan, &target, both(d::approve_plan::allow(plan, role)));
            self.offer(&mut may, ActKind::SendBackPlan, &target, both(d::send_back_plan::allow(plan, role)));
            let by_phone = both(d::record_telephone_approval::allow(file, plan));
            self.offer(&mut may, ActKind::RecordTelephoneApproval, &target, by_phone);
        } else if plan.approval.is_some() {
            let rule = d::confirm_in_writing::allow(plan);
            self.offer(&mut may, ActKind::ConfirmInWriting, &target, rule);
        }
        may
    }

    /// A stand-by.
    pub fn stand_by(&self, file: &IncidentFile, s: &StandBy) -> StandByView {
        let target = Target::of(Thing::StandBy, s.id);
        let mut may = Mays::new();
        self.offer(&mut may, ActKind::ConfirmStandBy, &target, d::confirm_stand_by::allow(s));
        self.offer(&mut may, ActKind::LiftStandBy, &target, d::lift_stand_by::allow(s));
        StandByView {
            id: s.id.to_string(),
            incident: file.incident.id.to_string(),
            incident_number: file.incident.number.clone(),
            drill: file.incident.drill,
            force: self.force_brief_by_id(&s.force, Some(file.incident.id)),
            force_ref: self.force(&s.force),
            text: self.words(&s.text),
            place: self.place(&file.incident.place),
            pushed_at: self.moment(s.pushed.at),
            due: d::awaits_answer(&file.dispatch, s).then(|| self.moment(s.due)),
            confirmed: s.confirmed.as_ref().map(|c| ReadiedView {
                ready: c.ready,
                note: self.words_opt(c.note.as_ref()),
                reported: self.reported(&c.by),
            }),
            overdue: s.overdue,
            lifted: s.lifted.is_some(),
            may,
        }
    }

    /// A linkage notice.
    pub fn notice(&self, file: &IncidentFile, n: &Notice) -> NoticeView {
        let mut may = Mays::new();
        let target = Target::of(Thing::Notice, n.id);
        self.offer(&mut may, ActKind::AcknowledgeNotice, &target, d::acknowledge_notice::allow(n));
        NoticeView {
            id: n.id.to_string(),
            incident: file.incident.id.to_string(),
            incident_number: file.incident.number.clone(),
            drill: file.incident.drill,
            org: self.org(&n.org),
            text: self.words(&n.text),
            sent_at: self.moment(n.sent.at),
            due: self.moment(n.due),
            acknowledged: n.acknowledged.as_ref().map(|by| self.reported(by)),
            overdue: n.overdue,
            may,
        }
    }

    /// A letter of request.
    pub fn letter(&self, file: &IncidentFile, l: &Letter) -> LetterView {
        let mut may = Mays::new();
        self.offer(
            &mut may,
            ActKind::AnswerLetter,
            &Target::of(Thing::Letter, l.id),
            d::answer_letter::allow(l),
        );
        LetterView {
            id: l.id.to_string(),
            number: l.number.clone(),
            incident: file.incident.id.to_string(),
            incident_number: file.incident.number.clone(),
            drill: file.incident.drill,
            org: self.org(&l.org),
            forces: l.forces.iter().map(|f| self.force(f)).collect(),
            ask: self.words(&l.ask),
            urgent: l.urgent,
            sent_at: self.moment(l.sent.at),
            due: self.moment(l.due),
            answer: l.answer.as_ref().map(|a| LetterAnswerView {
                agreed: a.agreed,
                words: self.words(&a.words),
                reported: self.reported(&a.by),
            }),
            overdue: l.overdue,
            may,
        }
    }

    /// A filing.
    pub fn filing(&self, file: &IncidentFile, f: &Filing) -> FilingView {
        let mut may = Mays::new();
        self.offer(&mut may, ActKind::SignFiling, &Target::of(Thing::Filing, f.id), d::sign_filing::allow(f));
        let order = file.dispatch.orders.get(&f.order);
        FilingView {
            id: f.id.to_string(),
            incident: file.incident.id.to_string(),
            incident_number: file.incident.number.clone(),
            drill: file.incident.drill,
            order: f.order.to_string(),
            order_number: order.map(|o| o.number.clone()).unwrap_or_default(),
            task: order.map(|o| o.task.clone()).unwrap_or_default(),
            step: order.map(|o| o.step),
            force: self.force(&f.force),
            authority: self.org(&f.authority),
            sent_at: self.moment(f.sent_at),
            due: self.moment(f.due),
            signed: f.signed.as_ref().map(|by| self.reported(by)),
            overdue: f.overdue,
            may,
        }
    }
}
