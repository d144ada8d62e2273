//! The node: where acts come in, become durable, and go out to those whom they concern.

pub mod clock;
pub mod desk;
pub mod engine;
pub mod fold;
pub mod hash;
pub mod http;
pub mod limits;
pub mod live;
pub mod metrics;
pub mod now;
pub mod openapi;
pub mod published;
mod snapshot;
pub mod view;
mod writer;
