//! Snapshots of the state, written in the background and at a graceful stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::State;
use journal::{Digest, Log, Snapshots};

use crate::published::Published;
use crate::{fold, limits};

/// Decides when to write a snapshot; one at a time.
pub(crate) struct Snapshotter {
    log: Arc<dyn Log>,
    snapshots: Snapshots,
    every: u64,
    last_seq: u64,
    running: Arc<AtomicBool>,
}

impl Snapshotter {
    /// After `last_seq`, the entry of the newest snapshot that fits.
    pub(crate) fn new(log: Arc<dyn Log>, snapshots: Snapshots, last_seq: u64, every: Option<u64>) -> Self {
        let every = every.unwrap_or(limits::SNAPSHOT_ENTRIES);
        Self { log, snapshots, every, last_seq, running: Arc::default() }
    }

    /// Writes one in the background when enough entries have come since the last one.
    pub(crate) fn maybe(&mut self, state: &Arc<State>, seq: u64, hash: Digest) {
        if seq < self.last_seq + self.every || self.running.swap(true, Ordering::AcqRel) {
            return;
        }
        self.last_seq = seq;
        let (log, snapshots) = (Arc::clone(&self.log), self.snapshots.clone());
        let (state, running) = (Arc::clone(state), Arc::clone(&self.running));
        let write = move || {
            save(&*log, &snapshots, &state, seq, hash);
            running.store(false, Ordering::Release);
        };
        if let Err(error) = std::thread::Builder::new().name("snapshot".to_owned()).spawn(write) {
            tracing::warn!(%error, "no snapshot: no thread for it");
            self.running.store(false, Ordering::Release);
        }
    }

    /// Writes one now, as the node stops, where anything happened since the last one.
    pub(crate) fn last(&self, published: &Published, hash: Digest) {
        if published.at.seq > self.last_seq {
            save(&*self.log, &self.snapshots, &published.state, published.at.seq, hash);
        }
    }
}

fn save(log: &dyn Log, snapshots: &Snapshots, state: &State, seq: u64, hash: Digest) {
    match fold::save_snapshot(log, snapshots, state, seq, hash) {
        Ok(()) => tracing::info!(seq, "snapshot written"),
        Err(fault) => {
            tracing::warn!(seq, error = %fault, "no snapshot was written; the next start takes longer");
        }
    }
}
