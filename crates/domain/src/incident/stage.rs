//! The shared cast (`testing::Town`) at the oil depot, for the tests of the incident, its reports and its review.

use std::ops::{Deref, DerefMut};

use serde_json::json;

use crate::act::Act;
use crate::dispatch::order_first_response::OrderFirstResponse;
use crate::dispatch::release_order::ReleaseOrder;
use crate::dispatch::send_linkage_notices::SendLinkageNotices;
use crate::incident::control_incident::ControlIncident;
use crate::incident::take_call::TakeCall;
use crate::incident::verify_call::{Outcome, VerifyCall};
use crate::readiness::meet_deadline::MeetDeadline;
use crate::readiness::{Deadline, DeadlineKind, deadlines};
use crate::refusal::Refusal;
use crate::report::Stage as ReportStage;
use crate::report::file_report::FileReport;
use crate::state::IncidentFile;
use crate::testing::{Town, slug};
use crate::types::{IncidentId, OrderId, PlaceGiven, Point, Time};

/// The oil depot at Shidao.
pub(crate) const DEPOT: Point = Point { lon: 122.418, lat: 36.885 };

/// A town in play.
pub(crate) struct Stage(Town);

impl Deref for Stage {
    type Target = Town;
    fn deref(&self) -> &Town {
        &self.0
    }
}

impl DerefMut for Stage {
    fn deref_mut(&mut self) -> &mut Town {
        &mut self.0
    }
}

/// A moment of the day: `08:03` or `08:03:20`.
pub(crate) fn clock(text: &str) -> Time {
    let seconds = if text.len() == 5 { ":00" } else { "" };
    Time::parse(&format!("2026-11-24T{text}{seconds}+08:00")).unwrap()
}

impl Stage {
    /// Everybody on duty, nothing happening, 2026-11-24 08:00.
    pub(crate) fn rongcheng() -> Self {
        Self(Town::rongcheng("08:00"))
    }

    /// Time passes until a moment of the same day, to the second.
    pub(crate) fn at(&mut self, text: &str) -> &mut Self {
        assert!(clock(text) >= self.now, "time does not go back");
        self.now = clock(text);
        self
    }

    /// Somebody acts, and it happens: the id of what it was about.
    #[track_caller]
    pub(crate) fn does(&mut self, who: &str, act: impl Into<Act>) -> String {
        self.act(who, act).unwrap_or_else(|refusal| panic!("{who} was refused: {refusal}")).id
    }

    /// The same, typed in for somebody who spoke by telephone.
    #[track_caller]
    pub(crate) fn types_for(&mut self, who: &str, spoke: &str, act: impl Into<Act>) -> String {
        self.by_phone_for(spoke);
        self.does(who, act)
    }

    /// The same, told later: it happened at another moment of the day.
    #[track_caller]
    pub(crate) fn tells_later(&mut self, who: &str, happened: &str, act: impl Into<Act>) -> String {
        let seconds = clock(happened).since_s(self.now);
        self.that_happened(seconds);
        self.does(who, act)
    }

    /// Somebody acts and is refused; nothing has changed.
    #[track_caller]
    pub(crate) fn is_refused(&mut self, who: &str, act: impl Into<Act>) -> Refusal {
        let before = self.journal.len();
        let refusal = self.act(who, act).expect_err("this must be refused");
        assert_eq!(before, self.journal.len());
        refusal
    }

