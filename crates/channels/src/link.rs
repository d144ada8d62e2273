//! A lasting connection to a peer: sign in, send and wait for answers by number, take what comes, test the silence, open
//! it anew when it broke.
//!
//! The protocols (CMPP, SMPP, MQTT) are [`Dialect`]s: they turn octets into meaning and never wait or open anything, so
//! that a test can feed them whatever a peer may say.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};

use crate::channel::{Brought, Inbound, Kind, Received, SendFault};
use crate::dial::{Dialer, Io, Peer};
use crate::limits::{
    CONNECT_LIMIT, FRAME_BYTES, LINK_ANSWER_LIMIT, LINK_QUEUE, LINK_REST, LINK_REST_MAX, LINK_TAKEN_LIMIT,
    LINK_TESTS, LINK_UNTAKEN,
};

/// A protocol's words.
pub trait Dialect: Send + 'static {
    /// One thing that is sent and answered.
    type Ask: Send + 'static;

    /// The largest number of a frame; after it they begin again at 1.
    const LAST_NUMBER: u32;

    /// Does the peer send again by itself what was not acknowledged? Else it does on the next connection only, and this
    /// one is ended.
    const REPEATS: bool = true;

    /// A new connection: forget the old one and sign in.
    fn hello(&mut self, number: u32, out: &mut Vec<u8>);

    /// The connection is gone; until the next `hello` nothing is heard.
    fn lost(&mut self) {}

    /// The first whole frame in what was received, with its length; `None` if more is needed. A peer that cannot be
    /// understood is an error, after which the connection ends.
    fn hear(&mut self, received: &[u8]) -> Result<Option<(usize, Heard)>, String>;

    fn ask(&mut self, number: u32, ask: &Self::Ask, out: &mut Vec<u8>);

    /// A sign of life that the peer answers.
    fn test(&mut self, number: u32, out: &mut Vec<u8>);

    fn farewell(&mut self, number: u32, out: &mut Vec<u8>);
}

/// What a frame means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// We are signed in.
    Welcome,
    /// We are not let in.
    TurnedAway(SendFault),
    /// An answer to the ask of this number: what the peer calls it.
    Answer { number: u32, outcome: Result<String, SendFault> },
    /// Something to pass on, and what to say once it was.
    Said { what: Option<Inbound>, thanks: Vec<u8> },
    /// A sign of life, and what to say to it.
    Sign(Vec<u8>),
    /// The peer ends the connection.
    Goodbye(Vec<u8>),
}

type Outcome = Result<String, SendFault>;

struct Job<A> {
    ask: A,
    done: oneshot::Sender<Outcome>,
}

/// The near end of a link; dropping it says goodbye to the peer.
pub(crate) struct Link<A> {
    jobs: mpsc::Sender<Job<A>>,
}

impl<A: Send + 'static> Link<A> {
    /// What the peer answers. The caller sets the limit of time.
    pub(crate) async fn ask(&self, ask: A) -> Outcome {
        let (done, outcome) = oneshot::channel();
        let full = |_| SendFault::Throttled { retry_after: Duration::from_secs(1) };
        self.jobs.try_send(Job { ask, done }).map_err(full)?;
        outcome.await.unwrap_or_else(|_| Err(SendFault::unreachable("the connection has ended")))
    }
}

/// Where a link leads and what it is called.
pub(crate) struct LinkSettings {
    pub(crate) name: Arc<str>,
    pub(crate) kind: Kind,
    pub(crate) peer: Peer,
    /// Unanswered asks at one time.
    pub(crate) window: usize,
    /// Silence before a test.
    pub(crate) test: Duration,
}

/// Opens a link and keeps it open, in a task of its own.
pub(crate) fn open<D: Dialect>(
    dialect: D,
    settings: LinkSettings,
    dialer: Dialer,
    inbound: mpsc::Sender<Brought>,
) -> Link<D::Ask> {
    let (jobs, received) = mpsc::channel(LINK_QUEUE);
    let keeper = Keeper { dialect, settings, dialer, inbound, jobs: received, number: 0 };
    tokio::spawn(keeper.keep());
    Link { jobs }
}

