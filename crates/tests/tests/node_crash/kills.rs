//! The node as it is served, killed again and again.

use std::time::Duration;

use muster_tests::node::{Node, muster};
use muster_tests::town::Town;

use crate::book::position;
use crate::cut::{Cut, Moment};

/// The rules are proved over the whole journal after so many kills.
const VERIFY_EVERY: u64 = 10;

/// Plan 4.1.4: what a desk or a terminal was told has happened stays so, once, whatever becomes of the machine.
#[test]
#[allow(clippy::print_stdout, reason = "figures for who reads the log")]
fn every_answered_act_survives_kills_and_power_cuts_once() {
    let kills: u64 = std::env::var("MUSTER_NODE_KILLS").map_or(32, |text| text.parse().unwrap());
    let mut cut = Cut::new(20_260_412, Node::demo_command);
    for kill in 1..=kills {
        let moment = cut.draws();
        if let Err(wrong) = cut.lives_until(moment) {
            panic!("kill {kill}, {moment:?}: {wrong}");
        }
        if kill % VERIFY_EVERY == 0 {
            verifies(&cut);
        }
    }
    // Twice: first everybody hears what is left, then that is looked at.
    for _ in 0..2 {
        cut.lives_until(Moment::Never).unwrap();
    }
    verifies(&cut);
    let acts = cut.book.acts();
    let (answered, again) = (
        acts.values().filter(|act| act.answer.is_some()).count(),
        acts.values().filter(|act| act.sent > 1).count(),
    );
    println!(
        "{kills} kills: {answered} acts answered, {again} sent again after a cut ({} of {} had taken effect), {} stories to their end, {} changes heard",
        cut.unanswered.0,
        cut.unanswered.1,
        cut.stories(),
        cut.heard()
    );
    assert!(answered > 500 && again > 10 && cut.stories() > 5, "the test proves little");
    assert!(cut.heard() > 500, "the streams were listened to");
}

/// A client that has seen what the journal does not hold (a disk that lied, a directory put back by hand) must not
/// go on from there as if nothing were missing.
#[test]
fn a_client_that_has_seen_more_than_the_journal_holds_is_told_to_reload() {
    let town = Town::rongcheng();
    let (epoch, seq) = position(&town.seq()).unwrap();
    let stream = town.brigade().client().stream(Some(&format!("{epoch}.{}", seq + 1)));
    let told = stream.next_that(Duration::from_secs(5), |live| live.event == "reset");
    assert_eq!(told.expect("it is told to reload").data["why"], "ahead");
    let stream = town.brigade().client().stream(Some(&format!("{epoch}.{seq}")));
    assert_eq!(
        stream.next(Duration::from_secs(5)).unwrap().event,
        "heartbeat",
        "at the head nothing is missing"
    );
}

fn verifies(cut: &Cut) {
    let data = cut.data();
    let (clean, told) = muster(&["verify", "--data", data.to_str().unwrap(), "--rules"]);
    assert!(clean && told.contains("the chain is whole") && told.contains("the rules hold"), "{told}");
}
