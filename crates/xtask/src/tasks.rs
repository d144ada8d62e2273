//! The tasks a person asks for: run, test, check, bench.

use std::path::PathBuf;

use crate::sh::{Steps, become_program, cargo, in_ci, npm, program, run as sh, target_dir};
use crate::{api, api_fuzz, data, supply, web};
use anyhow::{Result, bail};

const DEMO_ADDRESS: &str = "127.0.0.1:8642";

/// A node with the demonstration's jurisdiction, its journal kept in target/demo between two runs.
pub(crate) fn run(args: &[String]) -> Result<()> {
    web::build()?;
    let data = target_dir().join("demo");
    let mut command = cargo(&["run", "--release", "--locked", "--package", "muster", "--", "demo"]);
    if !args.iter().any(|arg| arg.starts_with("--data")) {
        command.arg("--data").arg(data);
    }
    if !args.iter().any(|arg| arg.starts_with("--listen")) {
        command.args(["--listen", DEMO_ADDRESS]);
    }
    become_program(command.args(args))
}

pub(crate) fn bench(args: &[String]) -> Result<()> {
    if args.is_empty() {
        bail!("say what to measure, e.g. `make bench ARGS=append`; `muster bench --help` lists all");
    }
    web::build()?; // the binary that is measured is the binary that is shipped
    sh(cargo(&["run", "--release", "--locked", "--package", "muster", "--", "bench"]).args(args))
}

/// Form only, so that a review can talk about meaning.
pub(crate) fn check() -> Result<()> {
    let mut steps = Steps::default();
    steps.step("rustfmt", rustfmt)?;
    steps.step("data", data::check)?;
    steps.step("clippy", clippy)?;
    steps.step("tidy", || {
        sh(&mut cargo(&["test", "--locked", "--package", "muster-tests", "--test", "tidy"]))
    })?;
    steps.step("web: packages", web::packages)?;
    steps.step("web: linter and types", || sh(&mut npm(&["run", "lint"])))?;
    steps.step("API description", || api::generate(&["--check".to_owned()]))?;
    steps.tell();
    Ok(())
}

/// Everything that must hold before a change goes in; the quickest verdicts first.
pub(crate) fn test() -> Result<()> {
    let mut steps = Steps::default();
    steps.step("rustfmt", rustfmt)?;
    steps.step("data", data::check)?;
    steps.step("web: packages", web::packages)?;
    steps.step("dependencies", supply::check)?;
    steps.step("web: linter and types", || sh(&mut npm(&["run", "lint"])))?;
    steps.step("web: unit tests", || sh(&mut npm(&["run", "test"])))?;
    steps.step("web: pages", web::build)?;
    steps.step("clippy", clippy)?;
    steps.step("the node", || sh(&mut cargo(&["build", "--locked", "--package", "muster"])))?;
    steps.step("Rust tests", rust_tests)?;
    steps.step("doc tests", || sh(&mut cargo(&["test", "--locked", "--workspace", "--doc"])))?;
    steps.step("API description", || api::generate(&["--check".to_owned()]))?;
    steps.step("the interface, asked", || api_fuzz::ask(&node_binary()))?;
    steps.step("browser tests", browser_tests)?;
    steps.tell();
    Ok(())
}

pub(crate) fn api_fuzz() -> Result<()> {
    sh(&mut cargo(&["build", "--locked", "--package", "muster"]))?;
    api_fuzz::ask(&node_binary())
}

fn rustfmt() -> Result<()> {
    sh(&mut cargo(&["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    sh(&mut cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// nextest where it is; without it the same tests run under `cargo test`, and that is said. In CI it must be there.
/// The whole-node tests start the binary that was built before, named in `MUSTER_BIN`.
fn rust_tests() -> Result<()> {
    let run = |args: &[&str]| sh(cargo(args).env("MUSTER_BIN", node_binary()));
    let nextest =
        program("cargo-nextest", &["nextest", "--version"]).output().is_ok_and(|done| done.status.success());
    match (nextest, in_ci()) {
        (true, true) => run(&["nextest", "run", "--locked", "--workspace", "--profile", "ci"]),
        (true, false) => run(&["nextest", "run", "--locked", "--workspace"]),
        (false, true) => bail!("cargo-nextest is missing; `scripts/setup test` installs it"),
        (false, false) => {
            eprintln!(
                "cargo-nextest is not installed (`cargo install --locked cargo-nextest`): using `cargo test`"
            );
            run(&["test", "--locked", "--workspace", "--all-targets"])
        }
    }
}

/// The story through the real pages: the tests start nodes of their own from the binary named in `MUSTER_BIN`.
fn browser_tests() -> Result<()> {
    sh(npm(&["run", "e2e"]).env("MUSTER_BIN", node_binary()))
}

fn node_binary() -> PathBuf {
    target_dir().join("debug").join("muster")
}
