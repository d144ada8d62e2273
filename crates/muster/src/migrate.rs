//! `muster migrate`: moves a journal from a directory into a database that several nodes can share, or back, with all that
//! lies beside it. No node may serve it meanwhile.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use journal::postgres::{Database, PostgresOptions};
use journal::{Journal as _, Log, OpenOptions, Report};
use server::files::{Files, Proposals};
use server::session::Sessions;
use server::shared::Shared;

/// `muster migrate`
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// A node's data directory, or the address of a database
    #[arg(long)]
    from: String,
    /// The address of a database without this journal, or a data directory without one
    #[arg(long)]
    to: String,
    /// Directory of the keys (default: `keys` in the data directory); its `signing.key` is the journal's
    #[arg(long)]
    keys: Option<PathBuf>,
    /// Which jurisdiction, where the database that is left holds several
    #[arg(long)]
    code: Option<String>,
}

/// `postgres://…`, or PostgreSQL's own way to write an address.
fn is_address(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://") || text.contains("host=")
}

/// What lies beside a journal.
struct Beside {
    sessions: Sessions,
    files: Files,
    proposals: Proposals,
}

impl Migrate {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        match (is_address(&self.from), is_address(&self.to)) {
            (false, true) => self.to_database(Path::new(&self.from)),
            (true, false) => self.to_directory(Path::new(&self.to)),
            _ => bail!("say one directory and one address (postgres://…), in either order"),
        }
    }

    fn to_database(&self, data: &Path) -> anyhow::Result<()> {
        let keys = self.keys.clone().unwrap_or_else(|| data.join("keys"));
        let database = Database::new(&self.to)?;
        let code = OpenOptions::jurisdiction_of(data)?;
        let options = OpenOptions::new(data, &code).keys(&keys);
        drop(options.read()?); // opening to write would make an empty vault where none is
        let journal = options.open()?; // as long as it is open, no node can serve it
        let log = journal.log();
        let report = PostgresOptions::new(&database, data, &code).keys(&keys).import(&*log)?;
        let shared = Shared::open(&database, &code)?;
        copy(&in_directory(data, &*log)?, &in_database(&shared, &*log)?)?;
        tell(&report, &database.name())?;
        crate::say(&format!(
            "serve it with --data {} --journal ADDRESS; {} is the past now: serve it no more",
            data.display(),
            data.join("journal.db").display()
        ));
        Box::new(journal).close()?;
        Ok(())
    }

    fn to_directory(&self, data: &Path) -> anyhow::Result<()> {
        let keys = self.keys.clone().unwrap_or_else(|| data.join("keys"));
        let database = Database::new(&self.from)?;
        let there = PostgresOptions::jurisdictions_in(&database)?;
        let code = match (&self.code, there.as_slice()) {
            (Some(code), _) => code.clone(),
            (None, [only]) => only.clone(),
            (None, []) => bail!("the database {} holds no journal", database.name()),
            (None, _) => {
                bail!("the database holds several journals: say which by --code ({})", there.join(", "))
            }
        };
        let log = PostgresOptions::new(&database, data, &code).keys(&keys).read()?;
        let report = OpenOptions::new(data, &code).keys(&keys).import(&*log)?;
        let shared = Shared::open(&database, &code)?;
        copy(&in_database(&shared, &*log)?, &in_directory(data, &*log)?)?;
        tell(&report, &data.display().to_string())?;
        crate::say("what lies in the database is the past now: let no node serve it any more");
        Ok(())
    }
}

fn in_directory(data: &Path, log: &dyn Log) -> anyhow::Result<Beside> {
    Ok(Beside {
        sessions: Sessions::open(&data.join("auth.db"), [].into(), None)?,
        files: Files::new(data.join("files"), log.vault().cloned()),
        proposals: Proposals::new(data.join("proposals")),
    })
}

fn in_database(shared: &Shared, log: &dyn Log) -> anyhow::Result<Beside> {
    Ok(Beside {
        sessions: Sessions::shared(shared, [].into(), None)?,
        files: Files::shared(shared.clone(), log.vault().cloned()),
        proposals: Proposals::shared(shared.clone()),
    })
}

fn copy(from: &Beside, to: &Beside) -> anyhow::Result<()> {
    from.sessions.copy_to(&to.sessions).context("passwords and tokens could not be copied")?;
    let files = from.files.copy_to(&to.files).context("attachments could not be copied")?;
    let proposals = from.proposals.copy_to(&to.proposals).context("proposals could not be copied")?;
    crate::say(&format!(
        "copied passwords, second factors, tokens, {files} attachments and {proposals} proposals; nobody is signed in"
    ));
    Ok(())
}

fn tell(report: &Report, place: &str) -> anyhow::Result<()> {
    for broken in &report.broken {
        crate::say(&format!("BROKEN entry {}: {}", broken.seq, broken.why));
    }
    ensure!(report.is_whole(), "what lies in {place} now is broken as it was before: do not serve it");
    crate::say(&format!(
        "moved {} entries and {} acts to {place} in epoch {}, verified; clients will reload",
        report.entries, report.acts, report.head.epoch
    ));
    Ok(())
}
