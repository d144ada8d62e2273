//! The node's door: who comes in, with what, and what every answer carries.

#![allow(clippy::unwrap_used, reason = "a test may fall over")]

mod client;
mod desks;

use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use client::{Answer, Door, demo, opens, over_tls, request, settings};
use domain::ActKind;
use domain::authority::Role;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::json;
use server::alarms::Alarm;
use server::config::{Settings, TlsMode};
use server::limits;
use server::session::{Enrolment, Sessions};

const CALL: &str = r#"{"source":"119","place":{"text":"石岛油库","place":"place-shidaoyouku"},"hazard":"hazchem","grade":3}"#;

/// A desk's cookie acts only from the node's own pages; a bearer token is no cookie and needs no page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_sites_page_cannot_take_a_call_in_a_desks_name() {
    let dir = tempfile::tempdir().unwrap();
    let door = opens(demo(settings(dir.path()))).await;
    let (token, cookie) = door.signs_in("dispatcher", "muster-demo").await.unwrap();
    let key = ("idempotency-key", "call-1");
    let (cookie, bearer) = (("cookie", cookie.as_str()), format!("Bearer {token}"));
    for foreign in [&[][..], &[("sec-fetch-site", "cross-site")], &[("origin", "http://elsewhere")]] {
        let headers = [&[cookie, key], foreign].concat();
        let answer = door.asks("POST /api/v1/incidents", &headers, CALL).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "other_origin"), "{foreign:?}");
    }
    assert_eq!(door.node.published().state.incidents.len(), 0);
    let own = [cookie, key, ("sec-fetch-site", "same-origin")];
    assert_eq!(door.asks("POST /api/v1/incidents", &own, CALL).await.status, 201);
    let by_token = [("authorization", bearer.as_str()), key];
    assert_eq!(door.asks("POST /api/v1/incidents", &by_token, CALL).await.status, 201, "the same key again");
    assert_eq!(door.asks("GET /api/v1/me", &[cookie], "").await.status, 200);
    door.stops().await;
}

/// Plan 4.2.3: a duty desk changes shift without signing off; an administrator's session ends by idling.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_duty_desk_does_not_idle_out_and_an_administrator_does() {
    let dir = tempfile::tempdir().unwrap();
    let door = opens(demo(settings(dir.path()))).await;
    let (desk, _) = door.signs_in("dispatcher", "muster-demo").await.unwrap();
    let (admin, _) = door.signs_in("admin", "muster-demo").await.unwrap();
    let me = async |token: &str| {
        let bearer = format!("Bearer {token}");
        door.asks("GET /api/v1/me", &[("authorization", &bearer)], "").await.status
    };
    assert_eq!((me(&desk).await, me(&admin).await), (200, 200));
    door.time_passes(Duration::from_hours(72));
    assert_eq!((me(&desk).await, me(&admin).await), (200, 401));
    assert_eq!(me(&admin).await, 401);
    door.stops().await;
}

/// A session outlives the node's restart, and ends at once and for good when it is signed out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_outlives_a_restart_and_ends_when_it_is_signed_out() {
    let dir = tempfile::tempdir().unwrap();
    let door = opens(demo(settings(dir.path()))).await;
    let (token, _) = door.signs_in("bureau", "muster-demo").await.unwrap();
    door.stops().await;
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let door = opens(demo(settings(dir.path()))).await;
    assert_eq!(door.asks("GET /api/v1/me", &headers, "").await.status, 200);
    assert_eq!(door.asks("DELETE /api/v1/session", &headers, "").await.status, 204);
    assert_eq!(door.asks("GET /api/v1/me", &headers, "").await.code(), "not_signed_in");
    door.stops().await;
    let door = opens(demo(settings(dir.path()))).await;
    assert_eq!(door.asks("GET /api/v1/me", &headers, "").await.status, 401);
    let kept = std::fs::read(dir.path().join("auth.db")).unwrap();
    assert!(!kept.windows(token.len()).any(|w| w == token.as_bytes()), "a token lies in the file");
    door.stops().await;
}

