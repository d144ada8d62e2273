//! Who is signed in: sessions, passwords, API tokens and known devices, in a file of their own beside the journal.
//!
//! A session is a random token; only its digest is kept. It ends when it is signed out, at once and everywhere; when its
//! account's password is set, by whichever process; when it is idle or old. A duty desk's session does not expire by
//! idling: it changes shift without signing off. The file is asked and written once a minute, apart from the requests.

mod second;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ActKind;
use domain::authority::Role;
use domain::types::{AccountId, OrgId, Time};
use parking_lot::{Mutex, RwLock};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use crate::hash::sha256;
use crate::limits;
use crate::password;

pub use second::{Enrolled, Enrolment, Proven, Second};

/// The file of sessions cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SessionFault {
    /// The database.
    #[error("the file of sessions failed")]
    Database(#[from] rusqlite::Error),
    /// A list of acts that does not read.
    #[error("an API token's list of acts does not read")]
    Acts(#[from] serde_json::Error),
}

/// One session.
#[derive(Debug)]
pub struct Session {
    /// Its number; streams are closed by it.
    pub id: u64,
    /// Whose.
    pub account: AccountId,
    begun_ms: i64,
    /// Was it begun with a second factor?
    second: bool,
    seen_ms: AtomicI64,
    /// What the file says of it.
    noted_ms: AtomicI64,
}

/// A session that has begun.
#[derive(Debug)]
pub struct Begun {
    /// Its token, which is told once and kept nowhere.
    pub token: String,
    /// Sessions of the same account that it pushed out; their streams are to be closed.
    pub ended: Vec<u64>,
}

/// An API token: an integration with the acts it was given.
#[derive(Debug, Clone)]
pub struct ApiToken {
    /// Its name.
    pub name: String,
    /// For which organisation it acts.
    pub org: OrgId,
    /// What it may ask.
    pub acts: Vec<ActKind>,
}

/// All of them.
pub struct Sessions {
    db: Mutex<Connection>,
    live: RwLock<HashMap<[u8; 32], Arc<Session>>>,
    /// Minutes of idling after which a session of that role ends; roles that are not named never idle out.
    idle_min: BTreeMap<Role, u32>,
    /// A demonstration's one password for every account.
    shared: Option<String>,
    throttle: password::Throttle,
    /// Roles that sign in with a second factor only.
    second_required: BTreeSet<Role>,
    /// Codes that were tried.
    tries: second::Tries,
    /// Checked when there is no such account, so that the time taken does not tell.
    decoy: String,
}

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;
    CREATE TABLE IF NOT EXISTS passwords (account TEXT PRIMARY KEY, hash TEXT NOT NULL, changed_ms INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, token BLOB NOT NULL UNIQUE,
        account TEXT NOT NULL, begun_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS devices (account TEXT NOT NULL, address TEXT NOT NULL, first_ms INTEGER NOT NULL,
        seen_ms INTEGER NOT NULL, PRIMARY KEY (account, address)) STRICT;
    CREATE TABLE IF NOT EXISTS api_tokens (name TEXT PRIMARY KEY, token BLOB NOT NULL UNIQUE, org TEXT NOT NULL,
        acts TEXT NOT NULL, made_ms INTEGER NOT NULL) STRICT;";

/// API tokens begin with this, so that they are known in logs and scans.
const API_TOKEN: &str = "muster_";

impl Sessions {
    /// Opens or makes the file.
    pub fn open(
        path: &Path,
        idle_min: BTreeMap<Role, u32>,
        shared_password: Option<&str>,
    ) -> Result<Self, SessionFault> {
        let db = Connection::open(path)?;
        db.execute_batch(SCHEMA)?;
        db.execute_batch(second::SCHEMA)?;
        // A file of release 0.1 has no such column: what began then began with a password alone.
        let has = "SELECT 1 FROM pragma_table_info('sessions') WHERE name = 'second'";
        if !db.prepare(has)?.exists([])? {
            db.execute_batch("ALTER TABLE sessions ADD COLUMN second INTEGER NOT NULL DEFAULT 0")?;
        }
        let mut live = HashMap::new();
        {
            let mut all = db.prepare("SELECT token, id, account, begun_ms, seen_ms, second FROM sessions")?;
            let mut rows = all.query([])?;
            while let Some(row) = rows.next()? {
                let account: String = row.get(2)?;
                let Ok(account) = account.parse() else { continue };
                let (id, seen_ms): (i64, i64) = (row.get(1)?, row.get(4)?);
                let session = Session {
                    id: id.unsigned_abs(),
                    account,
                    begun_ms: row.get(3)?,
                    second: row.get(5)?,
                    seen_ms: AtomicI64::new(seen_ms),
                    noted_ms: AtomicI64::new(seen_ms),
                };
                live.insert(row.get(0)?, Arc::new(session));
            }
        }
        let shared = shared_password.map(password::hash);
        let decoy = shared.clone().unwrap_or_else(|| password::hash("nobody's"));
        Ok(Self {
            db: Mutex::new(db),
            live: RwLock::new(live),
            idle_min,
            shared,
            throttle: password::Throttle::default(),
            second_required: BTreeSet::new(),
            tries: second::Tries::default(),
            decoy,
        })
    }

    /// Checks a password, slowly where it was wrong before; `false` for an account without one.
    pub async fn check(&self, account: &str, password: String, address: &str) -> Result<bool, SessionFault> {
        let pair = (account.to_owned(), address.to_owned());
        tokio::time::sleep(self.throttle.delay(&pair)).await;
        let (hash, known) = self.password_of(account, address)?;
        let exists = hash.is_some();
        let right =
            self.throttle.check(known, password, hash.unwrap_or_else(|| self.decoy.clone())).await && exists;
        self.throttle.note(&pair, right);
        Ok(right)
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
        Ok((own.or_else(|| self.shared.clone()), known.is_some()))
    }

    /// Begins a session; the account's oldest ends where there are too many.
    pub fn begin(
        &self,
        account: &AccountId,
        address: &str,
        agent: &str,
        proven: Proven,
        now: Time,
    ) -> Result<Begun, SessionFault> {
        let secret: [u8; 32] = rand::random();
        let token = URL_SAFE_NO_PAD.encode(secret);
        let digest = sha256(token.as_bytes());
        let second = proven == Proven::PasswordAndCode;
        let agent: String = agent.chars().take(limits::CREDENTIAL_CHARS).collect();
        let mut db = self.db.lock();
        let change = db.transaction()?;
        change.execute(
            "INSERT INTO sessions (token, account, begun_ms, seen_ms, address, agent, second)
             VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6)",
            params![digest, account.as_str(), now.0, address, agent, second],
        )?;
        let id = change.last_insert_rowid().unsigned_abs();
        change.execute(
            "INSERT INTO devices VALUES (?1, ?2, ?3, ?3) ON CONFLICT DO UPDATE SET seen_ms = excluded.seen_ms",
            params![account.as_str(), address, now.0],
        )?;
        change.execute(
            "DELETE FROM sessions WHERE account = ?1 AND id NOT IN
             (SELECT id FROM sessions WHERE account = ?1 ORDER BY id DESC LIMIT ?2)",
            params![account.as_str(), i64::try_from(limits::SESSIONS_PER_ACCOUNT).unwrap_or(i64::MAX)],
        )?;
        change.commit()?;
        drop(db);
        let [seen_ms, noted_ms] = [now.0, now.0].map(AtomicI64::new);
        let session = Session { id, account: account.clone(), begun_ms: now.0, second, seen_ms, noted_ms };
        let mut live = self.live.write();
        live.insert(digest, Arc::new(session));
        let mut own: Vec<_> =
            live.iter().filter(|(_, s)| s.account == *account).map(|(digest, s)| (s.id, *digest)).collect();
        own.sort_unstable_by(|a, b| b.cmp(a));
        let oldest = own.into_iter().skip(limits::SESSIONS_PER_ACCOUNT);
        let ended = oldest.filter_map(|(_, digest)| live.remove(&digest)).map(|session| session.id);
        Ok(Begun { token, ended: ended.collect() })
    }

    /// The session of a token, where it has not ended.
    pub fn find(
        &self,
        token: &str,
        role_of: impl Fn(&AccountId) -> Option<Role>,
        now: Time,
    ) -> Option<Arc<Session>> {
        let digest = sha256(token.as_bytes());
        let session = self.live.read().get(&digest).cloned()?;
        if self.is_over(&session, role_of, now) {
            return None;
        }
        session.seen_ms.fetch_max(now.0, Ordering::Relaxed);
        Some(session)
    }

    /// Idle for too long, too old, of an account that is no more, or without the second factor that its role needs.
    fn is_over(&self, session: &Session, role_of: impl Fn(&AccountId) -> Option<Role>, now: Time) -> bool {
        let Some(role) = role_of(&session.account) else { return true };
        if self.second_required.contains(&role) && !session.second {
            return true;
        }
        let idle_ms = now.0 - session.seen_ms.load(Ordering::Relaxed);
        let idle_out = self.idle_min.get(&role).is_some_and(|min| idle_ms > i64::from(*min) * 60_000);
        idle_out || now.0 - session.begun_ms > limits::SESSION_DAYS * 86_400_000
    }

    /// What is done once a minute: notes in one transaction when sessions were last seen, and ends those that are
    /// over or that the file does not hold any more, since another process set the password. Gives the numbers of
    /// the ended, so that their streams can be closed. Blocks on the disk.
    pub fn tidy(
        &self,
        role_of: impl Fn(&AccountId) -> Option<Role>,
        now: Time,
    ) -> Result<Vec<u64>, SessionFault> {
        // Taken before the file is read: what begins meanwhile is not missed there.
        let live: Vec<_> = self.live.read().iter().map(|(digest, s)| (*digest, Arc::clone(s))).collect();
        let mut db = self.db.lock();
        let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut gone, mut noted) = (Vec::new(), Vec::new());
        {
            let mut held = change.prepare("SELECT 1 FROM sessions WHERE id = ?1")?;
            let mut note = change.prepare("UPDATE sessions SET seen_ms = ?1 WHERE id = ?2")?;
            let mut end = change.prepare("DELETE FROM sessions WHERE id = ?1")?;
            for (digest, session) in &live {
                let id = session.id.cast_signed();
                let seen_ms = session.seen_ms.load(Ordering::Relaxed);
                if self.is_over(session, &role_of, now) {
                    end.execute([id])?;
                    gone.push((digest, session));
                } else if !held.exists([id])? {
                    gone.push((digest, session));
                } else if session.noted_ms.load(Ordering::Relaxed) != seen_ms {
                    note.execute([seen_ms, id])?;
                    noted.push((session, seen_ms));
                }
            }
        }
        change.commit()?;
        drop(db);
        for (session, seen_ms) in noted {
            session.noted_ms.store(seen_ms, Ordering::Relaxed);
        }
        let mut live = self.live.write();
        for (digest, _) in &gone {
            live.remove(*digest);
        }
        Ok(gone.iter().map(|(_, session)| session.id).collect())
    }

    /// Ends a session at once; gives its number, so that its streams can be closed.
    pub fn end(&self, token: &str) -> Option<u64> {
        let digest = sha256(token.as_bytes());
        let ended = self.live.write().remove(&digest);
        if let Err(error) = self.db.lock().execute("DELETE FROM sessions WHERE token = ?1", params![digest]) {
            tracing::error!(%error, "a session that was ended could not be removed from the file");
        }
        ended.map(|session| session.id)
    }

    /// Sets an account's password and ends its sessions; a node that serves finds them ended when it next tidies.
    pub fn set_password(&self, account: &AccountId, password: &str, now: Time) -> Result<(), SessionFault> {
        let hash = password::hash(password);
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

    /// Makes an API token; an older one of that name ends. The token is told once.
    pub fn make_token(
        &self,
        name: &str,
        org: &OrgId,
        acts: &[ActKind],
        now: Time,
    ) -> Result<String, SessionFault> {
        let secret: [u8; 32] = rand::random();
        let token = format!("{API_TOKEN}{}", URL_SAFE_NO_PAD.encode(secret));
        self.db.lock().execute(
            "INSERT OR REPLACE INTO api_tokens VALUES (?1, ?2, ?3, ?4, ?5)",
            params![name, sha256(token.as_bytes()), org.as_str(), serde_json::to_string(acts)?, now.0],
        )?;
        Ok(token)
    }

    /// Ends an API token; was there one?
    pub fn end_token(&self, name: &str) -> Result<bool, SessionFault> {
        Ok(self.db.lock().execute("DELETE FROM api_tokens WHERE name = ?1", [name])? > 0)
    }

    /// The API token behind this secret; asked of the file each time, so that an ended one is ended.
    pub fn token(&self, secret: &str) -> Result<Option<ApiToken>, SessionFault> {
        if !secret.starts_with(API_TOKEN) {
            return Ok(None);
        }
        let found: Option<(String, String, String)> = self
            .db
            .lock()
            .query_row(
                "SELECT name, org, acts FROM api_tokens WHERE token = ?1",
                params![sha256(secret.as_bytes())],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()?;
        let Some((name, org, acts)) = found else { return Ok(None) };
        let Ok(org) = org.parse() else { return Ok(None) };
        Ok(Some(ApiToken { name, org, acts: serde_json::from_str(&acts)? }))
    }
}

/// Is this text an API token by its form?
pub fn is_api_token(text: &str) -> bool {
    text.starts_with(API_TOKEN)
}
