//! An incident, whole, for whoever may see it; others see of it what is their own.

use domain::act::{ActKind, Target};
use domain::authority::Role;
use domain::incident as inc;
use domain::incident::{Figures, Source};
use domain::readiness::{Deadline, DeadlineKind, deadlines};
use domain::refusal::Thing;
use domain::types::ids::Fresh;
use domain::types::{
    AttachedId, FilingId, ForceId, InstructionId, LetterId, NoticeId, OrderId, OrgId, PlanId,
    ReinforcementId, StandById, Text, TownCallId,
};
use domain::{IncidentFile, command_post as cp, dispatch as d, reinforcement as re, report, review};
use schemars::JsonSchema;
use serde::Serialize;

use super::brief::{IncidentBrief, NextStep};
use super::command_post::{CommandView, SceneView, WithdrawalView};
use super::dispatch::{FilingView, LetterView, NoticeView, PlanView, StandByView};
use super::order::OrderView;
use super::reinforcement::ReinforcementView;
use super::report::{ReportView, SituationReportView};
use super::review::ReviewView;
use super::strength::StrengthView;
use super::{Mays, Moment, PlaceView, Ref, ReportedView, Viewer};

/// A call about the incident.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CallView {
    /// Where it came from.
    pub source: Source,
    /// Who called.
    pub caller: Option<Text>,
    /// From which number; masked for all but those who take calls.
    pub caller_number: Option<Text>,
    /// Number of the recording.
    pub recording: Option<Text>,
    /// When.
    pub received_at: Moment,
    /// Where, as told.
    pub place: PlaceView,
    /// What was told.
    pub text: Option<Text>,
    /// Who took it.
    pub reported: ReportedView,
}

/// Casualties.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CasualtiesView {
    /// Which count this is.
    pub revision: u32,
    /// The figures.
    pub figures: Figures,
    /// Who says so.
    pub source: Text,
    /// As of when.
    pub as_of: Moment,
    /// Who counted.
    pub reported: ReportedView,
    /// Who confirmed it.
    pub confirmed: Option<ReportedView>,
}

/// A town's answer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TownAnswerView {
    /// In his words.
    pub words: Option<Text>,
    /// When, by whom.
    pub reported: ReportedView,
}

/// A call to a town's shift leader (叫应).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TownCallView {
    /// Its id.
    pub id: Text,
    /// Its incident.
    pub incident: Text,
    /// The incident's number.
    pub incident_number: Text,
    /// 演练
    pub drill: bool,
    /// The incident in one line.
    pub text: Text,
    /// The town.
    pub town: Ref,
    /// Who must answer, by position.
    pub asked: Text,
    /// When.
    pub called_at: Moment,
    /// Until when.
    pub due: Moment,
    /// The answer.
    pub answered: Option<TownAnswerView>,
    /// Late?
    pub overdue: bool,
    /// What may be done next.
    pub may: Mays,
}

/// Whose task an instruction became.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AssignedView {
    /// Whose.
    pub to: Ref,
    /// What is to be done.
    pub task: Text,
    /// Until when.
    pub due_at: Option<Moment>,
}

/// A feedback.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FeedbackView {
    /// What was done.
    pub text: Text,
    /// Finished?
    pub done: bool,
    /// When, by whom.
    pub reported: ReportedView,
}

/// A leader's instruction.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InstructionView {
    /// Its id.
    pub id: Text,
    /// Its incident.
    pub incident: Text,
    /// The incident's number.
    pub incident_number: Text,
    /// 演练
    pub drill: bool,
    /// What he said.
    pub text: Text,
    /// His position.
    pub from: Text,
    /// When.
    pub reported: ReportedView,
    /// Until when a feedback is awaited.
    pub due: Moment,
    /// Whose task it became.
    pub assigned: Option<AssignedView>,
    /// What was reported back.
    pub feedback: Vec<FeedbackView>,
    /// Finished?
    pub done: bool,
    /// Late?
    pub overdue: bool,
    /// What may be done next.
    pub may: Mays,
}

