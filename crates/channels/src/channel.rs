//! What every channel is, whatever stands behind it: one message out, and what comes back of it.
//!
//! A channel hands a message over to a peer (an operator's gateway, a mail server, a robot, a siren's broker) and says
//! how that went. It keeps no queue and tries nothing twice by itself: who is told first, when to try again and when to
//! take another channel is the courier's to decide. *Handed over* means that the peer took the message, no more. That a
//! person got it or answered comes back later, as [`Inbound`].

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

/// The ways that a message can leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A text message, by an operator's HTTPS interface, CMPP or SMPP.
    Sms,
    /// A call that reads the text out and takes a key press.
    Voice,
    Mail,
    /// A DingTalk (钉钉) group's robot.
    Dingtalk,
    /// A WeCom (企业微信) group's robot.
    Wecom,
    /// A Feishu (飞书) group's robot.
    Feishu,
    /// A siren or a light board behind an MQTT broker.
    Siren,
    /// Another system's address, signed.
    Webhook,
    /// A browser's push service.
    Push,
}

impl Kind {
    pub const ALL: [Self; 9] = [
        Self::Sms,
        Self::Voice,
        Self::Mail,
        Self::Dingtalk,
        Self::Wecom,
        Self::Feishu,
        Self::Siren,
        Self::Webhook,
        Self::Push,
    ];

    /// The name in the journal, in settings and in the interface; as serde writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Mail => "mail",
            Self::Dingtalk => "dingtalk",
            Self::Wecom => "wecom",
            Self::Feishu => "feishu",
            Self::Siren => "siren",
            Self::Webhook => "webhook",
            Self::Push => "push",
        }
    }
}

/// One message to one address.
///
/// What an address is depends on the kind: a telephone number (`sms`, `voice`), a mail address, the name of a group
/// (`dingtalk`, `wecom`, `feishu`; with `@number` behind it somebody of the group is called by name), of a device
/// (`siren`) or of a target (`webhook`) as the settings have it, a browser's subscription as JSON (`push`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The idempotency key. The peer is told it where its protocol has a place for it, and within one process a
    /// message of the same key and address that was handed over is not sent again.
    pub id: String,
    pub address: String,
    /// For mail, push and boards; channels without a subject leave it out.
    pub subject: String,
    /// The whole text as a person reads it, without the sender's 【signature】, which is the channel's own.
    pub text: String,
    /// What the receiver sends back to answer. It stands in the text already; gateways that have a field for it get it.
    pub short_code: Option<String>,
    /// An order or an emergency withdrawal, as against a notice: where a protocol has a priority, it gets the higher.
    pub urgent: bool,
}

/// The peer took the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    /// What the peer calls the message, one for each part; reports come back under them. Empty where it named none.
    pub references: Vec<String>,
    /// What is paid for: parts of a long SMS, else 1.
    pub parts: u16,
}

/// Why a message was not handed over. Reasons are for the officer on duty and hold no address and no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendFault {
    /// Somebody has to correct the address: it has no such form, or the peer knows nobody under it.
    #[error("the address cannot be right: {reason}")]
    BadAddress { reason: String },
    /// The peer looked at the message and won't have it; it will say the same again.
    #[error("refused: {reason}")]
    Refused { reason: String },
    /// No connection, or one that broke, or an answer that is no answer. The message may have left.
    #[error("not reached: {reason}")]
    Unreachable { reason: String },
    /// Nothing was heard within the channel's limit. The message may have left.
    #[error("no answer in time")]
    TimedOut,
    /// Too many for now, by the channel's own limit or by the peer's word. The message has not left.
    #[error("too many at once, to be tried again in {retry_after:?}")]
    Throttled { retry_after: Duration },
}

impl SendFault {
    /// Will trying again on this channel give the same? Then the next channel or another person is due at once.
    pub const fn is_lasting(&self) -> bool {
        match self {
            Self::BadAddress { .. } | Self::Refused { .. } => true,
            Self::Unreachable { .. } | Self::TimedOut | Self::Throttled { .. } => false,
        }
    }

    /// The stable name, for the journal and for texts in two languages.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BadAddress { .. } => "bad_address",
            Self::Refused { .. } => "refused",
            Self::Unreachable { .. } => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Throttled { .. } => "throttled",
        }
    }

    pub(crate) fn bad_address(reason: impl Into<String>) -> Self {
        Self::BadAddress { reason: reason.into() }
    }

    pub(crate) fn refused(reason: impl Into<String>) -> Self {
        Self::Refused { reason: reason.into() }
    }

    pub(crate) fn unreachable(reason: impl Into<String>) -> Self {
        Self::Unreachable { reason: reason.into() }
    }
}

