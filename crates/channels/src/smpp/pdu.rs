//! SMPP 3.4's frames, octet for octet (SMPP v3.4, issue 1.2, chapters 3 to 5).

use crate::sms::frames::{be32, first, put};

pub const BIND_TRANSCEIVER: u32 = 0x09;
pub const SUBMIT_SM: u32 = 0x04;
pub const DELIVER_SM: u32 = 0x05;
pub const UNBIND: u32 = 0x06;
pub const ENQUIRE_LINK: u32 = 0x15;
pub const GENERIC_NACK: u32 = 0x8000_0000;
/// Set in the answer to a command.
pub const ANSWER: u32 = 0x8000_0000;

/// Longest frame that is believed: a deliver with its payload in a TLV has at most 64 KiB.
const FRAME_MAX: usize = 65_536;
const RECEIPTED_MESSAGE_ID: u16 = 0x001E;
const MESSAGE_STATE: u16 = 0x0427;
const MESSAGE_PAYLOAD: u16 = 0x0424;

/// One frame as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame<'a> {
    pub command: u32,
    pub status: u32,
    pub number: u32,
    pub body: &'a [u8],
}

/// The first frame in what was received, with its length; `None` if it isn't whole yet.
pub fn parse_frame(received: &[u8]) -> Result<Option<(usize, Frame<'_>)>, String> {
    let Some(frame) = first(received, 16, FRAME_MAX, "SMPP")? else { return Ok(None) };
    let (Some(command), Some(status), Some(number)) = (be32(frame, 4), be32(frame, 8), be32(frame, 12))
    else {
        return Ok(None);
    };
    Ok(Some((frame.len(), Frame { command, status, number, body: &frame[16..] })))
}

/// Appends a frame.
pub fn frame(command: u32, status: u32, number: u32, body: &[u8], out: &mut Vec<u8>) {
    put(&[command, status, number], body, out);
}

fn text(text: &str, out: &mut Vec<u8>) {
    out.extend(text.bytes().filter(|octet| *octet != 0));
    out.push(0);
}

/// `bind_transceiver`.
#[derive(Debug, Clone)]
pub struct Bind<'a> {
    pub system_id: &'a str,
    pub password: &'a str,
    pub system_type: &'a str,
}

impl Bind<'_> {
    pub fn write(&self, number: u32, out: &mut Vec<u8>) {
        let mut body = Vec::new();
        text(self.system_id, &mut body);
        text(self.password, &mut body);
        text(self.system_type, &mut body);
        body.extend_from_slice(&[0x34, 0, 0, 0]); // version 3.4; ton, npi and range of our addresses are the SMSC's
        frame(BIND_TRANSCEIVER, 0, number, &body, out);
    }
}

/// `submit_sm`.
#[derive(Debug, Clone)]
pub struct Submit<'a> {
    pub source: &'a str,
    pub source_ton: u8,
    pub source_npi: u8,
    pub to: &'a str,
    pub to_ton: u8,
    pub has_header: bool,
    pub urgent: bool,
    /// 0 is the SMSC's alphabet, GSM 03.38 as a rule; 8 is UCS-2.
    pub coding: u8,
    pub content: &'a [u8],
}

impl Submit<'_> {
    pub fn write(&self, number: u32, out: &mut Vec<u8>) {
        let mut body = Vec::new();
        text("", &mut body); // service_type: the SMSC's
        body.extend_from_slice(&[self.source_ton, self.source_npi]);
        text(self.source, &mut body);
        body.extend_from_slice(&[self.to_ton, 1]); // ISDN numbering
        text(self.to, &mut body);
        let esm_class = if self.has_header { 0x40 } else { 0 };
        body.extend_from_slice(&[esm_class, 0, u8::from(self.urgent)]);
        text("", &mut body); // schedule: now
        text("", &mut body); // validity: the SMSC's
        body.extend_from_slice(&[1, 0, self.coding, 0]); // 1: a receipt is asked for, good or bad
        body.push(u8::try_from(self.content.len()).expect("a part has at most 160 octets"));
        body.extend_from_slice(self.content);
        frame(SUBMIT_SM, 0, number, &body, out);
    }
}

/// Reads fields one behind the other; what is missing is an error.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn octets(&mut self, width: usize) -> Result<&'a [u8], String> {
        let (taken, rest) = self.0.split_at_checked(width).ok_or("a frame is shorter than its fields")?;
        self.0 = rest;
        Ok(taken)
    }

    fn octet(&mut self) -> Result<u8, String> {
        Ok(self.octets(1)?[0])
    }

    fn text(&mut self) -> Result<String, String> {
        let end = self.0.iter().position(|octet| *octet == 0).ok_or("a text without its end")?;
        let octets = self.octets(end + 1)?;
        Ok(String::from_utf8_lossy(&octets[..end]).into_owned())
    }

    fn short(&mut self) -> Result<u16, String> {
        let octets = self.octets(2)?;
        Ok(u16::from_be_bytes([octets[0], octets[1]]))
    }
}

