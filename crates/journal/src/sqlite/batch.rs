//! One batch: the write transaction in which queued acts become durable together.

use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};
use std::borrow::Cow;
use std::ops::ControlFlow;

use super::schema::{from_sql, to_sql};
use super::{log, schema, sign};
use crate::append;
use crate::entry::{Appended, Digest, Entry, EntryRef, NewAct, NewEntry, Receipt, entry_hash};
use crate::fault::{CommitFault, Fault};
use crate::head::{Head, Header};
use crate::journal::{Batch, View};
use crate::planted::Planted;
use crate::sign::Signing;
use crate::suite::Suite;
use crate::vault::Vault;

const INSERT_ENTRY: &str =
    "INSERT INTO entries (seq, time_ms, actor, key, stream, kind, version, data, prev_hash, hash)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const INSERT_ACT: &str = "INSERT INTO acts (actor, key, request_hash, resource, first_seq, last_seq)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
pub(super) const RECALL: &str =
    "SELECT request_hash, resource, first_seq, last_seq FROM acts WHERE actor = ?1 AND key = ?2";

/// What the writer keeps between batches and lends to the one that runs.
pub(super) struct Lent<'a> {
    pub(super) conn: &'a Connection,
    pub(super) header: &'a Header,
    pub(super) suite: &'static dyn Suite,
    pub(super) vault: Option<&'a Vault>,
    pub(super) known: &'a mut Head,
    pub(super) poisoned: &'a mut bool,
    pub(super) signing: &'a mut Signing,
    pub(super) scratch: &'a mut Vec<u8>,
    pub(super) commits: &'a mut u64,
    pub(super) appends: &'a mut u64,
    pub(super) planted: Planted,
}

pub(super) struct SqliteBatch<'a> {
    lent: Lent<'a>,
    head: Head,
    insert_entry: CachedStatement<'a>,
    insert_act: CachedStatement<'a>,
    recall: CachedStatement<'a>,
    erased: Vec<String>,
    /// A database fault in the middle of an act: the batch can only be undone.
    broken: bool,
    /// Neither committed nor rolled back yet.
    open: bool,
}

impl<'a> SqliteBatch<'a> {
    /// Locks the head and makes sure that it is the one this node knows (rule 3).
    pub(super) fn begin(lent: Lent<'a>) -> Result<Self, Fault> {
        if *lent.poisoned {
            return Err(Fault::Poisoned);
        }
        let conn = lent.conn;
        conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let begun = || -> Result<_, Fault> {
            let found = unmoved_head(conn, lent.known)?;
            let insert_entry = conn.prepare_cached(INSERT_ENTRY)?;
            Ok((found, insert_entry, conn.prepare_cached(INSERT_ACT)?, conn.prepare_cached(RECALL)?))
        };
        match begun() {
            Ok((head, insert_entry, insert_act, recall)) => {
                let erased = Vec::new();
                Ok(Self { lent, head, insert_entry, insert_act, recall, erased, broken: false, open: true })
            }
            Err(fault) => {
                *lent.poisoned |= conn.execute_batch("ROLLBACK").is_err();
                Err(fault)
            }
        }
    }

