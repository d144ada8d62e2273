//! Deadlines, derived from state: never stored apart, so that none can outlive what it was for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::state::IncidentFile;
use crate::types::{IncidentId, Time};

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineKind {
    /// The next step of an order.
    OrderStep,
    /// The answer to a plan.
    PlanAnswer,
    /// The written agreement after a telephone one.
    WrittenAgreement,
    /// The signature under a filing.
    FilingSign,
    /// The acknowledgement of a linkage notice.
    NoticeAnswer,
    /// The confirmation of a stand-by.
    StandByAnswer,
    /// The answer to a letter of request.
    LetterAnswer,
    /// A town's answer (叫应).
    TownAnswer,
    /// The first report.
    FirstReport,
    /// The next follow-up report.
    FollowUpReport,
    /// The final report.
    FinalReport,
    /// The bureau's next situation report.
    SituationReport,
    /// The duty office's reading of a report.
    ReportRead,
    /// The feedback on an instruction.
    InstructionFeedback,
    /// The review.
    ReviewDue,
    /// A force's confirmation that it is out.
    WithdrawalConfirm,
    /// The brigade's briefing.
    BriefingDue,
    /// The superior's answer.
    ReinforcementAnswer,
    /// The answer to what was told outside, before the next way is tried.
    NotificationAnswer,
    /// What the orders ask for, to be acknowledged.
    Strength,
}

/// One thing that is due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline {
    /// When.
    pub due: Time,
    /// What.
    pub kind: DeadlineKind,
    /// Of which thing.
    pub subject: Ulid,
    /// In which incident.
    pub incident: IncidentId,
}

/// Everything of an incident that is due and has not been marked as missed.
pub fn deadlines(file: &IncidentFile) -> Vec<Deadline> {
    let mut all = crate::dispatch::deadlines(file);
    all.extend(crate::incident::deadlines(file));
    all.extend(crate::report::deadlines(file));
    all.extend(crate::review::deadlines(file));
    all.extend(crate::command_post::deadlines(file));
    all.extend(crate::reinforcement::deadlines(file));
    all.extend(crate::delivery::deadlines(file));
    all.sort_unstable();
    all
}
