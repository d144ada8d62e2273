//! What is tried at the door itself: paths, cookies, framing, endless requests, and files that would be pages.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use muster_tests::node::repository;
use muster_tests::town::{PASSWORD, Town};
use serde_json::json;

/// These bytes as they are, and what comes back until the node closes.
fn sends(town: &Town, bytes: &[u8]) -> String {
    let mut socket = TcpStream::connect(town.node().address).unwrap();
    socket.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    socket.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// Data and pages carry their guards, on answers and refusals alike; the pages' own sources have no script in them.
#[test]
fn no_page_runs_what_the_node_did_not_serve() {
    let town = Town::rongcheng();
    for path in ["/", "/login", "/terminal/", "/map/nothing.json", "/nothing.js", "/metrics", "/healthz"] {
        let answer = town.stranger().get(path);
        let policy = answer.header("content-security-policy");
        let scripts = policy.split(';').map(str::trim).find(|part| part.starts_with("script-src"));
        assert_eq!(scripts, Some("script-src 'self'"), "{path}: {policy}");
        for part in ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path} lacks {part}: {policy}");
        }
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
    for path in ["/api/v1/me", "/api/openapi.json", "/api/nothing"] {
        let policy = town.stranger().get(path).header("content-security-policy").to_owned();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
    }
    for page in ["web/console/index.html", "web/terminal/index.html"] {
        let text = std::fs::read_to_string(repository().join(page)).unwrap();
        for script in text.split("<script").skip(1) {
            assert!(
                script.split('>').next().unwrap().contains(" src=\"/"),
                "{page} has a script in it: {script}"
            );
        }
        for handler in [" onload=", " onclick=", " onerror=", "javascript:"] {
            assert!(!text.contains(handler), "{page} has {handler}");
        }
    }
}

/// A path is a name of something that the node carries, however it is spelt.
#[test]
fn no_path_leads_out_of_the_pages() {
    let town = Town::rongcheng();
    for path in [
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/assets/../../../Cargo.toml",
        "/assets/..%5c..%5cCargo.toml",
        "/terminal/../../../Cargo.toml",
        "/terminal/%2e%2e/Cargo.toml",
        "/map/../accounts.tsv",
        "/map/%2e%2e/accounts.tsv",
        "/map/..%2faccounts.tsv",
        "/map//../contacts.tsv",
        "//etc/passwd",
        "/%00/etc/passwd",
        "/....//....//etc/passwd",
    ] {
        let answer = town.stranger().get(path);
        let text = answer.text();
        for secret in ["root:", "[workspace", "dispatcher\t", "联系方式\t"] {
            assert!(!text.contains(secret), "{path} gives away {secret:?}: {text}");
        }
        let is_first_page = text.starts_with("<!doctype html>") || text.starts_with("<!DOCTYPE html>");
        assert!(
            answer.status == 404 || answer.status == 400 || is_first_page,
            "{path}: {} {text}",
            answer.status
        );
    }
}

/// A session that an attacker put into a browser is none; signing in never takes one over.
#[test]
fn a_planted_session_is_none_and_signing_in_makes_a_fresh_one() {
    let town = Town::rongcheng();
    let planted = "A".repeat(43);
    let own_page = |path: &str, method: &str| {
        let request = town.stranger().request(method, path);
        request.header("Cookie", &format!("muster={planted}")).header("Sec-Fetch-Site", "same-origin")
    };
    assert_eq!(own_page("/api/v1/me", "GET").send().status, 401);
    let who = json!({ "username": "bureau", "password": PASSWORD });
    let mut tokens = vec![planted.clone()];
    for _ in 0..2 {
        let answer = own_page("/api/v1/session", "POST").json(&who).send();
        assert_eq!(answer.status, 201, "{}", answer.text());
        let cookie = answer.header("set-cookie").to_owned();
        for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        tokens.push(cookie.split([';', '=']).nth(1).unwrap().to_owned());
    }
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 3, "each sign-in has a token of its own");
    assert_eq!(own_page("/api/v1/me", "GET").send().status, 401, "the planted one is still none");
}

