//! The description of the interface, made from the table of routes: what is not in the table is not served.

use serde_json::{Value, json};

use crate::http;

/// The OpenAPI 3.1 document, in a stable order.
pub fn document() -> Value {
    let (paths, schemas) = http::table().into_description();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Muster",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Joint dispatch of a jurisdiction's emergency rescue forces. Times are RFC 3339 with \
                offset, points are [lon, lat] in WGS-84. Every refusal is a problem document (RFC 9457) with code, \
                clause and lawful alternatives, in the language asked for (zh-CN, en).",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "bearer": [] }, { "cookie": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer" },
                "cookie": { "type": "apiKey", "in": "cookie", "name": "muster" },
            },
        },
    })
}
