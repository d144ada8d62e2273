//! What stays of an incident in memory when it is over, and what lists show of an open one.

use serde::{Deserialize, Serialize};

use super::state::{SeverityGrade, Status};
use crate::event::Event;
use crate::state::IncidentFile;
use crate::types::{IncidentId, Place, Text, Time};

/// How many orders an incident had, and how far they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCounts {
    /// All.
    pub total: u32,
    /// Still running.
    pub running: u32,
}

/// An incident in brief.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IncidentSummary {
    /// Its id.
    pub id: IncidentId,
    /// Its number.
    pub number: Text,
    /// 演练
    pub drill: bool,
    /// How far it is.
    pub status: Status,
    /// Hazard code.
    pub hazard: Option<Text>,
    /// Dispatch grade.
    pub grade: Option<u8>,
    /// Severity.
    pub severity: Option<SeverityGrade>,
    /// Where.
    pub place: Place,
    /// When it was recorded.
    pub opened_at: Time,
    /// When the first call was received.
    pub received_at: Time,
    /// When it was under control.
    pub controlled_at: Option<Time>,
    /// When it was closed.
    pub closed_at: Option<Time>,
    /// Which incident it was the same as.
    pub merged_into: Option<IncidentId>,
    /// People trapped, as told.
    pub trapped: Option<u32>,
    /// The substance.
    pub substance: Option<Text>,
    /// Calls.
    pub calls: u32,
    /// Orders.
    pub orders: OrderCounts,
    /// Until when the review is due; `None` where none is owed.
    pub review_due: Option<Time>,
    /// The review is written.
    pub reviewed: bool,
    /// The review was not written in time, and that was recorded.
    pub review_overdue: bool,
}

impl IncidentSummary {
    /// The brief of a whole file.
    pub fn of(file: &IncidentFile) -> Self {
        let incident = &file.incident;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let orders = file.dispatch.orders.values();
        Self {
            id: incident.id,
            number: incident.number.clone(),
            drill: incident.drill,
            status: incident.status,
            hazard: incident.hazard.clone(),
            grade: incident.grade,
            severity: incident.severity,
            place: incident.place.clone(),
            opened_at: incident.opened_at,
            received_at: incident.received_at(),
            controlled_at: incident.controlled.as_ref().map(|by| by.at),
            closed_at: incident.closed.as_ref().map(|mark| mark.by.at),
            merged_into: incident.merged_into,
            trapped: incident.trapped,
            substance: incident.substance.clone(),
            calls: incident.calls_total,
            orders: OrderCounts {
                total: count(file.dispatch.orders.len()),
                running: count(orders.filter(|o| o.step.is_running()).count()),
            },
            review_due: incident.closed.as_ref().map(|mark| mark.review_due),
            reviewed: file.review.as_ref().is_some_and(|review| review.revision > 0),
            review_overdue: file.review.as_ref().is_some_and(|review| review.overdue),
        }
    }

    /// Folds an event that came after the incident was over.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Review(crate::review::Event::Written(_)) => self.reviewed = true,
            Event::Review(crate::review::Event::Missed(_)) => self.review_overdue = true,
            _ => {}
        }
    }
}
