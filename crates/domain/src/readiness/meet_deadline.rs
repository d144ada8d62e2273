//! The clock finds that a deadline has passed (Plan 4.1.2). It is decided again on the state of that moment: a timer
//! armed for an older state changes nothing.

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
    ctx: &mut Context,
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
        | D::Strength
        | D::LetterAnswer => crate::dispatch::missed(state, file, ctx.now, kind, subject),
        D::TownAnswer | D::InstructionFeedback => crate::incident::missed(file, ctx.now, kind, subject),
        D::FirstReport | D::FollowUpReport | D::FinalReport | D::ReportRead | D::SituationReport => {
            crate::report::missed(file, ctx.now, kind, subject)
        }
        D::ReviewDue => crate::review::missed(file, ctx.now, kind, subject),
        D::WithdrawalConfirm | D::BriefingDue => crate::command_post::missed(file, ctx.now, kind, subject),
        D::NotificationAnswer => crate::delivery::missed(state, ctx, file, subject),
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

#[cfg(test)]
mod tests {
    use super::MeetDeadline;
    use crate::Actor;
    use crate::dispatch::acknowledge_order::AcknowledgeOrder;
    use crate::readiness::{Deadline, DeadlineKind, deadlines};
    use crate::testing::Town;
    use crate::types::IncidentId;

    fn due(town: &Town, incident: IncidentId) -> Deadline {
        let mut all = deadlines(town.state.hot(incident).unwrap());
        all.retain(|d| d.kind == DeadlineKind::OrderStep);
        all.remove(0)
    }

    fn meet(d: &Deadline) -> MeetDeadline {
        MeetDeadline { incident: d.incident, kind: d.kind, subject: d.subject, due: d.due }
    }

    /// Plan 4.1.2: a deadline is met by the clock, when it has come, once.
    #[test]
    fn the_clock_meets_a_deadline_when_it_has_come_and_once() {
        let mut town = Town::rongcheng("08:00");
        let fire = town.oil_depot_burns();
        town.ordered(fire, &["huagong"]);
        let first = due(&town, fire);
        town.now = first.due.plus_s(-1);
        assert_eq!(town.as_actor(Actor::clock(), meet(&first).into()).unwrap_err().code(), "already_done");
        town.now = first.due;
        assert_eq!(
            town.act("dispatcher", meet(&first)).unwrap_err().clause(),
            Some("4.1.2"),
            "nobody plays the clock"
        );
        town.as_actor(Actor::clock(), meet(&first).into()).unwrap();
        assert_eq!(town.as_actor(Actor::clock(), meet(&first).into()).unwrap_err().code(), "already_done");
        assert_eq!(town.count("order.overdue"), 1);
        assert!(due(&town, fire).due > first.due, "the next level has its own time");
    }

    /// Plan 4.1.2: a timer that was armed for an older state changes nothing.
    #[test]
    fn a_timer_armed_for_an_older_state_changes_nothing() {
        let mut town = Town::rongcheng("08:00");
        let fire = town.oil_depot_burns();
        let order = town.ordered(fire, &["huagong"])[0];
        let armed = due(&town, fire);
        town.does("huagong", AcknowledgeOrder { order, strength: None, eta_min: None });
        town.now = armed.due;
        assert_eq!(town.as_actor(Actor::clock(), meet(&armed).into()).unwrap_err().code(), "already_done");
        let invented = MeetDeadline { subject: ulid::Ulid(7), ..meet(&armed) };
        assert_eq!(town.as_actor(Actor::clock(), invented.into()).unwrap_err().code(), "already_done");
        let elsewhere = MeetDeadline { incident: IncidentId(ulid::Ulid(7)), ..meet(&armed) };
        assert_eq!(town.as_actor(Actor::clock(), elsewhere.into()).unwrap_err().code(), "not_found");
        assert_eq!(town.count("order.overdue"), 0);
    }
}
