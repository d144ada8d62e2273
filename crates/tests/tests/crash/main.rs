//! Killed at any moment, and the power cut with it: what was acknowledged is there, once.
//!
//! The promise (docs/architecture.md): an acknowledged act survives kill -9 and a power cut, where fsync is honoured.
//! The harness shows that it can fail by a planted fault, a journal that does not wait for the disk.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

mod child;
mod journal_survives;
mod shim_records;
