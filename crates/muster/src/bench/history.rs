//! A long history: start and rebuild, and an act at its end.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use domain::{State, apply};
use journal::View;
use serde_json::json;
use server::config::SuiteChoice;
use server::engine::{self, EngineOptions};
use server::fold;

use super::world::World;
use super::{Bench, Figure, append, percentile};

/// Callers that write the history.
const CALLERS: usize = 2_048;
/// Acts measured at either end of the history.
const PROBES: usize = 2_000;

pub(crate) fn run(bench: &Bench) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let data = tempfile::tempdir()?;
    let entries = usize::try_from(bench.entries)?;
    let (early, late) = runtime.block_on(write(data.path(), entries, bench.suite))?;
    Figure {
        name: "history.act_at_end.p50",
        value: late * 1e3,
        unit: "ms",
        reference: Some(("the same act at 1,000 entries, p50 ms", early * 1e3)),
        ratio: Some(late / early),
        goal: "ratio <= 1.2",
        met: late / early <= 1.2,
        more: json!({ "entries": entries }),
    }
    .tell();
    rebuild(bench, data.path())?;
    warm_start(data.path())
}

async fn write(data: &Path, entries: usize, suite: SuiteChoice) -> anyhow::Result<(f64, f64)> {
    let world = Arc::new(World::start(data, 0, suite).await?);
    let (order, actor) = world.order().await?;
    append::report(&world, order, &actor, 1, 200).await?; // warm
    let mut early = append::report(&world, order, &actor, 1, PROBES).await?;
    append::report(&world, order, &actor, CALLERS, entries.saturating_sub(PROBES * 2)).await?;
    append::report(&world, order, &actor, 1, 200).await?;
    let mut late = append::report(&world, order, &actor, 1, PROBES).await?;
    let ends = (percentile(&mut early, 0.5), percentile(&mut late, 0.5));
    let Ok(world) = Arc::try_unwrap(world) else { anyhow::bail!("somebody still asks the world") };
    tokio::task::spawn_blocking(move || world.running.stop()).await??;
    Ok(ends)
}

/// Decode and fold with the chain checked, against decode and fold alone.
fn rebuild(bench: &Bench, data: &Path) -> anyhow::Result<()> {
    let code = server::seed::code(&server::seed::Source::Shipped)?;
    let journal = journal::OpenOptions::new(data, code).open()?;
    let log = journal::Journal::log(&journal);
    let head = log.head()?;
    let (mut checked, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..bench.reps.min(3) {
        let began = Instant::now();
        let mut state = State::default();
        log.scan(1, head.seq, View::Opened, &mut |entry| match fold::recorded(entry) {
            Ok(recorded) => {
                apply(&mut state, &recorded);
                ControlFlow::Continue(())
            }
            Err(_) => ControlFlow::Break(()),
        })?;
        plain.push(began.elapsed().as_secs_f64());
        let began = Instant::now();
        fold::fold_on(&*log, State::default(), None, head.seq)?;
        checked.push(began.elapsed().as_secs_f64());
    }
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
    let per_s = |seconds: f64| head.seq as f64 / seconds;
    let (own, alone) = (per_s(super::median(checked)), per_s(super::median(plain)));
    Figure {
        name: "rebuild.with_chain_check",
        value: own,
        unit: "entries/s",
        reference: Some(("decode and fold alone, entries/s", alone)),
        ratio: Some(own / alone),
        goal: "ratio >= 0.4",
        met: own / alone >= 0.4,
        more: json!({ "entries": head.seq }),
    }
    .tell();
    Ok(())
}

/// From the snapshot that the stop left behind.
fn warm_start(data: &Path) -> anyhow::Result<()> {
    let code = server::seed::code(&server::seed::Source::Shipped)?;
    let began = Instant::now();
    let running = engine::start(EngineOptions::new(data, code, Box::new(server::view::live::change)))?;
    let seconds = began.elapsed().as_secs_f64();
    let (seq, from) = (running.engine.gauges().seq, running.from_snapshot);
    running.stop()?;
    Figure {
        name: "start.from_snapshot",
        value: seconds,
        unit: "s",
        reference: None,
        ratio: None,
        goal: "<= 2 s",
        met: seconds <= 2.0 && from > 0,
        more: json!({ "entries": seq, "snapshot_at": from }),
    }
    .tell();
    Ok(())
}
