//! Nobody answers: the node's own clock speaks, Plan 4.1.2, 4.1.4.

use std::time::Duration;

use muster_tests::town::Town;
use serde_json::json;

use crate::field::{depot_fire, orders_at_once, plan_of, submits};

/// Plan 4.1.4: an order that nobody acknowledges escalates visibly, and a plan that nobody answers goes to the deputies in
/// turn. In the emergency state the limits are 30 s and 60 s: this test waits for the real clock of the real node.
#[test]
fn silence_is_told_and_goes_to_the_next_in_turn() {
    let town = Town::rongcheng();
    town.shift_leader().does("/readiness", json!({ "state": "emergency", "why": "台风红色预警" }));
    assert_eq!(
        town.force("石岛站").sees("/me").text("readiness"),
        "emergency",
        "it holds everywhere at once"
    );
    let mut story = depot_fire(&town);
    let live = town.bureau().listens();
    orders_at_once(&town, &mut story, &["石岛站"]);
    let plan = submits(&town, &story, plan_of(&town, &["化工应急队"]));
    let told = live.next_that(Duration::from_secs(40), |l| l.data["kind"] == "order.overdue");
    assert!(told.is_some(), "an order without an answer is told within its limit");
    let order = story.order(&town, "石岛站");
    assert_eq!(order.at("overdue").text("level"), "second_contact");
    assert_eq!(story.file(&town).at("brief").at("orders").number("overdue"), 1);
    let refused = town.deputy().is_refused(&format!("/plans/{plan}/approve"), json!({ "revision": 1 }));
    assert_eq!(refused.code, "not_asked");
    let asked = live.next_that(Duration::from_secs(45), |l| l.data["kind"] == "plan.deputy_asked");
    assert!(asked.is_some(), "a plan without an answer goes to a deputy");
    let seen = town.deputy().sees("/desk").one("approvals", "id", &plan);
    let asked: Vec<String> =
        seen.at("asked").list().iter().map(|who| who.0.as_str().unwrap().to_owned()).collect();
    assert!(asked.iter().any(|who| who.contains("第一备岗")), "the first deputy is asked by name: {asked:?}");
    town.deputy().does(&format!("/plans/{plan}/approve"), json!({ "revision": 1 }));
    let approval = town.brigade().sees(&format!("/plans/{plan}")).at("approval");
    assert_eq!(approval.text("officer"), "应急局备岗领导");
    town.force("石岛站").does(&story.order_path("石岛站", "/acknowledge"), json!({}));
    assert!(!story.order(&town, "石岛站").has("overdue"), "an answer ends the alarm");
}
