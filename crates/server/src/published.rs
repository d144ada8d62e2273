//! What readers see: one pointer, swapped once a batch.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use domain::State;
use tokio::sync::watch;

use crate::limits;

/// A place in the journal, as clients know it: `epoch.seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Position {
    /// The epoch; another one means: reload.
    pub epoch: u64,
    /// The last entry.
    pub seq: u64,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.epoch, self.seq)
    }
}

impl std::str::FromStr for Position {
    type Err = NotAPosition;
    fn from_str(text: &str) -> Result<Self, NotAPosition> {
        let (epoch, seq) = text.split_once('.').ok_or(NotAPosition)?;
        match (epoch.parse(), seq.parse()) {
            (Ok(epoch), Ok(seq)) => Ok(Self { epoch, seq }),
            _ => Err(NotAPosition),
        }
    }
}

/// A text that is no `epoch.seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in the journal: `epoch.seq` is expected")]
pub struct NotAPosition;

/// The committed state and where it stands.
#[derive(Debug, Clone)]
pub struct Published {
    /// The state.
    pub state: Arc<State>,
    /// As of this entry.
    pub at: Position,
}

/// The one pointer that all readers share.
pub struct Publisher {
    current: ArcSwap<Published>,
    position: watch::Sender<Position>,
}

impl Publisher {
    /// With what was folded at the start.
    pub fn new(first: Published) -> Self {
        let position = watch::Sender::new(first.at);
        Self { current: ArcSwap::from_pointee(first), position }
    }

    /// What is committed now.
    pub fn load(&self) -> Arc<Published> {
        self.current.load_full()
    }

    pub(crate) fn publish(&self, next: Published) {
        let at = next.at;
        self.current.store(Arc::new(next));
        self.position.send_replace(at);
    }

    /// Tells of every later state.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Position> {
        self.position.subscribe()
    }

    /// Waits until the state holds this entry (read your own write). Another epoch's position is not waited for:
    /// its client is about to be told to reload.
    pub async fn wait_for(&self, wanted: Position) -> Arc<Published> {
        let mut position = self.position.subscribe();
        let reached = position.wait_for(|now| now.epoch != wanted.epoch || now.seq >= wanted.seq);
        // Late is better than never: a read that waited long enough gets what there is.
        let _ = tokio::time::timeout(Duration::from_millis(limits::MIN_SEQ_WAIT_MS), reached).await;
        self.load()
    }
}