/// The message id of a `submit_sm_resp`; an error's body may be empty.
pub fn parse_submit_answer(body: &[u8]) -> Result<String, String> {
    if body.is_empty() {
        return Ok(String::new());
    }
    Reader(body).text()
}

/// `deliver_sm`: a reply, or a receipt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deliver {
    pub from: String,
    pub esm_class: u8,
    pub coding: u8,
    pub content: Vec<u8>,
    pub receipted: Option<String>,
    pub state: Option<u8>,
}

impl Deliver {
    /// A receipt of the SMSC's, final or on the way.
    pub fn is_receipt(&self) -> bool {
        matches!(self.esm_class & 0x3C, 0x04 | 0x20)
    }

    pub fn has_header(&self) -> bool {
        self.esm_class & 0x40 != 0
    }
}

pub fn parse_deliver(body: &[u8]) -> Result<Deliver, String> {
    let mut reader = Reader(body);
    reader.text()?; // service_type
    reader.octets(2)?;
    let from = reader.text()?;
    reader.octets(2)?;
    reader.text()?; // destination: our own number
    let esm_class = reader.octet()?;
    reader.octets(2)?; // protocol, priority
    reader.text()?;
    reader.text()?;
    reader.octets(2)?; // registered_delivery, replace_if_present
    let coding = reader.octet()?;
    reader.octet()?;
    let length = reader.octet()?;
    let content = reader.octets(length.into())?.to_vec();
    let mut deliver = Deliver { from, esm_class, coding, content, ..Deliver::default() };
    while !reader.0.is_empty() {
        // Some SMSCs pad a frame: what is no parameter any more ends them, the message stands.
        let (Ok(tag), Ok(length)) = (reader.short(), reader.short()) else { break };
        let Ok(value) = reader.octets(length.into()) else { break };
        match tag {
            RECEIPTED_MESSAGE_ID => {
                let id = value.split(|octet| *octet == 0).next().unwrap_or_default();
                deliver.receipted = Some(String::from_utf8_lossy(id).into_owned());
            }
            MESSAGE_STATE => deliver.state = value.first().copied(),
            MESSAGE_PAYLOAD if deliver.content.is_empty() => deliver.content = value.to_vec(),
            _ => {}
        }
    }
    Ok(deliver)
}

/// Message id and state of a receipt's text: `id:… sub:001 dlvrd:001 submit date:… done date:… stat:DELIVRD err:000 …`
/// (appendix B).
pub fn parse_receipt(content: &str) -> (Option<String>, Option<String>) {
    let of = |name: &str| {
        let lower = content.to_ascii_lowercase();
        let at = lower.find(name)? + name.len();
        let word = content.get(at..)?.split_whitespace().next()?;
        Some(word.to_owned())
    };
    (of("id:"), of("stat:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_read_in_either_form() {
        let text = "id:0A1b sub:001 dlvrd:001 submit date:2611240831 done date:2611240832 stat:DELIVRD err:000 text:x";
        assert_eq!(parse_receipt(text), (Some("0A1b".into()), Some("DELIVRD".into())));
        assert_eq!(parse_receipt("İid:7 stat:UNDELIV").0, Some("7".into()));
        assert_eq!(parse_receipt("nothing"), (None, None));

        let mut body = b"\0\x01\x0113900000000\0\x00\x00106900\0\x04\0\0\0\0\0\0\0\0\0".to_vec();
        body.extend_from_slice(&[0x00, 0x1E, 0, 3, b'7', b'7', 0, 0x04, 0x27, 0, 1, 2]);
        let deliver = parse_deliver(&body).unwrap();
        assert!(deliver.is_receipt());
        assert_eq!((deliver.receipted.as_deref(), deliver.state), (Some("77"), Some(2)));
        assert_eq!(deliver.from, "13900000000");
        body.extend_from_slice(&[0, 0, 0]);
        assert_eq!(parse_deliver(&body), Ok(deliver), "padding behind the last parameter takes nothing away");
    }

    #[test]
    fn a_frame_beyond_measure_ends_the_connection() {
        assert!(parse_frame(&[0x7F, 0xFF, 0xFF, 0xFF]).is_err());
        assert!(parse_frame(&[0, 0, 0, 15, 0]).is_err());
        assert_eq!(parse_frame(&[0, 0, 0, 16, 0]), Ok(None));
    }
}
