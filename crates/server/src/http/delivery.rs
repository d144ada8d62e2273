//! What was told outside, Plan 4.2.2: contacts, notifications, channels, and what gateways send back.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing;
use channels::{Callback, CallbackFault, Received};
use domain::Actor;
use domain::authority::Role;
use domain::delivery::Recipient;
use domain::delivery::set_contacts::SetContacts;
use domain::refusal::Thing;
use domain::types::{ForceId, IncidentId, OrgId};
use serde::Deserialize;
use serde_json::json;

use super::table::{Table, param};
use super::{Asked, Look, id_in_path};
use crate::node::Node;
use crate::problem::{Form, Problem};
use crate::view::delivery::{ChannelsView, ContactsView, CorrectionView, NotificationsView};

pub(super) fn routes(t: &mut Table) {
    t.act::<SetContacts>("/contacts", "");
    let of = [param("force", "the force"), param("org", "or the organisation")];
    let about = "How a force or an organisation is reached: one's own; for desks, all";
    t.read::<ContactsView, _, _>("/contacts", about, &of, contacts);
    let about = "What was told outside in an incident, by which ways, and what came back";
    t.read::<NotificationsView, _, _>("/incidents/{id}/notifications", about, &[], notifications);
    let about = "By what means messages leave, and what somebody has to look after";
    t.read::<ChannelsView, _, _>("/channels", about, &[], all_channels);
    let about = "Contacts that could not be reached and have to be corrected: one's own; for desks, all";
    t.read::<Vec<CorrectionView>, _, _>("/corrections", about, &[], corrections);
    t.other("/channels/{name}/callback", "post", routing::post(callback), json!({
        "summary": "What a gateway sends back: delivery reports, replies, keys pressed. It shows by its token or signature who it is",
        "operationId": "channel_callback", "security": [],
        "responses": {
            "200": { "description": "taken", "content": { "text/plain": { "schema": { "type": "string" } } } },
            "400": { "description": "it cannot be read as the settings say" },
            "403": { "description": "it does not show that it comes from the gateway" },
            "404": { "description": "there is no such channel, or it takes no callbacks" },
            "503": { "description": "it could not be recorded now; to be repeated" },
        },
    }));
}

async fn notifications(look: Look, Path(id): Path<String>) -> Result<Json<NotificationsView>, Problem> {
    look.desks_only()?;
    let id: IncidentId = id_in_path(&look, Thing::Incident, &id)?;
    let opened = look.incident(id).await?;
    Ok(Json(look.viewer_of(&opened.state).notifications(opened.file())))
}

async fn all_channels(look: Look) -> Result<Json<ChannelsView>, Problem> {
    look.desks_only()?;
    Ok(Json(look.viewer().channels()))
}

#[derive(Debug, Deserialize)]
struct Whose {
    force: Option<ForceId>,
    org: Option<OrgId>,
}

async fn contacts(look: Look, Asked(whose): Asked<Whose>) -> Result<Json<ContactsView>, Problem> {
    let of = match (whose.force, whose.org) {
        (Some(force), None) => Recipient::Force(force),
        (None, Some(org)) => Recipient::Org(org),
        _ => return Err(look.wrong("/force", Form::MissingField)),
    };
    if !is_own(&look.actor, &of) {
        return Err(Problem::not_for_you(look.lang));
    }
    look.viewer().contacts_of(&of).map(Json).map_err(|refusal| look.refused(&refusal))
}

/// One's own affair; for desks, everybody's.
fn is_own(actor: &Actor, of: &Recipient) -> bool {
    match (actor.role, of) {
        (Role::Force, Recipient::Force(id)) => actor.force.as_ref() == Some(id),
        (Role::Dept | Role::Town, Recipient::Org(id)) => actor.org == *id,
        (role, _) => role.is_desk(),
    }
}

async fn corrections(look: Look) -> Result<Json<Vec<CorrectionView>>, Problem> {
    Ok(Json(look.viewer().corrections(|of| is_own(&look.actor, of))))
}

/// What came is recorded before the gateway is told that it was taken: else it would not repeat what a crash lost.
async fn callback(
    State(node): State<Arc<Node>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(channel) = node.courier.channels.named(&name).cloned() else {
        return (StatusCode::NOT_FOUND, "no such channel").into_response();
    };
    let query = query.unwrap_or_default();
    let came = Callback { query: &query, headers: &headers, body: &body, at_ms: node.clock.now().0 };
    let answer = match channel.callback(came) {
        Ok(answer) => answer,
        Err(fault) => {
            tracing::warn!(%fault, channel = %name, "a callback was not taken");
            let status = match fault {
                CallbackFault::NotSupported => StatusCode::NOT_FOUND,
                CallbackFault::NotAuthentic { .. } => StatusCode::FORBIDDEN,
                CallbackFault::Unreadable { .. } => StatusCode::BAD_REQUEST,
            };
            return (status, fault.to_string()).into_response();
        }
    };
    let came = answer.inbound.into_iter().map(|what| Received {
        channel: Arc::clone(channel.name()),
        kind: channel.kind(),
        what,
    });
    // All at once: one that waits for its record holds none of the others up.
    let taken = came.map(|received| {
        let courier = node.courier.clone();
        async move { courier.takes(&received).await }
    });
    for outcome in futures_util::future::join_all(taken).await {
        if let Err(error) = outcome {
            tracing::error!(%error, channel = %name, "what came back could not be recorded; the gateway repeats it");
            return (StatusCode::SERVICE_UNAVAILABLE, "not recorded, please repeat").into_response();
        }
    }
    answer.body.into_response()
}
