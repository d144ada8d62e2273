//! What the acts on plans share.

use std::sync::Arc;

use super::{Plan, PlanStatus};
use crate::act::ActKind;
use crate::authority::Role;
use crate::incident::still_open;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::ids::Fresh;
use crate::types::{IncidentId, PlanId};

/// The plan and its incident, which must be open; agreeing to an older revision is refused.
pub(crate) fn find(
    state: &State,
    plan: PlanId,
    revision: Option<u32>,
) -> Result<(IncidentId, &IncidentFile, &Arc<Plan>), Refusal> {
    let (id, file) = state.incident_with(Thing::Plan, plan.ulid())?;
    let found = file.dispatch.plans.get(&plan).ok_or_else(|| Refusal::not_found(Thing::Plan, plan))?;
    still_open(file)?;
    match revision {
        Some(seen) if seen != found.revision => Err(Refusal::StaleRevision { seen, now: found.revision }),
        _ => Ok((id, file, found)),
    }
}

/// Nobody answered, so deputies are asked in turn: before that, it is not a deputy's to answer.
pub(crate) fn must_be_asked(plan: &Plan, role: Role) -> Result<(), Refusal> {
    if role == Role::Deputy && plan.deputies_asked == 0 {
        return Err(Refusal::NotAsked { asked: plan.asked.join("、") });
    }
    Ok(())
}

/// The plan must be in one of these states.
pub(crate) fn must_be(
    plan: &Plan,
    act: ActKind,
    states: &[PlanStatus],
    needs: &'static str,
) -> Result<(), Refusal> {
    if states.contains(&plan.status) {
        return Ok(());
    }
    Err(Refusal::WrongStatus { act, what: Thing::Plan, status: plan.status.code(), needs })
}
