//! Questions that acts and views ask about incidents; nothing here changes anything.

use ulid::Ulid;

use super::state::{Incident, Status};
use crate::context::Reported;
use crate::jurisdiction::Jurisdiction;
use crate::refusal::{FieldFault, Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Point, Text, Time, limits};

impl Incident {
    /// Takes acts of its course; otherwise why not.
    pub fn must_be_open(&self) -> Result<(), Refusal> {
        if self.status.is_over() { Err(self.over()) } else { Ok(()) }
    }

    /// Still has a life of its own; a merged one does not.
    pub fn must_not_be_merged(&self) -> Result<(), Refusal> {
        if self.status == Status::Merged { Err(self.over()) } else { Ok(()) }
    }

    /// The incident in one line, as a message to a force or a service begins: no name, no number of a person.
    pub fn headline(&self, jurisdiction: &Jurisdiction) -> Text {
        let mut line = if self.drill { "【演练】".to_owned() } else { String::new() };
        line.push_str(&self.place.text);
        let hazard = self.hazard.as_deref().and_then(|code| jurisdiction.hazard(code).ok());
        let parts = [
            hazard.map(|known| known.name_zh.clone()),
            self.grade.map(|grade| format!("{grade}级调派")),
            self.substance.clone(),
            self.trapped.filter(|count| *count > 0).map(|count| format!("被困{count}人")),
        ];
        for part in parts.into_iter().flatten() {
            line.push('，');
            line.push_str(&part);
        }
        format!("{line}（{}）", self.number)
    }

    fn over(&self) -> Refusal {
        Refusal::IncidentOver { incident: self.id, status: self.status.code(), merged_into: self.merged_into }
    }
}

/// The same, asked of the whole file.
pub fn still_open(file: &IncidentFile) -> Result<(), Refusal> {
    file.incident.must_be_open()
}

/// An incident that takes acts of its course.
pub fn open(state: &State, id: IncidentId) -> Result<&IncidentFile, Refusal> {
    if let Some(file) = state.hot(id) {
        return file.incident.must_be_open().map(|()| file);
    }
    match state.archive.get(&id) {
        Some(brief) => Err(Refusal::IncidentOver {
            incident: id,
            status: brief.status.code(),
            merged_into: brief.merged_into,
        }),
        None => Err(Refusal::not_found(Thing::Incident, id)),
    }
}

/// An incident that takes what comes after its end: notes, reviews. Only a merged one does not, its target does.
pub fn known(state: &State, id: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = state.incident(id)?;
    file.incident.must_not_be_merged().map(|()| file)
}

/// The open incident that something belongs to.
pub fn open_with(state: &State, what: Thing, id: Ulid) -> Result<(IncidentId, &IncidentFile), Refusal> {
    let (incident, file) = state.incident_with(what, id)?;
    file.incident.must_be_open().map(|()| (incident, file))
}

/// An open incident that a new call may be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Similar {
    /// Which.
    pub incident: IncidentId,
    /// How far from it the new call is.
    pub distance_m: u32,
    /// Seconds between its nearest call and the new one.
    pub apart_s: i64,
}

/// Open incidents within the jurisdiction's reach and window, otherwise [`limits::SAME_INCIDENT_M`] and
/// [`limits::SAME_INCIDENT_S`], the nearest first.
/// A drill is never like a real incident.
pub fn similar(state: &State, point: Point, at: Time, drill: bool) -> Vec<Similar> {
    let reach_m = state.jurisdiction.merge_reach_m.unwrap_or(limits::SAME_INCIDENT_M);
    let window_s = state.jurisdiction.merge_window_s.unwrap_or(limits::SAME_INCIDENT_S);
    let mut found: Vec<Similar> = state
        .incidents
        .values()
        .map(|file| &file.incident)
        .filter(|incident| !incident.status.is_over() && incident.drill == drill)
        .filter_map(|incident| {
            let distance_m = incident.place.point?.distance_m(point);
            let apart_s = incident.calls.iter().map(|call| at.since_s(call.received_at).abs()).min()?;
            let near = distance_m <= reach_m && apart_s <= window_s;
            near.then_some(Similar { incident: incident.id, distance_m, apart_s })
        })
        .collect();
    found.sort_unstable_by_key(|s| (s.distance_m, s.apart_s, s.incident));
    found
}

/// What happened cannot have happened before what it follows from; people type whole minutes, so one is allowed.
pub(crate) fn not_before(by: &Reported, earlier: Time) -> Result<(), Refusal> {
    if by.at.plus_s(limits::AHEAD_S) < earlier {
        return Err(Refusal::field("/occurred_at", FieldFault::BeforeEarlierStep { earlier }));
    }
    Ok(())
}

/// Nor after what followed from it, by the same minute.
pub(crate) fn not_after(by: &Reported, later: Time) -> Result<(), Refusal> {
    if by.at > later.plus_s(limits::AHEAD_S) {
        return Err(Refusal::field("/occurred_at", FieldFault::AfterLaterStep { later }));
    }
    Ok(())
}

/// People counted in one figure.
pub(crate) fn people(pointer: &'static str, count: u32) -> Result<u32, Refusal> {
    if count > limits::PEOPLE {
        let fault = FieldFault::OutOfRange { least: 0, most: i64::from(limits::PEOPLE) };
        return Err(Refusal::field(pointer, fault));
    }
    Ok(count)
}

/// A dispatch grade (调派等级).
pub(crate) fn grade(pointer: &'static str, grade: u8) -> Result<u8, Refusal> {
    if !(1..=5).contains(&grade) {
        return Err(Refusal::field(pointer, FieldFault::OutOfRange { least: 1, most: 5 }));
    }
    Ok(grade)
}

/// A hazard of the jurisdiction.
pub(crate) fn hazard(state: &State, pointer: &'static str, code: &str) -> Result<Text, Refusal> {
    match state.jurisdiction.hazard(code) {
        Ok(known) => Ok(known.code.clone()),
        Err(_) => Err(Refusal::field(pointer, FieldFault::Unknown { value: code.to_owned() })),
    }
}
