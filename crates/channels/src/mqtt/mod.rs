//! Sirens and light boards behind an MQTT 3.1.1 broker, at least once.
//!
//! Handed over means that the broker has it. Whether a device did anything is known only if it reports: a JSON document
//! with the id that it was given, on a topic of the settings.

pub mod packet;

use std::collections::BTreeMap;

use crate::channel::{HandedOver, Inbound, Kind, Outgoing, SendFault, Sending};
use crate::gateway::read_reports;
use crate::link::{Dialect, Heard, Link};
use crate::paced::Carrier;
use crate::settings::{MqttReportSettings, MqttSettings, ReportSettings};
use crate::template::{Template, Tree, Values, check_pointer};
use crate::text::now_ms;

/// What the broker is told about us.
#[derive(Debug, Clone)]
pub struct Account {
    pub client_id: String,
    pub user: Option<(String, String)>,
    pub keep_alive_s: u16,
    pub reports: Option<MqttReportSettings>,
}

/// The protocol, without a connection.
pub struct Mqtt {
    account: Account,
}

/// A message to a topic.
#[derive(Debug, Clone)]
pub struct Publish {
    pub topic: String,
    pub payload: Vec<u8>,
}

impl Mqtt {
    pub fn new(account: Account) -> Self {
        Self { account }
    }

    /// A device's report; what is none of ours is passed over, since others may use the topic too.
    fn report(&self, payload: &[u8]) -> Option<Inbound> {
        let reports = self.account.reports.as_ref()?;
        let settings = ReportSettings {
            list: String::new(),
            reference: reports.reference.clone(),
            state: reports.state.clone(),
            delivered: reports.delivered.clone(),
            pending: reports.pending.clone(),
            reason: reports.reason.clone(),
        };
        let document = serde_json::from_slice(payload).ok()?;
        read_reports(&document, &settings, now_ms()).ok()?.into_iter().next()
    }
}

impl Dialect for Mqtt {
    type Ask = Publish;
    const LAST_NUMBER: u32 = 0xFFFF;
    // 4.4: a message is sent again when the session is taken up anew, and not before.
    const REPEATS: bool = false;

    fn hello(&mut self, _: u32, out: &mut Vec<u8>) {
        let Account { client_id, user, keep_alive_s, .. } = &self.account;
        let user = user.as_ref().map(|(user, password)| (user.as_str(), password.as_str()));
        packet::connect(client_id, user, keep_alive_s.saturating_mul(2), out);
    }

    fn hear(&mut self, received: &[u8]) -> Result<Option<(usize, Heard)>, String> {
        let Some((length, packet)) = packet::parse_packet(received)? else { return Ok(None) };
        let heard = match packet {
            packet::Packet::Connected(0) => match &self.account.reports {
                None => Heard::Welcome,
                Some(reports) => {
                    let mut out = Vec::new();
                    packet::subscribe(0xFFFF, &reports.topic, &mut out);
                    Heard::Sign(out)
                }
            },
            packet::Packet::Connected(code) => Heard::TurnedAway(SendFault::refused(turned_away(code))),
            packet::Packet::Subscribed(0x80) => {
                Heard::TurnedAway(SendFault::refused("the broker refused the subscription to the reports"))
            }
            packet::Packet::Subscribed(_) => Heard::Welcome,
            packet::Packet::Published { number } => {
                Heard::Answer { number: number.into(), outcome: Ok(String::new()) }
            }
            packet::Packet::Message { payload, number, .. } => {
                let mut thanks = Vec::new();
                if let Some(number) = number {
                    packet::acknowledge(number, &mut thanks);
                }
                Heard::Said { what: self.report(&payload), thanks }
            }
            packet::Packet::Pong | packet::Packet::Other => Heard::Sign(Vec::new()),
        };
        Ok(Some((length, heard)))
    }

    fn ask(&mut self, number: u32, ask: &Publish, out: &mut Vec<u8>) {
        let number = u16::try_from(number).expect("numbers end at LAST_NUMBER");
        packet::publish(number, &ask.topic, &ask.payload, out);
    }

    fn test(&mut self, _: u32, out: &mut Vec<u8>) {
        packet::ping(out);
    }

    fn farewell(&mut self, _: u32, out: &mut Vec<u8>) {
        packet::disconnect(out);
    }
}

/// Return codes of `CONNACK` (3.2.2.3).
fn turned_away(code: u8) -> String {
    let why = match code {
        1 => "it speaks another version",
        2 => "it does not want this client_id",
        3 => "it is not available",
        4 => "user or password is wrong",
        5 => "this client may not connect",
        _ => "an error of the broker",
    };
    format!("the broker did not let us in: {why} (code {code})")
}

/// The channel; without a link it is a rehearsal.
pub(crate) struct Sirens {
    link: Option<Link<Publish>>,
    topic: Template,
    body: Tree,
}

impl Sirens {
    pub(crate) fn check(settings: &MqttSettings) -> Result<(), String> {
        if settings.client_id.is_empty() {
            return Err("client_id is empty: the broker tells its clients apart by it".to_owned());
        }
        if settings.topic.contains(['+', '#']) {
            return Err(format!("topic = {:?}: + and # are for listening, not for sending", settings.topic));
        }
        if let Some(reports) = &settings.reports {
            check_pointer("reports.reference", &reports.reference)?;
            check_pointer("reports.state", &reports.state)?;
            check_pointer("reports.reason", reports.reason.as_deref().unwrap_or_default())?;
        }
        Ok(())
    }

    pub(crate) fn new(settings: &MqttSettings, link: Option<Link<Publish>>) -> Result<Self, String> {
        let none = BTreeMap::new();
        let topic = Template::new(&settings.topic, &none)?;
        Ok(Self { link, topic, body: Tree::table(&settings.body, &none)? })
    }

    async fn hand_over(&self, message: &Outgoing) -> Result<HandedOver, SendFault> {
        let device = message.address.as_str();
        if device.is_empty() || device.len() > 200 || device.contains(['/', '+', '#', '\0']) {
            return Err(SendFault::bad_address("this is no device's name: it is one level of a topic"));
        }
        let values = Values {
            to: device,
            text: &message.text,
            plain: &message.text,
            subject: &message.subject,
            id: &message.id,
            short_code: message.short_code.as_deref().unwrap_or_default(),
            urgent: message.urgent,
            ..Values::default()
        };
        let payload = self.body.fill(&values).to_string().into_bytes();
        let ask = Publish { topic: self.topic.fill(&values), payload };
        let Some(link) = &self.link else { return Ok(HandedOver::rehearsed(message, 1)) };
        link.ask(ask).await?;
        Ok(HandedOver { references: vec![message.id.clone()], parts: 1 })
    }
}

impl Carrier for Sirens {
    fn kind(&self) -> Kind {
        Kind::Siren
    }

    fn carry<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(self.hand_over(message))
    }
}
