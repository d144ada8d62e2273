//! Step 5 of the story: orders and filings (出动指令、报备), Plan 4.1.4.

use muster_tests::town::{Seen, Town};
use serde_json::json;

use crate::field::{Story, depot_fire, goes_to_work, orders_at_once, plan_of, submits};
use crate::plan_4_1_4::FORCES;

/// The smallest picture a phone may send: a PNG of one pixel.
pub(crate) const PHOTO: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0,
    0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63,
    0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x56, 0xc7, 0x2f, 0x0d, 0, 0, 0, 0, b'I', b'E', b'N',
    b'D', 0xae, 0x42, 0x60, 0x82,
];

/// Each force sees its own order and carries it out; each authority signs for its filing.
pub(crate) fn plays(town: &Town, story: &mut Story) {
    one_batch_under_one_number(town, story);
    let path = |step: &str| story.order_path("化工应急队", step);
    let chemical = town.force("化工应急队");
    let mut shown = chemical.sees("/desk").all("orders");
    assert!(
        shown.iter().all(|o| o.at("force_ref").text("name") == "化工应急队"),
        "a force sees its own orders only"
    );
    shown.retain(|o| o.text("incident") == story.incident);
    assert_eq!(shown.len(), 1);
    assert!(shown[0].text("short_text").contains("石岛油库"), "{}", shown[0].text("short_text"));
    chemical.does(&path("/receive"), json!({}));
    chemical.does(&path("/acknowledge"), json!({ "strength": 16, "eta_min": 35 }));
    assert_eq!(chemical.is_refused(&path("/acknowledge"), json!({})).code, "already_done");
    chemical.does(&path("/depart"), json!({ "position": [122.574, 37.22888] }));
    chemical.does(&path("/arrive"), json!({ "position": [122.4137, 36.8895], "strength": 15 }));
    chemical.does(&path("/deploy"), json!({}));
    let photo = chemical.uploads(&story.incident, "image/png", PHOTO);
    let progress =
        json!({ "text": "管线裂口约 20 厘米，开始堵漏", "position": [122.4136, 36.8881], "files": [photo] });
    assert_eq!(chemical.does(&path("/progress"), progress).status, 201);
    let order = story.order(town, "化工应急队");
    assert_eq!((order.text("step"), order.number("strength")), ("deployed".into(), 15));
    assert_eq!(
        order.each("steps", "step"),
        ["issued", "received", "acknowledged", "departed", "arrived", "deployed"]
    );
    let told = &order.all("progress")[0];
    assert_eq!(told.text("text"), "管线裂口约 20 厘米，开始堵漏");
    assert_eq!(told.at("position").0, json!([122.4136, 36.8881]));
    let picture = town
        .bureau()
        .request("GET", &format!("/files/{}", told.at("files").list()[0].0.as_str().unwrap()))
        .send();
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
    assert_eq!(picture.body, PHOTO);
    typed_in_for_those_who_telephone(town, story);
    for force in ["石岛站", "桃园站", "环境监测队", "危化品专家02"] {
        goes_to_work(town, story, force);
    }
    authorities_sign(town, story);
}

