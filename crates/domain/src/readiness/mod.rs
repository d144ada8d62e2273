//! The readiness state (平战状态), Plan 4.1.2: it sets every limit; and the deadlines that follow from them.

pub mod change_readiness;
mod deadline;
mod event;
pub mod meet_deadline;
mod state;

pub use deadline::{Deadline, DeadlineKind, deadlines};
pub use event::{Event, LimitsSet, ReadinessChanged};
pub use state::{Limits, LimitsTable, Readiness, ReadinessState};
