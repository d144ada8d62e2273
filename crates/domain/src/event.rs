//! Every event, past tense, by part. Written with its kind and version, read straight into its own struct.

use serde_json::{Map, Value};

/// Why an entry's data is not the event it says it is. It stops the fold; nothing is skipped.
#[derive(Debug, thiserror::Error)]
pub enum EventFault {
    /// A kind that this build does not know.
    #[error("event {kind:?} is not known to this build: it was written by a newer one, upgrade this node")]
    UnknownKind {
        /// The kind.
        kind: String,
    },
    /// A version that this build does not know.
    #[error("event {kind:?} has version {version}, this build reads up to {known}: upgrade this node")]
    UnknownVersion {
        /// The kind.
        kind: String,
        /// The version found.
        version: u32,
        /// The newest version known here.
        known: u32,
    },
    /// The data does not fit the shape.
    #[error("event {kind:?} version {version} does not have its shape")]
    Shape {
        /// The kind.
        kind: String,
        /// The version.
        version: u32,
        /// What does not fit.
        #[source]
        source: serde_json::Error,
    },
}

/// Raises the data of one version to the next; the doc of each such function says what absence meant.
pub type Upcast = fn(&mut Map<String, Value>);

/// Declares the events of a part: `"kind" version => Struct`, and `[upcasts]` from version 1 on.
macro_rules! part_events {
    ($($(#[$doc:meta])* $kind:literal $version:literal $([$($up:path),*])? => $event:ident),* $(,)?) => {
        /// What happened in this part.
        #[allow(clippy::large_enum_variant, reason = "events live as long as a batch; a box for each would cost more")]
        #[derive(Debug, Clone)]
        pub enum Event { $($(#[$doc])* $event($event)),* }

        impl Event {
            /// Kind and newest version of each event of this part.
            pub const KINDS: &'static [(&'static str, u32)] = &[$(($kind, $version)),*];

            /// The kind, as written in the journal.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$event(_) => $kind),* }
            }
            /// The version written by this build.
            pub fn version(&self) -> u32 {
                match self { $(Self::$event(_) => $version),* }
            }
            /// The data as JSON text.
            pub fn encode(&self) -> String {
                let written = match self { $(Self::$event(e) => serde_json::to_string(e)),* };
                written.expect("an event has string keys and no failing serialiser")
            }
            /// Reads one; `None` where the kind is of another part.
            pub fn decode(kind: &str, version: u32, data: &str) -> Option<Result<Self, crate::event::EventFault>> {
                match kind {
                    $($kind => Some(
                        crate::event::read(kind, version, $version, &[$($($up),*)?], data).map(Self::$event)
                    ),)*
                    _ => None,
                }
            }
        }

        $(impl From<$event> for crate::event::Event {
            fn from(e: $event) -> Self { Event::$event(e).into() }
        })*
    };
}
pub(crate) use part_events;

/// Reads an event of version `version`, raising it to `known` first.
pub(crate) fn read<E: serde::de::DeserializeOwned>(
    kind: &str,
    version: u32,
    known: u32,
    upcasts: &[Upcast],
    data: &str,
) -> Result<E, EventFault> {
    let shape = |source| EventFault::Shape { kind: kind.to_owned(), version, source };
    if version == known {
        return serde_json::from_str(data).map_err(shape);
    }
    if version == 0 || version > known {
        return Err(EventFault::UnknownVersion { kind: kind.to_owned(), version, known });
    }
    let mut raised: Map<String, Value> = serde_json::from_str(data).map_err(shape)?;
    for upcast in upcasts.iter().skip(version as usize - 1) {
        upcast(&mut raised);
    }
    serde_json::from_value(Value::Object(raised)).map_err(shape)
}

macro_rules! parts {
    ($($(#[$doc:meta])* $part:ident => $name:ident),* $(,)?) => {
        /// What happened.
        #[derive(Debug, Clone)]
        pub enum Event { $($(#[$doc])* $name(crate::$part::Event)),* }

        impl Event {
            /// Kind and newest version of every event.
            pub fn kinds() -> impl Iterator<Item = (&'static str, u32)> {
                [$(crate::$part::Event::KINDS),*].into_iter().flatten().copied()
            }
            /// The kind, as written in the journal.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$name(e) => e.kind()),* }
            }
            /// The version written by this build.
            pub fn version(&self) -> u32 {
                match self { $(Self::$name(e) => e.version()),* }
            }
            /// The data as JSON text.
            pub fn encode(&self) -> String {
                match self { $(Self::$name(e) => e.encode()),* }
            }
            /// Reads an entry's data.
            pub fn decode(kind: &str, version: u32, data: &str) -> Result<Self, EventFault> {
                $(if let Some(read) = crate::$part::Event::decode(kind, version, data) {
                    return read.map(Self::$name);
                })*
                Err(EventFault::UnknownKind { kind: kind.to_owned() })
            }
        }

        $(impl From<crate::$part::Event> for Event {
            fn from(e: crate::$part::Event) -> Self { Event::$name(e) }
        })*
    };
}

parts! {
    /// The incident itself.
    incident => Incident,
    /// Plans, orders, filings.
    dispatch => Dispatch,
    /// Command on scene.
    command_post => CommandPost,
    /// Help from outside.
    reinforcement => Reinforcement,
    /// Reports.
    report => Report,
    /// The review.
    review => Review,
    /// What was told outside.
    delivery => Delivery,
    /// The jurisdiction.
    jurisdiction => Jurisdiction,
    /// Its organisations and accounts.
    org => Org,
    /// Its forces.
    ledger => Ledger,
    /// Who is on duty.
    duty => Duty,
    /// How ready it is.
    readiness => Readiness,
    /// Compositions.
    composition => Composition,
}
