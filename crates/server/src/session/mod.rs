//! Who is signed in: sessions, passwords, second factors, API tokens and known devices, beside the journal: in a file of their own, or in
//! the database that several nodes share.
//!
//! A session is a random token; only its digest is kept. It ends when it is signed out, at once and everywhere; when its
//! account's password is set, by whichever process; when it is idle or old. A duty desk's session does not expire by
//! idling: it changes shift without signing off. The file is asked and written once a minute, apart from the requests.

mod desk;
mod file;
mod second;
mod shared;

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

use crate::hash::{hex, sha256};
use crate::limits;
use crate::password;
use crate::shared::Shared;
use crate::tls::{ClientCertificate, Fingerprint};

pub use desk::Bound;
pub use second::{Enrolled, Enrolment, Proven, Second};

/// The file of sessions cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SessionFault {
    /// The database.
    #[error("the file of sessions failed")]
    Database(#[from] rusqlite::Error),
    /// The database that nodes share.
    #[error(transparent)]
    Shared(#[from] journal::Fault),
    /// A list of acts that does not read.
    #[error("an API token's list of acts does not read")]
    Acts(#[from] serde_json::Error),
}

/// One session.
#[derive(Debug)]
pub struct Session {
    /// Its number; streams are closed by it.
    pub id: u64,
    /// What it is called where more than this process sees it: its number and a digest, and no secret.
    pub name: Arc<str>,
    /// Whose.
    pub account: AccountId,
    begun_ms: i64,
    /// Was it begun with a second factor?
    second: bool,
    seen_ms: AtomicI64,
    /// What the file says of it.
    noted_ms: AtomicI64,
    /// From where it was used last.
    desk: Mutex<Desk>,
}

/// From where a session was used last.
#[derive(Debug, Default, Clone)]
enum Desk {
    /// Not at all since the start: it has no stream.
    #[default]
    Unused,
    /// One that showed no certificate.
    Bare,
    /// One that showed this.
    With(Arc<ClientCertificate>),
}

impl Session {
    /// It was used from a desk that showed this.
    pub fn used_with(&self, shown: Option<Arc<ClientCertificate>>) {
        *self.desk.lock() = shown.map_or(Desk::Bare, Desk::With);
    }
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
    store: Arc<dyn Store>,
    live: RwLock<HashMap<[u8; 32], Arc<Session>>>,
    /// Minutes of idling after which a session of that role ends; roles that are not named never idle out.
    idle_min: BTreeMap<Role, u32>,
    /// A demonstration's one password for every account.
    shared: Option<String>,
    throttle: password::Throttle,
    /// Roles that sign in with a second factor only.
    second_required: BTreeSet<Role>,
    /// Checked when there is no such account, so that the time taken does not tell.
    decoy: String,
}

/// A session as it is kept.
struct Held {
    digest: [u8; 32],
    id: u64,
    account: String,
    begun_ms: i64,
    seen_ms: i64,
    second: bool,
}

/// A session to be.
struct NewSession<'a> {
    digest: [u8; 32],
    account: &'a AccountId,
    address: &'a str,
    agent: &'a str,
    second: bool,
    now: Time,
}

/// An API token as it is kept.
struct TokenRow {
    name: String,
    org: String,
    acts: String,
}

/// What outlives a move to another store: no session does.
#[derive(Default)]
struct Kept {
    /// Account, hash, when it was set.
    passwords: Vec<(String, String, i64)>,
    /// Account, address, first and last seen.
    devices: Vec<(String, String, i64, i64)>,
    /// Each with its digest and when it was made.
    tokens: Vec<(TokenRow, Vec<u8>, i64)>,
    second_factors: Vec<SecondRow>,
    /// Account, digest.
    recovery_codes: Vec<(String, Vec<u8>)>,
    /// Certificates of desks, each with when it was bound.
    desks: Vec<(Bound, i64)>,
}

/// A second factor as it is kept.
struct SecondRow {
    account: String,
    secret: Vec<u8>,
    /// The time step of the last code that counted.
    last_step: i64,
    made_ms: i64,
}

/// Where all of it is kept. Every call blocks.
trait Store: Send + Sync {
    /// Do other nodes begin and end sessions too?
    fn is_shared(&self) -> bool;
    /// What is to be held from the start.
    fn all(&self) -> Result<Vec<Held>, SessionFault>;
    /// A session that is not held here.
    fn find(&self, digest: &[u8; 32]) -> Result<Option<Held>, SessionFault>;
    /// The hash of an account's password, and whether it has signed in from this address before.
    fn password_of(&self, account: &str, address: &str) -> Result<(Option<String>, bool), SessionFault>;
    /// Its number, and those that it pushed out.
    fn begin(&self, new: &NewSession<'_>) -> Result<(u64, Vec<u64>), SessionFault>;
    /// Which of these there are, and when each was last seen by any node.
    fn held(&self, ids: &[u64]) -> Result<HashMap<u64, i64>, SessionFault>;
    /// Ends those that are over, and notes when others were seen.
    fn settle(&self, over: &[u64], seen: &[(u64, i64)]) -> Result<(), SessionFault>;
    /// Was there one?
    fn end(&self, digest: &[u8; 32]) -> Result<bool, SessionFault>;
    /// And ends the account's sessions.
    fn set_password(&self, account: &AccountId, hash: &str, now: Time) -> Result<(), SessionFault>;
    fn make_token(&self, digest: &[u8; 32], row: &TokenRow, now: Time) -> Result<(), SessionFault>;
    fn end_token(&self, name: &str) -> Result<bool, SessionFault>;
    fn token(&self, digest: &[u8; 32]) -> Result<Option<TokenRow>, SessionFault>;
    /// The secret of an account's second factor, and whether the account has signed in from this address before.
    fn second_of(&self, account: &str, address: &str) -> Result<(Option<Vec<u8>>, bool), SessionFault>;
    /// Counts a code before it is judged, so that many at one time are counted too; how many of this step were tried?
    fn counts_try(&self, account: &str, device: &str, step: u64) -> Result<u32, SessionFault>;
    /// A code counts once, and no code older than the last one counts (RFC 6238, 5.2): does this one? Asked twice, for
    /// want of an answer, it counts no more: that errs towards the next code.
    fn uses_step(&self, account: &str, step: u64) -> Result<bool, SessionFault>;
    /// A recovery code counts once: does this one?
    fn uses_recovery(&self, account: &str, digest: &[u8; 32]) -> Result<bool, SessionFault>;
    /// Puts a second factor in the place of an older one, all or nothing, and ends the account's sessions.
    fn enrol(&self, new: &SecondRow, codes: &[[u8; 32]]) -> Result<(), SessionFault>;
    /// And ends the account's sessions; was there one?
    fn forget_second(&self, account: &str) -> Result<bool, SessionFault>;
    fn enrolled(&self) -> Result<Vec<Enrolled>, SessionFault>;
    /// Binds a desk's certificate to an account; again is once.
    fn bind(&self, bound: &Bound, now: Time) -> Result<(), SessionFault>;
    /// Was there one?
    fn unbind(&self, account: &str, fingerprint: &Fingerprint) -> Result<bool, SessionFault>;
    fn bound_to(&self, account: &str) -> Result<Vec<Fingerprint>, SessionFault>;
    /// Each with when it was bound, by account.
    fn bindings(&self) -> Result<Vec<(Bound, i64)>, SessionFault>;
    fn kept(&self) -> Result<Kept, SessionFault>;
    /// What is there already stays.
    fn keep(&self, kept: &Kept) -> Result<(), SessionFault>;
}

/// API tokens begin with this, so that they are known in logs and scans.
const API_TOKEN: &str = "muster_";

impl Sessions {
    /// Opens or makes the file.
    pub fn open(
        path: &Path,
        idle_min: BTreeMap<Role, u32>,
        shared_password: Option<&str>,
    ) -> Result<Self, SessionFault> {
        Self::on(Arc::new(file::File::open(path)?), idle_min, shared_password)
    }

    /// Those of all nodes on a database.
    pub fn shared(
        shared: &Shared,
        idle_min: BTreeMap<Role, u32>,
        shared_password: Option<&str>,
    ) -> Result<Self, SessionFault> {
        Self::on(Arc::new(shared.clone()), idle_min, shared_password)
    }

    fn on(
        store: Arc<dyn Store>,
        idle_min: BTreeMap<Role, u32>,
        shared_password: Option<&str>,
    ) -> Result<Self, SessionFault> {
        let held = store.all()?;
        let live =
            held.into_iter().filter_map(session_of).map(|(digest, session)| (digest, Arc::new(session)));
        let live = RwLock::new(live.collect());
        let shared = shared_password.map(password::hash);
        let decoy = shared.clone().unwrap_or_else(|| password::hash("nobody's"));
        let throttle = password::Throttle::default();
        Ok(Self { store, live, idle_min, shared, throttle, second_required: BTreeSet::new(), decoy })
    }

    /// Copies passwords, second factors, known devices and API tokens to another place; sessions end. Blocks.
    pub fn copy_to(&self, other: &Self) -> Result<(), SessionFault> {
        other.store.keep(&self.store.kept()?)
    }

    /// Checks a password, slowly where it was wrong before; `false` for an account without one.
    pub async fn check(&self, account: &str, password: String, address: &str) -> Result<bool, SessionFault> {
        let pair = (account.to_owned(), address.to_owned());
        tokio::time::sleep(self.throttle.delay(&pair)).await;
        let (hash, known) = self.password_of(account, address).await?;
        let hash = hash.or_else(|| self.shared.clone());
        let exists = hash.is_some();
        let right =
            self.throttle.check(known, password, hash.unwrap_or_else(|| self.decoy.clone())).await && exists;
        self.throttle.note(&pair, right);
        Ok(right)
    }

    async fn password_of(
        &self,
        account: &str,
        address: &str,
    ) -> Result<(Option<String>, bool), SessionFault> {
        let (store, account, address) = (Arc::clone(&self.store), account.to_owned(), address.to_owned());
        let asked = tokio::task::spawn_blocking(move || store.password_of(&account, &address));
        asked.await.expect("a look at a password does not panic")
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
        let new = NewSession { digest, account, address, agent: &agent, second, now };
        let (id, ended) = self.store.begin(&new)?;
        let [seen_ms, noted_ms] = [now.0, now.0].map(AtomicI64::new);
        let (name, account, begun_ms) = (name_of(id, &digest), account.clone(), now.0);
        let desk = Mutex::default();
        let session = Session { id, name, account, begun_ms, second, seen_ms, noted_ms, desk };
        let mut live = self.live.write();
        live.insert(digest, Arc::new(session));
        live.retain(|_, session| !ended.contains(&session.id));
        Ok(Begun { token, ended })
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

    /// May a token that is not found here be another node's?
    pub fn are_shared(&self) -> bool {
        self.store.is_shared()
    }

    /// Asks the store for a session that [`Sessions::find`] did not find, or found idle: another node may have begun or
    /// seen it. Blocks.
    pub fn fetch(&self, token: &str) -> Result<(), SessionFault> {
        let digest = sha256(token.as_bytes());
        let found = self.store.find(&digest)?.and_then(session_of);
        let mut live = self.live.write();
        match (live.get(&digest), found) {
            (Some(session), Some((_, found))) => {
                session.seen_ms.fetch_max(found.seen_ms.into_inner(), Ordering::Relaxed);
            }
            (None, Some((digest, found))) => {
                live.insert(digest, Arc::new(found));
            }
            (_, None) => {
                live.remove(&digest);
            }
        }
        Ok(())
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

    /// What is done once a minute: notes when sessions were last seen, and ends those that are over or that the store does
    /// not hold any more, since another process set the password or another node signed them out. Gives the numbers of
    /// the ended, so that their streams can be closed. Blocks on the disk.
    pub fn tidy(
        &self,
        role_of: impl Fn(&AccountId) -> Option<Role>,
        now: Time,
    ) -> Result<Vec<u64>, SessionFault> {
        // Taken before the store is read: what begins meanwhile is not missed there.
        let live: Vec<_> = self.live.read().iter().map(|(digest, s)| (*digest, Arc::clone(s))).collect();
        let ids: Vec<u64> = live.iter().map(|(_, session)| session.id).collect();
        let held = self.store.held(&ids)?;
        let (mut gone, mut over, mut noted) = (Vec::new(), Vec::new(), Vec::new());
        for (digest, session) in &live {
            let Some(seen_ms) = held.get(&session.id) else {
                gone.push((digest, session));
                continue;
            };
            let seen_ms = session.seen_ms.fetch_max(*seen_ms, Ordering::Relaxed).max(*seen_ms);
            if self.is_over(session, &role_of, now) {
                over.push(session.id);
                gone.push((digest, session));
            } else if session.noted_ms.load(Ordering::Relaxed) != seen_ms {
                noted.push((session, seen_ms));
            }
        }
        let seen: Vec<(u64, i64)> = noted.iter().map(|(session, seen_ms)| (session.id, *seen_ms)).collect();
        self.store.settle(&over, &seen)?;
        for (session, seen_ms) in noted {
            session.noted_ms.store(seen_ms, Ordering::Relaxed);
        }
        let mut live = self.live.write();
        for (digest, _) in &gone {
            live.remove(*digest);
        }
        Ok(gone.iter().map(|(_, session)| session.id).collect())
    }

    /// Ends the sessions whose desks are not let in any more; gives their numbers. One that was not used since the start
    /// has no stream, and is asked when it comes. Blocks.
    pub fn end_of_desks(
        &self,
        is_let_in: impl Fn(&AccountId, Option<&ClientCertificate>) -> Result<bool, SessionFault>,
    ) -> Result<Vec<u64>, SessionFault> {
        let live: Vec<_> = self.live.read().iter().map(|(digest, s)| (*digest, Arc::clone(s))).collect();
        let mut ended = Vec::new();
        for (digest, session) in live {
            let desk = session.desk.lock().clone();
            let let_in = match &desk {
                Desk::Unused => true,
                Desk::Bare => is_let_in(&session.account, None)?,
                Desk::With(shown) => is_let_in(&session.account, Some(shown))?,
            };
            if !let_in {
                self.live.write().remove(&digest);
                self.store.end(&digest)?;
                ended.push(session.id);
            }
        }
        Ok(ended)
    }

    /// Ends a session at once; gives it back, so that its streams can be closed.
    pub fn end(&self, token: &str) -> Option<Arc<Session>> {
        let digest = sha256(token.as_bytes());
        let ended = self.live.write().remove(&digest);
        if let Err(error) = self.store.end(&digest) {
            tracing::error!(%error, "a session that was ended could not be removed from where it is kept");
        }
        ended
    }

    /// Of these sessions by their names, those that have ended, at whichever node. Blocks.
    pub fn ended_of(&self, names: Vec<String>) -> Result<Vec<String>, SessionFault> {
        let id_of = |name: &str| name.split('-').next().and_then(|id| id.parse::<u64>().ok());
        let ids: Vec<u64> = names.iter().filter_map(|name| id_of(name)).collect();
        let held = self.store.held(&ids)?;
        let live: HashMap<u64, Arc<str>> =
            self.live.read().values().map(|session| (session.id, Arc::clone(&session.name))).collect();
        // A number may come again in another store: what is known here must be of the same name.
        let lives = |name: &String| {
            id_of(name)
                .is_some_and(|id| held.contains_key(&id) && live.get(&id).is_none_or(|own| **own == **name))
        };
        Ok(names.into_iter().filter(|name| !lives(name)).collect())
    }

    /// Sets an account's password and ends its sessions; a node that serves finds them ended when it next tidies.
    pub fn set_password(&self, account: &AccountId, password: &str, now: Time) -> Result<(), SessionFault> {
        let hash = password::hash(password);
        self.store.set_password(account, &hash, now)
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
        let acts = serde_json::to_string(acts)?;
        let row = TokenRow { name: name.to_owned(), org: org.as_str().to_owned(), acts };
        self.store.make_token(&sha256(token.as_bytes()), &row, now)?;
        Ok(token)
    }

    /// Ends an API token; was there one?
    pub fn end_token(&self, name: &str) -> Result<bool, SessionFault> {
        self.store.end_token(name)
    }

    /// The API token behind this secret; asked of the file each time, so that an ended one is ended.
    pub fn token(&self, secret: &str) -> Result<Option<ApiToken>, SessionFault> {
        if !secret.starts_with(API_TOKEN) {
            return Ok(None);
        }
        let Some(TokenRow { name, org, acts }) = self.store.token(&sha256(secret.as_bytes()))? else {
            return Ok(None);
        };
        let Ok(org) = org.parse() else { return Ok(None) };
        Ok(Some(ApiToken { name, org, acts: serde_json::from_str(&acts)? }))
    }
}

/// As it is held in memory; an account that does not read has no session.
fn session_of(held: Held) -> Option<([u8; 32], Session)> {
    let account = held.account.parse().ok()?;
    let [seen_ms, noted_ms] = [held.seen_ms, held.seen_ms].map(AtomicI64::new);
    Some((
        held.digest,
        Session {
            id: held.id,
            name: name_of(held.id, &held.digest),
            account,
            begun_ms: held.begun_ms,
            second: held.second,
            seen_ms,
            noted_ms,
            desk: Mutex::default(),
        },
    ))
}

fn name_of(id: u64, digest: &[u8; 32]) -> Arc<str> {
    format!("{id}-{}", &hex(&sha256(digest))[..16]).into()
}

/// Is this text an API token by its form?
pub fn is_api_token(text: &str) -> bool {
    text.starts_with(API_TOKEN)
}
