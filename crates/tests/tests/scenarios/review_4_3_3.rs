//! Step 8 of the story: the end and the review (战评总结), Plan 4.2.3, 4.3.3.

use muster_tests::town::Town;
use serde_json::json;

use crate::field::{Story, depot_fire, goes_to_work, orders_at_once};
use crate::orders_4_1_4::returns;

/// Forces go home, the incident closes by its rule, the review stands on what is recorded, the shift hands over.
pub(crate) fn plays(town: &Town, story: &Story) {
    it_closes_by_its_rule(town, story);
    the_review_stands_on_what_is_recorded(town, story);
    documents_open(town, story);
}

fn it_closes_by_its_rule(town: &Town, story: &Story) {
    let refused = town.brigade().is_refused(&story.path("/close"), json!({}));
    assert_eq!((refused.status, refused.code.as_str()), (409, "cannot_close"));
    let blockers = story.file(town).at("blockers").list();
    assert!(blockers.len() >= 3, "{blockers:?}");
    for blocker in &blockers {
        assert!(refused.detail.contains(blocker.0.as_str().unwrap()), "{} lacks {blocker:?}", refused.detail);
    }
    town.post().does(&story.path("/control"), json!({}));
    let file = story.file(town);
    for order in file.all("orders") {
        let force = order.at("force_ref").text("name");
        match order.text("step").as_str() {
            "issued" | "received" | "acknowledged" | "departed" => {
                town.post().does(&story.order_path(&force, "/cancel"), json!({ "reason": "险情已控制" }));
            }
            "arrived" | "deployed" => {
                town.post().does(&story.order_path(&force, "/release"), json!({}));
            }
            step => assert!(["released", "declined"].contains(&step), "{force}: {step}"),
        }
    }
    for stand_by in file.all("stand_bys") {
        if stand_by.may("lift_stand_by") == "yes" {
            town.brigade().does(&format!("/stand-bys/{}/lift", stand_by.text("id")), json!({}));
        }
    }
    let refused = town.brigade().is_refused(&story.path("/close"), json!({}));
    assert!(refused.detail.contains("终报"), "the final report is missing: {}", refused.detail);
    town.brigade().does(&story.path("/reports"), json!({ "stage": "final", "text": "险情排除，无人死亡。" }));
    assert!(story.file(town).at("blockers").list().is_empty());
    town.brigade().does(&story.path("/close"), json!({ "note": "移交辖区" }));
    assert_eq!(story.file(town).at("brief").text("status"), "closed");
    let owed = |town: &Town| {
        let orders = town.force("石岛站").sees("/desk").all("orders");
        orders
            .iter()
            .filter(|o| o.text("incident") == story.incident)
            .map(|o| o.text("step"))
            .collect::<Vec<_>>()
    };
    assert_eq!(owed(town), ["released"], "its return form is asked for after the close");
    let unsigned = town.bureau().sees("/desk").all("filings");
    assert!(unsigned.iter().any(|f| f.text("incident") == story.incident), "and so are signatures");
    let returned = returns(town, story, "石岛站");
    assert!(owed(town).is_empty());
    assert_eq!(
        (returned.text("step"), returned.at("return_form").number("worked_min")),
        ("returned".into(), 95)
    );
    assert_eq!(returned.at("return_form").each("consumables", "name"), ["泡沫液", "水带"]);
    let refused = town.brigade().is_refused(&story.path("/grade"), json!({ "grade": 5 }));
    assert_eq!(refused.code, "incident_over", "what is over is over");
}

