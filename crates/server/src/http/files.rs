//! Attachments: photos, recordings, documents of an incident.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::multipart::Multipart;
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing;
use domain::Refusal;
use domain::refusal::Thing;
use domain::types::{FileId, IncidentId, Lang};
use serde::Deserialize;
use serde_json::json;

use super::table::Table;
use super::{Look, id_in_path};
use crate::files::{FileFault, FileMeta};
use crate::limits;
use crate::node::Node;
use crate::problem::{Form, Problem};

/// Bytes that a multipart body is longer than its file.
const MULTIPART_BYTES: usize = 64 << 10;

pub(super) fn routes(t: &mut Table) {
    let meta = t.schema::<FileMeta>();
    let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
    let form = json!({ "schema": { "type": "object", "properties": { "file": { "type": "string", "format": "binary" } } } });
    let put = routing::post(upload).layer(DefaultBodyLimit::max(limits::FILE_BYTES + MULTIPART_BYTES));
    t.other("/files", "post", put, json!({
        "summary": "Keep an attachment of an incident", "operationId": "upload_file",
        "requestBody": { "required": true, "content": { "multipart/form-data": form, "image/jpeg": bytes } },
        "responses": { "201": { "description": "kept", "content": { "application/json": { "schema": meta } } } },
    }));
    t.query("/files", "post", "incident", "the incident it belongs to");
    t.read_bytes("/files/{id}", "An attachment", "application/octet-stream", &[], download);
}

#[derive(Debug, Deserialize)]
struct OfIncident {
    incident: Option<String>,
}

/// One file of a request.
struct Sent {
    name: String,
    media_type: String,
    bytes: Bytes,
}

async fn upload(
    look: Look,
    Query(query): Query<OfIncident>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let lang = look.lang;
    let incident = query.incident.ok_or_else(|| Problem::field(lang, "/incident", Form::IncidentMissing))?;
    let incident: IncidentId = id_in_path(&look, Thing::Incident, &incident)?;
    look.incident(incident).await?;
    let sent = sent(lang, &headers, request, &look.node).await?;
    let node = look.node.clone();
    let kept = tokio::task::spawn_blocking(move || {
        node.files.put(incident, &sent.name, &sent.media_type, &sent.bytes)
    });
    match Problem::fault(lang, kept.await)? {
        Ok(meta) => Ok((StatusCode::CREATED, Json(meta)).into_response()),
        Err(FileFault::TooLarge { .. }) => Err(Problem::field(lang, "/file", Form::FileTooLarge)),
        Err(FileFault::Type { .. }) => Err(Problem::field(lang, "/file", Form::FileType)),
        Err(fault) => Err(Problem::fault::<(), _>(lang, Err(fault)).expect_err("it is a fault")),
    }
}

/// As a form with a file in it, or as the bytes themselves.
async fn sent(lang: Lang, headers: &HeaderMap, request: Request, node: &Arc<Node>) -> Result<Sent, Problem> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let media_type = text("content-type");
    if !media_type.starts_with("multipart/form-data") {
        let bytes = Bytes::from_request(request, node).await.map_err(|e| Problem::unread(lang, &e))?;
        if bytes.is_empty() {
            return Err(Problem::field(lang, "/file", Form::FileMissing));
        }
        return Ok(Sent { name: "attachment".to_owned(), media_type, bytes });
    }
    let refused = |error: axum::extract::multipart::MultipartError| Problem::of_status(lang, error.status());
    let form = Multipart::from_request(request, node).await;
    let mut form = form.map_err(|error| Problem::of_status(lang, error.status()))?;
    while let Some(field) = form.next_field().await.map_err(refused)? {
        let Some(name) = field.file_name().map(str::to_owned) else { continue };
        let media_type = field.content_type().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(refused)?;
        return Ok(Sent { name, media_type, bytes });
    }
    Err(Problem::field(lang, "/file", Form::FileMissing))
}

async fn download(
    look: Look,
    State(node): State<Arc<Node>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id: FileId = id_in_path(&look, Thing::File, &id)?;
    let lang = look.lang;
    let missing = || look.refused(&Refusal::not_found(Thing::File, &id));
    let (of, files_of) = (id.clone(), node.clone());
    let incidents = tokio::task::spawn_blocking(move || files_of.files.incidents_of(&of)).await;
    for incident in Problem::fault(lang, Problem::fault(lang, incidents)?)? {
        if look.incident(incident).await.is_err() {
            continue; // not this session's to see
        }
        let (node, of) = (node.clone(), id.clone());
        let found = tokio::task::spawn_blocking(move || node.files.get(&of, incident)).await;
        if let Some((meta, bytes)) = Problem::fault(lang, Problem::fault(lang, found)?)? {
            return Ok(attachment(&meta, bytes));
        }
    }
    Err(missing())
}

/// Never run as a page: what people send is shown as a picture or saved.
fn attachment(meta: &FileMeta, bytes: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let out = response.headers_mut();
    let media = HeaderValue::from_str(&meta.media_type);
    out.insert(header::CONTENT_TYPE, media.unwrap_or(HeaderValue::from_static("application/octet-stream")));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    out.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    response
}
