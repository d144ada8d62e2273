//! `muster doctor`: whatever is wrong is told in words, with what to do; what is right is not.

use std::fs::{self, File, Permissions};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use muster_tests::node::{Node, muster};
use muster_tests::powerloss::copy_tree;
use tempfile::TempDir;

/// A node that has served and was stopped, with its settings.
struct Place {
    dir: TempDir,
}

impl Place {
    fn of_a_node() -> Self {
        let place = Self { dir: tempfile::Builder::new().prefix("muster-doctor-").tempdir().unwrap() };
        Node::demo(&place.data()).stops();
        place.settings("");
        place
    }

    /// The same once more, to break something else in.
    fn again(&self) -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        copy_tree(&self.data(), &place.data()).unwrap();
        fs::set_permissions(place.data(), Permissions::from_mode(0o700)).unwrap();
        for key in ["signing.key", "vault.db"] {
            fs::set_permissions(place.data().join("keys").join(key), Permissions::from_mode(0o600)).unwrap();
        }
        place.settings("");
        place
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// The settings file, with a port that nobody has and more lines.
    fn settings(&self, more: &str) {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let listen = if more.contains("listen") { String::new() } else { format!("listen = \"{free}\"\n") };
        let text = format!("data = \"{}\"\n{listen}{more}", self.data().display());
        fs::write(self.dir.path().join("node.toml"), text).unwrap();
    }

    fn asks(&self, more: &[&str]) -> (bool, String) {
        let settings = self.dir.path().join("node.toml");
        muster(&[&["doctor", "-c", settings.to_str().unwrap()], more].concat())
    }

    /// The doctor names this as wrong, in these words, with what to do, and ends with 1.
    #[track_caller]
    fn is_ill(&self, name: &str, words: &str, cure: &str) {
        let (well, told) = self.asks(&[]);
        let mut lines = told
            .lines()
            .skip_while(|line| !(line.starts_with(&format!("✗ {name} ")) && line.contains(words)));
        assert!(lines.next().is_some(), "{name} is named with {words:?}: {told}");
        let next = lines.next().unwrap_or_default();
        assert!(next.contains("→ 处理：") && next.contains(cure), "{told}");
        assert!(!well, "{told}");
    }
}

#[test]
fn a_healthy_place_is_told_so_in_both_languages_whether_its_node_runs_or_not() {
    let place = Place::of_a_node();
    let (well, told) = place.asks(&[]);
    assert!(well && !told.contains('✗'), "{told}");
    for good in ["✓ settings", "✓ data", "✓ keys", "✓ journal", "✓ clock", "✓ port", "日志完整"]
    {
        assert!(told.contains(good), "{good}: {told}");
    }
    let (well, told) = place.asks(&["--lang", "en"]);
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    assert!(well && told.contains("the journal is whole") && !told.contains(chinese), "{told}");
    let node = Node::demo(&place.data());
    place.settings(&format!("listen = \"{}\"\n", node.address));
    let (well, told) = place.asks(&[]);
    assert!(well && told.contains("节点在运行") && told.contains("有应答"), "{told}");
    node.stops();
}

#[test]
fn settings_and_directory_that_cannot_be_are_named() {
    let place = Place { dir: tempfile::tempdir().unwrap() };
    place.settings("lsten = 1\n");
    place.is_ill("settings", "lsten", "docs/operate/settings.md");
    place.settings("");
    place.is_ill("data", "打不开", "--data");
    fs::write(place.data(), "a file").unwrap();
    place.is_ill("data", "不是目录", "--data");
    fs::remove_file(place.data()).unwrap();
    fs::create_dir(place.data()).unwrap();
    fs::set_permissions(place.data(), Permissions::from_mode(0o755)).unwrap();
    place.is_ill("data", "其他用户能读", "chmod 0700");
    fs::set_permissions(place.data(), Permissions::from_mode(0o700)).unwrap();
    let (well, told) = place.asks(&[]);
    assert!(well && told.contains("尚未启动过"), "{told}");
}

