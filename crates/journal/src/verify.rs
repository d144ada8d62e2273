//! Proving a journal: every entry, every act, every signature, and the first that does not hold.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::ControlFlow;

use crate::entry::{Digest, EntryRef, entry_hash};
use crate::fault::Fault;
use crate::head::{Epoch, Head, HeadSignature, Header, SignedHead};
use crate::journal::{Log, View};
use crate::suite::{Suite, suite_named};

/// Most breaks that are listed; the first is what counts.
const BROKEN_MAX: usize = 100;

/// Something that does not hold, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq}: {why}")]
pub struct Broken {
    /// The first entry concerned; 0 when it is none.
    pub seq: u64,
    pub why: Why,
}

/// What does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    #[error("is missing: the next one present is {found}")]
    Gap { found: u64 },
    #[error("its content is not what was hashed")]
    Hash,
    #[error("it does not follow from the entry before it")]
    PrevHash,
    #[error("its time is {by_ms} ms before that of the entry before it")]
    TimeBack { by_ms: i64 },
    #[error("its data is not JSON")]
    NotJson,
    #[error("the head that was signed here in epoch {epoch} does not carry a valid signature")]
    Signature { epoch: u64 },
    #[error("a head was signed here in epoch {epoch}, and the chain is another one now: it was rewritten")]
    Rewritten { epoch: u64 },
    #[error("a head with this number was signed, and the journal ends before it: its tail was cut off")]
    CutOff,
    #[error("the head names entry {head} as the last, and {found} is")]
    Tail { head: u64, found: u64 },
    #[error("it belongs to no remembered act, or to another one: its idempotency key would be taken again")]
    Act,
    #[error("epoch {epoch} began after it, and the chain is another one now")]
    Epoch { epoch: u64 },
    #[error("the journal names no epoch")]
    NoEpoch,
    #[error("it was signed with a key that is not among the trusted ones, in epoch {epoch}")]
    UntrustedKey { epoch: u64 },
    #[error("the database itself is damaged: {detail}")]
    Storage { detail: String },
}

/// What to check beyond the journal itself.
#[derive(Debug, Clone, Default)]
pub struct VerifyOptions {
    /// Heads that were given away earlier: the chain must still run through them.
    pub anchors: Vec<SignedHead>,
    /// Public keys that are known to be the jurisdiction's; empty: the journal's own list is believed.
    pub trusted_keys: Vec<Vec<u8>>,
}

/// What was checked, and what does not hold.
#[derive(Debug, Clone)]
pub struct Report {
    pub header: Header,
    pub head: Head,
    pub epochs: Vec<Epoch>,
    pub entries: u64,
    pub acts: u64,
    pub signatures: u64,
    /// In the order of the entries; at most a hundred.
    pub broken: Vec<Broken>,
}

impl Report {
    /// Does everything hold?
    pub fn is_whole(&self) -> bool {
        self.broken.is_empty()
    }

    /// The first entry that does not hold.
    pub fn first_broken(&self) -> Option<&Broken> {
        self.broken.first()
    }
}

/// Checks one entry after the other against the chain; also for a reader that rebuilds its state.
pub struct ChainCheck {
    suite: &'static dyn Suite,
    scratch: Vec<u8>,
    next_seq: u64,
    hash: Digest,
    time_ms: i64,
}

impl ChainCheck {
    /// From the first entry on.
    pub fn new(header: &Header) -> Self {
        Self::after(header, 0, header.genesis())
    }

    /// From the entry after `seq` on, whose hash is `hash`: where a snapshot was taken.
    pub fn after(header: &Header, seq: u64, hash: Digest) -> Self {
        let suite = suite_named(&header.suite).expect("a header is read or made only with a known suite");
        Self { suite, scratch: Vec::with_capacity(4096), next_seq: seq + 1, hash, time_ms: i64::MIN }
    }

