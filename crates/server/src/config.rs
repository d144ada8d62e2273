//! The node's settings: from the command line, else from a TOML file, else as documented. Each has a reader.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use domain::authority::Role;
use serde::Deserialize;

use crate::seed;

/// How the node speaks TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsMode {
    /// Not at all: behind a proxy, or on loopback.
    #[default]
    Off,
    /// With a certificate that the node makes for itself and keeps in its data directory.
    SelfSigned,
    /// With the certificate and key given.
    Files,
}

/// Whether desks show a certificate of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientCerts {
    /// They do not.
    #[default]
    Off,
    /// An account to which one is bound must show it.
    Asked,
    /// Accounts of the roles must have one bound, and show it.
    Required,
}

/// Whether messages leave the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Messages {
    /// They are sent.
    Send,
    /// Everything runs, and not one byte leaves.
    Rehearse,
    /// None are made: people are told on the pages and terminals alone.
    Off,
}

/// In which language messages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessagesLanguage {
    /// 中文
    #[default]
    Zh,
    /// English.
    En,
}

/// The algorithms of a journal: its chain, the signatures of its heads, what is sealed in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuiteChoice {
    /// SHA-256, Ed25519, AES-256-GCM.
    Sha256,
    /// SM3, SM2, SM4-GCM (GM/T).
    Sm,
}

impl SuiteChoice {
    /// The journal's name for it.
    pub fn suite(self) -> &'static dyn journal::Suite {
        match self {
            Self::Sha256 => &journal::Sha256Ed25519,
            Self::Sm => &journal::Sm3Sm2,
        }
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogForm {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Settings as given; absent ones are asked of the next source.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Directory of the journal, keys, sessions and attachments
    #[arg(long, env = "MUSTER_DATA")]
    pub data: Option<PathBuf>,
    /// Directory of the keys, perhaps on another disk (default: DATA/keys)
    #[arg(long)]
    pub keys: Option<PathBuf>,
    /// Database that holds the journal, for several nodes: `postgres://user@host,host/database` (default: a file in DATA).
    /// An address with a password belongs into the settings' file or the environment
    #[arg(long, env = "MUSTER_JOURNAL", hide_env_values = true)]
    pub journal: Option<String>,
    /// Algorithms of a new journal, for life: sha256, sm (default: sha256); one that is there must have them
    #[arg(long)]
    pub suite: Option<SuiteChoice>,
    /// Address and port to listen on (default: 127.0.0.1:8642; port 0 takes a free one)
    #[arg(long, env = "MUSTER_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Whether the node speaks TLS itself
    #[arg(long)]
    pub tls: Option<TlsMode>,
    /// Certificate chain, PEM, for --tls files
    #[arg(long)]
    pub cert: Option<PathBuf>,
    /// Private key, PEM, for --tls files
    #[arg(long)]
    pub key: Option<PathBuf>,
    /// Whether desks show a certificate of their own: off, asked, required (default: off)
    #[arg(long)]
    pub client_certs: Option<ClientCerts>,
    /// Certificates of the authorities that make desks' certificates, PEM
    #[arg(long)]
    pub client_ca: Option<PathBuf>,
    /// Their lists of revoked certificates, PEM, read again when they change
    #[arg(long)]
    pub client_crl: Option<PathBuf>,
    /// Form of the log
    #[arg(long)]
    pub log: Option<LogForm>,
    /// Directory with a jurisdiction's data, for a new journal (default: Rongcheng, as shipped)
    #[arg(long)]
    pub jurisdiction: Option<PathBuf>,
    /// Whether messages leave the node: send, rehearse, off (default: send; a demonstration rehearses)
    #[arg(long)]
    pub messages: Option<Messages>,
    /// Language of messages: zh, en (default: zh)
    #[arg(long)]
    pub messages_language: Option<MessagesLanguage>,
    /// The channels by which messages leave; only in the file
    #[arg(skip)]
    pub channels: Option<channels::Settings>,
    /// Minutes of idling after which a role's session ends; only in the file
    #[arg(skip)]
    pub idle_min: Option<BTreeMap<Role, u32>>,
    /// Roles that sign in with a second factor only; only in the file
    #[arg(skip)]
    pub second_factor: Option<Vec<Role>>,
    /// Roles whose desks show certificates (default: every role but force); only in the file
    #[arg(skip)]
    pub client_cert_roles: Option<Vec<Role>>,
}

/// Settings, complete.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data directory.
    pub data: PathBuf,
    /// Where the keys lie.
    pub keys: PathBuf,
    /// The database that holds the journal.
    pub journal: Option<String>,
    /// The journal's algorithms, where they are said.
    pub suite: Option<SuiteChoice>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// TLS.
    pub tls: TlsMode,
    /// Certificate chain.
    pub cert: Option<PathBuf>,
    /// Private key.
    pub key: Option<PathBuf>,
    /// Whether desks show certificates.
    pub client_certs: ClientCerts,
    /// Who makes them.
    pub client_ca: Option<PathBuf>,
    /// What was taken back.
    pub client_crl: Option<PathBuf>,
    /// Form of the log.
    pub log: LogForm,
    /// Where a new journal's jurisdiction comes from.
    pub jurisdiction: seed::Source,
    /// Whether messages leave.
    pub messages: Messages,
    /// In which language they are written.
    pub messages_language: MessagesLanguage,
    /// By which channels.
    pub channels: channels::Settings,
    /// Minutes of idling after which a role's session ends.
    pub idle_min: BTreeMap<Role, u32>,
    /// Roles that sign in with a second factor only.
    pub second_factor: Vec<Role>,
    /// Roles whose desks show certificates.
    pub client_cert_roles: Vec<Role>,
    /// A demonstration: sample accounts with one password, on loopback only.
    pub demo: bool,
    /// That password.
    pub demo_password: Option<String>,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFault {
    /// The file cannot be read.
    #[error("cannot read the settings {path:?}")]
    Unread {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file does not fit.
    #[error("cannot read the settings {path:?}, line {line}")]
    Form {
        /// Which.
        path: PathBuf,
        /// Where.
        line: usize,
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// No data directory.
    #[error("say where the node keeps its data: --data DIR, or data = \"…\" in the settings")]
    NoData,
    /// TLS with files needs both.
    #[error("--tls files needs --cert and --key")]
    NoCertificate,
    /// Certificates are shown over TLS.
    #[error("--client-certs asks desks for certificates, and only over TLS can they show one: set --tls too")]
    ClientCertsWithoutTls,
    /// Somebody must have made them.
    #[error(
        "--client-certs needs --client-ca, the certificates of the authorities that make desks' certificates"
    )]
    NoClientCa,
    /// The demonstration's accounts have a password that everybody knows.
    #[error(
        "the demonstration listens on loopback only, not on {0}: its accounts have a password that everybody knows"
    )]
    DemoBeyondLoopback(SocketAddr),
}