/// A note.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NoteView {
    /// The text.
    pub text: Text,
    /// Attachments.
    pub files: Vec<Text>,
    /// When, by whom.
    pub reported: ReportedView,
}

/// Something that is due.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DeadlineView {
    /// What kind.
    pub kind: DeadlineKind,
    /// When.
    pub due: Moment,
    /// Passed already?
    pub overdue: bool,
    /// Of which incident.
    pub incident: Text,
    /// Its number.
    pub incident_number: Text,
    /// 演练
    pub drill: bool,
    /// Of which thing.
    pub subject: Text,
    /// In words, with whom it is awaited from: 出动指令下一步：石岛站.
    pub text: Text,
}

/// An incident, whole.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IncidentView {
    /// In brief.
    pub brief: IncidentBrief,
    /// Raised by every change that an agreement would overwrite.
    pub revision: u32,
    /// The incident in one line, for telephone and chat.
    pub headline: Text,
    /// The calls.
    pub call_list: Vec<CallView>,
    /// What the first caller told.
    pub narrative: Option<Text>,
    /// It is real.
    pub verified: Option<ReportedView>,
    /// Under control.
    pub controlled: Option<ReportedView>,
    /// Closed.
    pub closed: Option<ReportedView>,
    /// What keeps it from being closed.
    pub blockers: Vec<Text>,
    /// The last count.
    pub casualties: Option<CasualtiesView>,
    /// The last count that was confirmed.
    pub confirmed_casualties: Option<CasualtiesView>,
    /// Dispatch plans.
    pub plans: Vec<PlanView>,
    /// Orders, failures first.
    pub orders: Vec<OrderView>,
    /// Stand-bys.
    pub stand_bys: Vec<StandByView>,
    /// Linkage notices.
    pub notices: Vec<NoticeView>,
    /// Letters of request.
    pub letters: Vec<LetterView>,
    /// Filings.
    pub filings: Vec<FilingView>,
    /// Towns called.
    pub town_calls: Vec<TownCallView>,
    /// Leaders' instructions.
    pub instructions: Vec<InstructionView>,
    /// Who commands.
    pub command: CommandView,
    /// Who is inside.
    pub scene: SceneView,
    /// Emergency withdrawals.
    pub withdrawals: Vec<WithdrawalView>,
    /// Help from outside.
    pub reinforcements: Vec<ReinforcementView>,
    /// Information reports.
    pub reports: Vec<ReportView>,
    /// Situation reports.
    pub situation_reports: Vec<SituationReportView>,
    /// Notes.
    pub notes: Vec<NoteView>,
    /// The review.
    pub review: Option<ReviewView>,
    /// What is due.
    pub deadlines: Vec<DeadlineView>,
    /// What the orders ask for, what was acknowledged, and what would make up for the rest.
    pub strength: StrengthView,
    /// What the composition still lacks.
    pub uncovered: Vec<Text>,
    /// The next step of this desk.
    pub next: Option<NextStep>,
    /// What may be done next.
    pub may: Mays,
}

