//! The desk over a real journal: what is answered is durable, what is durable is answered once.

#![allow(clippy::unwrap_used, reason = "a test may fall over")]

mod cast;
mod clock;
mod crash;
mod live;

use std::collections::BTreeSet;

use cast::{
    Watch, asks, asks_as, first_response, oil_depot_call, options, rongcheng, takes_call, verifies, who,
    written,
};
use domain::dispatch::report_progress::ReportProgress;
use domain::incident::add_note::AddNote;
use domain::incident::verify_call::Outcome;
use domain::{Refusal, Told};
use server::desk::ActError;
use server::fold;
use server::hash::sha256;

/// DESIGN rule 2: the same request under the same key has one effect and one answer, for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_gives_the_same_answer_and_another_request_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let running = rongcheng(options(dir.path(), &Watch::set())).await;
    let engine = &running.engine;
    let first = asks(engine, "dispatcher", "call-1", oil_depot_call()).await.unwrap();
    let again = asks(engine, "dispatcher", "call-1", oil_depot_call()).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(engine.published().incidents.len(), 1);

    let other = asks_as(engine, "dispatcher", "call-1", "another body", oil_depot_call()).await;
    assert!(matches!(other, Err(ActError::KeyReused)), "{other:?}");
    // Keys are each account's own.
    let elsewhere = asks(engine, "bureau", "call-1", oil_depot_call()).await.unwrap();
    assert_ne!(elsewhere.id, first.id);

    // A second try whose rule would now refuse gets the first answer, not the refusal.
    let incident = first.incident.unwrap();
    let real = verifies(engine, "verify-1", incident, Outcome::Real).await;
    assert_eq!(verifies(engine, "verify-1", incident, Outcome::Real).await, real);
    running.stop().unwrap();
}

/// DESIGN rule 2: a refusal changes nothing and is not remembered: the same key may be used when it can be done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let running = rongcheng(options(dir.path(), &Watch::set())).await;
    let engine = &running.engine;
    let before = engine.published_at();
    let refused = asks(engine, "force-001", "call", oil_depot_call()).await;
    assert!(matches!(refused, Err(ActError::Refused(Refusal::NotPermitted { .. }))), "{refused:?}");
    assert_eq!(engine.published_at().at, before.at);
    assert_eq!(engine.log.head().unwrap().seq, before.at.seq);
    assert!(engine.log.recall("force-001", "call").unwrap().is_none());
    running.stop().unwrap();
}

/// Plan 4.3.1: many terminals report at once; each report is recorded once, and what is answered is in the journal.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_callers_share_a_flush_and_each_is_recorded_once() {
    let dir = tempfile::tempdir().unwrap();
    let running = rongcheng(options(dir.path(), &Watch::set())).await;
    let engine = &running.engine;
    let incident = takes_call(engine, "call").await;
    let order = first_response(engine, "first", incident, &["force-001"]).await[0];
    let actor = who(engine, "force-001");
    let (acts, batches) = (engine.metrics.acts(), engine.metrics.batches());
    let callers = (0..200).map(|n| {
        let (desk, actor) = (engine.desk.clone(), actor.clone());
        let report =
            ReportProgress { order, text: format!("第 {n} 次报告"), position: None, files: Vec::new() };
        tokio::spawn(async move {
            desk.act(actor, format!("progress-{n}"), sha256(&[n]), Told::default(), report).await.unwrap()
        })
    });
    let receipts = futures_util::future::join_all(callers.collect::<Vec<_>>()).await;
    let seqs: BTreeSet<String> = receipts.into_iter().map(|r| r.unwrap().seq).collect();
    assert_eq!(seqs.len(), 200);
    for n in 0..200_u8 {
        assert!(engine.log.recall("force-001", &format!("progress-{n}")).unwrap().is_some(), "report {n}");
    }
    assert_eq!(engine.metrics.acts() - acts, 200);
    assert!(engine.metrics.batches() - batches < 200, "no group was committed together");
    running.stop().unwrap();
}

