//! Tables of the schema `muster`. The jurisdiction leads every key, so that one database holds many, and a
//! distributed one can be spread by it. Everything is plain: text, bigint, bytea; nothing that only PostgreSQL has.

use tokio_postgres::{Error, Row};

use super::database::Conn;
use crate::entry::Digest;
use crate::fault::Fault;
use crate::head::{Epoch, Head, HeadSignature, Header};
use crate::suite::suite_named;

/// `heads` is written by every commit: half of its page is kept free, so that no index is touched.
pub(super) const TABLES: &str = r#"
    CREATE SCHEMA IF NOT EXISTS muster;
    CREATE TABLE IF NOT EXISTS muster.journals (
        jurisdiction text COLLATE "C" PRIMARY KEY,
        format bigint NOT NULL, suite text NOT NULL, journal text NOT NULL, created_ms bigint NOT NULL,
        wrapping_check bytea NOT NULL, keys_given_up boolean NOT NULL DEFAULT false
    );
    CREATE TABLE IF NOT EXISTS muster.epochs (
        jurisdiction text COLLATE "C", epoch bigint,
        after_seq bigint NOT NULL, after_hash bytea NOT NULL, reason text NOT NULL, public_key bytea NOT NULL,
        PRIMARY KEY (jurisdiction, epoch)
    );
    CREATE TABLE IF NOT EXISTS muster.heads (
        jurisdiction text COLLATE "C" PRIMARY KEY,
        epoch bigint NOT NULL, seq bigint NOT NULL, hash bytea NOT NULL, time_ms bigint NOT NULL,
        signed_epoch bigint, signed_seq bigint, signed_hash bytea, signed_time_ms bigint, signature bytea,
        cluster text
    ) WITH (fillfactor = 50);
    CREATE TABLE IF NOT EXISTS muster.entries (
        jurisdiction text COLLATE "C", seq bigint,
        time_ms bigint NOT NULL, actor text NOT NULL, key text NOT NULL, stream text COLLATE "C" NOT NULL,
        kind text NOT NULL, version bigint NOT NULL, data text NOT NULL, prev_hash bytea NOT NULL, hash bytea NOT NULL,
        PRIMARY KEY (jurisdiction, seq)
    );
    CREATE INDEX IF NOT EXISTS entries_by_stream ON muster.entries (jurisdiction, stream, seq);
    CREATE TABLE IF NOT EXISTS muster.acts (
        jurisdiction text COLLATE "C", actor text COLLATE "C", key text COLLATE "C",
        request_hash bytea NOT NULL, resource text NOT NULL, first_seq bigint NOT NULL, last_seq bigint NOT NULL,
        PRIMARY KEY (jurisdiction, actor, key)
    );
    CREATE TABLE IF NOT EXISTS muster.signed_heads (
        jurisdiction text COLLATE "C", epoch bigint, seq bigint,
        hash bytea NOT NULL, time_ms bigint NOT NULL, signature bytea NOT NULL,
        PRIMARY KEY (jurisdiction, epoch, seq)
    );
    CREATE TABLE IF NOT EXISTS muster.erasures (
        jurisdiction text COLLATE "C", subject text COLLATE "C", seq bigint NOT NULL,
        PRIMARY KEY (jurisdiction, subject)
    );
    CREATE TABLE IF NOT EXISTS muster.vault_keys (
        jurisdiction text COLLATE "C", subject text COLLATE "C", wrapped bytea,
        PRIMARY KEY (jurisdiction, subject)
    );
"#;

/// Every connection makes the tables under this lock, so that two nodes that start together make them once.
pub(super) const LOCK_SCHEMA: &str = "SELECT pg_advisory_xact_lock(7233173838382854995)";

const HEAD: &str = "SELECT epoch, seq, hash, time_ms, signed_epoch, signed_seq, signed_hash, signed_time_ms,
    signature, cluster FROM muster.heads WHERE jurisdiction = $1";
/// The lock that makes one writer at a time: everything else follows from it.
pub(super) const LOCK_HEAD: &str =
    "SELECT epoch, seq, hash, time_ms, signed_epoch, signed_seq, signed_hash, signed_time_ms,
    signature, cluster FROM muster.heads WHERE jurisdiction = $1 FOR UPDATE";

