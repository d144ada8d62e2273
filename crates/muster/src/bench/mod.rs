//! `muster bench`: figures as JSON lines, each with its ratio to a reference measured in the same run, or why not.
//!
//! Contenders take turns inside each repetition and the median is told, so that a ratio is between neighbours in
//! time. Absolute figures are this machine's.

mod append;
mod client;
mod deliver;
mod fanout;
mod history;
mod http;
mod list;
mod reference;
mod served;
mod shared;
mod world;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use server::config::SuiteChoice;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// Durable acts a second inside the node.
    Append,
    /// Durable acts a second over HTTP.
    Http,
    /// Orders to connected terminals.
    Fanout,
    /// Messages to hundreds of recipients on three channels, and the next way of each.
    Deliver,
    /// Acts beside a gateway that never answers.
    DeadChannel,
    /// Start and rebuild at a million entries; an act there.
    Rebuild,
    /// Lists while acts are written.
    List,
    /// All of these.
    All,
}

/// `muster bench`
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// What is measured.
    #[arg(value_enum, default_value = "all")]
    what: What,
    /// For `append`: an empty database to measure in, instead of a file: `postgres://user@host/database`
    #[arg(long)]
    journal: Option<String>,
    /// Repetitions, of which the median is told.
    #[arg(long, default_value_t = 5)]
    reps: usize,
    /// Acts of one repetition.
    #[arg(long, default_value_t = 40_000)]
    acts: usize,
    /// Entries of the long history.
    #[arg(long, default_value_t = 1_000_000)]
    entries: u64,
    /// Connected sessions of the fan-out.
    #[arg(long, default_value_t = 2_000)]
    sessions: usize,
    /// Orders of the fan-out, and of what is delivered.
    #[arg(long, default_value_t = 300)]
    orders: usize,
    /// Algorithms of the journal of append and rebuild.
    #[arg(long, value_enum, default_value_t = SuiteChoice::Sha256)]
    suite: SuiteChoice,
}

/// Runs what was asked for.
pub(crate) fn run(bench: &Bench) -> anyhow::Result<()> {
    if let Some(address) = &bench.journal {
        anyhow::ensure!(bench.what == What::Append, "--journal is for `muster bench append`");
        return shared::run(bench, address);
    }
    let all = bench.what == What::All;
    if all || bench.what == What::Append {
        append::run(bench)?;
    }
    if all || bench.what == What::Http {
        http::run(bench)?;
    }
    if all || bench.what == What::Fanout {
        fanout::run(bench)?;
    }
    if all || bench.what == What::List {
        list::run(bench)?;
    }
    if all || bench.what == What::Deliver {
        deliver::run(bench)?;
    }
    if all || bench.what == What::DeadChannel {
        deliver::dead_channel(bench)?;
    }
    if all || bench.what == What::Rebuild {
        history::run(bench)?;
    }
    Ok(())
}

/// One figure. `goal` is a bound on `ratio` where there is a reference, else on `value`.
struct Figure<'a> {
    name: &'a str,
    value: f64,
    unit: &'a str,
    reference: Option<(&'a str, f64)>,
    ratio: Option<f64>,
    goal: &'a str,
    met: bool,
    more: Value,
}

impl Figure<'_> {
    /// Tells it as one line of JSON.
    fn tell(&self) {
        let reference = self.reference.map(|(name, value)| json!({ "name": name, "value": round(value) }));
        let why =
            if self.ratio.is_none() { "an absolute goal: nothing to compare with in this run" } else { "" };
        let line = json!({
            "figure": self.name,
            "value": round(self.value),
            "unit": self.unit,
            "reference": reference,
            "ratio": self.ratio.map(round),
            "why_no_ratio": if why.is_empty() { Value::Null } else { json!(why) },
            "goal": self.goal,
            "met": self.met,
            "more": self.more,
        });
        crate::say(&line.to_string());
    }
}

fn round(value: f64) -> f64 {
    let digits = if value.abs() < 10.0 { 1_000.0 } else { 10.0 };
    (value * digits).round() / digits
}

/// The middle of some figures.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The value below which a share of them lies.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "an index of a list"
)]
fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = ((values.len() as f64) * share).ceil() as usize;
    values.get(at.clamp(1, values.len().max(1)) - 1).copied().unwrap_or(f64::NAN)
}
