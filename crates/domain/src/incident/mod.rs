//! The incident (警情, once verified: 突发事件) from the call to its close, Plan 4.1.3, 4.1.5, 4.3.1.
//!
//! ```text
//! take_call ─▶ reported ──verify──▶ verified ──first order──▶ responding ──control──▶ controlled ──close──▶ closed
//!                 │                    │                          │                        │
//!                 ├── false alarm ─────┴──────────────────────────┘                        │
//!                 └── merge into another ──────────────────────────────────────────────────┘
//! ```
//!
//! The first order may come before the verification: whoever moves first (先期处置) does not wait for a form.
//! An incident that is over leaves the open ones; its summary stays, and the whole of it until its last paper is in
//! (return forms, signatures under filings). After that its file is folded again on demand.

mod event;
mod state;
mod summary;

pub mod add_note;
pub mod answer_town_call;
pub mod assign_task;
pub mod call_town;
pub mod classify_incident;
pub mod close_incident;
pub mod confirm_casualties;
pub mod control_incident;
pub mod count_casualties;
pub mod deadlines;
pub mod feed_back;
pub mod give_instruction;
pub mod grade_severity;
pub mod merge_incident;
pub mod query;
pub mod raise_grade;
pub mod take_call;
pub mod verify_call;

pub use close_incident::blockers;
pub use deadlines::{deadlines, missed};
pub use event::{
    Absorbed, CallAdded, CallTaken, CasualtiesConfirmed, CasualtiesCounted, Classified, Closed, Controlled,
    Event, FalseAlarm, FedBack, GradeRaised, InstructionFeedbackMissed, InstructionGiven, Merged, NoteAdded,
    SeverityGraded, TaskAssigned, TownAnswerMissed, TownAnswered, TownCalled, Verified,
};
pub use query::{Similar, known, open, open_with, similar, still_open};
pub use state::{
    Assigned, Call, Casualties, ClosedMark, Confirmation, Feedback, Figures, Incident, Instruction, Note,
    Severity, SeverityGrade, SeverityStage, Source, Status, TownAnswer, TownCall,
};
pub use summary::{IncidentSummary, OrderCounts};

#[cfg(test)]
pub(crate) mod stage;