fn the_review_stands_on_what_is_recorded(town: &Town, story: &Story) {
    let facts = town.bureau().sees(&story.path("/review"));
    for code in [
        "call_to_first_order",
        "call_to_plan",
        "plan_to_approval",
        "approval_to_acknowledgement",
        "first_order_to_acknowledgement",
        "call_to_first_arrival",
        "call_to_controlled",
        "controlled_to_closed",
    ] {
        assert!(facts.one("intervals", "code", code).number("seconds") >= 0, "{code}");
    }
    let declared = facts.all("deviations");
    assert!(!declared.is_empty(), "less was ordered than the composition asks");
    let chemical = facts.one("forces", "force", "化工应急队");
    assert!(chemical.has("acknowledged") && chemical.has("arrived") && chemical.has("released"));
    let reports: Vec<i64> = facts.at("reports").list().iter().map(|n| n.0.as_i64().unwrap()).collect();
    assert_eq!(reports, [4, 0, 0, 1], "filed, late, missed, corrected");
    let review = json!({
        "measures": "先期处置，堵漏洗消", "lessons": "泡沫储备不足", "proposals": "增配围油栏",
        "improvements": [{ "what": "补充泡沫液 12 吨", "owner": town.id("市工信局"), "due": "2026-12-31" }],
    });
    assert_eq!(town.bureau().is_refused(&story.path("/review"), review.clone()).clause, "4.3.3");
    town.commander().does(&story.path("/review"), review.clone());
    assert_eq!(town.commander().is_refused(&story.path("/review"), review).code, "stale_revision");
    let written = town.bureau().sees(&story.path("/review")).at("review");
    assert_eq!(written.each("improvements", "owner"), ["市工信局"]);
    let lines = town.brigade().sees(&story.path("/timeline")).list();
    let kinds: Vec<String> = lines.iter().map(|line| line.text("kind")).collect();
    for line in &lines {
        assert!(!line.text("text").is_empty() && line.text("recorded_at") >= line.text("at"), "{line:?}");
        assert_eq!(line.is("drill"), story.drill);
    }
    let typed =
        lines.iter().find(|l| l.has("on_behalf_of") && l.text("on_behalf_of") == "油库专职队队长").unwrap();
    assert_eq!(typed.text("through"), "radio", "through whom: {typed:?}");
    assert!(kinds.len() > 60, "{kinds:?}");
}

fn documents_open(town: &Town, story: &Story) {
    let number = story.file(town).at("brief").text("number");
    let review = town.bureau().opens(&story.path("/documents/review.docx"));
    for words in ["泡沫储备不足", "补充泡沫液 12 吨", "化工应急队", &number] {
        assert!(review.contains(words), "{words} stands in the review");
    }
    let order = town
        .brigade()
        .opens(&story.path(&format!("/documents/order.docx?of={}", story.orders["化工应急队"])));
    let filing = town.dept("市工信局").does_not_see(&story.path("/documents/filing.docx?of=org-gongxin"));
    assert_eq!(filing.status, 403, "documents are for desks");
    let filing =
        town.bureau().opens(&story.path(&format!("/documents/filing.docx?of={}", town.id("市工信局"))));
    assert!(filing.contains("化工应急队") && filing.contains("报备"), "{filing}");
    let plan = town.bureau().opens(&story.path(&format!("/documents/plan.docx?of={}", story.plan)));
    assert!(plan.contains("公交"), "what was not agreed to stands there too: {plan}");
    for words in [&review, &order, &filing, &plan] {
        assert_eq!(words.contains("演练"), story.drill, "a drill's papers say so, others never: {words}");
    }
}

/// Plan 4.2.3: the sheet of the shift writes itself: open incidents, forces out, pending instructions; then it is handed over.
#[test]
fn the_shift_hands_over_with_a_sheet_that_wrote_itself() {
    let town = Town::rongcheng();
    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &["石岛站"]);
    goes_to_work(&town, &story, "石岛站");
    town.leader().does(&story.path("/instructions"), json!({ "text": "全力搜救" }));
    let sheet = town.brigade().sees("/shifts/sheet?desk=brigade");
    assert_eq!(sheet.each("incidents", "id"), [story.incident.clone()]);
    assert_eq!(sheet.each("forces_out", "force_ref"), ["石岛站"]);
    assert_eq!(sheet.each("instructions", "text"), ["全力搜救"]);
    let words = town.brigade().opens("/shifts/sheet.docx");
    let number = story.file(&town).at("brief").text("number");
    for known in [number.as_str(), "石岛站", "全力搜救"] {
        assert!(words.contains(known), "{known}: {words}");
    }
    let over = json!({ "desk": "brigade", "to": "指挥中心值班员02", "remarks": "油库泄漏正在处置" });
    assert_eq!(town.bureau().is_refused("/shifts/hand-over", over.clone()).code, "not_yours");
    town.brigade().does("/shifts/hand-over", over);
    let sheet = town.brigade().sees("/shifts/sheet?desk=brigade");
    assert_eq!(sheet.text("officer"), "指挥中心值班员02");
    assert!(sheet.has("since"));
    assert_eq!(town.brigade().sees("/me").text("account"), "dispatcher", "nobody had to sign off");
}

/// Plan 4.3.3: what still burns has no review; a false alarm has none at all.
#[test]
fn what_still_burns_has_no_review() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    let review = json!({ "measures": "无", "lessons": "无", "proposals": "无" });
    let refused = town.commander().is_refused(&story.path("/review"), review);
    assert_eq!((refused.code.as_str(), refused.clause.as_str()), ("first_do", "4.3.3"));
    assert_eq!(refused.instead, ["control_incident"]);
}
