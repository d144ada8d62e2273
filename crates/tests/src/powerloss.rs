//! Power cuts, played: what would be on the disk if only that had been kept which was synced?
//!
//! A program runs with the shim `shim/powerloss.c` preloaded, which records its writes and fsyncs below one directory.
//! The program is killed at any moment; [`reconstruct`] then builds, from a copy of the directory as it was before and
//! the record, the directory as a disk may hold it after the power went:
//!
//! - of a file, what was written before its last fsync began, and no more is certain;
//! - of a name (created, renamed, removed), what happened before the last fsync of its directory.
//!
//! Of everything later, the cut keeps nothing ([`Loss::Unsynced`]), or any part of it ([`Loss::Seeded`]): some writes,
//! in any order, some torn at a sector; some first names. A store that survives both is safe on a disk that honours
//! fsync.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const SHIM: &str = include_str!("../shim/powerloss.c");
/// What a disk writes as a whole.
const SECTOR: usize = 512;

/// The compiled shim.
#[derive(Debug, Clone)]
pub struct PowerLoss {
    library: PathBuf,
}

/// What becomes of writes that were not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// All are lost.
    Unsynced,
    /// Each is kept, lost or torn, as the seed draws.
    Seeded(u64),
}

/// What a reconstruction found in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reconstructed {
    pub writes: u64,
    pub syncs: u64,
    /// Writes that no fsync covered.
    pub unsynced: u64,
}

impl PowerLoss {
    /// Compiles the shim into `dir` with the system's C compiler.
    pub fn build(dir: &Path) -> io::Result<Self> {
        let source = dir.join("powerloss.c");
        let library = dir.join("powerloss.so");
        fs::write(&source, SHIM)?;
        let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
        let done = Command::new(compiler)
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .args([&library, &source])
            .arg("-lpthread")
            .output()?;
        if !done.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&done.stderr).into_owned()));
        }
        Ok(Self { library })
    }

    /// Has a program recorded: its changes below `dir` (which must exist) go to `log` (outside of it).
    pub fn record<'c>(&self, program: &'c mut Command, dir: &Path, log: &Path) -> &'c mut Command {
        program.env("LD_PRELOAD", &self.library).env("MUSTER_SHIM_DIR", dir).env("MUSTER_SHIM_LOG", log)
    }
}

/// Builds in `out` what a disk may hold: `base` is a copy of the recorded directory `dir` from before the program ran.
pub fn reconstruct(log: &Path, dir: &Path, base: &Path, out: &Path, loss: Loss) -> io::Result<Reconstructed> {
    let mut disk = Disk::of(dir, base)?;
    let log = fs::read(log)?;
    let mut rest = log.as_slice();
    while let Some((record, after)) = Record::parse(rest) {
        disk.play(&record)?;
        rest = after;
    }
    disk.cut(loss);
    disk.write(dir, out)?;
    Ok(disk.seen)
}

/// Copies a directory tree; the stopped program's files, before it runs again.
pub fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// One line of the record.
struct Record<'l> {
    kind: u8,
    inode: u64,
    number: u64,
    bytes: &'l [u8],
}

impl<'l> Record<'l> {
    /// `None` at the end, and at a last record that the kill cut off.
    fn parse(log: &'l [u8]) -> Option<(Self, &'l [u8])> {
        let (kind, log) = log.split_first()?;
        let (inode, log) = log.split_first_chunk()?;
        let (number, log) = log.split_first_chunk()?;
        let (length, log) = log.split_first_chunk()?;
        let (bytes, rest) = log.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let (inode, number) = (u64::from_le_bytes(*inode), u64::from_le_bytes(*number));
        Some((Self { kind: *kind, inode, number, bytes }, rest))
    }

    fn path(&self) -> io::Result<PathBuf> {
        to_path(self.bytes)
    }
}

fn to_path(bytes: &[u8]) -> io::Result<PathBuf> {
    let text = std::str::from_utf8(bytes).map_err(|_| io::Error::other("a recorded path is no text"))?;
    Ok(PathBuf::from(text))
}

/// A change of a file's content that is not known to be on the disk.
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate { length: usize },
}

/// A change of the names in a directory that is not known to be on the disk.
enum Naming {
    Create { path: PathBuf, file: usize },
    Rename { from: PathBuf, to: PathBuf },
    Remove { path: PathBuf },
}

