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

#[cfg(test)]
mod tests {
    use super::super::scenes::{
        file, filing, fire, first_response, is, is_field, ordered, post_established, refused,
    };
    use crate::act::ActKind;
    use crate::dispatch::OrderBasis;

    /// Plan 4.3.2: the brigade's own stations go at once, without approval; each order is filed with the bureau.
    #[test]
    fn own_stations_go_at_once() {
        let (mut town, fire) = fire();
        let seq = town.journal.len();
        town.does("dispatcher", first_response(fire, &["shidao", "yatou"]));
        let kinds =
            ["dispatch.first_response_ordered", "order.issued", "order.filed", "order.issued", "order.filed"];
        assert_eq!(town.kinds_since(seq), kinds);
        let orders: Vec<_> = file(&town, fire).dispatch.orders.values().cloned().collect();
        for order in &orders {
            assert_eq!((order.basis, order.plan), (OrderBasis::FirstResponse, None));
            assert_eq!(order.issued_by, "指挥中心值班调度员");
            assert_eq!(filing(&town, order.id).authority.as_str(), "org-yingji");
        }
        assert_eq!(orders[0].number, "荣消调〔2026〕1号-01");
    }

    /// Plan 4.1.4, 4.3.2: every other force is refused here, with the clause and the lawful keys, and no order goes out.
    #[test]
    fn every_other_force_is_refused_with_the_lawful_keys() {
        let (mut town, fire) = fire();
        let approval = [ActKind::DraftPlan, ActKind::RecordTelephoneApproval, ActKind::PushStandBy];
        for (force, code, keys) in [
            ("huagong", "approval_needed", &approval[..]),
            ("jixie", "approval_needed", &approval[..]),
            ("tejing", "other_basis", &[ActKind::SendLinkageNotices][..]),
            ("wujing", "other_basis", &[ActKind::SendLetter, ActKind::PushStandBy][..]),
        ] {
            let refusal = refused(&mut town, "dispatcher", first_response(fire, &["shidao", force]));
            is(&refusal, code, Some("4.1.4"), keys);
        }
        is(
            &refused(&mut town, "bureau", first_response(fire, &["shidao"])),
            "not_permitted",
            Some("4.3.2"),
            &[],
        );
        assert_eq!(town.count("order.issued"), 0);
    }

    /// Plan 4.3.2: a station is ordered once; an empty act and a station named twice are slips.
    #[test]
    fn a_station_is_ordered_once() {
        let (mut town, fire, _) = ordered("shidao");
        let again = refused(&mut town, "dispatcher", first_response(fire, &["yatou", "shidao"]));
        is(&again, "already_ordered", None, &[]);
        is_field(&refused(&mut town, "dispatcher", first_response(fire, &[])), "/orders");
        let twice = refused(&mut town, "dispatcher", first_response(fire, &["yatou", "yatou"]));
        is_field(&twice, "/orders/1/force");
        let mut nameless = first_response(fire, &["yatou"]);
        nameless.orders[0].task = " ".to_owned();
        is_field(&refused(&mut town, "dispatcher", nameless), "/orders/0/task");
        town.does("dispatcher", first_response(fire, &["yatou"]));
    }

    /// Plan 4.1.5: once the post commands, orders come from there; the way on is a plan by its order.
    #[test]
    fn after_the_take_over_there_is_no_first_response() {
        let (mut town, fire) = fire();
        town.does("leader", post_established(fire));
        let barred = refused(&mut town, "dispatcher", first_response(fire, &["shidao"]));
        is(&barred, "not_in_command", Some("4.1.5"), &[ActKind::DraftPlan]);
    }
}
