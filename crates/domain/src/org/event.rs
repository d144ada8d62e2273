//! What happened to organisations and accounts.

use serde::{Deserialize, Serialize};

use super::{Account, Contact, Org};
use crate::context::Reported;
use crate::event::part_events;
use crate::types::OrgId;

/// An organisation entered the register.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrgRegistered {
    /// It.
    pub org: Org,
}

/// An account was opened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountOpened {
    /// It.
    pub account: Account,
}

/// How an organisation is reached was given anew.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrgContactsSet {
    /// Which.
    pub org: OrgId,
    /// All of its contacts, first one first.
    pub contacts: Vec<Contact>,
    /// By whom.
    pub by: Reported,
}

part_events! {
    /// An organisation entered the register.
    "org.registered" 1 => OrgRegistered,
    /// An account was opened.
    "account.opened" 1 => AccountOpened,
    /// How an organisation is reached.
    "org.contacts_set" 1 => OrgContactsSet,
}
