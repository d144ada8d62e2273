//! Writing the review (战评总结), Plan 4.3.3: after the incident is under control; each rewriting is over the one seen.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Written;
use super::state::Improvement;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::incident::{self, Status};
use crate::personal::Personal;
use crate::refusal::{FieldFault, Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, OrgId, Text, limits, text};

/// An improvement as an act gives it.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImprovementGiven {
    /// What.
    pub what: Text,
    /// Whose.
    pub owner: OrgId,
    /// Until which day: 2026-12-31.
    pub due: Text,
}

/// The review.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteReview {
    /// The incident.
    pub incident: IncidentId,
    /// What was done (处置措施).
    pub measures: Text,
    /// What was learnt (经验教训).
    pub lessons: Text,
    /// What is proposed (意见建议).
    pub proposals: Text,
    /// What will be better (改进措施).
    #[serde(default)]
    pub improvements: Vec<ImprovementGiven>,
    /// The writing that was shown; absent for the first one.
    #[serde(default)]
    pub revision: Option<u32>,
}

rule!(WriteReview, write_review, |a| Target::Incident(a.incident));

/// May it be reviewed yet? What was nothing has no review, what still burns has none either.
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = incident::known(state, incident)?;
    match file.incident.status {
        Status::Controlled | Status::Closed => {}
        Status::FalseAlarm | Status::Merged => file.incident.must_be_open()?,
        Status::Reported | Status::Verified | Status::Responding => {
            let (act, first) = (ActKind::WriteReview, ActKind::ControlIncident);
            return Err(Refusal::FirstDo { act, first, clause: "4.3.3" });
        }
    }
    if revision_of(file) as usize >= limits::REVISIONS_PER_REVIEW {
        return Err(Refusal::Limit { what: Thing::Report, limit: limits::REVISIONS_PER_REVIEW });
    }
    Ok(file)
}

/// Writes it, or writes it anew over the revision that was shown.
pub fn write_review(state: &State, ctx: &mut Context, act: WriteReview) -> Result<Decision, Refusal> {
    let now = revision_of(allow(state, act.incident)?);
    let seen = act.revision.unwrap_or(0);
    if seen != now {
        return Err(Refusal::StaleRevision { seen, now });
    }
    let sealed = |field, value: &str| Ok(Personal::new(act.incident, text::prose(field, value)?));
    let written = Written {
        revision: now.saturating_add(1),
        measures: sealed("/measures", &act.measures)?,
        lessons: sealed("/lessons", &act.lessons)?,
        proposals: sealed("/proposals", &act.proposals)?,
        improvements: improvements(state, act.incident, &act.improvements)?,
        by: ctx.report()?,
    };
    let resource = Resource::of("review", act.incident, act.incident);
    Ok(Decision::about(resource).then(act.incident, written))
}

fn improvements(
    state: &State,
    incident: IncidentId,
    given: &[ImprovementGiven],
) -> Result<Vec<Improvement>, Refusal> {
    if given.len() > limits::IMPROVEMENTS_PER_REVIEW {
        let fault = FieldFault::TooMany { count: given.len(), limit: limits::IMPROVEMENTS_PER_REVIEW };
        return Err(Refusal::field("/improvements", fault));
    }
    let each = given.iter().enumerate();
    each.map(|(i, item)| improvement(state, incident, item).map_err(|refusal| inside(i, refusal))).collect()
}

fn improvement(state: &State, incident: IncidentId, item: &ImprovementGiven) -> Result<Improvement, Refusal> {
    let unknown = |value: &str| FieldFault::Unknown { value: value.to_owned() };
    if !state.org.orgs.contains_key(&item.owner) {
        return Err(Refusal::field("/owner", unknown(item.owner.as_str())));
    }
    let due: Date = item.due.trim().parse().map_err(|_| Refusal::field("/due", unknown(&item.due)))?;
    let what = Personal::new(incident, text::prose("/what", &item.what)?);
    Ok(Improvement { what, owner: item.owner.clone(), due: due.to_string() })
}

/// The field's pointer, seen from the whole act.
fn inside(index: usize, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Field { pointer, fault } => Refusal::field(format!("/improvements/{index}{pointer}"), fault),
        other => other,
    }
}

