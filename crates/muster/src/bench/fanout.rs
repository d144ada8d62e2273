//! One approval, hundreds of orders, thousands of connected sessions: when has the last terminal its order?

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use super::client::{Client, good, request};
use super::http::incident_body;
use super::served::Served;
use super::{Bench, Figure, median, percentile};

/// An order that is not there after this is lost.
const LOST_AFTER: Duration = Duration::from_secs(10);

pub(crate) fn run(bench: &Bench) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let data = tempfile::tempdir()?;
        super::world::enlarge(data.path(), bench.orders).await?;
        let served = Served::start(data.path()).await?;
        let desks = bench.sessions.saturating_sub(bench.orders);
        let mut quiet = Vec::new();
        for n in 0..desks {
            let account = ["dispatcher", "bureau", "govt", "leader"][n % 4];
            quiet.push(drain(stream(&served, account).await?));
        }
        let (mut last, mut p99) = (Vec::new(), Vec::new());
        for rep in 0..bench.reps {
            let mut seconds = once(&served, bench.orders, rep).await?;
            p99.push(percentile(&mut seconds, 0.99) * 1e3);
            last.push(percentile(&mut seconds, 1.0) * 1e3);
        }
        let memory_mb = memory_mb();
        quiet.iter().for_each(tokio::task::JoinHandle::abort);
        served.stop().await?;
        let (terminals, last) = (median(p99), percentile(&mut last, 0.99));
        Figure {
            name: "fanout.last_terminal.p99",
            value: last,
            unit: "ms after the approval was asked",
            reference: None,
            ratio: None,
            goal: "<= 250 ms",
            met: last <= 250.0,
            more: json!({
                "orders": bench.orders, "sessions": desks + bench.orders, "approvals": bench.reps,
                "p99_of_terminals_ms": super::round(terminals),
                "memory_of_node_and_clients_mb": memory_mb,
            }),
        }
        .tell();
        anyhow::Ok(())
    })
}

/// One approval; gives for each terminal the seconds until its order was there.
async fn once(served: &Served, orders: usize, rep: usize) -> anyhow::Result<Vec<f64>> {
    let dispatcher = served.token("dispatcher")?;
    let mut client = Client::connect(served.address).await?;
    let mut post = async |path: String, key: &str, body: Value, token: &str| {
        let key = format!("{key}-{rep}");
        good(client.exchange(&request("POST", &path, token, Some(&key), &body.to_string())).await?)
    };
    let taken = post("/api/v1/incidents".to_owned(), "call", incident_body(), &dispatcher).await?;
    let id = taken["id"].as_str().context("an incident")?.to_owned();
    post(format!("/api/v1/incidents/{id}/verify"), "verify", json!({ "outcome": "real" }), &dispatcher)
        .await?;
    let tasks: Vec<Value> =
        (0..orders).map(|n| json!({ "force": format!("bench-{n}"), "task": "到场增援" })).collect();
    let plan = json!({
        "tasks": tasks, "signed_by": "commander",
        "arrangements": { "assembly_point": { "text": "北门外" }, "report_to": { "position": "现场指挥员" } },
    });
    let plan = post(format!("/api/v1/incidents/{id}/plans"), "plan", plan, &dispatcher).await?;
    let plan = plan["id"].as_str().context("a plan")?.to_owned();
    post(format!("/api/v1/plans/{plan}/submit"), "submit", json!({ "revision": 1 }), &dispatcher).await?;
    let mut terminals = Vec::with_capacity(orders);
    for n in 0..orders {
        terminals.push(stream(served, &format!("bench-{n}")).await?);
    }
    let leader = served.token("shift-leader")?;
    let asked = Arc::new(std::sync::OnceLock::new());
    let waiting: Vec<_> =
        terminals.into_iter().map(|s| tokio::spawn(wait_for_order(s, Arc::clone(&asked)))).collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    asked.get_or_init(Instant::now);
    post(format!("/api/v1/plans/{plan}/approve"), "approve", json!({ "revision": 1 }), &leader).await?;
    let mut seconds = Vec::with_capacity(orders);
    for terminal in waiting {
        seconds.push(tokio::time::timeout(LOST_AFTER, terminal).await.context("an order was lost")???);
    }
    Ok(seconds)
}

async fn stream(served: &Served, account: &str) -> anyhow::Result<TcpStream> {
    let token = served.token(account)?;
    let client = Client::connect(served.address).await?;
    client.open_stream(&request("GET", "/api/v1/stream", &token, None, "")).await
}

fn drain(mut stream: TcpStream) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut buffer = vec![0; 4 << 10];
        while stream.read(&mut buffer).await.is_ok_and(|n| n > 0) {}
    })
}

async fn wait_for_order(
    mut stream: TcpStream,
    asked: Arc<std::sync::OnceLock<Instant>>,
) -> anyhow::Result<f64> {
    let mut read = Vec::with_capacity(8 << 10);
    loop {
        anyhow::ensure!(stream.read_buf(&mut read).await? > 0, "the stream ended");
        let told = read.windows(14).any(|w| w == b"\"order.issued\"");
        if let Some(asked) = asked.get().filter(|_| told) {
            return Ok(asked.elapsed().as_secs_f64());
        }
    }
}

/// Resident memory of this process, clients included.
fn memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or("0");
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) / 1024
}
