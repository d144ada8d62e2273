//! The readers' side: connections of their own, which never wait for the writer.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use tokio_postgres::{Error, Row};

use super::database::{Conn, Database};
use super::schema::{self, digest, number, to_sql};
use crate::entry::{Digest, Entry, EntryRef, Receipt};
use crate::fault::Fault;
use crate::head::{Epoch, Head, HeadSignature, Header};
use crate::journal::{ActRef, Log, View};
use crate::vault::Vault;
use crate::verify::{Broken, ChainCheck, Why};

/// Entries that are fetched at once.
const CHUNK: i64 = 1_000;

/// The entries' columns in the order that `entry_of` takes them.
macro_rules! select_entries {
    ($rest:literal) => {
        concat!(
            "SELECT seq, time_ms, actor, key, stream, kind, version, data, prev_hash, hash FROM muster.entries
             WHERE jurisdiction = $1 AND ",
            $rest
        )
    };
}

const CHUNK_OF_ENTRIES: &str = select_entries!("seq BETWEEN $2 AND $3 ORDER BY seq LIMIT $4");
const OF_STREAM: &str = select_entries!("stream = $2 AND seq BETWEEN $3 AND $4 ORDER BY seq LIMIT $5");
pub(super) const LAST_ENTRY: &str = select_entries!("seq <= $2 ORDER BY seq DESC LIMIT 1");
const RECALL: &str = "SELECT request_hash, resource, first_seq, last_seq FROM muster.acts
    WHERE jurisdiction = $1 AND actor = $2 AND key = $3";
const SOME_ACTS: &str = "SELECT actor, key, request_hash, resource, first_seq, last_seq FROM muster.acts
    WHERE jurisdiction = $1 AND (actor, key) > ($2, $3) ORDER BY actor, key LIMIT $4";

/// Readers of one jurisdiction's journal.
pub struct PostgresLog {
    pub(super) header: Header,
    pub(super) vault: Option<Arc<Vault>>,
    pub(super) database: Arc<Database>,
    pub(super) data: PathBuf,
}

impl PostgresLog {
    /// This node's own snapshots.
    pub(crate) fn snapshots_dir(&self) -> PathBuf {
        self.data.join("snapshots")
    }

    fn chunk(&self, from_seq: u64, upto_seq: u64) -> Result<Vec<Row>, Fault> {
        self.database.run(async |conn| chunk(conn, &self.header.jurisdiction, from_seq, upto_seq).await)
    }
}

async fn chunk(conn: &Conn, jurisdiction: &str, from_seq: u64, upto_seq: u64) -> Result<Vec<Row>, Error> {
    let select = conn.prepared(CHUNK_OF_ENTRIES).await?;
    conn.client().query(&select, &[&jurisdiction, &to_sql(from_seq), &to_sql(upto_seq), &CHUNK]).await
}

/// An entry as a row holds it: as stored.
pub(super) fn entry_of<'r>(jurisdiction: &'r str, row: &'r Row) -> EntryRef<'r> {
    EntryRef {
        jurisdiction,
        seq: number(row, 0),
        time_ms: row.get(1),
        actor: row.get(2),
        key: row.get(3),
        stream: row.get(4),
        kind: row.get(5),
        version: u32::try_from(row.get::<_, i64>(6)).unwrap_or(u32::MAX),
        data: row.get(7),
        prev_hash: digest(row, 8),
        hash: digest(row, 9),
    }
}

fn opened(entry: &EntryRef<'_>, vault: Option<&Vault>) -> Result<Entry, Fault> {
    match vault {
        Some(vault) => {
            let data = vault.open_json(entry.data)?;
            Ok(EntryRef { data: &data, ..*entry }.to_entry())
        }
        None => Ok(entry.to_entry()),
    }
}

/// What was written after `seq` (whose hash is known, or believed where it is not), checked against the chain, opened.
pub(super) fn unseen(
    conn: &Conn,
    header: &Header,
    vault: Option<&Vault>,
    (seq, hash): (u64, Option<Digest>),
    upto_seq: u64,
) -> Result<Vec<Entry>, Fault> {
    let mut entries = Vec::new();
    let mut check = hash.map(|hash| ChainCheck::after(header, seq, hash));
    let mut next = seq + 1;
    while next <= upto_seq {
        let rows = conn.wait(chunk(conn, &header.jurisdiction, next, upto_seq))?;
        if rows.is_empty() {
            return Err(Broken { seq: next, why: Why::Gap { found: upto_seq } }.into());
        }
        for row in &rows {
            let entry = entry_of(&header.jurisdiction, row);
            check.get_or_insert_with(|| ChainCheck::after(header, seq, entry.prev_hash)).next(&entry)?;
            entries.push(opened(&entry, vault)?);
            next = entry.seq + 1;
        }
    }
    Ok(entries)
}

impl Log for PostgresLog {
    fn header(&self) -> &Header {
        &self.header
    }

