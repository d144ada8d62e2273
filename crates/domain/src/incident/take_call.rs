//! Taking a call (接警), Plan 4.3.1: it opens an incident, or joins the one it is about.
//!
//! A call is never lost: one about a merged incident goes to the incident that one became, and beyond the calls kept
//! singly it is counted and stands in the journal.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::query::{grade, hazard, open, people, stated};
use super::state::{Call, Source};
use super::{CallAdded, CallTaken};
use crate::act::{Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::Refusal;
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, PlaceGiven, Text, Time, limits, text};

/// A call is taken.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeCall {
    /// Where it came from.
    pub source: Source,
    /// Who called.
    #[serde(default)]
    pub caller: Option<Text>,
    /// From which number.
    #[serde(default)]
    pub caller_number: Option<Text>,
    /// The recording's number (录音号).
    #[serde(default)]
    pub recording: Option<Text>,
    /// Where.
    pub place: PlaceGiven,
    /// Hazard code (灾种).
    #[serde(default)]
    pub hazard: Option<Text>,
    /// Dispatch grade (调派等级), 1 to 5.
    #[serde(default)]
    pub grade: Option<u8>,
    /// People trapped.
    #[serde(default)]
    pub trapped: Option<u32>,
    /// The substance.
    #[serde(default)]
    pub substance: Option<Text>,
    /// What was told.
    #[serde(default)]
    pub narrative: Option<Text>,
    /// 演练
    #[serde(default)]
    pub drill: bool,
    /// The open incident that this call is about too.
    #[serde(default)]
    pub same_as: Option<IncidentId>,
    /// When it was received, where that was not now.
    #[serde(default)]
    pub received_at: Option<Time>,
}

rule!(TakeCall, take_call, |_a| Target::Jurisdiction);

/// The open incident that a call may join: itself, or what it was merged into. Asked by `decide`, and by the views.
pub fn allow(state: &State, same_as: IncidentId, drill: bool) -> Result<&IncidentFile, Refusal> {
    let mut id = same_as;
    // A merged incident is over, so nothing can be merged into it later: the way cannot be a circle.
    while let Some(into) = state.archive.get(&id).and_then(|brief| brief.merged_into) {
        id = into;
    }
    let file = open(state, id)?;
    if file.incident.drill != drill {
        return Err(Refusal::DrillMixed { incident: id, drill: file.incident.drill });
    }
    Ok(file)
}

/// Opens an incident, or adds the call to the one it is about.
pub fn take_call(state: &State, ctx: &mut Context, act: TakeCall) -> Result<Decision, Refusal> {
    let joined = act.same_as.map(|same_as| allow(state, same_as, act.drill)).transpose()?;
    let id = joined.map_or_else(|| ctx.fresh(), |file| file.incident.id);
    let call = call_of(state, ctx, &act, id)?;
    let (hazard, grade) = (
        act.hazard.as_deref().map(|code| hazard(state, "/hazard", code)).transpose()?,
        act.grade.map(|g| grade("/grade", g)).transpose()?,
    );
    let decision = Decision::about(Resource::of("incident", id, id));
    if joined.is_some() {
        return Ok(decision.then(id, CallAdded { call }));
    }
    let first_report_due = call.received_at.plus_s(state.readiness.limits().first_report_limit_s);
    Ok(decision.then(
        id,
        CallTaken {
            number: next_number(state, ctx.now),
            drill: act.drill,
            source: call.source,
            caller: call.caller,
            caller_number: call.caller_number,
            recording: call.recording,
            received_at: call.received_at,
            place: call.place,
            hazard,
            grade,
            trapped: call.trapped,
            substance: call.substance,
            narrative: call.narrative,
            first_report_due,
            by: call.by,
        },
    ))
}

fn call_of(state: &State, ctx: &Context, act: &TakeCall, id: IncidentId) -> Result<Call, Refusal> {
    let by = ctx.report()?;
    let sealed = |value: Option<Text>| value.map(|value| Personal::new(id, value));
    Ok(Call {
        source: act.source,
        caller: sealed(text::line_opt("/caller", act.caller.as_deref())?),
        caller_number: sealed(text::line_opt("/caller_number", act.caller_number.as_deref())?),
        recording: text::line_opt("/recording", act.recording.as_deref())?,
        received_at: stated("/received_at", act.received_at.or(Some(by.at)), ctx.now)?,
        place: state.jurisdiction.resolve_place(&act.place)?,
        trapped: act.trapped.map(|count| people("/trapped", count)).transpose()?,
        substance: text::line_opt("/substance", act.substance.as_deref())?,
        narrative: sealed(text::prose_opt("/narrative", act.narrative.as_deref())?),
        by,
    })
}

/// The day it was recorded, and a running number of the year.
fn next_number(state: &State, now: Time) -> Text {
    let local = state.jurisdiction.local(now);
    let taken = if state.counters.year == local.year() { state.counters.incidents } else { 0 };
    let (year, month, day) = (local.year(), local.month(), local.day());
    format!("{year:04}{month:02}{day:02}-{:04}", taken.saturating_add(1))
}

const _: () = assert!(limits::CALLS_PER_INCIDENT > 0, "the first call is always kept");
