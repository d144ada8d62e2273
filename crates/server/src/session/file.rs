//! Sessions in a file of their own beside the journal, for one node.

use std::collections::HashMap;
use std::path::Path;

use domain::types::{AccountId, Time};
use parking_lot::Mutex;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::{Bound, Enrolled, Held, Kept, NewSession, SecondRow, SessionFault, Store, TokenRow, second};
use crate::limits;
use crate::tls::Fingerprint;

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;
    CREATE TABLE IF NOT EXISTS passwords (account TEXT PRIMARY KEY, hash TEXT NOT NULL, changed_ms INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, token BLOB NOT NULL UNIQUE,
        account TEXT NOT NULL, begun_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS devices (account TEXT NOT NULL, address TEXT NOT NULL, first_ms INTEGER NOT NULL,
        seen_ms INTEGER NOT NULL, PRIMARY KEY (account, address)) STRICT;
    CREATE TABLE IF NOT EXISTS api_tokens (name TEXT PRIMARY KEY, token BLOB NOT NULL UNIQUE, org TEXT NOT NULL,
        acts TEXT NOT NULL, made_ms INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS second_factors (account TEXT PRIMARY KEY, secret BLOB NOT NULL, last_step INTEGER NOT NULL,
        made_ms INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS recovery_codes (account TEXT NOT NULL, digest BLOB NOT NULL,
        PRIMARY KEY (account, digest)) STRICT;
    CREATE TABLE IF NOT EXISTS desk_certificates (account TEXT NOT NULL, fingerprint BLOB NOT NULL, subject TEXT NOT NULL,
        until_ms INTEGER NOT NULL, bound_ms INTEGER NOT NULL, PRIMARY KEY (account, fingerprint)) STRICT;";

/// `auth.db`.
pub(super) struct File {
    db: Mutex<Connection>,
    /// Codes that were tried: one node serves with this file, and it remembers.
    tries: second::Tries,
}

impl File {
    pub(super) fn open(path: &Path) -> Result<Self, SessionFault> {
        let db = Connection::open(path)?;
        db.execute_batch(SCHEMA)?;
        // A file of release 0.1 has no such column: what began then began with a password alone.
        let has = "SELECT 1 FROM pragma_table_info('sessions') WHERE name = 'second'";
        if !db.prepare(has)?.exists([])? {
            db.execute_batch("ALTER TABLE sessions ADD COLUMN second INTEGER NOT NULL DEFAULT 0")?;
        }
        Ok(Self { db: Mutex::new(db), tries: second::Tries::default() })
    }
}

impl Store for File {
    fn is_shared(&self) -> bool {
        false
    }

    fn all(&self) -> Result<Vec<Held>, SessionFault> {
        let db = self.db.lock();
        let mut all = db.prepare("SELECT token, id, account, begun_ms, seen_ms, second FROM sessions")?;
        let held = all.query_map([], |row| {
            Ok(Held {
                digest: row.get(0)?,
                id: row.get::<_, i64>(1)?.unsigned_abs(),
                account: row.get(2)?,
                begun_ms: row.get(3)?,
                seen_ms: row.get(4)?,
                second: row.get(5)?,
            })
        })?;
        Ok(held.collect::<Result<_, _>>()?)
    }

    /// All are in memory.
    fn find(&self, _digest: &[u8; 32]) -> Result<Option<Held>, SessionFault> {
        Ok(None)
    }

    fn password_of(&self, account: &str, address: &str) -> Result<(Option<String>, bool), SessionFault> {
        let db = self.db.lock();
        let own = db
            .query_row("SELECT hash FROM passwords WHERE account = ?1", [account], |row| row.get(0))
            .optional()?;
        let known = db
            .query_row(
                "SELECT 1 FROM devices WHERE account = ?1 AND address = ?2",
                [account, address],
                |_| Ok(()),
            )
            .optional()?;
        Ok((own, known.is_some()))
    }

    fn begin(&self, new: &NewSession<'_>) -> Result<(u64, Vec<u64>), SessionFault> {
        let mut db = self.db.lock();
        let change = db.transaction()?;
        change.execute(
            "INSERT INTO sessions (token, account, begun_ms, seen_ms, address, agent, second)
             VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6)",
            params![new.digest, new.account.as_str(), new.now.0, new.address, new.agent, new.second],
        )?;
        let id = change.last_insert_rowid().unsigned_abs();
        change.execute(
            "INSERT INTO devices VALUES (?1, ?2, ?3, ?3) ON CONFLICT DO UPDATE SET seen_ms = excluded.seen_ms",
            params![new.account.as_str(), new.address, new.now.0],
        )?;
        let ended = {
            let mut end = change.prepare(
                "DELETE FROM sessions WHERE account = ?1 AND id NOT IN
                 (SELECT id FROM sessions WHERE account = ?1 ORDER BY id DESC LIMIT ?2) RETURNING id",
            )?;
            let most = i64::try_from(limits::SESSIONS_PER_ACCOUNT).unwrap_or(i64::MAX);
            let ended = end.query_map(params![new.account.as_str(), most], |row| {
                Ok(row.get::<_, i64>(0)?.unsigned_abs())
            })?;
            ended.collect::<Result<Vec<_>, _>>()?
        };
        change.commit()?;
        Ok((id, ended))
    }

    fn held(&self, ids: &[u64]) -> Result<HashMap<u64, i64>, SessionFault> {
        let db = self.db.lock();
        let mut select = db.prepare("SELECT seen_ms FROM sessions WHERE id = ?1")?;
        let mut held = HashMap::new();
        for id in ids {
            if let Some(seen_ms) = select.query_row([id.cast_signed()], |row| row.get(0)).optional()? {
                held.insert(*id, seen_ms);
            }
        }
        Ok(held)
    }

    fn settle(&self, over: &[u64], seen: &[(u64, i64)]) -> Result<(), SessionFault> {
        let mut db = self.db.lock();
        let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut note = change.prepare("UPDATE sessions SET seen_ms = ?1 WHERE id = ?2")?;
            let mut end = change.prepare("DELETE FROM sessions WHERE id = ?1")?;
            for id in over {
                end.execute([id.cast_signed()])?;
            }
            for (id, seen_ms) in seen {
                note.execute([*seen_ms, id.cast_signed()])?;
            }
        }
        change.commit()?;
        Ok(())
    }

    fn end(&self, digest: &[u8; 32]) -> Result<bool, SessionFault> {
        Ok(self.db.lock().execute("DELETE FROM sessions WHERE token = ?1", params![digest])? > 0)
    }

    fn set_password(&self, account: &AccountId, hash: &str, now: Time) -> Result<(), SessionFault> {
        let mut db = self.db.lock();
        let change = db.transaction()?;
        change.execute(
            "INSERT INTO passwords VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET hash = excluded.hash, changed_ms = excluded.changed_ms",
            params![account.as_str(), hash, now.0],
        )?;
        change.execute("DELETE FROM sessions WHERE account = ?1", [account.as_str()])?;
        change.commit()?;
        Ok(())
    }

    fn make_token(&self, digest: &[u8; 32], row: &TokenRow, now: Time) -> Result<(), SessionFault> {
        self.db.lock().execute(
            "INSERT OR REPLACE INTO api_tokens VALUES (?1, ?2, ?3, ?4, ?5)",
            params![row.name, digest, row.org, row.acts, now.0],
        )?;
        Ok(())
    }

    fn end_token(&self, name: &str) -> Result<bool, SessionFault> {
        Ok(self.db.lock().execute("DELETE FROM api_tokens WHERE name = ?1", [name])? > 0)
    }

    fn token(&self, digest: &[u8; 32]) -> Result<Option<TokenRow>, SessionFault> {
        let db = self.db.lock();
        let found =
            db.query_row("SELECT name, org, acts FROM api_tokens WHERE token = ?1", params![digest], |row| {
                Ok(TokenRow { name: row.get(0)?, org: row.get(1)?, acts: row.get(2)? })
            });
        Ok(found.optional()?)
    }

    fn second_of(&self, account: &str, address: &str) -> Result<(Option<Vec<u8>>, bool), SessionFault> {
        let db = self.db.lock();
        let secret = db
            .query_row("SELECT secret FROM second_factors WHERE account = ?1", [account], |row| row.get(0))
            .optional()?;
        let known = "SELECT 1 FROM devices WHERE account = ?1 AND address = ?2";
        Ok((secret, db.prepare_cached(known)?.exists([account, address])?))
    }

    fn counts_try(&self, account: &str, device: &str, step: u64) -> Result<u32, SessionFault> {
        Ok(self.tries.count(account, device, step))
    }

    fn uses_step(&self, account: &str, step: u64) -> Result<bool, SessionFault> {
        let used = "UPDATE second_factors SET last_step = ?2 WHERE account = ?1 AND last_step < ?2";
        Ok(self.db.lock().execute(used, params![account, step.cast_signed()])? == 1)
    }

    fn uses_recovery(&self, account: &str, digest: &[u8; 32]) -> Result<bool, SessionFault> {
        let used = "DELETE FROM recovery_codes WHERE account = ?1 AND digest = ?2";
        Ok(self.db.lock().execute(used, params![account, digest])? == 1)
    }

    fn enrol(&self, new: &SecondRow, codes: &[[u8; 32]]) -> Result<(), SessionFault> {
        let mut db = self.db.lock();
        let change = db.transaction()?;
        forget(&change, &new.account)?;
        change.execute(
            "INSERT INTO second_factors VALUES (?1, ?2, ?3, ?4)",
            params![new.account, new.secret, new.last_step, new.made_ms],
        )?;
        for digest in codes {
            change.execute("INSERT INTO recovery_codes VALUES (?1, ?2)", params![new.account, digest])?;
        }
        change.commit()?;
        Ok(())
    }

    fn forget_second(&self, account: &str) -> Result<bool, SessionFault> {
        let mut db = self.db.lock();
        let change = db.transaction()?;
        let there = forget(&change, account)?;
        change.commit()?;
        Ok(there)
    }

    fn enrolled(&self) -> Result<Vec<Enrolled>, SessionFault> {
        let db = self.db.lock();
        let mut all = db.prepare(
            "SELECT account, (SELECT count(*) FROM recovery_codes r WHERE r.account = s.account)
             FROM second_factors s ORDER BY account",
        )?;
        let rows = all.query_map([], |row| {
            let left: i64 = row.get(1)?;
            Ok(Enrolled { account: row.get(0)?, recovery_codes: usize::try_from(left).unwrap_or(0) })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn bind(&self, bound: &Bound, now: Time) -> Result<(), SessionFault> {
        self.db.lock().execute(
            "INSERT OR REPLACE INTO desk_certificates VALUES (?1, ?2, ?3, ?4, ?5)",
            params![bound.account, bound.fingerprint, bound.subject, bound.until.0, now.0],
        )?;
        Ok(())
    }

    fn unbind(&self, account: &str, fingerprint: &Fingerprint) -> Result<bool, SessionFault> {
        let gone = "DELETE FROM desk_certificates WHERE account = ?1 AND fingerprint = ?2";
        Ok(self.db.lock().execute(gone, params![account, fingerprint])? > 0)
    }

    fn bound_to(&self, account: &str) -> Result<Vec<Fingerprint>, SessionFault> {
        let db = self.db.lock();
        let mut own = db.prepare_cached("SELECT fingerprint FROM desk_certificates WHERE account = ?1")?;
        let rows = own.query_map([account], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn bindings(&self) -> Result<Vec<(Bound, i64)>, SessionFault> {
        let db = self.db.lock();
        let mut all = db.prepare(
            "SELECT account, fingerprint, subject, until_ms, bound_ms FROM desk_certificates
             ORDER BY account, until_ms",
        )?;
        let rows = all.query_map([], |row| {
            let (account, fingerprint, subject) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let until = Time(row.get(3)?);
            Ok((Bound { account, fingerprint, subject, until }, row.get(4)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn kept(&self) -> Result<Kept, SessionFault> {
        let desks = self.bindings()?;
        let db = self.db.lock();
        let mut passwords = db.prepare("SELECT account, hash, changed_ms FROM passwords")?;
        let passwords = passwords.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let mut devices = db.prepare("SELECT account, address, first_ms, seen_ms FROM devices")?;
        let devices =
            devices.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let mut tokens = db.prepare("SELECT name, org, acts, token, made_ms FROM api_tokens")?;
        let tokens = tokens.query_map([], |row| {
            let token = TokenRow { name: row.get(0)?, org: row.get(1)?, acts: row.get(2)? };
            Ok((token, row.get(3)?, row.get(4)?))
        })?;
        let mut seconds = db.prepare("SELECT account, secret, last_step, made_ms FROM second_factors")?;
        let seconds = seconds.query_map([], |row| {
            let (last_step, made_ms) = (row.get(2)?, row.get(3)?);
            Ok(SecondRow { account: row.get(0)?, secret: row.get(1)?, last_step, made_ms })
        })?;
        let mut codes = db.prepare("SELECT account, digest FROM recovery_codes")?;
        let codes = codes.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Kept {
            passwords: passwords.collect::<Result<_, _>>()?,
            devices: devices.collect::<Result<_, _>>()?,
            tokens: tokens.collect::<Result<_, _>>()?,
            second_factors: seconds.collect::<Result<_, _>>()?,
            recovery_codes: codes.collect::<Result<_, _>>()?,
            desks,
        })
    }

    fn keep(&self, kept: &Kept) -> Result<(), SessionFault> {
        let mut db = self.db.lock();
        let change = db.transaction()?;
        for (account, hash, changed_ms) in &kept.passwords {
            change.execute(
                "INSERT OR IGNORE INTO passwords VALUES (?1, ?2, ?3)",
                params![account, hash, changed_ms],
            )?;
        }
        for (account, address, first_ms, seen_ms) in &kept.devices {
            change.execute(
                "INSERT OR IGNORE INTO devices VALUES (?1, ?2, ?3, ?4)",
                params![account, address, first_ms, seen_ms],
            )?;
        }
        for (token, digest, made_ms) in &kept.tokens {
            change.execute(
                "INSERT OR IGNORE INTO api_tokens VALUES (?1, ?2, ?3, ?4, ?5)",
                params![token.name, digest, token.org, token.acts, made_ms],
            )?;
        }
        for second in &kept.second_factors {
            change.execute(
                "INSERT OR IGNORE INTO second_factors VALUES (?1, ?2, ?3, ?4)",
                params![second.account, second.secret, second.last_step, second.made_ms],
            )?;
        }
        for (account, digest) in &kept.recovery_codes {
            change
                .execute("INSERT OR IGNORE INTO recovery_codes VALUES (?1, ?2)", params![account, digest])?;
        }
        for (bound, bound_ms) in &kept.desks {
            change.execute(
                "INSERT OR IGNORE INTO desk_certificates VALUES (?1, ?2, ?3, ?4, ?5)",
                params![bound.account, bound.fingerprint, bound.subject, bound.until.0, bound_ms],
            )?;
        }
        change.commit()?;
        Ok(())
    }
}

fn forget(db: &Connection, account: &str) -> Result<bool, SessionFault> {
    db.execute("DELETE FROM recovery_codes WHERE account = ?1", [account])?;
    db.execute("DELETE FROM sessions WHERE account = ?1", [account])?;
    Ok(db.execute("DELETE FROM second_factors WHERE account = ?1", [account])? > 0)
}
