//! What personal data is sealed with: a key of its own for each subject, a random 96-bit nonce, the subject as associated
//! data. Which cipher it is stands with each key.

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, AesGcm, KeyInit as _, Nonce};
use zeroize::Zeroizing;

use crate::keys;

const NONCE_BYTES: usize = 12;

/// Galois/counter mode over SM4, as RFC 8998 has it: the mode is the same over every cipher with blocks of 128 bits.
type Sm4Gcm = AesGcm<sm4::Sm4, U12>;

/// A cipher with its mode, chosen by the journal's suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealing {
    /// 0.3 µs a name on a machine with AES instructions.
    Aes256Gcm,
    /// For the suite of GM/T.
    Sm4Gcm,
}

impl Sealing {
    /// As written beside each key.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Aes256Gcm => "aes-256-gcm",
            Self::Sm4Gcm => "sm4-gcm",
        }
    }
}

/// The key of one subject. Its length tells its cipher.
#[derive(Clone)]
pub(crate) enum Key {
    Aes256(Zeroizing<[u8; 32]>),
    Sm4(Zeroizing<[u8; 16]>),
}

impl Key {
    /// A new one from the operating system's chance.
    pub(crate) fn fresh(sealing: Sealing) -> Self {
        match sealing {
            Sealing::Aes256Gcm => Self::Aes256(Zeroizing::new(keys::random_key())),
            Sealing::Sm4Gcm => Self::Sm4(Zeroizing::new(keys::random_key())),
        }
    }

    /// A key that was kept; `None` for bytes that are none.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        match bytes.len() {
            32 => bytes.try_into().ok().map(|key| Self::Aes256(Zeroizing::new(key))),
            16 => bytes.try_into().ok().map(|key| Self::Sm4(Zeroizing::new(key))),
            _ => None,
        }
    }

    pub(crate) fn sealing(&self) -> Sealing {
        match self {
            Self::Aes256(_) => Sealing::Aes256Gcm,
            Self::Sm4(_) => Sealing::Sm4Gcm,
        }
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Aes256(key) => key.as_slice(),
            Self::Sm4(key) => key.as_slice(),
        }
    }
}

/// Nonce, then ciphertext with its tag.
pub(crate) fn encrypt(key: &Key, subject: &str, plain: &[u8]) -> Vec<u8> {
    let mut nonce = [0; NONCE_BYTES];
    rand::fill(&mut nonce);
    let mut bytes = nonce.to_vec();
    bytes.extend_from_slice(&sealed_with(key, nonce, subject, plain));
    bytes
}

fn sealed_with(key: &Key, nonce: [u8; NONCE_BYTES], subject: &str, plain: &[u8]) -> Vec<u8> {
    let payload = Payload { msg: plain, aad: subject.as_bytes() };
    let nonce = Nonce::from(nonce);
    let sealed = match key {
        Key::Aes256(key) => Aes256Gcm::new((&**key).into()).encrypt(&nonce, payload),
        Key::Sm4(key) => Sm4Gcm::new((&**key).into()).encrypt(&nonce, payload),
    };
    sealed.expect("a text is far below 64 GiB")
}

/// `None` when it does not open with this key.
pub(crate) fn decrypt(key: &Key, subject: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
    let payload = Payload { msg: sealed, aad: subject.as_bytes() };
    let nonce = Nonce::from(*nonce);
    match key {
        Key::Aes256(key) => Aes256Gcm::new((&**key).into()).decrypt(&nonce, payload).ok(),
        Key::Sm4(key) => Sm4Gcm::new((&**key).into()).decrypt(&nonce, payload).ok(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fall over")]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        crate::entry::from_hex(hex).unwrap()
    }

    /// RFC 8998, A.1.
    #[test]
    fn sm4_gcm_is_that_of_the_standard() {
        let key: [u8; 16] = bytes("0123456789abcdeffedcba9876543210").try_into().unwrap();
        let nonce: [u8; 12] = bytes("00001234567800000000abcd").try_into().unwrap();
        let plain = bytes(
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\
             eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        );
        let also = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let sealed = bytes(
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
             d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d\
             83de3541e4c2b58177e065a9bf7b62ec",
        );
        let cipher = Sm4Gcm::new(&key.into());
        let payload = Payload { msg: &plain, aad: &also };
        assert_eq!(cipher.encrypt(&Nonce::from(nonce), payload).unwrap(), sealed);
        let payload = Payload { msg: &sealed, aad: &also };
        assert_eq!(cipher.decrypt(&Nonce::from(nonce), payload).unwrap(), plain);
    }

    #[test]
    fn what_was_sealed_opens_with_its_key_for_its_subject_alone() {
        for sealing in [Sealing::Aes256Gcm, Sealing::Sm4Gcm] {
            let key = Key::fresh(sealing);
            let sealed = encrypt(&key, "person/1", b"a name");
            assert_eq!(decrypt(&key, "person/1", &sealed).unwrap(), b"a name");
            assert_eq!(decrypt(&key, "person/2", &sealed), None);
            assert_eq!(decrypt(&Key::fresh(sealing), "person/1", &sealed), None);
            let kept = Key::read(key.as_slice()).unwrap();
            assert_eq!(kept.sealing(), sealing);
            assert_eq!(decrypt(&kept, "person/1", &sealed).unwrap(), b"a name");
        }
        assert!(Key::read(&[0; 24]).is_none());
    }
}
