//! What other nodes do: told by NOTIFY at once, and found by looking where nobody told.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sha2::Digest as _;
use tokio::sync::mpsc::{self, UnboundedReceiver};

use super::database::{Conn, Database, send, wait};
use crate::entry::to_hex;
use crate::fault::Fault;

/// The time is asked again when it was asked longer ago.
const ASK_AFTER: Duration = Duration::from_millis(900);
const JOURNAL: &str = "journal";
const OTHER: &str = "other";

/// The database's time, which is every node's: asked for once a second, and reckoned on between by a clock that nobody
/// sets. It is never ahead of the database's, and never goes back.
pub struct DatabaseClock {
    read: Mutex<(i64, Instant)>,
    last: AtomicI64,
}

impl DatabaseClock {
    pub(super) fn begin(database: &Database) -> Result<Self, Fault> {
        let read = database.run(async |conn| read(conn).await)?;
        Ok(Self { read: Mutex::new(read), last: AtomicI64::new(i64::MIN) })
    }

    /// UTC milliseconds.
    pub fn now_ms(&self) -> i64 {
        let (then_ms, then) = *self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = i64::try_from(then.elapsed().as_millis()).unwrap_or(i64::MAX);
        let now = then_ms.saturating_add(passed);
        self.last.fetch_max(now, Ordering::AcqRel).max(now)
    }

    fn set(&self, read: (i64, Instant)) {
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = read;
    }
}

/// The moment after the answer goes with the time in it: the reckoned time is late by the way back, never early.
async fn read(conn: &Conn) -> Result<(i64, Instant), tokio_postgres::Error> {
    let now = conn.prepared("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::int8").await?;
    let row = conn.client().query_one(&now, &[]).await?;
    Ok((row.get(0), Instant::now()))
}

impl Database {
    /// Its time, UTC milliseconds.
    pub fn now_ms(&self) -> Result<i64, Fault> {
        Ok(self.run(async |conn| read(conn).await)?.0)
    }
}

/// One node's ear and voice: what it tells itself it does not hear.
#[derive(Clone)]
pub struct Voice {
    channel: String,
    node: String,
    conn: Arc<Mutex<Option<Arc<Conn>>>>,
}

impl Voice {
    pub(super) fn new(jurisdiction: &str) -> Self {
        let digest = sha2::Sha256::digest(jurisdiction.as_bytes());
        let channel = format!("muster_{}", to_hex(&digest[..8]));
        let node = to_hex(&crate::keys::random_key::<8>());
        Self { channel, node, conn: Arc::default() }
    }

    /// Tells the other nodes that the journal has grown; who does not hear it looks within a second.
    pub(super) fn tell_of_journal(&self) {
        self.tell(JOURNAL);
    }

    /// Tells the other nodes that something beside the journal has changed, such as a session that was ended.
    pub fn tell_of_other(&self) {
        self.tell(OTHER);
    }

    fn tell(&self, what: &str) {
        let conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(conn) = conn {
            let told = format!("NOTIFY {}, '{} {what}'", self.channel, self.node);
            send(conn.client().batch_execute(&told));
        }
    }
}

/// What was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Heard {
    /// The journal may have grown.
    pub journal: bool,
    /// Something beside it has changed.
    pub other: bool,
}

/// Listens, on a connection of its own.
pub struct Watch {
    database: Arc<Database>,
    voice: Voice,
    clock: Arc<DatabaseClock>,
    told: Option<UnboundedReceiver<String>>,
    /// When the time was asked last.
    asked: Option<Instant>,
}

impl Watch {
    pub(super) fn new(database: Arc<Database>, voice: Voice, clock: Arc<DatabaseClock>) -> Self {
        Self { database, voice, clock, told: None, asked: None }
    }

    /// Waits until another node tells something, or the patience is over: then all is to be looked at. Also asks the
    /// time.
    pub fn wait(&mut self, patience: Duration) -> Heard {
        let everything = Heard { journal: true, other: true };
        let begun = Instant::now();
        if self.told.is_none()
            && let Err(error) = self.listen()
        {
            tracing::debug!(%error, "the other nodes cannot be heard");
            std::thread::sleep(patience.saturating_sub(begun.elapsed()));
            return everything;
        }
        if self.asked.is_none_or(|asked| asked.elapsed() >= ASK_AFTER) {
            self.ask_the_time();
        }
        loop {
            let Some(told) = &mut self.told else { return everything };
            match wait(told.recv(), patience.saturating_sub(begun.elapsed())) {
                Some(Some(first)) => {
                    let mut heard = Heard::default();
                    self.voice.hear(&first, &mut heard);
                    while let Ok(more) = told.try_recv() {
                        self.voice.hear(&more, &mut heard);
                    }
                    if heard != Heard::default() {
                        return heard;
                    }
                }
                Some(None) => self.forget(),
                None => return everything,
            }
        }
    }

    fn listen(&mut self) -> Result<(), Fault> {
        let (sender, told) = mpsc::unbounded_channel();
        let conn = self.database.connect(Some(sender))?;
        // What is told is no truth: nobody waits for a disk on its account.
        let listen = format!("SET synchronous_commit = off; LISTEN {}", self.voice.channel);
        conn.wait(conn.client().batch_execute(&listen))?;
        *self.voice.conn.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(conn));
        self.told = Some(told);
        Ok(())
    }

    fn ask_the_time(&mut self) {
        let conn = self.voice.conn.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(conn) = conn else { return };
        match conn.wait(read(&conn)) {
            Ok(read) => {
                self.asked = Some(read.1);
                self.clock.set(read);
            }
            Err(error) => {
                tracing::debug!(%error, "the database does not tell the time");
                self.forget();
            }
        }
    }

    fn forget(&mut self) {
        self.told = None;
        *self.voice.conn.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Voice {
    fn hear(&self, told: &str, heard: &mut Heard) {
        match told.split_once(' ') {
            Some((node, _)) if node == self.node => {}
            Some((_, JOURNAL)) => heard.journal = true,
            Some((_, OTHER)) => heard.other = true,
            _ => {}
        }
    }
}
