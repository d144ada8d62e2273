//! A small blocking HTTP/1.1 client: what a browser or a terminal would send, and what they never would.
//!
//! It speaks plain HTTP to one address, a connection a request. It repeats nothing and follows nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longest that an answer may take; a node that hangs is a failure, not a wait.
const PATIENCE: Duration = Duration::from_secs(30);

/// A node's address, and the session that speaks to it.
#[derive(Debug, Clone)]
pub struct Client {
    address: SocketAddr,
    token: Option<String>,
}

/// A request that is being put together.
#[derive(Debug, Clone)]
pub struct Request {
    client: Client,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// An answer, whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Client {
    /// A client without a session.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, token: None }
    }

    /// The same client with a bearer token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { address: self.address, token: Some(token.to_owned()) }
    }

    /// The same session at another address: the node was started again.
    #[must_use]
    pub fn moved_to(&self, address: SocketAddr) -> Self {
        Self { address, token: self.token.clone() }
    }

    /// The session's token, empty without one.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// A request; `target` is path and query as they go over the wire.
    pub fn request(&self, method: &str, target: &str) -> Request {
        Request {
            client: self.clone(),
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// A read.
    pub fn get(&self, target: &str) -> Answer {
        self.request("GET", target).send()
    }

    /// The live stream, from now on or after an entry.
    pub fn stream(&self, last_event_id: Option<&str>) -> Stream {
        let mut request = self.request("GET", "/api/v1/stream").header("Accept", "text/event-stream");
        if let Some(id) = last_event_id {
            request = request.header("Last-Event-ID", id);
        }
        Stream::open(request)
    }
}

impl Request {
    /// One more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The idempotency key.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    /// A JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().as_bytes())
    }

    /// Any body.
    #[must_use]
    pub fn body(mut self, media_type: &str, body: &[u8]) -> Self {
        self.headers.push(("Content-Type".to_owned(), media_type.to_owned()));
        self.body = body.to_vec();
        self
    }

    /// Sends it and takes the answer, whole.
    pub fn send(self) -> Answer {
        let line = format!("{} {}", self.method, self.target);
        let mut reader = self.connect();
        let (status, headers) = head_of(&mut reader, &line);
        let body = body_of(&mut reader, &headers, &line);
        Answer { status, headers, body }
    }

    fn connect(&self) -> BufReader<TcpStream> {
        let mut socket = TcpStream::connect_timeout(&self.client.address, PATIENCE)
            .unwrap_or_else(|e| panic!("{} does not listen: {e}", self.client.address));
        socket.set_read_timeout(Some(PATIENCE)).expect("a time limit of a socket");
        socket.set_nodelay(true).expect("an option of a socket");
        let mut head =
            format!("{} {} HTTP/1.1\r\nHost: {}\r\n", self.method, self.target, self.client.address);
        if let Some(token) = &self.client.token {
            head += &["Authorization: Bearer ", token, "\r\n"].concat();
        }
        for (name, value) in &self.headers {
            head += &[name, ": ", value, "\r\n"].concat();
        }
        if !self.body.is_empty() || self.method == "POST" {
            head += &["Content-Length: ", &self.body.len().to_string(), "\r\n"].concat();
        }
        head.push_str("Connection: close\r\n\r\n");
        socket.write_all(head.as_bytes()).expect("the node takes the head of a request");
        // A body that is too large is answered before it is read; the answer is what is waited for.
        let _ = socket.write_all(&self.body);
        BufReader::new(socket)
    }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{} is no JSON ({e}): {}", self.status, self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
    }
}

fn head_of(reader: &mut impl BufRead, request: &str) -> (u16, Vec<(String, String)>) {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap_or_else(|e| panic!("{request}: no answer: {e}"));
    let status = line.split(' ').nth(1).and_then(|s| s.parse().ok());
    let status = status.unwrap_or_else(|| panic!("{request}: not HTTP: {line:?}"));
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap_or_else(|e| panic!("{request}: the head breaks off: {e}"));
        match line.trim_end().split_once(':') {
            None => return (status, headers),
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.trim().to_owned())),
        }
    }
}

fn is_chunked(headers: &[(String, String)]) -> bool {
    headers.iter().any(|(n, v)| n == "transfer-encoding" && v.eq_ignore_ascii_case("chunked"))
}

