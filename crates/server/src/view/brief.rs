//! An incident and a force in brief: what lists, pickers and orders show of them.

use domain::act::{ActKind, Target};
use domain::dispatch::{OrderStep, PlanStatus};
use domain::incident::{IncidentSummary, SeverityGrade, Status};
use domain::ledger::{Force, ForceKind, Mark};
use domain::types::{Place, Text, Time};
use domain::{IncidentFile, labels};
use schemars::JsonSchema;
use serde::Serialize;

use super::delivery::unreached;
use super::{Moment, PlaceView, Ref, Viewer};

/// A code with its name.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CodeName {
    /// Stable code.
    pub code: Text,
    /// Its name.
    pub name: Text,
}

/// How the orders of an incident stand.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct OrderCountsView {
    /// All.
    pub total: usize,
    /// Not answered yet.
    pub waiting: usize,
    /// Answered or on the way.
    pub under_way: usize,
    /// On scene.
    pub on_scene: usize,
    /// Cannot come.
    pub declined: usize,
    /// Late.
    pub overdue: usize,
}

/// Who commands.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HolderView {
    /// Brigade, post or superior.
    pub holder: domain::command_post::Holder,
    /// Its name.
    pub name: Text,
}

/// The one next step.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NextStep {
    /// Which act.
    pub act: ActKind,
    /// In words.
    pub text: Text,
    /// Its clause.
    pub clause: &'static str,
}

/// An incident in a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IncidentBrief {
    /// Its id.
    pub id: Text,
    /// Its number.
    pub number: Text,
    /// 演练
    pub drill: bool,
    /// How far it is.
    pub status: Status,
    /// Hazard.
    pub hazard: Option<CodeName>,
    /// Dispatch grade.
    pub grade: Option<u8>,
    /// Severity.
    pub severity: Option<SeverityGrade>,
    /// Where.
    pub place: PlaceView,
    /// When the call was received.
    pub opened_at: Moment,
    /// People trapped, as told.
    pub trapped: Option<u32>,
    /// The substance.
    pub substance: Option<Text>,
    /// Calls about it.
    pub calls: u32,
    /// Its orders.
    pub orders: OrderCountsView,
    /// What is short of what the orders ask for, one line a capability; for desks.
    pub short: Vec<Text>,
    /// What could not be told by any way, and is not answered: somebody has to telephone; for desks.
    pub unreached: usize,
    /// Plans that wait for an answer.
    pub plans_waiting: usize,
    /// Who commands; absent when it is over.
    pub command: Option<HolderView>,
    /// The one next step of this desk.
    pub next: Option<NextStep>,
    /// What it was merged into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<Text>,
    /// Is the review written?
    pub reviewed: bool,
    /// How far it is from the place asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<u32>,
    /// How many minutes apart the calls are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<i64>,
}

/// Where a force is bound already.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EngagedView {
    /// The incident.
    pub incident: Text,
    /// Its number.
    pub number: Text,
    /// How far its order is.
    pub step: OrderStep,
}

/// Something to know about a force.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MarkView {
    /// Stable code.
    pub code: Mark,
    /// In words.
    pub text: Text,
}

/// A force wherever it can be chosen.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ForceBrief {
    /// Its id.
    pub id: Text,
    /// Its name.
    pub name: Text,
    /// One of four kinds.
    pub kind: ForceKind,
    /// Its type.
    #[serde(rename = "type")]
    pub force_type: Text,
    /// Its organisation.
    pub org: Ref,
    /// Its town.
    pub town: Ref,
    /// Its base.
    pub point: domain::types::Point,
    /// People.
    pub strength: u16,
    /// Call sign.
    pub call_sign: Text,
    /// Bound elsewhere.
    pub engaged: Option<EngagedView>,
    /// What to know.
    pub marks: Vec<MarkView>,
}

