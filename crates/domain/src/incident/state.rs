//! What is known of an incident, and how an event changes it.

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::{CallTaken, Event};
use crate::context::Reported;
use crate::personal::Personal;
use crate::types::{FileId, IncidentId, InstructionId, OrgId, Place, Text, Time, TownCallId, limits};

/// How far an incident is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 接警 A call came; nobody has checked it yet.
    Reported,
    /// 核实 It is real.
    Verified,
    /// 处置中 Forces are ordered.
    Responding,
    /// 受控 Under control.
    Controlled,
    /// 结案 Closed.
    Closed,
    /// 误报 There was nothing.
    FalseAlarm,
    /// 并案 It was the same as another one.
    Merged,
}

impl Status {
    /// Nothing happens here any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::FalseAlarm | Self::Merged)
    }

    /// Stable code, as in the interface.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Verified => "verified",
            Self::Responding => "responding",
            Self::Controlled => "controlled",
            Self::Closed => "closed",
            Self::FalseAlarm => "false_alarm",
            Self::Merged => "merged",
        }
    }
}

/// Where a call came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Source {
    /// 119 fire.
    #[serde(rename = "119")]
    Fire119,
    /// 110 police.
    #[serde(rename = "110")]
    Police110,
    /// 120 ambulance.
    #[serde(rename = "120")]
    Ambulance120,
    /// 12345 the city's hotline.
    #[serde(rename = "12345")]
    Hotline12345,
    /// A department, town or enterprise.
    #[serde(rename = "department")]
    Department,
}

impl Source {
    /// Stable code, as in the interface.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fire119 => "119",
            Self::Police110 => "110",
            Self::Ambulance120 => "120",
            Self::Hotline12345 => "12345",
            Self::Department => "department",
        }
    }
}

/// One call about the incident, as it was taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Call {
    /// Where it came from.
    pub source: Source,
    /// Who called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<Personal<Text>>,
    /// From which number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller_number: Option<Personal<Text>>,
    /// The recording's number (录音号).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<Text>,
    /// When it was received.
    pub received_at: Time,
    /// Where, as this caller told it.
    pub place: Place,
    /// How many are trapped, as this caller told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trapped: Option<u32>,
    /// The substance, as this caller told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substance: Option<Text>,
    /// What was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrative: Option<Personal<Text>>,
    /// Who took it.
    pub by: Reported,
}

/// Severity of an incident, Plan 3.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 未定级
    Ungraded,
    /// 一般
    General,
    /// 较大
    Serious,
    /// 重大
    Major,
    /// 特别重大
    Extraordinary,
}

impl Severity {
    /// Stable code, as in the interface.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ungraded => "ungraded",
            Self::General => "general",
            Self::Serious => "serious",
            Self::Major => "major",
            Self::Extraordinary => "extraordinary",
        }
    }
}

/// How firm a severity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeverityStage {
    /// 初判
    Preliminary,
    /// 核定, by the bureau.
    Confirmed,
}

impl SeverityStage {
    /// Stable code, as in the interface.
    pub fn code(self) -> &'static str {
        match self {
            Self::Preliminary => "preliminary",
            Self::Confirmed => "confirmed",
        }
    }
}

/// A severity with its stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SeverityGrade {
    /// The severity.
    pub value: Severity,
    /// How firm it is.
    pub stage: SeverityStage,
}

/// People counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Figures {
    /// 死亡
    pub dead: u32,
    /// 失联
    pub missing: u32,
    /// 重伤
    pub badly_hurt: u32,
    /// 轻伤
    pub hurt: u32,
    /// 被困
    pub trapped: u32,
    /// 转移
    pub moved: u32,
}

/// Casualties: one counted thing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Casualties {
    /// Which count this is, from 1.
    pub revision: u32,
    /// The figures.
    pub figures: Figures,
    /// Who says so: 市卫健局.
    pub source: Personal<Text>,
    /// As of when.
    pub as_of: Time,
    /// Who counted.
    pub by: Reported,
    /// Who confirmed this count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Confirmation>,
}

/// Who confirmed a count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// Who, and when.
    pub by: Reported,
}

