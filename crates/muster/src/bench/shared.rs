//! Durable acts a second with the journal in PostgreSQL: one node beside batched inserts of the same rows in the same
//! database, and three nodes beside one.

use std::sync::Arc;
use std::time::Instant;

use anyhow::ensure;
use domain::Actor;
use domain::types::OrderId;
use journal::Log;
use journal::postgres::{Database, ToSql};
use serde_json::json;

use super::append::report;
use super::world::World;
use super::{Bench, Figure, median};

/// Callers of the three nodes, and of the one beside them.
const CALLERS_OF_THREE: usize = 192;

/// Tables like the journal's, with the same indexes, written by nothing else.
const BARE: &str = "DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare;
    CREATE TABLE bare.entries (LIKE muster.entries INCLUDING ALL);
    CREATE TABLE bare.acts (LIKE muster.acts INCLUDING ALL);
    CREATE TABLE bare.heads (LIKE muster.heads INCLUDING ALL);
    INSERT INTO bare.heads SELECT * FROM muster.heads";
const INSERT_ENTRIES: &str = "INSERT INTO bare.entries
    (jurisdiction, seq, time_ms, actor, key, stream, kind, version, data, prev_hash, hash)
    SELECT $1, * FROM unnest($2::int8[], $3::int8[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int8[],
        $9::text[], $10::bytea[], $11::bytea[])";
const INSERT_ACTS: &str = "INSERT INTO bare.acts
    (jurisdiction, actor, key, request_hash, resource, first_seq, last_seq)
    SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bytea[], $5::text[], $6::int8[], $6::int8[])";
const MOVE_HEAD: &str = "UPDATE bare.heads SET seq = $2, hash = $3, time_ms = $4 WHERE jurisdiction = $1";
const REMOVE: &str = "DROP SCHEMA IF EXISTS bare CASCADE; DROP SCHEMA IF EXISTS muster CASCADE";

/// The database must be empty, and is again afterwards.
pub(crate) fn run(bench: &Bench, address: &str) -> anyhow::Result<()> {
    let database = Database::new(address)?;
    let used: bool = database.run(async |conn| {
        let asked = "SELECT EXISTS (SELECT 1 FROM information_schema.schemata WHERE schema_name = 'muster')";
        Ok(conn.client().query_one(asked, &[]).await?.get(0))
    })?;
    ensure!(!used, "the database {} is in use: measure in an empty one", database.name());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let measured = runtime.block_on(async {
        for (callers, goal) in [(64, 0.0), (1_024, 0.5)] {
            one(bench, &database, callers, goal).await?;
        }
        three(bench, &database).await
    });
    remove(&database)?;
    measured
}

fn remove(database: &Database) -> anyhow::Result<()> {
    Ok(database.run(async |conn| conn.client().batch_execute(REMOVE).await)?)
}

