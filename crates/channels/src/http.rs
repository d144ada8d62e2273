//! One HTTP POST, and its answer within bounds. Connections are kept and used again.

use std::error::Error as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{HeaderMap, RETRY_AFTER};
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tower::Service;

use crate::channel::{Outgoing, SendFault};
use crate::dial::{Dialer, Io, Peer};
use crate::limits::{ANSWER_BYTES, BUSY_REST, BUSY_REST_MAX, CONNECT_LIMIT, IDLE_KEPT, REASON_CHARS};

/// The way out by HTTP; `None` in a rehearsal, and then there is no way.
#[derive(Clone)]
pub(crate) struct Http {
    client: Option<Client<Connector, Full<Bytes>>>,
}

/// A peer's whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Http {
    pub(crate) fn new(dialer: Option<&Dialer>) -> Self {
        let client = dialer.map(|dialer| {
            let mut builder = Client::builder(TokioExecutor::new());
            builder.pool_idle_timeout(IDLE_KEPT).pool_timer(TokioTimer::new());
            builder.build(Connector { dialer: dialer.clone() })
        });
        Self { client }
    }

    /// The answer; `None` in a rehearsal, where the request ends here.
    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Result<Option<Answer>, SendFault> {
        let Some(client) = &self.client else { return Ok(None) };
        let host = request.uri().host().unwrap_or_default().to_owned();
        let answer = client.request(request).await.map_err(|error| broken(&host, &error))?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, ANSWER_BYTES).collect().await;
        let body =
            body.map_err(|error| SendFault::unreachable(format!("{host}: its answer broke off: {error}")))?;
        Ok(Some(Answer { status: head.status, headers: head.headers, body: body.to_bytes() }))
    }
}

impl Answer {
    /// Did the peer take it, by its status alone?
    pub(crate) fn accepted(&self) -> Result<(), SendFault> {
        let status = self.status;
        if status.is_success() {
            return Ok(());
        }
        match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                Err(SendFault::Throttled { retry_after: self.retry_after() })
            }
            StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => Err(SendFault::TimedOut),
            _ if status.is_server_error() => {
                Err(SendFault::unreachable(format!("it answered with the status {}", status.as_u16())))
            }
            _ => Err(SendFault::refused(format!("it answered with the status {}", status.as_u16()))),
        }
    }

    fn retry_after(&self) -> Duration {
        let seconds =
            self.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        seconds.map_or(BUSY_REST, Duration::from_secs).clamp(Duration::from_millis(100), BUSY_REST_MAX)
    }

    pub(crate) fn json(&self) -> Result<serde_json::Value, SendFault> {
        serde_json::from_slice(&self.body).map_err(|_| SendFault::unreachable("its answer is not JSON"))
    }
}

/// A peer's words for a log: short, on one line, and without the address that they may repeat.
pub(crate) fn words(text: &str, message: &Outgoing) -> String {
    let digits: String = message.address.chars().filter(char::is_ascii_digit).collect();
    let national = crate::sms::mobile(&message.address).unwrap_or_default();
    let mut text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    for hidden in [message.address.as_str(), digits.as_str(), digits.trim_start_matches("86"), &national] {
        if hidden.len() >= 5 {
            text = text.replace(hidden, "…");
        }
    }
    text.chars().take(REASON_CHARS).collect() // cut last: half a number is a number too
}

fn broken(host: &str, error: &hyper_util::client::legacy::Error) -> SendFault {
    let mut cause = error.source();
    let mut last = error.to_string();
    while let Some(next) = cause {
        if next.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut) {
            return SendFault::TimedOut;
        }
        last = next.to_string();
        cause = next.source();
    }
    SendFault::unreachable(format!("{host}: {last}"))
}

/// Gives hyper its connections.
#[derive(Clone)]
struct Connector {
    dialer: Dialer,
}

impl Service<Uri> for Connector {
    type Response = HttpIo;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<HttpIo>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let dialer = self.dialer.clone();
        Box::pin(async move {
            let peer = peer_of(&uri).ok_or_else(|| io::Error::other("the address names no host"))?;
            let connected = tokio::time::timeout(CONNECT_LIMIT, dialer.connect(&peer)).await;
            let io = connected.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
            Ok(HttpIo(TokioIo::new(io)))
        })
    }
}

/// A connection as hyper wants it.
struct HttpIo(TokioIo<Box<dyn Io>>);

impl Connection for HttpIo {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for HttpIo {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl Write for HttpIo {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

fn peer_of(uri: &Uri) -> Option<Peer> {
    let tls = uri.scheme_str() == Some("https");
    let host = uri.host()?.trim_start_matches('[').trim_end_matches(']').to_owned();
    Some(Peer { host, port: uri.port_u16().unwrap_or(if tls { 443 } else { 80 }), tls })
}

/// The peer that an address names.
pub(crate) fn peer(url: &str) -> Result<Peer, String> {
    let uri = url.parse().map_err(|error| format!("{url:?} is no address: {error}"))?;
    peer_of(&uri).ok_or_else(|| format!("{url:?} names no host"))
}

/// A POST to a checked address.
pub(crate) fn post(url: &str, content_type: &str, body: Vec<u8>) -> Result<Request<Full<Bytes>>, SendFault> {
    Request::post(url)
        .header(http::header::CONTENT_TYPE, content_type)
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| SendFault::refused(format!("no request can be made of this: {error}")))
}

/// Is this an address that a POST can go to?
pub(crate) fn check_url(url: &str) -> Result<(), String> {
    let uri: Uri = url.parse().map_err(|error| format!("{url:?} is no address: {error}"))?;
    match (uri.scheme_str(), uri.host()) {
        (Some("https" | "http"), Some(host)) if !host.is_empty() => Ok(()),
        _ => Err(format!("{url:?} is not of the form \"https://host/…\"")),
    }
}
