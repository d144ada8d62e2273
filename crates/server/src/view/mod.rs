//! What a session may see, and what it may do next: the domain's own answers, in the interface's words.
//!
//! No rule is written here: `may` asks the authority table and each act's own `allow`.

pub mod brief;
pub mod command_post;
pub mod delivery;
pub mod desk;
pub mod dispatch;
pub mod documents;
pub mod duty;
pub mod fault_words;
pub mod incident;
pub mod live;
pub mod next;
pub mod order;
pub mod proposal;
pub mod reference;
pub mod reinforcement;
pub mod report;
pub mod review;
pub mod strength;
pub mod timeline;
pub mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::act::{ActKind, Target};
use domain::authority::{self, Role};
use domain::context::Through;
use domain::labels;
use domain::personal::Personal;
use domain::types::{ForceId, Lang, OrgId, Text, Time};
use domain::{Actor, IncidentFile, Refusal, State, Told};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// Whose eyes a view is made for.
#[derive(Clone, Copy)]
pub struct Viewer<'a> {
    /// The state that was published last.
    pub state: &'a State,
    /// Who looks.
    pub actor: &'a Actor,
    /// In which language.
    pub lang: Lang,
    /// Now.
    pub now: Time,
}

/// A moment for people and machines: RFC 3339 with the jurisdiction's offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment(String);

impl Moment {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// A moment with the offset of a jurisdiction.
pub fn moment_at(offset_min: i32, at: Time) -> Moment {
    let local = Time(at.0 + i64::from(offset_min) * 60_000);
    let stamp = jiff::Timestamp::from_millisecond(local.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let d = jiff::tz::TimeZone::UTC.to_datetime(stamp);
    let sign = if offset_min < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset_min.abs() / 60, offset_min.abs() % 60);
    Moment(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{sign}{hours:02}:{minutes:02}",
        d.year(),
        d.month(),
        d.day(),
        d.hour(),
        d.minute(),
        d.second(),
        d.subsec_nanosecond() / 1_000_000,
    ))
}

/// May it be done now? `true`; `"on_behalf"` when only typed in for its owner; or why not.
#[derive(Debug, Clone)]
pub enum May {
    /// Yes.
    Yes,
    /// Yes, typed in for its owner: the body must say for whom and through what (代录).
    OnBehalf,
    /// No, and why.
    No(MayNot),
}

/// Why something may not be done, and what may.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MayNot {
    /// Stable code.
    pub code: &'static str,
    /// Clause of the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<&'static str>,
    /// In words.
    pub detail: Text,
    /// Lawful next keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub instead: Vec<InsteadView>,
}

/// A lawful alternative.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InsteadView {
    /// Its act.
    pub act: ActKind,
    /// Its label.
    pub text: Text,
}

impl Serialize for May {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Yes => s.serialize_bool(true),
            Self::OnBehalf => s.serialize_str("on_behalf"),
            Self::No(not) => not.serialize(s),
        }
    }
}

impl JsonSchema for May {
    fn schema_name() -> Cow<'static, str> {
        "May".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let not = generator.subschema_for::<MayNot>();
        json_schema!({ "anyOf": [{ "const": true }, { "const": "on_behalf" }, not] })
    }
}

/// What may be done next, by act.
pub type Mays = BTreeMap<&'static str, May>;

/// A reference by id with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ref {
    /// The id.
    pub id: Text,
    /// Its short name.
    pub name: Text,
}

/// Who did something, when it happened and when it was recorded.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReportedView {
    /// When it happened.
    pub at: Moment,
    /// When it was recorded.
    pub recorded_at: Moment,
    /// The position that recorded it.
    pub by: Text,
    /// How it came, where it was typed in for somebody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<Through>,
    /// For whom it was typed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Text>,
}

/// A place with how well it is known.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PlaceView {
    /// As told or written.
    pub text: Text,
    /// `[lon, lat]`, WGS-84.
    pub point: Option<domain::types::Point>,
    /// Its town.
    pub town: Option<Ref>,
    /// How the point was come by.
    pub quality: domain::types::PlaceQuality,
}

