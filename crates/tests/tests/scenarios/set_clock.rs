//! A node whose time passes only when told: a limit of minutes is over at once, and never too early.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use domain::types::Time;
use muster_tests::town::{PASSWORD, Town};
use server::config::Settings;
use server::now::Now;
use tempfile::TempDir;

const PART: &str = "set_clock::serves_by_a_set_clock";
const DATA: &str = "MUSTER_SET_CLOCK_DATA";
const CLOCK: &str = "MUSTER_SET_CLOCK";

/// The node, in this binary because the program has the machine's clock; without a directory it returns at once.
#[test]
#[allow(clippy::print_stdout, reason = "how the child speaks")]
fn serves_by_a_set_clock() {
    let (Some(data), Some(clock)) = (std::env::var_os(DATA), std::env::var_os(CLOCK)) else { return };
    let settings = Settings {
        data: Some(PathBuf::from(data)),
        listen: Some("127.0.0.1:0".parse().unwrap()),
        ..Settings::default()
    };
    let config = settings.complete().unwrap().as_demo(PASSWORD.to_owned()).unwrap();
    let now = Now::from_fn(move || Time(read(Path::new(&clock))));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let serving = server::serve::open(config, now).await.unwrap();
        println!("listening on {}", serving.url());
        serving.run(std::future::pending()).await.unwrap();
    });
}

fn read(clock: &Path) -> i64 {
    std::fs::read_to_string(clock).unwrap().parse().unwrap()
}

/// The hand of such a node's clock: milliseconds in a file that is replaced whole.
pub(crate) struct Clock(TempDir);

impl Clock {
    /// A town by a clock that stands still until it is told.
    pub(crate) fn town() -> (Self, Town) {
        let clock = Self(tempfile::tempdir().unwrap());
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        clock.set(i64::try_from(now.as_millis()).unwrap());
        let town = Town::served_by(|data| {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args(["--nocapture", "--exact", PART]);
            command.env(DATA, data).env(CLOCK, clock.hand()).env_remove("NEXTEST");
            command
        });
        (clock, town)
    }

    pub(crate) fn passes_s(&self, seconds: i64) {
        self.set(read(&self.hand()) + seconds * 1000);
    }

    fn hand(&self) -> PathBuf {
        self.0.path().join("now")
    }

    fn set(&self, ms: i64) {
        let next = self.0.path().join("next");
        std::fs::write(&next, ms.to_string()).unwrap();
        std::fs::rename(next, self.hand()).unwrap();
    }
}
