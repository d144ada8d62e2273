//! A hand in the file shows: `verify` names the first entry that is not as it was written.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

use std::path::{Path, PathBuf};

use journal::{
    Broken, Digest, Fault, Journal, NewAct, NewEntry, OpenOptions, Sha256Ed25519, SignedHead, Sm3Sm2, Suite,
    VerifyOptions, Why, replay, verify,
};
use rusqlite::Connection;

/// The default suite; and where `gm.rs` runs the same tests, that of GM/T.
fn suite() -> &'static dyn Suite {
    if module_path!().starts_with("gm::") { &Sm3Sm2 } else { &Sha256Ed25519 }
}

struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    /// A journal of ten acts with two entries each; closed, so that its head is signed.
    fn with_ten_acts() -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        let mut journal = place.options().create(true).suite(Some(suite())).open().unwrap();
        for number in 0..10 {
            append(&mut journal, number);
        }
        Box::new(journal).close().unwrap();
        place
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn options(&self) -> OpenOptions {
        OpenOptions::new(self.path(), "371082")
    }

    /// Changes the file behind the journal's back.
    fn with_sql(self, sql: &str) -> Self {
        Connection::open(self.path().join("journal.db")).unwrap().execute_batch(sql).unwrap();
        self
    }

    fn broken(&self) -> Vec<Broken> {
        self.broken_against(&VerifyOptions::default())
    }

    fn broken_against(&self, options: &VerifyOptions) -> Vec<Broken> {
        let journal = self.options().open().unwrap();
        verify(&*journal.log(), options).unwrap().broken
    }

    fn first_broken(&self) -> Broken {
        self.broken().into_iter().next().expect("the tampering must be found")
    }
}

fn append(journal: &mut dyn Journal, number: i64) {
    let mut batch = journal.begin().unwrap();
    let key = format!("key-{number}");
    let act = NewAct { actor: "bureau", key: &key, request_hash: Digest::default(), resource: "" };
    let entry =
        NewEntry { time_ms: number * 10, stream: "incident/1", kind: "noted", version: 1, data: "{}" };
    batch.append(&act, &[entry, NewEntry { stream: "incident/2", ..entry }]).unwrap();
    batch.commit().unwrap();
}

