//! The review is due after the close, Plan 4.3.3.

use ulid::Ulid;

use super::Missed;
use crate::event::Event;
use crate::incident::IncidentSummary;
use crate::readiness::{Deadline, DeadlineKind};
use crate::state::IncidentFile;
use crate::types::Time;
use crate::types::ids::Fresh;

/// What is due and not yet marked as missed, by the whole file.
pub fn deadlines(file: &IncidentFile) -> Vec<Deadline> {
    deadline_of(&IncidentSummary::of(file)).into_iter().collect()
}

/// The same by the summary: incidents that are over are known by nothing else.
pub fn deadline_of(brief: &IncidentSummary) -> Option<Deadline> {
    let due = brief.review_due.filter(|_| !brief.reviewed && !brief.review_overdue)?;
    Some(Deadline { due, kind: DeadlineKind::ReviewDue, subject: brief.id.ulid(), incident: brief.id })
}

/// What follows when it has passed; `None` where it no longer matters.
pub fn missed(file: &IncidentFile, now: Time, kind: DeadlineKind, subject: Ulid) -> Option<Event> {
    let found = deadlines(file).into_iter().find(|d| d.kind == kind && d.subject == subject)?;
    (found.due <= now).then(|| Missed { due: found.due, at: now }.into())
}
