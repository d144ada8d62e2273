//! The journal in PostgreSQL, for several nodes at once.
//!
//! Whoever has acts to commit locks the jurisdiction's row of `heads`, reads what others wrote since, decides, writes
//! and commits: batches of nodes alternate, nothing is tried in vain, and no lease has to be fenced. A node that was
//! frozen finds its transaction ended. The time is the database's.

mod batch;
mod database;
mod import;
mod log;
mod open;
mod schema;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::try_join;

use crate::entry::entry_hash;
use crate::fault::Fault;
use crate::head::{Epoch, Head, Header, SignedHead};
use crate::journal::{Batch, Journal, Log};
use crate::planted::Planted;
use crate::sign::Signing;
use crate::snapshot::Snapshots;
use crate::suite::Suite;
use crate::vault::Vault;
use crate::verify::{Broken, Why};
use batch::PostgresBatch;
use schema::to_sql;

pub use database::{Conn, Database};
pub use log::PostgresLog;
pub use open::PostgresOptions;
pub use tokio_postgres::types::ToSql;
pub use watch::{DatabaseClock, Heard, Voice, Watch};

/// This node's way to write the journal.
pub struct PostgresJournal {
    header: Header,
    suite: &'static dyn Suite,
    vault: Option<Arc<Vault>>,
    database: Arc<Database>,
    keys: PathBuf,
    /// `None` after a connection was thrown away.
    conn: Option<Conn>,
    head: Head,
    poisoned: bool,
    signing: Signing,
    scratch: Vec<u8>,
    commits: u64,
    appends: u64,
    planted: Planted,
    voice: Voice,
    clock: Arc<DatabaseClock>,
    log: Arc<PostgresLog>,
}

impl PostgresJournal {
    /// Listens to what other nodes do.
    pub fn watch(&self) -> Watch {
        Watch::new(Arc::clone(&self.database), self.voice.clone(), Arc::clone(&self.clock))
    }

    /// Tells other nodes.
    pub fn voice(&self) -> Voice {
        self.voice.clone()
    }

    /// The time that entries get.
    pub fn clock(&self) -> Arc<DatabaseClock> {
        Arc::clone(&self.clock)
    }

    /// What it lies in.
    pub fn database(&self) -> Arc<Database> {
        Arc::clone(&self.database)
    }

    /// The head as this node knows it.
    pub fn head(&self) -> &Head {
        &self.head
    }

    fn conn(&self) -> Result<&Conn, Fault> {
        if self.poisoned {
            return Err(Fault::Poisoned);
        }
        self.conn.as_ref().ok_or(Fault::Poisoned)
    }

    /// Begins a transaction and locks the head in it.
    fn lock_head(&self) -> Result<Head, Fault> {
        Ok(lock_head(self.conn()?, &self.header.jurisdiction)?.0)
    }

    fn check_follows(&self, found: &Head) -> Result<(), Fault> {
        check_follows(self.conn()?, &self.header.jurisdiction, &self.head, found)
    }

    /// Ends the transaction. A warning means that it was not done as it should be: a synchronous standby may not have
    /// it, and a standby that is promoted next would not know it.
    fn commit(&self) -> Result<(), Fault> {
        let conn = self.conn()?;
        conn.was_warned(); // of what came before
        conn.wait(conn.client().batch_execute("COMMIT"))?;
        if conn.was_warned() {
            return Err(Fault::Server { why: "it warned while it committed".to_owned() });
        }
        Ok(())
    }

    /// Undoes the transaction; where that cannot be, the connection goes, and the server undoes it.
    fn roll_back(&mut self) {
        let undone = self.conn().and_then(|conn| conn.wait(conn.client().batch_execute("ROLLBACK")));
        if undone.is_err() {
            self.poisoned = true;
            self.conn = None;
        }
    }

    fn tell_others(&self) {
        self.voice.tell_of_journal();
    }

