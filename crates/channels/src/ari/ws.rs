//! A WebSocket's near end, as far as reading events needs it (RFC 6455): the handshake, frames in, pings out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

/// Longest frame that is believed; an event of Asterisk has some kilobytes.
const FRAME_MAX: usize = 60_000;
/// Longest head of the answer to the handshake.
const HEAD_MAX: usize = 8_192;

pub const CONTINUED: u8 = 0;
pub const TEXT: u8 = 1;
pub const CLOSE: u8 = 8;
pub const PING: u8 = 9;
pub const PONG: u8 = 10;

/// What the server has to answer to a key, so that it shows to have understood (4.2.2).
pub fn accept(key: &str) -> String {
    let text = format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()).as_ref())
}

/// The answer to the handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgrade {
    pub status: u16,
    pub accept: String,
}

/// The answer's head, with its length; `None` if it isn't whole yet.
pub fn parse_upgrade(received: &[u8]) -> Result<Option<(usize, Upgrade)>, String> {
    let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") else {
        let too_long = received.len() > HEAD_MAX;
        return if too_long { Err("the answer to the handshake has no end".to_owned()) } else { Ok(None) };
    };
    let head = String::from_utf8_lossy(&received[..end]);
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap_or_default().strip_prefix("HTTP/1.1 ");
    let status = status.and_then(|rest| rest.get(..3)?.parse().ok()).ok_or("this is no HTTP/1.1")?;
    let headers = lines.filter_map(|line| line.split_once(':'));
    let accept = headers.filter(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-accept"));
    let accept = accept.map(|(_, value)| value.trim().to_owned()).last().unwrap_or_default();
    Ok(Some((end + 4, Upgrade { status, accept })))
}

/// One frame as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame<'a> {
    pub last: bool,
    pub opcode: u8,
    pub payload: &'a [u8],
}

/// The first frame in what was received, with its length; `None` if it isn't whole yet.
pub fn parse_ws_frame(received: &[u8]) -> Result<Option<(usize, Frame<'_>)>, String> {
    let (Some(first), Some(second)) = (received.first(), received.get(1)) else { return Ok(None) };
    if second & 0x80 != 0 {
        return Err("a server's frame is never masked".to_owned());
    }
    let (length, head) = match second & 0x7F {
        126 => match received.get(2..4) {
            Some(octets) => (usize::from(u16::from_be_bytes([octets[0], octets[1]])), 4),
            None => return Ok(None),
        },
        127 => return Err("a frame beyond any measure".to_owned()),
        length => (length.into(), 2),
    };
    if length > FRAME_MAX {
        return Err(format!("a frame of {length} octets"));
    }
    let Some(payload) = received.get(head..head + length) else { return Ok(None) };
    Ok(Some((head + length, Frame { last: first & 0x80 != 0, opcode: first & 0x0F, payload })))
}

/// Appends a frame of ours; what a client sends is masked.
pub fn frame(opcode: u8, payload: &[u8], mask: [u8; 4], out: &mut Vec<u8>) {
    let payload = &payload[..payload.len().min(125)];
    out.push(0x80 | opcode);
    out.push(0x80 | u8::try_from(payload.len()).expect("cut to 125"));
    out.extend_from_slice(&mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(octet, mask)| octet ^ mask));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6455, 1.3 and 5.7.
    #[test]
    fn handshake_and_frames_are_those_of_the_standard() {
        assert_eq!(accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        let hello = [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f];
        let frame_of = Frame { last: true, opcode: TEXT, payload: b"Hello" };
        assert_eq!(parse_ws_frame(&hello), Ok(Some((7, frame_of))));
        let mut masked = Vec::new();
        frame(TEXT, b"Hello", [0x37, 0xfa, 0x21, 0x3d], &mut masked);
        assert_eq!(masked, [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]);
        assert!(parse_ws_frame(&masked).is_err());
        let head = b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3p=\r\n\r\nrest";
        let upgrade = Upgrade { status: 101, accept: "s3p=".into() };
        assert_eq!(parse_upgrade(head), Ok(Some((head.len() - 4, upgrade))));
        assert_eq!(parse_upgrade(&head[..40]), Ok(None));
    }
}
