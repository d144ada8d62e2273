//! Several nodes on one journal in PostgreSQL: what each may count on, whatever happens to the other.

use std::time::{Duration, Instant};

use journal::postgres::{Database, PostgresOptions};
use journal::{CommitFault, Fault, Journal, NewAct, VerifyOptions, verify};

use crate::Postgres;
use crate::postgres::Server;
use crate::suite::{JURISDICTION, act, commit, entry};

fn assert_whole(journal: &dyn Journal, entries: u64) {
    let report = verify(&*journal.log(), &VerifyOptions::default()).unwrap();
    assert!(report.is_whole(), "{:?}", report.broken);
    assert_eq!(report.entries, entries);
}

/// Appends one act as a node does: what it has not seen first.
fn append(journal: &mut dyn Journal, known: &mut u64, key: &str) -> Result<Vec<String>, Fault> {
    let mut batch = journal.begin()?;
    let unseen = batch.unseen_since(*known)?;
    batch.append(&act(key), &[entry(1_000, "incident/1", "{}")])?;
    *known = batch.commit().unwrap().seq;
    Ok(unseen.into_iter().map(|entry| entry.key).collect())
}

/// Rule 3: batches of nodes alternate; each reads what the other wrote before it decides, and none writes on old state.
#[test]
fn two_nodes_write_one_chain_and_see_each_other() {
    let server = Server::start();
    let address = server.database("town");
    let first = Postgres::fresh(&address);
    let mut a = first.journal();
    let second = first.neighbour(&address);
    let mut b = second.journal();
    let (mut known_a, mut known_b) = (0, 0);
    assert_eq!(append(&mut a, &mut known_a, "a1").unwrap(), [""; 0]);
    assert_eq!(append(&mut b, &mut known_b, "b1").unwrap(), ["a1"]);
    assert_eq!(append(&mut b, &mut known_b, "b2").unwrap(), [""; 0]);
    assert_eq!(append(&mut a, &mut known_a, "a2").unwrap(), ["b1", "b2"]);
    let (head, unseen) = b.follow().unwrap().unwrap();
    assert_eq!((head.seq, unseen.len(), &*unseen[0].key), (4, 1, "a2"));
    assert_eq!(b.follow().unwrap().unwrap().1, []);

    // The other's key is a used key, and its act is recalled.
    let mut batch = a.begin().unwrap();
    let again = batch.append(&act("b1"), &[entry(1_000, "incident/1", "{}")]);
    assert!(matches!(again, Err(Fault::KeyTaken { .. })), "{again:?}");
    assert_eq!(batch.recall("dispatcher", "b1").unwrap().unwrap().first_seq, 2);
    drop(batch);

    // Under load, from two threads: one chain, no gap, nothing twice.
    let both = [a, b].map(|mut journal| {
        std::thread::spawn(move || {
            let node = journal.voice();
            for number in 0..60 {
                let key = format!("{number}-of-{:p}", &raw const journal);
                append(&mut journal, &mut 4, &key).unwrap();
            }
            node.tell_of_other();
            journal
        })
    });
    let [a, _b] = both.map(|thread| thread.join().unwrap());
    assert_whole(&a, 124);
}

/// What one node committed the others hear of at once, not only when they look.
#[test]
fn a_node_hears_of_anothers_commit() {
    let server = Server::start();
    let address = server.database("town");
    let first = Postgres::fresh(&address);
    let mut a = first.journal();
    let second = first.neighbour(&address);
    let mut b = second.journal();
    let (mut ear, mut mouth) = (b.watch(), a.watch());
    ear.wait(Duration::ZERO); // listens from here on
    mouth.wait(Duration::ZERO);
    let began = Instant::now();
    let told = std::thread::spawn(move || ear.wait(Duration::from_secs(10)));
    std::thread::sleep(Duration::from_millis(50));
    commit(&mut a, "a", &["1"]);
    assert!(told.join().unwrap().journal);
    assert!(began.elapsed() < Duration::from_secs(5), "heard by looking, not by listening");
    assert_eq!(b.follow().unwrap().unwrap().0.seq, 1);
    let began = Instant::now();
    assert!(mouth.wait(Duration::from_millis(300)).other, "a look at everything, when nobody else spoke");
    assert!(began.elapsed() >= Duration::from_millis(300), "a node hears what it told itself");
    let clock = a.clock();
    let earlier = clock.now_ms();
    assert!(clock.now_ms() >= earlier && earlier > 1_700_000_000_000);
}

