//! What rings at whom. Quiet until it matters: an answer in time rings softly, a failure rings first.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::Event as Delivery;
use super::roles::RoleSet;
use super::state::Reading;
use crate::authority::Role;
use crate::command_post::Event as CommandPost;
use crate::dispatch::Event as Dispatch;
use crate::event::Event;
use crate::incident::Event as Incident;
use crate::readiness::Event as Readiness;
use crate::reinforcement::Event as Reinforcement;
use crate::report::Event as Report;
use crate::review::Event as Review;

/// How something rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ring {
    /// A call, or something else that asks for this desk.
    Call,
    /// An agreement is asked for.
    Approval,
    /// An order to this force.
    Order,
    /// An answer came.
    Answer,
    /// Everybody out.
    Withdrawal,
    /// Something failed: declined, late, missing.
    Failure,
}

/// What this event rings at a role that may be told of it; `None` is silence.
pub fn ring(event: &Event, role: Role) -> Option<Ring> {
    rings(event).iter().find(|(roles, _)| roles.has(role)).map(|(_, ring)| *ring)
}

type Rings = &'static [(RoleSet, Ring)];

const SILENT: Rings = &[];
const BRIGADE_AND_POST: RoleSet = RoleSet::BRIGADE.and(RoleSet::of(&[Role::Post]));
const BRIGADE_AND_BUREAU: RoleSet = RoleSet::BRIGADE.and(RoleSet::BUREAU);
const ON_SCENE: RoleSet = BRIGADE_AND_POST.and(RoleSet::BUREAU);
const HANDLING: RoleSet = ON_SCENE.and(RoleSet::of(&[Role::Govt]));
const TOWN: RoleSet = RoleSet::of(&[Role::Town]);
const FORCE: RoleSet = RoleSet::of(&[Role::Force]);
const GOVT: RoleSet = RoleSet::of(&[Role::Govt]);
const GOVT_AND_BUREAU: RoleSet = GOVT.and(RoleSet::BUREAU);
const DEPT_AND_TOWN: RoleSet = RoleSet::of(&[Role::Dept, Role::Town]);
const DELEGATES: RoleSet = RoleSet::BRIGADE.and(DEPT_AND_TOWN);
const ALL_ON_SCENE: RoleSet = HANDLING.and(FORCE);
const ANSWERS: RoleSet = RoleSet::of(&[Role::Bureau, Role::ShiftLeader]);
const POST: RoleSet = RoleSet::of(&[Role::Post]);

const FAILURE_AT_BRIGADE: Rings = &[(BRIGADE_AND_POST, Ring::Failure)];
const FAILURE_AT_BUREAU: Rings = &[(RoleSet::BUREAU, Ring::Failure)];
const ANSWER_AT_BRIGADE: Rings = &[(BRIGADE_AND_POST, Ring::Answer)];
const ORDER_AT_FORCE: Rings = &[(FORCE, Ring::Order)];

