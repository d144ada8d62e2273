//! One batch: the head's row is locked, what other nodes wrote is read, acts are gathered, and all of them are written
//! with three statements and one commit.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures_util::future::try_join;
use tokio_postgres::Error;
use tokio_postgres::types::ToSql;

use super::database::Conn;
use super::schema::{self, to_sql};
use super::{PostgresJournal, log, start_epoch};
use crate::append;
use crate::entry::{Appended, Digest, Entry, EntryRef, NewAct, NewEntry, Receipt, entry_hash};
use crate::fault::{CommitFault, Fault};
use crate::head::{Head, HeadSignature};
use crate::journal::Batch;
use crate::planted::Planted;
use crate::vault::EMPTY_KEYS;

const INSERT_ENTRIES: &str = "INSERT INTO muster.entries
    (jurisdiction, seq, time_ms, actor, key, stream, kind, version, data, prev_hash, hash)
    SELECT $1, * FROM unnest($2::int8[], $3::int8[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int8[],
        $9::text[], $10::bytea[], $11::bytea[])";
const INSERT_ACTS: &str = "INSERT INTO muster.acts
    (jurisdiction, actor, key, request_hash, resource, first_seq, last_seq)
    SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bytea[], $5::text[], $6::int8[], $7::int8[])";
/// Each key is looked up in the index by itself, whatever the planner thinks of the table's size.
const RECALL_MANY: &str = "SELECT asked.actor, asked.key, a.request_hash, a.resource, a.first_seq, a.last_seq
    FROM unnest($2::text[], $3::text[]) AS asked (actor, key)
    CROSS JOIN LATERAL (SELECT request_hash, resource, first_seq, last_seq FROM muster.acts
        WHERE jurisdiction = $1 AND actor = asked.actor AND key = asked.key LIMIT 1) AS a";
/// Only the head that was locked is moved on: whoever finds another one has lost the lock.
const MOVE_HEAD: &str = "UPDATE muster.heads SET seq = $2, hash = $3, time_ms = $4
    WHERE jurisdiction = $1 AND seq = $5 AND hash = $6 AND epoch = $7";
const MOVE_HEAD_SIGNED: &str = "UPDATE muster.heads SET seq = $2, hash = $3, time_ms = $4,
    signed_epoch = epoch, signed_seq = $2, signed_hash = $3, signed_time_ms = $4, signature = $8
    WHERE jurisdiction = $1 AND seq = $5 AND hash = $6 AND epoch = $7";
/// So long a batch is silent before it says that it lives: a third of what the server allows.
const SPEAK_AFTER: Duration = Duration::from_secs(1);
/// Gathered rows are written once they hold so many bytes, so that one batch never needs much more.
const WRITTEN_AT_BYTES: usize = 8 << 20;

/// Entries and acts that are not written yet, column by column.
#[derive(Default)]
pub(super) struct Rows {
    bytes: usize,
    seqs: Vec<i64>,
    times: Vec<i64>,
    actors: Vec<String>,
    keys: Vec<String>,
    streams: Vec<String>,
    kinds: Vec<String>,
    versions: Vec<i64>,
    data: Vec<String>,
    prev_hashes: Vec<Vec<u8>>,
    hashes: Vec<Vec<u8>>,
    acts: ActRows,
}

#[derive(Default)]
struct ActRows {
    actors: Vec<String>,
    keys: Vec<String>,
    request_hashes: Vec<Vec<u8>>,
    resources: Vec<String>,
    first_seqs: Vec<i64>,
    last_seqs: Vec<i64>,
}

impl Rows {
    pub(super) fn entry(&mut self, entry: &EntryRef<'_>) {
        self.bytes += entry.data.len() + entry.actor.len() + entry.key.len() + entry.stream.len() + 128;
        self.seqs.push(to_sql(entry.seq));
        self.times.push(entry.time_ms);
        self.actors.push(entry.actor.to_owned());
        self.keys.push(entry.key.to_owned());
        self.streams.push(entry.stream.to_owned());
        self.kinds.push(entry.kind.to_owned());
        self.versions.push(entry.version.into());
        self.data.push(entry.data.to_owned());
        self.prev_hashes.push(entry.prev_hash.0.to_vec());
        self.hashes.push(entry.hash.0.to_vec());
    }

    pub(super) fn act(&mut self, actor: &str, key: &str, receipt: &Receipt) {
        self.bytes += receipt.resource.len() + actor.len() + key.len() + 64;
        self.acts.actors.push(actor.to_owned());
        self.acts.keys.push(key.to_owned());
        self.acts.request_hashes.push(receipt.request_hash.0.to_vec());
        self.acts.resources.push(receipt.resource.clone());
        self.acts.first_seqs.push(to_sql(receipt.first_seq));
        self.acts.last_seqs.push(to_sql(receipt.last_seq));
    }