/// Roles whose sessions end by idling where nothing else is set: no duty desk.
const IDLE_MIN: [(Role, u32); 2] = [(Role::Admin, 60), (Role::Auditor, 60)];

impl Settings {
    /// From a TOML file.
    pub fn from_file(path: &Path) -> Result<Self, ConfigFault> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigFault::Unread { path: path.to_owned(), source })?;
        toml::from_str(&text).map_err(|mut source: toml::de::Error| {
            source.set_input(None); // else it prints the line, which may hold a secret
            let at = source.span().map_or(0, |span| span.start);
            let line = text.get(..at).map_or(0, |before| before.matches('\n').count() + 1);
            ConfigFault::Form { path: path.to_owned(), line, source: Box::new(source) }
        })
    }

    /// These, completed by those.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            data: self.data.or(other.data),
            keys: self.keys.or(other.keys),
            journal: self.journal.or(other.journal),
            suite: self.suite.or(other.suite),
            listen: self.listen.or(other.listen),
            tls: self.tls.or(other.tls),
            cert: self.cert.or(other.cert),
            key: self.key.or(other.key),
            client_certs: self.client_certs.or(other.client_certs),
            client_ca: self.client_ca.or(other.client_ca),
            client_crl: self.client_crl.or(other.client_crl),
            log: self.log.or(other.log),
            jurisdiction: self.jurisdiction.or(other.jurisdiction),
            messages: self.messages.or(other.messages),
            messages_language: self.messages_language.or(other.messages_language),
            channels: self.channels.or(other.channels),
            idle_min: self.idle_min.or(other.idle_min),
            second_factor: self.second_factor.or(other.second_factor),
            client_cert_roles: self.client_cert_roles.or(other.client_cert_roles),
        }
    }

    /// Complete.
    pub fn complete(self) -> Result<Config, ConfigFault> {
        let data = self.data.ok_or(ConfigFault::NoData)?;
        let tls = self.tls.unwrap_or_default();
        if tls == TlsMode::Files && (self.cert.is_none() || self.key.is_none()) {
            return Err(ConfigFault::NoCertificate);
        }
        let client_certs = self.client_certs.unwrap_or_default();
        if client_certs != ClientCerts::Off {
            if tls == TlsMode::Off {
                return Err(ConfigFault::ClientCertsWithoutTls);
            }
            if self.client_ca.is_none() {
                return Err(ConfigFault::NoClientCa);
            }
        }
        let every_desk = || Role::ALL.iter().copied().filter(|role| *role != Role::Force).collect();
        Ok(Config {
            keys: self.keys.unwrap_or_else(|| data.join("keys")),
            data,
            journal: self.journal,
            suite: self.suite,
            listen: self.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8642))),
            tls,
            cert: self.cert,
            key: self.key,
            client_certs,
            client_ca: self.client_ca,
            client_crl: self.client_crl,
            log: self.log.unwrap_or_default(),
            jurisdiction: self.jurisdiction.map_or(seed::Source::Shipped, seed::Source::Directory),
            messages: self.messages.unwrap_or(Messages::Send),
            messages_language: self.messages_language.unwrap_or_default(),
            channels: self.channels.unwrap_or_default(),
            idle_min: self.idle_min.unwrap_or_else(|| IDLE_MIN.into()),
            second_factor: self.second_factor.unwrap_or_default(),
            client_cert_roles: self.client_cert_roles.unwrap_or_else(every_desk),
            demo: false,
            demo_password: None,
        })
    }
}

