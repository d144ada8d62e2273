//! A request's body that must go on: a client that announces a body and then falls silent holds a connection for as
//! long as it likes, so each part has its limit.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep};

use crate::limits;

const REST: Duration = Duration::from_secs(limits::BODY_REST_S);

/// A body that ends with an error where its next part does not come in time.
pub(crate) struct Patient {
    body: Incoming,
    /// Set at the first wait: most bodies come with their head.
    end: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    pub(crate) fn new(body: Incoming) -> Self {
        Self { body, end: None }
    }
}

type Cut = Box<dyn std::error::Error + Send + Sync>;

impl Body for Patient {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let this = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            this.end = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let end = this.end.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now() + REST)));
        end.as_mut().poll(cx).map(|()| Some(Err("the body did not go on".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
