//! What was reviewed.

use serde::{Deserialize, Serialize};

use super::state::Improvement;
use crate::context::Reported;
use crate::event::part_events;
use crate::personal::Personal;
use crate::types::{Text, Time};

part_events! {
    /// The review was written or rewritten.
    "review.written" 1 => Written,
    /// It was not written in time.
    "review.missed" 1 => Missed,
}

/// The review was written or rewritten.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Written {
    /// Which writing this is, from 1.
    pub revision: u32,
    /// What was done (处置措施).
    pub measures: Personal<Text>,
    /// What was learnt (经验教训).
    pub lessons: Personal<Text>,
    /// What is proposed (意见建议).
    pub proposals: Personal<Text>,
    /// What will be better (改进措施).
    pub improvements: Vec<Improvement>,
    /// Who, and when.
    pub by: Reported,
}

/// It was not written in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Missed {
    /// Until when it was due.
    pub due: Time,
    /// When that was found.
    pub at: Time,
}
