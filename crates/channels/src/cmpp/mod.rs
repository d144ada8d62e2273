//! SMS by an operator's CMPP gateway: China Mobile's protocol, which the other operators' gateways and most service
//! providers speak too.
//!
//! A link is held for as long as the node runs. Long texts go as parts with a user data header; everything is UCS-2,
//! since gateways differ in what they call ASCII and a signature is Chinese in any case. A report is asked for of every
//! part. Replies and reports are acknowledged when the node has taken them.

pub mod pdu;

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::channel::{Inbound, SendFault};
use crate::link::{Dialect, Heard};
use crate::settings::CmppVersion;
use crate::sms;
use crate::sms::linked::Ask;
use crate::sms::parts::{gsm7_text, ucs2_text, without_header};
use crate::text::{clipped, now_ms};

/// What the gateway is told about us.
#[derive(Debug, Clone)]
pub struct Account {
    pub version: CmppVersion,
    pub account: String,
    pub password: String,
    pub source: String,
    pub service: String,
}

/// The protocol, without a connection.
pub struct Cmpp {
    account: Account,
}

impl Cmpp {
    pub fn new(account: Account) -> Result<Self, String> {
        let fits = |what: &str, text: &str, width: usize| {
            if text.is_empty() || text.len() > width || !text.is_ascii() {
                return Err(format!("{what} = {text:?} is not of 1 to {width} letters and digits"));
            }
            Ok(())
        };
        fits("account", &account.account, 6)?;
        fits("source", &account.source, 21)?;
        fits("service", &account.service, 10)?;
        Ok(Self { account })
    }

    fn deliver(&self, frame: &pdu::Frame<'_>) -> Heard {
        // What cannot be read is thanked for all the same: else the gateway sends it again for ever.
        let deliver = pdu::parse_deliver(frame.body, self.account.version);
        let id = frame.body.first_chunk().map_or(0, |id| u64::from_be_bytes(*id));
        let mut thanks = Vec::new();
        pdu::deliver_answer(self.account.version, frame.number, id, &mut thanks);
        let read = deliver.and_then(|deliver| {
            if deliver.is_report { report(&deliver.content) } else { Ok(Some(answer(&deliver))) }
        });
        let what = read.unwrap_or_else(|why| {
            tracing::warn!(why, "what a CMPP gateway sent could not be read");
            None
        });
        Heard::Said { what, thanks }
    }
}

fn report(content: &[u8]) -> Result<Option<Inbound>, String> {
    let (message_id, state) = pdu::parse_report(content)?;
    let (reference, at_ms) = (reference(message_id), now_ms());
    Ok(match state.as_str() {
        "DELIVRD" => Some(Inbound::Delivered { reference, at_ms }),
        "ACCEPTD" | "ENROUTE" | "" => None, // on its way; another report follows
        _ => Some(Inbound::Failed { reference, reason: clipped(&state, 7), at_ms }),
    })
}

fn answer(deliver: &pdu::Deliver) -> Inbound {
    let octets = without_header(&deliver.content, deliver.has_header);
    let text = match deliver.coding {
        8 => ucs2_text(octets),
        15 => encoding_rs::GBK.decode_without_bom_handling(octets).0.into_owned(),
        // CMPP's 0 is ASCII; gateways that mean the GSM alphabet differ in signs that no short code has.
        0 if octets.is_ascii() => String::from_utf8_lossy(octets).into_owned(),
        0 => gsm7_text(octets),
        _ => String::from_utf8_lossy(octets).into_owned(),
    };
    let from = sms::mobile(&deliver.from).unwrap_or_else(|_| deliver.from.clone());
    Inbound::Answer {
        from,
        text: clipped(&text, crate::limits::ANSWER_CHARS),
        reference: None,
        id: Some(reference(deliver.message_id)),
        at_ms: now_ms(),
    }
}

fn reference(message_id: u64) -> String {
    format!("{message_id:016x}")
}

impl Dialect for Cmpp {
    type Ask = Ask;
    const LAST_NUMBER: u32 = 0x7FFF_FFFF;

    fn hello(&mut self, number: u32, out: &mut Vec<u8>) {
        // The protocol's clock is the operator's, Beijing time.
        let local = Offset::constant(8).to_datetime(Timestamp::now());
        let day = u32::from(local.month().unsigned_abs()) * 100 + u32::from(local.day().unsigned_abs());
        let time = [local.hour(), local.minute(), local.second()];
        let timestamp = time.iter().fold(day, |stamp, part| stamp * 100 + u32::from(part.unsigned_abs()));
        let version = if self.account.version == CmppVersion::V2 { 0x20 } else { 0x30 };
        let Account { account, password, .. } = &self.account;
        pdu::Connect { account, password, version, timestamp }.write(number, out);
    }

    fn hear(&mut self, received: &[u8]) -> Result<Option<(usize, Heard)>, String> {
        let Some((length, frame)) = pdu::parse_frame(received)? else { return Ok(None) };
        let version = self.account.version;
        let heard = match frame.command {
            command if command == pdu::CONNECT | pdu::ANSWER => {
                match pdu::parse_connect_answer(frame.body, version)? {
                    0 => Heard::Welcome,
                    status => Heard::TurnedAway(SendFault::refused(turned_away(status))),
                }
            }
            command if command == pdu::SUBMIT | pdu::ANSWER => {
                let read = pdu::parse_submit_answer(frame.body, version).map_err(SendFault::unreachable);
                let outcome =
                    read.and_then(|(message_id, result)| submitted(result).map(|()| reference(message_id)));
                Heard::Answer { number: frame.number, outcome }
            }
            pdu::DELIVER => self.deliver(&frame),
            pdu::ACTIVE_TEST => pdu::sign(frame.number),
            pdu::TERMINATE => {
                let mut out = Vec::new();
                pdu::frame(pdu::TERMINATE | pdu::ANSWER, frame.number, &[], &mut out);
                Heard::Goodbye(out)
            }
            _ => Heard::Sign(Vec::new()),
        };
        Ok(Some((length, heard)))
    }

