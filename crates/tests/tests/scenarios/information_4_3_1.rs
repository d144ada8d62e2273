//! Step 7 of the story: information (信息报送), Plan 4.3.1, 3.2.

use muster_tests::town::{Town, User};
use serde_json::{Value, json};

use crate::field::{Story, depot_fire, goes_to_work, orders_at_once};

/// First and follow-up report, casualties, a leader's instruction, the situation report, the short text.
pub(crate) fn plays(town: &Town, story: &Story) {
    the_first_report_is_read_and_corrected(town, story);
    only_confirmed_figures_go_up(town, story);
    a_leader_s_instruction_is_carried_out(town, story);
    the_bureau_compiles_the_situation(town, story);
}

fn report(town: &Town, story: &Story, stage: &str, text: &str) -> String {
    town.brigade().does(&story.path("/reports"), json!({ "stage": stage, "text": text, "by_phone": true })).id
}

fn the_first_report_is_read_and_corrected(town: &Town, story: &Story) {
    let early =
        town.brigade().is_refused(&story.path("/reports"), json!({ "stage": "follow_up", "text": "续报" }));
    assert_eq!(early.code, "wrong_status", "no follow-up before a first report");
    let first = report(town, story, "first", "石岛油库三号罐区汽油泄漏，2 人被困。");
    let seen = town.duty_office().sees("/desk").one("reports", "id", &first);
    assert_eq!(seen.at("addressed_to").text("name"), "总值班室");
    assert_eq!(seen.each("copied_to", "name"), ["市应急局", "消防大队"], "copied to both desks");
    assert!(!seen.is("late") && seen.has("due"), "within the jurisdiction's limit");
    assert!(seen.all("read_by").is_empty());
    town.duty_office().does(&format!("/reports/{first}/read"), json!({}));
    town.bureau().does(&format!("/reports/{first}/read"), json!({}));
    let read = story.file(town).one("reports", "id", &first);
    assert_eq!(read.each("read_by", "position"), ["总值班室值班员", "应急值守处置科值班员"]);
    let correction = json!({ "text": "石岛油库三号罐区柴油泄漏，2 人被困。", "why": "物质名称有误" });
    let other = town.dept("市工信局").is_refused(&format!("/reports/{first}/correct"), correction.clone());
    assert_eq!(other.status, 403);
    town.brigade().does(&format!("/reports/{first}/correct"), correction);
    let corrected = story.file(town).one("reports", "id", &first);
    assert_eq!(corrected.number("version"), 2);
    let texts = corrected.each("versions", "text");
    assert_eq!(texts.len(), 2, "versions are never overwritten");
    assert!(texts.iter().any(|t| t.contains("汽油")) && texts.iter().any(|t| t.contains("柴油")));
    town.duty_office().does(&format!("/reports/{first}/read"), json!({}));
    let words = town.bureau().opens(&story.path(&format!("/documents/report.docx?of={first}")));
    assert!(words.contains("柴油泄漏") && words.contains("首报"), "{words}");
}

fn count(user: &User<'_>, story: &Story, missing: u32, hurt: u32, source: &str) {
    let now = user.sees("/desk").text("now");
    let body = json!({
        "dead": 0, "missing": missing, "badly_hurt": 0, "hurt": hurt, "trapped": 0, "moved": 40,
        "source": source, "as_of": now,
    });
    user.does(&story.path("/casualties"), body);
}

fn only_confirmed_figures_go_up(town: &Town, story: &Story) {
    count(&town.dept("120急救中心"), story, 1, 3, "120急救中心");
    count(&town.brigade(), story, 0, 2, "现场指挥员");
    let file = story.file(town);
    assert_eq!(file.at("casualties").number("revision"), 2, "one thing, counted again");
    assert!(!file.has("confirmed_casualties"));
    let quiet = report(town, story, "follow_up", "正在堵漏。");
    assert!(!story.file(town).one("reports", "id", &quiet).has("casualties"), "nothing unconfirmed goes up");
    let refused = town.bureau().is_refused(&story.path("/casualties/confirm"), json!({ "revision": 1 }));
    assert_eq!(refused.code, "stale_revision");
    assert_eq!(
        town.brigade().is_refused(&story.path("/casualties/confirm"), json!({ "revision": 2 })).status,
        403
    );
    town.bureau().does(&story.path("/casualties/confirm"), json!({ "revision": 2 }));
    count(&town.brigade(), story, 0, 5, "现场指挥员");
    let firm = report(town, story, "follow_up", "泄漏已控制。");
    let figures = story.file(town).one("reports", "id", &firm).at("casualties");
    assert_eq!(
        (figures.number("hurt"), figures.number("missing")),
        (2, 0),
        "the confirmed figures, not the newest"
    );
    town.bureau().does(&story.path("/casualties/confirm"), json!({ "revision": 3 }));
}

