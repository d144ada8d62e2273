//! The readers' side: a pool of read-only connections that never wait for the writer.

use std::ops::{ControlFlow, Deref, RangeInclusive};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::batch::{RECALL, read_receipt};
use super::schema::{self, from_sql, to_sql};
use crate::entry::{Digest, Entry, EntryRef, Receipt};
use crate::fault::Fault;
use crate::head::{Epoch, Head, HeadSignature, Header};
use crate::journal::{ActRef, Log, View};
use crate::vault::Vault;
use crate::verify::{Broken, Why};

/// Most connections that read at once; a further reader waits for one of them.
const READERS_MAX: usize = 16;
/// A long read goes back to the file after this many entries, so that it does not hold up the checkpoint.
const SCAN_CHUNK: u64 = 20_000;

/// The entries' columns in the order that `read_entry` takes them.
pub(super) const COLUMNS: &str = "seq, time_ms, actor, key, stream, kind, version, data, prev_hash, hash";

/// Readers of one `journal.db`.
pub struct SqliteLog {
    header: Header,
    vault: Option<Arc<Vault>>,
    pool: Pool,
}

impl SqliteLog {
    /// Beside the database.
    pub(crate) fn snapshots_dir(&self) -> PathBuf {
        self.pool.path.with_file_name("snapshots")
    }

    pub(super) fn new(path: &Path, header: Header, vault: Option<Arc<Vault>>) -> Self {
        Self { header, vault, pool: Pool::new(path) }
    }

    /// A connection of the pool, for the backup.
    pub(crate) fn reader(&self) -> Result<Reader<'_>, Fault> {
        self.pool.take()
    }
}

/// The subjects in the table of erasures.
pub(super) fn read_erasures(conn: &Connection) -> Result<Vec<String>, Fault> {
    let mut select = conn.prepare_cached("SELECT subject FROM erasures ORDER BY subject")?;
    let subjects = select.query_map([], |row| row.get(0))?;
    Ok(subjects.collect::<Result<_, _>>()?)
}

impl Log for SqliteLog {
    fn header(&self) -> &Header {
        &self.header
    }

    fn head(&self) -> Result<Head, Fault> {
        schema::head(&*self.pool.take()?)
    }

    fn epochs(&self) -> Result<Vec<Epoch>, Fault> {
        schema::epochs(&*self.pool.take()?)
    }

    fn signed_heads(&self) -> Result<Vec<HeadSignature>, Fault> {
        schema::signed_heads(&*self.pool.take()?)
    }

    fn scan(
        &self,
        from_seq: u64,
        upto_seq: u64,
        view: View,
        each: &mut dyn FnMut(&EntryRef<'_>) -> ControlFlow<()>,
    ) -> Result<u64, Fault> {
        let conn = self.pool.take()?;
        scan(&conn, &self.header, from_seq..=upto_seq, view, self.vault.as_deref(), each)
    }

    fn read_stream(&self, stream: &str, from_seq: u64, upto_seq: u64) -> Result<Vec<Entry>, Fault> {
        let conn = self.pool.take()?;
        let mut select = conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM entries WHERE stream = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq"
        ))?;
        let mut rows = select.query(params![stream, to_sql(from_seq), to_sql(upto_seq)])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            give(&self.header, row, View::Opened, self.vault.as_deref(), &mut |entry| {
                entries.push(entry.to_entry());
                ControlFlow::Continue(())
            })?
            .expect_continue();
        }
        Ok(entries)
    }

    fn recall(&self, actor: &str, key: &str) -> Result<Option<Receipt>, Fault> {
        let conn = self.pool.take()?;
        let mut select = conn.prepare_cached(RECALL)?;
        Ok(select.query_row([actor, key], read_receipt).optional()?)
    }

    fn scan_acts(&self, each: &mut dyn FnMut(&ActRef<'_>)) -> Result<(), Fault> {
        let conn = self.pool.take()?;
        let mut select =
            conn.prepare_cached("SELECT actor, key, request_hash, resource, first_seq, last_seq FROM acts")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            each(&ActRef {
                actor: text(row, 0)?,
                key: text(row, 1)?,
                request_hash: Digest(row.get(2)?),
                resource: text(row, 3)?,
                first_seq: from_sql(row.get(4)?),
                last_seq: from_sql(row.get(5)?),
            });
        }
        Ok(())
    }

    fn erasures(&self) -> Result<Vec<(String, u64)>, Fault> {
        let conn = self.pool.take()?;
        let mut select = conn.prepare_cached("SELECT subject, seq FROM erasures ORDER BY subject")?;
        let erased = select.query_map([], |row| Ok((row.get(0)?, from_sql(row.get(1)?))))?;
        Ok(erased.collect::<Result<_, _>>()?)
    }

    fn check_storage(&self) -> Result<Vec<Broken>, Fault> {
        let conn = self.pool.take()?;
        let mut broken = Vec::new();
        let both = conn.unchecked_transaction()?; // as of one moment: a node may write between two reads
        let (last, head) = (schema::last_entry(&both)?, schema::head(&both)?);
        both.finish()?;
        if last.map_or(0, |(seq, _)| seq) != head.seq {
            let found = last.map_or(0, |(seq, _)| seq);
            broken.push(Broken { seq: head.seq.min(found), why: Why::Tail { head: head.seq, found } });
        }
        // Compares every index with its table, the one by stream among them.
        let mut check = conn.prepare("PRAGMA integrity_check(20)")?;
        let lines = check.query_map([], |row| row.get::<_, String>(0))?;
        for line in lines {
            let line = line?;
            if line != "ok" {
                broken.push(Broken { seq: 0, why: Why::Storage { detail: line } });
            }
        }
        Ok(broken)
    }

    fn vault(&self) -> Option<&Arc<Vault>> {
        self.vault.as_ref()
    }
}

