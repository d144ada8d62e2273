//! The one handler of every act: read the body, ask the desk, give the receipt.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, RawPathParams};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use domain::act::Target;
use domain::refusal::Thing;
use domain::types::{FileId, Lang};
use domain::{Act, Refusal, Rule, Told, authority};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::auth::Caller;
use crate::desk::ActError;
use crate::hash::sha256_parts;
use crate::limits;
use crate::node::Node;
use crate::problem::{Form, Problem};

/// What a request brings, whichever act it is.
pub(crate) struct Request {
    node: Arc<Node>,
    caller: Caller,
    path_id: Option<String>,
    uri: Uri,
    key: String,
    body: Bytes,
}

impl FromRequest<Arc<Node>> for Request {
    type Rejection = Problem;

    async fn from_request(request: axum::extract::Request, node: &Arc<Node>) -> Result<Self, Problem> {
        use axum::extract::FromRequestParts;
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, node).await?;
        let lang = caller.lang;
        let params = RawPathParams::from_request_parts(&mut parts, node).await;
        let path_id = params.ok().and_then(|p| p.iter().next().map(|(_, value)| value.to_owned()));
        let key = key_of(&parts.headers, lang)?;
        let (uri, headers) = (std::mem::take(&mut parts.uri), std::mem::take(&mut parts.headers));
        let request = axum::extract::Request::from_parts(parts, body);
        let body = Bytes::from_request(request, node).await.map_err(|e| Problem::unread(lang, &e))?;
        said_to_be_json(&headers, &body, lang)?;
        Ok(Self { node: node.clone(), caller, path_id, uri, key, body })
    }
}

fn key_of(headers: &axum::http::HeaderMap, lang: Lang) -> Result<String, Problem> {
    let missing = || Problem::field(lang, "header/Idempotency-Key", Form::KeyMissing);
    let key = headers.get("idempotency-key").ok_or_else(missing)?.to_str().map_err(|_| missing())?;
    if key.is_empty() || key.chars().count() > limits::KEY_CHARS {
        return Err(missing());
    }
    Ok(key.to_owned())
}

/// A body says that it is JSON: a form of another site's page cannot, and so never acts here.
pub(crate) fn said_to_be_json(
    headers: &axum::http::HeaderMap,
    body: &[u8],
    lang: Lang,
) -> Result<(), Problem> {
    let media = headers.get(axum::http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let essence = media.split(';').next().unwrap_or("").trim();
    if body.is_empty() || essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::of_status(lang, StatusCode::UNSUPPORTED_MEDIA_TYPE))
}

/// Reads the act, asks the desk, answers with the receipt.
pub(crate) async fn perform<A>(
    request: Request,
    path_id: &'static str,
    created: StatusCode,
) -> Result<Response, Problem>
where
    A: Rule + DeserializeOwned + Into<Act>,
{
    let Caller { actor, lang, .. } = &request.caller;
    request.caller.may_ask(A::KIND)?;
    // What the key stands for: this actor's request, to the byte.
    let parts = [request.uri.path().as_bytes(), actor.account.as_str().as_bytes(), &request.body[..]];
    let hash = sha256_parts(parts);
    let Read { act, told, files } = read::<A>(&request.body, path_id, request.path_id.as_deref(), *lang)?;
    if !files.is_empty() {
        uploaded(&request.node, act.target(), files, *lang).await?;
    }
    let answer = request.node.desk.act(actor.clone(), request.key, hash, told, act).await;
    match answer {
        Ok(receipt) => Ok((created, Json(receipt)).into_response()),
        Err(ActError::Refused(Refusal::NotFound { what, id })) => {
            let problem = Problem::refused(&Refusal::NotFound { what, id: id.clone() }, *lang);
            Err(match place_of(&request.body, &id) {
                Some(pointer) => problem.at_field(pointer),
                None => problem,
            })
        }
        Err(error) => Err(Problem::act(error, *lang)),
    }
}

/// An act cites only attachments that were uploaded for its own incident before; one that is there stays there.
async fn uploaded(node: &Arc<Node>, target: Target, files: Vec<FileId>, lang: Lang) -> Result<(), Problem> {
    let incident = authority::incident_of(&node.published().state, &target);
    let Some(incident) = incident else { return Ok(()) }; // the desk says that there is no such thing
    let node = Arc::clone(node);
    let missing = tokio::task::spawn_blocking(move || {
        for (at, id) in files.into_iter().enumerate() {
            if !node.files.has(&id, incident)? {
                return Ok::<_, crate::files::FileFault>(Some((at, id)));
            }
        }
        Ok(None)
    });
    match Problem::fault(lang, Problem::fault(lang, missing.await)?)? {
        None => Ok(()),
        Some((at, id)) => {
            let missing = Refusal::not_found(Thing::File, &id);
            Err(Problem::refused(&missing, lang).at_field(format!("/files/{at}")))
        }
    }
}

/// Where a body names something, as a JSON pointer; `None` where it was the path that named it.
fn place_of(body: &[u8], id: &str) -> Option<String> {
    fn look(value: &Value, id: &str, pointer: &mut String) -> bool {
        let inside = |name: String, value: &Value, pointer: &mut String| {
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&name);
            let found = look(value, id, pointer);
            if !found {
                pointer.truncate(length);
            }
            found
        };
        match value {
            Value::String(text) => text == id,
            Value::Array(items) => {
                items.iter().enumerate().any(|(i, item)| inside(i.to_string(), item, pointer))
            }
            Value::Object(fields) => fields
                .iter()
                .any(|(name, value)| inside(name.replace('~', "~0").replace('/', "~1"), value, pointer)),
            _ => false,
        }
    }
    let mut pointer = String::new();
    let body = serde_json::from_slice(body).ok()?;
    look(&body, id, &mut pointer).then_some(pointer)
}

/// A request, read.
struct Read<A> {
    act: A,
    told: Told,
    /// The attachments that it cites.
    files: Vec<FileId>,
}

/// Body and path become an act; what the act tells of itself is taken apart from it.
fn read<A: DeserializeOwned>(
    body: &[u8],
    path_id: &'static str,
    id: Option<&str>,
    lang: Lang,
) -> Result<Read<A>, Problem> {
    let mut fields: Map<String, Value> = if body.iter().all(u8::is_ascii_whitespace) {
        Map::new()
    } else {
        serde_json::from_slice(body).map_err(|e| Problem::not_json(lang, &e))?
    };
    let mut told = Map::new();
    for name in ["occurred_at", "on_behalf_of"] {
        if let Some(value) = fields.remove(name) {
            told.insert(name.to_owned(), value);
        }
    }
    let told: Told = shaped(Value::Object(told), lang)?;
    if !path_id.is_empty() {
        if fields.contains_key(path_id) {
            return Err(Problem::field(lang, format!("/{path_id}"), Form::InPath));
        }
        fields.insert(path_id.to_owned(), Value::String(id.unwrap_or_default().to_owned()));
    }
    let cited = fields.get("files").and_then(Value::as_array).cloned().unwrap_or_default();
    let act = shaped(Value::Object(fields), lang)?;
    // The act has its shape: what does not read as a file's id here is none.
    let files = cited.into_iter().filter_map(|id| serde_json::from_value(id).ok());
    Ok(Read { act, told, files: files.collect() })
}

/// Reads a value into its shape; what does not fit is named by its place.
pub(crate) fn shaped<T: DeserializeOwned>(value: Value, lang: Lang) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|e| Problem::shape(lang, &e))
}
