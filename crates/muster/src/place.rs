//! Which node a tool is about: said on the command line, or by the settings that the node serves with.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use journal::{OpenOptions, SqliteLog};
use server::config::{Config, Settings};

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
