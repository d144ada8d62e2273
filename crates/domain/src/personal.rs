//! Personal data (names, telephone numbers, an incident's free text), sealed at the journal's edge.
//!
//! In memory the value is open; in the journal it is sealed with the key of its subject. Destroying the key erases
//! it everywhere, and it reads as erased. The domain can carry it and show it, never compare or branch on it.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Serialize, Serializer};

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
#[derive(Clone, Deserialize)]
pub struct Personal<T> {
    /// Whose key seals it.
    pub personal: Subject,
    /// The value; `None` once its key is destroyed.
    #[serde(default = "none")]
    pub open: Option<T>,
}

fn none<T>() -> Option<T> {
    None
}

impl<T: Serialize> Serialize for Personal<T> {
    /// Always two members, as the journal has them: the value, or that it was erased.
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut written = s.serialize_struct("Personal", 2)?;
        written.serialize_field("personal", &self.personal)?;
        match &self.open {
            Some(value) => written.serialize_field("open", value)?,
            None => written.serialize_field("erased", &true)?,
        }
        written.end()
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A snapshot after an erasure is sealed by the same journal that reads it.
    #[test]
    fn what_was_erased_is_written_as_erased_and_read_again() {
        let mut name = Personal::new(Subject("person/force-001-1".to_owned()), "崖头站值班员01".to_owned());
        let open = r#"{"personal":"person/force-001-1","open":"崖头站值班员01"}"#;
        assert_eq!(serde_json::to_string(&name).unwrap(), open);
        name.open = None;
        let erased = r#"{"personal":"person/force-001-1","erased":true}"#;
        assert_eq!(serde_json::to_string(&name).unwrap(), erased);
        let read: Personal<Text> = serde_json::from_str(erased).unwrap();
        assert!(read.reveal().is_none());
    }

    type Text = String;
}
