//! Where the keys lie: `keys/vault.db`, with the record of erasures beside it.
//!
//! `keys/erasures.log` is written and synced before a key is destroyed, and is obeyed at every opening: an older
//! `vault.db` that is put back does not bring an erased key to life. Freed pages are overwritten (`secure_delete`) and
//! the write-ahead log is emptied at once; what a disk keeps below the file system is for disk encryption to protect.

use std::collections::{HashMap, HashSet};
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};
use zeroize::Zeroizing;

use super::{Held, Key, Keystore, Sealing};
use crate::fault::Fault;
use crate::keys;

/// How long a statement waits for another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const GIVEN_UP: &str = "SELECT count(*) > 0 FROM missing_keys";
/// The cipher stands with each key.
const OTHER_CIPHER: &str = "SELECT algorithm FROM keys WHERE algorithm <> ?1 LIMIT 1";

pub(super) struct FileKeystore {
    dir: PathBuf,
    /// What new keys are for, and all that are held.
    sealing: Sealing,
    conn: Connection,
    /// Handed out, not durable yet.
    pending: HashMap<String, Key>,
    gives_up: bool,
}

impl FileKeystore {
    pub(super) fn open(dir: &Path, sealing: Sealing) -> Result<Self, Fault> {
        keys::private_dir(dir)?;
        let path = dir.join("vault.db");
        // Made here and not by SQLite, which would let others read it.
        let made = OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
        made.map_err(|source| Fault::file("open", &path, source))?;
        let conn = Connection::open(&path)?;
        conn.busy_timeout(BUSY_TIMEOUT)?;
        conn.pragma_update(None, "secure_delete", true)?;
        conn.pragma_update(None, "mmap_size", 0)?;
        let _: String = conn.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.execute_batch(
            "CREATE TABLE IF NOT EXISTS keys (subject TEXT PRIMARY KEY, algorithm TEXT NOT NULL, key BLOB NOT NULL)
                 STRICT, WITHOUT ROWID;
             CREATE TABLE IF NOT EXISTS missing_keys (given_up INTEGER NOT NULL) STRICT;",
        )?;
        keys::sync_dir(dir)?;
        let gives_up = conn.query_row(GIVEN_UP, [], |row| row.get(0))?;
        check_cipher(&conn, dir, sealing)?;
        let mut store = Self { dir: dir.to_owned(), sealing, conn, pending: HashMap::new(), gives_up };
        let erased = store.erased()?;
        let erased: Vec<&str> = erased.iter().map(String::as_str).collect();
        store.delete(&erased)?;
        Ok(store)
    }

    /// Opens an existing keystore to read from it, beside a node that uses it: makes nothing, changes nothing.
    pub(super) fn read(dir: &Path, sealing: Sealing) -> Result<Self, Fault> {
        let path = dir.join("vault.db");
        if !path.exists() {
            return Err(Fault::VaultMissing { dir: dir.to_owned() });
        }
        let conn = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        conn.busy_timeout(BUSY_TIMEOUT)?;
        conn.pragma_update(None, "mmap_size", 0)?;
        conn.pragma_update(None, "query_only", true)?;
        let gives_up = conn.query_row(GIVEN_UP, [], |row| row.get(0))?;
        check_cipher(&conn, dir, sealing)?;
        Ok(Self { dir: dir.to_owned(), sealing, conn, pending: HashMap::new(), gives_up })
    }

    fn delete(&mut self, subjects: &[&str]) -> Result<(), Fault> {
        let mut destroyed = 0;
        let txn = self.conn.transaction()?;
        for subject in subjects {
            txn.execute("UPDATE keys SET key = zeroblob(length(key)) WHERE subject = ?1", [subject])?;
            destroyed += txn.execute("DELETE FROM keys WHERE subject = ?1", [subject])?;
        }
        txn.commit()?;
        if destroyed > 0 {
            self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        Ok(())
    }

    /// A key as it lies in the file.
    fn kept(&self, subject: &str, kept: &Zeroizing<Vec<u8>>) -> Result<Key, Fault> {
        let key = Key::read(kept).filter(|key| key.sealing() == self.sealing);
        key.ok_or_else(|| Fault::KeyForm { subject: subject.to_owned(), sealing: self.sealing.name() })
    }

    fn record(&self) -> PathBuf {
        self.dir.join("erasures.log")
    }
}

impl Keystore for FileKeystore {
    fn erased(&self) -> Result<HashSet<String>, Fault> {
        read_erasures(&self.record())
    }

