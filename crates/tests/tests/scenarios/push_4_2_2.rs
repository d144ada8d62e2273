//! Web push, Plan 4.2.2: a session's browser is told beside the first other way, and nothing more once it has signed out.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use muster_tests::client::{Answer, Client};
use muster_tests::town::Town;
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::rand::SystemRandom;
use ring::{aead, hkdf};
use rustls::pki_types::PrivatePkcs8KeyDer;
use serde_json::{Value, json};

use crate::field::{depot_fire, orders_at_once};
use crate::messages_4_2_2::{LINE, told, town_with, until};

/// How long nothing may come before we say that nothing does.
const QUIET: Duration = Duration::from_millis(1_500);

/// What the push service was given: for which browser, sealed.
struct Pushed {
    path: String,
    headers: Vec<String>,
    body: Vec<u8>,
}

/// A browser maker's push service, over TLS as they all are.
struct PushService {
    port: u16,
    pushed: Receiver<Pushed>,
    /// The status that it answers with.
    status: Arc<Mutex<&'static str>>,
    settings: String,
    _folder: tempfile::TempDir,
}

impl PushService {
    fn opens() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let ca = folder.path().join("own-ca.pem");
        std::fs::write(&ca, own.cert.pem()).unwrap();
        let key = PrivatePkcs8KeyDer::from(own.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let tls = tls.unwrap().with_no_client_auth();
        let tls = Arc::new(tls.with_single_cert(vec![own.cert.der().clone()], key.into()).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (take, pushed) = channel();
        let status = Arc::new(Mutex::new("201 Created"));
        let answers = Arc::clone(&status);
        std::thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let connection = rustls::ServerConnection::new(Arc::clone(&tls)).unwrap();
                let line = rustls::StreamOwned::new(connection, socket);
                let (take, answers) = (take.clone(), Arc::clone(&answers));
                std::thread::spawn(move || serves(line, &take, &answers));
            }
        });
        let node = rcgen::KeyPair::generate().unwrap().serialize_pem().replace('\n', "\\n");
        let settings = format!(
            "[channels]\nca_file = \"{}\"\n[[channels.push]]\nname = \"push\"\ncontact = \"mailto:z@example.cn\"\nkey = \"{node}\"\nservices = [\"localhost\"]\nlimits = {{ timeout_s = 5 }}\n",
            ca.display()
        );
        Self { port, pushed, status, settings, _folder: folder }
    }

    fn next(&self) -> Pushed {
        self.pushed.recv_timeout(LINE).expect("something is pushed")
    }

    fn is_quiet(&self) {
        let came = self.pushed.recv_timeout(QUIET);
        assert!(came.is_err(), "nothing is pushed to who has signed out");
    }

    fn answers(&self, status: &'static str) {
        *self.status.lock().unwrap() = status;
    }
}

fn serves(
    line: rustls::StreamOwned<rustls::ServerConnection, std::net::TcpStream>,
    take: &Sender<Pushed>,
    status: &Mutex<&'static str>,
) {
    let mut reader = BufReader::new(line);
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line == "\r\n" {
                break;
            }
            head.push(line.trim().to_lowercase());
        }
        let length = head.iter().find_map(|line| line.strip_prefix("content-length:"));
        let mut body = vec![0; length.map_or(0, |text| text.trim().parse().unwrap())];
        reader.read_exact(&mut body).unwrap();
        let path = head[0].split(' ').nth(1).unwrap().to_owned();
        let status = *status.lock().unwrap();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        reader.get_mut().write_all(answer.as_bytes()).unwrap();
        if take.send(Pushed { path, headers: head, body }).is_err() {
            return;
        }
    }
}

/// A browser that somebody allowed to take messages.
struct Browser {
    key: EphemeralPrivateKey,
    public: Vec<u8>,
    auth: [u8; 16],
    path: String,
    port: u16,
}

