//! Running other programs: what is run is shown, what fails is named, what took long is told.

use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The repository's root: this crate stands two levels below it.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("crates/xtask stands two levels below the root")
}

/// Where cargo builds, which the caller may have moved.
pub(crate) fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A build service sets `CI=true`: nothing is optional there.
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// A program with its arguments, started in the repository's root.
pub(crate) fn program(name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(args).current_dir(root());
    command
}

pub(crate) fn cargo(args: &[&str]) -> Command {
    program(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()), args)
}

pub(crate) fn npm(args: &[&str]) -> Command {
    let mut command = program("npm", &["--prefix", "web"]);
    command.args(args);
    command
}

/// Runs it with our output, and fails with its command line unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = shown(command);
    eprintln!("$ {line}");
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Becomes it: signals, such as Ctrl-C at a terminal, then reach it and nothing else. Returns only if it cannot start.
pub(crate) fn become_program(command: &mut Command) -> Result<()> {
    let line = shown(command);
    eprintln!("$ {line}");
    let error = std::os::unix::process::CommandExt::exec(command);
    Err(error).with_context(|| format!("cannot start `{line}`"))
}

/// Runs it and returns what it printed; its complaints go to our own.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let line = shown(command);
    eprintln!("$ {line}");
    let done = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start `{line}`"))?;
    if !done.status.success() {
        bail!("`{line}` failed ({})", done.status);
    }
    String::from_utf8(done.stdout).with_context(|| format!("`{line}` printed bytes that are not UTF-8"))
}

pub(crate) fn shown(command: &Command) -> String {
    let mut line = Path::new(command.get_program())
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}

/// What a task was to do and could not, told again at its end: a check that did not run is no check that passed.
static SKIPPED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Something could not be checked here, and that is no failure; it is said, now and at the end.
pub(crate) fn skipped(what: &str, why: &str) {
    let line = format!("SKIPPED {what}: {why}");
    eprintln!("{line}");
    SKIPPED.lock().unwrap_or_else(PoisonError::into_inner).push(line);
}

/// The steps of a task and how long each took: the build's budget is watched here.
#[derive(Default)]
pub(crate) struct Steps(Vec<(&'static str, Duration)>);

impl Steps {
    pub(crate) fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        eprintln!("\n== {name} ==");
        let started = Instant::now();
        let done = work().with_context(|| format!("step `{name}`"));
        self.0.push((name, started.elapsed()));
        if done.is_err() {
            self.tell();
        }
        done
    }

    pub(crate) fn tell(&self) {
        eprintln!();
        for (name, took) in &self.0 {
            eprintln!("{:>7.1} s  {name}", took.as_secs_f64());
        }
        for line in SKIPPED.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            eprintln!("{line}");
        }
    }
}
