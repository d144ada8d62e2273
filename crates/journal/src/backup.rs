//! Backup while serving, and restore.
//!
//! An ordinary backup holds the journal and the snapshots, never a key: whoever finds it cannot read a name. The
//! vault is backed up by itself, on purpose, to another place. A restore begins a new epoch, obeys every erasure it
//! can learn of, and verifies what it has restored.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use serde::{Deserialize, Serialize};

use crate::entry::Digest;
use crate::fault::Fault;
use crate::head::{Head, Header};
use crate::journal::{Journal as _, Log, View};
use crate::keys;
use crate::sqlite::{OpenOptions, SqliteLog, read_head_and_header};
use crate::suite::{Sha256Ed25519, Suite, suite_named};
use crate::vault::{Sealing, Vault, read_erasures};
use crate::verify::{Report, VerifyOptions, verify};

/// Pages of 4 KiB copied in one go: 4 MiB, some milliseconds of one core.
const PAGES_PER_STEP: i32 = 1024;
/// Rest between two goes, so that a backup is not felt by the desks.
const REST: Duration = Duration::from_millis(2);
const MANIFEST: &str = "backup.json";
const ERASURES: &str = "erasures.log";

/// What a backup holds; written last, so that a backup without it is not whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Of the manifest.
    pub format: u32,
    pub jurisdiction: String,
    pub journal: String,
    /// The journal's algorithms, where they are not the default ones; the files' digests are of them too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suite: Option<String>,
    pub epoch: u64,
    /// The last entry in it.
    pub seq: u64,
    pub hash: Digest,
    /// UTC milliseconds.
    pub made_ms: i64,
    pub files: Vec<FileLine>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileLine {
    /// Below the backup's directory.
    pub path: String,
    pub bytes: u64,
    /// Of the journal's suite: SHA-256 or SM3.
    pub digest: Digest,
}

impl Manifest {
    /// The journal's suite, where this build knows it.
    fn suite(&self) -> Result<&'static dyn Suite, Fault> {
        let name = self.suite.as_deref().unwrap_or(Sha256Ed25519::NAME);
        suite_named(name).ok_or_else(|| Fault::UnknownSuite { found: name.to_owned() })
    }
}

/// Backs a journal up into a directory that does not exist yet, while it is written and read. `also` are further
/// directories of the node (its attachments), each with the name it gets in the backup.
pub fn backup(log: &SqliteLog, to: &Path, also: &[(&str, &Path)]) -> Result<Manifest, Fault> {
    if to.exists() {
        return Err(Fault::NotFresh { path: to.to_owned() });
    }
    keys::private_dir(to)?;
    let (header, head) = copy_database(log, &to.join("journal.db"))?;
    let suite =
        suite_named(&header.suite).ok_or_else(|| Fault::UnknownSuite { found: header.suite.clone() })?;
    let mut files = Described { suite, root: to, lines: Vec::new() };
    files.add("journal.db")?;
    copy_tree(&log.snapshots_dir(), "snapshots", &mut files)?;
    for (name, dir) in also {
        copy_tree(dir, name, &mut files)?;
    }
    let mut erased: BTreeSet<String> = log.erasures()?.into_iter().map(|(subject, _)| subject).collect();
    erased.extend(log.vault().map(|vault| vault.erased()).unwrap_or_default());
    write_erasures(&to.join(ERASURES), &erased)?;
    files.add(ERASURES)?;
    let manifest = Manifest {
        format: 1,
        jurisdiction: header.jurisdiction,
        journal: header.journal,
        suite: (header.suite != Sha256Ed25519::NAME).then_some(header.suite),
        epoch: head.epoch,
        seq: head.seq,
        hash: head.hash,
        made_ms: crate::sqlite::now_ms(),
        files: files.lines,
    };
    let text = serde_json::to_string_pretty(&manifest).expect("a manifest has only texts and numbers");
    keys::write_new(&to.join(MANIFEST), 0o600, text.as_bytes())?;
    keys::sync_dir(to)?;
    Ok(manifest)
}

/// Opens everything that is sealed in the journal with the log's own vault: what does not open here would not open
/// after a restore either, so this comes before a backup that is to be read again.
pub fn check_vault(log: &dyn Log) -> Result<(), Fault> {
    if log.vault().is_none() {
        return Err(Fault::NoVault);
    }
    log.scan(1, log.head()?.seq, View::Opened, &mut |_| ControlFlow::Continue(())).map(drop)
}

/// Backs the keys of personal data up into a directory of their own that does not exist yet. Keep it apart from the
/// ordinary backups: together they can be read.
pub fn backup_vault(vault: &Vault, to: &Path) -> Result<(), Fault> {
    if to.exists() {
        return Err(Fault::NotFresh { path: to.to_owned() });
    }
    vault.copy_to(to)
}

