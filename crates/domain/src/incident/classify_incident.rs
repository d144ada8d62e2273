//! Classifying an incident, Plan 4.1.3: hazard (灾种) and dispatch grade (调派等级). Severity is another thing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Classified;
use super::query::{grade, hazard, open, people};
use crate::act::{Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::Refusal;
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, PlaceGiven, Text, text};

/// Hazard and grade; what is absent stays as it was.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassifyIncident {
    /// The incident.
    pub incident: IncidentId,
    /// Hazard code.
    pub hazard: Text,
    /// Dispatch grade, 1 to 5.
    pub grade: u8,
    /// People trapped.
    #[serde(default)]
    pub trapped: Option<u32>,
    /// The substance.
    #[serde(default)]
    pub substance: Option<Text>,
    /// A better place.
    #[serde(default)]
    pub place: Option<PlaceGiven>,
}

rule!(ClassifyIncident, classify_incident, |a| Target::Incident(a.incident));

/// May it be classified now?
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    open(state, incident)
}

/// Classifies it.
pub fn classify_incident(
    state: &State,
    ctx: &mut Context,
    act: ClassifyIncident,
) -> Result<Decision, Refusal> {
    allow(state, act.incident)?;
    let classified = Classified {
        hazard: hazard(state, "/hazard", &act.hazard)?,
        grade: grade("/grade", act.grade)?,
        trapped: act.trapped.map(|count| people("/trapped", count)).transpose()?,
        substance: text::line_opt("/substance", act.substance.as_deref())?,
        place: act.place.map(|given| state.jurisdiction.resolve_place(&given)).transpose()?,
        by: ctx.report()?,
    };
    let resource = Resource::of("incident", act.incident, act.incident);
    Ok(Decision::about(resource).then(act.incident, classified))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::stage::{Stage, beside};

    /// Plan 4.1.3: what is not said stays as it was; every change has its revision.
    #[test]
    fn classifying_changes_what_is_said_and_keeps_the_rest() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let act = ClassifyIncident {
            incident,
            hazard: "fire".to_owned(),
            grade: 3,
            trapped: None,
            substance: None,
            place: Some(beside(0.01)),
        };
        town.does("dispatcher", act.clone());
        let known = town.file(incident).incident;
        assert_eq!((known.hazard.as_deref(), known.grade, known.revision), (Some("fire"), Some(3), 2));
        assert_eq!((known.trapped, known.substance.as_deref()), (Some(2), Some("汽油")));
        assert_eq!(known.place.text, "油库旁");
        town.does("dispatcher", ClassifyIncident { trapped: Some(0), place: None, ..act.clone() });
        let known = town.file(incident).incident;
        assert_eq!((known.trapped, known.place.text.as_str()), (Some(0), "油库旁"));
        assert_eq!(town.is_refused("bureau", act).clause(), Some("4.1.3"));
    }
}
