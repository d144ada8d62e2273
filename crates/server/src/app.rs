//! The whole address space of a node: interface, health, pages; with what holds for every answer.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use crate::config::TlsMode;
use crate::node::Node;
use crate::pages::Pages;
use crate::problem::{self, Problem};
use crate::{http, lang, limits, openapi};

/// Where a request came from; put in by the listener.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// What pages may load and do: only what the node itself serves. The map draws in a worker and keeps images as blobs.
const CONTENT_SECURITY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; worker-src 'self' blob:; \
    connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What guards a page.
static FOR_PAGES: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), "geolocation=(self), camera=(self), microphone=(self)"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// What guards data: opened as if it were a page, it loads and runs nothing. Short, since each act's answer bears it.
static FOR_DATA: [(HeaderName, &str); 2] = [
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// The router of a node.
pub fn router(node: Arc<Node>) -> Router {
    let pages = Pages::default();
    let description = serde_json::to_string(&openapi::document()).expect("a description is JSON");
    let description: bytes::Bytes = description.into();
    let json = [(header::CONTENT_TYPE, "application/json")];
    Router::new()
        .nest("/api/v1", http::routes())
        .route("/api/openapi.json", get(move || async move { (json, description) }))
        .route("/healthz", get(health))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .fallback(move |request: Request| async move { page(&pages, &request) })
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(&node), for_every_answer))
        .with_state(node)
}

fn page(pages: &Pages, request: &Request) -> Response {
    let path = request.uri().path();
    let found = if path.starts_with("/api/") {
        None
    } else {
        pages.answer(request.method(), path, request.headers())
    };
    found.unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

/// Every failure is a problem document, also the framework's own; every answer is guarded.
async fn for_every_answer(State(node): State<Arc<Node>>, request: Request, next: Next) -> Response {
    let lang = lang::of(request.headers());
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    node.metrics.request(failed);
    if failed && !is_problem(&response) {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = Problem::of_status(lang, status).into_response();
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    let headers = response.headers_mut();
    let guards: &[(HeaderName, &str)] = if is_api { &FOR_DATA } else { &FOR_PAGES };
    for (name, value) in guards {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if node.config.tls != TlsMode::Off {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if is_api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

fn is_problem(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|v| v.as_bytes() == problem::MEDIA_TYPE.as_bytes())
}

async fn health(State(node): State<Arc<Node>>) -> Response {
    axum::Json(json!({ "status": "ok", "demo": node.config.demo })).into_response()
}

/// Ready when acts are taken: a node whose disk failed, or that is stopping, is not.
async fn ready(State(node): State<Arc<Node>>) -> Response {
    let ready = node.desk.is_ready();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let seq = node.published().at.to_string();
    let mut response =
        axum::Json(json!({ "ready": ready, "seq": seq, "alarms": node.watch.seen().alarms })).into_response();
    *response.status_mut() = status;
    response
}

async fn metrics(State(node): State<Arc<Node>>) -> Response {
    let page = node.metrics.render(node.gauges(), &node.watch.seen(), node.clock.now());
    let media = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    let mut response = Response::new(Body::from(page));
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    response
}
