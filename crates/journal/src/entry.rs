//! What the journal holds, one entry after the other, and the hash that binds each to all before it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::suite::Suite;

/// Longest JSON text of one entry, bytes. Attachments live beside the journal, never in it.
pub const MAX_DATA_BYTES: usize = 1 << 20;
/// Longest actor, key, stream, kind, subject or resource, bytes.
pub const MAX_NAME_BYTES: usize = 256;
/// Most entries of one act: an import of a whole ledger is one act, all or none.
pub const MAX_ENTRIES_PER_ACT: usize = 65_536;

/// A 32-byte digest (SHA-256, or SM3 where GM/T is required). Written as hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Digest({self})")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = from_hex(&text).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Digest).ok_or_else(|| serde::de::Error::custom("a digest is 64 hexadecimal digits"))
    }
}

/// One entry as it stands in the journal, owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub jurisdiction: String,
    /// Gapless from 1.
    pub seq: u64,
    /// Time of receipt, UTC milliseconds; never goes back.
    pub time_ms: i64,
    pub actor: String,
    /// The idempotency key of the act that this entry belongs to.
    pub key: String,
    /// What it happened to: `incident/01J…`.
    pub stream: String,
    /// What happened: `order.issued`.
    pub kind: String,
    /// The shape of `data` for this kind.
    pub version: u32,
    /// JSON text.
    pub data: String,
    pub prev_hash: Digest,
    /// Over the stored (sealed) bytes, `prev_hash` included.
    pub hash: Digest,
}

/// An entry borrowed from a running read: no copy of its texts is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryRef<'a> {
    pub jurisdiction: &'a str,
    pub seq: u64,
    pub time_ms: i64,
    pub actor: &'a str,
    pub key: &'a str,
    pub stream: &'a str,
    pub kind: &'a str,
    pub version: u32,
    pub data: &'a str,
    pub prev_hash: Digest,
    pub hash: Digest,
}

impl EntryRef<'_> {
    /// The same entry, owned.
    pub fn to_entry(&self) -> Entry {
        Entry {
            jurisdiction: self.jurisdiction.to_owned(),
            seq: self.seq,
            time_ms: self.time_ms,
            actor: self.actor.to_owned(),
            key: self.key.to_owned(),
            stream: self.stream.to_owned(),
            kind: self.kind.to_owned(),
            version: self.version,
            data: self.data.to_owned(),
            prev_hash: self.prev_hash,
            hash: self.hash,
        }
    }
}

impl Entry {
    /// The same entry, borrowed.
    pub fn as_ref(&self) -> EntryRef<'_> {
        EntryRef {
            jurisdiction: &self.jurisdiction,
            seq: self.seq,
            time_ms: self.time_ms,
            actor: &self.actor,
            key: &self.key,
            stream: &self.stream,
            kind: &self.kind,
            version: self.version,
            data: &self.data,
            prev_hash: self.prev_hash,
            hash: self.hash,
        }
    }
}

/// An entry to be: the act gives actor and key, the journal gives seq and hashes.
#[derive(Debug, Clone, Copy)]
pub struct NewEntry<'a> {
    /// UTC milliseconds; not before the head's.
    pub time_ms: i64,
    pub stream: &'a str,
    pub kind: &'a str,
    pub version: u32,
    /// JSON text; personal data in it as `{"personal": subject, "open": …}`, which the journal seals.
    pub data: &'a str,
}

/// The act whose entries are appended, and what its idempotency key will remember for ever.
#[derive(Debug, Clone, Copy)]
pub struct NewAct<'a> {
    pub actor: &'a str,
    pub key: &'a str,
    /// Of the request's body: the same key with another body is not the same request.
    pub request_hash: Digest,
    /// What the act created or changed, in the caller's own words; given back when the key comes again.
    pub resource: &'a str,
}

/// What a used idempotency key remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub request_hash: Digest,
    pub resource: String,
    pub first_seq: u64,
    pub last_seq: u64,
}

/// Where the entries of an act were put: contiguous.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    pub first_seq: u64,
    pub last_seq: u64,
}

/// The stored format of the chain: each part preceded by its length (32 bits, big end first), numbers big end
/// first. A golden test holds it: a change here would break every journal ever written.
pub fn entry_hash(suite: &dyn Suite, scratch: &mut Vec<u8>, entry: &EntryRef<'_>) -> Digest {
    scratch.clear();
    put(scratch, b"muster entry 1");
    put(scratch, &entry.prev_hash.0);
    put(scratch, entry.jurisdiction.as_bytes());
    put(scratch, &entry.seq.to_be_bytes());
    put(scratch, &entry.time_ms.to_be_bytes());
    put(scratch, entry.actor.as_bytes());
    put(scratch, entry.key.as_bytes());
    put(scratch, entry.stream.as_bytes());
    put(scratch, entry.kind.as_bytes());
    put(scratch, &entry.version.to_be_bytes());
    put(scratch, entry.data.as_bytes());
    suite.digest(scratch)
}

/// Appends one part with its length.
pub(crate) fn put(buffer: &mut Vec<u8>, part: &[u8]) {
    let length = u32::try_from(part.len()).expect("every part has a limit far below 4 GiB");
    buffer.extend_from_slice(&length.to_be_bytes());
    buffer.extend_from_slice(part);
}

/// Bytes from hexadecimal text; `None` when it is none.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

/// Hexadecimal text of bytes.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
        text
    })
}
