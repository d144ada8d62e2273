//! Plan 4.2.2 and DESIGN, journal rule 7: of several nodes each has a courier, and each message goes out by one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use muster_tests::client::Client;
use muster_tests::node::Node;
use muster_tests::postgres::Server;
use muster_tests::town::PASSWORD;
use serde_json::{Value, json};
use server::config::{Messages, Settings};
use server::now::Now;

use crate::{LINE, Place, calls, does, signs_in};

const PART: &str = "courier::serves_with_a_channel";
const SETTINGS: &str = "MUSTER_NODES_SETTINGS";
/// Who is told to stand by in each test.
const FORCES: usize = 16;

/// A node that sends, in this binary because a demonstration rehearses; without settings it returns at once.
#[test]
#[allow(clippy::print_stdout, reason = "how the child speaks")]
fn serves_with_a_channel() {
    let Ok(settings) = std::env::var(SETTINGS) else { return };
    let settings: Settings = toml::from_str(&settings).unwrap();
    let mut config = settings.complete().unwrap().as_demo(PASSWORD.to_owned()).unwrap();
    config.messages = Messages::Send;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let serving = server::serve::open(config, Now::system()).await.unwrap();
        println!("listening on {}", serving.url());
        serving.run(std::future::pending()).await.unwrap();
    });
}

/// An operator's gateway, which counts how often it got each message.
struct Gateway {
    address: SocketAddr,
    got: Arc<Got>,
}

#[derive(Default)]
struct Got {
    counts: Mutex<BTreeMap<String, usize>>,
    grown: Condvar,
}

impl Gateway {
    /// Answers each after a while; the first one not at all, where it `holds`.
    fn opens(takes: Duration, holds: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, got) = (listener.local_addr().unwrap(), Arc::new(Got::default()));
        let kept = Arc::clone(&got);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let got = Arc::clone(&kept);
                std::thread::spawn(move || while answers(&stream, &got, takes, holds).is_some() {});
            }
        });
        Self { address, got }
    }

    fn counts(&self) -> BTreeMap<String, usize> {
        self.got.counts.lock().unwrap().clone()
    }

    /// Messages that came more than once.
    fn doubled(&self) -> BTreeSet<String> {
        self.counts().into_iter().filter(|(_, count)| *count > 1).map(|(id, _)| id).collect()
    }

    /// Waits until so many different messages have come.
    #[track_caller]
    fn has(&self, messages: usize) {
        let end = Instant::now() + LINE;
        let mut counts = self.got.counts.lock().unwrap();
        while counts.len() < messages {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{} of {messages} messages came", counts.len());
            counts = self.got.grown.wait_timeout(counts, left).unwrap().0;
        }
    }
}

fn answers(stream: &TcpStream, got: &Got, takes: Duration, holds: bool) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let id = asked["id"].as_str().unwrap().to_owned();
    let first = {
        let mut counts = got.counts.lock().unwrap();
        *counts.entry(id.clone()).or_default() += 1;
        counts.len() == 1 && counts[&id] == 1
    };
    got.grown.notify_all();
    if holds && first {
        std::thread::sleep(LINE * 2);
        return None;
    }
    std::thread::sleep(takes);
    let answer = json!({ "code": "0", "id": id }).to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        answer.len()
    );
    let mut stream = stream;
    stream.write_all(format!("{head}{answer}").as_bytes()).ok()
}

impl Place {
    /// A node on this directory that sends by this gateway.
    fn sends(&self, data: &Path, gateway: &Gateway, limits: &str) -> Node {
        let settings = format!(
            r#"data = "{data}"
journal = {journal:?}
listen = "127.0.0.1:0"
[[channels.sms_https]]
name = "yidong"
url = "http://{address}/send"
format = "json"
body = {{ to = "{{to}}", text = "{{text}}", id = "{{id}}" }}
signature = "荣成应急"
success = {{ pointer = "/code", is = ["0"] }}
reference = "/id"
limits = {{ timeout_s = 2, {limits} }}
"#,
            data = data.display(),
            journal = self.address,
            address = gateway.address,
        );
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--nocapture", "--exact", PART]).env(SETTINGS, settings).env_remove("NEXTEST");
        Node::run(command)
    }

    fn first_sends(&self, gateway: &Gateway, limits: &str) -> Node {
        self.sends(self.first.path(), gateway, limits)
    }

    fn second_sends(&self, gateway: &Gateway, limits: &str) -> Node {
        self.copies_keys();
        self.sends(self.second.path(), gateway, limits)
    }
}

/// Forces are told to stand by, each by its mobile number.
fn tells(desk: &Client, incident: &str, key: &str, from: usize) {
    let forces: Vec<String> = (from..from + FORCES).map(|n| format!("force-{n:03}")).collect();
    does(desk, key, &format!("/incidents/{incident}/stand-by"), &json!({ "forces": forces }));
}