impl Viewer<'_> {
    /// An incident, whole for a desk, in part for others. The caller has asked `sees` before.
    pub fn incident(&self, file: &IncidentFile) -> IncidentView {
        let (i, desk) = (&file.incident, self.is_desk());
        let brief = self.brief(file);
        IncidentView {
            next: brief.next.clone(),
            brief,
            revision: i.revision,
            headline: i.headline(&self.state.jurisdiction),
            call_list: if desk { i.calls.iter().map(|c| self.call(c)).collect() } else { Vec::new() },
            narrative: self.narrative(file),
            verified: i.verified.as_ref().map(|by| self.reported(by)),
            controlled: i.controlled.as_ref().map(|by| self.reported(by)),
            closed: i.closed.as_ref().map(|mark| self.reported(&mark.by)),
            blockers: if desk { self.blockers(file) } else { Vec::new() },
            casualties: if desk { self.casualties(i.casualties.as_deref()) } else { None },
            confirmed_casualties: self.casualties(i.confirmed_casualties.as_deref()),
            plans: if desk { self.plans(file) } else { Vec::new() },
            orders: self.orders(file),
            stand_bys: self.stand_bys(file),
            notices: self.notices(file),
            letters: self.letters(file),
            filings: self.filings(file),
            town_calls: self.town_calls(file),
            instructions: self.instructions(file),
            command: self.command(file),
            scene: self.scene(file),
            withdrawals: if desk { self.withdrawals(file) } else { Vec::new() },
            reinforcements: if desk { self.reinforcements(file) } else { Vec::new() },
            reports: self.reports(file),
            situation_reports: if desk { self.situation_reports(file) } else { Vec::new() },
            notes: if desk { i.notes.iter().rev().map(|n| self.note(n)).collect() } else { Vec::new() },
            review: if desk { file.review.as_ref().map(|r| self.review(r)) } else { None },
            deadlines: if desk { self.deadlines(file) } else { Vec::new() },
            strength: if desk { self.strength_by_capability(file) } else { StrengthView::default() },
            uncovered: if desk { self.uncovered(file, None) } else { Vec::new() },
            may: self.incident_may(file),
        }
    }

    /// Plans, newest first.
    pub fn plans(&self, file: &IncidentFile) -> Vec<PlanView> {
        file.dispatch.plans.values().rev().map(|p| self.plan(file, p)).collect()
    }

    /// The orders that this viewer may see: failures first, then what waits longest.
    pub fn orders(&self, file: &IncidentFile) -> Vec<OrderView> {
        self.orders_where(file, |_| true)
    }

    /// Those of them that are asked for; no view is made of the others.
    pub fn orders_where(&self, file: &IncidentFile, asked: impl Fn(&d::Order) -> bool) -> Vec<OrderView> {
        let seen =
            |o: &&std::sync::Arc<d::Order>| (self.is_desk() || self.is_own_force(&o.force)) && asked(o);
        let mut orders: Vec<&std::sync::Arc<d::Order>> = file.dispatch.orders.values().filter(seen).collect();
        orders.sort_by_key(|o| (order_rank(o), o.due, o.id));
        orders.into_iter().map(|o| self.order(file, o)).collect()
    }

    /// The stand-bys that this viewer may see.
    pub fn stand_bys(&self, file: &IncidentFile) -> Vec<StandByView> {
        let all = file.dispatch.stand_bys.values();
        all.filter(|s| self.is_desk() || self.is_own_force(&s.force))
            .map(|s| self.stand_by(file, s))
            .collect()
    }

    /// The notices that this viewer may see.
    pub fn notices(&self, file: &IncidentFile) -> Vec<NoticeView> {
        let all = file.dispatch.notices.values();
        all.filter(|n| self.is_desk() || self.is_own_org(&n.org)).map(|n| self.notice(file, n)).collect()
    }

    /// The letters that this viewer may see.
    pub fn letters(&self, file: &IncidentFile) -> Vec<LetterView> {
        let all = file.dispatch.letters.values();
        all.filter(|l| self.is_desk() || self.is_own_org(&l.org)).map(|l| self.letter(file, l)).collect()
    }

    /// The filings that this viewer may see.
    pub fn filings(&self, file: &IncidentFile) -> Vec<FilingView> {
        let all = file.dispatch.filings.values();
        all.filter(|f| self.is_desk() || self.is_own_org(&f.authority))
            .map(|f| self.filing(file, f))
            .collect()
    }

    /// The town calls that this viewer may see.
    pub fn town_calls(&self, file: &IncidentFile) -> Vec<TownCallView> {
        let all = file.incident.town_calls.iter();
        let seen = all.filter(|(_, c)| self.is_desk() || self.is_own_org(&c.town));
        seen.map(|(id, c)| self.town_call(file, *id, c)).collect()
    }

    /// The instructions that this viewer may see.
    pub fn instructions(&self, file: &IncidentFile) -> Vec<InstructionView> {
        let all = file.incident.instructions.iter();
        let own = |i: &inc::Instruction| i.assigned.as_ref().is_some_and(|a| self.is_own_org(&a.to));
        all.filter(|(_, i)| self.is_desk() || own(i)).map(|(id, i)| self.instruction(file, *id, i)).collect()
    }

    fn call(&self, c: &inc::Call) -> CallView {
        let number = c.caller_number.as_ref().and_then(|n| n.reveal());
        CallView {
            source: c.source,
            caller: self.words_opt(c.caller.as_ref()),
            caller_number: number.map(|n| if self.sees_callers() { n.clone() } else { masked(n) }),
            recording: c.recording.clone(),
            received_at: self.moment(c.received_at),
            place: self.place(&c.place),
            text: self.words_opt(c.narrative.as_ref()),
            reported: self.reported(&c.by),
        }
    }

    /// A count.
    pub fn casualties(&self, c: Option<&inc::Casualties>) -> Option<CasualtiesView> {
        c.map(|c| CasualtiesView {
            revision: c.revision,
            figures: c.figures,
            source: self.words(&c.source),
            as_of: self.moment(c.as_of),
            reported: self.reported(&c.by),
            confirmed: c.confirmed.as_ref().map(|c| self.reported(&c.by)),
        })
    }

    fn town_call(
        &self,
        file: &IncidentFile,
        id: domain::types::TownCallId,
        c: &inc::TownCall,
    ) -> TownCallView {
        let mut may = Mays::new();
        let rule = inc::answer_town_call::allow(self.state, id).map(|_| ());
        self.offer(&mut may, ActKind::AnswerTownCall, &Target::of(Thing::TownCall, id), rule);
        TownCallView {
            id: id.to_string(),
            incident: file.incident.id.to_string(),
            incident_number: file.incident.number.clone(),
            drill: file.incident.drill,
            text: file.incident.headline(&self.state.jurisdiction),
            town: self.org(&c.town),
            asked: c.asked.clone(),
            called_at: self.moment(c.by.at),
            due: self.moment(c.due),
            answered: c.answered.as_ref().map(|a| TownAnswerView {
                words: self.words_opt(a.words.as_ref()),
                reported: self.reported(&a.by),
            }),
            overdue: c.overdue,
            may,
        }
    }

    fn instruction(
        &self,
        file: &IncidentFile,
        id: domain::types::InstructionId,
        i: &inc::Instruction,
    ) -> InstructionView {
        let target = Target::of(Thing::Instruction, id);
        let mut may = Mays::new();
        let assign = inc::assign_task::allow(self.state, id, ActKind::AssignTask).map(|_| ());
        self.offer(&mut may, ActKind::AssignTask, &target, assign);
        self.offer(&mut may, ActKind::FeedBack, &target, inc::feed_back::allow(self.state, id).map(|_| ()));
        let feedback = i.feedback.iter().map(|f| FeedbackView {
            text: self.words(&f.text),
            done: f.done,
            reported: self.reported(&f.by),
        });
        InstructionView {
            id: id.to_string(),
            incident: file.incident.id.to_string(),
            incident_number: file.incident.number.clone(),
            drill: file.incident.drill,
            text: self.words(&i.text),
            from: i.from.clone(),
            reported: self.reported(&i.by),
            due: self.moment(i.due),
            assigned: i.assigned.as_ref().map(|a| AssignedView {
                to: self.org(&a.to),
                task: self.words(&a.task),
                due_at: self.moment_opt(a.due_at),
            }),
            feedback: feedback.collect(),
            done: i.is_done(),
            overdue: i.overdue,
            may,
        }
    }

    fn note(&self, n: &inc::Note) -> NoteView {
        NoteView {
            text: self.words(&n.text),
            files: n.files.iter().map(ToString::to_string).collect(),
            reported: self.reported(&n.by),
        }
    }

    /// What callers told, in their own words: for desks. Others are told the headline, which names no person.
    pub fn narrative(&self, file: &IncidentFile) -> Option<Text> {
        if self.is_desk() { self.words_opt(file.incident.narrative.as_ref()) } else { None }
    }

    fn blockers(&self, file: &IncidentFile) -> Vec<Text> {
        inc::blockers(file).iter().map(|b| b.text(self.lang)).collect()
    }

    /// What is due here, soonest first.
    pub fn deadlines(&self, file: &IncidentFile) -> Vec<DeadlineView> {
        let all = deadlines(file).into_iter().map(|due| DeadlineView {
            kind: due.kind,
            due: self.moment(due.due),
            overdue: due.due <= self.now,
            incident: due.incident.to_string(),
            incident_number: file.incident.number.clone(),
            drill: file.incident.drill,
            subject: due.subject.to_string(),
            text: self.deadline_text(file, &due),
        });
        all.collect()
    }

    fn deadline_text(&self, file: &IncidentFile, due: &Deadline) -> Text {
        let (d, subject) = (&file.dispatch, due.subject);
        let force = |id: &ForceId| self.force(id).name;
        let org = |id: &OrgId| self.org(id).name;
        let who = match due.kind {
            DeadlineKind::OrderStep => d.orders.get(&OrderId::from_ulid(subject)).map(|o| force(&o.force)),
            DeadlineKind::StandByAnswer => {
                d.stand_bys.get(&StandById::from_ulid(subject)).map(|s| force(&s.force))
            }
            DeadlineKind::FilingSign => {
                let filing = d.filings.get(&FilingId::from_ulid(subject));
                filing.map(|f| self.lang.join(&[org(&f.authority), force(&f.force)]))
            }
            DeadlineKind::NoticeAnswer => d.notices.get(&NoticeId::from_ulid(subject)).map(|n| org(&n.org)),
            DeadlineKind::LetterAnswer => d.letters.get(&LetterId::from_ulid(subject)).map(|l| org(&l.org)),
            DeadlineKind::PlanAnswer | DeadlineKind::WrittenAgreement => {
                d.plans.get(&PlanId::from_ulid(subject)).map(|p| p.number.clone())
            }
            DeadlineKind::TownAnswer => {
                file.incident.town_calls.get(&TownCallId::from_ulid(subject)).map(|c| org(&c.town))
            }
            DeadlineKind::InstructionFeedback => {
                let given = file.incident.instructions.get(&InstructionId::from_ulid(subject));
                given.and_then(|i| i.assigned.as_ref()).map(|a| org(&a.to))
            }
            DeadlineKind::ReinforcementAnswer => {
                let asked = file.reinforcement.requests.get(&ReinforcementId::from_ulid(subject));
                asked.map(|r| org(&r.to))
            }
            _ => None,
        };
        let what = due.kind.label(self.lang);
        match who {
            Some(who) => format!("{what}{}{who}", self.lang.pick("：", ": ")),
            None => what.to_owned(),
        }
    }

    fn incident_may(&self, file: &IncidentFile) -> Mays {
        let (id, target) = (file.incident.id, Target::Incident(file.incident.id));
        let (state, role) = (self.state, self.actor.role);
        let open = || inc::still_open(file);
        let mut may = Mays::new();
        let mut offer = |act, rule| self.offer(&mut may, act, &target, rule);
        let verify = inc::verify_call::allow(state, id, inc::verify_call::Outcome::Real);
        offer(ActKind::VerifyCall, verify.map(|_| ()));
        offer(ActKind::ClassifyIncident, inc::classify_incident::allow(state, id).map(|_| ()));
        offer(ActKind::RaiseGrade, inc::raise_grade::allow(state, id).map(|_| ()));
        let stage =
            if role.is_bureau() { inc::SeverityStage::Confirmed } else { inc::SeverityStage::Preliminary };
        offer(ActKind::GradeSeverity, inc::grade_severity::allow(state, id, stage, role).map(|_| ()));
        offer(ActKind::MergeIncident, inc::merge_incident::allow(state, id).map(|_| ()));
        offer(ActKind::CallTown, open());
        offer(ActKind::CountCasualties, inc::count_casualties::allow(state, id, self.actor).map(|_| ()));
        offer(ActKind::ConfirmCasualties, inc::confirm_casualties::allow(state, id).map(|_| ()));
        offer(ActKind::AddNote, inc::add_note::allow(state, id).map(|_| ()));
        offer(ActKind::GiveInstruction, inc::give_instruction::allow(state, id).map(|_| ()));
        offer(ActKind::ControlIncident, inc::control_incident::allow(state, id).map(|_| ()));
        offer(ActKind::CloseIncident, inc::close_incident::allow(state, id).map(|_| ()));
        offer(ActKind::OrderFirstResponse, d::order_first_response::allow(file, role));
        offer(ActKind::SendLinkageNotices, open());
        offer(ActKind::PushStandBy, open());
        offer(ActKind::SendLetter, open());
        offer(ActKind::DraftPlan, d::draft_plan::allow(file, role, role == Role::Post || role.is_brigade()));
        offer(ActKind::FormForwardHeadquarters, cp::form_forward_headquarters::allow(state, id).map(|_| ()));
        offer(ActKind::EstablishPost, cp::establish_post::allow(state, id).map(|_| ()));
        offer(ActKind::HandInBriefing, cp::hand_in_briefing::allow(state, id).map(|_| ()));
        offer(ActKind::DelegateCommand, cp::delegate_command::allow(state, id).map(|_| ()));
        offer(ActKind::RaiseCommand, cp::raise_command::allow(state, id).map(|_| ()));
        offer(ActKind::OrderWithdrawal, cp::order_withdrawal::allow(state, id).map(|_| ()));
        offer(ActKind::AppointSafetyOfficer, cp::appoint_safety_officer::allow(state, id).map(|_| ()));
        if self.is_desk() {
            offer(ActKind::EnterScene, open());
            offer(ActKind::LeaveScene, open());
        }
        offer(ActKind::RequestReinforcement, re::request_reinforcement::allow(state, id).map(|_| ()));
        offer(ActKind::FileReport, report::file_report::allow(state, id, next_stage(file)).map(|_| ()));
        offer(
            ActKind::CompileSituationReport,
            report::compile_situation_report::allow(state, id).map(|_| ()),
        );
        offer(ActKind::WriteReview, review::write_review::allow(state, id).map(|_| ()));
        may
    }
}

