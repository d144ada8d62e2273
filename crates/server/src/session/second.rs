//! The second factor of a desk's account: one-time codes by time (TOTP, RFC 6238), and recovery codes for a lost phone.
//!
//! The operator enrols an account at the machine; the code of the moment proves that the phone has the secret, and only
//! then is anything kept. A code counts once: its time step is remembered. Guessing is bounded by account and step,
//! apart for devices that signed in before, so that a stranger's guesses do not keep a desk out.

use std::collections::HashMap;

use domain::authority::Role;
use domain::types::{AccountId, Time};
use parking_lot::Mutex;
use ring::hmac;

use super::{SecondRow, SessionFault, Sessions};
use crate::hash::sha256;
use crate::limits;

/// Seconds that a code is shown (RFC 6238, 5.2).
const STEP_S: u64 = 30;
/// Digits of a code, as every phone's app shows them.
const DIGITS: usize = 6;
/// Bytes of a secret: the length of the hash (RFC 4226, R6).
const SECRET_BYTES: usize = 20;
/// Recovery codes of one enrolment.
const RECOVERY_CODES: usize = 10;
/// Random bytes of a recovery code: too many to guess, so a plain digest keeps it.
const RECOVERY_BYTES: usize = 10;

/// What somebody who signs in has proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proven {
    /// The password.
    Password,
    /// The password and a code.
    PasswordAndCode,
}

/// How a sign-in with the right password goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Second {
    /// The session may begin.
    Passed(Proven),
    /// The account has a second factor, and no code came.
    Needed,
    /// The code is another one, or it was used before.
    Wrong,
    /// Too many codes were tried; how long to wait.
    TooMany {
        /// Until the next code.
        wait_s: u64,
    },
    /// The role must have a second factor, and the account has none yet.
    Missing,
}

/// A secret that is being handed over; nothing is kept before a code of it came back.
pub struct Enrolment {
    secret: [u8; SECRET_BYTES],
}

/// An account with a second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// Whose.
    pub account: String,
    /// Recovery codes that were not used yet.
    pub recovery_codes: usize,
}

impl Enrolment {
    /// A fresh secret.
    pub fn fresh() -> Self {
        Self { secret: rand::random() }
    }

    /// The secret as people type it into a phone.
    pub fn secret(&self) -> String {
        base32(&self.secret)
    }

    /// What a phone's app reads, as text or as a picture.
    pub fn uri(&self, account: &AccountId, issuer: &str) -> String {
        let issuer = percent(issuer);
        format!(
            "otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_S}",
            percent(account.as_str()),
            self.secret()
        )
    }

    /// What the phone shows at this moment.
    pub fn shows(&self, now: Time) -> String {
        code_of(&self.secret, step_at(now), DIGITS)
    }

    /// The time step whose code this is; `None` where it is none of the moment.
    fn step_of(&self, code: &str, now: Time) -> Option<u64> {
        step_of(&self.secret, code, now)
    }
}

/// How many codes were tried, by account, and by device where it signed in before.
#[derive(Default)]
pub(super) struct Tries(Mutex<HashMap<(String, String), (u64, u32)>>);

impl Tries {
    /// Counts one more; how many are there of this step?
    pub(super) fn count(&self, account: &str, device: &str, step: u64) -> u32 {
        let mut tries = self.0.lock();
        if tries.len() >= limits::FAILURES_KEPT {
            tries.retain(|_, (of, _)| *of == step);
        }
        let (of, count) = tries.entry((account.to_owned(), device.to_owned())).or_insert((step, 0));
        if *of != step {
            (*of, *count) = (step, 0);
        }
        *count = count.saturating_add(1);
        *count
    }
}

impl Sessions {
    /// Roles that sign in with a second factor only.
    #[must_use]
    pub fn requiring(mut self, roles: &[Role]) -> Self {
        self.second_required = roles.iter().copied().collect();
        self
    }

    /// After the right password: what the account's second factor says to this code. Blocks.
    pub fn second(
        &self,
        account: &AccountId,
        role: Role,
        code: Option<&str>,
        address: &str,
        now: Time,
    ) -> Result<Second, SessionFault> {
        let (secret, known) = self.store.second_of(account.as_str(), address)?;
        let Some(secret) = secret else {
            let required = self.second_required.contains(&role);
            return Ok(if required { Second::Missing } else { Second::Passed(Proven::Password) });
        };
        let Some(code) = code.map(typed).filter(|code| !code.is_empty()) else { return Ok(Second::Needed) };
        let device = if known { address } else { "" };
        if self.store.counts_try(account.as_str(), device, step_at(now))? > limits::CODES_PER_STEP {
            return Ok(Second::TooMany { wait_s: STEP_S - seconds(now) % STEP_S });
        }
        let passed = match step_of(&secret, &code, now) {
            Some(step) => self.store.uses_step(account.as_str(), step)?,
            None => self.store.uses_recovery(account.as_str(), &sha256(code.as_bytes()))?,
        };
        Ok(if passed { Second::Passed(Proven::PasswordAndCode) } else { Second::Wrong })
    }