    fn key(&self, subject: &str) -> Result<Held, Fault> {
        if let Some(key) = self.pending.get(subject) {
            return Ok(Held::Key(key.clone()));
        }
        let mut select = self.conn.prepare_cached("SELECT key FROM keys WHERE subject = ?1")?;
        match select.query_row([subject], |row| row.get(0).map(Zeroizing::new)).optional()? {
            Some(kept) => self.kept(subject, &kept).map(Held::Key),
            None => Ok(Held::Nothing),
        }
    }

    fn ahead(&self) -> Result<Vec<(String, Key)>, Fault> {
        Ok(Vec::new())
    }

    fn make(&mut self, subjects: &[&str]) -> Result<Vec<Held>, Fault> {
        let mut made = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let held = match self.key(subject)? {
                Held::Nothing => {
                    let key = Key::fresh(self.sealing);
                    self.pending.insert((*subject).to_owned(), key.clone());
                    Held::Key(key)
                }
                held => held,
            };
            made.push(held);
        }
        Ok(made)
    }

    fn flush(&mut self) -> Result<(), Fault> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let txn = self.conn.transaction()?;
        for (subject, key) in &self.pending {
            let mut insert = txn.prepare_cached("INSERT INTO keys VALUES (?1, ?2, ?3)")?;
            insert.execute(params![subject, key.sealing().name(), key.as_slice()])?;
        }
        txn.commit()?;
        self.pending.clear();
        Ok(())
    }

    fn destroy(&mut self, subjects: &[&str]) -> Result<(), Fault> {
        record_erasures(&self.record(), subjects)?;
        for subject in subjects {
            self.pending.remove(*subject);
        }
        self.delete(subjects)
    }

    fn gives_up_missing_keys(&self) -> bool {
        self.gives_up
    }

    fn give_up_missing_keys(&mut self) -> Result<(), Fault> {
        self.conn.execute("INSERT INTO missing_keys VALUES (1)", [])?;
        self.gives_up = true;
        Ok(())
    }

    fn copy_to(&self, target: &Path) -> Result<(), Fault> {
        keys::private_dir(target)?;
        let path = target.join("vault.db");
        keys::write_new(&path, 0o600, b"")?;
        let mut copy = Connection::open(&path)?;
        Backup::new(&self.conn, &mut copy)?.run_to_completion(1024, Duration::ZERO, None)?;
        drop(copy);
        let record = self.record();
        let erasures = match fs::read(&record) {
            Ok(erasures) => erasures,
            Err(missing) if missing.kind() == ErrorKind::NotFound => Vec::new(),
            Err(source) => return Err(Fault::file("read", &record, source)),
        };
        keys::write_new(&target.join("erasures.log"), 0o600, &erasures)?;
        keys::sync_dir(target)
    }

    fn all(&self) -> Result<Vec<(String, Key)>, Fault> {
        let mut select = self.conn.prepare("SELECT subject, key FROM keys ORDER BY subject")?;
        let kept = select.query_map([], |row| Ok((row.get(0)?, row.get(1).map(Zeroizing::new)?)))?;
        let mut keys = Vec::new();
        for row in kept {
            let (subject, kept): (String, _) = row?;
            let key = self.kept(&subject, &kept)?;
            keys.push((subject, key));
        }
        Ok(keys)
    }

    fn take(&mut self, keys: &[(String, Key)]) -> Result<(), Fault> {
        self.pending.extend(keys.iter().cloned());
        self.flush()
    }
}

/// Adds subjects to a record of erasures, durably.
pub(crate) fn record_erasures(path: &Path, subjects: &[&str]) -> Result<(), Fault> {
    let write = || {
        let mut record = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        let lines: String = subjects.iter().flat_map(|subject| [*subject, "\n"]).collect();
        record.write_all(lines.as_bytes())?;
        record.sync_all()
    };
    write().map_err(|source| Fault::file("write", path, source))?;
    keys::sync_dir(path.parent().expect("a record lies in a directory"))
}

/// Keys for another cipher are another journal's.
fn check_cipher(conn: &Connection, dir: &Path, sealing: Sealing) -> Result<(), Fault> {
    match conn.query_row(OTHER_CIPHER, [sealing.name()], |row| row.get(0)).optional()? {
        None => Ok(()),
        Some(found) => Err(Fault::VaultOfOtherSuite { dir: dir.to_owned(), asked: sealing.name(), found }),
    }
}

/// Reads a record of erasures: a subject a line; a last line that a crash cut off is not one.
pub(crate) fn read_erasures(path: &Path) -> Result<HashSet<String>, Fault> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text
            .split_inclusive('\n')
            .filter_map(|line| line.strip_suffix('\n'))
            .map(str::to_owned)
            .collect()),
        Err(missing) if missing.kind() == ErrorKind::NotFound => Ok(HashSet::new()),
        Err(source) => Err(Fault::file("read", path, source)),
    }
}