/// All messages of the incident, as the desk sees them.
fn messages(desk: &Client, incident: &str) -> Vec<Value> {
    let seen = desk.get(&format!("/api/v1/incidents/{incident}/notifications")).json();
    let all = seen["items"].as_array().unwrap().iter();
    all.flat_map(|told| told["messages"].as_array().unwrap().clone()).collect()
}

/// Waits until the desk sees each as handed over.
#[track_caller]
fn all_handed_over(desk: &Client, incident: &str) -> usize {
    let end = Instant::now() + LINE;
    loop {
        let seen = messages(desk, incident);
        let left: Vec<&Value> = seen.iter().filter(|m| m["status"] != "handed_over").collect();
        if left.is_empty() && !seen.is_empty() {
            return seen.len();
        }
        assert!(Instant::now() < end, "not handed over: {left:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Both nodes see each message waiting; each is sent by one of them, once.
#[test]
fn two_nodes_send_each_message_once() {
    let server = Server::start();
    let place = Place::on(server.database("rongcheng"));
    let gateway = Gateway::opens(Duration::from_millis(20), false);
    let limits = "at_once = 4, per_s = 100";
    let (first, second) = (place.first_sends(&gateway, limits), place.second_sends(&gateway, limits));
    let here = signs_in(&first, "dispatcher");
    let there = here.moved_to(second.address);
    let incident = calls(&here);
    tells(&here, &incident, "stand-by", 1);
    tells(&there, &incident, "stand-by-too", 1 + FORCES);
    let sent = all_handed_over(&here, &incident);
    assert!(sent >= FORCES, "only {sent} messages");
    assert_eq!((gateway.counts().len(), gateway.doubled().len()), (sent, 0), "{:?}", gateway.counts());
    let nodes = "SELECT count(DISTINCT split_part(key, '/', 4)) FROM muster.acts WHERE key LIKE 'attempt/%'";
    assert_eq!(server.sql("rongcheng", nodes), "2", "both nodes send");
    place.verifies();
}

/// A node is killed while messages wait and one is on its way: the other sends all of them; only what the dead one had
/// claimed can come twice.
#[test]
fn what_a_killed_node_had_claimed_is_sent_by_another() {
    let server = Server::start();
    let place = Place::on(server.database("rongcheng"));
    let gateway = Gateway::opens(Duration::from_millis(300), false);
    let limits = "at_once = 1, per_s = 20";
    let first = place.first_sends(&gateway, limits);
    let desk = signs_in(&first, "dispatcher");
    let incident = calls(&desk);
    tells(&desk, &incident, "stand-by", 1);
    gateway.has(3);
    let queued = messages(&desk, &incident).len();
    first.killed();
    assert!(gateway.counts().len() < queued, "the node was killed too late");
    let second = place.second_sends(&gateway, limits);
    let desk = desk.moved_to(second.address);
    assert_eq!(all_handed_over(&desk, &incident), queued);
    assert_eq!(gateway.counts().len(), queued, "{:?}", gateway.counts());
    let doubled = gateway.doubled();
    assert!(doubled.len() <= 1, "it had claimed one: {doubled:?}");
    assert!(gateway.counts().values().all(|count| *count <= 2), "{:?}", gateway.counts());
    place.verifies();
}

/// A node freezes over its claims: one message is at the gateway, others wait for their turn. Another node takes them
/// over. The woken node sends none of them, and that it never heard how its own ended changes nothing.
#[test]
fn a_frozen_node_that_wakes_sends_nothing_that_another_has_sent() {
    let server = Server::start();
    let place = Place::on(server.database("rongcheng"));
    let gateway = Gateway::opens(Duration::ZERO, true);
    let first = place.first_sends(&gateway, "at_once = 4, per_s = 1");
    let desk = signs_in(&first, "dispatcher");
    let incident = calls(&desk);
    tells(&desk, &incident, "stand-by", 1);
    gateway.has(1);
    let claimed = "SELECT count(*) FROM muster.entries WHERE kind = 'message.attempted'";
    let until = Instant::now() + Duration::from_millis(800);
    while server.sql("rongcheng", claimed).parse::<u32>().unwrap() < 4 {
        assert!(Instant::now() < until, "four messages are claimed before the second one's turn");
        std::thread::sleep(Duration::from_millis(10));
    }
    first.freezes();
    let held: BTreeSet<String> = gateway.counts().into_keys().collect();
    let second = place.second_sends(&gateway, "at_once = 4, per_s = 20");
    let desk = desk.moved_to(second.address);
    let sent = all_handed_over(&desk, &incident);
    assert_eq!((gateway.counts().len(), gateway.doubled()), (sent, held.clone()), "{:?}", gateway.counts());
    first.wakes();
    // It knows of its end, and has had time to send what it had claimed, and to be heard.
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(desk.moved_to(first.address).get("/readyz").status, 200);
    assert_eq!(all_handed_over(&desk, &incident), sent);
    assert_eq!(gateway.doubled(), held, "{:?}", gateway.counts());
    assert!(gateway.counts().values().all(|count| *count <= 2), "{:?}", gateway.counts());
    place.verifies();
}
