//! When heads are signed.
//!
//! Signing costs about 20 µs, a tenth of a single commit, so a busy journal signs at most once a second, an idle one
//! by `sign_head`; so at most the last second of a crashed node is unsigned, and the next opening signs it. One
//! signature an hour is kept for ever: a tail rewritten later than that shows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use super::schema::to_sql;
use crate::fault::Fault;
use crate::head::{Head, HeadSignature, Header};
use crate::suite::Signer;

/// A head is signed when the last signature is older than this.
const SIGN_AFTER: Duration = Duration::from_secs(1);
/// A signed head is kept for ever when the last kept one is older than this.
const KEEP_AFTER: Duration = Duration::from_hours(1);

pub(super) struct Signing {
    pub(super) signer: Arc<dyn Signer>,
    last_signed: Option<Instant>,
    last_kept: Option<Instant>,
}

impl Signing {
    pub(super) fn new(signer: Arc<dyn Signer>) -> Self {
        Self { signer, last_signed: None, last_kept: None }
    }

    /// Signs the head within the running transaction, if it is time.
    pub(super) fn on_commit(
        &mut self,
        conn: &Connection,
        header: &Header,
        head: &Head,
    ) -> Result<Option<HeadSignature>, Fault> {
        if self.last_signed.is_some_and(|last| last.elapsed() < SIGN_AFTER) {
            return Ok(None);
        }
        let keep = self.last_kept.is_none_or(|last| last.elapsed() >= KEEP_AFTER);
        self.sign(conn, header, head, keep).map(Some)
    }

    /// Writes the head with its signature within the running transaction.
    pub(super) fn sign(
        &mut self,
        conn: &Connection,
        header: &Header,
        head: &Head,
        keep: bool,
    ) -> Result<HeadSignature, Fault> {
        let message = header.head_message(head.epoch, head.seq, head.hash, head.time_ms);
        let signed = HeadSignature {
            epoch: head.epoch,
            seq: head.seq,
            hash: head.hash,
            time_ms: head.time_ms,
            signature: self.signer.sign(&message),
        };
        let mut update = conn.prepare_cached(
            "UPDATE head SET seq = ?1, hash = ?2, time_ms = ?3, epoch = ?4, signed_epoch = ?4, signed_seq = ?1,
                 signed_hash = ?2, signed_time_ms = ?3, signature = ?5 WHERE id = 1",
        )?;
        let epoch = to_sql(signed.epoch);
        update.execute(params![
            to_sql(signed.seq),
            signed.hash.0,
            signed.time_ms,
            epoch,
            signed.signature
        ])?;
        if keep {
            let mut insert =
                conn.prepare_cached("INSERT OR REPLACE INTO signed_heads VALUES (?1, ?2, ?3, ?4, ?5)")?;
            insert.execute(params![
                epoch,
                to_sql(signed.seq),
                signed.hash.0,
                signed.time_ms,
                signed.signature
            ])?;
            self.last_kept = Some(Instant::now());
        }
        self.last_signed = Some(Instant::now());
        Ok(signed)
    }

    /// After a commit that failed, nothing is known to be signed.
    pub(super) fn forget(&mut self) {
        self.last_signed = None;
        self.last_kept = None;
    }
}
