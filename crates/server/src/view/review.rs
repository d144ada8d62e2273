//! The review and the facts it stands on.

use domain::IncidentFile;
use domain::act::{ActKind, Target};
use domain::review::{self as rev, Review, facts};
use domain::types::Text;
use schemars::JsonSchema;
use serde::Serialize;

use super::brief::IncidentBrief;
use super::{Mays, Moment, Ref, ReportedView, Viewer};

/// An improvement.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ImprovementView {
    /// What.
    pub what: Text,
    /// Whose.
    pub owner: Ref,
    /// Until when.
    pub due: Text,
}

/// The written part of a review.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReviewView {
    /// To overwrite it, this revision must have been seen.
    pub revision: u32,
    /// What was done.
    pub measures: Option<Text>,
    /// What was learned.
    pub lessons: Option<Text>,
    /// What is proposed.
    pub proposals: Option<Text>,
    /// Improvements.
    pub improvements: Vec<ImprovementView>,
    /// When, by whom.
    pub written: Vec<ReportedView>,
    /// Late?
    pub overdue: bool,
}

/// An interval.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IntervalView {
    /// Stable code.
    pub code: &'static str,
    /// In words.
    pub text: Text,
    /// Seconds; absent when one of its ends did not happen.
    pub seconds: Option<i64>,
}

/// A deviation from the composition.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DeviationView {
    /// Stable code.
    pub code: &'static str,
    /// In words.
    pub text: Text,
    /// The slot.
    pub slot: Option<Text>,
}

/// The times of one force.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ForceTimesView {
    /// Which.
    pub force: Ref,
    /// Ordered.
    pub ordered: Moment,
    /// Acknowledged.
    pub acknowledged: Option<Moment>,
    /// Departed.
    pub departed: Option<Moment>,
    /// Arrived.
    pub arrived: Option<Moment>,
    /// Released.
    pub released: Option<Moment>,
    /// Back.
    pub returned: Option<Moment>,
    /// Minutes on scene.
    pub on_scene_min: Option<u32>,
}

/// What a review stands on: computed, never typed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReviewFacts {
    /// The incident.
    pub incident: IncidentBrief,
    /// The composition that it is compared with, and its version.
    pub composition: Option<Text>,
    /// Intervals.
    pub intervals: Vec<IntervalView>,
    /// Deviations.
    pub deviations: Vec<DeviationView>,
    /// Times of each force.
    pub forces: Vec<ForceTimesView>,
    /// Information reports: filed, late, missed, corrected.
    pub reports: [usize; 4],
    /// The written part.
    pub review: Option<ReviewView>,
    /// What may be done next.
    pub may: Mays,
}

impl Viewer<'_> {
    /// The written part.
    pub fn review(&self, r: &Review) -> ReviewView {
        let improvements = r.improvements.iter().map(|i| ImprovementView {
            what: self.words(&i.what),
            owner: self.org(&i.owner),
            due: i.due.clone(),
        });
        ReviewView {
            revision: r.revision,
            measures: self.words_opt(r.measures.as_ref()),
            lessons: self.words_opt(r.lessons.as_ref()),
            proposals: self.words_opt(r.proposals.as_ref()),
            improvements: improvements.collect(),
            written: r.written.iter().map(|by| self.reported(by)).collect(),
            overdue: r.overdue,
        }
    }

    /// Facts and text.
    pub fn review_facts(&self, file: &IncidentFile) -> ReviewFacts {
        let f = facts::facts(self.state, file);
        let intervals = f.intervals.iter().map(|i| IntervalView {
            code: i.kind.code(),
            text: i.kind.label(self.lang).to_owned(),
            seconds: i.seconds,
        });
        let forces = f.forces.iter().map(|t| ForceTimesView {
            force: self.force(&t.force),
            ordered: self.moment(t.ordered),
            acknowledged: self.moment_opt(t.acknowledged),
            departed: self.moment_opt(t.departed),
            arrived: self.moment_opt(t.arrived),
            released: self.moment_opt(t.released),
            returned: self.moment_opt(t.returned),
            on_scene_min: t.on_scene_min,
        });
        let target = Target::Incident(file.incident.id);
        let mut may = Mays::new();
        let write = rev::write_review::allow(self.state, file.incident.id).map(|_| ());
        self.offer(&mut may, ActKind::WriteReview, &target, write);
        ReviewFacts {
            incident: self.brief(file),
            composition: f.composition.as_ref().map(|c| format!("{} v{}", c.id, c.version)),
            intervals: intervals.collect(),
            deviations: f.deviations.iter().map(|d| self.deviation(d)).collect(),
            forces: forces.collect(),
            reports: [f.reports.filed, f.reports.late, f.reports.missed, f.reports.corrected],
            review: file.review.as_ref().filter(|r| r.revision > 0).map(|r| self.review(r)),
            may,
        }
    }

    fn deviation(&self, d: &facts::Deviation) -> DeviationView {
        let capability = |code: &str| {
            let known = self.state.jurisdiction.capability(code);
            known.map_or(code, |c| self.lang.pick(&c.name_zh, &c.name_en)).to_owned()
        };
        let zh = self.lang == domain::types::Lang::Zh;
        let text = match d {
            facts::Deviation::SlotUnfilled { capability: c, asked, ordered, .. } if zh => {
                format!("{}：编成需 {asked}，实际调派 {ordered}", capability(c))
            }
            facts::Deviation::SlotUnfilled { capability: c, asked, ordered, .. } => {
                format!("{}: {asked} asked, {ordered} ordered", capability(c))
            }
            facts::Deviation::SlotLate { capability: c, within_min, full_after_min, .. } => {
                let name = capability(c);
                match (full_after_min, zh) {
                    (Some(m), true) => format!("{name}：要求 {within_min} 分钟到齐，实际 {m} 分钟"),
                    (None, true) => format!("{name}：要求 {within_min} 分钟到齐，未到齐"),
                    (Some(m), false) => format!("{name}: due in {within_min} min, complete after {m}"),
                    (None, false) => format!("{name}: due in {within_min} min, never complete"),
                }
            }
            facts::Deviation::Declined { force, .. } => {
                format!("{} {}", self.state.ledger.name(force), self.lang.pick("不能出动", "declined"))
            }
            facts::Deviation::Cancelled { force, .. } => {
                format!(
                    "{} {}",
                    self.state.ledger.name(force),
                    self.lang.pick("中途返回", "was cancelled under way")
                )
            }
            facts::Deviation::NeverAcknowledged { force, .. } => {
                let name = self.state.ledger.name(force);
                format!("{name} {}", self.lang.pick("始终未接令", "never acknowledged"))
            }
        };
        DeviationView { code: d.code(), text, slot: d.slot().map(ToOwned::to_owned) }
    }
}
