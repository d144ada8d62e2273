//! How long a proposal takes: `cargo test --release -p muster-recommend --test speed -- --nocapture`.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

mod cast;

use cast::{NOW, OIL_DEPOT, add, composition, force_id, incident, rongcheng};
use domain::types::Point;
use recommend::{Options, propose};

/// Milliseconds for one proposal. A build without optimisation only has to show that the work stays bounded.
const LIMIT_MS: u128 = if cfg!(debug_assertions) { 200 } else { 20 };

/// A province's forces at once: 1,000 of them and fifteen slots, in less than 20 ms.
#[test]
#[expect(clippy::disallowed_types, reason = "a measurement needs a clock")]
fn a_thousand_forces_and_fifteen_slots_take_less_than_twenty_milliseconds() {
    let mut state = rongcheng();
    let known: Vec<_> = state.ledger.forces.values().cloned().collect();
    for n in known.len()..1000 {
        let mut force = (*known[n % known.len()]).clone();
        force.id = force_id(&format!("more-{n}"));
        let (east, north) = (
            f64::from(u32::try_from(n * 37 % 101).unwrap()),
            f64::from(u32::try_from(n * 53 % 103).unwrap()),
        );
        force.point = Point { lon: 122.1 + east * 0.006, lat: 36.8 + north * 0.006 };
        add(&mut state, force);
    }
    let file = incident(1, Some("hazchem"), Some(OIL_DEPOT));
    for grade in 1..=5 {
        let composition = composition("hazchem", grade);
        let runs = 3;
        let start = std::time::Instant::now();
        for _ in 0..runs {
            assert!(!propose(&state, &file, &composition, NOW, Options::default()).slots.is_empty());
        }
        let each = start.elapsed() / runs;
        println!("grade {grade}, {} slots: {each:?}", composition.slots.len());
        assert!(each.as_millis() < LIMIT_MS, "{each:?}");
    }
}
