//! What happened to organisations and accounts.

use serde::{Deserialize, Serialize};

use super::{Account, Org};
use crate::event::part_events;

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

part_events! {
    /// An organisation entered the register.
    "org.registered" 1 => OrgRegistered,
    /// An account was opened.
    "account.opened" 1 => AccountOpened,
}