/// `ControlFlow` of a callback that always goes on.
trait ExpectContinue {
    fn expect_continue(self);
}

impl ExpectContinue for ControlFlow<()> {
    fn expect_continue(self) {
        debug_assert!(self.is_continue());
    }
}

/// Runs over a range of entries in chunks.
pub(super) fn scan(
    conn: &Connection,
    header: &Header,
    range: RangeInclusive<u64>,
    view: View,
    vault: Option<&Vault>,
    each: &mut dyn FnMut(&EntryRef<'_>) -> ControlFlow<()>,
) -> Result<u64, Fault> {
    let mut select = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM entries WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq LIMIT ?3"
    ))?;
    let (mut from_seq, upto_seq) = range.into_inner();
    let mut seen = 0;
    loop {
        let mut rows = select.query(params![to_sql(from_seq), to_sql(upto_seq), to_sql(SCAN_CHUNK)])?;
        let mut in_chunk = 0;
        while let Some(row) = rows.next()? {
            in_chunk += 1;
            seen += 1;
            from_seq = from_sql(row.get(0)?).saturating_add(1);
            if give(header, row, view, vault, each)?.is_break() {
                return Ok(seen);
            }
        }
        if in_chunk < SCAN_CHUNK {
            return Ok(seen);
        }
    }
}

/// Hands one row to the callback, opened if that is asked for.
fn give(
    header: &Header,
    row: &Row<'_>,
    view: View,
    vault: Option<&Vault>,
    each: &mut dyn FnMut(&EntryRef<'_>) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, Fault> {
    let stored = text(row, 7)?;
    let entry = EntryRef {
        jurisdiction: &header.jurisdiction,
        seq: from_sql(row.get(0)?),
        time_ms: row.get(1)?,
        actor: text(row, 2)?,
        key: text(row, 3)?,
        stream: text(row, 4)?,
        kind: text(row, 5)?,
        version: row.get(6)?,
        data: stored,
        prev_hash: Digest(row.get(8)?),
        hash: Digest(row.get(9)?),
    };
    match (view, vault) {
        (View::Opened, Some(vault)) => {
            let opened = vault.open_json(stored)?;
            Ok(each(&EntryRef { data: &opened, ..entry }))
        }
        _ => Ok(each(&entry)),
    }
}

fn text<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r str, rusqlite::Error> {
    row.get_ref(column)?.as_str().map_err(|wrong| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(wrong))
    })
}

/// Connections that read, opened on demand and kept.
struct Pool {
    path: PathBuf,
    state: Mutex<PoolState>,
    freed: Condvar,
}

#[derive(Default)]
struct PoolState {
    idle: Vec<Connection>,
    out: usize,
}

impl Pool {
    fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), state: Mutex::default(), freed: Condvar::new() }
    }

    fn take(&self) -> Result<Reader<'_>, Fault> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.out >= READERS_MAX {
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let idle = state.idle.pop();
        state.out += 1;
        drop(state);
        // From here on the place is given back when the reader is dropped, also if opening fails.
        let mut reader = Reader { pool: self, conn: idle };
        if reader.conn.is_none() {
            let conn = super::connect(&self.path)?;
            conn.pragma_update(None, "query_only", true)?;
            reader.conn = Some(conn);
        }
        Ok(reader)
    }
}

/// A reading connection; goes back to the pool when dropped.
pub(crate) struct Reader<'p> {
    pool: &'p Pool,
    conn: Option<Connection>,
}

impl Deref for Reader<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.conn.as_ref().expect("taken out only when dropped")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.out -= 1;
        state.idle.extend(self.conn.take().filter(Connection::is_autocommit));
        drop(state);
        self.pool.freed.notify_one();
    }
}
