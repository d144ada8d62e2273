//! The suite of GM/T (SM3, SM2, SM4-GCM): published vectors, what tells its journals from others, and every test of
//! keeping, tampering and sealing once more with it.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

mod keeping;
mod tampering;
mod vault;

use std::path::Path;

use journal::{Fault, Journal as _, OpenOptions, Sha256Ed25519, Sm3Sm2, Suite, VerifyOptions, verify};

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().skip(1).map(|line| line.split('\t').collect())
}

/// r and s out of a signature in DER.
fn raw(der: &[u8]) -> Vec<u8> {
    let mut rest = &der[2..];
    let mut raw = Vec::new();
    for _ in 0..2 {
        let length = usize::from(rest[1]);
        let number = &rest[2..2 + length];
        let digits = &number[number.len().saturating_sub(32)..];
        raw.extend(std::iter::repeat_n(0, 32 - digits.len()));
        raw.extend_from_slice(digits);
        rest = &rest[2 + length..];
    }
    raw
}

/// GB/T 32905-2016, annex A (the first two), and OpenSSL.
#[test]
fn the_digests_of_the_standard_come_out() {
    let mut checked = 0;
    for row in rows(include_str!("vectors/sm3.tsv")) {
        let input = bytes(row[0]);
        assert_eq!(Sm3Sm2.digest(&input).to_string(), row[1]);
        let (length, digest) = Sm3Sm2.digest_of(&mut &*input).unwrap();
        assert_eq!((length, digest.to_string().as_str()), (input.len() as u64, row[1]));
        checked += 1;
    }
    assert_eq!(checked, 9);
}

/// Signatures of another implementation (OpenSSL), under the identity of who has none of his own.
#[test]
fn signatures_that_others_made_are_checked() {
    let mut checked = 0;
    for row in rows(include_str!("vectors/sm2-sign.tsv")) {
        let [key, identity, message, der, expected] = row[..] else { panic!("{row:?}") };
        assert_eq!((identity, expected), ("1234567812345678", "valid"));
        let (key, mut message, signature) = (bytes(key), bytes(message), raw(&bytes(der)));
        assert!(Sm3Sm2.is_signed(&key, &message, &signature));
        for at in [0, 31, 32, 63] {
            let mut other = signature.clone();
            other[at] ^= 1;
            assert!(!Sm3Sm2.is_signed(&key, &message, &other));
        }
        message[0] ^= 1;
        assert!(!Sm3Sm2.is_signed(&key, &message, &signature));
        assert!(!Sm3Sm2.is_signed(&[4; 65], &message, &signature), "a point that is not on the curve");
        checked += 1;
    }
    assert_eq!(checked, 3);
}

/// The key of GB/T 32918.5, annex A; OpenSSL says of the signature: verified OK.
#[test]
fn a_signature_is_the_same_every_time_and_others_can_check_it() {
    let secret = bytes("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8");
    let signer = Sm3Sm2.signer(&secret.try_into().unwrap()).unwrap();
    assert_eq!(
        signer.public_key(),
        bytes(
            "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
         ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
        )
    );
    let signature = signer.sign(b"message digest");
    assert!(Sm3Sm2.is_signed(&signer.public_key(), b"message digest", &signature));
    assert_eq!(
        signature,
        bytes(
            "24858ee71d63e687feefe41f5af80a59f0791eb1dabc2bbe71daf0e57f06c367\
         3d15550de52785a435004c937256ac715c0e04176ac57062c6722fa692f7a491"
        )
    );
}

/// Zero, and what is not below the order of the curve.
#[test]
fn a_number_that_is_no_key_is_none() {
    assert!(Sm3Sm2.signer(&[0; 32]).is_none());
    assert!(Sm3Sm2.signer(&[0xff; 32]).is_none());
}

const NAME: &str = r#"{"personal":"person/1","open":"李德贵"}"#;

fn options(data: &Path) -> OpenOptions {
    OpenOptions::new(data, "371082")
}

