//! The command line: one file a subcommand.

mod backup;
mod bench;
mod demo;
mod desk_cert;
mod doctor;
mod erase;
mod migrate;
mod openapi;
mod password;
mod place;
mod restore;
mod serve;
mod token;
mod totp;
mod verify;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Every act allocates small pieces on one thread and frees them on another, which is what this allocator is good at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Muster (联战): one call, a hundred answers.
#[derive(Debug, Parser)]
#[command(name = "muster", version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a jurisdiction
    Serve(serve::Serve),
    /// Serve Rongcheng's sample data on this machine, with sample accounts
    Demo(demo::Demo),
    /// Say in words what is wrong with a node's place and what to do; ends with 1 where something is
    Doctor(doctor::Doctor),
    /// Prove a journal: its chain, its signatures and, with --rules, the plan's rules
    Verify(verify::Verify),
    /// Copy a journal while its node serves, or while it does not
    Backup(backup::Backup),
    /// Restore a backup into a fresh directory, with a new epoch
    Restore(restore::Restore),
    /// Erase the personal data of a closed incident, for good; no node may serve a journal in a file meanwhile
    Erase(erase::Erase),
    /// Move a journal from a directory into a database, or back
    Migrate(migrate::Migrate),
    /// Give an account its password, read from standard input
    Password(password::Password),
    /// One-time codes as an account's second factor
    Totp(totp::Totp),
    /// Certificates of desks, bound to the accounts that sign in there
    DeskCert(desk_cert::DeskCert),
    /// API tokens for other systems
    Token(token::Token),
    /// Print the description of the interface
    Openapi,
    /// Measure, and compare with a reference in the same run
    Bench(bench::Bench),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve(serve) => serve.run(),
        Command::Demo(demo) => demo.run(),
        Command::Doctor(doctor) => return doctor.run(),
        Command::Verify(verify) => return ended(verify.run()),
        Command::Backup(backup) => backup.run(),
        Command::Restore(restore) => restore.run(),
        Command::Erase(erase) => erase.run(),
        Command::Migrate(migrate) => migrate.run(),
        Command::Password(password) => password.run(),
        Command::Totp(totp) => totp.run(),
        Command::DeskCert(desk_cert) => desk_cert.run(),
        Command::Token(token) => token.run(),
        Command::Openapi => openapi::run(),
        Command::Bench(bench) => bench::run(&bench),
    };
    ended(outcome.map(|()| ExitCode::SUCCESS))
}

/// An error is told with all that led to it, on one line.
fn ended(outcome: anyhow::Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        let _ = writeln!(std::io::stderr(), "muster: {error:#}");
        ExitCode::FAILURE
    })
}

/// Prints a line. A reader that has gone away ends nothing.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
