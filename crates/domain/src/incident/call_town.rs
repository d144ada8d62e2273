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