/// A password that is set, by whichever process, ends the account's sessions and their streams, and nobody else's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_password_ends_the_sessions_and_streams_of_its_account() {
    let dir = tempfile::tempdir().unwrap();
    let door = Arc::new(opens(demo(settings(dir.path()))).await);
    let (lost, _) = door.signs_in("dispatcher", "muster-demo").await.unwrap();
    let (other, _) = door.signs_in("bureau", "muster-demo").await.unwrap();
    let stream = tokio::spawn(listens(Arc::clone(&door), lost.clone()));
    while door.node.live.streams() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let elsewhere = Sessions::open(&dir.path().join("auth.db"), [].into(), None).unwrap();
    elsewhere.set_password(&"dispatcher".parse().unwrap(), "a better one", door.node.clock.now()).unwrap();
    door.node.tidy_sessions().unwrap();
    tokio::time::timeout(Duration::from_secs(5), stream).await.expect("the stream ends").unwrap();
    let me = async |token: &str| {
        let bearer = format!("Bearer {token}");
        door.asks("GET /api/v1/me", &[("authorization", &bearer)], "").await.status
    };
    assert_eq!((me(&lost).await, me(&other).await), (401, 200));
    assert!(door.signs_in("dispatcher", "muster-demo").await.is_err());
    let (again, _) = door.signs_in("dispatcher", "a better one").await.unwrap();
    door.node.tidy_sessions().unwrap();
    assert_eq!((me(&again).await, me(&other).await), (200, 200));
    Arc::into_inner(door).unwrap().stops().await;
}

/// A session that idles out takes its stream with it; one that was used in time stays, also over a restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_idles_out_takes_its_stream_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let door = Arc::new(opens(demo(settings(dir.path()))).await);
    let (idle, _) = door.signs_in("admin", "muster-demo").await.unwrap();
    let (used, _) = door.signs_in("admin", "muster-demo").await.unwrap();
    let stream = tokio::spawn(listens(Arc::clone(&door), idle));
    while door.node.live.streams() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let idle_min = u64::from(door.node.config.idle_min[&Role::Admin]);
    let bearer = format!("Bearer {used}");
    let headers = [("authorization", bearer.as_str())];
    door.time_passes(Duration::from_mins(idle_min - 1));
    assert_eq!(door.asks("GET /api/v1/me", &headers, "").await.status, 200);
    door.node.tidy_sessions().unwrap();
    assert_eq!(door.node.live.streams(), 1, "nothing has idled out yet");
    door.time_passes(Duration::from_mins(2));
    door.node.tidy_sessions().unwrap();
    tokio::time::timeout(Duration::from_secs(5), stream).await.expect("the stream ends").unwrap();
    assert_eq!(door.asks("GET /api/v1/me", &headers, "").await.status, 200);
    let now = door.node.clock.now();
    Arc::into_inner(door).unwrap().stops().await;
    let kept = Sessions::open(&dir.path().join("auth.db"), [(Role::Admin, 2)].into(), None).unwrap();
    assert!(kept.find(&used, |_| Some(Role::Admin), now).is_some(), "when it was last seen is in the file");
}

async fn listens(door: Arc<Door>, token: String) {
    let bearer = format!("Bearer {token}");
    door.asks("GET /api/v1/stream", &[("authorization", &bearer)], "").await;
}

/// Guessing becomes slow, and the right password passes all the same: no duty desk is ever locked out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_is_slow_and_locks_nobody_out() {
    let dir = tempfile::tempdir().unwrap();
    let door = opens(demo(settings(dir.path()))).await;
    for _ in 0..5 {
        let wrong = door.signs_in("dispatcher", "guess").await.unwrap_err();
        assert_eq!(wrong.code(), "wrong_password");
    }
    let asked = Instant::now();
    door.signs_in("dispatcher", "muster-demo").await.unwrap();
    assert!(asked.elapsed() >= Duration::from_millis(500), "five guesses cost nothing");
    assert!(asked.elapsed() < Duration::from_secs(8));
    let asked = Instant::now();
    door.signs_in("dispatcher", "muster-demo").await.unwrap();
    assert!(asked.elapsed() < Duration::from_secs(3), "a right password did not end the delay");
    door.stops().await;
}

