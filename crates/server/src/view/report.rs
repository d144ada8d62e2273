//! Information reports and situation reports.

use domain::IncidentFile;
use domain::act::{ActKind, Target};
use domain::incident::Figures;
use domain::refusal::Thing;
use domain::report::{self as rep, Report, SituationReport, Stage};
use domain::types::{ReportId, SituationReportId, Text};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Mays, Moment, Ref, ReportedView, Viewer};

/// One version of a report; none is ever overwritten.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct VersionView {
    /// From 1.
    pub version: u32,
    /// What it says.
    pub text: Text,
    /// Confirmed casualties at that time.
    pub casualties: Option<Figures>,
    /// Why it was corrected.
    pub why: Option<Text>,
    /// When, by whom.
    pub reported: ReportedView,
}

/// Who has read it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReadingView {
    /// His position.
    pub position: Text,
    /// His organisation.
    pub org: Ref,
    /// Which version.
    pub version: u32,
    /// When.
    pub at: Moment,
}

/// An information report.
#[expect(clippy::struct_excessive_bools, reason = "a view: each is a thing to show")]
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReportView {
    /// Its id.
    pub id: Text,
    /// Its incident.
    pub incident: Text,
    /// The incident's number.
    pub incident_number: Text,
    /// 演练
    pub drill: bool,
    /// First, follow-up or final.
    pub stage: Stage,
    /// The newest version.
    pub version: u32,
    /// What it says.
    pub text: Text,
    /// Confirmed casualties.
    pub casualties: Option<Figures>,
    /// All versions.
    pub versions: Vec<VersionView>,
    /// To whom.
    pub addressed_to: Ref,
    /// 抄报
    pub copied_to: Vec<Ref>,
    /// From whom.
    pub filed_by: Ref,
    /// Was it told by telephone first?
    pub by_phone: bool,
    /// When it was due.
    pub due: Option<Moment>,
    /// Late?
    pub late: bool,
    /// Not read in time?
    pub unread: bool,
    /// When, by whom.
    pub reported: Option<ReportedView>,
    /// Who has read it.
    pub read_by: Vec<ReadingView>,
    /// What may be done next.
    pub may: Mays,
}

/// A situation report.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SituationReportView {
    /// Its id.
    pub id: Text,
    /// Its number.
    pub number: u32,
    /// What it says.
    pub text: Text,
    /// Confirmed casualties.
    pub casualties: Option<Figures>,
    /// When, by whom.
    pub compiled: ReportedView,
}

impl Viewer<'_> {
    /// Reports that this viewer may see, newest first.
    pub fn reports(&self, file: &IncidentFile) -> Vec<ReportView> {
        let seen = |r: &Report| {
            self.is_desk() || self.is_own_org(&r.filed_by) || r.copied_to.iter().any(|o| self.is_own_org(o))
        };
        let all = file.report.reports.iter().rev().filter(|(_, r)| seen(r));
        all.map(|(id, r)| self.report(file, *id, r)).collect()
    }

    fn report(&self, file: &IncidentFile, id: ReportId, r: &Report) -> ReportView {
        let target = Target::of(Thing::Report, id);
        let mut may = Mays::new();
        let read = rep::read_report::allow(self.state, id, &self.actor.account).map(|_| ());
        self.offer(&mut may, ActKind::ReadReport, &target, read);
        let correct = rep::correct_report::allow(self.state, id, self.actor).map(|_| ());
        self.offer(&mut may, ActKind::CorrectReport, &target, correct);
        let versions = r.versions.iter().map(|v| VersionView {
            version: v.version,
            text: self.words(&v.text),
            casualties: v.casualties,
            why: self.words_opt(v.why.as_ref()),
            reported: self.reported(&v.by),
        });
        let versions: Vec<VersionView> = versions.collect();
        let read_by = r.read_by.iter().map(|x| ReadingView {
            position: x.by.by.clone(),
            org: self.org(&x.org),
            version: x.version,
            at: self.moment(x.by.at),
        });
        ReportView {
            id: id.to_string(),
            incident: file.incident.id.to_string(),
            incident_number: file.incident.number.clone(),
            drill: file.incident.drill,
            stage: r.stage,
            version: r.version(),
            text: versions.last().map(|v| v.text.clone()).unwrap_or_default(),
            casualties: versions.last().and_then(|v| v.casualties),
            versions,
            addressed_to: self.org(&r.addressed_to),
            copied_to: r.copied_to.iter().map(|o| self.org(o)).collect(),
            filed_by: self.org(&r.filed_by),
            by_phone: r.by_phone,
            due: self.moment_opt(r.due),
            late: r.late,
            unread: r.unread,
            reported: r.filed().map(|by| self.reported(by)),
            read_by: read_by.collect(),
            may,
        }
    }

    /// Situation reports, newest first.
    pub fn situation_reports(&self, file: &IncidentFile) -> Vec<SituationReportView> {
        file.report.situation.iter().rev().map(|(id, s)| self.situation_report(*id, s)).collect()
    }

    fn situation_report(&self, id: SituationReportId, s: &SituationReport) -> SituationReportView {
        SituationReportView {
            id: id.to_string(),
            number: s.number,
            text: self.words(&s.text),
            casualties: s.casualties,
            compiled: self.reported(&s.by),
        }
    }
}
