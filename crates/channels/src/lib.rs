//! How a message leaves the node.
//!
//! A [`Channel`] hands a message to a peer and reads what the peer sends back; [`open`] makes the channels of the
//! settings, [`rehearse`] the same ones without a way out. The crate knows no domain type: who is told what, in which
//! words and in which order is not its business. It logs neither addresses nor texts.
//!
//! Every channel has the same around it: limits of rate and number, one limit of time for the whole of a sending, and a
//! memory of what was handed over. Peers by HTTP ([`gateway`], [`webhook`], [`robot`], [`push`]) share one pool of
//! connections; peers with a lasting connection ([`cmpp`], [`smpp`], [`mqtt`], the events of [`ari`]) share one way to keep it
//! ([`link`]), and are themselves only codecs.

pub mod ari;
pub mod channel;
pub mod cmpp;
mod dial;
pub mod gateway;
mod http;
pub mod limits;
pub mod link;
mod mail;
pub mod mqtt;
mod open;
mod paced;
pub mod push;
mod rehearsal;
pub mod robot;
pub mod settings;
mod sign;
pub mod smpp;
pub mod sms;
mod template;
mod text;
pub mod webhook;

pub use channel::{
    Brought, Callback, CallbackAnswer, CallbackFault, Channel, HandedOver, Inbound, Kind, Limits, Outgoing,
    Received, SendFault, Sending,
};
pub use open::{OpenFault, Opened, open, rehearsal, rehearse, usual};
pub use settings::Settings;
