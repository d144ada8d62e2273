//! Issuing orders: the one place where an order comes into being, always together with its filing (Plan 4.1.4).

use super::state::OrderBasis;
use super::{Arrangements, OrderFiled, OrderIssued, Plan, PlanApproved, Task};
use crate::act::Decision;
use crate::context::{Context, Reported};
use crate::ledger::Force;
use crate::refusal::Refusal;
use crate::state::{IncidentFile, State};
use crate::types::travel::straight_line_s;
use crate::types::{FilingId, ForceId, OrderId, OrgId, PlanId, Text};

/// What all orders of one batch share.
pub(crate) struct Batch<'a> {
    pub plan: Option<PlanId>,
    pub number: &'a str,
    pub basis: OrderBasis,
    pub arrangements: &'a Arrangements,
    pub issued_by: &'a str,
    pub by: &'a Reported,
}

/// Issues and files one order for each task. Each is checked again: a force may have been ordered since, or the
/// incident may have turned out to be of a hazard for which another basis holds.
pub(crate) fn issue_orders(
    state: &State,
    ctx: &mut Context,
    file: &IncidentFile,
    batch: &Batch<'_>,
    tasks: &[Task],
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let limits = state.readiness.limits();
    for (i, task) in tasks.iter().enumerate() {
        super::task::still_free(state, file, &task.force, batch.plan)?;
        super::task::basis_for(state, file, &task.force, batch.basis == OrderBasis::FirstResponse)?;
        let force = state.ledger.force(&task.force)?;
        let order: OrderId = ctx.fresh();
        let filing: FilingId = ctx.fresh();
        let way_s = file.incident.place.point.map_or(0, |p| straight_line_s(force.point.distance_m(p)));
        let issued = OrderIssued {
            order,
            number: format!("{}-{:02}", batch.number, i + 1),
            plan: batch.plan,
            basis: batch.basis,
            force: task.force.clone(),
            task: task.task.clone(),
            slot: task.slot.clone(),
            capability: task.capability.clone(),
            quantity: task.quantity,
            arrangements: Box::new(batch.arrangements.clone()),
            issued_by: batch.issued_by.to_owned(),
            answer_due: ctx.now.plus_s(limits.answer_limit_s),
            strength_due: Some(ctx.now.plus_s(limits.strength_limit_s)),
            depart_limit_s: i64::from(force.mobilisation_s) + limits.depart_grace_s,
            arrive_limit_s: i64::from(way_s) + limits.arrive_grace_s,
            by: batch.by.clone(),
        };
        decision.push(file.incident.id, issued);
        let filed = OrderFiled {
            filing,
            order,
            authority: authority_of(state, force),
            due: ctx.now.plus_s(limits.filing_sign_limit_s),
            at: ctx.now,
        };
        decision.push(file.incident.id, filed);
    }
    Ok(())
}

/// Where an order is filed: with the industry authority. The brigade's own stations have none but the brigade: their
/// orders are filed with the bureau, which coordinates all forces (Plan 4.1.3).
fn authority_of(state: &State, force: &Force) -> OrgId {
    let offices = state.jurisdiction.offices.as_ref();
    match offices {
        Some(offices) if offices.brigade == force.authority => offices.bureau.clone(),
        _ => force.authority.clone(),
    }
}

/// Approves a plan, whole or in part, and issues its orders: one batch.
pub(crate) fn approve(
    state: &State,
    ctx: &mut Context,
    file: &IncidentFile,
    plan: &Plan,
    approved: PlanApproved,
    basis: OrderBasis,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let (agreed, by) = (approved.agreed.clone(), approved.by.clone());
    decision.push(file.incident.id, approved);
    let tasks: Vec<Task> = plan.tasks.iter().filter(|t| agreed.contains(&t.force)).cloned().collect();
    let batch = Batch {
        plan: Some(plan.id),
        number: &plan.number,
        basis,
        arrangements: &plan.arrangements,
        issued_by: &plan.signer,
        by: &by,
    };
    issue_orders(state, ctx, file, &batch, &tasks, decision)
}

/// Which forces of a plan are agreed to, and which are not.
pub(crate) fn part(
    plan: &Plan,
    tasks: Option<Vec<ForceId>>,
) -> Result<(Vec<ForceId>, Vec<ForceId>), Refusal> {
    use crate::refusal::FieldFault;
    let all = plan.tasks.iter().map(|t| t.force.clone());
    let Some(chosen) = tasks else { return Ok((all.collect(), Vec::new())) };
    if chosen.is_empty() {
        return Err(Refusal::field("/tasks", FieldFault::Empty));
    }
    if let Some(unknown) = chosen.iter().find(|f| !plan.tasks.iter().any(|t| t.force == **f)) {
        return Err(Refusal::field("/tasks", FieldFault::Unknown { value: unknown.to_string() }));
    }
    Ok(all.partition(|f| chosen.contains(f)))
}

/// The next number of the brigade's dispatch documents.
pub(crate) fn next_number(state: &State, ctx: &Context) -> Text {
    let year = state.jurisdiction.year_of(ctx.now);
    state.jurisdiction.number("order", year, state.counters.next(year, |used| used.dispatches))
}
