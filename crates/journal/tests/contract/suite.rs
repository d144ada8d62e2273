//! The contract itself. A backend is a type that can make a fresh place and open the journal there.

use std::ops::ControlFlow;

use journal::{
    CommitFault, Digest, Fault, Journal, NewAct, NewEntry, Planted, Receipt, VerifyOptions, View, verify,
};

pub(crate) const JURISDICTION: &str = "371082";

pub(crate) trait Backend {
    /// Opens the journal in its place, making it the first time.
    fn open(&self, planted: Planted) -> Result<Box<dyn Journal>, Fault>;
}

/// The contract's functions, handed to a macro that makes tests of them.
#[macro_export]
macro_rules! contract {
    ($tests:ident) => {
        $tests! {
            entries_are_numbered_without_gaps_from_one,
            the_entries_of_an_act_are_contiguous_and_all_or_none,
            a_used_key_is_recalled_in_the_batch_and_for_ever,
            keys_that_were_foreseen_are_the_same_keys,
            a_key_taken_refuses_the_act_and_the_batch_goes_on,
            a_dropped_batch_never_was,
            entry_time_never_goes_back,
            what_is_too_large_or_empty_is_refused_by_name,
            after_a_failed_commit_nothing_is_kept_and_the_handle_is_poisoned,
            after_an_unknown_commit_the_key_tells_what_happened,
            what_was_committed_is_there_after_opening_again,
            a_stream_is_read_alone_and_up_to_a_moment,
            readers_see_only_what_is_committed,
            the_unseen_is_what_came_after,
            a_new_epoch_outdates_the_old_ids,
            a_head_is_signed_on_demand_and_checkable_by_itself,
            personal_data_is_stored_sealed_and_read_open,
            erased_data_stays_in_the_chain_and_is_never_read_again,
            rare_characters_survive,
            a_large_act_is_kept_whole,
        }
    };
}

pub(crate) fn act(key: &str) -> NewAct<'_> {
    NewAct { actor: "dispatcher", key, request_hash: Digest([7; 32]), resource: "incident/1" }
}

pub(crate) fn entry<'a>(time_ms: i64, stream: &'a str, data: &'a str) -> NewEntry<'a> {
    NewEntry { time_ms, stream, kind: "incident.noted", version: 1, data }
}

/// Commits one act with one entry for each text.
pub(crate) fn commit(journal: &mut dyn Journal, key: &str, texts: &[&str]) {
    let mut batch = journal.begin().unwrap();
    let entries: Vec<_> = texts.iter().map(|text| entry(1_000, "incident/1", text)).collect();
    batch.append(&act(key), &entries).unwrap();
    batch.commit().unwrap();
}

fn texts(journal: &dyn Journal, view: View) -> Vec<String> {
    let mut texts = Vec::new();
    journal
        .log()
        .scan(1, u64::MAX, view, &mut |entry| {
            texts.push(entry.data.to_owned());
            ControlFlow::Continue(())
        })
        .unwrap();
    texts
}

fn assert_whole(journal: &dyn Journal) {
    let report = verify(&*journal.log(), &VerifyOptions::default()).unwrap();
    assert!(report.is_whole(), "{:?}", report.broken);
    assert_eq!(report.entries, report.head.seq);
}

pub(crate) fn entries_are_numbered_without_gaps_from_one(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    assert_eq!(journal.log().head().unwrap().seq, 0);
    for number in 1..=5_u64 {
        commit(&mut *journal, &format!("key-{number}"), &["{}"]);
        assert_eq!(journal.log().head().unwrap().seq, number);
    }
    let seqs: Vec<u64> = journal.log().read(1, 100).unwrap().iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [1, 2, 3, 4, 5]);
    assert_eq!(journal.log().read(4, 1).unwrap()[0].seq, 4);
    assert_eq!(journal.log().entry(6).unwrap(), None);
    assert_whole(&*journal);
}

