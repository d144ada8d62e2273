//! Compositions in force.

use std::sync::Arc;

use imbl::OrdMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Event;
use crate::refusal::{Refusal, Thing};
use crate::types::{CompositionId, Text, Time};

/// A need: so much of a capability, within so many minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// Stable within the hazard, over all grades.
    pub id: Text,
    /// Capability code.
    pub capability: Text,
    /// In the capability's unit, summed over the forces chosen.
    pub quantity: u32,
    /// People of the chosen forces together.
    #[serde(default)]
    pub min_strength: Option<u32>,
    /// Minutes from the order to arrival.
    pub within_min: u32,
    /// Own stations are taken before others.
    #[serde(default)]
    pub own_station_first: bool,
    /// No force of the jurisdiction can fill it: reinforcement is to be asked.
    #[serde(default)]
    pub known_gap: bool,
    /// Why it is needed, Chinese.
    pub why_zh: Text,
    /// Why it is needed, English.
    pub why_en: Text,
}

/// A composition (调度编成): its whole need, not what is added to the grade below.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Composition {
    /// `hazchem-3`
    pub id: CompositionId,
    /// Raised with each adoption.
    pub version: u32,
    /// Hazard code.
    pub hazard: Text,
    /// Dispatch grade (调派等级), 1 to 5.
    pub grade: u8,
    /// Where its quantities come from, Chinese.
    pub source_zh: Text,
    /// Where its quantities come from, English.
    pub source_en: Text,
    /// The needs.
    pub slots: Vec<Slot>,
}

/// An agreement in advance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preauthorisation {
    /// For this version only.
    pub version: u32,
    /// Why.
    pub why: Text,
    /// Until when.
    pub until: Option<Time>,
    /// Who agreed.
    pub officer: Text,
}

/// All compositions in force.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Compositions {
    /// By id.
    pub in_force: OrdMap<CompositionId, Arc<Composition>>,
    /// Agreed in advance.
    pub preauthorised: OrdMap<CompositionId, Preauthorisation>,
}

impl Compositions {
    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::CompositionAdopted(e) => {
                self.in_force.insert(e.composition.id.clone(), Arc::new(e.composition.clone()));
            }
            Event::CompositionPreauthorised(e) => {
                let agreed = Preauthorisation {
                    version: e.version,
                    why: e.why.clone(),
                    until: e.until,
                    officer: e.by.by.clone(),
                };
                self.preauthorised.insert(e.composition.clone(), agreed);
            }
            Event::PreauthorisationRevoked(e) => {
                self.preauthorised.remove(&e.composition);
            }
        }
    }

    /// A composition, or why there is none.
    pub fn get(&self, id: &CompositionId) -> Result<&Arc<Composition>, Refusal> {
        self.in_force.get(id).ok_or_else(|| Refusal::not_found(Thing::Composition, id))
    }

    /// The composition of a hazard at a dispatch grade.
    pub fn find(&self, hazard: &str, grade: u8) -> Option<&Arc<Composition>> {
        self.in_force.values().find(|c| c.hazard == hazard && c.grade == grade)
    }

    /// The agreement in advance that holds for it now.
    pub fn preauthorisation(&self, composition: &Composition, now: Time) -> Option<&Preauthorisation> {
        let agreed = self.preauthorised.get(&composition.id)?;
        let holds = agreed.version == composition.version && agreed.until.is_none_or(|until| now < until);
        holds.then_some(agreed)
    }
}
