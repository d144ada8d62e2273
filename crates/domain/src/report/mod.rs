//! Information reports (首报、续报、终报) and situation reports (情况专报), Plan 4.3.1, 4.1.5.
//!
//! ```text
//! call ──▶ first report ──▶ follow-up … ──▶ (controlled) ──▶ final report
//!              │                │                              │
//!              └── correct: a further version, nothing is overwritten ──▶ read, once per account and version
//! ```
//!
//! Addressed to the government duty office, copied to bureau and brigade at the same time. Only confirmed
//! casualties go into a report. Lateness is judged by when it was made, not by when it was typed.

mod event;
mod state;

pub mod compile_situation_report;
pub mod correct_report;
pub mod deadlines;
pub mod file_report;
pub mod read_report;

pub use deadlines::{deadlines, missed};
pub use event::{Corrected, Event, Filed, Missed, Read, SituationCompiled, SituationMissed, Unread};
pub use state::{Reading, Report, ReportCounts, Reports, SituationReport, Stage, Version};
