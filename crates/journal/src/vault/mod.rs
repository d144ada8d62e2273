//! Sealed personal data (rule 12).
//!
//! Wherever an entry's JSON holds `{"personal": "person/01J…", "open": value}`, what is stored and hashed is
//! `{"personal": "person/01J…", "sealed": "…"}`, sealed with that subject's own key; a reader gets the open form
//! back. Destroying the key erases: readers then get `{"personal": "person/01J…", "erased": true}`, and the chain
//! stays whole. Keys lie in `keys/vault.db`, outside chain, snapshots and ordinary backups.
//!
//! AES-256-GCM (0.3 µs a name on a machine with AES instructions, ChaCha20-Poly1305 1.4 µs), or SM4-GCM in a journal of
//! the suite of GM/T; a random 96-bit nonce, the subject as associated data, the text padded to 32 bytes so that its
//! length does not tell a name.

mod keystore;
mod sealing;
mod text;
mod wrapped;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use crate::fault::Fault;
use keystore::FileKeystore;
use sealing::{Key, decrypt, encrypt};
use text::{Form, Personal};

pub(crate) use keystore::{read_erasures, record_erasures};
pub use sealing::Sealing;
pub(crate) use text::refuse_personal;
pub(crate) use wrapped::{EMPTY_KEYS, WrappedKeystore, Wrapping};

/// Texts are padded with blanks (which JSON ignores) to a multiple of this.
const PADDED_TO: usize = 32;
/// Keys held in memory; an older one is read from the keystore again.
const CACHED_MAX: usize = 32_768;

/// The keys of personal data, one for each subject.
pub struct Vault {
    store: Mutex<Box<dyn Keystore>>,
    cache: RwLock<Cache>,
    /// Several nodes share the keystore, and it is a network away: keys are made by the act, not one by one.
    is_shared: bool,
}

/// What a keystore knows of a subject.
pub(crate) enum Held {
    Key(Key),
    /// Its key was destroyed, perhaps by another node.
    Erased,
    Nothing,
}

/// Where the keys lie: a file of this node, or a database that several nodes share.
pub(crate) trait Keystore: Send {
    /// The subjects on record as erased.
    fn erased(&self) -> Result<HashSet<String>, Fault>;
    fn key(&self, subject: &str) -> Result<Held, Fault>;
    /// All keys, to be held from the start where a look at each costs a way over the network; none where it doesn't.
    fn ahead(&self) -> Result<Vec<(String, Key)>, Fault>;
    /// A key for each of these subjects, the one that another node made meanwhile where one did.
    fn make(&mut self, subjects: &[&str]) -> Result<Vec<Held>, Fault>;
    /// Makes the keys that were made durable, where `make` has not done so.
    fn flush(&mut self) -> Result<(), Fault>;
    fn destroy(&mut self, subjects: &[&str]) -> Result<(), Fault>;
    fn gives_up_missing_keys(&self) -> bool;
    fn give_up_missing_keys(&mut self) -> Result<(), Fault>;
    /// Copies keys and record of erasures into a directory.
    fn copy_to(&self, target: &Path) -> Result<(), Fault>;
    /// Every key, to be moved to another keystore.
    fn all(&self) -> Result<Vec<(String, Key)>, Fault>;
    /// Takes over keys of another keystore.
    fn take(&mut self, keys: &[(String, Key)]) -> Result<(), Fault>;
}

/// Two generations: when the younger is full, it becomes the older, and the older goes.
#[derive(Default)]
struct Cache {
    young: HashMap<String, Key>,
    old: HashMap<String, Key>,
    erased: HashSet<String>,
}

/// Sealed bytes, opened again: or not, because the subject's data was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    Bytes(Vec<u8>),
    Erased,
}

impl Vault {
    /// Opens the vault of a keys directory, making it when there is none. Erasures on record are done again. A vault
    /// with keys for another cipher is of another journal, and refused.
    pub fn open(keys: &Path, sealing: Sealing) -> Result<Self, Fault> {
        Self::on(Box::new(FileKeystore::open(keys, sealing)?))
    }

    /// Opens the vault that lies in a keys directory to read with it, perhaps beside its node. It makes nothing:
    /// without a vault there this is [`Fault::VaultMissing`].
    pub fn read(keys: &Path, sealing: Sealing) -> Result<Self, Fault> {
        Self::on(Box::new(FileKeystore::read(keys, sealing)?))
    }

    /// On keys that several nodes share.
    pub(crate) fn shared(store: Box<dyn Keystore>) -> Result<Self, Fault> {
        let vault = Self { is_shared: true, ..Self::on(store)? };
        let ahead = vault.store().ahead()?;
        for (subject, key) in &ahead {
            vault.keep(subject, key);
        }
        Ok(vault)
    }

