//! Texts that people type: trimmed, without control characters, and with a limit that has a name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limits;
use crate::refusal::{FieldFault, Refusal};

/// A language of the interface: Chinese by default, English complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
pub enum Lang {
    /// 简体中文
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English
    #[serde(rename = "en")]
    En,
}

/// A text of the record.
pub type Text = String;

/// A required line: a name, a position, a place. Refused when empty or longer than [`limits::LINE_CHARS`].
pub fn line(field: &str, text: &str) -> Result<Text, Refusal> {
    checked(field, text, limits::LINE_CHARS)
}

/// A required longer text: reasons, a report. Refused when empty or longer than [`limits::TEXT_CHARS`].
pub fn prose(field: &str, text: &str) -> Result<Text, Refusal> {
    checked(field, text, limits::TEXT_CHARS)
}

/// An optional line: empty becomes `None`.
pub fn line_opt(field: &str, text: Option<&str>) -> Result<Option<Text>, Refusal> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => line(field, text).map(Some),
    }
}

/// An optional longer text: empty becomes `None`.
pub fn prose_opt(field: &str, text: Option<&str>) -> Result<Option<Text>, Refusal> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => prose(field, text).map(Some),
    }
}

fn checked(field: &str, text: &str, limit: usize) -> Result<Text, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::field(field, FieldFault::Empty));
    }
    let chars = text.chars().count();
    if chars > limit {
        return Err(Refusal::field(field, FieldFault::TooLong { chars, limit }));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Refusal::field(field, FieldFault::ControlCharacter));
    }
    Ok(text.to_owned())
}