    fn ask(&mut self, number: u32, ask: &Ask, out: &mut Vec<u8>) {
        let submit = pdu::Submit {
            total: ask.total,
            index: ask.index,
            level: if ask.urgent { 9 } else { 1 },
            service: &self.account.service,
            fee_user_type: 2, // the sender pays; the receiver is charged nothing
            fee_terminal: "",
            has_header: ask.part.header.is_some(),
            coding: 8,
            account: &self.account.account,
            fee_type: "01",
            fee_code: "0",
            valid_until: "",
            source: &self.account.source,
            to: &ask.to,
            content: &ask.part.octets(),
        };
        submit.write(self.account.version, number, out);
    }

    fn test(&mut self, number: u32, out: &mut Vec<u8>) {
        pdu::frame(pdu::ACTIVE_TEST, number, &[], out);
    }

    fn farewell(&mut self, number: u32, out: &mut Vec<u8>) {
        pdu::frame(pdu::TERMINATE, number, &[], out);
    }
}

/// Status of `CMPP_CONNECT_RESP`.
fn turned_away(status: u32) -> String {
    let why = match status {
        1 => "the connect was malformed",
        2 => "this address of ours is not let in",
        3 => "account or password is wrong",
        4 => "the gateway speaks another version",
        _ => "an error of the gateway",
    };
    format!("the gateway did not let us in: {why} (status {status})")
}

/// Result of `CMPP_SUBMIT_RESP`.
fn submitted(result: u32) -> Result<(), SendFault> {
    let refused = |why: &str| SendFault::refused(format!("{why} (result {result})"));
    Err(match result {
        0 => return Ok(()),
        8 => SendFault::Throttled { retry_after: std::time::Duration::from_secs(1) },
        9 => refused("the gateway does not serve this number"),
        13 => SendFault::bad_address("the gateway says that this is no number (result 13)"),
        1 | 2 | 4 | 6 => refused("the gateway does not understand the message"),
        3 => SendFault::unreachable("the gateway saw this frame's number before (result 3)"),
        5 | 7 | 10 | 11 | 12 => refused("service, access number or account are not as the operator has them"),
        _ => refused("an error of the gateway"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_result_of_the_gateway_says_whether_to_try_again() {
        assert!(submitted(0).is_ok());
        assert!(matches!(submitted(8), Err(SendFault::Throttled { .. })));
        assert!(matches!(submitted(13), Err(SendFault::BadAddress { .. })));
        assert!([1, 5, 9, 10, 77].iter().all(|result| submitted(*result).unwrap_err().is_lasting()));
    }

    #[test]
    fn an_answer_is_read_in_every_coding() {
        let deliver = |coding, content: &[u8]| pdu::Deliver {
            message_id: 1,
            dest: "10690001".into(),
            has_header: false,
            coding,
            from: "8613900000000".into(),
            is_report: false,
            content: content.to_vec(),
        };
        let text = |deliver: pdu::Deliver| match answer(&deliver) {
            Inbound::Answer { from, text, .. } => {
                assert_eq!(from, "13900000000");
                text
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(text(deliver(0, b"A7 1")), "A7 1");
        assert_eq!(text(deliver(15, &[0xCA, 0xD5, 0xB5, 0xBD])), "收到");
        assert_eq!(text(deliver(8, &[0x65, 0x36, 0x52, 0x30])), "收到");
        let headed = pdu::Deliver { has_header: true, ..deliver(8, &[5, 0, 3, 1, 1, 1, 0x65, 0x36]) };
        assert_eq!(text(headed), "收");
    }

    /// A gateway sends what was not thanked for again and again: one report that cannot be read must not end the link.
    #[test]
    fn what_cannot_be_read_is_thanked_for() {
        let account = Account {
            version: CmppVersion::V2,
            account: "900001".into(),
            password: String::new(),
            source: "10690001".into(),
            service: "yj".into(),
        };
        let mut cmpp = Cmpp::new(account).unwrap();
        let mut received = Vec::new();
        pdu::frame(pdu::DELIVER, 7, &[0, 0, 0, 0, 0, 0, 0, 9, 1, 2, 3], &mut received);
        let (length, heard) = cmpp.hear(&received).unwrap().unwrap();
        assert_eq!(length, received.len());
        let Heard::Said { what: None, thanks } = heard else { panic!("{heard:?}") };
        assert!(thanks.windows(8).any(|id| id == [0, 0, 0, 0, 0, 0, 0, 9]), "{thanks:?}");
    }

    #[test]
    fn an_account_that_does_not_fit_its_field_is_an_error_of_the_settings() {
        let account = Account {
            version: CmppVersion::V2,
            account: "9000012".into(),
            password: String::new(),
            source: "10690001".into(),
            service: "yj".into(),
        };
        let error = Cmpp::new(account).err().unwrap();
        assert_eq!(error, "account = \"9000012\" is not of 1 to 6 letters and digits");
    }
}
