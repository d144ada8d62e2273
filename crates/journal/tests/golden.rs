//! The stored form for ever: a journal written today reads in ten years.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

use journal::{Digest, Entry, Header, Sha256Ed25519, Sm3Sm2, Suite, entry_hash};

fn header(suite: &str) -> Header {
    Header {
        format: 1,
        jurisdiction: "371082".to_owned(),
        suite: suite.to_owned(),
        journal: "000102030405060708090a0b0c0d0e0f".to_owned(),
        created_ms: 1_764_000_000_000,
    }
}

fn entry(prev_hash: Digest) -> Entry {
    Entry {
        jurisdiction: "371082".to_owned(),
        seq: 1,
        time_ms: 1_764_000_000_123,
        actor: "dispatcher".to_owned(),
        key: "01JQ8Z4T3M6W9X2Y5V7B1C0D8E".to_owned(),
        stream: "incident/01JQ8Z4T3M6W9X2Y5V7B1C0D8E".to_owned(),
        kind: "incident.reported".to_owned(),
        version: 1,
        data: r#"{"place":"石岛油库","trapped":2}"#.to_owned(),
        prev_hash,
        hash: Digest::default(),
    }
}

/// The same bytes, put together by hand as the format says: length (32 bits, big end first), then the part.
fn by_hand(suite: &dyn Suite, parts: &[&[u8]]) -> Digest {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&u32::try_from(part.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(part);
    }
    suite.digest(&bytes)
}

/// Each suite with the name that stands in its headers, and what its digests come to.
const SUITES: [(&dyn Suite, &str, &str, &str); 2] = [
    (
        &Sha256Ed25519,
        "sha256+ed25519",
        "46e01c8d3196666ff85fde31bad2d12ded48e15887ec1da4b8ee9c3ffadce227",
        "0076647cef0455057b805f84943997360fbc9811a5e34ddd528b733393ca78b4",
    ),
    (
        &Sm3Sm2,
        "sm3+sm2",
        "8cb4d56c7597dc40336c34865ee2501b6d06661665595b84f8a50feb351a996a",
        "2b66222c4fda09515f72eb2b611ed14f457fb1b55cdbebe71f240d10743cfb59",
    ),
];

#[test]
fn the_genesis_is_the_hash_of_the_header() {
    for (suite, name, genesis, _) in SUITES {
        let expected = by_hand(
            suite,
            &[
                b"muster journal 1",
                &1_i64.to_be_bytes(),
                b"371082",
                name.as_bytes(),
                b"000102030405060708090a0b0c0d0e0f",
                &1_764_000_000_000_i64.to_be_bytes(),
            ],
        );
        assert_eq!(header(name).genesis(), expected);
        assert_eq!(header(name).genesis().to_string(), genesis);
    }
}

#[test]
fn the_hash_of_an_entry_is_over_its_stored_parts() {
    for (suite, name, _, golden) in SUITES {
        let entry = entry(header(name).genesis());
        let expected = by_hand(
            suite,
            &[
                b"muster entry 1",
                &entry.prev_hash.0,
                b"371082",
                &1_u64.to_be_bytes(),
                &1_764_000_000_123_i64.to_be_bytes(),
                b"dispatcher",
                b"01JQ8Z4T3M6W9X2Y5V7B1C0D8E",
                b"incident/01JQ8Z4T3M6W9X2Y5V7B1C0D8E",
                b"incident.reported",
                &1_u32.to_be_bytes(),
                entry.data.as_bytes(),
            ],
        );
        let hash = entry_hash(suite, &mut Vec::new(), &entry.as_ref());
        assert_eq!(hash, expected);
        assert_eq!(hash.to_string(), golden);
    }
}