impl Browser {
    fn new(service: &PushService, name: &str) -> Self {
        let key = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let public = key.compute_public_key().unwrap().as_ref().to_vec();
        Self { key, public, auth: [7; 16], path: format!("/p/{name}"), port: service.port }
    }

    /// `PushSubscription.toJSON()`.
    fn subscription(&self) -> Value {
        let (endpoint, keys) = (format!("https://localhost:{}{}", self.port, self.path), &self.public);
        json!({ "endpoint": endpoint, "expirationTime": null,
                "keys": { "p256dh": base64url(keys), "auth": base64url(&self.auth) } })
    }

    /// Opens what came, as RFC 8291 says; one message, since its key is used up by it.
    fn reads(self, pushed: &Pushed) -> Value {
        assert_eq!(pushed.path, self.path, "it came for this browser");
        let (salt, rest) = pushed.body.split_at(16);
        let (sender, record) = rest[5..].split_at(65);
        let peer = UnparsedPublicKey::new(&ECDH_P256, sender);
        let secret = agree_ephemeral(self.key, &peer, <[u8]>::to_vec).unwrap();
        let keying = derived(&self.auth, &secret, &[b"WebPush: info\0", &self.public, sender], 32);
        let key = derived(salt, &keying, &[b"Content-Encoding: aes128gcm\0"], 16);
        let nonce = derived(salt, &keying, &[b"Content-Encoding: nonce\0"], 12);
        let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_128_GCM, &key).unwrap());
        let nonce = aead::Nonce::try_assume_unique_for_key(&nonce).unwrap();
        let mut record = record.to_vec();
        let plain = key.open_in_place(nonce, aead::Aad::empty(), &mut record).unwrap();
        serde_json::from_slice(plain.strip_suffix(&[2]).unwrap()).unwrap()
    }
}

struct Octets(usize);

impl hkdf::KeyType for Octets {
    fn len(&self) -> usize {
        self.0
    }
}

fn derived(salt: &[u8], secret: &[u8], info: &[&[u8]], length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    let key = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret);
    key.expand(info, Octets(length)).unwrap().fill(&mut out).unwrap();
    out
}

