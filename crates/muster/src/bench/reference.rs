//! Bare SQLite: the same rows, the same tables and indexes, the same groups, and nothing else.

use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, params};

/// Rows of one act: its entry and its key.
pub(crate) struct Rows {
    entry: Entry,
    request_hash: Vec<u8>,
    resource: String,
}

struct Entry {
    time_ms: i64,
    actor: String,
    key: String,
    stream: String,
    kind: String,
    version: i64,
    data: String,
    prev_hash: Vec<u8>,
    hash: Vec<u8>,
}

/// The last rows of a journal, as they are stored.
pub(crate) fn last_rows(journal: &Path, count: usize) -> anyhow::Result<Vec<Rows>> {
    let db = Connection::open(journal)?;
    let mut query = db.prepare(
        "SELECT e.time_ms, e.actor, e.key, e.stream, e.kind, e.version, e.data, e.prev_hash, e.hash,
                a.request_hash, a.resource
         FROM entries e JOIN acts a ON a.first_seq = e.seq AND a.actor = e.actor AND a.key = e.key
         WHERE e.kind = 'order.progressed' ORDER BY e.seq DESC LIMIT ?1",
    )?;
    let rows = query.query_map([i64::try_from(count)?], |r| {
        Ok(Rows {
            entry: Entry {
                time_ms: r.get(0)?,
                actor: r.get(1)?,
                key: r.get(2)?,
                stream: r.get(3)?,
                kind: r.get(4)?,
                version: r.get(5)?,
                data: r.get(6)?,
                prev_hash: r.get(7)?,
                hash: r.get(8)?,
            },
            request_hash: r.get(9)?,
            resource: r.get(10)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A database with the journal's tables and settings.
pub(crate) fn open(path: &Path) -> anyhow::Result<Connection> {
    let db = Connection::open(path)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.execute_batch(
        "CREATE TABLE head (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
         CREATE TABLE entries (
             seq INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, actor TEXT NOT NULL, key TEXT NOT NULL,
             stream TEXT NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL, data TEXT NOT NULL,
             prev_hash BLOB NOT NULL, hash BLOB NOT NULL
         ) STRICT;
         CREATE INDEX entries_by_stream ON entries (stream);
         CREATE TABLE acts (
             actor TEXT NOT NULL, key TEXT NOT NULL, request_hash BLOB NOT NULL, resource TEXT NOT NULL,
             first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, PRIMARY KEY (actor, key)
         ) STRICT, WITHOUT ROWID;
         INSERT INTO head VALUES (1, 0, x'');",
    )?;
    Ok(db)
}

/// Writes the rows in groups; gives the seconds of each commit.
pub(crate) fn write(db: &mut Connection, rows: &[Rows], group: usize) -> anyhow::Result<Vec<f64>> {
    let mut seconds = Vec::with_capacity(rows.len() / group.max(1) + 1);
    let mut seq: i64 = db.query_row("SELECT seq FROM head", [], |r| r.get(0))?;
    for rows in rows.chunks(group.max(1)) {
        let began = Instant::now();
        let txn = db.transaction()?;
        {
            let mut entry =
                txn.prepare_cached("INSERT INTO entries VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)")?;
            let mut act = txn.prepare_cached("INSERT INTO acts VALUES (?1,?2,?3,?4,?5,?5)")?;
            for row in rows {
                seq += 1;
                let e = &row.entry;
                entry.execute(params![
                    seq,
                    e.time_ms,
                    e.actor,
                    e.key,
                    e.stream,
                    e.kind,
                    e.version,
                    e.data,
                    e.prev_hash,
                    e.hash
                ])?;
                act.execute(params![e.actor, e.key, row.request_hash, row.resource, seq])?;
            }
            let hash = rows.last().map(|r| r.entry.hash.as_slice()).unwrap_or_default();
            txn.prepare_cached("UPDATE head SET seq = ?1, hash = ?2")?.execute(params![seq, hash])?;
        }
        txn.commit()?;
        seconds.push(began.elapsed().as_secs_f64());
    }
    Ok(seconds)
}
