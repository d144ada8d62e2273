//! The whole story, played by all users, for real and then as a drill; then the journal proves itself.

use muster_tests::node::muster;
use muster_tests::town::{PASSWORD, Seen, Town};
use serde_json::Value;

use crate::field::Story;
use crate::{
    call_4_3_1, command_4_1_5, first_response_4_3_2, information_4_3_1, orders_4_1_4, plan_4_1_4,
    proposal_4_2_4, review_4_3_3,
};

fn is_played(town: &Town, drill: bool) -> Story {
    let mut story = call_4_3_1::plays(town, drill);
    first_response_4_3_2::plays(town, &mut story);
    proposal_4_2_4::plays(town, &story);
    plan_4_1_4::plays(town, &mut story);
    orders_4_1_4::plays(town, &mut story);
    command_4_1_5::plays(town, &mut story);
    information_4_3_1::plays(town, &story);
    everybody_s_view_says_whether_it_is_a_drill(town, &story);
    review_4_3_3::plays(town, &story);
    story
}

/// Plan 4.2.3: a drill is played through everything and says so everywhere.
fn everybody_s_view_says_whether_it_is_a_drill(town: &Town, story: &Story) {
    let open = story.path("");
    for user in [
        town.brigade(),
        town.commander(),
        town.bureau(),
        town.shift_leader(),
        town.deputy(),
        town.duty_office(),
        town.leader(),
        town.post(),
        town.force("石岛站"),
        town.force("化工应急队"),
        town.dept("市工信局"),
        town.dept("市公安局"),
        town.town_office("港湾街道"),
    ] {
        let file = user.sees(&open);
        let drills = file.drills();
        assert!(
            !drills.is_empty() && drills.iter().all(|d| *d == story.drill),
            "{}: {:#}",
            user.account,
            file.0
        );
        assert_eq!(file.text("headline").contains("演练"), story.drill, "{}", user.account);
        let desk = user.sees("/desk");
        // The desk may still ask for papers of the incident before.
        let marked = drills_of(&desk, &story.incident);
        assert!(
            !marked.is_empty() && marked.iter().all(|d| *d == Some(story.drill)),
            "{}: {:#}",
            user.account,
            desk.0
        );
        let mut unmarked = Vec::new();
        texts(&file.0, "short_text", &mut unmarked);
        unmarked.retain(|text| text.contains("演练") != story.drill);
        assert!(unmarked.is_empty(), "what is read out says whether it is a drill: {unmarked:?}");
    }
    let file = story.file(town);
    let told =
        [file.each("notices", "text"), file.each("stand_bys", "text"), file.each("town_calls", "text")]
            .concat();
    assert!(told.iter().all(|text| text.contains("演练") == story.drill), "{told:?}");
}

/// Whether each line of a desk's lists that is of an incident says that it is a drill.
fn drills_of(desk: &Seen, incident: &str) -> Vec<Option<bool>> {
    let lists = desk.0.as_object().expect("a desk").values().filter_map(Value::as_array);
    let own = |line: &&Value| line["incident"] == incident || line["id"] == incident;
    lists.flatten().filter(own).map(|line| line["drill"].as_bool()).collect()
}

/// What a node logs goes to whoever watches machines: no caller's number, no words of a call, no password, no token.
fn the_log_names_nobody(log: &str) {
    assert!(log.contains("stopping"), "the log was read: {log}");
    for personal in
        ["0631-0900001", "输油管线破裂", "泵房", "看见油库里有人", "柴油泄漏", "全力搜救", PASSWORD]
    {
        assert!(!log.contains(personal), "{personal} stands in the log:\n{log}");
    }
}

fn texts(value: &Value, name: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get(name).and_then(Value::as_str).map(ToOwned::to_owned));
            fields.values().for_each(|value| texts(value, name, found));
        }
        Value::Array(items) => items.iter().for_each(|value| texts(value, name, found)),
        _ => {}
    }
}

/// Plan 4.1 to 4.3: one incident from the call to the review by all its users, once for real, once as a drill; the chain and
/// the rules hold over what was written, and a restart loses nothing.
#[test]
fn one_incident_is_played_by_everybody_for_real_and_as_a_drill() {
    let mut town = Town::rongcheng();
    let real = is_played(&town, false);
    let drill = is_played(&town, true);
    let look = |town: &Town, story: &Story| -> Vec<Seen> {
        let paths = ["", "/timeline", "/review"];
        paths.iter().map(|rest| town.bureau().sees(&story.path(rest))).collect()
    };
    let (before, seq) = ([look(&town, &real), look(&town, &drill)], town.seq());
    the_log_names_nobody(&town.stops());
    let data = town.data().to_str().unwrap().to_owned();
    let (clean, told) = muster(&["verify", "--data", &data, "--rules"]);
    assert!(clean && told.contains("the chain is whole") && told.contains("the rules hold"), "{told}");
    town.starts_again();
    assert_eq!([look(&town, &real), look(&town, &drill)], before, "everything is still there");
    let numbers = |seq: &str| seq.split_once('.').map(|(_, n)| n.parse::<u64>().unwrap()).unwrap();
    assert!(numbers(&town.seq()) >= numbers(&seq));
    let next = town.brigade().does("/incidents", crate::field::mall_call()).id;
    let number = town.brigade().sees(&format!("/incidents/{next}")).at("brief").text("number");
    assert!(number.ends_with("-0003"), "numbers go on: {number}");
}

/// A journal that somebody touched proves nothing: one word changed on the disk is found, and where.
#[test]
fn a_journal_that_was_touched_is_told() {
    let mut town = Town::rongcheng();
    let story = crate::field::depot_fire(&town);
    let number = story.file(&town).at("brief").text("number");
    town.stops();
    let data = town.data().to_str().unwrap().to_owned();
    let (clean, told) = muster(&["verify", "--data", &data]);
    assert!(clean, "{told}");
    let mut touched = 0;
    for entry in
        std::fs::read_dir(&data).unwrap().filter_map(Result::ok).filter(|e| e.file_type().unwrap().is_file())
    {
        let mut bytes = std::fs::read(entry.path()).unwrap();
        let wanted = number.as_bytes();
        let found: Vec<usize> = (0..bytes.len().saturating_sub(wanted.len()))
            .filter(|at| bytes[*at..].starts_with(wanted))
            .collect();
        for at in &found {
            bytes[at + wanted.len() - 1] = b'9';
        }
        if !found.is_empty() {
            std::fs::write(entry.path(), bytes).unwrap();
            touched += found.len();
        }
    }
    assert!(touched > 0, "the incident's number stands in the journal");
    let (clean, told) = muster(&["verify", "--data", &data]);
    assert!(!clean && told.contains("BROKEN entry"), "{told}");
}
