//! Personal data is sealed at the edge, and destroying a key erases for good (rule 12).
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

use std::fs;

use journal::{Fault, Opened, Sha256Ed25519, Sm3Sm2, Suite, Vault};
use proptest::prelude::*;

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

    fn vault(&self) -> Vault {
        Vault::open(self.dir.path(), suite().sealing()).unwrap()
    }
}

fn round_trip(vault: &Vault, json: &str) -> String {
    let sealed = vault.seal_json(json).unwrap();
    assert!(!sealed.contains("\"open\":\"秘"), "{sealed}");
    vault.open_json(&sealed).unwrap().into_owned()
}

#[test]
fn what_is_not_personal_is_not_touched() {
    let place = Place::fresh();
    let vault = place.vault();
    for json in [
        "{}",
        r#" { "a" : [1, 2.50, -3e-7 , null, true ] } "#,
        r#"{"kind":"personal"}"#,
        r#"{"personal":5}"#,
        r#"{"personal":"person/1"}"#,
        r#"{"text":"he said \"personal\":\"person/1\",\"open\":1"}"#,
        r#"["personal","open"]"#,
        r#"{"personal":"person/1","erased":true}"#,
        r#"{"open":1,"sealed":2,"x":{"personal":{}}}"#,
    ] {
        assert_eq!(vault.seal_json(json).unwrap(), json);
        assert_eq!(vault.open_json(json).unwrap(), json);
    }
}

#[test]
fn personal_data_is_sealed_wherever_it_stands() {
    let place = Place::fresh();
    let vault = place.vault();
    for json in [
        r#"{"personal":"person/1","open":"秘"}"#,
        r#"[{"personal":"person/1","open":"秘"},1,{"a":{"personal":"incident/2","open":["秘",{"b":null}]}}]"#,
        r#"{"z":"\\","p":{"personal":"person/1","open":"秘 \"\\ 㛃𠮷"}}"#,
        r#"{"personal":"person/1","open":{"inner":{"personal":"person/2","open":"秘"}}}"#,
        r#"{"personal":"person/1","open":""}"#,
        r#"{"personal":"person/1","open":"   "}"#,
    ] {
        assert_eq!(round_trip(&vault, json), json);
    }
}

