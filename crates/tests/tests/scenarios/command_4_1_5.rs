//! Step 6 of the story: command on scene, withdrawal, help from outside. Plan 4.1.2, 4.1.4, 4.1.5.

use muster_tests::town::Town;
use serde_json::json;

use crate::field::{Story, arrangements, depot_fire, goes_to_work, orders_at_once, plan_of, task};

/// The brigade commands, the city's post takes over, everybody withdraws once, help comes from Weihai.
pub(crate) fn plays(town: &Town, story: &mut Story) {
    the_brigade_forms_its_forward_headquarters(town, story);
    the_scene_register_says_who_is_inside(town, story);
    the_post_takes_over(town, story);
    orders_come_from_the_post(town, story);
    everybody_withdraws(town, story);
    help_comes_from_outside(town, story);
}

fn the_brigade_forms_its_forward_headquarters(town: &Town, story: &Story) {
    let headquarters = json!({
        "commander": "大队长", "place": "油库北门", "channel": "消防 2 频道",
        "groups": [
            { "name": "堵漏组", "leader": "化工应急队队长", "forces": [town.id("化工应急队")] },
            { "name": "灭火组", "leader": "石岛站站长", "forces": [town.id("石岛站"), town.id("油库专职队")] },
        ],
    });
    town.commander().does(&story.path("/command/forward-headquarters"), headquarters);
    let command = story.file(town).at("command");
    assert_eq!((command.text("holder"), command.is("is_mine")), ("brigade".into(), true));
    assert_eq!(command.at("forward_headquarters").each("groups", "name"), ["堵漏组", "灭火组"]);
}

fn the_scene_register_says_who_is_inside(town: &Town, story: &Story) {
    town.commander().does(&story.path("/scene/safety-officer"), json!({ "who": "石岛站副站长" }));
    let order = &story.orders["化工应急队"];
    let enter = json!({ "order": order, "group": "堵漏组", "count": 4 });
    town.force("化工应急队").does(&story.path("/scene/enter"), enter.clone());
    assert_eq!(town.force("环境监测队").is_refused(&story.path("/scene/enter"), enter).code, "not_yours");
    let scene = story.file(town).at("scene");
    assert_eq!((scene.text("safety_officer"), scene.number("people")), ("石岛站副站长".into(), 4));
    assert_eq!(scene.one("inside", "group", "堵漏组").at("force").text("name"), "化工应急队");
}

fn the_post_takes_over(town: &Town, story: &Story) {
    let post = json!({
        "decision": "荣指〔2026〕1号", "commander": "分管副市长", "place": "石岛管理区管委会",
        "post_channel": "指挥 1 频道", "members": ["大队长", "应急局局长"],
    });
    let early = town.commander().is_refused(&story.path("/command/briefing"), json!({}));
    assert_eq!((early.code.as_str(), early.clause.as_str()), ("first_do", "4.1.5"));
    town.leader().does(&story.path("/command-post"), post.clone());
    assert_eq!(town.leader().is_refused(&story.path("/command-post"), post).code, "already_done");
    let command = town.post().sees(&story.path("")).at("command");
    assert_eq!((command.text("holder"), command.is("is_mine")), ("post".into(), true), "at once");
    assert_eq!(story.file(town).at("brief").at("next").text("act"), "hand_in_briefing");
    let lines = town.commander().sees(&story.path("/briefing")).at("lines").list();
    let lines = lines.iter().map(|l| l.0.as_str().unwrap().to_owned()).collect::<Vec<_>>().join("\n");
    for known in ["石岛油库", "汽油", "化工应急队"] {
        assert!(lines.contains(known), "the briefing is made from the state, with {known}:\n{lines}");
    }
    town.commander().does(&story.path("/command/briefing"), json!({ "text": "东侧道路可进大型车辆" }));
    let handed = story.file(town).at("command").at("post");
    assert_eq!(handed.text("briefing_text"), "东侧道路可进大型车辆");
    let words = town.post().opens(&story.path("/documents/briefing.docx"));
    assert!(words.contains("东侧道路可进大型车辆"), "{words}");
}

