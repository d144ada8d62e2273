//! Verifying a call (核实), Plan 4.1.3: it is real, or a false alarm.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::close_incident::unfinished;
use super::query::{not_before, open};
use super::state::Status;
use super::{FalseAlarm, Verified};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::dispatch::lift_stand_by::lift_all;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Text, text};

/// What was found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 属实
    Real,
    /// 误报
    FalseAlarm,
}

/// It is real, or a false alarm.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyCall {
    /// The incident.
    pub incident: IncidentId,
    /// What was found out.
    pub outcome: Outcome,
    /// How.
    #[serde(default)]
    pub note: Option<Text>,
}

rule!(VerifyCall, verify_call, |a| Target::Incident(a.incident));

/// May this outcome be recorded? A false alarm needs everything that was set in motion to be ended first.
pub fn allow(state: &State, incident: IncidentId, outcome: Outcome) -> Result<&IncidentFile, Refusal> {
    let file = open(state, incident)?;
    let known = &file.incident;
    match outcome {
        Outcome::Real if known.verified.is_some() => Err(Refusal::AlreadyDone { act: ActKind::VerifyCall }),
        Outcome::Real => Ok(file),
        Outcome::FalseAlarm if known.status == Status::Controlled => Err(Refusal::WrongStatus {
            act: ActKind::VerifyCall,
            what: Thing::Incident,
            status: known.status.code(),
            needs: "reported|verified|responding",
        }),
        Outcome::FalseAlarm => match unfinished(file) {
            blockers if blockers.is_empty() => Ok(file),
            blockers => Err(Refusal::CannotClose { blockers }),
        },
    }
}

/// Records it.
pub fn verify_call(state: &State, ctx: &mut Context, act: VerifyCall) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident, act.outcome)?;
    let by = ctx.report()?;
    not_before(&by, file.incident.received_at())?;
    let note = text::prose_opt("/note", act.note.as_deref())?.map(|n| Personal::new(act.incident, n));
    let mut decision = Decision::about(Resource::of("incident", act.incident, act.incident));
    Ok(match act.outcome {
        Outcome::Real => decision.then(act.incident, Verified { note, by }),
        Outcome::FalseAlarm => {
            lift_all(file, &by, &mut decision);
            decision.then(act.incident, FalseAlarm { note, by })
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::cancel_order::CancelOrder;
    use crate::dispatch::push_stand_by::PushStandBy;
    use crate::incident::stage::Stage;
    use crate::readiness::DeadlineKind;
    use crate::refusal::{Blocker, FieldFault};

    fn verify(incident: IncidentId, outcome: Outcome) -> VerifyCall {
        VerifyCall { incident, outcome, note: None }
    }

    /// Plan 4.1.3: verified once, by the brigade.
    #[test]
    fn a_call_is_verified_once() {
        let mut town = Stage::rongcheng();
        let fire = town.fire();
        assert_eq!(town.is_refused("bureau", verify(fire, Outcome::Real)).clause(), Some("4.1.3"));
        town.does("dispatcher", verify(fire, Outcome::Real));
        assert_eq!(town.file(fire).incident.status, Status::Verified);
        let again = town.is_refused("dispatcher", verify(fire, Outcome::Real));
        assert_eq!(again, Refusal::AlreadyDone { act: ActKind::VerifyCall });
    }

    /// Plan 4.3.2: own stations go before anybody has verified; verifying afterwards does not set them back.
    #[test]
    fn the_first_order_may_come_before_the_verification() {
        let mut town = Stage::rongcheng();
        let fire = town.fire();
        town.at("08:01").orders(fire, "shidao");
        town.at("08:02").does("dispatcher", verify(fire, Outcome::Real));
        let incident = town.file(fire).incident;
        assert_eq!(incident.status, Status::Responding);
        assert_eq!(incident.first_order_at, Some(incident.opened_at.plus_s(60)));
        assert_eq!(incident.verified.map(|by| by.at), Some(incident.opened_at.plus_s(120)));
    }

    /// A false alarm while somebody drives to it: he is turned back first.
    #[test]
    fn a_false_alarm_waits_until_the_forces_are_turned_back() {
        let mut town = Stage::rongcheng();
        let fire = town.fire();
        let order = town.orders(fire, "shidao");
        let refusal = town.is_refused("dispatcher", verify(fire, Outcome::FalseAlarm));
        assert_eq!(refusal, Refusal::CannotClose { blockers: vec![Blocker::OrdersRunning(1)] });
        town.does("dispatcher", CancelOrder { order, reason: "误报".to_owned() });
        let forces = vec!["huagong".parse().unwrap()];
        town.does("dispatcher", PushStandBy { incident: fire, forces, text: None });
        town.does("dispatcher", verify(fire, Outcome::FalseAlarm));
        assert_eq!(town.count("stand_by.lifted"), 1, "nobody stands by for nothing");
        assert!(!town.state.incidents.contains_key(&fire), "it leaves the open ones");
        assert_eq!(town.state.archive[&fire].status, Status::FalseAlarm);
        assert!(town.due(fire, DeadlineKind::FirstReport).is_none(), "what was nothing needs no report");
        let refusal = town.is_refused("dispatcher", verify(fire, Outcome::Real));
        assert_eq!(
            refusal,
            Refusal::IncidentOver { incident: fire, status: "false_alarm", merged_into: None }
        );
    }

    #[test]
    fn what_is_under_control_was_no_false_alarm() {
        let mut town = Stage::rongcheng();
        let fire = town.burnt_out();
        let refusal = town.is_refused("dispatcher", verify(fire, Outcome::FalseAlarm));
        assert_eq!(refusal.code(), "wrong_status");
    }

    /// Whole minutes are typed, so one minute before the call is accepted, and not a second more.
    #[test]
    fn nothing_is_verified_before_it_was_called_in() {
        let mut town = Stage::rongcheng();
        let fire = town.at("08:01").fire();
        town.at("08:10");
        let act = || verify(fire, Outcome::Real);
        town.that_happened(-601);
        let refusal = town.is_refused("dispatcher", act());
        let earlier = town.file(fire).incident.opened_at;
        assert_eq!(refusal, Refusal::field("/occurred_at", FieldFault::BeforeEarlierStep { earlier }));
        town.that_happened(-600);
        town.does("dispatcher", act());
    }
}