pub(crate) fn the_entries_of_an_act_are_contiguous_and_all_or_none(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    let mut batch = journal.begin().unwrap();
    let first = batch.append(&act("a"), &[entry(1, "s/1", "1"), entry(1, "s/2", "2")]).unwrap();
    let too_late = batch.append(&act("b"), &[entry(2, "s/1", "3"), entry(1, "s/1", "4")]);
    assert!(matches!(too_late, Err(Fault::TimeBack { head_ms: 2, time_ms: 1 })), "{too_late:?}");
    let third = batch.append(&act("c"), &[entry(2, "s/1", "5")]).unwrap();
    batch.commit().unwrap();
    assert_eq!((first.first_seq, first.last_seq, third.first_seq, third.last_seq), (1, 2, 3, 3));
    assert_eq!(texts(&*journal, View::Stored), ["1", "2", "5"]);
    assert_eq!(journal.log().recall("dispatcher", "b").unwrap(), None);
    assert_whole(&*journal);
}

pub(crate) fn a_used_key_is_recalled_in_the_batch_and_for_ever(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    let expected = Receipt {
        request_hash: Digest([7; 32]),
        resource: "incident/1".to_owned(),
        first_seq: 1,
        last_seq: 2,
    };
    let mut batch = journal.begin().unwrap();
    assert_eq!(batch.recall("dispatcher", "a").unwrap(), None);
    batch.append(&act("a"), &[entry(1, "s", "1"), entry(1, "s", "2")]).unwrap();
    assert_eq!(batch.recall("dispatcher", "a").unwrap().as_ref(), Some(&expected));
    assert_eq!(batch.recall("commander", "a").unwrap(), None, "another actor's key is another key");
    batch.commit().unwrap();
    assert_eq!(journal.log().recall("dispatcher", "a").unwrap().as_ref(), Some(&expected));
    journal.close().unwrap();
    let mut journal = backend.open(Planted::None).unwrap();
    assert_eq!(journal.begin().unwrap().recall("dispatcher", "a").unwrap(), Some(expected));
}

pub(crate) fn a_key_taken_refuses_the_act_and_the_batch_goes_on(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    commit(&mut *journal, "a", &["1"]);
    let mut batch = journal.begin().unwrap();
    let again = batch.append(&act("a"), &[entry(1_000, "s", "again")]);
    assert!(matches!(&again, Err(Fault::KeyTaken { key, .. }) if key == "a"), "{again:?}");
    batch.append(&act("b"), &[entry(1_000, "s", "2")]).unwrap();
    batch.commit().unwrap();
    assert_eq!(texts(&*journal, View::Stored), ["1", "2"]);
    assert_whole(&*journal);
}

pub(crate) fn a_dropped_batch_never_was(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    let mut batch = journal.begin().unwrap();
    batch.append(&act("a"), &[entry(1, "s", "\"lost\"")]).unwrap();
    drop(batch);
    commit(&mut *journal, "a", &["\"kept\""]);
    assert_eq!(texts(&*journal, View::Stored), ["\"kept\""]);
    assert_whole(&*journal);
}

pub(crate) fn entry_time_never_goes_back(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    commit(&mut *journal, "a", &["1"]);
    let mut batch = journal.begin().unwrap();
    assert_eq!(batch.head().time_ms, 1_000);
    let back = batch.append(&act("b"), &[entry(999, "s", "2")]);
    assert!(matches!(back, Err(Fault::TimeBack { head_ms: 1_000, time_ms: 999 })), "{back:?}");
    batch.append(&act("b"), &[entry(1_000, "s", "2")]).unwrap();
    batch.commit().unwrap();
}

