//! CMPP's frames, octet for octet (CMPP 2.0 §7, 3.0 §8). 3.0 widens some fields; the rest is the same.

use md5::{Digest as _, Md5};

use crate::link::Heard;
use crate::settings::CmppVersion;
use crate::sms::frames::{be32, first, put};

pub const CONNECT: u32 = 1;
pub const TERMINATE: u32 = 2;
pub const SUBMIT: u32 = 4;
pub const DELIVER: u32 = 5;
pub const ACTIVE_TEST: u32 = 8;
/// Set in the answer to a command.
pub const ANSWER: u32 = 0x8000_0000;

/// Longest frame that is believed: a submit to 100 numbers has 2,500 octets.
const FRAME_MAX: usize = 8_192;

/// One frame as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame<'a> {
    pub command: u32,
    pub number: u32,
    pub body: &'a [u8],
}

/// The first frame in what was received, with its length; `None` if it isn't whole yet.
pub fn parse_frame(received: &[u8]) -> Result<Option<(usize, Frame<'_>)>, String> {
    let Some(frame) = first(received, 12, FRAME_MAX, "CMPP")? else { return Ok(None) };
    let (Some(command), Some(number)) = (be32(frame, 4), be32(frame, 8)) else { return Ok(None) };
    Ok(Some((frame.len(), Frame { command, number, body: &frame[12..] })))
}

/// Appends a frame.
pub fn frame(command: u32, number: u32, body: &[u8], out: &mut Vec<u8>) {
    put(&[command, number], body, out);
}

/// Appends a text in its field: cut to the width, filled up with zeros.
pub(super) fn field(text: &str, width: usize, out: &mut Vec<u8>) {
    let mut octets = text.as_bytes().to_vec();
    octets.resize(width, 0);
    out.extend_from_slice(&octets);
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

    /// One octet in 2.0, four in 3.0.
    fn status(&mut self, version: CmppVersion) -> Result<u32, String> {
        match version {
            CmppVersion::V2 => Ok(self.octet()?.into()),
            CmppVersion::V3 => be32(self.octets(4)?, 0).ok_or_else(|| "a status of four octets".to_owned()),
        }
    }

    fn text(&mut self, width: usize) -> Result<String, String> {
        let octets = self.octets(width)?;
        let end = octets.iter().position(|octet| *octet == 0).unwrap_or(width);
        Ok(String::from_utf8_lossy(&octets[..end]).trim().to_owned())
    }
}

/// `CMPP_CONNECT`.
#[derive(Debug, Clone)]
pub struct Connect<'a> {
    pub account: &'a str,
    pub password: &'a str,
    /// 0x20 or 0x30.
    pub version: u8,
    /// MMDDHHMMSS as a number.
    pub timestamp: u32,
}

impl Connect<'_> {
    pub fn write(&self, number: u32, out: &mut Vec<u8>) {
        let mut body = Vec::with_capacity(27);
        field(self.account, 6, &mut body);
        body.extend_from_slice(&self.proof());
        body.push(self.version);
        body.extend_from_slice(&self.timestamp.to_be_bytes());
        frame(CONNECT, number, &body, out);
    }

    /// MD5 over account, nine zeros, password and the timestamp's ten digits.
    fn proof(&self) -> [u8; 16] {
        let mut digest = Md5::new();
        digest.update(self.account);
        digest.update([0; 9]);
        digest.update(self.password);
        digest.update(format!("{:010}", self.timestamp));
        digest.finalize().into()
    }
}

/// Status of a `CMPP_CONNECT_RESP`.
pub fn parse_connect_answer(body: &[u8], version: CmppVersion) -> Result<u32, String> {
    Reader(body).status(version)
}

/// `CMPP_SUBMIT` to one number.
#[derive(Debug, Clone)]
pub struct Submit<'a> {
    pub total: u8,
    pub index: u8,
    /// 0 to 9; higher goes first.
    pub level: u8,
    pub service: &'a str,
    /// 2: the sender pays.
    pub fee_user_type: u8,
    pub fee_terminal: &'a str,
    pub has_header: bool,
    /// 8 is UCS-2.
    pub coding: u8,
    pub account: &'a str,
    pub fee_type: &'a str,
    pub fee_code: &'a str,
    pub valid_until: &'a str,
    pub source: &'a str,
    pub to: &'a str,
    pub content: &'a [u8],
}

