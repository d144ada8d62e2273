//! What no single crate can prove: form, stories over HTTP, simulation, crashes.

pub mod client;
pub mod node;
pub mod postgres;
pub mod powerloss;
pub mod town;