/// RFC 6238: whoever has the password needs the phone too; a code counts once; a role that must have a second factor
/// does not come in without; enrolling ends the sessions before it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_with_a_second_factor_signs_in_with_password_and_code() {
    let dir = tempfile::tempdir().unwrap();
    let strict = Settings { second_factor: Some(vec![Role::Admin]), ..settings(dir.path()) };
    let door = opens(demo(strict)).await;
    let (before, _) = door.signs_in("bureau", "muster-demo").await.unwrap();
    let bureau = "bureau".parse().unwrap();
    let phone = Enrolment::fresh();
    let elsewhere = Sessions::open(&dir.path().join("auth.db"), [].into(), None).unwrap();
    let now = || door.node.clock.now();
    let recovery = elsewhere.enrol(&bureau, &phone, &phone.shows(now()), now()).unwrap().unwrap();
    door.node.tidy_sessions().unwrap();
    let bearer = format!("Bearer {before}");
    assert_eq!(door.asks("GET /api/v1/me", &[("authorization", &bearer)], "").await.status, 401);
    let tries = async |password: &str, code: Option<&str>| {
        let mut body = json!({ "username": "bureau", "password": password });
        if let Some(code) = code {
            body["code"] = json!(code);
        }
        let answer = door.asks("POST /api/v1/session", &[], &body.to_string()).await;
        if answer.status == 201 { (201, String::new()) } else { (answer.status, answer.code()) }
    };
    let is = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(tries("muster-demo", None).await, is(401, "code_needed"));
    assert_eq!(
        tries("guess", Some(&phone.shows(now()))).await,
        is(401, "wrong_password"),
        "a code tells nothing"
    );
    assert_eq!(
        tries("muster-demo", Some(&phone.shows(now()))).await,
        is(401, "wrong_code"),
        "it enrolled the phone"
    );
    door.time_passes(Duration::from_secs(30));
    let code = phone.shows(now());
    assert_eq!(tries("muster-demo", Some(&code)).await, is(201, ""));
    assert_eq!(tries("muster-demo", Some(&code)).await, is(401, "wrong_code"), "overheard and sent again");
    assert_eq!(tries("muster-demo", Some(&recovery[0])).await, is(201, ""));
    assert_eq!(tries("muster-demo", Some(&recovery[0])).await, is(401, "wrong_code"));
    let mut codes = Vec::new();
    for _ in 0..=limits::CODES_PER_STEP {
        codes.push(tries("muster-demo", Some("000000")).await);
    }
    assert_eq!(codes.last(), Some(&is(429, "too_many_codes")), "{codes:?}");
    door.time_passes(Duration::from_secs(30));
    assert_eq!(tries("muster-demo", Some(&phone.shows(now()))).await, is(201, ""), "nobody is locked out");
    let admin = door.signs_in("admin", "muster-demo").await.unwrap_err();
    assert_eq!((admin.status, admin.code().as_str()), (403, "second_factor_missing"));
    assert!(door.signs_in("dispatcher", "muster-demo").await.is_ok(), "nobody else is asked for a code");
    door.stops().await;
}

/// A clock that went back is an alarm in the figures and in `/readyz`, told once, and over when the clock is right; acts
/// are taken all the while.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_goes_back_is_an_alarm_until_it_is_right() {
    let dir = tempfile::tempdir().unwrap();
    let door = opens(demo(settings(dir.path()))).await;
    let look = || door.node.watch.look(&door.node);
    let has_clock = |alarms: &[Alarm]| alarms.contains(&Alarm::Clock);
    look();
    assert!(!has_clock(&door.node.watch.seen().alarms));
    door.time_goes_back(Duration::from_secs(5));
    assert!(has_clock(&look().raised));
    assert!(!has_clock(&look().raised), "it is told once");
    let ready = door.asks("GET /readyz", &[], "").await;
    assert_eq!((ready.status, &ready.json()["ready"]), (200, &json!(true)), "an alarm keeps nobody out");
    assert!(ready.json()["alarms"].as_array().unwrap().contains(&json!("clock")), "{ready:?}");
    let figures = async || String::from_utf8(door.asks("GET /metrics", &[], "").await.body).unwrap();
    let told = figures().await;
    assert!(told.contains("muster_alarm{name=\"clock\"} 1\n"), "{told}");
    assert!(
        told.contains("muster_alarm{name=\"log\"} 0\n") && told.contains("\nmuster_disk_free_bytes "),
        "{told}"
    );
    assert!(!told.contains("muster_certificate_seconds"), "there is no certificate");
    door.time_passes(Duration::from_secs(5));
    assert!(has_clock(&look().over));
    assert!(figures().await.contains("muster_alarm{name=\"clock\"} 0\n"));
    door.stops().await;
}

