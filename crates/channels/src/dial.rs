//! Opening a connection: name, TCP, TLS, within one limit.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::channel::SendFault;

/// What both a bare and an encrypted connection are.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// Opens connections; all of a node's channels trust the same roots.
#[derive(Clone)]
pub(crate) struct Dialer {
    tls: Arc<ClientConfig>,
}

/// A peer's name and port, from `host:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Peer {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: bool,
}

impl Peer {
    pub(crate) fn of(text: &str, tls: bool) -> Result<Self, String> {
        let form = || format!("peer {text:?} is not of the form \"host:port\"");
        let (host, port) = text.rsplit_once(':').ok_or_else(form)?;
        let port = port.parse().map_err(|_| form())?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || ServerName::try_from(host).is_err() {
            return Err(form());
        }
        Ok(Self { host: host.to_owned(), port, tls })
    }
}

impl Dialer {
    /// The machine's roots, and those of `ca_file`.
    pub(crate) fn new(ca_file: Option<&Path>) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        let native = rustls_native_certs::load_native_certs();
        for error in &native.errors {
            tracing::warn!(%error, "some of the machine's root certificates cannot be read");
        }
        let (taken, _) = roots.add_parsable_certificates(native.certs);
        if let Some(path) = ca_file {
            for root in own_roots(path)? {
                let what = |error| format!("ca_file {}: {error}", path.display());
                roots.add(root).map_err(what)?;
            }
        } else if taken == 0 {
            tracing::warn!("this machine has no root certificates: no peer can prove who it is over TLS");
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has the suites of TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: Arc::new(tls) })
    }

    /// A connection within the limit, or why there is none.
    pub(crate) async fn dial(&self, peer: &Peer, limit: Duration) -> Result<Box<dyn Io>, SendFault> {
        match tokio::time::timeout(limit, self.connect(peer)).await {
            Ok(Ok(io)) => Ok(io),
            Ok(Err(error)) => Err(fault(&peer.host, &error)),
            Err(_) => Err(SendFault::TimedOut),
        }
    }

    pub(crate) async fn connect(&self, peer: &Peer) -> io::Result<Box<dyn Io>> {
        let stream = TcpStream::connect((peer.host.as_str(), peer.port)).await?;
        stream.set_nodelay(true)?;
        if !peer.tls {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(peer.host.clone()).map_err(io::Error::other)?;
        let stream = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await?;
        Ok(Box::new(stream))
    }
}

pub(crate) fn own_roots(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let what = |error| format!("ca_file {}: {error}", path.display());
    let roots: Vec<_> =
        CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<_, _>>).map_err(what)?;
    if roots.is_empty() {
        return Err(format!("ca_file {} holds no certificate", path.display()));
    }
    Ok(roots)
}

/// What kept us from a host, in words.
pub(crate) fn fault(host: &str, error: &io::Error) -> SendFault {
    if error.kind() == io::ErrorKind::TimedOut {
        return SendFault::TimedOut;
    }
    SendFault::unreachable(format!("{host}: {error}"))
}
