//! Snapshots, backups and restores: what is kept beside the journal, and what comes back.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use journal::backup::{RestoreOptions, VaultSource, backup, backup_vault, check_vault, restore};
use journal::{
    Digest, Fault, Journal, NewAct, NewEntry, OpenOptions, Sha256Ed25519, Sm3Sm2, Snapshot, SqliteJournal,
    Suite, VerifyOptions, View, replay, verify,
};

/// The default suite; and where `gm.rs` runs the same tests, that of GM/T.
fn suite() -> &'static dyn Suite {
    if module_path!().starts_with("gm::") { &Sm3Sm2 } else { &Sha256Ed25519 }
}

struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn fresh() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn open(&self, name: &str) -> SqliteJournal {
        OpenOptions::new(self.path(name), "371082").create(true).suite(Some(suite())).open().unwrap()
    }

    fn restore_options(&self) -> RestoreOptions {
        RestoreOptions {
            from: self.path("backup"),
            vault: VaultSource::Backup(self.path("vault-backup")),
            to: self.path("restored"),
            keys: None,
            erasures: Vec::new(),
        }
    }
}

pub(crate) fn append(journal: &mut dyn Journal, key: &str, data: &str) {
    let mut batch = journal.begin().unwrap();
    let act = NewAct { actor: "bureau", key, request_hash: Digest::default(), resource: "" };
    let time_ms = batch.head().time_ms.max(1);
    batch
        .append(&act, &[NewEntry { time_ms, stream: "incident/1", kind: "noted", version: 1, data }])
        .unwrap();
    batch.commit().unwrap();
}

fn erase(journal: &mut dyn Journal, key: &str, subject: &str) {
    let mut batch = journal.begin().unwrap();
    let act = NewAct { actor: "bureau", key, request_hash: Digest::default(), resource: "" };
    let time_ms = batch.head().time_ms;
    let entry = NewEntry { time_ms, stream: subject, kind: "erased", version: 1, data: "{}" };
    batch.append(&act, &[entry]).unwrap();
    batch.erase(subject).unwrap();
    batch.commit().unwrap();
}

fn texts(journal: &dyn Journal) -> Vec<String> {
    journal.log().read(1, 100_000).unwrap().into_iter().map(|entry| entry.data).collect()
}

fn snapshot_at(journal: &SqliteJournal, body: &[u8]) -> Snapshot {
    let head = journal.head();
    Snapshot { seq: head.seq, hash: head.hash, state_format: "state 1".to_owned(), body: body.to_vec() }
}

const NAME: &str = r#"{"personal":"person/1","open":"李德贵"}"#;
const ERASED: &str = r#"{"personal":"person/1","erased":true}"#;

#[test]
fn the_newest_fitting_snapshot_is_found_and_two_are_kept() {
    let place = Place::fresh();
    let mut journal = place.open("data");
    for number in 0..3 {
        append(&mut journal, &format!("{number}"), "{}");
        journal.snapshots().save(&snapshot_at(&journal, format!("body {number}").as_bytes())).unwrap();
    }
    let found = journal.snapshots().latest(&*journal.log(), "state 1").unwrap();
    assert_eq!(found.snapshot.unwrap().body, b"body 2");
    assert_eq!(found.ignored, []);
    assert_eq!(fs::read_dir(place.path("data/snapshots")).unwrap().count(), 2);
    drop(journal);
    let journal = place.open("data");
    assert_eq!(journal.snapshots().latest(&*journal.log(), "state 1").unwrap().snapshot.unwrap().seq, 3);
}

#[test]
fn a_snapshot_that_does_not_fit_is_ignored_and_told() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, Damage); 4] = [
        ("its body is not what was written", |bytes| *bytes.last_mut().unwrap() ^= 1),
        ("it is cut off", |bytes| bytes.truncate(60)),
        ("it is no snapshot of this format", Vec::clear),
        ("it is not signed by a key of this journal", |bytes| bytes[80] ^= 1),
    ];
    for (why, damage) in damages {
        let place = Place::fresh();
        let mut journal = place.open("data");
        for body in ["older", "newer"] {
            append(&mut journal, body, "{}");
            journal.snapshots().save(&snapshot_at(&journal, body.as_bytes())).unwrap();
        }
        let newest = place.path("data/snapshots/00000000000000000002.snapshot");
        let mut bytes = fs::read(&newest).unwrap();
        damage(&mut bytes);
        fs::write(&newest, bytes).unwrap();
        let found = journal.snapshots().latest(&*journal.log(), "state 1").unwrap();
        assert_eq!(found.snapshot.unwrap().body, b"older", "{why}");
        assert_eq!(found.ignored.len(), 1);
        assert_eq!(found.ignored[0].why, why);
    }
}

