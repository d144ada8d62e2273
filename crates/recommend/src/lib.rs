//! The proposal: which forces fill a composition soonest, each choice and each gap explained. Plan 4.1.4, 4.2.4, 4.3.2.
//!
//! ```text
//! composition + ledger + orders ──▶ candidates ──▶ fill ──▶ reasons ──▶ Proposal, cited by its hash
//! ```
//! Pure: the same state gives the same bytes on every node. It proposes and never orders; the dispatcher changes it
//! freely. Travel times come from the straight distance, and every line says so, until road times exist.

mod candidates;
mod fill;
mod proposal;
mod reasons;
mod tasks;

pub use candidates::{Held, Options};
pub use proposal::{
    CompositionCited, Gap, Line, Pick, Proposal, SlotProposal, TRAVEL_STRAIGHT_LINE, propose,
    propose_supplement,
};
pub use tasks::{default_first_response, default_stand_by, plan_tasks};
