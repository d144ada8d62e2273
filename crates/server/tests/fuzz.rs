//! Everything that comes to the node's door is hostile until read: arbitrary requests, headers, settings, files of a
//! jurisdiction and certificates are answered or refused, never with a fault and never with a panic.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue};
use domain::types::Time;
use http_body_util::BodyExt as _;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{TestRng, TestRunner};
use serde_json::Value;
use server::app::{self, Peer};
use server::auth::Secret;
use server::config::{Settings, TlsMode};
use server::node::Node;
use server::now::Now;
use server::published::Position;
use server::seed::{self, Source};
use server::tls::{parse_subject, parse_validity};
use server::{lang, openapi};
use tower::ServiceExt as _;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn any_bytes_are_a_certificate_or_none(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = (parse_validity(&bytes), parse_subject(&bytes));
    }

    /// Near a certificate: its shape with any lengths and tags.
    #[test]
    fn any_nesting_is_a_certificate_or_none(parts in prop::collection::vec((prop::sample::select(vec![0x30_u8, 0x02, 0xa0, 0x17, 0x18, 0x31, 0x0c]), any::<u8>()), 0..40)) {
        let bytes: Vec<u8> = parts.into_iter().flat_map(|(tag, length)| [tag, length]).collect();
        let _ = (parse_validity(&bytes), parse_subject(&bytes));
    }

    #[test]
    fn a_position_is_read_or_refused(text in prop_oneof![".{0,60}", "[0-9]{0,25}[.][0-9]{0,25}", "[+-]?[0-9]{1,3}[.][+-]?[0-9]{1,3}"]) {
        if let Ok(position) = text.parse::<Position>() {
            prop_assert_eq!(position.to_string().parse::<Position>(), Ok(position));
        }
    }

    #[test]
    fn any_headers_carry_a_secret_or_none(
        bearer in prop::collection::vec(any::<u8>(), 0..60),
        cookie in prop_oneof![Just(Vec::new()), prop::collection::vec(any::<u8>(), 0..80), "[;= a-z_]{0,40}(muster|__Host-muster)=[ -~]{0,40}".prop_map(String::into_bytes)],
        languages in prop_oneof!["[ -~]{0,60}", "(zh|en|fr|[*]|;|q=|[0-9.]|,|-){0,20}"],
    ) {
        let mut headers = HeaderMap::new();
        for (name, value) in [("authorization", &bearer), ("cookie", &cookie), ("accept-language", &languages.into_bytes())] {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                headers.append(name, value);
            }
        }
        for tls in [TlsMode::Off, TlsMode::Files] {
            if let Some(secret) = Secret::of(&headers, tls) {
                prop_assert!(secret.token().len() <= 160);
            }
        }
        let _ = lang::of(&headers);
    }

    #[test]
    fn a_file_of_settings_is_read_or_refused(text in prop_oneof![".{0,200}", "((data|listen|tls|idle-min|second-factor|log|[a-z]{1,8})( ?= ?(\"[ -~]{0,12}\"|[0-9]{1,4}|\\[\"admin\"\\]|\\{admin = [0-9]{1,12}\\}))?\n){0,6}"]) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("node.toml");
        std::fs::write(&path, &text).unwrap();
        if let Ok(settings) = Settings::from_file(&path) {
            let _ = settings.complete();
        }
    }
}

/// What anybody may write into the files of a jurisdiction: a line doubled, lost, cut, or with one value changed. It is
/// loaded whole, or refused with the file's name; nothing is loaded by half.
#[test]
fn a_jurisdiction_with_a_slip_in_it_is_loaded_or_refused_by_its_file() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/rongcheng");
    let names = [
        "jurisdiction.toml",
        "orgs.tsv",
        "forces.tsv",
        "contacts.tsv",
        "accounts.tsv",
        "duty.tsv",
        "hazards.toml",
        "capabilities.toml",
        "bases.toml",
        "places.tsv",
        "divisions.tsv",
        "villages.tsv",
        "compositions/fire.toml",
    ];
    let mut runner = TestRunner::new_with_rng(
        config(60),
        TestRng::deterministic_rng(prop::test_runner::RngAlgorithm::ChaCha),
    );
    let slips = (prop::sample::select(names.to_vec()), any::<prop::sample::Index>(), 0..6_u8, ".{0,12}");
    let dir = tempfile::tempdir().unwrap();
    copy(&shipped, dir.path());
    runner
        .run(&slips, |(name, at, slip, text)| {
            let path = dir.path().join(name);
            let whole = std::fs::read_to_string(&path).unwrap();
            let mut lines: Vec<String> = whole.lines().map(ToOwned::to_owned).collect();
            let at = at.index(lines.len());
            match slip {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[at].clone()),
                2 => lines[at] = lines[at].chars().take(7).collect(),
                3 => lines[at].push_str(&text),
                4 => lines[at] = text.clone(),
                _ => lines[at] = lines[at].replacen('\t', &text, 1),
            }
            std::fs::write(&path, lines.join("\n")).unwrap();
            let loaded = seed::load(&Source::Directory(dir.path().to_owned()), Time(0));
            std::fs::write(&path, whole).unwrap();
            if let Err(fault) = loaded {
                let told = format!("{:#}", anyhow::Error::from(fault));
                prop_assert!(told.contains(".t"), "{name}: {told}");
            }
            Ok(())
        })
        .unwrap();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A request that nobody's page would send.
