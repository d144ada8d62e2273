//! The stream's body: hands over what waits in the outbox, in one piece.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Frame};

use super::Live;
use super::registry::{Found, Subscriber};

/// Bytes that are put together into one write.
const PIECE_BYTES: usize = 64 << 10;

/// A body that ends when its session does.
pub struct SseBody {
    live: Live,
    subscriber: Arc<Subscriber>,
    /// Taken from the outbox, or before it, and not yet handed over.
    ready: std::collections::VecDeque<Bytes>,
}

impl SseBody {
    pub(super) fn new(live: Live, subscriber: Arc<Subscriber>, front: Vec<Bytes>) -> Self {
        Self { live, subscriber, ready: front.into() }
    }

    fn piece(&mut self) -> Option<Bytes> {
        let first = self.ready.pop_front()?;
        if self.ready.is_empty() {
            return Some(first);
        }
        let mut piece = BytesMut::from(&first[..]);
        while let Some(next) = self.ready.pop_front_if(|next| piece.len() + next.len() <= PIECE_BYTES) {
            piece.extend_from_slice(&next);
        }
        Some(piece.freeze())
    }
}

impl Body for SseBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.ready.is_empty() {
            match self.subscriber.take(cx.waker()) {
                Found::Frames(frames) => self.ready = frames,
                Found::Nothing => return Poll::Pending,
                Found::Closed => return Poll::Ready(None),
            }
        }
        Poll::Ready(self.piece().map(|piece| Ok(Frame::data(piece))))
    }
}

impl Drop for SseBody {
    fn drop(&mut self) {
        self.live.leave(self.subscriber.id);
    }
}