    /// The kinds of the incident's events, in order.
    pub(crate) fn kinds(&self, id: IncidentId) -> Vec<&'static str> {
        self.stream(id).map(|recorded| recorded.event.kind()).collect()
    }

    /// The incident from its own stream alone, as the journal gives it back; it is what the node has in memory.
    pub(crate) fn file(&self, id: IncidentId) -> IncidentFile {
        let journal = self.read_back();
        let own = journal.iter().filter(|recorded| recorded.stream == crate::Stream::Incident(id));
        let folded = IncidentFile::fold(id, own).unwrap();
        if let Some(hot) = self.state.hot(id) {
            let (a, b) = (serde_json::to_value(&folded).unwrap(), serde_json::to_value(hot).unwrap());
            assert_eq!(a, b, "the fold of the own stream is the full fold");
        }
        folded
    }

    /// What is due of one kind in an incident.
    pub(crate) fn due(&self, id: IncidentId, kind: DeadlineKind) -> Option<Deadline> {
        deadlines(&self.file(id)).into_iter().find(|d| d.kind == kind)
    }

    /// The clock fires what is due of one kind by now; whether anything was.
    pub(crate) fn clock_fires(&mut self, id: IncidentId, kind: DeadlineKind) -> bool {
        let Some(d) = self.due(id, kind).filter(|d| d.due <= self.now) else { return false };
        let act = MeetDeadline { incident: id, kind: d.kind, subject: d.subject, due: d.due };
        self.as_actor(crate::Actor::clock(), act.into()).unwrap();
        true
    }

    /// A fire at the depot, called in on 119.
    pub(crate) fn fire(&mut self) -> IncidentId {
        self.does("dispatcher", fire_call()).parse().unwrap()
    }

    /// A fire that is real.
    pub(crate) fn real_fire(&mut self) -> IncidentId {
        let incident = self.fire();
        self.does("dispatcher", VerifyCall { incident, outcome: Outcome::Real, note: None });
        incident
    }

    /// A public service is told of it: from then on it is its affair too.
    pub(crate) fn concerns(&mut self, incident: IncidentId, org: &str) {
        self.does("dispatcher", SendLinkageNotices { incident, orgs: vec![slug(org)], text: None });
    }

    /// An own station is ordered.
    pub(crate) fn orders(&mut self, incident: IncidentId, force: &str) -> OrderId {
        self.orders_for(incident, force, None)
    }

    /// An own station is ordered for a slot of the composition, with two of what it asks.
    pub(crate) fn orders_for(&mut self, incident: IncidentId, force: &str, slot: Option<&str>) -> OrderId {
        self.does("dispatcher", first_response(incident, force, slot));
        self.state.hot(incident).unwrap().dispatch.running_order_of(&slug(force)).unwrap().id
    }

    /// Everything done that a close needs.
    pub(crate) fn burnt_out(&mut self) -> IncidentId {
        let incident = self.real_fire();
        let order = self.orders(incident, "shidao");
        self.does("bureau", report(incident, ReportStage::First));
        self.does("commander", ReleaseOrder { order, note: None });
        self.does("commander", ControlIncident { incident });
        self.does("bureau", report(incident, ReportStage::Final));
        incident
    }
}

/// A call about the depot.
pub(crate) fn fire_call() -> TakeCall {
    serde_json::from_value(json!({
        "source": "119", "caller": "石岛油库值班员01", "caller_number": "0631-0109999",
        "place": { "text": "石岛油库三号罐", "point": DEPOT },
        "hazard": "hazchem", "grade": 2, "trapped": 2, "substance": "汽油", "narrative": "三号罐起火",
    }))
    .unwrap()
}

fn first_response(incident: IncidentId, force: &str, slot: Option<&str>) -> OrderFirstResponse {
    serde_json::from_value(json!({
        "incident": incident,
        "orders": [{ "force": force, "task": "灭火", "slot": slot, "quantity": 2 }],
        "arrangements": { "assembly_point": { "text": "油库北门" }, "report_to": { "position": "现场指挥员" } },
    }))
    .unwrap()
}

/// A report.
pub(crate) fn report(incident: IncidentId, stage: ReportStage) -> FileReport {
    FileReport {
        incident, stage, text: "石岛油库三号罐起火，正在处置".to_owned(), by_phone: false
    }
}

/// A place beside the depot, so many degrees of longitude to the east.
pub(crate) fn beside(degrees_east: f64) -> PlaceGiven {
    let point = Some(Point { lon: DEPOT.lon + degrees_east, lat: DEPOT.lat });
    PlaceGiven { text: "油库旁".to_owned(), point, ..PlaceGiven::default() }
}
