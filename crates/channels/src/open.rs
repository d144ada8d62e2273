//! From settings to channels.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU8;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::ari::{self, Ari};
use crate::channel::{Brought, Channel, Kind, Limits};
use crate::dial::{Dialer, Peer};
use crate::gateway::Gateway;
use crate::http::Http;
use crate::limits::{FILE_SECRET_BYTES, INBOUND_QUEUE};
use crate::link::{self, Dialect, Link, LinkSettings};
use crate::mail::{Mail, Way};
use crate::mqtt::{self, Mqtt, Sirens};
use crate::paced::{Carrier, Paced, limits, price_hao};
use crate::push::Push;
use crate::rehearsal::Unsent;
use crate::robot::{Platform, Robot, Robots};
use crate::settings::{
    AriSettings, CmppSettings, GatewaySettings, LimitSettings, MailSettings, MqttSettings, PushSettings,
    RobotSettings, Secret, SecretFile, Settings, SmppSettings, WebhookSettings,
};
use crate::sms::linked::Linked;
use crate::sms::parts::{parts, ucs2_parts};
use crate::webhook::{Target, Webhook};
use crate::{cmpp, smpp};

/// Channels that are ready, and what comes back by those that keep a connection. What comes back by HTTP is read by
/// [`Channel::callback`] instead.
pub struct Opened {
    pub channels: Vec<Arc<dyn Channel>>,
    pub inbound: mpsc::Receiver<Brought>,
}

/// Settings that cannot be meant so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("channel {channel:?}: {what}")]
pub struct OpenFault {
    /// The channel's name in the settings.
    pub channel: String,
    /// What is wrong and what would be right.
    pub what: String,
}

/// Opens every channel of the settings. Nothing is sent and no peer has to be there yet: a channel whose peer is away
/// says so at each message and keeps trying. Needs a running tokio runtime; a channel's connection ends with it.
pub fn open(settings: &Settings) -> Result<Opened, OpenFault> {
    let dialer = Dialer::new(settings.ca_file.as_deref());
    let dialer = dialer.map_err(|what| OpenFault { channel: "channels".to_owned(), what })?;
    build(settings, Some(dialer))
}

/// The same channels for a rehearsal: each message takes the same way, through checks, templates, parts and limits, and
/// ends where the connection would begin. These channels are built without any means to open one.
pub fn rehearse(settings: &Settings) -> Result<Opened, OpenFault> {
    build(settings, None)
}

/// Channels of these kinds for a rehearsal on a node that has no settings for them.
pub fn rehearsal(kinds: &[Kind]) -> Vec<Arc<dyn Channel>> {
    let channel = |kind: &Kind| -> Arc<dyn Channel> {
        Arc::new(Paced::new(kind.code(), usual(*kind), 0, Box::new(Unsent(*kind))))
    };
    kinds.iter().map(channel).collect()
}

/// A kind's limits where the settings say nothing; what the platforms or protocols state, else what is polite.
pub const fn usual(kind: Kind) -> Limits {
    let (per_s, at_once, timeout_s) = match kind {
        Kind::Sms => (100, 50, 15),
        Kind::Voice => (10, 30, 15),
        Kind::Mail => (20, 10, 30),
        // 20 a minute for each robot; the platform says when it is too much.
        Kind::Dingtalk | Kind::Wecom | Kind::Feishu => (10, 5, 10),
        Kind::Siren => (100, 50, 10),
        Kind::Webhook => (50, 20, 10),
        Kind::Push => (200, 50, 10),
    };
    Limits { per_s, at_once, timeout: Duration::from_secs(timeout_s) }
}

