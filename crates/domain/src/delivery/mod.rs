//! What must be told to whom, and what it may ring: deny by default, so that nothing a session may not see is sent.
//!
//! Desks hear everything of every incident. A force hears of its own orders, stand-bys and withdrawals; a department
//! of its own filings, notices, letters, tasks and reports; a town of its own calls, filings, tasks and reports. It
//! reads all parts and is read by none.

mod audience;
mod ring;
mod roles;

pub use audience::{Audience, audience};
pub use ring::{Ring, ring};
pub use roles::RoleSet;
