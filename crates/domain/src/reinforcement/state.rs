//! Requests for help from outside, and the forces that came.

use std::sync::Arc;

use imbl::OrdMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::context::Reported;
use crate::personal::Personal;
use crate::types::{AttachedId, OrgId, ReinforcementId, Text, Time};

/// How help was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// 平台
    Platform,
    /// 电话
    Phone,
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReinforcementStatus {
    /// No answer yet.
    Waiting,
    /// The superior agreed.
    Approved,
    /// It declined.
    Declined,
}

impl ReinforcementStatus {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Declined => "declined",
        }
    }
}

/// The superior's answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    /// Agreed, or declined.
    pub approved: bool,
    /// The position that answered.
    pub officer: Text,
    /// Its words.
    pub words: Personal<Text>,
    /// Who carries it out.
    pub executed_by: Option<OrgId>,
    /// By whom it was recorded, when.
    pub by: Reported,
}

/// An outside force at this incident.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attached {
    /// It, at this incident.
    pub id: AttachedId,
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
    /// By whom it was attached, when.
    pub since: Reported,
    /// By whom it was released, when.
    pub released: Option<Reported>,
}

/// A request for help, and what came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reinforcement {
    /// Its id.
    pub id: ReinforcementId,
    /// Of whom help was asked.
    pub to: OrgId,
    /// What is needed.
    pub need: Personal<Text>,
    /// How it was asked.
    pub means: Means,
    /// The recording's number.
    pub recording: Option<Text>,
    /// By whom, when.
    pub requested: Reported,
    /// Until when an answer is awaited.
    pub answer_due: Time,
    /// Was that missed?
    pub overdue: bool,
    /// The answer.
    pub answer: Option<Answer>,
    /// The forces that came by it.
    pub attached: OrdMap<AttachedId, Arc<Attached>>,
}

impl Reinforcement {
    /// How far it is.
    pub fn status(&self) -> ReinforcementStatus {
        match &self.answer {
            None => ReinforcementStatus::Waiting,
            Some(answer) if answer.approved => ReinforcementStatus::Approved,
            Some(_) => ReinforcementStatus::Declined,
        }
    }
}

/// The help from outside at one incident.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Reinforcements {
    /// Requests.
    pub requests: OrdMap<ReinforcementId, Arc<Reinforcement>>,
}

impl Reinforcements {
    /// Folds one event.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::ReinforcementRequested(e) => {
                let request = Reinforcement {
                    id: e.reinforcement,
                    to: e.to.clone(),
                    need: e.need.clone(),
                    means: e.means,
                    recording: e.recording.clone(),
                    requested: e.by.clone(),
                    answer_due: e.answer_due,
                    overdue: false,
                    answer: None,
                    attached: OrdMap::new(),
                };
                self.requests.insert(e.reinforcement, Arc::new(request));
            }
            Event::ReinforcementAnswered(e) => self.change(e.reinforcement, |request| {
                request.answer = Some(Answer {
                    approved: e.approved,
                    officer: e.officer.clone(),
                    words: e.words.clone(),
                    executed_by: e.executed_by.clone(),
                    by: e.by.clone(),
                });
            }),
            Event::ReinforcementOverdue(e) => self.change(e.reinforcement, |request| request.overdue = true),
            Event::ForceAttached(e) => self.change(e.reinforcement, |request| {
                let attached = Attached {
                    id: e.attached,
                    name: e.name.clone(),
                    from: e.from.clone(),
                    strength: e.strength,
                    leader: e.leader.clone(),
                    call_sign: e.call_sign.clone(),
                    contact: e.contact.clone(),
                    since: e.by.clone(),
                    released: None,
                };
                request.attached.insert(e.attached, Arc::new(attached));
            }),
            Event::AttachedReleased(e) => self.change(e.reinforcement, |request| {
                if let Some(attached) = request.attached.get_mut(&e.attached) {
                    Arc::make_mut(attached).released = Some(e.by.clone());
                }
            }),
        }
    }

    fn change(&mut self, id: ReinforcementId, change: impl FnOnce(&mut Reinforcement)) {
        if let Some(request) = self.requests.get_mut(&id) {
            change(Arc::make_mut(request));
        }
    }

    /// Outside forces that are attached now, in the order they came.
    pub fn attached_now(&self) -> impl Iterator<Item = &Attached> {
        self.requests
            .values()
            .flat_map(|request| request.attached.values())
            .map(Arc::as_ref)
            .filter(|attached| attached.released.is_none())
    }

    /// An outside force of this incident, released or not.
    pub fn attached(&self, id: AttachedId) -> Option<&Attached> {
        self.requests.values().find_map(|request| request.attached.get(&id)).map(Arc::as_ref)
    }
}
