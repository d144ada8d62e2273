//! The node without its doors: journal, writer, live hub and clock, started together and stopped together.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use domain::types::Time;
use domain::{Actor, State, Told};
use journal::postgres::{Database, PostgresOptions, Voice, Watch};
use journal::{Journal, OpenOptions, SqliteJournal, Vault, WalWatch};
use tokio::sync::watch;

use crate::clock::{self, Clock, Touched};
use crate::desk::{ActError, Desk, Queue, Receipt};
use crate::fold::{self, FoldFault, SharedLog};
use crate::hash::sha256;
use crate::limits;
use crate::live::{ChangeText, Changes, Live};
use crate::metrics::{Gauges, Metrics};
use crate::now::Now;
use crate::published::{Position, Published, Publisher};
use crate::snapshot::Snapshotter;
use crate::writer::Writer;

pub use crate::writer::Planted;

/// How an engine is started.
pub struct EngineOptions {
    /// The node's data directory.
    pub data: PathBuf,
    /// Where the keys lie; `data/keys` where absent.
    pub keys: Option<PathBuf>,
    /// The database that holds the journal; a file in `data` where absent.
    pub database: Option<Arc<Database>>,
    /// Code of the jurisdiction: `371082`.
    pub jurisdiction: String,
    /// The algorithms of a journal that is begun; one that is there must have them, where they are said.
    pub suite: Option<&'static dyn journal::Suite>,
    /// The clock; with a database, the time is the database's.
    pub now: Now,
    /// Makes the text of a change for the live stream.
    pub change: Box<ChangeText>,
    /// Entries between two snapshots; the named limit where absent.
    pub snapshot_entries: Option<u64>,
    /// A fault of the journal planted by a test, instead of asking the environment.
    pub journal_fault: Option<journal::Planted>,
    /// A fault of the writer planted by a test.
    pub writer_fault: Option<Planted>,
}

impl EngineOptions {
    /// With the machine's clock and nothing planted.
    pub fn new(data: impl Into<PathBuf>, jurisdiction: impl Into<String>, change: Box<ChangeText>) -> Self {
        Self {
            data: data.into(),
            keys: None,
            database: None,
            jurisdiction: jurisdiction.into(),
            suite: None,
            now: Now::system(),
            change,
            snapshot_entries: None,
            journal_fault: None,
            writer_fault: None,
        }
    }
}

