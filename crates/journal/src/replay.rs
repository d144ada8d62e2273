//! Reading a journal from a point on, chain-checked and opened, to fold it.
//!
//! Reading, checking and opening run ahead on a thread of their own, so that on two cores a rebuild costs hardly
//! more than decoding and folding. Entries travel in chunks with one buffer each: no allocation for an entry.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

use crate::entry::{Digest, EntryRef};
use crate::fault::Fault;
use crate::journal::{Log, View};
use crate::verify::ChainCheck;

/// Entries of one chunk.
const CHUNK: usize = 1_000;
/// Chunks that the reading may be ahead.
const AHEAD: usize = 8;

/// Where a replay ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replayed {
    /// The last entry that was given.
    pub seq: u64,
    pub hash: Digest,
    /// How many were given.
    pub entries: u64,
}

/// Gives `each` the entries after `after` (the end of a snapshot; `None`: from the first on) up to `upto_seq`, in
/// order, opened. Fails with [`Fault::Broken`] at the first entry that does not follow from the one before; those
/// before it have been given.
pub fn replay(
    log: &dyn Log,
    after: Option<(u64, Digest)>,
    upto_seq: u64,
    each: &mut dyn FnMut(&EntryRef<'_>) -> ControlFlow<()>,
) -> Result<Replayed, Fault> {
    let (seq, hash) = after.unwrap_or((0, log.header().genesis()));
    let mut replayed = Replayed { seq, hash, entries: 0 };
    let (full, chunks) = sync_channel(AHEAD);
    let (empty, used) = channel();
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || read_ahead(log, (seq, hash), upto_seq, &full, &used));
        'chunks: for chunk in &chunks {
            for line in &chunk.lines {
                let entry = line.entry(&chunk, &log.header().jurisdiction);
                replayed = Replayed { seq: entry.seq, hash: entry.hash, entries: replayed.entries + 1 };
                if each(&entry).is_break() {
                    break 'chunks;
                }
            }
            let _ = empty.send(chunk); // the reader may have ended
        }
        drop(chunks);
        match reader.join() {
            Ok(read) => read,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })?;
    Ok(replayed)
}

/// The thread's part.
fn read_ahead(
    log: &dyn Log,
    (seq, hash): (u64, Digest),
    upto_seq: u64,
    full: &SyncSender<Chunk>,
    used: &Receiver<Chunk>,
) -> Result<(), Fault> {
    let mut check = ChainCheck::after(log.header(), seq, hash);
    let vault = log.vault();
    let mut chunk = Chunk::default();
    let mut fault = None;
    log.scan(seq + 1, upto_seq, View::Stored, &mut |entry| {
        let opened = check.next(entry).map_err(Fault::from).and_then(|()| match vault {
            Some(vault) => vault.open_json(entry.data),
            None => Ok(entry.data.into()),
        });
        match opened {
            Ok(data) => chunk.push(entry, &data),
            Err(found) => {
                fault = Some(found);
                return ControlFlow::Break(());
            }
        }
        if chunk.lines.len() < CHUNK {
            return ControlFlow::Continue(());
        }
        let mut next = used.try_recv().unwrap_or_default();
        next.clear();
        match full.send(std::mem::replace(&mut chunk, next)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()), // nobody wants more
        }
    })?;
    let _ = full.send(chunk); // as above
    fault.map_or(Ok(()), Err)
}

#[derive(Default)]
struct Chunk {
    text: String,
    lines: Vec<Line>,
}

/// One entry of a chunk: its texts lie one behind the other in the chunk's.
struct Line {
    seq: u64,
    time_ms: i64,
    version: u32,
    prev_hash: Digest,
    hash: Digest,
    start: usize,
    ends: [usize; 5],
}

impl Chunk {
    fn push(&mut self, entry: &EntryRef<'_>, data: &str) {
        let start = self.text.len();
        let ends = [entry.actor, entry.key, entry.stream, entry.kind, data].map(|text| {
            self.text.push_str(text);
            self.text.len()
        });
        let EntryRef { seq, time_ms, version, prev_hash, hash, .. } = *entry;
        self.lines.push(Line { seq, time_ms, version, prev_hash, hash, start, ends });
    }

    fn clear(&mut self) {
        self.text.clear();
        self.lines.clear();
    }
}

impl Line {
    fn entry<'c>(&self, chunk: &'c Chunk, jurisdiction: &'c str) -> EntryRef<'c> {
        let [actor, key, stream, kind, data] = self.ends;
        EntryRef {
            jurisdiction,
            seq: self.seq,
            time_ms: self.time_ms,
            actor: &chunk.text[self.start..actor],
            key: &chunk.text[actor..key],
            stream: &chunk.text[key..stream],
            kind: &chunk.text[stream..kind],
            version: self.version,
            data: &chunk.text[kind..data],
            prev_hash: self.prev_hash,
            hash: self.hash,
        }
    }
}
