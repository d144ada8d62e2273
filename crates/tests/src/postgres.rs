//! A PostgreSQL server of the test's own, in a temporary directory, on a socket there and nowhere else; its disk is
//! waited for as in service. It ends with the test, by its process number.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// `nobody`: PostgreSQL refuses to run as root, and needs no account of its own.
const NOBODY: u32 = 65_534;
/// Only the name of a socket: no port is opened.
const PORT: &str = "5432";

/// A server that runs.
pub struct Server {
    dir: tempfile::TempDir,
    process: Option<Child>,
}

/// Where the programs are: the newest that Debian has installed, else those on the path.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| {
            let number = version.file_name().to_str()?.parse().ok()?;
            Some((number, version.path().join("bin").join(name)))
        })
        .filter(|(_, path)| path.exists())
        .collect();
    found.sort();
    found.pop().map_or_else(|| PathBuf::from(name), |(_, path)| path)
}

/// A program as the user that the server runs as; one that stays ends when the test does.
fn command(name: &str, dir: &Path) -> Command {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "QUIT"]);
    if is_root {
        let nobody = NOBODY.to_string();
        command.args(["--reuid", &nobody, "--regid", &nobody, "--clear-groups"]);
    }
    command.arg("--").arg(program(name)).current_dir(dir).stdin(Stdio::null());
    command
}

fn done(mut command: Command) {
    let output =
        command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; run scripts/setup test"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

fn room() -> tempfile::TempDir {
    let dir = tempfile::Builder::new().prefix("muster-pg").tempdir().expect("a temporary directory");
    if std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        chown(dir.path(), Some(NOBODY), Some(NOBODY)).expect("root gives directories away");
    }
    dir
}

impl Server {
    /// A fresh one, with the role `muster`, which is no superuser.
    pub fn start() -> Self {
        let dir = room();
        let mut initdb = command("initdb", dir.path());
        initdb.args(["--no-sync", "--no-instructions", "-U", "postgres", "-A", "trust", "-E", "UTF8"]);
        initdb.args(["--locale=C", "-D", "data"]);
        done(initdb);
        let mut server = Self { dir, process: None };
        server.run();
        server.sql("postgres", "CREATE ROLE muster LOGIN");
        server
    }

    /// A standby of this one that every commit waits for.
    pub fn standby(&self) -> Self {
        let dir = room();
        let mut copy = command("pg_basebackup", dir.path());
        copy.arg("-h").arg(self.dir.path()).args(["-p", PORT, "-U", "postgres", "-D", "data", "-R"]);
        copy.args(["-X", "stream", "-c", "fast", "--no-sync"]);
        done(copy);
        let mut standby = Self { dir, process: None };
        standby.run();
        self.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
        self.sql("postgres", "SELECT pg_reload_conf()");
        let until = Instant::now() + Duration::from_secs(20);
        while self.sql("postgres", "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
            != "1"
        {
            assert!(Instant::now() < until, "the standby does not follow");
            std::thread::sleep(Duration::from_millis(20));
        }
        standby
    }

    /// Makes a standby the one that is written.
    pub fn promote(&self) {
        self.sql("postgres", "SELECT pg_promote(true, 20)");
    }

    /// Starts it (again).
    pub fn run(&mut self) {
        let mut postgres = command("postgres", self.dir.path());
        let socket = self.dir.path().display().to_string();
        postgres.args(["-D", "data", "-p", PORT, "-k", &socket]);
        for setting in [
            "listen_addresses=",
            "fsync=on",
            "max_connections=60",
            "shared_buffers=32MB",
            "wal_level=replica",
            "max_wal_senders=4",
        ] {
            postgres.args(["-c", setting]);
        }
        let log = std::fs::File::create(self.dir.path().join("log")).expect("its directory can be written");
        postgres.stdout(Stdio::null()).stderr(log);
        self.process = Some(postgres.spawn().expect("it was initialised by the same programs"));
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let mut ready = command("pg_isready", self.dir.path());
            ready.arg("-h").arg(self.dir.path()).args(["-p", PORT, "-q"]);
            if ready.status().is_ok_and(|status| status.success()) {
                return;
            }
            let log = || std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
            assert!(Instant::now() < until, "the server does not start: {}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Its power goes: nothing is finished.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// A fresh database of the role `muster`; gives its address.
    pub fn database(&self, name: &str) -> String {
        self.sql("postgres", &format!("CREATE DATABASE {name} OWNER muster"));
        self.address(name)
    }

    /// The address of a database.
    pub fn address(&self, name: &str) -> String {
        format!("host={} port={PORT} user=muster dbname={name}", self.dir.path().display())
    }

    /// The address of a database that is here, or on another server.
    pub fn address_or(&self, other: &Self, name: &str) -> String {
        let (here, there) = (self.dir.path().display(), other.dir.path().display());
        format!("host={here},{there} port={PORT} user=muster dbname={name}")
    }

    /// What a statement of the superuser gives, as text.
    pub fn sql(&self, database: &str, statement: &str) -> String {
        let mut psql = command("psql", self.dir.path());
        psql.arg("-h").arg(self.dir.path()).args(["-p", PORT, "-U", "postgres", "-d", database]);
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement]);
        let output = psql.output().expect("psql comes with the server");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{statement}: {said}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
