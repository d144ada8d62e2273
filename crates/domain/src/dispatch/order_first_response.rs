//! First response (先期处置), Plan 4.3.2: the brigade's own stations go at once, without approval.
//!
//! An order to any other force is refused here, with the clause and the lawful next keys (Plan 4.1.4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::issue::{Batch, issue_orders, next_number};
use super::task::settle_tasks;
use super::{ArrangementsGiven, FirstResponseOrdered, OrderBasis, TaskGiven};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::authority::Role;
use crate::context::Context;
use crate::incident::still_open;
use crate::refusal::{Instead, Refusal};
use crate::state::{IncidentFile, State};
use crate::types::IncidentId;

/// Own stations go.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderFirstResponse {
    /// To which incident.
    pub incident: IncidentId,
    /// Which stations, what for.
    pub orders: Vec<TaskGiven>,
    /// Arrangements for all of them.
    pub arrangements: ArrangementsGiven,
}

rule!(OrderFirstResponse, order_first_response, |a| Target::Incident(a.incident));

/// While the brigade commands; afterwards orders come from the post (Plan 4.1.5).
pub fn allow(file: &IncidentFile, role: Role) -> Result<(), Refusal> {
    still_open(file)?;
    if file.command.is_commanded_by(role) {
        return Ok(());
    }
    Err(Refusal::NotInCommand {
        act: ActKind::OrderFirstResponse,
        holder: file.command.holder_name(),
        instead: vec![Instead(ActKind::DraftPlan)],
    })
}

/// Orders them, and files each order.
pub fn order_first_response(
    state: &State,
    ctx: &mut Context,
    act: OrderFirstResponse,
) -> Result<Decision, Refusal> {
    let file = state.incident(act.incident)?;
    allow(file, ctx.actor.role)?;
    let tasks = settle_tasks(state, file, &act.orders, None, true)?;
    let arrangements = act.arrangements.settle(state, act.incident)?;
    let (number, by) = (next_number(state, ctx), ctx.report()?);
    let orders = u32::try_from(tasks.len()).unwrap_or(u32::MAX);
    let mut decision = Decision::about(Resource::of("incident", act.incident, act.incident));
    decision.push(act.incident, FirstResponseOrdered { number: number.clone(), orders, by: by.clone() });
    let issued_by = ctx.actor.position.clone();
    let batch = Batch {
        plan: None,
        number: &number,
        basis: OrderBasis::FirstResponse,
        arrangements: &arrangements,
        issued_by: &issued_by,
        by: &by,
    };
    issue_orders(state, ctx, file, &batch, &tasks, &mut decision)?;
    Ok(decision)
}
