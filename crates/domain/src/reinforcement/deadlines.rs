//! What is due from the superior (Plan 4.1.4): an answer to each request.

use ulid::Ulid;

use super::event::ReinforcementOverdue;
use crate::event::Event;
use crate::readiness::{Deadline, DeadlineKind};
use crate::state::IncidentFile;
use crate::types::ids::Fresh;
use crate::types::{ReinforcementId, Time};

/// What is due and has not been marked as missed.
pub fn deadlines(file: &IncidentFile) -> Vec<Deadline> {
    let (incident, kind) = (file.incident.id, DeadlineKind::ReinforcementAnswer);
    if file.incident.status.is_over() {
        return Vec::new();
    }
    let waiting = file.reinforcement.requests.values().filter(|r| r.answer.is_none() && !r.overdue);
    waiting.map(|r| Deadline { due: r.answer_due, kind, subject: r.id.ulid(), incident }).collect()
}

/// The event that marks a deadline as missed; `None` where it is met, marked before or not due yet.
pub fn missed(file: &IncidentFile, now: Time, kind: DeadlineKind, subject: Ulid) -> Option<Event> {
    let deadline =
        deadlines(file).into_iter().find(|d| d.kind == kind && d.subject == subject && d.due <= now)?;
    let reinforcement = ReinforcementId::from_ulid(subject);
    Some(ReinforcementOverdue { reinforcement, due: deadline.due }.into())
}