    pub(super) fn are_many(&self) -> bool {
        self.bytes >= WRITTEN_AT_BYTES
    }

    fn are_none(&self) -> bool {
        self.seqs.is_empty() && self.acts.keys.is_empty()
    }

    /// Writes them in the running transaction.
    pub(super) async fn write(&self, conn: &Conn, jurisdiction: &str) -> Result<(), Error> {
        if self.are_none() {
            return Ok(());
        }
        let (entries, acts) = try_join(conn.prepared(INSERT_ENTRIES), conn.prepared(INSERT_ACTS)).await?;
        let entry_params: [&(dyn ToSql + Sync); 11] = [
            &jurisdiction,
            &self.seqs,
            &self.times,
            &self.actors,
            &self.keys,
            &self.streams,
            &self.kinds,
            &self.versions,
            &self.data,
            &self.prev_hashes,
            &self.hashes,
        ];
        let act_params: [&(dyn ToSql + Sync); 7] = [
            &jurisdiction,
            &self.acts.actors,
            &self.acts.keys,
            &self.acts.request_hashes,
            &self.acts.resources,
            &self.acts.first_seqs,
            &self.acts.last_seqs,
        ];
        try_join(conn.client().execute(&entries, &entry_params), conn.client().execute(&acts, &act_params))
            .await?;
        Ok(())
    }
}

pub(super) struct PostgresBatch<'a> {
    journal: &'a mut PostgresJournal,
    /// As locked.
    found: Head,
    head: Head,
    rows: Rows,
    /// Keys of this batch, and those that were looked up: by actor, NUL, key.
    receipts: HashMap<String, Option<Receipt>>,
    erased: Vec<String>,
    /// A fault of the database: the batch can only be undone.
    broken: bool,
    /// Neither committed nor rolled back yet.
    open: bool,
    /// When the server last heard of this batch.
    spoke: Instant,
}

fn name(actor: &str, key: &str) -> String {
    format!("{actor}\0{key}")
}

impl<'a> PostgresBatch<'a> {
    /// Locks the head and makes sure that what this node knows is a beginning of it.
    pub(super) fn begin(journal: &'a mut PostgresJournal) -> Result<Self, Fault> {
        if journal.poisoned {
            return Err(Fault::Poisoned);
        }
        match journal.lock_head().and_then(|found| journal.check_follows(&found).map(|()| found)) {
            Ok(found) => Ok(Self {
                head: found.clone(),
                found,
                journal,
                rows: Rows::default(),
                receipts: HashMap::new(),
                erased: Vec::new(),
                broken: false,
                open: true,
                spoke: Instant::now(),
            }),
            Err(fault) => {
                journal.roll_back();
                Err(fault)
            }
        }
    }

    fn failed(&mut self, fault: Fault) -> Fault {
        self.broken = true;
        self.journal.poisoned = true;
        fault
    }

    /// A batch of many acts is decided for longer than the server lets a silent transaction hold the lock; a node that
    /// is frozen says nothing and loses it.
    fn keep_lock(&mut self) -> Result<(), Fault> {
        if self.spoke.elapsed() < SPEAK_AFTER {
            return Ok(());
        }
        let said = self.journal.conn().and_then(|conn| conn.wait(conn.client().batch_execute("SELECT 1")));
        said.map_err(|fault| self.failed(fault))?;
        self.spoke = Instant::now();
        Ok(())
    }

    fn look_up(&mut self, keys: &[(&str, &str)]) -> Result<(), Fault> {
        self.keep_lock()?;
        let unknown = keys.iter().filter(|(actor, key)| !self.receipts.contains_key(&name(actor, key)));
        let (actors, keys): (Vec<&str>, Vec<&str>) = unknown.copied().unzip();
        if keys.is_empty() {
            return Ok(());
        }
        let jurisdiction = &self.journal.header.jurisdiction;
        let looked_up = self.journal.conn().and_then(|conn| {
            conn.wait(async {
                let select = conn.prepared(RECALL_MANY).await?;
                conn.client().query(&select, &[jurisdiction, &actors, &keys]).await
            })
        });
        let rows = looked_up.map_err(|fault| self.failed(fault))?;
        self.receipts.extend(actors.iter().zip(&keys).map(|(actor, key)| (name(actor, key), None)));
        for row in &rows {
            let receipt = Receipt {
                request_hash: schema::digest(row, 2),
                resource: row.get(3),
                first_seq: schema::number(row, 4),
                last_seq: schema::number(row, 5),
            };
            self.receipts.insert(name(row.get(0), row.get(1)), Some(receipt));
        }
        Ok(())
    }

