//! Bad input at the real node: each such request is a problem document that names field or clause, with nothing changed.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

mod acts;
mod door;

use muster_tests::client::Request;
use muster_tests::town::{Refused, Town, receipt_of, refused_of};
use serde_json::{Value, json};

fn call() -> Value {
    json!({ "source": "119", "place": { "text": "石岛油库", "place": "place-shidaoyouku" } })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut body = call();
    match pointer.trim_start_matches('/').split_once('/') {
        Some((outer, inner)) => body[outer][inner] = value,
        None => body[pointer.trim_start_matches('/')] = value,
    }
    body
}

fn post(town: &Town, path: &str) -> Request {
    town.brigade().request("POST", path).key("hostile-1")
}

#[track_caller]
fn is(refused: &Refused, status: u16, code: &str, field: &str) {
    assert_eq!((refused.status, refused.code.as_str()), (status, code), "{refused:?}");
    let expected: &[String] = if field.is_empty() { &[] } else { &[field.to_owned()] };
    assert_eq!(refused.fields, expected, "{refused:?}");
}

/// Every field of a call that cannot be is named by its pointer.
#[test]
fn a_field_that_cannot_be_is_named() {
    let town = Town::rongcheng();
    let (long, longer) = ("长".repeat(201), "长".repeat(4_001));
    for (pointer, value) in [
        ("/no_such_field", json!(1)),
        ("/source", json!("114")),
        ("/source", json!(119)),
        ("/source", Value::Null),
        ("/place", json!("石岛油库")),
        ("/place/point", json!([122.4])),
        ("/place/point", json!(["122.4", "36.9"])),
        ("/place/point", json!([222.4, 36.9])),
        ("/place/datum", json!("mars")),
        ("/place/nowhere", json!(true)),
        ("/place/place", json!("place-atlantis")),
        ("/place/town", json!("999999999")),
        ("/caller", json!(long)),
        ("/caller", json!("报警\u{7}人")),
        ("/narrative", json!(longer)),
        ("/narrative", json!("看\u{0}见")),
        ("/recording", json!({})),
        ("/hazard", json!("dragon")),
        ("/grade", json!(6)),
        ("/grade", json!(0)),
        ("/grade", json!(-1)),
        ("/grade", json!(2.5)),
        ("/grade", json!("2")),
        ("/trapped", json!(1_000_001)),
        ("/trapped", json!(99_999_999_999_u64)),
        ("/drill", json!("no")),
        ("/same_as", json!("not-a-ulid")),
        ("/received_at", json!("gestern")),
        ("/received_at", json!("2099-01-01T00:00:00+08:00")),
        ("/received_at", json!("2001-01-01T00:00:00+08:00")),
        ("/occurred_at", json!("2026-11-24 08:30")),
        ("/occurred_at", json!("2099-01-01T00:00:00+08:00")),
        ("/on_behalf_of", json!("dispatcher")),
    ] {
        let what = format!("{pointer} = {}", value.to_string().chars().take(40).collect::<String>());
        let refused = town.refuses(&what, post(&town, "/incidents").json(&with(pointer, value)));
        assert_eq!(refused.status, 422, "{what}: {refused:?}");
        assert!(refused.fields.iter().any(|f| f.starts_with(pointer)), "{what} is named: {refused:?}");
    }
    for missing in ["source", "place"] {
        let mut body = call();
        body.as_object_mut().unwrap().remove(missing);
        let refused = town.refuses(missing, post(&town, "/incidents").json(&body));
        is(&refused, 422, "field", &format!("/{missing}"));
    }
    assert_eq!(town.brigade().does("/incidents", call()).status, 201, "the key and the form are still good");
}

