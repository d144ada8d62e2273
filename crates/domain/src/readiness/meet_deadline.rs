//! The clock finds that a deadline has passed. It is decided again on the state of that moment: a timer armed for an
//! older state changes nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::{DeadlineKind, deadlines};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::event::Event;
use crate::refusal::Refusal;
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Time};

/// A deadline was reached; its idempotency key is made of these fields.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeetDeadline {
    /// In which incident.
    pub incident: IncidentId,
    /// What was due.
    pub kind: DeadlineKind,
    /// Of which thing.
    pub subject: Ulid,
    /// When it was due.
    pub due: Time,
}

rule!(MeetDeadline, meet_deadline, |a| Target::Incident(a.incident));

/// Marks it as missed, once, if it still is.
pub fn meet_deadline(state: &State, ctx: &mut Context, act: MeetDeadline) -> Result<Decision, Refusal> {
    let file = state.incident(act.incident)?;
    let still_due = deadlines(file)
        .into_iter()
        .any(|d| d.kind == act.kind && d.subject == act.subject && d.due == act.due && d.due <= ctx.now);
    let stale = Refusal::AlreadyDone { act: ActKind::MeetDeadline };
    if !still_due {
        return Err(stale);
    }
    let event = missed(state, ctx, file, act.kind, act.subject).ok_or(stale)?;
    Ok(Decision::about(Resource::of("deadline", act.subject, act.incident)).then(act.incident, event))
}

fn missed(
    state: &State,
    ctx: &Context,
    file: &IncidentFile,
    kind: DeadlineKind,
    subject: Ulid,
) -> Option<Event> {
    use DeadlineKind as D;
    match kind {
        D::OrderStep
        | D::PlanAnswer
        | D::WrittenAgreement
        | D::FilingSign
        | D::NoticeAnswer
        | D::StandByAnswer
        | D::LetterAnswer => crate::dispatch::missed(state, file, ctx.now, kind, subject),
        D::TownAnswer | D::InstructionFeedback => crate::incident::missed(file, ctx.now, kind, subject),
        D::FirstReport | D::FollowUpReport | D::FinalReport | D::ReportRead => {
            crate::report::missed(file, ctx.now, kind, subject)
        }
        D::ReviewDue => crate::review::missed(file, ctx.now, kind, subject),
        D::WithdrawalConfirm | D::BriefingDue => crate::command_post::missed(file, ctx.now, kind, subject),
        D::ReinforcementAnswer => crate::reinforcement::missed(file, ctx.now, kind, subject),
    }
}

impl JsonSchema for MeetDeadline {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MeetDeadline".into()
    }
    /// The clock's own act; it has no route.
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object" })
    }
}
