//! What leaves the node: hundreds of recipients on three channels, the next way of each, and acts beside a dead gateway
//! (Plan 4.2.2, 6.1).

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use domain::delivery::{ChannelKind, Way};
use domain::ledger::Force;
use domain::org::Contact;
use domain::personal::{Personal, Subject};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::client::{Client, good, request};
use super::http::incident_body;
use super::served::Served;
use super::world::PROGRESS;
use super::{Bench, Figure, median, percentile};

/// After this a message is lost.
const LOST_AFTER: Duration = Duration::from_mins(1);
/// Acts beside a dead gateway, and beside one that answers.
const ACTS: usize = 2_000;
/// Who acts at one time.
const CALLERS: usize = 8;

/// Hundreds of recipients on three channels: when has the last gateway the last order, and how late is the next way?
pub(crate) fn run(bench: &Bench) -> anyhow::Result<()> {
    on_runtime(async {
        let (mut all, mut next) = (Vec::new(), Vec::new());
        for _ in 0..bench.reps {
            let (last_ms, late_ms) = once(bench.orders).await?;
            all.push(last_ms);
            next.extend(late_ms);
        }
        let (all, worst) = (median(all), percentile(&mut next, 1.0));
        tell(
            "deliver.all_handed_over",
            all,
            "ms after the approval was asked",
            3_000.0,
            json!({
                "recipients": bench.orders, "channels": 3, "approvals": bench.reps,
            }),
        );
        tell(
            "deliver.next_way.last",
            worst,
            "ms after the limit",
            1_000.0,
            json!({
                "recipients": bench.orders, "median_ms": super::round(percentile(&mut next, 0.5)),
                "p99_ms": super::round(percentile(&mut next, 0.99)),
            }),
        );
        Ok(())
    })
}

