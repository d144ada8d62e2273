//! The node: everything that a handler can reach.

use std::os::unix::fs::DirBuilderExt as _;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use domain::State;
use domain::authority::Role;
use domain::delivery::subscribe_push::SubscribePush;
use domain::delivery::unsubscribe_push::UnsubscribePush;
use domain::jurisdiction::Jurisdiction;
use domain::ledger::Force;
use domain::org::Org;
use domain::types::{AccountId, ForceId, Lang, OrgId, Text};
use imbl::OrdMap;
use journal::Vault;
use journal::postgres::Database;
use tokio::sync::watch;

use crate::alarms::Watch;
use crate::config::{Config, Messages, MessagesLanguage, SuiteChoice};
use crate::courier::{Channels, Courier};
use crate::desk::{ActError, Desk};
use crate::engine::{EngineOptions, StartFault, Stopper, start};
use crate::files::{Files, Proposals};
use crate::fold::SharedLog;
use crate::hash::hex;
use crate::live::Live;
use crate::metrics::{Gauges, Metrics};
use crate::now::Now;
use crate::published::{Published, Publisher};
use crate::search::Index;
use crate::seed::{self, SeedFault};
use crate::session::{SessionFault, Sessions};
use crate::shared::Shared;
use crate::tls::{ClientCertificate, DeskFault, DeskGate};

/// The node.
pub struct Node {
    /// Its settings.
    pub config: Config,
    /// The one way in.
    pub desk: Desk,
    /// The journal's readers' side.
    pub log: SharedLog,
    /// The live stream.
    pub live: Live,
    /// Who is signed in.
    pub sessions: Sessions,
    /// What judges the certificates of desks; `None` where they show none.
    pub desks: Option<DeskGate>,
    /// Attachments.
    pub files: Files,
    /// Proposals by hash.
    pub proposals: Proposals,
    /// What will stop the node before long.
    pub watch: Watch,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// The clock.
    pub clock: Now,
    /// What carries messages out, and takes what comes back.
    pub(crate) courier: Courier,
    pub(crate) publisher: Arc<Publisher>,
    engine: crate::engine::Engine,
    names: ArcSwapOption<Names>,
}

/// What a node keeps beside the journal.
struct Beside {
    sessions: Sessions,
    files: Files,
    proposals: Proposals,
}

impl Beside {
    /// In the node's own directory.
    fn of(config: &Config, vault: Option<Arc<Vault>>) -> Result<Self, SessionFault> {
        let (auth, idle_min) = (config.data.join("auth.db"), config.idle_min.clone());
        Ok(Self {
            sessions: Sessions::open(&auth, idle_min, config.demo_password.as_deref())?,
            files: Files::new(config.data.join("files"), vault),
            proposals: Proposals::new(config.data.join("proposals")),
        })
    }

    /// In the database, for all nodes.
    fn shared(config: &Config, shared: &Shared, vault: Option<Arc<Vault>>) -> Result<Self, SessionFault> {
        Ok(Self {
            sessions: Sessions::shared(shared, config.idle_min.clone(), config.demo_password.as_deref())?,
            files: Files::shared(shared.clone(), vault),
            proposals: Proposals::shared(shared.clone()),
        })
    }
}

/// Names, and the registers that they were made of: holding these means that a change makes others.
struct Names {
    jurisdiction: Arc<Jurisdiction>,
    forces: OrdMap<ForceId, Arc<Force>>,
    orgs: OrdMap<OrgId, Arc<Org>>,
    index: Arc<Index>,
}

impl Names {
    fn are_of(&self, state: &State) -> bool {
        Arc::ptr_eq(&self.jurisdiction, &state.jurisdiction)
            && self.forces.ptr_eq(&state.ledger.forces)
            && self.orgs.ptr_eq(&state.org.orgs)
    }
}

