//! Moving the write-ahead log into the database, off the commit path.
//!
//! A thread of its own copies what the log holds once it has grown (the long part); the log can only be begun anew
//! when *all* of it has been copied, which never happens under load by itself, so the writer copies the small
//! remainder between two batches.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use crate::fault::Fault;

/// Unless told otherwise, the log is copied once it holds this many pages of 4 KiB: 16 MiB.
pub(super) const CHECKPOINT_PAGES: u64 = 4096;
/// When a reader holds the copying up, it is tried again after this time.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// The log's size when it is empty, bytes: what it holds when the copying begins, and half as much again.
pub(super) fn log_bytes(checkpoint_pages: u64) -> u64 {
    checkpoint_pages * 4096 * 3 / 2
}

pub(super) struct Checkpointer {
    /// The log is copied once it holds so many pages.
    due_at: u64,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    /// Pages in the log as of the last commit.
    pages: AtomicU64,
    /// The thread has copied the bulk: the writer's turn.
    bulk_is_copied: AtomicBool,
    waiting: Mutex<Waiting>,
    wake: Condvar,
}

#[derive(Default)]
struct Waiting {
    grown: bool,
    stop: bool,
    last_fault: Option<String>,
}

/// How the write-ahead log stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalHealth {
    /// Pages of 4 KiB in the log as of the last commit.
    pub pages: u64,
    /// Why it could not be copied into the database, if the last attempt failed.
    pub fault: Option<String>,
}

/// Looks at the write-ahead log of the journal's writer, from any thread.
#[derive(Clone)]
pub struct WalWatch {
    shared: Arc<Shared>,
}

impl WalWatch {
    /// As of now.
    pub fn health(&self) -> WalHealth {
        let fault = self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).last_fault.clone();
        WalHealth { pages: self.shared.pages.load(Ordering::Relaxed), fault }
    }
}

impl Checkpointer {
    pub(super) fn start(path: &Path, due_at: u64) -> Result<Self, Fault> {
        let shared = Arc::new(Shared::default());
        let conn = super::connect(path)?;
        let for_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("journal-checkpoint".to_owned())
            .spawn(move || run(&conn, &for_thread, due_at))
            .map_err(|source| Fault::file("start the checkpoint thread of", path, source))?;
        Ok(Self { due_at, shared, thread: Some(thread) })
    }

    /// Lets the thread know of the log's growth after each commit of this connection.
    pub(super) fn watch(&self, writer: &mut Connection) -> Result<(), Fault> {
        let (shared, due_at) = (Arc::clone(&self.shared), self.due_at);
        writer.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages: std::ffi::c_int| {
            let pages = u64::try_from(pages).unwrap_or(0);
            let before = shared.pages.swap(pages, Ordering::Relaxed);
            if pages >= due_at && before < due_at {
                shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).grown = true;
                shared.wake.notify_one();
            }
            Ok(())
        }))?;
        Ok(())
    }

    /// The writer's part, between two batches: copies the remainder, so that the log begins anew.
    pub(super) fn finish_if_due(&self, writer: &Connection) {
        if self.shared.bulk_is_copied.swap(false, Ordering::Relaxed) {
            match copy(writer, "PASSIVE") {
                Ok(_) => {}
                Err(fault) => self.shared.report(&fault),
            }
        }
    }

    /// See [`log_bytes`].
    pub(super) fn log_bytes(&self) -> u64 {
        log_bytes(self.due_at)
    }

    pub(super) fn watcher(&self) -> WalWatch {
        WalWatch { shared: Arc::clone(&self.shared) }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).stop = true;
        self.shared.wake.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the checkpoint thread panicked");
        }
    }
}

impl Shared {
    fn report(&self, fault: &rusqlite::Error) {
        tracing::error!(%fault, "the write-ahead log cannot be copied into the journal's database");
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).last_fault = Some(fault.to_string());
    }
}

fn run(conn: &Connection, shared: &Shared, due_at: u64) {
    let mut held_up = false;
    loop {
        let mut waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        while !waiting.grown && !waiting.stop && !held_up {
            waiting = shared.wake.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        if held_up && !waiting.stop {
            waiting =
                shared.wake.wait_timeout(waiting, RETRY_AFTER).unwrap_or_else(PoisonError::into_inner).0;
        }
        if waiting.stop {
            return;
        }
        waiting.grown = false;
        drop(waiting);
        match copy(conn, "PASSIVE") {
            Ok(Copied { pages, copied }) => {
                shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).last_fault = None;
                held_up = copied < pages && shared.pages.load(Ordering::Relaxed) >= due_at;
                // Still growing although the writer has had its turn: go round again.
                held_up |= shared.pages.load(Ordering::Relaxed) >= 2 * due_at;
                shared.bulk_is_copied.store(true, Ordering::Relaxed);
            }
            Err(fault) => {
                shared.report(&fault);
                held_up = true;
            }
        }
    }
}

/// What a checkpoint found and did, pages.
pub(super) struct Copied {
    pub(super) pages: i64,
    pub(super) copied: i64,
}

/// Runs a checkpoint of the given kind.
pub(super) fn copy(conn: &Connection, kind: &str) -> Result<Copied, rusqlite::Error> {
    conn.query_row(&format!("PRAGMA wal_checkpoint({kind})"), [], |row| {
        let busy: i64 = row.get(0)?;
        let pages: i64 = row.get(1)?;
        let copied: i64 = row.get(2)?;
        Ok(if busy == 0 { Copied { pages, copied } } else { Copied { pages: pages.max(1), copied: 0 } })
    })
}
