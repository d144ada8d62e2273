//! Browsers that take messages (web push, Plan 4.2.2): a session lets its browser take them, tries it, and ends it. What a
//! browser may be told ends with its session, at once.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing;
use channels::{Channel, Outgoing, SendFault};
use domain::Actor;
use domain::authority::Role;
use domain::delivery::Recipient;
use domain::delivery::subscribe_push::SubscribePush;
use domain::types::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::table::Table;
use crate::auth::Caller;
use crate::node::Node;
use crate::problem::{Form, Problem};

pub(super) fn routes(t: &mut Table) {
    t.read::<PushView, _, _>(
        "/push",
        "Whether this session's browser can take messages, and does",
        &[],
        offer,
    );
    let (asked, view, outcome) = (t.schema::<Subscription>(), t.schema::<PushView>(), t.schema::<Trial>());
    let json = |schema: &Value| json!({ "application/json": { "schema": schema } });
    t.other("/push/subscription", "post", routing::post(subscribe).delete(unsubscribe), json!({
        "summary": "This session's browser takes messages from now on, until it signs out", "operationId": "begin_push",
        "requestBody": { "required": true, "content": json(&asked) },
        "responses": { "200": { "description": "it takes them", "content": json(&view) } },
    }));
    t.describe_more(
        "/push/subscription",
        "delete",
        json!({
            "summary": "This session's browser takes no messages any more", "operationId": "end_push",
            "responses": { "204": { "description": "it takes none" } },
        }),
    );
    t.other("/push/trial", "post", routing::post(tries), json!({
        "summary": "Sends this session's browser a message now, and says how that went", "operationId": "try_push",
        "responses": { "200": { "description": "how it went", "content": json(&outcome) } },
    }));
}

/// What a browser gives the page when somebody allows messages: `PushSubscription.toJSON()`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Subscription {
    /// The push service's address for this browser.
    endpoint: Text,
    /// Until when it is good; browsers leave it empty.
    #[serde(default)]
    expiration_time: Option<f64>,
    /// The browser's keys.
    keys: Keys,
}

/// The browser's keys, in base64url.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Keys {
    /// Its public key, an uncompressed point of P-256.
    p256dh: Text,
    /// Its secret for this subscription.
    auth: Text,
}

/// Whether messages can reach this session's browser.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PushView {
    /// The node's key for push services (RFC 8292), in base64url; without it the node has no such channel.
    key: Option<Text>,
    /// Everything runs, and nothing leaves the node.
    rehearsal: bool,
    /// Does this session's browser take messages?
    subscribed: bool,
}

/// How a trial went.
#[derive(Debug, Serialize, JsonSchema)]
struct Trial {
    /// `handed_over`, or why not: `bad_address`, `refused`, `unreachable`, `timed_out`, `throttled`.
    outcome: &'static str,
}

fn of(node: &Node, caller: &Caller) -> PushView {
    let known = caller.session_name.as_deref();
    let browsers = &node.published().state.reach.browsers;
    PushView {
        key: node.courier.channels.push().and_then(|channel| channel.public_key()),
        rehearsal: node.courier.channels.rehearsal,
        subscribed: known.is_some_and(|name| browsers.contains_key(name)),
    }
}

/// Whose messages come to this session.
fn recipient(actor: &Actor) -> Option<Recipient> {
    match actor.role {
        Role::Force => actor.force.clone().map(Recipient::Force),
        Role::Admin | Role::Auditor | Role::Integration | Role::System => None,
        _ => Some(Recipient::Org(actor.org.clone())),
    }
}

/// The session's name and whose messages it takes; nobody else has any business here.
fn session_of(caller: &Caller) -> Result<(Arc<str>, Recipient), Problem> {
    let found = caller.session_name.clone().zip(recipient(&caller.actor));
    found.ok_or_else(|| Problem::not_for_you(caller.lang))
}

fn channel_of(node: &Node, caller: &Caller) -> Result<Arc<dyn Channel>, Problem> {
    node.courier.channels.push().cloned().ok_or_else(|| Problem::no_push(caller.lang))
}

async fn offer(State(node): State<Arc<Node>>, caller: Caller) -> Result<Json<PushView>, Problem> {
    session_of(&caller)?;
    Ok(Json(of(&node, &caller)))
}

async fn subscribe(
    State(node): State<Arc<Node>>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<PushView>, Problem> {
    let (session, whose) = session_of(&caller)?;
    let channel = channel_of(&node, &caller)?;
    super::act::said_to_be_json(&headers, &body, caller.lang)?;
    let value = serde_json::from_slice(&body).map_err(|e| Problem::not_json(caller.lang, &e))?;
    let asked: Subscription = super::act::shaped(value, caller.lang)?;
    let subscription = Problem::fault(caller.lang, serde_json::to_string(&asked))?;
    if channel.check_address(&subscription).is_err() {
        return Err(Problem::field(caller.lang, "/endpoint", Form::Subscription));
    }
    let act = SubscribePush {
        session: session.to_string(),
        of: whose,
        title: caller.actor.position.clone(),
        account: caller.actor.account.clone(),
        subscription,
    };
    node.begins_push(act).await.map_err(|error| Problem::act(error, caller.lang))?;
    Ok(Json(of(&node, &caller)))
}

async fn unsubscribe(State(node): State<Arc<Node>>, caller: Caller) -> Result<StatusCode, Problem> {
    let (session, _) = session_of(&caller)?;
    node.ends_push(&session).await.map_err(|error| Problem::act(error, caller.lang))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn tries(State(node): State<Arc<Node>>, caller: Caller) -> Result<Json<Trial>, Problem> {
    let (session, _) = session_of(&caller)?;
    let channel = channel_of(&node, &caller)?;
    let published = node.published();
    let browser = published.state.reach.browsers.get(&*session).cloned();
    let browser = browser.ok_or_else(|| Problem::no_browser(caller.lang))?;
    let (subject, text) = match caller.lang {
        domain::types::Lang::Zh => ("推送试发", "本机可以收到推送。出动指令到来时会这样提示。"),
        domain::types::Lang::En => ("Trial", "Messages reach this browser. An order will come like this."),
    };
    let message = Outgoing {
        id: format!("trial-{}", Node::fresh_key()),
        address: browser.address.reveal().cloned().unwrap_or_default(),
        subject: subject.to_owned(),
        text: text.to_owned(),
        short_code: None,
        urgent: true,
    };
    let outcome = match channel.send(&message).await {
        Ok(_) => "handed_over",
        Err(fault) => {
            if matches!(fault, SendFault::BadAddress { .. }) {
                node.ends_push(&session).await.map_err(|error| Problem::act(error, caller.lang))?;
            }
            fault.code()
        }
    };
    Ok(Json(Trial { outcome }))
}
