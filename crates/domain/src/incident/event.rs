//! What happened to an incident.

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::state::{Call, Figures, Note, Severity, SeverityStage, Source};
use crate::context::Reported;
use crate::event::part_events;
use crate::personal::Personal;
use crate::types::ids::Fresh;
use crate::types::{IncidentId, InstructionId, OrgId, Place, Text, Time, TownCallId};

part_events! {
    /// A call opened the incident (接警).
    "incident.call_taken" 1 => CallTaken,
    /// Another call about it.
    "incident.call_added" 1 => CallAdded,
    /// It is real (核实).
    "incident.verified" 1 => Verified,
    /// It was nothing (误报).
    "incident.false_alarm" 1 => FalseAlarm,
    /// Hazard and dispatch grade.
    "incident.classified" 1 => Classified,
    /// The dispatch grade went up.
    "incident.grade_raised" 1 => GradeRaised,
    /// Severity, preliminary or confirmed.
    "incident.severity_graded" 1 => SeverityGraded,
    /// It was the same as another one, and ends here.
    "incident.merged" 1 => Merged,
    /// Another one was the same as this, and its calls are here now.
    "incident.absorbed" 1 => Absorbed,
    /// Under control.
    "incident.controlled" 1 => Controlled,
    /// Closed by its rule.
    "incident.closed" 1 => Closed,
    /// Casualties as reported.
    "incident.casualties_counted" 1 => CasualtiesCounted,
    /// Casualties confirmed.
    "incident.casualties_confirmed" 1 => CasualtiesConfirmed,
    /// Something worth recording.
    "incident.note_added" 1 => NoteAdded,
    /// A town's shift leader was called (叫应).
    "incident.town_called" 1 => TownCalled,
    /// He answered.
    "incident.town_answered" 1 => TownAnswered,
    /// He did not answer in time.
    "incident.town_answer_missed" 1 => TownAnswerMissed,
    /// A leader's instruction (批示).
    "incident.instruction_given" 1 => InstructionGiven,
    /// It became somebody's task.
    "incident.task_assigned" 1 => TaskAssigned,
    /// It was reported back.
    "incident.fed_back" 1 => FedBack,
    /// It was not reported back in time.
    "incident.instruction_feedback_missed" 1 => InstructionFeedbackMissed,
}

impl Event {
    /// The ULIDs of what this event brings into being.
    pub fn creates(&self) -> Vec<Ulid> {
        match self {
            Self::TownCalled(e) => vec![e.town_call.ulid()],
            Self::InstructionGiven(e) => vec![e.instruction.ulid()],
            _ => Vec::new(),
        }
    }
}

/// A call opened the incident.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallTaken {
    /// The incident's number.
    pub number: Text,
    /// 演练
    pub drill: bool,
    /// Where the call came from.
    pub source: Source,
    /// Who called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<Personal<Text>>,
    /// From which number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller_number: Option<Personal<Text>>,
    /// The recording's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<Text>,
    /// When the call was received.
    pub received_at: Time,
    /// Where.
    pub place: Place,
    /// Hazard code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hazard: Option<Text>,
    /// Dispatch grade, 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<u8>,
    /// People trapped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trapped: Option<u32>,
    /// The substance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substance: Option<Text>,
    /// What was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrative: Option<Personal<Text>>,
    /// Until when the first report is due.
    pub first_report_due: Time,
    /// Who took it.
    pub by: Reported,
}

impl CallTaken {
    /// The call as one of the incident's calls.
    pub fn call(&self) -> Call {
        Call {
            source: self.source,
            caller: self.caller.clone(),
            caller_number: self.caller_number.clone(),
            recording: self.recording.clone(),
            received_at: self.received_at,
            place: self.place.clone(),
            trapped: self.trapped,
            substance: self.substance.clone(),
            narrative: self.narrative.clone(),
            by: self.by.clone(),
        }
    }
}

/// Another call about the incident.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallAdded {
    /// The call.
    pub call: Call,
}

/// It is real.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Verified {
    /// How it was found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Personal<Text>>,
    /// Who, and when.
    pub by: Reported,
}

/// It was nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FalseAlarm {
    /// How it was found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Personal<Text>>,
    /// Who, and when.
    pub by: Reported,
}

