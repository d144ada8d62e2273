//! Everybody out (紧急撤离), Plan 4.1.5: goes through from the brigade and the post alike, whoever commands.
//!
//! Nothing in it can be refused while the incident is open: no reason is needed, one that is too long is cut, another
//! withdrawal may be going on. It has no limit for the same cause.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::WithdrawalOrdered;
use crate::act::{Decision, Resource, Target, rule};
use crate::context::{Context, Reported};
use crate::dispatch::{Order, OrderStep};
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

/// Orders it: every force that may have people there, and every attached one, must answer.
pub fn order_withdrawal(state: &State, ctx: &mut Context, act: OrderWithdrawal) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident)?;
    let withdrawal: WithdrawalId = ctx.fresh();
    let orders =
        file.dispatch.orders.values().filter(|order| may_be_there(file, order)).map(|order| order.id);
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

/// A force that said that it comes may be further than the record knows, and whoever is registered inside is inside.
fn may_be_there(file: &IncidentFile, order: &Order) -> bool {
    order.step == OrderStep::Acknowledged
        || order.step.is_out()
        || file.command.inside_under(order.id).next().is_some()
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

#[cfg(test)]
mod tests {
    use super::super::scenes::{is_refused, on_scene, post};
    use super::*;
    use crate::command_post::enter_scene::EnterScene;
    use crate::dispatch::acknowledge_order::AcknowledgeOrder;
    use crate::incident::verify_call::{Outcome, VerifyCall};
    use crate::testing::Town;

    fn everybody_out(incident: IncidentId, reason: Option<&str>) -> OrderWithdrawal {
        OrderWithdrawal { incident, reason: reason.map(ToOwned::to_owned) }
    }

    /// Plan 4.1.5: an emergency withdrawal is never refused, whoever commands, with whatever words.
    #[test]
    fn everybody_out_always_goes_through() {
        let (mut town, fire, orders) = on_scene();
        town.does("post", everybody_out(fire, None)); // before it commands
        town.does("leader", post(fire));
        town.does("dispatcher", everybody_out(fire, Some("三号罐将沸溢"))); // after it lost command
        town.that_happened(7200).does("commander", everybody_out(fire, Some(&"撤\u{7}".repeat(9000))));
        let withdrawals = town.state.hot(fire).unwrap().command.withdrawals.clone();
        assert_eq!(withdrawals.len(), 3);
        let last = withdrawals.values().next_back().unwrap();
        assert_eq!(
            last.must_confirm.iter().copied().collect::<Vec<_>>(),
            [super::super::Party::Order(orders[0]), super::super::Party::Order(orders[1]),]
        );
        let words = last.reason.as_ref().unwrap().reveal().unwrap();
        assert_eq!(words.chars().count(), limits::TEXT_CHARS);
        assert_eq!(last.ordered.at, town.now);
    }

    /// Plan 4.1.5: whoever has said that it comes, or has people inside, must say that they are out, however far its order
    /// is by the record.
    #[test]
    fn whoever_may_have_people_there_must_confirm() {
        let (mut town, fire, orders) = on_scene();
        let more = town.ordered(fire, &["jixie", "shidao-jijiu", "yatou"]);
        town.does("jixie", AcknowledgeOrder { order: more[0], strength: None, eta_min: None });
        let inside =
            EnterScene { incident: fire, order: Some(more[1]), group: "救护组".to_owned(), count: 2 };
        town.by_phone_for("急救组").does("dispatcher", inside);
        town.does("dispatcher", everybody_out(fire, None));
        let command = &town.state.hot(fire).unwrap().command;
        let asked: Vec<_> = command.withdrawals.values().next_back().unwrap().must_confirm.iter().collect();
        let expected = [orders[0], orders[1], more[0], more[1]].map(super::super::Party::Order);
        assert_eq!(asked, expected.iter().collect::<Vec<_>>(), "not the one that has not answered its order");
    }

    #[test]
    fn a_closed_incident_has_nobody_to_withdraw() {
        let mut town = Town::rongcheng("08:00");
        let fire = town.oil_depot_burns();
        town.does("dispatcher", VerifyCall { incident: fire, outcome: Outcome::FalseAlarm, note: None });
        is_refused(town.act("dispatcher", everybody_out(fire, None)), "incident_over", "误报");
        is_refused(town.act("bureau", everybody_out(fire, None)), "not_permitted", "现场指挥部");
    }
}
