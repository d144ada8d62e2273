//! The ledger (台账) of forces, Plan 2.1–2.4: what there is, where, and what it can do.

mod event;
mod state;

pub use event::{Event, ForceContactsSet, ForceRegistered};
pub use state::{Force, ForceKind, Ledger, Mark, Vehicle};
