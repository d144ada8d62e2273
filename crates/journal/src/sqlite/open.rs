//! Opening a journal: lock, keys, recovery of the log, and a look at the end of the chain.

use std::fs::{self, File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

use super::checkpoint::{self, Checkpointer};
use super::log::{self, SqliteLog};
use super::{SqliteJournal, connect, schema, sign};
use crate::entry::{entry_hash, to_hex};
use crate::fault::Fault;
use crate::head::{Epoch, Head, Header};
use crate::journal::View;
use crate::keys;
use crate::planted::Planted;
use crate::sign::Signing;
use crate::suite::{Signer, Suite, suite_for};
use crate::vault::Vault;
use crate::verify::{Broken, Why};

/// Which epoch an opened journal is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EpochChoice {
    /// The one it was in: needs its key.
    Same,
    /// A new one if the key is missing or another one.
    NewWithNewKey,
    /// A new one in any case.
    Restored,
}

/// How a journal is opened.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    data: PathBuf,
    keys: PathBuf,
    jurisdiction: String,
    create: bool,
    suite: Option<&'static dyn Suite>,
    vault: bool,
    epoch: EpochChoice,
    checkpoint_pages: u64,
    planted: Option<Planted>,
}

impl OpenOptions {
    /// The journal of that jurisdiction in the directory `data`, its keys in `data/keys`.
    pub fn new(data: impl Into<PathBuf>, jurisdiction: impl Into<String>) -> Self {
        let data = data.into();
        let keys = data.join("keys");
        let jurisdiction = jurisdiction.into();
        Self {
            data,
            keys,
            jurisdiction,
            create: false,
            suite: None,
            vault: true,
            epoch: EpochChoice::Same,
            checkpoint_pages: checkpoint::CHECKPOINT_PAGES,
            planted: None,
        }
    }

    /// Makes the journal when the directory holds none.
    pub fn create(mut self, create: bool) -> Self {
        self.create = create;
        self
    }

    /// The algorithms of a journal that is made. One that is there keeps its own: another is refused.
    pub fn suite(mut self, suite: Option<&'static dyn Suite>) -> Self {
        self.suite = suite;
        self
    }

    /// Keys in another directory, perhaps on another disk.
    pub fn keys(mut self, keys: impl Into<PathBuf>) -> Self {
        self.keys = keys.into();
        self
    }

    /// When the signing key is lost or another one, makes a new one and begins a new epoch with it.
    pub fn new_key(mut self, new_key: bool) -> Self {
        self.epoch = if new_key { EpochChoice::NewWithNewKey } else { EpochChoice::Same };
        self
    }

    /// Without a vault, personal data is refused on the way in and stays sealed on the way out.
    pub fn vault(mut self, vault: bool) -> Self {
        self.vault = vault;
        self
    }

    /// Copies the write-ahead log into the database once it holds this many pages of 4 KiB (4,096).
    pub fn checkpoint_pages(mut self, pages: u64) -> Self {
        self.checkpoint_pages = pages.max(1);
        self
    }

    /// Begins the new epoch of a restore, with a new key where none is.
    pub(crate) fn restored(mut self) -> Self {
        self.epoch = EpochChoice::Restored;
        self
    }

    /// Plants a fault instead of asking the environment (see [`Planted`]).
    pub fn plant(mut self, planted: Planted) -> Self {
        self.planted = Some(planted);
        self
    }

    pub(super) fn data_dir(&self) -> &Path {
        &self.data
    }

    pub(super) fn keys_dir(&self) -> &Path {
        &self.keys
    }