#[test]
fn keys_that_are_missing_open_to_others_or_of_another_journal_are_named() {
    let first = Place::of_a_node();
    let place = first.again();
    let key = |name: &str| place.data().join("keys").join(name);
    fs::set_permissions(key("signing.key"), Permissions::from_mode(0o644)).unwrap();
    place.is_ill("keys", "其他用户能读", "chmod 0600");
    fs::set_permissions(key("signing.key"), Permissions::from_mode(0o600)).unwrap();
    fs::rename(key("signing.key"), key("aside")).unwrap();
    place.is_ill("keys", "签名密钥", "muster restore");
    fs::rename(key("aside"), key("signing.key")).unwrap();

    let other = Place::of_a_node();
    for (name, words, cure) in
        [("signing.pub", "不是这份日志当前纪元的密钥", "signing.key"), ("vault.db", "与日志不符", "vault.db")]
    {
        let place = first.again();
        fs::copy(other.data().join("keys").join(name), place.data().join("keys").join(name)).unwrap();
        place.is_ill("keys", words, cure);
    }
}

#[test]
fn a_journal_that_somebody_touched_or_that_is_none_is_named() {
    let first = Place::of_a_node();
    let place = first.again();
    let file = place.data().join("journal.db");
    let mut bytes = fs::read(&file).unwrap();
    let name = "石岛油库".as_bytes();
    let at = bytes.windows(name.len()).position(|window| window == name).unwrap();
    bytes[at..at + name.len()].copy_from_slice("石岛水库".as_bytes());
    fs::write(&file, &bytes).unwrap();
    place.is_ill("journal", "起不可信", "muster restore");
    fs::write(&file, "not a database, but long enough to look like one".repeat(100)).unwrap();
    place.is_ill("journal", "日志读不了", "muster restore");
}

#[test]
fn a_port_that_is_taken_and_a_node_that_takes_no_acts_are_told_apart() {
    let place = Place::of_a_node();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    place.settings(&format!("listen = \"{}\"\n", taken.local_addr().unwrap()));
    place.is_ill("port", "已被别的程序占用", "ss -ltnp");
    place.settings("listen = \"203.0.113.1:8642\"\n");
    place.is_ill("port", "不能监听", "listen");

    // A node that writes, and says 503: its disk failed.
    place.settings(&format!("listen = \"{}\"\n", taken.local_addr().unwrap()));
    let lock = File::options().write(true).open(place.data().join("journal.lock")).unwrap();
    lock.lock().unwrap();
    let answers = std::thread::spawn(move || {
        let (mut asked, _) = taken.accept().unwrap();
        let _ = asked.read(&mut [0; 1024]).unwrap();
        asked.write_all(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n").unwrap();
    });
    place.is_ill("port", "不接收操作", "磁盘");
    answers.join().unwrap();
    place.is_ill("port", "没有应答", "重启");
}

#[test]
fn a_certificate_that_ended_or_does_not_fit_its_key_is_named() {
    let place = Place::of_a_node();
    let made = |name: &str, from: i32, until: i32| {
        let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let write = |what: &str, pem: String| {
            fs::write(place.dir.path().join(format!("{name}.{what}")), pem).unwrap();
        };
        write("pem", certificate.pem());
        write("key", key.serialize_pem());
    };
    made("old", 2019, 2020);
    made("next", 3019, 3020);
    made("good", 2019, 3020);
    let with = |cert: &str, key: &str| {
        let path = |name: &str| place.dir.path().join(name).display().to_string();
        place.settings(&format!("tls = \"files\"\ncert = \"{}\"\nkey = \"{}\"\n", path(cert), path(key)));
    };
    with("old.pem", "old.key");
    place.is_ill("certificate", "过期", "重启节点");
    with("next.pem", "next.key");
    place.is_ill("certificate", "才生效", "时钟");
    with("good.pem", "old.key");
    place.is_ill("certificate", "不能用", "成对");
    with("missing.pem", "old.key");
    place.is_ill("certificate", "missing.pem", "PEM");
    with("good.pem", "good.key");
    let (well, told) = place.asks(&[]);
    assert!(well && told.contains("✓ certificate"), "{told}");
    place.settings("tls = \"self-signed\"\n");
    let (well, _) = place.asks(&[]);
    assert!(well && !Path::new(&place.data().join("tls")).exists(), "the doctor makes nothing");
}
