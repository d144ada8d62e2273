//! What the live stream tells, to whom, and what it does with those who were away.

use std::pin::Pin;
use std::time::Duration;

use domain::incident::verify_call::Outcome;
use domain::types::Lang;
use http_body_util::BodyExt as _;
use server::engine::Engine;
use server::live::{Listener, SseBody};
use server::published::Position;

use crate::cast::{Watch, first_response, options, rongcheng, takes_call, verifies, who};

fn listens(engine: &Engine, account: &str, since: Option<Position>) -> Pin<Box<SseBody>> {
    listens_in(engine, account, Lang::Zh, since)
}

fn listens_in(engine: &Engine, account: &str, lang: Lang, since: Option<Position>) -> Pin<Box<SseBody>> {
    let actor = who(engine, account);
    Box::pin(engine.live.subscribe(Listener { actor, lang, session: 1, since }).unwrap())
}

/// Everything that comes within the time of a change.
async fn hears(stream: &mut Pin<Box<SseBody>>) -> String {
    let mut heard = String::new();
    while let Ok(Some(frame)) = tokio::time::timeout(Duration::from_millis(300), stream.frame()).await {
        heard.push_str(std::str::from_utf8(&frame.unwrap().into_data().unwrap()).unwrap());
    }
    heard
}

/// Plan 4.1.4: an order reaches its force, and only its own; desks hear everything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_force_hears_of_its_own_order_and_of_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let running = rongcheng(options(dir.path(), &Watch::set())).await;
    let engine = &running.engine;
    let now = Some(engine.published_at().at);
    let mut bureau = listens(engine, "bureau", now);
    let mut first = listens(engine, "force-001", now);
    let mut second = listens(engine, "force-002", now);
    let incident = takes_call(engine, "call").await;
    first_response(engine, "first", incident, &["force-001"]).await;

    let (heard, own, other) = tokio::join!(hears(&mut bureau), hears(&mut first), hears(&mut second));
    assert!(heard.contains("incident.call_taken") && heard.contains("order.issued"), "{heard}");
    assert!(heard.contains("event: heartbeat"));
    assert!(own.contains("order.issued") && !own.contains("incident.call_taken"), "{own}");
    assert!(own.contains("\"ring\":\"order\""), "{own}");
    assert!(!other.contains("event: change"), "{other}");
    assert!(!heard.contains("㛃某"), "free text of an incident went over the stream");
    running.stop().unwrap();
}

/// A session that was away gets exactly what it missed, and another epoch's session is told to reload.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_resumes_where_it_was_left() {
    let dir = tempfile::tempdir().unwrap();
    let running = rongcheng(options(dir.path(), &Watch::set())).await;
    let engine = &running.engine;
    let incident = takes_call(engine, "call").await;
    let left = engine.published_at().at;
    verifies(engine, "verify", incident, Outcome::Real).await;
    tokio::time::sleep(Duration::from_millis(100)).await;

    let mut back = listens(engine, "bureau", Some(left));
    let heard = hears(&mut back).await;
    assert_eq!(heard.matches("event: change").count(), 1, "{heard}");
    assert!(heard.contains("incident.verified"), "{heard}");
    let now = engine.published_at().at;
    assert!(heard.contains(&format!("id: {now}")), "{heard}");

    let elsewhere = Position { epoch: left.epoch + 1, ..left };
    let heard = hears(&mut listens(engine, "bureau", Some(elsewhere))).await;
    assert!(heard.contains("event: reset"), "{heard}");
    running.stop().unwrap();
}

/// A session that has seen what the journal does not hold reloads, and from then on hears everything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_was_ahead_is_not_deaf_after_its_reset() {
    let dir = tempfile::tempdir().unwrap();
    let running = rongcheng(options(dir.path(), &Watch::set())).await;
    let engine = &running.engine;
    let at = engine.published_at().at;
    let mut ahead = listens(engine, "bureau", Some(Position { seq: at.seq + 1_000, ..at }));
    let heard = hears(&mut ahead).await;
    assert!(heard.contains("event: reset") && heard.contains("ahead"), "{heard}");
    takes_call(engine, "call").await;
    let heard = hears(&mut ahead).await;
    assert!(heard.contains("incident.call_taken"), "what happens after the reset is told: {heard}");
    running.stop().unwrap();
}

/// Each stream speaks the language it was asked for in, at once and when it resumes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_speaks_its_own_language() {
    let dir = tempfile::tempdir().unwrap();
    let running = rongcheng(options(dir.path(), &Watch::set())).await;
    let engine = &running.engine;
    let now = Some(engine.published_at().at);
    let mut both = [Lang::Zh, Lang::En].map(|lang| listens_in(engine, "force-001", lang, now));
    let incident = takes_call(engine, "call").await;
    first_response(engine, "first", incident, &["force-001"]).await;
    let [zh, en] = &mut both;
    let (zh, en) = tokio::join!(hears(zh), hears(en));
    assert!(zh.contains("出动指令") && !zh.contains("Assemble at"), "{zh}");
    assert!(en.contains("Assemble at") && !en.contains("请确认出动"), "{en}");
    let again = hears(&mut listens_in(engine, "force-001", Lang::En, now)).await;
    assert!(again.contains("Assemble at"), "{again}");
    running.stop().unwrap();
}

/// A session that is signed out hears nothing more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_ends_with_its_session() {
    let dir = tempfile::tempdir().unwrap();
    let running = rongcheng(options(dir.path(), &Watch::set())).await;
    let engine = &running.engine;
    let mut stream = listens(engine, "bureau", None);
    hears(&mut stream).await;
    engine.live.close_session(1);
    assert!(stream.frame().await.is_none());
    drop(stream);
    assert_eq!(engine.live.streams(), 0);
    running.stop().unwrap();
}
