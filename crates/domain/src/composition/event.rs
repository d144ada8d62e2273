//! What happened to compositions.

use serde::{Deserialize, Serialize};

use super::Composition;
use crate::context::Reported;
use crate::event::part_events;
use crate::types::{CompositionId, Text, Time};

/// A composition came into force.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CompositionAdopted {
    /// It.
    pub composition: Composition,
    /// By whom; `None` where it came with the jurisdiction's data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Reported>,
}

/// The bureau agreed in advance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CompositionPreauthorised {
    /// To which composition.
    pub composition: CompositionId,
    /// To which version of it.
    pub version: u32,
    /// Why.
    pub why: Text,
    /// Until when.
    pub until: Option<Time>,
    /// By whom.
    pub by: Reported,
}

/// That agreement ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PreauthorisationRevoked {
    /// Of which composition.
    pub composition: CompositionId,
    /// By whom.
    pub by: Reported,
}

part_events! {
    /// A composition came into force.
    "composition.adopted" 1 => CompositionAdopted,
    /// The bureau agreed in advance.
    "composition.preauthorised" 1 => CompositionPreauthorised,
    /// That agreement ended.
    "composition.preauthorisation_revoked" 1 => PreauthorisationRevoked,
}
