//! A small HTTP/1.1 client that keeps its connection: it must cost less than what it measures.

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One kept connection.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 << 10) })
    }

    /// One exchange; gives status and body.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<(u16, &[u8])> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if let Some((status, start, end)) = whole(&self.buffer) {
                return Ok((status, &self.buffer[start..end]));
            }
            let read = self.stream.read_buf(&mut self.buffer).await?;
            anyhow::ensure!(read > 0, "the node closed the connection");
        }
    }

    /// Sends a request whose answer never ends, and waits until its head has come.
    pub(crate) async fn open_stream(mut self, request: &[u8]) -> anyhow::Result<TcpStream> {
        self.stream.write_all(request).await?;
        while !self.buffer.windows(4).any(|w| w == b"\r\n\r\n") {
            let read = self.stream.read_buf(&mut self.buffer).await?;
            anyhow::ensure!(read > 0, "the node closed the stream");
        }
        anyhow::ensure!(self.buffer.starts_with(b"HTTP/1.1 200"), "the stream was refused");
        Ok(self.stream)
    }
}

/// Status, and where the body begins and ends, once all of it is there.
fn whole(buffer: &[u8]) -> Option<(u16, usize, usize)> {
    let head = buffer.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&buffer[..head]).ok()?;
    let status = text.get(9..12)?.parse().ok()?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok()).flatten()
    })?;
    (buffer.len() >= head + length).then_some((status, head, head + length))
}

/// A request with a bearer token.
pub(crate) fn request(method: &str, path: &str, token: &str, key: Option<&str>, body: &str) -> Vec<u8> {
    let key = key.map(|key| format!("Idempotency-Key: {key}\r\n")).unwrap_or_default();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n{key}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The body as JSON, where the status is a good one.
pub(crate) fn good(answer: (u16, &[u8])) -> anyhow::Result<serde_json::Value> {
    let (status, body) = answer;
    anyhow::ensure!(status < 300, "{status}: {}", String::from_utf8_lossy(body));
    serde_json::from_slice(body).context("the answer is no JSON")
}
