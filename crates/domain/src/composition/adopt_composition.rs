//! A composition is adopted by brigade and bureau together (共同制定), Plan 4.2.4.

use std::collections::BTreeSet;

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
    if let Some(other) = state.composition.find(&act.hazard, act.grade).filter(|c| c.id != act.id) {
        // Two for one hazard and grade: nobody would know which one is proposed.
        return Err(Refusal::field("/id", FieldFault::Twice { what: other.id.to_string() }));
    }
    let mut seen = BTreeSet::new();
    for (i, slot) in act.slots.iter().enumerate() {
        if !seen.insert(&slot.id) {
            return Err(Refusal::field(
                format!("/slots/{i}/id"),
                FieldFault::Twice { what: slot.id.clone() },
            ));
        }
        if slot.quantity == 0 {
            let fault = FieldFault::OutOfRange { least: 1, most: i64::from(u32::MAX) };
            return Err(Refusal::field(format!("/slots/{i}/quantity"), fault));
        }
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

#[cfg(test)]
mod tests {
    use super::AdoptComposition;
    use crate::composition::Slot;
    use crate::composition::preauthorise_composition::PreauthoriseComposition;
    use crate::refusal::Refusal;
    use crate::testing::{Town, slug};

    fn slot(id: &str, capability: &str, quantity: u32) -> Slot {
        Slot {
            id: id.to_owned(),
            capability: capability.to_owned(),
            quantity,
            min_strength: None,
            within_min: 30,
            own_station_first: false,
            known_gap: false,
            why_zh: "冷却邻近储罐".to_owned(),
            why_en: "cool neighbouring tanks".to_owned(),
        }
    }

    fn adopt(id: &str, grade: u8, slots: Vec<Slot>) -> AdoptComposition {
        AdoptComposition {
            id: slug(id),
            hazard: "hazchem".to_owned(),
            grade,
            source: "2026 年修订".to_owned(),
            approved_by: "应急局带班领导".to_owned(),
            slots,
        }
    }

    #[track_caller]
    fn field(town: &mut Town, act: AdoptComposition) -> String {
        let before = town.journal.len();
        let refusal = town.act("commander", act).expect_err("this must be refused");
        assert_eq!(before, town.journal.len());
        match refusal {
            Refusal::Field { pointer, .. } => pointer,
            other => panic!("{other}"),
        }
    }

    /// Plan 4.2.4: brigade and bureau adopt together; a new version replaces the old one and names who agreed.
    #[test]
    fn a_new_version_replaces_the_old_one() {
        let mut town = Town::rongcheng("08:00");
        town.does("commander", adopt("hazchem-3", 3, vec![slot("foam", "foam_tanker", 4)]));
        let now = town.state.composition.find("hazchem", 3).unwrap();
        assert_eq!((now.version, now.slots[0].quantity), (2, 4));
        assert_eq!(now.source_zh, "2026 年修订（应急局带班领导）");
        let refusal = town.act("dispatcher", adopt("hazchem-3", 3, vec![slot("foam", "foam_tanker", 1)]));
        assert_eq!(refusal.unwrap_err().clause(), Some("4.2.4"));
    }

    /// Plan 4.1.4, 4.2.4: what was agreed to in advance was the version before.
    #[test]
    fn an_agreement_in_advance_does_not_pass_to_the_next_version() {
        let mut town = Town::rongcheng("08:00");
        let agree = PreauthoriseComposition {
            composition: slug("hazchem-3"),
            why: "重点时段".to_owned(),
            until: None,
        };
        town.does("shift-leader", agree.clone());
        let holds = |town: &Town| {
            let composition = town.state.composition.find("hazchem", 3).unwrap();
            town.state.composition.preauthorisation(composition, town.now).is_some()
        };
        assert!(holds(&town));
        town.does("commander", adopt("hazchem-3", 3, vec![slot("foam", "foam_tanker", 9)]));
        assert!(!holds(&town));
        town.does("shift-leader", agree);
        assert!(holds(&town));
    }

    /// Plan 4.2.4: one composition for a hazard and a grade; each need named once, known and more than nothing.
    #[test]
    fn a_composition_that_could_not_be_proposed_is_refused() {
        let mut town = Town::rongcheng("08:00");
        let foam = || slot("foam", "foam_tanker", 2);
        assert_eq!(field(&mut town, adopt("hazchem-3b", 3, vec![foam()])), "/id");
        assert_eq!(field(&mut town, adopt("hazchem-3", 0, vec![foam()])), "/grade");
        assert_eq!(field(&mut town, adopt("hazchem-3", 6, vec![foam()])), "/grade");
        assert_eq!(field(&mut town, adopt("hazchem-3", 3, Vec::new())), "/slots");
        let twice = vec![foam(), foam()];
        assert_eq!(field(&mut town, adopt("hazchem-3", 3, twice)), "/slots/1/id");
        let unknown = vec![foam(), slot("boat", "spaceship", 1)];
        assert_eq!(field(&mut town, adopt("hazchem-3", 3, unknown)), "/slots/1/capability");
        assert_eq!(
            field(&mut town, adopt("hazchem-3", 3, vec![slot("foam", "foam_tanker", 0)])),
            "/slots/0/quantity"
        );
        let odd = AdoptComposition { hazard: "meteor".to_owned(), ..adopt("meteor-1", 1, vec![foam()]) };
        assert_eq!(town.act("commander", odd).unwrap_err().code(), "not_found");
    }
}