struct Keeper<D: Dialect> {
    dialect: D,
    settings: LinkSettings,
    dialer: Dialer,
    inbound: mpsc::Sender<Brought>,
    jobs: mpsc::Receiver<Job<D::Ask>>,
    number: u32,
}

/// One connection.
struct Wire {
    io: Box<dyn Io>,
    received: Vec<u8>,
}

/// Why a connection is no more.
enum End {
    /// The node needs it no more.
    Closed,
    Broke(SendFault),
}

impl Wire {
    async fn write(&mut self, octets: &[u8]) -> Result<(), End> {
        match timeout(LINK_ANSWER_LIMIT, self.io.write_all(octets)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(End::Broke(SendFault::unreachable(error.to_string()))),
            Err(_) => Err(End::Broke(SendFault::TimedOut)),
        }
    }

    /// Waits for more octets; safe to give up and call again.
    async fn read(&mut self) -> Result<(), End> {
        if self.received.len() > FRAME_BYTES {
            return Err(End::Broke(SendFault::unreachable("the peer sends frames beyond any measure")));
        }
        match self.io.read_buf(&mut self.received).await {
            Ok(0) => Err(End::Broke(SendFault::unreachable("the peer has closed the connection"))),
            Ok(_) => Ok(()),
            Err(error) => Err(End::Broke(SendFault::unreachable(error.to_string()))),
        }
    }
}

impl<D: Dialect> Keeper<D> {
    async fn keep(mut self) {
        let name = Arc::clone(&self.settings.name);
        let mut rest = LINK_REST;
        loop {
            let fault = match self.sign_in().await {
                Ok((wire, said)) => {
                    tracing::info!(channel = %name, "signed in to the gateway");
                    rest = LINK_REST;
                    match self.talk(wire, said).await {
                        End::Closed => return,
                        End::Broke(fault) => fault,
                    }
                }
                Err(fault) => fault,
            };
            self.dialect.lost();
            tracing::warn!(channel = %name, %fault, rest_s = rest.as_secs(), "no connection to the gateway");
            if !self.pause(rest, &fault).await {
                return;
            }
            rest = (rest * 2).min(LINK_REST_MAX);
        }
    }

    /// Tells whoever asks meanwhile; false when the node needs the link no more.
    async fn pause(&mut self, rest: Duration, fault: &SendFault) -> bool {
        let until = Instant::now() + rest;
        loop {
            tokio::select! {
                () = sleep_until(until) => return true,
                job = self.jobs.recv() => match job {
                    Some(job) => drop(job.done.send(Err(fault.clone()))),
                    None => return false,
                },
            }
        }
    }

    /// The connection, and what the peer said before its welcome was complete.
    async fn sign_in(&mut self) -> Result<(Wire, Vec<Heard>), SendFault> {
        let io = self.dialer.dial(&self.settings.peer, CONNECT_LIMIT).await?;
        let mut wire = Wire { io, received: Vec::with_capacity(4_096) };
        match timeout(CONNECT_LIMIT, self.introduce(&mut wire)).await {
            Ok(Ok(said)) => Ok((wire, said)),
            Ok(Err(End::Broke(fault))) => Err(fault),
            Ok(Err(End::Closed)) => Err(SendFault::unreachable("the connection has ended")),
            Err(_) => Err(SendFault::TimedOut),
        }
    }

