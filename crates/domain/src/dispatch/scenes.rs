//! Scenes and short words of this part's tests.

use std::sync::Arc;

use super::acknowledge_order::AcknowledgeOrder;
use super::approve_plan::ApprovePlan;
use super::arrive_order::ArriveOrder;
use super::depart_order::DepartOrder;
use super::order_first_response::OrderFirstResponse;
use super::submit_plan::SubmitPlan;
use super::{Filing, Order, Plan};
use crate::act::{Act, ActKind};
use crate::command_post::establish_post::EstablishPost;
use crate::refusal::{Instead, Refusal, Thing};
use crate::state::IncidentFile;
use crate::testing::{Town, arrangements, task};
use crate::types::ids::Fresh as _;
use crate::types::{IncidentId, Lang, OrderId, PlanId};

/// Eight in the morning, the oil depot burns.
pub(crate) fn fire() -> (Town, IncidentId) {
    let mut town = Town::rongcheng("08:00");
    let fire = town.oil_depot_burns();
    (town, fire)
}

/// The same, with one force ordered by an approved plan.
pub(crate) fn ordered(force: &str) -> (Town, IncidentId, OrderId) {
    let (mut town, fire) = fire();
    let order = town.ordered(fire, &[force])[0];
    (town, fire, order)
}

/// Somebody acts and is refused; nothing has changed.
#[track_caller]
pub(crate) fn refused(town: &mut Town, who: &str, act: impl Into<Act>) -> Refusal {
    let (journal, state) = (town.journal.len(), format!("{:?}", town.state));
    let refusal = town.act(who, act).expect_err("this must be refused");
    assert_eq!(journal, town.journal.len());
    assert_eq!(state, format!("{:?}", town.state));
    refusal
}

/// Refused with this code, this clause and these lawful next keys; every text of it can be read.
#[track_caller]
pub(crate) fn is(refusal: &Refusal, code: &str, clause: Option<&str>, instead: &[ActKind]) {
    assert_eq!(refusal.code(), code, "{refusal}");
    assert_eq!(refusal.clause(), clause, "{refusal}");
    let keys: Vec<ActKind> = refusal.instead().iter().map(|Instead(act)| *act).collect();
    assert_eq!(keys, instead, "{refusal}");
    assert!(!refusal.text(Lang::Zh).is_empty());
}

/// A field was refused, and which one.
#[track_caller]
pub(crate) fn is_field(refusal: &Refusal, at: &str) {
    match refusal {
        Refusal::Field { pointer, .. } => assert_eq!(pointer, at),
        other => panic!("a field should be refused, not: {other}"),
    }
}

/// The bureau agrees to a whole plan.
pub(crate) fn approve(plan: PlanId, revision: u32) -> ApprovePlan {
    ApprovePlan { plan, revision, tasks: None, remark: None }
}

/// A plan is submitted.
pub(crate) fn submit(plan: PlanId, revision: u32) -> SubmitPlan {
    SubmitPlan { plan, revision }
}

/// Own stations go.
pub(crate) fn first_response(incident: IncidentId, forces: &[&str]) -> OrderFirstResponse {
    let orders = forces.iter().map(|force| task(force)).collect();
    OrderFirstResponse { incident, orders, arrangements: arrangements() }
}

/// The city decides on a command post.
pub(crate) fn post_established(incident: IncidentId) -> EstablishPost {
    EstablishPost {
        incident,
        decision: "荣政指〔2026〕1号".to_owned(),
        commander: "市政府分管领导".to_owned(),
        place: "石岛港务大楼".to_owned(),
        post_channel: None,
        members: Vec::new(),
    }
}

/// 接令
pub(crate) fn acknowledge(order: OrderId) -> AcknowledgeOrder {
    AcknowledgeOrder { order, strength: None, eta_min: None }
}

/// 出动
pub(crate) fn depart(order: OrderId) -> DepartOrder {
    DepartOrder { order, strength: None, position: None }
}

/// 到场
pub(crate) fn arrive(order: OrderId) -> ArriveOrder {
    ArriveOrder { order, strength: None, position: None }
}

/// The incident as it is known now.
pub(crate) fn file(town: &Town, incident: IncidentId) -> &IncidentFile {
    town.state.hot(incident).expect("the incident is open")
}

/// A plan as it is known now.
pub(crate) fn plan(town: &Town, plan: PlanId) -> Arc<Plan> {
    let (_, file) = town.state.incident_with(Thing::Plan, plan.ulid()).expect("its incident is open");
    file.dispatch.plans[&plan].clone()
}

/// An order as it is known now.
pub(crate) fn order(town: &Town, order: OrderId) -> Arc<Order> {
    let (_, file) = town.state.incident_with(Thing::Order, order.ulid()).expect("its incident is open");
    file.dispatch.orders[&order].clone()
}

/// The filing of an order.
pub(crate) fn filing(town: &Town, order: OrderId) -> Arc<Filing> {
    let (_, file) = town.state.incident_with(Thing::Order, order.ulid()).expect("its incident is open");
    let id = file.dispatch.orders[&order].filing.expect("every order is filed");
    file.dispatch.filings[&id].clone()
}
