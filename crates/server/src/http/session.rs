//! Signing in and out.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing;
use domain::types::AccountId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::table::Table;
use crate::app::Peer;
use crate::auth::{Secret, cookie_of, from_own_page};
use crate::config::TlsMode;
use crate::node::Node;
use crate::problem::Problem;
use crate::session::{Begun, Second};
use crate::tls::Shown;
use crate::view::Viewer;
use crate::view::reference::Me;
use crate::{lang, limits};

pub(super) fn routes(t: &mut Table) {
    let (begin, begun) = (t.schema::<SignIn>(), t.schema::<SignedIn>());
    t.other("/session", "post", routing::post(sign_in).delete(sign_out), json!({
        "summary": "Sign in", "operationId": "sign_in", "security": [],
        "requestBody": { "required": true, "content": { "application/json": { "schema": begin } } },
        "responses": { "201": { "description": "signed in", "content": { "application/json": { "schema": begun } } } },
    }));
    t.describe_more(
        "/session",
        "delete",
        json!({
            "summary": "Sign out, at once and for every stream of the session", "operationId": "sign_out",
            "responses": { "204": { "description": "signed out" } },
        }),
    );
}

/// User name, password, and the code of the second factor where the account has one.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    /// Account.
    username: String,
    /// Password.
    password: String,
    /// Six digits of the second factor, or a recovery code; needed where the answer without it is `code_needed`.
    code: Option<String>,
}

/// A session that has begun.
#[derive(Serialize, JsonSchema)]
struct SignedIn {
    /// For `Authorization: Bearer`; browsers also get it as a cookie.
    token: String,
    /// Who signed in.
    me: Me,
}

async fn sign_in(
    State(node): State<Arc<Node>>,
    Extension(Peer(peer)): Extension<Peer>,
    shown: Option<Extension<Shown>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let lang = lang::of(&headers);
    let body = body.map_err(|failed| Problem::unread(lang, &failed))?;
    super::act::said_to_be_json(&headers, &body, lang)?;
    let value = serde_json::from_slice(&body).map_err(|e| Problem::not_json(lang, &e))?;
    let asked: SignIn = super::act::shaped(value, lang)?;
    let too_long = |text: &str| text.chars().count() > limits::CREDENTIAL_CHARS;
    let known: Option<AccountId> = asked.username.parse().ok();
    let published = node.published();
    let account = known.filter(|id| published.state.org.account(id).is_ok());
    if too_long(&asked.username) || too_long(&asked.password) || asked.code.as_deref().is_some_and(too_long) {
        return Err(Problem::wrong_password(lang));
    }
    let address = peer.ip().to_string();
    let right = Problem::fault(lang, node.sessions.check(&asked.username, asked.password, &address).await)?;
    let Some(id) = account.filter(|_| right) else {
        node.metrics.sign_in_failed();
        return Err(Problem::wrong_password(lang));
    };
    let actor = published.state.org.account(&id).map_err(|r| Problem::refused(&r, lang))?.actor();
    let shown = shown.map(|Extension(Shown(shown))| shown);
    let let_in = node.lets_in(&id, actor.role, shown).await;
    if let Err(why) = Problem::fault(lang, let_in)? {
        node.metrics.sign_in_failed();
        return Err(Problem::desk_certificate(lang, why));
    }
    let (looking, account, role, from) = (Arc::clone(&node), id.clone(), actor.role, address.clone());
    let second = tokio::task::spawn_blocking(move || {
        looking.sessions.second(&account, role, asked.code.as_deref(), &from, looking.clock.now())
    });
    let proven = match Problem::fault(lang, Problem::fault(lang, second.await)?)? {
        Second::Passed(proven) => proven,
        second => {
            if second != Second::Needed {
                node.metrics.sign_in_failed();
            }
            return Err(Problem::second_factor(lang, second));
        }
    };
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (beginning, account, agent) = (Arc::clone(&node), id.clone(), agent.to_owned());
    let begun = tokio::task::spawn_blocking(move || {
        beginning.sessions.begin(&account, &address, &agent, proven, beginning.clock.now())
    });
    let Begun { token, ended } = Problem::fault(lang, Problem::fault(lang, begun.await)?)?;
    for session in &ended {
        node.live.close_session(*session);
    }
    if !ended.is_empty() {
        node.tell_others();
        Node::revokes_push_of_the_ended(&node).await;
    }
    let viewer = Viewer { state: &published.state, actor: &actor, lang, now: node.clock.now() };
    let me = viewer.me(node.config.demo);
    let cookie = cookie(&node, &token, "");
    let mut response = (StatusCode::CREATED, Json(SignedIn { token, me })).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

async fn sign_out(State(node): State<Arc<Node>>, headers: HeaderMap) -> Result<Response, Problem> {
    let lang = lang::of(&headers);
    let secret = Secret::of(&headers, node.config.tls).ok_or_else(|| Problem::not_signed_in(lang))?;
    if matches!(secret, Secret::Cookie(_)) && !from_own_page(&headers) {
        return Err(Problem::other_origin(lang));
    }
    let (asked, token) = (Arc::clone(&node), secret.token().to_owned());
    let ended = tokio::task::spawn_blocking(move || {
        // Perhaps begun at another node, and not known here yet.
        if asked.sessions.are_shared()
            && let Err(error) = asked.sessions.fetch(&token)
        {
            tracing::warn!(%error, "a session cannot be looked up where it is kept");
        }
        asked.sessions.end(&token)
    });
    let ended = Problem::fault(lang, ended.await)?.ok_or_else(|| Problem::not_signed_in(lang))?;
    node.tell_others();
    node.live.close_session(ended.id);
    node.revokes_push(&ended.name).await;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie(&node, "", "; Max-Age=0"));
    Ok(response)
}

fn cookie(node: &Node, token: &str, end: &str) -> HeaderValue {
    let secure = if node.config.tls == TlsMode::Off { "" } else { "; Secure" };
    let name = cookie_of(node.config.tls);
    let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{end}");
    HeaderValue::from_str(&text).expect("a token is letters and digits")
}