/// Why a node does not start.
#[derive(Debug, thiserror::Error)]
pub enum NodeFault {
    /// Journal, fold, threads.
    #[error(transparent)]
    Start(#[from] StartFault),
    /// The jurisdiction's files.
    #[error("the jurisdiction's data cannot be read")]
    Seed(#[from] SeedFault),
    /// They do not make a jurisdiction.
    #[error("the jurisdiction cannot be established")]
    Establish(#[from] ActError),
    /// The journal does not take which channels there are.
    #[error("the channels cannot be announced")]
    Announce(#[source] ActError),
    /// Sessions.
    #[error(transparent)]
    Session(#[from] SessionFault),
    /// A directory.
    #[error("the data directory cannot be made")]
    Directory(#[from] std::io::Error),
    /// A channel.
    #[error("the channels cannot be opened")]
    Channels(#[from] channels::OpenFault),
    /// TLS.
    #[error("TLS cannot be set up")]
    Tls(#[from] crate::tls::TlsFault),
}

/// What a demonstration rehearses with.
const REHEARSED: [channels::Kind; 2] = [channels::Kind::Sms, channels::Kind::Voice];

type Inbound = tokio::sync::mpsc::Receiver<channels::Brought>;

/// The channels of the settings, and what comes back by them.
fn open_channels(config: &Config) -> Result<(Channels, Option<Inbound>), NodeFault> {
    let opened = match config.messages {
        Messages::Off => return Ok((Channels::default(), None)),
        Messages::Send => channels::open(&config.channels)?,
        Messages::Rehearse => channels::rehearse(&config.channels)?,
    };
    let rehearsal = config.messages == Messages::Rehearse;
    if rehearsal && opened.channels.is_empty() {
        return Ok((Channels::new(channels::rehearsal(&REHEARSED), true), None));
    }
    Ok((Channels::new(opened.channels, rehearsal), Some(opened.inbound)))
}

impl Node {
    /// Opens or begins the journal of the configured directory and starts everything but the listener.
    pub async fn start(config: Config, now: Now) -> Result<(Arc<Self>, Stopper), NodeFault> {
        // Nobody but the node's own user reads the journal, the sessions, the attachments.
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&config.data)?;
        let code = seed::code(&config.jurisdiction)?;
        let mut options = EngineOptions::new(&config.data, code, Box::new(crate::view::live::change));
        options.keys = Some(config.keys.clone());
        options.suite = config.suite.map(SuiteChoice::suite);
        options.now = now;
        let database = config.journal.as_deref().map(Database::new).transpose().map_err(StartFault::from)?;
        options.database.clone_from(&database);
        let jurisdiction = options.jurisdiction.clone();
        let mut running =
            tokio::task::spawn_blocking(move || start(options)).await.expect("a start does not panic")?;
        if running.engine.published().jurisdiction.code.is_empty() {
            let act = seed::load(&config.jurisdiction, running.engine.now.now())?;
            let key = format!("establish/{}", act.jurisdiction.code);
            running.engine.act_as_node(&key, act).await?;
        }
        running.tick();
        let desks = DeskGate::open(&config)?;
        let (engine, mut stopper) = running.split();
        let vault = engine.vault();
        let Beside { sessions, files, proposals } = match database {
            Some(database) => {
                let opening = tokio::task::spawn_blocking(move || Shared::open(&database, &jurisdiction));
                let shared = opening.await.expect("opening does not panic").map_err(StartFault::from)?;
                Beside::shared(&config, &shared, vault)?
            }
            None => Beside::of(&config, vault)?,
        };
        let sessions = sessions.requiring(&config.second_factor);
        let (ways, inbound) = open_channels(&config)?;
        let courier = Courier {
            desk: engine.desk.clone(),
            publisher: Arc::clone(&engine.publisher),
            log: Arc::clone(&engine.log),
            channels: Arc::new(ways),
            now: engine.now.clone(),
            shared: config.journal.is_some(),
            run: format!("{:016x}", rand::random::<u64>()).into(),
            lang: match config.messages_language {
                MessagesLanguage::Zh => Lang::Zh,
                MessagesLanguage::En => Lang::En,
            },
            under_way: Arc::default(),
        };
        courier.opens().await.map_err(NodeFault::Announce)?;
        stopper.courier = Some(tokio::spawn(courier.clone().run(inbound)));
        let node = Self {
            desk: engine.desk.clone(),
            log: Arc::clone(&engine.log),
            live: engine.live.clone(),
            sessions,
            desks,
            files,
            proposals,
            watch: Watch::default(),
            metrics: Arc::clone(&engine.metrics),
            clock: engine.now.clone(),
            courier,
            publisher: Arc::clone(&engine.publisher),
            engine,
            names: ArcSwapOption::empty(),
            config,
        };
        Ok((Arc::new(node), stopper))
    }

    /// The committed state and where it stands.
    pub fn published(&self) -> Arc<Published> {
        self.publisher.load()
    }

    /// All names of the jurisdiction; made anew where its registers have changed.
    pub fn search(&self, state: &State) -> Arc<Index> {
        if let Some(kept) = self.names.load_full().filter(|kept| kept.are_of(state)) {
            return Arc::clone(&kept.index);
        }
        let index = Arc::new(Index::build(state));
        let names = Names {
            jurisdiction: Arc::clone(&state.jurisdiction),
            forces: state.ledger.forces.clone(),
            orgs: state.org.orgs.clone(),
            index: Arc::clone(&index),
        };
        self.names.store(Some(Arc::new(names)));
        index
    }

    /// Ends the sessions that are over, with their streams, and notes when the others were last seen. Blocks.
    pub fn tidy_sessions(&self) -> Result<(), SessionFault> {
        let published = self.published();
        let role_of = |account: &AccountId| published.state.org.account(account).ok().map(|a| a.role);
        let mut ended = self.sessions.tidy(role_of, self.clock.now())?;
        if self.desks.is_some() {
            ended.extend(self.sessions.end_of_desks(|account, shown| match role_of(account) {
                Some(role) => Ok(self.lets_in_now(account, role, shown)?.is_ok()),
                None => Ok(false),
            })?);
        }
        for session in ended {
            self.live.close_session(session);
        }
        Ok(())
    }

    /// Tells the other nodes that something beside the journal has changed, such as a session that was ended.
    pub fn tell_others(&self) {
        self.engine.tell_others();
    }

    /// Counts what other nodes told of things beside the journal.
    pub fn others(&self) -> watch::Receiver<u64> {
        self.engine.others()
    }

    /// A session's browser takes messages from now on.
    pub(crate) async fn begins_push(&self, act: SubscribePush) -> Result<(), ActError> {
        let key = format!("push/{}/{}", act.session, Self::fresh_key());
        self.engine.act_as_node(&key, act).await.map(drop)
    }

    /// Ends what a session's browser is told; nothing where it was told nothing.
    pub(crate) async fn ends_push(&self, session: &str) -> Result<(), ActError> {
        if !self.published().state.reach.browsers.contains_key(session) {
            return Ok(());
        }
        let act = UnsubscribePush { session: session.to_owned() };
        match self.engine.act_as_node(&format!("push-ends/{session}/{}", Self::fresh_key()), act).await {
            Ok(_) | Err(ActError::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The same for a session that has ended. Where it cannot be recorded now, the next tidying does it.
    pub(crate) async fn revokes_push(&self, session: &str) {
        if let Err(error) = self.ends_push(session).await {
            tracing::error!(%error, "a browser's messages could not be ended with its session; it is tried again");
        }
    }

    /// For all sessions that have ended, however they did and at whichever node.
    pub(crate) async fn revokes_push_of_the_ended(node: &Arc<Self>) {
        let browsers: Vec<Text> = node.published().state.reach.browsers.keys().cloned().collect();
        if browsers.is_empty() {
            return;
        }
        let asked = Arc::clone(node);
        match tokio::task::spawn_blocking(move || asked.sessions.ended_of(browsers)).await {
            Ok(Ok(ended)) => {
                for session in ended {
                    node.revokes_push(&session).await;
                }
            }
            Ok(Err(error)) => tracing::error!(%error, "the sessions of browsers could not be looked after"),
            Err(error) => tracing::error!(%error, "looking after the sessions of browsers panicked"),
        }
    }

    /// A key that no other request of the node has.
    pub(crate) fn fresh_key() -> String {
        hex(&rand::random::<[u8; 8]>())
    }

    /// May this account do something from a desk that shows this certificate?
    pub async fn lets_in(
        self: &Arc<Self>,
        account: &AccountId,
        role: Role,
        shown: Option<Arc<ClientCertificate>>,
    ) -> Result<Result<(), DeskFault>, SessionFault> {
        if !self.desks.as_ref().is_some_and(|gate| gate.concerns(role)) {
            return Ok(Ok(()));
        }
        let (node, account) = (Arc::clone(self), account.clone());
        let asked = tokio::task::spawn_blocking(move || node.lets_in_now(&account, role, shown.as_deref()));
        asked.await.expect("a look at a certificate does not panic")
    }

    /// The same; blocks.
    fn lets_in_now(
        &self,
        account: &AccountId,
        role: Role,
        shown: Option<&ClientCertificate>,
    ) -> Result<Result<(), DeskFault>, SessionFault> {
        let Some(gate) = self.desks.as_ref().filter(|gate| gate.concerns(role)) else { return Ok(Ok(())) };
        let bound = self.sessions.bound_to(account)?;
        Ok(gate.admits(role, &bound, shown, self.clock.now()))
    }

    /// Figures as of now.
    pub fn gauges(&self) -> Gauges {
        self.engine.gauges()
    }
}