/// What a forger who knows the format does: change one entry and hash everything after it anew.
fn rewrite_from(path: &Path, seq: u64) {
    let header = OpenOptions::new(path, "371082").open().unwrap().header().clone();
    let suite = journal::suite_named(&header.suite).unwrap();
    let entries = OpenOptions::new(path, "371082").open().unwrap().log().read(1, 1_000).unwrap();
    let conn = Connection::open(path.join("journal.db")).unwrap();
    let mut hash = header.genesis();
    for mut entry in entries {
        if entry.seq == seq {
            entry.data = String::from(r#"{"forged":true}"#);
        }
        entry.prev_hash = hash;
        hash = journal::entry_hash(suite, &mut Vec::new(), &entry.as_ref());
        conn.execute(
            "UPDATE entries SET data = ?2, prev_hash = ?3, hash = ?4 WHERE seq = ?1",
            rusqlite::params![entry.seq.cast_signed(), entry.data, entry.prev_hash.0, hash.0],
        )
        .unwrap();
    }
    conn.execute("UPDATE head SET hash = ?1", [hash.0]).unwrap();
}

#[test]
fn an_untouched_journal_is_whole() {
    let place = Place::with_ten_acts();
    assert_eq!(place.broken(), []);
}

#[test]
fn a_changed_entry_is_named() {
    for change in
        ["data = '{\"a\":1}'", "time_ms = 61", "actor = 'x'", "kind = 'x'", "stream = 'x'", "version = 2"]
    {
        let place = Place::with_ten_acts().with_sql(&format!("UPDATE entries SET {change} WHERE seq = 7"));
        assert_eq!(place.first_broken(), Broken { seq: 7, why: Why::Hash }, "{change}");
    }
}

#[test]
fn a_removed_entry_is_named() {
    let place = Place::with_ten_acts().with_sql("DELETE FROM entries WHERE seq = 7");
    assert_eq!(place.first_broken(), Broken { seq: 7, why: Why::Gap { found: 8 } });
}

#[test]
fn an_entry_that_follows_another_one_is_named() {
    let place = Place::with_ten_acts().with_sql("UPDATE entries SET prev_hash = zeroblob(32) WHERE seq = 7");
    assert_eq!(place.first_broken(), Broken { seq: 7, why: Why::PrevHash });
}

#[test]
fn a_replay_stops_at_the_first_entry_that_does_not_follow() {
    let place = Place::with_ten_acts().with_sql("UPDATE entries SET data = '[]' WHERE seq = 7");
    let journal = place.options().open().unwrap();
    let mut given = 0;
    let replayed = replay(&*journal.log(), None, u64::MAX, &mut |entry| {
        given = entry.seq;
        std::ops::ControlFlow::Continue(())
    });
    assert!(matches!(replayed, Err(Fault::Broken(Broken { seq: 7, why: Why::Hash }))), "{replayed:?}");
    assert_eq!(given, 6);
}

#[test]
fn a_head_whose_last_entry_was_changed_or_removed_is_not_opened() {
    let changed = Place::with_ten_acts().with_sql("UPDATE entries SET data = '[]' WHERE seq = 20");
    let refused = changed.options().open().err();
    assert!(matches!(refused, Some(Fault::Broken(Broken { seq: 20, why: Why::Hash }))), "{refused:?}");
    let cut = Place::with_ten_acts().with_sql("DELETE FROM entries WHERE seq = 20");
    let refused = cut.options().open().err();
    assert!(
        matches!(refused, Some(Fault::Broken(Broken { seq: 19, why: Why::Tail { head: 20, found: 19 } }))),
        "{refused:?}"
    );
}

#[test]
fn a_forged_signature_is_not_opened() {
    let place = Place::with_ten_acts().with_sql("UPDATE head SET signature = zeroblob(64)");
    let refused = place.options().open().err();
    assert!(
        matches!(refused, Some(Fault::Broken(Broken { seq: 20, why: Why::Signature { .. } }))),
        "{refused:?}"
    );
}

#[test]
fn a_rewritten_tail_shows_by_the_heads_that_were_signed() {
    let place = Place::with_ten_acts();
    rewrite_from(&place.path(), 15);
    let found = place.first_broken();
    assert!(matches!(found, Broken { seq: 20, why: Why::Rewritten { .. } }), "{found:?}");
}

#[test]
fn a_cut_tail_shows_by_a_head_that_was_given_away() {
    let place = Place::with_ten_acts();
    let given: SignedHead = {
        let mut journal = place.options().open().unwrap();
        journal.sign_head().unwrap()
    };
    let text = serde_json::to_string(&given).unwrap();
    let given: SignedHead = serde_json::from_str(&text).unwrap();
    // Everything that the file itself could tell is made to fit the shorter chain.
    let place = place.with_sql(
        "DELETE FROM acts WHERE first_seq > 10; DELETE FROM entries WHERE seq > 10; DELETE FROM signed_heads;
         UPDATE head SET seq = 10, hash = (SELECT hash FROM entries WHERE seq = 10),
             time_ms = (SELECT time_ms FROM entries WHERE seq = 10), signed_seq = NULL, signature = NULL;",
    );
    assert_eq!(place.broken(), [], "alone it cannot show");
    let options = VerifyOptions { anchors: vec![given], ..VerifyOptions::default() };
    assert_eq!(place.broken_against(&options), [Broken { seq: 20, why: Why::CutOff }]);
}

#[test]
fn a_key_that_is_not_the_jurisdictions_is_named() {
    let place = Place::with_ten_acts();
    let key = place.options().open().unwrap().public_key();
    let trusted = VerifyOptions { trusted_keys: vec![key], ..VerifyOptions::default() };
    assert_eq!(place.broken_against(&trusted), []);
    let other = VerifyOptions { trusted_keys: vec![vec![0; 32]], ..VerifyOptions::default() };
    let broken = place.broken_against(&other);
    assert!(broken.iter().any(|found| found.seq == 20), "{broken:?}");
    assert!(broken.iter().all(|found| matches!(found.why, Why::UntrustedKey { .. })), "{broken:?}");
}

#[test]
fn a_forgotten_or_moved_key_is_named() {
    let forgotten = Place::with_ten_acts().with_sql("DELETE FROM acts WHERE key = 'key-3'");
    assert_eq!(forgotten.first_broken(), Broken { seq: 7, why: Why::Act });
    let moved = Place::with_ten_acts().with_sql("UPDATE acts SET last_seq = 9 WHERE key = 'key-3'");
    assert!(moved.broken().contains(&Broken { seq: 9, why: Why::Act }));
    let renamed = Place::with_ten_acts().with_sql("UPDATE acts SET actor = 'govt' WHERE key = 'key-3'");
    assert_eq!(renamed.first_broken(), Broken { seq: 7, why: Why::Act });
}

#[test]
fn an_index_that_lost_an_entry_is_found() {
    let place = Place::with_ten_acts();
    let conn = Connection::open(place.path().join("journal.db")).unwrap();
    // The index is made to lie: rebuilt over less than the table, under the same name.
    conn.execute_batch(
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = 'CREATE INDEX entries_by_stream ON entries (stream) WHERE seq <> 7'
             WHERE name = 'entries_by_stream';
         PRAGMA writable_schema = RESET; REINDEX entries_by_stream;
         PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = 'CREATE INDEX entries_by_stream ON entries (stream)'
             WHERE name = 'entries_by_stream';
         PRAGMA writable_schema = RESET;",
    )
    .unwrap();
    drop(conn);
    let broken = place.broken();
    assert!(broken.iter().any(|found| matches!(found.why, Why::Storage { .. })), "{broken:?}");
}

#[test]
fn somebody_elses_write_is_noticed_before_the_next_batch() {
    let place = Place::with_ten_acts();
    let mut journal = place.options().open().unwrap();
    Connection::open(place.path().join("journal.db"))
        .unwrap()
        .execute("UPDATE head SET seq = 19", [])
        .unwrap();
    let begun = journal.begin().err();
    assert!(matches!(begun, Some(Fault::HeadMoved { known_seq: 20, found_seq: 19, .. })), "{begun:?}");
}

/// A head that somebody else moved is not signed over.
#[test]
fn somebody_elses_write_is_noticed_before_a_signature() {
    let place = Place::with_ten_acts();
    let mut journal = place.options().open().unwrap();
    append(&mut journal, 11);
    append(&mut journal, 12); // within a second of the one before: not signed yet
    Connection::open(place.path().join("journal.db"))
        .unwrap()
        .execute("UPDATE head SET epoch = epoch + 1", [])
        .unwrap();
    let signed = journal.sign_head();
    assert!(matches!(signed, Err(Fault::HeadMoved { .. })), "{signed:?}");
}

#[test]
fn a_lost_signing_key_needs_a_new_epoch_on_purpose() {
    let place = Place::with_ten_acts();
    std::fs::remove_file(place.path().join("keys/signing.key")).unwrap();
    let refused = place.options().open().err();
    assert!(matches!(refused, Some(Fault::SigningKey { .. })), "{refused:?}");
    let mut journal = place.options().new_key(true).open().unwrap();
    append(&mut journal, 11);
    assert_eq!(journal.log().epochs().unwrap().len(), 2);
    Box::new(journal).close().unwrap();
    assert_eq!(place.broken(), []);
}