fn a_leader_s_instruction_is_carried_out(town: &Town, story: &Story) {
    let text = json!({ "text": "全力搜救，防止油品入海" });
    let instruction = town.leader().does(&story.path("/instructions"), text).id;
    let path = |rest: &str| format!("/instructions/{instruction}{rest}");
    let refused =
        town.dept("市海洋局").is_refused(&path("/feedback"), json!({ "text": "已布设", "done": true }));
    assert!(["not_yours", "first_do"].contains(&refused.code.as_str()), "{refused:?}");
    let task = json!({ "to": town.id("市海洋局"), "task": "布设围油栏" });
    town.duty_office().does(&path("/assign"), task);
    let own = town.dept("市海洋局").sees("/desk").one("instructions", "id", &instruction);
    assert_eq!(own.at("assigned").text("task"), "布设围油栏");
    town.dept("市海洋局").does(&path("/feedback"), json!({ "text": "已布设 600 米", "done": false }));
    town.dept("市海洋局").does(&path("/feedback"), json!({ "text": "布设完成，未见油品入海", "done": true }));
    let seen = town.leader().sees(&story.path("")).one("instructions", "id", &instruction);
    assert!(seen.is("done"));
    assert_eq!(seen.each("feedback", "text"), ["已布设 600 米", "布设完成，未见油品入海"]);
}

fn the_bureau_compiles_the_situation(town: &Town, story: &Story) {
    let text = json!({ "text": "泄漏点已封堵，正在洗消。" });
    assert_eq!(town.brigade().is_refused(&story.path("/situation-reports"), text.clone()).clause, "4.1.5");
    let report = town.bureau().does(&story.path("/situation-reports"), text).id;
    assert_eq!(story.file(town).one("situation_reports", "id", &report).number("number"), 1);
    let words = town.bureau().opens(&story.path(&format!("/documents/situation-report.docx?of={report}")));
    assert!(words.contains("泄漏点已封堵"), "{words}");
    let short = town.bureau().sees(&story.path("/short-text")).text("text");
    assert!(!short.contains('\n') && short.contains("石岛油库") && short.contains("轻伤 5 人"), "{short}");
    assert_eq!(short.contains("演练"), story.drill, "{short}");
}

/// Plan 4.3.1: a paper says what stood when it was made; what was counted, ordered or released later is not in it.
#[test]
fn a_paper_says_what_stood_when_it_was_made() {
    let town = Town::rongcheng();
    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &["石岛站"]);
    goes_to_work(&town, &story, "石岛站");
    count(&town.brigade(), &story, 1, 2, "现场指挥员");
    town.bureau().does(&story.path("/casualties/confirm"), json!({ "revision": 1 }));
    let first = report(&town, &story, "first", "汽油泄漏。");
    let text = json!({ "text": "正在堵漏。" });
    let situation = town.bureau().does(&story.path("/situation-reports"), text).id;
    let help = json!({ "to": town.id("威海市应急局"), "need": "泡沫车 2 辆", "means": "platform" });
    let help = town.bureau().does(&story.path("/reinforcements"), help).id;
    let opens =
        |kind: &str, id: &str| town.bureau().opens(&story.path(&format!("/documents/{kind}.docx?of={id}")));
    let papers =
        || [opens("report", &first), opens("situation-report", &situation), opens("reinforcement", &help)];
    let before = papers();
    assert!(before[0].contains("现场指挥员"), "{}", before[0]);
    for paper in &before {
        let named = ["石岛站", "石岛消防救援站"].iter().any(|name| paper.contains(name));
        assert!(named, "the force that was out then: {paper}");
    }
    count(&town.brigade(), &story, 0, 5, "市卫健局");
    town.bureau().does(&story.path("/casualties/confirm"), json!({ "revision": 2 }));
    town.leader().does(&story.path("/instructions"), json!({ "text": "全力搜救" }));
    town.brigade().does(&story.order_path("石岛站", "/release"), json!({}));
    assert_eq!(papers(), before, "nothing later stands in an earlier paper");
}

