//! Plans, orders, filings, stand-bys, notices and letters, as a session may see them.

use domain::act::{ActKind, Target};
use domain::dispatch::{
    self as d, ApprovalMeans, Arrangements, Consumable, Escalation, Filing, Letter, Notice, Order, OrderBasis,
    OrderStep, Plan, PlanStatus, StandBy, Written,
};
use domain::jurisdiction::Basis;
use domain::refusal::Thing;
use domain::types::{Point, Text};
use domain::{IncidentFile, labels};
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

/// One step of an order.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StepView {
    /// Which.
    pub step: OrderStep,
    /// When, by whom.
    pub reported: ReportedView,
    /// A remark or reason.
    pub note: Option<Text>,
}

/// A late step.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OverdueView {
    /// Since when.
    pub since: Moment,
    /// What is done about it.
    pub level: Escalation,
    /// In words.
    pub text: Text,
    /// The force proposed instead.
    pub instead: Option<Ref>,
}

/// A progress report.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProgressView {
    /// What.
    pub text: Text,
    /// Photos.
    pub files: Vec<Text>,
    /// Where.
    pub position: Option<Point>,
    /// When, by whom.
    pub reported: ReportedView,
}

/// A return form.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReturnFormView {
    /// Minutes at work.
    pub worked_min: Option<u32>,
    /// What was used up.
    pub consumables: Vec<Consumable>,
    /// Who confirmed it.
    pub confirmed_by: Option<Text>,
}

/// The withdrawal that the force must confirm.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OrderWithdrawalView {
    /// Its id.
    pub id: Text,
    /// Why.
    pub reason: Option<Text>,
    /// Confirmed by this force?
    pub confirmed: bool,
}

/// The filing of an order.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OrderFilingView {
    /// Its id.
    pub id: Text,
    /// With whom.
    pub authority: Ref,
    /// Signed for?
    pub signed: bool,
}

