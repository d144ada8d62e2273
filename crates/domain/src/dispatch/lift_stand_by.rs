//! A stand-by ends (解除待命).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{StandBy, StandByLifted};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
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

/// Ends it.
pub fn lift_stand_by(state: &State, ctx: &mut Context, act: LiftStandBy) -> Result<Decision, Refusal> {
    let (incident, file) = state.incident_with(Thing::StandBy, act.stand_by.ulid())?;
    let stand_by = file.dispatch.stand_bys.get(&act.stand_by);
    allow(stand_by.ok_or_else(|| Refusal::not_found(Thing::StandBy, act.stand_by))?)?;
    let event = StandByLifted { stand_by: act.stand_by, by: ctx.report()? };
    Ok(Decision::about(Resource::of("stand_by", act.stand_by, incident)).then(incident, event))
}
