//! Who is on duty (值班值守), Plan 4.2.3: duty list, and the shift that a desk is in.

mod event;
pub mod hand_over_shift;
mod state;

pub use event::{DutyListed, Event, ShiftHandedOver};
pub use state::{DeskKind, Duty, DutyPosition, DutyRow, OnDuty, Shift};
