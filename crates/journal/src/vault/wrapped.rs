//! Keys that several nodes share: in the database, each wrapped with a key that only the nodes have.
//!
//! `keys/vault.key` lies on every node and in no backup of the database, so what the database keeps (tables, its own
//! log, dumps) opens nothing. An erased subject keeps an empty row, so that no node makes it a key again. Each node has
//! its own `keys/erasures.log`, which is obeyed at every opening: a database that was restored from before an erasure
//! does not bring the key back.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use super::keystore::FileKeystore;
use super::{CACHED_MAX, Held, Key, Keystore, Sealing, decrypt, encrypt, read_erasures, record_erasures};
use crate::entry::{from_hex, to_hex};
use crate::fault::Fault;
use crate::keys;
use crate::postgres::Database;

const CHECKED: &[u8] = b"muster wrapping key 1";

/// The key that wraps.
#[derive(Clone)]
pub(crate) struct Wrapping(Key);

impl Wrapping {
    /// Reads `vault.key`, or makes it where none is and one may be made. One for another cipher is another journal's.
    pub(crate) fn load(keys: &Path, sealing: Sealing, may_make: bool) -> Result<Self, Fault> {
        let path = keys.join("vault.key");
        match fs::read_to_string(&path).map(Zeroizing::new) {
            Ok(text) => {
                let bytes = from_hex(text.trim()).map(Zeroizing::new);
                let key = bytes.and_then(|bytes| Key::read(&bytes)).ok_or(Fault::WrappingKey { path })?;
                let (asked, found) = (sealing.name(), key.sealing());
                if found != sealing {
                    let found = found.name().to_owned();
                    return Err(Fault::VaultOfOtherSuite { dir: keys.to_owned(), asked, found });
                }
                Ok(Self(key))
            }
            Err(missing) if missing.kind() == ErrorKind::NotFound && may_make => {
                keys::private_dir(keys)?;
                let key = Key::fresh(sealing);
                let text = Zeroizing::new(format!("{}\n", to_hex(key.as_slice())));
                keys::write_new(&path, 0o600, text.as_bytes())?;
                keys::sync_dir(keys)?;
                Ok(Self(key))
            }
            Err(missing) if missing.kind() == ErrorKind::NotFound => Err(Fault::WrappingKey { path }),
            Err(source) => Err(Fault::file("read", &path, source)),
        }
    }

    /// What it wraps with, and what the keys that it wraps are for.
    fn sealing(&self) -> Sealing {
        self.0.sealing()
    }

    /// What tells another key from this one.
    pub(crate) fn check(&self, jurisdiction: &str) -> Vec<u8> {
        encrypt(&self.0, jurisdiction, CHECKED)
    }

    /// Is it the key that this was made with?
    pub(crate) fn fits(&self, jurisdiction: &str, check: &[u8]) -> bool {
        decrypt(&self.0, jurisdiction, check).is_some_and(|checked| checked == CHECKED)
    }

    fn wrap(&self, jurisdiction: &str, subject: &str, key: &Key) -> Vec<u8> {
        encrypt(&self.0, &format!("{jurisdiction} {subject}"), key.as_slice())
    }

    fn unwrap(&self, jurisdiction: &str, subject: &str, wrapped: Option<&[u8]>) -> Result<Held, Fault> {
        let Some(wrapped) = wrapped else { return Ok(Held::Erased) };
        let plain = decrypt(&self.0, &format!("{jurisdiction} {subject}"), wrapped).map(Zeroizing::new);
        let plain = plain.ok_or_else(|| Fault::DoesNotOpen { subject: subject.to_owned() })?;
        let key = Key::read(&plain).filter(|key| key.sealing() == self.sealing());
        let sealing = self.sealing().name();
        key.map(Held::Key).ok_or_else(|| Fault::KeyForm { subject: subject.to_owned(), sealing })
    }
}

/// A subject with its wrapped key; none where it was erased.
type WrappedRow = (String, Option<Vec<u8>>);

