//! The timeline of an incident: what happened, when it was recorded, through whom it came.

use domain::context::{Reported, Through};
use domain::narrate::{self, Names};
use domain::types::{Text, Time};
use domain::{Event, IncidentFile, Recorded};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Moment, Viewer};

/// One line of the timeline.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TimelineItem {
    /// Its number in the journal.
    pub seq: u64,
    /// What kind of event.
    pub kind: &'static str,
    /// When it happened.
    pub at: Moment,
    /// When it was recorded.
    pub recorded_at: Moment,
    /// The position that recorded it; absent for what the clock found.
    pub by: Option<Text>,
    /// How it came, where it was typed in for somebody else.
    pub through: Option<Through>,
    /// For whom it was typed in.
    pub on_behalf_of: Option<Text>,
    /// In one line.
    pub text: Text,
    /// 演练
    pub drill: bool,
}

impl Viewer<'_> {
    /// The timeline, in the order of the journal.
    pub fn timeline(&self, file: &IncidentFile, stream: &[Recorded]) -> Vec<TimelineItem> {
        let names = Names { state: self.state, file: Some(file) };
        stream
            .iter()
            .filter(|r| !is_routine(&r.event))
            .map(|r| {
                let by = reported_of(&r.event);
                TimelineItem {
                    seq: r.seq,
                    kind: r.event.kind(),
                    at: self.moment(by.as_ref().map_or(r.at, |by| by.at)),
                    recorded_at: self.moment(r.at),
                    by: by.as_ref().map(|by| by.by.clone()),
                    through: by.as_ref().and_then(|by| by.on_behalf_of.as_ref()).map(|b| b.through),
                    on_behalf_of: by.and_then(|by| by.on_behalf_of).map(|b| b.who),
                    text: narrate::line(self.lang, &r.event, names, true),
                    drill: file.incident.drill,
                }
            })
            .collect()
    }
}

impl Viewer<'_> {
    /// The same for a document: happened, recorded, what, through whom.
    pub fn timeline_times(&self, file: &IncidentFile, stream: &[Recorded]) -> Vec<(Time, Time, Text, Text)> {
        let names = Names { state: self.state, file: Some(file) };
        let lines = stream.iter().filter(|r| !is_routine(&r.event)).map(|r| {
            let by = reported_of(&r.event);
            let through = by.as_ref().map_or_else(
                || self.lang.pick("系统", "system").to_owned(),
                |by| match &by.on_behalf_of {
                    None => by.by.clone(),
                    Some(b) => format!("{}（{}，{}）", by.by, b.who, b.through.label(self.lang)),
                },
            );
            let happened = by.map_or(r.at, |by| by.at);
            (happened, r.at, narrate::line(self.lang, &r.event, names, true), through)
        });
        lines.collect()
    }
}

/// The way of a message stands with its notification; a timeline is for what it led to.
fn is_routine(event: &Event) -> bool {
    use domain::delivery::Event as Delivery;
    match event {
        Event::Delivery(Delivery::MessageFailed(e)) => e.retry_at.is_some(),
        Event::Delivery(e) => matches!(
            e,
            Delivery::MessageQueued(_)
                | Delivery::MessageAttempted(_)
                | Delivery::MessageHandedOver(_)
                | Delivery::MessageDelivered(_)
        ),
        _ => false,
    }
}

/// Who says so; every event that a person caused carries it as `by`.
fn reported_of(event: &Event) -> Option<Reported> {
    #[derive(serde::Deserialize)]
    struct Said {
        by: Reported,
    }
    serde_json::from_str::<Said>(&event.encode()).ok().map(|said| said.by)
}
