//! Durable acts a second inside the node: progress reports on an order, one event of about 400 bytes each.

use std::sync::Arc;
use std::time::Instant;

use domain::Actor;
use domain::dispatch::report_progress::ReportProgress;
use domain::types::OrderId;
use serde_json::json;

use super::world::{PROGRESS, World};
use super::{Bench, Figure, median, percentile, reference};

pub(crate) fn run(bench: &Bench) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    for (callers, goal) in [(1, 0.0), (64, 0.4), (1_024, 0.6)] {
        runtime.block_on(measure(bench, callers, goal))?;
    }
    Ok(())
}

async fn measure(bench: &Bench, callers: usize, goal: f64) -> anyhow::Result<()> {
    let acts = if callers == 1 { bench.acts.min(4_000) } else { bench.acts };
    let (mut ours, mut bare, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut group = 1;
    for _ in 0..bench.reps {
        let data = tempfile::tempdir()?;
        let world = Arc::new(World::start(data.path(), 0, bench.suite).await?);
        let (order, actor) = world.order().await?;
        let before = world.engine().metrics.batches();
        let mut latencies = Vec::new();
        let began = Instant::now();
        let spent = report(&world, order, &actor, callers, acts).await?;
        let seconds = began.elapsed().as_secs_f64();
        latencies.extend(spent);
        let batches = world.engine().metrics.batches() - before;
        group = acts.div_ceil(usize::try_from(batches)?.max(1));
        let Ok(world) = Arc::try_unwrap(world) else { anyhow::bail!("somebody still asks the world") };
        tokio::task::spawn_blocking(move || world.running.stop()).await??;
        let rows = reference::last_rows(&data.path().join("journal.db"), acts)?;
        let mut db = reference::open(&data.path().join("bare.db"))?;
        let began = Instant::now();
        let mut commits = reference::write(&mut db, &rows, group)?;
        let bare_seconds = began.elapsed().as_secs_f64();
        if callers == 1 {
            let (own, reference) =
                (percentile(&mut latencies, 0.5) * 1e3, percentile(&mut commits, 0.5) * 1e3);
            ours.push(own);
            bare.push(reference);
            ratios.push(own / reference);
        } else {
            #[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
            let (own, reference) = (acts as f64 / seconds, rows.len() as f64 / bare_seconds);
            ours.push(own);
            bare.push(reference);
            ratios.push(own / reference);
        }
    }
    tell(callers, goal, group, median(ours), median(bare), median(ratios));
    Ok(())
}

fn tell(callers: usize, goal: f64, group: usize, ours: f64, bare: f64, ratio: f64) {
    let more = json!({ "callers": callers, "acts_in_a_group": group });
    if callers == 1 {
        Figure {
            name: "append.alone.p50",
            value: ours,
            unit: "ms",
            reference: Some(("one bare SQLite commit of the same rows, p50 ms", bare)),
            ratio: Some(ratio),
            goal: "ratio <= 1.5",
            met: ratio <= 1.5,
            more,
        }
        .tell();
        return;
    }
    Figure {
        name: if callers == 64 { "append.64_callers" } else { "append.1024_callers" },
        value: ours,
        unit: "acts/s",
        reference: Some(("bare SQLite, same rows, tables and groups, rows/s", bare)),
        ratio: Some(ratio),
        goal: if callers == 64 { "ratio >= 0.4" } else { "ratio >= 0.6" },
        met: ratio >= goal,
        more,
    }
    .tell();
}

/// So many callers report, each waiting for its answer before the next; gives the seconds of each act.
pub(crate) async fn report(
    world: &Arc<World>,
    order: OrderId,
    actor: &Actor,
    callers: usize,
    acts: usize,
) -> anyhow::Result<Vec<f64>> {
    let mut tasks = Vec::with_capacity(callers);
    for caller in 0..callers {
        let (world, actor) = (Arc::clone(world), actor.clone());
        let share = acts / callers + usize::from(caller < acts % callers);
        tasks.push(tokio::spawn(async move {
            let mut spent = Vec::with_capacity(share);
            for _ in 0..share {
                let act =
                    ReportProgress { order, text: PROGRESS.to_owned(), position: None, files: Vec::new() };
                let began = Instant::now();
                world.act(&actor, act).await?;
                spent.push(began.elapsed().as_secs_f64());
            }
            anyhow::Ok(spent)
        }));
    }
    let mut all = Vec::with_capacity(acts);
    for task in tasks {
        all.extend(task.await??);
    }
    Ok(all)
}
