//! The one way in: every act of a person, a terminal, an integration or the node's own clock is asked here.

use std::sync::Arc;
use std::time::Duration;

use domain::types::{AccountId, IncidentId};
use domain::{Act, Actor, Refusal, Resource, Told};
use parking_lot::{Condvar, Mutex};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::limits;

/// What an act created or changed, and where it stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Receipt {
    /// `incident`, `plan`, `order` …
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The incident it belongs to.
    pub incident: Option<IncidentId>,
    /// `epoch.seq`: a read with this as `min_seq` sees the act.
    pub seq: String,
}

impl Receipt {
    pub(crate) fn new(resource: Resource, at: crate::published::Position) -> Self {
        Self { kind: resource.kind, id: resource.id, incident: resource.incident, seq: at.to_string() }
    }
}

/// Why an act did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// It may not, or cannot, be done.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The idempotency key belongs to another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// Too many acts wait; nothing was done, and the same key may be tried again.
    #[error("too many acts are waiting")]
    Busy,
    /// The node is stopping, or its journal cannot be written; nothing was done.
    #[error("the node takes no acts now")]
    Unavailable,
    /// The disk failed under it; it was not recorded, and the same key may be tried again.
    #[error("the act was not recorded")]
    NotRecorded,
    /// The personal data of its incident was erased; nothing was done, and nothing can be added any more.
    #[error("the personal data of this incident was erased: it takes no further text")]
    Erased,
    /// A limit of the journal, or a bug. Told in the log.
    #[error("the act failed inside the node: {0}")]
    Fault(String),
}

/// An act that waits for the writer.
pub(crate) struct Job {
    pub(crate) actor: Actor,
    pub(crate) key: String,
    pub(crate) request_hash: [u8; 32],
    pub(crate) told: Told,
    /// Boxed: an act is big, and a job is moved through the queue.
    pub(crate) act: Box<Act>,
    pub(crate) answer: Answer,
}

/// Where an answer goes; whoever asked may have gone.
pub(crate) type Answer = oneshot::Sender<Result<Receipt, ActError>>;

/// Who asked with which key: what is looked up after a doubtful commit.
pub(crate) struct Asked {
    pub(crate) account: AccountId,
    pub(crate) key: String,
    pub(crate) request_hash: [u8; 32],
}

/// The desk; every handler has it.
#[derive(Clone)]
pub struct Desk {
    queue: Arc<Queue>,
}

impl Desk {
    pub(crate) fn new(queue: Arc<Queue>) -> Self {
        Self { queue }
    }

    /// Asks for an act. The answer, also a refusal, comes after the batch it rests on is durable. The same key with
    /// the same request gives the same receipt for ever.
    pub async fn act(
        &self,
        actor: Actor,
        key: String,
        request_hash: [u8; 32],
        told: Told,
        act: impl Into<Act>,
    ) -> Result<Receipt, ActError> {
        let (answer, answered) = oneshot::channel();
        self.queue.push(Job { actor, key, request_hash, told, act: Box::new(act.into()), answer })?;
        // The writer answers everything that it took; a dropped sender is a writer that died.
        answered.await.unwrap_or(Err(ActError::Unavailable))
    }

    /// Does the node take acts now?
    pub fn is_ready(&self) -> bool {
        self.queue.inner.lock().door == Door::Open
    }

    /// Acts that wait now.
    pub fn waiting(&self) -> usize {
        self.queue.inner.lock().jobs.len()
    }
}

/// May acts come in?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Open,
    /// The journal is being reopened.
    Shut,
    /// The node stops.
    Closed,
}

struct Inner {
    jobs: Vec<Job>,
    door: Door,
    writer_waits: bool,
    /// The writer wakes up when so many wait.
    wake_at: usize,
    /// Another node may have written.
    follow: bool,
}

/// The bounded queue between the desk and the writer.
pub(crate) struct Queue {
    inner: Mutex<Inner>,
    arrived: Condvar,
}

/// What the writer found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    Jobs,
    Idle,
    /// Nothing waits, and another node may have written.
    Follow,
    Closed,
}

impl Queue {
    pub(crate) fn new() -> Self {
        let inner =
            Inner { jobs: Vec::new(), door: Door::Open, writer_waits: false, wake_at: 1, follow: false };
        Self { inner: Mutex::new(inner), arrived: Condvar::new() }
    }

    fn push(&self, job: Job) -> Result<(), ActError> {
        let mut inner = self.inner.lock();
        if inner.door != Door::Open {
            return Err(ActError::Unavailable);
        }
        if inner.jobs.len() >= limits::QUEUE_ACTS {
            return Err(ActError::Busy);
        }
        inner.jobs.push(job);
        if inner.writer_waits && inner.jobs.len() >= inner.wake_at {
            inner.writer_waits = false;
            drop(inner);
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// Takes what has queued up, at most a batch. `last` is the size of the group just answered: its callers are
    /// about to come back together, and a flush for each straggler would cost all of them more than a short wait. Half
    /// of them are enough: while those are committed, the requests of the others are read on the other core.
    pub(crate) fn take(&self, into: &mut Vec<Job>, last: usize, patience: Duration) -> Taken {
        let mut inner = self.inner.lock();
        if inner.jobs.is_empty() && inner.door != Door::Closed && !inner.follow {
            (inner.writer_waits, inner.wake_at) = (true, 1);
            self.arrived.wait_for(&mut inner, patience);
        }
        let expected = last / 2;
        if !inner.jobs.is_empty() && inner.jobs.len() < expected {
            (inner.writer_waits, inner.wake_at) = (true, expected);
            self.arrived.wait_for(&mut inner, Duration::from_micros(limits::GATHER_US));
        }
        inner.writer_waits = false;
        if inner.jobs.is_empty() {
            return match (inner.door, std::mem::take(&mut inner.follow)) {
                (Door::Closed, _) => Taken::Closed,
                (_, true) => Taken::Follow,
                (_, false) => Taken::Idle,
            };
        }
        if inner.jobs.len() <= limits::BATCH_ACTS && into.is_empty() {
            std::mem::swap(into, &mut inner.jobs);
        } else {
            let count = inner.jobs.len().min(limits::BATCH_ACTS);
            into.extend(inner.jobs.drain(..count));
        }
        Taken::Jobs
    }

    /// Another node may have written: the writer looks when it has nothing else to do.
    pub(crate) fn follow(&self) {
        self.inner.lock().follow = true;
        self.arrived.notify_one();
    }

    /// While the journal is reopened, acts are told so at once instead of waiting.
    pub(crate) fn shut(&self, shut: bool) {
        let mut inner = self.inner.lock();
        if inner.door != Door::Closed {
            inner.door = if shut { Door::Shut } else { Door::Open };
        }
    }

    /// No more acts; those that wait are still done.
    pub(crate) fn close(&self) {
        self.inner.lock().door = Door::Closed;
        self.arrived.notify_all();
    }
}
