//! The shape that every backend has: lock the head → fold the unseen → append → commit.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::entry::{Appended, Digest, Entry, EntryRef, NewAct, NewEntry, Receipt};
use crate::fault::{CommitFault, Fault};
use crate::head::{Epoch, Head, HeadSignature, Header, SignedHead};
use crate::snapshot::Snapshots;
use crate::vault::Vault;
use crate::verify::Broken;

/// The one writer's handle.
pub trait Journal: Send {
    /// What this journal is.
    fn header(&self) -> &Header;

    /// Locks the head and begins a batch of acts. Dropping the batch undoes it.
    ///
    /// Fails with [`Fault::Poisoned`] after a failed commit, and with [`Fault::HeadMoved`] when somebody else wrote.
    fn begin(&mut self) -> Result<Box<dyn Batch + '_>, Fault>;

    /// What other nodes committed since this handle last knew the head, read without locking it; the handle knows it
    /// then. `None` where no other node can write.
    ///
    /// Fails with [`Fault::EpochBegan`] or [`Fault::HeadMoved`] when what this node knows is outdated: `reopen`, refold.
    fn follow(&mut self) -> Result<Option<(Head, Vec<Entry>)>, Fault> {
        Ok(None)
    }

    /// Throws the handle's connection away and opens a new one (rule 1); tells the head that is really there.
    fn reopen(&mut self) -> Result<Head, Fault>;

    /// Signs the head as it stands, durably, and gives it as a partner agency gets it. To be called when the
    /// journal has been idle for a second: a busy journal signs by itself.
    fn sign_head(&mut self) -> Result<SignedHead, Fault>;

    /// Begins a new epoch: clients reload, nodes refold (rule 3).
    fn start_epoch(&mut self, reason: &str) -> Result<Head, Fault>;

    /// The readers' side, for any number of threads.
    fn log(&self) -> Arc<dyn Log>;

    /// This node's snapshots of folded state.
    fn snapshots(&self) -> Snapshots;

    /// Signs the head and closes; the lock is free afterwards.
    fn close(self: Box<Self>) -> Result<Head, Fault>;
}

/// Acts that are committed together: each all or none, its entries contiguous.
pub trait Batch {
    /// The head, entries of this batch included.
    fn head(&self) -> &Head;

    /// The entries after `seq`, opened: what another node wrote since. Empty for a node that knows the head.
    fn unseen_since(&mut self, seq: u64) -> Result<Vec<Entry>, Fault>;

    /// Says which keys are about to be appended or recalled, so that a backend over a network asks for them all at
    /// once. Only a hint: nothing depends on it but the time taken.
    fn foresee(&mut self, _keys: &[(&str, &str)]) -> Result<(), Fault> {
        Ok(())
    }

    /// What this key was used for, earlier in this batch or ever before.
    fn recall(&mut self, actor: &str, key: &str) -> Result<Option<Receipt>, Fault>;

    /// Appends one act. When it is refused (key taken, time back, limit, personal data that cannot be sealed),
    /// nothing of it is kept and the batch goes on; after a fault of the database the batch can only fail.
    fn append(&mut self, act: &NewAct<'_>, entries: &[NewEntry<'_>]) -> Result<Appended, Fault>;

    /// Records with this batch that the subject's personal data is erased; the key is destroyed once the batch is
    /// durable, and again at every opening and restore.
    fn erase(&mut self, subject: &str) -> Result<(), Fault>;

    /// Makes the batch durable. Only after `Ok` may anyone be answered (rule 1).
    fn commit(self: Box<Self>) -> Result<Head, CommitFault>;
}

/// Which text of an entry is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// As stored and hashed: personal data sealed.
    Stored,
    /// Personal data opened, or marked as erased.
    Opened,
}

/// An act as it is remembered, borrowed from a running read.
#[derive(Debug, Clone, Copy)]
pub struct ActRef<'a> {
    pub actor: &'a str,
    pub key: &'a str,
    pub request_hash: Digest,
    pub resource: &'a str,
    pub first_seq: u64,
    pub last_seq: u64,
}

/// The readers' side of a journal: sees what is committed, never waits for the writer.
pub trait Log: Send + Sync {
    fn header(&self) -> &Header;
    fn head(&self) -> Result<Head, Fault>;
    /// All epochs, oldest first.
    fn epochs(&self) -> Result<Vec<Epoch>, Fault>;
    /// The kept signed heads (hourly, and one at each end of an epoch), oldest first, the newest one last.
    fn signed_heads(&self) -> Result<Vec<HeadSignature>, Fault>;
    /// Runs over the entries `from_seq ..= upto_seq` that are committed, in order, until `each` breaks; gives the
    /// number of entries seen.
    fn scan(
        &self,
        from_seq: u64,
        upto_seq: u64,
        view: View,
        each: &mut dyn FnMut(&EntryRef<'_>) -> ControlFlow<()>,
    ) -> Result<u64, Fault>;
    /// The entries of one stream within `from_seq ..= upto_seq`, opened.
    fn read_stream(&self, stream: &str, from_seq: u64, upto_seq: u64) -> Result<Vec<Entry>, Fault>;
    /// What this key was used for, if it is committed.
    fn recall(&self, actor: &str, key: &str) -> Result<Option<Receipt>, Fault>;
    /// Runs over all remembered acts, in any order.
    fn scan_acts(&self, each: &mut dyn FnMut(&ActRef<'_>)) -> Result<(), Fault>;
    /// The subjects whose personal data was erased, each with the entry that stood last then.
    fn erasures(&self) -> Result<Vec<(String, u64)>, Fault>;
    /// What the backend itself finds wrong with its files and indexes.
    fn check_storage(&self) -> Result<Vec<Broken>, Fault>;
    /// The vault that opens the personal data, if any.
    fn vault(&self) -> Option<&Arc<Vault>>;

    /// At most `limit` entries from `from_seq` on, opened.
    fn read(&self, from_seq: u64, limit: usize) -> Result<Vec<Entry>, Fault> {
        let mut entries = Vec::new();
        if limit == 0 {
            return Ok(entries);
        }
        let upto_seq = from_seq.saturating_add(limit as u64 - 1);
        self.scan(from_seq, upto_seq, View::Opened, &mut |entry| {
            entries.push(entry.to_entry());
            ControlFlow::Continue(())
        })?;
        Ok(entries)
    }

    /// The entry with this number, opened.
    fn entry(&self, seq: u64) -> Result<Option<Entry>, Fault> {
        Ok(self.read(seq, 1)?.pop())
    }
}
