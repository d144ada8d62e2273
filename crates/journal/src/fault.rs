//! What can go wrong with a journal: a disk, a lock, a limit, or someone's hand in the file.

use std::io;
use std::path::{Path, PathBuf};

use crate::entry::Digest;
use crate::verify::Broken;

/// Why the journal could not do as asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// One writer per journal: a second process is refused, not queued.
    #[error("the journal in {dir:?} is being written by another process{}", holder_text(*.holder))]
    Locked { dir: PathBuf, holder: Option<u32> },
    /// The write-ahead log cannot be emptied while somebody reads in it.
    #[error(
        "a backup or a verification of the journal in {dir:?} is running: end it, or wait until it is over"
    )]
    BeingRead { dir: PathBuf },
    /// After a failed commit nothing is retried on the same handle (rule 1).
    #[error(
        "the journal's last commit failed or its outcome is unknown: reopen it, refold, look the keys up"
    )]
    Poisoned,
    /// The key was used by this actor before; `Batch::recall` tells for what.
    #[error("actor {actor:?} has used the idempotency key {key:?} already")]
    KeyTaken { actor: String, key: String },
    /// Entry time never goes back (rule 6).
    #[error("entry time {time_ms} is before the head's {head_ms}: the clock went back by {} ms", head_ms - time_ms)]
    TimeBack { head_ms: i64, time_ms: i64 },
    /// Everything has a limit.
    #[error("{what} is {found} long, and at most {limit} is kept")]
    TooLarge { what: &'static str, limit: usize, found: usize },
    #[error("{what} is empty")]
    Empty { what: &'static str },
    #[error("{what} holds the character NUL, which no text may")]
    Nul { what: &'static str },
    /// Somebody else wrote: this node's state is not the journal's (rule 3).
    #[error(
        "the journal's head is {found_seq} {found}, and this node knows {known_seq} {known}: start a new epoch and refold"
    )]
    HeadMoved { known_seq: u64, known: Digest, found_seq: u64, found: Digest },
    /// Another node began an epoch (a promotion, an erasure, a restore): this node's state is outdated.
    #[error(
        "another node began epoch {found} of the journal, and this node knows {known}: reopen it and refold"
    )]
    EpochBegan { known: u64, found: u64 },
    /// The file is not what was written.
    #[error("the journal is broken: {0}")]
    Broken(#[from] Broken),
    #[error("{path:?} holds no journal")]
    NoJournal { path: PathBuf },
    #[error("{path:?} exists already, and a restore never writes over anything")]
    NotFresh { path: PathBuf },
    #[error("the journal has format {found}, and this build reads format {known}")]
    Format { found: i64, known: i64 },
    #[error("{path:?} is on a disk that cannot keep a write-ahead log (journal mode {mode:?})")]
    NoWal { path: PathBuf, mode: String },
    #[error("the journal is of jurisdiction {found:?}, not of {asked:?}")]
    OtherJurisdiction { asked: String, found: String },
    #[error("the journal is chained with {found:?}, which this build does not know")]
    UnknownSuite { found: String },
    /// A journal keeps its algorithms for life: a chain of two would be half of each.
    #[error(
        "the journal is chained with {found:?} for life, and {asked:?} was asked for: leave the suite out of the settings, or begin a new journal in another directory"
    )]
    OtherSuite { asked: &'static str, found: String },
    /// A key serves one algorithm.
    #[error(
        "the signing key {path:?} is for {found:?}, and this journal is signed with {asked:?}: put its own key back, or name another directory of keys"
    )]
    KeyOfOtherSuite { path: PathBuf, asked: &'static str, found: String },
    #[error(
        "{dir:?} holds keys of personal data for {found:?}, and this journal seals with {asked:?}: they are another journal's"
    )]
    VaultOfOtherSuite { dir: PathBuf, asked: &'static str, found: String },
    #[error("the kept key of {subject:?} is none for {sealing}: restore the newest vault backup")]
    KeyForm { subject: String, sealing: &'static str },
    /// Chain heads are signed; a node without the key cannot continue this epoch.
    #[error(
        "the signing key {path:?} is missing or another one: put it back, or restore with a new key (a new epoch)"
    )]
    SigningKey { path: PathBuf },
    #[error("this holds personal data, and the journal was opened without a vault")]
    NoVault,
    /// Reading makes no vault: an empty one would open nothing and look like one.
    #[error("{dir:?} holds no keys of personal data (vault.db): say where they are")]
    VaultMissing { dir: PathBuf },
    /// Sealed at the edge only: what arrives sealed was copied from somewhere else.
    #[error("the text holds personal data of {subject:?} that is sealed already")]
    AlreadySealed { subject: String },
    /// An erased subject gets no new key: that would undo the erasure.
    #[error("the personal data of {subject:?} was erased, so nothing more is kept about it")]
    SubjectErased { subject: String },
    /// Neither held nor erased: the vault is older than the journal.
    #[error(
        "the vault holds no key for {subject:?} and no record of its erasure: restore the newest vault backup"
    )]
    KeyMissing { subject: String },
    #[error("the sealed data of {subject:?} does not open: it was altered, or its key is another one")]
    DoesNotOpen { subject: String },
    #[error("personal data is malformed at byte {at}: {why}")]
    PersonalForm { at: usize, why: &'static str },
    #[error("the backup in {path:?} is not whole: {why}")]
    Backup { path: PathBuf, why: String },
    #[error("MUSTER_FAULT asks for the planted fault {fault:?}, which this build does not have")]
    PlantedFault { fault: String },
    #[error("cannot {what} {path:?}")]
    File { what: &'static str, path: PathBuf, source: io::Error },
    #[error("the journal's database failed")]
    Database(#[from] rusqlite::Error),
    /// The error's own text is short; what the server said stands behind it.
    #[error("the journal's database server failed: {}", said(.0))]
    Postgres(#[source] tokio_postgres::Error),
    /// The database server, in our words.
    #[error("the journal's database server failed: {why}")]
    Server { why: String },
    #[error("the database address cannot be used: {why}")]
    Address { why: String },
    #[error("the database holds a journal of {jurisdiction} already, and nothing is written over it")]
    JournalThere { jurisdiction: String },
    #[error("the database holds no journal of {jurisdiction}")]
    NoJournalOf { jurisdiction: String },
    /// The keys of personal data lie in the database, wrapped with this one.
    #[error(
        "the key {path:?} that wraps the keys of personal data is missing or another one: every node of a jurisdiction has the same; copy it from another node"
    )]
    WrappingKey { path: PathBuf },
}

/// What a database server said, and where it said only "db error", what that was.
fn said(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(said) => format!("{} ({})", said.message(), said.code().code()),
        None => error.to_string(),
    }
}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

fn holder_text(holder: Option<u32>) -> String {
    holder.map_or_else(String::new, |process| format!(" (process {process})"))
}

impl Fault {
    /// Did the database fail? Then a batch under way is lost as a whole; any other fault refuses one act.
    pub fn is_of_database(&self) -> bool {
        matches!(self, Self::Database(_) | Self::Postgres(_) | Self::Server { .. })
    }

    /// A file that could not be read or written.
    pub(crate) fn file(what: &'static str, path: &Path, source: io::Error) -> Self {
        Self::File { what, path: path.to_owned(), source }
    }
}

/// How a commit ended when it did not end well. Either way the handle is poisoned: `Journal::reopen` it.
#[derive(Debug, thiserror::Error)]
pub enum CommitFault {
    /// Nothing of the batch was kept.
    #[error("the batch was not committed")]
    Failed(#[source] Fault),
    /// The batch may be whole in the journal, or not at all: only its keys tell, after the journal was reopened.
    #[error("whether the batch was committed is unknown")]
    Unknown(#[source] Fault),
}
