//! How long a proposal takes with a province's forces, 1,000 of them: `cargo bench -p muster-recommend` prints one line a grade.
//!
//! That the work stays bounded is a test of `fill`, by steps and not by the clock.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement may fall over, and its output is its purpose"
)]

#[path = "../tests/cast/mod.rs"]
mod cast;

use cast::{NOW, OIL_DEPOT, add, composition, force_id, incident, rongcheng};
use domain::types::Point;
use recommend::{Options, propose};

const RUNS: u32 = 20;

#[expect(clippy::disallowed_types, reason = "a measurement needs a clock")]
fn main() {
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
        let start = std::time::Instant::now();
        for _ in 0..RUNS {
            assert!(!propose(&state, &file, &composition, NOW, Options::default()).slots.is_empty());
        }
        let each = start.elapsed() / RUNS;
        println!("grade {grade}, {} slots: {each:?}", composition.slots.len());
    }
}