    fn insert_entries(
        &mut self,
        act: &NewAct<'_>,
        entries: &[NewEntry<'_>],
        sealed: &[Cow<'_, str>],
    ) -> Result<(), rusqlite::Error> {
        for (entry, data) in entries.iter().zip(sealed) {
            let mut whole = EntryRef {
                jurisdiction: &self.lent.header.jurisdiction,
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
            whole.hash = entry_hash(self.lent.suite, self.lent.scratch, &whole);
            self.insert_entry.execute(params![
                to_sql(whole.seq),
                whole.time_ms,
                whole.actor,
                whole.key,
                whole.stream,
                whole.kind,
                whole.version,
                whole.data,
                whole.prev_hash.0,
                whole.hash.0,
            ])?;
            self.head.seq = whole.seq;
            self.head.hash = whole.hash;
            self.head.time_ms = whole.time_ms;
        }
        Ok(())
    }

    /// Everything that belongs to the batch, up to but without the COMMIT.
    fn finish(&mut self) -> Result<(), Fault> {
        if self.broken {
            return Err(Fault::Poisoned);
        }
        if let Some(vault) = self.lent.vault {
            vault.flush()?; // keys are durable before the first entry that needs them
        }
        let signed = sign::on_commit(self.lent.signing, self.lent.conn, self.lent.header, &self.head)?;
        if signed.is_some() {
            self.head.signed = signed;
        } else {
            let mut update = self
                .lent
                .conn
                .prepare_cached("UPDATE head SET seq = ?1, hash = ?2, time_ms = ?3 WHERE id = 1")?;
            update.execute(params![to_sql(self.head.seq), self.head.hash.0, self.head.time_ms])?;
        }
        Ok(())
    }

    fn roll_back(&mut self) {
        self.open = false;
        *self.lent.poisoned |= self.lent.conn.execute_batch("ROLLBACK").is_err();
    }
}

impl Batch for SqliteBatch<'_> {
    fn head(&self) -> &Head {
        &self.head
    }

    fn unseen_since(&mut self, seq: u64) -> Result<Vec<Entry>, Fault> {
        let mut unseen = Vec::new();
        let range = seq.saturating_add(1)..=self.head.seq;
        log::scan(self.lent.conn, self.lent.header, range, View::Opened, self.lent.vault, &mut |entry| {
            unseen.push(entry.to_entry());
            ControlFlow::Continue(())
        })?;
        Ok(unseen)
    }

    fn recall(&mut self, actor: &str, key: &str) -> Result<Option<Receipt>, Fault> {
        Ok(self.recall.query_row([actor, key], read_receipt).optional()?)
    }

    fn append(&mut self, act: &NewAct<'_>, entries: &[NewEntry<'_>]) -> Result<Appended, Fault> {
        if self.broken {
            return Err(Fault::Poisoned);
        }
        append::check(self.head.time_ms, act, entries)?;
        let sealed = append::seal_all(self.lent.vault, entries)?;
        *self.lent.appends += 1;
        if self.lent.planted == (Planted::AppendFails { at: *self.lent.appends }) {
            self.broken = true;
            let failed = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR);
            return Err(rusqlite::Error::SqliteFailure(failed, Some("append-fails".to_owned())).into());
        }
        let appended =
            Appended { first_seq: self.head.seq + 1, last_seq: self.head.seq + entries.len() as u64 };
        let remembered = self.insert_act.execute(params![
            act.actor,
            act.key,
            act.request_hash.0,
            act.resource,
            to_sql(appended.first_seq),
            to_sql(appended.last_seq),
        ]);
        match remembered {
            Ok(_) => {}
            Err(rusqlite::Error::SqliteFailure(why, _))
                if why.code == rusqlite::ErrorCode::ConstraintViolation =>
            {
                return Err(Fault::KeyTaken { actor: act.actor.to_owned(), key: act.key.to_owned() });
            }
            Err(fault) => {
                self.broken = true;
                return Err(fault.into());
            }
        }
        self.insert_entries(act, entries, &sealed).inspect_err(|_| self.broken = true)?;
        Ok(appended)
    }

    fn erase(&mut self, subject: &str) -> Result<(), Fault> {
        append::check_name("the subject", subject)?;
        if self.lent.vault.is_none() {
            return Err(Fault::NoVault);
        }
        let mut insert = self
            .lent
            .conn
            .prepare_cached("INSERT INTO erasures VALUES (?1, ?2) ON CONFLICT (subject) DO NOTHING")?;
        insert.execute(params![subject, to_sql(self.head.seq)]).inspect_err(|_| self.broken = true)?;
        self.erased.push(subject.to_owned());
        Ok(())
    }

    fn commit(mut self: Box<Self>) -> Result<Head, CommitFault> {
        *self.lent.commits += 1;
        let this_commit = *self.lent.commits;
        if let Err(fault) = self.finish() {
            self.roll_back();
            *self.lent.poisoned = true;
            return Err(CommitFault::Failed(fault));
        }
        if self.lent.planted == (Planted::CommitFails { at: this_commit }) {
            self.roll_back();
            *self.lent.poisoned = true;
            return Err(CommitFault::Failed(Fault::PlantedFault { fault: "commit-fails".to_owned() }));
        }
        self.open = false;
        let committed = self.lent.conn.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([]));
        if let Err(fault) = committed {
            // The frames may have reached the disk before the sync failed: only the reopened file tells.
            *self.lent.poisoned = true;
            return Err(CommitFault::Unknown(fault.into()));
        }
        if self.lent.planted == (Planted::CommitUnknown { at: this_commit }) {
            *self.lent.poisoned = true;
            return Err(CommitFault::Unknown(Fault::PlantedFault { fault: "commit-unknown".to_owned() }));
        }
        self.lent.known.clone_from(&self.head);
        if let Some(vault) = self.lent.vault {
            for subject in &self.erased {
                if let Err(fault) = vault.destroy(subject) {
                    // The erasure itself is durable; opening again destroys the key.
                    *self.lent.poisoned = true;
                    return Err(CommitFault::Unknown(fault));
                }
            }
        }
        Ok(self.head.clone())
    }
}

impl Drop for SqliteBatch<'_> {
    fn drop(&mut self) {
        if self.open {
            self.roll_back();
        }
    }
}

pub(super) fn read_receipt(row: &rusqlite::Row<'_>) -> rusqlite::Result<Receipt> {
    Ok(Receipt {
        request_hash: Digest(row.get(0)?),
        resource: row.get(1)?,
        first_seq: from_sql(row.get(2)?),
        last_seq: from_sql(row.get(3)?),
    })
}

/// The stored head, which must be the one that this node knows (rule 3).
pub(super) fn unmoved_head(conn: &Connection, known: &Head) -> Result<Head, Fault> {
    let found = schema::head(conn)?;
    if (found.epoch, found.seq, found.hash) == (known.epoch, known.seq, known.hash) {
        return Ok(found);
    }
    Err(Fault::HeadMoved { known_seq: known.seq, known: known.hash, found_seq: found.seq, found: found.hash })
}
