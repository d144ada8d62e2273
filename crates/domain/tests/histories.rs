//! What must hold of any history: random acts by random people, time that passes, a clock that runs.
//!
//! The plan's own rules are `domain::rules`, which `muster verify --rules` runs over real journals; here they run over
//! histories that nobody thought of. A history that fails shrinks; its numbers then become a test below.

use std::collections::{BTreeMap, BTreeSet};

use domain::rules::Rules;
use domain::testing::Town;
use domain::testing::random::{Draw, ask};
use domain::types::IncidentId;
use domain::{Context, Event, IncidentFile, Recorded, State, apply, decide};
use proptest::prelude::*;

/// One step of a history: what happens, and the numbers that it is drawn from.
type Step = [u16; 16];

/// A history under test.
struct History {
    town: Town,
    rules: Rules,
    read: usize,
}

impl History {
    fn new() -> Self {
        let mut history = Self { town: Town::rongcheng("08:00"), rules: Rules::default(), read: 0 };
        history.read_on();
        history
    }

    fn step(&mut self, step: &Step) {
        let mut draw = Draw::given(step);
        match draw.below(10) {
            0 => {
                let hours = if draw.chance(10) { 3 * 3600 } else { 0 };
                self.town.after_s(hours + i64::try_from(draw.below(1200)).expect("below 1200"));
            }
            1 => drop(self.town.clock_runs()),
            _ => self.act(&mut draw),
        }
        self.read_on();
    }

    fn act(&mut self, draw: &mut Draw) {
        self.town.after_s(1);
        let asked = ask(&self.town.state, draw, self.town.now);
        let decided = || {
            let (actor, seed) = (asked.actor(&self.town.state), ulid::Ulid(7 << 90));
            let mut ctx = Context::new(self.town.now, actor, asked.told.clone(), seed);
            match decide(&self.town.state, &mut ctx, asked.act()) {
                Ok(decision) => decision.events.iter().map(|(s, e)| format!("{s} {}", e.encode())).collect(),
                Err(refusal) => vec![format!("{refusal:?}")],
            }
        };
        assert_eq!(decided(), decided(), "the same question has two answers: {asked:?}");
        let before = self.town.state.clone();
        if let Err(refusal) = self.town.asked(&asked) {
            assert_eq!(self.town.journal.len(), self.read, "refused, and yet something happened: {refusal}");
            assert!(
                same_places(&before, &self.town.state),
                "refused, and yet the state has changed: {asked:?}"
            );
            let text = refusal.text(domain::types::Lang::Zh);
            assert!(!text.is_empty());
        }
    }

    /// Reads what was written since: each entry as it would be read back from the journal.
    fn read_on(&mut self) {
        for recorded in &self.town.journal[self.read..] {
            let (kind, version, data) =
                (recorded.event.kind(), recorded.event.version(), recorded.event.encode());
            let event = Event::decode(kind, version, &data).expect("what was written is read");
            assert_eq!(event.encode(), data, "{kind} is not read as it was written");
            self.rules.read(&Recorded { event, ..recorded.clone() });
        }
        self.read = self.town.journal.len();
        assert_eq!(self.rules.found(), [], "after {:?}", self.town.journal.last());
    }

    /// What is dear to check is checked now and then, and at the end.
    fn whole(&mut self) {
        self.town.clock_runs();
        assert_eq!(self.town.clock_runs(), 0, "a deadline is met once");
        self.read_on();
        let state = &self.town.state;
        assert_eq!(json(state), json(self.rules.state()), "what was read back gives another state");
        for (id, file) in &state.incidents {
            assert_eq!(json(&self.own(*id)), json(file.as_ref()), "its own stream folds to another incident");
        }
        for (id, file) in &state.unsettled {
            assert_eq!(json(&self.own(*id)), json(file.as_ref()), "its own stream folds to another incident");
        }
        for (id, summary) in &state.archive {
            let owes = self.own(*id).dispatch.owes_papers();
            assert_eq!(
                owes,
                state.unsettled.contains_key(id),
                "what still owes a paper is kept, and only that"
            );
            let own = domain::incident::IncidentSummary::of(&self.own(*id));
            assert_eq!(
                json(&own),
                json(summary.as_ref()),
                "an incident that is over is remembered otherwise"
            );
        }
        let restored: State = serde_json::from_str(&json(state)).expect("a snapshot is read back");
        assert_eq!(json(&restored), json(state), "a snapshot gives another state");
        assert!(state.thawed.is_empty(), "what was brought back for an act was let go of");
    }

