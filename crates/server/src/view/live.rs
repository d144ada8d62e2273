//! What a change says on the stream: to desks which thing changed and one line about it; to a force its order, whole.

use domain::delivery::{Ring, ring};
use domain::narrate::{self, Names};
use domain::types::Text;
use domain::{Actor, Event, Stream, dispatch};
use schemars::JsonSchema;
use serde::Serialize;

use super::dispatch::StandByView;
use super::order::OrderView;
use super::{Moment as MomentText, Viewer};
use crate::live::{Class, Moment};

/// The data of a `change`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Change {
    /// `epoch.seq`
    pub seq: Text,
    /// When it was recorded.
    pub at: MomentText,
    /// Kind of the event.
    pub kind: &'static str,
    /// Its stream.
    pub stream: Text,
    /// Its incident.
    pub incident: Option<Text>,
    /// 演练
    pub drill: bool,
    /// How it rings here.
    pub ring: Option<Ring>,
    /// One line, in the language that the stream was asked for; personal words are left out.
    pub text: Text,
    /// How many events of this kind it tells of.
    pub count: u32,
    /// The order, whole, for its own force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderView>,
    /// The stand-by, whole, for its own force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stand_by: Option<StandByView>,
}

/// The data of a change for one class of readers.
pub fn change(moment: &Moment<'_>, class: &Class) -> String {
    let recorded = moment.recorded;
    let names = Names { state: moment.state, file: moment.file };
    let offset = moment.state.jurisdiction.utc_offset_min;
    let mut change = Change {
        seq: moment.at.to_string(),
        at: super::moment_at(offset, recorded.at),
        kind: recorded.event.kind(),
        stream: recorded.stream.to_string(),
        incident: match recorded.stream {
            Stream::Incident(id) => Some(id.to_string()),
            _ => None,
        },
        drill: moment.file.is_some_and(|f| f.incident.drill),
        ring: ring(&recorded.event, class.role),
        text: narrate::line_marked(class.lang, &recorded.event, names, false),
        count: moment.count,
        order: None,
        stand_by: None,
    };
    if let (Some(force), Some(file)) = (&class.force, moment.file) {
        let actor = terminal(moment, force);
        let viewer = Viewer { state: moment.state, actor: &actor, lang: class.lang, now: recorded.at };
        if let Event::Dispatch(event) = &recorded.event {
            let own =
                event.order().and_then(|id| file.dispatch.orders.get(&id)).filter(|o| o.force == *force);
            change.order = own.map(|o| viewer.order(file, o));
            change.stand_by = stand_by_of(event, file, force).map(|s| viewer.stand_by(file, s));
        } else if let Event::CommandPost(_) = &recorded.event {
            let running = file.dispatch.running_order_of(force);
            change.order = running.map(|o| viewer.order(file, o));
        }
    }
    serde_json::to_string(&change).expect("a view has string keys and no failing serialiser")
}

fn stand_by_of<'a>(
    event: &dispatch::Event,
    file: &'a domain::IncidentFile,
    force: &domain::types::ForceId,
) -> Option<&'a dispatch::StandBy> {
    let id = match event {
        dispatch::Event::StandByPushed(e) => e.stand_by,
        dispatch::Event::StandByConfirmed(e) => e.stand_by,
        dispatch::Event::StandByLifted(e) => e.stand_by,
        _ => return None,
    };
    file.dispatch.stand_bys.get(&id).map(AsRef::as_ref).filter(|s| s.force == *force)
}

/// The terminal of a force, as one who looks.
fn terminal(moment: &Moment<'_>, force: &domain::types::ForceId) -> Actor {
    let known = moment.state.ledger.forces.get(force);
    let org = known.map_or_else(|| Actor::clock().org, |f| f.org.clone());
    Actor {
        account: Actor::clock().account,
        role: domain::authority::Role::Force,
        org,
        force: Some(force.clone()),
        position: known.map(|f| f.short.clone()).unwrap_or_default(),
    }
}
