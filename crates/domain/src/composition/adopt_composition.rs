//! A composition is adopted by brigade and bureau together (共同制定), Plan 4.2.4.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Composition, CompositionAdopted, Slot};
use crate::act::{Decision, Resource, Stream, Target, rule};
use crate::context::Context;
use crate::refusal::{FieldFault, Refusal};
use crate::state::State;
use crate::types::{CompositionId, Text, text};

/// A new version of a composition. Replacing it ends an agreement in advance, which was for the older version.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdoptComposition {
    /// Its id; the same id replaces.
    pub id: CompositionId,
    /// Hazard code.
    pub hazard: Text,
    /// Dispatch grade, 1 to 5.
    pub grade: u8,
    /// Where its quantities come from.
    pub source: Text,
    /// The other side's agreement: position and document.
    pub approved_by: Text,
    /// The needs.
    pub slots: Vec<Slot>,
}

rule!(AdoptComposition, adopt_composition, |_a| Target::Jurisdiction);

/// Adopts it.
pub fn adopt_composition(
    state: &State,
    ctx: &mut Context,
    act: AdoptComposition,
) -> Result<Decision, Refusal> {
    state.jurisdiction.hazard(&act.hazard)?;
    if !(1..=5).contains(&act.grade) {
        return Err(Refusal::field("/grade", FieldFault::OutOfRange { least: 1, most: 5 }));
    }
    if act.slots.is_empty() {
        return Err(Refusal::field("/slots", FieldFault::Empty));
    }
    for (i, slot) in act.slots.iter().enumerate() {
        if state.jurisdiction.capability(&slot.capability).is_none() {
            let value = slot.capability.clone();
            return Err(Refusal::field(format!("/slots/{i}/capability"), FieldFault::Unknown { value }));
        }
    }
    let source = text::line("/source", &act.source)?;
    let approved_by = text::line("/approved_by", &act.approved_by)?;
    let version = state.composition.in_force.get(&act.id).map_or(1, |c| c.version + 1);
    let composition = Composition {
        id: act.id.clone(),
        version,
        hazard: act.hazard,
        grade: act.grade,
        source_zh: format!("{source}（{approved_by}）"),
        source_en: format!("{source} ({approved_by})"),
        slots: act.slots,
    };
    let mut decision = Decision::about(Resource::plain("composition", &act.id));
    decision.push_on(Stream::Composition, CompositionAdopted { composition, by: Some(ctx.report()?) });
    Ok(decision)
}
