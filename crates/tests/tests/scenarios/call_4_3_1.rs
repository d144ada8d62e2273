//! Step 1 of the story: the call (接警), Plan 4.3.1.

use muster_tests::town::Town;
use serde_json::json;

use crate::field::{Story, depot_call, depot_fire, mall_call, starts};

/// The pasted sheet and the typed place become a call; a second call about the same joins it.
pub(crate) fn plays(town: &Town, drill: bool) -> Story {
    the_place_is_found_by_two_letters(town);
    the_pasted_sheet_fills_the_form(town);
    let taken = town.brigade().does("/incidents", depot_call(drill));
    assert_eq!((taken.status, taken.kind.as_str()), (201, "incident"));
    let story =
        Story { drill, incident: taken.id, plan: String::new(), orders: std::collections::BTreeMap::new() };
    let file = story.file(town);
    assert_eq!(file.at("brief").text("status"), "reported");
    assert_eq!(file.at("brief").at("place").at("town").text("name"), "港湾街道");
    assert_eq!(file.at("brief").at("next").text("act"), "verify_call");
    let near =
        town.brigade().sees(&format!("/incidents/similar?lon=122.4135&lat=36.8900&drill={drill}")).list();
    let offered: Vec<_> = near.iter().filter(|i| i.text("id") == story.incident).collect();
    assert_eq!(offered.len(), 1, "a call 222 m away is offered for merging");
    assert!((200..250).contains(&offered[0].number("distance_m")), "{:?}", offered[0]);
    assert_eq!(offered[0].number("minutes"), 0);
    let second = json!({
        "source": "110", "caller": "过路司机", "drill": drill, "same_as": story.incident,
        "place": { "text": "石岛油库北门", "point": [122.4135, 36.8900] },
        "narrative": "看见油库里有人往外跑。",
    });
    let joined = town.brigade().does("/incidents", second);
    assert_eq!(joined.id, story.incident);
    assert_eq!(story.file(town).each("call_list", "source"), ["119", "110"]);
    town.brigade().does(&story.path("/verify"), json!({ "outcome": "real", "note": "已回拨报警人核实" }));
    assert_eq!(story.file(town).at("brief").text("status"), "verified");
    story
}

fn the_place_is_found_by_two_letters(town: &Town) {
    for typed in ["sd", "石岛", "shidao"] {
        let hits = town.brigade().sees(&format!("/search?q={typed}&kinds=place,town")).list();
        assert!(hits.iter().any(|hit| hit.text("id") == "place-shidao"), "{typed} finds 石岛: {hits:?}");
    }
    let hits = town.brigade().sees("/search?q=sdyk").list();
    assert_eq!(hits[0].text("id"), "place-shidaoyouku", "{hits:?}");
}

fn the_pasted_sheet_fills_the_form(town: &Town) {
    let samples =
        std::fs::read_to_string(muster_tests::node::repository().join("data/samples/call-sheets.txt"));
    let samples = samples.unwrap();
    let sheet = samples.split("=== sheet ").nth(1).unwrap().split_once('\n').unwrap().1;
    let answer = town.brigade().request("POST", "/call-sheets/parse").json(&json!({ "text": sheet })).send();
    assert_eq!(answer.status, 200, "{}", answer.text());
    let read = muster_tests::town::Seen(answer.json());
    assert_eq!((read.text("source"), read.text("caller")), ("119".into(), "群众".into()));
    assert_eq!(read.text("caller_number"), "0631-0900001");
    assert_eq!(read.text("recording"), "R20260412-0037");
    assert_eq!((read.text("hazard_hint"), read.number("grade")), ("hazchem".into(), 2));
    assert_eq!((read.number("trapped"), read.text("substance")), (2, "汽油".into()));
    assert!(read.text("place_text").contains("石岛油库"), "{read:?}");
}

/// Plan 4.3.1: callers' numbers are for those who take calls; other desks see them masked.
#[test]
fn a_caller_s_number_is_whole_for_the_brigade_and_masked_for_others() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    let number = |user: muster_tests::town::User<'_>| {
        user.sees(&story.path("")).all("call_list")[0].text("caller_number")
    };
    assert_eq!(number(town.brigade()), "0631-0900001");
    assert_eq!(number(town.bureau()), "063******001");
    assert_eq!(town.town_office("崖头街道").does_not_see(&story.path("")).status, 404, "not its affair");
}

