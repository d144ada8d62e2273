//! The jurisdiction that is measured: Rongcheng's shipped data, its forces copied until there are enough.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use domain::act::Act;
use domain::authority::Role;
use domain::context::Told;
use domain::dispatch::order_first_response::OrderFirstResponse;
use domain::dispatch::{ArrangementsGiven, ReportToGiven, TaskGiven};
use domain::incident::take_call::TakeCall;
use domain::incident::verify_call::{Outcome, VerifyCall};
use domain::ledger::Force;
use domain::org::Account;
use domain::types::{AccountId, ForceId, IncidentId, OrderId, PlaceGiven};
use domain::{Actor, IncidentFile};
use journal::postgres::Database;
use server::config::SuiteChoice;
use server::desk::Receipt;
use server::engine::{self, Engine, EngineOptions, Running};
use server::seed::{self, Source};

/// A running engine with a jurisdiction.
pub(crate) struct World {
    pub(crate) running: Running,
    keys: AtomicU64,
    /// Of its keys: worlds on one journal have each their own.
    name: &'static str,
}

impl World {
    /// Starts an engine in `data`, with at least `forces` forces that move only after approval.
    pub(crate) async fn start(data: &Path, forces: usize, suite: SuiteChoice) -> anyhow::Result<Self> {
        Self::start_with(data, forces, suite, |_, _| {}).await
    }

    /// The same, with something changed in each of the copied forces.
    async fn start_with(
        data: &Path,
        forces: usize,
        suite: SuiteChoice,
        change: impl Fn(&mut Force, usize),
    ) -> anyhow::Result<Self> {
        let now = server::now::Now::system();
        let mut seed = seed::load(&Source::Shipped, now.now())?;
        let model =
            seed.forces.iter().find(|f| f.force_type == "enterprise_brigade" || f.force_type == "machinery");
        let model = model.or(seed.forces.first()).context("the shipped data have forces")?.clone();
        for n in 0..forces {
            let (mut force, account) = copy_of(&model, n)?;
            change(&mut force, n);
            seed.forces.push(force);
            seed.accounts.push(account);
        }
        let mut options =
            EngineOptions::new(data, seed.jurisdiction.code.clone(), Box::new(server::view::live::change));
        options.suite = Some(suite.suite());
        let running = engine::start(options)?;
        running.engine.act_as_node("establish", seed).await?;
        Ok(Self { running, keys: AtomicU64::new(0), name: "bench" })
    }

    /// A node on a database, beside others that have the same keys; the first establishes the jurisdiction.
    pub(crate) async fn on(
        database: &Arc<Database>,
        data: &Path,
        keys: &Path,
        name: &'static str,
    ) -> anyhow::Result<Self> {
        let seed = seed::load(&Source::Shipped, server::now::Now::system().now())?;
        let code = seed.jurisdiction.code.clone();
        let mut options = EngineOptions::new(data, code, Box::new(server::view::live::change));
        options.database = Some(Arc::clone(database));
        options.keys = Some(keys.to_owned());
        let running = tokio::task::spawn_blocking(move || engine::start(options)).await??;
        if running.engine.published().jurisdiction.code.is_empty() {
            running.engine.act_as_node("establish", seed).await?;
        }
        Ok(Self { running, keys: AtomicU64::new(0), name })
    }

    /// The shared parts.
    pub(crate) fn engine(&self) -> &Engine {
        &self.running.engine
    }

    /// An account of the jurisdiction.
    pub(crate) fn actor(&self, account: &str) -> anyhow::Result<Actor> {
        let id: AccountId = account.parse()?;
        let state = self.engine().published();
        Ok(state.org.accounts.get(&id).with_context(|| format!("account {account} is not there"))?.actor())
    }

    /// An account acts.
    pub(crate) async fn act(&self, actor: &Actor, act: impl Into<Act>) -> anyhow::Result<Receipt> {
        let key = format!("{}-{}", self.name, self.keys.fetch_add(1, Ordering::Relaxed));
        let hash = server::hash::sha256(key.as_bytes());
        Ok(self.engine().desk.act(actor.clone(), key, hash, Told::default(), act).await?)
    }

