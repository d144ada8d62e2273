//! Step 2 of the story: what happens at once (先期处置), Plan 4.3.1, 4.3.2.

use muster_tests::town::Town;
use serde_json::json;

use crate::field::{Story, arrangements, depot_fire, mall_call, orders_at_once, starts, task};

/// Own stations go, services are told, forces stand by, the town's shift leader answers.
pub(crate) fn plays(town: &Town, story: &mut Story) {
    own_stations_go_at_once(town, story);
    services_are_told(town, story);
    forces_stand_by(town, story);
    the_town_s_shift_leader_answers(town, story);
}

fn own_stations_go_at_once(town: &Town, story: &mut Story) {
    let proposal = town.brigade().sees(&story.path("/proposal"));
    let offered = proposal.each("first_response", "force");
    assert!(offered.contains(&town.id("石岛站")), "the nearest station is offered: {offered:?}");
    let outside = [task(town, "化工应急队", "堵漏")];
    let body = json!({ "orders": outside, "arrangements": arrangements() });
    let refused = town.brigade().is_refused(&story.path("/first-response"), body);
    assert_eq!(
        (refused.status, refused.code.as_str(), refused.clause.as_str()),
        (403, "approval_needed", "4.1.4")
    );
    assert_eq!(refused.instead, ["draft_plan", "record_telephone_approval", "push_stand_by"]);
    assert!(refused.detail.contains("须先报应急管理局同意"), "{}", refused.detail);
    orders_at_once(town, story, &["石岛站", "桃园站"]);
    let order = story.order(town, "石岛站");
    assert_eq!((order.text("basis"), order.text("step")), ("first_response".into(), "issued".into()));
    assert_eq!(order.at("filing").at("authority").text("name"), "市应急局", "the bureau knows of it");
    assert!(order.has("due"), "the answer has a limit");
}

fn services_are_told(town: &Town, story: &Story) {
    let told = town.brigade().sees(&story.path("/proposal")).at("linkage").list();
    let told: Vec<String> = told.iter().map(|org| org.0.as_str().unwrap().to_owned()).collect();
    let expected =
        ["市公安局", "120急救中心", "交警大队", "供电公司", "热电燃气集团", "水务集团", "生态环境分局"];
    assert_eq!(told, expected.map(|name| town.id(name)), "a leak of petrol concerns these");
    town.brigade().does(&story.path("/linkage-notices"), json!({ "orgs": told }));
    let notice = |name: &str| story.file(town).one("notices", "org", name);
    town.dept("市公安局")
        .does(&format!("/linkage-notices/{}/acknowledge", notice("市公安局").text("id")), json!({}));
    let path = format!("/linkage-notices/{}/acknowledge", notice("120急救中心").text("id"));
    assert_eq!(town.brigade().is_refused(&path, json!({})).code, "on_behalf_missing");
    town.brigade().types_for("120 值班调度员", "phone", &path, json!({}));
    let answered = notice("120急救中心").at("acknowledged");
    assert_eq!(answered.text("on_behalf_of"), "120 值班调度员");
    assert_eq!(answered.text("through"), "phone");
    assert!(!notice("供电公司").has("acknowledged"));
    let own = town.dept("供电公司").sees("/desk").each("notices", "id");
    assert_eq!(own, [notice("供电公司").text("id")], "a service sees its own notice and no other");
}

fn forces_stand_by(town: &Town, story: &Story) {
    let called = town.brigade().sees(&story.path("/proposal")).at("stand_by").list();
    let called: Vec<String> = called.iter().map(|force| force.0.as_str().unwrap().to_owned()).collect();
    assert!(called.contains(&town.id("环境监测队")), "who the composition would call: {called:?}");
    assert!(!called.contains(&town.id("石岛站")), "who is ordered does not stand by");
    town.brigade().does(&story.path("/stand-by"), json!({ "forces": called }));
    let terminal = town.force("环境监测队").sees("/desk");
    let stand_by = &terminal.all("stand_bys")[0];
    assert!(stand_by.text("text").contains("石岛油库"), "{stand_by:?}");
    let path = format!("/stand-bys/{}/confirm", stand_by.text("id"));
    town.force("环境监测队").does(&path, json!({ "ready": true, "note": "10 人在队" }));
    let confirmed = story.file(town).one("stand_bys", "force_ref", "环境监测队").at("confirmed");
    assert!(confirmed.is("ready"));
    assert_eq!(confirmed.text("note"), "10 人在队");
}

