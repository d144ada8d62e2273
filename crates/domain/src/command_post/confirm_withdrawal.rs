//! A force answers an emergency withdrawal (撤离清点), Plan 4.1.5: everyone is out, or so many are missing.
//!
//! An answer with people missing can be given again until everyone is accounted for. Everyone out takes the order's
//! groups out of the scene register, as far as they had gone in by then, and answers every withdrawal ordered before: a
//! force is shown the newest one only. An outside force has no terminal: a desk types its answer in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::WithdrawalConfirmed;
use super::state::{Party, Withdrawal};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::incident::query::not_before;
use crate::refusal::{FieldFault, Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::ids::Fresh;
use crate::types::{AttachedId, IncidentId, OrderId, Text, Time, WithdrawalId, limits};

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
    let (incident, file, found) = allow(state, act.withdrawal, party)?;
    let missing = missing(act.everyone_out, act.missing)?;
    let by = ctx.report()?;
    not_before(&by, found.ordered.at)?;
    let answered = if act.everyone_out { before(file, found, party, by.at) } else { vec![found.id] };
    let mut decision = Decision::about(Resource::of("withdrawal", act.withdrawal, incident));
    for withdrawal in answered {
        let (everyone_out, by) = (act.everyone_out, by.clone());
        decision.push(incident, WithdrawalConfirmed { withdrawal, party, everyone_out, missing, by });
    }
    Ok(decision)
}

