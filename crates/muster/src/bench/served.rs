//! A node on a free port of this machine, with sessions made without their passwords being hashed.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use domain::types::AccountId;
use server::config::{Messages, Settings};
use server::node::Node;
use server::now::Now;
use server::session::Proven;
use tokio::sync::oneshot;

/// A node that serves until it is dropped.
pub(crate) struct Served {
    pub(crate) node: Arc<Node>,
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    running: tokio::task::JoinHandle<Result<(), journal::Fault>>,
}

impl Served {
    pub(crate) async fn start(data: &Path) -> anyhow::Result<Self> {
        Self::start_with(data, Settings::default(), None).await
    }

    /// The same, with channels by which messages leave in earnest.
    pub(crate) async fn start_sending(data: &Path, settings: Settings) -> anyhow::Result<Self> {
        Self::start_with(data, settings, Some(Messages::Send)).await
    }

    async fn start_with(data: &Path, settings: Settings, messages: Option<Messages>) -> anyhow::Result<Self> {
        let listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
        let settings = Settings { data: Some(data.to_owned()), listen, ..settings };
        let mut config = settings.complete()?.as_demo("bench".to_owned())?;
        if let Some(messages) = messages {
            config.messages = messages;
        }
        let serving = server::serve::open(config, Now::system()).await?;
        let (node, address) = (Arc::clone(&serving.node), serving.address);
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(serving.run(async move {
            let _ = stopped.await;
        }));
        Ok(Self { node, address, stop: Some(stop), running })
    }

    /// A session of an account.
    pub(crate) fn token(&self, account: &str) -> anyhow::Result<String> {
        let account: AccountId = account.parse()?;
        Ok(self
            .node
            .sessions
            .begin(&account, "127.0.0.1", "bench", Proven::Password, self.node.clock.now())?
            .token)
    }

    /// Ends it in order.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        Ok(self.running.await??)
    }
}
