//! Durable acts a second over HTTP, against an axum handler that parses and echoes the same body.

use std::net::SocketAddr;
use std::time::Instant;

use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::client::{Client, good, request};
use super::served::Served;
use super::world::PROGRESS;
use super::{Bench, Figure, median, percentile};

/// Connections, as in the anchor (research: 64 connections).
const CONNECTIONS: usize = 64;
/// Incidents created one after the other.
const INCIDENTS: usize = 500;

pub(crate) fn run(bench: &Bench) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let (mut ours, mut echoes, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let mut created = Vec::new();
        for rep in 0..bench.reps {
            let data = tempfile::tempdir()?;
            let served = Served::start(data.path()).await?;
            let (order, token) = order(&served).await?;
            let acts = bench.acts.min(20_000);
            let path = format!("/api/v1/orders/{order}/progress");
            let own = load(served.address, &path, &token, acts, rep).await?;
            created.extend(create(&served).await?);
            served.stop().await?;
            let (address, echo) = echo().await?;
            let reference = load(address, "/echo", "-", acts, rep).await?;
            echo.abort();
            ours.push(own);
            echoes.push(reference);
            ratios.push(own / reference);
        }
        let ratio = median(ratios);
        Figure {
            name: "http.progress",
            value: median(ours),
            unit: "acts/s",
            reference: Some(("axum POST parsed and echoed, same client, requests/s", median(echoes))),
            ratio: Some(ratio),
            goal: "ratio >= 0.25",
            met: ratio >= 0.25,
            more: json!({ "connections": CONNECTIONS }),
        }
        .tell();
        let (p50, p99) = (percentile(&mut created, 0.5) * 1e3, percentile(&mut created, 0.99) * 1e3);
        Figure {
            name: "http.create_incident.p50",
            value: p50,
            unit: "ms",
            reference: None,
            ratio: None,
            goal: "<= 2 ms (Sahana Eden 91, TicketsCAD 41)",
            met: p50 <= 2.0,
            more: json!({ "p99_ms": super::round(p99), "durable": true }),
        }
        .tell();
        anyhow::Ok(())
    })
}

/// An order of an own station, and the token of its terminal.
pub(crate) async fn order(served: &Served) -> anyhow::Result<(String, String)> {
    let dispatcher = served.token("dispatcher")?;
    let mut client = Client::connect(served.address).await?;
    let body = incident_body().to_string();
    let taken =
        good(client.exchange(&request("POST", "/api/v1/incidents", &dispatcher, Some("o1"), &body)).await?)?;
    let id = taken["id"].as_str().unwrap_or_default().to_owned();
    let verify = json!({ "outcome": "real" }).to_string();
    let path = format!("/api/v1/incidents/{id}/verify");
    good(client.exchange(&request("POST", &path, &dispatcher, Some("o2"), &verify)).await?)?;
    let proposal = format!("/api/v1/incidents/{id}/proposal");
    let proposal = good(client.exchange(&request("GET", &proposal, &dispatcher, None, "")).await?)?;
    let force = proposal["first_response"][0]["force"].as_str().unwrap_or_default().to_owned();
    let body = json!({
        "orders": [{ "force": force, "task": "先期处置" }],
        "arrangements": { "assembly_point": { "text": "北门外" }, "report_to": { "position": "现场指挥员" } },
    });
    let path = format!("/api/v1/incidents/{id}/first-response");
    good(client.exchange(&request("POST", &path, &dispatcher, Some("o3"), &body.to_string())).await?)?;
    let orders = format!("/api/v1/orders?incident={id}");
    let orders = good(client.exchange(&request("GET", &orders, &dispatcher, None, "")).await?)?;
    let order = orders[0]["id"].as_str().unwrap_or_default().to_owned();
    anyhow::ensure!(!order.is_empty(), "no order was issued");
    Ok((order, served.token(&force)?))
}

/// A call as a dispatcher types it.
pub(crate) fn incident_body() -> Value {
    json!({
        "source": "119", "caller": "来电人", "caller_number": "0631-0000001",
        "place": { "text": "石岛油库", "place": "place-shidaoyouku" },
        "hazard": "hazchem", "grade": 3, "trapped": 2, "substance": "汽油", "narrative": "三号罐起火",
    })
}

async fn load(address: SocketAddr, path: &str, token: &str, acts: usize, rep: usize) -> anyhow::Result<f64> {
    let body = json!({ "text": PROGRESS }).to_string();
    let share = acts / CONNECTIONS;
    let began = Instant::now();
    let mut tasks = Vec::new();
    for n in 0..CONNECTIONS {
        let (path, token, body) = (path.to_owned(), token.to_owned(), body.clone());
        tasks.push(tokio::spawn(async move {
            let mut client = Client::connect(address).await?;
            for i in 0..share {
                let key = format!("p-{rep}-{n}-{i}");
                let (status, _) = client.exchange(&request("POST", &path, &token, Some(&key), &body)).await?;
                anyhow::ensure!(status < 300, "the node answered {status}");
            }
            anyhow::Ok(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
    Ok((share * CONNECTIONS) as f64 / began.elapsed().as_secs_f64())
}

/// Seconds of each of some durable incidents, created one after the other.
async fn create(served: &Served) -> anyhow::Result<Vec<f64>> {
    let token = served.token("dispatcher")?;
    let mut client = Client::connect(served.address).await?;
    let body = incident_body().to_string();
    let mut seconds = Vec::with_capacity(INCIDENTS);
    for n in 0..INCIDENTS {
        let key = format!("c-{n}");
        let request = request("POST", "/api/v1/incidents", &token, Some(&key), &body);
        let began = Instant::now();
        good(client.exchange(&request).await?)?;
        seconds.push(began.elapsed().as_secs_f64());
    }
    Ok(seconds)
}

async fn echo() -> anyhow::Result<(SocketAddr, tokio::task::JoinHandle<()>)> {
    let app = Router::new().route("/echo", post(async |Json(body): Json<Value>| Json(body)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(async move {
        let _ = axum::serve(listener, app).await;
    });
    Ok((address, task))
}
