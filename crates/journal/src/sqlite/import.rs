//! Taking a whole journal over from another backend: header, chain, acts, signatures, erasures and keys as they are.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use rusqlite::{Connection, params};

use super::{OpenOptions, schema};
use crate::fault::Fault;
use crate::journal::{Journal as _, Log, View};
use crate::keys;
use crate::suite::suite_named;
use crate::vault::Vault;
use crate::verify::{Report, VerifyOptions, verify};
use schema::to_sql;

impl OpenOptions {
    /// Takes over the journal that `log` reads, which nobody may write meanwhile, begins an epoch and verifies what was
    /// taken over. The directory must hold no journal yet; the keys' directory holds its signing key.
    pub fn import(&self, log: &dyn Log) -> Result<Report, Fault> {
        let path = self.data_dir().join("journal.db");
        if path.exists() {
            return Err(Fault::NotFresh { path });
        }
        let suite = suite_named(&log.header().suite).expect("a header is read only with a known suite");
        let signer = keys::load(self.keys_dir(), suite)?.map(|signer| signer.public_key());
        if signer.is_none() || signer != log.epochs()?.pop().map(|epoch| epoch.public_key) {
            return Err(Fault::SigningKey { path: keys::secret_path(self.keys_dir()) });
        }
        keys::private_dir(self.data_dir())?;
        let from = log.vault().ok_or(Fault::NoVault)?;
        Vault::open(self.keys_dir(), suite.sealing())?.take_from(from)?;
        let unfinished = path.with_extension("unfinished");
        let _ = fs::remove_file(&unfinished); // of a taking over that was broken off, if any
        copy(log, &unfinished)?;
        fs::rename(&unfinished, &path).map_err(|source| Fault::file("rename", &unfinished, source))?;
        keys::sync_dir(self.data_dir())?;
        let mut journal = self.open()?;
        let head = log.head()?;
        if (journal.head().seq, journal.head().hash) != (head.seq, head.hash) {
            let why = "it was written to while it was taken over".to_owned();
            return Err(Fault::Server { why });
        }
        journal.start_epoch("migrated")?;
        let report = verify(&*journal.log(), &VerifyOptions::default())?;
        Box::new(journal).close()?;
        Ok(report)
    }
}

fn copy(log: &dyn Log, path: &Path) -> Result<(), Fault> {
    let mut conn = Connection::open(path)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    let head = log.head()?;
    let txn = conn.transaction()?;
    schema::create_empty(&txn, log.header())?;
    for epoch in log.epochs()? {
        schema::insert_epoch(&txn, &epoch)?;
    }
    for signed in log.signed_heads()? {
        txn.execute(
            "INSERT INTO signed_heads VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                to_sql(signed.epoch),
                to_sql(signed.seq),
                signed.hash.0,
                signed.time_ms,
                signed.signature
            ],
        )?;
    }
    for (subject, seq) in log.erasures()? {
        txn.execute("INSERT INTO erasures VALUES (?1, ?2)", params![subject, to_sql(seq)])?;
    }
    copy_rows(log, &txn)?;
    let signed = head.signed.as_ref();
    txn.execute(
        "INSERT INTO head VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            to_sql(head.epoch),
            to_sql(head.seq),
            head.hash.0,
            head.time_ms,
            signed.map(|signed| to_sql(signed.epoch)),
            signed.map(|signed| to_sql(signed.seq)),
            signed.map(|signed| signed.hash.0),
            signed.map(|signed| signed.time_ms),
            signed.map(|signed| &signed.signature),
        ],
    )?;
    txn.commit()?;
    Ok(())
}

fn copy_rows(log: &dyn Log, conn: &Connection) -> Result<(), Fault> {
    let mut fault = None;
    let mut insert = conn.prepare("INSERT INTO entries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?;
    log.scan(1, u64::MAX, View::Stored, &mut |entry| {
        let inserted = insert.execute(params![
            to_sql(entry.seq),
            entry.time_ms,
            entry.actor,
            entry.key,
            entry.stream,
            entry.kind,
            entry.version,
            entry.data,
            entry.prev_hash.0,
            entry.hash.0,
        ]);
        match inserted {
            Ok(_) => ControlFlow::Continue(()),
            Err(failed) => {
                fault = Some(failed);
                ControlFlow::Break(())
            }
        }
    })?;
    let mut insert = conn.prepare("INSERT INTO acts VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    log.scan_acts(&mut |act| {
        if fault.is_none() {
            fault = insert
                .execute(params![
                    act.actor,
                    act.key,
                    act.request_hash.0,
                    act.resource,
                    to_sql(act.first_seq),
                    to_sql(act.last_seq)
                ])
                .err();
        }
    })?;
    fault.map_or(Ok(()), |failed| Err(failed.into()))
}