/// Where the keys of personal data come from.
#[derive(Debug, Clone)]
pub enum VaultSource {
    /// A directory that [`backup_vault`] wrote.
    Backup(PathBuf),
    /// They are lost: everything that was sealed reads as erased from now on.
    Lost,
}

/// How a journal is restored.
#[derive(Debug, Clone)]
pub struct RestoreOptions {
    /// A directory that [`backup`] wrote.
    pub from: PathBuf,
    pub vault: VaultSource,
    /// The data directory to be; nothing may be there.
    pub to: PathBuf,
    /// The keys' directory, if it is not `to/keys`.
    pub keys: Option<PathBuf>,
    /// Further records of erasures, such as the `keys/erasures.log` of the node that is being replaced: the newest
    /// one counts, because a backup is older than the last erasure.
    pub erasures: Vec<PathBuf>,
}

/// Restores a backup into a fresh directory, begins a new epoch there, and verifies it. The caller looks at the
/// report: a backup of a broken journal is a broken journal.
pub fn restore(options: &RestoreOptions) -> Result<Report, Fault> {
    let RestoreOptions { from, to, .. } = options;
    if fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Fault::NotFresh { path: to.clone() });
    }
    let manifest = read_manifest(from)?;
    let suite = manifest.suite()?;
    let keys_dir = options.keys.clone().unwrap_or_else(|| to.join("keys"));
    let erased = known_erasures(options, &keys_dir)?; // before anything is made
    keys::private_dir(to)?;
    for line in &manifest.files {
        if line.path == ERASURES {
            check_file(suite, from, line, &from.join(&line.path))?;
            continue;
        }
        let target = to.join(&line.path);
        copy_file(&from.join(&line.path), &target)?;
        check_file(suite, from, line, &target)?;
    }
    keys::sync_dir(to)?;
    restore_keys(options, suite.sealing(), &keys_dir, &erased)?;
    let open = OpenOptions::new(to, &manifest.jurisdiction).keys(&keys_dir).restored();
    let journal = open.open()?;
    if (journal.header().journal.as_str(), journal.head().seq, journal.head().hash)
        != (manifest.journal.as_str(), manifest.seq, manifest.hash)
    {
        let why = "its journal ends elsewhere than the manifest says".to_owned();
        return Err(Fault::Backup { path: from.clone(), why });
    }
    let report = verify(&*journal.log(), &VerifyOptions::default())?;
    Box::new(journal).close()?;
    Ok(report)
}

/// Every erasure that can be learnt of; a fault where the keys cannot be restored, or not into their place.
fn known_erasures(options: &RestoreOptions, keys_dir: &Path) -> Result<BTreeSet<String>, Fault> {
    let target = keys_dir.join("vault.db");
    if target.exists() {
        return Err(Fault::NotFresh { path: target });
    }
    let mut erased = read_erasures(&options.from.join(ERASURES))?;
    for further in &options.erasures {
        if !further.exists() {
            return Err(Fault::Backup {
                path: further.clone(),
                why: "there is no record of erasures".to_owned(),
            });
        }
        erased.extend(read_erasures(further)?);
    }
    erased.extend(read_erasures(&keys_dir.join(ERASURES))?);
    if let VaultSource::Backup(vault) = &options.vault {
        if !vault.join("vault.db").exists() {
            return Err(Fault::VaultMissing { dir: vault.clone() });
        }
        erased.extend(read_erasures(&vault.join(ERASURES))?);
    }
    Ok(erased.into_iter().collect())
}

/// Puts the keys in place; every known erasure is on record there before the vault is opened for the first time.
fn restore_keys(
    options: &RestoreOptions,
    sealing: Sealing,
    keys_dir: &Path,
    erased: &BTreeSet<String>,
) -> Result<(), Fault> {
    keys::private_dir(keys_dir)?;
    let (target, record) = (keys_dir.join("vault.db"), keys_dir.join(ERASURES));
    let unfinished = keys_dir.join("erasures.unfinished");
    let _ = fs::remove_file(&unfinished); // of a restore that was broken off, if any
    write_erasures(&unfinished, erased)?;
    fs::rename(&unfinished, &record).map_err(|source| Fault::file("write", &record, source))?;
    match &options.vault {
        VaultSource::Backup(vault) => copy_file(&vault.join("vault.db"), &target)?,
        VaultSource::Lost => Vault::open(keys_dir, sealing)?.give_up_missing_keys()?,
    }
    keys::sync_dir(keys_dir)
}

