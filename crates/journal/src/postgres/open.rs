//! Opening a journal that other nodes may be writing.

use std::path::PathBuf;
use std::sync::Arc;

use super::database::Conn;
use super::watch::{DatabaseClock, Voice};
use super::{Database, PostgresJournal, PostgresLog, schema, set_durability};
use crate::entry::to_hex;
use crate::fault::Fault;
use crate::head::{Epoch, Head, Header};
use crate::keys;
use crate::planted::Planted;
use crate::sign::Signing;
use crate::suite::{Signer, Suite, suite_for};
use crate::vault::{Vault, WrappedKeystore, Wrapping};

/// How a journal in a database is opened.
#[derive(Clone)]
pub struct PostgresOptions {
    pub(super) database: Arc<Database>,
    pub(super) jurisdiction: String,
    data: PathBuf,
    pub(super) keys: PathBuf,
    create: bool,
    suite: Option<&'static dyn Suite>,
    vault: bool,
    new_key: bool,
    planted: Option<Planted>,
}

impl PostgresOptions {
    /// The journal of that jurisdiction; the node's own things (snapshots) in `data`, keys in `data/keys`.
    pub fn new(database: &Arc<Database>, data: impl Into<PathBuf>, jurisdiction: impl Into<String>) -> Self {
        let data = data.into();
        Self {
            database: Arc::clone(database),
            jurisdiction: jurisdiction.into(),
            keys: data.join("keys"),
            data,
            create: false,
            suite: None,
            vault: true,
            new_key: false,
            planted: None,
        }
    }