    /// Runs one change of the head in a transaction of its own; any fault but the head's own poisons the handle.
    fn change_head(
        &mut self,
        change: impl FnOnce(&Conn, &Header, &mut Signing, &mut Head) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut head = match self.lock_head() {
            Ok(head) => head,
            Err(fault) => {
                self.roll_back();
                return Err(fault);
            }
        };
        let known = head.clone();
        let conn = self.conn.as_ref().ok_or(Fault::Poisoned)?;
        let changed = change(conn, &self.header, &mut self.signing, &mut head);
        match changed.and_then(|()| self.commit()) {
            Ok(()) => {
                // What others wrote meanwhile is not known by having signed it.
                if (known.epoch, known.seq) == (self.head.epoch, self.head.seq) {
                    self.head = head;
                }
                Ok(())
            }
            Err(fault) => {
                self.roll_back();
                self.poisoned = true;
                Err(fault)
            }
        }
    }
}

/// What a node knows must be a beginning of what was found (rule 3).
fn check_follows(conn: &Conn, jurisdiction: &str, known: &Head, found: &Head) -> Result<(), Fault> {
    if found.epoch != known.epoch {
        return Err(Fault::EpochBegan { known: known.epoch, found: found.epoch });
    }
    let follows = match found.seq.cmp(&known.seq) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => found.hash == known.hash,
        std::cmp::Ordering::Greater => {
            let next = conn.wait(async {
                let asked = "SELECT prev_hash FROM muster.entries WHERE jurisdiction = $1 AND seq = $2";
                let select = conn.prepared(asked).await?;
                conn.client().query_opt(&select, &[&jurisdiction, &to_sql(known.seq + 1)]).await
            })?;
            next.is_some_and(|row| schema::digest(&row, 0) == known.hash)
        }
    };
    if follows {
        return Ok(());
    }
    let (known_seq, found_seq) = (known.seq, found.seq);
    Err(Fault::HeadMoved { known_seq, known: known.hash, found_seq, found: found.hash })
}

/// Begins a transaction and locks the head in it: both go out at once.
fn lock_head(conn: &Conn, jurisdiction: &str) -> Result<(Head, Option<String>), Fault> {
    let locked = conn.wait(async {
        let lock = conn.prepared(schema::LOCK_HEAD).await?;
        let begin = conn.client().batch_execute("BEGIN");
        let ((), locked) = try_join(begin, conn.client().query_opt(&lock, &[&jurisdiction])).await?;
        Ok(locked)
    })?;
    locked
        .map(|row| schema::head_of(&row))
        .ok_or_else(|| Fault::NoJournalOf { jurisdiction: jurisdiction.to_owned() })
}

impl Journal for PostgresJournal {
    fn header(&self) -> &Header {
        &self.header
    }

