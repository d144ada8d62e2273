//! The live stream over HTTP: who is told, how soon, and what is told again after a break. Plan 4.1.4, 4.3.1.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

use std::time::Duration;

use muster_tests::client::{Live, Stream};
use muster_tests::town::{Town, User, refused_of};
use serde_json::{Value, json};

const SECOND: Duration = Duration::from_secs(1);

fn incident(town: &Town) -> String {
    let call = json!({
        "source": "119", "hazard": "hazchem", "grade": 2,
        "place": { "text": "石岛油库三号罐区", "place": "place-shidaoyouku" },
    });
    let incident = town.brigade().does("/incidents", call).id;
    town.brigade().does(&format!("/incidents/{incident}/verify"), json!({ "outcome": "real" }));
    incident
}

fn orders_shidao(town: &Town, incident: &str) {
    let body = json!({
        "orders": [{ "force": town.id("石岛站"), "task": "灭火" }],
        "arrangements": { "assembly_point": { "text": "北门" }, "report_to": { "position": "现场指挥员" } },
    });
    town.brigade().does(&format!("/incidents/{incident}/first-response"), body);
}

/// Longest that a change may take to come over the line; no test waits for silence.
const LINE: Duration = Duration::from_secs(20);

/// The readiness state changes, which everybody is told: what a session hears until then is all that it was to hear.
fn everybody_is_told(town: &Town, state: &str) {
    town.shift_leader().does("/readiness", json!({ "state": state, "why": "台风预警" }));
}

/// All changes until then.
fn heard(stream: &Stream) -> Vec<Live> {
    let next = || stream.next_that(LINE, |l| l.event == "change").expect("everybody is told");
    std::iter::from_fn(|| Some(next()).filter(|l| l.data["kind"] != "readiness.changed")).collect()
}

fn kinds(changes: &[Live]) -> Vec<String> {
    changes.iter().map(|l| l.data["kind"].as_str().unwrap().to_owned()).collect()
}

/// Plan 4.1.4: an order reaches its force's terminal whole, and rings there; nobody else outside the desks hears of it. How
/// soon is measured by `muster bench fanout`.
#[test]
fn an_order_reaches_its_force_and_no_other() {
    let town = Town::rongcheng();
    let incident = incident(&town);
    let own = town.force("石岛站").listens();
    let desk = town.bureau().listens();
    let others: Vec<User<'_>> = vec![
        town.force("崖头站"),
        town.force("化工应急队"),
        town.dept("市民政局"),
        town.dept("市公安局"),
        town.town_office("崖头街道"),
    ];
    let others: Vec<(String, Stream)> =
        others.iter().map(|user| (user.account.clone(), user.listens())).collect();
    orders_shidao(&town, &incident);
    everybody_is_told(&town, "heightened");
    let all = heard(&own);
    assert_eq!(kinds(&all), ["order.issued", "order.filed"]);
    let told = &all[0];
    assert_eq!(told.data["ring"], "order");
    assert_eq!(told.data["incident"], Value::from(incident.clone()));
    let order = &told.data["order"];
    assert_eq!(order["force_ref"]["id"], "force-002");
    assert_eq!(order["arrangements"]["assembly_point"]["text"], "北门");
    assert_eq!(order["may"]["acknowledge_order"], true, "the terminal knows its next keys at once");
    let told = desk.next_that(LINE, |l| l.data["kind"] == "order.issued").expect("desks are told");
    assert!(told.data.get("order").is_none(), "a desk reloads what it shows");
    assert!(told.data["text"].as_str().unwrap().contains("石岛站"), "{}", told.data);
    for (account, stream) in &others {
        assert_eq!(heard(stream), [], "{account} hears nothing of it");
    }
}

/// Plan 4.1.4: a department hears of its own filing, a town of its own call, and of nothing else.
#[test]
fn a_department_and_a_town_hear_of_their_own() {
    let town = Town::rongcheng();
    let incident = incident(&town);
    let (chemical, welfare) = (town.dept("市工信局").listens(), town.dept("市民政局").listens());
    let (harbour, other) = (town.town_office("港湾街道").listens(), town.town_office("崖头街道").listens());
    let plan = json!({
        "tasks": [{ "force": town.id("化工应急队"), "task": "堵漏" }], "signed_by": "commander",
        "arrangements": { "assembly_point": { "text": "北门" }, "report_to": { "position": "现场指挥员" } },
    });
    let plan = town.brigade().does(&format!("/incidents/{incident}/plans"), plan).id;
    town.brigade().does(&format!("/plans/{plan}/submit"), json!({ "revision": 1 }));
    town.shift_leader().does(&format!("/plans/{plan}/approve"), json!({ "revision": 1 }));
    town.brigade().does(&format!("/incidents/{incident}/town-calls"), json!({ "town": town.id("港湾街道") }));
    everybody_is_told(&town, "heightened");
    assert_eq!(kinds(&heard(&chemical)), ["order.filed"]);
    let called = heard(&harbour);
    assert_eq!(kinds(&called), ["incident.town_called"]);
    assert_eq!(called[0].data["ring"], "call", "it rings until answered");
    for (name, stream) in [("市民政局", welfare), ("崖头街道", other)] {
        assert_eq!(heard(&stream), [], "{name} hears nothing");
    }
}