pub(crate) fn what_is_too_large_or_empty_is_refused_by_name(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    let mut batch = journal.begin().unwrap();
    let large = "1".repeat(journal::MAX_DATA_BYTES + 1);
    let refused = batch.append(&act("a"), &[entry(1, "s", &large)]);
    assert!(matches!(refused, Err(Fault::TooLarge { what: "the entry's data", .. })), "{refused:?}");
    batch.append(&act("a"), &[entry(1, "s", &large[1..])]).unwrap();
    let long_key = "k".repeat(journal::MAX_NAME_BYTES + 1);
    let refused = batch.append(&act(&long_key), &[entry(1, "s", "1")]);
    assert!(matches!(refused, Err(Fault::TooLarge { what: "the idempotency key", .. })), "{refused:?}");
    let refused = batch.append(&act("b"), &[]);
    assert!(matches!(refused, Err(Fault::Empty { .. })), "{refused:?}");
    let refused = batch.append(&act("b"), &[entry(1, "s", "\"\0\"")]);
    assert!(matches!(refused, Err(Fault::Nul { what: "the entry's data" })), "{refused:?}");
    let refused = batch.append(&act(""), &[entry(1, "s", "1")]);
    assert!(matches!(refused, Err(Fault::Empty { what: "the idempotency key" })), "{refused:?}");
    batch.commit().unwrap();
    assert_whole(&*journal);
}

pub(crate) fn after_a_failed_commit_nothing_is_kept_and_the_handle_is_poisoned(backend: &impl Backend) {
    let mut journal = backend.open(Planted::CommitFails { at: 2 }).unwrap();
    commit(&mut *journal, "a", &["1"]);
    let mut batch = journal.begin().unwrap();
    batch.append(&act("b"), &[entry(1_000, "s", "2")]).unwrap();
    let failed = batch.commit();
    assert!(matches!(failed, Err(CommitFault::Failed(_))), "{failed:?}");
    assert!(matches!(journal.begin().err(), Some(Fault::Poisoned)));
    let head = journal.reopen().unwrap();
    assert_eq!(head.seq, 1);
    assert_eq!(journal.begin().unwrap().recall("dispatcher", "b").unwrap(), None);
    commit(&mut *journal, "b", &["2"]);
    assert_eq!(texts(&*journal, View::Stored), ["1", "2"]);
    assert_whole(&*journal);
}

pub(crate) fn after_an_unknown_commit_the_key_tells_what_happened(backend: &impl Backend) {
    let mut journal = backend.open(Planted::CommitUnknown { at: 2 }).unwrap();
    commit(&mut *journal, "a", &["1"]);
    let mut batch = journal.begin().unwrap();
    batch.append(&act("b"), &[entry(1_000, "s", "2")]).unwrap();
    let unknown = batch.commit();
    assert!(matches!(unknown, Err(CommitFault::Unknown(_))), "{unknown:?}");
    assert!(matches!(journal.begin().err(), Some(Fault::Poisoned)));
    let head = journal.reopen().unwrap();
    assert_eq!(head.seq, 2);
    assert_eq!(journal.begin().unwrap().recall("dispatcher", "b").unwrap().unwrap().first_seq, 2);
    commit(&mut *journal, "c", &["3"]);
    assert_whole(&*journal);
}

pub(crate) fn what_was_committed_is_there_after_opening_again(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    commit(&mut *journal, "a", &["1", "2"]);
    let before = journal.log().read(1, 10).unwrap();
    drop(journal); // not closed: as after a crash
    let mut journal = backend.open(Planted::None).unwrap();
    assert_eq!(journal.log().read(1, 10).unwrap(), before);
    commit(&mut *journal, "b", &["3"]);
    assert!(journal.log().head().unwrap().signed.is_some());
    let closed = journal.close().unwrap();
    assert!(closed.is_signed());
    let journal = backend.open(Planted::None).unwrap();
    assert_eq!(journal.log().head().unwrap(), closed);
    assert_whole(&*journal);
}

pub(crate) fn a_stream_is_read_alone_and_up_to_a_moment(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    let mut batch = journal.begin().unwrap();
    for number in 0..10 {
        let stream = if number % 2 == 0 { "incident/even" } else { "incident/odd" };
        batch.append(&act(&format!("{number}")), &[entry(number, stream, &format!("{number}"))]).unwrap();
    }
    batch.commit().unwrap();
    let even = journal.log().read_stream("incident/even", 1, u64::MAX).unwrap();
    assert_eq!(even.iter().map(|entry| &*entry.data).collect::<Vec<_>>(), ["0", "2", "4", "6", "8"]);
    let earlier = journal.log().read_stream("incident/even", 2, 5).unwrap();
    assert_eq!(earlier.iter().map(|entry| &*entry.data).collect::<Vec<_>>(), ["2", "4"]);
    assert!(journal.log().read_stream("incident/none", 1, u64::MAX).unwrap().is_empty());
}