/// An order.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OrderView {
    /// Its id.
    pub id: Text,
    /// Its number.
    pub number: Text,
    /// Its incident.
    pub incident: Text,
    /// The incident's number.
    pub incident_number: Text,
    /// 演练
    pub drill: bool,
    /// Its plan.
    pub plan: Option<Text>,
    /// On what it rests.
    pub basis: OrderBasis,
    /// The force.
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
    /// Arrangements.
    pub arrangements: ArrangementsView,
    /// How far it is.
    pub step: OrderStep,
    /// The steps so far.
    pub steps: Vec<StepView>,
    /// 签发人
    pub issued_by: Text,
    /// When.
    pub issued_at: Moment,
    /// When the next step is due.
    pub due: Option<Moment>,
    /// Late?
    pub overdue: Option<OverdueView>,
    /// People who come.
    pub strength: Option<u32>,
    /// Minutes until arrival, as the force said.
    pub eta_min: Option<u32>,
    /// Last known position.
    pub position: Option<Point>,
    /// How the desks are reached.
    pub contacts: Vec<ContactView>,
    /// How the force is reached.
    pub force_contacts: Vec<ContactView>,
    /// Where the incident is.
    pub place: PlaceView,
    /// Hazard.
    pub hazard: Option<CodeName>,
    /// The substance.
    pub substance: Option<Text>,
    /// The last progress reports.
    pub progress: Vec<ProgressView>,
    /// The return form.
    pub return_form: Option<ReturnFormView>,
    /// The withdrawal to confirm.
    pub withdrawal: Option<OrderWithdrawalView>,
    /// Its filing.
    pub filing: Option<OrderFilingView>,
    /// One line to read out on the telephone.
    pub short_text: Text,
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
    /// The answer is due.
    pub due: Moment,
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
    fn capability_opt(&self, code: Option<&Text>) -> Option<CodeName> {
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

    /// What the composition still lacks, one line each.
    pub fn uncovered(&self, file: &IncidentFile, plan: Option<&Plan>) -> Vec<Text> {
        let lines = self.missing_slots(file, plan).into_iter().map(|m| {
            let known = self.state.jurisdiction.capability(&m.capability);
            let name = known.map_or(m.capability.as_str(), |c| self.lang.pick(&c.name_zh, &c.name_en));
            let unit = known.map_or("", |c| self.lang.pick(&c.unit_zh, &c.unit));
            match self.lang {
                domain::types::Lang::Zh => format!("{name}尚缺 {} {unit}（需 {}）", m.missing, m.asked),
                domain::types::Lang::En => format!("{name}: {} {unit} missing of {}", m.missing, m.asked),
            }
        });
        lines.collect()
    }

    fn plan_may(&self, file: &IncidentFile, plan: &Plan) -> Mays {
        let target = Target::of(Thing::Plan, plan.id);
        let open = || domain::incident::still_open(file);
        let mut may = Mays::new();
        if plan.status.is_open() {
            let both = |rule: Result<(), domain::Refusal>| open().and(rule);
            self.offer(&mut may, ActKind::RevisePlan, &target, both(d::revise_plan::allow(plan)));
            self.offer(&mut may, ActKind::SubmitPlan, &target, both(d::submit_plan::allow(plan)));
            self.offer(&mut may, ActKind::WithdrawPlan, &target, both(d::withdraw_plan::allow(plan)));
            let role = self.actor.role;
            self.offer(&mut may, ActKind::ApprovePlan, &target, both(d::approve_plan::allow(plan, role)));
            self.offer(&mut may, ActKind::SendBackPlan, &target, both(d::send_back_plan::allow(plan, role)));
            let by_phone = both(d::record_telephone_approval::allow(plan));
            self.offer(&mut may, ActKind::RecordTelephoneApproval, &target, by_phone);
        } else if plan.approval.is_some() {
            let rule = d::confirm_in_writing::allow(plan);
            self.offer(&mut may, ActKind::ConfirmInWriting, &target, rule);
        }
        may
    }

    /// An order.
    pub fn order(&self, file: &IncidentFile, order: &Order) -> OrderView {
        let i = &file.incident;
        let steps = order.steps.iter().map(|s| StepView {
            step: s.step,
            reported: self.reported(&s.by),
            note: self.words_opt(s.note.as_ref()),
        });
        let known = self.state.ledger.forces.get(&order.force);
        OrderView {
            id: order.id.to_string(),
            number: order.number.clone(),
            incident: i.id.to_string(),
            incident_number: i.number.clone(),
            drill: i.drill,
            plan: order.plan.map(|p| p.to_string()),
            basis: order.basis,
            force: known.map(|f| self.force_brief(f, Some(i.id))),
            force_ref: self.force(&order.force),
            task: order.task.clone(),
            slot: order.slot.clone(),
            capability: self.capability_opt(order.capability.as_ref()),
            quantity: order.quantity,
            arrangements: self.arrangements(&order.arrangements),
            step: order.step,
            steps: steps.collect(),
            issued_by: order.issued_by.clone(),
            issued_at: self.moment(order.issued_at),
            due: self.moment_opt(order.due),
            overdue: order.overdue.as_ref().map(|o| self.overdue(o)),
            strength: order.strength,
            eta_min: order.eta_min,
            position: order.position,
            contacts: self.desk_contacts(),
            force_contacts: known.map(|f| self.contacts(&f.contacts)).unwrap_or_default(),
            place: self.place(&i.place),
            hazard: i.hazard.as_deref().map(|h| self.hazard(h)),
            substance: i.substance.clone(),
            progress: self.progress(order),
            return_form: order.return_form.as_ref().map(|r| ReturnFormView {
                worked_min: r.worked_min,
                consumables: r.consumables.clone(),
                confirmed_by: r.confirmed_by.clone(),
            }),
            withdrawal: self.order_withdrawal(file, order),
            filing: self.order_filing(file, order),
            short_text: self.order_short_text(file, order),
            may: self.order_may(order),
        }
    }

    fn overdue(&self, o: &d::Overdue) -> OverdueView {
        let contact = o.contact.as_ref().map(|c| format!("（{c}）")).unwrap_or_default();
        let instead = o.instead.as_ref().map(|f| self.force(f));
        let mut text = format!("{}{contact}", o.level.label(self.lang));
        if let Some(force) = &instead {
            text.push_str(self.lang.pick("：", ": "));
            text.push_str(&force.name);
        }
        OverdueView { since: self.moment(o.since), level: o.level, text, instead }
    }

    fn progress(&self, order: &Order) -> Vec<ProgressView> {
        let newest_first = order.progress.iter().rev().map(|p| ProgressView {
            text: self.words(&p.text),
            files: p.files.iter().map(ToString::to_string).collect(),
            position: p.position,
            reported: self.reported(&p.by),
        });
        newest_first.collect()
    }

    fn order_withdrawal(&self, file: &IncidentFile, order: &Order) -> Option<OrderWithdrawalView> {
        let party = domain::command_post::Party::Order(order.id);
        let all = file.command.withdrawals.values().rev();
        let concerned = all.filter(|w| w.must_confirm.contains(&party));
        let newest = concerned.max_by_key(|w| w.ordered.at)?;
        Some(OrderWithdrawalView {
            id: newest.id.to_string(),
            reason: self.words_opt(newest.reason.as_ref()),
            confirmed: newest.answer_of(party).is_some(),
        })
    }

    fn order_filing(&self, file: &IncidentFile, order: &Order) -> Option<OrderFilingView> {
        let filing = order.filing.and_then(|id| file.dispatch.filings.get(&id))?;
        Some(OrderFilingView {
            id: filing.id.to_string(),
            authority: self.org(&filing.authority),
            signed: filing.signed.is_some(),
        })
    }

    fn contacts(&self, contacts: &[domain::org::Contact]) -> Vec<ContactView> {
        let seen = contacts.iter().map(|c| ContactView {
            position: format!("{} {}", c.title, self.words(&c.name)),
            phone: c.phone.reveal().cloned(),
        });
        seen.collect()
    }

    /// How a force reaches the two desks.
    fn desk_contacts(&self) -> Vec<ContactView> {
        let Some(offices) = &self.state.jurisdiction.offices else { return Vec::new() };
        let orgs = [&offices.brigade, &offices.bureau].into_iter().filter_map(|id| self.state.org.orgs.get(id));
        let first = orgs.filter_map(|org| {
            let contact = org.contacts.first()?;
            let position = format!("{}{}", org.short, contact.title);
            Some(ContactView { position, phone: contact.phone.reveal().cloned() })
        });
        first.collect()
    }

    /// One line to read out on the telephone.
    pub fn order_short_text(&self, file: &IncidentFile, order: &Order) -> Text {
        let i = &file.incident;
        let a = &order.arrangements;
        let headline = i.headline(&self.state.jurisdiction);
        let force = self.state.ledger.name(&order.force);
        let issued = labels::moment(order.issued_at, self.lang);
        match self.lang {
            domain::types::Lang::Zh => {
                let channel = a.radio_channel.as_ref().map(|c| format!("，{c}")).unwrap_or_default();
                format!(
                    "{issued} 出动指令 {}：{force}，{headline}。任务：{}。集结：{}，向{}报到{channel}。请确认出动。",
                    order.number, order.task, a.assembly_point.text, a.report_to.position
                )
            }
            domain::types::Lang::En => format!(
                "{issued} order {}: {force}. {headline}. Task: {}. Assemble at {}, report to {}.",
                order.number, order.task, a.assembly_point.text, a.report_to.position
            ),
        }
    }

    fn order_may(&self, order: &Order) -> Mays {
        let target = Target::of(Thing::Order, order.id);
        let mut may = Mays::new();
        let rules = [
            (ActKind::ReceiveOrder, d::receive_order::allow(order)),
            (ActKind::AcknowledgeOrder, d::acknowledge_order::allow(order)),
            (ActKind::DeclineOrder, d::decline_order::allow(order)),
            (ActKind::DepartOrder, d::depart_order::allow(order)),
            (ActKind::ArriveOrder, d::arrive_order::allow(order)),
            (ActKind::DeployOrder, d::deploy_order::allow(order)),
            (ActKind::ReportProgress, d::report_progress::allow(order)),
            (ActKind::ReleaseOrder, d::release_order::allow(order)),
            (ActKind::ReturnOrder, d::return_order::allow(order)),
            (ActKind::CancelOrder, d::cancel_order::allow(order)),
        ];
        for (act, rule) in rules {
            // What was done already is no next step.
            if !matches!(rule, Err(domain::Refusal::AlreadyDone { .. })) {
                self.offer(&mut may, act, &target, rule);
            }
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
            due: self.moment(s.due),
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
        self.offer(&mut may, ActKind::AnswerLetter, &Target::of(Thing::Letter, l.id), d::answer_letter::allow(l));
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
