//! Two buildings, brigade and bureau, and the line between them: docs/operate/two-buildings.

use std::fs::Permissions;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use muster_tests::client::Client;
use muster_tests::node::muster;
use muster_tests::postgres::Server;
use muster_tests::town::PASSWORD;
use serde_json::json;
use tempfile::TempDir;

use crate::{LINE, Place, calls, key_of, notes, signs_in};

/// What a node reaches its database by; it can be cut and mended.
struct Line {
    dir: TempDir,
    is_cut: Arc<AtomicBool>,
    under_way: Arc<Mutex<Vec<UnixStream>>>,
}

impl Line {
    /// To the socket in the directory that an address names first.
    fn to(address: &str) -> Self {
        let there = address.split(' ').find_map(|part| part.strip_prefix("host=")).unwrap();
        let there = Path::new(there).join(".s.PGSQL.5432");
        let dir = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(dir.path().join(".s.PGSQL.5432")).unwrap();
        let line = Self { dir, is_cut: Arc::default(), under_way: Arc::default() };
        let (is_cut, under_way) = (Arc::clone(&line.is_cut), Arc::clone(&line.under_way));
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                if !is_cut.load(Ordering::Acquire) {
                    let far = UnixStream::connect(&there).unwrap();
                    let mut under_way = under_way.lock().unwrap();
                    for (from, to) in [(&near, &far), (&far, &near)] {
                        let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                        under_way.push(from.try_clone().unwrap());
                        std::thread::spawn(move || carries(from, to));
                    }
                }
            }
        });
        line
    }

    fn address(&self) -> String {
        format!("host={} port=5432 user=muster dbname=rongcheng", self.dir.path().display())
    }

    fn is_cut(&self) {
        self.is_cut.store(true, Ordering::Release);
        for stream in self.under_way.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn is_mended(&self) {
        self.is_cut.store(false, Ordering::Release);
    }
}

fn carries(mut from: UnixStream, mut to: UnixStream) {
    let mut bytes = [0; 16 << 10];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        if to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + LINE;
    while !is_so() {
        assert!(Instant::now() < end, "it never is: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Plan 4.1.4, 6.1: the bureau's building is cut off from the database in the brigade's. The brigade works on; the bureau
/// sees what it had and is told that nothing is taken; once the line is mended its node goes on by itself, knows what
/// happened, and takes the same request under the same key.
#[test]
fn a_building_that_is_cut_off_shows_what_it_has_and_goes_on_by_itself() {
    let server = Server::start();
    let place = Place::on(server.database("rongcheng"));
    let first = place.first();
    let line = Line::to(&place.address);
    place.copies_keys();
    let second = Place::node_at(place.second.path(), &line.address());
    let brigade = signs_in(&first, "dispatcher");
    let bureau = signs_in(&second, "bureau");
    let incident = calls(&brigade);
    let before = notes(&brigade, &incident, "断线之前");
    let path = format!("/api/v1/incidents/{incident}");
    assert_eq!(bureau.get(&format!("{path}?min_seq={before}")).status, 200);

    line.is_cut();
    let ready = || Client::new(second.address).get("/readyz").status == 200;
    until("the bureau's node says that it takes no acts", || !ready());
    let shown = bureau.get(&path);
    assert!(shown.status == 200 && shown.text().contains("三号罐区冒烟"), "{}", shown.text());
    let key = key_of("应急局补记");
    let asks = || bureau.request("POST", &format!("{path}/notes")).key(&key);
    let refused = asks().json(&json!({ "text": "应急局补记" })).send();
    assert_eq!(refused.status, 503, "{}", refused.text());
    let body = json!({ "username": "bureau", "password": PASSWORD });
    let nobody = Client::new(second.address).request("POST", "/api/v1/session").json(&body).send();
    assert!(nobody.status >= 500, "who signs in is not told that the password is wrong: {}", nobody.status);
    let meanwhile = notes(&brigade, &incident, "断线期间");

    line.is_mended();
    until("the bureau's node goes on", ready);
    let seen = bureau.get(&format!("/api/v1/incidents/{incident}/timeline?min_seq={meanwhile}"));
    assert!(seen.text().contains("断线期间"), "{}", seen.text());
    assert_eq!(asks().json(&json!({ "text": "应急局补记" })).send().status, 201);
    place.verifies();
}

/// `muster doctor` looks at a journal in a database beside the nodes that serve it, and names what is wrong.
#[test]
fn the_doctor_looks_at_a_shared_journal_too() {
    let mut server = Server::start();
    let place = Place::on(server.database("rongcheng"));
    std::fs::set_permissions(place.first.path(), Permissions::from_mode(0o700)).unwrap();
    let settings: PathBuf = place.first.path().join("node.toml");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let data = place.first.path().display();
    let text = format!("data = \"{data}\"\njournal = \"{}\"\nlisten = \"{free}\"\n", place.address);
    std::fs::write(&settings, text).unwrap();
    let asks = || muster(&["doctor", "-c", settings.to_str().unwrap()]);
    let (well, told) = asks();
    assert!(well && told.contains("✓ database") && told.contains("尚未启动过"), "{told}");
    let node = place.first();
    let (well, told) = asks();
    for good in ["✓ database", "✓ keys", "✓ journal", "日志完整", "✓ clock"] {
        assert!(well && told.contains(good), "{good}: {told}");
    }
    let key = place.first.path().join("keys/vault.key");
    std::fs::rename(&key, key.with_extension("aside")).unwrap();
    let (well, told) = asks();
    assert!(!well && told.contains("✗ keys") && told.contains("从另一个节点"), "{told}");
    std::fs::write(&key, "00".repeat(32)).unwrap();
    let (well, told) = asks();
    assert!(!well && told.contains("与日志不符"), "{told}");
    drop(node);
    server.kill();
    let (well, told) = asks();
    assert!(!well && told.contains("✗ database") && told.contains("用不了"), "{told}");
}