/// The stage that comes next.
pub fn next_stage(file: &IncidentFile) -> report::Stage {
    use domain::report::Stage;
    match (file.report.has(Stage::First), file.incident.controlled.is_some()) {
        (false, _) => Stage::First,
        (true, true) => Stage::Final,
        (true, false) => Stage::FollowUp,
    }
}

/// Late first, then declined, then waiting, then under way; what is over stands last.
fn order_rank(order: &d::Order) -> u8 {
    match order.step {
        d::OrderStep::Released | d::OrderStep::Returned | d::OrderStep::Cancelled => 6,
        _ if order.overdue.is_some() => 0,
        d::OrderStep::Declined => 1,
        d::OrderStep::Issued | d::OrderStep::Received => 2,
        d::OrderStep::Acknowledged | d::OrderStep::Departed => 3,
        d::OrderStep::Arrived => 4,
        d::OrderStep::Deployed => 5,
    }
}

/// A number whose middle is hidden: 138****0000.
pub fn masked(number: &str) -> Text {
    let chars: Vec<char> = number.chars().collect();
    let shown = chars.len().min(11) / 3;
    let hidden = chars.len().saturating_sub(shown * 2);
    let head: String = chars.iter().take(shown).collect();
    let tail: String = chars.iter().skip(shown + hidden).collect();
    format!("{head}{}{tail}", "*".repeat(hidden))
}

/// What an attached force is called in a withdrawal's list.
pub fn attached_name(file: &IncidentFile, id: AttachedId) -> Text {
    file.reinforcement.attached(id).map(|a| a.name.clone()).unwrap_or_default()
}
