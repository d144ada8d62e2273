//! Certificates of desks: which computer an account signs in from, and goes on from.
//!
//! The handshake asks for a certificate and proves that the desk holds its key; whether it is good is asked with each
//! request, so that an end, a revocation, and a binding that was taken away count at once, also on a line that is open
//! already, and the desk is told in words instead of by a line that breaks. Phones show none, and nothing changes for them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use domain::authority::Role;
use domain::types::Time;
use parking_lot::Mutex;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, SignatureScheme,
};

use super::{TlsFault, Validity, parse_subject, parse_validity};
use crate::config::{ClientCerts, Config};
use crate::hash::sha256;

/// What tells one certificate from any other: the SHA-256 of all of it.
pub type Fingerprint = [u8; 32];

/// The certificate that a connection showed, with what it sent to prove it. Its key was proven in the handshake.
#[derive(Debug)]
pub struct ClientCertificate {
    chain: Vec<CertificateDer<'static>>,
    /// Of the first one.
    pub fingerprint: Fingerprint,
}

/// With each request of a connection: what it showed, if anything.
#[derive(Debug, Clone)]
pub struct Shown(pub Arc<ClientCertificate>);

impl ClientCertificate {
    /// From a file: the certificate, and behind it what the file holds to prove it.
    pub fn read(pem: &Path) -> Result<Self, TlsFault> {
        let unread = |source| TlsFault::Pem { path: pem.to_owned(), source };
        let chain = CertificateDer::pem_file_iter(pem).and_then(Iterator::collect).map_err(unread)?;
        Self::of(chain).ok_or_else(|| TlsFault::NoCertificate { path: pem.to_owned() })
    }

    fn of(chain: Vec<CertificateDer<'static>>) -> Option<Self> {
        let fingerprint = sha256(chain.first()?);
        Some(Self { chain, fingerprint })
    }

    /// What it calls its desk.
    pub fn subject(&self) -> Option<String> {
        parse_subject(self.chain.first()?)
    }

    /// How long it holds.
    pub fn validity(&self) -> Option<Validity> {
        parse_validity(self.chain.first()?)
    }
}

impl Shown {
    /// From what the handshake kept.
    pub fn of(chain: Option<&[CertificateDer<'_>]>) -> Option<Self> {
        let chain = chain?.iter().map(|der| der.clone().into_owned()).collect();
        ClientCertificate::of(chain).map(|shown| Self(Arc::new(shown)))
    }
}

/// Why a desk is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskFault {
    /// The account has no certificate yet, and its role must.
    NoneBound,
    /// None was shown.
    NotShown,
    /// It is another account's, or nobody's.
    OtherDesk,
    /// It does not hold yet.
    NotYet,
    /// It has ended.
    Expired,
    /// Its authority has taken it back.
    Revoked,
    /// No authority of the settings has made it.
    Untrusted,
}

/// What decides whether a desk's certificate is good.
pub struct DeskGate {
    mode: ClientCerts,
    roles: BTreeSet<Role>,
    files: Files,
    loaded: Mutex<Loaded>,
}

#[derive(Debug, Clone)]
struct Files {
    ca: PathBuf,
    crl: Option<PathBuf>,
}

/// When a file was changed, and how long it is: another such pair is another file.
type Stamp = Vec<Option<(SystemTime, u64)>>;

struct Loaded {
    verifier: Arc<dyn ClientCertVerifier>,
    stamp: Stamp,
    /// The files have changed and cannot be read: what was read before holds.
    failed: bool,
}

impl Files {
    fn of(config: &Config) -> Option<Self> {
        if config.client_certs == ClientCerts::Off {
            return None;
        }
        let ca = config.client_ca.clone().expect("the settings were completed with it");
        Some(Self { ca, crl: config.client_crl.clone() })
    }