    /// Keeps a second factor whose code came back, in place of an older one, and ends the account's sessions. Gives the
    /// recovery codes, which are told once; `None` where the code is none of the moment: then nothing is kept.
    pub fn enrol(
        &self,
        account: &AccountId,
        enrolment: &Enrolment,
        code: &str,
        now: Time,
    ) -> Result<Option<Vec<String>>, SessionFault> {
        let Some(step) = enrolment.step_of(&typed(code), now) else { return Ok(None) };
        let codes: Vec<String> =
            (0..RECOVERY_CODES).map(|_| base32(&rand::random::<[u8; RECOVERY_BYTES]>())).collect();
        let digests: Vec<[u8; 32]> = codes.iter().map(|code| sha256(code.as_bytes())).collect();
        let new = SecondRow {
            account: account.as_str().to_owned(),
            secret: enrolment.secret.to_vec(),
            last_step: step.cast_signed(),
            made_ms: now.0,
        };
        self.store.enrol(&new, &digests)?;
        Ok(Some(codes.iter().map(|code| grouped(code)).collect()))
    }

    /// Takes an account's second factor away and ends its sessions; was there one?
    pub fn forget_second(&self, account: &AccountId) -> Result<bool, SessionFault> {
        self.store.forget_second(account.as_str())
    }

    /// Accounts with a second factor, by name.
    pub fn enrolled(&self) -> Result<Vec<Enrolled>, SessionFault> {
        self.store.enrolled()
    }
}

/// A code as it is compared: people type blanks, dashes and small letters.
fn typed(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect()
}

fn seconds(now: Time) -> u64 {
    u64::try_from(now.0 / 1000).unwrap_or(0)
}

fn step_at(now: Time) -> u64 {
    seconds(now) / STEP_S
}

/// The step whose code this is: this one, the last, or the next, since a phone's clock is rarely right.
fn step_of(secret: &[u8], code: &str, now: Time) -> Option<u64> {
    if code.len() != DIGITS || !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let at = step_at(now);
    (at.saturating_sub(1)..=at + 1).find(|step| code_of(secret, *step, DIGITS) == code)
}

/// The code of a time step: HOTP (RFC 4226, 5.3) of its number.
fn code_of(secret: &[u8], step: u64, digits: usize) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let from = usize::from(tag[tag.len() - 1] & 0x0f);
    let four: [u8; 4] = tag[from..from + 4].try_into().expect("four bytes are four");
    let number =
        u64::from(u32::from_be_bytes(four) & 0x7fff_ffff) % 10_u64.pow(u32::try_from(digits).unwrap_or(9));
    format!("{number:0digits$}")
}

/// RFC 4648 without padding. Both lengths that are written here are whole groups of five bytes.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let group = |five: &[u8]| {
        let number = five.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        (0..8).rev().map(move |at| char::from(LETTERS[(number >> (5 * at) & 31) as usize]))
    };
    bytes.chunks_exact(5).flat_map(group).collect()
}

/// In fours, as people read it out.
fn grouped(code: &str) -> String {
    let fours: Vec<&str> = (0..code.len()).step_by(4).map(|at| &code[at..code.len().min(at + 4)]).collect();
    fours.join("-")
}

