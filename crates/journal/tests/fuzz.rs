//! What lies beside the journal may have been touched by anybody: snapshots, backups, signed heads and sealed texts with
//! any bytes in them are refused or passed over, never taken for what they are not, and never a panic.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

use std::fs;
use std::path::{Path, PathBuf};

use journal::backup::{RestoreOptions, VaultSource, backup, backup_vault, restore};
use journal::{Digest, Journal, NewAct, NewEntry, OpenOptions, Sealing, SignedHead, Snapshot, Vault};
use proptest::prelude::*;
use proptest::sample::Index;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

/// A journal of one entry with a sealed name, its snapshot, and its backups.
fn place() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = OpenOptions::new(dir.path().join("node"), "371082").create(true).open().unwrap();
    let data = r#"{"caller":{"personal":"person/1","open":"李德贵"}}"#;
    let mut batch = journal.begin().unwrap();
    let act = NewAct { actor: "bureau", key: "k", request_hash: Digest::default(), resource: "" };
    batch
        .append(&act, &[NewEntry { time_ms: 1, stream: "incident/1", kind: "noted", version: 1, data }])
        .unwrap();
    batch.commit().unwrap();
    let head = journal.head().clone();
    let snapshot =
        Snapshot { seq: head.seq, hash: head.hash, state_format: "1".into(), body: b"folded".to_vec() };
    journal.snapshots().save(&snapshot).unwrap();
    let log = journal.log();
    backup_vault(log.vault().unwrap(), &dir.path().join("keys-backup")).unwrap();
    Box::new(journal).close().unwrap();
    let log = OpenOptions::new(dir.path().join("node"), "371082").read().unwrap();
    backup(&log, &dir.path().join("backup"), &[]).unwrap();
    dir
}

/// One change of a file: a byte flipped, the end lost, bytes put in, or everything else.
fn touched(bytes: &[u8], at: Index, how: u8, more: &[u8]) -> Vec<u8> {
    let at = at.index(bytes.len());
    let mut touched = bytes.to_vec();
    match how {
        0 => touched[at] ^= 1 << (more.len() % 8),
        1 => touched.truncate(at),
        2 => drop(touched.splice(at..at, more.iter().copied())),
        _ => touched = more.to_vec(),
    }
    touched
}

fn the_snapshot(node: &Path) -> PathBuf {
    let mut files = fs::read_dir(node.join("snapshots")).unwrap().map(|entry| entry.unwrap().path());
    files.next().expect("there is one")
}

#[test]
fn a_touched_snapshot_is_passed_over_with_its_reason() {
    let place = place();
    let node = place.path().join("node");
    let path = the_snapshot(&node);
    let whole = fs::read(&path).unwrap();
    let journal = OpenOptions::new(&node, "371082").open().unwrap();
    let (log, snapshots) = (journal.log(), journal.snapshots());
    let changes = (any::<Index>(), 0..4_u8, prop::collection::vec(any::<u8>(), 0..60));
    let mut runner = proptest::test_runner::TestRunner::new(config(400));
    runner
        .run(&changes, |(at, how, more)| {
            let bytes = touched(&whole, at, how, &more);
            fs::write(&path, &bytes).unwrap();
            let found = snapshots.latest(&*log, "1").unwrap();
            if bytes == whole {
                prop_assert!(found.snapshot.is_some());
            } else {
                prop_assert!(found.snapshot.is_none(), "{at:?} {how}");
                prop_assert!(found.ignored.len() == 1 && !found.ignored[0].why.is_empty());
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_touched_backup_is_refused_and_nothing_of_it_is_served() {
    let place = place();
    let from = place.path().join("backup");
    let files = ["backup.json", "journal.db", "erasures.log"];
    let changes = (
        prop::sample::select(files.to_vec()),
        any::<Index>(),
        0..4_u8,
        prop::collection::vec(any::<u8>(), 1..60),
    );
    let to = tempfile::tempdir().unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(config(60));
    let count = std::cell::Cell::new(0);
    runner
        .run(&changes, |(name, at, how, more)| {
            count.set(count.get() + 1);
            let path = from.join(name);
            let whole = fs::read(&path).unwrap();
            prop_assume!(!whole.is_empty() || how > 1);
            let bytes = if whole.is_empty() { more.clone() } else { touched(&whole, at, how, &more) };
            fs::write(&path, &bytes).unwrap();
            let restored = restore(&RestoreOptions {
                from: from.clone(),
                vault: VaultSource::Backup(place.path().join("keys-backup")),
                to: to.path().join(count.get().to_string()),
                keys: None,
                erasures: Vec::new(),
            });
            fs::write(&path, &whole).unwrap();
            // A manifest may be touched where it says nothing that is checked: between its words, or when it was made.
            let harmless = name == "backup.json" || bytes == whole;
            prop_assert!(harmless || restored.is_err(), "{name} {at:?} {how}");
            if let Ok(report) = restored {
                prop_assert!(report.is_whole() && report.entries == 1);
            }
            Ok(())
        })
        .unwrap();
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn any_text_is_a_signed_head_or_none(text in prop_oneof![".{0,80}", "\\{(\"(epoch|seq|hash|suite|public_key|signature|journal|jurisdiction|time_ms)\":(\"[0-9a-z+]{0,20}\"|[0-9]{1,22}),?){0,9}\\}"]) {
        if let Ok(head) = serde_json::from_str::<SignedHead>(&text) {
            prop_assert!(!head.is_genuine(), "nobody signed {}", text);
        }
    }

    /// What claims to be personal is sealed, refused, or left alone; what claims to be sealed is opened or refused.
    #[test]
    fn any_text_is_sealed_and_opened_or_refused(text in prop_oneof![".{0,80}",
        "\\{(\"(personal|open|sealed|erased)\":(\"[a-z/0-9]{0,12}\"|\\{\"personal\":\"(person/1|x|)\",\"(open|sealed)\":\"[A-Za-z0-9+/=]{0,24}\"\\}|[0-9]),?){0,4}\\}"]) {
        VAULT.with(|(_, vault)| {
            if let Ok(sealed) = vault.seal_json(&text) {
                let opened = vault.open_json(&sealed);
                prop_assert!(opened.is_ok(), "what was sealed opens: {} {:?}", text, opened);
            }
            let _ = vault.open_json(&text);
            let _ = vault.open_bytes("person/1", text.as_bytes());
            Ok(())
        })?;
    }
}

thread_local! {
    static VAULT: (tempfile::TempDir, Vault) = {
        let dir = tempfile::tempdir().unwrap();
        let vault = Vault::open(dir.path(), Sealing::Aes256Gcm).unwrap();
        (dir, vault)
    };
}
