//! Taking a call (接警), Plan 4.3.1: it opens an incident, or joins the one it is about.
//!
//! A call is never lost: one about a merged incident goes to the incident that one became, and beyond the calls kept
//! singly it is counted and stands in the journal.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::query::{grade, hazard, open, people};
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
        received_at: ctx.stated("/received_at", act.received_at.or(Some(by.at)))?,
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
    let next = state.counters.next(local.year(), |used| used.incidents);
    let (year, month, day) = (local.year(), local.month(), local.day());
    format!("{year:04}{month:02}{day:02}-{next:04}")
}

const _: () = assert!(limits::CALLS_PER_INCIDENT > 0, "the first call is always kept");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::merge_incident::MergeIncident;
    use crate::incident::stage::DEPOT;
    use crate::incident::stage::{Stage, beside, fire_call};
    use crate::incident::verify_call::{Outcome, VerifyCall};
    use crate::incident::{Status, similar};
    use crate::refusal::FieldFault;

    /// Plan 4.3.1: the call opens the incident, with a number of its day and the first report's clock running.
    #[test]
    fn a_call_opens_an_incident_with_its_number_and_its_clock() {
        let mut town = Stage::rongcheng();
        let first = town.fire();
        let second = town.at("08:05").fire();
        let (first, second) = (town.file(first).incident, town.file(second).incident);
        assert_eq!((first.number.as_str(), second.number.as_str()), ("20261124-0001", "20261124-0002"));
        assert_eq!(first.status, Status::Reported);
        assert_eq!(first.place.town.as_deref(), Some("371082002"));
        assert_eq!(first.first_report_due, first.opened_at.plus_s(3_600));
        assert_eq!(
            first.headline(&town.state.jurisdiction),
            "石岛油库三号罐，危化品和工贸事故，2级调派，汽油，被困2人（20261124-0001）"
        );
    }

    /// Plan 4.3.1: a call taken shortly after midnight on the first of January counts in the new year.
    #[test]
    fn numbers_begin_anew_with_the_jurisdiction_s_year() {
        let mut town = Stage::rongcheng();
        town.fire();
        town.now = Time::parse("2026-12-31T16:00:30Z").unwrap(); // 00:00:30 at Rongcheng
        let of_last_year = TakeCall { received_at: Some(town.now.plus_s(-60)), ..fire_call() };
        let id = town.does("dispatcher", of_last_year).parse().unwrap();
        assert_eq!(town.file(id).incident.number, "20270101-0001");
        let next = town.fire();
        assert_eq!(town.file(next).incident.number, "20270101-0002");
    }

    /// Plan 4.3.1: a second call about the same fire within 500 m and 30 min is offered, and joins it.
    #[test]
    fn a_second_call_nearby_is_offered_and_joins_the_incident() {
        let mut town = Stage::rongcheng();
        let fire = town.fire();
        let at = town.at("08:30").now;
        let near = |point, at, drill| similar(&town.state, point, at, drill).len();
        let east = |degrees| beside(degrees).point.unwrap();
        assert_eq!(near(east(0.0056), at, false), 1, "498 m");
        assert_eq!(near(east(0.0057), at, false), 0, "507 m");
        assert_eq!(near(DEPOT, at.plus_s(1), false), 0, "a second after half an hour");
        assert_eq!(near(DEPOT, at, true), 0, "a drill is never like a real incident");
        let joined = TakeCall { same_as: Some(fire), trapped: Some(5), ..fire_call() };
        assert_eq!(town.does("dispatcher", joined), fire.to_string());
        let incident = town.file(fire).incident;
        assert_eq!((incident.calls_total, incident.calls.len()), (2, 2));
        assert_eq!(incident.trapped, Some(2), "what one caller says does not overwrite the classification");
        assert_eq!(town.kinds(fire), ["incident.call_taken", "incident.call_added"]);
        assert_eq!(
            similar(&town.state, DEPOT, at.plus_s(1), false).len(),
            1,
            "counted from the nearest call"
        );
    }

    /// Plan 4.3.3: intervals count from the earliest call, whichever was typed first.
    #[test]
    fn what_was_received_first_counts_though_it_was_typed_later() {
        let mut town = Stage::rongcheng();
        let fire = town.at("08:10").fire();
        let began = town.now;
        assert_eq!(town.file(fire).incident.received_at(), began);
        let later = TakeCall { same_as: Some(fire), ..fire_call() };
        town.at("08:12").does("dispatcher", later.clone());
        assert_eq!(town.file(fire).incident.received_at(), began);
        town.does("dispatcher", TakeCall { received_at: Some(began.plus_s(-240)), ..later });
        let other = TakeCall { received_at: Some(began.plus_s(-300)), ..fire_call() };
        let other = town.does("dispatcher", other).parse().unwrap();
        assert_eq!(town.file(fire).incident.received_at(), began.plus_s(-240));
        town.does("dispatcher", MergeIncident { incident: other, into: fire });
        assert_eq!(town.file(fire).incident.received_at(), began.plus_s(-300));
    }

    /// Plan 4.3.1: a jurisdiction says for itself how near and how soon is the same fire.
    #[test]
    fn a_jurisdiction_may_set_its_own_reach_and_window() {
        let mut town = Stage::rongcheng();
        town.fire();
        let at = town.at("08:10").now;
        let near = |town: &Stage, metres, seconds| {
            let mut state = town.state.clone();
            let jurisdiction = std::sync::Arc::make_mut(&mut state.jurisdiction);
            (jurisdiction.merge_reach_m, jurisdiction.merge_window_s) = (metres, seconds);
            similar(&state, beside(0.0056).point.unwrap(), at, false).len()
        };
        assert_eq!(near(&town, Some(498), Some(600)), 1, "498 m and ten minutes");
        assert_eq!(near(&town, Some(497), None), 0);
        assert_eq!(near(&town, None, Some(599)), 0);
    }

    /// A call about an incident that was merged goes to where that one went; about one that is closed it is refused.
    #[test]
    fn a_call_about_a_merged_incident_goes_to_its_target() {
        let mut town = Stage::rongcheng();
        let (first, second) = (town.fire(), town.fire());
        town.does("dispatcher", MergeIncident { incident: second, into: first });
        let about = |id| TakeCall { same_as: Some(id), ..fire_call() };
        assert_eq!(town.does("dispatcher", about(second)), first.to_string());
        assert_eq!(town.file(first).incident.calls_total, 3);
        town.does("dispatcher", VerifyCall { incident: first, outcome: Outcome::FalseAlarm, note: None });
        let refusal = town.is_refused("dispatcher", about(second));
        assert_eq!(
            refusal,
            Refusal::IncidentOver { incident: first, status: "false_alarm", merged_into: None }
        );
    }

    /// A drill and a real incident are never one.
    #[test]
    fn a_drill_call_never_joins_a_real_incident() {
        let mut town = Stage::rongcheng();
        let real = town.fire();
        let drill = TakeCall { drill: true, ..fire_call() };
        let refusal = town.is_refused("dispatcher", TakeCall { same_as: Some(real), ..drill.clone() });
        assert_eq!(refusal, Refusal::DrillMixed { incident: real, drill: false });
        let drill = town.does("dispatcher", drill).parse().unwrap();
        assert!(town.file(drill).incident.headline(&town.state.jurisdiction).starts_with("【演练】"));
        let refusal = town.is_refused("dispatcher", TakeCall { same_as: Some(drill), ..fire_call() });
        assert_eq!(refusal, Refusal::DrillMixed { incident: drill, drill: true });
    }

    #[test]
    fn a_call_with_a_bad_field_is_refused_with_its_place() {
        let mut town = Stage::rongcheng();
        let mut refused = |call: TakeCall| match town.is_refused("dispatcher", call) {
            Refusal::Field { pointer, fault } => (pointer, fault),
            other => panic!("{other}"),
        };
        let unknown = FieldFault::Unknown { value: "meteor".to_owned() };
        let range = FieldFault::OutOfRange { least: 1, most: 5 };
        assert_eq!(
            refused(TakeCall { hazard: Some("meteor".to_owned()), ..fire_call() }),
            ("/hazard".to_owned(), unknown)
        );
        assert_eq!(refused(TakeCall { grade: Some(0), ..fire_call() }), ("/grade".to_owned(), range.clone()));
        assert_eq!(refused(TakeCall { grade: Some(6), ..fire_call() }), ("/grade".to_owned(), range));
        assert_eq!(refused(TakeCall { trapped: Some(1_000_001), ..fire_call() }).0, "/trapped");
        assert_eq!(refused(TakeCall { place: PlaceGiven::default(), ..fire_call() }).0, "/place/text");
        let ahead = Time::parse("2026-11-24T08:01:01+08:00");
        assert_eq!(
            refused(TakeCall { received_at: ahead, ..fire_call() }).1,
            FieldFault::TooFarAhead { limit_s: 60 }
        );
        let ago = Time::parse("2026-11-22T07:59:59+08:00");
        assert_eq!(
            refused(TakeCall { received_at: ago, ..fire_call() }).1,
            FieldFault::TooLongAgo { limit_s: 172_800 }
        );
    }

    /// The thousandth and first call is counted and journalled, not refused and not kept singly.
    #[test]
    fn no_call_is_ever_refused_for_its_number() {
        let mut town = Stage::rongcheng();
        let fire = town.fire();
        for _ in 0..limits::CALLS_PER_INCIDENT {
            town.does("dispatcher", TakeCall { same_as: Some(fire), ..fire_call() });
        }
        let incident = &town.state.hot(fire).unwrap().incident;
        assert_eq!((incident.calls_total, incident.calls.len()), (1_001, 1_000));
        assert_eq!(town.kinds(fire).len(), 1_001);
    }
}