impl Submit<'_> {
    pub fn write(&self, version: CmppVersion, number: u32, out: &mut Vec<u8>) {
        let terminal = terminal_width(version);
        let wide = version == CmppVersion::V3;
        let mut body = vec![0; 8]; // Msg_Id is the gateway's
        body.extend_from_slice(&[self.total, self.index, 1, self.level]); // 1: a report is asked for
        field(self.service, 10, &mut body);
        body.push(self.fee_user_type);
        field(self.fee_terminal, terminal, &mut body);
        body.extend(wide.then_some(0)); // Fee_terminal_type: a real number
        body.extend_from_slice(&[0, self.has_header.into(), self.coding]);
        field(self.account, 6, &mut body);
        field(self.fee_type, 2, &mut body);
        field(self.fee_code, 6, &mut body);
        field(self.valid_until, 17, &mut body);
        field("", 17, &mut body); // At_Time: now
        field(self.source, 21, &mut body);
        body.push(1);
        field(self.to, terminal, &mut body);
        body.extend(wide.then_some(0)); // Dest_terminal_type: a real number
        body.push(u8::try_from(self.content.len()).expect("a part has at most 160 octets"));
        body.extend_from_slice(self.content);
        field("", if wide { 20 } else { 8 }, &mut body); // LinkID, or Reserve
        frame(SUBMIT, number, &body, out);
    }
}

const fn terminal_width(version: CmppVersion) -> usize {
    match version {
        CmppVersion::V2 => 21,
        CmppVersion::V3 => 32,
    }
}

/// Message id and result of a `CMPP_SUBMIT_RESP`.
pub fn parse_submit_answer(body: &[u8], version: CmppVersion) -> Result<(u64, u32), String> {
    let mut reader = Reader(body);
    Ok((message_id(&mut reader)?, reader.status(version)?))
}

fn message_id(reader: &mut Reader<'_>) -> Result<u64, String> {
    let octets = reader.octets(8)?;
    octets.try_into().map(u64::from_be_bytes).map_err(|_| "a message id of eight octets".to_owned())
}

/// `CMPP_DELIVER`: a reply, or a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deliver {
    pub message_id: u64,
    pub dest: String,
    pub has_header: bool,
    pub coding: u8,
    pub from: String,
    pub is_report: bool,
    pub content: Vec<u8>,
}

pub fn parse_deliver(body: &[u8], version: CmppVersion) -> Result<Deliver, String> {
    let mut reader = Reader(body);
    let message_id = message_id(&mut reader)?;
    let dest = reader.text(21)?;
    reader.octets(10 + 1)?; // Service_Id, TP_pid
    let has_header = reader.octet()? & 1 == 1;
    let coding = reader.octet()?;
    let from = reader.text(terminal_width(version))?;
    if version == CmppVersion::V3 {
        reader.octet()?; // Src_terminal_type
    }
    let is_report = reader.octet()? == 1;
    let length = reader.octet()?;
    let content = reader.octets(length.into())?.to_vec();
    Ok(Deliver { message_id, dest, has_header, coding, from, is_report, content })
}

/// Answers a deliver.
pub fn deliver_answer(version: CmppVersion, number: u32, message_id: u64, out: &mut Vec<u8>) {
    let mut body = message_id.to_be_bytes().to_vec();
    body.resize(if version == CmppVersion::V3 { 12 } else { 9 }, 0);
    frame(DELIVER | ANSWER, number, &body, out);
}

/// What a report is about, and the state that the message ended in.
pub fn parse_report(content: &[u8]) -> Result<(u64, String), String> {
    let mut reader = Reader(content);
    Ok((message_id(&mut reader)?, reader.text(7)?))
}