fn one_batch_under_one_number(town: &Town, story: &Story) {
    let file = story.file(town);
    let plan = file.one("plans", "id", &story.plan);
    for (n, (force, authority)) in FORCES.iter().enumerate() {
        let order = file.one("orders", "force_ref", force);
        assert_eq!(order.text("number"), format!("{}-{:02}", plan.text("number"), n + 1));
        assert_eq!((order.text("plan"), order.text("basis")), (story.plan.clone(), "approved_plan".into()));
        assert_eq!(order.text("issued_by"), "值班指挥长");
        assert_eq!(order.at("filing").at("authority").text("name"), *authority);
        let own = town.force(force).sees(&story.order_path(force, ""));
        assert_eq!(own.at("arrangements").at("assembly_point").text("text"), "油库北门外 200 米");
        assert_eq!(own.at("arrangements").at("report_to").text("phone"), "0631-0900010");
        for (field, told) in [
            ("radio_channel", "消防 1 频道"),
            ("protection", "着防静电服，佩戴空气呼吸器"),
            ("bring", "泡沫液、堵漏工具"),
        ] {
            assert_eq!(own.at("arrangements").text(field), told, "{force}: {field}");
        }
        let words =
            town.force(force).opens(&story.path(&format!("/documents/order.docx?of={}", order.text("id"))));
        assert!(words.contains(&order.text("number")) && words.contains("油库北门外 200 米"), "{words}");
    }
    let batch: Vec<String> =
        FORCES.iter().map(|(f, _)| file.one("orders", "force_ref", f).text("issued_at")).collect();
    assert!(batch.iter().all(|at| *at == batch[0]), "one moment: {batch:?}");
}

fn typed_in_for_those_who_telephone(town: &Town, story: &Story) {
    let path = |step: &str| story.order_path("油库专职队", step);
    let order = story.order(town, "油库专职队");
    assert_eq!(order.may("acknowledge_order"), "on_behalf");
    let issued = order.text("issued_at");
    let said = |act: &str, body| town.brigade().types_for("油库专职队队长", "radio", &path(act), body);
    said("/acknowledge", json!({ "occurred_at": issued, "strength": 12 }));
    said("/depart", json!({}));
    said("/arrive", json!({}));
    said("/deploy", json!({}));
    let order = story.order(town, "油库专职队");
    let told = order.one("steps", "step", "acknowledged").at("reported");
    assert_eq!(told.text("at"), issued, "when it happened");
    assert!(told.text("recorded_at") > issued, "and when it was typed");
    assert_eq!((told.text("on_behalf_of"), told.text("through")), ("油库专职队队长".into(), "radio".into()));
    assert!(!order.has("overdue"), "late typing is not late action");
}

fn authorities_sign(town: &Town, story: &Story) {
    for (force, authority) in FORCES {
        let user = if authority == "市应急局" { town.bureau() } else { town.dept(authority) };
        let filing = story.order(town, force).at("filing").text("id");
        let own = user.sees("/desk").one("filings", "id", &filing);
        assert_eq!(own.at("force").text("name"), force);
        let other = town.dept("市卫健局").is_refused(&format!("/filings/{filing}/sign"), json!({}));
        assert_eq!((other.status, other.code.as_str()), (403, "not_yours"));
        user.does(&format!("/filings/{filing}/sign"), json!({ "remark": "已知悉" }));
        assert!(story.order(town, force).at("filing").is("signed"));
    }
    for force in ["石岛站", "桃园站"] {
        let filing = story.order(town, force).at("filing").text("id");
        town.bureau().does(&format!("/filings/{filing}/sign"), json!({}));
    }
}

/// Plan 4.1.4: whoever cannot come says why, and the proposal has the next best beside it at once.
#[test]
fn a_force_that_cannot_come_says_why_and_the_next_best_is_proposed() {
    let town = Town::rongcheng();
    let mut story = depot_fire(&town);
    let plan = submits(&town, &story, plan_of(&town, &["化工应急队"]));
    town.shift_leader().does(&format!("/plans/{plan}/approve"), json!({ "revision": 1 }));
    story.learns_orders(&town);
    let path = story.order_path("化工应急队", "/decline");
    let refused = town.force("化工应急队").is_refused(&path, json!({ "reason": "  " }));
    assert_eq!((refused.status, refused.fields.as_slice()), (422, ["/reason".to_owned()].as_slice()));
    town.force("化工应急队").does(&path, json!({ "reason": "车辆在外地维修" }));
    let order = story.order(&town, "化工应急队");
    assert_eq!(order.text("step"), "declined");
    assert_eq!(order.one("steps", "step", "declined").text("note"), "车辆在外地维修");
    let first = &story.file(&town).all("orders")[0];
    assert_eq!(first.at("force_ref").text("name"), "化工应急队", "failures stand first");
    let tasks = town.brigade().sees(&story.path("/proposal")).each("tasks", "force");
    assert!(!tasks.is_empty() && !tasks.contains(&town.id("化工应急队")), "{tasks:?}");
    let mut more = plan_of(&town, &["油库专职队"]);
    more["supplement_to"] = json!(plan);
    let supplement = submits(&town, &story, more);
    town.shift_leader().does(&format!("/plans/{supplement}/approve"), json!({ "revision": 1 }));
    assert_eq!(story.order(&town, "油库专职队").text("step"), "issued");
}

