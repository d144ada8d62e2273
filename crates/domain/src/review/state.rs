//! The review of an incident.

use std::sync::Arc;

use imbl::Vector;
use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::context::Reported;
use crate::personal::Personal;
use crate::types::{OrgId, Text};

/// Something that will be better (改进措施).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Improvement {
    /// What.
    pub what: Personal<Text>,
    /// Whose.
    pub owner: OrgId,
    /// Until which day, by the jurisdiction's calendar: 2026-12-31.
    pub due: Text,
}

/// The review. Before its first writing (revision 0) it can only be overdue.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Review {
    /// Which writing this is, from 1; 0 where nothing is written yet.
    pub revision: u32,
    /// What was done.
    pub measures: Option<Personal<Text>>,
    /// What was learnt.
    pub lessons: Option<Personal<Text>>,
    /// What is proposed.
    pub proposals: Option<Personal<Text>>,
    /// What will be better.
    pub improvements: Vec<Improvement>,
    /// Who wrote, each time.
    pub written: Vector<Reported>,
    /// It was not written in time, and that was recorded.
    pub overdue: bool,
}

/// Folds one event of this part.
pub fn apply(review: &mut Option<Arc<Review>>, event: &Event) {
    let review = Arc::make_mut(review.get_or_insert_default());
    match event {
        Event::Written(e) => {
            review.revision = e.revision;
            review.measures = Some(e.measures.clone());
            review.lessons = Some(e.lessons.clone());
            review.proposals = Some(e.proposals.clone());
            review.improvements.clone_from(&e.improvements);
            review.written.push_back(e.by.clone());
        }
        Event::Missed(_) => review.overdue = true,
    }
}
