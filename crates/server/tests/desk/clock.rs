//! Plan 4.1.2: limits run by the node's own clock; a missed one is marked once, however often it is looked at.

use std::time::Duration;

use domain::incident::call_town::CallTown;
use domain::types::IncidentId;
use server::engine::{Engine, Running};
use server::limits;

use crate::cast::{Watch, asks, first_response, options, rongcheng, takes_call, verifies};
use domain::incident::verify_call::Outcome;

/// Events of a kind in the journal.
fn count(engine: &Engine, kind: &str) -> usize {
    let mut found = 0;
    let mut each = |entry: &journal::EntryRef<'_>| {
        found += usize::from(entry.kind == kind);
        std::ops::ControlFlow::Continue(())
    };
    engine.log.scan(1, u64::MAX, journal::View::Stored, &mut each).unwrap();
    found
}

async fn until(engine: &Engine, kind: &str, wanted: usize) -> usize {
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while count(engine, kind) < wanted && std::time::Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    count(engine, kind)
}

async fn ordered(running: &Running) -> IncidentId {
    let engine = &running.engine;
    let incident = takes_call(engine, "call").await;
    verifies(engine, "verify", incident, Outcome::Real).await;
    first_response(engine, "first", incident, &["force-001", "force-002"]).await;
    incident
}

/// An order that nobody acknowledges is marked as overdue, once for each order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_without_an_answer_is_marked_when_its_limit_passes_and_once() {
    let (dir, watch) = (tempfile::tempdir().unwrap(), Watch::set());
    let mut running = rongcheng(options(dir.path(), &watch)).await;
    running.tick();
    ordered(&running).await;
    tokio::time::sleep(Duration::from_millis(3 * limits::CLOCK_TICK_MS)).await;
    assert_eq!(count(&running.engine, "order.overdue"), 0, "a limit that had not passed was marked");
    watch.passes_s(61);
    assert_eq!(until(&running.engine, "order.overdue", 2).await, 2);
    tokio::time::sleep(Duration::from_millis(4 * limits::CLOCK_TICK_MS)).await;
    assert_eq!(count(&running.engine, "order.overdue"), 2, "a limit was marked twice");
    running.stop().unwrap();
}

/// Rule 6: after an outage what is overdue is met one by one, not as a storm; nothing is met twice over a restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_outage_what_is_overdue_is_gathered() {
    let (dir, watch) = (tempfile::tempdir().unwrap(), Watch::set());
    let running = rongcheng(options(dir.path(), &watch)).await;
    let incident = ordered(&running).await;
    let towns: Vec<_> = running.engine.published().jurisdiction.towns.iter().map(|t| t.org.clone()).collect();
    for (n, town) in towns.iter().enumerate() {
        let act = CallTown { incident, town: town.clone() };
        asks(&running.engine, "dispatcher", &format!("town-{n}"), act).await.unwrap();
    }
    running.stop().unwrap();

    watch.passes_s(3600);
    let mut running = rongcheng(options(dir.path(), &watch)).await;
    let began = std::time::Instant::now();
    running.tick();
    assert_eq!(until(&running.engine, "incident.town_answer_missed", towns.len()).await, towns.len());
    let least = Duration::from_millis((towns.len() / limits::DEADLINES_PER_S * 1000) as u64);
    assert!(began.elapsed() >= least, "a storm of {} in {:?}", towns.len(), began.elapsed());
    running.stop().unwrap();

    let mut running = rongcheng(options(dir.path(), &watch)).await;
    running.tick();
    tokio::time::sleep(Duration::from_millis(4 * limits::CLOCK_TICK_MS)).await;
    assert_eq!(count(&running.engine, "incident.town_answer_missed"), towns.len());
    running.stop().unwrap();
}
