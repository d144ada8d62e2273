//! `--suite sm`: the algorithms of GM/T, chosen once and then known to everything that an operator does.

use std::fs;
use std::path::Path;

use muster_tests::node::{Node, muster};

fn serves(data: &Path, suite: &[&str]) -> String {
    let mut command = Node::demo_command(data);
    command.args(suite);
    Node::run(command).stops()
}

/// Nothing but the first start is told the suite; serving in another one is refused in words.
#[test]
fn a_journal_of_the_gm_suite_is_served_verified_and_restored_without_being_told() {
    let place = tempfile::Builder::new().prefix("muster-suite-").tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let data = path("data");
    serves(Path::new(&data), &["--suite", "sm"]);
    serves(Path::new(&data), &[]);
    let (whole, told) = muster(&["verify", "--data", &data, "--rules"]);
    assert!(whole && told.contains("(sm3+sm2)") && told.contains("the rules hold"), "{told}");

    let (started, told) = muster(&["demo", "--data", &data, "--listen", "127.0.0.1:0", "--suite", "sha256"]);
    assert!(!started, "{told}");
    for said in ["sm3+sm2", "sha256+ed25519", "for life", "leave the suite out of the settings"] {
        assert!(told.contains(said), "{said}: {told}");
    }
    let (whole, told) = muster(&["verify", "--data", &data]);
    assert!(whole, "a start that was refused has changed nothing: {told}");

    let (done, told) =
        muster(&["backup", "--data", &data, "--to", &path("backup"), "--vault-to", &path("keys")]);
    assert!(done, "{told}");
    let manifest = fs::read_to_string(place.path().join("backup/backup.json")).unwrap();
    assert!(manifest.contains(r#""suite": "sm3+sm2""#), "{manifest}");
    let (done, told) = muster(&["restore", "--from", &path("backup"), "--vault", &path("keys"), "--verify"]);
    assert!(done && told.contains("the drill is passed"), "{told}");
    let (done, told) =
        muster(&["restore", "--from", &path("backup"), "--vault", &path("keys"), "--to", &path("again")]);
    assert!(done && told.contains("verified"), "{told}");
    serves(&place.path().join("again"), &[]);
    let (whole, told) = muster(&["verify", "--data", &path("again")]);
    assert!(whole && told.contains("(sm3+sm2)"), "{told}");
}
