//! Figures for a monitoring system, in the text format that Prometheus reads; written by hand, a dozen numbers.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use domain::types::Time;

use crate::alarms::{Alarm, Seen};

/// Upper ends of the batch-time histogram, microseconds.
const BATCH_US: [u64; 10] = [200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 200_000, 1_000_000];

/// Counters of the node.
#[derive(Default)]
pub struct Metrics {
    acts: AtomicU64,
    batches: AtomicU64,
    recoveries: AtomicU64,
    batch_us: [AtomicU64; BATCH_US.len() + 1],
    batch_us_sum: AtomicU64,
    requests: AtomicU64,
    problems: AtomicU64,
    resets: AtomicU64,
    frames: AtomicU64,
    sign_in_failures: AtomicU64,
    newest_entry_ms: AtomicI64,
}

/// Figures that are read when asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gauges {
    /// Last entry.
    pub seq: u64,
    /// Acts that wait.
    pub waiting: usize,
    /// Open incidents.
    pub incidents: usize,
    /// Streams connected.
    pub streams: usize,
    /// Deadlines that are known.
    pub deadlines: usize,
    /// Takes acts.
    pub ready: bool,
    /// Pages of 4 KiB in the journal's write-ahead log.
    pub wal_pages: u64,
    /// That log could not be copied into the database the last time.
    pub wal_fault: bool,
    /// How far the machine's clock is behind the newest entry.
    pub clock_behind_ms: u64,
}

impl Metrics {
    pub(crate) fn batch(&self, acts: usize, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.acts.fetch_add(acts as u64, Ordering::Relaxed);
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.batch_us_sum.fetch_add(us, Ordering::Relaxed);
        let bucket = BATCH_US.iter().position(|upper| us <= *upper).unwrap_or(BATCH_US.len());
        self.batch_us[bucket].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn recovered(&self) {
        self.recoveries.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn newest_entry(&self, time_ms: i64) {
        self.newest_entry_ms.store(time_ms, Ordering::Relaxed);
    }

    /// Time of the newest entry; 0 before the first.
    pub(crate) fn newest_entry_ms(&self) -> i64 {
        self.newest_entry_ms.load(Ordering::Relaxed)
    }

    pub(crate) fn request(&self, failed: bool) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.problems.fetch_add(u64::from(failed), Ordering::Relaxed);
    }

    pub(crate) fn reset(&self) {
        self.resets.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn frames(&self, count: usize) {
        self.frames.fetch_add(count as u64, Ordering::Relaxed);
    }

    pub(crate) fn sign_in_failed(&self) {
        self.sign_in_failures.fetch_add(1, Ordering::Relaxed);
    }

    /// Acts that were answered.
    pub fn acts(&self) -> u64 {
        self.acts.load(Ordering::Relaxed)
    }

    /// Batches committed.
    pub fn batches(&self) -> u64 {
        self.batches.load(Ordering::Relaxed)
    }

    /// The whole page.
    pub fn render(&self, gauges: Gauges, seen: &Seen, now: Time) -> String {
        let mut page = String::with_capacity(2_048);
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counters = [
            ("muster_acts_total", "acts answered, refusals included", read(&self.acts)),
            ("muster_batches_total", "batches decided", read(&self.batches)),
            (
                "muster_recoveries_total",
                "times the journal was reopened after a failure",
                read(&self.recoveries),
            ),
            ("muster_requests_total", "HTTP requests", read(&self.requests)),
            ("muster_problems_total", "HTTP answers of status 400 and above", read(&self.problems)),
            ("muster_stream_resets_total", "sessions told to reload", read(&self.resets)),
            ("muster_stream_frames_total", "changes put into sessions' queues", read(&self.frames)),
            ("muster_sign_in_failures_total", "wrong passwords and codes", read(&self.sign_in_failures)),
        ];
        for (name, help, value) in counters {
            let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {value}");
        }
        let gauges = [
            ("muster_journal_seq", "last entry of the journal", gauges.seq),
            ("muster_acts_waiting", "acts in the writer's queue", gauges.waiting as u64),
            ("muster_incidents_open", "open incidents", gauges.incidents as u64),
            ("muster_streams", "live streams connected", gauges.streams as u64),
            ("muster_deadlines", "deadlines armed", gauges.deadlines as u64),
            ("muster_ready", "1 when acts are taken", u64::from(gauges.ready)),
            ("muster_wal_pages", "pages of 4 KiB in the journal's write-ahead log", gauges.wal_pages),
            (
                "muster_wal_fault",
                "1 when that log could not be copied into the database",
                u64::from(gauges.wal_fault),
            ),
            (
                "muster_clock_behind_ms",
                "how far the machine's clock is behind the newest entry",
                gauges.clock_behind_ms,
            ),
        ];
        for (name, help, value) in gauges {
            let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
        }
        render_seen(&mut page, seen, now);
        self.render_batches(&mut page);
        page
    }

    #[expect(clippy::cast_precision_loss, reason = "microseconds of a process's life fit into 53 bits")]
    fn render_batches(&self, page: &mut String) {
        let name = "muster_batch_seconds";
        let _ = writeln!(
            page,
            "# HELP {name} from a batch's first decision to its commit\n# TYPE {name} histogram"
        );
        let mut sum = 0;
        for (upper, count) in BATCH_US.iter().zip(&self.batch_us) {
            sum += count.load(Ordering::Relaxed);
            let _ = writeln!(page, "{name}_bucket{{le=\"{}\"}} {sum}", *upper as f64 / 1e6);
        }
        sum += self.batch_us[BATCH_US.len()].load(Ordering::Relaxed);
        let total = self.batch_us_sum.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(page, "{name}_bucket{{le=\"+Inf\"}} {sum}\n{name}_sum {total}\n{name}_count {sum}");
    }
}

/// What the last look for alarms saw; what could not be asked has no figure.
fn render_seen(page: &mut String, seen: &Seen, now: Time) {
    if let Some(free) = seen.disk_free {
        let name = "muster_disk_free_bytes";
        let _ = writeln!(page, "# HELP {name} free on the data disk\n# TYPE {name} gauge\n{name} {free}");
    }
    if let Some(until) = seen.certificate_until {
        let (name, left_s) = ("muster_certificate_seconds", (until.0 - now.0) / 1000);
        let _ =
            writeln!(page, "# HELP {name} until the certificate ends\n# TYPE {name} gauge\n{name} {left_s}");
    }
    let name = "muster_alarm";
    let _ = writeln!(page, "# HELP {name} 1 while it lasts\n# TYPE {name} gauge");
    for alarm in Alarm::ALL {
        let lasts = u8::from(seen.alarms.contains(&alarm));
        let _ = writeln!(page, "{name}{{name=\"{}\"}} {lasts}", alarm.name());
    }
}
