//! How a message leaves the node.
//!
//! A [`Channel`] hands a message to a peer and reads what the peer sends back; [`open`] makes the channels of the
//! settings, [`rehearse`] the same ones without a way out. The crate knows no domain type: who is told what, in which
//! words and in which order is not its business. It logs neither addresses nor texts.

pub mod channel;
pub mod limits;
mod open;
pub mod settings;

pub use channel::{
    Callback, CallbackAnswer, CallbackFault, Channel, HandedOver, Inbound, Kind, Limits, Outgoing, Received,
    SendFault, Sending,
};
pub use open::{OpenFault, Opened, open, rehearsal, rehearse};
pub use settings::Settings;
