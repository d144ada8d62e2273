//! TLS by the node itself: phones send their position over HTTPS only.

mod certificate;
mod desk;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem};
use tokio_rustls::TlsAcceptor;

use crate::config::{Config, TlsMode};

pub use certificate::{Validity, parse_subject, parse_validity, validity_of};
pub use desk::{ClientCertificate, DeskFault, DeskGate, Fingerprint, Shown};

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsFault {
    /// A PEM file.
    #[error("cannot read {path:?}")]
    Pem {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: pem::Error,
    },
    /// The pair does not fit.
    #[error("certificate and key cannot be used")]
    Pair(#[from] rustls::Error),
    /// A desk's certificate.
    #[error("{path:?} holds no certificate")]
    NoCertificate {
        /// Which.
        path: PathBuf,
    },
    /// Authorities of desks' certificates.
    #[error("{path:?} holds no certificate of an authority")]
    NoAuthority {
        /// Which.
        path: PathBuf,
    },
    /// Their lists of what they took back.
    #[error("{path:?} holds no list of revoked certificates")]
    NoRevocationList {
        /// Which.
        path: PathBuf,
    },
    /// They do not fit.
    #[error("the authorities of desks' certificates cannot be used")]
    Authorities(#[from] rustls::server::VerifierBuilderError),
    /// No certificate could be made.
    #[error("a certificate cannot be made")]
    Make(#[from] rcgen::Error),
    /// It could not be kept.
    #[error("the certificate cannot be kept")]
    Keep(#[from] std::io::Error),
}

/// The acceptor that the settings ask for; `None` for plain HTTP.
pub fn acceptor(config: &Config) -> Result<Option<TlsAcceptor>, TlsFault> {
    let (cert, key) = match config.tls {
        TlsMode::Off => return Ok(None),
        TlsMode::Files => {
            let given = "the settings were completed with both";
            (config.cert.clone().expect(given), config.key.clone().expect(given))
        }
        TlsMode::SelfSigned => self_signed(&config.data.join("tls"), config.listen.ip().to_string())?,
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&cert)
        .and_then(Iterator::collect)
        .map_err(|source| TlsFault::Pem { path: cert.clone(), source })?;
    let key =
        PrivateKeyDer::from_pem_file(&key).map_err(|source| TlsFault::Pem { path: key.clone(), source })?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let server = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let server = match desk::asking(config)? {
        Some(asking) => server.with_client_cert_verifier(asking),
        None => server.with_no_client_auth(),
    };
    let mut server = server.with_single_cert(chain, key)?;
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(server))))
}

/// Where the certificate lies that the node shows; `None` for plain HTTP.
pub fn certificate_of(config: &Config) -> Option<PathBuf> {
    match config.tls {
        TlsMode::Off => None,
        TlsMode::Files => config.cert.clone(),
        TlsMode::SelfSigned => Some(config.data.join("tls").join("cert.pem")),
    }
}

/// A certificate of the node's own, made once and kept: people accept it on their phones once.
fn self_signed(dir: &Path, address: String) -> Result<(PathBuf, PathBuf), TlsFault> {
    let (cert, key) = (dir.join("cert.pem"), dir.join("key.pem"));
    if !cert.exists() || !key.exists() {
        std::fs::create_dir_all(dir)?;
        let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "muster".to_owned()];
        if address != "0.0.0.0" && address != "::" && !names.contains(&address) {
            names.push(address);
        }
        let made = rcgen::generate_simple_self_signed(names)?;
        // The certificate comes last: where it is, its key is.
        match std::fs::remove_file(&cert) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        keep(&key, 0o600, made.signing_key.serialize_pem().as_bytes())?;
        keep(&cert, 0o644, made.cert.pem().as_bytes())?;
    }
    Ok((cert, key))
}

/// All of it or nothing, durable when it returns: a half certificate would keep the node from starting.
fn keep(path: &Path, mode: u32, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let dir = path.parent().expect("it lies in a directory of its own");
    let unfinished = path.with_extension("unfinished");
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    std::fs::File::open(dir)?.sync_all()
}
