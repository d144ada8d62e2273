//! `muster verify`: proves a journal, beside its node or without it.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use clap::Args;
use domain::rules::Rules;
use journal::{Log, SignedHead, VerifyOptions};
use server::fold;

use crate::place::{self, Place};

/// `muster verify`
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    place: Place,
    /// Check the plan's rules too: approvals, filings, one commander at each moment
    #[arg(long)]
    rules: bool,
    /// A signed head that was given away earlier (JSON); the chain must still run through it
    #[arg(long)]
    anchor: Vec<PathBuf>,
}

impl Verify {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        // The chain is over what is sealed; only the rules read names, so only they need the keys.
        let log = place::journal_of(&self.place.config()?)?.read(self.rules)?;
        let began = Instant::now();
        let anchors = self.anchor.iter().map(|path| read_head(path)).collect::<anyhow::Result<_>>()?;
        let report = journal::verify(&*log, &VerifyOptions { anchors, trusted_keys: Vec::new() })?;
        crate::say(&format!(
            "journal {} of {} ({}): {} entries, {} acts, {} signed heads, epoch {}, read in {:.1} s",
            report.header.journal,
            report.header.jurisdiction,
            report.header.suite,
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
            whole &= check_rules(&*log)?;
        }
        Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Says which of the plan's rules the history breaks; does it keep them all?
pub(crate) fn check_rules(log: &dyn Log) -> anyhow::Result<bool> {
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

fn read_head(path: &Path) -> anyhow::Result<SignedHead> {
    let text =
        std::fs::read(path).with_context(|| format!("cannot read the signed head {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is no signed head", path.display()))
}