/// What is not an object of JSON, not announced as JSON, too large, or cut short is refused before any rule is asked.
#[test]
fn what_is_no_form_is_refused() {
    let town = Town::rongcheng();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let nested = format!("{{\"source\":{}{}}}", "{\"a\":".repeat(5_000), "1".to_owned() + &"}".repeat(5_000));
    let bodies: [&[u8]; 10] = [
        b"",
        b"{",
        b"source=119",
        b"[]",
        b"null",
        b"\"119\"",
        b"{\"source\":\"119\",}",
        b"{\"source\":\"\xff\xfe\"}",
        deep.as_bytes(),
        nested.as_bytes(),
    ];
    for body in bodies {
        let what = String::from_utf8_lossy(body).chars().take(30).collect::<String>();
        let refused = town.refuses(&what, post(&town, "/incidents").body("application/json", body));
        assert!([400, 422].contains(&refused.status), "{what}: {refused:?}");
    }
    let good = call().to_string();
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let refused = town.refuses(media_type, post(&town, "/incidents").body(media_type, good.as_bytes()));
        assert_eq!(refused.status, 415, "a form of another site cannot act here: {refused:?}");
    }
    let large = with("/narrative", json!("长".repeat(400_000)));
    let refused = town.refuses("1.2 MB", post(&town, "/incidents").json(&large));
    assert_eq!((refused.status, refused.code.as_str()), (413, "too_large"));
    let refused = town.refuses("a sheet", post(&town, "/call-sheets/parse").json(&json!({ "text": 1 })));
    is(&refused, 422, "field", "/text");
    let refused =
        town.refuses("a sheet", post(&town, "/call-sheets/parse").json(&json!({ "text": "", "more": 1 })));
    is(&refused, 422, "field", "/more");
    let sheet = |chars: usize| json!({ "text": "-".repeat(chars) });
    let refused = town.refuses("a sheet", post(&town, "/call-sheets/parse").json(&sheet(20_001)));
    is(&refused, 422, "field", "/text");
    assert_eq!(post(&town, "/call-sheets/parse").json(&sheet(20_000)).send().status, 200);
}

/// Routes, methods, ids and queries that do not exist are problems too, never pages and never faults.
#[test]
fn what_does_not_exist_is_a_problem() {
    let town = Town::rongcheng();
    let incident = town.brigade().does("/incidents", call()).id;
    let get = |path: &str| town.refuses(path, town.brigade().request("GET", path));
    for path in [
        "/nothing",
        "/incidents/",
        "/incidents/not-a-ulid",
        "/incidents/01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "/plans/x",
        "/orders/x",
        "/forces/force-999",
        "/proposals/0000",
        "/proposals/..%2f..%2fkeys",
        "/files/..%2f..%2fetc%2fpasswd",
        "/files/%2e%2e%2f%2e%2e%2fkeys",
        "/files/0000000000000000000000000000000000000000000000000000000000000000",
    ] {
        assert_eq!(get(path).status, 404, "{path}");
    }
    for name in [
        "passwd",
        "order.docx",
        "order.docx?of=x",
        "..%2f..%2fkeys.docx",
        "report.docx?of=01ARZ3NDEKTSV4RRFFQ69G5FAV",
    ] {
        assert_eq!(get(&format!("/incidents/{incident}/documents/{name}")).status, 404, "{name}");
    }
    for (path, pointer) in [
        ("/desk?min_seq=yesterday", "/min_seq"),
        ("/duty?at=yesterday", "/at"),
        ("/incidents/similar?lon=122.4&lat=36.9&at=soon", "/at"),
    ] {
        is(&get(path), 422, "field", pointer);
    }
    for path in [
        "/incidents?limit=-1",
        "/incidents?limit=many",
        "/incidents?open=maybe",
        "/incidents?after=x",
        "/incidents/similar",
        "/incidents/similar?lon=east&lat=north",
        "/orders?step=flying",
        "/orders?incident=x",
        "/search",
        "/shifts/sheet?desk=x",
    ] {
        assert!([400, 422].contains(&get(path).status), "{path}");
    }
    for (method, path) in [
        ("DELETE", "/incidents"),
        ("PUT", "/incidents"),
        ("PATCH", "/me"),
        ("POST", "/me"),
        ("GET", "/call-sheets/parse"),
    ] {
        let refused = town.refuses(path, town.brigade().request(method, path).key("k").json(&json!({})));
        assert_eq!(refused.status, 405, "{method} {path}: {refused:?}");
    }
}

