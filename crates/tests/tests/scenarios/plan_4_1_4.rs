//! Step 4 of the story: plan and approval (调用方案), Plan 4.1.4.

use muster_tests::town::{Seen, Town};
use serde_json::{Value, json};

use crate::field::{Story, arrangements, depot_call, depot_fire, plan_of, starts, submits, task};

/// The forces of the story's plan with their industry authorities.
pub(crate) const FORCES: [(&str, &str); 4] = [
    ("油库专职队", "市商务局"),
    ("化工应急队", "市工信局"),
    ("环境监测队", "生态环境分局"),
    ("危化品专家02", "市应急局"),
];

/// Drafted, sent back, revised, withdrawn once, and agreed to in part by the shift leader.
pub(crate) fn plays(town: &Town, story: &mut Story) {
    let mut tasks: Vec<Value> = FORCES.iter().map(|(force, _)| task(town, force, "参加处置")).collect();
    tasks.push(task(town, "公交运输队", "转移群众"));
    let draft = json!({ "tasks": tasks, "arrangements": arrangements(), "signed_by": "commander" });
    let plan = town.brigade().does(&story.path("/plans"), draft.clone()).id;
    town.brigade().does(&format!("/plans/{plan}/withdraw"), json!({ "reason": "力量有误" }));
    assert_eq!(story.file(town).one("plans", "id", &plan).text("status"), "withdrawn");
    let plan = submits(town, story, draft.clone());
    let desk = town.bureau().sees("/desk");
    let waiting = desk.one("approvals", "id", &plan);
    assert!(waiting.at("asked").list()[0].0.as_str().unwrap().contains("带班领导"), "{waiting:?}");
    assert!(waiting.has("answer_due"));
    let refused = town.bureau().is_refused(&format!("/plans/{plan}/approve"), json!({ "revision": 1 }));
    assert_eq!(
        (refused.status, refused.clause.as_str()),
        (403, "4.1.4"),
        "the officer handles, the leader agrees"
    );
    let reasons = json!({ "revision": 1, "reasons": "公交车辆待交通局协调，请调整" });
    town.bureau().does(&format!("/plans/{plan}/send-back"), reasons);
    assert_eq!(town.brigade().sees(&format!("/plans/{plan}")).text("status"), "sent_back");
    let revised = json!({ "revision": 1, "tasks": draft["tasks"], "arrangements": arrangements() });
    town.brigade().does(&format!("/plans/{plan}/revise"), revised.clone());
    assert_eq!(town.brigade().is_refused(&format!("/plans/{plan}/revise"), revised).code, "stale_revision");
    town.brigade().does(&format!("/plans/{plan}/submit"), json!({ "revision": 2 }));
    let agreed: Vec<String> = FORCES.iter().map(|(force, _)| town.id(force)).collect();
    let stale = json!({ "revision": 1, "tasks": agreed });
    let refused = town.shift_leader().is_refused(&format!("/plans/{plan}/approve"), stale);
    assert_eq!(
        (refused.status, refused.code.as_str()),
        (409, "stale_revision"),
        "only what is shown is agreed to"
    );
    let part = json!({ "revision": 2, "tasks": agreed, "remark": "公交车辆由交通局另行安排" });
    town.shift_leader().does(&format!("/plans/{plan}/approve"), part);
    let approved = town.brigade().sees(&format!("/plans/{plan}"));
    assert_eq!(approved.text("status"), "partly_approved");
    assert_eq!(approved.each("tasks", "agreed"), ["true", "true", "true", "true", "false"]);
    assert_eq!(approved.at("approval").text("means"), "platform");
    story.plan = plan;
    story.learns_orders(town);
    let is_ordered = |s: &Seen| story.orders.contains_key(&s.at("force_ref").text("name"));
    let mut stand_bys = story.file(town).all("stand_bys");
    stand_bys.retain(|s| is_ordered(s) && !s.has("confirmed"));
    assert!(!stand_bys.is_empty() && stand_bys.iter().all(|s| !s.has("due")), "the order is answered now");
}

