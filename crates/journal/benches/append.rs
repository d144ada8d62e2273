//! Durable appends beside bare SQLite writing the same rows into the same tables and indexes in the same groups.
//!
//! `cargo bench -p muster-journal` prints one JSON line a figure; both contenders run in turn in each repetition, so
//! that a ratio is between neighbours in time.
#![allow(clippy::print_stdout, reason = "its output is its purpose")]
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a measurement may fall over, and rounds"
)]

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use journal::{
    Digest, Journal, NewAct, NewEntry, OpenOptions, Sha256Ed25519, Sm3Sm2, Suite, Vault, VerifyOptions, View,
    replay, verify,
};
use rusqlite::{Connection, params};

const REPETITIONS: usize = 5;
/// One progress report on an order, about 400 bytes.
const DATA: &str = r#"{"order":"01JQ8Z4T3M6W9X2Y5V7B1C0D8E","text":"已到达现场东侧,正在铺设水带两支,火势向北蔓延,北侧罐区需要冷却,请求增派泡沫车一辆;现场风向西南,风力四级,无人员受伤。","position":[122.41873,36.91254],"strength":12,"occurred_at":1764000000000,"recorded_at":1764000003127,"through":"platform"}"#;

fn main() {
    for suite in [&Sha256Ed25519 as &'static dyn Suite, &Sm3Sm2] {
        appends(suite);
        check_and_read(suite);
        seal(suite);
    }
}

fn appends(suite: &'static dyn Suite) {
    for (group, groups) in [(1, 1_000), (64, 300), (1_024, 40)] {
        let mut ratios = Vec::new();
        let (mut ours, mut bare) = (Vec::new(), Vec::new());
        for repetition in 0..REPETITIONS {
            let dir = tempfile::tempdir_in(".").unwrap();
            let (a, b) = if repetition % 2 == 0 {
                let a = append(suite, &dir.path().join("ours"), group, groups);
                (a, append_bare(&dir.path().join("bare"), group, groups))
            } else {
                let b = append_bare(&dir.path().join("bare"), group, groups);
                (append(suite, &dir.path().join("ours"), group, groups), b)
            };
            ratios.push(b.0 / a.0);
            ours.push(a);
            bare.push(b);
        }
        let rows = (group * groups) as f64;
        println!(
            "{{\"bench\":\"append\",\"suite\":\"{}\",\"group\":{group},\"acts_per_s\":{:.0},\"bare_per_s\":{:.0},\"p50_us\":{:.0},\"bare_p50_us\":{:.0},\"ratio\":{:.3}}}",
            suite.name(),
            rows / median(ours.iter().map(|run| run.0)),
            rows / median(bare.iter().map(|run| run.0)),
            median(ours.iter().map(|run| run.1)),
            median(bare.iter().map(|run| run.1)),
            median(ratios.iter().copied()),
        );
    }
}

