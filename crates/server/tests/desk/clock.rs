//! Plan 4.1.2: limits run by the node's own clock; a missed one is marked once, however often it is looked at.

use std::time::Duration;

use domain::dispatch::draft_plan::DraftPlan;
use domain::dispatch::record_telephone_approval::RecordTelephoneApproval;
use domain::incident::call_town::CallTown;
use domain::types::IncidentId;
use server::engine::{Engine, Running};
use server::limits;

use crate::cast::{
    Watch, arrangements, asks, first_response, options, rongcheng, takes_call, task_for, verifies,
};
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

/// Plan 4.1.4: an agreement by telephone that nobody confirms in writing alarms when its day is over, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agreement_by_telephone_that_is_not_confirmed_in_writing_alarms() {
    let (dir, watch) = (tempfile::tempdir().unwrap(), Watch::set());
    let mut running = rongcheng(options(dir.path(), &watch)).await;
    running.tick();
    let engine = &running.engine;
    let incident = takes_call(engine, "call").await;
    verifies(engine, "verify", incident, Outcome::Real).await;
    let draft = DraftPlan {
        incident,
        tasks: vec![task_for("force-069")],
        arrangements: arrangements(),
        proposal: None,
        supplement_to: None,
        by_order_of_post: false,
        signed_by: "commander".parse().unwrap(),
    };
    let plan = asks(engine, "dispatcher", "draft", draft).await.unwrap().id.parse().unwrap();
    let told = RecordTelephoneApproval {
        plan,
        revision: 1,
        officer: "应急局带班领导".to_owned(),
        words: "同意".to_owned(),
        recording: None,
        tasks: None,
    };
    asks(engine, "bureau", "telephone", told).await.unwrap();
    let limit_s = engine.published().readiness.limits().written_confirmation_limit_s;
    watch.passes_s(limit_s - 1);
    until(engine, "order.overdue", 1).await;
    assert_eq!(count(engine, "plan.written_agreement_missed"), 0, "its day is not over");
    watch.passes_s(2);
    assert_eq!(until(engine, "plan.written_agreement_missed", 1).await, 1);
    tokio::time::sleep(Duration::from_millis(4 * limits::CLOCK_TICK_MS)).await;
    assert_eq!(count(engine, "plan.written_agreement_missed"), 1, "told once");
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