/// Plan 4.3.1: what callers told in their own words is for desks; the paper of a force has the headline.
#[test]
fn the_callers_words_are_not_in_the_paper_of_a_force() {
    let town = Town::rongcheng();
    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &["石岛站"]);
    let path = story.path(&format!("/documents/order.docx?of={}", story.orders["石岛站"]));
    let (desk, force) = (town.brigade().opens(&path), town.force("石岛站").opens(&path));
    assert!(desk.contains("两名工人在泵房内"), "{desk}");
    assert!(!force.contains("两名工人在泵房内"), "{force}");
    assert!(force.contains("石岛油库三号罐区，危化品和工贸事故，2级调派"), "{force}");
}

/// Plan 3.2: a leader's instruction given by telephone is typed in with his position and by what means it came.
#[test]
fn an_instruction_by_telephone_names_who_gave_it() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    let text = json!({ "text": "注意人员安全" });
    let refused = town.duty_office().is_refused(&story.path("/instructions"), text.clone());
    assert_eq!(refused.code, "on_behalf_missing");
    let id = town.duty_office().types_for("市长", "phone", &story.path("/instructions"), text).id;
    let seen = story.file(&town).one("instructions", "id", &id);
    assert_eq!((seen.text("from"), seen.at("reported").text("through")), ("市长".into(), "phone".into()));
}

/// Plan 3.2: severity is preliminary from the brigade, confirmed by the bureau alone, and not taken back.
#[test]
fn severity_is_confirmed_by_the_bureau() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    let graded = |severity: &str, stage: &str| json!({ "severity": severity, "stage": stage });
    town.brigade().does(&story.path("/severity"), graded("general", "preliminary"));
    let refused = town.brigade().is_refused(&story.path("/severity"), graded("serious", "confirmed"));
    assert_eq!((refused.status, refused.clause.as_str()), (403, "3.2"));
    town.bureau().does(&story.path("/severity"), graded("serious", "confirmed"));
    assert_eq!(
        town.brigade().is_refused(&story.path("/severity"), graded("general", "preliminary")).code,
        "wrong_status"
    );
    let severity = story.file(&town).at("brief").at("severity");
    assert_eq!((severity.text("value"), severity.text("stage")), ("serious".into(), "confirmed".into()));
}

/// Plan 4.3.1: a note keeps every character, and each language of the interface says the same.
#[test]
fn rare_characters_survive_every_path() {
    let town = Town::rongcheng();
    let (rare, mut call) = ("㛃石沟桥涵𠮷祥路桥", crate::field::depot_call(false));
    call["place"]["text"] = json!(rare);
    call["narrative"] = json!(format!("{rare}漫水"));
    let mut story = crate::field::starts(&town, call);
    town.brigade().does(&story.path("/notes"), json!({ "text": format!("{rare}已封闭") }));
    let order = json!([{ "force": town.id("石岛站"), "task": format!("到{rare}救人") }]);
    let body = json!({ "orders": order, "arrangements": crate::field::arrangements() });
    town.brigade().does(&story.path("/first-response"), body);
    story.learns_orders(&town);
    let file = story.file(&town);
    assert_eq!(file.at("brief").at("place").text("text"), rare);
    assert_eq!(file.all("notes")[0].text("text"), format!("{rare}已封闭"));
    assert_eq!(story.order(&town, "石岛站").text("task"), format!("到{rare}救人"));
    assert!(town.force("石岛站").sees("/desk").all("orders")[0].text("short_text").contains(rare));
    for (q, name) in [("㛃山", "㛃山救援队"), ("𠮷祥", "𠮷祥机械队"), ("jixiang", "𠮷祥机械队")]
    {
        let hits = town.brigade().sees(&format!("/search?q={q}&kinds=force")).list();
        let found = hits.iter().any(|hit| hit.text("id") == town.id(name));
        assert!(found, "{q} finds {name}: {hits:?}");
    }
    let lines = town.brigade().sees(&story.path("/timeline")).list();
    assert!(lines.iter().any(|line| line.text("text").contains(&format!("{rare}已封闭"))), "{lines:?}");
    let of = &story.orders["石岛站"];
    let words = town.force("石岛站").opens(&story.path(&format!("/documents/order.docx?of={of}")));
    assert!(words.contains(rare), "{words}");
    assert!(town.brigade().sees(&story.path("/short-text")).text("text").contains(rare));
    let read = town
        .brigade()
        .request("POST", "/call-sheets/parse")
        .json(&json!({ "text": format!("地址：{rare}") }))
        .send();
    assert_eq!(read.json()["place_text"], Value::from(rare));
}
