//! The whole node, killed at any moment under load, and the power cut with it: what was answered is there, once.
//!
//! Desks and terminals work over HTTP, each act with its key. The node dies by kill -9, its directory becomes what a
//! disk may hold after a power cut, and it starts again on that. The harness shows that it can fail by planted
//! faults: a journal that does not wait for the disk, and a writer that answers before the commit.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

mod backup;
mod book;
mod cut;
mod kills;
mod line;
mod planted;
mod story;
mod tls;
mod tools;
mod trail;
