//! When heads are signed.
//!
//! Signing costs about 20 µs, a tenth of a single commit, so a busy journal signs at most once a second, an idle one
//! by `sign_head`; so at most the last second of a crashed node is unsigned, and the next opening signs it. One
//! signature an hour is kept for ever: a tail rewritten later than that shows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::head::{Head, HeadSignature, Header};
use crate::suite::Signer;

/// A head is signed when the last signature is older than this.
const SIGN_AFTER: Duration = Duration::from_secs(1);
/// A signed head is kept for ever when the last kept one is older than this.
const KEEP_AFTER: Duration = Duration::from_hours(1);

pub(crate) struct Signing {
    pub(crate) signer: Arc<dyn Signer>,
    last_signed: Option<Instant>,
    last_kept: Option<Instant>,
}

impl Signing {
    pub(crate) fn new(signer: Arc<dyn Signer>) -> Self {
        Self { signer, last_signed: None, last_kept: None }
    }

    /// Is it time to sign with the commit that is under way; and if so, is the signature to be kept?
    pub(crate) fn due(&self) -> Option<bool> {
        if self.last_signed.is_some_and(|last| last.elapsed() < SIGN_AFTER) {
            return None;
        }
        Some(self.last_kept.is_none_or(|last| last.elapsed() >= KEEP_AFTER))
    }

    /// A signature over this head.
    pub(crate) fn signature(&self, header: &Header, head: &Head) -> HeadSignature {
        let message = header.head_message(head.epoch, head.seq, head.hash, head.time_ms);
        HeadSignature {
            epoch: head.epoch,
            seq: head.seq,
            hash: head.hash,
            time_ms: head.time_ms,
            signature: self.signer.sign(&message),
        }
    }

    /// A signature was written.
    pub(crate) fn signed(&mut self, kept: bool) {
        self.last_signed = Some(Instant::now());
        if kept {
            self.last_kept = self.last_signed;
        }
    }

    /// After a commit that failed, nothing is known to be signed.
    pub(crate) fn forget(&mut self) {
        self.last_signed = None;
        self.last_kept = None;
    }
}