/// Hazard and dispatch grade. What is absent stays as it was.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Classified {
    /// Hazard code.
    pub hazard: Text,
    /// Dispatch grade, 1 to 5.
    pub grade: u8,
    /// People trapped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trapped: Option<u32>,
    /// The substance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substance: Option<Text>,
    /// A better place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Who, and when.
    pub by: Reported,
}

/// The dispatch grade went up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GradeRaised {
    /// Before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u8>,
    /// Now.
    pub grade: u8,
    /// Who, and when.
    pub by: Reported,
}

/// Severity, preliminary or confirmed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SeverityGraded {
    /// The severity.
    pub severity: Severity,
    /// How firm it is.
    pub stage: SeverityStage,
    /// Who, and when.
    pub by: Reported,
}

/// The incident was the same as another one; written to its own stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Merged {
    /// The other one.
    pub into: IncidentId,
    /// Its number.
    pub into_number: Text,
    /// Who, and when.
    pub by: Reported,
}

/// Another one was the same as this; written to this one's stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Absorbed {
    /// The other one.
    pub from: IncidentId,
    /// Its number.
    pub from_number: Text,
    /// Its calls, so that this stream alone tells them all.
    pub calls: Vec<Call>,
    /// Who, and when.
    pub by: Reported,
}

/// Under control.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Controlled {
    /// Until when the final report is due.
    pub final_report_due: Time,
    /// Who, and when.
    pub by: Reported,
}

/// Closed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Closed {
    /// A last word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Personal<Text>>,
    /// Until when the review is due.
    pub review_due: Time,
    /// Who, and when.
    pub by: Reported,
}

/// Casualties as reported.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CasualtiesCounted {
    /// Which count this is, from 1.
    pub revision: u32,
    /// The figures.
    pub figures: Figures,
    /// Who says so.
    pub source: Personal<Text>,
    /// As of when.
    pub as_of: Time,
    /// Who, and when.
    pub by: Reported,
}

/// A count was confirmed; the figures stand here, since they are what goes upward.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CasualtiesConfirmed {
    /// Which count.
    pub revision: u32,
    /// Its figures.
    pub figures: Figures,
    /// Who, and when.
    pub by: Reported,
}

/// Something worth recording.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoteAdded {
    /// The note.
    pub note: Note,
}

/// A town's shift leader was called.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TownCalled {
    /// The call.
    pub town_call: TownCallId,
    /// The town.
    pub town: OrgId,
    /// Its shift leader on duty, by position and number.
    pub asked: Text,
    /// Seconds he has.
    pub answer_limit_s: i64,
    /// Until when.
    pub due: Time,
    /// Who, and when.
    pub by: Reported,
}

/// He answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TownAnswered {
    /// The call.
    pub town_call: TownCallId,
    /// In his words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Personal<Text>>,
    /// Who, and when.
    pub by: Reported,
}

/// He did not answer in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TownAnswerMissed {
    /// The call.
    pub town_call: TownCallId,
    /// Until when it was awaited.
    pub due: Time,
    /// When that was found.
    pub at: Time,
}

/// A leader's instruction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InstructionGiven {
    /// The instruction.
    pub instruction: InstructionId,
    /// What he said.
    pub text: Personal<Text>,
    /// His position.
    pub from: Text,
    /// Until when a feedback is awaited.
    pub feedback_due: Time,
    /// Who gave or typed it, and when.
    pub by: Reported,
}

/// It became somebody's task.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskAssigned {
    /// The instruction.
    pub instruction: InstructionId,
    /// Whose.
    pub to: OrgId,
    /// What is to be done.
    pub task: Personal<Text>,
    /// Until when, where another time than the jurisdiction's was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Time>,
    /// Who, and when.
    pub by: Reported,
}

/// It was reported back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FedBack {
    /// The instruction.
    pub instruction: InstructionId,
    /// What was done.
    pub text: Personal<Text>,
    /// Is it finished?
    pub done: bool,
    /// Who, and when.
    pub by: Reported,
}

/// It was not reported back in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InstructionFeedbackMissed {
    /// The instruction.
    pub instruction: InstructionId,
    /// Until when it was awaited.
    pub due: Time,
    /// When that was found.
    pub at: Time,
}
