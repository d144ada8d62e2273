//! A force answers an emergency withdrawal (撤离清点), Plan 4.1.5: everyone is out, or so many are missing.
//!
//! An answer with people missing can be given again until everyone is accounted for. Everyone out takes the order's
//! groups out of the scene register. An outside force has no terminal: a desk types its answer in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::WithdrawalConfirmed;
use super::state::{Party, Withdrawal};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{FieldFault, Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::ids::Fresh;
use crate::types::{AttachedId, IncidentId, OrderId, Text, WithdrawalId, limits};

/// A force answers.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmWithdrawal {
    /// Which withdrawal.
    pub withdrawal: WithdrawalId,
    /// The order of the force; or `attached`.
    #[serde(default)]
    pub order: Option<OrderId>,
    /// The outside force; or `order`.
    #[serde(default)]
    pub attached: Option<AttachedId>,
    /// Is everyone out?
    pub everyone_out: bool,
    /// How many are not accounted for; needed where not everyone is out.
    #[serde(default)]
    pub missing: Option<u32>,
}

rule!(ConfirmWithdrawal, confirm_withdrawal, |a| match a.order {
    Some(order) => Target::of(Thing::Order, order),
    None => Target::of(Thing::Withdrawal, a.withdrawal),
});

/// May this party answer? While it must, and until everyone of it is out.
pub fn allow(
    state: &State,
    withdrawal: WithdrawalId,
    party: Party,
) -> Result<(IncidentId, &IncidentFile, &Withdrawal), Refusal> {
    let (incident, _) = state.incident_with(Thing::Withdrawal, withdrawal.ulid())?;
    let file = crate::incident::open(state, incident)?;
    let found = file.command.withdrawals.get(&withdrawal);
    let found = found.ok_or_else(|| Refusal::not_found(Thing::Withdrawal, withdrawal))?;
    if !found.must_confirm.contains(&party) {
        return Err(Refusal::NotAsked { asked: asked(state, file, found) });
    }
    match found.answer_of(party) {
        Some(answer) if answer.everyone_out => Err(Refusal::AlreadyDone { act: ActKind::ConfirmWithdrawal }),
        _ => Ok((incident, file, found)),
    }
}

/// Records the answer.
pub fn confirm_withdrawal(
    state: &State,
    ctx: &mut Context,
    act: ConfirmWithdrawal,
) -> Result<Decision, Refusal> {
    let party = match (act.order, act.attached) {
        (Some(order), None) => Party::Order(order),
        (None, Some(attached)) => Party::Attached(attached),
        (None, None) => return Err(Refusal::field("/order", FieldFault::Empty)),
        (Some(_), Some(attached)) => {
            let what = attached.to_string();
            return Err(Refusal::field("/attached", FieldFault::Twice { what }));
        }
    };
    let (incident, _, _) = allow(state, act.withdrawal, party)?;
    let missing = missing(act.everyone_out, act.missing)?;
    let event = WithdrawalConfirmed {
        withdrawal: act.withdrawal,
        party,
        everyone_out: act.everyone_out,
        missing,
        by: ctx.report()?,
    };
    Ok(Decision::about(Resource::of("withdrawal", act.withdrawal, incident)).then(incident, event))
}

fn missing(everyone_out: bool, missing: Option<u32>) -> Result<Option<u32>, Refusal> {
    let (least, most) = if everyone_out { (0, 0) } else { (1, limits::PEOPLE) };
    match missing {
        None if !everyone_out => Err(Refusal::field("/missing", FieldFault::Empty)),
        Some(count) if !(least..=most).contains(&count) => {
            let fault = FieldFault::OutOfRange { least: least.into(), most: most.into() };
            Err(Refusal::field("/missing", fault))
        }
        _ => Ok(missing.filter(|count| *count > 0)),
    }
}

fn asked(state: &State, file: &IncidentFile, withdrawal: &Withdrawal) -> Text {
    let name = |party: &Party| match party {
        Party::Order(order) => file.dispatch.orders.get(order).map(|o| state.ledger.name(&o.force)),
        Party::Attached(attached) => file.reinforcement.attached(*attached).map(|a| a.name.clone()),
    };
    withdrawal.must_confirm.iter().filter_map(name).collect::<Vec<_>>().join("、")
}
