//! What the acts on plans share.

use std::sync::Arc;

use super::{Plan, PlanStatus};
use crate::act::ActKind;
use crate::authority::Role;
use crate::command_post::Holder;
use crate::incident::still_open;
use crate::refusal::{Instead, Refusal, Thing};
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

/// Whose plan goes out: a side's own only while that side commands, the brigade's later by order of the post (Plan
/// 4.1.5). The refusal leads to the act by which it becomes one.
pub(crate) fn must_command(
    file: &IncidentFile,
    act: ActKind,
    role: Role,
    by_order_of_post: bool,
) -> Result<(), Refusal> {
    if by_order_of_post || file.command.is_commanded_by(role) {
        return Ok(());
    }
    let first = if act == ActKind::DraftPlan { act } else { ActKind::RevisePlan };
    let instead = [first, ActKind::OrderWithdrawal].map(Instead).to_vec();
    Err(Refusal::NotInCommand { act, holder: file.command.holder_name(), instead })
}

/// No post, no order of it: the record would name one who never gave it.
pub(crate) fn must_have_post(
    file: &IncidentFile,
    act: ActKind,
    by_order_of_post: bool,
) -> Result<(), Refusal> {
    if !by_order_of_post || file.command.holder == Holder::Post {
        return Ok(());
    }
    let instead = vec![Instead(act)];
    Err(Refusal::NotInCommand { act, holder: file.command.holder_name(), instead })
}

/// What the post wrote is the post's to change or withdraw (Plan 4.1.5); others may carry it to the bureau.
pub(crate) fn must_not_be_the_posts(
    state: &State,
    file: &IncidentFile,
    plan: &Plan,
    act: ActKind,
    role: Role,
) -> Result<(), Refusal> {
    let writer = state.org.account(&plan.written.account).map(|account| account.role);
    if role == Role::Post || !writer.is_ok_and(|writer| writer == Role::Post) {
        return Ok(());
    }
    Err(Refusal::NotInCommand { act, holder: file.command.holder_name(), instead: Vec::new() })
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
