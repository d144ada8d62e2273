//! `muster serve`: a node of a jurisdiction.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use server::config::{Config, Settings};
use server::now::Now;

/// `muster serve`
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Settings in a TOML file; the command line goes before it
    #[arg(long, short = 'c')]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

impl Serve {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let file = self.config.as_deref().map(Settings::from_file).transpose()?.unwrap_or_default();
        serve(self.settings.or(file).complete()?)
    }
}

/// Serves until the process is asked to stop.
pub(crate) fn serve(config: Config) -> anyhow::Result<()> {
    server::log::begin(config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        // Heard before anybody is told that the node is there.
        let stop = asked_to_stop().context("the node could not hear its stop")?;
        let serving = server::serve::open(config, Now::system()).await.context("the node cannot start")?;
        crate::say(&format!("listening on {}", serving.url()));
        serving.run(stop).await.context("the journal was not closed in order")
    })
}

/// Ctrl-C, or the service manager. Both are heard from this call on, not from the first look at what it gives: a stop
/// that comes before that would be no orderly one.
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminated, mut interrupted) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}