/// A call to a town's shift leader that must be answered (叫应), Plan 4.3.1.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TownCall {
    /// The town.
    pub town: OrgId,
    /// Its shift leader on duty, by position and number.
    pub asked: Text,
    /// Who called.
    pub by: Reported,
    /// Until when an answer is awaited.
    pub due: Time,
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<TownAnswer>,
    /// The time passed without an answer, and that was recorded.
    #[serde(default)]
    pub overdue: bool,
}

/// A town's answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TownAnswer {
    /// In his words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Personal<Text>>,
    /// Who, and when.
    pub by: Reported,
}

/// A leader's instruction (批示), Plan 3.2.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Instruction {
    /// What he said.
    pub text: Personal<Text>,
    /// His position.
    pub from: Text,
    /// Who gave or typed it, and when.
    pub by: Reported,
    /// Until when a feedback is awaited.
    pub due: Time,
    /// Whose task it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned: Option<Assigned>,
    /// What was reported back, in order.
    #[serde(default)]
    pub feedback: Vector<Feedback>,
    /// The time passed without a final feedback, and that was recorded.
    #[serde(default)]
    pub overdue: bool,
}

impl Instruction {
    /// The last feedback says it is done.
    pub fn is_done(&self) -> bool {
        self.feedback.last().is_some_and(|f| f.done)
    }
}

/// Whose task an instruction became.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Assigned {
    /// Whose.
    pub to: OrgId,
    /// What is to be done.
    pub task: Personal<Text>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Time>,
    /// Who assigned it.
    pub by: Reported,
}

/// A feedback on an instruction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Feedback {
    /// What was done.
    pub text: Personal<Text>,
    /// Is it finished?
    pub done: bool,
    /// Who, and when.
    pub by: Reported,
}

/// Something worth recording.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Note {
    /// The text.
    pub text: Personal<Text>,
    /// Attachments.
    #[serde(default)]
    pub files: Vec<FileId>,
    /// Who, and when.
    pub by: Reported,
}

/// How it was closed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClosedMark {
    /// A last word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Personal<Text>>,
    /// Who, and when.
    pub by: Reported,
    /// Until when the review is due.
    pub review_due: Time,
}

/// An incident.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// Its number: 20261124-0003.
    pub number: Text,
    /// 演练: nothing of it leaves the node.
    pub drill: bool,
    /// How far it is.
    pub status: Status,
    /// Raised by every event that changes what an agreement would overwrite.
    pub revision: u32,
    /// The calls, the first [`limits::CALLS_PER_INCIDENT`] of them.
    pub calls: Vector<Call>,
    /// How many calls there were in all.
    pub calls_total: u32,
    /// Where.
    pub place: Place,
    /// Hazard code (灾种).
    pub hazard: Option<Text>,
    /// Dispatch grade (调派等级), 1 to 5.
    pub grade: Option<u8>,
    /// Severity, Plan 3.2.
    pub severity: Option<SeverityGrade>,
    /// People trapped, as told.
    pub trapped: Option<u32>,
    /// The substance.
    pub substance: Option<Text>,
    /// What the first caller told.
    pub narrative: Option<Personal<Text>>,
    /// When it was recorded; the number counts by this.
    pub opened_at: Time,
    /// Until when the first report is due.
    pub first_report_due: Time,
    /// It is real.
    pub verified: Option<Reported>,
    /// It was a false alarm.
    pub false_alarm: Option<Reported>,
    /// Under control.
    pub controlled: Option<Reported>,
    /// Until when the final report is due, once controlled.
    pub final_report_due: Option<Time>,
    /// Closed.
    pub closed: Option<ClosedMark>,
    /// When the first order was issued.
    pub first_order_at: Option<Time>,
    /// Which incident it was the same as.
    pub merged_into: Option<IncidentId>,
    /// Which incidents were the same as this one.
    pub absorbed: Vector<IncidentId>,
    /// The last count.
    pub casualties: Option<Arc<Casualties>>,
    /// The last count that was confirmed; only this goes upward.
    pub confirmed_casualties: Option<Arc<Casualties>>,
    /// Towns called.
    pub town_calls: OrdMap<TownCallId, Arc<TownCall>>,
    /// Leaders' instructions.
    pub instructions: OrdMap<InstructionId, Arc<Instruction>>,
    /// Notes, the last [`limits::NOTES_IN_STATE`] of them; all are in the journal.
    pub notes: Vector<Note>,
    /// How many notes there were in all.
    pub notes_total: u32,
}