fn rings(event: &Event) -> Rings {
    match event {
        Event::Incident(e) => incident(e),
        Event::Dispatch(e) => dispatch(e),
        Event::CommandPost(e) => command(e),
        Event::Reinforcement(e) => match e {
            Reinforcement::ReinforcementAnswered(_) => &[(HANDLING, Ring::Answer)],
            Reinforcement::ReinforcementOverdue(_) => FAILURE_AT_BUREAU,
            Reinforcement::ReinforcementRequested(_)
            | Reinforcement::ForceAttached(_)
            | Reinforcement::AttachedReleased(_) => SILENT,
        },
        Event::Report(e) => match e {
            Report::Filed(_) | Report::Corrected(_) => {
                &[(GOVT, Ring::Call), (BRIGADE_AND_BUREAU, Ring::Answer)]
            }
            Report::Missed(_) => &[(BRIGADE_AND_BUREAU, Ring::Failure)],
            Report::Unread(_) => &[(GOVT, Ring::Call), (BRIGADE_AND_BUREAU, Ring::Failure)],
            Report::SituationMissed(_) => FAILURE_AT_BUREAU,
            Report::Read(_) | Report::SituationCompiled(_) => SILENT,
        },
        Event::Review(e) => match e {
            Review::Written(_) => &[(RoleSet::BUREAU, Ring::Answer)],
            Review::Missed(_) => &[(RoleSet::BRIGADE, Ring::Failure)],
        },
        Event::Readiness(e) => match e {
            // The change is heard at every desk and force (Plan 4.1.2).
            Readiness::ReadinessChanged(_) => &[(RoleSet::EVERYONE, Ring::Call)],
            Readiness::LimitsSet(_) => SILENT,
        },
        Event::Delivery(e) => match e {
            // Late answers are silent, words are for somebody to read.
            Delivery::NotificationAnswered(e)
                if !e.answer.counted && e.answer.reading == Reading::Unclear =>
            {
                &[(BRIGADE_AND_BUREAU, Ring::Call)]
            }
            Delivery::AnswerUnmatched(_) => &[(BRIGADE_AND_BUREAU, Ring::Call)],
            // One failed way is followed by the next; a filing or notice has its own limit, which rings.
            Delivery::NotificationExhausted(e) if e.urgent => &[(BRIGADE_AND_BUREAU, Ring::Failure)],
            Delivery::NotificationAnswered(_)
            | Delivery::ChannelsOpened(_)
            | Delivery::PushSubscribed(_)
            | Delivery::PushUnsubscribed(_)
            | Delivery::NotificationExhausted(_)
            | Delivery::MessageQueued(_)
            | Delivery::MessageAttempted(_)
            | Delivery::MessageHandedOver(_)
            | Delivery::MessageDelivered(_)
            | Delivery::MessageFailed(_) => SILENT,
        },
        Event::Jurisdiction(_)
        | Event::Org(_)
        | Event::Ledger(_)
        | Event::Duty(_)
        | Event::Composition(_) => SILENT,
    }
}

fn incident(event: &Incident) -> Rings {
    match event {
        Incident::CallTaken(_) | Incident::CallAdded(_) => &[(BRIGADE_AND_BUREAU, Ring::Call)],
        Incident::TownCalled(_) => &[(TOWN, Ring::Call)],
        Incident::TownAnswered(_) => &[(HANDLING, Ring::Answer)],
        Incident::TownAnswerMissed(_) => &[(HANDLING, Ring::Failure)],
        Incident::InstructionGiven(_) => &[(HANDLING, Ring::Call)],
        Incident::TaskAssigned(_) => &[(DEPT_AND_TOWN, Ring::Call)],
        Incident::FedBack(_) => &[(GOVT_AND_BUREAU, Ring::Answer)],
        Incident::InstructionFeedbackMissed(_) => {
            &[(GOVT_AND_BUREAU, Ring::Failure), (DEPT_AND_TOWN, Ring::Failure)]
        }
        // What a force was told of the danger has changed.
        Incident::Classified(_) => ORDER_AT_FORCE,
        Incident::GradeRaised(_) => &[(RoleSet::BUREAU, Ring::Call)],
        Incident::Verified(_)
        | Incident::FalseAlarm(_)
        | Incident::SeverityGraded(_)
        | Incident::Merged(_)
        | Incident::Absorbed(_)
        | Incident::Controlled(_)
        | Incident::Closed(_)
        | Incident::CasualtiesCounted(_)
        | Incident::CasualtiesConfirmed(_)
        | Incident::NoteAdded(_) => SILENT,
    }
}