/// What comes back: delivery reports and answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inbound {
    /// It reached the telephone, or the call was taken, or the device did it.
    Delivered { reference: String, at_ms: i64 },
    /// It was handed over, and did not reach anyone after all.
    Failed { reference: String, reason: String, at_ms: i64 },
    /// What somebody sent back: a reply's text, or the key pressed.
    Answer {
        /// Who answers, as the peer names them: a telephone number where there is one.
        from: String,
        text: String,
        /// The message that is answered, where the peer says so. An SMS reply names none: the number and the short
        /// code in its text tell.
        reference: Option<String>,
        /// What the peer calls the answer itself, where it says: by it one that comes twice is known.
        id: Option<String>,
        at_ms: i64,
    },
}

/// An inbound thing and the channel that it came by.
///
/// A report may come before [`Channel::send`] has returned the reference that it is about: a fast gateway reports while
/// the last part of a long text is still on its way. It may also come twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The channel's name in the settings; references are unique within it, not between channels.
    pub channel: Arc<str>,
    pub kind: Kind,
    pub what: Inbound,
}

/// What came back by a lasting connection. The peer is told that it was taken only by [`Brought::taken`], which is to be
/// called once it stands where a crash cannot reach it; dropped before, it comes again.
#[derive(Debug)]
pub struct Brought {
    pub received: Received,
    /// `None` where the peer asks for no word.
    thanks: Option<oneshot::Sender<()>>,
}

impl Brought {
    pub(crate) fn new(received: Received) -> (Self, oneshot::Receiver<()>) {
        let (thanks, taken) = oneshot::channel();
        (Self { received, thanks: Some(thanks) }, taken)
    }

    pub(crate) fn without_thanks(received: Received) -> Self {
        Self { received, thanks: None }
    }

    /// It is durable: the peer may forget it.
    pub fn taken(self) {
        if let Some(thanks) = self.thanks {
            let _ = thanks.send(());
        }
    }

    /// Would the peer still hear that it was taken? Else it will send it again.
    pub fn is_awaited(&self) -> bool {
        self.thanks.as_ref().is_none_or(|thanks| !thanks.is_closed())
    }
}

/// How fast a channel may be used. The channel holds them itself, by [`SendFault::Throttled`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Messages a second; each part of a long SMS counts.
    pub per_s: u32,
    /// Messages on their way at one time.
    pub at_once: u32,
    /// The longest that [`Channel::send`] takes, from the call to its answer.
    pub timeout: Duration,
}

/// A request that a peer made to the address that the node keeps open for it.
#[derive(Debug, Clone, Copy)]
pub struct Callback<'a> {
    /// What stands behind the `?`, without it.
    pub query: &'a str,
    pub headers: &'a http::HeaderMap,
    pub body: &'a [u8],
    /// When it came in; the time of what it reports.
    pub at_ms: i64,
}

/// A callback that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackAnswer {
    pub inbound: Vec<Inbound>,
    /// The body that the peer wants to read back before it stops repeating; the status is 200.
    pub body: String,
}

/// Why a callback was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallbackFault {
    /// This channel gets no callbacks, or its settings say nothing about them: 404.
    #[error("the channel takes no callbacks")]
    NotSupported,
    /// The token or the signature is wrong or too old: 403.
    #[error("the callback does not show that it comes from the peer: {reason}")]
    NotAuthentic { reason: String },
    /// It cannot be read as the settings say: 400.
    #[error("the callback cannot be read: {reason}")]
    Unreadable { reason: String },
}

/// What [`Channel::send`] returns.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<HandedOver, SendFault>> + Send + 'a>>;

/// One way out, with its limits.
pub trait Channel: Send + Sync {
    /// The channel's name in the settings, unique among the channels opened together.
    fn name(&self) -> &Arc<str>;

    fn kind(&self) -> Kind;

    fn limits(&self) -> Limits;

    /// What one part of an SMS, one call or one message costs, in 毫 (0.0001 元); 0 where the settings name no price.
    fn price_hao(&self) -> u64;

    /// Hands one message over. Ends within [`Limits::timeout`] whatever the peer does; dropping it gives up.
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a>;

    /// By what key a browser knows the messages of this channel (RFC 8292), in base64url; only push has one.
    fn public_key(&self) -> Option<String> {
        None
    }

    /// Would a message to this address be tried at all? Asked before an address is kept.
    fn check_address(&self, address: &str) -> Result<(), SendFault> {
        let _ = address;
        Ok(())
    }

    /// Reads what a peer sent to the node's own address for this channel.
    fn callback(&self, callback: Callback<'_>) -> Result<CallbackAnswer, CallbackFault> {
        let _ = callback;
        Err(CallbackFault::NotSupported)
    }
}
