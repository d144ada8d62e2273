//! What has been reported of an incident.

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::context::Reported;
use crate::incident::Figures;
use crate::personal::Personal;
use crate::types::{OrgId, ReportId, SituationReportId, Text, Time};

/// Which report it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 首报
    First,
    /// 续报
    FollowUp,
    /// 终报
    Final,
}

impl Stage {
    /// Stable code, as in the interface.
    pub fn code(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::FollowUp => "follow_up",
            Self::Final => "final",
        }
    }
}

/// One version of a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Version {
    /// From 1.
    pub version: u32,
    /// What it says.
    pub text: Personal<Text>,
    /// The confirmed casualties at that moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub casualties: Option<Figures>,
    /// Which count that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub casualties_revision: Option<u32>,
    /// Why it was corrected; `None` in the first version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Personal<Text>>,
    /// Who, and when.
    pub by: Reported,
}

/// Who has read which version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The version.
    pub version: u32,
    /// The organisation.
    pub org: OrgId,
    /// Who, and when.
    pub by: Reported,
}

/// An information report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// Which.
    pub stage: Stage,
    /// Told by telephone first.
    pub by_phone: bool,
    /// Every version, the newest last; never empty.
    pub versions: Vector<Version>,
    /// The office it is addressed to.
    pub addressed_to: OrgId,
    /// Who gets a copy.
    pub copied_to: Vec<OrgId>,
    /// The organisation that reports.
    pub filed_by: OrgId,
    /// Until when it was due.
    pub due: Option<Time>,
    /// It was made after that.
    pub late: bool,
    /// Until when the office it is addressed to must have read it.
    pub read_due: Time,
    /// It was not, and that was recorded.
    pub unread: bool,
    /// Who has read it.
    pub read_by: Vector<Reading>,
}

impl Report {
    /// The number of the newest version.
    pub fn version(&self) -> u32 {
        self.versions.last().map_or(0, |v| v.version)
    }

    /// Has the office it is addressed to read it, in any version?
    pub fn is_read(&self) -> bool {
        self.read_by.iter().any(|reading| reading.org == self.addressed_to)
    }

    /// When it was made.
    pub fn filed(&self) -> Option<&Reported> {
        self.versions.front().map(|v| &v.by)
    }
}

/// A situation report of the bureau.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SituationReport {
    /// Its number in the incident, from 1.
    pub number: u32,
    /// What it says.
    pub text: Personal<Text>,
    /// The confirmed casualties at that moment.
    pub casualties: Option<Figures>,
    /// Who, and when.
    pub by: Reported,
}

/// How reporting went: Plan 4.3.1 asks for late, missing and corrected reports to be seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReportCounts {
    /// All.
    pub filed: usize,
    /// Made after they were due.
    pub late: usize,
    /// Times that a report did not come when it was due, whether or not it came later.
    pub missed: usize,
    /// With more than one version.
    pub corrected: usize,
}

/// The reports of an incident.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Reports {
    /// Information reports, in order of time.
    pub reports: OrdMap<ReportId, Arc<Report>>,
    /// Situation reports, in order of time.
    pub situation: OrdMap<SituationReportId, Arc<SituationReport>>,
    /// Until when the next follow-up is due.
    pub next_due: Option<Time>,
    /// Until when the next situation report is due; `None` before the first one, and once it was missed.
    pub situation_due: Option<Time>,
    /// Which report did not come in time, and when it was due.
    pub missed: Vector<(Stage, Time)>,
}

impl Reports {
    /// Has a report of this stage been made?
    pub fn has(&self, stage: Stage) -> bool {
        self.reports.values().any(|report| report.stage == stage)
    }

    /// Late, missing and corrected reports.
    pub fn counts(&self) -> ReportCounts {
        let count = |which: fn(&Report) -> bool| self.reports.values().filter(|r| which(r)).count();
        ReportCounts {
            filed: self.reports.len(),
            late: count(|r| r.late),
            missed: self.missed.len(),
            corrected: count(|r| r.versions.len() > 1),
        }
    }

    /// Folds one event of this part.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Filed(e) => {
                let version = Version {
                    version: 1,
                    text: e.text.clone(),
                    casualties: e.casualties,
                    casualties_revision: e.casualties_revision,
                    why: None,
                    by: e.by.clone(),
                };
                let report = Report {
                    stage: e.stage,
                    by_phone: e.by_phone,
                    versions: Vector::unit(version),
                    addressed_to: e.addressed_to.clone(),
                    copied_to: e.copied_to.clone(),
                    filed_by: e.filed_by.clone(),
                    due: e.due,
                    late: e.late,
                    read_due: e.read_due,
                    unread: false,
                    read_by: Vector::new(),
                };
                self.reports.insert(e.report, Arc::new(report));
                self.next_due = e.next_due;
            }
            Event::Corrected(e) => {
                if let Some(report) = self.reports.get_mut(&e.report) {
                    Arc::make_mut(report).versions.push_back(Version {
                        version: e.version,
                        text: e.text.clone(),
                        casualties: e.casualties,
                        casualties_revision: e.casualties_revision,
                        why: Some(e.why.clone()),
                        by: e.by.clone(),
                    });
                }
            }
            Event::Read(e) => {
                if let Some(report) = self.reports.get_mut(&e.report) {
                    let reading = Reading { version: e.version, org: e.org.clone(), by: e.by.clone() };
                    Arc::make_mut(report).read_by.push_back(reading);
                }
            }
            Event::Unread(e) => {
                if let Some(report) = self.reports.get_mut(&e.report) {
                    Arc::make_mut(report).unread = true;
                }
            }
            Event::Missed(e) => self.missed.push_back((e.stage, e.due)),
            Event::SituationCompiled(e) => {
                let situation = SituationReport {
                    number: e.number,
                    text: e.text.clone(),
                    casualties: e.casualties,
                    by: e.by.clone(),
                };
                self.situation.insert(e.situation_report, Arc::new(situation));
                self.situation_due = e.next_due.or(self.situation_due);
            }
            Event::SituationMissed(_) => self.situation_due = None,
        }
    }
}
