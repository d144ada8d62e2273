//! A desk: everything that waits for this session, from one projection.

use std::sync::Arc;

use domain::IncidentFile;
use domain::authority::Role;
use domain::dispatch::{Order, OrderStep, PlanStatus, Written};
use domain::duty::DeskKind;
use domain::types::Text;
use schemars::JsonSchema;
use serde::Serialize;

use super::brief::IncidentBrief;
use super::command_post::WithdrawalView;
use super::dispatch::{FilingView, LetterView, NoticeView, PlanView, StandByView};
use super::incident::{DeadlineView, InstructionView, TownCallView};
use super::order::OrderView;
use super::reinforcement::ReinforcementView;
use super::report::ReportView;
use super::{Moment, Viewer};

/// Deadlines shown at once; the rest stands in the incidents.
const DEADLINES_SHOWN: usize = 100;

/// Who is on duty.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OnDutyView {
    /// 值班员
    pub officer: Text,
    /// 带班领导
    pub leader: Text,
    /// The shift was handed over at this desk.
    pub since: Option<Moment>,
}

/// A withdrawal with its incident.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DeskWithdrawal {
    /// Its incident.
    pub incident: Text,
    /// The incident's number.
    pub incident_number: Text,
    /// 演练
    pub drill: bool,
    /// The withdrawal.
    pub withdrawal: WithdrawalView,
}

/// What waits for this session.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DeskView {
    /// Its role.
    pub role: Role,
    /// Its position.
    pub me: Text,
    /// Now, by the node's clock.
    pub now: Moment,
    /// As of this entry.
    pub seq: Text,
    /// Open incidents that it may see, newest first.
    pub incidents: Vec<IncidentBrief>,
    /// Plans that wait for an answer or for the written agreement, and for the brigade its own drafts.
    pub approvals: Vec<PlanView>,
    /// Orders: a force's own; for desks those that are late or declined.
    pub orders: Vec<OrderView>,
    /// Stand-bys: a force's own; for desks those not confirmed.
    pub stand_bys: Vec<StandByView>,
    /// Filings that are not signed for; an authority's own.
    pub filings: Vec<FilingView>,
    /// Notices; an organisation's own, or not acknowledged.
    pub notices: Vec<NoticeView>,
    /// Letters; an organisation's own, or not answered.
    pub letters: Vec<LetterView>,
    /// Town calls; a town's own, or not answered.
    pub town_calls: Vec<TownCallView>,
    /// Reports.
    pub reports: Vec<ReportView>,
    /// Instructions that are not finished.
    pub instructions: Vec<InstructionView>,
    /// Withdrawals that are not confirmed by everyone.
    pub withdrawals: Vec<DeskWithdrawal>,
    /// Requests for help.
    pub reinforcements: Vec<ReinforcementView>,
    /// What is due, soonest first.
    pub deadlines: Vec<DeadlineView>,
    /// Who is on duty here.
    pub duty: Option<OnDutyView>,
    /// Incidents that are closed and wait for their review.
    pub to_review: Vec<IncidentBrief>,
}

