//! The same harness finds a node that breaks its word.

use std::path::{Path, PathBuf};
use std::process::Command;

use muster_tests::town::PASSWORD;
use server::config::{Messages, Settings};
use server::now::Now;

use crate::cut::{Cut, Moment};

const PART: &str = "planted::serves_with_a_fault";
const DATA: &str = "MUSTER_CRASH_DATA";

/// The node that is killed, in this binary because the served one has no planted faults; without a directory it
/// returns at once.
#[test]
#[allow(clippy::print_stdout, reason = "how the child speaks")]
fn serves_with_a_fault() {
    let Some(data) = std::env::var_os(DATA) else { return };
    let settings = Settings {
        data: Some(PathBuf::from(data)),
        listen: Some("127.0.0.1:0".parse().unwrap()),
        messages: Some(Messages::Off),
        ..Settings::default()
    };
    let config = settings.complete().unwrap().as_demo(PASSWORD.to_owned()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let serving = server::serve::open(config, Now::system()).await.unwrap();
        println!("listening on {}", serving.url());
        serving.run(std::future::pending()).await.unwrap();
    });
}

fn with_fault(fault: &'static str) -> impl Fn(&Path) -> Command {
    move |data| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--nocapture", "--exact", PART]);
        command.env(DATA, data).env("MUSTER_FAULT", fault).env_remove("NEXTEST");
        command
    }
}

/// What is found within so many kills, each right after an answer.
fn found(fault: &'static str, kills: usize) -> Option<String> {
    let mut cut = Cut::new(7, with_fault(fault));
    (0..kills).find_map(|_| {
        let answers = 20 + cut.random.below(60);
        cut.lives_until(Moment::Answers(answers)).err()
    })
}

/// Without a fault this child is a node like any other: what is found below is found because of the fault.
#[test]
fn nothing_is_found_where_nothing_is_planted() {
    assert_eq!(found("", 3), None);
}

#[test]
fn a_journal_that_skips_fsync_is_found_out() {
    let wrong = found("skip-fsync", 20).expect("answered acts must be missing");
    let ways = ["was answered at", "does not go on", "NoJournal", "does not come up", "sees", "a desk "];
    assert!(ways.iter().any(|way| wrong.contains(way)), "{wrong}");
}

#[test]
fn a_node_that_answers_before_the_commit_is_found_out() {
    let wrong = found("server:answer-early", 20).expect("answered acts must be missing");
    assert!(wrong.contains("was answered at"), "{wrong}");
}

/// A key that is forgotten: an act whose answer was lost is refused when it is sent again.
#[test]
fn a_node_that_forgets_keys_is_found_out() {
    let wrong = found("server:forget-key", 20).expect("an act sent again must be refused");
    assert!(wrong.contains("409") || wrong.contains("422"), "{wrong}");
}