impl Viewer<'_> {
    /// A hazard with its name.
    pub fn hazard(&self, code: &str) -> CodeName {
        let known = self.state.jurisdiction.hazard(code).ok();
        let name = known.map_or(code, |h| self.lang.pick(&h.name_zh, &h.name_en));
        CodeName { code: code.to_owned(), name: name.to_owned() }
    }

    /// An open incident in brief.
    pub fn brief(&self, file: &IncidentFile) -> IncidentBrief {
        let i = &file.incident;
        let head = Head {
            id: i.id.to_string(),
            number: &i.number,
            drill: i.drill,
            status: i.status,
            hazard: i.hazard.as_deref(),
            grade: i.grade,
            severity: i.severity,
            place: &i.place,
            received_at: i.received_at(),
            trapped: i.trapped,
            substance: i.substance.as_ref(),
            calls: i.calls_total,
        };
        let mut brief = self.brief_of(head);
        brief.orders = order_counts(file);
        if self.is_desk() {
            brief.short = self.short_lines(file);
            brief.unreached = unreached(file);
        }
        brief.plans_waiting =
            file.dispatch.plans.values().filter(|p| p.status == PlanStatus::Submitted).count();
        brief.command = Some(HolderView { holder: file.command.holder, name: file.command.holder_name() });
        brief.next = self.next_step(file);
        brief.merged_into = i.merged_into.map(|id| id.to_string());
        brief.reviewed = file.review.as_ref().is_some_and(|r| r.revision > 0);
        brief
    }

    /// An incident that is over, in brief.
    pub fn brief_archived(&self, s: &IncidentSummary) -> IncidentBrief {
        let head = Head {
            id: s.id.to_string(),
            number: &s.number,
            drill: s.drill,
            status: s.status,
            hazard: s.hazard.as_deref(),
            grade: s.grade,
            severity: s.severity,
            place: &s.place,
            received_at: s.received_at,
            trapped: s.trapped,
            substance: s.substance.as_ref(),
            calls: s.calls,
        };
        let mut brief = self.brief_of(head);
        brief.orders.total = s.orders.total as usize;
        brief.reviewed = s.reviewed;
        brief.merged_into = s.merged_into.map(|id| id.to_string());
        if s.status == Status::Closed && !s.reviewed && self.actor.role.is_brigade() {
            brief.next = Some(self.step(ActKind::WriteReview));
        }
        brief
    }

    fn brief_of(&self, head: Head<'_>) -> IncidentBrief {
        IncidentBrief {
            id: head.id,
            number: head.number.clone(),
            drill: head.drill,
            status: head.status,
            hazard: head.hazard.map(|code| self.hazard(code)),
            grade: head.grade,
            severity: head.severity,
            place: self.place(head.place),
            opened_at: self.moment(head.received_at),
            trapped: head.trapped,
            substance: head.substance.cloned(),
            calls: head.calls,
            orders: OrderCountsView::default(),
            short: Vec::new(),
            unreached: 0,
            plans_waiting: 0,
            command: None,
            next: None,
            merged_into: None,
            reviewed: false,
            distance_m: None,
            minutes: None,
        }
    }

    /// A force in brief; `here` is the incident it is looked at for, whose own orders are no mark.
    pub fn force_brief(&self, force: &Force, here: Option<domain::types::IncidentId>) -> ForceBrief {
        let elsewhere = self
            .state
            .engaged
            .get(&force.id)
            .and_then(|list| list.iter().find(|e| Some(e.incident) != here).cloned());
        let engaged = elsewhere.map(|e| EngagedView {
            incident: e.incident.to_string(),
            number: self.state.hot(e.incident).map(|f| f.incident.number.clone()).unwrap_or_default(),
            step: e.step,
        });
        let mut marks = force.marks(self.now);
        if engaged.is_some() {
            marks.insert(0, Mark::Engaged);
        }
        if self.state.duty.on_duty_of(force.id.as_str(), self.now).is_none() {
            marks.push(Mark::OffDuty);
        }
        ForceBrief {
            id: force.id.to_string(),
            name: force.short.clone(),
            kind: force.kind,
            force_type: force.force_type.clone(),
            org: self.org(&force.org),
            town: self.town(&force.town),
            point: force.point,
            strength: force.strength,
            call_sign: force.call_sign.clone(),
            engaged,
            marks: marks.into_iter().map(|code| self.mark(code)).collect(),
        }
    }

    /// A force by its id, as far as the ledger still knows it.
    pub fn force_brief_by_id(
        &self,
        id: &domain::types::ForceId,
        here: Option<domain::types::IncidentId>,
    ) -> Option<ForceBrief> {
        self.state.ledger.forces.get(id).map(|f| self.force_brief(f, here))
    }

    /// A mark in words.
    pub fn mark(&self, code: Mark) -> MarkView {
        MarkView { code, text: code.label(self.lang).to_owned() }
    }

    /// A step in words.
    pub fn step(&self, act: ActKind) -> NextStep {
        NextStep { act, text: self.label(act), clause: domain::authority::row_of(act).clause }
    }

    /// A status in words.
    pub fn status_text(&self, code: &str) -> Text {
        labels::status(code, self.lang)
    }

    /// The target that an incident is.
    pub fn target(file: &IncidentFile) -> Target {
        Target::Incident(file.incident.id)
    }
}

/// What an open and an archived incident have in common.
struct Head<'a> {
    id: Text,
    number: &'a Text,
    drill: bool,
    status: Status,
    hazard: Option<&'a str>,
    grade: Option<u8>,
    severity: Option<SeverityGrade>,
    place: &'a Place,
    received_at: Time,
    trapped: Option<u32>,
    substance: Option<&'a Text>,
    calls: u32,
}

fn order_counts(file: &IncidentFile) -> OrderCountsView {
    let mut counts = OrderCountsView::default();
    for order in file.dispatch.orders.values() {
        counts.total += 1;
        match order.step {
            OrderStep::Issued | OrderStep::Received => counts.waiting += 1,
            OrderStep::Acknowledged | OrderStep::Departed => counts.under_way += 1,
            OrderStep::Arrived | OrderStep::Deployed => counts.on_scene += 1,
            OrderStep::Declined => counts.declined += 1,
            OrderStep::Released | OrderStep::Returned | OrderStep::Cancelled => {}
        }
        if order.overdue.is_some() && order.step.is_running() {
            counts.overdue += 1;
        }
    }
    counts
}
