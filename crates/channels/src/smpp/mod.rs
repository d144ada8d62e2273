//! SMS by an SMSC that speaks SMPP 3.4, as transceiver: messages go out and receipts and replies come in by one link.

pub mod pdu;

use std::time::Duration;

use crate::channel::{Inbound, SendFault};
use crate::limits::ANSWER_CHARS;
use crate::link::{Dialect, Heard};
use crate::sms;
use crate::sms::linked::Ask;
use crate::sms::parts::{Coding, gsm7_text, ucs2_text, without_header};
use crate::text::{clipped, now_ms};

/// What the SMSC is told about us.
#[derive(Debug, Clone)]
pub struct Account {
    pub system_id: String,
    pub password: String,
    pub system_type: String,
    pub source: String,
    pub source_ton: u8,
    pub source_npi: u8,
}

/// The protocol, without a connection.
pub struct Smpp {
    account: Account,
}

impl Smpp {
    pub fn new(account: Account) -> Result<Self, String> {
        let fits = |what: &str, text: &str, least: usize, most: usize| {
            if text.len() < least || text.len() > most || !text.is_ascii() || text.contains('\0') {
                return Err(format!("{what} is not of {least} to {most} ASCII characters"));
            }
            Ok(())
        };
        fits("system_id", &account.system_id, 1, 15)?;
        fits("password", &account.password, 0, 8)?;
        fits("system_type", &account.system_type, 0, 12)?;
        fits("source", &account.source, 1, 20)?;
        Ok(Self { account })
    }
}

fn unread(why: String) -> Option<Inbound> {
    tracing::warn!(why, "what an SMSC sent could not be read");
    None
}

impl Dialect for Smpp {
    type Ask = Ask;
    const LAST_NUMBER: u32 = 0x7FFF_FFFF;

    fn hello(&mut self, number: u32, out: &mut Vec<u8>) {
        let Account { system_id, password, system_type, .. } = &self.account;
        pdu::Bind { system_id, password, system_type }.write(number, out);
    }

    fn hear(&mut self, received: &[u8]) -> Result<Option<(usize, Heard)>, String> {
        let Some((length, frame)) = pdu::parse_frame(received)? else { return Ok(None) };
        let pdu::Frame { command, status, number, body } = frame;
        let answered = |command: u32| {
            let mut out = Vec::new();
            pdu::frame(command | pdu::ANSWER, 0, number, &[], &mut out);
            out
        };
        let heard = if command == pdu::BIND_TRANSCEIVER | pdu::ANSWER {
            match status {
                0 => Heard::Welcome,
                _ => Heard::TurnedAway(SendFault::refused(turned_away(status))),
            }
        } else if command == pdu::SUBMIT_SM | pdu::ANSWER {
            let outcome = match status {
                0 => pdu::parse_submit_answer(body).map_err(SendFault::unreachable),
                _ => Err(submitted(status)),
            };
            Heard::Answer { number, outcome }
        } else if command == pdu::GENERIC_NACK {
            Heard::Answer { number, outcome: Err(submitted(status)) }
        } else if command == pdu::DELIVER_SM {
            // What cannot be read is thanked for all the same: else the gateway sends it again for ever.
            let what = pdu::parse_deliver(body).map_or_else(unread, |deliver| delivered(&deliver));
            let mut thanks = Vec::new();
            pdu::frame(pdu::DELIVER_SM | pdu::ANSWER, 0, number, &[0], &mut thanks);
            Heard::Said { what, thanks }
        } else if command == pdu::ENQUIRE_LINK {
            Heard::Sign(answered(pdu::ENQUIRE_LINK))
        } else if command == pdu::UNBIND {
            Heard::Goodbye(answered(pdu::UNBIND))
        } else {
            Heard::Sign(Vec::new())
        };
        Ok(Some((length, heard)))
    }

    fn ask(&mut self, number: u32, ask: &Ask, out: &mut Vec<u8>) {
        let (to, to_ton) = match ask.to.strip_prefix('+') {
            Some(foreign) => (foreign, 1),
            None => (ask.to.as_str(), 0),
        };
        let submit = pdu::Submit {
            source: &self.account.source,
            source_ton: self.account.source_ton,
            source_npi: self.account.source_npi,
            to,
            to_ton,
            has_header: ask.part.header.is_some(),
            urgent: ask.urgent,
            coding: if ask.part.coding == Coding::Ucs2 { 8 } else { 0 },
            content: &ask.part.octets(),
        };
        submit.write(number, out);
    }

    fn test(&mut self, number: u32, out: &mut Vec<u8>) {
        pdu::frame(pdu::ENQUIRE_LINK, 0, number, &[], out);
    }

    fn farewell(&mut self, number: u32, out: &mut Vec<u8>) {
        pdu::frame(pdu::UNBIND, 0, number, &[], out);
    }
}

fn delivered(deliver: &pdu::Deliver) -> Option<Inbound> {
    let at_ms = now_ms();
    if !deliver.is_receipt() {
        let octets = without_header(&deliver.content, deliver.has_header());
        let text = match deliver.coding {
            8 => ucs2_text(octets),
            0 => gsm7_text(octets),
            _ => String::from_utf8_lossy(octets).into_owned(),
        };
        let from = sms::mobile(&deliver.from).unwrap_or_else(|_| deliver.from.clone());
        return Some(Inbound::Answer {
            from,
            text: clipped(&text, ANSWER_CHARS),
            reference: None,
            id: None,
            at_ms,
        });
    }
    let (id, stat) = pdu::parse_receipt(&String::from_utf8_lossy(&deliver.content));
    let reference = deliver.receipted.clone().or(id).filter(|id| !id.is_empty())?;
    // Appendix B and 5.2.28: the TLV's number and the text's word mean the same.
    let state = stat.unwrap_or_else(|| {
        let word = match deliver.state {
            Some(1) => "ENROUTE",
            Some(2) => "DELIVRD",
            Some(3) => "EXPIRED",
            Some(4) => "DELETED",
            Some(5) => "UNDELIV",
            Some(6) => "ACCEPTD",
            Some(8) => "REJECTD",
            _ => "UNKNOWN",
        };
        word.to_owned()
    });
    match state.to_ascii_uppercase().as_str() {
        "DELIVRD" => Some(Inbound::Delivered { reference, at_ms }),
        "ENROUTE" | "ACCEPTD" => None, // on its way; another receipt follows
        state => Some(Inbound::Failed { reference, reason: clipped(state, 7), at_ms }),
    }
}

/// `command_status` of a bind's answer (5.1.3).
fn turned_away(status: u32) -> String {
    let why = match status {
        0x0D => "it does not let us bind",
        0x0E => "the password is wrong",
        0x0F => "it does not know the system_id",
        0x05 => "we are bound already",
        _ => "an error of the SMSC",
    };
    format!("the SMSC did not let us in: {why} (status {status:#x})")
}

/// `command_status` of a submit's answer (5.1.3).
fn submitted(status: u32) -> SendFault {
    match status {
        0x0B => SendFault::bad_address("the SMSC says that this is no number (status 0xb)"),
        0x14 | 0x58 => SendFault::Throttled { retry_after: Duration::from_secs(1) },
        0x08 | 0x45 | 0x64 => SendFault::unreachable(format!("an error of the SMSC (status {status:#x})")),
        _ => SendFault::refused(format!("the SMSC refused the message (status {status:#x})")),
    }
}