    fn on(store: Box<dyn Keystore>) -> Result<Self, Fault> {
        let cache = Cache { erased: store.erased()?, ..Cache::default() };
        Ok(Self { store: Mutex::new(store), cache: RwLock::new(cache), is_shared: false })
    }

    /// Seals the personal data in a JSON text; keys that it made are durable when it returns.
    pub fn seal_json<'t>(&self, json: &'t str) -> Result<Cow<'t, str>, Fault> {
        let sealed = self.seal_text(json)?;
        self.flush()?;
        Ok(sealed)
    }

    /// Opens the personal data in a stored JSON text; erased data is marked so.
    pub fn open_json<'t>(&self, json: &'t str) -> Result<Cow<'t, str>, Fault> {
        text::rewrite(json, |personal, out| {
            let Form::Sealed(sealed) = personal.form else { return Ok(false) };
            let subject = personal.subject;
            match self.key(subject)? {
                Some(key) => {
                    let altered = || Fault::DoesNotOpen { subject: subject.to_owned() };
                    let bytes = STANDARD_NO_PAD.decode(sealed).map_err(|_| altered())?;
                    let plain = decrypt(&key, subject, &bytes).ok_or_else(altered)?;
                    let plain = std::str::from_utf8(&plain).map_err(|_| altered())?;
                    put_form(out, subject, "open", plain.trim_end_matches(' '));
                }
                None => put_form(out, subject, "erased", "true"),
            }
            Ok(true)
        })
    }

    /// Seals a file of that subject; its key is durable when it returns.
    pub fn seal_bytes(&self, subject: &str, plain: &[u8]) -> Result<Vec<u8>, Fault> {
        text::check_subject(subject, 0)?;
        let sealed = encrypt(&self.key_or_new(subject)?, subject, plain);
        self.flush()?;
        Ok(sealed)
    }

    /// Opens a file of that subject.
    pub fn open_bytes(&self, subject: &str, sealed: &[u8]) -> Result<Opened, Fault> {
        match self.key(subject)? {
            None => Ok(Opened::Erased),
            Some(key) => {
                let plain = decrypt(&key, subject, sealed);
                plain.map(Opened::Bytes).ok_or_else(|| Fault::DoesNotOpen { subject: subject.to_owned() })
            }
        }
    }

    /// Destroys the subject's key, for good: whatever was sealed with it is erased wherever it lies. The erasure is
    /// on record before the key goes, and an older copy of the vault does not bring the key back.
    pub fn destroy(&self, subject: &str) -> Result<(), Fault> {
        self.destroy_all(std::slice::from_ref(&subject.to_owned()))
    }

    /// Destroys the keys of all these subjects; those erased before cost nothing.
    pub(crate) fn destroy_all(&self, subjects: &[String]) -> Result<(), Fault> {
        let mut store = self.store();
        let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
        let fresh: Vec<&str> =
            subjects.iter().map(String::as_str).filter(|subject| !cache.erased.contains(*subject)).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        for subject in &fresh {
            text::check_subject(subject, 0)?;
            cache.young.remove(*subject);
            cache.old.remove(*subject);
        }
        store.destroy(&fresh)?;
        cache.erased.extend(fresh.iter().map(|subject| (*subject).to_owned()));
        Ok(())
    }

    /// The subjects whose data was erased, in order.
    pub fn erased(&self) -> Vec<String> {
        let cache = self.cache.read().unwrap_or_else(PoisonError::into_inner);
        let mut erased: Vec<_> = cache.erased.iter().cloned().collect();
        erased.sort_unstable();
        erased
    }

    /// Reads data whose key is neither held nor erased as erased from now on: for a restore to which no backup of
    /// the vault could be found.
    pub fn give_up_missing_keys(&self) -> Result<(), Fault> {
        self.store().give_up_missing_keys()
    }

    /// Copies the vault into `target`, keys and record of erasures, for a backup apart from the ordinary one.
    pub(crate) fn copy_to(&self, target: &Path) -> Result<(), Fault> {
        self.flush()?;
        self.store().copy_to(target)
    }

    /// Seals without making new keys durable: `flush` must follow before the text is.
    pub(crate) fn seal_text<'t>(&self, json: &'t str) -> Result<Cow<'t, str>, Fault> {
        text::rewrite(json, |personal, out| self.seal_one(personal, out))
    }

    fn seal_one(&self, personal: &Personal<'_>, out: &mut String) -> Result<bool, Fault> {
        let subject = personal.subject;
        match personal.form {
            Form::Erased => Ok(false),
            Form::Sealed(_) => Err(Fault::AlreadySealed { subject: subject.to_owned() }),
            Form::Open(value) => {
                let key = self.key_or_new(subject)?;
                let padded = Zeroizing::new(format!("{value:width$}", width = padded_width(value)));
                let sealed = encrypt(&key, subject, padded.as_bytes());
                put_form(out, subject, "sealed", &format!("\"{}\"", STANDARD_NO_PAD.encode(sealed)));
                Ok(true)
            }
        }
    }

    /// Makes keys that were handed out durable.
    pub(crate) fn flush(&self) -> Result<(), Fault> {
        self.store().flush()
    }

    fn store(&self) -> MutexGuard<'_, Box<dyn Keystore>> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The subject's key; `None` when it was erased.
    fn key(&self, subject: &str) -> Result<Option<Key>, Fault> {
        {
            let cache = self.cache.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(key) = cache.young.get(subject).or_else(|| cache.old.get(subject)) {
                return Ok(Some(key.clone()));
            }
            if cache.erased.contains(subject) {
                return Ok(None);
            }
        }
        // The store's lock is held until the cache knows the key, so that no erasure slips in between.
        let store = self.store();
        match store.key(subject)? {
            Held::Key(key) => {
                self.keep(subject, &key);
                Ok(Some(key))
            }
            Held::Erased => {
                self.note_erased(subject);
                Ok(None)
            }
            Held::Nothing if store.gives_up_missing_keys() || self.is_erased(subject) => Ok(None),
            Held::Nothing => Err(Fault::KeyMissing { subject: subject.to_owned() }),
        }
    }

    /// Makes the keys that these texts will need at once, where each alone would cost a way over the network.
    pub(crate) fn prepare<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Result<(), Fault> {
        if !self.is_shared {
            return Ok(());
        }
        let mut missing: Vec<&str> = Vec::new();
        for text in texts {
            text::rewrite(text, |personal, _| {
                if matches!(personal.form, Form::Open(_)) && !missing.contains(&personal.subject) {
                    missing.push(personal.subject);
                }
                Ok(false)
            })?;
        }
        missing.retain(|subject| !self.is_cached(subject));
        if missing.is_empty() {
            return Ok(());
        }
        let mut store = self.store();
        missing.retain(|subject| !self.is_erased(subject));
        let held = store.make(&missing)?;
        for (subject, held) in missing.iter().zip(held) {
            match held {
                Held::Key(key) => self.keep(subject, &key),
                Held::Erased => self.note_erased(subject),
                Held::Nothing => {}
            }
        }
        Ok(())
    }

    /// Takes over the keys of another vault, and its record of what was erased.
    pub(crate) fn take_from(&self, other: &Self) -> Result<(), Fault> {
        other.flush()?;
        let (keys, gives_up) = {
            let store = other.store();
            (store.all()?, store.gives_up_missing_keys())
        };
        self.store().take(&keys)?;
        if gives_up {
            self.give_up_missing_keys()?;
        }
        self.destroy_all(&other.erased())
    }

    fn is_cached(&self, subject: &str) -> bool {
        let cache = self.cache.read().unwrap_or_else(PoisonError::into_inner);
        cache.young.contains_key(subject) || cache.old.contains_key(subject)
    }

    fn note_erased(&self, subject: &str) {
        let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
        cache.young.remove(subject);
        cache.old.remove(subject);
        cache.erased.insert(subject.to_owned());
    }

    fn key_or_new(&self, subject: &str) -> Result<Key, Fault> {
        match self.key(subject) {
            Ok(Some(key)) => return Ok(key),
            Ok(None) if self.is_erased(subject) => {
                return Err(Fault::SubjectErased { subject: subject.to_owned() });
            }
            Ok(None) | Err(Fault::KeyMissing { .. }) => {}
            Err(fault) => return Err(fault),
        }
        let mut store = self.store();
        if self.is_erased(subject) {
            return Err(Fault::SubjectErased { subject: subject.to_owned() });
        }
        let Some(Held::Key(key)) = store.make(&[subject])?.pop() else {
            self.note_erased(subject);
            return Err(Fault::SubjectErased { subject: subject.to_owned() });
        };
        self.keep(subject, &key);
        Ok(key)
    }

    fn is_erased(&self, subject: &str) -> bool {
        self.cache.read().unwrap_or_else(PoisonError::into_inner).erased.contains(subject)
    }

    fn keep(&self, subject: &str, key: &Key) {
        let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
        if cache.young.len() >= CACHED_MAX / 2 {
            cache.old = std::mem::take(&mut cache.young);
        }
        cache.young.insert(subject.to_owned(), key.clone());
    }
}

/// In characters, as `format!` counts; the padding makes the *bytes* a multiple.
fn padded_width(value: &str) -> usize {
    let missing = value.len().next_multiple_of(PADDED_TO) - value.len();
    value.chars().count() + missing
}

fn put_form(out: &mut String, subject: &str, form: &str, value: &str) {
    out.push_str("{\"personal\":\"");
    out.push_str(subject);
    out.push_str("\",\"");
    out.push_str(form);
    out.push_str("\":");
    out.push_str(value);
    out.push('}');
}