/// An act without its key is not done; the same key gives the same answer for ever, another body under it nothing.
#[test]
fn a_key_is_needed_and_stands_for_one_request() {
    let mut town = Town::rongcheng();
    let brigade = town.brigade();
    let request = || brigade.request("POST", "/incidents").json(&call());
    for (what, request) in [
        ("no key", request()),
        ("empty", request().key("")),
        ("too long", request().key(&"k".repeat(65))),
        ("not ASCII", request().key("键")),
    ] {
        let refused = town.refuses(what, request);
        assert_eq!((refused.status, refused.fields.len()), (422, 1), "{what}: {refused:?}");
        assert!(refused.detail.contains("Idempotency-Key"), "{what}: {refused:?}");
    }
    let longest = "k".repeat(64);
    let first = request().key(&longest).send();
    assert_eq!(first.status, 201, "{}", first.text());
    let seq = town.seq();
    let again = request().key(&longest).send();
    assert_eq!(receipt_of(&again), receipt_of(&first));
    assert_eq!(town.seq(), seq, "nothing was done twice");
    let other = brigade.request("POST", "/incidents").key(&longest).json(&with("/grade", json!(3)));
    is(&town.refuses("another body", other), 422, "key_reused", "");
    let path = format!("/incidents/{}/verify", receipt_of(&first).id);
    let other = brigade.request("POST", &path).key(&longest).json(&json!({ "outcome": "real" }));
    is(&town.refuses("another act", other), 422, "key_reused", "");
    let refused_once = brigade.request("POST", &path).key("refused").json(&json!({ "outcome": "perhaps" }));
    assert_eq!(town.refuses("a slip", refused_once).status, 422);
    let corrected = brigade.request("POST", &path).key("refused").json(&json!({ "outcome": "real" })).send();
    assert_eq!(corrected.status, 200, "a refusal uses no key up: {}", corrected.text());
    drop(brigade);
    town.stops();
    town.starts_again();
    let after = town.brigade().request("POST", "/incidents").key(&longest).json(&call()).send();
    assert_eq!(receipt_of(&after), receipt_of(&first), "a restart forgets no key");
}

/// The same key of two people is two keys: nobody reads another's answer.
#[test]
fn a_key_belongs_to_who_gave_it() {
    let town = Town::rongcheng();
    let mine = town.brigade().request("POST", "/incidents").key("same").json(&call()).send();
    let theirs = town.duty_office().request("POST", "/incidents").key("same").json(&call()).send();
    if theirs.status == 201 {
        assert_ne!(receipt_of(&theirs).id, receipt_of(&mine).id);
    } else {
        is(&refused_of(&theirs), 422, "key_reused", "");
    }
}

/// Nobody acts or looks without a session; a wrong, forged or ended one is none.
#[test]
fn without_a_session_there_is_nothing() {
    let town = Town::rongcheng();
    let stranger = town.stranger();
    let ended = town.signs_in("bureau");
    assert_eq!(ended.get("/api/v1/me").status, 200);
    assert_eq!(ended.request("DELETE", "/api/v1/session").send().status, 204);
    for client in
        [stranger.clone(), stranger.with_token("forged"), stranger.with_token(&"0".repeat(64)), ended]
    {
        for (method, path) in acts::every_route(&town) {
            // Gateways have no session: a channel's callback shows by its own token or signature who it is.
            if path == "/api/v1/session" && method == "POST" || path.ends_with("/callback") {
                continue;
            }
            let path = path
                .replace("{id}", "01ARZ3NDEKTSV4RRFFQ69G5FAV")
                .replace("{name}", "order.docx")
                .replace("{hash}", "00");
            let answer = client.request(&method, &path).key("k").json(&json!({})).send();
            let refused = refused_of(&answer);
            assert_eq!((refused.status, refused.code.as_str()), (401, "not_signed_in"), "{method} {path}");
        }
    }
    let sign_in = |body: Value| refused_of(&stranger.request("POST", "/api/v1/session").json(&body).send());
    let wrong = sign_in(json!({ "username": "dispatcher", "password": "wrong" }));
    let nobody = sign_in(json!({ "username": "nobody", "password": "wrong" }));
    assert_eq!(
        (wrong.status, wrong.code.as_str(), &wrong.detail),
        (401, nobody.code.as_str(), &nobody.detail),
        "names are not told"
    );
    is(&sign_in(json!({ "username": "dispatcher" })), 422, "field", "/password");
    let long = sign_in(json!({ "username": "dispatcher", "password": "x".repeat(100_000) }));
    assert!([401, 422].contains(&long.status), "{long:?}");
    let good = town.signs_in("dispatcher");
    assert_eq!(good.get("/api/v1/me").status, 200, "a duty desk is never locked out");
}

