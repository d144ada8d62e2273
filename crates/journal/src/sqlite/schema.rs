//! Tables of `journal.db`. One file holds one jurisdiction's journal, so the jurisdiction stands once in the header
//! (and in every hash); with PostgreSQL it leads every key instead.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::entry::Digest;
use crate::fault::Fault;
use crate::head::{Epoch, Head, HeadSignature, Header};
use crate::suite::suite_named;

/// The stored form that this build reads and writes.
pub const FORMAT: i64 = 1;

/// "MUST": tells `file` and SQLite's own tools whose database this is.
const APPLICATION_ID: i64 = 0x4d55_5354;

/// `entries_by_stream` is on (stream, seq): SQLite ends every index with the row's key. `acts` is unique for ever.
pub(crate) const TABLES: &str = "
    CREATE TABLE header (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        format INTEGER NOT NULL, jurisdiction TEXT NOT NULL, suite TEXT NOT NULL,
        journal TEXT NOT NULL, created_ms INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE epochs (
        epoch INTEGER PRIMARY KEY,
        after_seq INTEGER NOT NULL, after_hash BLOB NOT NULL, reason TEXT NOT NULL, public_key BLOB NOT NULL
    ) STRICT;
    CREATE TABLE head (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        epoch INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, time_ms INTEGER NOT NULL,
        signed_epoch INTEGER, signed_seq INTEGER, signed_hash BLOB, signed_time_ms INTEGER, signature BLOB
    ) STRICT;
    CREATE TABLE entries (
        seq INTEGER PRIMARY KEY,
        time_ms INTEGER NOT NULL, actor TEXT NOT NULL, key TEXT NOT NULL, stream TEXT NOT NULL, kind TEXT NOT NULL,
        version INTEGER NOT NULL, data TEXT NOT NULL, prev_hash BLOB NOT NULL, hash BLOB NOT NULL
    ) STRICT;
    CREATE INDEX entries_by_stream ON entries (stream);
    CREATE TABLE acts (
        actor TEXT NOT NULL, key TEXT NOT NULL, request_hash BLOB NOT NULL, resource TEXT NOT NULL,
        first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
        PRIMARY KEY (actor, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE signed_heads (
        epoch INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, time_ms INTEGER NOT NULL,
        signature BLOB NOT NULL,
        PRIMARY KEY (epoch, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE erasures (subject TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
";

/// Makes the tables of a new journal and writes its header, in one transaction.
pub(crate) fn create(conn: &mut Connection, header: &Header, public_key: &[u8]) -> Result<(), Fault> {
    let txn = conn.transaction()?;
    create_empty(&txn, header)?;
    let genesis = header.genesis();
    let epoch = Epoch {
        epoch: u64::try_from(header.created_ms).unwrap_or(1),
        after_seq: 0,
        after_hash: genesis,
        reason: "created".to_owned(),
        public_key: public_key.to_vec(),
    };
    txn.execute(
        "INSERT INTO head (id, epoch, seq, hash, time_ms) VALUES (1, ?1, 0, ?2, ?3)",
        params![to_sql(epoch.epoch), genesis.0, i64::MIN],
    )?;
    insert_epoch(&txn, &epoch)?;
    txn.commit()?;
    Ok(())
}

/// The tables and the header alone, in the running transaction.
pub(crate) fn create_empty(conn: &Connection, header: &Header) -> Result<(), Fault> {
    conn.execute_batch(TABLES)?;
    conn.execute(
        "INSERT INTO header VALUES (1, ?1, ?2, ?3, ?4, ?5)",
        params![header.format, header.jurisdiction, header.suite, header.journal, header.created_ms],
    )?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", FORMAT)?;
    Ok(())
}

pub(crate) fn insert_epoch(conn: &Connection, epoch: &Epoch) -> Result<(), Fault> {
    conn.execute(
        "INSERT INTO epochs VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            to_sql(epoch.epoch),
            to_sql(epoch.after_seq),
            epoch.after_hash.0,
            epoch.reason,
            epoch.public_key
        ],
    )?;
    Ok(())
}

/// Reads the header; `None` when the file holds no journal yet.
pub(crate) fn header(conn: &Connection) -> Result<Option<Header>, Fault> {
    let tables: i64 =
        conn.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'header'", [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(None);
    }
    let header =
        conn.query_row("SELECT format, jurisdiction, suite, journal, created_ms FROM header", [], |row| {
            Ok(Header {
                format: row.get(0)?,
                jurisdiction: row.get(1)?,
                suite: row.get(2)?,
                journal: row.get(3)?,
                created_ms: row.get(4)?,
            })
        })?;
    if header.format != FORMAT {
        return Err(Fault::Format { found: header.format, known: FORMAT });
    }
    if suite_named(&header.suite).is_none() {
        return Err(Fault::UnknownSuite { found: header.suite });
    }
    Ok(Some(header))
}

pub(crate) fn head(conn: &Connection) -> Result<Head, Fault> {
    let mut select = conn.prepare_cached(
        "SELECT epoch, seq, hash, time_ms, signed_epoch, signed_seq, signed_hash, signed_time_ms, signature FROM head",
    )?;
    let head = select.query_row([], |row| {
        let signed = match row.get::<_, Option<i64>>(5)? {
            None => None,
            Some(seq) => Some(HeadSignature {
                epoch: from_sql(row.get(4)?),
                seq: from_sql(seq),
                hash: Digest(row.get(6)?),
                time_ms: row.get(7)?,
                signature: row.get(8)?,
            }),
        };
        Ok(Head {
            epoch: from_sql(row.get(0)?),
            seq: from_sql(row.get(1)?),
            hash: Digest(row.get(2)?),
            time_ms: row.get(3)?,
            signed,
        })
    })?;
    Ok(head)
}

/// Seq and hash of the last entry that is really in the table.
pub(crate) fn last_entry(conn: &Connection) -> Result<Option<(u64, Digest)>, Fault> {
    let last = conn
        .query_row("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1", [], |row| {
            Ok((from_sql(row.get(0)?), Digest(row.get(1)?)))
        })
        .optional()?;
    Ok(last)
}

pub(crate) fn epochs(conn: &Connection) -> Result<Vec<Epoch>, Fault> {
    let mut select = conn.prepare_cached(
        "SELECT epoch, after_seq, after_hash, reason, public_key FROM epochs ORDER BY epoch",
    )?;
    let epochs = select.query_map([], |row| {
        Ok(Epoch {
            epoch: from_sql(row.get(0)?),
            after_seq: from_sql(row.get(1)?),
            after_hash: Digest(row.get(2)?),
            reason: row.get(3)?,
            public_key: row.get(4)?,
        })
    })?;
    Ok(epochs.collect::<Result<_, _>>()?)
}

/// Kept signed heads, the newest one (in the head's own row) last.
pub(crate) fn signed_heads(conn: &Connection) -> Result<Vec<HeadSignature>, Fault> {
    let mut select = conn.prepare_cached(
        "SELECT epoch, seq, hash, time_ms, signature FROM signed_heads ORDER BY epoch, seq",
    )?;
    let kept = select.query_map([], |row| {
        Ok(HeadSignature {
            epoch: from_sql(row.get(0)?),
            seq: from_sql(row.get(1)?),
            hash: Digest(row.get(2)?),
            time_ms: row.get(3)?,
            signature: row.get(4)?,
        })
    })?;
    let mut kept = kept.collect::<Result<Vec<_>, _>>()?;
    if let Some(newest) = head(conn)?.signed
        && kept.last() != Some(&newest)
    {
        kept.push(newest);
    }
    Ok(kept)
}

/// SQLite knows signed integers only. Numbers of entries and milliseconds stay far below 2^63.
pub(crate) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The other way; a negative number in the file reads as 0, which no entry has.
pub(crate) fn from_sql(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
