//! Small things about texts and time that several channels need.

use std::time::{SystemTime, UNIX_EPOCH};

/// The first characters of a text.
pub(crate) fn clipped(text: &str, chars: usize) -> String {
    text.trim().chars().take(chars).collect()
}

/// Now, in UTC milliseconds.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(octets: &[u8]) -> String {
    use std::fmt::Write as _;
    octets.iter().fold(String::new(), |mut text, octet| {
        let _ = write!(text, "{octet:02x}");
        text
    })
}
