//! The jurisdiction's own data: names, offices, hazards, capabilities, mobilisation bases, places.
//!
//! Every county of the province runs the same mechanism; what differs between them stands here, as data.

pub mod establish_jurisdiction;
mod event;
mod state;

pub use event::{Event, JurisdictionEstablished};
pub use state::{
    Basis, BasisRule, Capability, DocumentHead, GazetteerPlace, Hazard, Jurisdiction, Linkage, Offices,
    TownSeat,
};