impl Config {
    /// As a demonstration with this password for all accounts; refused beyond loopback.
    pub fn as_demo(mut self, password: String) -> Result<Self, ConfigFault> {
        if !self.listen.ip().is_loopback() {
            return Err(ConfigFault::DemoBeyondLoopback(self.listen));
        }
        self.demo = true;
        // Sample numbers are nobody's, but a gateway would still be asked: a demonstration sends nothing.
        if self.messages == Messages::Send {
            self.messages = Messages::Rehearse;
        }
        self.demo_password = Some(password);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str) -> Settings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn the_command_line_goes_before_the_file_and_the_file_before_what_is_documented() {
        let given = Settings { data: Some("/a".into()), ..Settings::default() };
        let config = given
            .or(with("data = \"/b\"\nsuite = \"sm\"\ntls = \"self-signed\"\n[idle-min]\nadmin = 5"))
            .complete()
            .unwrap();
        assert_eq!(config.suite.unwrap().suite().name(), "sm3+sm2");
        assert_eq!(config.data, Path::new("/a"));
        assert_eq!(config.keys, Path::new("/a/keys"));
        assert_eq!((config.tls, config.listen.port()), (TlsMode::SelfSigned, 8642));
        assert_eq!(config.idle_min, BTreeMap::from([(Role::Admin, 5)]));
        assert_eq!(config.journal, None, "a file in the data directory");
        let shared =
            with("data = \"/b\"\njournal = \"postgres://muster@db1,db2/muster\"").complete().unwrap();
        assert_eq!(shared.journal.as_deref(), Some("postgres://muster@db1,db2/muster"));
        assert_eq!(
            with("data = \"/b\"").complete().unwrap().suite,
            None,
            "a journal that is there has its own"
        );
        assert!(toml::from_str::<Settings>("suite = \"sm2\"").is_err());
        assert!(toml::from_str::<Settings>("dta = \"/b\"").is_err(), "a misspelt setting is not passed over");
        assert!(matches!(Settings::default().complete(), Err(ConfigFault::NoData)));
    }

    #[test]
    fn certificates_of_desks_need_tls_and_who_made_them() {
        let set = |text: &str| with(&format!("data = \"/b\"\n{text}")).complete();
        let asked = "client-certs = \"asked\"";
        assert!(matches!(set(asked), Err(ConfigFault::ClientCertsWithoutTls)));
        let over_tls = format!("tls = \"self-signed\"\n{asked}");
        assert!(matches!(set(&over_tls), Err(ConfigFault::NoClientCa)));
        let config = set(&format!("{over_tls}\nclient-ca = \"/ca.pem\"")).unwrap();
        assert!(!config.client_cert_roles.contains(&Role::Force), "phones show none");
        assert!(config.client_cert_roles.contains(&Role::Dispatcher));
        assert_eq!(set("").unwrap().client_certs, ClientCerts::Off);
    }

    #[test]
    fn a_demonstration_is_not_heard_beyond_loopback() {
        let listening = |on: &str| {
            with(&format!("data = \"/b\"\nlisten = \"{on}\"")).complete().unwrap().as_demo("x".into())
        };
        assert!(listening("127.0.0.1:0").is_ok() && listening("[::1]:0").is_ok());
        assert!(matches!(listening("0.0.0.0:80"), Err(ConfigFault::DemoBeyondLoopback(_))));
    }
}
