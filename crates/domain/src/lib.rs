//! The pure core of Muster: the plan's table of contents.
//!
//! `decide(state, context, act)` gives the events that follow from an act, or the refusal; `apply(state, event)`
//! folds them. No clock, no I/O, no randomness, no hash order: the same history gives the same state on every node.

// How it is built.
pub mod act;
pub mod authority;
pub mod context;
pub mod event;
pub mod labels;
pub mod personal;
pub mod refusal;
pub mod refusal_text;
pub mod state;
pub mod types;

// The forces and their masters (Plan 2, 4.1.1, 4.2.1).
pub mod jurisdiction;
pub mod ledger;
pub mod org;

// The incident (Plan 4.1, 4.3.2).
pub mod command_post;
pub mod composition;
pub mod dispatch;
pub mod incident;
pub mod reinforcement;
pub mod report;

// Before and after (Plan 4.1.2, 4.2.3, 4.3.3).
pub mod duty;
pub mod readiness;
pub mod review;

// What must be told to whom; reads all, is read by none.
pub mod delivery;
pub mod narrate;

// The plan's rules over a finished journal.
pub mod rules;

pub use act::{Act, ActKind, Decision, Resource, Rule, Stream, Target};
pub use context::{Actor, Context, Told};
pub use event::Event;
pub use refusal::Refusal;
pub use state::{IncidentFile, Recorded, State, apply};

#[cfg(any(test, feature = "testing"))]
pub mod testing;

/// Decides an act: authority first, then its rule. All of its events happen, or none.
pub fn decide(state: &State, ctx: &mut Context, act: Act) -> Result<Decision, Refusal> {
    authority::settle(state, &ctx.actor, &ctx.told, act.kind(), &act.target())?;
    ctx.bound_by(state.readiness.limits());
    let mut decision = act.decide(state, ctx)?;
    delivery::follow(state, ctx, &mut decision);
    Ok(decision)
}