    /// Opens the journal for writing; a second writer is refused.
    pub fn open(&self) -> Result<SqliteJournal, Fault> {
        let planted = self.planted.map_or_else(Planted::from_environment, Ok)?;
        let path = self.data.join("journal.db");
        if !self.create && !path.exists() {
            return Err(Fault::NoJournal { path });
        }
        keys::private_dir(&self.data)?;
        let lock = lock(&self.data)?;
        let mut conn = connect_writer(&path, planted)?;
        empty_the_log(&conn, &path)?;
        let found = schema::header(&conn)?;
        let suite = suite_for(found.as_ref(), self.suite)?;
        let vault = if self.vault { Some(Arc::new(Vault::open(&self.keys, suite.sealing())?)) } else { None };
        let header = match found {
            Some(header) => header,
            None if self.create => self.make(&mut conn, suite)?,
            None => return Err(Fault::NoJournal { path }),
        };
        if header.jurisdiction != self.jurisdiction {
            let asked = self.jurisdiction.clone();
            return Err(Fault::OtherJurisdiction { asked, found: header.jurisdiction });
        }
        let head = check_head(&conn, &header, suite)?;
        if let Some(vault) = &vault {
            vault.destroy_all(&log::read_erasures(&conn)?)?;
        }
        let (signer, key_is_new) = self.signer(&conn, suite)?;
        let checkpointer = Checkpointer::start(&path, self.checkpoint_pages)?;
        grow_the_log(&path, checkpointer.log_bytes())?;
        checkpointer.watch(&mut conn)?;
        let log = Arc::new(SqliteLog::new(&path, header.clone(), vault.clone()));
        let mut journal = SqliteJournal {
            path,
            header,
            suite,
            vault,
            conn: Some(conn),
            head,
            poisoned: false,
            signing: Signing::new(signer),
            scratch: Vec::with_capacity(4096),
            commits: 0,
            appends: 0,
            planted,
            checkpointer,
            log,
            _lock: lock,
        };
        let why_new_epoch = match self.epoch {
            EpochChoice::Restored => Some("restored"),
            _ if key_is_new => Some("new signing key"),
            _ => None,
        };
        journal.settle(why_new_epoch)?;
        Ok(journal)
    }

    /// Opens the journal for reading alone, beside a node that writes it: to verify it or to back it up. Takes no
    /// lock, makes nothing (no vault either), changes nothing.
    pub fn read(&self) -> Result<Arc<SqliteLog>, Fault> {
        let path = self.data.join("journal.db");
        if !path.exists() {
            return Err(Fault::NoJournal { path });
        }
        let header = schema::header(&connect(&path)?)?.ok_or(Fault::NoJournal { path: path.clone() })?;
        if header.jurisdiction != self.jurisdiction {
            let asked = self.jurisdiction.clone();
            return Err(Fault::OtherJurisdiction { asked, found: header.jurisdiction });
        }
        let sealing = suite_for(Some(&header), self.suite)?.sealing();
        let vault = if self.vault { Some(Arc::new(Vault::read(&self.keys, sealing)?)) } else { None };
        Ok(Arc::new(SqliteLog::new(&path, header, vault)))
    }

    /// The jurisdiction whose journal lies in a directory.
    pub fn jurisdiction_of(data: &Path) -> Result<String, Fault> {
        let path = data.join("journal.db");
        if !path.exists() {
            return Err(Fault::NoJournal { path });
        }
        let header = schema::header(&connect(&path)?)?.ok_or(Fault::NoJournal { path })?;
        Ok(header.jurisdiction)
    }

    /// Makes key and tables of a new journal.
    fn make(&self, conn: &mut Connection, suite: &dyn Suite) -> Result<Header, Fault> {
        let signer = match keys::load(&self.keys, suite)? {
            Some(signer) => signer,
            None => keys::create(&self.keys, suite)?,
        };
        let header = Header {
            format: schema::FORMAT,
            jurisdiction: self.jurisdiction.clone(),
            suite: suite.name().to_owned(),
            journal: to_hex(&keys::random_key::<16>()),
            created_ms: super::now_ms(),
        };
        schema::create(conn, &header, &signer.public_key())?;
        keys::sync_dir(&self.data)?;
        Ok(header)
    }

    /// The key of the present epoch; or, when it is asked for, a new one, which needs a new epoch.
    fn signer(&self, conn: &Connection, suite: &dyn Suite) -> Result<(Arc<dyn Signer>, bool), Fault> {
        let epoch_key = last_epoch(conn)?.public_key;
        let may_be_new = self.epoch != EpochChoice::Same;
        match keys::load(&self.keys, suite)? {
            Some(signer) if signer.public_key() == epoch_key => Ok((signer, false)),
            Some(signer) if may_be_new => Ok((signer, true)),
            None if may_be_new => Ok((keys::create(&self.keys, suite)?, true)),
            _ => Err(Fault::SigningKey { path: keys::secret_path(&self.keys) }),
        }
    }
}