    fn stamp(&self) -> Stamp {
        let of = |path: &Path| {
            let metadata = std::fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        std::iter::once(&self.ca).chain(&self.crl).map(|path| of(path)).collect()
    }

    fn read(&self) -> Result<Arc<dyn ClientCertVerifier>, TlsFault> {
        let pem = |path: &Path| {
            let path = path.to_owned();
            move |source| TlsFault::Pem { path, source }
        };
        let mut roots = RootCertStore::empty();
        let authorities = CertificateDer::pem_file_iter(&self.ca).map_err(pem(&self.ca))?;
        for authority in authorities {
            roots.add(authority.map_err(pem(&self.ca))?)?;
        }
        if roots.is_empty() {
            return Err(TlsFault::NoAuthority { path: self.ca.clone() });
        }
        let mut crls = Vec::new();
        if let Some(path) = &self.crl {
            let lists = CertificateRevocationListDer::pem_file_iter(path).map_err(pem(path))?;
            for list in lists {
                crls.push(list.map_err(pem(path))?);
            }
            if crls.is_empty() {
                return Err(TlsFault::NoRevocationList { path: path.clone() });
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .with_crls(crls)
            .only_check_end_entity_revocation();
        Ok(builder.build()?)
    }
}

impl DeskGate {
    /// As the settings say; `None` where desks show no certificates.
    pub fn open(config: &Config) -> Result<Option<Self>, TlsFault> {
        let Some(files) = Files::of(config) else { return Ok(None) };
        let stamp = files.stamp();
        let loaded = Loaded { verifier: files.read()?, stamp, failed: false };
        Ok(Some(Self {
            mode: config.client_certs,
            roles: config.client_cert_roles.iter().copied().collect(),
            files,
            loaded: Mutex::new(loaded),
        }))
    }

    /// Do accounts of this role show certificates?
    pub fn concerns(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Must accounts of this role have one?
    pub fn requires(&self, role: Role) -> bool {
        self.mode == ClientCerts::Required && self.concerns(role)
    }

    /// May an account of this role, to which these certificates are bound, do something from where this one was shown?
    pub fn admits(
        &self,
        role: Role,
        bound: &[Fingerprint],
        shown: Option<&ClientCertificate>,
        now: Time,
    ) -> Result<(), DeskFault> {
        if !self.concerns(role) {
            return Ok(());
        }
        if bound.is_empty() {
            return if self.requires(role) { Err(DeskFault::NoneBound) } else { Ok(()) };
        }
        let shown = shown.ok_or(DeskFault::NotShown)?;
        self.trusts(shown, now)?;
        if bound.contains(&shown.fingerprint) { Ok(()) } else { Err(DeskFault::OtherDesk) }
    }

    /// Is it good at this moment, whoever's it is?
    pub fn trusts(&self, shown: &ClientCertificate, now: Time) -> Result<(), DeskFault> {
        let (own, above) = shown.chain.split_first().ok_or(DeskFault::NotShown)?;
        let now = UnixTime::since_unix_epoch(Duration::from_millis(u64::try_from(now.0).unwrap_or(0)));
        match self.verifier().verify_client_cert(own, above, now) {
            Ok(_) => Ok(()),
            Err(Error::InvalidCertificate(why)) => Err(match why {
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => DeskFault::Expired,
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                    DeskFault::NotYet
                }
                CertificateError::Revoked => DeskFault::Revoked,
                _ => DeskFault::Untrusted,
            }),
            Err(_) => Err(DeskFault::Untrusted),
        }
    }

    /// Could the authorities and lists that lie there now not be read?
    pub fn is_outdated(&self) -> bool {
        drop(self.verifier());
        self.loaded.lock().failed
    }

    /// What the files say; read again where one has changed.
    fn verifier(&self) -> Arc<dyn ClientCertVerifier> {
        let stamp = self.files.stamp();
        let mut loaded = self.loaded.lock();
        if loaded.stamp != stamp {
            loaded.stamp = stamp;
            match self.files.read() {
                Ok(verifier) => {
                    (loaded.verifier, loaded.failed) = (verifier, false);
                    tracing::info!("the authorities of desks' certificates were read again");
                }
                Err(error) => {
                    loaded.failed = true;
                    tracing::error!(%error, "the authorities of desks' certificates cannot be read again: what was read before holds");
                }
            }
        }
        Arc::clone(&loaded.verifier)
    }
}

/// What the handshake asks of a desk: nothing but that it has the key of what it shows.
#[derive(Debug)]
struct Asking(Arc<dyn ClientCertVerifier>);

/// For the listener; `None` where desks show no certificates.
pub(super) fn asking(config: &Config) -> Result<Option<Arc<dyn ClientCertVerifier>>, TlsFault> {
    let Some(files) = Files::of(config) else { return Ok(None) };
    Ok(Some(Arc::new(Asking(files.read()?))))
}

impl ClientCertVerifier for Asking {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.0.root_hint_subjects()
    }

    /// The gate judges it, with each request.
    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
