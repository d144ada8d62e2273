//! How long a certificate holds, and whose it is: the two times of its validity and the name of its subject, read from
//! DER (RFC 5280, 4.1).
//!
//! Nothing else of it is read here; whether it can be used is rustls' to say.

use std::path::Path;

use domain::types::Time;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::TlsFault;

/// From when until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// Not before.
    pub from: Time,
    /// Not after.
    pub until: Time,
}

/// The validity of the first certificate of a PEM file; `None` where it does not read as one.
pub fn validity_of(pem: &Path) -> Result<Option<Validity>, TlsFault> {
    let certificate = CertificateDer::from_pem_file(pem)
        .map_err(|source| TlsFault::Pem { path: pem.to_owned(), source })?;
    Ok(parse_validity(&certificate))
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

const SET: u8 = 0x31;
/// 2.5.4.3, the common name.
const COMMON_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x03];
/// `UTF8String`, `PrintableString`, `IA5String`.
const TEXTS: [u8; 3] = [0x0c, 0x13, 0x16];

/// The common name of a certificate's subject; `None` where it has none that reads.
pub fn parse_subject(der: &[u8]) -> Option<String> {
    let rest = from_validity(der)?;
    let (mut name, _) = inside(inside(rest, SEQUENCE)?.1, SEQUENCE)?;
    while !name.is_empty() {
        let (part, rest) = inside(name, SET)?;
        let (attribute, _) = inside(part, SEQUENCE)?;
        if let Some(value) = attribute.strip_prefix(COMMON_NAME) {
            let tag = *value.first().filter(|tag| TEXTS.contains(tag))?;
            return String::from_utf8(inside(value, tag)?.0.to_vec()).ok();
        }
        name = rest;
    }
    None
}

/// The two times of a certificate.
pub fn parse_validity(der: &[u8]) -> Option<Validity> {
    let (validity, _) = inside(from_validity(der)?, SEQUENCE)?;
    let (from, rest) = time(validity)?;
    let (until, _) = time(rest)?;
    Some(Validity { from, until })
}

/// Walks into the certificate as far as its validity stands.
fn from_validity(der: &[u8]) -> Option<&[u8]> {
    let (certificate, _) = inside(der, SEQUENCE)?;
    let (mut signed, _) = inside(certificate, SEQUENCE)?;
    if signed.first() == Some(&VERSION) {
        signed = inside(signed, VERSION)?.1;
    }
    for tag in [INTEGER, SEQUENCE, SEQUENCE] {
        signed = inside(signed, tag)?.1; // serial number, algorithm, issuer
    }
    Some(signed)
}

/// The content of the element with which these bytes begin, and what follows it.
fn inside(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = der.split_first()?;
    let (first, mut rest) = rest.split_first()?;
    let mut length = usize::from(*first);
    if length & 0x80 != 0 {
        let bytes = length & 0x7f;
        if bytes == 0 || bytes > 4 || rest.len() < bytes {
            return None;
        }
        let (digits, after) = rest.split_at(bytes);
        length = digits.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        rest = after;
    }
    (*found == tag && rest.len() >= length).then(|| rest.split_at(length))
}

/// `YYMMDDHHMMSSZ` (years 1950 to 2049) or `YYYYMMDDHHMMSSZ`, as RFC 5280 has certificates written.
fn time(der: &[u8]) -> Option<(Time, &[u8])> {
    let tag = *der.first()?;
    let (text, rest) = inside(der, tag)?;
    let digits = text.strip_suffix(b"Z")?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |from: usize, length: usize| {
        digits
            .get(from..from + length)?
            .iter()
            .try_fold(0_i16, |n, d| n.checked_mul(10)?.checked_add(i16::from(d - b'0')))
    };
    let (year, at) = match (tag, digits.len()) {
        (UTC_TIME, 12) => (number(0, 2).map(|year| if year < 50 { 2000 + year } else { 1900 + year })?, 2),
        (GENERALIZED_TIME, 14) => (number(0, 4)?, 4),
        _ => return None,
    };
    let part = |nth: usize| i8::try_from(number(at + 2 * nth, 2)?).ok();
    let civil = jiff::civil::DateTime::new(year, part(0)?, part(1)?, part(2)?, part(3)?, part(4)?, 0).ok()?;
    let moment = jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()?;
    Some((Time(moment.as_millisecond()), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(from: (i32, u8, u8), until: (i32, u8, u8)) -> Vec<u8> {
        let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(from.0, from.1, from.2);
        params.not_after = rcgen::date_time_ymd(until.0, until.1, until.2);
        let key = rcgen::KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    fn day(text: &str) -> Time {
        Time::parse(&format!("{text}T00:00:00Z")).unwrap()
    }

    #[test]
    fn the_two_times_of_a_certificate_are_read_in_both_forms() {
        let short = made((2026, 1, 2), (2027, 3, 4));
        assert_eq!(
            parse_validity(&short),
            Some(Validity { from: day("2026-01-02"), until: day("2027-03-04") })
        );
        let long = made((1999, 12, 31), (2050, 1, 1));
        assert_eq!(
            parse_validity(&long),
            Some(Validity { from: day("1999-12-31"), until: day("2050-01-01") })
        );
    }

    #[test]
    fn the_subject_of_a_certificate_is_read() {
        let of = |names: &[(rcgen::DnType, &str)]| {
            let mut params = rcgen::CertificateParams::default();
            params.distinguished_name = rcgen::DistinguishedName::new();
            for (kind, text) in names {
                params.distinguished_name.push(kind.clone(), *text);
            }
            let key = rcgen::KeyPair::generate().unwrap();
            parse_subject(params.self_signed(&key).unwrap().der())
        };
        let org = (rcgen::DnType::OrganizationName, "应急管理局");
        let name = (rcgen::DnType::CommonName, "接警席 01");
        assert_eq!(of(&[org.clone(), name.clone()]).as_deref(), Some("接警席 01"));
        assert_eq!(of(&[name]).as_deref(), Some("接警席 01"));
        assert_eq!(of(&[org]), None);
        for other in [&b""[..], b"0", b"0\x80", b"0\x84\xff\xff\xff\xff"] {
            assert_eq!(parse_subject(other), None);
        }
    }

    #[test]
    fn what_is_cut_off_or_no_certificate_is_none() {
        let whole = made((2026, 1, 2), (2027, 3, 4));
        let full = parse_validity(&whole);
        for length in 0..whole.len() {
            assert_eq!(parse_validity(&whole[..length]), None, "{length} bytes");
        }
        assert!(full.is_some());
        for other in [&b""[..], b"0", b"0\x80", b"0\x84\xff\xff\xff\xff", b"-----BEGIN"] {
            assert_eq!(parse_validity(other), None);
        }
    }
}