    fn begin(&mut self) -> Result<Box<dyn Batch + '_>, Fault> {
        Ok(Box::new(PostgresBatch::begin(self)?))
    }

    fn follow(&mut self) -> Result<Option<(Head, Vec<crate::Entry>)>, Fault> {
        let followed = (|| {
            let conn = self.conn()?;
            let found = conn.wait(schema::head(conn, &self.header.jurisdiction))?;
            let (found, _) =
                found.ok_or_else(|| Fault::NoJournalOf { jurisdiction: self.header.jurisdiction.clone() })?;
            self.check_follows(&found)?;
            let known = (self.head.seq, Some(self.head.hash));
            let unseen = log::unseen(conn, &self.header, self.vault.as_deref(), known, found.seq)?;
            Ok((found, unseen))
        })();
        match followed {
            Ok((found, unseen)) => {
                self.head = found.clone();
                Ok(Some((found, unseen)))
            }
            Err(fault) => {
                self.poisoned = true;
                Err(fault)
            }
        }
    }

    fn reopen(&mut self) -> Result<Head, Fault> {
        self.poisoned = true;
        self.conn = None;
        self.signing.forget();
        self.database.outdate();
        let conn = self.database.connect(None)?;
        let found = conn.wait(schema::header(&conn, &self.header.jurisdiction))?;
        if found.map(|found| found.header).as_ref() != Some(&self.header) {
            return Err(Fault::NoJournalOf { jurisdiction: self.header.jurisdiction.clone() });
        }
        let known = self.head.clone();
        self.head = self.settle(&conn, None, Some(&known))?;
        if let Some(vault) = &self.vault {
            vault.destroy_all(&conn.wait(schema::erasures(&conn, &self.header.jurisdiction))?)?;
        }
        set_durability(&conn, self.planted)?;
        self.conn = Some(conn);
        self.poisoned = false;
        Ok(self.head.clone())
    }

    fn sign_head(&mut self) -> Result<SignedHead, Fault> {
        let mut signed = None;
        self.change_head(|conn, header, signing, head| {
            if !head.is_signed() {
                sign(conn, header, signing, head, false)?;
            }
            signed.clone_from(&head.signed);
            Ok(())
        })?;
        let signed = signed.expect("signed above, or before");
        Ok(SignedHead::new(&self.header, &signed, &self.signing.signer.public_key()))
    }

    fn start_epoch(&mut self, reason: &str) -> Result<Head, Fault> {
        self.change_head(|conn, header, signing, head| {
            start_epoch(conn, header, signing, head, reason, None)
        })?;
        let conn = self.conn()?;
        let found = conn.wait(schema::head(conn, &self.header.jurisdiction))?;
        if let Some((head, _)) = found {
            self.head = head;
        }
        self.tell_others();
        Ok(self.head.clone())
    }

    fn log(&self) -> Arc<dyn Log> {
        Arc::clone(&self.log) as Arc<dyn Log>
    }

    fn snapshots(&self) -> Snapshots {
        Snapshots::new(self.log.snapshots_dir(), self.header.clone(), Arc::clone(&self.signing.signer))
    }

    fn close(mut self: Box<Self>) -> Result<Head, Fault> {
        let mut closed = self.head.clone();
        self.change_head(|conn, header, signing, head| {
            if !head.is_signed() {
                sign(conn, header, signing, head, true)?;
            }
            closed.clone_from(head);
            Ok(())
        })?;
        Ok(closed)
    }
}

impl PostgresJournal {
    /// On a fresh connection, under the head's lock, which waits until a commit of unknown outcome is over one way or
    /// the other: checks the end of the chain, signs what a crash left unsigned, and begins an epoch where the history
    /// is another server's (a standby was promoted, a dump restored) or where one is asked for.
    fn settle(
        &mut self,
        conn: &Conn,
        why_new_epoch: Option<&str>,
        known: Option<&Head>,
    ) -> Result<Head, Fault> {
        let jurisdiction = self.header.jurisdiction.clone();
        let cluster = conn.wait(async { Ok(schema::cluster(conn).await) })?;
        let (mut head, written_in) = lock_head(conn, &jurisdiction)?;
        self.check_head(conn, &head)?;
        let epochs = conn.wait(schema::epochs(conn, &jurisdiction))?;
        let key = epochs.last().map(|epoch| &epoch.public_key);
        let is_ours = key == Some(&self.signing.signer.public_key());
        let was_moved = written_in.is_some() && cluster.is_some() && written_in != cluster;
        let follows = known.is_none_or(|known| {
            known.epoch != head.epoch || check_follows(conn, &jurisdiction, known, &head).is_ok()
        });
        let reason = why_new_epoch.or(was_moved.then_some("promoted or restored"));
        let reason = reason.or((!follows).then_some("head moved"));
        match reason {
            Some(reason) if is_ours || why_new_epoch.is_some() => {
                start_epoch(conn, &self.header, &mut self.signing, &mut head, reason, cluster.as_deref())?;
            }
            _ if !is_ours => return Err(Fault::SigningKey { path: crate::keys::secret_path(&self.keys) }),
            _ => {
                if !head.is_signed() {
                    sign(conn, &self.header, &mut self.signing, &mut head, true)?;
                }
                if written_in.is_none() && cluster.is_some() {
                    conn.wait(async {
                        let noted = "UPDATE muster.heads SET cluster = $2 WHERE jurisdiction = $1";
                        conn.client().execute(noted, &[&jurisdiction, &cluster]).await
                    })?;
                }
            }
        }
        conn.wait(conn.client().batch_execute("COMMIT"))?;
        Ok(head)
    }

