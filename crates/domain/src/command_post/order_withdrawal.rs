//! Everybody out (紧急撤离), Plan 4.1.5: goes through from the brigade and the post alike, whoever commands.
//!
//! Nothing in it can be refused while the incident is open: no reason is needed, one that is too long is cut, another
//! withdrawal may be going on. It has no limit for the same cause.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::WithdrawalOrdered;
use crate::act::{Decision, Resource, Target, rule};
use crate::context::{Context, Reported};
use crate::personal::Personal;
use crate::refusal::Refusal;
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Text, WithdrawalId, limits};

/// Everybody out.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderWithdrawal {
    /// At which incident.
    pub incident: IncidentId,
    /// Why, where there is time to say so.
    #[serde(default)]
    pub reason: Option<Text>,
}

rule!(OrderWithdrawal, order_withdrawal, |a| Target::Incident(a.incident));

/// May it be ordered? Always, while the incident is open.
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    crate::incident::open(state, incident)
}

/// Orders it: every force on the way or on scene, and every attached one, must answer.
pub fn order_withdrawal(state: &State, ctx: &mut Context, act: OrderWithdrawal) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident)?;
    let withdrawal: WithdrawalId = ctx.fresh();
    let orders = file.dispatch.orders.values().filter(|order| order.step.is_out()).map(|order| order.id);
    let event = WithdrawalOrdered {
        withdrawal,
        reason: act.reason.as_deref().and_then(printable).map(|reason| Personal::new(act.incident, reason)),
        orders: orders.collect(),
        attached: file.reinforcement.attached_now().map(|attached| attached.id).collect(),
        confirm_due: ctx.now.plus_s(state.readiness.limits().withdrawal_confirm_limit_s),
        by: now(ctx),
    };
    Ok(Decision::about(Resource::of("withdrawal", withdrawal, act.incident)).then(act.incident, event))
}

/// It is ordered now, by who sits here: a time that was mistyped cannot hold it up.
fn now(ctx: &Context) -> Reported {
    let told = ctx.report().ok();
    Reported {
        at: ctx.now,
        recorded_at: ctx.now,
        by: ctx.actor.position.clone(),
        account: ctx.actor.account.clone(),
        on_behalf_of: told.and_then(|told| told.on_behalf_of),
    }
}

fn printable(reason: &str) -> Option<Text> {
    let kept: Text = reason.trim().chars().filter(|c| !c.is_control()).take(limits::TEXT_CHARS).collect();
    (!kept.is_empty()).then_some(kept)
}