    fn own(&self, id: IncidentId) -> IncidentFile {
        IncidentFile::fold(id, self.town.stream(id)).expect("it was opened")
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("a state can be kept")
}

/// Nothing has moved: the collections are the same ones, not only equal ones.
fn same_places(before: &State, now: &State) -> bool {
    before.incidents.ptr_eq(&now.incidents)
        || (before.incidents.len() == now.incidents.len()
            && before
                .incidents
                .iter()
                .zip(now.incidents.iter())
                .all(|(a, b)| a.0 == b.0 && std::sync::Arc::ptr_eq(a.1, b.1)))
            && json(&before.archive) == json(&now.archive)
}

fn holds(steps: &[Step]) {
    let mut history = History::new();
    for (n, step) in steps.iter().enumerate() {
        history.step(step);
        if n % 32 == 31 {
            history.whole();
        }
    }
    history.whole();
    assert_eq!(history.rules.end(), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Plan 4.1.4, 4.1.5: no order to an outside force without an approval, none without its filing, one commander at
    /// each moment; and the same history gives the same state on every node.
    #[test]
    fn any_history_keeps_the_plan(steps in prop::collection::vec(any::<Step>(), 1..96)) {
        holds(&steps);
    }
}

/// The same, from seeds: long histories, in which incidents run through and are closed.
fn seeded(seed: u64, steps: usize) -> History {
    let mut draw = Draw::seeded(seed);
    let mut history = History::new();
    for _ in 0..steps {
        let step: Step = std::array::from_fn(|_| u16::try_from(draw.below(1 << 16)).expect("below 65536"));
        history.step(&step);
    }
    history
}

/// A property over histories in which nothing happens would hold: these reach every part of the plan.
#[test]
fn long_histories_keep_the_plan_and_reach_every_part_of_it() {
    let mut happened: BTreeMap<&'static str, usize> = BTreeMap::new();
    for seed in 0..20 {
        let mut history = seeded(seed, 480);
        history.whole();
        for recorded in &history.town.journal {
            *happened.entry(recorded.event.kind()).or_default() += 1;
        }
        assert_eq!(history.rules.end(), [], "seed {seed}");
    }
    let never: BTreeSet<&str> =
        Event::kinds().map(|(kind, _)| kind).filter(|kind| !happened.contains_key(kind)).collect();
    // A review is due after months.
    let unreached: Vec<_> = never.iter().filter(|kind| **kind != "review.missed").collect();
    assert!(unreached.is_empty(), "{unreached:?} never happened, of {happened:#?}");
}

/// A state that is restored from a snapshot goes on as the one that was never stopped.
#[test]
fn a_restored_state_goes_on_like_the_one_that_never_stopped() {
    let mut history = seeded(42, 120);
    let mut restored: State = serde_json::from_str(&json(&history.town.state)).expect("a snapshot is read");
    let from = history.town.journal.len();
    let mut draw = Draw::seeded(4242);
    for _ in 0..60 {
        let step: Step = std::array::from_fn(|_| u16::try_from(draw.below(1 << 16)).expect("below 65536"));
        history.step(&step);
    }
    assert!(history.town.journal.len() > from, "something happened since");
    for recorded in &history.town.journal[from..] {
        apply(&mut restored, recorded);
    }
    assert_eq!(json(&restored), json(&history.town.state));
}
