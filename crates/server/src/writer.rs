//! Where acts become durable: one thread takes what has queued up, decides each act in order, commits them with one
//! flush, publishes the new state, and only then answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::act::Stream;
use domain::types::Time;
use domain::{Recorded, Resource, State, apply, authority};
use journal::{Batch, CommitFault, Digest, Fault, Head, Journal, Log, NewAct, NewEntry};
use ulid::Ulid;

use crate::desk::{ActError, Answer, Asked, Job, Queue, Receipt, Taken};
use crate::fold::{self, FoldFault};
use crate::live::Changes;
use crate::metrics::Metrics;
use crate::now::Now;
use crate::published::{Position, Published, Publisher};
use crate::snapshot::Snapshotter;
use crate::{clock, limits};

/// Everything that the writer thread owns.
pub(crate) struct Writer {
    pub(crate) journal: Box<dyn Journal>,
    pub(crate) log: Arc<dyn Log>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) publisher: Arc<Publisher>,
    pub(crate) changes: Changes,
    pub(crate) touched: Arc<clock::Touched>,
    pub(crate) snapshots: Snapshotter,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) now: Now,
    /// The state with everything decided so far; the published one is what is committed.
    pub(crate) state: State,
    pub(crate) head: Head,
    /// Other nodes write the journal too.
    pub(crate) shared: bool,
    pub(crate) planted: Planted,
}

/// Faults of the writer that tests plant, to show that the crash harness finds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Planted {
    /// None.
    #[default]
    None,
    /// `server:answer-early`: answers before the commit.
    AnswerEarly,
    /// `server:forget-key`: a key that comes again is not recalled before a refusal.
    ForgetKey,
}

impl Planted {
    /// What `MUSTER_FAULT` asks of the node.
    pub fn from_environment() -> Result<Self, journal::Fault> {
        let asked = std::env::var("MUSTER_FAULT").unwrap_or_default();
        match asked.strip_prefix("server:") {
            Some("answer-early") if cfg!(feature = "planted-faults") => Ok(Self::AnswerEarly),
            Some("forget-key") if cfg!(feature = "planted-faults") => Ok(Self::ForgetKey),
            Some(_) => Err(journal::Fault::PlantedFault { fault: asked }),
            None => Ok(Self::None),
        }
    }
}

/// One act of the batch, decided; told when the batch is durable.
struct Decided {
    answer: Answer,
    asked: Asked,
    outcome: Result<Receipt, ActError>,
}

/// The batch cannot go on: everything decided in it is undecided again.
enum Broken {
    Commit(CommitFault),
    Journal(Fault),
    Panic,
}

impl Writer {
    /// Runs until the queue is closed; then signs the head, leaves a snapshot and closes the journal.
    pub(crate) fn run(mut self) -> Result<(), Fault> {
        let mut jobs = Vec::new();
        let idle = Duration::from_secs(limits::IDLE_SIGN_S);
        let (mut last, mut signed, mut written) = (0, false, Instant::now());
        loop {
            match self.queue.take(&mut jobs, last, idle) {
                Taken::Jobs => {
                    last = jobs.len();
                    self.batch(&mut jobs);
                    (signed, written) = (false, Instant::now());
                }
                Taken::Idle => last = 0,
                Taken::Follow => {
                    last = 0;
                    if self.follow() {
                        (signed, written) = (false, Instant::now());
                    }
                }
                Taken::Closed => break,
            }
            if last == 0 && !signed && written.elapsed() >= idle {
                signed = true;
                self.sign();
            }
        }
        self.snapshots.last(&self.publisher.load(), self.head.hash);
        self.journal.close().map(drop)
    }

    /// Signs the head of an idle journal. Where that fails, the handle takes no act any more: it is opened anew now,
    /// and not at the cost of the next act.
    fn sign(&mut self) {
        if let Err(fault) = self.journal.sign_head() {
            self.recover(Broken::Journal(fault), Vec::new());
        }
    }