/// Attachments: too large, empty, of a kind that is not taken, for an incident that is not one's own.
#[test]
fn an_attachment_that_cannot_be_is_refused() {
    let town = Town::rongcheng();
    let incident = town.brigade().does("/incidents", call()).id;
    let upload = |user: &muster_tests::town::User<'_>, media_type: &str, bytes: &[u8]| {
        user.request("POST", &format!("/files?incident={incident}")).body(media_type, bytes)
    };
    let brigade = town.brigade();
    for media_type in
        ["text/html", "image/svg+xml", "application/x-msdownload", "application/javascript", "nonsense"]
    {
        let refused = town.refuses(media_type, upload(&brigade, media_type, b"x"));
        is(&refused, 422, "field", "/file");
    }
    assert_eq!(town.refuses("empty", upload(&brigade, "image/png", b"")).status, 422);
    assert_eq!(town.refuses("21 MB", upload(&brigade, "image/jpeg", &vec![7; 21 << 20])).status, 413);
    assert_eq!(
        town.refuses("not its incident", upload(&town.force("崖头站"), "image/png", b"x")).status,
        404
    );
    let lost = brigade.request("POST", "/files?incident=x").body("image/png", b"x");
    assert_eq!(town.refuses("no incident", lost).status, 404);
    let nowhere = brigade.request("POST", "/files").body("image/png", b"x");
    assert!([400, 422].contains(&town.refuses("no query", nowhere).status));
    let id = brigade.uploads(&incident, "text/plain", "㛃𠮷".as_bytes());
    assert_eq!(brigade.request("GET", &format!("/files/{id}")).send().text(), "㛃𠮷");
    let refused = refused_of(&town.force("崖头站").request("GET", &format!("/files/{id}")).send());
    assert_eq!(refused.status, 404, "another's photo does not exist");
    let form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"现场.txt\"\r\nContent-Type: text/plain\r\n\r\n\
                㛃\r\n--x--\r\n";
    let sent = upload(&brigade, "multipart/form-data; boundary=x", form.as_bytes()).send();
    assert_eq!(sent.status, 201, "{}", sent.text());
    let id_of_form = sent.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(brigade.request("GET", &format!("/files/{id_of_form}")).send().text(), "㛃");
    let torn = upload(&brigade, "multipart/form-data; boundary=x", b"--x\r\nContent-Disp");
    assert!([400, 422].contains(&town.refuses("a torn form", torn).status));
    let note = |files: Value| json!({ "text": "照片", "files": files });
    let path = format!("/incidents/{incident}/notes");
    let refused = town.brigade().is_refused(&path, note(json!(["../../keys"])));
    assert_eq!((refused.status, refused.fields.len()), (422, 1), "{refused:?}");
    town.brigade().does(&path, note(json!([id])));
    let other = town.brigade().does("/incidents", call()).id;
    let refused =
        town.brigade().is_refused(&format!("/incidents/{other}/notes"), note(json!([id_of_form, id])));
    is(&refused, 422, "not_found", "/files/0");
}

/// A filter that means nothing is told, not passed over: an empty list would read as "there are none".
#[test]
fn a_filter_that_means_nothing_is_told() {
    let town = Town::rongcheng();
    for (query, field) in [
        ("near=37.1", "/near"),
        ("near=a,b", "/near"),
        ("near=NaN,NaN", "/near"),
        ("near=122.4,137.1", "/near"),
        ("capability=flying", "/capability"),
    ] {
        let refused = town.brigade().does_not_see(&format!("/forces?{query}"));
        is(&refused, 422, "field", field);
    }
    let refused = town.brigade().does_not_see("/forces?kind=dragon");
    assert_eq!((refused.status, refused.code.as_str()), (422, "query"));
    assert!(refused.detail.contains("kind"), "{refused:?}");
    is(&town.brigade().does_not_see("/incidents/similar?lon=222&lat=37"), 422, "field", "/lon");
    let near = town.brigade().sees("/forces?near=122.42,36.9&kind=enterprise&capability=foam_tanker").list();
    assert!(!near.is_empty() && near.iter().all(|f| f.has("distance_m")), "{near:?}");
}

/// Both languages: the same refusal in Chinese by default and in English where it is asked for.
#[test]
fn a_refusal_speaks_both_languages() {
    let town = Town::rongcheng();
    let ask = |lang: &str| {
        let request = town.shift_leader().request("POST", "/incidents").key("k").json(&call());
        let request = if lang.is_empty() { request } else { request.header("Accept-Language", lang) };
        town.refuses(lang, request)
    };
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    assert!(chinese(&ask("").detail) && chinese(&ask("zh-CN,zh;q=0.9").detail) && chinese(&ask("fr").detail));
    let english = ask("en-GB,en;q=0.9");
    assert!(!chinese(&english.detail), "{english:?}");
    assert_eq!((english.code.as_str(), english.clause.as_str()), ("not_permitted", "4.3.1"));
}
