//! What happened to readiness.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{LimitsTable, ReadinessState};
use crate::context::Reported;
use crate::event::part_events;
use crate::types::Text;

/// The limits of each readiness state were set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LimitsSet {
    /// They.
    pub limits: Box<LimitsTable>,
}

/// The readiness state changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadinessChanged {
    /// To what.
    pub state: ReadinessState,
    /// Why.
    pub why: Text,
    /// By whom.
    pub by: Reported,
}

part_events! {
    /// The limits were set.
    "readiness.limits_set" 4 [limits_set_v1_to_v2, limits_set_v2_to_v3, limits_set_v3_to_v4] => LimitsSet,
    /// The state changed.
    "readiness.changed" 1 => ReadinessChanged,
}

/// v2 dropped two limits by which nothing was ever measured: for passing a report on, and for a shift handover.
fn limits_set_v1_to_v2(data: &mut Map<String, Value>) {
    let tables = data.get_mut("limits").and_then(Value::as_object_mut);
    for limits in tables.into_iter().flat_map(|tables| tables.values_mut()).filter_map(Value::as_object_mut) {
        limits.remove("upward_report_limit_s");
        limits.remove("handover_limit_s");
    }
}

/// v3 added the time after which the next way of a message is tried; before, no message left the node.
fn limits_set_v2_to_v3(data: &mut Map<String, Value>) {
    let tables = data.get_mut("limits").and_then(Value::as_object_mut);
    for limits in tables.into_iter().flat_map(|tables| tables.values_mut()).filter_map(Value::as_object_mut) {
        limits.insert("way_limit_s".to_owned(), 30.into());
    }
}

/// v4 added the time after which a supplement is proposed; before, none was proposed by the clock.
fn limits_set_v3_to_v4(data: &mut Map<String, Value>) {
    let tables = data.get_mut("limits").and_then(Value::as_object_mut);
    for limits in tables.into_iter().flat_map(|tables| tables.values_mut()).filter_map(Value::as_object_mut) {
        limits.insert("strength_limit_s".to_owned(), 180.into());
    }
}