/// The withdrawals that still wait for this party and were ordered before it said that everyone is out.
fn before(file: &IncidentFile, found: &Withdrawal, party: Party, at: Time) -> Vec<WithdrawalId> {
    let waiting = file.command.withdrawals.values().filter(|w| w.waiting().any(|p| p == party));
    waiting.filter(|w| w.ordered.at <= at.max(found.ordered.at)).map(|w| w.id).collect()
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

#[cfg(test)]
mod tests {
    use super::super::order_withdrawal::OrderWithdrawal;
    use super::super::scenes::{is_refused, on_scene};
    use super::*;
    use crate::command_post::enter_scene::EnterScene;
    use crate::command_post::leave_scene::LeaveScene;
    use crate::testing::Town;

    fn withdrawal(town: &mut Town, incident: IncidentId) -> WithdrawalId {
        let ordered = town.does("dispatcher", OrderWithdrawal { incident, reason: None });
        ordered.id.parse().unwrap()
    }

    fn out(withdrawal: WithdrawalId, order: OrderId) -> ConfirmWithdrawal {
        ConfirmWithdrawal {
            withdrawal,
            order: Some(order),
            attached: None,
            everyone_out: true,
            missing: None,
        }
    }

    /// Plan 4.1.5: every force confirms; everyone out empties its part of the scene register.
    #[test]
    fn a_force_that_is_out_leaves_the_scene_register() {
        let (mut town, fire, orders) = on_scene();
        let inside =
            |order, group: &str, count| EnterScene { incident: fire, order, group: group.to_owned(), count };
        town.does("huagong", inside(Some(orders[0]), "堵漏组", 4));
        town.does("dispatcher", inside(None, "技术专家", 2));
        let going_on = withdrawal(&mut town, fire);
        town.does("huagong", out(going_on, orders[0]));
        let command = &town.state.hot(fire).unwrap().command;
        assert_eq!(command.people_inside(), 2, "the experts have no order and must be taken out by hand");
        assert_eq!(command.withdrawals_unconfirmed(), 1);
        is_refused(town.act("huagong", out(going_on, orders[0])), "already_done", "撤离清点");
        town.by_phone_for("市医院急救队值班员01").does("bureau", out(going_on, orders[1]));
        assert_eq!(town.state.hot(fire).unwrap().command.withdrawals_unconfirmed(), 0);
    }

    /// Plan 4.1.5: a word that is typed in late takes nobody out who has gone in since, also under the same name.
    #[test]
    fn an_answer_typed_in_late_does_not_take_out_who_went_in_again() {
        let (mut town, fire, orders) = on_scene();
        let order = Some(orders[0]);
        let inside =
            |group: &str, count| EnterScene { incident: fire, order, group: group.to_owned(), count };
        town.at("08:40").does("huagong", inside("堵漏组", 4));
        town.does("huagong", inside("侦检组", 3));
        let going_on = withdrawal(town.at("08:45"), fire);
        town.at("08:55").does("huagong", inside("堵漏组", 2));
        let late = town.at("09:00").that_happened(-600).by_phone_for("化工队值班员");
        late.does("dispatcher", out(going_on, orders[0]));
        let command = &town.state.hot(fire).unwrap().command;
        assert_eq!((command.count_inside("堵漏组", order), command.people_inside()), (2, 2));
        assert_eq!(command.inside[0].since, town.now.plus_s(-300));
        town.at("09:05")
            .does("huagong", LeaveScene { incident: fire, order, group: "堵漏组".to_owned(), count: 2 });
        assert_eq!(town.state.hot(fire).unwrap().command.people_inside(), 0);
    }

    /// Plan 4.1.5: nobody confirms a withdrawal before it was ordered; whole minutes are typed, so one is allowed.
    #[test]
    fn nobody_is_out_by_a_withdrawal_before_it_was_ordered() {
        let (mut town, fire, orders) = on_scene();
        let going_on = withdrawal(&mut town, fire);
        let early = town.after_s(120).that_happened(-181).act("huagong", out(going_on, orders[0]));
        is_refused(early, "field", "发生时间");
        town.that_happened(-180).does("huagong", out(going_on, orders[0]));
    }

    /// Plan 4.1.5: one word that everyone is out answers every withdrawal that was ordered before it, and no later one.
    #[test]
    fn one_answer_settles_every_withdrawal_before_it() {
        let (mut town, fire, orders) = on_scene();
        let first = withdrawal(&mut town, fire);
        let second = withdrawal(town.after_s(120), fire);
        let third = withdrawal(town.after_s(600), fire);
        town.does(
            "huagong",
            ConfirmWithdrawal { everyone_out: false, missing: Some(1), ..out(first, orders[0]) },
        );
        let seq = town.journal.len();
        town.that_happened(-300).does("huagong", out(second, orders[0]));
        assert_eq!(town.kinds_since(seq), ["withdrawal.confirmed", "withdrawal.confirmed"]);
        let waits = |town: &Town, id: WithdrawalId| {
            let withdrawals = &town.state.hot(fire).unwrap().command.withdrawals;
            withdrawals[&id].waiting().any(|party| party == Party::Order(orders[0]))
        };
        assert_eq!([first, second, third].map(|id| waits(&town, id)), [false, false, true]);
        is_refused(town.act("huagong", out(first, orders[0])), "already_done", "撤离清点");
        town.does("huagong", out(third, orders[0]));
        assert_eq!(town.state.hot(fire).unwrap().command.withdrawals[&first].missing(), 0);
    }

    /// Missing people are counted, and the answer can be given again when they are found.
    #[test]
    fn not_everyone_out_needs_a_number_and_may_be_put_right() {
        let (mut town, fire, orders) = on_scene();
        let going_on = withdrawal(&mut town, fire);
        let without = ConfirmWithdrawal { everyone_out: false, ..out(going_on, orders[0]) };
        is_refused(town.act("huagong", without.clone()), "field", "失联人数");
        let both = ConfirmWithdrawal { missing: Some(1), ..out(going_on, orders[0]) };
        is_refused(town.act("huagong", both), "field", "失联人数");
        town.does("huagong", ConfirmWithdrawal { missing: Some(2), ..without });
        let missing = |town: &Town| town.state.hot(fire).unwrap().command.withdrawals[&going_on].missing();
        assert_eq!(missing(&town), 2);
        town.does("huagong", out(going_on, orders[0]));
        assert_eq!(missing(&town), 0);
    }

    #[test]
    fn a_force_answers_for_itself_only() {
        let (mut town, fire, orders) = on_scene();
        let going_on = withdrawal(&mut town, fire);
        is_refused(town.act("huagong", out(going_on, orders[1])), "not_yours", "本队");
        is_refused(town.act("dispatcher", out(going_on, orders[1])), "on_behalf_missing", "代录");
        let station = town.ordered(fire, &["jixie"]);
        is_refused(town.act("jixie", out(going_on, station[0])), "not_asked", "荣成化工应急队、市医院急救队");
    }

    /// Who has not answered in time is named, once, on the last second.
    #[test]
    fn a_missing_answer_is_marked_once_with_who_is_missing() {
        let (mut town, fire, orders) = on_scene();
        let going_on = withdrawal(&mut town, fire);
        town.does("huagong", out(going_on, orders[0]));
        town.after_s(179).clock_runs();
        assert_eq!(town.count("withdrawal.overdue"), 0);
        town.after_s(1).clock_runs();
        town.after_s(3600).clock_runs();
        assert_eq!(town.count("withdrawal.overdue"), 1);
        let overdue = town.journal.iter().find_map(|r| match &r.event {
            crate::Event::CommandPost(super::super::Event::WithdrawalOverdue(e)) => Some(e.clone()),
            _ => None,
        });
        assert_eq!(overdue.unwrap().waiting, [Party::Order(orders[1])]);
    }
}
