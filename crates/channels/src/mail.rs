//! Mail by the administration's own mail server.
//!
//! Handed over means that the server took it. What comes back later, a bounce or somebody's reply, goes to the sender's
//! mailbox and is not read from there. Each mail has a connection of its own: one that was given up half-way is then
//! never used for the next.

use std::path::Path;

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use crate::channel::{HandedOver, Kind, Outgoing, SendFault, Sending};
use crate::dial::own_roots;
use crate::http::words;
use crate::limits::BUSY_REST;
use crate::paced::Carrier;
use crate::settings::{MailSecurity, MailSettings};

pub(crate) struct Mail {
    /// `None` in a rehearsal.
    transport: Option<AsyncSmtpTransport<Tokio1Executor>>,
    from: Mailbox,
    reply_to: Option<Mailbox>,
}

impl Mail {
    pub(crate) fn new(
        settings: &MailSettings,
        password: Option<String>,
        way: Way<'_>,
    ) -> Result<Self, String> {
        let mailbox = |what: &str, text: &str| {
            text.parse::<Mailbox>().map_err(|error| format!("{what} = {text:?} is no mail address: {error}"))
        };
        let from = mailbox("from", &settings.from)?;
        let reply_to = settings.reply_to.as_deref().map(|text| mailbox("reply_to", text)).transpose()?;
        let credentials = match (&settings.user, password) {
            (Some(user), Some(password)) => Some(Credentials::new(user.clone(), password)),
            (None, None) => None,
            _ => return Err("user and password go together: one of them is missing".to_owned()),
        };
        if credentials.is_some() && settings.security == MailSecurity::None {
            return Err("security = \"none\" would send the password in the clear".to_owned());
        }
        let transport = match way {
            Way::Nowhere => None,
            Way::Out { ca_file } => {
                let tls = || tls(&settings.host, ca_file);
                let tls = match settings.security {
                    MailSecurity::Tls => Tls::Wrapper(tls()?),
                    MailSecurity::Starttls => Tls::Required(tls()?),
                    MailSecurity::None => Tls::None,
                };
                let mut builder =
                    AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.clone())
                        .port(settings.port)
                        .tls(tls)
                        .timeout(None) // the channel's limit is over the whole
                        .hello_name(ClientId::Domain(from.email.domain().to_owned()));
                if let Some(credentials) = credentials {
                    builder = builder.credentials(credentials);
                }
                Some(builder.build())
            }
        };
        Ok(Self { transport, from, reply_to })
    }

    async fn hand_over(&self, message: &Outgoing) -> Result<HandedOver, SendFault> {
        let to: Address =
            message.address.trim().parse().map_err(|_| {
                SendFault::bad_address("this is no mail address: it is of the form name@host")
            })?;
        let (mail, reference) = self.written(message, to)?;
        let Some(transport) = &self.transport else { return Ok(HandedOver::rehearsed(message, 1)) };
        transport.send(mail).await.map_err(|error| fault(&error, message))?;
        Ok(HandedOver { references: vec![reference], parts: 1 })
    }

    fn written(&self, message: &Outgoing, to: Address) -> Result<(Message, String), SendFault> {
        let id: String =
            message.id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')).collect();
        let reference = format!("<{id}@{}>", self.from.email.domain());
        // A line break would begin a header of somebody's own.
        let subject: String = message.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .message_id(Some(reference.clone()));
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        let body = SinglePart::builder()
            .header(ContentType::TEXT_PLAIN)
            .header(ContentTransferEncoding::Base64)
            .body(message.text.clone());
        let mut mail = builder
            .singlepart(body)
            .map_err(|error| SendFault::refused(format!("no mail can be made of this: {error}")))?;
        let mut header = |name: &'static str, value: &str| {
            let name = HeaderName::new_from_ascii_str(name);
            mail.headers_mut().insert_raw(HeaderValue::new(name, value.to_owned()));
        };
        header("Auto-Submitted", "auto-generated"); // RFC 3834: no holiday notice comes back
        if message.urgent {
            header("Importance", "high");
            header("X-Priority", "1");
        }
        Ok((mail, reference))
    }
}

/// Where mail goes.
pub(crate) enum Way<'a> {
    Out { ca_file: Option<&'a Path> },
    Nowhere,
}

fn tls(host: &str, ca_file: Option<&Path>) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(host.to_owned());
    for root in ca_file.map(own_roots).transpose()?.unwrap_or_default() {
        let root = Certificate::from_der(root.to_vec()).map_err(|error| format!("ca_file: {error}"))?;
        builder = builder.add_root_certificate(root);
    }
    builder.build_rustls().map_err(|error| format!("TLS to {host}: {error}"))
}

/// What the server's code means (RFC 5321, 4.2.3).
fn fault(error: &lettre::transport::smtp::Error, message: &Outgoing) -> SendFault {
    if error.is_timeout() {
        return SendFault::TimedOut;
    }
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        said = next.to_string();
        cause = next.source();
    }
    let code = error.status().map(|code| code.to_string());
    let reason =
        words(&format!("the mail server answered {} {said}", code.as_deref().unwrap_or_default()), message);
    match code.as_deref() {
        Some("501" | "550" | "551" | "553") => SendFault::bad_address(reason),
        Some("421" | "450" | "451" | "452") => SendFault::Throttled { retry_after: BUSY_REST },
        Some(code) if code.starts_with('5') => SendFault::refused(reason),
        Some(_) => SendFault::unreachable(reason),
        None => SendFault::unreachable(words(&format!("the mail server: {said}"), message)),
    }
}

impl Carrier for Mail {
    fn kind(&self) -> Kind {
        Kind::Mail
    }

    fn carry<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(self.hand_over(message))
    }
}