impl Incident {
    /// The incident that a first call opens.
    pub fn opened(id: IncidentId, call: &CallTaken) -> Self {
        Self {
            id,
            number: call.number.clone(),
            drill: call.drill,
            status: Status::Reported,
            revision: 1,
            calls: Vector::unit(call.call()),
            calls_total: 1,
            place: call.place.clone(),
            hazard: call.hazard.clone(),
            grade: call.grade,
            severity: None,
            trapped: call.trapped,
            substance: call.substance.clone(),
            narrative: call.narrative.clone(),
            opened_at: call.by.recorded_at,
            first_report_due: call.first_report_due,
            verified: None,
            false_alarm: None,
            controlled: None,
            final_report_due: None,
            closed: None,
            first_order_at: None,
            merged_into: None,
            absorbed: Vector::new(),
            casualties: None,
            confirmed_casualties: None,
            town_calls: OrdMap::new(),
            instructions: OrdMap::new(),
            notes: Vector::new(),
            notes_total: 0,
        }
    }

    /// When the first call was received: what intervals are counted from. A call that was typed later, or that came
    /// with a merged incident, may have been received before the one that stands first.
    pub fn received_at(&self) -> Time {
        self.calls.iter().map(|call| call.received_at).min().unwrap_or(self.opened_at)
    }