    async fn introduce(&mut self, wire: &mut Wire) -> Result<Vec<Heard>, End> {
        let (mut out, mut said) = (Vec::new(), Vec::new());
        let number = self.next();
        self.dialect.hello(number, &mut out);
        wire.write(&out).await?;
        loop {
            while let Some(heard) = self.heard(wire)? {
                match heard {
                    Heard::Welcome => return Ok(said),
                    Heard::TurnedAway(fault) => return Err(End::Broke(fault)),
                    Heard::Sign(answer) => wire.write(&answer).await?,
                    Heard::Goodbye(_) => {
                        return Err(End::Broke(SendFault::unreachable(
                            "the peer ended the connection at once",
                        )));
                    }
                    Heard::Said { .. } if said.len() < LINK_UNTAKEN => said.push(heard),
                    Heard::Answer { .. } | Heard::Said { .. } => {}
                }
            }
            wire.read().await?;
        }
    }

    fn heard(&mut self, wire: &mut Wire) -> Result<Option<Heard>, End> {
        let heard = self.dialect.hear(&wire.received);
        match heard.map_err(|error| End::Broke(SendFault::unreachable(error)))? {
            Some((length, heard)) => {
                wire.received.drain(..length);
                Ok(Some(heard))
            }
            None => Ok(None),
        }
    }

    /// Numbers that are not in use: a window is far smaller than they are many.
    fn next(&mut self) -> u32 {
        self.number = if self.number >= D::LAST_NUMBER { 1 } else { self.number + 1 };
        self.number
    }

    async fn talk(&mut self, wire: Wire, early: Vec<Heard>) -> End {
        let mut talk = Talk {
            wire,
            waiting: HashMap::new(),
            untaken: VecDeque::new(),
            heard_at: Instant::now(),
            asked_at: None,
            tests: 0,
            test_at: Instant::now() + self.settings.test,
        };
        // What the peer said before its welcome, or in one breath with it, is here already.
        let mut said = Ok(());
        for heard in early {
            if said.is_ok() {
                said = self.take(&mut talk, heard).await;
            }
        }
        if said.is_ok() {
            said = self.take_all(&mut talk).await;
        }
        let end = loop {
            if let Err(end) = said {
                break end;
            }
            said = self.step(&mut talk).await;
        };
        if matches!(end, End::Closed) {
            let mut out = Vec::new();
            let number = self.next();
            self.dialect.farewell(number, &mut out);
            let _ = talk.wire.write(&out).await;
            let _ = timeout(Duration::from_secs(1), talk.wire.io.shutdown()).await;
        }
        for (_, done) in talk.waiting {
            let fault = match &end {
                End::Broke(fault) => fault.clone(),
                End::Closed => SendFault::unreachable("the connection has ended"),
            };
            let _ = done.send(Err(fault));
        }
        end
    }

    async fn step(&mut self, talk: &mut Talk) -> Result<(), End> {
        talk.waiting.retain(|_, done| !done.is_closed());
        let room = talk.waiting.len() < self.settings.window;
        let look = if room { Duration::from_secs(1) } else { Duration::from_millis(20) };
        tokio::select! {
            read = talk.wire.read() => {
                read?;
                talk.heard_at = Instant::now();
                talk.asked_at = None;
                talk.tests = 0;
                self.take_all(talk).await?;
            }
            job = self.jobs.recv(), if room => {
                let Some(job) = job else { return Err(End::Closed) };
                if job.done.is_closed() {
                    return Ok(()); // whoever asked has given up
                }
                let mut out = Vec::new();
                let number = self.next();
                self.dialect.ask(number, &job.ask, &mut out);
                talk.waiting.insert(number, job.done);
                talk.asked_at.get_or_insert_with(Instant::now);
                talk.wire.write(&out).await?;
            }
            taken = first_taken(&mut talk.untaken), if !talk.untaken.is_empty() => {
                let thanks = talk.untaken.pop_front().map(|first| first.thanks).unwrap_or_default();
                if taken {
                    talk.wire.write(&thanks).await?;
                } else {
                    self.refused()?;
                }
            }
            () = sleep_until((Instant::now() + look).min(talk.test_at)) => {}
        }
        self.silence(talk).await
    }

