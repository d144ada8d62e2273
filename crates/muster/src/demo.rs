//! `muster demo`: Rongcheng's sample data with sample accounts, on this machine only.

use clap::Args;
use server::config::Settings;

/// `muster demo`
#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    settings: Settings,
    /// Password of all sample accounts
    #[arg(long, env = "MUSTER_DEMO_PASSWORD", default_value = "muster-demo", hide_env_values = true)]
    password: String,
}

impl Demo {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        crate::serve::serve(self.settings.complete()?.as_demo(self.password)?)
    }
}
