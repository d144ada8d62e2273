//! One data directory through many lives of the node: load, kill -9, power cut, start, look.

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use muster_tests::client::Client;
use muster_tests::node::Node;
use muster_tests::powerloss::{Loss, PowerLoss, Random, copy_tree, reconstruct};
use serde_json::Value;

use crate::book::{Act, Book};
use crate::line::Line;
use crate::story::{Company, Sessions, sign_in};
use crate::trail::{Ear, Trail};

/// Companies that work at the same time.
const COMPANIES: usize = 5;
/// Acts of the life before that are sent once more after each cut.
const SENT_AGAIN: usize = 12;
/// Whose stream is listened to besides the brigade's.
const TERMINAL: &str = "force-001";

/// When the node dies.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Moment {
    /// Right after so many answers.
    Answers(usize),
    /// After so long, whatever it does.
    Time(Duration),
    /// Before it serves.
    Starting(Duration),
    /// It does not: this is the last look.
    Never,
}

/// The directory and everybody who relies on it.
pub(crate) struct Cut {
    place: tempfile::TempDir,
    power: PowerLoss,
    program: Box<dyn Fn(&Path) -> Command>,
    pub(crate) random: Random,
    pub(crate) book: Book,
    sessions: Sessions,
    companies: Vec<Company>,
    trail: Trail,
    desk: Ear,
    terminal: Ear,
    /// Unanswered acts, and those of them that had taken effect.
    pub(crate) unanswered: (usize, usize),
}

