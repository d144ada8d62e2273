//! What must be told to whom: deny by default, so that nothing a session may not see is sent.
//!
//! Inside, by the live stream: desks hear everything of every incident. A force hears of its own orders, stand-bys and
//! withdrawals; a department of its own filings, notices, letters, tasks and reports; a town of its own calls, filings,
//! tasks and reports (`audience`, `ring`).
//!
//! Outside, by messages (Plan 4.2.2): what a recipient is told of one thing is a *notification* with a short code; it
//! is carried by *messages*, one a channel and person, in turn, until an answer comes (`follow`, `ladder`). An order is
//! not a notification: that a message arrived is no answer.

mod audience;
mod browser;
mod channel;
mod event;
mod follow;
mod ladder;
mod reach;
mod ring;
mod roles;
mod state;

pub mod answer_notification;
pub mod attempt_message;
pub mod open_channels;
pub mod record_delivery;
pub mod record_unmatched;
pub mod set_contacts;
pub mod subscribe_push;
pub mod unsubscribe_push;

pub use audience::{Audience, audience};
pub use browser::{Browser, is_revoked};
pub use channel::{ChannelKind, Way};
pub use event::*;
pub use ladder::is_settled;
pub use reach::{Correction, Found, Reach, Undone, reference_key};
pub use ring::{Ring, ring};
pub use roles::RoleSet;
pub use state::{
    About, Answer, Deliveries, FailedWhy, Message, MessageStatus, Notification, Reading, Recipient,
};

pub(crate) use follow::follow;
pub(crate) use ladder::{deadlines, missed};

#[cfg(test)]
mod browser_tests;
#[cfg(test)]
mod tests;
