//! What happened to readiness.

use serde::{Deserialize, Serialize};

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
    "readiness.limits_set" 1 => LimitsSet,
    /// The state changed.
    "readiness.changed" 1 => ReadinessChanged,
}
