//! The node's signing key: `keys/signing.key`, outside the journal and its ordinary backups, readable by its owner
//! only; `keys/signing.pub` beside it is for the partner agencies.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use std::sync::Arc;

use rand::TryRng as _;
use zeroize::Zeroizing;

use crate::entry::{from_hex, to_hex};
use crate::fault::Fault;
use crate::suite::{Sha256Ed25519, Signer, Suite};

pub(crate) fn secret_path(keys: &Path) -> PathBuf {
    keys.join("signing.key")
}

/// Makes a directory that only its owner may enter.
pub(crate) fn private_dir(path: &Path) -> Result<(), Fault> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|source| Fault::file("make directory", path, source))
}

/// Reads the key; `None` when there is none.
pub(crate) fn load(keys: &Path, suite: &dyn Suite) -> Result<Option<Arc<dyn Signer>>, Fault> {
    let path = secret_path(keys);
    let text = match fs::read_to_string(&path) {
        Ok(text) => Zeroizing::new(text),
        Err(missing) if missing.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Fault::file("read", &path, source)),
    };
    let metadata = fs::metadata(&path).map_err(|source| Fault::file("read", &path, source))?;
    if metadata.permissions().mode() & 0o077 != 0 {
        tracing::warn!(path = %path.display(), "the signing key can be read by others; its mode should be 0600");
    }
    let (named, hex) = match text.trim().split_once(' ') {
        Some((named, hex)) => (named, hex),
        None => (Sha256Ed25519::NAME, text.trim()),
    };
    if named != suite.name() {
        return Err(Fault::KeyOfOtherSuite { path, asked: suite.name(), found: named.to_owned() });
    }
    let secret = from_hex(hex).map(Zeroizing::new);
    let secret = secret.and_then(|bytes| bytes.as_slice().try_into().ok()).map(Zeroizing::new);
    let signer = secret.and_then(|secret| suite.signer(&secret));
    signer.map(Some).ok_or(Fault::SigningKey { path })
}

/// The key's text: hexadecimal, after the suite's name where it is not the default one.
fn text_of(secret: &[u8; 32], suite: &dyn Suite) -> Zeroizing<String> {
    let hex = Zeroizing::new(to_hex(secret));
    Zeroizing::new(match suite.name() {
        Sha256Ed25519::NAME => format!("{}\n", *hex),
        named => format!("{named} {}\n", *hex),
    })
}

/// Almost all of the numbers are keys: the first is one.
fn new_secret(suite: &dyn Suite) -> (Zeroizing<[u8; 32]>, Arc<dyn Signer>) {
    loop {
        let secret = Zeroizing::new(random_key());
        if let Some(signer) = suite.signer(&secret) {
            return (secret, signer);
        }
    }
}

/// Makes a new key, durable before it is used; an older one is kept aside under its public key's name.
pub(crate) fn create(keys: &Path, suite: &dyn Suite) -> Result<Arc<dyn Signer>, Fault> {
    private_dir(keys)?;
    if let Some(old) = load(keys, suite)? {
        let aside = keys.join(format!("signing.{}.key", &to_hex(&old.public_key())[..16]));
        let path = secret_path(keys);
        fs::rename(&path, aside).map_err(|source| Fault::file("rename", &path, source))?;
    }
    let (secret, signer) = new_secret(suite);
    write_new(&secret_path(keys), 0o600, text_of(&secret, suite).as_bytes())?;
    let public = keys.join("signing.pub");
    let _ = fs::remove_file(&public); // of the key just set aside, if any
    write_new(&public, 0o644, format!("{} {}\n", suite.name(), to_hex(&signer.public_key())).as_bytes())?;
    sync_dir(keys)?;
    Ok(signer)
}

/// Bytes from the operating system: of a key, 32.
pub(crate) fn random_key<const BYTES: usize>() -> [u8; BYTES] {
    let mut secret = [0; BYTES];
    rand::rngs::SysRng
        .try_fill_bytes(&mut secret)
        .expect("the operating system gives random bytes once it has booted");
    secret
}

/// Writes a file that must not exist, durably.
pub(crate) fn write_new(path: &Path, mode: u32, bytes: &[u8]) -> Result<(), Fault> {
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|source| Fault::file("write", path, source))
}

/// Makes the names in a directory durable.
pub(crate) fn sync_dir(path: &Path) -> Result<(), Fault> {
    File::open(path).and_then(|dir| dir.sync_all()).map_err(|source| Fault::file("sync", path, source))
}
