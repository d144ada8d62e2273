//! What happened to duty.

use serde::{Deserialize, Serialize};

use super::{DeskKind, DutyRow};
use crate::context::Reported;
use crate::event::part_events;
use crate::personal::Personal;
use crate::types::{HandOverId, Text};

/// A duty list came into force; it replaces the rows of the same owner and position.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DutyListed {
    /// Its rows.
    pub rows: Vec<DutyRow>,
    /// Minutes ahead of UTC that the shifts' hours are meant in.
    pub utc_offset_min: i32,
}

/// A desk's shift was handed over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShiftHandedOver {
    /// Its id.
    pub hand_over: HandOverId,
    /// The desk.
    pub desk: DeskKind,
    /// Who takes over.
    pub to: Text,
    /// What he must know, besides the sheet that writes itself.
    pub remarks: Option<Personal<Text>>,
    /// Open incidents at that moment.
    pub open_incidents: u32,
    /// Forces out at that moment.
    pub forces_out: u32,
    /// By whom.
    pub by: Reported,
}

part_events! {
    /// A duty list came into force.
    "duty.listed" 1 => DutyListed,
    /// A desk's shift was handed over.
    "duty.shift_handed_over" 1 => ShiftHandedOver,
}