    /// Reads what other nodes committed and publishes it as if it were our own; was there anything?
    fn follow(&mut self) -> bool {
        let (head, unseen) = match self.journal.follow() {
            Ok(Some(followed)) => followed,
            Ok(None) => return false,
            Err(fault) => {
                self.recover(Broken::Journal(fault), Vec::new());
                return true;
            }
        };
        self.head = head;
        if unseen.is_empty() {
            return false;
        }
        match fold::all_recorded(&unseen) {
            Ok(happened) => {
                for entry in &happened {
                    apply(&mut self.state, entry);
                }
                self.publish(happened);
            }
            Err(fault) => self.recover(unreadable(fault), Vec::new()),
        }
        true
    }

    fn batch(&mut self, jobs: &mut Vec<Job>) {
        let begun = Instant::now();
        let mut decided = Vec::with_capacity(jobs.len());
        let mut happened = Vec::with_capacity(jobs.len());
        let ended = catch_unwind(AssertUnwindSafe(|| self.decide_all(jobs, &mut decided, &mut happened)))
            .unwrap_or(Err(Broken::Panic));
        match ended {
            Ok(Some(head)) => {
                self.head = head;
                self.publish(happened);
            }
            Ok(None) => self.state.refreeze(),
            Err(broken) => {
                let doubtful = decided.into_iter().map(|d| (d.answer, d.asked));
                let undecided = jobs.drain(..).rev().map(asked_by);
                self.recover(broken, doubtful.chain(undecided).collect());
                return;
            }
        }
        self.metrics.batch(decided.len(), begun.elapsed());
        answer(decided);
    }

    /// Decides the acts in order and commits what they did; `None` when nothing happened. Whatever breaks, each act is
    /// in `decided` or still in `jobs` (the last one first): nobody who asked is lost.
    fn decide_all(
        &mut self,
        jobs: &mut Vec<Job>,
        decided: &mut Vec<Decided>,
        happened: &mut Vec<Recorded>,
    ) -> Result<Option<Head>, Broken> {
        let mut batch = match self.journal.begin() {
            Ok(batch) => batch,
            Err(fault) => return Err(Broken::Journal(fault)),
        };
        let unseen = batch.unseen_since(self.head.seq).map_err(Broken::Journal)?;
        for entry in fold::all_recorded(&unseen).map_err(unreadable)? {
            apply(&mut self.state, &entry);
            happened.push(entry);
        }
        let keys: Vec<(&str, &str)> =
            jobs.iter().map(|job| (job.actor.account.as_str(), &*job.key)).collect();
        batch.foresee(&keys).map_err(Broken::Journal)?;
        let now = Time(self.now.now().0.max(batch.head().time_ms));
        let mut turn = Turn {
            batch: &mut *batch,
            state: &mut self.state,
            happened,
            log: &*self.log,
            now,
            epoch: self.head.epoch,
            planted: self.planted,
        };
        jobs.reverse();
        while let Some(Job { actor, key, request_hash, told, act, answer: to }) = jobs.pop() {
            let asked = Asked { account: actor.account.clone(), key, request_hash };
            decided.push(Decided { answer: to, asked, outcome: Err(ActError::NotRecorded) });
            let deciding = decided.last_mut().expect("it was pushed just now");
            deciding.outcome = turn.decide(actor, &deciding.asked, told, *act).map_err(Broken::Journal)?;
            if self.planted == Planted::AnswerEarly {
                answer(decided.pop());
            }
        }
        if happened.is_empty() {
            return Ok(None);
        }
        batch.commit().map(Some).map_err(Broken::Commit)
    }

    /// Everybody sees the new state, then the streams are told, then whoever asked.
    fn publish(&mut self, happened: Vec<Recorded>) {
        self.metrics.newest_entry(self.head.time_ms);
        self.state.refreeze();
        let at = Position { epoch: self.head.epoch, seq: self.head.seq };
        let state = Arc::new(self.state.clone());
        self.publisher.publish(Published { state: Arc::clone(&state), at });
        self.touched.touch(&happened);
        self.snapshots.maybe(&state, at.seq, self.head.hash);
        self.changes.tell(state, at.epoch, happened);
    }

