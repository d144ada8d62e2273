//! The journal under kill -9 and power cuts.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use journal::{
    Digest, Journal as _, NewAct, NewEntry, OpenOptions, Planted, Sha256Ed25519, Sm3Sm2, Snapshot, Suite,
    VerifyOptions, replay, verify,
};
use muster_tests::powerloss::{Loss, PowerLoss, Random, copy_tree, reconstruct};

use crate::child::{Running, directory_for};

const PART: &str = "journal_survives::appends_until_it_is_killed";
/// The journal is begun anew after so many kills: long histories are another test's matter.
const KILLS_EACH: u64 = 6;

/// Where a journal of the suite of GM/T lies, for child and test alike.
const GM: &str = "live-gm";

/// Small, so that the log is copied into the database many times in a child's short life.
fn options(dir: impl Into<PathBuf>) -> OpenOptions {
    let dir = dir.into();
    let suite: &dyn Suite = if dir.ends_with(GM) { &Sm3Sm2 } else { &Sha256Ed25519 };
    OpenOptions::new(dir, "371082").create(true).suite(Some(suite)).checkpoint_pages(64)
}

/// The child that is killed; run by itself it has no directory and returns at once. Appends batches of acts, each with a caller's name and number, and says
/// each act that was acknowledged.
#[test]
#[allow(clippy::print_stdout, reason = "how the child speaks")]
fn appends_until_it_is_killed() {
    use std::fmt::Write as _;
    use std::io::Write as _;
    let Some(dir) = directory_for(PART) else { return };
    let mut journal = options(dir).open().unwrap();
    let started = journal.head().seq;
    let mut random = Random(started ^ u64::from(std::process::id()));
    println!("child: open");
    for batch_number in 0_u64.. {
        let mut batch = journal.begin().unwrap();
        let mut said = String::new();
        for act_number in 0..=random.below(40) {
            let key = format!("{started}-{batch_number}-{act_number}");
            let entries = 1 + random.below(3);
            let data = format!(
                r#"{{"caller":{{"personal":"person/{key}","open":"李德贵"}},"text":"{}"}}"#,
                "石岛".repeat(random.below(60))
            );
            let time_ms = batch.head().time_ms.max(0) + 1;
            let entry = NewEntry { time_ms, stream: "incident/1", kind: "noted", version: 1, data: &data };
            let act = NewAct { actor: "brigade", key: &key, request_hash: Digest::default(), resource: &key };
            let put = batch.append(&act, &vec![entry; entries]).unwrap();
            writeln!(said, "child: {key} {} {}", put.first_seq, put.last_seq).unwrap();
        }
        batch.commit().unwrap();
        print!("{said}");
        std::io::stdout().flush().unwrap();
        if batch_number % 16 == 7 {
            let head = journal.head().clone();
            let body = vec![7; 10_000];
            let snapshot = Snapshot { seq: head.seq, hash: head.hash, state_format: "1".to_owned(), body };
            journal.snapshots().save(&snapshot).unwrap();
        }
    }
}

/// Every act that was acknowledged: its key, and where it was put.
type Acknowledged = BTreeMap<String, (u64, u64)>;

struct Cut {
    place: tempfile::TempDir,
    power: PowerLoss,
    acknowledged: Acknowledged,
    random: Random,
    /// The directory of the journal; every other seed has the suite of GM/T.
    live: &'static str,
}