/// A certificate that ends within the month is an alarm from the start on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_ends_soon_is_an_alarm() {
    let dir = tempfile::tempdir().unwrap();
    let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(2026, 12, 10); // the door's clock shows 24 November 2026
    let key = rcgen::KeyPair::generate().unwrap();
    let (cert, key_file) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    std::fs::write(&cert, params.self_signed(&key).unwrap().pem()).unwrap();
    std::fs::write(&key_file, key.serialize_pem()).unwrap();
    let files = Settings {
        tls: Some(TlsMode::Files),
        cert: Some(cert),
        key: Some(key_file),
        ..settings(&dir.path().join("data"))
    };
    let door = opens(demo(files)).await;
    let until = Instant::now() + Duration::from_secs(20);
    while !door.node.watch.seen().alarms.contains(&Alarm::Certificate) {
        assert!(Instant::now() < until, "nobody has looked: {:?}", door.node.watch.seen());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let told = door.node.metrics.render(door.node.gauges(), &door.node.watch.seen(), door.node.clock.now());
    let left = told.lines().find_map(|line| line.strip_prefix("muster_certificate_seconds ")).unwrap();
    assert_eq!(left, (16 * 86_400).to_string());
    door.stops().await;
}

/// An integration asks for the acts it was given, and for no other; its token ends at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_token_does_what_it_was_given_and_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let door = opens(demo(settings(dir.path()))).await;
    let org = "org-gongan".parse().unwrap();
    let now = door.node.clock.now();
    let token = door.node.sessions.make_token("police-110", &org, &[ActKind::TakeCall], now).unwrap();
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", "call-1")];
    let taken = door.asks("POST /api/v1/incidents", &headers, CALL).await;
    assert_eq!(taken.status, 201, "{taken:?}");
    let incident = taken.json()["id"].as_str().unwrap().to_owned();
    let close = door.asks(&format!("POST /api/v1/incidents/{incident}/close"), &headers, "{}").await;
    assert_eq!((close.status, close.code().as_str()), (403, "not_given"));
    assert!(door.node.sessions.end_token("police-110").unwrap());
    assert_eq!(door.asks("POST /api/v1/incidents", &headers, CALL).await.status, 401);
    door.stops().await;
}

/// Every answer is guarded, and whatever fails is a problem document in the language asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_is_guarded_and_every_failure_a_problem() {
    let dir = tempfile::tempdir().unwrap();
    let door = opens(demo(settings(dir.path()))).await;
    let health = door.asks("GET /healthz", &[], "").await;
    assert_eq!((health.status, health.json()["demo"].as_bool()), (200, Some(true)));
    assert_eq!(door.asks("GET /readyz", &[], "").await.status, 200);
    let metrics = door.asks("GET /metrics", &[], "").await;
    let metrics = String::from_utf8(metrics.body).unwrap();
    for figure in ["\nmuster_ready 1\n", "\nmuster_wal_fault 0\n", "\nmuster_clock_behind_ms 0\n"] {
        assert!(metrics.contains(figure), "{metrics}");
    }
    let pages = metrics.lines().find_map(|line| line.strip_prefix("muster_wal_pages ")).unwrap();
    assert!(pages.parse::<u64>().unwrap() > 0, "{metrics}");
    for (what, body, status) in [
        ("GET /api/v1/nothing", "", 404),
        ("GET /no-such-page.js", "", 404),
        ("PATCH /api/v1/session", "", 405),
        ("POST /api/v1/session", "{", 400),
        ("POST /api/v1/session", "[]", 422),
        ("POST /", "", 404),
    ] {
        let answer = door.asks(what, &[("accept-language", "en")], body).await;
        assert_eq!(answer.status, status, "{what}");
        answer.code();
        assert!(answer.json()["title"].as_str().unwrap().is_ascii(), "{what} is not in English");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(answer.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
    }
    let large = "x".repeat(server::limits::BODY_BYTES + 1);
    assert_eq!(door.asks("POST /api/v1/session", &[], &large).await.status, 413);
    door.stops().await;
}

