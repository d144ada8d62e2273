//! The real node as a process of its own: `muster demo` on a fresh directory and a free port.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::client::Client;

/// Longest that a node may take to come up: a debug build on a busy machine loads a whole city.
const START: Duration = Duration::from_mins(1);
/// Longest that a node may take to stop after it was asked to.
const STOP: Duration = Duration::from_secs(15);

/// A running node; it ends with this value.
pub struct Node {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    log: Arc<Mutex<String>>,
    started: Duration,
}

impl Node {
    /// A demo node on a directory, new or used before.
    pub fn demo(data: &Path) -> Self {
        Self::run(Self::demo_command(data))
    }

    /// What starts a demo node, for who adds something to it. Its courier rests: a story that compares what stands in
    /// the journal before and after must not meet messages of its own in between.
    pub fn demo_command(data: &Path) -> Command {
        let mut command = Self::rehearsing_command(data);
        command.args(["--messages", "off"]);
        command
    }

    /// The same with its courier, which rehearses.
    pub fn rehearsing_command(data: &Path) -> Command {
        let mut command = Command::new(binary());
        command.arg("demo").arg("--data").arg(data).args(["--listen", "127.0.0.1:0"]);
        command.current_dir(repository()).env_remove("MUSTER_DEMO_PASSWORD");
        command
    }

    /// Runs what serves plain HTTP until it is ready.
    pub fn run(command: Command) -> Self {
        let since = Instant::now();
        let mut node = Self::begins(command);
        let client = Client::new(node.address);
        while client.get("/readyz").status != 200 {
            assert!(since.elapsed() < START, "the node is never ready:\n{}", node.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        node.started = since.elapsed();
        node
    }

    /// Runs what serves until it tells where it listens.
    pub fn begins(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let since = Instant::now();
        let mut child = command.spawn().expect("the node's program starts");
        let log = Arc::new(Mutex::new(String::new()));
        keep(&log, child.stdout.take().expect("stdout is piped"));
        keep(&log, child.stderr.take().expect("stderr is piped"));
        let address = loop {
            if let Some(address) = address_in(&text_of(&log)) {
                break address;
            }
            if let Some(status) = child.try_wait().expect("a child can be asked") {
                panic!("the node ended at once ({status}):\n{}", text_of(&log));
            }
            assert!(since.elapsed() < START, "the node tells no address:\n{}", text_of(&log));
            std::thread::sleep(Duration::from_millis(10));
        };
        Self { child, address, log, started: since.elapsed() }
    }

    /// kill -9; it must have run until then.
    pub fn killed(mut self) {
        let ended = self.child.try_wait().expect("a child can be asked");
        assert!(ended.is_none(), "the node runs until it is killed: {ended:?}\n{}", self.log());
        self.child.kill().expect("a child can be killed");
        self.child.wait().expect("a child that was killed ends");
    }

    /// It neither runs nor ends (SIGSTOP), until it is woken.
    pub fn freezes(&self) {
        self.signal("-STOP");
    }

    /// It goes on as if no time had passed (SIGCONT).
    pub fn wakes(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let told = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(told.expect("kill is there").success(), "the node takes a signal");
    }

    /// How long it took to be ready.
    pub fn started(&self) -> Duration {
        self.started
    }

    /// What of it is in memory, kilobytes, as the kernel counts (`VmRSS`).
    pub fn resident_kb(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a process has memory");
        line.trim().trim_end_matches(" kB").parse().expect("a number of kilobytes")
    }

    /// What it has written to stdout and stderr so far.
    pub fn log(&self) -> String {
        text_of(&self.log)
    }

    /// Stops it as an operator would (SIGTERM) and waits for it to end well.
    pub fn stops(mut self) -> String {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().expect("kill is there");
        assert!(asked.success(), "the node takes a signal");
        let since = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child can be asked") {
                assert!(status.success(), "the node stops well ({status}):\n{}", self.log());
                return self.log();
            }
            assert!(since.elapsed() < STOP, "the node does not stop:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<&str> = log.lines().rev().take(40).collect();
            for line in tail.iter().rev() {
                eprintln!("node | {line}");
            }
        }
    }
}

/// Runs the program to its end: its success, and what it wrote.
pub fn muster(args: &[&str]) -> (bool, String) {
    let output = Command::new(binary()).args(args).current_dir(repository()).output();
    let output = output.expect("the node's program starts");
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), text)
}

fn text_of(log: &Mutex<String>) -> String {
    log.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn keep(log: &Arc<Mutex<String>>, from: impl Read + Send + 'static) {
    let log = log.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines() {
            let Ok(line) = line else { return };
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            log.push_str(&line);
            log.push('\n');
        }
    });
}

/// The first loopback address with a port that stands in a text.
fn address_in(log: &str) -> Option<SocketAddr> {
    log.match_indices("127.0.0.1:").find_map(|(at, _)| {
        let end = log[at..].find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':'))?;
        let address: SocketAddr = log[at..at + end].parse().ok()?;
        (address.port() != 0).then_some(address)
    })
}

/// The root of the repository.
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("the crate lies in crates/").to_owned()
}

/// The node's program: `MUSTER_BIN`, else this workspace's debug build, brought up to date once a test run.
pub fn binary() -> PathBuf {
    if let Some(given) = std::env::var_os("MUSTER_BIN") {
        return given.into();
    }
    static BUILT: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    BUILT.get_or_init(build).clone()
}

/// Cargo hands no program of another package to a test, so it is built here; a lock keeps parallel tests apart.
fn build() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from);
    let program = target.join("debug").join(format!("muster{}", std::env::consts::EXE_SUFFIX));
    fs::create_dir_all(&target).expect("the target directory can be made");
    let lock = File::create(target.join("muster-tests.lock")).expect("a lock beside the build");
    lock.lock().expect("a lock can be waited for");
    // One run of nextest is many processes: the first one builds.
    let run = std::env::var("NEXTEST_RUN_ID").ok();
    let stamp = target.join("muster-tests.run");
    if run.is_some() && fs::read_to_string(&stamp).ok() == run && program.exists() {
        return program;
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--package", "muster"]).current_dir(repository());
    let built = command.status().expect("cargo starts");
    assert!(built.success(), "the node's program builds");
    if let Some(run) = run {
        fs::write(&stamp, run).expect("a stamp beside the build");
    }
    program
}