fn orders_come_from_the_post(town: &Town, story: &mut Story) {
    let more = json!({ "orders": [task(town, "崖头站", "增援")], "arrangements": arrangements() });
    let refused = town.brigade().is_refused(&story.path("/first-response"), more);
    assert_eq!(
        (refused.status, refused.code.as_str(), refused.clause.as_str()),
        (403, "not_in_command", "4.1.5")
    );
    assert!(refused.instead.contains(&"draft_plan".to_owned()), "{:?}", refused.instead);
    let release = story.order_path("桃园站", "/release");
    assert_eq!(town.brigade().is_refused(&release, json!({})).code, "not_in_command");
    let plain = plan_of(town, &["吊装队"]);
    assert_eq!(town.brigade().is_refused(&story.path("/plans"), plain.clone()).code, "not_in_command");
    let mut by_order = plain;
    by_order["by_order_of_post"] = json!(true);
    by_order["supplement_to"] = json!(story.plan);
    let plan = town.brigade().does(&story.path("/plans"), by_order).id;
    let submit = town.post().does(&format!("/plans/{plan}/submit"), json!({ "revision": 1 }));
    assert_eq!(submit.id, plan);
    town.shift_leader().does(&format!("/plans/{plan}/approve"), json!({ "revision": 1 }));
    story.learns_orders(town);
    let order = story.order(town, "吊装队");
    assert_eq!(
        order.at("filing").at("authority").text("name"),
        "市住建局",
        "approved and filed like every other"
    );
    assert!(town.bureau().sees(&format!("/plans/{plan}")).is("by_order_of_post"));
    town.post()
        .does(&story.path("/command/delegate"), json!({ "to": "brigade", "scope": "现场救援力量的调整" }));
    let delegation = &story.file(town).at("command").all("delegations")[0];
    assert_eq!(delegation.text("scope"), "现场救援力量的调整");
    town.brigade().does(&release, json!({ "note": "转为备勤" }));
    assert_eq!(story.order(town, "桃园站").text("step"), "released", "by delegation the brigade acts again");
}

fn everybody_withdraws(town: &Town, story: &Story) {
    let out: Vec<String> =
        ["石岛站", "油库专职队", "化工应急队", "环境监测队", "危化品专家02"].map(String::from).to_vec();
    let withdrawal =
        town.commander().does(&story.path("/command/withdraw-all"), json!({ "reason": "罐体温度骤升" })).id;
    let seen = story.file(town).one("withdrawals", "id", &withdrawal);
    let mut waiting = seen.each("waiting", "name");
    let mut expected = out.clone();
    waiting.sort();
    expected.sort();
    assert_eq!(waiting, expected, "every force on the way or on scene must answer");
    let path = format!("/withdrawals/{withdrawal}/confirm");
    let answer = |force: &str, rest: serde_json::Value| {
        let mut body = rest;
        body["order"] = json!(story.orders[force]);
        body
    };
    let shown = town.force("化工应急队").sees(&story.order_path("化工应急队", "")).at("withdrawal");
    assert_eq!((shown.text("id"), shown.is("confirmed")), (withdrawal.clone(), false));
    let someone = answer("化工应急队", json!({ "everyone_out": false }));
    let refused = town.force("化工应急队").is_refused(&path, someone);
    assert_eq!(refused.fields, ["/missing"], "how many are missing is said");
    town.force("化工应急队")
        .does(&path, answer("化工应急队", json!({ "everyone_out": false, "missing": 1 })));
    let seen = story.file(town).one("withdrawals", "id", &withdrawal);
    assert_eq!(seen.one("confirmed", "force", "化工应急队").number("missing"), 1);
    let leave = json!({ "order": story.orders["化工应急队"], "group": "堵漏组", "count": 4 });
    town.force("化工应急队").does(&story.path("/scene/leave"), leave);
    for force in &out {
        let body = answer(force, json!({ "everyone_out": true }));
        if force == "油库专职队" {
            town.brigade().types_for("油库专职队队长", "radio", &path, body);
        } else {
            town.force(force).does(&path, body);
        }
    }
    let seen = story.file(town).one("withdrawals", "id", &withdrawal);
    assert!(seen.all("waiting").is_empty(), "{seen:?}");
    assert!(
        seen.each("confirmed", "everyone_out").iter().all(|out| out == "true"),
        "a later answer counts: {seen:?}"
    );
    assert_eq!(story.file(town).at("scene").number("people"), 0);
}

