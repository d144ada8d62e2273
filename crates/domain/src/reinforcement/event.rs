//! What happened in asking for help from outside.

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::state::Means;
use crate::context::Reported;
use crate::event::part_events;
use crate::personal::Personal;
use crate::types::ids::Fresh;
use crate::types::{AttachedId, OrgId, ReinforcementId, Text, Time};

/// The bureau asked the superior for help.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReinforcementRequested {
    /// The request.
    pub reinforcement: ReinforcementId,
    /// Of whom.
    pub to: OrgId,
    /// What is needed.
    pub need: Personal<Text>,
    /// How it was asked.
    pub means: Means,
    /// The recording's number, where it was asked by telephone.
    pub recording: Option<Text>,
    /// Until when an answer is awaited.
    pub answer_due: Time,
    /// By whom, when.
    pub by: Reported,
}

/// The superior answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReinforcementAnswered {
    /// The request.
    pub reinforcement: ReinforcementId,
    /// Agreed, or declined.
    pub approved: bool,
    /// The position that answered.
    pub officer: Text,
    /// Its words.
    pub words: Personal<Text>,
    /// Who carries it out.
    pub executed_by: Option<OrgId>,
    /// By whom, when.
    pub by: Reported,
}

/// No answer came in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReinforcementOverdue {
    /// The request.
    pub reinforcement: ReinforcementId,
    /// When the answer was due.
    pub due: Time,
}

/// An outside force came under this incident.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ForceAttached {
    /// The request it came by.
    pub reinforcement: ReinforcementId,
    /// It, at this incident.
    pub attached: AttachedId,
    /// Its name.
    pub name: Text,
    /// Where it comes from.
    pub from: Text,
    /// People.
    pub strength: u32,
    /// Who leads it.
    pub leader: Personal<Text>,
    /// Its call sign.
    pub call_sign: Option<Text>,
    /// How to reach it.
    pub contact: Option<Personal<Text>>,
    /// By whom, when.
    pub by: Reported,
}

/// An outside force was released.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AttachedReleased {
    /// The request it came by.
    pub reinforcement: ReinforcementId,
    /// It.
    pub attached: AttachedId,
    /// By whom, when.
    pub by: Reported,
}

part_events! {
    /// 申请跨区域增援
    "reinforcement.requested" 1 => ReinforcementRequested,
    /// 上级答复
    "reinforcement.answered" 1 => ReinforcementAnswered,
    /// 答复超时
    "reinforcement.overdue" 1 => ReinforcementOverdue,
    /// 外来力量编入
    "reinforcement.force_attached" 1 => ForceAttached,
    /// 外来力量撤收
    "reinforcement.attached_released" 1 => AttachedReleased,
}

impl Event {
    /// The ULIDs of what this event brings into being.
    pub fn creates(&self) -> Vec<Ulid> {
        match self {
            Self::ReinforcementRequested(e) => vec![e.reinforcement.ulid()],
            Self::ForceAttached(e) => vec![e.attached.ulid()],
            Self::ReinforcementAnswered(_) | Self::ReinforcementOverdue(_) | Self::AttachedReleased(_) => {
                Vec::new()
            }
        }
    }
}
