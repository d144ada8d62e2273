//! The node's own HTTPS, and its orderly end.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use muster_tests::node::{Node, muster};
use muster_tests::powerloss::{Loss, PowerLoss, copy_tree, reconstruct};
use muster_tests::town::{PASSWORD, Town};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::json;

fn over_tls(data: &Path) -> Command {
    let mut command = Node::demo_command(data);
    command.args(["--tls", "self-signed"]);
    command
}

/// One request over TLS, trusting the node's own certificate and no other; the answer as text.
fn asks(address: SocketAddr, data: &Path, request: &str) -> String {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(data.join("tls/cert.pem")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let connection = rustls::ClientConnection::new(Arc::new(client), name).unwrap();
    let socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut line = rustls::StreamOwned::new(connection, socket);
    line.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // A node may close without a farewell; the answer has its length.
    let _ = line.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn signs_in(address: SocketAddr) -> String {
    let body = json!({ "username": "dispatcher", "password": PASSWORD }).to_string();
    format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Phones send their position over HTTPS only, so a node makes its own certificate, keeps it, and binds its cookie
/// to this host.
#[test]
fn a_node_speaks_tls_by_itself_and_keeps_its_certificate() {
    let data = tempfile::tempdir().unwrap();
    let node = Node::begins(over_tls(data.path()));
    let answer = asks(node.address, data.path(), &signs_in(node.address));
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    assert!(cookie.starts_with("__Host-muster="), "{cookie}");
    for part in ["Path=/", "HttpOnly", "Secure", "SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie} lacks {part}");
    }
    let token = cookie.split(';').next().unwrap();
    let me = format!(
        "GET /api/v1/me HTTP/1.1\r\nHost: {}\r\nCookie: {token}\r\nConnection: close\r\n\r\n",
        node.address
    );
    assert!(asks(node.address, data.path(), &me).starts_with("HTTP/1.1 200"));
    let mut plain = TcpStream::connect(node.address).unwrap();
    plain.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/"), "nothing is answered in the open");
    let before = fs::read(data.path().join("tls/cert.pem")).unwrap();
    node.stops();
    let node = Node::begins(over_tls(data.path()));
    assert_eq!(fs::read(data.path().join("tls/cert.pem")).unwrap(), before, "people have accepted it once");
    assert!(asks(node.address, data.path(), &signs_in(node.address)).starts_with("HTTP/1.1 201"));
}

/// A power cut right after the first start: the certificate that people may have accepted by then is still there.
#[test]
fn a_power_cut_after_the_first_start_leaves_the_certificate() {
    let place = tempfile::tempdir().unwrap();
    let power = PowerLoss::build(place.path()).unwrap();
    let [live, base, log] = ["live", "base", "log"].map(|name| place.path().join(name));
    fs::create_dir(&live).unwrap();
    copy_tree(&live, &base).unwrap();
    let mut command = over_tls(&live);
    power.record(&mut command, &live, &log);
    Node::begins(command).killed();
    for n in 0..16 {
        let out = place.path().join(format!("out-{n}"));
        let loss = if n == 0 { Loss::Unsynced } else { Loss::Seeded(n) };
        reconstruct(&log, &live, &base, &out, loss).unwrap();
        let is_whole = |name: &str| match fs::read(out.join(name)) {
            Ok(bytes) => bytes == fs::read(live.join(name)).unwrap(),
            Err(_) => false,
        };
        // It told where it listens: by then both are on the disk.
        assert!(is_whole("tls/key.pem") && is_whole("tls/cert.pem"), "{loss:?}");
        if n < 2 {
            let node = Node::begins(over_tls(&out));
            let answer = asks(node.address, &out, &signs_in(node.address));
            assert!(answer.starts_with("HTTP/1.1 201"), "{loss:?}: {answer}");
        }
        fs::remove_dir_all(&out).unwrap();
    }
}

/// A node that was stopped well is there again within two seconds; a build without optimisation, on a machine that runs other
/// tests as well, has ten times that.
const WARM_START: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 2 });
/// Kilobytes of a demo node in memory, at the most.
const RESIDENT_KB: u64 = 150_000_000 / 1024;

/// An orderly end leaves a snapshot of everything: the next start folds nothing, and says the same.
#[test]
#[allow(clippy::print_stdout, reason = "figures for who reads the log")]
fn an_orderly_end_leaves_a_snapshot_and_the_start_after_it_is_warm() {
    let mut town = Town::rongcheng();
    let cold = town.node().started();
    let call = json!({ "source": "119", "place": { "text": "石岛油库", "place": "place-shidaoyouku" } });
    let incident = town.brigade().does("/incidents", call).id;
    let before = town.brigade().sees(&format!("/incidents/{incident}"));
    let log = town.stops();
    assert!(log.contains("snapshot written"), "{log}");
    let snapshots = fs::read_dir(town.data().join("snapshots")).unwrap().count();
    assert_eq!(snapshots, 1);
    town.starts_again();
    let (warm, resident_kb) = (town.node().started(), town.node().resident_kb());
    println!("first start {cold:?}, warm start {warm:?}, {resident_kb} kB in memory");
    assert!(warm <= WARM_START, "{warm:?}: whoever restarts a desk waits for it");
    assert!(resident_kb <= RESIDENT_KB, "{resident_kb} kB in memory");
    assert_eq!(town.brigade().sees(&format!("/incidents/{incident}")), before);
    let log = town.stops();
    assert!(!log.contains("snapshot written"), "nothing has happened since: {log}");
    let data = town.data().to_str().unwrap().to_owned();
    let (clean, told) = muster(&["verify", "--data", &data, "--rules"]);
    assert!(clean, "{told}");
}