fn help_comes_from_outside(town: &Town, story: &Story) {
    let ask = json!({
        "to": town.id("威海市应急局"), "need": "泡沫消防车 4 辆", "means": "phone", "recording": "R20260412-0120",
    });
    assert_eq!(town.brigade().is_refused(&story.path("/reinforcements"), ask.clone()).clause, "4.1.4");
    let request = town.bureau().does(&story.path("/reinforcements"), ask).id;
    let answer = json!({ "approved": true, "officer": "威海市应急局带班领导", "words": "同意，调经区大队" });
    let path = format!("/reinforcements/{request}/answer");
    town.bureau().types_for("威海市应急局带班领导", "phone", &path, answer);
    let force = json!({
        "name": "威海经区大队编队", "from": "威海经济技术开发区", "strength": 20, "leader": "经区大队副大队长",
        "call_sign": "经区01", "contact": "0631-0900020",
    });
    let attached = town.bureau().does(&format!("/reinforcements/{request}/attach"), force).id;
    let seen = story.file(town).one("reinforcements", "id", &request);
    assert_eq!((seen.text("status"), seen.text("recording")), ("approved".into(), "R20260412-0120".into()));
    let there = seen.one("attached", "id", &attached);
    assert_eq!((there.text("name"), there.number("strength")), ("威海经区大队编队".into(), 20));
    assert!(!there.has("released"), "visible until released");
    let words = town.bureau().opens(&story.path(&format!("/documents/reinforcement.docx?of={request}")));
    assert!(words.contains("泡沫消防车 4 辆"), "{words}");
    town.post().does(&format!("/reinforcements/{request}/release"), json!({ "attached": attached }));
    let seen = story.file(town).one("reinforcements", "id", &request);
    assert!(seen.one("attached", "id", &attached).has("released"));
}

/// Plan 4.1.5: an emergency withdrawal always goes through, whoever commands, without a word of reason.
#[test]
fn a_withdrawal_is_never_refused_to_who_is_on_scene() {
    let town = Town::rongcheng();
    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &["石岛站"]);
    goes_to_work(&town, &story, "石岛站");
    let post = json!({ "decision": "口头，市长", "commander": "分管副市长", "place": "油库北门" });
    town.leader().does(&story.path("/command-post"), post);
    for user in [town.brigade(), town.commander(), town.post()] {
        user.does(&story.path("/command/withdraw-all"), json!({}));
    }
    assert_eq!(story.file(&town).all("withdrawals").len(), 3);
    let shown = town.force("石岛站").sees("/desk").all("orders")[0].at("withdrawal");
    assert!(!shown.is("confirmed"), "it stands on the force's order until it is confirmed");
    let body = json!({ "order": story.orders["石岛站"], "everyone_out": true });
    town.force("石岛站").does(&format!("/withdrawals/{}/confirm", shown.text("id")), body);
    let shown = town.force("石岛站").sees("/desk").all("orders")[0].clone();
    assert!(shown.at("withdrawal").is("confirmed"));
    for withdrawal in story.file(&town).all("withdrawals") {
        assert!(withdrawal.all("waiting").is_empty(), "one answer is for every withdrawal before it");
    }
}