/// A map sorts its members: whoever builds the text through one puts `open` first.
#[test]
fn the_members_may_stand_in_either_order() {
    let place = Place::fresh();
    let vault = place.vault();
    let json = r#"{"a":{ "open" : "秘", "personal" : "person/1" }}"#;
    assert_eq!(round_trip(&vault, json), r#"{"a":{"personal":"person/1","open":"秘"}}"#);
}

#[test]
fn what_is_nearly_personal_is_refused_and_not_stored_open() {
    let place = Place::fresh();
    let vault = place.vault();
    for json in [
        r#"{"personal":"person/1","open":"x","more":1}"#,
        r#"{"personal":"person/1","open":"x","sealed":"y"}"#,
        r#"{"personal":"person 1","open":"x"}"#,
        r#"{"personal":"","open":"x"}"#,
        r#"{"personal":"person/1","open":"x""#,
        r#"{"personal":"person/1","open":"x"} {}"#,
        r#"{"personal":"person/1","open":}"#,
    ] {
        let refused = vault.seal_json(json);
        assert!(matches!(refused, Err(Fault::PersonalForm { .. })), "{json}: {refused:?}");
    }
    let deep = format!(r#"{}{{"personal":"p","open":1}}{}"#, "[".repeat(10_000), "]".repeat(10_000));
    assert!(matches!(vault.seal_json(&deep), Err(Fault::PersonalForm { .. })));
}

#[test]
fn the_length_of_a_name_does_not_show() {
    let place = Place::fresh();
    let vault = place.vault();
    let length =
        |name: &str| vault.seal_json(&format!(r#"{{"personal":"person/1","open":"{name}"}}"#)).unwrap().len();
    assert_eq!(length("李四"), length("欧阳德贵"));
}

#[test]
fn a_subjects_data_opens_with_its_own_key_only() {
    let place = Place::fresh();
    let vault = place.vault();
    vault.seal_json(r#"{"personal":"person/2","open":1}"#).unwrap();
    let sealed = vault.seal_json(r#"{"personal":"person/1","open":1}"#).unwrap();
    let moved = sealed.replace("person/1", "person/2");
    assert!(matches!(vault.open_json(&moved), Err(Fault::DoesNotOpen { .. })));
    let unknown = sealed.replace("person/1", "person/3");
    assert!(matches!(vault.open_json(&unknown), Err(Fault::KeyMissing { .. })));
}

#[test]
fn files_are_sealed_with_the_same_key() {
    let place = Place::fresh();
    let vault = place.vault();
    let photo = vec![7; 100_000];
    let sealed = vault.seal_bytes("incident/1", &photo).unwrap();
    assert_eq!(vault.open_bytes("incident/1", &sealed).unwrap(), Opened::Bytes(photo));
    let mut altered = sealed.clone();
    altered[5_000] ^= 1;
    assert!(matches!(vault.open_bytes("incident/1", &altered), Err(Fault::DoesNotOpen { .. })));
    vault.destroy("incident/1").unwrap();
    assert_eq!(vault.open_bytes("incident/1", &sealed).unwrap(), Opened::Erased);
}

#[test]
fn a_key_outlives_the_process_and_an_erasure_too() {
    let place = Place::fresh();
    let json = r#"[{"personal":"person/1","open":1},{"personal":"person/2","open":2}]"#;
    let sealed = place.vault().seal_json(json).unwrap().into_owned();
    assert_eq!(place.vault().open_json(&sealed).unwrap(), json);
    place.vault().destroy("person/1").unwrap();
    let vault = place.vault();
    let erased = r#"[{"personal":"person/1","erased":true},{"personal":"person/2","open":2}]"#;
    assert_eq!(vault.open_json(&sealed).unwrap(), erased);
    assert!(matches!(vault.seal_json(json), Err(Fault::SubjectErased { .. })));
    assert_eq!(vault.erased(), ["person/1"]);
}

/// The key's bytes are gone from the files, not only out of the table.
#[test]
fn a_destroyed_key_is_not_in_the_files() {
    let place = Place::fresh();
    let vault = place.vault();
    // In no order, so that the tree's pages are split and its rows moved about.
    let subject = |number: u64| format!("person/{:016x}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let sealed = |number: u64| format!(r#"{{"personal":"{}","open":1}}"#, subject(number));
    let all: Vec<String> = (0..1_000).map(sealed).collect();
    vault.seal_json(&format!("[{}]", all.join(","))).unwrap();
    let path = place.dir.path().join("vault.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    let key = |subject: &str| -> Vec<u8> {
        conn.query_row("SELECT key FROM keys WHERE subject = ?1", [subject], |row| row.get(0)).unwrap()
    };
    let destroyed: Vec<_> =
        (0..1_000).step_by(10).map(|number| (subject(number), key(&subject(number)))).collect();
    drop(conn);
    let still_held = || {
        let files = fs::read_dir(place.dir.path()).unwrap();
        let bytes: Vec<u8> = files.flat_map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
        destroyed.iter().filter(|(_, key)| memchr::memmem::find(&bytes, key).is_some()).count()
    };
    assert_eq!(still_held(), 100, "the test must be able to find them");
    for (subject, _) in &destroyed {
        vault.destroy(subject).unwrap();
    }
    assert_eq!(still_held(), 0);
}

#[test]
fn an_older_vault_put_back_does_not_bring_an_erased_key_to_life() {
    let place = Place::fresh();
    let sealed = place.vault().seal_json(r#"{"personal":"person/1","open":1}"#).unwrap().into_owned();
    let older = fs::read(place.dir.path().join("vault.db")).unwrap();
    place.vault().destroy("person/1").unwrap();
    for wal in ["vault.db-wal", "vault.db-shm"] {
        let _ = fs::remove_file(place.dir.path().join(wal));
    }
    fs::write(place.dir.path().join("vault.db"), older).unwrap();
    assert_eq!(place.vault().open_json(&sealed).unwrap(), r#"{"personal":"person/1","erased":true}"#);
    let conn = rusqlite::Connection::open(place.dir.path().join("vault.db")).unwrap();
    let keys: i64 = conn.query_row("SELECT count(*) FROM keys", [], |row| row.get(0)).unwrap();
    assert_eq!(keys, 0);
}

#[test]
fn keys_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::fresh();
    drop(place.vault());
    let mode = fs::metadata(place.dir.path().join("vault.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
        Just("personal".into()),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::btree_map("[a-z\"\\\\]{0,4}", inner.clone(), 0..5)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ("person/[0-9]", inner)
                .prop_map(|(subject, open)| serde_json::json!({ "personal": subject, "open": open })),
        ]
    })
}

/// Does any piece of personal data stand open in it?
fn stands_open(json: &serde_json::Value) -> bool {
    match json {
        serde_json::Value::Array(items) => items.iter().any(stands_open),
        serde_json::Value::Object(members) => {
            members.contains_key("personal") && members.contains_key("open")
                || members.values().any(stands_open)
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever the text: sealed it shows nothing, opened it is the same value.
    #[test]
    fn sealing_and_opening_gives_the_value_back(json in any_json()) {
        let place = Place::fresh();
        let vault = place.vault();
        let text = json.to_string();
        let sealed = vault.seal_json(&text).unwrap();
        prop_assert!(!stands_open(&serde_json::from_str(&sealed).unwrap()));
        let opened: serde_json::Value = serde_json::from_str(&vault.open_json(&sealed).unwrap()).unwrap();
        prop_assert_eq!(opened, serde_json::from_str::<serde_json::Value>(&text).unwrap());
    }

    /// Whatever the bytes: no panic, and what has no personal data passes unchanged or is refused.
    #[test]
    fn no_text_breaks_the_scanner(text in r#"[{}\[\]",:\\ a]{0,8}("personal"|"open"|"sealed"|"p/1"|[{}\[\]",:\\ ]){0,12}"#) {
        let place = Place::fresh();
        let vault = place.vault();
        let _ = vault.seal_json(&text);
        let _ = vault.open_json(&text);
    }
}
