//! The journal in one SQLite file: the default, no set-up.
//!
//! WAL with synchronous=FULL: a commit is one write and one fsync of the log. One process writes (a lock file says
//! so), any number of threads read.

mod batch;
mod checkpoint;
mod import;
mod log;
mod open;
mod schema;
mod sign;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rusqlite::Connection;

use crate::fault::Fault;
use crate::head::{Epoch, Head, Header, SignedHead};
use crate::journal::{Batch, Journal, Log};
use crate::planted::Planted;
use crate::sign::Signing;
use crate::snapshot::Snapshots;
use crate::suite::Suite;
use crate::vault::Vault;
use batch::{Lent, SqliteBatch};
use checkpoint::Checkpointer;
use schema::to_sql;

pub use checkpoint::{WalHealth, WalWatch};
pub use log::SqliteLog;
pub use open::OpenOptions;
pub use schema::FORMAT;

/// How long a statement waits for a checkpoint or for recovery of the log.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// SQLite's page cache of each connection, KiB (negative: SQLite's way to say KiB, not pages).
const CACHE_KIB: i64 = -16 * 1024;

/// The one writer of a `journal.db`.
pub struct SqliteJournal {
    path: PathBuf,
    header: Header,
    suite: &'static dyn Suite,
    vault: Option<Arc<Vault>>,
    /// `None` only between closing a poisoned connection and opening the next.
    conn: Option<Connection>,
    head: Head,
    poisoned: bool,
    signing: Signing,
    scratch: Vec<u8>,
    commits: u64,
    appends: u64,
    planted: Planted,
    checkpointer: Checkpointer,
    log: Arc<SqliteLog>,
    /// Held as long as the journal is open; the system frees it when the process dies.
    _lock: File,
}

impl SqliteJournal {
    /// Where the write-ahead log stands, for who watches while this handle is the writer's.
    pub fn wal_watch(&self) -> WalWatch {
        self.checkpointer.watcher()
    }

    /// The readers' side, by its own type.
    pub fn sqlite_log(&self) -> Arc<SqliteLog> {
        Arc::clone(&self.log)
    }

    /// The head as this writer knows it.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The public key of the present epoch.
    pub fn public_key(&self) -> Vec<u8> {
        self.signing.signer.public_key()
    }

    fn conn(&self) -> Result<&Connection, Fault> {
        if self.poisoned {
            return Err(Fault::Poisoned);
        }
        self.conn.as_ref().ok_or(Fault::Poisoned)
    }

    /// Runs one change of the head in a transaction of its own; any fault poisons the handle.
    fn change_head(
        &mut self,
        change: impl FnOnce(&Connection, &Header, &mut Signing, &mut Head) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.conn()?;
        let conn = self.conn.as_ref().expect("just seen");
        let mut head = self.head.clone();
        let changed = (|| {
            conn.execute_batch("BEGIN IMMEDIATE")?;
            batch::unmoved_head(conn, &head)?;
            change(conn, &self.header, &mut self.signing, &mut head)?;
            conn.execute_batch("COMMIT")?;
            Ok(())
        })();
        match changed {
            Ok(()) => {
                self.head = head;
                Ok(())
            }
            Err(fault) => {
                self.poisoned = true;
                Err(fault)
            }
        }
    }
}

impl Journal for SqliteJournal {
    fn header(&self) -> &Header {
        &self.header
    }

