//! What CMPP and SMPP have in common: a frame says first how long it is, in words of 32 bits, big end first.

/// The first frame in what was received; `None` if it isn't whole yet. `head` is the shortest, `max` the longest that is
/// believed.
pub(crate) fn first<'a>(
    received: &'a [u8],
    head: usize,
    max: usize,
    what: &str,
) -> Result<Option<&'a [u8]>, String> {
    let Some(length) = be32(received, 0) else { return Ok(None) };
    let length = length as usize;
    if !(head..=max).contains(&length) {
        return Err(format!("this is no {what}: a frame of {length} octets"));
    }
    Ok(received.get(..length))
}

/// The word at that place.
pub(crate) fn be32(octets: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(octets.get(at..at + 4)?.try_into().ok()?))
}

/// Appends a frame: its length, the further words of its head, its body.
pub(crate) fn put(words: &[u32], body: &[u8], out: &mut Vec<u8>) {
    let length = 4 + 4 * words.len() + body.len();
    let length = u32::try_from(length).expect("a body is at most some kilobytes");
    for word in [&[length], words].concat() {
        out.extend_from_slice(&word.to_be_bytes());
    }
    out.extend_from_slice(body);
}
