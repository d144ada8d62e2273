//! The small words that every part of the domain is written in: ids, time, places, texts and limits.

pub mod datum;
pub mod geo;
pub mod ids;
pub mod limits;
pub mod text;
pub mod time;
pub mod travel;

pub use geo::{Datum, Place, PlaceGiven, PlaceQuality, Point};
pub use ids::{
    AccountId, AttachedId, CompositionId, FileId, FilingId, ForceId, HandOverId, IncidentId, InstructionId,
    LetterId, MessageId, NoticeId, NotificationId, OrderId, OrgId, PlaceId, PlanId, ReinforcementId,
    ReportId, SituationReportId, StandById, TownCallId, WithdrawalId,
};
pub use text::{Lang, Text};
pub use time::Time;
