//! Passwords: argon2id, and checks that guessing cannot turn into a lock-out.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use parking_lot::Mutex;
use std::collections::HashMap;
use tokio::sync::Semaphore;

use crate::limits;

/// Memory of one check, KiB; with two passes and one lane, as OWASP recommends for argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("constant parameters are valid");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash of a password, with its salt, as text. Takes some tens of milliseconds.
pub fn hash(password: &str) -> String {
    let salt: [u8; 16] = rand::random();
    hasher()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .expect("any password of bounded length has a hash")
        .to_string()
}

/// Is it this password? A hash that does not read is nobody's.
pub fn matches(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| hasher().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Whom a password is tried for, and from where.
pub type Pair = (String, String);

/// Slows guessing down. A right password always passes, after a delay of some seconds at most; devices that have
/// signed in before have a lane of their own, so that a flood of guesses does not keep a duty desk waiting.
pub struct Throttle {
    failures: Mutex<HashMap<Pair, u32>>,
    known: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            failures: Mutex::default(),
            known: Arc::new(Semaphore::new(limits::KNOWN_CHECKS)),
            strangers: Arc::new(Semaphore::new(limits::STRANGER_CHECKS)),
        }
    }
}

impl Throttle {
    /// How long this try waits.
    pub fn delay(&self, pair: &Pair) -> Duration {
        let failures = self.failures.lock().get(pair).copied().unwrap_or(0);
        let over = failures.saturating_sub(limits::FREE_FAILURES);
        if over == 0 {
            return Duration::ZERO;
        }
        let delay_ms = 250_u64.saturating_mul(1 << (over - 1).min(10));
        Duration::from_millis(delay_ms.min(limits::FAILURE_DELAY_MS))
    }

    /// Checks a password in its lane, off the runtime's threads.
    pub async fn check(&self, known: bool, password: String, hash: String) -> bool {
        let lane = if known { &self.known } else { &self.strangers };
        let Ok(_permit) = lane.clone().acquire_owned().await else { return false };
        tokio::task::spawn_blocking(move || matches(&password, &hash)).await.unwrap_or(false)
    }

    /// Notes how a try ended.
    pub fn note(&self, pair: &Pair, right: bool) {
        let mut failures = self.failures.lock();
        if right {
            failures.remove(pair);
            return;
        }
        if failures.len() >= limits::FAILURES_KEPT && !failures.contains_key(pair) {
            failures.clear(); // a flood from everywhere: the lanes still hold it
        }
        *failures.entry(pair.clone()).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_password_is_never_delayed_for_more_than_a_few_seconds() {
        let (throttle, pair) = (Throttle::default(), ("dispatcher".to_owned(), "10.0.0.1".to_owned()));
        for _ in 0..limits::FREE_FAILURES {
            throttle.note(&pair, false);
        }
        assert_eq!(throttle.delay(&pair), Duration::ZERO);
        for _ in 0..1_000 {
            throttle.note(&pair, false);
        }
        assert_eq!(throttle.delay(&pair), Duration::from_millis(limits::FAILURE_DELAY_MS));
        assert_eq!(throttle.delay(&("dispatcher".to_owned(), "10.0.0.2".to_owned())), Duration::ZERO);
        throttle.note(&pair, true);
        assert_eq!(throttle.delay(&pair), Duration::ZERO);
    }

    #[test]
    fn a_hash_holds_its_password_and_no_other() {
        let hash = hash("值班密码-㛃");
        assert!(matches("值班密码-㛃", &hash) && !matches("值班密码", &hash) && !matches("x", "no hash"));
        assert!(hash.starts_with("$argon2id$"), "{hash}");
    }
}
