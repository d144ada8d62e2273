//! A node's engine over a directory of its own, with Rongcheng's real data and named accounts.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::dispatch::order_first_response::OrderFirstResponse;
use domain::dispatch::{ArrangementsGiven, ReportToGiven, TaskGiven};
use domain::incident::Source;
use domain::incident::take_call::TakeCall;
use domain::incident::verify_call::{Outcome, VerifyCall};
use domain::types::{IncidentId, OrderId, PlaceGiven, Time};
use domain::{Act, Actor, State, Told};
use server::desk::{ActError, Receipt};
use server::engine::{Engine, EngineOptions, Running, start};
use server::hash::sha256;
use server::now::Now;
use server::{seed, view};

/// 2026-11-24 08:00 at Rongcheng.
pub(crate) const MORNING: i64 = 1_795_478_400_000;

/// Time that passes only when told.
#[derive(Clone)]
pub(crate) struct Watch(Arc<AtomicI64>);

impl Watch {
    pub(crate) fn set() -> Self {
        Self(Arc::new(AtomicI64::new(MORNING)))
    }
    pub(crate) fn now(&self) -> Now {
        let inner = Arc::clone(&self.0);
        Now::from_fn(move || Time(inner.load(Ordering::Relaxed)))
    }
    pub(crate) fn passes_s(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::Relaxed);
    }
}

pub(crate) fn options(data: &Path, watch: &Watch) -> EngineOptions {
    let mut options = EngineOptions::new(data, "371082", Box::new(view::live::change));
    options.now = watch.now();
    options
}

/// Starts an engine and, on an empty journal, establishes Rongcheng.
pub(crate) async fn rongcheng(options: EngineOptions) -> Running {
    let now = options.now.now();
    let running = start(options).unwrap();
    if running.engine.published().jurisdiction.code.is_empty() {
        let act = seed::load(&seed::Source::Shipped, now).unwrap();
        running.engine.act_as_node("establish/371082", act).await.unwrap();
    }
    running
}

/// The actor behind an account.
pub(crate) fn who(engine: &Engine, account: &str) -> Actor {
    engine.published().org.account(&account.parse().unwrap()).unwrap().actor()
}

/// Asks under a key; the request is the key's own name.
pub(crate) async fn asks(
    engine: &Engine,
    account: &str,
    key: &str,
    act: impl Into<Act>,
) -> Result<Receipt, ActError> {
    asks_as(engine, account, key, key, act).await
}

/// Asks with a request of its own.
pub(crate) async fn asks_as(
    engine: &Engine,
    account: &str,
    key: &str,
    request: &str,
    act: impl Into<Act>,
) -> Result<Receipt, ActError> {
    let actor = who(engine, account);
    engine.desk.act(actor, key.to_owned(), sha256(request.as_bytes()), Told::default(), act).await
}

/// A tank burns at 石岛油库.
pub(crate) fn oil_depot_call() -> TakeCall {
    TakeCall {
        source: Source::Fire119,
        caller: Some("油库值班员".to_owned()),
        caller_number: Some("0631-0999001".to_owned()),
        recording: None,
        place: PlaceGiven { place: Some("place-shidaoyouku".parse().unwrap()), ..PlaceGiven::default() },
        hazard: Some("hazchem".to_owned()),
        grade: Some(3),
        trapped: Some(2),
        substance: Some("汽油".to_owned()),
        narrative: Some("三号罐罐体起火，㛃某、𠮷某被困".to_owned()),
        drill: false,
        same_as: None,
        received_at: None,
    }
}

pub(crate) async fn takes_call(engine: &Engine, key: &str) -> IncidentId {
    asks(engine, "dispatcher", key, oil_depot_call()).await.unwrap().incident.unwrap()
}

pub(crate) async fn verifies(engine: &Engine, key: &str, incident: IncidentId, outcome: Outcome) -> Receipt {
    asks(engine, "dispatcher", key, VerifyCall { incident, outcome, note: None }).await.unwrap()
}

/// A task for a force.
pub(crate) fn task_for(force: &str) -> TaskGiven {
    TaskGiven {
        force: force.parse().unwrap(),
        task: "冷却着火罐".to_owned(),
        slot: None,
        capability: None,
        quantity: None,
    }
}

/// Where they gather and whom they report to.
pub(crate) fn arrangements() -> ArrangementsGiven {
    ArrangementsGiven {
        assembly_point: PlaceGiven { text: "油库北门外 200 米".to_owned(), ..PlaceGiven::default() },
        report_to: ReportToGiven { position: "现场指挥员".to_owned(), phone: None },
        radio_channel: Some("消防 3 频道".to_owned()),
        ..ArrangementsGiven::default()
    }
}

/// Own stations go at once; gives their orders.
pub(crate) async fn first_response(
    engine: &Engine,
    key: &str,
    incident: IncidentId,
    forces: &[&str],
) -> Vec<OrderId> {
    let orders = forces.iter().map(|force| task_for(force)).collect();
    let act = OrderFirstResponse { incident, orders, arrangements: arrangements() };
    asks(engine, "commander", key, act).await.unwrap();
    let state = engine.published();
    let file = state.incident(incident).unwrap();
    forces.iter().map(|f| file.dispatch.running_order_of(&f.parse().unwrap()).unwrap().id).collect()
}

/// The state as text, for comparison.
pub(crate) fn written(state: &State) -> String {
    serde_json::to_string(state).unwrap()
}