pub(crate) fn readers_see_only_what_is_committed(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    let log = journal.log();
    let mut batch = journal.begin().unwrap();
    batch.append(&act("a"), &[entry(1, "s", "1")]).unwrap();
    assert_eq!(log.head().unwrap().seq, 0);
    assert!(log.read(1, 10).unwrap().is_empty());
    assert_eq!(log.recall("dispatcher", "a").unwrap(), None);
    batch.commit().unwrap();
    assert_eq!(log.read(1, 10).unwrap().len(), 1);
}

pub(crate) fn the_unseen_is_what_came_after(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    commit(&mut *journal, "a", &["1", "2", "3"]);
    let mut batch = journal.begin().unwrap();
    let unseen: Vec<_> = batch.unseen_since(1).unwrap().into_iter().map(|entry| entry.data).collect();
    assert_eq!(unseen, ["2", "3"]);
    assert!(batch.unseen_since(3).unwrap().is_empty());
}

pub(crate) fn a_new_epoch_outdates_the_old_ids(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    commit(&mut *journal, "a", &["1"]);
    let old = journal.log().head().unwrap();
    let new = journal.start_epoch("promoted").unwrap();
    assert!(new.epoch > old.epoch);
    assert_eq!((new.seq, new.hash), (old.seq, old.hash));
    let newer = journal.start_epoch("promoted again").unwrap();
    assert!(newer.epoch > new.epoch, "two epochs in one millisecond are two");
    commit(&mut *journal, "b", &["2"]);
    let reasons: Vec<_> = journal.log().epochs().unwrap().into_iter().map(|epoch| epoch.reason).collect();
    assert_eq!(reasons, ["created", "promoted", "promoted again"]);
    assert_whole(&*journal);
}

pub(crate) fn a_head_is_signed_on_demand_and_checkable_by_itself(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    commit(&mut *journal, "a", &["1"]);
    commit(&mut *journal, "b", &["2"]);
    let signed = journal.sign_head().unwrap();
    assert_eq!(signed.seq, 2);
    assert!(signed.is_genuine());
    let mut forged = signed.clone();
    forged.seq = 1;
    assert!(!forged.is_genuine());
    commit(&mut *journal, "c", &["3"]);
    let options = VerifyOptions { anchors: vec![signed], ..VerifyOptions::default() };
    assert!(verify(&*journal.log(), &options).unwrap().is_whole());
    let options = VerifyOptions { anchors: vec![forged], ..VerifyOptions::default() };
    assert!(!verify(&*journal.log(), &options).unwrap().is_whole());
}

const OPEN: &str = r#"{"caller":{"personal":"person/01J1","open":"李德贵"},"at":"石岛"}"#;

