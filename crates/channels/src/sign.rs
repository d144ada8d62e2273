//! Signatures over what is sent and what comes back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

/// HMAC-SHA-256.
pub(crate) fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message).as_ref().to_vec()
}

/// The same in base64, as the chat platforms want it.
pub(crate) fn hmac_sha256_base64(key: &[u8], message: &[u8]) -> String {
    STANDARD.encode(hmac_sha256(key, message))
}

/// Are they the same? Takes as long for the first wrong octet as for the last.
pub(crate) fn same(given: &[u8], known: &[u8]) -> bool {
    // Compared as keyed digests, so that neither length nor content shows in the time.
    let digest = |octets| hmac_sha256(b"compare", octets);
    let (a, b) = (digest(given), digest(known));
    a.iter().zip(&b).fold(0, |different, (a, b)| different | (a ^ b)) == 0
}
