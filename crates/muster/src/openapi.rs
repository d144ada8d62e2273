//! `muster openapi`: the description of the interface, for clients and for the review of changes.

/// Prints it, in a stable order.
pub(crate) fn run() -> anyhow::Result<()> {
    crate::say(&serde_json::to_string_pretty(&server::openapi::document())?);
    Ok(())
}