    /// A verified incident.
    pub(crate) async fn incident(&self) -> anyhow::Result<IncidentId> {
        let dispatcher = self.actor("dispatcher")?;
        let taken = self.act(&dispatcher, call()).await?;
        let incident = taken.incident.context("a call opens an incident")?;
        self.act(&dispatcher, VerifyCall { incident, outcome: Outcome::Real, note: None }).await?;
        Ok(incident)
    }

    /// An order to an own station, and the account of its terminal.
    pub(crate) async fn order(&self) -> anyhow::Result<(OrderId, Actor)> {
        let incident = self.incident().await?;
        let state = self.engine().published();
        let station =
            state.ledger.forces.values().find(|f| f.force_type == "own_station").context("a station")?;
        let force = station.id.clone();
        let dispatcher = self.actor("dispatcher")?;
        let act = OrderFirstResponse { incident, orders: vec![task(&force)], arrangements: arrangements() };
        self.act(&dispatcher, act).await?;
        let file = self.file(incident)?;
        let order = file.dispatch.running_order_of(&force).context("an order")?.id;
        Ok((order, self.actor(force.as_str())?))
    }

    /// An open incident.
    pub(crate) fn file(&self, incident: IncidentId) -> anyhow::Result<Arc<IncidentFile>> {
        let state = self.engine().published();
        state.incidents.get(&incident).cloned().context("the incident is open")
    }
}

/// Begins a journal in `data` whose ledger has so many copied forces more.
pub(crate) async fn enlarge(data: &Path, forces: usize) -> anyhow::Result<()> {
    enlarge_with(data, forces, |_, _| {}).await
}

/// The same, with something changed in each of them.
pub(crate) async fn enlarge_with(
    data: &Path,
    forces: usize,
    change: impl Fn(&mut Force, usize),
) -> anyhow::Result<()> {
    let world = World::start_with(data, forces, SuiteChoice::Sha256, change).await?;
    Ok(tokio::task::spawn_blocking(move || world.running.stop()).await??)
}

fn copy_of(model: &Force, n: usize) -> anyhow::Result<(Force, Account)> {
    let id: ForceId = format!("bench-{n}").parse()?;
    let mut force = model.clone();
    force.id = id.clone();
    force.name = format!("{}{n}", model.name);
    force.short = format!("{}{n}", model.short);
    let account = Account {
        id: id.as_str().parse()?,
        role: Role::Force,
        org: force.org.clone(),
        force: Some(id),
        position: format!("{}值班员", force.short),
    };
    Ok((force, account))
}

/// A call as the bench takes it.
pub(crate) fn call() -> TakeCall {
    TakeCall {
        source: domain::incident::Source::Fire119,
        caller: Some("来电人".to_owned()),
        caller_number: Some("0631-0000001".to_owned()),
        recording: None,
        place: PlaceGiven { place: "place-shidaoyouku".parse().ok(), ..PlaceGiven::default() },
        hazard: Some("hazchem".to_owned()),
        grade: Some(3),
        trapped: Some(2),
        substance: Some("汽油".to_owned()),
        narrative: Some("三号罐起火，有人被困".to_owned()),
        drill: false,
        same_as: None,
        received_at: None,
    }
}

/// A task for a force.
pub(crate) fn task(force: &ForceId) -> TaskGiven {
    TaskGiven {
        force: force.clone(),
        task: "到场增援".to_owned(),
        slot: None,
        capability: None,
        quantity: None,
    }
}

/// Arrangements as a dispatcher types them.
pub(crate) fn arrangements() -> ArrangementsGiven {
    ArrangementsGiven {
        assembly_point: PlaceGiven { text: "油库北门外 200 米".to_owned(), ..PlaceGiven::default() },
        report_to: ReportToGiven {
            position: "现场指挥员".to_owned(),
            phone: Some("0631-0000002".to_owned()),
        },
        radio_channel: Some("消防 3 频道".to_owned()),
        protection: Some("隔热服、空气呼吸器".to_owned()),
        ..ArrangementsGiven::default()
    }
}

/// The text of a progress report; its event has about 400 bytes.
pub(crate) const PROGRESS: &str = "二号泡沫阵地已建立，冷却三号罐南侧罐壁；水源正常，泡沫液剩余约四成。";