    /// Rule 1: the working state goes, the journal is opened anew, what it holds is folded, the keys are looked up,
    /// and only then anyone is answered. While the disk cannot be reached the node takes no acts.
    fn recover(&mut self, broken: Broken, asked: Vec<(Answer, Asked)>) {
        tell(&broken);
        self.metrics.recovered();
        self.queue.shut(true);
        let longest = if self.shared { limits::RECONNECT_REST } else { limits::REOPEN_REST };
        let mut rest = Duration::from_millis(20);
        while let Err(fault) = self.reopen(&broken) {
            tracing::error!(error = %fault, "the journal cannot be reopened; trying again");
            std::thread::sleep(rest);
            rest = (rest * 2).min(longest);
        }
        self.queue.shut(false);
        for (answer, asked) in asked {
            let outcome = match self.log.recall(asked.account.as_str(), &asked.key) {
                Ok(Some(receipt)) => recalled(&asked, &receipt, self.head.epoch),
                Ok(None) => Err(ActError::NotRecorded),
                Err(fault) => Err(ActError::Fault(fault.to_string())),
            };
            let _ = answer.send(outcome);
        }
    }

    fn reopen(&mut self, broken: &Broken) -> Result<(), FoldFault> {
        let mut head = self.journal.reopen()?;
        // A journal that nodes share has begun an epoch as it was reopened, under its lock: one for all of them.
        if matches!(broken, Broken::Journal(Fault::HeadMoved { .. })) && !self.shared {
            head = self.journal.start_epoch("head moved")?;
        }
        let committed = self.publisher.load();
        let same = committed.at.epoch == head.epoch && committed.at.seq <= head.seq;
        let mut happened = Vec::new();
        if same {
            self.state = State::clone(&committed.state);
            let unseen = self.log.read(
                committed.at.seq + 1,
                usize::try_from(head.seq - committed.at.seq).unwrap_or(usize::MAX),
            )?;
            happened = fold::all_recorded(&unseen)?;
            for entry in &happened {
                apply(&mut self.state, entry);
            }
        } else {
            self.state = fold::fold(&*self.log, &self.journal.snapshots())?.state;
        }
        self.head = head;
        if !same || !happened.is_empty() {
            self.publish(happened);
        }
        Ok(())
    }
}

/// What deciding one act needs.
struct Turn<'t, 'b> {
    batch: &'t mut (dyn Batch + 'b),
    state: &'t mut State,
    happened: &'t mut Vec<Recorded>,
    log: &'t dyn Log,
    now: Time,
    epoch: u64,
    planted: Planted,
}

impl Turn<'_, '_> {
    /// The outcome of one act; a fault means that the whole batch is lost.
    fn decide(
        &mut self,
        actor: domain::Actor,
        asked: &Asked,
        told: domain::Told,
        act: domain::Act,
    ) -> Result<Result<Receipt, ActError>, Fault> {
        let incident = authority::incident_of(self.state, &act.target());
        if let Some(id) = incident.filter(|id| self.state.is_cold(*id))
            && let Err(fault) = self.thaw(id)
        {
            return Ok(Err(fault));
        }
        let mut ctx = domain::Context::new(self.now, actor, told, fresh_seed(self.now));
        let kind = act.kind();
        // A bug in one rule is one failed act, not a dead node: deciding does not touch the state.
        let decision = catch_unwind(AssertUnwindSafe(|| domain::decide(self.state, &mut ctx, act)));
        let Ok(decision) = decision else {
            tracing::error!(act = kind.name(), "deciding panicked");
            return Ok(Err(ActError::Fault(format!("deciding {} panicked", kind.name()))));
        };
        match decision {
            Ok(decision) => self.append(asked, decision),
            // Doing again what was done is refused by most rules: the key tells whether it is the same request.
            Err(refusal) => Ok(self.recall(asked)?.unwrap_or(Err(ActError::Refused(refusal)))),
        }
    }

