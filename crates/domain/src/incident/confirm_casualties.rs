//! Confirming casualties (核定), Plan 4.3.1: the bureau confirms the count it was shown; only confirmed figures go
//! upward.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CasualtiesConfirmed;
use super::query::open;
use super::state::Casualties;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::Refusal;
use crate::state::State;
use crate::types::IncidentId;

/// A count is confirmed.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmCasualties {
    /// The incident.
    pub incident: IncidentId,
    /// The count that was shown.
    pub revision: u32,
}

rule!(ConfirmCasualties, confirm_casualties, |a| Target::Incident(a.incident));

/// Is there a count to confirm?
pub fn allow(state: &State, incident: IncidentId) -> Result<&Casualties, Refusal> {
    let act = ActKind::ConfirmCasualties;
    match open(state, incident)?.incident.casualties.as_deref() {
        None => Err(Refusal::FirstDo { act, first: ActKind::CountCasualties, clause: "4.3.1" }),
        Some(counted) if counted.confirmed.is_some() => Err(Refusal::AlreadyDone { act }),
        Some(counted) => Ok(counted),
    }
}

/// Confirms it.
pub fn confirm_casualties(
    state: &State,
    ctx: &mut Context,
    act: ConfirmCasualties,
) -> Result<Decision, Refusal> {
    let counted = allow(state, act.incident)?;
    if counted.revision != act.revision {
        return Err(Refusal::StaleRevision { seen: act.revision, now: counted.revision });
    }
    let confirmed =
        CasualtiesConfirmed { revision: counted.revision, figures: counted.figures, by: ctx.report()? };
    let resource = Resource::of("incident", act.incident, act.incident);
    Ok(Decision::about(resource).then(act.incident, confirmed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::count_casualties::CountCasualties;
    use crate::incident::stage::Stage;

    /// Plan 4.3.1: the bureau confirms the count it was shown, once; a newer count waits for its own confirmation.
    #[test]
    fn only_the_count_that_was_shown_is_confirmed() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        town.concerns(incident, "org-weijian");
        let first = town.is_refused("bureau", ConfirmCasualties { incident, revision: 0 });
        assert_eq!(first.instead(), vec![crate::refusal::Instead(ActKind::CountCasualties)]);
        let count = CountCasualties {
            incident,
            dead: 1,
            missing: 0,
            badly_hurt: 0,
            hurt: 0,
            trapped: 0,
            moved: 0,
            source: "市卫健局".to_owned(),
            as_of: town.now,
        };
        town.does("dept-weijian", count.clone());
        assert_eq!(
            town.is_refused("dept-weijian", ConfirmCasualties { incident, revision: 1 }).clause(),
            Some("4.3.1")
        );
        town.does("dept-weijian", CountCasualties { dead: 2, ..count.clone() });
        let stale = town.is_refused("bureau", ConfirmCasualties { incident, revision: 1 });
        assert_eq!(stale, Refusal::StaleRevision { seen: 1, now: 2 });
        town.does("bureau", ConfirmCasualties { incident, revision: 2 });
        let again = town.is_refused("bureau", ConfirmCasualties { incident, revision: 2 });
        assert_eq!(again, Refusal::AlreadyDone { act: ActKind::ConfirmCasualties });
        town.does("dept-weijian", CountCasualties { dead: 3, ..count });
        let known = town.file(incident).incident;
        assert_eq!(known.confirmed_casualties.unwrap().figures.dead, 2, "what was confirmed still stands");
        assert!(known.casualties.unwrap().confirmed.is_none());
    }
}