    fn head(&self) -> Result<Head, Fault> {
        let jurisdiction = &self.header.jurisdiction;
        let head = self.database.run(async |conn| schema::head(conn, jurisdiction).await)?;
        head.map(|(head, _)| head).ok_or_else(|| Fault::NoJournalOf { jurisdiction: jurisdiction.clone() })
    }

    fn epochs(&self) -> Result<Vec<Epoch>, Fault> {
        self.database.run(async |conn| schema::epochs(conn, &self.header.jurisdiction).await)
    }

    fn signed_heads(&self) -> Result<Vec<HeadSignature>, Fault> {
        self.database.run(async |conn| schema::signed_heads(conn, &self.header.jurisdiction).await)
    }

    fn scan(
        &self,
        from_seq: u64,
        upto_seq: u64,
        view: View,
        each: &mut dyn FnMut(&EntryRef<'_>) -> ControlFlow<()>,
    ) -> Result<u64, Fault> {
        let (mut next, mut seen) = (from_seq, 0);
        loop {
            let rows = self.chunk(next, upto_seq)?;
            for row in &rows {
                let entry = entry_of(&self.header.jurisdiction, row);
                seen += 1;
                next = entry.seq.saturating_add(1);
                let flow = match (view, &self.vault) {
                    (View::Opened, Some(vault)) => {
                        let data = vault.open_json(entry.data)?;
                        each(&EntryRef { data: &data, ..entry })
                    }
                    _ => each(&entry),
                };
                if flow.is_break() {
                    return Ok(seen);
                }
            }
            if i64::try_from(rows.len()).unwrap_or(i64::MAX) < CHUNK {
                return Ok(seen);
            }
        }
    }

    fn read_stream(&self, stream: &str, from_seq: u64, upto_seq: u64) -> Result<Vec<Entry>, Fault> {
        let jurisdiction = &self.header.jurisdiction;
        let mut entries = Vec::new();
        let mut next = from_seq;
        loop {
            let rows = self.database.run(async |conn| {
                let select = conn.prepared(OF_STREAM).await?;
                let range = (to_sql(next), to_sql(upto_seq));
                conn.client().query(&select, &[jurisdiction, &stream, &range.0, &range.1, &CHUNK]).await
            })?;
            for row in &rows {
                let entry = entry_of(jurisdiction, row);
                next = entry.seq.saturating_add(1);
                entries.push(opened(&entry, self.vault.as_deref())?);
            }
            if i64::try_from(rows.len()).unwrap_or(i64::MAX) < CHUNK {
                return Ok(entries);
            }
        }
    }

    fn recall(&self, actor: &str, key: &str) -> Result<Option<Receipt>, Fault> {
        let found = self.database.run(async |conn| {
            let select = conn.prepared(RECALL).await?;
            conn.client().query_opt(&select, &[&self.header.jurisdiction, &actor, &key]).await
        })?;
        Ok(found.map(|row| Receipt {
            request_hash: digest(&row, 0),
            resource: row.get(1),
            first_seq: number(&row, 2),
            last_seq: number(&row, 3),
        }))
    }

    fn scan_acts(&self, each: &mut dyn FnMut(&ActRef<'_>)) -> Result<(), Fault> {
        let mut last = (String::new(), String::new());
        loop {
            let rows = self.database.run(async |conn| {
                let select = conn.prepared(SOME_ACTS).await?;
                conn.client().query(&select, &[&self.header.jurisdiction, &last.0, &last.1, &CHUNK]).await
            })?;
            for row in &rows {
                each(&ActRef {
                    actor: row.get(0),
                    key: row.get(1),
                    request_hash: digest(row, 2),
                    resource: row.get(3),
                    first_seq: number(row, 4),
                    last_seq: number(row, 5),
                });
            }
            match rows.last() {
                Some(row) => last = (row.get(0), row.get(1)),
                None => return Ok(()),
            }
        }
    }

    fn erasures(&self) -> Result<Vec<(String, u64)>, Fault> {
        let rows = self.database.run(async |conn| {
            let asked = "SELECT subject, seq FROM muster.erasures WHERE jurisdiction = $1 ORDER BY subject";
            conn.client().query(asked, &[&self.header.jurisdiction]).await
        })?;
        Ok(rows.iter().map(|row| (row.get(0), number(row, 1))).collect())
    }

    /// Does the head name the last entry? Indexes are the server's own to check (`amcheck`).
    fn check_storage(&self) -> Result<Vec<Broken>, Fault> {
        let row = self.database.run(async |conn| {
            let asked = "SELECT seq, (SELECT coalesce(max(seq), 0) FROM muster.entries e
                    WHERE e.jurisdiction = h.jurisdiction) FROM muster.heads h WHERE jurisdiction = $1";
            conn.client().query_one(asked, &[&self.header.jurisdiction]).await
        })?;
        let (head, found) = (number(&row, 0), number(&row, 1));
        let tail = Broken { seq: head.min(found), why: Why::Tail { head, found } };
        Ok(if head == found { Vec::new() } else { vec![tail] })
    }

    fn vault(&self) -> Option<&Arc<Vault>> {
        self.vault.as_ref()
    }
}