/// A digest column; one of another length is no digest.
pub(super) fn digest(row: &Row, column: usize) -> Digest {
    let bytes: &[u8] = row.get(column);
    bytes.try_into().map(Digest).unwrap_or_default()
}

pub(super) fn number(row: &Row, column: usize) -> u64 {
    from_sql(row.get(column))
}

/// Numbers of entries and milliseconds stay far below 2^63.
pub(super) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn from_sql(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// The head as a row of `heads` says, and the cluster it was last written in.
pub(super) fn head_of(row: &Row) -> (Head, Option<String>) {
    let signed = row.get::<_, Option<i64>>(5).map(|seq| HeadSignature {
        epoch: number(row, 4),
        seq: from_sql(seq),
        hash: digest(row, 6),
        time_ms: row.get(7),
        signature: row.get(8),
    });
    let head = Head {
        epoch: number(row, 0),
        seq: number(row, 1),
        hash: digest(row, 2),
        time_ms: row.get(3),
        signed,
    };
    (head, row.get(9))
}

pub(super) async fn head(conn: &Conn, jurisdiction: &str) -> Result<Option<(Head, Option<String>)>, Error> {
    let found = conn.client().query_opt(&conn.prepared(HEAD).await?, &[&jurisdiction]).await?;
    Ok(found.map(|row| head_of(&row)))
}

/// The jurisdictions whose journals lie in this database; none where the tables are not there.
pub(super) async fn jurisdictions(conn: &Conn) -> Result<Vec<String>, Error> {
    if !has_tables(conn).await? {
        return Ok(Vec::new());
    }
    let rows =
        conn.client().query("SELECT jurisdiction FROM muster.journals ORDER BY jurisdiction", &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

async fn has_tables(conn: &Conn) -> Result<bool, Error> {
    let found = conn
        .client()
        .query_one(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'muster' AND table_name = 'vault_keys'",
            &[],
        )
        .await?;
    Ok(found.get::<_, i64>(0) == 1)
}

/// What is written once when a journal is made.
pub(super) struct Found {
    pub(super) header: Header,
    pub(super) wrapping_check: Vec<u8>,
}

pub(super) async fn header(conn: &Conn, jurisdiction: &str) -> Result<Option<Found>, Error> {
    if !has_tables(conn).await? {
        return Ok(None);
    }
    let found = conn
        .client()
        .query_opt(
            "SELECT format, suite, journal, created_ms, wrapping_check FROM muster.journals WHERE jurisdiction = $1",
            &[&jurisdiction],
        )
        .await?;
    Ok(found.map(|row| Found {
        header: Header {
            format: row.get(0),
            jurisdiction: jurisdiction.to_owned(),
            suite: row.get(1),
            journal: row.get(2),
            created_ms: row.get(3),
        },
        wrapping_check: row.get(4),
    }))
}

/// Refuses a form or suite that this build does not know.
pub(super) fn known(header: &Header) -> Result<(), Fault> {
    if header.format != crate::sqlite::FORMAT {
        return Err(Fault::Format { found: header.format, known: crate::sqlite::FORMAT });
    }
    if suite_named(&header.suite).is_none() {
        return Err(Fault::UnknownSuite { found: header.suite.clone() });
    }
    Ok(())
}

/// Writes the header, in the running transaction.
pub(super) async fn insert_header(conn: &Conn, header: &Header, wrapping_check: &[u8]) -> Result<(), Error> {
    conn.client()
        .execute(
            "INSERT INTO muster.journals (jurisdiction, format, suite, journal, created_ms, wrapping_check)
             VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                &header.jurisdiction,
                &header.format,
                &header.suite,
                &header.journal,
                &header.created_ms,
                &wrapping_check,
            ],
        )
        .await?;
    Ok(())
}

/// Writes the head's row, with its signature where it has one, in the running transaction.
pub(super) async fn insert_head(conn: &Conn, jurisdiction: &str, head: &Head) -> Result<(), Error> {
    let signed = head.signed.as_ref();
    conn.client()
        .execute(
            "INSERT INTO muster.heads (jurisdiction, epoch, seq, hash, time_ms, signed_epoch, signed_seq,
                signed_hash, signed_time_ms, signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            &[
                &jurisdiction,
                &to_sql(head.epoch),
                &to_sql(head.seq),
                &head.hash.0.as_slice(),
                &head.time_ms,
                &signed.map(|signed| to_sql(signed.epoch)),
                &signed.map(|signed| to_sql(signed.seq)),
                &signed.map(|signed| signed.hash.0.to_vec()),
                &signed.map(|signed| signed.time_ms),
                &signed.map(|signed| signed.signature.clone()),
            ],
        )
        .await?;
    Ok(())
}

pub(super) async fn insert_epoch(conn: &Conn, jurisdiction: &str, epoch: &Epoch) -> Result<(), Error> {
    conn.client()
        .execute(
            "INSERT INTO muster.epochs VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                &jurisdiction,
                &to_sql(epoch.epoch),
                &to_sql(epoch.after_seq),
                &epoch.after_hash.0.as_slice(),
                &epoch.reason,
                &epoch.public_key,
            ],
        )
        .await?;
    Ok(())
}

pub(super) async fn insert_signed_head(
    conn: &Conn,
    jurisdiction: &str,
    signed: &HeadSignature,
) -> Result<(), Error> {
    let insert = conn
        .prepared(
            "INSERT INTO muster.signed_heads VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (jurisdiction, epoch, seq) DO NOTHING",
        )
        .await?;
    conn.client()
        .execute(
            &insert,
            &[
                &jurisdiction,
                &to_sql(signed.epoch),
                &to_sql(signed.seq),
                &signed.hash.0.as_slice(),
                &signed.time_ms,
                &signed.signature,
            ],
        )
        .await?;
    Ok(())
}

pub(super) async fn epochs(conn: &Conn, jurisdiction: &str) -> Result<Vec<Epoch>, Error> {
    let rows = conn
        .client()
        .query(
            "SELECT epoch, after_seq, after_hash, reason, public_key FROM muster.epochs
             WHERE jurisdiction = $1 ORDER BY epoch",
            &[&jurisdiction],
        )
        .await?;
    let epoch = |row: &Row| Epoch {
        epoch: number(row, 0),
        after_seq: number(row, 1),
        after_hash: digest(row, 2),
        reason: row.get(3),
        public_key: row.get(4),
    };
    Ok(rows.iter().map(epoch).collect())
}

/// Kept signed heads, the newest one (in the head's own row) last.
pub(super) async fn signed_heads(conn: &Conn, jurisdiction: &str) -> Result<Vec<HeadSignature>, Error> {
    let rows = conn
        .client()
        .query(
            "SELECT epoch, seq, hash, time_ms, signature FROM muster.signed_heads
             WHERE jurisdiction = $1 ORDER BY epoch, seq",
            &[&jurisdiction],
        )
        .await?;
    let signed = |row: &Row| HeadSignature {
        epoch: number(row, 0),
        seq: number(row, 1),
        hash: digest(row, 2),
        time_ms: row.get(3),
        signature: row.get(4),
    };
    let mut kept: Vec<_> = rows.iter().map(signed).collect();
    let newest = head(conn, jurisdiction).await?.and_then(|(head, _)| head.signed);
    if let Some(newest) = newest
        && kept.last() != Some(&newest)
    {
        kept.push(newest);
    }
    Ok(kept)
}

/// The subjects whose erasure is recorded.
pub(super) async fn erasures(conn: &Conn, jurisdiction: &str) -> Result<Vec<String>, Error> {
    let rows = conn
        .client()
        .query(
            "SELECT subject FROM muster.erasures WHERE jurisdiction = $1 ORDER BY subject",
            &[&jurisdiction],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Which history of which server this is: another one after a promotion or a restore. `None` where the server does
/// not say, as engines that only speak like PostgreSQL.
pub(super) async fn cluster(conn: &Conn) -> Option<String> {
    let asked = "SELECT (SELECT system_identifier::text FROM pg_control_system()) || '.' ||
        substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)";
    match conn.client().query_one(asked, &[]).await {
        Ok(row) => row.get(0),
        Err(error) => {
            tracing::debug!(%error, "the database server does not tell its history");
            None
        }
    }
}