/// The map's data come with the node, are asked again cheaply, and are packed on the way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_has_not_changed_is_not_sent_again() {
    let dir = tempfile::tempdir().unwrap();
    let door = opens(demo(settings(dir.path()))).await;
    let towns = door.asks("GET /map/towns.geojson", &[], "").await;
    assert_eq!((towns.status, towns.header("content-type")), (200, Some("application/geo+json")));
    assert_eq!(towns.json()["type"], "FeatureCollection");
    let etag = towns.header("etag").unwrap();
    let again = door.asks("GET /map/towns.geojson", &[("if-none-match", etag)], "").await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let packed = door.asks("GET /map/towns.geojson", &[("accept-encoding", "gzip, br")], "").await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.body.len() * 2 < towns.body.len());
    let head = door.asks("HEAD /map/towns.geojson", &[], "").await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(door.asks("GET /map/../forces.tsv", &[], "").await.status, 404);
    assert_eq!(door.asks("GET /map/%2e%2e/forces.tsv", &[], "").await.status, 404);
    door.stops().await;
}

/// Phones send their position over HTTPS only: the node speaks it with a certificate of its own, kept over restarts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_speaks_tls_with_a_certificate_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let door = opens(over_tls(dir.path())).await;
    let cert = dir.path().join("tls/cert.pem");
    let made = std::fs::read(&cert).unwrap();
    let body = r#"{"username":"dispatcher","password":"muster-demo"}"#;
    let (address, asked) = (door.address, request("POST /api/v1/session", &[], body));
    let answer = tokio::task::spawn_blocking(move || {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(cert).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let mut session = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
        let mut socket = std::net::TcpStream::connect(address).unwrap();
        let mut stream = rustls::Stream::new(&mut session, &mut socket);
        stream.write_all(asked.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes); // the end may come without a farewell
        Answer::read(&bytes)
    });
    let answer = answer.await.unwrap();
    assert_eq!(answer.status, 201, "{answer:?}");
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-muster=") && cookie.contains("Secure"), "{cookie}");
    assert!(answer.header("strict-transport-security").is_some());
    door.stops().await;
    let door = opens(over_tls(dir.path())).await;
    assert_eq!(
        std::fs::read(dir.path().join("tls/cert.pem")).unwrap(),
        made,
        "people would have to accept it again"
    );
    door.stops().await;
}

/// A stopping node ends its streams and lets go of its port; the next one begins where it ended.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopping_node_ends_its_streams_and_hands_over_whole() {
    let dir = tempfile::tempdir().unwrap();
    let door = opens(demo(settings(dir.path()))).await;
    let (token, _) = door.signs_in("dispatcher", "muster-demo").await.unwrap();
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", "call-1")];
    let receipt = door.asks("POST /api/v1/incidents", &headers, CALL).await.json();
    let (address, asked) = (door.address, request("GET /api/v1/stream", &headers[..1], ""));
    let listening = tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(asked.as_bytes()).unwrap();
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).unwrap();
        Answer::read(&heard)
    });
    while door.node.live.streams() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    door.stops().await;
    let heard = listening.await.unwrap();
    assert_eq!(heard.header("content-type"), Some("text/event-stream; charset=utf-8"));
    let door = opens(demo(settings(dir.path()))).await;
    assert_eq!(door.asks("POST /api/v1/incidents", &headers, CALL).await.json(), receipt);
    door.stops().await;
}
