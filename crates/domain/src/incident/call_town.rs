//! Calling a town (叫应), Plan 4.3.1: its shift leader on duty is called by position and must answer in time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TownCalled;
use super::query::open;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::org::{Org, OrgKind};
use crate::refusal::{FieldFault, Refusal, Thing};
use crate::state::State;
use crate::types::{IncidentId, OrgId, TownCallId, limits};

/// A town is called.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallTown {
    /// The incident.
    pub incident: IncidentId,
    /// The town or zone.
    pub town: OrgId,
}

rule!(CallTown, call_town, |a| Target::Incident(a.incident));

/// May this town be called? One call at a time: it is answered, not repeated.
pub fn allow<'a>(state: &'a State, incident: IncidentId, town: &OrgId) -> Result<&'a Org, Refusal> {
    let file = open(state, incident)?;
    let org = state.org.org(town)?;
    if !matches!(org.kind, OrgKind::Town | OrgKind::Zone) {
        return Err(Refusal::field("/town", FieldFault::Unknown { value: org.name.clone() }));
    }
    let calls = &file.incident.town_calls;
    if calls.values().any(|call| call.town == *town && call.answered.is_none()) {
        return Err(Refusal::AlreadyDone { act: ActKind::CallTown });
    }
    if calls.len() >= limits::TOWN_CALLS_PER_INCIDENT {
        let limit = limits::TOWN_CALLS_PER_INCIDENT;
        return Err(Refusal::Limit { what: Thing::TownCall, limit });
    }
    Ok(org)
}

/// Calls it.
pub fn call_town(state: &State, ctx: &mut Context, act: CallTown) -> Result<Decision, Refusal> {
    let org = allow(state, act.incident, &act.town)?;
    let by = ctx.report()?;
    let Some(on_duty) = state.duty.on_duty(&act.town, ctx.now) else {
        return Err(Refusal::NobodyOnDuty { org: act.town, name: org.name.clone() });
    };
    let town_call: TownCallId = ctx.fresh();
    let answer_limit_s = state.readiness.limits().town_answer_limit_s;
    let called = TownCalled {
        town_call,
        town: act.town,
        asked: on_duty.leader,
        answer_limit_s,
        due: ctx.now.plus_s(answer_limit_s),
        by,
    };
    let resource = Resource::of("town_call", town_call, act.incident);
    Ok(Decision::about(resource).then(act.incident, called))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::answer_town_call::AnswerTownCall;
    use crate::incident::stage::Stage;
    use crate::readiness::DeadlineKind;

    fn call(incident: IncidentId, town: &str) -> CallTown {
        CallTown { incident, town: town.parse().unwrap() }
    }

    /// Plan 4.3.1: the shift leader on duty is asked, in time; silence is marked once, and a late answer still counts.
    #[test]
    fn the_shift_leader_is_called_and_his_silence_is_marked_once() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let town_call: TownCallId =
            town.does("dispatcher", call(incident, "org-town-gangwan")).parse().unwrap();
        let known = town.file(incident).incident.town_calls[&town_call].clone();
        assert_eq!((known.asked.as_str(), known.due), ("港湾街道带班领导01", town.now.plus_s(300)));
        let kind = DeadlineKind::TownAnswer;
        assert_eq!(town.due(incident, kind).unwrap().due, known.due);
        assert!(!town.at("08:04:59").clock_fires(incident, kind));
        assert!(town.at("08:05").clock_fires(incident, kind));
        assert!(!town.at("08:06").clock_fires(incident, kind));
        assert!(town.file(incident).incident.town_calls[&town_call].overdue);
        town.does("town-gangwan", AnswerTownCall { town_call, words: Some("收到".to_owned()) });
        assert!(town.file(incident).incident.town_calls[&town_call].answered.is_some());
    }

    /// Plan 4.2.3: a town with an empty duty list is named, not skipped.
    #[test]
    fn a_town_with_nobody_on_duty_is_named() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let refusal = town.is_refused("dispatcher", call(incident, "org-town-yatou"));
        assert_eq!((refusal.code(), refusal.clause()), ("nobody_on_duty", Some("4.2.3")));
        assert_eq!(town.is_refused("dispatcher", call(incident, "org-weijian")).code(), "field");
        assert_eq!(town.is_refused("dispatcher", call(incident, "org-mars")).code(), "not_found");
    }

    #[test]
    fn a_town_is_not_called_twice_before_it_answers() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let first = town.does("dispatcher", call(incident, "org-town-gangwan")).parse().unwrap();
        let refusal = town.is_refused("govt", call(incident, "org-town-gangwan"));
        assert_eq!(refusal, Refusal::AlreadyDone { act: ActKind::CallTown });
        town.does("town-gangwan", AnswerTownCall { town_call: first, words: None });
        town.does("govt", call(incident, "org-town-gangwan"));
    }
}
