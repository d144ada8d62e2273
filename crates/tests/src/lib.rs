//! What no single crate can prove: form, stories over HTTP, simulation, crashes.

/// Acts that nobody asks over HTTP: the node's own, at its first start, by its clock and by its courier.
pub const BY_THE_NODE: [&str; 9] = [
    "establish_jurisdiction",
    "meet_deadline",
    "open_channels",
    "attempt_message",
    "record_delivery",
    "answer_notification",
    "record_unmatched",
    "subscribe_push",
    "unsubscribe_push",
];

pub mod client;
pub mod node;
pub mod phone;
pub mod postgres;
pub mod powerloss;
pub mod town;
