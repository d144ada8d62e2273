//! What is due in an incident: answers of towns, feedback on instructions.

use ulid::Ulid;

use super::{InstructionFeedbackMissed, TownAnswerMissed};
use crate::event::Event;
use crate::readiness::{Deadline, DeadlineKind};
use crate::state::IncidentFile;
use crate::types::ids::Fresh;
use crate::types::{InstructionId, Time, TownCallId};

/// What is due and not yet marked as missed.
pub fn deadlines(file: &IncidentFile) -> Vec<Deadline> {
    let incident = &file.incident;
    if incident.status.is_over() {
        return Vec::new();
    }
    let due = |kind, subject: Ulid, due| Deadline { due, kind, subject, incident: incident.id };
    let calls = incident.town_calls.iter().filter(|(_, call)| call.answered.is_none() && !call.overdue);
    let calls = calls.map(|(id, call)| due(DeadlineKind::TownAnswer, id.ulid(), call.due));
    let open = incident.instructions.iter().filter(|(_, known)| !known.is_done() && !known.overdue);
    let open = open.map(|(id, known)| due(DeadlineKind::InstructionFeedback, id.ulid(), known.due));
    calls.chain(open).collect()
}

/// What follows when one of them has passed; `None` where it no longer matters.
pub fn missed(file: &IncidentFile, now: Time, kind: DeadlineKind, subject: Ulid) -> Option<Event> {
    let found = deadlines(file).into_iter().find(|d| d.kind == kind && d.subject == subject)?;
    if found.due > now {
        return None;
    }
    let (due, at) = (found.due, now);
    match kind {
        DeadlineKind::TownAnswer => {
            Some(TownAnswerMissed { town_call: TownCallId::from_ulid(subject), due, at }.into())
        }
        DeadlineKind::InstructionFeedback => {
            let instruction = InstructionId::from_ulid(subject);
            Some(InstructionFeedbackMissed { instruction, due, at }.into())
        }
        _ => None,
    }
}