impl Cut {
    fn new(seed: u64) -> Self {
        let place = tempfile::tempdir().unwrap();
        let power = PowerLoss::build(place.path()).unwrap();
        let live = if seed % 2 == 1 { GM } else { "live" };
        let cut = Self { place, power, acknowledged: Acknowledged::new(), random: Random(seed), live };
        fs::create_dir(cut.path(live)).unwrap();
        cut
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// Runs the child, kills it at a random moment, cuts the power; tells what is wrong with what is left.
    fn kill_once(&mut self, fault: &str) -> Result<(), String> {
        let [live, base, log, out] = [self.live, "base", "log", "out"].map(|name| self.path(name));
        copy_tree(&live, &base).unwrap();
        let running = Running::start(PART, &self.power, &live, &log, fault);
        // One in four dies while it opens the journal, perhaps for the first time.
        let time = if self.random.below(4) == 0 {
            Duration::from_micros(self.random.below(60_000) as u64)
        } else {
            assert_eq!(running.hears(), "open");
            Duration::from_micros(self.random.below(250_000) as u64)
        };
        for line in running.killed_after(time) {
            let mut parts = line.split(' ');
            if let (Some(key), Some(first), Some(last)) = (parts.next(), parts.next(), parts.next()) {
                self.acknowledged.insert(key.to_owned(), (first.parse().unwrap(), last.parse().unwrap()));
            }
        }
        let seed = self.random.draw();
        let loss = if self.random.below(3) == 0 { Loss::Unsynced } else { Loss::Seeded(seed) };
        // It may have died before its first write, even before there was a record.
        if log.exists() {
            reconstruct(&log, &live, &base, &out, loss).unwrap();
            fs::remove_file(&log).unwrap();
        } else {
            copy_tree(&base, &out).unwrap();
        }
        fs::remove_dir_all(&live).unwrap();
        fs::remove_dir_all(&base).unwrap();
        fs::rename(&out, &live).unwrap();
        self.check().map_err(|wrong| format!("{wrong} ({loss:?}, killed after {time:?})"))
    }

    /// Opens what is left; every acknowledged act is there, once, and opens.
    fn check(&self) -> Result<(), String> {
        let journal = options(self.path(self.live))
            .plant(Planted::None)
            .open()
            .map_err(|fault| format!("{fault:?}"))?;
        let log = journal.log();
        let report = verify(&*log, &VerifyOptions::default()).map_err(|fault| format!("{fault:?}"))?;
        if let Some(broken) = report.first_broken() {
            return Err(broken.to_string());
        }
        let mut found = Acknowledged::new();
        let mut doubled = None;
        let replayed = replay(&*log, None, u64::MAX, &mut |entry| {
            if !entry.data.contains("李德贵") {
                doubled = Some(format!("entry {} does not open", entry.seq));
            }
            let range = found.entry(entry.key.to_owned()).or_insert((entry.seq, entry.seq - 1));
            if range.1 + 1 != entry.seq {
                doubled = Some(format!("the act {} is there twice", entry.key));
            }
            range.1 = entry.seq;
            ControlFlow::Continue(())
        });
        replayed.map_err(|fault| format!("{fault:?}"))?;
        if let Some(wrong) = doubled {
            return Err(wrong);
        }
        for (key, put) in &self.acknowledged {
            if found.get(key) != Some(put) {
                return Err(format!(
                    "the act {key} was acknowledged at {put:?}, and is at {:?}",
                    found.get(key)
                ));
            }
            let known = log
                .recall("brigade", key)
                .map_err(|fault| format!("{fault:?}"))?
                .map(|receipt| (receipt.first_seq, receipt.last_seq));
            if known != Some(*put) {
                return Err(format!(
                    "the key {key} was acknowledged at {put:?}, and is remembered at {known:?}"
                ));
            }
        }
        let snapshots = journal.snapshots().latest(&*log, "1").map_err(|fault| format!("{fault:?}"))?;
        match snapshots.ignored.first() {
            // Written after an entry was durable, synced before it is named: never ahead, never torn.
            Some(ignored) => Err(format!("a snapshot does not fit: {}", ignored.why)),
            None => Ok(()),
        }
    }
}

#[test]
fn every_acknowledged_act_survives_kills_and_power_cuts_once() {
    let kills: u64 = std::env::var("MUSTER_KILLS").map_or(36, |text| text.parse().unwrap());
    let mut acknowledged = 0;
    for seed in 0..kills.div_ceil(KILLS_EACH) {
        let mut cut = Cut::new(seed);
        for kill in 0..KILLS_EACH {
            if let Err(wrong) = cut.kill_once("") {
                panic!("seed {seed}, kill {kill}: {wrong}");
            }
        }
        acknowledged += cut.acknowledged.len();
    }
    assert!(acknowledged > 500, "only {acknowledged} acts were acknowledged: the test proves little");
}

/// The same harness finds a journal that does not wait for the disk.
#[test]
fn a_journal_that_skips_fsync_is_found_out() {
    let mut cut = Cut::new(1);
    let found = (0..8).find_map(|_| cut.kill_once("skip-fsync").err());
    let found = found.expect("acknowledged acts must be missing");
    // What was not synced is gone (acts, the whole journal), or gone in part (a chain or a database that is torn).
    let losses = ["acknowledged", "remembered act", "NoJournal", "Broken", "DatabaseCorrupt", "NotADatabase"];
    assert!(losses.iter().any(|loss| found.contains(loss)), "{found}");
}

/// Pages in the log of a journal whose start is looked at: 2 MiB, some pieces of zeros long.
const LONG_LOG_PAGES: u64 = 512;
const START: &str = "journal_survives::opens_a_long_log_and_waits";

fn with_a_long_log(dir: impl Into<PathBuf>) -> OpenOptions {
    OpenOptions::new(dir, "371082").create(true).checkpoint_pages(LONG_LOG_PAGES)
}

/// The child whose start is recorded; run by itself it has no directory and returns at once.
#[test]
#[allow(clippy::print_stdout, reason = "how the child speaks")]
fn opens_a_long_log_and_waits() {
    let Some(dir) = directory_for(START) else { return };
    let _journal = with_a_long_log(dir).open().unwrap();
    println!("child: open");
    std::thread::sleep(Duration::from_mins(1));
}

/// A start copies the log into the database, empties it and gives it its size again. Wherever the power goes in
/// that, the old log must not come back in part: it would be read over the newer database.
#[test]
fn a_start_keeps_every_act_wherever_the_power_goes() {
    const ACTS: u64 = 300;
    const CUTS: usize = 60;
    let mut cut = Cut::new(0);
    let [live, base, log, out] = ["live", "base", "log", "out"].map(|name| cut.path(name));
    let mut journal = with_a_long_log(&live).open().unwrap();
    for act in 0..ACTS {
        let key = act.to_string();
        let data = format!(r#"{{"text":"{}"}}"#, "石岛油库".repeat(1 + cut.random.below(60)));
        let entry = NewEntry { time_ms: 1, stream: "incident/1", kind: "noted", version: 1, data: &data };
        let act = NewAct { actor: "brigade", key: &key, request_hash: Digest::default(), resource: &key };
        let mut batch = journal.begin().unwrap();
        batch.append(&act, &[entry]).unwrap();
        batch.commit().unwrap();
    }
    let head = journal.head().clone();
    copy_tree(&live, &base).unwrap(); // as a node leaves it that is killed: every act is in the log
    drop(journal);
    fs::remove_dir_all(&live).unwrap();
    copy_tree(&base, &live).unwrap();
    let starting = Running::start(START, &cut.power, &live, &log, "");
    assert_eq!(starting.hears(), "open");
    starting.killed_after(Duration::ZERO);
    let record = fs::read(&log).unwrap();
    for turn in 0..CUTS {
        fs::write(&log, &record[..cut.random.below(record.len())]).unwrap();
        let loss = Loss::Seeded(cut.random.draw());
        reconstruct(&log, &live, &base, &out, loss).unwrap();
        let left = with_a_long_log(&out).plant(Planted::None).open();
        let left = left.unwrap_or_else(|fault| panic!("cut {turn}, {loss:?}: {fault:?}"));
        assert_eq!((left.head().seq, left.head().hash), (head.seq, head.hash), "cut {turn}, {loss:?}");
        let report = verify(&*left.log(), &VerifyOptions::default()).unwrap();
        assert_eq!(report.first_broken(), None, "cut {turn}, {loss:?}");
        drop(left);
        fs::remove_dir_all(&out).unwrap();
    }
}