    fn gather(&mut self, act: &NewAct<'_>, entries: &[NewEntry<'_>], texts: &[std::borrow::Cow<'_, str>]) {
        for (entry, data) in entries.iter().zip(texts) {
            let mut whole = EntryRef {
                jurisdiction: &self.journal.header.jurisdiction,
                seq: self.head.seq + 1,
                time_ms: entry.time_ms,
                actor: act.actor,
                key: act.key,
                stream: entry.stream,
                kind: entry.kind,
                version: entry.version,
                data,
                prev_hash: self.head.hash,
                hash: Digest::default(),
            };
            whole.hash = entry_hash(self.journal.suite, &mut self.journal.scratch, &whole);
            self.rows.entry(&whole);
            self.head.seq = whole.seq;
            self.head.hash = whole.hash;
            self.head.time_ms = whole.time_ms;
        }
    }

    fn write_rows(&mut self) -> Result<(), Fault> {
        let rows = std::mem::take(&mut self.rows);
        let jurisdiction = &self.journal.header.jurisdiction;
        let written = self.journal.conn().and_then(|conn| conn.wait(rows.write(conn, jurisdiction)));
        written.map_err(|fault| self.failed(fault))
    }

    /// Everything that belongs to the batch, up to but without the COMMIT.
    fn finish(&mut self) -> Result<(), Fault> {
        if self.broken {
            return Err(Fault::Poisoned);
        }
        let rows = std::mem::take(&mut self.rows);
        let due = self.journal.signing.due();
        let signed = due.map(|_| self.journal.signing.signature(&self.journal.header, &self.head));
        let is_moved = self.head.seq != self.found.seq || signed.is_some();
        let conn = self.journal.conn()?;
        let jurisdiction = &self.journal.header.jurisdiction;
        let write = rows.write(conn, jurisdiction);
        if is_moved {
            let move_head = move_head(conn, jurisdiction, &self.found, &self.head, signed.as_ref());
            let ((), moved) = conn.wait(try_join(write, move_head))?;
            if moved != 1 {
                return Err(Fault::Server { why: "the head's lock was lost".to_owned() });
            }
        } else {
            conn.wait(write)?;
        }
        if let (Some(true), Some(signed)) = (due, &signed) {
            conn.wait(schema::insert_signed_head(conn, jurisdiction, signed))?;
        }
        if let Some(keep) = due {
            self.journal.signing.signed(keep);
            self.head.signed = signed;
        }
        self.finish_erasures()
    }

    /// An erasure outdates what every node holds in memory, so it begins an epoch: they reopen, and clients reload.
    fn finish_erasures(&mut self) -> Result<(), Fault> {
        if self.erased.is_empty() {
            return Ok(());
        }
        let journal = &mut *self.journal;
        let conn = journal.conn.as_ref().ok_or(Fault::Poisoned)?;
        let (jurisdiction, subjects, seq) =
            (&journal.header.jurisdiction, &self.erased, to_sql(self.head.seq));
        conn.wait(async {
            let record = conn
                .prepared(
                    "INSERT INTO muster.erasures SELECT $1, subject, $3 FROM unnest($2::text[]) AS subject
                     ON CONFLICT (jurisdiction, subject) DO NOTHING",
                )
                .await?;
            conn.client().execute(&record, &[jurisdiction, subjects, &seq]).await?;
            let empty = conn.prepared(EMPTY_KEYS).await?;
            conn.client().execute(&empty, &[jurisdiction, subjects]).await
        })?;
        start_epoch(conn, &journal.header, &mut journal.signing, &mut self.head, "erased", None)
    }
}

/// Moves the head on, from what was locked; gives how many heads were moved.
async fn move_head(
    conn: &Conn,
    jurisdiction: &str,
    from: &Head,
    to: &Head,
    signed: Option<&HeadSignature>,
) -> Result<u64, Error> {
    let (seq, hash, time_ms) = (to_sql(to.seq), to.hash.0.as_slice(), to.time_ms);
    let (from_seq, from_hash, epoch) = (to_sql(from.seq), from.hash.0.as_slice(), to_sql(from.epoch));
    let Some(signed) = signed else {
        let update = conn.prepared(MOVE_HEAD).await?;
        let plain: [&(dyn ToSql + Sync); 7] =
            [&jurisdiction, &seq, &hash, &time_ms, &from_seq, &from_hash, &epoch];
        return conn.client().execute(&update, &plain).await;
    };
    let update = conn.prepared(MOVE_HEAD_SIGNED).await?;
    let signature = &signed.signature;
    let with_signature: [&(dyn ToSql + Sync); 8] =
        [&jurisdiction, &seq, &hash, &time_ms, &from_seq, &from_hash, &epoch, signature];
    conn.client().execute(&update, &with_signature).await
}