#[derive(Debug, Clone)]
struct Odd {
    route: prop::sample::Index,
    id: String,
    query: String,
    headers: Vec<(&'static str, String)>,
    media: &'static str,
    body: Vec<u8>,
}

fn odd() -> impl Strategy<Value = Odd> {
    let id = prop_oneof![
        Just("01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned()),
        "[A-Za-z0-9._~-]{1,30}",
        Just("..%2f..".to_owned()),
        Just("%00".to_owned()),
        Just("%F0%A0%AE%B7".to_owned())
    ];
    let query = prop_oneof![
        Just(String::new()),
        "[a-z_]{1,8}=[A-Za-z0-9.,%-]{0,20}(&[a-z_]{1,8}=[A-Za-z0-9.,-]{0,12}){0,2}",
        "(near|limit|after|open|at|lon|lat|min_seq|since|step|incident|q|of)=[-A-Za-z0-9.,:%]{0,16}"
    ];
    let header = (
        prop::sample::select(vec![
            "idempotency-key",
            "accept-language",
            "last-event-id",
            "if-none-match",
            "accept-encoding",
            "x-forwarded-for",
            "origin",
        ]),
        "[ -~]{0,40}",
    );
    let json = any_json().prop_map(|value| value.to_string().into_bytes());
    let form = "--x\r\nContent-Disposition: form-data;[ -~]{0,40}\r\n(Content-Type: [a-z/]{0,20}\r\n)?\r\n[ -~]{0,40}\r\n(--x--)?".prop_map(String::into_bytes);
    let body = prop_oneof![3 => json, 1 => prop::collection::vec(any::<u8>(), 0..200), 1 => form];
    let media = prop::sample::select(vec![
        "application/json",
        "application/json",
        "application/json",
        "multipart/form-data; boundary=x",
        "image/png",
        "text/plain",
        "",
    ]);
    (any::<prop::sample::Index>(), id, query, prop::collection::vec(header, 0..3), media, body)
        .prop_map(|(route, id, query, headers, media, body)| Odd { route, id, query, headers, media, body })
}

/// JSON of any shape, with the names that the interface knows.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from)
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let names = prop::sample::select(vec![
            "source",
            "place",
            "text",
            "point",
            "revision",
            "tasks",
            "force",
            "orders",
            "reason",
            "files",
            "occurred_at",
            "on_behalf_of",
            "username",
            "password",
            "code",
            "stage",
            "hazard",
            "grade",
            "to",
            "org",
            "signed_by",
            "arrangements",
            "datum",
            "who",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names.prop_map(ToOwned::to_owned), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// RFC 9457: whatever is asked, the answer is one of the interface's own, and a no is a problem document.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_asked_the_node_answers_and_has_no_fault() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings {
        data: Some(dir.path().to_owned()),
        listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        ..Settings::default()
    };
    let config_of_node = settings.complete().unwrap().as_demo("muster-demo".to_owned()).unwrap();
    let clock = Arc::new(AtomicI64::new(1_795_478_400_000));
    let now = Now::from_fn(move || Time(clock.fetch_add(1, Ordering::Relaxed)));
    let (node, stopper) = Node::start(config_of_node, now).await.unwrap();
    let router = app::router(Arc::clone(&node));
    let proven = server::session::Proven::Password;
    let sessions = ["dispatcher", "force-001", "auditor"].map(|account| {
        node.sessions
            .begin(&account.parse().unwrap(), "127.0.0.1", "", proven, node.clock.now())
            .unwrap()
            .token
    });
    let description = openapi::document();
    let routes: Vec<(String, String)> = description["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone()))
        })
        .filter(|(method, path)| !(path == "/api/v1/session" && method == "DELETE"))
        .collect();
    let mut runner = TestRunner::new_with_rng(
        config(1_500),
        TestRng::deterministic_rng(prop::test_runner::RngAlgorithm::ChaCha),
    );
    let mut seen = std::collections::BTreeMap::<u16, u32>::new();
    for count in 0..1_500 {
        let odd = odd().new_tree(&mut runner).unwrap().current();
        let (method, path) = &routes[odd.route.index(routes.len())];
        let path =
            ["{id}", "{name}", "{hash}"].into_iter().fold(path.clone(), |path, of| path.replace(of, &odd.id));
        let mut request = Request::builder().method(method.as_str()).uri(format!("{path}?{}", odd.query));
        request = request
            .header("authorization", format!("Bearer {}", sessions[count % sessions.len()]))
            .header("idempotency-key", format!("odd-{count}"));
        if !odd.media.is_empty() {
            request = request.header("content-type", odd.media);
        }
        for (name, value) in &odd.headers {
            request = request.header(*name, value.as_str());
        }
        let Ok(mut request) = request.body(Body::from(odd.body.clone())) else { continue };
        request.extensions_mut().insert(Peer(SocketAddr::from(([127, 0, 0, 1], 1))));
        let response = router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        *seen.entry(status.as_u16()).or_default() += 1;
        assert!(!status.is_server_error(), "{method} {path}: {status} to {odd:?}");
        if status.is_client_error() {
            let media = response.headers()["content-type"].to_str().unwrap().to_owned();
            assert_eq!(media, "application/problem+json", "{method} {path}: {odd:?}");
            let body = response.into_body().collect().await.unwrap().to_bytes();
            let problem: Value = serde_json::from_slice(&body).unwrap();
            assert!(
                problem["code"].is_string() && problem["detail"].as_str().is_some_and(|d| !d.is_empty()),
                "{problem}"
            );
        }
    }
    for status in [200, 400, 403, 404, 415, 422] {
        assert!(seen.get(&status).is_some_and(|count| *count >= 5), "{status} is reached: {seen:?}");
    }
    tokio::task::spawn_blocking(move || stopper.stop()).await.unwrap().unwrap();
}
