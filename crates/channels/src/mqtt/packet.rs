//! MQTT 3.1.1's packets, as far as a publisher with one subscription needs them (OASIS MQTT 3.1.1, chapters 2 and 3).

/// Longest packet that is believed; a report of a device is a few hundred octets.
const PACKET_MAX: usize = 60_000;

/// What the broker says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packet {
    /// The code is 0 when we are let in.
    Connected(u8),
    Published {
        number: u16,
    },
    /// The code is 0x80 when the subscription was refused.
    Subscribed(u8),
    Message {
        topic: String,
        payload: Vec<u8>,
        /// To be acknowledged under this number; `None` for "at most once".
        number: Option<u16>,
    },
    Pong,
    Other,
}

/// The first packet in what was received, with its length; `None` if it isn't whole yet.
pub fn parse_packet(received: &[u8]) -> Result<Option<(usize, Packet)>, String> {
    let Some((&first, rest)) = received.split_first() else { return Ok(None) };
    let Some((length, width)) = remaining(rest)? else { return Ok(None) };
    let Some(body) = rest.get(width..width + length) else { return Ok(None) };
    let short = || "a packet is shorter than its fields".to_owned();
    let packet = match first >> 4 {
        2 => Packet::Connected(*body.get(1).ok_or_else(short)?),
        3 => message(first, body).ok_or_else(short)?,
        4 => Packet::Published { number: be16(body, 0).ok_or_else(short)? },
        9 => Packet::Subscribed(*body.get(2).ok_or_else(short)?),
        13 => Packet::Pong,
        0 | 15 => return Err("this is no MQTT 3.1.1".to_owned()),
        _ => Packet::Other,
    };
    Ok(Some((1 + width + length, packet)))
}

fn message(first: u8, body: &[u8]) -> Option<Packet> {
    let length: usize = be16(body, 0)?.into();
    let topic = String::from_utf8_lossy(body.get(2..2 + length)?).into_owned();
    let rest = &body[2 + length..];
    if first & 0x06 == 0 {
        return Some(Packet::Message { topic, payload: rest.to_vec(), number: None });
    }
    let number = be16(rest, 0)?;
    Some(Packet::Message { topic, payload: rest[2..].to_vec(), number: Some(number) })
}

fn be16(octets: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(octets.get(at..at + 2)?.try_into().ok()?))
}

/// The remaining length and how many octets it takes (2.2.3).
fn remaining(octets: &[u8]) -> Result<Option<(usize, usize)>, String> {
    let mut length = 0;
    for (at, octet) in octets.iter().take(4).enumerate() {
        length |= usize::from(octet & 0x7F) << (7 * at);
        if octet & 0x80 == 0 {
            if length > PACKET_MAX {
                return Err(format!("a packet of {length} octets"));
            }
            return Ok(Some((length, at + 1)));
        }
    }
    if octets.len() >= 4 { Err("this is no MQTT: a length without end".to_owned()) } else { Ok(None) }
}

fn packet(first: u8, body: &[u8], out: &mut Vec<u8>) {
    out.push(first);
    let mut length = body.len();
    loop {
        let octet = u8::try_from(length & 0x7F).unwrap_or_default();
        length >>= 7;
        out.push(if length > 0 { octet | 0x80 } else { octet });
        if length == 0 {
            break;
        }
    }
    out.extend_from_slice(body);
}

fn text(text: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes());
    out.extend_from_slice(&text[..text.len().min(usize::from(u16::MAX))]);
}

/// `CONNECT`, with a clean session: what is to be repeated is the courier's to know.
pub fn connect(client_id: &str, account: Option<(&str, &str)>, keep_alive_s: u16, out: &mut Vec<u8>) {
    let mut body = Vec::new();
    text(b"MQTT", &mut body);
    body.extend_from_slice(&[4, if account.is_some() { 0xC0 } else { 0x00 }]);
    body.extend_from_slice(&keep_alive_s.to_be_bytes());
    text(client_id.as_bytes(), &mut body);
    if let Some((user, password)) = account {
        text(user.as_bytes(), &mut body);
        text(password.as_bytes(), &mut body);
    }
    packet(0x10, &body, out);
}

/// `PUBLISH`, at least once.
pub fn publish(number: u16, topic: &str, payload: &[u8], out: &mut Vec<u8>) {
    let mut body = Vec::new();
    text(topic.as_bytes(), &mut body);
    body.extend_from_slice(&number.to_be_bytes());
    body.extend_from_slice(payload);
    packet(0x32, &body, out);
}

/// `SUBSCRIBE`, at least once.
pub fn subscribe(number: u16, filter: &str, out: &mut Vec<u8>) {
    let mut body = number.to_be_bytes().to_vec();
    text(filter.as_bytes(), &mut body);
    body.push(1);
    packet(0x82, &body, out);
}

/// `PUBACK`.
pub fn acknowledge(number: u16, out: &mut Vec<u8>) {
    packet(0x40, &number.to_be_bytes(), out);
}

/// `PINGREQ`.
pub fn ping(out: &mut Vec<u8>) {
    packet(0xC0, &[], out);
}

/// `DISCONNECT`.
pub fn disconnect(out: &mut Vec<u8>) {
    packet(0xE0, &[], out);
}
