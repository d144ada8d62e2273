//! Which node a tool is about: said on the command line, or by the settings that the node serves with.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use clap::Args;
use domain::org::Orgs;
use domain::{State, Stream, apply};
use journal::postgres::{Database, PostgresOptions};
use journal::{Journal, Log, OpenOptions};
use server::config::{Config, Settings, SuiteChoice};
use server::session::Sessions;
use server::shared::Shared;
use server::{fold, seed};

/// Where a node keeps its things.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The node's data directory
    #[arg(long, env = "MUSTER_DATA")]
    data: Option<PathBuf>,
    /// Directory of the keys (default: DATA/keys)
    #[arg(long)]
    keys: Option<PathBuf>,
    /// Database that holds the journal, as the node is served with it (default: a file in DATA)
    #[arg(long, env = "MUSTER_JOURNAL", hide_env_values = true)]
    journal: Option<String>,
    /// The settings that the node serves with, a TOML file: they name all three; the command line goes before it
    #[arg(long, short = 'c')]
    config: Option<PathBuf>,
}

impl Place {
    /// The node's settings, as it would serve with them.
    pub(crate) fn config(&self) -> anyhow::Result<Config> {
        let file = self.config.as_deref().map(Settings::from_file).transpose()?.unwrap_or_default();
        let given = Settings {
            data: self.data.clone(),
            keys: self.keys.clone(),
            journal: self.journal.clone(),
            ..Settings::default()
        };
        Ok(given.or(file).complete()?)
    }
}

/// Where the journal of a node lies, and how it is opened there.
pub(crate) enum JournalOf {
    File(OpenOptions),
    Database(Arc<Database>, String, PostgresOptions),
}

/// Finds the journal of a node.
pub(crate) fn journal_of(node: &Config) -> anyhow::Result<JournalOf> {
    let suite = node.suite.map(SuiteChoice::suite);
    let Some(address) = &node.journal else {
        let code = OpenOptions::jurisdiction_of(&node.data)?;
        return Ok(JournalOf::File(OpenOptions::new(&node.data, code).keys(&node.keys).suite(suite)));
    };
    let database = Database::new(address)?;
    let code = seed::code(&node.jurisdiction)?;
    let there = PostgresOptions::jurisdictions_in(&database)?;
    ensure!(
        there.contains(&code),
        "the database {} holds no journal of {code} (settings: jurisdiction); it holds {}",
        database.name(),
        if there.is_empty() { "none".to_owned() } else { there.join(", ") }
    );
    let options = PostgresOptions::new(&database, &node.data, &code).keys(&node.keys).suite(suite);
    Ok(JournalOf::Database(database, code, options))
}

impl JournalOf {
    /// Opens it for reading, with or without the keys of personal data.
    pub(crate) fn read(&self, vault: bool) -> anyhow::Result<Arc<dyn Log>> {
        Ok(match self {
            Self::File(options) => options.clone().vault(vault).read()?,
            Self::Database(_, _, options) => options.clone().vault(vault).read()?,
        })
    }

    /// Opens it for writing: a file of no node that serves, a database beside those that do.
    pub(crate) fn open(&self) -> anyhow::Result<Box<dyn Journal>> {
        Ok(match self {
            Self::File(options) => Box::new(options.open()?),
            Self::Database(_, _, options) => Box::new(options.open()?),
        })
    }
}

/// The sign-in of a node: a file of its own, or what the nodes on a database share.
pub(crate) fn sessions_of(node: &Config) -> anyhow::Result<Sessions> {
    Ok(match journal_of(node)? {
        JournalOf::File(_) => Sessions::open(&node.data.join("auth.db"), [].into(), None)?,
        JournalOf::Database(database, code, _) => {
            Sessions::shared(&Shared::open(&database, &code)?, [].into(), None)?
        }
    })
}

/// The organisations and accounts of a node, from the stream that they stand in. What is personal stays sealed, so no
/// key is needed.
pub(crate) fn orgs_of(node: &Config) -> anyhow::Result<Orgs> {
    let journal = journal_of(node).context("the first start of a node makes its accounts")?;
    let log = journal.read(false)?;
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
