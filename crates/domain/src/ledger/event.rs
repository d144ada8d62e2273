//! What happened to the ledger.

use serde::{Deserialize, Serialize};

use super::Force;
use crate::event::part_events;

/// A force entered the ledger.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ForceRegistered {
    /// It.
    pub force: Force,
}

part_events! {
    /// A force entered the ledger.
    "force.registered" 1 => ForceRegistered,
}
