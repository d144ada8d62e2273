//! The node: where acts come in, become durable, and go out to those whom they concern.

pub mod http;
pub mod openapi;
pub mod view;
