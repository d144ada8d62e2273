//! Several nodes serve one jurisdiction from one database: any desk works at any of them, and none of them is needed.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

mod buildings;
mod courier;
mod load;
mod second_factor;

use std::path::Path;
use std::time::{Duration, Instant};

use load::Load;
use muster_tests::client::{Client, Live, Stream};
use muster_tests::node::{Node, muster, repository};
use muster_tests::postgres::Server;
use muster_tests::town::PASSWORD;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Longest that a change may take to come over the line; no test waits for silence.
const LINE: Duration = Duration::from_secs(20);

/// A database, and directories of nodes that have the same keys.
struct Place {
    address: String,
    first: TempDir,
    second: TempDir,
}

impl Place {
    fn on(address: String) -> Self {
        Self { address, first: tempfile::tempdir().unwrap(), second: tempfile::tempdir().unwrap() }
    }

    fn node(&self, data: &Path) -> Node {
        Self::node_at(data, &self.address)
    }

    /// By this way to the database.
    fn node_at(data: &Path, address: &str) -> Node {
        let mut command = Node::demo_command(data);
        command.args(["--journal", address]);
        Node::run(command)
    }

    fn first(&self) -> Node {
        self.node(self.first.path())
    }

    fn second(&self) -> Node {
        self.copies_keys();
        self.node(self.second.path())
    }

    fn copies_keys(&self) {
        self.copies_keys_to(self.second.path());
    }

    /// The keys of the first, as an operator copies them.
    fn copies_keys_to(&self, data: &Path) {
        let keys = data.join("keys");
        std::fs::create_dir_all(&keys).unwrap();
        for name in ["signing.key", "vault.key"] {
            std::fs::copy(self.first.path().join("keys").join(name), keys.join(name)).unwrap();
        }
    }

    /// The chain is whole and the plan's rules hold.
    fn verifies(&self) {
        let data = self.first.path().to_str().unwrap();
        let (clean, told) = muster(&["verify", "--data", data, "--journal", &self.address, "--rules"]);
        assert!(clean && told.contains("the chain is whole") && told.contains("the rules hold"), "{told}");
    }
}

fn signs_in(node: &Node, account: &str) -> Client {
    let client = Client::new(node.address);
    let body = json!({ "username": account, "password": PASSWORD });
    let answer = client.request("POST", "/api/v1/session").json(&body).send();
    assert_eq!(answer.status, 201, "{account} signs in: {}", answer.text());
    client.with_token(answer.json()["token"].as_str().unwrap())
}

#[track_caller]
fn does(client: &Client, key: &str, path: &str, body: &Value) -> Value {
    let answer = client.request("POST", &format!("/api/v1{path}")).key(key).json(body).send();
    assert!((200..=201).contains(&answer.status), "{path} {body}: {} {}", answer.status, answer.text());
    answer.json()
}

fn calls(client: &Client) -> String {
    let call = json!({
        "source": "119", "hazard": "hazchem", "grade": 2, "narrative": "三号罐区冒烟",
        "place": { "text": "石岛油库三号罐区", "place": "place-shidaoyouku" },
    });
    let incident = does(client, "call", "/incidents", &call)["id"].as_str().unwrap().to_owned();
    does(client, "verify", &format!("/incidents/{incident}/verify"), &json!({ "outcome": "real" }));
    incident
}

/// Under a key made of the text.
fn notes(client: &Client, incident: &str, text: &str) -> String {
    let path = format!("/incidents/{incident}/notes");
    does(client, &key_of(text), &path, &json!({ "text": text }))["seq"].as_str().unwrap().to_owned()
}

fn key_of(text: &str) -> String {
    format!("note-{:x}", text.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())))
}

/// Changes of one kind that were committed together are told as one, at the place of the last.
fn hears(stream: &Stream, seq: &str) -> Live {
    let number = |id: &str| id.split_once('.').and_then(|(_, seq)| seq.parse::<u64>().ok());
    let is_told = |live: &Live| live.event == "change" && number(&live.id) >= number(seq);
    stream.next_that(LINE, is_told).expect("a change is heard")
}