fn dispatch(event: &Dispatch) -> Rings {
    match event {
        Dispatch::NoticeSent(_) | Dispatch::LetterSent(_) | Dispatch::OrderFiled(_) => {
            &[(DEPT_AND_TOWN, Ring::Call)]
        }
        Dispatch::PlanSubmitted(_) => &[(ANSWERS, Ring::Approval)],
        Dispatch::PlanDeputyAsked(e) if e.deputy.is_some() => {
            &[(RoleSet::BUREAU, Ring::Approval), (RoleSet::BRIGADE, Ring::Failure)]
        }
        Dispatch::PlanDeputyAsked(_) | Dispatch::WrittenAgreementMissed(_) => {
            &[(BRIGADE_AND_BUREAU, Ring::Failure)]
        }
        Dispatch::PlanApproved(_) | Dispatch::PlanSentBack(_) => ANSWER_AT_BRIGADE,
        Dispatch::PlanWithdrawn(_) | Dispatch::PlanConfirmedInWriting(_) => SILENT,
        Dispatch::OrderIssued(_)
        | Dispatch::StandByPushed(_)
        | Dispatch::StandByLifted(_)
        | Dispatch::OrderReleased(_)
        | Dispatch::OrderCancelled(_) => ORDER_AT_FORCE,
        Dispatch::OrderOverdue(_) => &[(BRIGADE_AND_POST, Ring::Failure), (FORCE, Ring::Order)],
        Dispatch::OrderAcknowledged(_) | Dispatch::OrderArrived(_) => ANSWER_AT_BRIGADE,
        Dispatch::OrderDeclined(_) => &[(ON_SCENE, Ring::Failure)],
        Dispatch::StandByConfirmed(e) if !e.ready => FAILURE_AT_BRIGADE,
        Dispatch::LetterAnswered(e) if !e.agreed => &[(ON_SCENE, Ring::Failure)],
        Dispatch::LetterAnswered(_) => &[(ON_SCENE, Ring::Answer)],
        Dispatch::StandByMissed(_) | Dispatch::NoticeMissed(_) => FAILURE_AT_BRIGADE,
        Dispatch::StrengthShort(_) => &[(BRIGADE_AND_POST, Ring::Failure)],
        Dispatch::LetterMissed(_) => &[(BRIGADE_AND_BUREAU, Ring::Failure)],
        Dispatch::FilingMissed(_) => &[(RoleSet::BUREAU, Ring::Failure), (DEPT_AND_TOWN, Ring::Failure)],
        Dispatch::FirstResponseOrdered(_)
        | Dispatch::NoticeAcknowledged(_)
        | Dispatch::StandByConfirmed(_)
        | Dispatch::PlanDrafted(_)
        | Dispatch::PlanRevised(_)
        | Dispatch::FilingSigned(_)
        | Dispatch::OrderReceived(_)
        | Dispatch::OrderDeparted(_)
        | Dispatch::OrderDeployed(_)
        | Dispatch::OrderProgressed(_)
        | Dispatch::OrderReturned(_) => SILENT,
    }
}

fn command(event: &CommandPost) -> Rings {
    match event {
        CommandPost::CommandTakenOver(_) => &[(HANDLING, Ring::Call)],
        CommandPost::BriefingHandedIn(_) => &[(POST, Ring::Answer)],
        CommandPost::BriefingOverdue(_) => FAILURE_AT_BRIGADE,
        CommandPost::CommandDelegated(_) => &[(DELEGATES, Ring::Call)],
        CommandPost::WithdrawalOrdered(_) => &[(ALL_ON_SCENE, Ring::Withdrawal)],
        CommandPost::WithdrawalConfirmed(e) if e.everyone_out => ANSWER_AT_BRIGADE,
        CommandPost::WithdrawalConfirmed(_) => &[(HANDLING, Ring::Failure)],
        CommandPost::WithdrawalOverdue(_) => &[(HANDLING, Ring::Failure), (FORCE, Ring::Withdrawal)],
        CommandPost::SceneEntered(e) if !e.watched || e.during.is_some() => FAILURE_AT_BRIGADE,
        CommandPost::SceneEntered(_)
        | CommandPost::SceneLeft(_)
        | CommandPost::ForwardHeadquartersFormed(_)
        // The take-over of the same batch rings.
        | CommandPost::PostEstablished(_)
        | CommandPost::CommandRaised(_)
        | CommandPost::SafetyOfficerAppointed(_) => SILENT,
    }
}