    /// Does this **stored** entry follow? (Opened personal data is not what was hashed.) Goes on from it either
    /// way, so that one break is told once.
    pub fn next(&mut self, entry: &EntryRef<'_>) -> Result<(), Broken> {
        let result = self.check(entry);
        self.next_seq = entry.seq.saturating_add(1);
        self.hash = entry.hash;
        self.time_ms = entry.time_ms;
        result
    }

    fn check(&mut self, entry: &EntryRef<'_>) -> Result<(), Broken> {
        if entry.seq != self.next_seq {
            return Err(Broken { seq: self.next_seq, why: Why::Gap { found: entry.seq } });
        }
        let broken = |why| Err(Broken { seq: entry.seq, why });
        if entry.prev_hash != self.hash {
            return broken(Why::PrevHash);
        }
        if entry_hash(self.suite, &mut self.scratch, entry) != entry.hash {
            return broken(Why::Hash);
        }
        if entry.time_ms < self.time_ms {
            return broken(Why::TimeBack { by_ms: self.time_ms.saturating_sub(entry.time_ms) });
        }
        Ok(())
    }
}

/// Checks the whole journal: the chain, the acts, the signatures, the epochs, the storage and the outside anchors.
///
/// All of it as of one head, whatever a node writes meanwhile: what must lie before the head is read before it, and
/// what came after it is left to the next verification.
pub fn verify(log: &dyn Log, options: &VerifyOptions) -> Result<Report, Fault> {
    let signed = log.signed_heads()?; // each of an epoch that is read after it, and of an entry up to the head
    let epochs = log.epochs()?;
    let mut report = Report {
        header: log.header().clone(),
        head: log.head()?,
        epochs,
        entries: 0,
        acts: 0,
        signatures: 0,
        broken: Vec::new(),
    };
    let mut marks = signatures(signed, options, &mut report);
    marks.extend(report.epochs.iter().map(|epoch| Mark {
        seq: epoch.after_seq,
        hash: epoch.after_hash,
        why: Why::Epoch { epoch: epoch.epoch },
    }));
    marks.sort_by_key(|mark| mark.seq);
    let acts = acts(log, &mut report)?;
    // The backend's look at its own indexes takes as long as the walk along the chain: both at once.
    let storage = std::thread::scope(|scope| {
        let storage = scope.spawn(|| log.check_storage());
        chain(log, &mut report, &marks, &acts)?;
        storage.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })?;
    report.broken.extend(storage);
    report.broken.sort_by_key(|broken| broken.seq);
    report.broken.dedup();
    report.broken.truncate(BROKEN_MAX);
    Ok(report)
}

/// A hash that the chain must have at one entry, or else this is broken.
struct Mark {
    seq: u64,
    hash: Digest,
    why: Why,
}

/// Checks every signature; gives the places where the chain must still run through what was signed.
fn signatures(own: Vec<HeadSignature>, options: &VerifyOptions, report: &mut Report) -> Vec<Mark> {
    let header = &report.header;
    let suite = suite_named(&header.suite).expect("a header is read or made only with a known suite");
    let mut marks = Vec::new();
    for signed in own {
        let key =
            report.epochs.iter().find(|epoch| epoch.epoch == signed.epoch).map(|epoch| &epoch.public_key);
        let message = header.head_message(signed.epoch, signed.seq, signed.hash, signed.time_ms);
        let epoch = signed.epoch;
        if !key.is_some_and(|key| suite.is_signed(key, &message, &signed.signature)) {
            report.broken.push(Broken { seq: signed.seq, why: Why::Signature { epoch } });
        } else if !options.trusted_keys.is_empty()
            && !key.is_some_and(|key| options.trusted_keys.contains(key))
        {
            report.broken.push(Broken { seq: signed.seq, why: Why::UntrustedKey { epoch } });
        }
        report.signatures += 1;
        marks.push(Mark { seq: signed.seq, hash: signed.hash, why: Why::Rewritten { epoch } });
    }
    for anchor in &options.anchors {
        report.signatures += 1;
        let is_ours = anchor.journal == header.journal && anchor.jurisdiction == header.jurisdiction;
        if !is_ours || !anchor.is_genuine() {
            report.broken.push(Broken { seq: anchor.seq, why: Why::Signature { epoch: anchor.epoch } });
            continue;
        }
        marks.push(Mark { seq: anchor.seq, hash: anchor.hash, why: Why::Rewritten { epoch: anchor.epoch } });
    }
    marks
}