fn body_of(reader: &mut impl BufRead, headers: &[(String, String)], request: &str) -> Vec<u8> {
    let mut body = Vec::new();
    if is_chunked(headers) {
        while let Some(chunk) = chunk_of(reader) {
            body.extend(chunk);
        }
        return body;
    }
    let length =
        headers.iter().find(|(n, _)| n == "content-length").and_then(|(_, v)| v.parse::<usize>().ok());
    match length {
        Some(length) => {
            body.resize(length, 0);
            reader.read_exact(&mut body).unwrap_or_else(|e| panic!("{request}: the body breaks off: {e}"));
        }
        None => {
            reader.read_to_end(&mut body).unwrap_or_else(|e| panic!("{request}: the body breaks off: {e}"));
        }
    }
    body
}

/// The next chunk; `None` at the end, or where the connection ends.
fn chunk_of(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let size = line.trim().split(';').next().and_then(|size| usize::from_str_radix(size, 16).ok())?;
    if size == 0 {
        return None;
    }
    let mut chunk = vec![0; size + 2];
    reader.read_exact(&mut chunk).ok()?;
    chunk.truncate(size);
    Some(chunk)
}

/// One event of the live stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    /// `change`, `heartbeat`, `reset`.
    pub event: String,
    /// `epoch.seq`, empty where the event has none.
    pub id: String,
    /// Its data.
    pub data: Value,
    /// When it came.
    pub came: Instant,
}

/// A stream that is being listened to.
pub struct Stream {
    events: Receiver<Live>,
    socket: TcpStream,
}

impl Stream {
    fn open(request: Request) -> Self {
        let mut reader = request.connect();
        let (status, headers) = head_of(&mut reader, "GET /api/v1/stream");
        assert_eq!(status, 200, "the stream opens");
        let socket = reader.get_ref().try_clone().expect("a second handle of a socket");
        socket.set_read_timeout(None).expect("a time limit of a socket");
        let (sender, events) = channel();
        let chunked = is_chunked(&headers);
        std::thread::spawn(move || {
            let mut text = Vec::new();
            while let Some(bytes) = if chunked { chunk_of(&mut reader) } else { some_of(&mut reader) } {
                text.extend(bytes);
                while let Some(end) = text.windows(2).position(|two| two == b"\n\n") {
                    let frame: Vec<u8> = text.drain(..end + 2).collect();
                    let live = live_of(&String::from_utf8_lossy(&frame));
                    if live.is_some_and(|live| sender.send(live).is_err()) {
                        return;
                    }
                }
            }
        });
        Self { events, socket }
    }

    /// The next event, or `None` after the wait.
    pub fn next(&self, wait: Duration) -> Option<Live> {
        self.events.recv_timeout(wait).ok()
    }

    /// The next event that fits; others are passed over.
    pub fn next_that(&self, wait: Duration, fits: impl Fn(&Live) -> bool) -> Option<Live> {
        let end = Instant::now() + wait;
        while let Some(live) = self.next(end.saturating_duration_since(Instant::now())) {
            if fits(&live) {
                return Some(live);
            }
        }
        None
    }

    /// Everything that comes within the wait.
    pub fn all_within(&self, wait: Duration) -> Vec<Live> {
        let end = Instant::now() + wait;
        std::iter::from_fn(|| self.next(end.saturating_duration_since(Instant::now()))).collect()
    }

    /// Everything until the node ends the stream; `None` where nothing more comes within the wait and it goes on.
    pub fn until_its_end(&self, wait: Duration) -> Option<Vec<Live>> {
        let mut all = Vec::new();
        loop {
            match self.events.recv_timeout(wait) {
                Ok(live) => all.push(live),
                Err(RecvTimeoutError::Disconnected) => return Some(all),
                Err(RecvTimeoutError::Timeout) => return None,
            }
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let _ = self.socket.shutdown(std::net::Shutdown::Both);
    }
}

fn some_of(reader: &mut impl Read) -> Option<Vec<u8>> {
    let mut some = vec![0; 4096];
    let read = reader.read(&mut some).ok().filter(|read| *read > 0)?;
    some.truncate(read);
    Some(some)
}

/// A frame as an event; comments and `retry` are none.
fn live_of(frame: &str) -> Option<Live> {
    let field = |name: &str| {
        let lines = frame.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        lines.map(|value| value.strip_prefix(' ').unwrap_or(value)).collect::<Vec<_>>().join("\n")
    };
    let data = field("data");
    let data = serde_json::from_str(&data).ok()?;
    Some(Live { event: field("event"), id: field("id"), data, came: Instant::now() })
}
