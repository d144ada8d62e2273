//! What is due in the command of an incident: answers to a withdrawal, the brigade's briefing (Plan 4.1.5).

use std::sync::Arc;

use ulid::Ulid;

use super::event::{BriefingOverdue, WithdrawalOverdue};
use super::state::{Holder, Withdrawal};
use crate::event::Event;
use crate::readiness::{Deadline, DeadlineKind};
use crate::state::IncidentFile;
use crate::types::Time;
use crate::types::ids::Fresh;

/// What is due and has not been marked as missed.
pub fn deadlines(file: &IncidentFile) -> Vec<Deadline> {
    let incident = file.incident.id;
    let command = &file.command;
    if file.incident.status.is_over() {
        return Vec::new();
    }
    let mut due: Vec<Deadline> = command
        .withdrawals
        .values()
        .filter(|w| awaits(w))
        .map(|w| Deadline {
            due: w.due,
            kind: DeadlineKind::WithdrawalConfirm,
            subject: w.id.ulid(),
            incident,
        })
        .collect();
    if let Some(post) = &command.post
        && command.holder == Holder::Post
        && post.briefing.is_none()
        && !post.briefing_overdue
    {
        let kind = DeadlineKind::BriefingDue;
        due.push(Deadline { due: post.briefing_due, kind, subject: incident.ulid(), incident });
    }
    due
}

/// The event that marks a deadline as missed; `None` where it is met, marked before or not due yet.
pub fn missed(file: &IncidentFile, now: Time, kind: DeadlineKind, subject: Ulid) -> Option<Event> {
    let deadline =
        deadlines(file).into_iter().find(|d| d.kind == kind && d.subject == subject && d.due <= now)?;
    if kind == DeadlineKind::BriefingDue {
        return Some(BriefingOverdue { due: deadline.due }.into());
    }
    let withdrawal = file.command.withdrawals.values().map(Arc::as_ref).find(|w| w.id.ulid() == subject)?;
    let waiting = withdrawal.waiting().collect();
    Some(WithdrawalOverdue { withdrawal: withdrawal.id, due: withdrawal.due, waiting }.into())
}

fn awaits(withdrawal: &Withdrawal) -> bool {
    !withdrawal.overdue && !withdrawal.is_confirmed()
}