/// The keys of one jurisdiction in a database.
pub(crate) struct WrappedKeystore {
    database: Arc<Database>,
    jurisdiction: String,
    wrapping: Wrapping,
    dir: PathBuf,
    gives_up: bool,
}

impl WrappedKeystore {
    /// Opens them; to write, the erasures on record here are done again.
    pub(crate) fn open(
        database: &Arc<Database>,
        jurisdiction: &str,
        wrapping: Wrapping,
        dir: &Path,
        to_write: bool,
    ) -> Result<Self, Fault> {
        let gives_up = database.run(async |conn| {
            let asked = "SELECT keys_given_up FROM muster.journals WHERE jurisdiction = $1";
            Ok(conn.client().query_opt(asked, &[&jurisdiction]).await?.is_some_and(|row| row.get(0)))
        })?;
        let mut store = Self {
            database: Arc::clone(database),
            jurisdiction: jurisdiction.to_owned(),
            wrapping,
            dir: dir.to_owned(),
            gives_up,
        };
        if to_write {
            let recorded = read_erasures(&store.record())?;
            let recorded: Vec<&str> = recorded.iter().map(String::as_str).collect();
            store.empty(&recorded)?;
        }
        Ok(store)
    }

    fn record(&self) -> PathBuf {
        self.dir.join("erasures.log")
    }

    fn empty(&mut self, subjects: &[&str]) -> Result<(), Fault> {
        if subjects.is_empty() {
            return Ok(());
        }
        self.database.run(async |conn| {
            let empty = conn.prepared(EMPTY_KEYS).await?;
            conn.client().execute(&empty, &[&self.jurisdiction, &subjects]).await?;
            Ok(())
        })
    }

    fn rows(&self, sql: &'static str, subjects: &[&str]) -> Result<Vec<WrappedRow>, Fault> {
        self.database.run(async |conn| {
            let select = conn.prepared(sql).await?;
            let rows = conn.client().query(&select, &[&self.jurisdiction, &subjects]).await?;
            Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
        })
    }

    fn every(&self, limit: usize) -> Result<Vec<(String, Key)>, Fault> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows: Vec<(String, Vec<u8>)> = self.database.run(async |conn| {
            let asked = "SELECT subject, wrapped FROM muster.vault_keys
                WHERE jurisdiction = $1 AND wrapped IS NOT NULL ORDER BY subject DESC LIMIT $2";
            let rows = conn.client().query(asked, &[&self.jurisdiction, &limit]).await?;
            Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
        })?;
        let mut keys = Vec::with_capacity(rows.len());
        for (subject, wrapped) in rows {
            if let Held::Key(key) = self.wrapping.unwrap(&self.jurisdiction, &subject, Some(&wrapped))? {
                keys.push((subject, key));
            }
        }
        Ok(keys)
    }
}

/// Destroys keys: an empty row stays, so that no other node makes one.
pub(crate) const EMPTY_KEYS: &str = "INSERT INTO muster.vault_keys (jurisdiction, subject, wrapped)
    SELECT $1, subject, NULL FROM unnest($2::text[]) AS subject
    ON CONFLICT (jurisdiction, subject) DO UPDATE SET wrapped = NULL WHERE vault_keys.wrapped IS NOT NULL";
const INSERT_KEYS: &str = "INSERT INTO muster.vault_keys (jurisdiction, subject, wrapped)
    SELECT $1, made.subject, made.wrapped FROM unnest($2::text[], $3::bytea[]) AS made (subject, wrapped)
    ORDER BY made.subject ON CONFLICT (jurisdiction, subject) DO NOTHING";
const SELECT_KEYS: &str =
    "SELECT subject, wrapped FROM muster.vault_keys WHERE jurisdiction = $1 AND subject = ANY ($2::text[])";

