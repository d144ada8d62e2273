//! Verifying a call (核实), Plan 4.1.3: it is real, or a false alarm.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::close_incident::unfinished;
use super::query::{not_before, open};
use super::state::Status;
use super::{FalseAlarm, Verified};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
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
        Outcome::Real if known.verified.is_some() => {
            Err(Refusal::AlreadyDone { act: ActKind::VerifyCall })
        }
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
    let decision = Decision::about(Resource::of("incident", act.incident, act.incident));
    Ok(match act.outcome {
        Outcome::Real => decision.then(act.incident, Verified { note, by }),
        Outcome::FalseAlarm => decision.then(act.incident, FalseAlarm { note, by }),
    })
}
