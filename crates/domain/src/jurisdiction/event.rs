//! What happened to the jurisdiction.

use serde::{Deserialize, Serialize};

use super::Jurisdiction;
use crate::event::part_events;

/// The jurisdiction came into being, with its data.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct JurisdictionEstablished {
    /// Its data, whole.
    pub jurisdiction: Box<Jurisdiction>,
}

part_events! {
    /// The jurisdiction came into being.
    "jurisdiction.established" 1 => JurisdictionEstablished,
}
