//! Writing signatures of heads.

use rusqlite::{Connection, params};

use super::schema::to_sql;
use crate::fault::Fault;
use crate::head::{Head, HeadSignature, Header};
use crate::sign::Signing;

/// Signs the head within the running transaction, if it is time.
pub(super) fn on_commit(
    signing: &mut Signing,
    conn: &Connection,
    header: &Header,
    head: &Head,
) -> Result<Option<HeadSignature>, Fault> {
    match signing.due() {
        Some(keep) => sign(signing, conn, header, head, keep).map(Some),
        None => Ok(None),
    }
}

/// Writes the head with its signature within the running transaction.
pub(super) fn sign(
    signing: &mut Signing,
    conn: &Connection,
    header: &Header,
    head: &Head,
    keep: bool,
) -> Result<HeadSignature, Fault> {
    let signed = signing.signature(header, head);
    let mut update = conn.prepare_cached(
        "UPDATE head SET seq = ?1, hash = ?2, time_ms = ?3, epoch = ?4, signed_epoch = ?4, signed_seq = ?1,
             signed_hash = ?2, signed_time_ms = ?3, signature = ?5 WHERE id = 1",
    )?;
    let epoch = to_sql(signed.epoch);
    update.execute(params![to_sql(signed.seq), signed.hash.0, signed.time_ms, epoch, signed.signature])?;
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
    }
    signing.signed(keep);
    Ok(signed)
}
