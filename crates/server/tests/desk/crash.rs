//! DESIGN rule 1: when a commit fails or nobody knows how it ended, the journal decides what happened.

use domain::incident::verify_call::Outcome;
use journal::Planted;
use server::desk::ActError;

use crate::cast::{Watch, asks, oil_depot_call, options, rongcheng, takes_call, verifies, written};

/// The N-th commit of the handle: the first two are the seed's and a call's.
const THIRD: u64 = 3;

/// A commit that fails: nobody was answered, nothing of it is kept, and the desk goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_commit_is_told_and_nothing_of_it_is_kept() {
    let (dir, watch) = (tempfile::tempdir().unwrap(), Watch::set());
    let mut options = options(dir.path(), &watch);
    options.journal_fault = Some(Planted::CommitFails { at: THIRD });
    let running = rongcheng(options).await;
    let engine = &running.engine;
    let incident = takes_call(engine, "call").await;
    let before = written(&engine.published());

    let lost = asks(engine, "dispatcher", "second-call", oil_depot_call()).await;
    assert!(matches!(lost, Err(ActError::NotRecorded)), "{lost:?}");
    assert_eq!(written(&engine.published()), before, "a batch that failed was seen");
    assert!(engine.log.recall("dispatcher", "second-call").unwrap().is_none());

    // The same key may be tried again, and the rest goes on.
    asks(engine, "dispatcher", "second-call", oil_depot_call()).await.unwrap();
    verifies(engine, "verify", incident, Outcome::Real).await;
    let served = written(&engine.published());
    running.stop().unwrap();
    std::fs::remove_dir_all(dir.path().join("snapshots")).unwrap();
    let again = rongcheng(crate::cast::options(dir.path(), &watch)).await;
    assert_eq!(written(&again.engine.published()), served);
    again.stop().unwrap();
}

/// A commit whose outcome is unknown, but which was kept: it is answered as done, and done once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_of_unknown_outcome_is_looked_up_before_anyone_is_answered() {
    let (dir, watch) = (tempfile::tempdir().unwrap(), Watch::set());
    let mut options = options(dir.path(), &watch);
    options.journal_fault = Some(Planted::CommitUnknown { at: THIRD });
    let running = rongcheng(options).await;
    let engine = &running.engine;
    takes_call(engine, "call").await;

    let found = asks(engine, "dispatcher", "second-call", oil_depot_call()).await.unwrap();
    assert_eq!(engine.published().incidents.len(), 2);
    assert_eq!(found.seq, engine.published_at().at.to_string());
    let again = asks(engine, "dispatcher", "second-call", oil_depot_call()).await.unwrap();
    assert_eq!(again, found);
    let served = written(&engine.published());
    running.stop().unwrap();
    let again = rongcheng(crate::cast::options(dir.path(), &watch)).await;
    assert_eq!(written(&again.engine.published()), served);
    again.stop().unwrap();
}

/// A backup that reads in the journal holds up a start; the node waits for it instead of giving up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_starts_beside_a_backup_waits_for_it() {
    let (dir, watch) = (tempfile::tempdir().unwrap(), Watch::set());
    let running = rongcheng(options(dir.path(), &watch)).await;
    let reader = rusqlite::Connection::open(dir.path().join("journal.db")).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM entries").unwrap();
    takes_call(&running.engine, "call").await; // in the log, where the reader holds it
    let served = written(&running.engine.published());
    running.stop().unwrap();
    let backup = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_secs(6)); // longer than a statement waits
        reader.execute_batch("ROLLBACK").unwrap();
    });
    let again = rongcheng(options(dir.path(), &watch)).await;
    assert!(backup.is_finished(), "the log was emptied under a reader");
    assert_eq!(written(&again.engine.published()), served);
    again.stop().unwrap();
}
