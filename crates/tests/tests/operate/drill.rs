//! `muster restore --verify`: a backup is proven by restoring it, and the drill leaves nothing behind.

use std::fs;
use std::path::Path;

use muster_tests::node::{Node, muster};

/// The backup passes with its own keys; with a file touched, or another node's keys, it doesn't; nothing is left of it.
#[test]
fn a_drill_proves_a_backup_and_leaves_nothing_behind() {
    let place = tempfile::Builder::new().prefix("muster-drill-test-").tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    for name in ["one", "two"] {
        Node::demo(Path::new(&path(name))).stops();
        let (done, told) = muster(&[
            "backup",
            "--data",
            &path(name),
            "--to",
            &path(&format!("{name}-backup")),
            "--vault-to",
            &path(&format!("{name}-keys")),
        ]);
        assert!(done, "{told}");
    }
    let names = || {
        let mut names: Vec<_> =
            fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    let drill = |keys: &[&str]| {
        let told = muster(&[&["restore", "--from", &path("one-backup"), "--verify"], keys].concat());
        assert_eq!(names(), before, "nothing is left: {}", told.1);
        told
    };
    let (done, told) = drill(&["--vault", &path("one-keys")]);
    assert!(done && told.contains("the drill is passed") && told.contains("the rules hold"), "{told}");
    let (done, told) = drill(&["--vault", &path("two-keys")]);
    assert!(!done && told.contains("the keys do not fit the backup"), "{told}");
    let (done, told) = muster(&["restore", "--from", &path("one-backup"), "--vault", &path("one-keys")]);
    assert!(!done && told.contains("--to"), "a restore says where to: {told}");
    let file = place.path().join("one-backup/journal.db");
    let mut bytes = fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&file, bytes).unwrap();
    let (done, told) = drill(&["--vault", &path("one-keys")]);
    assert!(!done && told.contains("journal.db is not what was backed up"), "{told}");
}
