//! What was reported.

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::state::Stage;
use crate::context::Reported;
use crate::event::part_events;
use crate::incident::Figures;
use crate::personal::Personal;
use crate::types::ids::Fresh;
use crate::types::{OrgId, ReportId, SituationReportId, Text, Time};

part_events! {
    /// A report went to the government duty office and both desks.
    "report.filed" 1 => Filed,
    /// A further version of it.
    "report.corrected" 1 => Corrected,
    /// It was read (已阅).
    "report.read" 1 => Read,
    /// A report did not come in time.
    "report.missed" 1 => Missed,
    /// The office it is addressed to did not read it in time.
    "report.unread" 1 => Unread,
    /// The bureau compiled the situation (情况专报).
    "report.situation_compiled" 1 => SituationCompiled,
    /// The next one did not come in time.
    "report.situation_missed" 1 => SituationMissed,
}

impl Event {
    /// The ULIDs of what this event brings into being.
    pub fn creates(&self) -> Vec<Ulid> {
        match self {
            Self::Filed(e) => vec![e.report.ulid()],
            Self::SituationCompiled(e) => vec![e.situation_report.ulid()],
            _ => Vec::new(),
        }
    }
}

/// A report went out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Filed {
    /// The report.
    pub report: ReportId,
    /// Which.
    pub stage: Stage,
    /// What it says.
    pub text: Personal<Text>,
    /// Told by telephone first (电话报告).
    pub by_phone: bool,
    /// The confirmed casualties at that moment; `None` where nothing was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub casualties: Option<Figures>,
    /// Which count that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub casualties_revision: Option<u32>,
    /// The office it is addressed to.
    pub addressed_to: OrgId,
    /// Who gets a copy at the same time (抄报).
    pub copied_to: Vec<OrgId>,
    /// The organisation that reports.
    pub filed_by: OrgId,
    /// Until when it was due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Time>,
    /// It was made after that.
    pub late: bool,
    /// Until when the office it is addressed to must have read it.
    pub read_due: Time,
    /// Until when the next follow-up is due; `None` after the final one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_due: Option<Time>,
    /// Who, and when.
    pub by: Reported,
}

/// A further version.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Corrected {
    /// The report.
    pub report: ReportId,
    /// The version, from 2.
    pub version: u32,
    /// What it says now.
    pub text: Personal<Text>,
    /// Why.
    pub why: Personal<Text>,
    /// The confirmed casualties at that moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub casualties: Option<Figures>,
    /// Which count that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub casualties_revision: Option<u32>,
    /// Who, and when.
    pub by: Reported,
}

/// It was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Read {
    /// The report.
    pub report: ReportId,
    /// The version that was read.
    pub version: u32,
    /// The organisation that read it.
    pub org: OrgId,
    /// Who, and when.
    pub by: Reported,
}

/// A report did not come in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Missed {
    /// Which.
    pub stage: Stage,
    /// Until when it was due.
    pub due: Time,
    /// When that was found.
    pub at: Time,
}

/// The office it is addressed to did not read it in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Unread {
    /// The report.
    pub report: ReportId,
    /// Until when it was due.
    pub due: Time,
    /// When that was found.
    pub at: Time,
}

/// The bureau compiled the situation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SituationCompiled {
    /// The situation report.
    pub situation_report: SituationReportId,
    /// Its number in the incident, from 1 (第 n 期).
    pub number: u32,
    /// What it says.
    pub text: Personal<Text>,
    /// The confirmed casualties at that moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub casualties: Option<Figures>,
    /// Until when the next one is due, where this is the newest; nothing was due before this was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_due: Option<Time>,
    /// Who, and when.
    pub by: Reported,
}

/// The bureau's next situation report did not come in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SituationMissed {
    /// Until when it was due.
    pub due: Time,
    /// When that was found.
    pub at: Time,
}
