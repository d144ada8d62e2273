//! Personal data (names, telephone numbers, an incident's free text), sealed at the journal's edge.
//!
//! In memory the value is open; in the journal it is sealed with the key of its subject. Destroying the key erases
//! it everywhere, and it reads as erased. The domain can carry it and show it, never compare or branch on it.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::types::IncidentId;

/// Whose key seals a value: `person/…` or `incident/…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(pub String);

impl From<IncidentId> for Subject {
    fn from(id: IncidentId) -> Self {
        Self(format!("incident/{id}"))
    }
}

/// A value that belongs to a person.
#[derive(Clone, Serialize, Deserialize)]
pub struct Personal<T> {
    /// Whose key seals it.
    pub personal: Subject,
    /// The value; `None` once its key is destroyed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<T>,
}

impl<T> Personal<T> {
    /// Puts a value under the key of `subject`.
    pub fn new(subject: impl Into<Subject>, value: T) -> Self {
        Self { personal: subject.into(), open: Some(value) }
    }

    /// The value, to be shown to who may see it; `None` when erased.
    pub fn reveal(&self) -> Option<&T> {
        self.open.as_ref()
    }
}

impl<T> fmt::Debug for Personal<T> {
    /// Never the value: logs carry neither names nor numbers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Personal({})", if self.open.is_some() { "…" } else { "erased" })
    }
}

impl<T: JsonSchema> JsonSchema for Personal<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Personal{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
