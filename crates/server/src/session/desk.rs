//! Which desks' certificates an account signs in with: bound by the operator at the machine.
//!
//! Bindings are asked of the store each time, so that one that was taken away is gone. An account may have several, since
//! a position may have several desks; and one desk may serve several positions.

use domain::types::{AccountId, Time};

use super::{SessionFault, Sessions};
use crate::tls::Fingerprint;

/// A certificate that is bound to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// Whose.
    pub account: String,
    /// Which.
    pub fingerprint: Fingerprint,
    /// What it calls its desk.
    pub subject: String,
    /// When it ends.
    pub until: Time,
}

impl Sessions {
    /// Binds a certificate to an account; again is once. Blocks.
    pub fn bind(&self, bound: &Bound, now: Time) -> Result<(), SessionFault> {
        self.store.bind(bound, now)
    }

    /// Takes a binding away; was there one? Blocks.
    pub fn unbind(&self, account: &AccountId, fingerprint: &Fingerprint) -> Result<bool, SessionFault> {
        self.store.unbind(account.as_str(), fingerprint)
    }

    /// The certificates of one account. Blocks.
    pub fn bound_to(&self, account: &AccountId) -> Result<Vec<Fingerprint>, SessionFault> {
        self.store.bound_to(account.as_str())
    }

    /// All of them, by account. Blocks.
    pub fn bindings(&self) -> Result<Vec<Bound>, SessionFault> {
        Ok(self.store.bindings()?.into_iter().map(|(bound, _)| bound).collect())
    }
}
