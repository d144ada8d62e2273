//! Connections to the database, driven by one thread of their own, asked by any thread that may block.
//!
//! Several hosts may stand in the address; the one that can be written is taken. A call never waits without a bound:
//! the server ends what takes too long, and we give up a little later where the server itself is gone.

use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio_postgres::config::{Host, TargetSessionAttrs};
use tokio_postgres::error::Severity;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Statement};

use crate::fault::Fault;

/// Longest that one host is waited for when a connection is opened.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// Longest that the other side may stay silent to what was sent, where the system can tell.
const TCP_LIMIT: Duration = Duration::from_secs(5);
/// The server ends a statement that takes longer, milliseconds.
const STATEMENT_MS: u64 = 15_000;
/// The server ends a wait for a lock, milliseconds: longer than a frozen node can hold one.
const LOCK_MS: u64 = 8_000;
/// The server ends a session that holds a transaction open and says nothing, milliseconds: a node that was frozen
/// holds nobody up for longer, and finds its transaction gone when it wakes.
const IDLE_IN_TRANSACTION_MS: u64 = 3_000;
/// Longest that an answer is waited for: the server should have ended the statement before.
const ANSWER_LIMIT: Duration = Duration::from_secs(20);
/// Most connections that read at once; a further reader waits for one of them.
const READERS_MAX: usize = 8;

/// A database that nodes share.
pub struct Database {
    config: Config,
    /// `None` only while it is being dropped.
    runtime: Option<Runtime>,
    pool: Mutex<Pool>,
    freed: Condvar,
    /// Grows when connections that were opened before are not to be trusted any more.
    generation: AtomicU64,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Conn>,
    out: usize,
}

/// One connection.
pub struct Conn {
    client: Client,
    statements: Mutex<HashMap<&'static str, Statement>>,
    /// The server warned about something since this was last looked at.
    warned: Arc<AtomicBool>,
    generation: u64,
}

impl Database {
    /// At `postgres://user:password@host,host/database`. Nothing is connected yet.
    pub fn new(address: &str) -> Result<Arc<Self>, Fault> {
        let unusable = |why: String| Fault::Address { why };
        let mut config: Config = address.parse().map_err(|error: tokio_postgres::Error| {
            let cause =
                std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
            unusable(format!("{error}{cause}"))
        })?;
        if config.get_hosts().is_empty() {
            return Err(unusable("it names no host".to_owned()));
        }
        if config.get_ssl_mode() == tokio_postgres::config::SslMode::Require {
            return Err(unusable("it asks for TLS (sslmode=require), which this build does not speak with a database: use a socket, or a tunnel that does".to_owned()));
        }
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        config.connect_timeout(CONNECT_LIMIT).tcp_user_timeout(TCP_LIMIT).keepalives_idle(TCP_LIMIT);
        if config.get_application_name().is_none() {
            config.application_name("muster");
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build()
            .map_err(|error| Fault::Server { why: format!("no thread for its connections: {error}") })?;
        let (pool, freed, generation) = (Mutex::default(), Condvar::new(), AtomicU64::new(0));
        Ok(Arc::new(Self { config, runtime: Some(runtime), pool, freed, generation }))
    }

    /// The hosts and the database, without user and password.
    pub fn name(&self) -> String {
        let hosts: Vec<String> = self.config.get_hosts().iter().map(host_name).collect();
        format!("{}/{}", hosts.join(","), self.config.get_dbname().unwrap_or_default())
    }

    /// Opens a connection that can write, with the limits of the journal. What is notified goes to `notified`.
    pub(super) fn connect(&self, notified: Option<mpsc::UnboundedSender<String>>) -> Result<Conn, Fault> {
        let runtime = self.runtime.as_ref().expect("taken out only when dropped");
        let config = self.config.clone();
        let generation = self.generation.load(Ordering::Acquire);
        let opening = runtime.spawn(async move { open(&config, notified, generation).await });
        let hosts = u32::try_from(self.config.get_hosts().len()).unwrap_or(1);
        match wait(opening, ANSWER_LIMIT + CONNECT_LIMIT * hosts) {
            Some(Ok(opened)) => opened,
            Some(Err(ended)) => Err(Fault::Server { why: format!("opening a connection ended: {ended}") }),
            None => Err(Fault::Server { why: "it does not answer".to_owned() }),
        }
    }

    /// Runs reading (or one statement that may be repeated) on a connection of the pool; once more where the
    /// connection turns out to be dead.
    pub fn run<T>(&self, work: impl AsyncFn(&Conn) -> Result<T, tokio_postgres::Error>) -> Result<T, Fault> {
        let lent = Lent::take(self)?;
        match lent.conn().wait(work(lent.conn())) {
            Err(Fault::Postgres(error)) if error.is_closed() || lent.conn().client.is_closed() => {
                drop(lent);
                let lent = Lent::take(self)?;
                lent.conn().wait(work(lent.conn()))
            }
            done => done,
        }
    }

    /// Connections that were opened before are used no more: what they see may be another server's past.
    pub(super) fn outdate(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        self.pool.lock().unwrap_or_else(PoisonError::into_inner).idle.clear();
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background(); // may be dropped where blocking is not allowed
        }
    }
}