/// Plan 4.1.5: the decision may be told by telephone and typed in; a department does not take command.
#[test]
fn the_city_s_decision_may_be_typed_in_by_the_duty_office() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    let post = json!({ "decision": "口头，市长", "commander": "分管副市长", "place": "油库北门" });
    assert_eq!(
        town.duty_office().is_refused(&story.path("/command-post"), post.clone()).code,
        "on_behalf_missing"
    );
    assert_eq!(
        town.dept("市公安局").is_refused(&story.path("/command-post"), post.clone()).code,
        "not_permitted"
    );
    town.duty_office().types_for("市长", "phone", &story.path("/command-post"), post);
    let command = story.file(&town).at("command");
    assert_eq!(command.text("holder"), "post");
    assert_eq!(command.at("post").at("established").text("on_behalf_of"), "市长");
}

/// Plan 4.1.4: command rises to the superior brigade (提级指挥); it commands through the brigade.
#[test]
fn command_rises_to_the_superior() {
    let town = Town::rongcheng();
    let mut story = depot_fire(&town);
    let rise = json!({ "to": town.id("威海支队"), "commander": "威海支队值班首长" });
    town.commander().types_for("威海支队值班首长", "phone", &story.path("/command/rise"), rise);
    let command = story.file(&town).at("command");
    assert_eq!(command.text("holder"), "superior");
    assert_eq!(command.each("history", "holder").len(), 2);
    orders_at_once(&town, &mut story, &["石岛站"]);
}

/// Plan 4.1.5: a draft from before the take-over goes out by order of the post only; the next step says so.
#[test]
fn a_draft_from_before_the_take_over_is_revised_by_order_of_the_post() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    let notices = json!({ "orgs": [town.id("市公安局")] });
    town.brigade().does(&story.path("/linkage-notices"), notices);
    let draft = plan_of(&town, &["吊装队"]);
    let plan = town.brigade().does(&story.path("/plans"), draft.clone()).id;
    let post = json!({ "decision": "口头，市长", "commander": "分管副市长", "place": "油库北门" });
    town.leader().does(&story.path("/command-post"), post);
    town.commander().does(&story.path("/command/briefing"), json!({}));
    let path = |act: &str| format!("/plans/{plan}/{act}");
    let refused = town.brigade().is_refused(&path("submit"), json!({ "revision": 1 }));
    assert_eq!((refused.code.as_str(), refused.clause.as_str()), ("not_in_command", "4.1.5"));
    assert!(refused.instead.contains(&"revise_plan".to_owned()), "{:?}", refused.instead);
    let seen = story.file(&town).one("plans", "id", &plan);
    assert_eq!(
        (seen.may("submit_plan").as_str(), seen.may("revise_plan").as_str()),
        ("not_in_command", "yes")
    );
    let next = |town: &Town| story.file(town).at("brief").at("next").text("act");
    assert_eq!(next(&town), "revise_plan");
    let revised = json!({
        "revision": 1, "tasks": draft["tasks"], "arrangements": arrangements(), "by_order_of_post": true,
    });
    town.brigade().does(&path("revise"), revised);
    assert_eq!(next(&town), "submit_plan");
    town.brigade().does(&path("submit"), json!({ "revision": 2 }));
    assert!(town.bureau().sees(&format!("/plans/{plan}")).is("by_order_of_post"));
}

/// Plan 4.1.5: before the city's post stands, nobody acts by its order.
#[test]
fn nobody_acts_by_order_of_a_post_that_does_not_stand() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    let mut plan = plan_of(&town, &["吊装队"]);
    plan["by_order_of_post"] = json!(true);
    assert_eq!(town.brigade().is_refused(&story.path("/plans"), plan).code, "not_in_command");
    let delegate = json!({ "to": "brigade", "scope": "全部" });
    let refused = town.post().is_refused(&story.path("/command/delegate"), delegate);
    assert!(["first_do", "not_in_command"].contains(&refused.code.as_str()), "{refused:?}");
}
