//! Help from outside.

use domain::act::{ActKind, Target};
use domain::refusal::Thing;
use domain::reinforcement::{self as re, Means, Reinforcement, ReinforcementStatus};
use domain::types::Text;
use domain::{IncidentFile, reinforcement::Attached};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Mays, Moment, Ref, ReportedView, Viewer};

/// The superior's answer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReinforcementAnswerView {
    /// Yes or no.
    pub approved: bool,
    /// Who, by position.
    pub officer: Text,
    /// In what words.
    pub words: Text,
    /// Who carries it out.
    pub executed_by: Option<Ref>,
    /// When, by whom.
    pub reported: ReportedView,
}

/// An attached force.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AttachedView {
    /// Its id.
    pub id: Text,
    /// Its name.
    pub name: Text,
    /// Where from.
    pub from: Text,
    /// People.
    pub strength: u32,
    /// Its leader.
    pub leader: Text,
    /// Call sign.
    pub call_sign: Option<Text>,
    /// How it is reached.
    pub contact: Option<Text>,
    /// Since when.
    pub since: ReportedView,
    /// Released.
    pub released: Option<ReportedView>,
}

/// A request for help.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReinforcementView {
    /// Its id.
    pub id: Text,
    /// Its incident.
    pub incident: Text,
    /// The incident's number.
    pub incident_number: Text,
    /// 演练
    pub drill: bool,
    /// To whom.
    pub to: Ref,
    /// What is needed.
    pub need: Text,
    /// How it was asked.
    pub means: Means,
    /// Number of the recording.
    pub recording: Option<Text>,
    /// Where it stands.
    pub status: ReinforcementStatus,
    /// When, by whom.
    pub requested: ReportedView,
    /// When the answer is due.
    pub answer_due: Moment,
    /// Late?
    pub overdue: bool,
    /// The answer.
    pub answer: Option<ReinforcementAnswerView>,
    /// The forces that came.
    pub attached: Vec<AttachedView>,
    /// What may be done next.
    pub may: Mays,
}

impl Viewer<'_> {
    /// Requests, newest first.
    pub fn reinforcements(&self, file: &IncidentFile) -> Vec<ReinforcementView> {
        file.reinforcement.requests.values().rev().map(|r| self.reinforcement(file, r)).collect()
    }

    fn reinforcement(&self, file: &IncidentFile, r: &Reinforcement) -> ReinforcementView {
        let target = Target::of(Thing::Reinforcement, r.id);
        let mut may = Mays::new();
        let answer = re::answer_reinforcement::allow(self.state, r.id).map(|_| ());
        self.offer(&mut may, ActKind::AnswerReinforcement, &target, answer);
        self.offer(
            &mut may,
            ActKind::AttachForce,
            &target,
            re::attach_force::allow(self.state, r.id).map(|_| ()),
        );
        if r.attached.values().any(|a| a.released.is_none()) {
            self.offer(&mut may, ActKind::ReleaseAttached, &target, domain::incident::still_open(file));
        }
        ReinforcementView {
            id: r.id.to_string(),
            incident: file.incident.id.to_string(),
            incident_number: file.incident.number.clone(),
            drill: file.incident.drill,
            to: self.org(&r.to),
            need: self.words(&r.need),
            means: r.means,
            recording: r.recording.clone(),
            status: r.status(),
            requested: self.reported(&r.requested),
            answer_due: self.moment(r.answer_due),
            overdue: r.overdue,
            answer: r.answer.as_ref().map(|a| ReinforcementAnswerView {
                approved: a.approved,
                officer: a.officer.clone(),
                words: self.words(&a.words),
                executed_by: a.executed_by.as_ref().map(|o| self.org(o)),
                reported: self.reported(&a.by),
            }),
            attached: r.attached.values().map(|a| self.attached(a)).collect(),
            may,
        }
    }

    fn attached(&self, a: &Attached) -> AttachedView {
        AttachedView {
            id: a.id.to_string(),
            name: a.name.clone(),
            from: a.from.clone(),
            strength: a.strength,
            leader: self.words(&a.leader),
            call_sign: a.call_sign.clone(),
            contact: self.words_opt(a.contact.as_ref()),
            since: self.reported(&a.since),
            released: a.released.as_ref().map(|by| self.reported(by)),
        }
    }
}
