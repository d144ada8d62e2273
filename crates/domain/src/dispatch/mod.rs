//! Dispatch: first response, stand-by, plan, approval, order, filing. Plan 4.1.4, 4.3.1, 4.3.2.
//!
//! ```text
//! plan   draft ⇄ revised ──▶ submitted ──▶ approved | partly approved ──▶ orders + filings, in the same batch
//!                              │    └────▶ sent back ──▶ revised …
//!                              └─────────▶ withdrawn
//! order  issued ▶ received ▶ acknowledged ▶ departed ▶ arrived ▶ deployed ▶ released ▶ returned
//!           └──────┴───────▶ declined         └──▶ cancelled (before arrival)
//! filing sent ──▶ signed
//! ```
//! An order comes from nowhere but an approval, a first response of own stations, or an agreement in advance.

pub mod acknowledge_notice;
pub mod acknowledge_order;
pub mod answer_letter;
pub mod approve_plan;
mod arrangements;
pub mod arrive_order;
pub mod cancel_order;
pub mod confirm_in_writing;
pub mod confirm_stand_by;
mod deadline;
pub mod decline_order;
pub mod depart_order;
pub mod deploy_order;
pub mod draft_plan;
mod event;
mod fold;
mod issue;
pub mod lift_stand_by;
pub mod order_first_response;
mod plan;
pub mod push_stand_by;
pub mod receive_order;
pub mod record_telephone_approval;
pub mod release_order;
pub mod report_progress;
pub mod return_order;
pub mod revise_plan;
#[cfg(test)]
pub(crate) mod scenes;
pub mod send_back_plan;
pub mod send_letter;
pub mod send_linkage_notices;
pub mod sign_filing;
mod state;
mod step;
mod strength;
pub mod submit_plan;
mod task;
pub mod withdraw_plan;

pub use arrangements::{Arrangements, ArrangementsGiven, ReportTo, ReportToGiven};
pub use deadline::{awaits_answer, deadlines, missed};
pub use event::{
    Event, FilingMissed, FilingSigned, FirstResponseOrdered, LetterAnswered, LetterMissed, LetterSent,
    NoticeAcknowledged, NoticeMissed, NoticeSent, OrderAcknowledged, OrderArrived, OrderCancelled,
    OrderDeclined, OrderDeparted, OrderDeployed, OrderFiled, OrderIssued, OrderOverdue, OrderProgressed,
    OrderReceived, OrderReleased, OrderReturned, PlanApproved, PlanConfirmedInWriting, PlanDeputyAsked,
    PlanDrafted, PlanRevised, PlanSentBack, PlanSubmitted, PlanWithdrawn, StandByConfirmed, StandByLifted,
    StandByMissed, StandByPushed, StrengthShort, WrittenAgreementMissed,
};
pub use state::{
    Approval, ApprovalMeans, Consumable, Dispatch, Escalation, Filing, Letter, LetterAnswer, Notice, Order,
    OrderBasis, OrderStep, Overdue, Plan, PlanStatus, Progress, Readied, ReturnForm, StandBy, StepDone,
    Written,
};
pub use step::{gives, standing, step_allowed};
pub use strength::{StrengthLine, strength};
pub use task::{Task, TaskGiven};