fn the_town_s_shift_leader_answers(town: &Town, story: &Story) {
    let call = town.brigade().does(&story.path("/town-calls"), json!({ "town": "org-town-gangwan" })).id;
    let seen = story.file(town).one("town_calls", "id", &call);
    assert!(
        seen.text("asked").starts_with("港湾街道带班领导"),
        "the shift leader is called by name: {seen:?}"
    );
    let refused = town.town_office("崖头街道").is_refused(&format!("/town-calls/{call}/answer"), json!({}));
    assert_eq!((refused.status, refused.code.as_str()), (403, "not_yours"));
    let words = json!({ "words": "已通知周边两个村准备转移" });
    town.town_office("港湾街道").does(&format!("/town-calls/{call}/answer"), words);
    let answered = story.file(town).one("town_calls", "id", &call).at("answered");
    assert_eq!(answered.text("words"), "已通知周边两个村准备转移");
}

/// Plan 4.1.4, 5.2: each force is moved on its own basis; the refusal names its law and the act that fits.
#[test]
fn each_force_is_refused_on_its_own_basis() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    for (force, instead) in [
        ("交警石岛中队", vec!["send_linkage_notices"]),
        ("石岛急救队", vec!["send_linkage_notices"]),
        ("武警应急班", vec!["send_letter", "push_stand_by"]),
        ("石岛海巡队", vec!["send_letter", "push_stand_by"]),
    ] {
        let orders = [task(&town, force, "增援")];
        let body = json!({ "orders": orders, "arrangements": arrangements() });
        let refused = town.brigade().is_refused(&story.path("/first-response"), body);
        assert_eq!((refused.status, refused.code.as_str()), (403, "other_basis"), "{force}");
        assert_eq!(refused.instead, instead, "{force}");
        assert!(refused.detail.contains("依据"), "{}", refused.detail);
    }
    assert!(story.file(&town).all("orders").is_empty());
}

/// Fire Protection Law, art. 42, by the jurisdiction's table: at a fire a full-time brigade goes without approval.
#[test]
fn at_a_fire_a_full_time_brigade_goes_at_once() {
    let town = Town::rongcheng();
    let mut story = starts(&town, mall_call());
    orders_at_once(&town, &mut story, &["崖头站", "寻山专职队"]);
    assert_eq!(story.order(&town, "寻山专职队").text("basis"), "first_response");
    let filed = story.order(&town, "寻山专职队").at("filing").at("authority").text("name");
    assert_eq!(filed, "市应急局");
}

/// Plan 4.1.4: several incidents at once; a force on one is marked wherever it can be chosen, and they never touch.
#[test]
fn a_force_that_is_out_is_marked_everywhere_and_its_orders_never_mix() {
    let town = Town::rongcheng();
    let mut fire = starts(&town, mall_call());
    let mut leak = depot_fire(&town);
    orders_at_once(&town, &mut fire, &["石岛站"]);
    let engaged = |brief: &muster_tests::town::Seen| brief.at("engaged").text("incident");
    let forces = town.brigade().sees("/forces").list();
    let brief = forces.iter().map(|f| f.at("brief")).find(|b| b.text("name") == "石岛站").unwrap();
    assert_eq!(engaged(&brief), fire.incident);
    let slots = town.brigade().sees(&leak.path("/proposal")).all("slots");
    let picks = slots.iter().flat_map(|s| [s.all("picks"), s.all("alternatives")].concat());
    let shidao: Vec<_> = picks.filter(|p| p.at("force_ref").text("name") == "石岛站").collect();
    assert!(!shidao.is_empty(), "it is still shown");
    assert!(shidao.iter().all(|p| p.each("marks", "code").contains(&"engaged".to_owned())), "{shidao:?}");
    orders_at_once(&town, &mut leak, &["石岛站"]);
    town.force("石岛站").does(&leak.order_path("石岛站", "/acknowledge"), json!({}));
    assert_eq!(leak.order(&town, "石岛站").text("step"), "acknowledged");
    assert_eq!(fire.order(&town, "石岛站").text("step"), "issued", "the other order waits by itself");
    let both = town.force("石岛站").sees("/desk").each("orders", "incident");
    assert_eq!(both.len(), 2);
    let again = json!({ "orders": [task(&town, "石岛站", "再去")], "arrangements": arrangements() });
    assert_eq!(town.brigade().is_refused(&fire.path("/first-response"), again).code, "already_ordered");
}
