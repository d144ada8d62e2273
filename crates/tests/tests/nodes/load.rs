//! Desks that write note after note, each under a key of its own, and ask again under the same key until they are
//! answered: at the same node, or at another that they were moved to.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use muster_tests::client::Client;
use muster_tests::postgres::Server;
use serde_json::{Value, json};

/// Longest that a desk asks again for one act.
const PATIENCE: Duration = Duration::from_secs(30);

struct Shared {
    token: String,
    incident: String,
    at: Mutex<Vec<SocketAddr>>,
    ends: AtomicBool,
    /// Key → entry, and when it was answered.
    answered: Mutex<BTreeMap<String, (u64, Instant)>>,
}

/// Desks at work.
pub(crate) struct Load {
    shared: Arc<Shared>,
    desks: Vec<JoinHandle<()>>,
}

/// What they were answered.
pub(crate) struct Written(BTreeMap<String, (u64, Instant)>);

impl Load {
    /// A desk for each address, all with the session of `desk`.
    pub(crate) fn on(desk: &Client, incident: &str, addresses: &[SocketAddr]) -> Self {
        let shared = Arc::new(Shared {
            token: desk.token().to_owned(),
            incident: incident.to_owned(),
            at: Mutex::new(addresses.to_vec()),
            ends: AtomicBool::new(false),
            answered: Mutex::default(),
        });
        let desks = (0..addresses.len()).map(|number| {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || works(&shared, number))
        });
        Self { desks: desks.collect(), shared }
    }

    /// Their own node is gone.
    pub(crate) fn everybody_moves_to(&self, address: SocketAddr) {
        self.shared.at.lock().unwrap().fill(address);
    }

    pub(crate) fn was_answered_since(&self, moment: Instant) -> bool {
        self.shared.answered.lock().unwrap().values().any(|(_, when)| *when > moment)
    }

    /// Each finishes what it has asked for.
    pub(crate) fn ends(self) -> Written {
        self.shared.ends.store(true, Ordering::Relaxed);
        for desk in self.desks {
            desk.join().expect("a desk's every act is answered in the end");
        }
        Written(self.shared.answered.lock().unwrap().clone())
    }
}

fn works(shared: &Shared, number: usize) {
    for act in 0.. {
        if shared.ends.load(Ordering::Relaxed) {
            return;
        }
        let key = format!("load-{number}-{act}");
        let until = Instant::now() + PATIENCE;
        let seq = loop {
            let address = shared.at.lock().unwrap()[number];
            if let Some(seq) = asks(shared, address, &key) {
                break seq;
            }
            assert!(Instant::now() < until, "{key} is not answered");
            std::thread::sleep(Duration::from_millis(30));
        };
        shared.answered.lock().unwrap().insert(key, (seq, Instant::now()));
    }
}

/// The entry, where the act was answered; a broken line or a node that takes no acts is no answer.
fn asks(shared: &Shared, address: SocketAddr, key: &str) -> Option<u64> {
    let body = json!({ "text": key }).to_string();
    let head = format!(
        "POST /api/v1/incidents/{}/notes HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
         Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        shared.incident,
        shared.token,
        body.len()
    );
    let mut socket = TcpStream::connect(address).ok()?;
    socket.set_read_timeout(Some(PATIENCE)).ok()?;
    socket.write_all(head.as_bytes()).ok()?;
    socket.write_all(body.as_bytes()).ok()?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).ok()?;
    let status: u16 = answer.split(' ').nth(1)?.parse().ok()?;
    if status >= 500 {
        return None;
    }
    assert!((200..=201).contains(&status), "{key}: {answer}");
    let receipt: Value = serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()?;
    receipt["seq"].as_str()?.split_once('.')?.1.parse().ok()
}

impl Written {
    pub(crate) fn answered(&self) -> usize {
        self.0.len()
    }

    /// Every act that was answered stands in the database, once, where its answer said.
    pub(crate) fn are_there_once(&self, server: &Server, database: &str) {
        let acts = "SELECT key || ' ' || last_seq FROM muster.acts WHERE key LIKE 'load-%'";
        let acts = server.sql(database, acts);
        let there: BTreeMap<&str, u64> = acts
            .lines()
            .map(|line| line.split_once(' ').unwrap())
            .map(|(k, n)| (k, n.parse().unwrap()))
            .collect();
        for (key, (seq, _)) in &self.0 {
            assert_eq!(there.get(key.as_str()), Some(seq), "{key} was answered as entry {seq}");
        }
        let twice =
            "SELECT key FROM muster.entries WHERE key LIKE 'load-%' GROUP BY key HAVING count(*) <> 1";
        assert_eq!(server.sql(database, twice), "", "an act happened twice");
    }
}