impl Viewer<'_> {
    /// The desk of this session.
    pub fn desk(&self, seq: &str) -> DeskView {
        let mut files: Vec<&Arc<IncidentFile>> = self.state.incidents.values().rev().collect();
        files.retain(|f| !f.incident.status.is_over() && self.sees(f));
        let desk = self.is_desk();
        let mut view = self.empty_desk(seq);
        view.incidents = files.iter().map(|f| self.brief(f)).collect();
        for file in &files {
            view.orders.extend(self.orders_where(file, |o| !desk || is_failure(o)));
            view.stand_bys.extend(
                self.stand_bys(file).into_iter().filter(|s| !s.lifted && (!desk || s.confirmed.is_none())),
            );
            view.filings.extend(self.filings(file).into_iter().filter(|f| !desk || f.signed.is_none()));
            view.notices.extend(self.notices(file).into_iter().filter(|n| !desk || n.acknowledged.is_none()));
            view.letters.extend(self.letters(file).into_iter().filter(|l| !desk || l.answer.is_none()));
            view.town_calls
                .extend(self.town_calls(file).into_iter().filter(|c| !desk || c.answered.is_none()));
            view.instructions.extend(self.instructions(file).into_iter().filter(|i| !i.done));
            view.reports.extend(self.reports(file));
        }
        let mut unsettled: Vec<&Arc<IncidentFile>> = self.state.unsettled.values().rev().collect();
        unsettled.retain(|f| self.sees(f));
        for file in &unsettled {
            self.fill_with_papers(&mut view, file);
        }
        if desk {
            self.fill_for_desk(&mut view, &files);
            view.deadlines.extend(unsettled.iter().flat_map(|file| self.deadlines(file)));
            view.deadlines.sort_by(|a, b| a.due.as_str().cmp(b.due.as_str()));
            view.deadlines.truncate(DEADLINES_SHOWN);
        }
        view
    }

    /// The papers that an incident which is over still owes.
    fn fill_with_papers(&self, view: &mut DeskView, file: &IncidentFile) {
        let to_return = |o: &Order| o.step == OrderStep::Released && (!self.is_desk() || is_failure(o));
        view.orders.extend(self.orders_where(file, to_return));
        view.filings.extend(self.filings(file).into_iter().filter(|f| f.signed.is_none()));
    }

    fn fill_for_desk(&self, view: &mut DeskView, files: &[&Arc<IncidentFile>]) {
        for file in files {
            let plans = file.dispatch.plans.values().filter(|p| self.waits_here(p));
            view.approvals.extend(plans.map(|p| self.plan(file, p)));
            let open = self.withdrawals(file).into_iter().filter(|w| !w.waiting.is_empty());
            view.withdrawals.extend(open.map(|withdrawal| DeskWithdrawal {
                incident: file.incident.id.to_string(),
                incident_number: file.incident.number.clone(),
                drill: file.incident.drill,
                withdrawal,
            }));
            view.reinforcements.extend(self.reinforcements(file));
            view.deadlines.extend(self.deadlines(file));
        }
        if self.actor.role.is_brigade() {
            let closed = self.state.archive.values().rev();
            let waits = closed.filter(|s| s.status == domain::incident::Status::Closed && !s.reviewed);
            view.to_review = waits.take(20).map(|s| self.brief_archived(s)).collect();
        }
    }

    fn waits_here(&self, plan: &domain::dispatch::Plan) -> bool {
        let written = plan.approval.as_ref().map(|a| a.written);
        match plan.status {
            PlanStatus::Submitted => true,
            PlanStatus::Draft | PlanStatus::SentBack => self.actor.role.is_brigade(),
            PlanStatus::Approved | PlanStatus::PartlyApproved => {
                matches!(written, Some(Written::Due | Written::Overdue))
            }
            PlanStatus::Withdrawn => false,
        }
    }

    fn empty_desk(&self, seq: &str) -> DeskView {
        DeskView {
            role: self.actor.role,
            me: self.actor.position.clone(),
            now: self.moment(self.now),
            seq: seq.to_owned(),
            incidents: Vec::new(),
            approvals: Vec::new(),
            orders: Vec::new(),
            stand_bys: Vec::new(),
            filings: Vec::new(),
            notices: Vec::new(),
            letters: Vec::new(),
            town_calls: Vec::new(),
            reports: Vec::new(),
            instructions: Vec::new(),
            withdrawals: Vec::new(),
            reinforcements: Vec::new(),
            deadlines: Vec::new(),
            duty: self.on_duty_here(),
            to_review: Vec::new(),
        }
    }

    fn on_duty_here(&self) -> Option<OnDutyView> {
        let owner = self.actor.force.as_ref().map_or_else(|| self.actor.org.as_str(), |f| f.as_str());
        let on = self.state.duty.on_duty_of(owner, self.now)?;
        let desk = desk_of(self.actor.role);
        let shift = desk.and_then(|d| self.state.duty.shifts.get(&d));
        Some(OnDutyView {
            officer: shift.map_or(on.officer, |s| s.officer.clone()),
            leader: on.leader,
            since: shift.map(|s| self.moment(s.since)),
        })
    }
}

/// The desk whose shift a role hands over.
pub fn desk_of(role: Role) -> Option<DeskKind> {
    match role {
        Role::Dispatcher | Role::Commander => Some(DeskKind::Brigade),
        Role::Bureau | Role::ShiftLeader | Role::Deputy => Some(DeskKind::Bureau),
        Role::Govt => Some(DeskKind::Govt),
        _ => None,
    }
}

fn is_failure(order: &Order) -> bool {
    order.overdue.is_some() || order.step == OrderStep::Declined
}
