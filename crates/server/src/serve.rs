//! The listener: connections with small buffers, so that ten thousand phones fit, and an orderly end.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::app::{self, Peer};
use crate::config::Config;
use crate::engine::Stopper;
use crate::limits;
use crate::node::{Node, NodeFault};
use crate::now::Now;
use crate::patient::Patient;
use crate::tls::{self, Shown};

/// A node that listens.
pub struct Serving {
    /// The node.
    pub node: Arc<Node>,
    /// Where it listens; the port that was taken, where 0 was asked.
    pub address: SocketAddr,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    stopper: Stopper,
}

/// Starts a node and its listener.
pub async fn open(config: Config, now: Now) -> Result<Serving, NodeFault> {
    let tls = tls::acceptor(&config)?;
    let listener = TcpListener::bind(config.listen).await?;
    let address = listener.local_addr()?;
    let (node, stopper) = Node::start(config, now).await?;
    Ok(Serving { node, address, listener, tls, stopper })
}

impl Serving {
    /// `http://127.0.0.1:8642`
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Serves until `stop`; then takes no more acts, finishes what it has, signs the head, leaves a snapshot and
    /// closes.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<(), journal::Fault> {
        let Self { node, listener, tls, stopper, .. } = self;
        let (end, ended) = watch::channel(());
        tokio::spawn(tidies(Arc::clone(&node), ended.clone()));
        let app = app::router(node);
        let room = Arc::new(Semaphore::new(limits::CONNECTIONS));
        tokio::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = accept(&listener, &room) => accepted,
                () = &mut stop => break,
            };
            let Some((stream, peer, permit)) = accepted else { continue };
            let (app, tls, ended) = (app.clone(), tls.clone(), ended.clone());
            tokio::spawn(async move {
                connection(stream, peer, tls, app, ended).await;
                drop(permit);
            });
        }
        drop((listener, ended));
        tracing::info!("stopping: no more acts are taken");
        stopper.refuse();
        // Streams end with the hub; requests under way get their answers.
        let stopped = tokio::task::spawn_blocking(move || stopper.stop());
        end.send_replace(());
        let closed = stopped.await.expect("stopping does not panic");
        let _ = tokio::time::timeout(Duration::from_secs(limits::STOP_S), end.closed()).await;
        closed
    }
}

/// Looks after the sessions until the node stops.
async fn tidies(node: Arc<Node>, mut ended: watch::Receiver<()>) {
    let rest = Duration::from_secs(limits::SESSIONS_TIDIED_S);
    let mut others = node.others();
    looks(&node).await;
    let mut looked = Instant::now();
    loop {
        tokio::select! {
            _ = ended.changed() => return,
            () = tokio::time::sleep(rest) => {}
            // Without a database nobody tells: the sender is gone, and only the time counts.
            Ok(()) = others.changed() => {}
        }
        // Others may tell often: a look at the disk is taken once a minute all the same.
        if looked.elapsed() >= rest {
            looks(&node).await;
            looked = Instant::now();
        }
        let tidied = Arc::clone(&node);
        // The next look tries again.
        match tokio::task::spawn_blocking(move || tidied.tidy_sessions()).await {
            Ok(Ok(())) => Node::revokes_push_of_the_ended(&node).await,
            Ok(Err(error)) => tracing::error!(%error, "the sessions could not be looked after"),
            Err(error) => tracing::error!(%error, "looking after the sessions panicked"),
        }
    }
}

/// Looks for what will stop the node before long; off the runtime's threads, since it asks the disk.
async fn looks(node: &Arc<Node>) {
    let node = Arc::clone(node);
    if let Err(error) = tokio::task::spawn_blocking(move || node.watch.look(&node)).await {
        tracing::error!(%error, "looking for alarms panicked");
    }
}

type Permit = tokio::sync::OwnedSemaphorePermit;

async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> Option<(TcpStream, SocketAddr, Permit)> {
    let permit = Arc::clone(room).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, permit)),
        Err(error) => {
            // Out of file descriptors, most likely: others will close.
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    app: Router,
    ended: watch::Receiver<()>,
) {
    let _ = stream.set_nodelay(true);
    match tls {
        None => speak(stream, peer, None, app, ended).await,
        Some(tls) => {
            let head = Duration::from_secs(limits::REQUEST_HEAD_S);
            match tokio::time::timeout(head, tls.accept(stream)).await {
                Ok(Ok(stream)) => {
                    let shown = Shown::of(stream.get_ref().1.peer_certificates());
                    speak(stream, peer, shown, app, ended).await;
                }
                Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                Err(_) => tracing::debug!("a TLS handshake was not finished in time"),
            }
        }
    }
}

async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    shown: Option<Shown>,
    app: Router,
    mut ended: watch::Receiver<()>,
) {
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        if let Some(shown) = &shown {
            request.extensions_mut().insert(shown.clone());
        }
        let app = app.clone();
        async move { Ok::<_, Infallible>(answer(app, request.map(|body| Body::new(Patient::new(body)))).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(limits::REQUEST_HEAD_S))
        .max_buf_size(limits::CONNECTION_BUFFER)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    loop {
        tokio::select! {
            result = connection.as_mut() => {
                if let Err(error) = result {
                    tracing::debug!(%error, "a connection ended early");
                }
                return;
            }
            _ = ended.changed() => connection.as_mut().graceful_shutdown(),
        }
    }
}

async fn answer(app: Router, request: axum::extract::Request) -> axum::response::Response {
    let Ok(response) = app.oneshot(request).await;
    response
}
