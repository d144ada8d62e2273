//! What an order carries besides the task: where to assemble, whom to report to, what to bring.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::personal::Personal;
use crate::refusal::{FieldFault, Refusal};
use crate::state::State;
use crate::types::{IncidentId, Place, PlaceGiven, PlaceQuality, Text, text};

/// Plates on one order; a convoy has some dozens.
const PLATES_MAX: usize = 60;

/// Whom to report to on arrival, as an act gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportToGiven {
    /// By position: 现场指挥员.
    pub position: Text,
    /// His telephone.
    #[serde(default)]
    pub phone: Option<Text>,
}

/// The arrangements as an act gives them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArrangementsGiven {
    /// 集结点; a text alone will do.
    pub assembly_point: PlaceGiven,
    /// Whom to report to.
    pub report_to: ReportToGiven,
    /// Radio channel.
    #[serde(default)]
    pub radio_channel: Option<Text>,
    /// Protection: 着隔热服、佩戴空气呼吸器.
    #[serde(default)]
    pub protection: Option<Text>,
    /// Wind.
    #[serde(default)]
    pub wind: Option<Text>,
    /// What to bring.
    #[serde(default)]
    pub bring: Option<Text>,
    /// Plates for free passage (Plan 5.2).
    #[serde(default)]
    pub plates: Vec<Text>,
    /// Anything else.
    #[serde(default)]
    pub note: Option<Text>,
}

/// Whom to report to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportTo {
    /// By position.
    pub position: Text,
    /// His telephone.
    pub phone: Option<Personal<Text>>,
}

/// The arrangements of a plan or an order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Arrangements {
    /// 集结点
    pub assembly_point: Place,
    /// Whom to report to.
    pub report_to: ReportTo,
    /// Radio channel.
    pub radio_channel: Option<Text>,
    /// Protection.
    pub protection: Option<Text>,
    /// Wind.
    pub wind: Option<Text>,
    /// What to bring.
    pub bring: Option<Text>,
    /// Plates for free passage.
    pub plates: Vec<Text>,
    /// Anything else.
    pub note: Option<Personal<Text>>,
}

impl ArrangementsGiven {
    /// Checked, placed and sealed to the incident.
    pub(crate) fn settle(&self, state: &State, incident: IncidentId) -> Result<Arrangements, Refusal> {
        if self.plates.len() > PLATES_MAX {
            let fault = FieldFault::TooMany { count: self.plates.len(), limit: PLATES_MAX };
            return Err(Refusal::field("/arrangements/plates", fault));
        }
        let plates: Result<_, _> =
            self.plates.iter().map(|p| text::line("/arrangements/plates", p)).collect();
        let phone = text::line_opt("/arrangements/report_to/phone", self.report_to.phone.as_deref())?;
        let note = text::prose_opt("/arrangements/note", self.note.as_deref())?;
        Ok(Arrangements {
            assembly_point: self.assembly(state)?,
            report_to: ReportTo {
                position: text::line("/arrangements/report_to/position", &self.report_to.position)?,
                phone: phone.map(|p| Personal::new(incident, p)),
            },
            radio_channel: text::line_opt("/arrangements/radio_channel", self.radio_channel.as_deref())?,
            protection: text::line_opt("/arrangements/protection", self.protection.as_deref())?,
            wind: text::line_opt("/arrangements/wind", self.wind.as_deref())?,
            bring: text::line_opt("/arrangements/bring", self.bring.as_deref())?,
            plates: plates?,
            note: note.map(|n| Personal::new(incident, n)),
        })
    }

    /// An assembly point may be words alone: 油库北门外 200 米.
    fn assembly(&self, state: &State) -> Result<Place, Refusal> {
        let given = &self.assembly_point;
        if given.point.is_none() && given.place.is_none() && given.town.is_none() {
            let text = text::line("/arrangements/assembly_point/text", &given.text)?;
            return Ok(Place { text, point: None, town: None, quality: PlaceQuality::TownSeat });
        }
        state.jurisdiction.resolve_place(given)
    }
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{fire, is_field, plan, refused};
    use super::*;
    use crate::dispatch::draft_plan::DraftPlan;
    use crate::testing::{arrangements, plan_for, slug};

    /// Plan 4.1.4: an assembly point may be words alone, or a place of the gazetteer with its position.
    #[test]
    fn an_assembly_point_is_words_or_a_known_place() {
        let (mut town, fire) = fire();
        let words = town.plan_drafted(fire, &["huagong"]);
        assert_eq!(plan(&town, words).arrangements.assembly_point.point, None);
        let known = PlaceGiven { place: Some(slug("place-shidao")), ..PlaceGiven::default() };
        let given = ArrangementsGiven { assembly_point: known, ..arrangements() };
        let draft = DraftPlan { arrangements: given, ..plan_for(fire, &["jijiu"]) };
        let placed = town.does("dispatcher", draft).id.parse().unwrap();
        let point = &plan(&town, placed).arrangements.assembly_point;
        assert_eq!((point.text.as_str(), point.point.is_some()), ("石岛", true));
    }

    /// Plan 4.1.4: an order without assembly point or without a person to report to is not drafted.
    #[test]
    fn a_force_must_know_where_to_go_and_whom_to_report_to() {
        let (mut town, fire) = fire();
        let draft = |given| DraftPlan { arrangements: given, ..plan_for(fire, &["huagong"]) };
        let nowhere = ArrangementsGiven { assembly_point: PlaceGiven::default(), ..arrangements() };
        is_field(&refused(&mut town, "dispatcher", draft(nowhere)), "/arrangements/assembly_point/text");
        let nobody = ArrangementsGiven { report_to: ReportToGiven::default(), ..arrangements() };
        is_field(&refused(&mut town, "dispatcher", draft(nobody)), "/arrangements/report_to/position");
        let convoy =
            ArrangementsGiven { plates: vec!["鲁K00001".to_owned(); PLATES_MAX + 1], ..arrangements() };
        is_field(&refused(&mut town, "dispatcher", draft(convoy)), "/arrangements/plates");
        let convoy = ArrangementsGiven { plates: vec!["鲁K00001".to_owned(); PLATES_MAX], ..arrangements() };
        town.does("dispatcher", draft(convoy));
    }
}
