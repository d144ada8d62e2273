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