fn revision_of(file: &IncidentFile) -> u32 {
    file.review.as_ref().map_or(0, |review| review.revision)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::close_incident::CloseIncident;
    use crate::incident::stage::Stage;
    use crate::readiness::DeadlineKind;
    use crate::review::deadlines::deadline_of;

    fn review(incident: IncidentId, revision: Option<u32>) -> WriteReview {
        let improvement = ImprovementGiven {
            what: "补充泡沫储备".to_owned(),
            owner: "org-xiaofang".parse().unwrap(),
            due: "2026-12-31".to_owned(),
        };
        WriteReview {
            incident,
            measures: "冷却、泡沫覆盖".to_owned(),
            lessons: "泡沫到场晚".to_owned(),
            proposals: "前置一辆泡沫车".to_owned(),
            improvements: vec![improvement],
            revision,
        }
    }

    /// Plan 4.3.3: after control, not before; each rewriting is over the writing that was seen.
    #[test]
    fn the_review_is_written_after_control_and_rewritten_over_what_was_seen() {
        let mut town = Stage::rongcheng();
        let burning = town.real_fire();
        let refusal = town.is_refused("commander", review(burning, None));
        assert_eq!((refusal.code(), refusal.clause()), ("first_do", Some("4.3.3")));
        let incident = town.burnt_out();
        assert_eq!(town.is_refused("bureau", review(incident, None)).clause(), Some("4.3.3"));
        town.does("commander", review(incident, None));
        assert_eq!(
            town.is_refused("commander", review(incident, None)),
            Refusal::StaleRevision { seen: 0, now: 1 }
        );
        assert_eq!(
            town.is_refused("commander", review(incident, Some(2))),
            Refusal::StaleRevision { seen: 2, now: 1 }
        );
        town.does("dispatcher", review(incident, Some(1)));
        let written = town.file(incident).review.unwrap();
        assert_eq!((written.revision, written.written.len()), (2, 2));
        assert_eq!(written.improvements[0].due, "2026-12-31");
    }

    /// Plan 4.3.3: what is closed and not reviewed in time stands out, by its summary alone; writing it settles that.
    #[test]
    fn a_review_that_is_not_written_in_time_stands_out() {
        let mut town = Stage::rongcheng();
        let incident = town.burnt_out();
        assert!(
            deadline_of(&crate::incident::IncidentSummary::of(town.state.hot(incident).unwrap())).is_none()
        );
        town.does("commander", CloseIncident { incident, note: None });
        let owed = |town: &Stage| town.state.reviews_due.get_min().copied();
        let due = deadline_of(&town.state.archive[&incident]).unwrap().due;
        assert_eq!((due, owed(&town)), (town.now.plus_s(10 * 86_400), Some((due, incident))));
        town.now = due.plus_s(-1);
        assert!(!town.clock_fires(incident, DeadlineKind::ReviewDue));
        town.now = due;
        assert!(town.clock_fires(incident, DeadlineKind::ReviewDue));
        assert!(town.state.archive[&incident].review_overdue);
        assert_eq!((town.due(incident, DeadlineKind::ReviewDue), owed(&town)), (None, None), "marked once");
        town.does("commander", review(incident, None));
        assert!(town.state.archive[&incident].reviewed);
    }

    #[test]
    fn a_bad_improvement_is_refused_with_its_place() {
        let mut town = Stage::rongcheng();
        let incident = town.burnt_out();
        let mut refused = |change: fn(&mut ImprovementGiven)| {
            let mut act = review(incident, None);
            act.improvements.push(act.improvements[0].clone());
            change(&mut act.improvements[1]);
            match town.is_refused("commander", act) {
                Refusal::Field { pointer, .. } => pointer,
                other => panic!("{other}"),
            }
        };
        assert_eq!(refused(|i| i.due = "下个月".to_owned()), "/improvements/1/due");
        assert_eq!(refused(|i| i.due = "2026-02-30".to_owned()), "/improvements/1/due");
        assert_eq!(refused(|i| i.owner = "org-mars".parse().unwrap()), "/improvements/1/owner");
        assert_eq!(refused(|i| i.what.clear()), "/improvements/1/what");
    }
}
