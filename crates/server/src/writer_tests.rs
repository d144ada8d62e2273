use domain::incident::Source;
use domain::incident::take_call::TakeCall;
use domain::types::PlaceGiven;
use domain::{Act, Actor, Told};
use journal::OpenOptions;
use tokio::sync::oneshot::{self, Receiver};

use super::*;
use crate::seed;

/// A writer without its thread, over a journal in that directory.
fn writer(data: &std::path::Path, planted: journal::Planted) -> Writer {
    let journal = OpenOptions::new(data, "371082").create(true).plant(planted).open().unwrap();
    let (log, snapshots) = (journal.log(), journal.snapshots());
    let fold::Folded { state, head, .. } = fold::fold(&*log, &snapshots).unwrap();
    let at = Position { epoch: head.epoch, seq: head.seq };
    Writer {
        snapshots: Snapshotter::new(Arc::clone(&log), snapshots, 0, None),
        journal: Box::new(journal),
        log,
        queue: Arc::new(Queue::new()),
        publisher: Arc::new(Publisher::new(Published { state: Arc::new(state.clone()), at })),
        changes: Changes::default(),
        touched: Arc::default(),
        metrics: Arc::default(),
        now: Now::system(),
        state,
        head,
        shared: false,
        planted: Planted::None,
    }
}

fn establish() -> Act {
    seed::load(&seed::Source::Shipped, Time(0)).unwrap().into()
}

fn call() -> Act {
    let place = PlaceGiven { place: Some("place-shidaoyouku".parse().unwrap()), ..PlaceGiven::default() };
    TakeCall {
        source: Source::Fire119,
        caller: None,
        caller_number: None,
        recording: None,
        place,
        hazard: None,
        grade: None,
        trapped: None,
        substance: None,
        narrative: None,
        drill: false,
        same_as: None,
        received_at: None,
    }
    .into()
}

fn job(actor: Actor, key: &str, act: Act) -> (Job, Receiver<Result<Receipt, ActError>>) {
    let (answer, answered) = oneshot::channel();
    let (key, act) = (key.to_owned(), Box::new(act));
    (Job { actor, key, request_hash: [0; 32], told: Told::default(), act, answer }, answered)
}

/// Rule 1: the database fails under the first of three acts. Whoever asked is answered after the recovery, also those
/// whose acts were not looked at yet.
#[test]
fn whoever_waits_behind_an_act_that_fails_is_answered_too() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = writer(dir.path(), journal::Planted::AppendFails { at: 1 });
    let asked = ["a", "b", "c"].map(|key| job(Actor::clock(), key, establish()));
    let (mut jobs, mut answers) = (Vec::new(), Vec::new());
    for (job, answer) in asked {
        jobs.push(job);
        answers.push(answer);
    }
    writer.batch(&mut jobs);
    for answer in &mut answers {
        let told = answer.try_recv().expect("nobody is left without an answer");
        assert!(matches!(told, Err(ActError::NotRecorded)), "{told:?}");
    }
    let (again, mut answer) = job(Actor::clock(), "b", establish());
    writer.batch(&mut vec![again]);
    answer.try_recv().unwrap().unwrap();
}

/// Rule 3: the idle journal's signature finds that somebody else wrote; the writer recovers at once, in a new epoch,
/// and not when the next act comes.
#[test]
fn an_idle_signature_that_fails_is_recovered_from_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = writer(dir.path(), journal::Planted::None);
    let (first, mut answer) = job(Actor::clock(), "establish", establish());
    writer.batch(&mut vec![first]);
    answer.try_recv().unwrap().unwrap();
    let dispatcher = writer.state.org.account(&"dispatcher".parse().unwrap()).unwrap().actor();
    for number in 0.. {
        let (next, mut answer) = job(dispatcher.clone(), &format!("call-{number}"), call());
        writer.batch(&mut vec![next]);
        answer.try_recv().unwrap().unwrap();
        if !writer.head.is_signed() {
            break;
        }
    }
    let before = writer.head.epoch;
    let moved = rusqlite::Connection::open(dir.path().join("journal.db")).unwrap();
    moved.execute("UPDATE head SET epoch = epoch + 1", []).unwrap();
    writer.sign();
    assert!(writer.head.epoch > before + 1, "{} is no new epoch after {before}", writer.head.epoch);
    let (next, mut answer) = job(dispatcher, "after", call());
    writer.batch(&mut vec![next]);
    answer.try_recv().unwrap().unwrap();
}
