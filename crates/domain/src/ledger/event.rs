//! What happened to the ledger.

use serde::{Deserialize, Serialize};

use super::Force;
use crate::context::Reported;
use crate::event::part_events;
use crate::org::Contact;
use crate::types::ForceId;

/// A force entered the ledger.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ForceRegistered {
    /// It.
    pub force: Force,
}

/// How a force is reached was given anew.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ForceContactsSet {
    /// Which.
    pub force: ForceId,
    /// All of its contacts, first one first.
    pub contacts: Vec<Contact>,
    /// By whom.
    pub by: Reported,
}

part_events! {
    /// A force entered the ledger.
    "force.registered" 1 => ForceRegistered,
    /// How a force is reached.
    "force.contacts_set" 1 => ForceContactsSet,
}
