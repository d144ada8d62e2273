//! What no single crate can prove: form, stories over HTTP, simulation, crashes.

pub mod powerloss;