    /// A look at the last entry and the last signature. The whole chain is `verify`'s to check.
    fn check_head(&self, conn: &Conn, head: &Head) -> Result<(), Fault> {
        let jurisdiction = &self.header.jurisdiction;
        let last = conn.wait(async {
            let select = conn.prepared(log::LAST_ENTRY).await?;
            conn.client().query_opt(&select, &[jurisdiction, &i64::MAX]).await
        })?;
        match &last {
            None if head.seq == 0 && head.hash == self.header.genesis() => {}
            None => return Err(Broken { seq: 0, why: Why::Tail { head: head.seq, found: 0 } }.into()),
            Some(row) => {
                let entry = log::entry_of(jurisdiction, row);
                if entry.seq != head.seq {
                    let why = Why::Tail { head: head.seq, found: entry.seq };
                    return Err(Broken { seq: entry.seq.min(head.seq), why }.into());
                }
                let hash = entry_hash(self.suite, &mut Vec::new(), &entry);
                if hash != entry.hash || hash != head.hash || entry.time_ms != head.time_ms {
                    return Err(Broken { seq: entry.seq, why: Why::Hash }.into());
                }
            }
        }
        if let Some(signed) = &head.signed {
            let message = self.header.head_message(signed.epoch, signed.seq, signed.hash, signed.time_ms);
            let epochs = conn.wait(schema::epochs(conn, jurisdiction))?;
            let key = epochs.iter().find(|epoch| epoch.epoch == signed.epoch).map(|epoch| &epoch.public_key);
            if !key.is_some_and(|key| self.suite.is_signed(key, &message, &signed.signature)) {
                return Err(Broken { seq: signed.seq, why: Why::Signature { epoch: signed.epoch } }.into());
            }
        }
        Ok(())
    }
}

/// A planted fault lets commits not wait for the disk.
fn set_durability(conn: &Conn, planted: Planted) -> Result<(), Fault> {
    if planted == Planted::SkipFsync {
        conn.wait(conn.client().batch_execute("SET synchronous_commit = off"))?;
    }
    Ok(())
}

/// Signs the head in the running transaction.
fn sign(
    conn: &Conn,
    header: &Header,
    signing: &mut Signing,
    head: &mut Head,
    keep: bool,
) -> Result<(), Fault> {
    let signed = signing.signature(header, head);
    conn.wait(async {
        let update = conn
            .prepared(
                "UPDATE muster.heads SET epoch = $2, signed_epoch = $2, signed_seq = $3, signed_hash = $4,
                    signed_time_ms = $5, signature = $6 WHERE jurisdiction = $1 AND seq = $3 AND hash = $4",
            )
            .await?;
        let (epoch, seq) = (to_sql(signed.epoch), to_sql(signed.seq));
        conn.client()
            .execute(
                &update,
                &[
                    &header.jurisdiction,
                    &epoch,
                    &seq,
                    &signed.hash.0.as_slice(),
                    &signed.time_ms,
                    &signed.signature,
                ],
            )
            .await?;
        if keep {
            schema::insert_signed_head(conn, &header.jurisdiction, &signed).await?;
        }
        Ok(())
    })?;
    signing.signed(keep);
    head.signed = Some(signed);
    Ok(())
}

/// Ends the epoch and begins the next, in the running transaction, with a kept signature.
fn start_epoch(
    conn: &Conn,
    header: &Header,
    signing: &mut Signing,
    head: &mut Head,
    reason: &str,
    cluster: Option<&str>,
) -> Result<(), Fault> {
    head.epoch = u64::try_from(crate::sqlite::now_ms()).unwrap_or(0).max(head.epoch + 1);
    let epoch = Epoch {
        epoch: head.epoch,
        after_seq: head.seq,
        after_hash: head.hash,
        reason: reason.to_owned(),
        public_key: signing.signer.public_key(),
    };
    conn.wait(schema::insert_epoch(conn, &header.jurisdiction, &epoch))?;
    if let Some(cluster) = cluster {
        conn.wait(async {
            let noted = "UPDATE muster.heads SET cluster = $2 WHERE jurisdiction = $1";
            conn.client().execute(noted, &[&header.jurisdiction, &cluster]).await
        })?;
    }
    sign(conn, header, signing, head, true)
}
