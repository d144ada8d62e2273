//! What stands at the other end in these tests: fakes in this file, real servers as child processes.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener as StdListener};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A listener that takes every connection, counts it, and never says anything.
pub(crate) struct BlackHole {
    pub(crate) port: u16,
    connections: Arc<AtomicUsize>,
}

impl BlackHole {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            let mut kept = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                kept.push(stream);
            }
        });
        Self { port, connections }
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// A port where nobody listens.
pub(crate) fn dead_port() -> u16 {
    StdListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// A request as the HTTP peer saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A gateway by HTTP that gives every request the same answer: a head's lines and a body.
pub(crate) struct HttpPeer {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    answer: Arc<Mutex<String>>,
}

impl HttpPeer {
    pub(crate) async fn open() -> Self {
        Self::listen(None).await
    }

    pub(crate) async fn open_tls(certified: &Certified) -> Self {
        Self::listen(Some(certified.acceptor())).await
    }

    async fn listen(tls: Option<tokio_rustls::TlsAcceptor>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(Mutex::new(String::new()));
        let (kept, said) = (Arc::clone(&seen), Arc::clone(&answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, said, tls) = (Arc::clone(&kept), Arc::clone(&said), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, kept, said).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, kept, said).await;
                            }
                        }
                    }
                });
            }
        });
        let peer = Self { port, seen, answer };
        peer.answers("200 OK", "", "{}");
        peer
    }

    pub(crate) fn answers(&self, status: &str, headers: &str, body: &str) {
        let length = body.len();
        *self.answer.lock().unwrap() =
            format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    seen: Arc<Mutex<Vec<Seen>>>,
    answer: Arc<Mutex<String>>,
) {
    let mut received = Vec::new();
    loop {
        let head_end = loop {
            if let Some(at) = received.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            if stream.read_buf(&mut received).await.unwrap_or(0) == 0 {
                return;
            }
        };
        let head = String::from_utf8(received[..head_end].to_vec()).unwrap();
        let mut lines = head.lines();
        let path = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
        let headers: HashMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let length: usize = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
        while received.len() < head_end + length {
            if stream.read_buf(&mut received).await.unwrap_or(0) == 0 {
                return;
            }
        }
        let body = received[head_end..head_end + length].to_vec();
        received.drain(..head_end + length);
        seen.lock().unwrap().push(Seen { path, headers, body });
        let answer = answer.lock().unwrap().clone();
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// A certificate for `localhost` of an authority of its own, as files.
pub(crate) struct Certified {
    pub(crate) folder: tempfile::TempDir,
    cert: rcgen::CertifiedKey<rcgen::KeyPair>,
}

impl Certified {
    pub(crate) fn new() -> Self {
        let cert = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("cert.pem"), cert.cert.pem()).unwrap();
        std::fs::write(folder.path().join("key.pem"), cert.signing_key.serialize_pem()).unwrap();
        Self { folder, cert }
    }

    pub(crate) fn cert(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }

    fn acceptor(&self) -> tokio_rustls::TlsAcceptor {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(self.cert.signing_key.serialize_der());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![self.cert.cert.der().clone()], key.into())
            .unwrap();
        tokio_rustls::TlsAcceptor::from(Arc::new(config))
    }
}

/// A server as a child process that prints JSON lines; it is ended with the value.
pub(crate) struct Program {
    child: Child,
    _stdin: Option<ChildStdin>,
    lines: mpsc::Receiver<String>,
}

impl Program {
    pub(crate) fn start(command: &mut Command, installed_by: &str) -> Self {
        let what = format!("{command:?} cannot be started; `scripts/setup test` installs {installed_by}");
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect(&what);
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, _stdin: stdin, lines }
    }

    pub(crate) fn line(&self) -> Option<String> {
        self.lines.recv_timeout(Duration::from_secs(10)).ok()
    }

    /// The next line; the program has to be there and to speak.
    pub(crate) fn says(&self) -> Value {
        let line =
            self.line().expect("the peer said nothing for 10 s; is it installed (scripts/setup test)?");
        serde_json::from_str(&line).unwrap()
    }

    pub(crate) fn says_nothing(&self) -> bool {
        self.lines.try_recv().is_err()
    }

    /// Ends it at once, as a crash would.
    pub(crate) fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn beside(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(name)
}

/// npm's smpp as an SMSC, and its port.
pub(crate) fn smsc() -> (Program, u16) {
    let program = Program::start(Command::new("node").arg(beside("smpp.mjs")), "Node and npm's smpp");
    let port = program.says()["port"].as_u64().unwrap();
    (program, u16::try_from(port).unwrap())
}

/// aiosmtpd as a mail server, and its port; with a certificate it wants STARTTLS and a password.
pub(crate) fn mail_server(certified: Option<&Certified>) -> (Program, u16) {
    let mut command = Command::new("/usr/bin/python3"); // Debian's, for Debian's python3-aiosmtpd
    command.arg(beside("mail.py"));
    if let Some(certified) = certified {
        command.arg(certified.cert()).arg(certified.key());
    }
    let program = Program::start(&mut command, "python3-aiosmtpd");
    let port = program.says()["port"].as_u64().unwrap();
    (program, u16::try_from(port).unwrap())
}

/// Debian's mosquitto; with a certificate it speaks TLS. `user` has a password then, else everybody may.
pub(crate) async fn broker(port: u16, certified: Option<&Certified>) -> (Program, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut config = format!("listener {port} 127.0.0.1\npersistence false\nallow_anonymous true\n");
    if let Some(certified) = certified {
        let (cert, key) = (certified.cert(), certified.key());
        config = format!("{config}certfile {}\nkeyfile {}\n", cert.display(), key.display());
    }
    // Started by root, mosquitto takes another user, who must read the files.
    let log = folder.path().join("log");
    config = format!("{config}user root\nlog_dest file {}\n", log.display());
    let path = folder.path().join("mosquitto.conf");
    std::fs::write(&path, config).unwrap();
    let program = Program::start(
        Command::new("mosquitto").arg("-c").arg(&path).env("PATH", path_with_sbin()),
        "mosquitto",
    );
    for _ in 0..200 {
        if tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok() {
            return (program, folder);
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("mosquitto does not listen on {port}");
}

pub(crate) fn path_with_sbin() -> String {
    format!("{}:/usr/sbin:/usr/local/sbin", std::env::var("PATH").unwrap_or_default())
}
