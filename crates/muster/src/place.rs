//! Which node a tool is about: said on the command line, or by the settings that the node serves with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use domain::org::Orgs;
use domain::{State, Stream, apply};
use journal::{Log as _, OpenOptions, SqliteLog};
use server::config::{Config, Settings};
use server::fold;

/// Where a node keeps its things.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The node's data directory
    #[arg(long, env = "MUSTER_DATA")]
    data: Option<PathBuf>,
    /// Directory of the keys (default: DATA/keys)
    #[arg(long)]
    keys: Option<PathBuf>,
    /// The settings that the node serves with, a TOML file: they name both; the command line goes before it
    #[arg(long, short = 'c')]
    config: Option<PathBuf>,
}

impl Place {
    /// The node's settings, as it would serve with them.
    pub(crate) fn config(&self) -> anyhow::Result<Config> {
        let file = self.config.as_deref().map(Settings::from_file).transpose()?.unwrap_or_default();
        let given =
            Settings { data: self.data.clone(), keys: self.keys.clone(), ..Settings::default() }.or(file);
        Ok(given.complete()?)
    }
}

/// How the journal of a node is opened.
pub(crate) fn journal_of(node: &Config) -> anyhow::Result<OpenOptions> {
    let code = OpenOptions::jurisdiction_of(&node.data)?;
    Ok(OpenOptions::new(&node.data, code).keys(&node.keys))
}

/// Opens the journal of a node for reading, with the keys of personal data.
pub(crate) fn log_of(node: &Config) -> anyhow::Result<Arc<SqliteLog>> {
    Ok(journal_of(node)?.read()?)
}

/// The organisations and accounts of a node, from the stream that they stand in. What is personal stays sealed, so no
/// key is needed.
pub(crate) fn orgs_of(data: &Path) -> anyhow::Result<Orgs> {
    let code = OpenOptions::jurisdiction_of(data).context("the first start of a node makes its accounts")?;
    let log = OpenOptions::new(data, code).vault(false).read()?;
    let entries = log.read_stream(&Stream::Jurisdiction.to_string(), 1, u64::MAX)?;
    let mut state = State::default();
    for recorded in fold::all_recorded(&entries)? {
        apply(&mut state, &recorded);
    }
    Ok(state.org)
}

/// Names of what there is, for the refusal of one that is not.
pub(crate) fn names(all: impl Iterator<Item = impl ToString>) -> String {
    all.map(|name| name.to_string()).collect::<Vec<_>>().join(", ")
}