fn build(settings: &Settings, dialer: Option<Dialer>) -> Result<Opened, OpenFault> {
    let (sender, inbound) = mpsc::channel(INBOUND_QUEUE);
    let http = Http::new(dialer.as_ref());
    let mut builder = Builder {
        ca_file: settings.ca_file.as_deref(),
        dialer,
        http,
        sender,
        names: BTreeSet::new(),
        channels: Vec::new(),
    };
    for entry in &settings.sms_https {
        builder.add(&entry.name, Kind::Sms, (entry.limits, entry.price.as_deref()), |b| {
            b.gateway(Kind::Sms, entry)
        })?;
    }
    for entry in &settings.cmpp {
        builder.add(&entry.name, Kind::Sms, (entry.limits, entry.price.as_deref()), |b| b.cmpp(entry))?;
    }
    for entry in &settings.smpp {
        builder.add(&entry.name, Kind::Sms, (entry.limits, entry.price.as_deref()), |b| b.smpp(entry))?;
    }
    for entry in &settings.voice_https {
        builder.add(&entry.name, Kind::Voice, (entry.limits, entry.price.as_deref()), |b| {
            b.gateway(Kind::Voice, entry)
        })?;
    }
    for entry in &settings.ari {
        builder.add(&entry.name, Kind::Voice, (entry.limits, entry.price.as_deref()), |b| b.ari(entry))?;
    }
    for entry in &settings.mail {
        builder.add(&entry.name, Kind::Mail, (entry.limits, None), |b| b.mail(entry))?;
    }
    let robots = [
        (Platform::Dingtalk, Kind::Dingtalk, &settings.dingtalk),
        (Platform::Wecom, Kind::Wecom, &settings.wecom),
        (Platform::Feishu, Kind::Feishu, &settings.feishu),
    ];
    for (platform, kind, entries) in robots {
        for entry in entries {
            builder.add(&entry.name, kind, (entry.limits, None), |b| b.robots(platform, entry))?;
        }
    }
    for entry in &settings.mqtt {
        builder.add(&entry.name, Kind::Siren, (entry.limits, None), |b| b.sirens(entry))?;
    }
    for entry in &settings.webhook {
        builder.add(&entry.name, Kind::Webhook, (entry.limits, None), |b| b.webhook(entry))?;
    }
    for entry in &settings.push {
        builder.add(&entry.name, Kind::Push, (entry.limits, None), |b| b.push(entry))?;
    }
    Ok(Opened { channels: builder.channels, inbound })
}

struct Builder<'a> {
    ca_file: Option<&'a Path>,
    /// `None` in a rehearsal: then nothing here can open a connection.
    dialer: Option<Dialer>,
    http: Http,
    sender: mpsc::Sender<Brought>,
    names: BTreeSet<String>,
    channels: Vec<Arc<dyn Channel>>,
}

type Built = Result<Box<dyn Carrier>, String>;