fn host_name(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(path) => path.display().to_string(),
    }
}

async fn open(
    config: &Config,
    notified: Option<mpsc::UnboundedSender<String>>,
    generation: u64,
) -> Result<Conn, Fault> {
    let (client, mut connection) = config.connect(NoTls).await?;
    let warned = Arc::new(AtomicBool::new(false));
    let warns = Arc::clone(&warned);
    tokio::spawn(async move {
        loop {
            match std::future::poll_fn(|cx| connection.poll_message(cx)).await {
                Some(Ok(AsyncMessage::Notification(told))) => {
                    if let Some(notified) = &notified {
                        let _ = notified.send(told.payload().to_owned()); // nobody may listen any more
                    }
                }
                Some(Ok(AsyncMessage::Notice(notice))) => {
                    if notice.parsed_severity() == Some(Severity::Warning) {
                        warns.store(true, Ordering::Release);
                        tracing::warn!(notice = notice.message(), "the database server warns");
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    tracing::debug!(%error, "a connection to the database ended");
                    return;
                }
                None => return,
            }
        }
    });
    client
        .batch_execute(&format!(
            "SET statement_timeout = {STATEMENT_MS}; SET lock_timeout = {LOCK_MS};
             SET idle_in_transaction_session_timeout = {IDLE_IN_TRANSACTION_MS};
             SET default_transaction_isolation = 'read committed'; SET client_min_messages = 'warning'"
        ))
        .await?;
    Ok(Conn { client, statements: Mutex::default(), warned, generation })
}

impl Conn {
    /// The statement, prepared once for this connection.
    pub async fn prepared(&self, sql: &'static str) -> Result<Statement, tokio_postgres::Error> {
        let known = self.statements.lock().unwrap_or_else(PoisonError::into_inner).get(sql).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let prepared = self.client.prepare(sql).await?;
        self.statements.lock().unwrap_or_else(PoisonError::into_inner).insert(sql, prepared.clone());
        Ok(prepared)
    }

    /// The client behind it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Waits for an answer, within the limit; nobody knows how what takes longer ended.
    pub(super) fn wait<T>(
        &self,
        work: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Fault> {
        if let Some(answer) = wait(work, ANSWER_LIMIT) {
            return Ok(answer?);
        }
        self.warned.store(true, Ordering::Release); // it is not used again
        Err(Fault::Server { why: format!("no answer within {} s", ANSWER_LIMIT.as_secs()) })
    }

    /// Did the server warn of something since this was last asked?
    pub(super) fn was_warned(&self) -> bool {
        self.warned.swap(false, Ordering::AcqRel)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }
}

/// A connection of the pool; goes back when dropped.
struct Lent<'p> {
    database: &'p Database,
    conn: Option<Conn>,
}

impl<'p> Lent<'p> {
    fn take(database: &'p Database) -> Result<Self, Fault> {
        let mut pool = database.pool.lock().unwrap_or_else(PoisonError::into_inner);
        while pool.out >= READERS_MAX {
            pool = database.freed.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        pool.idle.retain(|conn| !conn.is_closed());
        let idle = pool.idle.pop();
        pool.out += 1;
        drop(pool);
        // From here on the place is given back when this is dropped, also if opening fails.
        let mut lent = Self { database, conn: idle };
        if lent.conn.is_none() {
            lent.conn = Some(database.connect(None)?);
        }
        Ok(lent)
    }

    fn conn(&self) -> &Conn {
        self.conn.as_ref().expect("taken out only when dropped")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let generation = self.database.generation.load(Ordering::Acquire);
        let mut pool = self.database.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.out -= 1;
        let is_good = |conn: &Conn| !conn.is_closed() && conn.generation == generation && !conn.was_warned();
        pool.idle.extend(self.conn.take().filter(is_good));
        drop(pool);
        self.database.freed.notify_one();
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future on this thread, which sleeps meanwhile; `None` when the time is up. The connections are driven by
/// their own thread, so this may be called anywhere that may block.
pub(super) fn wait<T>(future: impl Future<Output = T>, limit: Duration) -> Option<T> {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let until = Instant::now() + limit;
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
            return Some(done);
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        std::thread::park_timeout(left);
    }
}

/// Sends a request and does not wait for its answer.
pub(super) fn send<T>(future: impl Future<Output = T>) {
    let mut future = pin!(future);
    let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
}
