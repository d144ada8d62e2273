//! A task of a plan: which force, what for. Checked when drafted and again when agreed to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::act::ActKind;
use crate::jurisdiction::Basis;
use crate::refusal::{FieldFault, Instead, Refusal};
use crate::state::{IncidentFile, State};
use crate::types::{ForceId, PlanId, Text, limits, text};

/// A task as an act gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskGiven {
    /// Which force.
    pub force: ForceId,
    /// What for.
    pub task: Text,
    /// The slot of the composition that it fills.
    #[serde(default)]
    pub slot: Option<Text>,
    /// Which capability is asked.
    #[serde(default)]
    pub capability: Option<Text>,
    /// How much of it.
    #[serde(default)]
    pub quantity: Option<u32>,
}

/// A task of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Which force.
    pub force: ForceId,
    /// What for.
    pub task: Text,
    /// The slot it fills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Text>,
    /// Which capability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capability: Option<Text>,
    /// How much of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
    /// How the force is mobilised.
    pub basis: Basis,
    /// Agreed to; `None` before the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<bool>,
}

/// The tasks of an act, checked one by one against the ledger, the table of bases and this incident's orders.
/// `plan` is the plan being changed, which does not stand in its own way.
pub(crate) fn settle_tasks(
    state: &State,
    file: &IncidentFile,
    given: &[TaskGiven],
    plan: Option<PlanId>,
    first_response: bool,
) -> Result<Vec<Task>, Refusal> {
    // What the two acts call this list.
    let list = if first_response { "/orders" } else { "/tasks" };
    if given.is_empty() {
        return Err(Refusal::field(list, FieldFault::Empty));
    }
    if given.len() > limits::FORCES_PER_ACT {
        let fault = FieldFault::TooMany { count: given.len(), limit: limits::FORCES_PER_ACT };
        return Err(Refusal::field(list, fault));
    }
    let mut tasks: Vec<Task> = Vec::with_capacity(given.len());
    let mut seen = std::collections::BTreeSet::new();
    for (i, task) in given.iter().enumerate() {
        if !seen.insert(task.force.clone()) {
            let what = state.ledger.name(&task.force);
            return Err(Refusal::field(format!("{list}/{i}/force"), FieldFault::Twice { what }));
        }
        let basis = basis_for(state, file, &task.force, first_response)?;
        still_free(state, file, &task.force, plan)?;
        if let Some(code) = &task.capability
            && state.jurisdiction.capability(code).is_none()
        {
            let fault = FieldFault::Unknown { value: code.clone() };
            return Err(Refusal::field(format!("{list}/{i}/capability"), fault));
        }
        if task.quantity == Some(0) {
            let fault = FieldFault::OutOfRange { least: 1, most: i64::from(u32::MAX) };
            return Err(Refusal::field(format!("{list}/{i}/quantity"), fault));
        }
        tasks.push(Task {
            force: task.force.clone(),
            task: text::line(&format!("{list}/{i}/task"), &task.task)?,
            slot: text::line_opt(&format!("{list}/{i}/slot"), task.slot.as_deref())?,
            capability: task.capability.clone(),
            quantity: task.quantity,
            basis,
            agreed: None,
        });
    }
    Ok(tasks)
}

/// Only own stations go at once; only forces that are ordered at all stand in a plan. Everything else is refused
/// with the act that fits (Plan 4.1.4, jurisdiction's table).
pub(crate) fn basis_for(
    state: &State,
    file: &IncidentFile,
    force: &ForceId,
    first_response: bool,
) -> Result<Basis, Refusal> {
    let known = state.ledger.force(force)?;
    let (basis, rule) = state.jurisdiction.basis(known, file.incident.hazard.as_deref());
    let instead = match basis {
        Basis::Direct => return Ok(basis),
        Basis::AfterApproval if !first_response => return Ok(basis),
        Basis::AfterApproval => {
            return Err(Refusal::ApprovalNeeded { force: force.clone(), name: known.short.clone() });
        }
        Basis::LinkageNotice => vec![Instead(ActKind::SendLinkageNotices)],
        Basis::LetterOfRequest => vec![Instead(ActKind::SendLetter), Instead(ActKind::PushStandBy)],
    };
    Err(Refusal::OtherBasis {
        force: force.clone(),
        name: known.short.clone(),
        basis: basis.code(),
        law: rule.map(|r| r.source_zh.clone()).unwrap_or_default(),
        instead,
    })
}

/// One running order and one open plan of a force in an incident; another incident is no obstacle, it is marked.
pub(crate) fn still_free(
    state: &State,
    file: &IncidentFile,
    force: &ForceId,
    plan: Option<PlanId>,
) -> Result<(), Refusal> {
    let name = || state.ledger.name(force);
    if let Some(order) = file.dispatch.running_order_of(force) {
        return Err(Refusal::AlreadyOrdered { force: force.clone(), name: name(), order: order.id });
    }
    let other =
        file.dispatch.open_plans().find(|p| Some(p.id) != plan && p.tasks.iter().any(|t| t.force == *force));
    match other {
        Some(p) => Err(Refusal::AlreadyPlanned { force: force.clone(), name: name(), plan: p.id }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{fire, is, refused};
    use crate::dispatch::draft_plan::DraftPlan;
    use crate::jurisdiction::Basis;
    use crate::testing::{plan_for, slug, task};
    use crate::types::ForceId;
    use std::sync::Arc;

    /// Plan 4.1.4: a force's own basis in the ledger goes before the table of the jurisdiction.
    #[test]
    fn a_basis_of_its_own_goes_before_the_table() {
        let (mut town, fire) = fire();
        let mut force = town.state.ledger.forces[&slug::<ForceId>("jixie")].as_ref().clone();
        force.basis = Some(Basis::LetterOfRequest);
        town.state.ledger.forces.insert(force.id.clone(), Arc::new(force));
        let refusal = refused(&mut town, "dispatcher", plan_for(fire, &["jixie"]));
        assert_eq!(refusal.code(), "other_basis");
        let unknown = DraftPlan { tasks: vec![task("nobody")], ..plan_for(fire, &[]) };
        is(&refused(&mut town, "dispatcher", unknown), "not_found", None, &[]);
    }
}