    /// A peer that says nothing is asked whether it is there, and given up.
    async fn silence(&mut self, talk: &mut Talk) -> Result<(), End> {
        if talk.asked_at.is_some_and(|at| at.elapsed() > LINK_ANSWER_LIMIT) || talk.tests > LINK_TESTS {
            return Err(End::Broke(SendFault::TimedOut));
        }
        let now = Instant::now();
        if now < talk.test_at {
            return Ok(());
        }
        talk.test_at = now + self.settings.test;
        if talk.heard_at + self.settings.test > now {
            talk.test_at = talk.heard_at + self.settings.test;
            return Ok(());
        }
        let mut out = Vec::new();
        let number = self.next();
        self.dialect.test(number, &mut out);
        talk.tests += 1;
        talk.wire.write(&out).await
    }

    /// Something is not acknowledged, so that the peer keeps it and sends it again.
    fn refused(&self) -> Result<(), End> {
        tracing::warn!(channel = %self.settings.name, "a report or answer could not be recorded; the peer sends it again");
        if D::REPEATS {
            return Ok(());
        }
        Err(End::Broke(SendFault::unreachable(
            "the connection is opened anew for what could not be recorded",
        )))
    }

    async fn take_all(&mut self, talk: &mut Talk) -> Result<(), End> {
        while let Some(heard) = self.heard(&mut talk.wire)? {
            self.take(talk, heard).await?;
        }
        Ok(())
    }

    async fn take(&mut self, talk: &mut Talk, heard: Heard) -> Result<(), End> {
        match heard {
            Heard::Answer { number, outcome } => {
                if let Some(done) = talk.waiting.remove(&number) {
                    let _ = done.send(outcome);
                }
                Ok(())
            }
            // In turn, whatever it says: MQTT wants its acknowledgements in the order of what they are for.
            Heard::Said { what: None, thanks } if talk.untaken.is_empty() => talk.wire.write(&thanks).await,
            Heard::Said { what, thanks } => {
                if talk.untaken.len() >= LINK_UNTAKEN {
                    return self.refused();
                }
                let mut taken = None;
                if let Some(what) = what {
                    let received =
                        Received { channel: Arc::clone(&self.settings.name), kind: self.settings.kind, what };
                    let (brought, told) = Brought::new(received);
                    if self.inbound.try_send(brought).is_err() {
                        return self.refused();
                    }
                    taken = Some(told);
                }
                talk.untaken.push_back(Untaken { until: Instant::now() + LINK_TAKEN_LIMIT, taken, thanks });
                Ok(())
            }
            Heard::Sign(answer) => talk.wire.write(&answer).await,
            Heard::Goodbye(answer) => {
                talk.wire.write(&answer).await?;
                Err(End::Broke(SendFault::unreachable("the peer has ended the connection")))
            }
            Heard::TurnedAway(fault) => Err(End::Broke(fault)),
            Heard::Welcome => Ok(()),
        }
    }
}

/// Something that the peer said and that is not recorded yet.
struct Untaken {
    until: Instant,
    /// `None`: there was nothing to record.
    taken: Option<oneshot::Receiver<()>>,
    thanks: Vec<u8>,
}

/// Was the oldest of them recorded in time? Safe to give up and call again.
async fn first_taken(untaken: &mut VecDeque<Untaken>) -> bool {
    let Some(first) = untaken.front_mut() else { return false };
    match &mut first.taken {
        None => true,
        Some(taken) => matches!(tokio::time::timeout_at(first.until, taken).await, Ok(Ok(()))),
    }
}

/// One connection while it lasts.
struct Talk {
    wire: Wire,
    waiting: HashMap<u32, oneshot::Sender<Outcome>>,
    /// Not acknowledged yet, oldest first.
    untaken: VecDeque<Untaken>,
    heard_at: Instant,
    /// The first ask since something was heard.
    asked_at: Option<Instant>,
    tests: u32,
    test_at: Instant,
}