/// Plan 4.3.1: a call from another map's datum lands where it happened, and keeps how well the place is known.
#[test]
fn a_click_on_another_map_is_converted() {
    let town = Town::rongcheng();
    let place = |datum: &str| {
        let place = json!({ "text": "石岛港", "point": [122.42, 36.88], "datum": datum });
        let taken = town.brigade().does("/incidents", json!({ "source": "12345", "place": place }));
        let seen =
            town.brigade().sees(&format!("/incidents/{}", taken.id)).at("brief").at("place").at("point");
        (seen.list()[0].0.as_f64().unwrap(), seen.list()[1].0.as_f64().unwrap())
    };
    assert_eq!(place("wgs84"), (122.42, 36.88));
    let (lon, lat) = place("gcj02");
    assert!((0.004..0.007).contains(&(122.42 - lon)), "{lon}");
    assert!((0.000..0.003).contains(&(36.88 - lat)), "{lat}");
}

/// Plan 4.1.3: two incidents that turn out to be one are merged; the one that ends says where it went.
#[test]
fn an_incident_that_was_taken_twice_is_merged() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    let twin = starts(&town, depot_call(false));
    town.brigade().does(&twin.path("/merge"), json!({ "into": story.incident }));
    assert_eq!(story.file(&town).at("brief").number("calls"), 2);
    let ended = twin.file(&town);
    assert_eq!(ended.at("brief").text("status"), "merged");
    assert_eq!(ended.at("brief").text("merged_into"), story.incident);
    let refused = town.brigade().is_refused(&twin.path("/grade"), json!({ "grade": 5 }));
    assert_eq!((refused.status, refused.code.as_str()), (409, "incident_over"));
    let open = town.brigade().sees("/incidents?open=true").each("items", "id");
    assert_eq!(open, [story.incident]);
    assert_eq!(town.brigade().sees("/incidents?open=false").each("items", "id"), [twin.incident]);
}

/// Plan 4.1.3: a false alarm ends the incident, but not while a station is still on its way.
#[test]
fn a_false_alarm_ends_what_was_set_in_motion_first() {
    let town = Town::rongcheng();
    let mut story = starts(&town, mall_call());
    crate::field::orders_at_once(&town, &mut story, &["崖头站"]);
    let refused = town.brigade().is_refused(&story.path("/verify"), json!({ "outcome": "false_alarm" }));
    assert_eq!(refused.code, "cannot_close");
    town.brigade().does(&story.order_path("崖头站", "/cancel"), json!({ "reason": "误报" }));
    town.brigade().does(&story.path("/verify"), json!({ "outcome": "false_alarm", "note": "烧烤冒烟" }));
    assert_eq!(story.file(&town).at("brief").text("status"), "false_alarm");
}

/// Plan 4.1.3: a drill and a real incident are never one, neither offered nor joined nor merged.
#[test]
fn a_drill_never_meets_a_real_incident() {
    let town = Town::rongcheng();
    let real = depot_fire(&town);
    let drill = starts(&town, depot_call(true));
    let near = town.brigade().sees("/incidents/similar?lon=122.4135&lat=36.888").list();
    let near: Vec<String> = near.iter().map(|i| i.text("id")).collect();
    assert!(near.contains(&real.incident) && !near.contains(&drill.incident), "{near:?}");
    let mut second = depot_call(true);
    second["same_as"] = json!(real.incident);
    assert_eq!(town.brigade().is_refused("/incidents", second).code, "drill_mixed");
    let refused = town.brigade().is_refused(&drill.path("/merge"), json!({ "into": real.incident }));
    assert_eq!(refused.code, "drill_mixed");
}

/// Plan 4.3.1: calls come from five sources, each recorded as such; the bureau and the duty office take calls too.
#[test]
fn a_call_may_come_from_anywhere() {
    let town = Town::rongcheng();
    for source in ["119", "110", "120", "12345", "department"] {
        let call = json!({ "source": source, "place": { "text": "滕家水库", "town": "371082108" } });
        let user = if source == "department" { town.duty_office() } else { town.brigade() };
        let taken = user.does("/incidents", call);
        let file = town.bureau().sees(&format!("/incidents/{}", taken.id));
        assert_eq!(file.each("call_list", "source"), [source]);
        assert_eq!(file.at("brief").at("place").text("quality"), "town_seat", "only the town is known");
    }
    let refused = town.shift_leader().is_refused("/incidents", mall_call());
    assert_eq!((refused.status, refused.code.as_str()), (403, "not_permitted"));
}
