//! Every limit of the node, with its unit and its source.

use std::time::Duration;

/// Acts that wait for the writer; more are answered "busy, try again". A city's peak is tens of acts a second; a node
/// commits tens of thousands, so a full queue is a second of overload.
pub const QUEUE_ACTS: usize = 16_384;
/// Longest that the writer waits for a group that is coming back after its answers, microseconds: half of one flush.
pub const GATHER_US: u64 = 60;
/// Acts of one group; the group after it begins while these are answered.
pub const BATCH_ACTS: usize = 4_096;
/// Characters of an idempotency key.
pub const KEY_CHARS: usize = 64;
/// Entries between two snapshots of the state: at a million entries an hour, one every three minutes.
pub const SNAPSHOT_ENTRIES: u64 = 50_000;
/// Seconds without an act after which the head of the chain is signed.
pub const IDLE_SIGN_S: u64 = 1;
/// Longest rest between two tries to reopen a journal whose disk failed.
pub const REOPEN_REST: Duration = Duration::from_secs(5);
/// Longest rest between two tries to reach a journal's database server again: a standby that was promoted is found soon.
pub const RECONNECT_REST: Duration = Duration::from_secs(1);
/// Seconds between two looks at what other nodes wrote, where nobody told.
pub const FOLLOW_S: u64 = 1;

/// Deadlines that the clock asks the desk to meet per second; after an outage the overdue ones come one by one.
pub const DEADLINES_PER_S: usize = 40;
/// Milliseconds between two looks of the clock; what falls due is told within this.
pub const CLOCK_TICK_MS: u64 = 250;

/// Milliseconds between two looks at what waits to be sent, where nothing changes meanwhile.
pub const COURIER_TICK_MS: u64 = 200;
/// Seconds that a message waits where its channel says "too many at once"; then that was an attempt.
pub const THROTTLED_S: u64 = 120;
/// Delivery reports that are taken at one time; further ones wait, answers do not.
pub const REPORTS_AT_ONCE: usize = 256;
/// Seconds that a delivery report waits for the record of the message that it is about.
pub const REPORT_PATIENCE_S: u64 = 5;
/// Seconds within which the same words from the same number may be a gateway that repeats itself, where it names no answers.
pub const ANSWER_REPEATED_S: i64 = 60;
/// Seconds for which a claimed message stays claimed beyond its channel's own limit.
pub const LEASE_MARGIN_S: u64 = 5;
/// Next ways of messages that the clock asks for at one look: each recipient of a big fan-out goes on within a second.
pub const NEXT_WAYS_PER_TICK: usize = 1_000;

/// Changes that wait for one slow session; beyond them it is told to reload.
pub const SESSION_QUEUE: usize = 1_024;
/// Entries that may wait for the live stream as a whole; beyond them every session is told to reload.
pub const LIVE_BACKLOG: usize = 200_000;
/// Entries that a stream may be behind when it resumes; beyond them the client reloads.
pub const RESUME_ENTRIES: u64 = 20_000;
/// Seconds between two heartbeats; a client says "data as of" after 15 s without one.
pub const HEARTBEAT_S: u64 = 10;
/// Streams of the node; a province's terminals are some thousands.
pub const STREAMS: usize = 20_000;
/// Milliseconds that a read waits for the state it asked for with `min_seq`.
pub const MIN_SEQ_WAIT_MS: u64 = 2_000;

/// Bytes of a request's body; texts are short, files have a limit of their own.
pub const BODY_BYTES: usize = 1 << 20;
/// Characters of a pasted call sheet: five pages; the longest that other systems print has one.
pub const SHEET_CHARS: usize = 20_000;
/// Bytes of one attachment: a phone's photo or a short film.
pub const FILE_BYTES: usize = 20 << 20;
/// Media types of attachments.
pub const FILE_TYPES: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/heic",
    "video/mp4",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/webm",
    "application/pdf",
    "text/plain",
];
/// Bytes of one stored proposal: a slot with its picks is about 2 KB, a composition has some tens.
pub const PROPOSAL_BYTES: usize = 1 << 20;
/// Connections at one time; each costs about 10 KB.
pub const CONNECTIONS: usize = 20_000;
/// Seconds for a client to send the head of its request.
pub const REQUEST_HEAD_S: u64 = 20;
/// Seconds that a request's body may rest before its next part comes.
pub const BODY_REST_S: u64 = 20;
/// Bytes that one connection buffers for reading and writing.
pub const CONNECTION_BUFFER: usize = 16 << 10;
/// Seconds that a stopping node waits for answers under way.
pub const STOP_S: u64 = 10;

/// Bytes that must be free on the data disk; less is an alarm: some hundred photos.
pub const DISK_LEAST_BYTES: u64 = 1 << 30;
/// Days before its end at which a certificate is an alarm: time enough to have one made.
pub const CERTIFICATE_DAYS: u32 = 30;
/// Milliseconds that the clock may be behind the newest entry without an alarm.
pub const CLOCK_BEHIND_MS: u64 = 1_000;
/// Characters of a user name or password.
pub const CREDENTIAL_CHARS: usize = 200;
/// Password checks at one time for devices that signed in before; each takes 19 MiB and some tens of milliseconds.
pub const KNOWN_CHECKS: usize = 2;
/// Password checks at one time for all others, so that guessing never keeps a duty desk waiting.
pub const STRANGER_CHECKS: usize = 1;
/// Failed passwords before the next try is delayed.
pub const FREE_FAILURES: u32 = 3;
/// Longest delay of a try, milliseconds: guessing becomes slow, and nobody is ever locked out.
pub const FAILURE_DELAY_MS: u64 = 4_000;
/// Pairs of account and address whose failures are remembered.
pub const FAILURES_KEPT: usize = 10_000;
/// Codes of a second factor that may be tried in half a minute, by account, and apart by each device that signed in
/// before: of a million codes three count.
pub const CODES_PER_STEP: u32 = 5;
/// Sessions of one account; the oldest one ends when one more begins.
pub const SESSIONS_PER_ACCOUNT: usize = 50;
/// Days after which a session ends in any case.
pub const SESSION_DAYS: i64 = 90;
/// Seconds between two looks at the file of sessions: what was ended there is ended here, and when each was last seen
/// is noted.
pub const SESSIONS_TIDIED_S: u64 = 60;
