//! The program's other commands: what they refuse, and what they print.

use std::io::Write as _;
use std::process::{Command, Stdio};

use muster_tests::node::{Node, muster};
use serde_json::Value;

/// A password or a token for a name that nobody has opens nothing: it is refused, with the names that there are.
#[test]
fn passwords_and_tokens_are_for_whom_the_journal_knows() {
    let place = tempfile::Builder::new().prefix("muster-tools-").tempdir().unwrap();
    let node = Node::demo(place.path());
    let data = place.path().to_str().unwrap();
    let (done, told) = gives_a_password(&["password", "--data", data, "--account", "dispatchr"]);
    assert!(!done && told.contains("no account \"dispatchr\"") && told.contains("dispatcher, "), "{told}");
    let (done, told) = gives_a_password(&["password", "--data", data, "--account", "dispatcher"]);
    assert!(done && told.contains("is set"), "{told}");
    let make =
        |org| muster(&["token", "--data", data, "make", "--name", "t", "--org", org, "--acts", "take_call"]);
    let (done, told) = make("org-nobody");
    assert!(
        !done && told.contains("no organisation \"org-nobody\"") && told.contains("org-gongan"),
        "{told}"
    );
    let (done, told) = make("org-gongan");
    assert!(done && told.starts_with("muster_"), "{told}");
    node.stops();
    let empty = place.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let (done, told) =
        gives_a_password(&["password", "--data", empty.to_str().unwrap(), "--account", "dispatcher"]);
    assert!(!done && told.contains("the first start of a node makes its accounts"), "{told}");
    assert_eq!(std::fs::read_dir(&empty).unwrap().count(), 0, "nothing is made for nobody");
}

fn gives_a_password(args: &[&str]) -> (bool, String) {
    let mut command = Command::new(muster_tests::node::binary());
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all("一个够长的密码 123\n".as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

/// Every figure is one line of JSON with its goal, whether it was met, and its reference or why there is none.
#[test]
fn a_figure_is_a_line_of_json_with_its_reference_and_its_goal() {
    let (done, told) = muster(&["bench", "append", "--acts", "500", "--reps", "1"]);
    assert!(done, "{told}");
    let figures: Vec<Value> = told.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let names: Vec<&str> = figures.iter().filter_map(|figure| figure["figure"].as_str()).collect();
    assert_eq!(names, ["append.alone.p50", "append.64_callers", "append.1024_callers"], "{told}");
    for figure in &figures {
        let positive = |value: &Value| value.as_f64().is_some_and(|value| value > 0.0);
        assert!(positive(&figure["value"]) && positive(&figure["reference"]["value"]), "{figure}");
        assert!(positive(&figure["ratio"]) && figure["why_no_ratio"].is_null(), "{figure}");
        assert!(figure["goal"].as_str().is_some_and(|goal| goal.starts_with("ratio ")), "{figure}");
        assert!(figure["met"].is_boolean() && figure["unit"].is_string(), "{figure}");
    }
}