impl Naming {
    fn dir(&self) -> Option<&Path> {
        match self {
            Self::Create { path, .. } | Self::Remove { path } | Self::Rename { to: path, .. } => {
                path.parent()
            }
        }
    }
}

#[derive(Default)]
struct File {
    kept: Vec<u8>,
    pending: Vec<Change>,
    /// Syncs under way: their number, and how many of the pending changes they cover.
    syncing: Vec<(u64, usize)>,
}

/// The disk and the program's view of it.
struct Disk {
    files: Vec<File>,
    by_inode: HashMap<u64, usize>,
    dirs: HashMap<u64, PathBuf>,
    /// As the program sees them, and as the disk has them.
    names: BTreeMap<PathBuf, usize>,
    kept_names: BTreeMap<PathBuf, usize>,
    /// Each with its number.
    pending_names: Vec<(u64, Naming)>,
    namings: u64,
    /// Syncs of directories under way: number, and the namings that there were before.
    syncing_dirs: Vec<(u64, u64)>,
    seen: Reconstructed,
}

impl Disk {
    fn of(dir: &Path, base: &Path) -> io::Result<Self> {
        let mut disk = Self {
            files: Vec::new(),
            by_inode: HashMap::new(),
            dirs: HashMap::new(),
            names: BTreeMap::new(),
            kept_names: BTreeMap::new(),
            pending_names: Vec::new(),
            namings: 0,
            syncing_dirs: Vec::new(),
            seen: Reconstructed::default(),
        };
        // The shim names files by their resolved paths.
        disk.read(&fs::canonicalize(dir)?, base)?;
        disk.kept_names = disk.names.clone();
        Ok(disk)
    }

