//! A stand-by ends (解除待命), Plan 4.3.1.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{StandBy, StandByLifted};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::{Context, Reported};
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::StandById;
use crate::types::ids::Fresh;

/// The force need not stand by any longer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftStandBy {
    /// Which stand-by.
    pub stand_by: StandById,
}

rule!(LiftStandBy, lift_stand_by, |a| Target::of(Thing::StandBy, a.stand_by));

/// Once.
pub fn allow(stand_by: &StandBy) -> Result<(), Refusal> {
    match stand_by.lifted {
        None => Ok(()),
        Some(_) => Err(Refusal::AlreadyDone { act: ActKind::LiftStandBy }),
    }
}

/// Ends every stand-by of an incident that ends.
pub(crate) fn lift_all(file: &IncidentFile, by: &Reported, decision: &mut Decision) {
    for stand_by in file.dispatch.stand_bys.values().filter(|s| s.lifted.is_none()) {
        decision.push(file.incident.id, StandByLifted { stand_by: stand_by.id, by: by.clone() });
    }
}

/// Ends it.
pub fn lift_stand_by(state: &State, ctx: &mut Context, act: LiftStandBy) -> Result<Decision, Refusal> {
    let (incident, file) = state.incident_with(Thing::StandBy, act.stand_by.ulid())?;
    let stand_by = file.dispatch.stand_bys.get(&act.stand_by);
    allow(stand_by.ok_or_else(|| Refusal::not_found(Thing::StandBy, act.stand_by))?)?;
    let event = StandByLifted { stand_by: act.stand_by, by: ctx.report()? };
    Ok(Decision::about(Resource::of("stand_by", act.stand_by, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{file, fire, is, refused};
    use super::LiftStandBy;
    use crate::dispatch::push_stand_by::PushStandBy;
    use crate::testing::slug;

    /// Plan 4.3.1: a stand-by that ended needs no answer any longer.
    #[test]
    fn a_lifted_stand_by_alarms_nobody() {
        let (mut town, fire) = fire();
        town.does("dispatcher", PushStandBy { incident: fire, forces: vec![slug("huagong")], text: None });
        let stand_by = *file(&town, fire).dispatch.stand_bys.keys().next().unwrap();
        town.after_s(299).does("bureau", LiftStandBy { stand_by });
        town.after_s(1).clock_runs();
        assert_eq!(town.count("stand_by.missed"), 0);
        let unknown = LiftStandBy { stand_by: slug("01ARZ3NDEKTSV4RRFFQ69G5FAV") };
        is(&refused(&mut town, "bureau", unknown), "not_found", None, &[]);
    }
}
