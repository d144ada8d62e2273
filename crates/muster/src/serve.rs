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
        let serving = server::serve::open(config, Now::system()).await.context("the node cannot start")?;
        crate::say(&format!("listening on {}", serving.url()));
        serving.run(asked_to_stop()).await.context("the journal was not closed in order")
    })
}

/// Ctrl-C, or the service manager.
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => {
                terminated.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "the node cannot hear SIGTERM");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
