//! Who is on duty, and the shift hand-over sheet that writes itself (Plan 4.2.3).

use domain::duty::DeskKind;
use domain::types::{OrgId, Text, Time};
use schemars::JsonSchema;
use serde::Serialize;

use super::brief::IncidentBrief;
use super::dispatch::PlanView;
use super::incident::{DeadlineView, InstructionView};
use super::order::OrderView;
use super::{Moment, Ref, Viewer};

/// Who is on duty at one organisation.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DutyView {
    /// The organisation.
    pub org: Ref,
    /// 值班员
    pub officer: Text,
    /// 带班领导
    pub leader: Text,
    /// Who is asked after him, in order.
    pub deputies: Vec<Text>,
}

/// The sheet that a shift is handed over with.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ShiftSheet {
    /// Which desk.
    pub desk: DeskKind,
    /// Who has it.
    pub officer: Text,
    /// Since when.
    pub since: Option<Moment>,
    /// Who is next by the duty list.
    pub next_officer: Option<Text>,
    /// As of.
    pub as_of: Moment,
    /// Open incidents.
    pub incidents: Vec<IncidentBrief>,
    /// Forces out.
    pub forces_out: Vec<OrderView>,
    /// Instructions that are not finished.
    pub instructions: Vec<InstructionView>,
    /// Plans that wait.
    pub plans: Vec<PlanView>,
    /// What is due.
    pub deadlines: Vec<DeadlineView>,
}

/// A day: the next shift begins within it.
const DAY_S: i64 = 86_400;

impl Viewer<'_> {
    /// Who is on duty at a moment, organisation by organisation.
    pub fn duty_at(&self, at: Time) -> Vec<DutyView> {
        let orgs = self.state.org.orgs.values().filter_map(|org| {
            let on = self.state.duty.on_duty(&org.id, at)?;
            Some(DutyView {
                org: Ref { id: org.id.to_string(), name: org.short.clone() },
                officer: on.officer,
                leader: on.leader,
                deputies: self.state.duty.deputies(&org.id, at),
            })
        });
        orgs.collect()
    }

    /// The sheet of a desk, from what is known now.
    pub fn shift_sheet(&self, desk: DeskKind) -> ShiftSheet {
        let org = self.org_of_desk(desk);
        let on = |at| org.as_ref().and_then(|o| self.state.duty.on_duty(o, at)).map(|d| d.officer);
        let shift = self.state.duty.shifts.get(&desk);
        let files: Vec<_> = self.state.incidents.values().filter(|f| !f.incident.status.is_over()).collect();
        let orders = files.iter().flat_map(|f| self.orders_where(f, |o| o.step.is_running()));
        let plans = files.iter().flat_map(|f| {
            let open = f.dispatch.plans.values().filter(|p| p.status.is_open());
            open.map(|p| self.plan(f, p))
        });
        let mut deadlines: Vec<DeadlineView> = files.iter().flat_map(|f| self.deadlines(f)).collect();
        deadlines.sort_by(|a, b| a.due.as_str().cmp(b.due.as_str()));
        ShiftSheet {
            desk,
            officer: shift.map(|s| s.officer.clone()).or_else(|| on(self.now)).unwrap_or_default(),
            since: shift.map(|s| self.moment(s.since)),
            next_officer: on(self.now.plus_s(DAY_S)),
            as_of: self.moment(self.now),
            incidents: files.iter().map(|f| self.brief(f)).collect(),
            forces_out: orders.collect(),
            instructions: files.iter().flat_map(|f| self.instructions(f)).filter(|i| !i.done).collect(),
            plans: plans.collect(),
            deadlines,
        }
    }

    fn org_of_desk(&self, desk: DeskKind) -> Option<OrgId> {
        let offices = self.state.jurisdiction.offices.as_ref()?;
        Some(match desk {
            DeskKind::Brigade => offices.brigade.clone(),
            DeskKind::Bureau => offices.bureau.clone(),
            DeskKind::Govt => offices.duty_office.clone(),
        })
    }
}
