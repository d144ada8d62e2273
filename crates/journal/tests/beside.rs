//! A journal is verified beside the node that writes it: what is written meanwhile is no break.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use journal::{
    ActRef, Broken, Digest, Entry, EntryRef, Epoch, Fault, Head, HeadSignature, Header, Journal, Log, NewAct,
    NewEntry, OpenOptions, Receipt, SqliteJournal, Vault, VerifyOptions, View, verify,
};

fn fresh(dir: &tempfile::TempDir) -> SqliteJournal {
    let mut journal = OpenOptions::new(dir.path().join("data"), "371082").create(true).open().unwrap();
    for number in 0..3 {
        append(&mut journal, &format!("before-{number}"));
    }
    journal
}

fn append(journal: &mut dyn Journal, key: &str) {
    let mut batch = journal.begin().unwrap();
    let act = NewAct { actor: "bureau", key, request_hash: Digest::default(), resource: "" };
    let entry = |kind| NewEntry { time_ms: 1, stream: "incident/1", kind, version: 1, data: "{}" };
    batch.append(&act, &[entry("called"), entry("noted")]).unwrap();
    batch.commit().unwrap();
}

/// A log whose node writes an act, begins an epoch and signs its head before each single read.
struct Busy {
    log: Arc<dyn Log>,
    node: Mutex<(SqliteJournal, u32)>,
}

impl Busy {
    fn log(&self) -> &dyn Log {
        let (journal, acts) = &mut *self.node.lock().unwrap();
        *acts += 1;
        append(journal, &format!("during-{acts}"));
        journal.start_epoch("promoted").unwrap();
        append(journal, &format!("during-{acts}-too"));
        journal.sign_head().unwrap();
        &*self.log
    }
}

impl Log for Busy {
    fn header(&self) -> &Header {
        self.log.header()
    }
    fn head(&self) -> Result<Head, Fault> {
        self.log().head()
    }
    fn epochs(&self) -> Result<Vec<Epoch>, Fault> {
        self.log().epochs()
    }
    fn signed_heads(&self) -> Result<Vec<HeadSignature>, Fault> {
        self.log().signed_heads()
    }
    fn scan(
        &self,
        from_seq: u64,
        upto_seq: u64,
        view: View,
        each: &mut dyn FnMut(&EntryRef<'_>) -> ControlFlow<()>,
    ) -> Result<u64, Fault> {
        self.log().scan(from_seq, upto_seq, view, each)
    }
    fn read_stream(&self, stream: &str, from_seq: u64, upto_seq: u64) -> Result<Vec<Entry>, Fault> {
        self.log().read_stream(stream, from_seq, upto_seq)
    }
    fn recall(&self, actor: &str, key: &str) -> Result<Option<Receipt>, Fault> {
        self.log().recall(actor, key)
    }
    fn scan_acts(&self, each: &mut dyn FnMut(&ActRef<'_>)) -> Result<(), Fault> {
        self.log().scan_acts(each)
    }
    fn erasures(&self) -> Result<Vec<(String, u64)>, Fault> {
        self.log().erasures()
    }
    fn check_storage(&self) -> Result<Vec<Broken>, Fault> {
        self.log().check_storage()
    }
    fn vault(&self) -> Option<&Arc<Vault>> {
        self.log.vault()
    }
}

/// Acts, epochs and signatures that come between any two reads are not taken for tampering.
#[test]
fn what_is_written_between_two_reads_is_no_break() {
    let dir = tempfile::tempdir().unwrap();
    let journal = fresh(&dir);
    let busy = Busy { log: journal.log(), node: Mutex::new((journal, 0)) };
    for _ in 0..3 {
        let report = verify(&busy, &VerifyOptions::default()).unwrap();
        assert!(report.is_whole(), "{:?}", report.broken);
        assert_eq!(report.entries, report.head.seq);
        assert_eq!(report.acts * 2, report.entries, "acts up to the head, no later one");
    }
}

/// The storage's look at the end of the table is one look, also while a thread writes.
#[test]
fn a_storage_is_whole_while_a_thread_writes() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = fresh(&dir);
    let log = journal.log();
    let is_over = AtomicBool::new(false);
    let broken: Vec<Broken> = std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0.. {
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                append(&mut journal, &format!("during-{number}"));
            }
        });
        let broken = (0..300).flat_map(|_| log.check_storage().unwrap()).collect();
        is_over.store(true, Ordering::Relaxed);
        broken
    });
    assert_eq!(broken, []);
}

/// A long read holds up what a start must do; it is told in words, and passes by itself.
#[test]
fn a_start_beside_a_long_read_is_refused_in_words() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut journal = fresh(&dir);
    let reader = rusqlite::Connection::open(data.join("journal.db")).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM entries").unwrap();
    append(&mut journal, "in the log"); // where the reader holds it
    drop(journal); // not closed: as after a crash
    let opened = OpenOptions::new(&data, "371082").open().err();
    assert!(matches!(&opened, Some(Fault::BeingRead { dir }) if *dir == data), "{opened:?}");
    reader.execute_batch("ROLLBACK").unwrap();
    append(&mut OpenOptions::new(&data, "371082").open().unwrap(), "after");
}