impl Viewer<'_> {
    /// A moment as text.
    pub fn moment(&self, at: Time) -> Moment {
        moment_at(self.state.jurisdiction.utc_offset_min, at)
    }

    /// An optional moment as text.
    pub fn moment_opt(&self, at: Option<Time>) -> Option<Moment> {
        at.map(|at| self.moment(at))
    }

    /// Who did it.
    pub fn reported(&self, by: &domain::context::Reported) -> ReportedView {
        ReportedView {
            at: self.moment(by.at),
            recorded_at: self.moment(by.recorded_at),
            by: by.by.clone(),
            through: by.on_behalf_of.as_ref().map(|b| b.through),
            on_behalf_of: by.on_behalf_of.as_ref().map(|b| b.who.clone()),
        }
    }

    /// Personal words for eyes that may see them; erased ones say so.
    pub fn words(&self, words: &Personal<Text>) -> Text {
        match words.reveal() {
            Some(text) => text.clone(),
            None => self.lang.pick("（内容已清除）", "(erased)").to_owned(),
        }
    }

    /// The same for what may be absent.
    pub fn words_opt(&self, words: Option<&Personal<Text>>) -> Option<Text> {
        words.map(|w| self.words(w))
    }

    /// An organisation with its name.
    pub fn org(&self, id: &OrgId) -> Ref {
        Ref { id: id.to_string(), name: self.state.org.name(id) }
    }

    /// A force with its name.
    pub fn force(&self, id: &ForceId) -> Ref {
        Ref { id: id.to_string(), name: self.state.ledger.name(id) }
    }

    /// A town by its code.
    pub fn town(&self, code: &str) -> Ref {
        let known = self.state.jurisdiction.town(code);
        Ref { id: code.to_owned(), name: known.map_or_else(|| code.to_owned(), |t| t.name.clone()) }
    }

    /// A place.
    pub fn place(&self, place: &domain::types::Place) -> PlaceView {
        PlaceView {
            text: place.text.clone(),
            point: place.point,
            town: place.town.as_deref().map(|t| self.town(t)),
            quality: place.quality,
        }
    }

    /// The table first, then the act's own rule.
    pub fn may(&self, act: ActKind, target: &Target, allow: Result<(), Refusal>) -> May {
        let told = Told::default();
        let typed = match authority::settle(self.state, self.actor, &told, act, target) {
            Ok(()) => May::Yes,
            Err(Refusal::OnBehalfMissing { .. }) => May::OnBehalf,
            Err(refusal) => return self.may_not(&refusal),
        };
        match allow {
            Ok(()) => typed,
            Err(refusal) => self.may_not(&refusal),
        }
    }

    /// Puts an act into the list where this role has a grant at all: a button that nobody of this desk could ever
    /// press is no button.
    pub fn offer(&self, mays: &mut Mays, act: ActKind, target: &Target, allow: Result<(), Refusal>) {
        if self.has_grant(act) {
            mays.insert(act.name(), self.may(act, target, allow));
        }
    }

    /// Does this role stand in the act's row?
    pub fn has_grant(&self, act: ActKind) -> bool {
        authority::row_of(act).grants.iter().any(|g| g.roles.contains(&self.actor.role))
    }

    fn may_not(&self, refusal: &Refusal) -> May {
        May::No(MayNot {
            code: refusal.code(),
            clause: refusal.clause(),
            detail: refusal.text(self.lang),
            instead: refusal
                .instead()
                .into_iter()
                .map(|i| InsteadView { act: i.0, text: i.0.label(self.lang).to_owned() })
                .collect(),
        })
    }

    /// Sees every incident of the jurisdiction, whole.
    pub fn is_desk(&self) -> bool {
        self.actor.role.is_desk()
    }

    /// Sees callers' numbers: who takes the calls.
    pub fn sees_callers(&self) -> bool {
        self.actor.role.is_brigade()
    }

    /// Is this force the viewer's own?
    pub fn is_own_force(&self, force: &ForceId) -> bool {
        self.actor.force.as_ref() == Some(force)
    }

    /// Is this organisation the viewer's own?
    pub fn is_own_org(&self, org: &OrgId) -> bool {
        self.actor.org == *org && self.actor.role != Role::Force
    }

    /// May this viewer see that incident at all? Desks see all; others what concerns their own.
    pub fn sees(&self, file: &IncidentFile) -> bool {
        authority::sees(self.state, self.actor, file)
    }

    /// A label of an act.
    pub fn label(&self, act: ActKind) -> Text {
        act.label(self.lang).to_owned()
    }

    /// A span in words.
    pub fn span(&self, seconds: i64) -> Text {
        labels::span(seconds, self.lang)
    }
}