/// Plan 4.1.4: who signs in at one node works at each; what is done at one is seen, heard and answered again at the other.
#[test]
fn any_desk_works_at_any_node() {
    let server = Server::start();
    let place = Place::on(server.database("rongcheng"));
    let (first, second) = (place.first(), place.second());
    let here = signs_in(&first, "dispatcher");
    let there = here.moved_to(second.address);
    assert_eq!(there.get("/api/v1/me").status, 200, "a session of one node is one of each");
    let (near, far) = (here.stream(None), there.stream(None));
    let incident = calls(&here);
    let seen = notes(&there, &incident, "东侧进水");
    hears(&near, &seen);
    hears(&far, &seen);
    let read = there.get(&format!("/api/v1/incidents/{incident}?min_seq={seen}"));
    assert_eq!(read.status, 200, "{}", read.text());
    assert!(read.text().contains("三号罐区冒烟"), "sealed at one node, open at the other");

    // The same key at the other node is the same request, and another one is refused.
    let again = notes(&here, &incident, "东侧进水");
    assert_eq!(again.split_once('.').unwrap().1, seen.split_once('.').unwrap().1);
    let other = here.request("POST", &format!("/api/v1/incidents/{incident}/notes")).key(&key_of("东侧进水"));
    assert_eq!(other.json(&json!({ "text": "西侧进水" })).send().status, 422);

    // A photo that was kept by one is shown by the other; so is a stored proposal.
    let photo = here.request("POST", &format!("/api/v1/files?incident={incident}")).key("photo");
    let photo = photo.body("image/jpeg", b"a photo of the tank").send().json();
    let shown = there.get(&format!("/api/v1/files/{}", photo["id"].as_str().unwrap()));
    assert_eq!((shown.status, &*shown.body), (200, &b"a photo of the tank"[..]));

    // What was missed between two nodes is told by the other, each once.
    let missed: Vec<String> = (0..5).map(|n| notes(&here, &incident, &format!("第{n}条"))).collect();
    let newest = missed.last().unwrap();
    assert_eq!(there.get(&format!("/api/v1/incidents/{incident}?min_seq={newest}")).status, 200);
    let resumed = there.stream(Some(&seen));
    let told = || resumed.next_that(LINE, |live| live.event == "change").unwrap().id;
    assert_eq!(std::iter::repeat_with(told).take(5).collect::<Vec<_>>(), missed);

    // Signing out at one ends the session at the other, its stream too.
    assert_eq!(there.request("DELETE", "/api/v1/session").send().status, 204);
    let until = Instant::now() + LINE;
    while here.get("/api/v1/me").status != 401 {
        assert!(Instant::now() < until, "signed out at one node, and still in at the other");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(near.until_its_end(LINE).is_some(), "the stream of a session that was signed out goes on");
    place.verifies();
}

/// Plan 4.1.4: a node is killed under load. Every act that was answered is there once, each act without an answer is asked
/// again at the other node under its key, and the streams go on there.
#[test]
fn a_killed_node_loses_nothing_and_its_desks_go_on_at_another() {
    let server = Server::start();
    let place = Place::on(server.database("rongcheng"));
    let (first, second) = (place.first(), place.second());
    let desk = signs_in(&second, "dispatcher");
    let incident = calls(&desk);
    let terminal = desk.moved_to(first.address).stream(None);
    let load = Load::on(&desk, &incident, &[first.address, first.address, first.address, second.address]);
    std::thread::sleep(Duration::from_secs(2));
    first.killed();
    let heard = terminal.until_its_end(LINE).expect("its node is gone");
    let last = heard.into_iter().rfind(|live| !live.id.is_empty()).expect("the stream was listened to").id;
    let resumed = desk.moved_to(second.address).stream(Some(&last));
    let began = Instant::now();
    load.everybody_moves_to(second.address);
    let after = notes(&desk, &incident, "接管");
    hears(&resumed, &after);
    assert!(began.elapsed() < Duration::from_secs(3), "its desks wait for {:?}", began.elapsed());
    std::thread::sleep(Duration::from_millis(500));
    let written = load.ends();
    written.are_there_once(&server, "rongcheng");
    assert!(written.answered() > 100, "only {} acts were answered", written.answered());
    place.verifies();
}

/// Rule 5: a node that froze in the middle of its work holds the others up for seconds only. When it wakes it knows what
/// happened before it decides: what was asked of it in the meantime is judged by the new state.
#[test]
fn a_frozen_node_that_wakes_decides_on_what_happened_meanwhile() {
    let server = Server::start();
    let place = Place::on(server.database("rongcheng"));
    let (first, second) = (place.first(), place.second());
    let desk = signs_in(&second, "dispatcher");
    let incident = calls(&desk);
    let load = Load::on(&desk, &incident, &[first.address, first.address]);
    std::thread::sleep(Duration::from_secs(1));
    first.freezes();
    let began = Instant::now();
    does(&desk, "control", &format!("/incidents/{incident}/control"), &json!({}));
    assert!(began.elapsed() < Duration::from_secs(8), "a frozen node held the others up");
    let late = desk.moved_to(first.address);
    let (path, asked) = (format!("/api/v1/incidents/{incident}/control"), late.clone());
    // What was asked of it while it was frozen may be answered "not recorded, ask again": so it is asked again.
    let waiting = std::thread::spawn(move || {
        loop {
            let answer = asked.request("POST", &path).key("control-again").json(&json!({})).send();
            if answer.status != 503 {
                return answer;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    std::thread::sleep(Duration::from_secs(4)); // longer than the database lets it hold anything
    first.wakes();
    let woken = Instant::now();
    let late_answer = waiting.join().unwrap();
    assert!(woken.elapsed() < Duration::from_secs(8), "a woken node serves after {:?}", woken.elapsed());
    assert_eq!(late_answer.status, 409, "it decided on old state: {}", late_answer.text());
    let written = load.ends();
    written.are_there_once(&server, "rongcheng");
    let here = late.get("/api/v1/desk").json();
    assert_eq!(here["incidents"], desk.get("/api/v1/desk").json()["incidents"]);
    place.verifies();
}

/// A deadline is met by both nodes' clocks, and happens once.
#[test]
fn a_deadline_that_two_clocks_meet_happens_once() {
    let server = Server::start();
    let place = Place::on(server.database("rongcheng"));
    let jurisdiction = tempfile::tempdir().unwrap();
    quick_answers(jurisdiction.path());
    let start = |data: &Path| {
        let mut command = Node::demo_command(data);
        command.args(["--journal", &place.address, "--jurisdiction"]).arg(jurisdiction.path());
        Node::run(command)
    };
    let first = start(place.first.path());
    let second = place.second();
    let desk = signs_in(&first, "dispatcher");
    let incident = calls(&desk);
    let orders: Vec<Value> = ["force-001", "force-002", "force-003"]
        .iter()
        .map(|force| json!({ "force": force, "task": "灭火" }))
        .collect();
    let body = json!({
        "orders": orders,
        "arrangements": { "assembly_point": { "text": "北门" }, "report_to": { "position": "现场指挥员" } },
    });
    does(&desk, "orders", &format!("/incidents/{incident}/first-response"), &body);
    let met = "SELECT count(*) FROM muster.acts WHERE key LIKE 'deadline/%'";
    let until = Instant::now() + LINE;
    while server.sql("rongcheng", met).parse::<u32>().unwrap() < 3 {
        assert!(Instant::now() < until, "nobody meets the deadlines");
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_secs(1));
    // An act is an effect: by key as many as by deadline and moment, and no order's answer was missed twice.
    let twice =
        "SELECT count(*) FROM (SELECT stream, kind, data FROM muster.entries WHERE key LIKE 'deadline/%'
        GROUP BY stream, kind, data HAVING count(*) > 1) AS twice";
    assert_eq!(server.sql("rongcheng", twice), "0");
    for node in [&first, &second] {
        let log = node.log();
        assert!(!log.contains("cannot be met"), "{log}");
    }
    place.verifies();
}

/// Rongcheng's data with a time to answer of two seconds.
fn quick_answers(to: &Path) {
    let from = repository().join("data/rongcheng");
    for entry in std::fs::read_dir(&from).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
    let compositions = to.join("compositions");
    std::fs::create_dir(&compositions).unwrap();
    for entry in std::fs::read_dir(from.join("compositions")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), compositions.join(entry.file_name())).unwrap();
    }
    let path = to.join("jurisdiction.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, limit) = text.split_once("[limits.answer_limit_s]").unwrap();
    let limit = limit.replacen("routine = 60", "routine = 2", 1);
    std::fs::write(&path, format!("{before}[limits.answer_limit_s]{limit}")).unwrap();
}

/// The database's machine is lost and its standby promoted: the node goes on by itself within ten seconds, and
/// everything that was answered is there, once.
#[test]
fn a_node_goes_on_by_itself_when_the_standby_is_promoted() {
    let mut primary = Server::start();
    primary.database("rongcheng");
    let standby = primary.standby();
    let place = Place::on(primary.address_or(&standby, "rongcheng"));
    let first = place.first();
    let desk = signs_in(&first, "dispatcher");
    let incident = calls(&desk);
    let stream = desk.stream(None);
    let load = Load::on(&desk, &incident, &[first.address, first.address]);
    std::thread::sleep(Duration::from_secs(2));
    primary.kill();
    std::thread::sleep(Duration::from_millis(300));
    let began = Instant::now();
    standby.promote();
    let until = Instant::now() + Duration::from_secs(10);
    while desk.get("/readyz").status != 200 || !load.was_answered_since(began) {
        assert!(
            Instant::now() < until,
            "the node does not serve from the promoted standby:\n{}",
            first.log()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    let reset = stream.next_that(LINE, |live| live.event == "reset").expect("clients are told to reload");
    assert_eq!(reset.data["why"], "epoch");
    let written = load.ends();
    written.are_there_once(&standby, "rongcheng");
    assert!(written.answered() > 50, "only {} acts were answered", written.answered());
    place.verifies();
}

/// A node's journal moves into a database and back, with passwords, attachments and all: what was served is served.
#[test]
fn a_node_moves_into_a_database_and_back() {
    let server = Server::start();
    let place = Place::on(server.database("rongcheng"));
    let data = place.first.path().to_str().unwrap();
    let node = Node::demo(place.first.path());
    let desk = signs_in(&node, "dispatcher");
    let incident = calls(&desk);
    let photo = desk.request("POST", &format!("/api/v1/files?incident={incident}")).key("photo");
    let photo = photo.body("image/jpeg", b"a photo of the tank").send().json();
    let photo = format!("/api/v1/files/{}", photo["id"].as_str().unwrap());
    assert_eq!(desk.get(&format!("/api/v1/incidents/{incident}/proposal")).status, 200);
    let refused = muster(&["migrate", "--from", data, "--to", &place.address]);
    assert!(!refused.0 && refused.1.contains("being written"), "{}", refused.1);
    node.stops();

    let (clean, told) = muster(&["migrate", "--from", data, "--to", &place.address]);
    assert!(clean && told.contains("verified") && told.contains("1 attachments and 1 proposals"), "{told}");
    let (clean, told) = muster(&["backup", "--data", data, "--journal", &place.address, "--to", "/nowhere"]);
    assert!(!clean && told.contains("the database's own tools"), "{told}");
    let node = place.first();
    let desk = signs_in(&node, "dispatcher");
    assert_eq!(desk.get(&photo).body, b"a photo of the tank");
    notes(&desk, &incident, "在数据库里");
    node.stops();
    place.verifies();

    let back = tempfile::tempdir().unwrap();
    place.copies_keys_to(back.path());
    let (clean, told) = muster(&["migrate", "--from", &place.address, "--to", back.path().to_str().unwrap()]);
    assert!(clean && told.contains("verified"), "{told}");
    let node = Node::demo(back.path());
    let desk = signs_in(&node, "dispatcher");
    assert_eq!(desk.get(&photo).body, b"a photo of the tank");
    let timeline = desk.get(&format!("/api/v1/incidents/{incident}/timeline"));
    assert!(timeline.text().contains("在数据库里"), "{}", timeline.text());
}