/// Plan 4.1.4: agreement by telephone is recorded at either desk and moves the forces; written agreement follows.
#[test]
fn agreement_by_telephone_moves_the_forces_and_is_confirmed_in_writing() {
    let town = Town::rongcheng();
    let mut story = depot_fire(&town);
    let plan = town.brigade().does(&story.path("/plans"), plan_of(&town, &["化工应急队", "油库专职队"])).id;
    let told = json!({
        "revision": 1, "officer": "应急局带班领导", "words": "同意，先去人", "recording": "R20260412-0099",
    });
    town.brigade().does(&format!("/plans/{plan}/record-telephone-approval"), told);
    story.learns_orders(&town);
    assert_eq!(story.orders.len(), 2);
    let approval = town.bureau().sees(&format!("/plans/{plan}")).at("approval");
    assert_eq!((approval.text("means"), approval.text("written")), ("telephone".into(), "due".into()));
    assert_eq!(
        (approval.text("officer"), approval.text("words")),
        ("应急局带班领导".into(), "同意，先去人".into())
    );
    assert_eq!(approval.text("recording"), "R20260412-0099");
    assert!(approval.has("written_due"));
    let kinds = story.file(&town).each("deadlines", "kind");
    assert!(kinds.contains(&"written_agreement".to_owned()), "{kinds:?}");
    let awaited = town.brigade().sees("/desk").each("deadlines", "text");
    for text in ["出动指令下一步：化工应急队", "报备签收：市工信局、化工应急队"] {
        assert!(awaited.contains(&text.to_owned()), "it says from whom: {awaited:?}");
    }
    assert_eq!(
        town.brigade().is_refused(&format!("/plans/{plan}/confirm-in-writing"), json!({})).status,
        403
    );
    town.shift_leader().does(&format!("/plans/{plan}/confirm-in-writing"), json!({ "remark": "补办" }));
    assert_eq!(town.brigade().sees(&format!("/plans/{plan}")).at("approval").text("written"), "done");
    let words = town.brigade().opens(&story.path(&format!("/documents/plan.docx?of={plan}")));
    assert!(words.contains("同意，先去人") && words.contains("R20260412-0099"), "{words}");
    let plan = submits(&town, &story, plan_of(&town, &["环境监测队"]));
    let told = json!({ "revision": 1, "officer": "应急局带班领导", "words": "同意监测队出动" });
    town.bureau().does(&format!("/plans/{plan}/record-telephone-approval"), told);
    let approval = town.brigade().sees(&format!("/plans/{plan}")).at("approval");
    assert_eq!(
        (approval.text("means"), approval.text("words")),
        ("telephone".into(), "同意监测队出动".into())
    );
    assert_eq!(
        story.order(&town, "环境监测队").text("step"),
        "issued",
        "the bureau's own desk moves it as well"
    );
}

/// Plan 4.1.4: a deputy answers only after nobody else did.
#[test]
fn a_deputy_is_not_asked_before_his_turn() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    let plan = submits(&town, &story, plan_of(&town, &["化工应急队"]));
    let refused = town.deputy().is_refused(&format!("/plans/{plan}/approve"), json!({ "revision": 1 }));
    assert_eq!((refused.status, refused.code.as_str()), (409, "not_asked"));
    assert!(refused.detail.contains("带班领导"), "{}", refused.detail);
}

