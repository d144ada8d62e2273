//! What an administrator says about the channels: which there are, where their peers stand, what proves who we are.
//!
//! Every kind is a list, because a city has two operators and several gateways; each entry has a name of its own.
//! What isn't known is an error with its place, so that a slip of the pen doesn't silently leave a channel out.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

/// All channels of a node; in its settings file the table `[channels]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The roots of a certificate authority of one's own, PEM, on top of the machine's.
    pub ca_file: Option<PathBuf>,
    pub sms_https: Vec<GatewaySettings>,
    pub cmpp: Vec<CmppSettings>,
    pub smpp: Vec<SmppSettings>,
    pub voice_https: Vec<GatewaySettings>,
    pub ari: Vec<AriSettings>,
    pub mail: Vec<MailSettings>,
    pub dingtalk: Vec<RobotSettings>,
    pub wecom: Vec<RobotSettings>,
    pub feishu: Vec<RobotSettings>,
    pub mqtt: Vec<MqttSettings>,
    pub webhook: Vec<WebhookSettings>,
    pub push: Vec<PushSettings>,
}

/// A password or key: the text itself, or `{ file = "…" }`, whose content it is but for white space around it.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum Secret {
    Text(String),
    File(SecretFile),
}

/// A file that holds a secret and nothing else.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretFile {
    pub file: PathBuf,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Secret(…)"),
            Self::File(SecretFile { file }) => write!(f, "Secret(file {})", file.display()),
        }
    }
}

/// What replaces a channel's own limits; each kind's are in `docs/operate/channels.md`.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    pub per_s: Option<u32>,
    pub at_once: Option<u32>,
    pub timeout_s: Option<u32>,
}

/// An SMS or voice gateway that takes a message by one HTTP POST. Text in `url`, `headers` and `body` may hold
/// placeholders: `{to} {text} {plain} {signature} {subject} {id} {short_code} {priority} {secret.NAME}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewaySettings {
    pub name: String,
    pub url: String,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    pub format: BodyFormat,
    /// The body's tree; a form is flat.
    pub body: toml::Table,
    #[serde(default)]
    pub secrets: BTreeMap<String, Secret>,
    /// The signature that the operator has registered, without its brackets; `{text}` begins with it. Without one,
    /// the gateway puts its own.
    pub signature: Option<String>,
    /// What a call says behind the text, such as 「确认收到请按1」. Voice only.
    pub prompt: Option<String>,
    pub success: SuccessSettings,
    /// Pointer to what the gateway calls the message (RFC 6901); without it the message's own id is the reference, for
    /// gateways that report under the `{id}` that they were given.
    pub reference: Option<String>,
    /// Pointer to the gateway's words about a failure.
    pub reason: Option<String>,
    /// Values at `success.pointer` that mean: there is no such number.
    #[serde(default)]
    pub bad_address: Vec<String>,
    /// Values at `success.pointer` that mean: too fast, or busy.
    #[serde(default)]
    pub busy: Vec<String>,
    pub callback: Option<GatewayCallbackSettings>,
    /// What one part of an SMS, or one call, costs, in 元: `"0.045"`.
    pub price: Option<String>,
    #[serde(default)]
    pub limits: LimitSettings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyFormat {
    Json,
    Form,
}

/// When a gateway's answer means that it took the message: the value at the pointer is one of these. Numbers and
/// booleans are compared as they are written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuccessSettings {
    pub pointer: String,
    pub is: Vec<String>,
}

/// How to read what a gateway sends to the node: a JSON document or a form, which is read as a flat one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayCallbackSettings {
    /// Stands in the address that the gateway is told: `…?token=TOKEN&what=report` or `…&what=answer`.
    pub token: Secret,
    pub reports: Option<ReportSettings>,
    pub answers: Option<AnswerSettings>,
    /// The body that the gateway wants to read back.
    #[serde(default)]
    pub body: String,
}

/// Pointers into one delivery report.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportSettings {
    /// Pointer to the list of reports; without it the document is the list, or the one report.
    #[serde(default)]
    pub list: String,
    pub reference: String,
    pub state: String,
    pub delivered: Vec<String>,
    /// States that are neither: on its way, or taken over by another network.
    #[serde(default)]
    pub pending: Vec<String>,
    pub reason: Option<String>,
}

/// Pointers into one reply or key press.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerSettings {
    #[serde(default)]
    pub list: String,
    pub from: String,
    pub text: String,
    pub reference: Option<String>,
    /// Pointer to what the gateway calls the reply itself; by it one that is sent twice is known.
    pub id: Option<String>,
}

/// An operator's CMPP gateway (中国移动 ISMG); 2.0 and 3.0.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CmppSettings {
    pub name: String,
    /// `host:port`; 7890 is usual.
    pub peer: String,
    #[serde(default)]
    pub tls: bool,
    pub version: CmppVersion,
    /// The enterprise's code (企业代码), six characters: `Source_Addr` and `Msg_src`.
    pub account: String,
    pub password: Secret,
    /// The access number (接入号) that people see and reply to: `Src_Id`.
    pub source: String,
    /// `Service_Id` (业务代码).
    pub service: String,
    pub signature: Option<String>,
    /// Unanswered messages that the gateway allows; 16 is the protocol's advice.
    #[serde(default = "window")]
    pub window: u16,
    /// Seconds of silence before the link is tested.
    #[serde(default = "test_s")]
    pub test_s: u16,
    /// What one part of an SMS, or one call, costs, in 元: `"0.045"`.
    pub price: Option<String>,
    #[serde(default)]
    pub limits: LimitSettings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum CmppVersion {
    #[serde(rename = "2.0")]
    V2,
    #[serde(rename = "3.0")]
    V3,
}

