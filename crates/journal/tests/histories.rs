//! What must always hold, over random histories of batches, restarts, failed commits and epochs.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

use std::collections::BTreeMap;

use journal::{
    CommitFault, Digest, Fault, Journal, NewAct, NewEntry, OpenOptions, Planted, SqliteJournal,
    VerifyOptions, verify,
};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    /// One batch: the key's number and how many entries for each act; then its end.
    Batch(Vec<(u8, u8)>, End),
    /// The process dies and starts again; the N-th commit from then on goes wrong.
    Restart(Planted),
    Sign,
    Epoch,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Commit,
    Drop,
}

fn any_step() -> impl Strategy<Value = Step> {
    let planted = prop_oneof![
        Just(Planted::None),
        (1..4_u64).prop_map(|at| Planted::CommitFails { at }),
        (1..4_u64).prop_map(|at| Planted::CommitUnknown { at }),
    ];
    let acts = prop::collection::vec((any::<u8>(), 1..4_u8), 0..6);
    prop_oneof![
        6 => (acts, prop_oneof![4 => Just(End::Commit), 1 => Just(End::Drop)]).prop_map(|(acts, end)| Step::Batch(acts, end)),
        2 => planted.prop_map(Step::Restart),
        1 => Just(Step::Sign),
        1 => Just(Step::Epoch),
    ]
}

/// What ought to be in the journal.
#[derive(Default, Clone)]
struct Model {
    texts: Vec<String>,
    keys: BTreeMap<u8, (u64, u64)>,
}

struct Play {
    dir: tempfile::TempDir,
    journal: Option<SqliteJournal>,
    model: Model,
}

impl Play {
    fn open(&mut self, planted: Planted) {
        self.journal = None;
        let options = OpenOptions::new(self.dir.path(), "371082").create(true).plant(planted);
        self.journal = Some(options.open().unwrap());
    }

    fn batch(&mut self, acts: &[(u8, u8)], end: End) {
        let journal = self.journal.as_mut().unwrap();
        let mut batch = journal.begin().unwrap();
        let mut after = self.model.clone();
        for (key, count) in acts {
            let name = format!("key-{key}");
            let texts: Vec<String> = (0..*count).map(|number| format!("[{key},{number}]")).collect();
            let act = NewAct { actor: "a", key: &name, request_hash: Digest([*key; 32]), resource: &name };
            let time_ms = batch.head().time_ms.max(0) + 1;
            let entries: Vec<_> = texts
                .iter()
                .map(|data| NewEntry { time_ms, stream: &name, kind: "k", version: 1, data })
                .collect();
            let recalled = batch.recall("a", &name).unwrap();
            assert_eq!(recalled.map(|known| (known.first_seq, known.last_seq)), after.keys.get(key).copied());
            match batch.append(&act, &entries) {
                Ok(put) => {
                    assert!(after.keys.insert(*key, (put.first_seq, put.last_seq)).is_none());
                    assert_eq!(put.first_seq, after.texts.len() as u64 + 1);
                    after.texts.extend(texts);
                }
                Err(Fault::KeyTaken { .. }) => assert!(after.keys.contains_key(key)),
                Err(fault) => panic!("{fault}"),
            }
        }
        if end == End::Drop {
            return;
        }
        match batch.commit() {
            Ok(head) => assert_eq!(head.seq, after.texts.len() as u64),
            Err(CommitFault::Failed(_)) => {
                journal.reopen().unwrap();
                return;
            }
            Err(CommitFault::Unknown(_)) => {
                journal.reopen().unwrap(); // this planted fault has kept the batch
            }
        }
        self.model = after;
    }

    fn check(&self) {
        let journal = self.journal.as_ref().unwrap();
        let log = journal.log();
        let texts: Vec<_> = log.read(1, 100_000).unwrap().into_iter().map(|entry| entry.data).collect();
        assert_eq!(texts, self.model.texts);
        for (key, (first, last)) in &self.model.keys {
            let receipt = log.recall("a", &format!("key-{key}")).unwrap().unwrap();
            assert_eq!((receipt.first_seq, receipt.last_seq), (*first, *last));
            assert_eq!(receipt.request_hash, Digest([*key; 32]));
            let stream = log.read_stream(&format!("key-{key}"), 1, u64::MAX).unwrap();
            assert_eq!(stream.len() as u64, last - first + 1);
        }
        let report = verify(&*log, &VerifyOptions::default()).unwrap();
        assert!(report.is_whole(), "{:?}", report.broken);
        assert_eq!(report.acts, self.model.keys.len() as u64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_journal_holds_exactly_what_was_committed(steps in prop::collection::vec(any_step(), 1..25)) {
        let mut play = Play { dir: tempfile::tempdir().unwrap(), journal: None, model: Model::default() };
        play.open(Planted::None);
        let mut epoch = 0;
        for step in steps {
            match step {
                Step::Batch(acts, end) => play.batch(&acts, end),
                Step::Restart(planted) => play.open(planted),
                Step::Sign => assert!(play.journal.as_mut().unwrap().sign_head().unwrap().is_genuine()),
                Step::Epoch => { play.journal.as_mut().unwrap().start_epoch("test").unwrap(); }
            }
            let head = play.journal.as_ref().unwrap().log().head().unwrap();
            assert!(head.epoch >= epoch);
            epoch = head.epoch;
        }
        play.check();
    }
}
