//! The description of the interface, made from the table of routes.

/// The OpenAPI document.
pub fn document() -> serde_json::Value {
    serde_json::json!({ "openapi": "3.1.0" })
}