/// What somebody uploads is data: under any claim, it comes back with the type it was kept under, and runs nothing.
#[test]
fn an_attachment_never_becomes_a_page() {
    let town = Town::rongcheng();
    let brigade = town.brigade();
    let call = json!({ "source": "119", "place": { "text": "石岛油库", "place": "place-shidaoyouku" } });
    let incident = brigade.does("/incidents", call).id;
    let page = b"<html><script>alert(1)</script></html>";
    let upload = |media: &str, body: &[u8]| {
        brigade.request("POST", &format!("/files?incident={incident}")).body(media, body).send()
    };
    for (claim, kept) in [
        ("image/png", "image/png"),
        ("IMAGE/PNG; charset=text/html", "image/png"),
        ("text/plain; charset=utf-7", "text/plain"),
        ("application/pdf", "application/pdf"),
    ] {
        let page = [page, claim.as_bytes()].concat();
        let sent = upload(claim, &page);
        assert_eq!(sent.status, 201, "{claim}: {}", sent.text());
        let path = format!("/files/{}", sent.json()["id"].as_str().unwrap());
        let back = brigade.request("GET", &path).send();
        assert_eq!((back.status, back.header("content-type")), (200, kept), "{claim}");
        assert_eq!(back.header("x-content-type-options"), "nosniff");
        assert!(back.header("content-security-policy").contains("default-src 'none'"));
        assert_eq!(back.body, page);
    }
    for refused in
        ["text/html", "image/png, text/html", "image/svg+xml", "text/plain\t/html", "multipart/mixed"]
    {
        assert_eq!(upload(refused, page).status, 422, "{refused}");
    }
    for name in
        ["../../../keys/signing.key", "/etc/passwd", "..\\..\\boot.ini", "a%00.png", "\u{202e}gnp.exe", "CON"]
    {
        let form = format!(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n{name}\r\n--x--\r\n"
        );
        let sent = upload("multipart/form-data; boundary=x", form.as_bytes());
        assert_eq!(sent.status, 201, "{name}: {}", sent.text());
        assert_eq!(sent.json()["id"].as_str().unwrap().len(), 64, "a file lies under its digest");
    }
    let key = town.data().join("keys/signing.key");
    assert!(std::fs::read_to_string(key).unwrap().trim().len() == 64, "the key is as it was");
    assert!(!town.data().join("files").join("passwd").exists());
}

/// Two readers of one request must agree where it ends: what leaves room for two opinions is refused, and closed.
#[test]
fn a_request_with_two_lengths_is_none() {
    let town = Town::rongcheng();
    let smuggled = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    for head in [
        format!("Content-Length: 5\r\nContent-Length: {}", smuggled.len()),
        "Content-Length: +5".to_owned(),
        "Content-Length: 5, 6".to_owned(),
        "Content-Length: 99999999999999999999999".to_owned(),
        "Transfer-Encoding: chunked, identity".to_owned(),
        "Transfer-Encoding: \u{b}chunked".to_owned(),
    ] {
        let request = format!("POST /api/v1/session HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n{smuggled}");
        let answer = sends(&town, request.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 4") || answer.is_empty(), "{head}: {answer}");
        assert!(!answer.contains("muster_acts_total"), "{head}: a second request was read: {answer}");
    }
    let both = format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"
    );
    assert!(
        !sends(&town, both.as_bytes()).contains("muster_acts_total"),
        "chunked and a length: closed after one"
    );
    let long = format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "y".repeat(64 << 10));
    assert!(sends(&town, long.as_bytes()).starts_with("HTTP/1.1 431"), "a head has a limit");
    assert_eq!(town.stranger().get("/healthz").status, 200);
}

/// A head that is never finished and a body that falls silent are cut off, and hold nothing for longer.
#[test]
fn a_request_that_never_ends_is_cut_off() {
    let town = Town::rongcheng();
    let body = "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
    let since = Instant::now();
    let [head, body] = ["GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ", body].map(|request| {
        let (address, request) = (town.node().address, request.to_owned());
        std::thread::spawn(move || {
            let mut socket = TcpStream::connect(address).unwrap();
            socket.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
            socket.write_all(request.as_bytes()).unwrap();
            let mut answer = String::new();
            let ended = socket.read_to_string(&mut answer);
            assert!(ended.is_ok(), "the node closes: {ended:?} {answer}");
            answer
        })
    });
    let (head, body) = (head.join().unwrap(), body.join().unwrap());
    assert!(head.is_empty() || head.starts_with("HTTP/1.1 408"), "{head}");
    assert!(body.starts_with("HTTP/1.1 400") && body.contains("cut_off"), "{body}");
    assert!((15..40).contains(&since.elapsed().as_secs()), "{:?}", since.elapsed());
}
