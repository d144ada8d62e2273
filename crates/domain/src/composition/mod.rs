//! Compositions (调度编成), Plan 4.2.4: what a hazard at a dispatch grade calls for, agreed before it happens.
//!
//! ```text
//! adopted (by brigade and bureau) ──▶ in force ──▶ replaced by the next version
//!                                        └─ pre-authorised ⇄ revoked (by the bureau's shift leader)
//! ```

pub mod adopt_composition;
mod event;
pub mod preauthorise_composition;
pub mod revoke_preauthorisation;
mod state;

pub use event::{CompositionAdopted, CompositionPreauthorised, Event, PreauthorisationRevoked};
pub use state::{Composition, Compositions, Preauthorisation, Slot};
