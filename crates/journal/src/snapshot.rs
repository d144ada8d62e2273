//! Snapshots of folded state: they bound the start-up time and are never the truth.
//!
//! A snapshot that does not fit in every respect (seal, signature, entry, state format) is ignored, and the reader is
//! told; the state is then folded from the journal (rule 10). Personal data is sealed by the writer of the snapshot
//! (`Vault::seal_json`), so that an erasure reaches snapshots too.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::entry::{Digest, put};
use crate::fault::Fault;
use crate::head::Header;
use crate::journal::{Log, View};
use crate::keys;
use crate::suite::{Signer, suite_named};

const MAGIC: &[u8] = b"muster snapshot 1\n";
/// So many are kept: the newest, and the one before in case the newest does not read.
const KEPT: usize = 2;

/// Folded state as of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The last entry that is folded into it.
    pub seq: u64,
    /// Of that entry.
    pub hash: Digest,
    /// In the caller's words: which shape the body has.
    pub state_format: String,
    pub body: Vec<u8>,
}

/// A snapshot that was found and not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    pub path: PathBuf,
    pub why: String,
}

/// The newest snapshot that fits, and those that do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub snapshot: Option<Snapshot>,
    pub ignored: Vec<Ignored>,
}

/// The snapshots of one node.
#[derive(Clone)]
pub struct Snapshots {
    dir: PathBuf,
    header: Header,
    signer: Arc<dyn Signer>,
}

impl Snapshots {
    pub(crate) fn new(dir: PathBuf, header: Header, signer: Arc<dyn Signer>) -> Self {
        Self { dir, header, signer }
    }

    /// Writes a snapshot: all of it or nothing, durable when it returns. Older ones beyond the last two go.
    pub fn save(&self, snapshot: &Snapshot) -> Result<(), Fault> {
        keys::private_dir(&self.dir)?;
        let mut front = Vec::with_capacity(256);
        front.extend_from_slice(MAGIC);
        put(&mut front, self.header.journal.as_bytes());
        put(&mut front, &snapshot.seq.to_be_bytes());
        put(&mut front, &snapshot.hash.0);
        put(&mut front, snapshot.state_format.as_bytes());
        put(&mut front, &self.body_digest(&snapshot.body).0);
        put(&mut front, &self.signer.public_key());
        let signature = self.signer.sign(&front);
        put(&mut front, &signature);

        let path = self.dir.join(format!("{:020}.snapshot", snapshot.seq));
        let unfinished = path.with_extension("unfinished");
        let write = || {
            let mut file = File::create(&unfinished)?;
            file.write_all(&front)?;
            file.write_all(&snapshot.body)?;
            file.sync_all()?;
            fs::rename(&unfinished, &path)
        };
        write().map_err(|source| Fault::file("write", &path, source))?;
        keys::sync_dir(&self.dir)?;
        for old in self.paths()?.into_iter().skip(KEPT) {
            fs::remove_file(&old).map_err(|source| Fault::file("remove", &old, source))?;
        }
        Ok(())
    }

    /// The newest snapshot in the given state format that fits the journal.
    pub fn latest(&self, log: &dyn Log, state_format: &str) -> Result<Found, Fault> {
        let trusted: Vec<Vec<u8>> = log.epochs()?.into_iter().map(|epoch| epoch.public_key).collect();
        let mut ignored = Vec::new();
        for path in self.paths()? {
            let bytes = fs::read(&path).map_err(|source| Fault::file("read", &path, source))?;
            let fitting = match self.parse(&bytes, &trusted) {
                Ok(snapshot) if snapshot.state_format != state_format => {
                    Err(format!("its state format is {}, not {state_format}", snapshot.state_format))
                }
                Ok(snapshot) if entry_hash_at(log, snapshot.seq)? != Some(snapshot.hash) => {
                    Err(format!("entry {} of the journal is not the one it was taken at", snapshot.seq))
                }
                parsed => parsed.map_err(str::to_owned),
            };
            match fitting {
                Ok(snapshot) => return Ok(Found { snapshot: Some(snapshot), ignored }),
                Err(why) => {
                    tracing::warn!(path = %path.display(), why, "a snapshot is ignored");
                    ignored.push(Ignored { path, why });
                }
            }
        }
        Ok(Found { snapshot: None, ignored })
    }

    /// Newest first.
    fn paths(&self) -> Result<Vec<PathBuf>, Fault> {
        list(&self.dir)
    }

    fn body_digest(&self, body: &[u8]) -> Digest {
        let suite =
            suite_named(&self.header.suite).expect("a header is read or made only with a known suite");
        suite.digest(body)
    }

    fn parse(&self, bytes: &[u8], trusted: &[Vec<u8>]) -> Result<Snapshot, &'static str> {
        const CUT_OFF: &str = "it is cut off";
        let mut rest = bytes.strip_prefix(MAGIC).ok_or("it is no snapshot of this format")?;
        let mut take = || {
            let (length, after) = rest.split_first_chunk::<4>().ok_or(CUT_OFF)?;
            let length = u32::from_be_bytes(*length) as usize;
            let (part, after) = after.split_at_checked(length).ok_or(CUT_OFF)?;
            rest = after;
            Ok::<_, &'static str>(part)
        };
        let journal = take()?;
        let seq = u64::from_be_bytes(take()?.try_into().map_err(|_| CUT_OFF)?);
        let hash = Digest(take()?.try_into().map_err(|_| CUT_OFF)?);
        let state_format = String::from_utf8(take()?.to_vec()).map_err(|_| "its state format is no text")?;
        let body_digest = take()?;
        let public_key = take()?.to_vec();
        let signature = take()?;
        let signed_bytes = &bytes[..bytes.len() - rest.len() - signature.len() - 4];
        if journal != self.header.journal.as_bytes() {
            return Err("it is of another journal");
        }
        let suite =
            suite_named(&self.header.suite).expect("a header is read or made only with a known suite");
        if !trusted.contains(&public_key) || !suite.is_signed(&public_key, signed_bytes, signature) {
            return Err("it is not signed by a key of this journal");
        }
        if self.body_digest(rest).0 != body_digest {
            return Err("its body is not what was written");
        }
        Ok(Snapshot { seq, hash, state_format, body: rest.to_vec() })
    }
}

/// The snapshot files of a directory, newest first; the name begins with the zero-padded seq.
pub(crate) fn list(dir: &Path) -> Result<Vec<PathBuf>, Fault> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(missing) if missing.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(Fault::file("list", dir, source)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|source| Fault::file("list", dir, source))?.path();
        if path.extension().is_some_and(|extension| extension == "snapshot") {
            paths.push(path);
        }
    }
    paths.sort_unstable_by(|a, b| b.cmp(a));
    Ok(paths)
}

fn entry_hash_at(log: &dyn Log, seq: u64) -> Result<Option<Digest>, Fault> {
    let mut hash = None;
    log.scan(seq, seq, View::Stored, &mut |entry| {
        hash = Some(entry.hash);
        ControlFlow::Break(())
    })?;
    Ok(hash)
}
