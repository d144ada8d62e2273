//! The live stream.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde::Deserialize;

use super::table::{Table, param};
use crate::auth::Caller;
use crate::live::Listener;
use crate::node::Node;
use crate::problem::{Form, Problem};
use crate::published::Position;

pub(super) fn routes(t: &mut Table) {
    let since = [param("since", "`epoch.seq`: resume after this change; `Last-Event-ID` does the same")];
    t.read_bytes(
        "/stream",
        "Changes as they happen, as server-sent events",
        "text/event-stream",
        &since,
        stream,
    );
}

#[derive(Debug, Deserialize)]
struct Since {
    since: Option<String>,
}

async fn stream(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Query(query): Query<Since>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let since = match last.or(query.since).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => {
            let position: Result<Position, _> = text.parse();
            Some(position.map_err(|_| Problem::field(caller.lang, "/since", Form::NotAPosition))?)
        }
    };
    let (live, lang) = (node.live.clone(), caller.lang);
    let listener = Listener { actor: caller.actor, lang, session: caller.session, since };
    // Resuming reads the journal.
    let subscribed = tokio::task::spawn_blocking(move || live.subscribe(listener)).await;
    let body = Problem::fault(lang, subscribed)?.ok_or_else(|| Problem::full(lang))?;
    let mut response = Response::new(Body::new(body));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    out.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}
