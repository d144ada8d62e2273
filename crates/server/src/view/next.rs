//! The one next step of a desk: its largest button. It suggests, it decides nothing.

use domain::IncidentFile;
use domain::act::ActKind;
use domain::authority::Role;
use domain::command_post::Holder;
use domain::dispatch::{OrderStep, Plan, PlanStatus, Written, gives, revise_plan, standing, submit_plan};
use domain::incident::Status;
use domain::report::Stage;

use super::Viewer;
use super::brief::NextStep;

impl Viewer<'_> {
    /// The next step for whoever looks, where he has one.
    pub fn next_step(&self, file: &IncidentFile) -> Option<NextStep> {
        let role = self.actor.role;
        let act = if role.is_brigade() {
            self.next_of_brigade(file)
        } else if role.is_bureau() {
            next_of_bureau(file)
        } else if role == Role::Post {
            next_of_post(file)
        } else {
            None
        };
        act.filter(|act| self.has_grant(*act)).map(|act| self.step(act))
    }

    fn next_of_brigade(&self, file: &IncidentFile) -> Option<ActKind> {
        let (i, d) = (&file.incident, &file.dispatch);
        let commands = file.command.is_commanded_by(self.actor.role);
        let briefing_due = file.command.post.as_ref().is_some_and(|p| p.briefing.is_none());
        let draft = d.plans.values().find_map(|plan| self.next_of_plan(file, plan));
        let waiting = d.plans.values().any(|p| p.status == PlanStatus::Submitted);
        let act = match i.status {
            Status::Reported => ActKind::VerifyCall,
            _ if i.hazard.is_none() || i.grade.is_none() => ActKind::ClassifyIncident,
            _ if commands && d.orders.is_empty() => ActKind::OrderFirstResponse,
            _ if briefing_due => ActKind::HandInBriefing,
            _ if d.notices.is_empty() => ActKind::SendLinkageNotices,
            _ if let Some(next) = draft => next,
            Status::Verified | Status::Responding
                if commands && !waiting && (self.is_short(file) || self.wants_supplement(file)) =>
            {
                ActKind::DraftPlan
            }
            Status::Verified | Status::Responding if !file.report.has(Stage::First) => ActKind::FileReport,
            // The answer to a plan is awaited: nothing is pressed meanwhile.
            Status::Verified | Status::Responding if waiting || !commands => return None,
            Status::Verified | Status::Responding => ActKind::ControlIncident,
            Status::Controlled if d.orders.values().any(|o| o.step.is_running()) => ActKind::ReleaseOrder,
            Status::Controlled if !file.report.has(Stage::Final) => ActKind::FileReport,
            Status::Controlled => ActKind::CloseIncident,
            Status::Closed if file.review.as_ref().is_none_or(|r| r.revision == 0) => ActKind::WriteReview,
            Status::Closed | Status::FalseAlarm | Status::Merged => return None,
        };
        Some(act)
    }

    /// What this side does next with a plan that does not lie before the bureau: revises it where it was sent back, or
    /// where it would no longer go out as its own, or else submits it.
    fn next_of_plan(&self, file: &IncidentFile, plan: &Plan) -> Option<ActKind> {
        let role = self.actor.role;
        if submit_plan::allow(file, plan, role).is_ok() {
            return Some(ActKind::SubmitPlan);
        }
        let posted = file.command.holder == Holder::Post;
        let may_revise = revise_plan::allow(self.state, file, plan, role, posted).is_ok();
        may_revise.then_some(ActKind::RevisePlan)
    }

    /// Does the composition ask for more than is ordered or planned, and is it to be had here?
    pub fn is_short(&self, file: &IncidentFile) -> bool {
        self.missing_slots(file, None).iter().any(|m| !m.known_gap)
    }

    /// What the composition asks for beyond what stands, a given plan counted in.
    pub fn missing_slots(&self, file: &IncidentFile, plan: Option<&Plan>) -> Vec<MissingSlot> {
        let i = &file.incident;
        let composition = i.hazard.as_deref().zip(i.grade);
        let Some(composition) = composition.and_then(|(h, g)| self.state.composition.find(h, g)) else {
            return Vec::new();
        };
        let missing = composition.slots.iter().filter_map(|slot| {
            let tasks = plan.iter().flat_map(|p| &p.tasks);
            let planned = tasks.map(|t| gives(self.state, &t.force, t.slot.as_deref(), t.quantity, slot));
            let have = planned.fold(standing(self.state, file, slot), u32::saturating_add);
            let missing = slot.quantity.saturating_sub(have);
            (missing > 0).then(|| MissingSlot {
                capability: slot.capability.clone(),
                missing,
                asked: slot.quantity,
                known_gap: slot.known_gap,
            })
        });
        missing.collect()
    }
}

/// A need that is not met.
#[derive(Debug, Clone)]
pub struct MissingSlot {
    /// Capability code.
    pub capability: String,
    /// How much is missing.
    pub missing: u32,
    /// How much is asked.
    pub asked: u32,
    /// Nobody here has it.
    pub known_gap: bool,
}

/// The post commands until the end; closing is the brigade's.
fn next_of_post(file: &IncidentFile) -> Option<ActKind> {
    let there = || file.dispatch.orders.values().any(|o| o.step.is_running() && o.step >= OrderStep::Arrived);
    match file.incident.status {
        _ if file.command.holder != Holder::Post => None,
        Status::Verified | Status::Responding if there() => Some(ActKind::ControlIncident),
        Status::Controlled if there() => Some(ActKind::ReleaseOrder),
        _ => None,
    }
}

fn next_of_bureau(file: &IncidentFile) -> Option<ActKind> {
    let plans = || file.dispatch.plans.values();
    let written =
        |p: &Plan| p.approval.as_ref().is_some_and(|a| matches!(a.written, Written::Due | Written::Overdue));
    let i = &file.incident;
    let uncounted = i.casualties.as_ref().is_some_and(|c| c.confirmed.is_none());
    if plans().any(|p| p.status == PlanStatus::Submitted) {
        Some(ActKind::ApprovePlan)
    } else if plans().any(|p| written(p)) {
        Some(ActKind::ConfirmInWriting)
    } else if uncounted {
        Some(ActKind::ConfirmCasualties)
    } else if i.severity.is_none() && i.status != Status::Reported {
        Some(ActKind::GradeSeverity)
    } else if file.dispatch.orders.values().any(|o| o.step >= OrderStep::Arrived)
        && file.report.situation.is_empty()
    {
        Some(ActKind::CompileSituationReport)
    } else {
        None
    }
}
