//! Every act that can be asked of the system, in the order of the plan. An act is a file; this is their list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::event::Event;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::ids::Fresh;
use crate::types::{ForceId, IncidentId, OrgId};

/// Where an event belongs: each incident has its own stream, everything else of the jurisdiction shares four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    /// The jurisdiction and its organisations, accounts, readiness.
    Jurisdiction,
    /// The ledger of forces.
    Ledger,
    /// Duty lists and handovers.
    Duty,
    /// Compositions.
    Composition,
    /// One incident.
    Incident(IncidentId),
}

impl std::fmt::Display for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Jurisdiction => f.write_str("jurisdiction"),
            Self::Ledger => f.write_str("ledger"),
            Self::Duty => f.write_str("duty"),
            Self::Composition => f.write_str("composition"),
            Self::Incident(id) => write!(f, "incident/{id}"),
        }
    }
}

impl std::str::FromStr for Stream {
    type Err = UnknownStream;
    fn from_str(text: &str) -> Result<Self, UnknownStream> {
        match text {
            "jurisdiction" => Ok(Self::Jurisdiction),
            "ledger" => Ok(Self::Ledger),
            "duty" => Ok(Self::Duty),
            "composition" => Ok(Self::Composition),
            _ => text
                .strip_prefix("incident/")
                .and_then(|id| id.parse().ok())
                .map(Self::Incident)
                .ok_or_else(|| UnknownStream(text.to_owned())),
        }
    }
}

/// A stream that this build does not know.
#[derive(Debug, thiserror::Error)]
#[error("stream {0:?} is not known to this build")]
pub struct UnknownStream(pub String);

/// What an act was about or created; an answer names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// `incident`, `plan`, `order` …
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The incident it belongs to.
    pub incident: Option<IncidentId>,
}

impl Resource {
    /// A resource of an incident.
    pub fn of(kind: &str, id: impl ToString, incident: IncidentId) -> Self {
        Self { kind: kind.to_owned(), id: id.to_string(), incident: Some(incident) }
    }

    /// A resource of the jurisdiction.
    pub fn plain(kind: &str, id: impl ToString) -> Self {
        Self { kind: kind.to_owned(), id: id.to_string(), incident: None }
    }
}

/// What follows from an act: all of it, or nothing.
#[derive(Debug)]
pub struct Decision {
    /// What the answer names.
    pub resource: Resource,
    /// What happened, in order.
    pub events: Vec<(Stream, Event)>,
}

impl Decision {
    /// Nothing has happened yet.
    pub fn about(resource: Resource) -> Self {
        Self { resource, events: Vec::new() }
    }

    /// One more event of an incident.
    #[must_use]
    pub fn then(mut self, incident: IncidentId, event: impl Into<Event>) -> Self {
        self.push(incident, event);
        self
    }

    /// One more event of an incident.
    pub fn push(&mut self, incident: IncidentId, event: impl Into<Event>) {
        self.events.push((Stream::Incident(incident), event.into()));
    }

    /// One more event of another stream.
    pub fn push_on(&mut self, stream: Stream, event: impl Into<Event>) {
        self.events.push((stream, event.into()));
    }
}

/// What an act is about: decides whose it is, who is in command, and which closed incident must be thawed first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The jurisdiction as a whole.
    Jurisdiction,
    /// An organisation's own affair.
    Org(OrgId),
    /// A force's own affair.
    Force(ForceId),
    /// An incident.
    Incident(IncidentId),
    /// Something of an incident, found by its ULID.
    Of(Thing, ulid::Ulid),
}

impl Target {
    /// Something of an incident.
    pub fn of(what: Thing, id: impl Fresh) -> Self {
        Self::Of(what, id.ulid())
    }
}

/// The rule of one act.
pub trait Rule: Sized {
    /// Its kind.
    const KIND: ActKind;
    /// What it is about.
    fn target(&self) -> Target;
    /// Decides it; authority was settled before.
    fn decide(self, state: &State, ctx: &mut Context) -> Result<Decision, Refusal>;
}

/// Ties an act's data to its kind, its target and its rule: one line at the head of each act file.
macro_rules! rule {
    ($act:ident, $decide:path, |$a:ident| $target:expr) => {
        impl crate::act::Rule for $act {
            const KIND: crate::act::ActKind = crate::act::ActKind::$act;
            fn target(&self) -> crate::act::Target {
                let $a = self;
                $target
            }
            fn decide(
                self,
                state: &crate::state::State,
                ctx: &mut crate::context::Context,
            ) -> Result<crate::act::Decision, crate::refusal::Refusal> {
                $decide(state, ctx, self)
            }
        }
    };
}
pub(crate) use rule;