    /// Folds one event of this part.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::CallTaken(_) => {} // it opened this incident
            Event::CallAdded(e) => self.add_call(&e.call),
            Event::Verified(_)
            | Event::FalseAlarm(_)
            | Event::Classified(_)
            | Event::GradeRaised(_)
            | Event::SeverityGraded(_)
            | Event::Merged(_)
            | Event::Absorbed(_)
            | Event::Controlled(_)
            | Event::Closed(_) => {
                self.revision += 1;
                self.apply_course(event);
            }
            Event::CasualtiesCounted(_) | Event::CasualtiesConfirmed(_) => self.apply_casualties(event),
            Event::NoteAdded(e) => self.add_note(&e.note),
            Event::TownCalled(_) | Event::TownAnswered(_) | Event::TownAnswerMissed(_) => {
                self.apply_town_call(event);
            }
            Event::InstructionGiven(_)
            | Event::TaskAssigned(_)
            | Event::FedBack(_)
            | Event::InstructionFeedbackMissed(_) => self.apply_instruction(event),
        }
    }

    /// The first order makes it responding.
    pub fn dispatched(&mut self, event: &crate::dispatch::Event) {
        let Some(at) = event.order_issued_at() else { return };
        self.first_order_at = Some(self.first_order_at.map_or(at, |first| first.min(at)));
        if matches!(self.status, Status::Reported | Status::Verified) {
            self.status = Status::Responding;
        }
    }

    fn apply_course(&mut self, event: &Event) {
        match event {
            Event::Verified(e) => {
                self.verified = Some(e.by.clone());
                if self.status == Status::Reported {
                    self.status = Status::Verified;
                }
            }
            Event::FalseAlarm(e) => {
                self.false_alarm = Some(e.by.clone());
                self.status = Status::FalseAlarm;
            }
            Event::Classified(e) => {
                self.hazard = Some(e.hazard.clone());
                self.grade = Some(e.grade);
                self.trapped = e.trapped.or(self.trapped);
                self.substance = e.substance.clone().or_else(|| self.substance.take());
                if let Some(place) = &e.place {
                    self.place = place.clone();
                }
            }
            Event::GradeRaised(e) => self.grade = Some(e.grade),
            Event::SeverityGraded(e) => {
                self.severity = Some(SeverityGrade { value: e.severity, stage: e.stage });
            }
            Event::Merged(e) => {
                self.merged_into = Some(e.into);
                self.status = Status::Merged;
            }
            Event::Absorbed(e) => {
                self.absorbed.push_back(e.from);
                for call in &e.calls {
                    self.add_call(call);
                }
            }
            Event::Controlled(e) => {
                // A later step implies the earlier one.
                self.verified.get_or_insert_with(|| e.by.clone());
                self.controlled = Some(e.by.clone());
                self.final_report_due = Some(e.final_report_due);
                self.status = Status::Controlled;
            }
            Event::Closed(e) => {
                let (note, by) = (e.note.clone(), e.by.clone());
                self.closed = Some(ClosedMark { note, by, review_due: e.review_due });
                self.status = Status::Closed;
            }
            _ => {}
        }
    }

    fn add_call(&mut self, call: &Call) {
        self.calls_total = self.calls_total.saturating_add(1);
        if self.calls.len() < limits::CALLS_PER_INCIDENT {
            self.calls.push_back(call.clone());
        }
    }

    fn add_note(&mut self, note: &Note) {
        self.notes_total = self.notes_total.saturating_add(1);
        self.notes.push_back(note.clone());
        if self.notes.len() > limits::NOTES_IN_STATE {
            self.notes.pop_front();
        }
    }

    fn apply_casualties(&mut self, event: &Event) {
        match event {
            Event::CasualtiesCounted(e) => {
                self.casualties = Some(Arc::new(Casualties {
                    revision: e.revision,
                    figures: e.figures,
                    source: e.source.clone(),
                    as_of: e.as_of,
                    by: e.by.clone(),
                    confirmed: None,
                }));
            }
            Event::CasualtiesConfirmed(e) => {
                if let Some(counted) = self.casualties.as_mut().filter(|c| c.revision == e.revision) {
                    Arc::make_mut(counted).confirmed = Some(Confirmation { by: e.by.clone() });
                    self.confirmed_casualties = Some(counted.clone());
                }
            }
            _ => {}
        }
    }

    fn apply_town_call(&mut self, event: &Event) {
        match event {
            Event::TownCalled(e) => {
                let call = TownCall {
                    town: e.town.clone(),
                    asked: e.asked.clone(),
                    by: e.by.clone(),
                    due: e.due,
                    answered: None,
                    overdue: false,
                };
                self.town_calls.insert(e.town_call, Arc::new(call));
            }
            Event::TownAnswered(e) => {
                if let Some(call) = self.town_calls.get_mut(&e.town_call) {
                    let answer = TownAnswer { words: e.words.clone(), by: e.by.clone() };
                    Arc::make_mut(call).answered = Some(answer);
                }
            }
            Event::TownAnswerMissed(e) => {
                if let Some(call) = self.town_calls.get_mut(&e.town_call) {
                    Arc::make_mut(call).overdue = true;
                }
            }
            _ => {}
        }
    }

    fn apply_instruction(&mut self, event: &Event) {
        match event {
            Event::InstructionGiven(e) => {
                let instruction = Instruction {
                    text: e.text.clone(),
                    from: e.from.clone(),
                    by: e.by.clone(),
                    due: e.feedback_due,
                    assigned: None,
                    feedback: Vector::new(),
                    overdue: false,
                };
                self.instructions.insert(e.instruction, Arc::new(instruction));
            }
            Event::TaskAssigned(e) => {
                if let Some(instruction) = self.instructions.get_mut(&e.instruction).map(Arc::make_mut) {
                    instruction.due = e.due_at.unwrap_or(instruction.due);
                    instruction.overdue = instruction.overdue && e.due_at.is_none();
                    instruction.assigned = Some(Assigned {
                        to: e.to.clone(),
                        task: e.task.clone(),
                        due_at: e.due_at,
                        by: e.by.clone(),
                    });
                }
            }
            Event::FedBack(e) => {
                if let Some(instruction) = self.instructions.get_mut(&e.instruction) {
                    let feedback = Feedback { text: e.text.clone(), done: e.done, by: e.by.clone() };
                    Arc::make_mut(instruction).feedback.push_back(feedback);
                }
            }
            Event::InstructionFeedbackMissed(e) => {
                if let Some(instruction) = self.instructions.get_mut(&e.instruction) {
                    Arc::make_mut(instruction).overdue = true;
                }
            }
            _ => {}
        }
    }
}