/// Rule 5: a node that is frozen with the head locked holds the others up for seconds only, and when it wakes it cannot
/// write on what it knew.
#[test]
fn a_frozen_node_loses_its_lock_and_its_batch() {
    let server = Server::start();
    let address = server.database("town");
    let first = Postgres::fresh(&address);
    let mut a = first.journal();
    let second = first.neighbour(&address);
    let mut b = second.journal();
    let mut frozen = a.begin().unwrap();
    frozen.append(&act("frozen"), &[entry(1_000, "incident/1", "\"frozen\"")]).unwrap();
    let began = Instant::now();
    commit(&mut b, "meanwhile", &["\"meanwhile\""]);
    assert!(began.elapsed() > Duration::from_secs(1), "the lock held nobody up");
    let woken = frozen.commit();
    assert!(matches!(woken, Err(CommitFault::Failed(_))), "{woken:?}");
    assert!(matches!(a.begin().err(), Some(Fault::Poisoned)));
    assert_eq!(a.reopen().unwrap().seq, 1);
    assert_eq!(a.log().recall("dispatcher", "frozen").unwrap(), None);
    commit(&mut a, "frozen", &["\"again\""]);
    assert_whole(&a, 2);
}

/// A batch that takes long to decide keeps its lock, because its node shows that it lives.
#[test]
fn a_batch_that_is_decided_slowly_is_committed() {
    let server = Server::start();
    let first = Postgres::fresh(&server.database("town"));
    let mut journal = first.journal();
    let mut batch = journal.begin().unwrap();
    for number in 0..4 {
        batch.append(&act(&format!("{number}")), &[entry(1_000, "incident/1", "{}")]).unwrap();
        std::thread::sleep(Duration::from_millis(1_300));
    }
    assert_eq!(batch.commit().unwrap().seq, 4);
}

/// An epoch that one node begins outdates what the others know, once: they reopen, and begin none of their own.
#[test]
fn an_epoch_begun_by_one_node_outdates_the_others() {
    let server = Server::start();
    let address = server.database("town");
    let first = Postgres::fresh(&address);
    let mut a = first.journal();
    let second = first.neighbour(&address);
    let mut b = second.journal();
    let epoch = a.start_epoch("test").unwrap().epoch;
    assert!(matches!(b.follow(), Err(Fault::EpochBegan { found, .. }) if found == epoch));
    assert_eq!(b.reopen().unwrap().epoch, epoch);
    commit(&mut b, "b", &["1"]);
    commit(&mut a, "a", &["2"]);
    assert_eq!(a.log().epochs().unwrap().len(), 2);
}

/// Each node has the same keys, or is told which one is missing.
#[test]
fn a_node_without_the_common_keys_is_refused_by_name() {
    let server = Server::start();
    let address = server.database("town");
    let first = Postgres::fresh(&address);
    drop(first.journal());
    let stranger = Postgres::fresh(&address);
    let refused = |stranger: &Postgres| stranger.options().open().err().unwrap().to_string();
    assert!(refused(&stranger).contains("vault.key"), "{}", refused(&stranger));
    let neighbour = first.neighbour(&address);
    std::fs::remove_file(neighbour.dir.path().join("keys/signing.key")).unwrap();
    assert!(refused(&neighbour).contains("signing.key"), "{}", refused(&neighbour));
    std::fs::write(neighbour.dir.path().join("keys/vault.key"), "00".repeat(32)).unwrap();
    assert!(refused(&neighbour).contains("vault.key"), "{}", refused(&neighbour));
    let other = Database::new(&address).unwrap();
    let other = PostgresOptions::new(&other, stranger.dir.path(), "371000").open().err();
    assert!(matches!(other, Some(Fault::NoJournalOf { .. })), "{other:?}");
}

const OPEN: &str = r#"{"personal":"person/01J1","open":"李德贵"}"#;