macro_rules! acts {
    ($($(#[$doc:meta])* $name:literal => $part:ident :: $file:ident :: $act:ident),* $(,)?) => {
        /// The kind of an act, by its name in the interface.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum ActKind { $($(#[$doc])* #[serde(rename = $name)] $act),* }

        impl ActKind {
            /// Every kind, in the order of the plan.
            pub const ALL: &'static [ActKind] = &[$(ActKind::$act),*];

            /// The name in the interface: `approve_plan`.
            pub fn name(self) -> &'static str {
                match self { $(ActKind::$act => $name),* }
            }
        }

        /// An act that somebody asks of the system.
        #[expect(clippy::large_enum_variant, reason = "an act is moved once, into the writer's queue")]
        #[derive(Debug)]
        pub enum Act { $($(#[$doc])* $act(crate::$part::$file::$act)),* }

        impl Act {
            /// Its kind.
            pub fn kind(&self) -> ActKind {
                match self { $(Act::$act(_) => ActKind::$act),* }
            }
            /// What it is about.
            pub fn target(&self) -> Target {
                match self { $(Act::$act(act) => act.target()),* }
            }
            pub(crate) fn decide(self, state: &State, ctx: &mut Context) -> Result<Decision, Refusal> {
                match self { $(Act::$act(act) => act.decide(state, ctx)),* }
            }
        }

        $(impl From<crate::$part::$file::$act> for Act {
            fn from(act: crate::$part::$file::$act) -> Self { Act::$act(act) }
        })*
    };
}

acts! {
    /// The jurisdiction comes into being with its data.
    "establish_jurisdiction" => jurisdiction::establish_jurisdiction::EstablishJurisdiction,
    /// The readiness state changes (Plan 4.1.2).
    "change_readiness" => readiness::change_readiness::ChangeReadiness,
    /// A composition is adopted by brigade and bureau (Plan 4.2.4).
    "adopt_composition" => composition::adopt_composition::AdoptComposition,
    /// The bureau agrees in advance to a composition.
    "preauthorise_composition" => composition::preauthorise_composition::PreauthoriseComposition,
    /// That agreement ends.
    "revoke_preauthorisation" => composition::revoke_preauthorisation::RevokePreauthorisation,
    /// A desk's shift is handed over (Plan 4.2.3).
    "hand_over_shift" => duty::hand_over_shift::HandOverShift,

    /// A call is taken (接警).
    "take_call" => incident::take_call::TakeCall,
    /// It is real, or a false alarm.
    "verify_call" => incident::verify_call::VerifyCall,
    /// Hazard and dispatch grade.
    "classify_incident" => incident::classify_incident::ClassifyIncident,
    /// The dispatch grade is raised.
    "raise_grade" => incident::raise_grade::RaiseGrade,
    /// Severity, preliminary or confirmed (Plan 3.2).
    "grade_severity" => incident::grade_severity::GradeSeverity,
    /// Two incidents were one.
    "merge_incident" => incident::merge_incident::MergeIncident,
    /// A town's shift leader is called and must answer (叫应).
    "call_town" => incident::call_town::CallTown,
    /// He answers.
    "answer_town_call" => incident::answer_town_call::AnswerTownCall,
    /// Casualties as reported.
    "count_casualties" => incident::count_casualties::CountCasualties,
    /// Casualties confirmed: only these go upward.
    "confirm_casualties" => incident::confirm_casualties::ConfirmCasualties,
    /// Something worth recording.
    "add_note" => incident::add_note::AddNote,
    /// A leader's instruction (批示).
    "give_instruction" => incident::give_instruction::GiveInstruction,
    /// It becomes somebody's task.
    "assign_task" => incident::assign_task::AssignTask,
    /// And is reported back.
    "feed_back" => incident::feed_back::FeedBack,
    /// Under control.
    "control_incident" => incident::control_incident::ControlIncident,
    /// Closed by its rule.
    "close_incident" => incident::close_incident::CloseIncident,

    /// The brigade's own stations go at once (先期处置, Plan 4.3.2).
    "order_first_response" => dispatch::order_first_response::OrderFirstResponse,
    /// Linkage notices to public services.
    "send_linkage_notices" => dispatch::send_linkage_notices::SendLinkageNotices,
    /// One is acknowledged.
    "acknowledge_notice" => dispatch::acknowledge_notice::AcknowledgeNotice,
    /// Forces are told to stand by (Plan 4.3.1).
    "push_stand_by" => dispatch::push_stand_by::PushStandBy,
    /// One is ready, or not.
    "confirm_stand_by" => dispatch::confirm_stand_by::ConfirmStandBy,
    /// A stand-by ends.
    "lift_stand_by" => dispatch::lift_stand_by::LiftStandBy,
    /// A letter of request (商请).
    "send_letter" => dispatch::send_letter::SendLetter,
    /// It is answered.
    "answer_letter" => dispatch::answer_letter::AnswerLetter,
    /// The brigade drafts a plan (Plan 4.1.4).
    "draft_plan" => dispatch::draft_plan::DraftPlan,
    /// And changes it.
    "revise_plan" => dispatch::revise_plan::RevisePlan,
    /// It is submitted to the bureau.
    "submit_plan" => dispatch::submit_plan::SubmitPlan,
    /// Withdrawn before the answer.
    "withdraw_plan" => dispatch::withdraw_plan::WithdrawPlan,
    /// The bureau agrees: orders and filings go out.
    "approve_plan" => dispatch::approve_plan::ApprovePlan,
    /// The bureau sends it back.
    "send_back_plan" => dispatch::send_back_plan::SendBackPlan,
    /// Agreement by telephone.
    "record_telephone_approval" => dispatch::record_telephone_approval::RecordTelephoneApproval,
    /// The written agreement follows (补办书面同意).
    "confirm_in_writing" => dispatch::confirm_in_writing::ConfirmInWriting,
    /// The order is shown at the force.
    "receive_order" => dispatch::receive_order::ReceiveOrder,
    /// 接令
    "acknowledge_order" => dispatch::acknowledge_order::AcknowledgeOrder,
    /// 不能出动
    "decline_order" => dispatch::decline_order::DeclineOrder,
    /// 出动
    "depart_order" => dispatch::depart_order::DepartOrder,
    /// 到场
    "arrive_order" => dispatch::arrive_order::ArriveOrder,
    /// 展开
    "deploy_order" => dispatch::deploy_order::DeployOrder,
    /// 进展
    "report_progress" => dispatch::report_progress::ReportProgress,
    /// 撤收
    "release_order" => dispatch::release_order::ReleaseOrder,
    /// 归队
    "return_order" => dispatch::return_order::ReturnOrder,
    /// 中途返回
    "cancel_order" => dispatch::cancel_order::CancelOrder,
    /// 签收
    "sign_filing" => dispatch::sign_filing::SignFiling,

    /// The forward headquarters is formed (Plan 4.1.2).
    "form_forward_headquarters" => command_post::form_forward_headquarters::FormForwardHeadquarters,
    /// The city's command post is established and takes over (Plan 4.1.5).
    "establish_post" => command_post::establish_post::EstablishPost,
    /// The brigade briefs it.
    "hand_in_briefing" => command_post::hand_in_briefing::HandInBriefing,
    /// Command is delegated.
    "delegate_command" => command_post::delegate_command::DelegateCommand,
    /// Command rises to the superior (提级指挥).
    "raise_command" => command_post::raise_command::RaiseCommand,
    /// Everybody out (紧急撤离).
    "order_withdrawal" => command_post::order_withdrawal::OrderWithdrawal,
    /// A force is out.
    "confirm_withdrawal" => command_post::confirm_withdrawal::ConfirmWithdrawal,
    /// 安全员
    "appoint_safety_officer" => command_post::appoint_safety_officer::AppointSafetyOfficer,
    /// A group goes in.
    "enter_scene" => command_post::enter_scene::EnterScene,
    /// A group comes out.
    "leave_scene" => command_post::leave_scene::LeaveScene,

    /// Help is asked of the superior (Plan 4.1.4).
    "request_reinforcement" => reinforcement::request_reinforcement::RequestReinforcement,
    /// The superior answers.
    "answer_reinforcement" => reinforcement::answer_reinforcement::AnswerReinforcement,
    /// An outside force is attached.
    "attach_force" => reinforcement::attach_force::AttachForce,
    /// And released.
    "release_attached" => reinforcement::release_attached::ReleaseAttached,

    /// An information report (Plan 4.3.1).
    "file_report" => report::file_report::FileReport,
    /// A new version of it.
    "correct_report" => report::correct_report::CorrectReport,
    /// It is read.
    "read_report" => report::read_report::ReadReport,
    /// The bureau compiles the situation (Plan 4.1.5).
    "compile_situation_report" => report::compile_situation_report::CompileSituationReport,

    /// The after-action review (Plan 4.3.3).
    "write_review" => review::write_review::WriteReview,

    /// How somebody is reached, given anew (Plan 4.2.1).
    "set_contacts" => delivery::set_contacts::SetContacts,
    /// The node: by what means messages can leave (Plan 4.2.2).
    "open_channels" => delivery::open_channels::OpenChannels,
    /// The courier: about to send a message.
    "attempt_message" => delivery::attempt_message::AttemptMessage,
    /// The courier: how the sending ended.
    "record_delivery" => delivery::record_delivery::RecordDelivery,
    /// The courier: an answer came from outside.
    "answer_notification" => delivery::answer_notification::AnswerNotification,
    /// The courier: an answer came that names nothing known.
    "record_unmatched" => delivery::record_unmatched::RecordUnmatched,

    /// The node: a browser takes messages while its session lasts.
    "subscribe_push" => delivery::subscribe_push::SubscribePush,
    /// The node: it takes none any more.
    "unsubscribe_push" => delivery::unsubscribe_push::UnsubscribePush,

    /// The clock: a deadline has passed.
    "meet_deadline" => readiness::meet_deadline::MeetDeadline,
}
