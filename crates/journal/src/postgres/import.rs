//! Taking a whole journal over from another backend: header, chain, acts, signatures, erasures and keys as they are, so
//! that every hash and every signature stays what it was.

use std::ops::ControlFlow;

use super::batch::Rows;
use super::database::Conn;
use super::schema::{self, to_sql};
use super::{PostgresOptions, sign};
use crate::entry::Receipt;
use crate::fault::Fault;
use crate::head::{Head, Header};
use crate::journal::{Journal as _, Log, View};
use crate::sign::Signing;
use crate::vault::Wrapping;
use crate::verify::{Report, VerifyOptions, verify};
use crate::{keys, suite_named};

/// Of a journal whose taking over was broken off: it has no head, so nobody has opened it.
const FORGET: [&str; 7] = ["journals", "epochs", "entries", "acts", "signed_heads", "erasures", "vault_keys"];

impl PostgresOptions {
    /// Takes over the journal that `log` reads, which nobody may write meanwhile, begins an epoch and verifies what was
    /// taken over. The keys' directory holds its signing key; the key that wraps is made there.
    pub fn import(&self, log: &dyn Log) -> Result<Report, Fault> {
        let (header, head) = (log.header().clone(), log.head()?);
        let suite = suite_named(&header.suite).expect("a header is read only with a known suite");
        let signer = keys::load(&self.keys, suite)?;
        let last = log.epochs()?.pop().map(|epoch| epoch.public_key);
        let signer = signer.filter(|signer| Some(signer.public_key()) == last);
        let signer = signer.ok_or_else(|| Fault::SigningKey { path: keys::secret_path(&self.keys) })?;
        let from = log.vault().ok_or(Fault::NoVault)?;
        let wrapping = Wrapping::load(&self.keys, suite.sealing(), true)?;
        let conn = self.database.connect(None)?;
        self.make_room(&conn)?;
        copy(&conn, log, &header, &wrapping)?;
        self.open_vault(wrapping, true)?.take_from(from)?;
        // The head comes last: a journal without one is opened by nobody.
        conn.wait(conn.client().batch_execute("BEGIN"))?;
        conn.wait(schema::insert_head(&conn, &header.jurisdiction, &head))?;
        if !head.is_signed() {
            let mut head = head.clone();
            sign(&conn, &header, &mut Signing::new(signer), &mut head, true)?;
        }
        conn.wait(conn.client().batch_execute("COMMIT"))?;
        self.finish(&head)
    }

    fn finish(&self, head: &Head) -> Result<Report, Fault> {
        let mut journal = self.open()?;
        if (journal.head().seq, journal.head().hash) != (head.seq, head.hash) {
            let why = "what was taken over ends elsewhere than what was there".to_owned();
            return Err(Fault::Server { why });
        }
        journal.start_epoch("migrated")?;
        let report = verify(&*journal.log(), &VerifyOptions::default())?;
        Box::new(journal).close()?;
        Ok(report)
    }

    fn make_room(&self, conn: &Conn) -> Result<(), Fault> {
        let make = format!("BEGIN; {}; {}; COMMIT", schema::LOCK_SCHEMA, schema::TABLES);
        conn.wait(conn.client().batch_execute(&make))?;
        let jurisdiction = &self.jurisdiction;
        if conn.wait(schema::head(conn, jurisdiction))?.is_some() {
            return Err(Fault::JournalThere { jurisdiction: jurisdiction.clone() });
        }
        for table in FORGET {
            let forget = format!("DELETE FROM muster.{table} WHERE jurisdiction = $1");
            conn.wait(conn.client().execute(&forget, &[jurisdiction]))?;
        }
        Ok(())
    }
}

/// Everything but the head and the keys, in one transaction.
fn copy(conn: &Conn, log: &dyn Log, header: &Header, wrapping: &Wrapping) -> Result<(), Fault> {
    let jurisdiction = &header.jurisdiction;
    let begin = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0";
    conn.wait(conn.client().batch_execute(begin))?;
    conn.wait(schema::insert_header(conn, header, &wrapping.check(jurisdiction)))?;
    for epoch in log.epochs()? {
        conn.wait(schema::insert_epoch(conn, jurisdiction, &epoch))?;
    }
    for signed in log.signed_heads()? {
        conn.wait(schema::insert_signed_head(conn, jurisdiction, &signed))?;
    }
    for (subject, seq) in log.erasures()? {
        let insert = "INSERT INTO muster.erasures VALUES ($1, $2, $3)";
        conn.wait(conn.client().execute(insert, &[jurisdiction, &subject, &to_sql(seq)]))?;
    }
    let mut writing = Writing { conn, jurisdiction, rows: Rows::default(), fault: None };
    log.scan(1, u64::MAX, View::Stored, &mut |entry| {
        writing.rows.entry(entry);
        writing.when_many()
    })?;
    log.scan_acts(&mut |act| {
        let (first_seq, last_seq) = (act.first_seq, act.last_seq);
        let resource = act.resource.to_owned();
        let receipt = Receipt { request_hash: act.request_hash, resource, first_seq, last_seq };
        writing.rows.act(act.actor, act.key, &receipt);
        let _ = writing.when_many(); // the fault is told at the end
    })?;
    writing.all()?;
    conn.wait(conn.client().batch_execute("COMMIT"))
}

/// Rows on their way.
struct Writing<'w> {
    conn: &'w Conn,
    jurisdiction: &'w str,
    rows: Rows,
    fault: Option<Fault>,
}

impl Writing<'_> {
    fn when_many(&mut self) -> ControlFlow<()> {
        if self.fault.is_none() && self.rows.are_many() {
            let rows = std::mem::take(&mut self.rows);
            self.fault = self.conn.wait(rows.write(self.conn, self.jurisdiction)).err();
        }
        if self.fault.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn all(self) -> Result<(), Fault> {
        match self.fault {
            Some(fault) => Err(fault),
            None => self.conn.wait(self.rows.write(self.conn, self.jurisdiction)),
        }
    }
}
