//! The after-action review (战评总结), Plan 4.3.3: written by the brigade, sent to the bureau.
//!
//! ```text
//! controlled | closed ──▶ written (revision 1) ──▶ rewritten (revision n + 1, over the revision seen)
//! ```
//!
//! The facts it stands on (timeline, intervals, deviations) are never typed: `facts` computes them from the file.

mod event;
mod state;

pub mod deadlines;
pub mod facts;
pub mod write_review;

pub use deadlines::{deadline_of, deadlines, missed};
pub use event::{Event, Missed, Written};
pub use facts::{Facts, facts};
pub use state::{Improvement, Review, apply};