/// p99 of acts while hundreds of messages wait for a gateway that takes connections and never says a word, against the
/// same acts beside one that answers.
pub(crate) fn dead_channel(bench: &Bench) -> anyhow::Result<()> {
    on_runtime(async {
        let (mut dead, mut alive, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..bench.reps {
            let beside_dead = acts_beside(silent().await?, bench.orders).await?;
            let (gateway, _got) = gateway().await?;
            let beside_alive = acts_beside(gateway, bench.orders).await?;
            dead.push(beside_dead);
            alive.push(beside_alive);
            ratios.push(beside_dead / beside_alive);
        }
        let ratio = median(ratios);
        Figure {
            name: "dead_channel.acts.p99",
            value: median(dead),
            unit: "ms",
            reference: Some(("the same acts beside a gateway that answers, p99 ms", median(alive))),
            ratio: Some(ratio),
            goal: "ratio <= 1.2",
            met: ratio <= 1.2,
            more: json!({ "acts": ACTS, "callers": CALLERS, "messages_under_way": bench.orders }),
        }
        .tell();
        Ok(())
    })
}

fn on_runtime(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(work)
}

fn tell(name: &str, value: f64, unit: &str, most: f64, more: Value) {
    let goal = format!("<= {most} ms");
    Figure { name, value, unit, reference: None, ratio: None, goal: &goal, met: value <= most, more }.tell();
}

/// One approval: milliseconds until the last order is with its first gateway, and of each order, by how many the second
/// way came after its limit.
async fn once(orders: usize) -> anyhow::Result<(f64, Vec<f64>)> {
    let (address, mut got) = gateway().await?;
    let data = tempfile::tempdir()?;
    let served = serve(data.path(), address, orders).await?;
    let plan = submitted(&served, orders).await?;
    let began = Instant::now();
    approve(&served, &plan).await?;
    // The limit begins when the orders are recorded: not later than the answer.
    let answered = Instant::now();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let (mut last_ms, mut late_ms) = (0.0, Vec::new());
    let limit = Duration::from_secs(way_limit_s(&served));
    while late_ms.len() < orders {
        let (order, at) = tokio::time::timeout(LOST_AFTER, got.recv())
            .await
            .context("a message was lost")?
            .context("the gateway goes on")?;
        let times = seen.entry(order).or_default();
        *times += 1;
        match *times {
            1 => last_ms = at.duration_since(began).as_secs_f64() * 1e3,
            2 => late_ms.push(at.saturating_duration_since(answered + limit).as_secs_f64() * 1e3),
            _ => {}
        }
    }
    served.stop().await?;
    Ok((last_ms, late_ms))
}

/// p99 of acts, in milliseconds, while the messages of an approval are under way by this gateway.
async fn acts_beside(gateway: SocketAddr, orders: usize) -> anyhow::Result<f64> {
    let data = tempfile::tempdir()?;
    let served = serve(data.path(), gateway, orders).await?;
    let (order, token) = super::http::order(&served).await?;
    let plan = submitted(&served, orders).await?;
    approve(&served, &plan).await?;
    let path = format!("/api/v1/orders/{order}/progress");
    let body = json!({ "text": PROGRESS }).to_string();
    let mut callers = Vec::new();
    for n in 0..CALLERS {
        let (path, token, body, address) = (path.clone(), token.clone(), body.clone(), served.address);
        callers.push(tokio::spawn(async move {
            let mut client = Client::connect(address).await?;
            let mut took_ms = Vec::with_capacity(ACTS / CALLERS);
            for i in 0..ACTS / CALLERS {
                let asked = request("POST", &path, &token, Some(&format!("beside-{n}-{i}")), &body);
                let began = Instant::now();
                good(client.exchange(&asked).await?)?;
                took_ms.push(began.elapsed().as_secs_f64() * 1e3);
            }
            anyhow::Ok(took_ms)
        }));
    }
    let mut took_ms = Vec::with_capacity(ACTS);
    for caller in callers {
        took_ms.extend(caller.await??);
    }
    served.stop().await?;
    Ok(percentile(&mut took_ms, 0.99))
}

/// A node with three channels, all by this gateway, and so many forces that are reached by two of them in turn.
async fn serve(data: &std::path::Path, gateway: SocketAddr, forces: usize) -> anyhow::Result<Served> {
    super::world::enlarge_with(data, forces, reached).await?;
    let by_https = |name: &str| {
        json!([{
            "name": name, "url": format!("http://{gateway}/send"), "format": "json",
            "body": { "text": "{plain}", "id": "{id}" }, "success": { "pointer": "/code", "is": ["0"] },
            "limits": { "per_s": 1_000, "at_once": 100 },
        }])
    };
    let target = json!({ "url": format!("http://{gateway}/send"), "secret": "a-secret-of-the-bench" });
    let hook = json!([{
        "name": "hook", "targets": { "city": target }, "limits": { "per_s": 1_000, "at_once": 100 },
    }]);
    let channels = json!({ "sms_https": by_https("sms"), "voice_https": by_https("voice"), "webhook": hook });
    Served::start_sending(data, serde_json::from_value(json!({ "channels": channels }))?).await
}

/// A duty room that is reached by two of three ways.
fn reached(force: &mut Force, n: usize) {
    let sealed = |text: String| Personal::new(Subject(format!("person/bench-{n}")), text);
    let ways = [ChannelKind::Sms, ChannelKind::Voice, ChannelKind::Webhook];
    let way = |n: usize| {
        let channel = ways[n % ways.len()];
        let address = (channel == ChannelKind::Webhook).then(|| sealed("city".to_owned()));
        Way { channel, address }
    };
    force.contacts = vec![Contact {
        title: "值班室".to_owned(),
        name: sealed(format!("值班员{n}")),
        phone: sealed(format!("102-1000-{n:04}")),
        ways: vec![way(n), way(n + 1)],
    }];
}

/// A submitted plan for all of them.
async fn submitted(served: &Served, orders: usize) -> anyhow::Result<String> {
    let dispatcher = served.token("dispatcher")?;
    let mut client = Client::connect(served.address).await?;
    let mut post = async |path: String, key: &str, body: Value| {
        good(client.exchange(&request("POST", &path, &dispatcher, Some(key), &body.to_string())).await?)
    };
    let taken = post("/api/v1/incidents".to_owned(), "call", incident_body()).await?;
    let id = taken["id"].as_str().context("an incident")?.to_owned();
    post(format!("/api/v1/incidents/{id}/verify"), "verify", json!({ "outcome": "real" })).await?;
    let task = |n| json!({ "force": format!("bench-{n}"), "task": "到场增援" });
    let plan = json!({
        "tasks": (0..orders).map(task).collect::<Vec<_>>(), "signed_by": "commander",
        "arrangements": { "assembly_point": { "text": "北门外" }, "report_to": { "position": "现场指挥员" } },
    });
    let plan = post(format!("/api/v1/incidents/{id}/plans"), "plan", plan).await?;
    let plan = plan["id"].as_str().context("a plan")?.to_owned();
    post(format!("/api/v1/plans/{plan}/submit"), "submit", json!({ "revision": 1 })).await?;
    Ok(plan)
}

async fn approve(served: &Served, plan: &str) -> anyhow::Result<()> {
    let leader = served.token("shift-leader")?;
    let mut client = Client::connect(served.address).await?;
    let body = json!({ "revision": 1 }).to_string();
    let path = format!("/api/v1/plans/{plan}/approve");
    good(client.exchange(&request("POST", &path, &leader, Some("approve"), &body)).await?)?;
    Ok(())
}

fn way_limit_s(served: &Served) -> u64 {
    let limit_s = served.node.published().state.readiness.limits().way_limit_s;
    u64::try_from(limit_s).unwrap_or_default()
}

type Got = mpsc::UnboundedReceiver<(String, Instant)>;

/// A gateway that takes all it is given and tells which order it was.
async fn gateway() -> anyhow::Result<(SocketAddr, Got)> {
    let (tell, got) = mpsc::unbounded_channel();
    let take = async |State(tell): State<Arc<mpsc::UnboundedSender<(String, Instant)>>>,
                      Json(body): Json<Value>| {
        let text = body["text"].as_str().unwrap_or_default();
        // 「……出动指令荣消调〔2026〕1号-001：……」; filings and the plan itself are told too, and are not counted.
        if let Some((_, order)) = text.split_once(" 出动指令")
            && let Some((order, _)) = order.split_once('：')
        {
            let _ = tell.send((order.to_owned(), Instant::now()));
        }
        Json(json!({ "code": "0" }))
    };
    let app = Router::new().route("/send", post(take)).with_state(Arc::new(tell));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        let _ = axum::serve(listener, app).await;
    });
    Ok((address, got))
}

/// A gateway that takes connections and never says a word.
async fn silent() -> anyhow::Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    Ok(address)
}
