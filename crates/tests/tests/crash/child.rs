//! The program that is killed: this test binary, started again.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use muster_tests::powerloss::PowerLoss;

/// Which part the started binary plays, and where.
pub(crate) const PART: &str = "MUSTER_CRASH_PART";
pub(crate) const DIR: &str = "MUSTER_CRASH_DIR";

/// A running child and what it says.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    /// Starts the test `part` of this binary, recorded below `dir`.
    pub(crate) fn start(part: &str, power: &PowerLoss, dir: &Path, log: &Path, fault: &str) -> Self {
        let mut program = Command::new(std::env::current_exe().unwrap());
        program
            .args(["--nocapture", "--exact", part])
            .env(PART, part)
            .env(DIR, dir)
            .env("MUSTER_FAULT", fault)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = power.record(&mut program, dir, log).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (said, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines() {
                let Ok(line) = line else { return };
                // The test runner's own lines are not the child's.
                if let Some(line) = line.split("child: ").nth(1)
                    && said.send(line.to_owned()).is_err()
                {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// Waits for the next thing that it says.
    pub(crate) fn hears(&self) -> String {
        self.lines.recv_timeout(Duration::from_mins(1)).expect("the child must say something")
    }

    /// kill -9; then all that it has said before it died.
    pub(crate) fn killed_after(mut self, time: Duration) -> Vec<String> {
        std::thread::sleep(time);
        assert!(self.child.try_wait().unwrap().is_none(), "the child must run until it is killed");
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        // The pipe ends with the process: nothing that was said is missed.
        self.lines.iter().collect()
    }
}

/// Where this process, if it is such a child, is to work.
pub(crate) fn directory_for(part: &str) -> Option<std::path::PathBuf> {
    let is_child = std::env::var(PART).is_ok_and(|asked| asked == part);
    is_child.then(|| std::env::var_os(DIR).unwrap().into())
}
