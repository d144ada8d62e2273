//! `muster verify`: proves a journal, beside its node or without it.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use clap::Args;
use domain::rules::Rules;
use journal::{Log as _, OpenOptions, SignedHead, VerifyOptions};
use server::fold;

/// `muster verify`
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The node's data directory
    #[arg(long, env = "MUSTER_DATA")]
    data: PathBuf,
    /// Directory of the keys (default: DATA/keys)
    #[arg(long)]
    keys: Option<PathBuf>,
    /// Check the plan's rules too: approvals, filings, one commander at each moment
    #[arg(long)]
    rules: bool,
    /// A signed head that was given away earlier (JSON); the chain must still run through it
    #[arg(long)]
    anchor: Vec<PathBuf>,
}

impl Verify {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let log = open(&self.data, self.keys.as_deref())?;
        let began = Instant::now();
        let anchors = self.anchor.iter().map(|path| read_head(path)).collect::<anyhow::Result<_>>()?;
        let report = journal::verify(&*log, &VerifyOptions { anchors, trusted_keys: Vec::new() })?;
        crate::say(&format!(
            "journal {} of {}: {} entries, {} acts, {} signed heads, epoch {}, read in {:.1} s",
            report.header.journal,
            report.header.jurisdiction,
            report.entries,
            report.acts,
            report.signatures,
            report.head.epoch,
            began.elapsed().as_secs_f64(),
        ));
        for broken in &report.broken {
            crate::say(&format!("BROKEN entry {}: {}", broken.seq, broken.why));
        }
        let mut whole = report.is_whole();
        if whole {
            crate::say("the chain is whole");
        }
        if self.rules {
            whole &= Self::check_rules(&log)?;
        }
        Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn check_rules(log: &journal::SqliteLog) -> anyhow::Result<bool> {
        let mut rules = Rules::default();
        let mut fault = None;
        let head = log.head()?;
        journal::replay(log, None, head.seq, &mut |entry| match fold::recorded(entry) {
            Ok(recorded) => {
                rules.read(&recorded);
                ControlFlow::Continue(())
            }
            Err(unreadable) => {
                fault = Some(unreadable);
                ControlFlow::Break(())
            }
        })?;
        if let Some(fault) = fault {
            return Err(fault).context("the journal cannot be read to its end");
        }
        let broken = rules.end();
        for rule in &broken {
            crate::say(&format!("BROKEN {rule}"));
        }
        if broken.is_empty() {
            crate::say(
                "the rules hold: every order rests on an approval and is filed, one commander at each moment",
            );
        }
        Ok(broken.is_empty())
    }
}

/// Opens a journal for reading.
pub(crate) fn open(data: &Path, keys: Option<&Path>) -> anyhow::Result<std::sync::Arc<journal::SqliteLog>> {
    let code = OpenOptions::jurisdiction_of(data)?;
    let mut options = OpenOptions::new(data, code);
    if let Some(keys) = keys {
        options = options.keys(keys);
    }
    Ok(options.read()?)
}

fn read_head(path: &Path) -> anyhow::Result<SignedHead> {
    let text =
        std::fs::read(path).with_context(|| format!("cannot read the signed head {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is no signed head", path.display()))
}
