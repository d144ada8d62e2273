//! Cutting a text into the parts that telephones put together again (3GPP TS 23.040, 9.2.3.24.1).
//!
//! 70 characters of UCS-2, or 160 of the GSM alphabet, are one message. A longer text is cut into parts of 67 or 153,
//! each behind a header that says which of how many it is. What costs two places (a character beyond the basic plane
//! such as 𠮷, or one of the GSM extension such as €) is never cut apart.

/// The alphabet of a message; one for all its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// GSM 03.38, one septet an octet: the gateway packs them.
    Gsm7,
    /// UCS-2, big endian; beyond the basic plane as UTF-16, which every telephone shows.
    Ucs2,
}

/// One message on the air.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub coding: Coding,
    /// The header of a part of several.
    pub header: Option<[u8; 6]>,
    /// The text's octets, without the header.
    pub body: Vec<u8>,
}

impl Part {
    /// Header and text, as protocols carry them.
    pub fn octets(&self) -> Vec<u8> {
        let mut octets = self.header.map_or_else(Vec::new, |header| header.to_vec());
        octets.extend_from_slice(&self.body);
        octets
    }
}

/// Cuts a text into its parts, in the GSM alphabet where all of it fits. `reference` tells the parts of one text from
/// those of another that the same telephone gets at the time.
pub fn parts(text: &str, reference: u8) -> Vec<Part> {
    let septets: Option<Vec<Vec<u8>>> = text.chars().map(gsm7).collect();
    match septets {
        Some(characters) => cut(Coding::Gsm7, &characters, 160, 153, reference),
        None => ucs2_parts(text, reference),
    }
}

/// The same in UCS-2 whatever the text, for gateways that don't agree on the GSM alphabet.
pub fn ucs2_parts(text: &str, reference: u8) -> Vec<Part> {
    let mut units = [0; 2];
    let characters: Vec<Vec<u8>> = text
        .chars()
        .map(|c| c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()).collect())
        .collect();
    cut(Coding::Ucs2, &characters, 140, 134, reference)
}

/// Lengths in octets; a character is never cut.
fn cut(coding: Coding, characters: &[Vec<u8>], whole: usize, part: usize, reference: u8) -> Vec<Part> {
    if characters.iter().map(Vec::len).sum::<usize>() <= whole {
        return vec![Part { coding, header: None, body: characters.concat() }];
    }
    let mut bodies = vec![Vec::with_capacity(part)];
    for character in characters {
        if bodies.last().is_some_and(|body: &Vec<u8>| body.len() + character.len() > part) {
            bodies.push(Vec::with_capacity(part));
        }
        if let Some(body) = bodies.last_mut() {
            body.extend_from_slice(character);
        }
    }
    // More than 255 parts cannot be numbered; channels refuse long before (`SMS_PARTS`).
    let total = u8::try_from(bodies.len()).unwrap_or(u8::MAX);
    let header = |number| Some([5, 0, 3, reference, total, number]);
    (1..=u8::MAX).zip(bodies).map(|(number, body)| Part { coding, header: header(number), body }).collect()
}

/// A character in the GSM alphabet: a septet, or the escape and one.
fn gsm7(c: char) -> Option<Vec<u8>> {
    if let Some(at) = ALPHABET.chars().position(|known| known == c) {
        return (at != ESCAPE).then(|| vec![u8::try_from(at).unwrap_or_default()]);
    }
    let (_, septet) = EXTENSION.iter().find(|(known, _)| *known == c)?;
    Some(vec![0x1B, *septet])
}

/// Reads GSM septets, one an octet; what is no character becomes a question mark.
pub fn gsm7_text(septets: &[u8]) -> String {
    let mut text = String::new();
    let mut septets = septets.iter().copied();
    while let Some(septet) = septets.next() {
        if usize::from(septet) == ESCAPE {
            let escaped = septets.next();
            let known = EXTENSION.iter().find(|(_, code)| Some(*code) == escaped);
            text.push(known.map_or('?', |(c, _)| *c));
        } else {
            text.push(ALPHABET.chars().nth(septet.into()).unwrap_or('?'));
        }
    }
    text
}

/// Reads UCS-2; half a pair becomes the replacement character.
pub fn ucs2_text(octets: &[u8]) -> String {
    let units = octets.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// A text's octets without their user data header, where the sender said that there is one.
pub fn without_header(octets: &[u8], has_header: bool) -> &[u8] {
    match octets.first() {
        Some(length) if has_header => octets.get(usize::from(*length) + 1..).unwrap_or_default(),
        _ => octets,
    }
}

const ESCAPE: usize = 0x1B;
const ALPHABET: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1B}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION: [(char, u8); 10] = [
    ('\u{C}', 0x0A),
    ('^', 0x14),
    ('{', 0x28),
    ('}', 0x29),
    ('\\', 0x2F),
    ('[', 0x3C),
    ('~', 0x3D),
    (']', 0x3E),
    ('|', 0x40),
    ('€', 0x65),
];
