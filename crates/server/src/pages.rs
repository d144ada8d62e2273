//! The pages that the node carries: the desks' console, the force's terminal, the map's data.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use parking_lot::Mutex;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::hash::hex;
use crate::seed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/console/dist"]
#[allow_missing = true]
struct Console;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/terminal/dist"]
#[allow_missing = true]
struct Terminal;

/// Bytes below which a file is not worth packing.
const PACK_BYTES: usize = 1_024;

/// Files, with what was packed once.
#[derive(Clone, Default)]
pub struct Pages {
    packed: Arc<Mutex<HashMap<String, Bytes>>>,
}

/// A page's file, and how long a browser may keep it.
struct Found {
    file: EmbeddedFile,
    name: String,
    cache: &'static str,
}

const REVALIDATE: &str = "no-cache";
/// Names of built files carry a digest of their content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

impl Pages {
    /// Answers a request for a page; `None` where there is none.
    pub fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return None;
        }
        let found = find(path)?;
        let etag = format!("\"{}\"", &hex(&found.file.metadata.sha256_hash())[..32]);
        let same = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == etag.as_bytes());
        let mut response = Response::new(Body::empty());
        let out = response.headers_mut();
        out.insert(header::ETAG, HeaderValue::from_str(&etag).expect("hexadecimal in quotes"));
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static(found.cache));
        out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if same {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Some(response);
        }
        let media = media_type(&found.name);
        out.insert(header::CONTENT_TYPE, HeaderValue::from_str(&media).expect("a media type is ASCII"));
        let gzip = headers
            .get(header::ACCEPT_ENCODING)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.contains("gzip"));
        let body = if gzip && packs(&media) && found.file.data.len() >= PACK_BYTES {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            self.packed(&etag, &found.file)
        } else {
            Bytes::from(found.file.data.into_owned())
        };
        out.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        if *method == Method::GET {
            *response.body_mut() = Body::from(body);
        }
        Some(response)
    }

    fn packed(&self, etag: &str, file: &EmbeddedFile) -> Bytes {
        if let Some(packed) = self.packed.lock().get(etag) {
            return packed.clone();
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let packed = encoder.write_all(&file.data).and_then(|()| encoder.finish());
        let packed = Bytes::from(packed.expect("writing into memory does not fail"));
        self.packed.lock().insert(etag.to_owned(), packed.clone());
        packed
    }
}

/// A page's own address is a file; every other address below it is its own business and gets its first page.
fn find(path: &str) -> Option<Found> {
    let path = path.trim_start_matches('/');
    if path.split('/').any(|part| part == "..") {
        return None;
    }
    if let Some(name) = path.strip_prefix("map/") {
        return seed::map_file(name).map(|file| Found { file, name: name.to_owned(), cache: REVALIDATE });
    }
    let (get, name): (fn(&str) -> Option<EmbeddedFile>, &str) = match path.strip_prefix("terminal/") {
        Some(name) => (Terminal::get, name),
        None if path == "terminal" => (Terminal::get, ""),
        None => (Console::get, path),
    };
    let name = if name.is_empty() { "index.html" } else { name };
    if let Some(file) = get(name) {
        let cache = if name.starts_with("assets/") { FOR_EVER } else { REVALIDATE };
        return Some(Found { file, name: name.to_owned(), cache });
    }
    let is_address = !name.rsplit('/').next().unwrap_or(name).contains('.');
    let file = is_address.then(|| get("index.html")).flatten()?;
    Some(Found { file, name: "index.html".to_owned(), cache: REVALIDATE })
}

fn media_type(name: &str) -> String {
    if name.ends_with(".geojson") {
        return "application/geo+json".to_owned();
    }
    let media = mime_guess::from_path(name).first_or_octet_stream();
    match (media.type_().as_str(), media.subtype().as_str()) {
        ("text", _) | ("application", "javascript") => format!("{media}; charset=utf-8"),
        _ => media.to_string(),
    }
}

fn packs(media: &str) -> bool {
    let text = [
        "text/",
        "application/json",
        "application/geo+json",
        "application/javascript",
        "image/svg",
        "application/manifest",
    ];
    text.iter().any(|kind| media.starts_with(kind))
}
