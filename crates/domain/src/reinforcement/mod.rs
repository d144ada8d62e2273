//! Cross-region reinforcement (跨区域增援), Plan 4.1.4 and 3.2: the bureau asks the superior; once it agrees, the
//! superior brigade carries it out, and outside forces are attached to the incident until they are released.
//!
//! ```text
//!   request_reinforcement ──▶ waiting ──answer_reinforcement──▶ approved ──attach_force──▶ attached ──release_attached──▶ released
//!                                │                         └──▶ declined
//!                                └─ no answer in time ──▶ overdue (still waiting)
//! ```
//! An outside force has no terminal here: what it says is typed in. It never stands in the ledger.

pub mod answer_reinforcement;
pub mod attach_force;
pub mod deadlines;
pub mod event;
pub mod release_attached;
pub mod request_reinforcement;
pub mod state;

pub use deadlines::{deadlines, missed};
pub use event::Event;
pub use state::{Answer, Attached, Means, Reinforcement, ReinforcementStatus, Reinforcements};