impl Keystore for WrappedKeystore {
    fn erased(&self) -> Result<HashSet<String>, Fault> {
        let mut erased = read_erasures(&self.record())?;
        let emptied: Vec<String> = self.database.run(async |conn| {
            let asked = "SELECT subject FROM muster.vault_keys WHERE jurisdiction = $1 AND wrapped IS NULL";
            let rows = conn.client().query(asked, &[&self.jurisdiction]).await?;
            Ok(rows.iter().map(|row| row.get(0)).collect())
        })?;
        erased.extend(emptied);
        Ok(erased)
    }

    fn key(&self, subject: &str) -> Result<Held, Fault> {
        match self.rows(SELECT_KEYS, &[subject])?.pop() {
            Some((_, wrapped)) => self.wrapping.unwrap(&self.jurisdiction, subject, wrapped.as_deref()),
            None => Ok(Held::Nothing),
        }
    }

    fn ahead(&self) -> Result<Vec<(String, Key)>, Fault> {
        self.every(CACHED_MAX / 2)
    }

    /// Durable at once: another node may be about to make one for the same subject, and one of the two must win before
    /// anything is sealed with it.
    fn make(&mut self, subjects: &[&str]) -> Result<Vec<Held>, Fault> {
        let made: Vec<Vec<u8>> = subjects
            .iter()
            .map(|subject| {
                self.wrapping.wrap(&self.jurisdiction, subject, &Key::fresh(self.wrapping.sealing()))
            })
            .collect();
        self.database.run(async |conn| {
            let insert = conn.prepared(INSERT_KEYS).await?;
            conn.client().execute(&insert, &[&self.jurisdiction, &subjects, &made]).await?;
            Ok(())
        })?;
        let rows = self.rows(SELECT_KEYS, subjects)?;
        let held = |subject: &&str| match rows.iter().find(|(found, _)| found == subject) {
            Some((_, wrapped)) => self.wrapping.unwrap(&self.jurisdiction, subject, wrapped.as_deref()),
            None => Ok(Held::Nothing),
        };
        subjects.iter().map(held).collect()
    }

    fn flush(&mut self) -> Result<(), Fault> {
        Ok(())
    }

    fn destroy(&mut self, subjects: &[&str]) -> Result<(), Fault> {
        keys::private_dir(&self.dir)?;
        record_erasures(&self.record(), subjects)?;
        self.empty(subjects)
    }

    fn gives_up_missing_keys(&self) -> bool {
        self.gives_up
    }

    fn give_up_missing_keys(&mut self) -> Result<(), Fault> {
        self.database.run(async |conn| {
            let given_up = "UPDATE muster.journals SET keys_given_up = true WHERE jurisdiction = $1";
            conn.client().execute(given_up, &[&self.jurisdiction]).await
        })?;
        self.gives_up = true;
        Ok(())
    }

    fn copy_to(&self, target: &Path) -> Result<(), Fault> {
        let erased = self.erased()?;
        let mut erased: Vec<&str> = erased.iter().map(String::as_str).collect();
        erased.sort_unstable();
        let mut copy = FileKeystore::open(target, self.wrapping.sealing())?;
        copy.take(&self.all()?)?;
        if self.gives_up {
            copy.give_up_missing_keys()?;
        }
        record_erasures(&target.join("erasures.log"), &erased)
    }

    fn all(&self) -> Result<Vec<(String, Key)>, Fault> {
        self.every(usize::MAX)
    }

    fn take(&mut self, keys: &[(String, Key)]) -> Result<(), Fault> {
        for some in keys.chunks(1_000) {
            let subjects: Vec<&str> = some.iter().map(|(subject, _)| subject.as_str()).collect();
            let wrapped: Vec<Vec<u8>> = some
                .iter()
                .map(|(subject, key)| self.wrapping.wrap(&self.jurisdiction, subject, key))
                .collect();
            self.database.run(async |conn| {
                let insert = conn.prepared(INSERT_KEYS).await?;
                conn.client().execute(&insert, &[&self.jurisdiction, &subjects, &wrapped]).await?;
                Ok(())
            })?;
        }
        Ok(())
    }
}