fn base64url(octets: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in octets.chunks(3) {
        let bits =
            three.iter().fold(0_u32, |bits, octet| bits << 8 | u32::from(*octet)) << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            text.push(char::from(LETTERS[(bits >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text
}

fn asks(who: &Client, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let request = who.request(method, &format!("/api/v1{path}"));
    match body {
        Some(body) => request.json(body).send(),
        None => request.send(),
    }
}

fn allows(phone: &Client, browser: &Browser) {
    let answer = asks(phone, "POST", "/push/subscription", Some(&browser.subscription()));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["subscribed"], true);
}

fn is_subscribed(phone: &Client) -> Value {
    asks(phone, "GET", "/push", None).json()["subscribed"].clone()
}

/// An order reaches the phone's browser, sealed for it alone; signing out ends that at once.
#[test]
fn an_order_reaches_the_browser_until_it_signs_out() {
    let service = PushService::opens();
    let town = town_with(&service.settings);
    let phone = town.signs_in(&town.id("石岛站"));
    let offer = asks(&phone, "GET", "/push", None).json();
    assert_eq!((offer["subscribed"].as_bool(), offer["rehearsal"].as_bool()), (Some(false), Some(false)));
    assert_eq!(offer["key"].as_str().unwrap().len(), 87, "an uncompressed point of P-256 in base64url");
    let browser = Browser::new(&service, "station");
    allows(&phone, &browser);

    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &["石岛站"]);
    let pushed = service.next();
    assert!(pushed.headers.iter().any(|h| h == "urgency: high"), "{:?}", pushed.headers);
    let clear = |words: &str| pushed.body.windows(words.len()).any(|part| part == words.as_bytes());
    assert!(!clear("石岛"), "the service reads nothing of it");
    let read = browser.reads(&pushed);
    let text = read["text"].as_str().unwrap();
    assert!(text.contains("出动指令") && text.contains("石岛油库"), "{text}");
    let shown = told(&town, &story, "石岛站");
    assert_eq!(shown.text("code"), read["short_code"].as_str().unwrap());
    until("handed over", || {
        let sent = told(&town, &story, "石岛站").all("messages");
        sent.iter().any(|m| m.text("channel") == "push" && m.text("status") == "handed_over")
    });

    assert_eq!(asks(&phone, "DELETE", "/session", None).status, 204);
    orders_at_once(&town, &mut story, &["崖头站"]);
    let body = json!({ "reason": "误派" });
    town.brigade().does(&story.order_path("石岛站", "/cancel"), body);
    service.is_quiet();
    let again = town.signs_in(&town.id("石岛站"));
    assert_eq!(is_subscribed(&again), false, "a new session is asked anew");
}

/// Each session has its own browser, which it can end without signing out; a trial says how it went.
#[test]
fn a_browser_is_tried_and_ended() {
    let service = PushService::opens();
    let town = town_with(&service.settings);
    let (phone, other) = (town.signs_in(&town.id("石岛站")), town.signs_in(&town.id("石岛站")));
    assert_eq!(asks(&phone, "POST", "/push/trial", None).json()["code"], "no_browser");
    let browser = Browser::new(&service, "one");
    allows(&phone, &browser);
    assert_eq!(is_subscribed(&other), false);
    let tried = asks(&phone, "POST", "/push/trial", None);
    assert_eq!(tried.json()["outcome"], "handed_over", "{}", tried.text());
    assert!(browser.reads(&service.next())["text"].as_str().unwrap().contains("推送"));
    assert_eq!(asks(&phone, "DELETE", "/push/subscription", None).status, 204);
    assert_eq!(is_subscribed(&phone), false);
    assert_eq!(asks(&phone, "DELETE", "/push/subscription", None).status, 204, "it may be asked again");
    // A browser that its service no longer knows is forgotten, and is nobody's number to correct.
    allows(&phone, &Browser::new(&service, "two"));
    service.answers("410 Gone");
    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &["石岛站"]);
    until("the browser is forgotten", || is_subscribed(&phone) == false);
    assert!(town.bureau().sees("/corrections").list().is_empty());
}

/// A subscription of a host that the settings do not name, or that is none, is refused; so is who is told nothing.
#[test]
fn only_named_push_services_are_taken() {
    let service = PushService::opens();
    let town = town_with(&service.settings);
    let phone = town.signs_in(&town.id("石岛站"));
    let mut elsewhere = Browser::new(&service, "x").subscription();
    elsewhere["endpoint"] = json!("https://evil.example.net/p/1");
    let no_keys = json!({ "endpoint": "https://localhost/p", "keys": { "p256dh": "AA", "auth": "AA" } });
    for wrong in [elsewhere, no_keys] {
        let answer = asks(&phone, "POST", "/push/subscription", Some(&wrong));
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (422, Some("field")),
            "{}",
            answer.text()
        );
    }
    assert_eq!(is_subscribed(&phone), false);
    assert_eq!(
        asks(&town.signs_in("admin"), "GET", "/push", None).status,
        403,
        "an administrator is told nothing"
    );
    assert_eq!(asks(&town.stranger(), "GET", "/push", None).status, 401);
}

/// Where the node has no push channel the page is told so.
#[test]
fn a_node_without_push_says_so() {
    let town = Town::rongcheng();
    let phone = town.signs_in(&town.id("石岛站"));
    assert_eq!(asks(&phone, "GET", "/push", None).json()["key"], Value::Null);
    let keys = json!({ "p256dh": "AA", "auth": "AA" });
    let answer =
        asks(&phone, "POST", "/push/subscription", Some(&json!({ "endpoint": "https://a", "keys": keys })));
    assert_eq!((answer.status, answer.json()["code"].as_str()), (409, Some("no_push")));
}