/// Plan 4.1.4: an order is its force's own, seen and carried out by nobody else; after the end nothing follows.
#[test]
fn an_order_is_its_force_s_own_and_its_steps_have_an_order() {
    let town = Town::rongcheng();
    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &["石岛站"]);
    let path = |step: &str| story.order_path("石岛站", step);
    let refused = town.force("崖头站").is_refused(&path("/acknowledge"), json!({}));
    assert_eq!((refused.status, refused.code.as_str()), (403, "not_yours"));
    assert_eq!(town.force("崖头站").does_not_see(&path("")).status, 404);
    assert_eq!(town.force("崖头站").does_not_see(&story.path("")).status, 404);
    assert_eq!(town.dept("市工信局").does_not_see(&path("")).status, 404);
    let early = town.force("石岛站").is_refused(&path("/return"), json!({}));
    assert_eq!(
        (early.status, early.code.as_str()),
        (409, "wrong_status"),
        "who was not released is not back"
    );
    goes_to_work(&town, &story, "石岛站");
    assert_eq!(
        town.force("石岛站").is_refused(&path("/decline"), json!({ "reason": "晚了" })).code,
        "wrong_status"
    );
    assert_eq!(town.brigade().is_refused(&path("/cancel"), json!({ "reason": "晚了" })).code, "wrong_status");
    town.brigade().does(&path("/release"), json!({}));
    let refused = town.force("石岛站").is_refused(&path("/progress"), json!({ "text": "还在" }));
    assert_eq!(refused.code, "wrong_status");
}

/// Plan 4.1.4: what is typed in for another says for whom and through what; a time ahead or before the order is refused.
#[test]
fn typing_for_another_needs_whom_and_a_time_that_can_be() {
    let town = Town::rongcheng();
    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &["石岛站"]);
    let path = story.order_path("石岛站", "/acknowledge");
    let refused = town.brigade().is_refused(&path, json!({}));
    assert_eq!((refused.status, refused.fields.as_slice()), (422, ["/on_behalf_of".to_owned()].as_slice()));
    for at in ["2099-01-01T00:00:00+08:00", "2001-01-01T00:00:00+08:00"] {
        let body = json!({ "occurred_at": at, "on_behalf_of": { "who": "石岛站站长", "through": "phone" } });
        let refused = town.brigade().is_refused(&path, body);
        assert_eq!(
            (refused.status, refused.fields.as_slice()),
            (422, ["/occurred_at".to_owned()].as_slice()),
            "{at}"
        );
    }
    let dream = json!({ "on_behalf_of": { "who": "石岛站站长", "through": "dream" } });
    let refused = town.brigade().is_refused(&path, dream);
    assert_eq!(
        (refused.status, refused.fields.as_slice()),
        (422, ["/on_behalf_of/through".to_owned()].as_slice())
    );
}

/// The return form of a force, as step 8 plays it.
pub(crate) fn returns(town: &Town, story: &Story, force: &str) -> Seen {
    let form = json!({
        "worked_min": 95, "confirmed_by": "现场指挥员", "note": "水带破损 2 条",
        "consumables": [{ "name": "泡沫液", "quantity": 3, "unit": "吨" }, { "name": "水带", "quantity": 2, "unit": "条" }],
    });
    town.force(force).does(&story.order_path(force, "/return"), form);
    story.order(town, force)
}