/// Plan 4.1.4: a composition agreed to in advance lets its orders go at once, and the record says so.
#[test]
fn a_composition_agreed_to_in_advance_goes_at_once() {
    let town = Town::rongcheng();
    let mut story = depot_fire(&town);
    let proposal = town.brigade().sees(&story.path("/proposal"));
    let composition = proposal.at("composition").text("id");
    let path = format!("/compositions/{composition}/preauthorise");
    let why = json!({ "why": "汛期危化品泄漏先行出动" });
    assert_eq!(town.bureau().is_refused(&path, why.clone()).status, 403);
    town.shift_leader().does(&path, why);
    let plan =
        |tasks: Value| json!({ "tasks": tasks, "arrangements": arrangements(), "signed_by": "commander" });
    let proposal = town.brigade().sees(&story.path("/proposal"));
    assert!(proposal.at("composition").is("preauthorised"));
    let id = submits(&town, &story, plan(proposal.at("tasks").0.clone()));
    let seen = town.bureau().sees(&format!("/plans/{id}"));
    assert_eq!(seen.text("status"), "approved");
    assert_eq!(seen.at("approval").text("means"), "preauthorised");
    assert_eq!(seen.at("approval").text("words"), "汛期危化品泄漏先行出动");
    story.learns_orders(&town);
    assert!(story.file(&town).each("orders", "basis").iter().all(|basis| basis == "preauthorised"));
    let beyond = submits(&town, &story, plan(json!([task(&town, "公交运输队", "转移群众")])));
    let seen = town.bureau().sees(&format!("/plans/{beyond}"));
    assert_eq!(seen.text("status"), "submitted", "what goes beyond the composition waits for the bureau");
    town.shift_leader().does(&format!("/compositions/{composition}/revoke"), json!({}));
    let again = starts(&town, depot_call(false));
    let tasks = json!([{ "force": town.id("化工应急队"), "task": "堵漏", "slot": "hazmat" }]);
    let id = submits(&town, &again, plan(tasks));
    assert_eq!(town.bureau().sees(&format!("/plans/{id}")).text("status"), "submitted");
}

/// Plan 4.1.4, laws of the armed forces: they are asked by letter (商请), directly where it is urgent, and answer.
#[test]
fn armed_police_military_and_maritime_are_asked_by_letter() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    for (org, force, urgent) in [
        ("武警中队", "武警应急班", true),
        ("市人武部", "民兵应急连", false),
        ("石岛海事处", "石岛海巡队", true),
    ] {
        let body =
            json!({ "org": town.id(org), "forces": [town.id(force)], "ask": "协助警戒", "urgent": urgent });
        let letter = town.bureau().does(&story.path("/requests"), body).id;
        assert_eq!(town.dept(org).sees("/desk").each("letters", "id"), [letter.as_str()], "{org}");
        town.dept(org).does(
            &format!("/requests/{letter}/answer"),
            json!({ "agreed": true, "words": "同意，20 分钟到" }),
        );
        let seen = story.file(&town).one("letters", "id", &letter);
        assert_eq!(seen.is("urgent"), urgent);
        assert_eq!(seen.at("answer").text("words"), "同意，20 分钟到");
        let words = town.bureau().opens(&story.path(&format!("/documents/request.docx?of={letter}")));
        assert!(words.contains("协助警戒"), "{words}");
    }
    let body = json!({ "org": town.id("市工信局"), "ask": "派人" });
    let refused = town.bureau().is_refused(&story.path("/requests"), body);
    assert_eq!((refused.status, refused.fields.as_slice()), (422, ["/org".to_owned()].as_slice()));
}

/// Plan 4.1.4: what stands before the bureau is not changed under its hands, and orders are signed by the commander.
#[test]
fn a_submitted_plan_is_not_changed_and_only_a_commander_signs() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    let mut unsigned = plan_of(&town, &["化工应急队"]);
    unsigned["signed_by"] = json!("dispatcher");
    let refused = town.brigade().is_refused(&story.path("/plans"), unsigned);
    assert_eq!((refused.status, refused.code.as_str()), (403, "not_a_signer"));
    let plan = submits(&town, &story, plan_of(&town, &["化工应急队"]));
    let mut change = plan_of(&town, &["油库专职队"]);
    change.as_object_mut().unwrap().remove("signed_by");
    change["revision"] = json!(1);
    assert_eq!(town.brigade().is_refused(&format!("/plans/{plan}/revise"), change).code, "wrong_status");
    let refused = town.brigade().is_refused(&story.path("/plans"), plan_of(&town, &["化工应急队"]));
    assert_eq!(refused.code, "already_planned");
    town.brigade().does(&format!("/plans/{plan}/withdraw"), json!({}));
    let refused = town.shift_leader().is_refused(&format!("/plans/{plan}/approve"), json!({ "revision": 1 }));
    assert_eq!(refused.code, "wrong_status", "a withdrawn plan moves nobody");
    assert!(story.file(&town).all("orders").is_empty());
}