    fn begin(&mut self) -> Result<Box<dyn Batch + '_>, Fault> {
        let conn = self.conn.as_ref().ok_or(Fault::Poisoned)?;
        if !self.poisoned {
            self.checkpointer.finish_if_due(conn);
        }
        let lent = Lent {
            conn,
            header: &self.header,
            suite: self.suite,
            vault: self.vault.as_deref(),
            known: &mut self.head,
            poisoned: &mut self.poisoned,
            signing: &mut self.signing,
            scratch: &mut self.scratch,
            commits: &mut self.commits,
            appends: &mut self.appends,
            planted: self.planted,
        };
        Ok(Box::new(SqliteBatch::begin(lent)?))
    }

    fn reopen(&mut self) -> Result<Head, Fault> {
        self.poisoned = true;
        self.conn = None;
        self.signing.forget();
        let mut conn = open::connect_writer(&self.path, self.planted)?;
        // What a failed fsync left in the log must not stay there as if it were on the disk: the pages are written
        // again, into the database, and the log is emptied.
        open::empty_the_log(&conn, &self.path)?;
        open::grow_the_log(&self.path, self.checkpointer.log_bytes())?;
        self.checkpointer.watch(&mut conn)?;
        let found = schema::header(&conn)?.ok_or_else(|| Fault::NoJournal { path: self.path.clone() })?;
        if found != self.header {
            return Err(Fault::NoJournal { path: self.path.clone() });
        }
        self.head = open::check_head(&conn, &self.header, self.suite)?;
        if let Some(vault) = &self.vault {
            vault.destroy_all(&log::read_erasures(&conn)?)?;
        }
        self.conn = Some(conn);
        self.poisoned = false;
        Ok(self.head.clone())
    }

    fn sign_head(&mut self) -> Result<SignedHead, Fault> {
        if !self.head.is_signed() {
            self.change_head(|conn, header, signing, head| {
                head.signed = Some(sign::sign(signing, conn, header, head, false)?);
                Ok(())
            })?;
        }
        let signed = self.head.signed.as_ref().expect("signed above, or before");
        Ok(SignedHead::new(&self.header, signed, &self.signing.signer.public_key()))
    }

    fn start_epoch(&mut self, reason: &str) -> Result<Head, Fault> {
        self.change_head(|conn, header, signing, head| start_epoch(conn, header, signing, head, reason))?;
        Ok(self.head.clone())
    }

    fn log(&self) -> Arc<dyn Log> {
        Arc::clone(&self.log) as Arc<dyn Log>
    }

    fn snapshots(&self) -> Snapshots {
        Snapshots::new(self.log.snapshots_dir(), self.header.clone(), Arc::clone(&self.signing.signer))
    }

    fn close(mut self: Box<Self>) -> Result<Head, Fault> {
        if !self.head.is_signed() {
            self.change_head(|conn, header, signing, head| {
                head.signed = Some(sign::sign(signing, conn, header, head, true)?);
                Ok(())
            })?;
        }
        checkpoint::copy(self.conn()?, "PASSIVE")?;
        Ok(self.head.clone())
    }
}

/// Ends the epoch with a kept signature of its last head and begins the next, in the running transaction.
fn start_epoch(
    conn: &Connection,
    header: &Header,
    signing: &mut Signing,
    head: &mut Head,
    reason: &str,
) -> Result<(), Fault> {
    head.epoch = u64::try_from(now_ms()).unwrap_or(0).max(head.epoch + 1);
    let epoch = Epoch {
        epoch: head.epoch,
        after_seq: head.seq,
        after_hash: head.hash,
        reason: reason.to_owned(),
        public_key: signing.signer.public_key(),
    };
    schema::insert_epoch(conn, &epoch)?;
    conn.execute("UPDATE head SET epoch = ?1", [to_sql(head.epoch)])?;
    head.signed = Some(sign::sign(signing, conn, header, head, true)?);
    Ok(())
}

/// A connection with what every one of them needs.
fn connect(path: &Path) -> Result<Connection, Fault> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE
        | rusqlite::OpenFlags::SQLITE_OPEN_CREATE
        | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_prepared_statement_cache_capacity(32);
    // A fault of a mapped page would be a signal, not an error.
    conn.pragma_update(None, "mmap_size", 0)?;
    conn.pragma_update(None, "cache_size", CACHE_KIB)?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    Ok(conn)
}

/// What a journal is and where it ends, as one connection sees it.
pub(crate) fn read_head_and_header(conn: &Connection) -> Result<Option<(Header, Head)>, Fault> {
    let Some(header) = schema::header(conn)? else { return Ok(None) };
    Ok(Some((header, schema::head(conn)?)))
}

/// UTC now, milliseconds.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
