//! Where the node's time comes from; a test hands in its own.

use std::sync::Arc;

use domain::types::Time;

/// The node's clock.
#[derive(Clone)]
pub struct Now(Arc<dyn Fn() -> Time + Send + Sync>);

impl Now {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::from_fn(|| Time(jiff::Timestamp::now().as_millisecond()))
    }

    /// Any other.
    pub fn from_fn(now: impl Fn() -> Time + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Now.
    pub fn now(&self) -> Time {
        (self.0)()
    }
}