/// How quickly a caller's name is sealed and opened again.
fn seal(suite: &'static dyn Suite) {
    const NAMES: usize = 100_000;
    let dir = tempfile::tempdir_in(".").unwrap();
    let vault = Vault::open(dir.path(), suite.sealing()).unwrap();
    let name = r#"{"personal":"incident/1","open":"来电人"}"#;
    let sealed = vault.seal_json(name).unwrap().into_owned();
    let begun = Instant::now();
    for _ in 0..NAMES {
        assert_ne!(vault.seal_json(name).unwrap(), name);
    }
    let seal_us = begun.elapsed().as_secs_f64() * 1e6 / NAMES as f64;
    let begun = Instant::now();
    for _ in 0..NAMES {
        assert_eq!(vault.open_json(&sealed).unwrap(), name);
    }
    let open_us = begun.elapsed().as_secs_f64() * 1e6 / NAMES as f64;
    println!(
        "{{\"bench\":\"seal\",\"suite\":\"{}\",\"seal_us\":{seal_us:.2},\"open_us\":{open_us:.2}}}",
        suite.name()
    );
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Seconds for all, and the median of one commit in microseconds.
fn append(suite: &'static dyn Suite, dir: &Path, group: usize, groups: usize) -> (f64, f64) {
    let mut journal = OpenOptions::new(dir, "371082").create(true).suite(Some(suite)).open().unwrap();
    let mut laps = Vec::with_capacity(groups);
    let begun = Instant::now();
    for batch_number in 0..groups {
        let lap = Instant::now();
        let mut batch = journal.begin().unwrap();
        for number in 0..group {
            let (key, stream) = names(batch_number * group + number);
            assert!(batch.recall("force-017", &key).unwrap().is_none());
            let act =
                NewAct { actor: "force-017", key: &key, request_hash: Digest([1; 32]), resource: &stream };
            let entry = NewEntry {
                time_ms: 1_764_000_000_000,
                stream: &stream,
                kind: "order.progressed",
                version: 1,
                data: DATA,
            };
            batch.append(&act, &[entry]).unwrap();
        }
        batch.commit().unwrap();
        laps.push(lap.elapsed().as_secs_f64() * 1e6);
    }
    (begun.elapsed().as_secs_f64(), median(laps.into_iter()))
}

fn names(number: usize) -> (String, String) {
    // Keys are drawn at random by the clients: spread over the whole index.
    let spread = (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (format!("01JQ8Z4T3M{spread:016X}"), format!("incident/01JQ8Z4T3M6W9X2Y5V7B1C{:04}", number % 50))
}

fn append_bare(dir: &Path, group: usize, groups: usize) -> (f64, f64) {
    // Made by us, so that tables and indexes are the same; written by nothing but SQLite.
    Box::new(OpenOptions::new(dir, "371082").create(true).open().unwrap()).close().unwrap();
    let conn = Connection::open(dir.join("journal.db")).unwrap();
    conn.pragma_update(None, "synchronous", "FULL").unwrap();
    let mut seq = 0_i64;
    let mut laps = Vec::with_capacity(groups);
    let begun = Instant::now();
    for batch_number in 0..groups {
        let lap = Instant::now();
        conn.prepare_cached("BEGIN IMMEDIATE").unwrap().execute([]).unwrap();
        {
            let mut act = conn.prepare_cached("INSERT INTO acts VALUES (?1, ?2, ?3, ?4, ?5, ?6)").unwrap();
            let mut entry = conn
                .prepare_cached("INSERT INTO entries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
                .unwrap();
            for number in 0..group {
                let (key, stream) = names(batch_number * group + number);
                seq += 1;
                act.execute(params!["force-017", key, [1_u8; 32], stream, seq, seq]).unwrap();
                entry
                    .execute(params![
                        seq,
                        1_764_000_000_000_i64,
                        "force-017",
                        key,
                        stream,
                        "order.progressed",
                        1,
                        DATA,
                        [2_u8; 32],
                        [3_u8; 32]
                    ])
                    .unwrap();
            }
            let mut head = conn
                .prepare_cached("UPDATE head SET seq = ?1, hash = ?2, time_ms = ?3 WHERE id = 1")
                .unwrap();
            head.execute(params![seq, [3_u8; 32], 1_764_000_000_000_i64]).unwrap();
        }
        conn.prepare_cached("COMMIT").unwrap().execute([]).unwrap();
        laps.push(lap.elapsed().as_secs_f64() * 1e6);
    }
    (begun.elapsed().as_secs_f64(), median(laps.into_iter()))
}

/// How quickly a journal of 200,000 entries is read and verified.
fn check_and_read(suite: &'static dyn Suite) {
    const GROUP: usize = 1_000;
    const GROUPS: usize = 200;
    let dir = tempfile::tempdir_in(".").unwrap();
    append(suite, dir.path(), GROUP, GROUPS);
    let journal = OpenOptions::new(dir.path(), "371082").open().unwrap();
    let log = journal.log();
    let entries = (GROUP * GROUPS) as f64;
    let begun = Instant::now();
    let mut bytes = 0;
    let mut add = |entry: &journal::EntryRef<'_>| {
        bytes += entry.data.len();
        ControlFlow::Continue(())
    };
    log.scan(1, u64::MAX, View::Opened, &mut add).unwrap();
    let read_s = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    replay(&*log, None, u64::MAX, &mut |_| ControlFlow::Continue(())).unwrap();
    let replay_s = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let report = verify(&*log, &VerifyOptions::default()).unwrap();
    let verify_s = begun.elapsed().as_secs_f64();
    assert!(report.is_whole() && bytes > 0);
    println!(
        "{{\"bench\":\"read\",\"suite\":\"{}\",\"entries_per_s\":{:.0},\"replayed_per_s\":{:.0},\"verified_per_s\":{:.0}}}",
        suite.name(),
        entries / read_s,
        entries / replay_s,
        entries / verify_s
    );
}