impl Batch for PostgresBatch<'_> {
    fn head(&self) -> &Head {
        &self.head
    }

    fn unseen_since(&mut self, seq: u64) -> Result<Vec<Entry>, Fault> {
        if seq >= self.found.seq {
            return Ok(Vec::new());
        }
        let hash = (seq == self.journal.head.seq).then_some(self.journal.head.hash);
        let journal = &*self.journal;
        let unseen = journal.conn().and_then(|conn| {
            log::unseen(conn, &journal.header, journal.vault.as_deref(), (seq, hash), self.found.seq)
        });
        unseen.map_err(|fault| self.failed(fault))
    }

    fn foresee(&mut self, keys: &[(&str, &str)]) -> Result<(), Fault> {
        self.look_up(keys)
    }

    fn recall(&mut self, actor: &str, key: &str) -> Result<Option<Receipt>, Fault> {
        self.look_up(&[(actor, key)])?;
        Ok(self.receipts.get(&name(actor, key)).cloned().flatten())
    }

    fn append(&mut self, act: &NewAct<'_>, entries: &[NewEntry<'_>]) -> Result<Appended, Fault> {
        if self.broken {
            return Err(Fault::Poisoned);
        }
        append::check(self.head.time_ms, act, entries)?;
        if self.recall(act.actor, act.key)?.is_some() {
            return Err(Fault::KeyTaken { actor: act.actor.to_owned(), key: act.key.to_owned() });
        }
        let sealed = append::seal_all(self.journal.vault.as_deref(), entries)?;
        self.journal.appends += 1;
        if self.journal.planted == (Planted::AppendFails { at: self.journal.appends }) {
            return Err(self.failed(Fault::Server { why: "append-fails".to_owned() }));
        }
        let appended =
            Appended { first_seq: self.head.seq + 1, last_seq: self.head.seq + entries.len() as u64 };
        let receipt = Receipt {
            request_hash: act.request_hash,
            resource: act.resource.to_owned(),
            first_seq: appended.first_seq,
            last_seq: appended.last_seq,
        };
        self.rows.act(act.actor, act.key, &receipt);
        self.receipts.insert(name(act.actor, act.key), Some(receipt));
        self.gather(act, entries, &sealed);
        if self.rows.are_many() {
            self.write_rows()?;
        }
        Ok(appended)
    }

    fn erase(&mut self, subject: &str) -> Result<(), Fault> {
        append::check_name("the subject", subject)?;
        if self.journal.vault.is_none() {
            return Err(Fault::NoVault);
        }
        self.erased.push(subject.to_owned());
        Ok(())
    }

    fn commit(mut self: Box<Self>) -> Result<Head, CommitFault> {
        self.journal.commits += 1;
        let this_commit = self.journal.commits;
        let planted = self.journal.planted;
        let ready = self.finish().and_then(|()| {
            if planted == (Planted::CommitFails { at: this_commit }) {
                return Err(Fault::PlantedFault { fault: "commit-fails".to_owned() });
            }
            Ok(())
        });
        if let Err(fault) = ready {
            self.journal.poisoned = true;
            return Err(CommitFault::Failed(fault)); // dropping undoes it
        }
        self.open = false;
        let began = Instant::now();
        if let Err(fault) = self.journal.commit() {
            // It may have reached the disk before the answer was lost: only the head, locked again, tells.
            self.journal.poisoned = true;
            return Err(CommitFault::Unknown(fault));
        }
        tracing::trace!(took_us = began.elapsed().as_micros(), "committed");
        if planted == (Planted::CommitUnknown { at: this_commit }) {
            self.journal.poisoned = true;
            return Err(CommitFault::Unknown(Fault::PlantedFault { fault: "commit-unknown".to_owned() }));
        }
        self.journal.head = self.head.clone();
        self.journal.tell_others();
        if let Some(vault) = self.journal.vault.clone()
            && let Err(fault) = vault.destroy_all(&self.erased)
        {
            // The erasure itself is durable; opening again puts it on record here too.
            self.journal.poisoned = true;
            return Err(CommitFault::Unknown(fault));
        }
        Ok(self.head.clone())
    }
}

impl Drop for PostgresBatch<'_> {
    fn drop(&mut self) {
        if self.open {
            self.journal.roll_back();
        }
    }
}