impl Builder<'_> {
    fn add(
        &mut self,
        name: &str,
        kind: Kind,
        (own, price): (LimitSettings, Option<&str>),
        carrier: impl FnOnce(&Self) -> Built,
    ) -> Result<(), OpenFault> {
        let fault = |what| OpenFault { channel: name.to_owned(), what };
        let is_name = (1..=40).contains(&name.len())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        if !is_name {
            return Err(fault(
                "name is not of 1 to 40 letters, digits, - and _: it stands in addresses".to_owned(),
            ));
        }
        if !self.names.insert(name.to_owned()) {
            return Err(fault("another channel has this name already".to_owned()));
        }
        let limits = limits(usual(kind), own).map_err(fault)?;
        let price_hao = price.map_or(Ok(0), price_hao).map_err(fault)?;
        let carrier = carrier(self).map_err(fault)?;
        self.channels.push(Arc::new(Paced::new(name, limits, price_hao, carrier)));
        Ok(())
    }

    fn link<D: Dialect>(
        &self,
        dialect: D,
        name: &str,
        kind: Kind,
        peer: Peer,
        way: (u16, u16),
    ) -> Option<Link<D::Ask>> {
        let dialer = self.dialer.clone()?;
        let (window, test_s) = way;
        let settings = LinkSettings {
            name: Arc::from(name),
            kind,
            peer,
            window: window.into(),
            test: Duration::from_secs(test_s.into()),
        };
        Some(link::open(dialect, settings, dialer, self.sender.clone()))
    }

    fn gateway(&self, kind: Kind, entry: &GatewaySettings) -> Built {
        let mut secrets = BTreeMap::new();
        for (name, secret) in &entry.secrets {
            secrets.insert(name.clone(), read(&format!("secrets.{name}"), secret)?);
        }
        let token =
            entry.callback.as_ref().map(|callback| read("callback.token", &callback.token)).transpose()?;
        if token.as_ref().is_some_and(|token| token.len() < 16) {
            return Err("callback.token has less than 16 characters: it could be guessed".to_owned());
        }
        Ok(Box::new(Gateway::new(kind, entry, &secrets, token, self.http.clone())?))
    }

    fn cmpp(&self, entry: &CmppSettings) -> Built {
        let dialect = cmpp::Cmpp::new(cmpp::Account {
            version: entry.version,
            account: entry.account.clone(),
            password: read("password", &entry.password)?,
            source: entry.source.clone(),
            service: entry.service.clone(),
        })?;
        let peer = Peer::of(&entry.peer, entry.tls)?;
        let link = self.link(dialect, &entry.name, Kind::Sms, peer, way(entry.window, entry.test_s)?);
        Ok(Box::new(linked(link, entry.signature.clone(), ucs2_parts)))
    }

    fn smpp(&self, entry: &SmppSettings) -> Built {
        let dialect = smpp::Smpp::new(smpp::Account {
            system_id: entry.system_id.clone(),
            password: read("password", &entry.password)?,
            system_type: entry.system_type.clone(),
            source: entry.source.clone(),
            source_ton: entry.source_ton,
            source_npi: entry.source_npi,
        })?;
        let peer = Peer::of(&entry.peer, entry.tls)?;
        let link = self.link(dialect, &entry.name, Kind::Sms, peer, way(entry.window, entry.test_s)?);
        Ok(Box::new(linked(link, entry.signature.clone(), parts)))
    }

    fn ari(&self, entry: &AriSettings) -> Built {
        let password = read("password", &entry.password)?;
        let ari::Parts { ari, dialect, caller } = Ari::parts(entry, &password, self.http.clone())?;
        let peer = crate::http::peer(&entry.url).map_err(|error| format!("url: {error}"))?;
        let link = self.link(dialect, &entry.name, Kind::Voice, peer, (1, ari::TEST_S));
        if link.is_some() {
            tokio::spawn(caller.run(Arc::from(entry.name.as_str()), self.sender.clone()));
        }
        Ok(Box::new(ari.with(link)))
    }

    fn mail(&self, entry: &MailSettings) -> Built {
        let password = entry.password.as_ref().map(|secret| read("password", secret)).transpose()?;
        let way = match &self.dialer {
            Some(_) => Way::Out { ca_file: self.ca_file },
            None => Way::Nowhere,
        };
        Ok(Box::new(Mail::new(entry, password, way)?))
    }

    fn robots(&self, platform: Platform, entry: &RobotSettings) -> Built {
        let mut groups = BTreeMap::new();
        for (name, group) in &entry.groups {
            let token = read(&format!("groups.{name}.token"), &group.token)?;
            let secret = group
                .secret
                .as_ref()
                .map(|secret| read(&format!("groups.{name}.secret"), secret))
                .transpose()?;
            groups.insert(name.clone(), Robot { token, secret });
        }
        Ok(Box::new(Robots::new(platform, entry.base_url.as_deref(), groups, self.http.clone())?))
    }

    fn sirens(&self, entry: &MqttSettings) -> Built {
        Sirens::check(entry)?;
        let user = match (&entry.user, &entry.password) {
            (Some(user), Some(password)) => Some((user.clone(), read("password", password)?)),
            (None, None) => None,
            _ => return Err("user and password go together: one of them is missing".to_owned()),
        };
        let dialect = Mqtt::new(mqtt::Account {
            client_id: entry.client_id.clone(),
            user,
            keep_alive_s: entry.test_s,
            reports: entry.reports.clone(),
        });
        let peer = Peer::of(&entry.peer, entry.tls)?;
        let link = self.link(dialect, &entry.name, Kind::Siren, peer, way(64, entry.test_s)?);
        Ok(Box::new(Sirens::new(entry, link)?))
    }

    fn webhook(&self, entry: &WebhookSettings) -> Built {
        let mut targets = BTreeMap::new();
        for (name, target) in &entry.targets {
            let secret = read(&format!("targets.{name}.secret"), &target.secret)?;
            targets.insert(name.clone(), Target { url: target.url.clone(), secret });
        }
        Ok(Box::new(Webhook::new(targets, self.http.clone())?))
    }

    fn push(&self, entry: &PushSettings) -> Built {
        Ok(Box::new(Push::new(entry, &read("key", &entry.key)?, self.http.clone())?))
    }
}

fn linked(
    link: Option<Link<crate::sms::linked::Ask>>,
    signature: Option<String>,
    cut: fn(&str, u8) -> Vec<crate::sms::parts::Part>,
) -> Linked {
    Linked { link, signature, cut, reference: AtomicU8::new(0) }
}

/// Window and seconds of silence, within reason.
fn way(window: u16, test_s: u16) -> Result<(u16, u16), String> {
    if !(1..=1_000).contains(&window) {
        return Err(format!("window = {window} is not within 1 to 1,000"));
    }
    if !(1..=600).contains(&test_s) {
        return Err(format!("test_s = {test_s} is not within 1 to 600"));
    }
    Ok((window, test_s))
}

fn read(what: &str, secret: &Secret) -> Result<String, String> {
    let text = match secret {
        Secret::Text(text) => text.clone(),
        Secret::File(SecretFile { file }) => {
            let cannot =
                |why: &dyn std::fmt::Display| format!("{what}: cannot read {}: {why}", file.display());
            let length = std::fs::metadata(file).map_err(|error| cannot(&error))?.len();
            if length > FILE_SECRET_BYTES {
                return Err(cannot(&format!("it has {length} bytes, and {FILE_SECRET_BYTES} are the limit")));
            }
            std::fs::read_to_string(file).map_err(|error| cannot(&error))?.trim().to_owned()
        }
    };
    if text.is_empty() { Err(format!("{what} is empty")) } else { Ok(text) }
}