/// Plan 4.1.4: a submitted plan rings at the bureau's desk, its answer at the brigade's; a withdrawal rings at every force.
#[test]
fn each_desk_is_rung_for_what_it_must_answer() {
    let town = Town::rongcheng();
    let incident = incident(&town);
    let (bureau, brigade, own) =
        (town.shift_leader().listens(), town.brigade().listens(), town.force("石岛站").listens());
    let rings = |stream: &Stream, kind: &str| {
        stream.next_that(LINE, |l| l.data["kind"] == kind).expect(kind).data["ring"].clone()
    };
    let plan = json!({
        "tasks": [{ "force": town.id("化工应急队"), "task": "堵漏" }], "signed_by": "commander",
        "arrangements": { "assembly_point": { "text": "北门" }, "report_to": { "position": "现场指挥员" } },
    });
    let plan = town.brigade().does(&format!("/incidents/{incident}/plans"), plan).id;
    town.brigade().does(&format!("/plans/{plan}/submit"), json!({ "revision": 1 }));
    assert_eq!(rings(&bureau, "plan.submitted"), "approval");
    town.shift_leader().does(&format!("/plans/{plan}/approve"), json!({ "revision": 1 }));
    assert_eq!(rings(&brigade, "plan.approved"), "answer");
    orders_shidao(&town, &incident);
    let order =
        own.next_that(LINE, |l| l.data["kind"] == "order.issued").unwrap().data["order"]["id"].clone();
    let order = order.as_str().unwrap();
    town.force("石岛站").does(&format!("/orders/{order}/arrive"), json!({}));
    town.brigade().does(&format!("/incidents/{incident}/command/withdraw-all"), json!({}));
    let told =
        own.next_that(LINE, |l| l.data["kind"] == "withdrawal.ordered").expect("the force is called back");
    assert_eq!(
        (&told.data["ring"], &told.data["order"]["withdrawal"]["confirmed"]),
        (&json!("withdrawal"), &json!(false))
    );
}

/// Plan 4.1.4: what was missed while the line was down is told again, in order, each once.
#[test]
fn a_stream_that_was_away_misses_nothing() {
    let town = Town::rongcheng();
    let incident = incident(&town);
    let live = town.brigade().listens();
    let note = |text: &str| {
        let body = json!({ "text": text });
        town.brigade().does(&format!("/incidents/{incident}/notes"), body).seq
    };
    let first = note("第一条");
    let seen = live.next_that(LINE, |l| l.event == "change").unwrap();
    assert_eq!(seen.id, first);
    drop(live);
    let missed: Vec<String> = ["第二条", "第三条", "第四条"].map(&note).to_vec();
    let back = town.brigade().client().stream(Some(&seen.id));
    let later = note("第五条");
    let mut told = Vec::new();
    while told.last() != Some(&later) {
        let change = back.next_that(LINE, |l| l.event == "change").expect("nothing is missed");
        told.push(change.id);
    }
    assert_eq!(told, [missed, vec![later]].concat(), "in order, each once");
}

/// A force that resumes is told of what it missed and of nothing that is not its own.
#[test]
fn a_force_that_was_away_is_told_its_own_only() {
    let town = Town::rongcheng();
    let incident = incident(&town);
    let since = town.seq();
    let body = json!({
        "orders": [{ "force": town.id("石岛站"), "task": "灭火" }, { "force": town.id("桃园站"), "task": "供水" }],
        "arrangements": { "assembly_point": { "text": "北门" }, "report_to": { "position": "现场指挥员" } },
    });
    town.brigade().does(&format!("/incidents/{incident}/first-response"), body);
    everybody_is_told(&town, "heightened");
    let back = heard(&town.force("石岛站").client().stream(Some(&since)));
    assert_eq!(kinds(&back), ["order.issued", "order.filed"]);
    assert_eq!(back[0].data["order"]["force_ref"]["id"], "force-002");
    assert_eq!(heard(&town.force("崖头站").client().stream(Some(&since))), []);
}

/// A position of another life of the journal is no place to go on from: the client is told to reload.
#[test]
fn another_epoch_is_told_to_reload() {
    let town = Town::rongcheng();
    let seq = town.seq();
    let (epoch, seq) = seq.split_once('.').unwrap();
    let other = format!("{}.{seq}", epoch.parse::<u64>().unwrap() + 1);
    let told = town.brigade().client().stream(Some(&other)).next_that(LINE, |l| l.event == "reset");
    assert_eq!(told.expect("it is told").data["why"], "epoch");
    let request =
        town.brigade().client().request("GET", "/api/v1/stream").header("Last-Event-ID", "yesterday");
    assert_eq!(refused_of(&request.send()).status, 422);
}

/// Every ten seconds the node says that it is there and how far it is; a page without it says so.
#[test]
fn a_heartbeat_comes_every_ten_seconds() {
    let town = Town::rongcheng();
    let live = town.force("石岛站").listens();
    let beat = |wait: u32| live.next_that(SECOND * wait, |l| l.event == "heartbeat").expect("a heartbeat");
    let first = beat(12);
    assert_eq!(first.data["seq"], Value::from(town.seq()));
    assert!(first.data["now"].as_str().is_some_and(|now| now.len() > 18), "{}", first.data);
    // One beat for all sessions: the first of them comes when it comes.
    let (second, third) = (beat(12), beat(12));
    let apart = third.came - second.came;
    assert!(apart > SECOND * 8 && apart < SECOND * 12, "{apart:?}");
}

/// Who signs out hears nothing from then on.
#[test]
fn a_stream_ends_with_its_session() {
    let town = Town::rongcheng();
    let incident = incident(&town);
    let session = town.signs_in("bureau");
    let live = session.stream(None);
    assert_eq!(session.request("DELETE", "/api/v1/session").send().status, 204);
    town.brigade().does(&format!("/incidents/{incident}/notes"), json!({ "text": "签退之后" }));
    everybody_is_told(&town, "heightened");
    let mut told = live.until_its_end(LINE).expect("the node ends the stream");
    told.retain(|l| l.event == "change");
    assert_eq!(told, []);
    assert_eq!(refused_of(&session.get("/api/v1/stream")).status, 401);
}
