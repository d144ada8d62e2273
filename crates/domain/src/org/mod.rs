//! Organisations (单位) and the accounts that act for them, Plan 4.1.1.

mod event;
mod state;

pub use event::{AccountOpened, Event, OrgContactsSet, OrgRegistered};
pub use state::{Account, Contact, Org, OrgKind, Orgs};