fn made(data: &Path, suite: &'static dyn Suite) {
    let mut journal = options(data).create(true).suite(Some(suite)).open().unwrap();
    keeping::append(&mut journal, "first", NAME);
    Box::new(journal).close().unwrap();
}

#[test]
fn a_journal_goes_on_in_its_own_suite_and_refuses_another() {
    for (own, other) in [(&Sm3Sm2 as &dyn Suite, &Sha256Ed25519 as &dyn Suite), (&Sha256Ed25519, &Sm3Sm2)] {
        let place = tempfile::tempdir().unwrap();
        made(place.path(), own);
        // Not told, it knows; told right, it agrees.
        for asked in [None, Some(own)] {
            let journal = options(place.path()).suite(asked).open().unwrap();
            assert_eq!(journal.header().suite, own.name());
            assert!(verify(&*journal.log(), &VerifyOptions::default()).unwrap().is_whole());
            assert_eq!(journal.log().read(1, 1).unwrap()[0].data, NAME);
        }
        let refused = options(place.path()).create(true).suite(Some(other)).open().err().unwrap();
        assert!(
            matches!(&refused, Fault::OtherSuite { asked, found } if *asked == other.name() && found == own.name())
        );
        assert!(refused.to_string().contains("leave the suite out of the settings"), "{refused}");
        assert!(matches!(
            options(place.path()).suite(Some(other)).read().err(),
            Some(Fault::OtherSuite { .. })
        ));
    }
}

/// A secret serves one algorithm; the wrong key is told as that, and not as a lost one.
#[test]
fn keys_of_another_suite_are_refused_by_name() {
    let (gm, default) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    made(gm.path(), &Sm3Sm2);
    made(default.path(), &Sha256Ed25519);
    let text = |dir: &Path, name: &str| std::fs::read_to_string(dir.join("keys").join(name)).unwrap();
    assert!(text(gm.path(), "signing.key").starts_with("sm3+sm2 "));
    assert!(text(gm.path(), "signing.pub").starts_with("sm3+sm2 04"));
    assert_eq!(text(default.path(), "signing.key").trim().len(), 64, "as every release wrote it");
    let swap = |name: &str| {
        std::fs::copy(gm.path().join("keys").join(name), default.path().join("keys").join(name)).unwrap();
        options(default.path()).open().err().unwrap()
    };
    let refused = swap("signing.key");
    assert!(matches!(&refused, Fault::KeyOfOtherSuite { found, .. } if found == "sm3+sm2"), "{refused:?}");
    let refused = swap("vault.db");
    assert!(matches!(&refused, Fault::VaultOfOtherSuite { found, .. } if found == "sm4-gcm"), "{refused:?}");
}

/// A vault of another journal is refused before a journal is made beside it.
#[test]
fn no_journal_is_begun_with_keys_of_another_suite() {
    let (gm, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    made(gm.path(), &Sm3Sm2);
    let begin = |suite: &'static dyn Suite| {
        options(fresh.path()).keys(gm.path().join("keys")).create(true).suite(Some(suite)).open()
    };
    assert!(matches!(begin(&Sha256Ed25519).err(), Some(Fault::VaultOfOtherSuite { .. })));
    assert_eq!(begin(&Sm3Sm2).unwrap().header().suite, "sm3+sm2");
}

/// What a partner was given is whole in itself: the suite stands in it.
#[test]
fn a_third_person_checks_a_head_without_being_told_the_suite() {
    let place = tempfile::tempdir().unwrap();
    made(place.path(), &Sm3Sm2);
    let mut journal = options(place.path()).open().unwrap();
    let given = serde_json::to_string(&journal.sign_head().unwrap()).unwrap();
    let head: journal::SignedHead = serde_json::from_str(&given).unwrap();
    assert_eq!(head.suite, "sm3+sm2");
    assert!(head.is_genuine());
    let other = journal::SignedHead { seq: head.seq + 1, ..head.clone() };
    assert!(!other.is_genuine());
    let renamed = journal::SignedHead { suite: "sha256+ed25519".to_owned(), ..head };
    assert!(!renamed.is_genuine());
}