impl SqliteJournal {
    /// After opening: a restore or a new key begins an epoch; what a crash left unsigned is signed.
    fn settle(&mut self, why_new_epoch: Option<&str>) -> Result<(), Fault> {
        if let Some(why) = why_new_epoch {
            self.change_head(|conn, header, signing, head| {
                super::start_epoch(conn, header, signing, head, why)
            })?;
        } else if !self.head.is_signed() {
            self.change_head(|conn, header, signing, head| {
                head.signed = Some(sign::sign(signing, conn, header, head, true)?);
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// One writer at a time. The holder's process number is written for the reader of the refusal only.
fn lock(data: &Path) -> Result<File, Fault> {
    let path = data.join("journal.lock");
    let open = fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = open.map_err(|source| Fault::file("open", &path, source))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let holder = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
            return Err(Fault::Locked { dir: data.to_owned(), holder });
        }
        Err(TryLockError::Error(source)) => return Err(Fault::file("lock", &path, source)),
    }
    let mut name = || {
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(std::process::id().to_string().as_bytes())
    };
    name().map_err(|source| Fault::file("write", &path, source))?;
    Ok(file)
}

/// The writer's connection.
pub(super) fn connect_writer(path: &Path, planted: Planted) -> Result<Connection, Fault> {
    let conn = connect(path)?;
    let mode: String = conn.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        // Some network disks cannot have it; nothing else is durable in the way that we promise.
        return Err(Fault::NoWal { path: path.to_owned(), mode });
    }
    if planted == Planted::SkipFsync {
        conn.pragma_update(None, "synchronous", "OFF")?;
    }
    Ok(conn)
}

/// Copies the log into the database, syncs that, and empties the log. [`Fault::BeingRead`] when a reader holds it for
/// longer than a statement waits.
///
/// After a failed fsync the kernel may call pages clean that never reached the disk; written again and synced
/// again, they do. At a plain start nobody knows whether the process before met such a failure, and a copy that leaves
/// the log standing would not do: after a power cut its surviving part would be read over the newer database.
pub(super) fn empty_the_log(conn: &Connection, path: &Path) -> Result<(), Fault> {
    let done = checkpoint::copy(conn, "TRUNCATE")?;
    if done.copied < done.pages {
        return Err(Fault::BeingRead { dir: path.parent().unwrap_or(path).to_owned() });
    }
    Ok(())
}

/// Gives the log its full size beforehand: a commit that overwrites a file costs the disk less than one that grows
/// it. Zeros are no frame, so recovery ends at once where the log's content does.
///
/// That the log is empty is on the disk before the first zero is: else, after a power cut, zeros behind the old log's
/// beginning would make that beginning a log, and it would be read over the newer database.
pub(super) fn grow_the_log(path: &Path, bytes: u64) -> Result<(), Fault> {
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    let wal = PathBuf::from(wal);
    let grow = || {
        let mut file = fs::OpenOptions::new().append(true).open(&wal)?;
        file.sync_all()?;
        let zeros = vec![0; 1 << 18];
        while file.metadata()?.len() < bytes {
            file.write_all(&zeros)?;
        }
        file.sync_all()
    };
    grow().map_err(|source| Fault::file("grow", &wal, source))
}

fn last_epoch(conn: &Connection) -> Result<Epoch, Fault> {
    let epochs = schema::epochs(conn)?;
    epochs.into_iter().next_back().ok_or(Fault::Broken(Broken { seq: 0, why: Why::NoEpoch }))
}

/// The head, after a look at the last entry and the last signature. The whole chain is `verify`'s to check.
pub(super) fn check_head(conn: &Connection, header: &Header, suite: &dyn Suite) -> Result<Head, Fault> {
    let head = schema::head(conn)?;
    let last = schema::last_entry(conn)?;
    let (seq, hash) = last.unwrap_or((0, header.genesis()));
    if seq != head.seq {
        return Err(Broken { seq: seq.min(head.seq), why: Why::Tail { head: head.seq, found: seq } }.into());
    }
    let mut is_whole = hash == head.hash;
    log::scan(conn, header, seq..=seq, View::Stored, None, &mut |entry| {
        is_whole &= entry_hash(suite, &mut Vec::new(), entry) == entry.hash && entry.time_ms == head.time_ms;
        std::ops::ControlFlow::Continue(())
    })?;
    if !is_whole {
        return Err(Broken { seq, why: Why::Hash }.into());
    }
    if let Some(signed) = &head.signed {
        let message = header.head_message(signed.epoch, signed.seq, signed.hash, signed.time_ms);
        let epochs = schema::epochs(conn)?;
        let key = epochs.iter().find(|epoch| epoch.epoch == signed.epoch).map(|epoch| &epoch.public_key);
        if !key.is_some_and(|key| suite.is_signed(key, &message, &signed.signature)) {
            return Err(Broken { seq: signed.seq, why: Why::Signature { epoch: signed.epoch } }.into());
        }
    }
    Ok(head)
}
