//! Lists of a thousand incidents, and reads while acts are written.

use std::time::{Duration, Instant};

use serde_json::json;

use super::client::{Client, good, request};
use super::http::{incident_body, order};
use super::served::Served;
use super::world::PROGRESS;
use super::{Bench, Figure, median, percentile};

/// Incidents in the list.
const INCIDENTS: usize = 1_000;
/// Reads measured in one repetition.
const READS: usize = 300;
/// Acts a second that are written beside the reads.
const ACTS_PER_S: u64 = 200;

pub(crate) fn run(bench: &Bench) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let data = tempfile::tempdir()?;
        let served = Served::start(data.path()).await?;
        let token = served.token("dispatcher")?;
        let mut client = Client::connect(served.address).await?;
        let body = incident_body().to_string();
        for n in 0..INCIDENTS {
            let key = format!("l-{n}");
            good(client.exchange(&request("POST", "/api/v1/incidents", &token, Some(&key), &body)).await?)?;
        }
        let list = request("GET", "/api/v1/incidents?limit=1000", &token, None, "");
        let (quiet, bytes) = reads(&mut client, &list, bench.reps, 0.5).await?;
        tell("list.1000_incidents.p50", quiet * 1e3, 5.0, "<= 5 ms (Sahana Eden 117)", bytes);
        let (order, terminal) = order(&served).await?;
        let writer = tokio::spawn(write(served.address, order, terminal));
        let desk = request("GET", "/api/v1/incidents?limit=100", &token, None, "");
        let (busy, bytes) = reads(&mut client, &desk, bench.reps, 0.99).await?;
        writer.abort();
        tell("read.100_incidents.p99_at_200_acts_s", busy * 1e3, 20.0, "<= 20 ms", bytes);
        served.stop().await
    })
}

/// The seconds below which a share of the reads lies, the median of the repetitions; and the bytes of one answer.
async fn reads(client: &mut Client, request: &[u8], reps: usize, share: f64) -> anyhow::Result<(f64, usize)> {
    let (mut found, mut bytes) = (Vec::with_capacity(reps), 0);
    for _ in 0..reps {
        let mut seconds = Vec::with_capacity(READS);
        for _ in 0..READS {
            let began = Instant::now();
            let (status, body) = client.exchange(request).await?;
            seconds.push(began.elapsed().as_secs_f64());
            anyhow::ensure!(status == 200, "the node answered {status}");
            bytes = body.len();
        }
        found.push(percentile(&mut seconds, share));
    }
    Ok((median(found), bytes))
}

async fn write(address: std::net::SocketAddr, order: String, token: String) -> anyhow::Result<()> {
    let mut client = Client::connect(address).await?;
    let path = format!("/api/v1/orders/{order}/progress");
    let body = json!({ "text": PROGRESS }).to_string();
    let mut tick = tokio::time::interval(Duration::from_micros(1_000_000 / ACTS_PER_S));
    for n in 0_u64.. {
        tick.tick().await;
        let key = format!("w-{n}");
        good(client.exchange(&request("POST", &path, &token, Some(&key), &body)).await?)?;
    }
    Ok(())
}

fn tell(name: &str, value: f64, most: f64, goal: &str, bytes: usize) {
    Figure {
        name,
        value,
        unit: "ms",
        reference: None,
        ratio: None,
        goal,
        met: value <= most,
        more: json!({ "bytes": bytes }),
    }
    .tell();
}
