//! The append-only journal: everything that happened, in order, provable.
//!
//! It knows no domain type: entries are JSON texts with names. Nothing in it is ever edited; what was appended is
//! bound to all before it by a hash chain whose heads are signed, so that `verify` names the first entry that is not
//! as it was written.
//!
//! # Files of a data directory
//!
//! | path | what | in an ordinary backup |
//! |---|---|---|
//! | `journal.db` (`-wal`, `-shm`) | entries, acts, head, epochs, signed heads, erasures | yes |
//! | `journal.lock` | held by the one writing process | no |
//! | `snapshots/<seq>.snapshot` | folded state, to start quickly; the last two | yes |
//! | `keys/signing.key`, `keys/signing.pub` | signs chain heads and snapshots | **no** |
//! | `keys/vault.db`, `keys/erasures.log` | keys of personal data, record of erasures | **no**: only by its own, explicit backup |
//!
//! # Using it
//!
//! [`OpenOptions`] opens the one writer, a [`Journal`]: `begin` a [`Batch`], `append` acts, `commit`, and only then
//! answer. After a [`CommitFault`] the handle is poisoned: `reopen` it, refold, `recall` the keys. Readers use
//! [`Journal::log`], a [`Log`] for any number of threads. All calls block; a node runs them on threads of their own.

mod append;
pub mod backup;
mod entry;
mod fault;
mod head;
mod journal;
mod keys;
mod planted;
pub mod postgres;
mod replay;
mod sign;
mod snapshot;
mod sqlite;
mod suite;
pub mod vault;
mod verify;

pub use entry::{
    Appended, Digest, Entry, EntryRef, MAX_DATA_BYTES, MAX_ENTRIES_PER_ACT, MAX_NAME_BYTES, NewAct, NewEntry,
    Receipt, entry_hash,
};
pub use fault::{CommitFault, Fault};
pub use head::{Epoch, Head, HeadSignature, Header, SignedHead};
pub use journal::{ActRef, Batch, Journal, Log, View};
pub use planted::Planted;
pub use replay::{Replayed, replay};
pub use snapshot::{Found, Ignored, Snapshot, Snapshots};
pub use sqlite::{FORMAT, OpenOptions, SqliteJournal, SqliteLog, WalHealth, WalWatch};
pub use suite::{Sha256Ed25519, Signer, Sm3Sm2, Suite, suite_named};
pub use vault::{Opened, Sealing, Vault};
pub use verify::{Broken, ChainCheck, Report, VerifyOptions, Why, verify};
