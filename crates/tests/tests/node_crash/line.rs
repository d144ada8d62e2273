//! A line to the node that may go dead at any moment; it is kept between requests.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::book::Asked;

/// An answer, whole.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(crate) fn text(&self) -> String {
        format!("{} {}", self.status, String::from_utf8_lossy(&self.body))
    }
}

/// The line of one person, who takes any session he has.
pub(crate) struct Line {
    address: SocketAddr,
    socket: Option<BufReader<TcpStream>>,
}

impl Line {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, socket: None }
    }

    /// Reads something.
    pub(crate) fn get(&mut self, token: &str, path: &str) -> io::Result<Reply> {
        self.exchange(&format!("GET /api/v1{path} HTTP/1.1\r\n"), token, &[])
    }

    /// Asks for an act with its key.
    pub(crate) fn ask(&mut self, token: &str, key: &str, asked: &Asked) -> io::Result<Reply> {
        let Asked { path, media_type, body, .. } = asked;
        let head = format!(
            "POST /api/v1{path} HTTP/1.1\r\nIdempotency-Key: {key}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n",
            body.len()
        );
        self.exchange(&head, token, body)
    }

    /// A line that failed is not used again: what comes over it could be another answer.
    fn exchange(&mut self, head: &str, token: &str, body: &[u8]) -> io::Result<Reply> {
        let mut socket = match self.socket.take() {
            Some(socket) => socket,
            None => BufReader::new(TcpStream::connect(self.address)?),
        };
        socket.get_ref().set_nodelay(true)?;
        socket.get_ref().set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut request =
            format!("{head}Host: {}\r\nAuthorization: Bearer {token}\r\n\r\n", self.address).into_bytes();
        request.extend_from_slice(body);
        socket.get_mut().write_all(&request)?;
        let reply = reply_of(&mut socket)?;
        self.socket = Some(socket);
        Ok(reply)
    }
}

fn reply_of(socket: &mut BufReader<TcpStream>) -> io::Result<Reply> {
    let broken = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let mut line = String::new();
    socket.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(broken)?;
    let mut length = None;
    loop {
        line.clear();
        if socket.read_line(&mut line)? == 0 {
            return Err(broken());
        }
        match line.trim_end().split_once(": ") {
            None => break,
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().ok(),
            Some(_) => {}
        }
    }
    let mut body = vec![0; length.ok_or_else(broken)?];
    socket.read_exact(&mut body)?;
    Ok(Reply { status, body })
}