/// DESIGN rule 10: a restart, from a snapshot or from the first entry, gives the very state that was served.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_gives_the_state_that_was_served() {
    let (dir, watch) = (tempfile::tempdir().unwrap(), Watch::set());
    let running = rongcheng(options(dir.path(), &watch)).await;
    let engine = &running.engine;
    let incident = takes_call(engine, "call").await;
    verifies(engine, "verify", incident, Outcome::Real).await;
    first_response(engine, "first", incident, &["force-001", "force-002"]).await;
    let served = written(&engine.published());
    let seq = engine.published_at().at.seq;
    running.stop().unwrap();

    let from_snapshot = rongcheng(options(dir.path(), &watch)).await;
    assert_eq!(from_snapshot.from_snapshot, seq, "the snapshot of the stop was not used");
    assert_eq!(written(&from_snapshot.engine.published()), served);
    from_snapshot.stop().unwrap();

    for entry in std::fs::read_dir(dir.path().join("snapshots")).unwrap() {
        std::fs::write(entry.unwrap().path(), b"not a snapshot").unwrap();
    }
    let folded = rongcheng(options(dir.path(), &watch)).await;
    assert_eq!(folded.from_snapshot, 0);
    assert_eq!(written(&folded.engine.published()), served);
    folded.stop().unwrap();
}

/// Plan 4.3.3: what comes after the close is recorded too; the incident is brought back for it and let go again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_incident_is_thawed_for_an_act_and_frozen_again() {
    let (dir, watch) = (tempfile::tempdir().unwrap(), Watch::set());
    let running = rongcheng(options(dir.path(), &watch)).await;
    let engine = &running.engine;
    let incident = takes_call(engine, "call").await;
    verifies(engine, "verify", incident, Outcome::FalseAlarm).await;
    assert!(engine.published().is_cold(incident));

    let note = |text: &str| AddNote { incident, text: text.to_owned(), files: Vec::new() };
    asks(engine, "bureau", "note-1", note("油库已核查，系误报")).await.unwrap();
    let (one, two) = tokio::join!(
        asks(engine, "bureau", "note-2", note("已回访报警人")),
        asks(engine, "dispatcher", "note-3", note("录音已归档")),
    );
    one.unwrap();
    two.unwrap();
    let state = engine.published();
    assert!(state.is_cold(incident), "a thawed incident stays in memory");
    let entries = fold::incident(&*engine.log, incident, u64::MAX).unwrap();
    let file = fold::file(incident, &entries).unwrap();
    assert_eq!(file.incident.notes.len(), 3);
    let served = written(&state);
    running.stop().unwrap();
    let again = rongcheng(options(dir.path(), &watch)).await;
    assert_eq!(written(&again.engine.published()), served);
    again.stop().unwrap();
}

/// Rule 6: entry time never goes back, also when the machine's clock does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_was_set_back_does_not_stop_the_desk() {
    let (dir, watch) = (tempfile::tempdir().unwrap(), Watch::set());
    let running = rongcheng(options(dir.path(), &watch)).await;
    takes_call(&running.engine, "before").await;
    watch.passes_s(-3600);
    takes_call(&running.engine, "after").await;
    let head = running.engine.log.head().unwrap();
    assert_eq!(head.time_ms, cast::MORNING);
    assert_eq!(running.engine.gauges().clock_behind_ms, 3_600_000, "the alarm is in the figures");
    watch.passes_s(3600);
    assert_eq!(running.engine.gauges().clock_behind_ms, 0);
    running.stop().unwrap();
}

/// A stopping node finishes what it has, takes nothing new, and leaves a signed head.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopping_node_takes_no_acts_and_signs_its_head() {
    let (dir, watch) = (tempfile::tempdir().unwrap(), Watch::set());
    let running = rongcheng(options(dir.path(), &watch)).await;
    let log = std::sync::Arc::clone(&running.engine.log);
    let (engine, stopper) = running.split();
    takes_call(&engine, "call").await;
    stopper.refuse();
    let late = asks(&engine, "dispatcher", "late", oil_depot_call()).await;
    assert!(matches!(late, Err(ActError::Unavailable)), "{late:?}");
    stopper.stop().unwrap();
    let head = log.head().unwrap();
    assert!(head.is_signed() && head.seq == engine.published_at().at.seq);
}