fn percent(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8; 20] = b"12345678901234567890";

    /// RFC 6238, appendix B (SHA-1), and RFC 4226, appendix D.
    #[test]
    fn the_codes_of_the_standards_come_out() {
        for (time_s, code) in [
            (59_u64, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code_of(SECRET, time_s / STEP_S, 8), code, "{time_s}");
        }
        for (count, code) in [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ]
        .iter()
        .enumerate()
        {
            assert_eq!(code_of(SECRET, count as u64, 6), *code);
        }
    }

    /// RFC 4648, 10: the groups of five bytes that are written here.
    #[test]
    fn a_secret_is_written_in_base32() {
        assert_eq!(base32(b"fooba"), "MZXW6YTB");
        assert_eq!(base32(SECRET), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(grouped("ABCDEFGHIJKLMNOP"), "ABCD-EFGH-IJKL-MNOP");
        let account: AccountId = "shift-leader".parse().unwrap();
        let uri = Enrolment { secret: *SECRET }.uri(&account, "联战 371082");
        assert!(
            uri.starts_with("otpauth://totp/%E8%81%94%E6%88%98%20371082:shift-leader?secret=GEZDGNBV"),
            "{uri}"
        );
    }

    fn at(step: u64) -> Time {
        Time((step * STEP_S * 1000).cast_signed())
    }

    struct Desk {
        sessions: Sessions,
        account: AccountId,
        dir: tempfile::TempDir,
    }

    /// An account enrolled at step 1000.
    fn enrolled() -> (Desk, Vec<String>) {
        let dir = tempfile::tempdir().unwrap();
        let sessions = Sessions::open(&dir.path().join("auth.db"), [].into(), None).unwrap();
        let account: AccountId = "bureau".parse().unwrap();
        let secret = Enrolment { secret: *SECRET };
        assert_eq!(sessions.enrol(&account, &secret, "000000", at(1000)).unwrap(), None);
        assert!(sessions.enrolled().unwrap().is_empty(), "a wrong code keeps nothing");
        let codes = sessions.enrol(&account, &secret, &code_of(SECRET, 1000, 6), at(1000)).unwrap().unwrap();
        (Desk { sessions, account, dir }, codes)
    }

    impl Desk {
        fn says(&self, code: &str, address: &str, now: Time) -> Second {
            self.sessions.second(&self.account, Role::Bureau, Some(code), address, now).unwrap()
        }
    }

    const PASSED: Second = Second::Passed(Proven::PasswordAndCode);

    #[test]
    fn a_code_counts_once_and_only_near_its_time() {
        let (desk, _) = enrolled();
        let code = |step| code_of(SECRET, step, 6);
        assert_eq!(desk.says(&code(1000), "a", at(1000)), Second::Wrong, "it confirmed the enrolment");
        assert_eq!(desk.says(&code(1002), "a", at(1001)), PASSED, "the phone is half a minute ahead");
        assert_eq!(desk.says(&code(1002), "a", at(1002)), Second::Wrong, "used before");
        assert_eq!(desk.says(&code(1001), "a", at(1002)), Second::Wrong, "older than the last one");
        assert_eq!(desk.says(&code(1004), "a", at(1006)), Second::Wrong, "a minute old");
        let blanks = code(1006);
        assert_eq!(desk.says(&format!(" {} {}", &blanks[..3], &blanks[3..]), "a", at(1006)), PASSED);
        let without = desk.sessions.second(&desk.account, Role::Bureau, None, "a", at(1007)).unwrap();
        assert_eq!(without, Second::Needed);
    }

    #[test]
    fn a_recovery_code_counts_once_and_is_kept_as_a_digest() {
        let (desk, codes) = enrolled();
        assert_eq!(codes.len(), RECOVERY_CODES);
        assert_eq!(desk.says(&codes[3].to_lowercase(), "a", at(2000)), PASSED);
        assert_eq!(desk.says(&codes[3], "a", at(2000)), Second::Wrong);
        let left = vec![Enrolled { account: "bureau".to_owned(), recovery_codes: RECOVERY_CODES - 1 }];
        assert_eq!(desk.sessions.enrolled().unwrap(), left);
        let plain = codes[4].replace('-', "");
        let file = std::fs::read(desk.dir.path().join("auth.db")).unwrap();
        let wal = std::fs::read(desk.dir.path().join("auth.db-wal")).unwrap_or_default();
        let kept = |bytes: &[u8]| bytes.windows(plain.len()).any(|window| window == plain.as_bytes());
        assert!(!kept(&file) && !kept(&wal), "the file does not tell a code");
        assert!(desk.sessions.forget_second(&desk.account).unwrap());
        assert_eq!(desk.says("000000", "a", at(2001)), Second::Passed(Proven::Password));
    }

    /// Five tries a step, three codes that count, of a million: who has the password and guesses without pause needs
    /// half a month for an even chance, and every failure is counted in `muster_sign_in_failures_total`.
    #[test]
    fn guessing_is_bounded_and_does_not_keep_a_known_device_out() {
        let (desk, _) = enrolled();
        desk.sessions.begin(&desk.account, "10.0.0.7", "", Proven::PasswordAndCode, at(1000)).unwrap();
        for n in 0..limits::CODES_PER_STEP {
            assert_eq!(desk.says("000000", &format!("10.1.0.{n}"), at(3000)), Second::Wrong);
        }
        let right = code_of(SECRET, 3000, 6);
        let refused = desk.says(&right, "10.1.0.99", Time(at(3000).0 + 10_000));
        assert_eq!(refused, Second::TooMany { wait_s: 20 }, "whatever the address");
        assert_eq!(desk.says(&right, "10.0.0.7", at(3000)), PASSED, "the desk's own device");
        assert_eq!(desk.says(&code_of(SECRET, 3001, 6), "10.1.0.99", at(3001)), PASSED, "the next step");
    }

    #[test]
    fn a_role_that_needs_a_second_factor_is_not_let_in_without() {
        let (desk, _) = enrolled();
        let Desk { sessions, account, dir: _dir } = desk;
        let begun = sessions.begin(&account, "a", "", Proven::Password, at(1000)).unwrap();
        let role_of = |_: &AccountId| Some(Role::Bureau);
        assert!(sessions.find(&begun.token, role_of, at(1001)).is_some());
        let sessions = sessions.requiring(&[Role::Bureau]);
        assert!(
            sessions.find(&begun.token, role_of, at(1001)).is_none(),
            "begun before the setting, without a code"
        );
        let begun = sessions.begin(&account, "a", "", Proven::PasswordAndCode, at(1000)).unwrap();
        assert!(sessions.find(&begun.token, role_of, at(1001)).is_some());
        let other: AccountId = "deputy".parse().unwrap();
        assert_eq!(sessions.second(&other, Role::Bureau, None, "a", at(1)).unwrap(), Second::Missing);
        let free = sessions.second(&other, Role::Force, None, "a", at(1)).unwrap();
        assert_eq!(free, Second::Passed(Proven::Password));
    }
}
