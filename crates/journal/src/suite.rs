//! The algorithms of a journal, named in its header: SHA-256 with Ed25519, later SM3 with SM2 where GM/T is required.

use std::sync::Arc;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::Digest as _;

use crate::entry::Digest;

/// Digest and signature of a journal. A journal keeps its suite for life.
pub trait Suite: Send + Sync {
    /// As written in the journal's header.
    fn name(&self) -> &'static str;
    /// The digest of the chain.
    fn digest(&self, bytes: &[u8]) -> Digest;
    /// A signer from 32 secret bytes.
    fn signer(&self, secret: &[u8; 32]) -> Arc<dyn Signer>;
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
        _ => None,
    }
}

/// The default: SHA-256 for the chain, Ed25519 for its heads.
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

    fn signer(&self, secret: &[u8; 32]) -> Arc<dyn Signer> {
        Arc::new(Ed25519 { key: SigningKey::from_bytes(secret) })
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