#[test]
fn a_snapshot_of_another_state_format_or_another_history_is_ignored() {
    let place = Place::fresh();
    let mut journal = place.open("data");
    append(&mut journal, "a", "{}");
    journal.snapshots().save(&snapshot_at(&journal, b"body")).unwrap();
    let found = journal.snapshots().latest(&*journal.log(), "state 2").unwrap();
    assert_eq!(found.snapshot, None);
    assert_eq!(found.ignored[0].why, "its state format is state 1, not state 2");
    let ahead = Snapshot { seq: 2, ..snapshot_at(&journal, b"ahead of the journal") };
    journal.snapshots().save(&ahead).unwrap();
    let found = journal.snapshots().latest(&*journal.log(), "state 1").unwrap();
    assert_eq!(found.snapshot.unwrap().body, b"body");
    assert_eq!(found.ignored[0].why, "entry 2 of the journal is not the one it was taken at");
}

#[test]
fn a_replay_goes_on_where_the_snapshot_ends() {
    let place = Place::fresh();
    let mut journal = place.open("data");
    for number in 1..=2_500 {
        append(&mut journal, &format!("{number}"), &format!("[{number},{NAME}]"));
    }
    let at = journal.log().entry(1_200).unwrap().unwrap();
    let mut next = 1_201;
    let replayed = replay(&*journal.log(), Some((at.seq, at.hash)), u64::MAX, &mut |entry| {
        assert_eq!((entry.seq, entry.data), (next, &*format!("[{next},{NAME}]")));
        assert_eq!((entry.actor, entry.stream, entry.kind), ("bureau", "incident/1", "noted"));
        next += 1;
        ControlFlow::Continue(())
    });
    let replayed = replayed.unwrap();
    assert_eq!((replayed.seq, replayed.hash, replayed.entries), (2_500, journal.head().hash, 1_300));
    let first = replay(&*journal.log(), None, u64::MAX, &mut |_| ControlFlow::Break(())).unwrap();
    assert_eq!((first.seq, first.entries), (1, 1));
    let upto = replay(&*journal.log(), None, 10, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(upto.seq, 10);
}

#[test]
fn a_backup_is_taken_while_acts_go_on_and_restores_to_a_new_epoch() {
    let place = Place::fresh();
    let mut journal = place.open("data");
    for number in 0..200 {
        append(&mut journal, &format!("before-{number}"), NAME);
    }
    journal.snapshots().save(&snapshot_at(&journal, b"body")).unwrap();
    fs::create_dir(place.path("files")).unwrap();
    fs::write(place.path("files/photo"), b"photo").unwrap();
    let log = journal.sqlite_log();
    let is_done = AtomicBool::new(false);
    let manifest = std::thread::scope(|scope| {
        let backing_up = scope.spawn(|| {
            let manifest = backup(&log, &place.path("backup"), &[("files", &place.path("files"))]);
            is_done.store(true, Ordering::Relaxed);
            manifest.unwrap()
        });
        let mut number = 0;
        while !is_done.load(Ordering::Relaxed) || number < 20 {
            append(&mut journal, &format!("during-{number}"), "{}");
            number += 1;
        }
        backing_up.join().unwrap()
    });
    backup_vault(journal.log().vault().unwrap(), &place.path("vault-backup")).unwrap();
    assert!(manifest.seq >= 200);

    let report = restore(&place.restore_options()).unwrap();
    assert!(report.is_whole(), "{:?}", report.broken);
    assert_eq!((report.head.seq, report.head.hash), (manifest.seq, manifest.hash));
    assert!(report.head.epoch > manifest.epoch);
    assert_eq!(report.epochs.last().unwrap().reason, "restored");
    assert_eq!(fs::read(place.path("restored/files/photo")).unwrap(), b"photo");
    let mut restored = place.open("restored");
    assert_eq!(texts(&restored)[..200], vec![NAME; 200][..]);
    let found = restored.snapshots().latest(&*restored.log(), "state 1").unwrap();
    assert_eq!(found.snapshot.unwrap().body, b"body", "a snapshot signed by the lost key still fits");
    append(&mut restored, "after", NAME);
    assert!(verify(&*restored.log(), &VerifyOptions::default()).unwrap().is_whole());
    let again = restore(&place.restore_options()).err();
    assert!(matches!(again, Some(Fault::NotFresh { .. })), "{again:?}");
}

#[test]
fn two_restores_of_one_backup_are_two_epochs() {
    let place = Place::fresh();
    let mut journal = place.open("data");
    append(&mut journal, "a", "{}");
    backup(&journal.sqlite_log(), &place.path("backup"), &[]).unwrap();
    let options = RestoreOptions { vault: VaultSource::Lost, ..place.restore_options() };
    let first = restore(&options).unwrap();
    let second = restore(&RestoreOptions { to: place.path("second"), ..options }).unwrap();
    assert_ne!(first.head.epoch, second.head.epoch);
}

/// An ordinary backup holds no key and no name.
#[test]
fn a_name_cannot_be_read_from_an_ordinary_backup() {
    let place = Place::fresh();
    let mut journal = place.open("data");
    append(&mut journal, "a", NAME);
    backup(&journal.sqlite_log(), &place.path("backup"), &[]).unwrap();
    for file in fs::read_dir(place.path("backup")).unwrap() {
        let path = file.unwrap().path();
        assert!(!path.ends_with("vault.db") && !path.ends_with("signing.key"), "{path:?}");
        if path.is_file() {
            let bytes = fs::read(&path).unwrap();
            assert!(!bytes.windows(9).any(|window| window == "李德贵".as_bytes()), "{path:?}");
        }
    }
    let options = RestoreOptions { vault: VaultSource::Lost, ..place.restore_options() };
    restore(&options).unwrap();
    let mut restored = place.open("restored");
    assert_eq!(texts(&restored), [ERASED]);
    append(&mut restored, "b", r#"{"personal":"person/2","open":2}"#);
    assert_eq!(texts(&restored)[1], r#"{"personal":"person/2","open":2}"#);
}

#[test]
fn an_erasure_is_obeyed_by_a_restore_from_before_it() {
    // In turn: the journal's backup is from after the erasure; the vault's is; only the old node's record tells.
    for known_by in ["journal", "vault", "record"] {
        let place = Place::fresh();
        let mut journal = place.open("data");
        append(&mut journal, "a", NAME);
        let vault = journal.log().vault().unwrap().clone();
        let back_up = |journal: &SqliteJournal| {
            backup(&journal.sqlite_log(), &place.path("backup"), &[]).unwrap();
        };
        if known_by != "journal" {
            back_up(&journal);
        }
        if known_by != "vault" {
            backup_vault(&vault, &place.path("vault-backup")).unwrap();
        }
        erase(&mut journal, "b", "person/1");
        if known_by == "journal" {
            back_up(&journal);
        }
        if known_by == "vault" {
            backup_vault(&vault, &place.path("vault-backup")).unwrap();
        }
        let mut options = place.restore_options();
        if known_by == "record" {
            options.erasures.push(place.path("data/keys/erasures.log"));
        }
        restore(&options).unwrap();
        assert_eq!(texts(&place.open("restored"))[0], ERASED, "known by the {known_by}");
        assert!(!holds_key(&place.path("restored/keys/vault.db")), "known by the {known_by}");
    }
}

fn holds_key(vault: &Path) -> bool {
    let conn = rusqlite::Connection::open(vault).unwrap();
    conn.query_row("SELECT count(*) > 0 FROM keys WHERE subject = 'person/1'", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_damaged_backup_is_refused_by_the_name_of_the_file() {
    let place = Place::fresh();
    let mut journal = place.open("data");
    append(&mut journal, "a", "{}");
    backup(&journal.sqlite_log(), &place.path("backup"), &[]).unwrap();
    let file = place.path("backup/journal.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let options = RestoreOptions { vault: VaultSource::Lost, ..place.restore_options() };
    let refused = restore(&options).err();
    assert!(matches!(&refused, Some(Fault::Backup { why, .. }) if why.contains("journal.db")), "{refused:?}");
    let unfinished = place.path("backup/backup.json");
    fs::remove_file(unfinished).unwrap();
    let refused = restore(&RestoreOptions { to: place.path("other"), ..options }).err();
    assert!(
        matches!(&refused, Some(Fault::Backup { why, .. }) if why.contains("backup.json")),
        "{refused:?}"
    );
}

#[test]
fn a_vault_older_than_the_journal_is_refused_and_not_read_as_erased() {
    let place = Place::fresh();
    let mut journal = place.open("data");
    backup_vault(journal.log().vault().unwrap(), &place.path("vault-backup")).unwrap();
    append(&mut journal, "a", NAME);
    backup(&journal.sqlite_log(), &place.path("backup"), &[]).unwrap();
    restore(&place.restore_options()).unwrap();
    let restored = place.open("restored");
    let read = restored.log().read(1, 10);
    assert!(matches!(&read, Err(Fault::KeyMissing { subject }) if subject == "person/1"), "{read:?}");
    let stored = restored.log().scan(1, 10, View::Stored, &mut |_| ControlFlow::Continue(()));
    assert_eq!(stored.unwrap(), 1);
}

/// Keys that lie elsewhere are asked for: an empty vault in their place would be backed up as if it were one.
#[test]
fn reading_makes_no_vault_and_tells_where_it_looked() {
    let place = Place::fresh();
    let keys = place.path("elsewhere");
    let options = OpenOptions::new(place.path("data"), "371082").create(true).suite(Some(suite()));
    let mut journal = options.clone().keys(&keys).open().unwrap();
    append(&mut journal, "a", NAME);
    let misled = options.read().err();
    assert!(
        matches!(&misled, Some(Fault::VaultMissing { dir }) if *dir == place.path("data/keys")),
        "{misled:?}"
    );
    assert!(!place.path("data/keys").exists(), "reading makes nothing");
    let log = options.clone().keys(&keys).read().unwrap();
    check_vault(&*log).unwrap();
    backup_vault(journal::Log::vault(&*log).unwrap(), &place.path("vault-backup")).unwrap();
    assert!(holds_key(&place.path("vault-backup/vault.db")));
    let sealed = journal::Log::vault(&*log).unwrap().seal_json(r#"{"personal":"person/2","open":2}"#);
    assert!(matches!(sealed, Err(Fault::Database(_))), "a reader makes no key: {sealed:?}");
    append(&mut journal, "b", r#"{"personal":"person/3","open":3}"#);
    check_vault(&*log).unwrap(); // a key made by the node since is read too
}

/// A vault of another journal, or an older one, is not taken for this journal's.
#[test]
fn a_vault_that_does_not_fit_is_not_backed_up() {
    let place = Place::fresh();
    let mut journal = place.open("data");
    append(&mut journal, "a", NAME);
    drop(place.open("other"));
    let options = OpenOptions::new(place.path("data"), "371082").keys(place.path("other/keys"));
    let misled = check_vault(&*options.read().unwrap());
    assert!(matches!(&misled, Err(Fault::KeyMissing { subject }) if subject == "person/1"), "{misled:?}");
    let without = check_vault(&*options.vault(false).read().unwrap());
    assert!(matches!(without, Err(Fault::NoVault)), "{without:?}");
}

/// What a restore needs is looked for before anything is made: a slip of the pen leaves nothing behind.
#[test]
fn a_restore_that_cannot_begin_leaves_nothing() {
    let place = Place::fresh();
    let mut journal = place.open("data");
    append(&mut journal, "a", NAME);
    backup(&journal.sqlite_log(), &place.path("backup"), &[]).unwrap();
    let options = place.restore_options();
    let refused = restore(&options).err();
    assert!(
        matches!(&refused, Some(Fault::VaultMissing { dir }) if dir.ends_with("vault-backup")),
        "{refused:?}"
    );
    assert!(!place.path("restored").exists());
    backup_vault(journal.log().vault().unwrap(), &place.path("vault-backup")).unwrap();
    let mistyped = RestoreOptions { erasures: vec![place.path("erasures.log")], ..options.clone() };
    let refused = restore(&mistyped).err();
    assert!(
        matches!(&refused, Some(Fault::Backup { path, .. }) if path.ends_with("erasures.log")),
        "{refused:?}"
    );
    assert!(!place.path("restored").exists());
    restore(&options).unwrap();
}