/// What one node seals the other opens; what one erases is erased for all, and no node makes it a key again.
#[test]
fn sealed_data_is_read_by_every_node_until_one_erases_it() {
    let server = Server::start();
    let address = server.database("town");
    let first = Postgres::fresh(&address);
    let mut a = first.journal();
    let second = first.neighbour(&address);
    let mut b = second.journal();
    commit(&mut a, "a", &[OPEN]);
    assert_eq!(b.follow().unwrap().unwrap().1[0].data, OPEN);
    let stored = server.sql("town", "SELECT count(*) FROM muster.entries WHERE data LIKE '%李德贵%'");
    assert_eq!(stored, "0", "a name lies open in the database");
    let mut batch = b.begin().unwrap();
    batch.erase("person/01J1").unwrap();
    batch.commit().unwrap();
    assert!(matches!(a.begin().err(), Some(Fault::EpochBegan { .. })));
    a.reopen().unwrap();
    let erased = r#"{"personal":"person/01J1","erased":true}"#;
    assert_eq!(a.log().entry(1).unwrap().unwrap().data, erased);
    let more = a.begin().unwrap().append(&act("more"), &[entry(1_000, "s", OPEN)]);
    assert!(matches!(more, Err(Fault::SubjectErased { .. })), "{more:?}");
    // A database restored from before the erasure: the nodes' own records are obeyed.
    server.sql("town", "DELETE FROM muster.erasures; UPDATE muster.vault_keys SET wrapped = '\\x00'");
    let a = first.journal();
    assert_eq!(a.log().entry(1).unwrap().unwrap().data, erased);
    assert_eq!(server.sql("town", "SELECT count(*) FROM muster.vault_keys WHERE wrapped IS NULL"), "1");
}

/// Two jurisdictions in one database know nothing of each other.
#[test]
fn jurisdictions_share_a_database_and_nothing_else() {
    let server = Server::start();
    let address = server.database("province");
    let town = Postgres::fresh(&address);
    let mut a = town.journal();
    let other = Postgres::fresh(&address);
    let mut b =
        PostgresOptions::new(&other.database, other.dir.path(), "371000").create(true).open().unwrap();
    commit(&mut a, "same", &["1"]);
    commit(&mut b, "same", &["2", "3"]);
    assert_whole(&a, 1);
    assert_whole(&b, 2);
    assert_eq!(PostgresOptions::jurisdictions_in(&other.database).unwrap(), ["371000", JURISDICTION]);
}

/// A changed row is named, as in a file.
#[test]
fn a_changed_row_is_named() {
    let server = Server::start();
    let first = Postgres::fresh(&server.database("town"));
    let mut a = first.journal();
    commit(&mut a, "a", &["1", "2", "3"]);
    server.sql("town", "UPDATE muster.entries SET data = '4' WHERE seq = 2");
    let report = verify(&*a.log(), &VerifyOptions::default()).unwrap();
    assert_eq!(report.first_broken().unwrap().seq, 2);
    server.sql("town", "DELETE FROM muster.entries WHERE seq = 3");
    assert!(matches!(first.options().open().err(), Some(Fault::Broken(_))));
    let head_moved = a.begin().and_then(|mut batch| batch.unseen_since(0).map(drop)).err();
    assert!(head_moved.is_some(), "a missing entry is passed over");
}

