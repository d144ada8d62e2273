//! The end of the chain, its epoch and its signature.

use serde::{Deserialize, Serialize};

use crate::entry::{Digest, from_hex, put, to_hex};
use crate::suite::suite_named;

/// What a journal is, written once when it is made and hashed into its first entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Of the stored form.
    pub format: i64,
    pub jurisdiction: String,
    /// Name of the journal's algorithms: `sha256+ed25519` or `sm3+sm2`.
    pub suite: String,
    /// Random, 32 hexadecimal digits: tells this journal from any other of the same jurisdiction.
    pub journal: String,
    /// UTC milliseconds.
    pub created_ms: i64,
}

impl Header {
    /// What the first entry calls its previous hash.
    pub fn genesis(&self) -> Digest {
        let suite = suite_named(&self.suite).expect("a header is read or made only with a known suite");
        let mut bytes = Vec::with_capacity(256);
        put(&mut bytes, b"muster journal 1");
        put(&mut bytes, &self.format.to_be_bytes());
        put(&mut bytes, self.jurisdiction.as_bytes());
        put(&mut bytes, self.suite.as_bytes());
        put(&mut bytes, self.journal.as_bytes());
        put(&mut bytes, &self.created_ms.to_be_bytes());
        suite.digest(&bytes)
    }

    /// What is signed when a head is signed.
    pub(crate) fn head_message(&self, epoch: u64, seq: u64, hash: Digest, time_ms: i64) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        put(&mut bytes, b"muster head 1");
        put(&mut bytes, self.jurisdiction.as_bytes());
        put(&mut bytes, self.journal.as_bytes());
        put(&mut bytes, &epoch.to_be_bytes());
        put(&mut bytes, &seq.to_be_bytes());
        put(&mut bytes, &hash.0);
        put(&mut bytes, &time_ms.to_be_bytes());
        bytes
    }
}

/// The end of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Stream ids are `epoch.seq`. Grows with every restore, promotion or mismatch; the moment it began, UTC
    /// milliseconds, so that two restores of one backup never share an epoch.
    pub epoch: u64,
    /// Of the last entry; 0 when there is none.
    pub seq: u64,
    /// Of the last entry; the header's genesis when there is none.
    pub hash: Digest,
    /// Of the last entry: the next one's time is not before it. `i64::MIN` when there is none.
    pub time_ms: i64,
    /// The newest head that was signed: this one, or one at most a second older.
    pub signed: Option<HeadSignature>,
}

impl Head {
    /// Is exactly this head signed?
    pub fn is_signed(&self) -> bool {
        self.signed.as_ref().is_some_and(|signed| signed.seq == self.seq && signed.epoch == self.epoch)
    }
}

/// A signature over one head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadSignature {
    pub epoch: u64,
    pub seq: u64,
    pub hash: Digest,
    pub time_ms: i64,
    pub signature: Vec<u8>,
}

/// A stretch of the journal that was written by one node with one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    pub epoch: u64,
    /// The last entry before it.
    pub after_seq: u64,
    pub after_hash: Digest,
    /// Why it began: `created`, `restored`, …
    pub reason: String,
    pub public_key: Vec<u8>,
}

/// A signed head as it is given to a partner agency: whole in itself, checkable without the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedHead {
    pub jurisdiction: String,
    pub journal: String,
    pub suite: String,
    pub epoch: u64,
    pub seq: u64,
    pub hash: Digest,
    pub time_ms: i64,
    /// Hexadecimal.
    pub public_key: String,
    /// Hexadecimal.
    pub signature: String,
}

impl SignedHead {
    pub(crate) fn new(header: &Header, signed: &HeadSignature, public_key: &[u8]) -> Self {
        Self {
            jurisdiction: header.jurisdiction.clone(),
            journal: header.journal.clone(),
            suite: header.suite.clone(),
            epoch: signed.epoch,
            seq: signed.seq,
            hash: signed.hash,
            time_ms: signed.time_ms,
            public_key: to_hex(public_key),
            signature: to_hex(&signed.signature),
        }
    }

    /// Was it signed by the key that it names? (Whether that key is the jurisdiction's is for the reader to know.)
    pub fn is_genuine(&self) -> bool {
        let header = Header {
            format: 0,
            jurisdiction: self.jurisdiction.clone(),
            suite: self.suite.clone(),
            journal: self.journal.clone(),
            created_ms: 0,
        };
        let message = header.head_message(self.epoch, self.seq, self.hash, self.time_ms);
        match (suite_named(&self.suite), from_hex(&self.public_key), from_hex(&self.signature)) {
            (Some(suite), Some(key), Some(signature)) => suite.is_signed(&key, &message, &signature),
            _ => false,
        }
    }
}
