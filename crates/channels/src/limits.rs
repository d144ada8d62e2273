//! What bounds the channels; `docs/operate/limits.md` is made from here.

use std::time::Duration;

/// Reports and answers that wait for the node to take them; beyond them a gateway's are not acknowledged, so that it sends them again.
pub const INBOUND_QUEUE: usize = 4_096;

/// Messages that one link (CMPP, SMPP, MQTT) holds while it connects; more are to be tried again.
pub const LINK_QUEUE: usize = 256;

/// Longest that opening a connection takes: name, TCP and TLS together.
pub const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Silence of a link's peer after a message was sent, after which the link is given up and opened anew.
pub const LINK_ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// How long a link's peer waits to hear that the node has recorded what it sent; after it, it is not told and sends it again.
pub const LINK_TAKEN_LIMIT: Duration = Duration::from_secs(10);

/// Reports and answers of one link that wait to be recorded; more are not acknowledged, so that the peer sends them again.
pub const LINK_UNTAKEN: usize = 2_048;

/// First rest after a link broke; it doubles up to `LINK_REST_MAX`.
pub const LINK_REST: Duration = Duration::from_secs(1);

/// Longest rest between two tries to open a link.
pub const LINK_REST_MAX: Duration = Duration::from_secs(15);

/// Unanswered tests of a silent link, after which it is given up (CMPP's N).
pub const LINK_TESTS: u32 = 3;

/// Bytes of one frame of a CMPP, SMPP or MQTT peer; the longest that the protocols make of a short message has some hundred.
pub const FRAME_BYTES: usize = 65_536;

/// Bytes of an HTTP peer's answer that are read; answers of gateways are short.
pub const ANSWER_BYTES: usize = 65_536;

/// Reports and answers in one callback.
pub const CALLBACK_ITEMS: usize = 1_000;

/// Characters of an answer's text that are kept; a reply has one SMS, a long one some parts.
pub const ANSWER_CHARS: usize = 1_000;

/// Characters of a peer's own words about a failure that are kept.
pub const REASON_CHARS: usize = 200;

/// Parts of one SMS: 1,340 characters; more is a document.
pub const SMS_PARTS: usize = 20;

/// Bytes of a DingTalk or Feishu text, of 20,000 that the platforms take with their envelope.
pub const ROBOT_BYTES: usize = 18_000;

/// Bytes of a WeCom text; the platform cuts off what is longer.
pub const WECOM_BYTES: usize = 2_048;

/// Bytes of a pushed message before it is sealed: every push service takes one record of 4,096 (RFC 8030, 7.2).
pub const PUSH_BYTES: usize = 3_993;

/// Seconds that a signed callback may be old, or ahead of the node's clock.
pub const CALLBACK_AGE_S: u64 = 300;

/// Messages that were handed over and are remembered by key and address, so that none is sent twice by a slip.
pub const REMEMBERED: usize = 10_000;

/// Rest when a busy peer does not say how long.
pub const BUSY_REST: Duration = Duration::from_secs(5);

/// Longest rest that a peer may ask for.
pub const BUSY_REST_MAX: Duration = Duration::from_secs(90);

/// How long an idle connection to an HTTP peer is kept.
pub const IDLE_KEPT: Duration = Duration::from_secs(30);

/// How long a call by Asterisk is remembered, so that what happens in it can be told; the longest rings for 2 minutes and is read 9 times.
pub const CALL_KEPT: Duration = Duration::from_mins(15);

/// Bytes of a file that holds a secret: a key in PEM has some hundred.
pub const FILE_SECRET_BYTES: u64 = 16_384;
