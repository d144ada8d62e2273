//! The algorithms of a journal, named in its header: SHA-256, Ed25519 and AES-256-GCM; or SM3, SM2 and SM4-GCM where
//! commercial cryptography (GM/T) is asked for.

use std::fmt::Debug;
use std::io::{self, Read};
use std::sync::Arc;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::Digest as _;
use sm2::dsa::signature::Verifier as _;

use crate::entry::Digest;
use crate::fault::Fault;
use crate::head::Header;
use crate::vault::Sealing;

/// Bytes that a file's digest takes in one go.
const READ_BYTES: usize = 1 << 16;

/// Digest, signature and sealing of a journal. A journal keeps its suite for life.
pub trait Suite: Debug + Send + Sync {
    /// As written in the journal's header.
    fn name(&self) -> &'static str;
    /// The digest of the chain.
    fn digest(&self, bytes: &[u8]) -> Digest;
    /// The length and the digest of everything that can be read.
    fn digest_of(&self, read: &mut dyn Read) -> io::Result<(u64, Digest)>;
    /// What personal data is sealed with.
    fn sealing(&self) -> Sealing;
    /// A signer from 32 secret bytes; `None` for the few that are no key.
    fn signer(&self, secret: &[u8; 32]) -> Option<Arc<dyn Signer>>;
    /// Did the holder of the secret behind `public_key` sign exactly `message`?
    fn is_signed(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> bool;
}

/// Signs chain heads and snapshots.
pub trait Signer: Send + Sync {
    fn public_key(&self) -> Vec<u8>;
    fn sign(&self, message: &[u8]) -> Vec<u8>;
}

/// The suite of that name, if this build knows it.
pub fn suite_named(name: &str) -> Option<&'static dyn Suite> {
    match name {
        Sha256Ed25519::NAME => Some(&Sha256Ed25519),
        Sm3Sm2::NAME => Some(&Sm3Sm2),
        _ => None,
    }
}

/// The suite in which a journal goes on: its own, and where one was asked for, that must be it. A journal that is yet to
/// be made has none: then it is the one asked for, or the default.
pub(crate) fn suite_for(
    found: Option<&Header>,
    asked: Option<&'static dyn Suite>,
) -> Result<&'static dyn Suite, Fault> {
    let Some(header) = found else { return Ok(asked.unwrap_or(&Sha256Ed25519)) };
    match asked {
        Some(asked) if asked.name() != header.suite => {
            Err(Fault::OtherSuite { asked: asked.name(), found: header.suite.clone() })
        }
        _ => suite_named(&header.suite).ok_or_else(|| Fault::UnknownSuite { found: header.suite.clone() }),
    }
}

/// Feeds everything that can be read to a hasher; gives the number of bytes.
fn feed(hasher: &mut dyn sha2::digest::Update, read: &mut dyn Read) -> io::Result<u64> {
    let mut buffer = vec![0; READ_BYTES];
    let mut bytes = 0;
    loop {
        let length = read.read(&mut buffer)?;
        if length == 0 {
            return Ok(bytes);
        }
        hasher.update(&buffer[..length]);
        bytes += length as u64;
    }
}

/// The default: SHA-256 for the chain, Ed25519 for its heads, AES-256-GCM for what is sealed.
#[derive(Debug)]
pub struct Sha256Ed25519;

impl Sha256Ed25519 {
    /// As written in the header.
    pub const NAME: &'static str = "sha256+ed25519";
}

impl Suite for Sha256Ed25519 {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn digest(&self, bytes: &[u8]) -> Digest {
        Digest(sha2::Sha256::digest(bytes).into())
    }

    fn digest_of(&self, read: &mut dyn Read) -> io::Result<(u64, Digest)> {
        let mut hasher = sha2::Sha256::new();
        let bytes = feed(&mut hasher, read)?;
        Ok((bytes, Digest(hasher.finalize().into())))
    }

    fn sealing(&self) -> Sealing {
        Sealing::Aes256Gcm
    }

    fn signer(&self, secret: &[u8; 32]) -> Option<Arc<dyn Signer>> {
        Some(Arc::new(Ed25519 { key: SigningKey::from_bytes(secret) }))
    }

    fn is_signed(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        let key = public_key.try_into().ok().and_then(|bytes| VerifyingKey::from_bytes(bytes).ok());
        let signature = Signature::from_slice(signature).ok();
        key.zip(signature).is_some_and(|(key, signature)| key.verify_strict(message, &signature).is_ok())
    }
}

struct Ed25519 {
    key: SigningKey,
}

impl Signer for Ed25519 {
    fn public_key(&self) -> Vec<u8> {
        self.key.verifying_key().to_bytes().to_vec()
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).to_bytes().to_vec()
    }
}

/// GM/T: SM3 (GB/T 32905) for the chain, SM2 (GB/T 32918.2) for its heads, SM4-GCM (GB/T 32907, RFC 8998) for what is
/// sealed.
///
/// A public key is the uncompressed point, 65 bytes; a signature is r and s, 32 bytes each; the signer's identity is the
/// one that GB/T 35276 gives to who has none of his own. So any tool of the standard checks a head.
#[derive(Debug)]
pub struct Sm3Sm2;

/// GB/T 35276: the identity of a signer who has none of his own.
const SIGNER: &str = "1234567812345678";

impl Sm3Sm2 {
    /// As written in the header.
    pub const NAME: &'static str = "sm3+sm2";
}

impl Suite for Sm3Sm2 {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn digest(&self, bytes: &[u8]) -> Digest {
        Digest(sm3::Sm3::digest(bytes).into())
    }

    fn digest_of(&self, read: &mut dyn Read) -> io::Result<(u64, Digest)> {
        let mut hasher = sm3::Sm3::new();
        let bytes = feed(&mut hasher, read)?;
        Ok((bytes, Digest(hasher.finalize().into())))
    }

    fn sealing(&self) -> Sealing {
        Sealing::Sm4Gcm
    }

    fn signer(&self, secret: &[u8; 32]) -> Option<Arc<dyn Signer>> {
        let key = sm2::dsa::SigningKey::from_slice(SIGNER, secret).ok()?;
        Some(Arc::new(Sm2 { key }))
    }

    fn is_signed(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SIGNER, public_key).ok();
        let signature = sm2::dsa::Signature::from_slice(signature).ok();
        key.zip(signature).is_some_and(|(key, signature)| key.verify(message, &signature).is_ok())
    }
}

struct Sm2 {
    key: sm2::dsa::SigningKey,
}

impl Signer for Sm2 {
    fn public_key(&self) -> Vec<u8> {
        self.key.verifying_key().to_sec1_bytes().into_vec()
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        use sm2::dsa::signature::Signer as _;
        let signature: sm2::dsa::Signature = self.key.sign(message);
        signature.to_bytes().to_vec()
    }
}