impl Cut {
    pub(crate) fn new(seed: u64, program: impl Fn(&Path) -> Command + 'static) -> Self {
        let place = tempfile::Builder::new().prefix("muster-cut-").tempdir().unwrap();
        let power = PowerLoss::build(place.path()).unwrap();
        fs::create_dir(place.path().join("live")).unwrap();
        Self {
            place,
            power,
            program: Box::new(program),
            random: Random(seed),
            book: Book::default(),
            sessions: Sessions::new(),
            companies: Company::all(COMPANIES),
            trail: Trail::default(),
            desk: Ear::default(),
            terminal: Ear::default(),
            unanswered: (0, 0),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// Where the data lie.
    pub(crate) fn data(&self) -> PathBuf {
        self.path("live")
    }

    /// What was heard by the brigade's desk.
    pub(crate) fn heard(&self) -> usize {
        self.desk.count()
    }

    /// Stories that were played to their end.
    pub(crate) fn stories(&self) -> u32 {
        self.companies.iter().map(|company| company.done).sum()
    }

    /// A random moment.
    pub(crate) fn draws(&mut self) -> Moment {
        let micros = |limit: usize, random: &mut Random| Duration::from_micros(random.below(limit) as u64);
        match self.random.below(6) {
            0 => Moment::Starting(micros(600_000, &mut self.random)),
            1 | 2 => Moment::Time(micros(700_000, &mut self.random)),
            _ => Moment::Answers(1 + self.random.below(150)),
        }
    }

    /// One life of the node on what the last one left, looked at from all sides, and its end.
    pub(crate) fn lives_until(&mut self, moment: Moment) -> Result<(), String> {
        let [live, base, log] = ["live", "base", "log"].map(|name| self.path(name));
        copy_tree(&live, &base).unwrap();
        let mut command = (self.program)(&live);
        self.power.record(&mut command, &live, &log);
        if let Moment::Starting(time) = moment {
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(time);
            child.kill().unwrap();
            child.wait().unwrap();
        } else {
            let node = catch_unwind(AssertUnwindSafe(|| Node::run(command)))
                .map_err(|panic| format!("the node does not come up: {}", words_of(&*panic)))?;
            self.book.begins_a_life();
            self.looks(node.address)?;
            self.works(node, moment);
        }
        if let Some(wrong) = self.book.wrong() {
            return Err(wrong);
        }
        self.loses_power()
    }

    /// Everybody works until the node is gone.
    fn works(&mut self, node: Node, moment: Moment) {
        let address = node.address;
        let desks = ["dispatcher", "bureau", "shift-leader"];
        let terminals = self.companies.iter().flat_map(Company::accounts);
        sign_in(address, desks.into_iter().chain(terminals.map(String::as_str)), &mut self.sessions);
        let client = Client::new(address);
        let streams = [
            self.desk.listens(&client.with_token(&self.sessions["dispatcher"])),
            self.terminal.listens(&client.with_token(&self.sessions[TERMINAL])),
        ];
        let (book, sessions) = (&self.book, &self.sessions);
        let patience = match moment {
            Moment::Never => Duration::from_secs(1), // for what was missed
            _ => Duration::from_secs(5),             // they end with the node
        };
        if matches!(moment, Moment::Never) {
            self.desk.hears_out(&streams[0], patience);
            self.terminal.hears_out(&streams[1], patience);
            node.killed();
            return;
        }
        std::thread::scope(|scope| {
            for company in &mut self.companies {
                scope.spawn(|| company.plays(address, book, sessions));
            }
            match moment {
                Moment::Answers(count) => book.waits_for(count, Duration::from_secs(20)),
                Moment::Time(time) => book.waits_for(usize::MAX, time),
                Moment::Starting(_) | Moment::Never => {}
            }
            node.killed();
        });
        self.desk.hears_out(&streams[0], patience);
        self.terminal.hears_out(&streams[1], patience);
    }

    /// The directory becomes what the disk may hold.
    fn loses_power(&mut self) -> Result<(), String> {
        let [live, base, log, out] = ["live", "base", "log", "out"].map(|name| self.path(name));
        let seed = self.random.draw();
        let loss = if self.random.below(3) == 0 { Loss::Unsynced } else { Loss::Seeded(seed) };
        // It may have died before its first write, even before there was a record.
        if log.exists() {
            reconstruct(&log, &live, &base, &out, loss).map_err(|e| format!("{loss:?}: {e}"))?;
            fs::remove_file(&log).unwrap();
        } else {
            copy_tree(&base, &out).unwrap();
        }
        fs::remove_dir_all(&live).unwrap();
        fs::remove_dir_all(&base).unwrap();
        fs::rename(&out, &live).unwrap();
        Ok(())
    }

    /// What was answered is there once, in the journal, on every page and in every stream.
    fn looks(&mut self, address: SocketAddr) -> Result<(), String> {
        self.trail.reads(&self.data())?;
        self.trail.has_all_of(&self.book)?;
        let (took, all) = self.trail.unanswered(&self.book);
        self.unanswered = (self.unanswered.0 + took, self.unanswered.1 + all);
        self.desk.heard_all(&self.trail)?;
        self.terminal.heard_own(TERMINAL, &self.book, &self.trail)?;
        let acts = self.book.acts();
        let newest = acts.values().map(|act| act.life).max().unwrap_or_default();
        let fresh: Vec<(&String, &Act)> = acts.iter().filter(|(_, act)| act.life == newest).collect();
        let mut line = Line::new(address);
        self.sends_again(&mut line, &fresh)?;
        let incidents: BTreeSet<String> =
            fresh.iter().filter_map(|(_, act)| act.receipt("incident")).collect();
        for incident in &incidents {
            self.shows(&mut line, incident, &acts.values().collect::<Vec<_>>())?;
        }
        self.photos_open(&mut line, &fresh)
    }

    /// The same key gives the same answer, and another request with it is refused.
    fn sends_again(&mut self, line: &mut Line, fresh: &[(&String, &Act)]) -> Result<(), String> {
        for turn in 0..SENT_AGAIN.min(fresh.len()) {
            let (key, act) = fresh[self.random.below(fresh.len())];
            let token = &self.sessions[&act.asked.account];
            let again = line.ask(token, key, &act.asked).map_err(|e| format!("{key} again: {e}"))?;
            let before = act.answer.as_ref().expect("fresh acts were answered");
            if again != *before {
                return Err(format!("{key} was answered {}, and then {}", before.text(), again.text()));
            }
            if turn == 0 && !act.asked.is_file() {
                let mut other = act.asked.clone();
                other.body.insert(0, b' ');
                let refused = line.ask(token, key, &other).map_err(|e| format!("{key} again: {e}"))?;
                if refused.status != 422 || refused.json()["code"] != "key_reused" {
                    return Err(format!("{key} with another body: {}", refused.text()));
                }
            }
        }
        Ok(())
    }

    /// An incident's pages: each act in the timeline once, each order with its filing.
    fn shows(&self, line: &mut Line, incident: &str, acts: &[&Act]) -> Result<(), String> {
        let token = &self.sessions["dispatcher"];
        let mut sees = |path: &str| -> Result<Value, String> {
            let reply = line.get(token, path).map_err(|e| format!("{path}: {e}"))?;
            if reply.status == 200 { Ok(reply.json()) } else { Err(format!("{path}: {}", reply.text())) }
        };
        let timeline = sees(&format!("/incidents/{incident}/timeline"))?;
        let items = timeline.as_array().ok_or("a timeline is a list")?;
        let seqs: Vec<u64> = items.iter().filter_map(|item| item["seq"].as_u64()).collect();
        if !seqs.is_sorted_by(|a, b| a < b) {
            return Err(format!("the timeline of {incident} has an entry twice: {seqs:?}"));
        }
        let shown = timeline.to_string();
        for act in acts.iter().filter(|act| act.receipt("incident").as_deref() == Some(incident)) {
            if act.seq().is_some_and(|(_, seq)| seqs.binary_search(&seq).is_err()) {
                return Err(format!("{} is not in the timeline of {incident}", act.asked.path));
            }
            let said: Value = serde_json::from_slice(&act.asked.body).unwrap_or_default();
            let text = said["text"].as_str().filter(|_| act.asked.path.ends_with("/progress"));
            if let Some(text) = text
                && shown.matches(text).count() != 1
            {
                return Err(format!("{text:?} is {} times in the timeline", shown.matches(text).count()));
            }
        }
        let file = sees(&format!("/incidents/{incident}"))?;
        for order in file["orders"].as_array().into_iter().flatten() {
            if order["filing"]["id"].as_str().is_none() {
                return Err(format!("the order {} has no filing", order["number"]));
            }
        }
        Ok(())
    }

    fn photos_open(&self, line: &mut Line, fresh: &[(&String, &Act)]) -> Result<(), String> {
        for (key, act) in fresh.iter().filter(|(_, act)| act.asked.is_file()) {
            let path = format!("/files/{}", act.receipt("id").unwrap_or_default());
            let found = line.get(&self.sessions["bureau"], &path).map_err(|e| format!("{path}: {e}"))?;
            if found.status != 200 || found.body != act.asked.body {
                return Err(format!("the photo {key} was kept, and is {}", found.text()));
            }
        }
        Ok(())
    }
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_owned()
}