    fn append(
        &mut self,
        asked: &Asked,
        decision: domain::Decision,
    ) -> Result<Result<Receipt, ActError>, Fault> {
        let resource = serde_json::to_string(&decision.resource).expect("a resource is plain texts");
        let written: Vec<(String, String)> =
            decision.events.iter().map(|(stream, event)| (stream.to_string(), event.encode())).collect();
        let entries: Vec<NewEntry<'_>> = decision
            .events
            .iter()
            .zip(&written)
            .map(|((_, event), (stream, data))| NewEntry {
                time_ms: self.now.0,
                stream,
                kind: event.kind(),
                version: event.version(),
                data,
            })
            .collect();
        let act = NewAct {
            actor: asked.account.as_str(),
            key: &asked.key,
            request_hash: Digest(asked.request_hash),
            resource: &resource,
        };
        let appended = match self.batch.append(&act, &entries) {
            Ok(appended) => appended,
            Err(Fault::KeyTaken { .. }) => {
                return Ok(self.recall(asked)?.unwrap_or(Err(ActError::KeyReused)));
            }
            Err(Fault::SubjectErased { .. }) => return Ok(Err(ActError::Erased)),
            Err(fault) if fault.is_of_database() => return Err(fault),
            Err(fault) => {
                tracing::error!(error = %fault, "the journal does not take an act");
                return Ok(Err(ActError::Fault(fault.to_string())));
            }
        };
        for (seq, (stream, event)) in (appended.first_seq..).zip(decision.events) {
            let recorded = Recorded { seq, at: self.now, stream, event };
            apply(self.state, &recorded);
            self.happened.push(recorded);
        }
        let at = Position { epoch: self.epoch, seq: appended.last_seq };
        Ok(Ok(Receipt::new(decision.resource, at)))
    }

    fn recall(&mut self, asked: &Asked) -> Result<Option<Result<Receipt, ActError>>, Fault> {
        if self.planted == Planted::ForgetKey {
            return Ok(None);
        }
        let found = self.batch.recall(asked.account.as_str(), &asked.key)?;
        Ok(found.map(|receipt| recalled(asked, &receipt, self.epoch)))
    }

    /// An incident that is over is folded from its own stream: what is committed, then what this batch did.
    fn thaw(&mut self, id: domain::types::IncidentId) -> Result<(), ActError> {
        let mut entries = fold::incident(self.log, id, u64::MAX).map_err(|fault| {
            tracing::error!(error = %fault, incident.id = %id, "a closed incident cannot be folded");
            ActError::Fault(fault.to_string())
        })?;
        let upto = entries.last().map_or(0, |last| last.seq);
        let in_this_batch = self.happened.iter().filter(|e| e.stream == Stream::Incident(id) && e.seq > upto);
        entries.extend(in_this_batch.cloned());
        match fold::file(id, &entries) {
            Some(file) => {
                self.state.thaw(file);
                Ok(())
            }
            None => Err(ActError::Fault(format!("incident {id} has no entries"))),
        }
    }
}

fn asked_by(job: Job) -> (Answer, Asked) {
    (job.answer, Asked { account: job.actor.account, key: job.key, request_hash: job.request_hash })
}

fn answer(decided: impl IntoIterator<Item = Decided>) {
    for Decided { answer, outcome, .. } in decided {
        let _ = answer.send(outcome); // who asked may have gone; the act stands
    }
}

/// The answer that a key got before, or that it is another request.
fn recalled(asked: &Asked, receipt: &journal::Receipt, epoch: u64) -> Result<Receipt, ActError> {
    if receipt.request_hash.0 != asked.request_hash {
        return Err(ActError::KeyReused);
    }
    let resource: Resource = serde_json::from_str(&receipt.resource)
        .map_err(|e| ActError::Fault(format!("a receipt does not read: {e}")))?;
    Ok(Receipt::new(resource, Position { epoch, seq: receipt.last_seq }))
}

fn fresh_seed(now: Time) -> Ulid {
    Ulid::from_parts(u64::try_from(now.0).unwrap_or(0), rand::random())
}

fn unreadable(fault: FoldFault) -> Broken {
    match fault {
        FoldFault::Journal(fault) => Broken::Journal(fault),
        other => {
            tracing::error!(error = %other, "an entry of another node cannot be read");
            Broken::Panic
        }
    }
}

fn tell(broken: &Broken) {
    match broken {
        Broken::Commit(fault) => {
            let cause = std::error::Error::source(fault).map(ToString::to_string);
            tracing::error!(error = %fault, cause, "a commit did not end well: reopening the journal");
        }
        Broken::Journal(fault @ Fault::EpochBegan { .. }) => {
            tracing::info!(%fault, "what is known is outdated");
        }
        Broken::Journal(fault) => tracing::error!(error = %fault, "the journal failed: reopening it"),
        Broken::Panic => tracing::error!("the writer panicked: reopening the journal"),
    }
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