/// First seq → (last seq, digest of actor and key) of every remembered act up to the head.
fn acts(log: &dyn Log, report: &mut Report) -> Result<HashMap<u64, (u64, u64)>, Fault> {
    let mut acts = HashMap::new();
    let mut later = Vec::new();
    log.scan_acts(&mut |act| {
        if act.first_seq > report.head.seq {
            later.push((act.first_seq, act.last_seq));
            return;
        }
        report.acts += 1;
        acts.insert(act.first_seq, (act.last_seq, name_digest(act.actor, act.key)));
        if act.last_seq < act.first_seq || act.last_seq > report.head.seq {
            report.broken.push(Broken { seq: act.first_seq, why: Why::Act });
        }
    })?;
    // An act after the head was written meanwhile, or never: the head has then not come to it.
    let head = if later.is_empty() { report.head.seq } else { log.head()?.seq };
    for (first_seq, last_seq) in later {
        if last_seq < first_seq || last_seq > head {
            report.broken.push(Broken { seq: first_seq, why: Why::Act });
        }
    }
    if acts.len() as u64 != report.acts {
        report.broken.push(Broken { seq: 0, why: Why::Act }); // two acts begin with one entry
    }
    Ok(acts)
}

/// A short fingerprint, so that a million acts can be held in memory.
fn name_digest(actor: &str, key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (actor, key).hash(&mut hasher);
    hasher.finish()
}

/// The walk along the chain.
fn chain(
    log: &dyn Log,
    report: &mut Report,
    marks: &[Mark],
    acts: &HashMap<u64, (u64, u64)>,
) -> Result<(), Fault> {
    let header = report.header.clone();
    let mut check = ChainCheck::new(&header);
    let mut broken = Vec::new();
    let genesis = header.genesis();
    let mut marks = marks.iter().peekable();
    while let Some(mark) = marks.next_if(|mark| mark.seq == 0) {
        if mark.hash != genesis {
            broken.push(Broken { seq: 0, why: mark.why.clone() });
        }
    }
    let mut act = (0, 0); // last seq and digest of the act that runs
    let mut last = (0, genesis);
    report.entries = log.scan(1, report.head.seq, View::Stored, &mut |entry| {
        if let Err(found) = check.next(entry) {
            broken.push(found);
        }
        while let Some(mark) = marks.next_if(|mark| mark.seq <= entry.seq) {
            if mark.seq != entry.seq || mark.hash != entry.hash {
                broken.push(Broken { seq: mark.seq, why: mark.why.clone() });
            }
        }
        if entry.seq > act.0 {
            act = acts.get(&entry.seq).copied().unwrap_or_default();
        }
        if act.0 < entry.seq || act.1 != name_digest(entry.actor, entry.key) {
            broken.push(Broken { seq: entry.seq, why: Why::Act });
        }
        if serde_json::from_str::<serde::de::IgnoredAny>(entry.data).is_err() {
            broken.push(Broken { seq: entry.seq, why: Why::NotJson });
        }
        last = (entry.seq, entry.hash);
        if broken.len() < BROKEN_MAX { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    if broken.len() < BROKEN_MAX {
        broken.extend(marks.map(|mark| Broken { seq: mark.seq, why: Why::CutOff }));
        if last != (report.head.seq, report.head.hash) {
            broken.push(Broken { seq: last.0, why: Why::Tail { head: report.head.seq, found: last.0 } });
        }
    }
    report.broken.append(&mut broken);
    Ok(())
}
