//! Simulation by seed over the pure core: terminals and desks with offline queues, a network that loses, delays,
//! doubles and reorders, a node that crashes between deciding and committing, clocks that jump. A run is its seed:
//! `MUSTER_SEED=7 cargo nextest run -p muster-tests --test simulate` plays number 7 again.
//!
//! What is shown, once every queue has its answers: each act took effect exactly once or was refused, and its asker was
//! told which; the plan's rules hold over the journal; a node that is started anew knows the same; and where the order
//! of acts does not matter, the outcome is the one of a quiet day. Faults planted in the shell are all found.

mod client;
mod net;
mod node;
mod quiet_day;
mod world;

use std::ops::Range;

use node::Planted;
use world::{Faults, World};

/// The seeds of a test; `MUSTER_SEED` plays one of them alone.
fn seeds(range: Range<u64>) -> Vec<u64> {
    match std::env::var("MUSTER_SEED") {
        Ok(seed) => vec![seed.parse().expect("MUSTER_SEED is a number")],
        Err(_) => range.collect(),
    }
}

/// Plays each seed; the first that fails is named.
fn play(range: Range<u64>, run: impl Fn(u64) -> Result<(), String>) {
    for seed in seeds(range) {
        if let Err(found) = run(seed) {
            panic!(
                "seed {seed}: {found}\nplay it again: MUSTER_SEED={seed} cargo nextest run -p muster-tests --test simulate"
            );
        }
    }
}

fn bad_day(seed: u64) -> Result<(), String> {
    World::random(seed, Planted::None, Faults::Bad).run()
}

/// Plan 4.1.4, 4.1.5: the rules hold and nothing is lost or doubled, whatever happens on the way.
#[test]
fn on_bad_days_every_act_takes_effect_once_or_is_refused_a() {
    play(0..70, bad_day);
}

/// Plan 4.1.4, 4.1.5: the same, other seeds: the tests run beside each other.
#[test]
fn on_bad_days_every_act_takes_effect_once_or_is_refused_b() {
    play(70..140, bad_day);
}

/// Plan 4.1.4, 4.1.5: the same, other seeds.
#[test]
fn on_bad_days_every_act_takes_effect_once_or_is_refused_c() {
    play(140..210, bad_day);
}

/// Plan 4.2.2: no outcome is changed by a lost, late, doubled or reordered message, a crash or a jump of the clock.
#[test]
fn a_bad_day_ends_like_a_quiet_one() {
    play(0..40, |seed| {
        let quiet = quiet_day::outcome(seed, Planted::None, Faults::None)?;
        let bad = quiet_day::outcome(seed, Planted::None, Faults::Bad)?;
        if quiet == bad { Ok(()) } else { Err(quiet_day::difference(&quiet, &bad)) }
    });
}

/// The same seed plays the same day: a failure can be played again.
#[test]
fn a_seed_plays_the_same_day_twice() {
    let journal = |seed| {
        let mut world = World::random(seed, Planted::None, Faults::Bad);
        world.run().expect("this seed holds");
        world
            .node
            .journal()
            .iter()
            .map(|r| format!("{} {} {}", r.at.0, r.stream, r.event.encode()))
            .collect::<Vec<_>>()
    };
    assert_eq!(journal(3), journal(3));
    assert_ne!(journal(3), journal(4));
}

/// The days are bad: messages were lost, doubled, overtaken, and the node crashed on both sides of the commit.
#[test]
fn the_days_are_bad_enough() {
    let mut all = world::Seen::default();
    for seed in 0..20 {
        let mut world = World::random(seed, Planted::None, Faults::Bad);
        world.run().expect("this seed holds");
        all.add(&world.seen());
    }
    assert!(all.lost > 100 && all.doubled > 100 && all.overtaken > 100, "{all:?}");
    assert!(all.undecided > 10 && all.unanswered > 10 && all.jumps > 10, "{all:?}");
    assert!(all.recalled > 100 && all.refused > 50 && all.done > 300, "{all:?}");
    assert!(all.thawed > 0 && all.missed > 100, "{all:?}");
}

/// A planted fault must be found within so many seeds, and one of them must show what it does.
#[track_caller]
fn is_found(planted: Planted, words: &str) {
    let mut found = (0..200).filter_map(|seed| World::random(seed, planted, Faults::Bad).run().err());
    assert!(found.any(|found| found.contains(words)), "{planted:?} was not found");
}

#[test]
fn an_effect_that_is_doubled_on_a_retry_is_found() {
    is_found(Planted::KeyForgotten, "took effect 2 times");
}

#[test]
fn a_key_that_does_not_outlive_a_crash_is_found() {
    is_found(Planted::KeysInMemory, "took effect 2 times");
}

#[test]
fn an_answer_before_the_commit_is_found() {
    is_found(Planted::AnswerEarly, "took effect 0 times");
}

#[test]
fn a_dropped_filing_is_found() {
    is_found(Planted::FilingDropped, "was not filed when it was issued (Plan 4.1.4)");
}

#[test]
fn a_timer_that_acts_on_the_state_it_was_armed_for_is_found() {
    is_found(Planted::TimerOnOldState, "(Plan 4.1.");
}

#[test]
fn a_batch_that_is_decided_on_the_state_before_it_is_found() {
    is_found(Planted::BatchOnOldState, "twice");
}

#[test]
fn a_restart_that_skips_what_came_after_the_snapshot_is_found() {
    is_found(Planted::SnapshotOnly, "twice");
}

#[test]
fn a_time_that_is_taken_from_the_receipt_is_found() {
    let found = (0..60).find_map(|seed| {
        let quiet = quiet_day::outcome(seed, Planted::ToldTimeIgnored, Faults::None);
        let bad = quiet_day::outcome(seed, Planted::ToldTimeIgnored, Faults::Bad);
        match (quiet, bad) {
            (Ok(quiet), Ok(bad)) => (quiet != bad).then(|| quiet_day::difference(&quiet, &bad)),
            (quiet, bad) => Some(format!("{:?} {:?}", quiet.err(), bad.err())),
        }
    });
    let found = found.expect("a late message that becomes a late action was not found");
    assert!(found.starts_with("a bad day ended otherwise"), "{found}");
}