/// An SMSC that speaks SMPP 3.4.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmppSettings {
    pub name: String,
    /// `host:port`; 2775 is usual, 3550 with TLS.
    pub peer: String,
    #[serde(default)]
    pub tls: bool,
    pub system_id: String,
    pub password: Secret,
    #[serde(default)]
    pub system_type: String,
    pub source: String,
    /// Type of number and numbering plan of `source`; 0 and 0 let the SMSC decide.
    #[serde(default)]
    pub source_ton: u8,
    #[serde(default)]
    pub source_npi: u8,
    pub signature: Option<String>,
    #[serde(default = "window")]
    pub window: u16,
    #[serde(default = "test_s")]
    pub test_s: u16,
    /// What one part of an SMS, or one call, costs, in 元: `"0.045"`.
    pub price: Option<String>,
    #[serde(default)]
    pub limits: LimitSettings,
}

/// An Asterisk that dials and reads out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AriSettings {
    pub name: String,
    /// Where its HTTP server listens: `http://pbx.local:8088`.
    pub url: String,
    pub user: String,
    pub password: Secret,
    /// The Stasis application's name; one node's own.
    #[serde(default = "app")]
    pub app: String,
    /// What is dialled: `PJSIP/{to}@trunk`.
    pub endpoint: String,
    /// The number that people see.
    #[serde(default)]
    pub caller: String,
    /// What is played, from a speech server: `sound:http://tts.local/say.wav?text={text}`; `{text}` is
    /// percent-encoded.
    pub media: String,
    pub prompt: Option<String>,
    #[serde(default = "ring_s")]
    pub ring_s: u16,
    #[serde(default = "plays")]
    pub plays: u8,
    /// What one part of an SMS, or one call, costs, in 元: `"0.045"`.
    pub price: Option<String>,
    #[serde(default)]
    pub limits: LimitSettings,
}

/// A mail server that takes mail for others.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    pub name: String,
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    pub user: Option<String>,
    pub password: Option<Secret>,
    /// `荣成市应急管理局值班室 <zhiban@example.gov.cn>`.
    pub from: String,
    pub reply_to: Option<String>,
    #[serde(default)]
    pub limits: LimitSettings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// TLS from the first byte (465).
    Tls,
    /// STARTTLS, without which nothing is sent (587).
    Starttls,
    /// In the clear: only within one building.
    None,
}

/// Group robots of one platform.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RobotSettings {
    pub name: String,
    /// A private installation's address; without it the public one's.
    pub base_url: Option<String>,
    /// Each group's robot under the name that is its address here.
    pub groups: BTreeMap<String, GroupSettings>,
    #[serde(default)]
    pub limits: LimitSettings,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSettings {
    /// DingTalk's `access_token`, WeCom's `key`, Feishu's last part of the robot's address.
    pub token: Secret,
    /// The signing secret (加签, 签名校验); WeCom has none.
    pub secret: Option<Secret>,
}

/// Sirens and light boards behind an MQTT 3.1.1 broker.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MqttSettings {
    pub name: String,
    /// `host:port`; 1883 is usual, 8883 with TLS.
    pub peer: String,
    #[serde(default)]
    pub tls: bool,
    pub client_id: String,
    pub user: Option<String>,
    pub password: Option<Secret>,
    /// Where a device listens; `{to}` is the address.
    pub topic: String,
    /// What it is told, JSON, with the placeholders of a gateway.
    pub body: toml::Table,
    /// Where devices report what they did.
    pub reports: Option<MqttReportSettings>,
    #[serde(default = "test_s")]
    pub test_s: u16,
    #[serde(default)]
    pub limits: LimitSettings,
}

/// Reports of devices: JSON with the `{id}` that the device was given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MqttReportSettings {
    /// A topic filter, such as `sirens/+/done`.
    pub topic: String,
    pub reference: String,
    pub state: String,
    pub delivered: Vec<String>,
    #[serde(default)]
    pub pending: Vec<String>,
    pub reason: Option<String>,
}

/// Other systems that are told by a signed POST.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    pub name: String,
    /// Each target under the name that is its address here.
    pub targets: BTreeMap<String, TargetSettings>,
    #[serde(default)]
    pub limits: LimitSettings,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetSettings {
    pub url: String,
    /// Signs what is sent, and what the target sends back.
    pub secret: Secret,
}

/// Browsers' push services.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushSettings {
    pub name: String,
    /// Whom a push service may write to: `mailto:…` or `https://…`.
    pub contact: String,
    /// The node's key towards push services: P-256, PKCS #8, PEM.
    pub key: Secret,
    /// Hosts that subscriptions may name, with all below them; without this the four large browsers' services.
    pub services: Option<Vec<String>>,
    /// Seconds that a push service keeps a message for a phone that is off.
    #[serde(default = "keep_s")]
    pub keep_s: u32,
    #[serde(default)]
    pub limits: LimitSettings,
}

const fn window() -> u16 {
    16
}

const fn test_s() -> u16 {
    30
}

fn app() -> String {
    "muster".to_owned()
}

const fn ring_s() -> u16 {
    40
}

const fn plays() -> u8 {
    3
}

const fn keep_s() -> u32 {
    3_600
}
