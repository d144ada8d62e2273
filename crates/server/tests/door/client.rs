//! A node on a free port and the plainest client there is.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::types::Time;
use serde_json::{Value, json};
use server::config::{Config, Settings, TlsMode};
use server::node::Node;
use server::now::Now;
use tokio::sync::oneshot;

/// A serving node; stopped by `stops`.
pub(crate) struct Door {
    pub(crate) node: Arc<Node>,
    pub(crate) address: SocketAddr,
    clock_ms: Arc<AtomicI64>,
    stop: oneshot::Sender<()>,
    ran: tokio::task::JoinHandle<Result<(), journal::Fault>>,
}

pub(crate) fn settings(data: &Path) -> Settings {
    Settings {
        data: Some(data.to_owned()),
        listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        ..Settings::default()
    }
}

pub(crate) fn demo(settings: Settings) -> Config {
    settings.complete().unwrap().as_demo("muster-demo".to_owned()).unwrap()
}

pub(crate) async fn opens(config: Config) -> Door {
    let clock_ms = Arc::new(AtomicI64::new(1_795_478_400_000));
    let clock = Arc::clone(&clock_ms);
    let now = Now::from_fn(move || Time(clock.load(Ordering::Relaxed)));
    let serving = server::serve::open(config, now).await.unwrap();
    let (node, address) = (Arc::clone(&serving.node), serving.address);
    let (stop, stopped) = oneshot::channel::<()>();
    let ran = tokio::spawn(serving.run(async move {
        let _ = stopped.await;
    }));
    Door { node, address, clock_ms, stop, ran }
}

impl Door {
    pub(crate) async fn stops(self) {
        drop(self.node);
        self.stop.send(()).unwrap();
        self.ran.await.unwrap().unwrap();
    }

    pub(crate) fn time_passes(&self, time: Duration) {
        self.clock_ms.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }

    pub(crate) fn time_goes_back(&self, time: Duration) {
        self.clock_ms.fetch_sub(i64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }

    /// Signs in; gives the token and the cookie.
    pub(crate) async fn signs_in(&self, account: &str, password: &str) -> Result<(String, String), Answer> {
        let body = json!({ "username": account, "password": password }).to_string();
        let answer = self.asks("POST /api/v1/session", &[], &body).await;
        if answer.status != 201 {
            return Err(answer);
        }
        let token = answer.json()["token"].as_str().unwrap().to_owned();
        let cookie = answer.header("set-cookie").unwrap();
        Ok((token, cookie.split(';').next().unwrap().to_owned()))
    }

    pub(crate) async fn asks(&self, what: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let request = request(what, headers, body);
        let address = self.address;
        tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            Answer::read(&answer)
        })
        .await
        .unwrap()
    }
}

pub(crate) fn request(what: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut text =
        format!("{what} HTTP/1.1\r\nhost: node\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    if !body.is_empty() {
        text += "content-type: application/json\r\n";
    }
    for (name, value) in headers {
        text += &[*name, ": ", *value, "\r\n"].concat();
    }
    text + "\r\n" + body
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("an answer has a head");
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head, body: bytes[end + 4..].to_vec() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    pub(crate) fn code(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        self.json()["code"].as_str().unwrap().to_owned()
    }
}

/// As a demonstration over TLS with a certificate of the node's own.
pub(crate) fn over_tls(data: &Path) -> Config {
    demo(Settings { tls: Some(TlsMode::SelfSigned), ..settings(data) })
}
