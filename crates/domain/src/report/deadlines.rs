//! What is due in reporting, Plan 4.3.1: the first report, follow-ups while it lasts, the final one, their reading; the
//! next situation report, Plan 4.1.5.

use ulid::Ulid;

use super::state::Stage;
use super::{Missed, SituationMissed, Unread};
use crate::event::Event;
use crate::readiness::{Deadline, DeadlineKind};
use crate::state::IncidentFile;
use crate::types::ids::Fresh;
use crate::types::{ReportId, Time};

/// The report that is due next and until when, whether or not that time has passed.
pub fn next_due(file: &IncidentFile) -> Option<(Stage, Time)> {
    let (incident, reports) = (&file.incident, &file.report);
    if incident.status.is_over() || reports.has(Stage::Final) {
        return None;
    }
    if !reports.has(Stage::First) {
        return Some((Stage::First, incident.first_report_due));
    }
    match incident.final_report_due {
        Some(due) => Some((Stage::Final, due)),
        None => reports.next_due.map(|due| (Stage::FollowUp, due)),
    }
}

/// What is due and not yet marked as missed.
pub fn deadlines(file: &IncidentFile) -> Vec<Deadline> {
    let incident = &file.incident;
    if incident.status.is_over() {
        return Vec::new();
    }
    let due = |kind, subject: Ulid, due| Deadline { due, kind, subject, incident: incident.id };
    let next = next_due(file).filter(|next| !file.report.missed.contains(next));
    let next = next.map(|(stage, until)| due(kind_of(stage), incident.id.ulid(), until));
    let reports = file.report.reports.iter().filter(|(_, report)| !report.is_read() && !report.unread);
    let unread = reports.map(|(id, report)| due(DeadlineKind::ReportRead, id.ulid(), report.read_due));
    // Once it is controlled, there is no situation to follow.
    let situation = file.report.situation_due.filter(|_| incident.controlled.is_none());
    let situation = situation.map(|until| due(DeadlineKind::SituationReport, incident.id.ulid(), until));
    next.into_iter().chain(unread).chain(situation).collect()
}

/// What follows when one of them has passed; `None` where it no longer matters.
pub fn missed(file: &IncidentFile, now: Time, kind: DeadlineKind, subject: Ulid) -> Option<Event> {
    let found = deadlines(file).into_iter().find(|d| d.kind == kind && d.subject == subject)?;
    if found.due > now {
        return None;
    }
    let (due, at) = (found.due, now);
    let stage = match kind {
        DeadlineKind::FirstReport => Stage::First,
        DeadlineKind::FollowUpReport => Stage::FollowUp,
        DeadlineKind::FinalReport => Stage::Final,
        DeadlineKind::ReportRead => {
            return Some(Unread { report: ReportId::from_ulid(subject), due, at }.into());
        }
        DeadlineKind::SituationReport => return Some(SituationMissed { due, at }.into()),
        _ => return None,
    };
    Some(Missed { stage, due, at }.into())
}

fn kind_of(stage: Stage) -> DeadlineKind {
    match stage {
        Stage::First => DeadlineKind::FirstReport,
        Stage::FollowUp => DeadlineKind::FollowUpReport,
        Stage::Final => DeadlineKind::FinalReport,
    }
}