/// The primary's power goes under load and the standby is promoted: every commit that was acknowledged is there, once,
/// the node finds the new primary by its address alone, and clients are told to reload.
#[test]
fn nothing_acknowledged_is_lost_when_a_standby_is_promoted() {
    let mut primary = Server::start();
    primary.database("town");
    let standby = primary.standby();
    let address = primary.address_or(&standby, "town");
    let first = Postgres::fresh(&address);
    let mut journal = first.journal();
    let epoch = journal.head().epoch;
    let load = std::thread::spawn(move || {
        let mut acknowledged = Vec::new();
        for number in 0.. {
            let key = format!("key-{number}");
            let Ok(mut batch) = journal.begin() else { break };
            let one = NewAct { key: &key, ..act("") };
            if batch.append(&one, &[entry(1_000, "incident/1", "{}")]).is_err() || batch.commit().is_err() {
                break;
            }
            acknowledged.push(key);
        }
        (journal, acknowledged)
    });
    std::thread::sleep(Duration::from_millis(700));
    primary.kill();
    let began = Instant::now();
    let (mut journal, acknowledged) = load.join().unwrap();
    assert!(acknowledged.len() > 20, "only {} commits before the power went", acknowledged.len());
    standby.promote();
    while journal.reopen().is_err() {
        assert!(began.elapsed() < Duration::from_secs(10), "the node does not find the promoted standby");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(journal.head().epoch > epoch, "clients are not told to reload");
    let log = journal.log();
    for key in &acknowledged {
        assert!(log.recall("dispatcher", key).unwrap().is_some(), "{key} was acknowledged and is gone");
    }
    commit(&mut journal, "after", &["{}"]);
    let report = verify(&*log, &VerifyOptions::default()).unwrap();
    assert!(report.is_whole(), "{:?}", report.broken);
    assert_eq!(report.acts, report.entries);
    assert_eq!(journal.log().epochs().unwrap().last().unwrap().reason, "promoted or restored");
}

/// When the standby is away a commit waits. Released by hand it stands on one disk only, and says so by a warning: that
/// is no acknowledgement.
#[test]
fn a_commit_that_the_standby_does_not_have_is_not_acknowledged() {
    let primary = Server::start();
    let address = primary.database("town");
    let first = Postgres::fresh(&address);
    let mut journal = first.journal();
    let mut standby = primary.standby();
    commit(&mut journal, "a", &["1"]);
    standby.kill();
    let waiting = std::thread::spawn(move || {
        let mut batch = journal.begin().unwrap();
        batch.append(&act("b"), &[entry(1_000, "s", "2")]).unwrap();
        let ended = batch.commit();
        assert!(matches!(ended, Err(CommitFault::Unknown(_))), "{ended:?}");
        journal
    });
    let until = Instant::now() + Duration::from_secs(10);
    let release = "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    while primary.sql("postgres", release) == "0" {
        assert!(Instant::now() < until, "no commit waits for the standby");
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut journal = waiting.join().unwrap();
    primary.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = ''");
    primary.sql("postgres", "SELECT pg_reload_conf()");
    assert_eq!(journal.reopen().unwrap().seq, 2);
    assert!(journal.log().recall("dispatcher", "b").unwrap().is_some());
}

/// A journal moves into a database and back: the same chain, the same keys, the same acts, an epoch for each move.
#[test]
fn a_journal_moves_into_a_database_and_back() {
    let server = Server::start();
    let address = server.database("town");
    let file = crate::Sqlite::fresh();
    let mut journal = file.options().open().unwrap();
    commit(&mut journal, "a", &[OPEN, "2"]);
    commit(&mut journal, "b", &[r#"{"personal":"person/01J2","open":"王秀英"}"#]);
    let mut batch = journal.begin().unwrap();
    batch.erase("person/01J2").unwrap();
    batch.commit().unwrap();
    let before = journal.log().read(1, 10).unwrap();
    let moved = Postgres::fresh(&address);
    let options = moved.options().keys(file.data().join("keys"));
    let report = options.import(&*journal.log()).unwrap();
    assert!(report.is_whole(), "{:?}", report.broken);
    assert!(matches!(options.import(&*journal.log()), Err(Fault::JournalThere { .. })));
    drop(journal);

    let mut there = options.open().unwrap();
    assert_eq!(there.log().read(1, 10).unwrap(), before);
    assert!(matches!(
        there.begin().unwrap().append(&act("a"), &[entry(1_000, "s", "3")]),
        Err(Fault::KeyTaken { .. })
    ));
    let erased = there
        .begin()
        .unwrap()
        .append(&act("c"), &[entry(1_000, "s", r#"{"personal":"person/01J2","open":1}"#)]);
    assert!(matches!(erased, Err(Fault::SubjectErased { .. })), "{erased:?}");
    commit(&mut there, "c", &["4"]);
    let after = there.log().read(1, 10).unwrap();
    let back = tempfile::tempdir().unwrap();
    let keys = back.path().join("keys");
    std::fs::create_dir(&keys).unwrap();
    std::fs::copy(file.data().join("keys/signing.key"), keys.join("signing.key")).unwrap();
    let options = journal::OpenOptions::new(back.path(), JURISDICTION);
    let report = options.import(&*there.log()).unwrap();
    assert!(report.is_whole(), "{:?}", report.broken);
    assert!(matches!(options.import(&*there.log()), Err(Fault::NotFresh { .. })));
    let mut here = options.open().unwrap();
    assert_eq!(here.log().read(1, 10).unwrap(), after);
    commit(&mut here, "d", &["5"]);
    assert_whole(&here, 5);
    let reasons: Vec<_> = here.log().epochs().unwrap().into_iter().map(|epoch| epoch.reason).collect();
    assert_eq!(reasons, ["created", "migrated", "migrated"]);
}