/// Copies the database as of one moment: the read transaction keeps the source still, however much is written.
fn copy_database(log: &SqliteLog, to: &Path) -> Result<(Header, Head), Fault> {
    let source = log.reader()?;
    let mut target = Connection::open(to)?;
    source.execute_batch("BEGIN")?;
    let copied = (|| {
        let (header, head) =
            read_head_and_header(&source)?.ok_or(Fault::NoJournal { path: to.to_owned() })?;
        let backup = Backup::new(&source, &mut target)?;
        while backup.step(PAGES_PER_STEP)? != StepResult::Done {
            std::thread::sleep(REST);
        }
        Ok((header, head))
    })();
    source.execute_batch("ROLLBACK")?;
    drop(target);
    File::open(to).and_then(|file| file.sync_all()).map_err(|source| Fault::file("sync", to, source))?;
    copied
}

/// The files of a backup that is being made.
struct Described<'b> {
    suite: &'static dyn Suite,
    root: &'b Path,
    lines: Vec<FileLine>,
}

impl Described<'_> {
    fn add(&mut self, name: &str) -> Result<(), Fault> {
        let (bytes, digest) = digest_of(self.suite, &self.root.join(name))?;
        self.lines.push(FileLine { path: name.to_owned(), bytes, digest });
        Ok(())
    }
}

fn copy_tree(from: &Path, name: &str, files: &mut Described<'_>) -> Result<(), Fault> {
    if !from.is_dir() {
        return Ok(());
    }
    let entries = fs::read_dir(from).map_err(|source| Fault::file("list", from, source))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|source| Fault::file("list", from, source))?.path());
    }
    paths.sort_unstable();
    for path in paths {
        let Some(file_name) = path.file_name().and_then(|name| name.to_str()) else {
            let why = format!("the name of {} is no text", path.display());
            return Err(Fault::Backup { path: files.root.to_owned(), why });
        };
        let name = format!("{name}/{file_name}");
        if path.is_dir() {
            copy_tree(&path, &name, files)?;
            continue;
        }
        match copy_file(&path, &files.root.join(&name)) {
            // An old snapshot may go while we copy; nothing else in a node's directories does.
            Err(Fault::File { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {}
            copied => {
                copied?;
                files.add(&name)?;
            }
        }
    }
    Ok(())
}

/// Copies one file into a place where nothing is, durably.
fn copy_file(from: &Path, to: &Path) -> Result<(), Fault> {
    let mut source = File::open(from).map_err(|source| Fault::file("read", from, source))?;
    let dir = to.parent().expect("every target lies below a directory");
    keys::private_dir(dir)?;
    keys::write_new(to, 0o600, b"")?;
    let mut copy = || {
        let mut target = File::options().append(true).open(to)?;
        std::io::copy(&mut source, &mut target)?;
        target.sync_all()
    };
    copy().map_err(|source| Fault::file("write", to, source))?;
    keys::sync_dir(dir)
}

fn digest_of(suite: &dyn Suite, path: &Path) -> Result<(u64, Digest), Fault> {
    let digest = File::open(path).and_then(|mut file| suite.digest_of(&mut file));
    digest.map_err(|source| Fault::file("read", path, source))
}

fn check_file(suite: &dyn Suite, backup: &Path, line: &FileLine, file: &Path) -> Result<(), Fault> {
    if digest_of(suite, file)? == (line.bytes, line.digest) {
        return Ok(());
    }
    let why = format!("{} is not what was backed up", line.path);
    Err(Fault::Backup { path: backup.to_owned(), why })
}

fn read_manifest(from: &Path) -> Result<Manifest, Fault> {
    let not_whole = |why: String| Fault::Backup { path: from.to_owned(), why };
    let text = fs::read_to_string(from.join(MANIFEST));
    let text = text.map_err(|fault| not_whole(format!("{MANIFEST} cannot be read: {fault}")))?;
    let manifest: Manifest = serde_json::from_str(&text)
        .map_err(|fault| not_whole(format!("{MANIFEST} does not read: {fault}")))?;
    if manifest.format != 1 {
        return Err(not_whole(format!("its format is {}, and this build reads 1", manifest.format)));
    }
    let is_below =
        |path: &str| Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    match manifest.files.iter().find(|line| !is_below(&line.path)) {
        Some(line) => Err(not_whole(format!("{} would be written outside of the directory", line.path))),
        None => Ok(manifest),
    }
}

fn write_erasures(path: &Path, erased: &BTreeSet<String>) -> Result<(), Fault> {
    let lines: String = erased.iter().flat_map(|subject| [subject.as_str(), "\n"]).collect();
    keys::write_new(path, 0o600, lines.as_bytes())
}