/// Why a node does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    /// The journal cannot be opened.
    #[error("the journal cannot be opened")]
    Journal(#[from] journal::Fault),
    /// Its entries cannot be folded.
    #[error("the journal cannot be folded")]
    Fold(#[from] FoldFault),
    /// No thread.
    #[error("a thread of the node cannot be started")]
    Thread(#[source] std::io::Error),
}

/// The running parts that handlers share.
pub struct Engine {
    /// The one way in.
    pub desk: Desk,
    /// The journal's readers' side.
    pub log: SharedLog,
    /// The live stream.
    pub live: Live,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// The clock.
    pub now: Now,
    pub(crate) publisher: Arc<Publisher>,
    touched: Arc<Touched>,
    /// Of a journal in a file.
    wal: Option<WalWatch>,
    /// Of a journal in a database.
    voice: Option<Voice>,
    /// Counts what other nodes told of things beside the journal.
    others: watch::Receiver<u64>,
}

/// An engine with the threads that it runs on.
pub struct Running {
    /// The shared parts.
    pub engine: Engine,
    queue: Arc<Queue>,
    changes: Changes,
    writer: JoinHandle<Result<(), journal::Fault>>,
    hub: JoinHandle<()>,
    clock: Option<tokio::task::JoinHandle<()>>,
    ends: Arc<AtomicBool>,
    /// The entry of the snapshot that the start began with; 0 without.
    pub from_snapshot: u64,
}

/// Opens the journal, folds it, and starts the writer and the live hub. The clock is started by [`Running::tick`].
pub fn start(options: EngineOptions) -> Result<Running, StartFault> {
    let planted = options.writer_fault.map_or_else(Planted::from_environment, Ok)?;
    let Opened { journal, wal, ear, now } = open(&options)?;
    let (log, snapshots) = (journal.log(), journal.snapshots());
    let fold::Folded { state, head, from_snapshot } = fold::fold(&*log, &snapshots)?;
    let behind_ms = clock::behind_ms(now.now(), head.time_ms);
    if behind_ms > 0 {
        tracing::warn!(
            behind_ms,
            "the machine's clock is behind the newest entry: entries keep its time until it catches up"
        );
    }
    let at = Position { epoch: head.epoch, seq: head.seq };
    let publisher = Arc::new(Publisher::new(Published { state: Arc::new(state.clone()), at }));
    let (queue, metrics) = (Arc::new(Queue::new()), Arc::new(Metrics::default()));
    metrics.newest_entry(head.time_ms);
    let (changes, touched) = (Changes::default(), Arc::new(Touched::default()));
    let writer = Writer {
        journal,
        log: Arc::clone(&log),
        queue: Arc::clone(&queue),
        publisher: Arc::clone(&publisher),
        changes: changes.clone(),
        touched: Arc::clone(&touched),
        snapshots: Snapshotter::new(Arc::clone(&log), snapshots, from_snapshot, options.snapshot_entries),
        metrics: Arc::clone(&metrics),
        now: now.clone(),
        state,
        head,
        shared: ear.is_some(),
        planted,
    };
    let live = Live::new(
        Arc::clone(&publisher),
        Arc::clone(&log),
        Arc::clone(&metrics),
        now.clone(),
        options.change,
    );
    let hub_live = live.clone();
    let hub_changes = changes.clone();
    let hub = thread("live", move || hub_live.run(&hub_changes))?;
    let shut = Arc::clone(&queue);
    let writer = thread("writer", move || {
        let ended = writer.run();
        shut.close();
        ended
    })?;
    let (ends, voice) = (Arc::new(AtomicBool::new(false)), ear.as_ref().map(|ear| ear.1.clone()));
    let (told, others) = watch::channel(0);
    if let Some((ear, _)) = ear {
        let (queue, ends) = (Arc::clone(&queue), Arc::clone(&ends));
        thread("ear", move || hear(ear, &queue, &told, &ends))?;
    }
    let desk = Desk::new(Arc::clone(&queue));
    let engine = Engine { desk, log, live, metrics, now, publisher, touched, wal, voice, others };
    Ok(Running { engine, queue, changes, writer, hub, clock: None, ends, from_snapshot })
}

/// A journal, and what goes with where it lies.
struct Opened {
    journal: Box<dyn Journal>,
    wal: Option<WalWatch>,
    ear: Option<(Watch, Voice)>,
    now: Now,
}

fn open(options: &EngineOptions) -> Result<Opened, journal::Fault> {
    let Some(database) = &options.database else {
        let mut open =
            OpenOptions::new(&options.data, &options.jurisdiction).create(true).suite(options.suite);
        if let Some(keys) = &options.keys {
            open = open.keys(keys);
        }
        if let Some(fault) = options.journal_fault {
            open = open.plant(fault);
        }
        let journal = patiently(&open)?;
        let wal = Some(journal.wal_watch());
        return Ok(Opened { journal: Box::new(journal), wal, ear: None, now: options.now.clone() });
    };
    let mut open = PostgresOptions::new(database, &options.data, &options.jurisdiction)
        .create(true)
        .suite(options.suite);
    if let Some(keys) = &options.keys {
        open = open.keys(keys);
    }
    if let Some(fault) = options.journal_fault {
        open = open.plant(fault);
    }
    let journal = open.open()?;
    let clock = journal.clock();
    let now = Now::from_fn(move || Time(clock.now_ms()));
    let ear = Some((journal.watch(), journal.voice()));
    Ok(Opened { journal: Box::new(journal), wal: None, ear, now })
}

/// Listens to the other nodes until the engine ends.
fn hear(mut ear: Watch, queue: &Queue, told: &watch::Sender<u64>, ends: &AtomicBool) {
    while !ends.load(Ordering::Acquire) {
        let heard = ear.wait(Duration::from_secs(limits::FOLLOW_S));
        if heard.journal {
            queue.follow();
        }
        if heard.other {
            told.send_modify(|count| *count += 1);
        }
    }
}

/// Opens the journal; while a backup or a verification reads in it, that is told, and the opening tried again.
fn patiently(open: &OpenOptions) -> Result<SqliteJournal, journal::Fault> {
    loop {
        match open.open() {
            Err(fault @ journal::Fault::BeingRead { .. }) => {
                tracing::warn!(error = %fault, "the start waits");
            }
            opened => return opened,
        }
    }
}

fn thread<T: Send + 'static>(
    name: &str,
    run: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, StartFault> {
    std::thread::Builder::new().name(name.to_owned()).spawn(run).map_err(StartFault::Thread)
}

impl Running {
    /// Starts the clock on the runtime that calls this.
    pub fn tick(&mut self) {
        let Engine { desk, publisher, touched, now, .. } = &self.engine;
        let clock = Clock::new(desk.clone(), Arc::clone(publisher), Arc::clone(touched), now.clone());
        self.clock = Some(tokio::spawn(clock.run()));
    }

    /// What stops the threads, apart from the parts that are shared.
    pub fn split(self) -> (Engine, Stopper) {
        let Self { engine, queue, changes, writer, hub, clock, ends, .. } = self;
        (engine, Stopper { queue, changes, writer, hub, clock, courier: None, ends })
    }

    /// Stops: see [`Stopper::stop`].
    pub fn stop(self) -> Result<(), journal::Fault> {
        self.split().1.stop()
    }
}

/// Ends an engine.
pub struct Stopper {
    queue: Arc<Queue>,
    changes: Changes,
    writer: JoinHandle<Result<(), journal::Fault>>,
    hub: JoinHandle<()>,
    clock: Option<tokio::task::JoinHandle<()>>,
    /// Sends nothing more once the node stops; what waits is sent when it is back.
    pub(crate) courier: Option<tokio::task::JoinHandle<()>>,
    ends: Arc<AtomicBool>,
}

impl Stopper {
    /// Takes no more acts; those that wait are done.
    pub fn refuse(&self) {
        if let Some(clock) = &self.clock {
            clock.abort();
        }
        if let Some(courier) = &self.courier {
            courier.abort();
        }
        self.ends.store(true, Ordering::Release);
        self.queue.close();
    }

    /// Takes no more acts, finishes those that wait, ends the streams, signs the head, leaves a snapshot and closes
    /// the journal. Blocks.
    pub fn stop(self) -> Result<(), journal::Fault> {
        self.refuse();
        let ended = self.writer.join();
        self.changes.close();
        if self.hub.join().is_err() {
            tracing::error!("the live hub had panicked");
        }
        ended.unwrap_or_else(|_| {
            tracing::error!("the writer had panicked");
            Ok(())
        })
    }
}

impl Engine {
    /// The committed state.
    pub fn published(&self) -> Arc<State> {
        Arc::clone(&self.publisher.load().state)
    }

    /// The committed state and where it stands.
    pub fn published_at(&self) -> Arc<Published> {
        self.publisher.load()
    }

    /// The vault of personal data.
    pub fn vault(&self) -> Option<Arc<Vault>> {
        self.log.vault().cloned()
    }

    /// Tells the other nodes that something beside the journal has changed, such as a session that was ended.
    pub fn tell_others(&self) {
        if let Some(voice) = &self.voice {
            voice.tell_of_other();
        }
    }

    /// Counts what the other nodes told of things beside the journal.
    pub fn others(&self) -> watch::Receiver<u64> {
        self.others.clone()
    }

    /// An act of the node itself, such as its first one.
    pub async fn act_as_node(&self, key: &str, act: impl Into<domain::Act>) -> Result<Receipt, ActError> {
        let hash = sha256(key.as_bytes());
        self.desk.act(Actor::clock(), key.to_owned(), hash, Told::default(), act).await
    }

    /// Figures as of now.
    pub fn gauges(&self) -> Gauges {
        let published = self.publisher.load();
        let wal = self.wal.as_ref().map(WalWatch::health);
        let behind_ms = clock::behind_ms(self.now.now(), self.metrics.newest_entry_ms());
        Gauges {
            seq: published.at.seq,
            waiting: self.desk.waiting(),
            incidents: published.state.incidents.len(),
            streams: self.live.streams(),
            deadlines: self.touched.armed(),
            ready: self.desk.is_ready(),
            wal_pages: wal.as_ref().map_or(0, |wal| wal.pages),
            wal_fault: wal.is_some_and(|wal| wal.fault.is_some()),
            clock_behind_ms: u64::try_from(behind_ms).unwrap_or(0),
        }
    }
}
