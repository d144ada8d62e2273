//! Command on scene, Plan 4.1.2 and 4.1.5: exactly one commander at each moment, on record.
//!
//! ```text
//!   incident opened ──▶ brigade ──raise_command──▶ superior (提级指挥)
//!                          │                          │
//!                    establish_post             establish_post
//!                          ▼                          ▼
//!                         post (现场指挥部) ──hand_in_briefing · delegate_command
//!
//!   order_withdrawal ──▶ every force on the way or on scene confirms ──▶ everyone out, or so many missing
//!   enter_scene ──▶ inside ──leave_scene, confirm_withdrawal──▶ out
//! ```
//! The city's decision takes effect at once; the briefing follows. Delegations end when the holder changes.
//! An emergency withdrawal (紧急撤离) goes through from the brigade and the post alike, whoever commands.

pub mod appoint_safety_officer;
pub mod confirm_withdrawal;
pub mod deadlines;
pub mod delegate_command;
pub mod enter_scene;
pub mod establish_post;
pub mod event;
pub mod form_forward_headquarters;
pub mod hand_in_briefing;
pub mod leave_scene;
pub mod order_withdrawal;
pub mod raise_command;
#[cfg(test)]
pub(crate) mod scenes;
pub mod state;

pub use deadlines::{deadlines, missed};
pub use event::Event;
pub use state::{
    Command, Confirmation, Delegate, Delegation, ForwardHeadquarters, Group, Held, Holder, Inside, Party,
    Post, WentIn, Withdrawal,
};
