//! Ids: ULIDs for what happens, stable slugs for what the jurisdiction consists of.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ulid::Ulid;

/// An id that `Context` can make: the shell gives the seed, the domain only counts on from it.
pub trait Fresh: Copy {
    /// The id for this ULID.
    fn from_ulid(ulid: Ulid) -> Self;
    /// The ULID behind the id; one index leads from it to its incident.
    fn ulid(self) -> Ulid;
}

macro_rules! ulid_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Ulid);

        impl Fresh for $name {
            fn from_ulid(ulid: Ulid) -> Self { Self(ulid) }
            fn ulid(self) -> Ulid { self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl FromStr for $name {
            type Err = IdFault;
            fn from_str(text: &str) -> Result<Self, IdFault> { read_ulid(text).map(Self) }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                let mut buffer = [0_u8; ulid::ULID_LEN];
                s.serialize_str(self.0.array_to_str(&mut buffer))
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(de::Error::custom)
            }
        }
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$" })
            }
        }
    )*};
}

macro_rules! slug_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl FromStr for $name {
            type Err = IdFault;
            fn from_str(text: &str) -> Result<Self, IdFault> { read_slug(text).map(Self) }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(&self.0) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(de::Error::custom)
            }
        }
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$" })
            }
        }
    )*};
}

ulid_ids! {
    /// An incident (警情，核实后为突发事件).
    IncidentId,
    /// A dispatch plan (调用方案), Plan 4.1.4.
    PlanId,
    /// An order (出动指令), Plan 4.1.4.
    OrderId,
    /// A filing (报备) of an order with an industry authority, Plan 4.1.4.
    FilingId,
    /// A stand-by (待命), Plan 4.3.1.
    StandById,
    /// A linkage notice (联动通知) to a public service.
    NoticeId,
    /// A letter of request (商请) to armed police, maritime or military forces.
    LetterId,
    /// A call to a town's shift leader that must be answered (叫应).
    TownCallId,
    /// A leader's instruction (批示).
    InstructionId,
    /// An emergency withdrawal (紧急撤离).
    WithdrawalId,
    /// A request for cross-region reinforcement (跨区域增援).
    ReinforcementId,
    /// A force of another jurisdiction attached to an incident.
    AttachedId,
    /// An information report (首报、续报、终报), Plan 4.3.1.
    ReportId,
    /// What one recipient is told of one thing (通知).
    NotificationId,
    /// One sending of it by one channel.
    MessageId,
    /// A situation report (情况专报) of the bureau, Plan 4.1.5.
    SituationReportId,
    /// A shift handover (交接班).
    HandOverId,
}

slug_ids! {
    /// An organisation (单位), e.g. `org-gongan`.
    OrgId,
    /// A force (应急救援力量), e.g. `force-001`.
    ForceId,
    /// Who signs in, e.g. `dispatcher`.
    AccountId,
    /// A composition (调度编成), e.g. `hazchem-3`.
    CompositionId,
    /// A place of the gazetteer.
    PlaceId,
    /// An attachment, named by the SHA-256 of its bytes.
    FileId,
}

/// Why a text is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdFault {
    /// A ULID has 26 characters of Crockford's base 32.
    #[error("not an id: 26 characters of 0-9 and A-Z without I, L, O, U are expected")]
    NotUlid,
    /// A slug has 1 to 64 letters, digits, dots, dashes or underscores.
    #[error("not an id: 1 to 64 letters, digits, '.', '-' or '_' are expected")]
    NotSlug,
}

fn read_ulid(text: &str) -> Result<Ulid, IdFault> {
    let read = Ulid::from_string(text).map_err(|_| IdFault::NotUlid)?;
    // The reader drops what exceeds 128 bits and takes lower case and look-alikes: two texts would name one thing.
    let mut written = [0_u8; ulid::ULID_LEN];
    if read.array_to_str(&mut written) == text { Ok(read) } else { Err(IdFault::NotUlid) }
}

fn read_slug(text: &str) -> Result<Arc<str>, IdFault> {
    let fits = (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if fits { Ok(text.into()) } else { Err(IdFault::NotSlug) }
}