pub(crate) fn personal_data_is_stored_sealed_and_read_open(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    commit(&mut *journal, "a", &[OPEN]);
    let stored = texts(&*journal, View::Stored).remove(0);
    assert!(!stored.contains("李德贵"), "{stored}");
    assert!(stored.contains(r#""at":"石岛""#), "{stored}");
    assert_eq!(texts(&*journal, View::Opened), [OPEN]);
    assert_eq!(journal.log().entry(1).unwrap().unwrap().data, OPEN);
    assert_eq!(journal.begin().unwrap().unseen_since(0).unwrap()[0].data, OPEN);
    let copied = journal.begin().unwrap().append(&act("b"), &[entry(1_000, "s", &stored)]);
    assert!(matches!(copied, Err(Fault::AlreadySealed { .. })), "{copied:?}");
    drop(journal);
    let journal = backend.open(Planted::None).unwrap();
    assert_eq!(texts(&*journal, View::Opened), [OPEN]);
    assert_whole(&*journal);
}

pub(crate) fn erased_data_stays_in_the_chain_and_is_never_read_again(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    commit(&mut *journal, "a", &[OPEN]);
    let mut batch = journal.begin().unwrap();
    batch.erase("person/01J1").unwrap();
    drop(batch);
    assert_eq!(texts(&*journal, View::Opened), [OPEN], "an erasure that was not committed never was");
    let mut batch = journal.begin().unwrap();
    batch.append(&act("b"), &[entry(1_000, "s", r#"{"why":"asked for"}"#)]).unwrap();
    batch.erase("person/01J1").unwrap();
    batch.commit().unwrap();
    let erased = r#"{"caller":{"personal":"person/01J1","erased":true},"at":"石岛"}"#;
    assert_eq!(texts(&*journal, View::Opened)[0], erased);
    let more = journal.begin().unwrap().append(&act("c"), &[entry(1_000, "s", OPEN)]);
    assert!(matches!(more, Err(Fault::SubjectErased { .. })), "{more:?}");
    drop(journal);
    let mut journal = backend.open(Planted::None).unwrap();
    assert_eq!(texts(&*journal, View::Opened)[0], erased);
    commit(&mut *journal, "d", &[erased]); // a state that holds the mark may write it again
    assert_whole(&*journal);
}

pub(crate) fn rare_characters_survive(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    let text = r#"{"name":"㛃𠮷 \"引号\" \\ 👩‍🚒"}"#;
    let sealed = r#"{"personal":"person/01J2","open":"㛃𠮷\u0000"}"#;
    commit(&mut *journal, "㛃𠮷", &[text, sealed]);
    assert_eq!(texts(&*journal, View::Opened), [text, sealed]);
    assert!(journal.log().recall("dispatcher", "㛃𠮷").unwrap().is_some());
    assert_whole(&*journal);
}

/// More than is written at one go, texts with personal data among them, and read back in more than one piece.
pub(crate) fn a_large_act_is_kept_whole(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    let texts_of_act: Vec<String> = (0..2_500)
        .map(|number| {
            let padding = "x".repeat(5_000);
            format!(
                r#"{{"who":{{"personal":"person/{}","open":{number}}},"padding":"{padding}"}}"#,
                number % 100
            )
        })
        .collect();
    let borrowed: Vec<&str> = texts_of_act.iter().map(String::as_str).collect();
    commit(&mut *journal, "a", &borrowed);
    assert_eq!(texts(&*journal, View::Opened), texts_of_act);
    assert_eq!(journal.log().read_stream("incident/1", 1, u64::MAX).unwrap().len(), 2_500);
    assert_whole(&*journal);
}

/// Saying beforehand which keys come is a hint: it takes nothing from what is appended later, and adds nothing.
pub(crate) fn keys_that_were_foreseen_are_the_same_keys(backend: &impl Backend) {
    let mut journal = backend.open(Planted::None).unwrap();
    commit(&mut *journal, "a", &["1"]);
    let mut batch = journal.begin().unwrap();
    batch.foresee(&[("dispatcher", "a"), ("dispatcher", "b"), ("commander", "a")]).unwrap();
    let again = batch.append(&act("a"), &[entry(1_000, "s", "again")]);
    assert!(matches!(again, Err(Fault::KeyTaken { .. })), "{again:?}");
    batch.append(&act("b"), &[entry(1_000, "s", "2")]).unwrap();
    let twice = batch.append(&act("b"), &[entry(1_000, "s", "twice")]);
    assert!(matches!(twice, Err(Fault::KeyTaken { .. })), "{twice:?}");
    assert_eq!(batch.recall("commander", "a").unwrap(), None);
    assert_eq!(batch.recall("dispatcher", "b").unwrap().unwrap().first_seq, 2);
    batch.append(&act("c"), &[entry(1_000, "s", "3")]).unwrap();
    batch.commit().unwrap();
    assert_eq!(texts(&*journal, View::Stored), ["1", "2", "3"]);
    assert_whole(&*journal);
}