    fn read(&mut self, dir: &Path, base: &Path) -> io::Result<()> {
        for entry in fs::read_dir(base)? {
            let entry = entry?;
            let name = dir.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                self.read(&name, &entry.path())?;
            } else {
                self.names.insert(name, self.files.len());
                self.files.push(File { kept: fs::read(entry.path())?, ..File::default() });
            }
        }
        Ok(())
    }

    fn play(&mut self, record: &Record<'_>) -> io::Result<()> {
        let number = usize::try_from(record.number).map_err(io::Error::other)?;
        match record.kind {
            b'O' if record.number == 1 => drop(self.dirs.insert(record.inode, record.path()?)),
            b'O' => self.open(record.inode, record.path()?),
            b'W' => {
                self.seen.writes += 1;
                self.change(record.inode, Change::Write { offset: number, bytes: record.bytes.to_vec() })?;
            }
            b'T' => self.change(record.inode, Change::Truncate { length: number })?,
            b'B' => self.begin_sync(record.inode, record.number)?,
            b'E' => self.end_sync(record.inode, record.number),
            b'R' => {
                let cut = record.bytes.iter().position(|byte| *byte == 0).unwrap_or_default();
                let (from, to) = (to_path(&record.bytes[..cut])?, to_path(&record.bytes[cut + 1..])?);
                if let Some(file) = self.names.remove(&from) {
                    self.names.insert(to.clone(), file);
                }
                self.name(Naming::Rename { from, to });
            }
            b'U' => {
                let path = record.path()?;
                self.names.remove(&path);
                self.name(Naming::Remove { path });
            }
            b'M' if is_disposable(&record.path()?) => {}
            b'M' => {
                let path = record.path()?;
                return Err(io::Error::other(format!(
                    "{} was written through memory, unseen",
                    path.display()
                )));
            }
            kind => return Err(io::Error::other(format!("a record of the unknown kind {kind}"))),
        }
        Ok(())
    }

    fn open(&mut self, inode: u64, path: PathBuf) {
        let file = self.names.get(&path).copied().unwrap_or_else(|| {
            let file = self.files.len();
            self.files.push(File::default());
            self.names.insert(path.clone(), file);
            self.name(Naming::Create { path, file });
            file
        });
        self.by_inode.insert(inode, file);
    }

    fn name(&mut self, naming: Naming) {
        self.pending_names.push((self.namings, naming));
        self.namings += 1;
    }

    fn file(&mut self, inode: u64) -> io::Result<&mut File> {
        let file =
            self.by_inode.get(&inode).ok_or_else(|| io::Error::other("a change of a file never opened"))?;
        Ok(&mut self.files[*file])
    }

    fn change(&mut self, inode: u64, change: Change) -> io::Result<()> {
        self.file(inode)?.pending.push(change);
        Ok(())
    }

    fn begin_sync(&mut self, inode: u64, number: u64) -> io::Result<()> {
        if self.dirs.contains_key(&inode) {
            self.syncing_dirs.push((number, self.namings));
            return Ok(());
        }
        let file = self.file(inode)?;
        file.syncing.push((number, file.pending.len()));
        Ok(())
    }

    fn end_sync(&mut self, inode: u64, number: u64) {
        self.seen.syncs += 1;
        if let Some(dir) = self.dirs.get(&inode).cloned() {
            return self.end_dir_sync(&dir, number);
        }
        let Some(file) = self.by_inode.get(&inode).map(|file| &mut self.files[*file]) else { return };
        let Some(at) = file.syncing.iter().position(|(begun, _)| *begun == number) else { return };
        let (_, covered) = file.syncing.remove(at);
        for change in file.pending.drain(..covered) {
            change.apply(&mut file.kept);
        }
        for (_, other) in &mut file.syncing {
            *other = other.saturating_sub(covered);
        }
    }

    fn end_dir_sync(&mut self, dir: &Path, number: u64) {
        let Some(at) = self.syncing_dirs.iter().position(|(begun, _)| *begun == number) else { return };
        let (_, before) = self.syncing_dirs.remove(at);
        for (number, naming) in std::mem::take(&mut self.pending_names) {
            if number < before && naming.dir() == Some(dir) {
                naming.apply(&mut self.kept_names);
            } else {
                self.pending_names.push((number, naming));
            }
        }
    }

    /// The power goes.
    fn cut(&mut self, loss: Loss) {
        self.seen.unsynced = self.files.iter().map(|file| file.pending.len() as u64).sum();
        let Loss::Seeded(seed) = loss else { return };
        let mut random = Random(seed);
        // A file system keeps the order of names.
        let kept = random.below(self.pending_names.len() + 1);
        for (_, naming) in self.pending_names.drain(..kept) {
            naming.apply(&mut self.kept_names);
        }
        for file in &mut self.files {
            // A cut may find nothing of a file written back yet, or nearly all of it.
            let kept_in_8 = random.below(9);
            for change in file.pending.drain(..) {
                if random.below(8) < kept_in_8 {
                    change.apply(&mut file.kept);
                } else if let Change::Write { offset, mut bytes } = change
                    && random.below(4) == 0
                {
                    bytes.truncate(random.below(bytes.len() / SECTOR + 1) * SECTOR);
                    Change::Write { offset, bytes }.apply(&mut file.kept);
                }
            }
        }
    }

    fn write(&self, dir: &Path, out: &Path) -> io::Result<()> {
        fs::create_dir_all(out)?;
        let dir = fs::canonicalize(dir)?;
        for (path, file) in &self.kept_names {
            if is_disposable(path) {
                continue;
            }
            let target = out.join(path.strip_prefix(&dir).map_err(io::Error::other)?);
            fs::create_dir_all(target.parent().unwrap_or(out))?;
            fs::write(&target, &self.files[*file].kept)?;
            // Modes are not recorded; a node keeps its keys to itself.
            fs::set_permissions(target, fs::Permissions::from_mode(0o600))?;
        }
        Ok(())
    }
}

impl Change {
    fn apply(self, content: &mut Vec<u8>) {
        match self {
            Self::Truncate { length } => content.resize(length, 0),
            Self::Write { offset, bytes } => {
                let end = offset + bytes.len();
                if content.len() < end && !bytes.is_empty() {
                    content.resize(end, 0);
                }
                if !bytes.is_empty() {
                    content[offset..end].copy_from_slice(&bytes);
                }
            }
        }
    }
}

impl Naming {
    fn apply(self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Self::Create { path, file } => drop(names.insert(path, file)),
            Self::Remove { path } => drop(names.remove(&path)),
            Self::Rename { from, to } => {
                if let Some(file) = names.remove(&from) {
                    names.insert(to, file);
                }
            }
        }
    }
}

/// SQLite's shared memory is rebuilt after a crash, whatever is in it.
fn is_disposable(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(b"-shm")
}

/// The same draw for the same seed, everywhere (splitmix64).
#[derive(Debug, Clone)]
pub struct Random(pub u64);

impl Random {
    /// The next number of the row.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 for 0.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.draw() % (limit.max(1) as u64)).unwrap_or(0)
    }
}