/// So many acts by so many callers of one node: acts a second, and how many went into a group.
async fn acts_per_s(
    world: &Arc<World>,
    (order, actor): (OrderId, &Actor),
    callers: usize,
    acts: usize,
) -> anyhow::Result<(f64, usize)> {
    let before = world.engine().metrics.batches();
    let began = Instant::now();
    report(world, order, actor, callers, acts).await?;
    let seconds = began.elapsed().as_secs_f64();
    let batches = usize::try_from(world.engine().metrics.batches() - before)?.max(1);
    Ok((per_s(acts, seconds), acts.div_ceil(batches)))
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
fn per_s(count: usize, seconds: f64) -> f64 {
    count as f64 / seconds
}

async fn stop(world: Arc<World>) -> anyhow::Result<()> {
    let Ok(world) = Arc::try_unwrap(world) else { anyhow::bail!("somebody still asks the world") };
    Ok(tokio::task::spawn_blocking(move || world.running.stop()).await??)
}

async fn one(bench: &Bench, database: &Arc<Database>, callers: usize, goal: f64) -> anyhow::Result<()> {
    let (mut ours, mut bare, mut ratios, mut group) = (Vec::new(), Vec::new(), Vec::new(), 1);
    for _ in 0..bench.reps {
        remove(database)?;
        let data = tempfile::tempdir()?;
        let world = Arc::new(World::on(database, data.path(), &data.path().join("keys"), "one").await?);
        let (order, actor) = world.order().await?;
        let (own, in_a_group) = acts_per_s(&world, (order, &actor), callers, bench.acts).await?;
        group = in_a_group;
        let rows = Rows::last(&*world.engine().log, bench.acts)?;
        stop(world).await?;
        let reference = rows.written_per_s(database, group)?;
        ours.push(own);
        bare.push(reference);
        ratios.push(own / reference);
    }
    let ratio = median(ratios);
    Figure {
        name: if callers == 64 { "append.postgres.64_callers" } else { "append.postgres.1024_callers" },
        value: median(ours),
        unit: "acts/s",
        reference: Some(("batched inserts of the same rows, tables and groups, rows/s", median(bare))),
        ratio: Some(ratio),
        goal: if goal > 0.0 { "ratio >= 0.5" } else { "none: how groups of 64 fare" },
        met: ratio >= goal,
        more: json!({ "callers": callers, "acts_in_a_group": group }),
    }
    .tell();
    Ok(())
}

async fn three(bench: &Bench, database: &Arc<Database>) -> anyhow::Result<()> {
    let (mut together, mut alone, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.reps {
        remove(database)?;
        let data = tempfile::tempdir()?;
        let keys = data.path().join("keys");
        let first = Arc::new(World::on(database, &data.path().join("1"), &keys, "first").await?);
        let (order, actor) = first.order().await?;
        let (one, _) = acts_per_s(&first, (order, &actor), CALLERS_OF_THREE, bench.acts).await?;
        let second = Arc::new(World::on(database, &data.path().join("2"), &keys, "second").await?);
        let third = Arc::new(World::on(database, &data.path().join("3"), &keys, "third").await?);
        let (callers, acts) = (CALLERS_OF_THREE / 3, bench.acts / 3);
        let began = Instant::now();
        tokio::try_join!(
            report(&first, order, &actor, callers, acts),
            report(&second, order, &actor, callers, acts),
            report(&third, order, &actor, callers, acts),
        )?;
        let all = per_s(3 * acts, began.elapsed().as_secs_f64());
        for world in [first, second, third] {
            stop(world).await?;
        }
        together.push(all);
        alone.push(one);
        ratios.push(all / one);
    }
    let ratio = median(ratios);
    Figure {
        name: "append.postgres.three_nodes",
        value: median(together),
        unit: "acts/s",
        reference: Some(("one node with as many callers, acts/s", median(alone))),
        ratio: Some(ratio),
        goal: "ratio >= 0.7",
        met: ratio >= 0.7,
        more: json!({ "callers": CALLERS_OF_THREE }),
    }
    .tell();
    Ok(())
}

/// Entries as they are stored, with their acts.
struct Rows {
    entries: Vec<journal::Entry>,
    receipts: Vec<journal::Receipt>,
}

impl Rows {
    fn last(log: &dyn Log, count: usize) -> anyhow::Result<Self> {
        let head = log.head()?.seq;
        let mut rows = Self { entries: Vec::new(), receipts: Vec::new() };
        log.scan(head.saturating_sub(count as u64) + 1, head, journal::View::Stored, &mut |entry| {
            rows.entries.push(entry.to_entry());
            std::ops::ControlFlow::Continue(())
        })?;
        let mut acts = std::collections::HashMap::new();
        log.scan_acts(&mut |act| {
            let receipt = journal::Receipt {
                request_hash: act.request_hash,
                resource: act.resource.to_owned(),
                first_seq: act.first_seq,
                last_seq: act.last_seq,
            };
            acts.insert(act.first_seq, receipt);
        })?;
        rows.entries.retain(|entry| entry.kind == "order.progressed");
        rows.receipts = rows.entries.iter().filter_map(|entry| acts.remove(&entry.seq)).collect();
        ensure!(rows.receipts.len() == rows.entries.len(), "every progress report is an act");
        Ok(rows)
    }

    fn written_per_s(&self, database: &Database, group: usize) -> anyhow::Result<f64> {
        database.run(async |conn| conn.client().batch_execute(BARE).await)?;
        let jurisdiction = self.entries.first().map(|entry| entry.jurisdiction.clone()).unwrap_or_default();
        let began = Instant::now();
        for (entries, receipts) in self.entries.chunks(group).zip(self.receipts.chunks(group)) {
            write(database, &jurisdiction, entries, receipts)?;
        }
        Ok(per_s(self.entries.len(), began.elapsed().as_secs_f64()))
    }
}

/// One group: two inserts and the head, sent at once, then the commit.
fn write(
    database: &Database,
    jurisdiction: &str,
    entries: &[journal::Entry],
    receipts: &[journal::Receipt],
) -> anyhow::Result<()> {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let texts = |of: fn(&journal::Entry) -> &str| entries.iter().map(of).collect::<Vec<&str>>();
    let seqs: Vec<i64> = entries.iter().map(|entry| number(entry.seq)).collect();
    let times: Vec<i64> = entries.iter().map(|entry| entry.time_ms).collect();
    let versions: Vec<i64> = entries.iter().map(|entry| i64::from(entry.version)).collect();
    let (actors, keys) = (texts(|entry| &entry.actor), texts(|entry| &entry.key));
    let (streams, kinds, data) =
        (texts(|entry| &entry.stream), texts(|entry| &entry.kind), texts(|entry| &entry.data));
    let prev_hashes: Vec<&[u8]> = entries.iter().map(|entry| entry.prev_hash.0.as_slice()).collect();
    let hashes: Vec<&[u8]> = entries.iter().map(|entry| entry.hash.0.as_slice()).collect();
    let requests: Vec<&[u8]> = receipts.iter().map(|receipt| receipt.request_hash.0.as_slice()).collect();
    let resources: Vec<&str> = receipts.iter().map(|receipt| receipt.resource.as_str()).collect();
    let Some(last) = entries.last() else { return Ok(()) };
    let head = (number(last.seq), last.hash.0.as_slice());
    let entry_params: [&(dyn ToSql + Sync); 11] = [
        &jurisdiction,
        &seqs,
        &times,
        &actors,
        &keys,
        &streams,
        &kinds,
        &versions,
        &data,
        &prev_hashes,
        &hashes,
    ];
    let act_params: [&(dyn ToSql + Sync); 6] = [&jurisdiction, &actors, &keys, &requests, &resources, &seqs];
    let head_params: [&(dyn ToSql + Sync); 4] = [&jurisdiction, &head.0, &head.1, &last.time_ms];
    database.run(async |conn| {
        let insert_entries = conn.prepared(INSERT_ENTRIES).await?;
        let insert_acts = conn.prepared(INSERT_ACTS).await?;
        let move_head = conn.prepared(MOVE_HEAD).await?;
        conn.client().batch_execute("BEGIN").await?;
        tokio::try_join!(
            conn.client().execute(&insert_entries, &entry_params),
            conn.client().execute(&insert_acts, &act_params),
            conn.client().execute(&move_head, &head_params),
        )?;
        conn.client().batch_execute("COMMIT").await
    })?;
    Ok(())
}
