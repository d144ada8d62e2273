//! Forces as they are known.

use std::sync::Arc;

use imbl::OrdMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Event;
use crate::jurisdiction::Basis;
use crate::org::Contact;
use crate::refusal::{Refusal, Thing};
use crate::types::{ForceId, OrgId, Point, Text, Time};

/// The four kinds of Plan 2.1–2.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ForceKind {
    /// 政府应急救援力量
    Government,
    /// 企业应急救援力量
    Enterprise,
    /// 社会应急救援力量
    Social,
    /// 应急救援专家
    Expert,
}

impl ForceKind {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Government => "government",
            Self::Enterprise => "enterprise",
            Self::Social => "social",
            Self::Expert => "expert",
        }
    }
}

/// A vehicle, with its plate for free passage (Plan 5.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vehicle {
    /// 水罐消防车
    pub name: Text,
    /// Plate; `None` for boats and machines without one.
    pub plate: Option<Text>,
    /// How many.
    pub count: u16,
}

/// A force (应急救援力量).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Force {
    /// Its id.
    pub id: ForceId,
    /// 荣成化工应急救援队
    pub name: Text,
    /// 化工应急队
    pub short: Text,
    /// One of four.
    pub kind: ForceKind,
    /// `own_station`, `machinery`, `medical` …
    pub force_type: Text,
    /// Its parent organisation.
    pub org: OrgId,
    /// 行业主管部门: where its orders are filed (Plan 4.1.4).
    pub authority: OrgId,
    /// Nine-digit code of its town.
    pub town: Text,
    /// Its base.
    pub point: Point,
    /// People.
    pub strength: u16,
    /// `24h`, `day`, `on_call`.
    pub duty_mode: Text,
    /// Seconds from acknowledgement to departure, as recorded.
    pub mobilisation_s: u32,
    /// Capabilities with their quantity.
    pub capabilities: Vec<(Text, u32)>,
    /// Vehicles.
    pub vehicles: Vec<Vehicle>,
    /// Call sign.
    pub call_sign: Text,
    /// Accident insurance runs until (Plan 5.4).
    pub insured_until: Option<Time>,
    /// The entry counts as verified until (Plan 4.2.1).
    pub verified_until: Option<Time>,
    /// A basis of its own, instead of the table's.
    pub basis: Option<Basis>,
    /// Contacts, first one first.
    pub contacts: Vec<Contact>,
}

/// Something to know about a force before choosing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Ordered to another incident.
    Engaged,
    /// Nobody on its duty list now.
    OffDuty,
    /// Insurance lapsed or unknown (Plan 5.4).
    Uninsured,
    /// The entry has not been verified in time (Plan 4.2.1).
    Unverified,
    /// No contact is known.
    NoContact,
}

impl Force {
    /// How much of a capability it has.
    pub fn has(&self, capability: &str) -> u32 {
        self.capabilities.iter().filter(|(code, _)| code == capability).map(|(_, n)| n).sum()
    }

    /// What the ledger itself has to say against it.
    pub fn marks(&self, now: Time) -> Vec<Mark> {
        let mut marks = Vec::new();
        if self.insured_until.is_none_or(|until| until < now) {
            marks.push(Mark::Uninsured);
        }
        if self.verified_until.is_none_or(|until| until < now) {
            marks.push(Mark::Unverified);
        }
        if self.contacts.is_empty() {
            marks.push(Mark::NoContact);
        }
        marks
    }
}

/// The ledger.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Ledger {
    /// Forces.
    pub forces: OrdMap<ForceId, Arc<Force>>,
}

impl Ledger {
    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::ForceRegistered(e) => {
                self.forces.insert(e.force.id.clone(), Arc::new(e.force.clone()));
            }
            Event::ForceContactsSet(e) => {
                if let Some(force) = self.forces.get_mut(&e.force) {
                    Arc::make_mut(force).contacts.clone_from(&e.contacts);
                }
            }
        }
    }

    /// A force, or why there is none.
    pub fn force(&self, id: &ForceId) -> Result<&Arc<Force>, Refusal> {
        self.forces.get(id).ok_or_else(|| Refusal::not_found(Thing::Force, id))
    }

    /// Its short name, or its id where it is not known.
    pub fn name(&self, id: &ForceId) -> Text {
        self.forces.get(id).map_or_else(|| id.to_string(), |f| f.short.clone())
    }
}