/// The frame of a sign of life, either way.
pub(super) fn sign(number: u32) -> Heard {
    let mut out = Vec::new();
    frame(ACTIVE_TEST | ANSWER, number, &[0], &mut out);
    Heard::Sign(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    // The vectors are those of the tests of gocmpp (Apache-2.0), which has run against operators' gateways.

    #[test]
    fn a_connect_is_the_published_one() {
        let connect =
            Connect { account: "900001", password: "888888", version: 0x21, timestamp: 1_021_080_510 };
        let mut out = Vec::new();
        connect.write(0x17, &mut out);
        let published = "00000027000000010000001739303030303190d00c1d517abd0b4f65f6bcf8535d16213cdc73be";
        assert_eq!(out, hex(published));
    }

    #[test]
    fn a_submit_is_the_published_one() {
        let content: Vec<u8> = "测试gocmpp submit".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let submit = Submit {
            total: 1,
            index: 1,
            level: 1,
            service: "test",
            fee_user_type: 2,
            fee_terminal: "13500002696",
            has_header: false,
            coding: 8,
            account: "900001",
            fee_type: "02",
            fee_code: "10",
            valid_until: "151105131555101+",
            source: "900001",
            to: "13500002696",
            content: &content,
        };
        let mut out = Vec::new();
        submit.write(CmppVersion::V2, 0x17, &mut out);
        let published = "000000bd0000000400000017000000000000000001010101746573740000000000000231333530303030323639360000000000000000000000000839303030303130323130000000003135313130353133313535353130312b000000000000000000000000000000000000393030303031000000000000000000000000000000013133353030303032363936000000000000000000001e6d4b8bd50067006f0063006d007000700020007300750062006d006900740000000000000000";
        assert_eq!(out, hex(published));
    }

    #[test]
    fn the_published_answers_and_reports_are_read() {
        let connected = hex("0000001e8000000100000017006c0b846e25bab6daa4ed1c466e0f4bd821");
        let (length, frame) = parse_frame(&connected).unwrap().unwrap();
        assert_eq!((length, frame.command, frame.number), (30, CONNECT | ANSWER, 0x17));
        assert_eq!(parse_connect_answer(frame.body, CmppVersion::V2), Ok(0));

        let submitted = hex("000000158000000400000017b2b9da800001000000");
        let (_, frame) = parse_frame(&submitted).unwrap().unwrap();
        assert_eq!(parse_submit_answer(frame.body, CmppVersion::V2), Ok((0xb2b9_da80_0001_0000, 0)));

        let delivered = hex(
            "000000670000000500000005b5256280000100003930303030310000000000000000000000000000000000000000000000000000000031333431323334303030300000000000000000000000125468697320697320612074657374204d4f2e0000000000000000",
        );
        let (_, frame) = parse_frame(&delivered).unwrap().unwrap();
        let deliver = parse_deliver(frame.body, CmppVersion::V2).unwrap();
        assert_eq!(
            (deliver.from.as_str(), deliver.dest.as_str(), deliver.is_report),
            ("13412340000", "900001", false)
        );
        assert_eq!(deliver.content, b"This is a test MO.");
        let mut answer = Vec::new();
        deliver_answer(CmppVersion::V2, frame.number, deliver.message_id, &mut answer);
        assert_eq!(answer, hex("000000158000000500000005b52562800001000000"));

        let report = hex(
            "b4c553000001000044454c49565244313531313132303935353135313131323039353731333431323334303030300000000000000000000012345678",
        );
        assert_eq!(parse_report(&report), Ok((0xb4c5_5300_0001_0000, "DELIVRD".to_owned())));
    }

    #[test]
    fn the_published_signs_of_life_are_written() {
        let Heard::Sign(out) = sign(0x17) else { panic!("no sign") };
        assert_eq!(out, hex("0000000d800000080000001700"));
        let mut out = Vec::new();
        frame(ACTIVE_TEST, 0x17, &[], &mut out);
        frame(TERMINATE, 0x17, &[], &mut out);
        frame(TERMINATE | ANSWER, 0x17, &[], &mut out);
        assert_eq!(out, hex("0000000c00000008000000170000000c00000002000000170000000c8000000200000017"));
    }

    #[test]
    fn the_fields_of_version_3_are_wider() {
        let submit = Submit {
            total: 1,
            index: 1,
            level: 9,
            service: "yj",
            fee_user_type: 2,
            fee_terminal: "",
            has_header: false,
            coding: 8,
            account: "900001",
            fee_type: "01",
            fee_code: "0",
            valid_until: "",
            source: "10690001",
            to: "13900000000",
            content: b"",
        };
        let (mut narrow, mut wide) = (Vec::new(), Vec::new());
        submit.write(CmppVersion::V2, 1, &mut narrow);
        submit.write(CmppVersion::V3, 1, &mut wide);
        assert_eq!(wide.len() - narrow.len(), 2 * (32 - 21) + 2 + (20 - 8));
        // 3.0, table of CMPP_SUBMIT: Dest_terminal_Id stands behind 8+4+10+1+32+1+3+6+2+6+17+17+21+1 octets.
        assert_eq!(&wide[12 + 129..12 + 129 + 11], b"13900000000");
    }

    #[test]
    fn a_frame_beyond_measure_ends_the_connection() {
        assert!(parse_frame(&hex("7fffffff0000000100000001")).is_err());
        assert!(parse_frame(&hex("0000000b0000000100000001")).is_err());
        assert_eq!(parse_frame(&hex("0000000d00000001000000")), Ok(None));
    }
}
