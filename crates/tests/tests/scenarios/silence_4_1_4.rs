//! Nobody answers: the node's own clock speaks, Plan 4.1.2, 4.1.4.

use std::time::Duration;

use serde_json::json;

use crate::field::{arrangements, depot_fire, plan_of, submits};
use crate::set_clock::Clock;

/// How long a change may take to come over the line; nothing here waits for a limit to pass.
const LINE: Duration = Duration::from_secs(20);

/// Plan 4.1.4: an order that nobody acknowledges climbs from the second contact over the telephone to the next-best force,
/// a plan that nobody answers goes to the deputies in turn, and a town that does not answer its call is told to the desk. In
/// the emergency state an answer is due in 30 s, an approval in 60 s, a town's in 120 s.
#[test]
fn silence_is_told_and_goes_to_the_next_in_turn() {
    let (clock, town) = Clock::town();
    town.shift_leader().does("/readiness", json!({ "state": "emergency", "why": "台风红色预警" }));
    assert_eq!(
        town.force("石岛站").sees("/me").text("readiness"),
        "emergency",
        "it holds everywhere at once"
    );
    let mut story = depot_fire(&town);
    let (live, deputies) = (town.brigade().listens(), town.bureau().listens());
    let foam =
        json!({ "force": town.id("石岛站"), "task": "覆盖油品", "capability": "foam_tanker", "quantity": 2 });
    let body = json!({ "orders": [foam], "arrangements": arrangements() });
    town.brigade().does(&story.path("/first-response"), body);
    story.learns_orders(&town);
    let plan = submits(&town, &story, plan_of(&town, &["化工应急队"]));
    let call = town.brigade().does(&story.path("/town-calls"), json!({ "town": town.id("港湾街道") })).id;
    let is_told = |kind: &str| {
        let told = live.next_that(LINE, |l| l.data["kind"] == kind);
        assert_eq!(told.expect("silence is told").data["ring"], "failure", "{kind}");
    };
    let climbs = || {
        clock.passes_s(31);
        is_told("order.overdue");
        story.order(&town, "石岛站").at("overdue")
    };
    assert_eq!(climbs().text("level"), "second_contact");
    assert_eq!(story.file(&town).at("brief").at("orders").number("overdue"), 1);
    let refused = town.deputy().is_refused(&format!("/plans/{plan}/approve"), json!({ "revision": 1 }));
    assert_eq!(refused.code, "not_asked");
    assert_eq!(climbs().text("level"), "telephone");
    let asked = deputies.next_that(LINE, |l| l.data["kind"] == "plan.deputy_asked");
    assert!(asked.is_some(), "a plan without an answer goes to a deputy");
    let seen = town.deputy().sees("/desk").one("approvals", "id", &plan);
    let asked: Vec<String> =
        seen.at("asked").list().iter().map(|who| who.0.as_str().unwrap().to_owned()).collect();
    assert!(asked.iter().any(|who| who.contains("第一备岗")), "the first deputy is asked by name: {asked:?}");
    town.deputy().does(&format!("/plans/{plan}/approve"), json!({ "revision": 1 }));
    let approval = town.brigade().sees(&format!("/plans/{plan}")).at("approval");
    assert_eq!(approval.text("officer"), "应急局备岗领导");
    let last = climbs();
    assert_eq!(last.text("level"), "next_force");
    let next = last.at("instead").text("name");
    assert_eq!(next, "油库专职队", "the nearest free one with foam is offered as a supplement: {last:?}");
    town.force("石岛站").does(&story.order_path("石岛站", "/acknowledge"), json!({}));
    assert!(!story.order(&town, "石岛站").has("overdue"), "an answer ends the alarm");
    assert!(!story.file(&town).one("town_calls", "id", &call).is("overdue"), "93 s: the town has 120");
    clock.passes_s(31);
    is_told("incident.town_answer_missed");
    assert!(story.file(&town).one("town_calls", "id", &call).is("overdue"));
    town.town_office("港湾街道").does(&format!("/town-calls/{call}/answer"), json!({ "words": "收到" }));
}