    /// Makes tables and journal where there are none.
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
        self.new_key = new_key;
        self
    }

    /// Without a vault, personal data is refused on the way in and stays sealed on the way out.
    pub fn vault(mut self, vault: bool) -> Self {
        self.vault = vault;
        self
    }

    /// Plants a fault instead of asking the environment (see [`Planted`]).
    pub fn plant(mut self, planted: Planted) -> Self {
        self.planted = Some(planted);
        self
    }

    /// The jurisdictions whose journals lie in a database.
    pub fn jurisdictions_in(database: &Database) -> Result<Vec<String>, Fault> {
        database.run(async |conn| schema::jurisdictions(conn).await)
    }

    /// Opens the journal for writing, beside other nodes.
    pub fn open(&self) -> Result<PostgresJournal, Fault> {
        let planted = self.planted.map_or_else(Planted::from_environment, Ok)?;
        keys::private_dir(&self.data)?;
        let conn = self.database.connect(None)?;
        let (header, wrapping) = match conn.wait(schema::header(&conn, &self.jurisdiction))? {
            Some(found) => self.known(found)?,
            None if self.create => {
                self.make(&conn)?;
                let made = conn.wait(schema::header(&conn, &self.jurisdiction))?;
                self.known(made.ok_or_else(|| self.no_journal())?)?
            }
            None => return Err(self.no_journal()),
        };
        let suite = suite_for(Some(&header), self.suite)?;
        let vault = if self.vault { Some(self.open_vault(wrapping, true)?) } else { None };
        let (signer, key_is_new) = self.signer(&conn, suite)?;
        let log = Arc::new(self.log(header.clone(), vault.clone()));
        let clock = Arc::new(DatabaseClock::begin(&self.database)?);
        let mut journal = PostgresJournal {
            head: empty_head(&header),
            voice: Voice::new(&self.jurisdiction),
            header,
            suite,
            vault,
            database: Arc::clone(&self.database),
            keys: self.keys.clone(),
            conn: None,
            poisoned: false,
            signing: Signing::new(signer),
            scratch: Vec::with_capacity(4096),
            commits: 0,
            appends: 0,
            planted,
            clock,
            log,
        };
        journal.head = journal.settle(&conn, key_is_new.then_some("new signing key"), None)?;
        if let Some(vault) = &journal.vault {
            vault.destroy_all(&conn.wait(schema::erasures(&conn, &self.jurisdiction))?)?;
        }
        set_durability(&conn, planted)?;
        journal.conn = Some(conn);
        Ok(journal)
    }

    /// Opens the journal for reading alone, beside the nodes that write it: makes nothing, changes nothing.
    pub fn read(&self) -> Result<Arc<PostgresLog>, Fault> {
        let found = self.database.run(async |conn| schema::header(conn, &self.jurisdiction).await)?;
        let found = found.ok_or_else(|| self.no_journal())?;
        schema::known(&found.header)?;
        let vault = if self.vault {
            let wrapping = self.wrapping(&found)?;
            Some(self.open_vault(wrapping, false)?)
        } else {
            None
        };
        Ok(Arc::new(self.log(found.header, vault)))
    }

    pub(super) fn log(&self, header: Header, vault: Option<Arc<Vault>>) -> PostgresLog {
        PostgresLog { header, vault, database: Arc::clone(&self.database), data: self.data.clone() }
    }

    pub(super) fn no_journal(&self) -> Fault {
        Fault::NoJournalOf { jurisdiction: self.jurisdiction.clone() }
    }

    fn known(&self, found: schema::Found) -> Result<(Header, Option<Wrapping>), Fault> {
        schema::known(&found.header)?;
        let wrapping = if self.vault { Some(self.wrapping(&found)?) } else { None };
        Ok((found.header, wrapping))
    }

    fn wrapping(&self, found: &schema::Found) -> Result<Wrapping, Fault> {
        let sealing = suite_for(Some(&found.header), self.suite)?.sealing();
        let wrapping = Wrapping::load(&self.keys, sealing, false)?;
        if wrapping.fits(&self.jurisdiction, &found.wrapping_check) {
            Ok(wrapping)
        } else {
            Err(Fault::WrappingKey { path: self.keys.join("vault.key") })
        }
    }

    pub(super) fn open_vault(
        &self,
        wrapping: impl Into<Option<Wrapping>>,
        to_write: bool,
    ) -> Result<Arc<Vault>, Fault> {
        let wrapping =
            wrapping.into().ok_or_else(|| Fault::WrappingKey { path: self.keys.join("vault.key") })?;
        let store =
            WrappedKeystore::open(&self.database, &self.jurisdiction, wrapping, &self.keys, to_write)?;
        Ok(Arc::new(Vault::shared(Box::new(store))?))
    }

    /// Makes tables, keys and an empty journal; another node that does the same at this moment waits, and finds it made.
    fn make(&self, conn: &Conn) -> Result<(), Fault> {
        let suite = suite_for(None, self.suite)?;
        let begin = format!("BEGIN; {}; {}", schema::LOCK_SCHEMA, schema::TABLES);
        conn.wait(conn.client().batch_execute(&begin))?;
        if conn.wait(schema::header(conn, &self.jurisdiction))?.is_none() {
            let signer = match keys::load(&self.keys, suite)? {
                Some(signer) => signer,
                None => keys::create(&self.keys, suite)?,
            };
            let header = Header {
                format: crate::sqlite::FORMAT,
                jurisdiction: self.jurisdiction.clone(),
                suite: suite.name().to_owned(),
                journal: to_hex(&keys::random_key::<16>()),
                created_ms: crate::sqlite::now_ms(),
            };
            self.create_rows_of(conn, &header, suite, &*signer)?;
        }
        conn.wait(conn.client().batch_execute("COMMIT"))
    }

    fn create_rows_of(
        &self,
        conn: &Conn,
        header: &Header,
        suite: &dyn Suite,
        signer: &dyn Signer,
    ) -> Result<(), Fault> {
        let wrapping = Wrapping::load(&self.keys, suite.sealing(), true)?;
        let head = empty_head(header);
        let epoch = Epoch {
            epoch: head.epoch,
            after_seq: 0,
            after_hash: head.hash,
            reason: "created".to_owned(),
            public_key: signer.public_key(),
        };
        let check = wrapping.check(&self.jurisdiction);
        conn.wait(schema::insert_header(conn, header, &check))?;
        conn.wait(schema::insert_epoch(conn, &self.jurisdiction, &epoch))?;
        conn.wait(schema::insert_head(conn, &self.jurisdiction, &head))
    }

    /// The key of the present epoch, which every node has; or, when it is asked for, a new one.
    fn signer(&self, conn: &Conn, suite: &dyn Suite) -> Result<(Arc<dyn Signer>, bool), Fault> {
        let epochs = conn.wait(schema::epochs(conn, &self.jurisdiction))?;
        let epoch_key = epochs.last().map(|epoch| &epoch.public_key);
        match keys::load(&self.keys, suite)? {
            Some(signer) if Some(&signer.public_key()) == epoch_key => Ok((signer, false)),
            Some(signer) if self.new_key => Ok((signer, true)),
            None if self.new_key => Ok((keys::create(&self.keys, suite)?, true)),
            _ => Err(Fault::SigningKey { path: keys::secret_path(&self.keys) }),
        }
    }
}

fn empty_head(header: &Header) -> Head {
    Head {
        epoch: u64::try_from(header.created_ms).unwrap_or(1),
        seq: 0,
        hash: header.genesis(),
        time_ms: i64::MIN,
        signed: None,
    }
}
