//! A note, Plan 4.3.1: whatever is worth recording and has no act of its own. Also after the end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::query::known;
use super::state::Note;
use super::NoteAdded;
use crate::act::{Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{FieldFault, Refusal};
use crate::state::{IncidentFile, State};
use crate::types::{FileId, IncidentId, Text, limits, text};

/// Something worth recording.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddNote {
    /// The incident.
    pub incident: IncidentId,
    /// The text.
    pub text: Text,
    /// Attachments.
    #[serde(default)]
    pub files: Vec<FileId>,
}

rule!(AddNote, add_note, |a| Target::Incident(a.incident));

/// May a note be added?
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    known(state, incident)
}

/// Adds it.
pub fn add_note(state: &State, ctx: &mut Context, act: AddNote) -> Result<Decision, Refusal> {
    allow(state, act.incident)?;
    if act.files.len() > limits::FILES_PER_ACT {
        let fault = FieldFault::TooMany { count: act.files.len(), limit: limits::FILES_PER_ACT };
        return Err(Refusal::field("/files", fault));
    }
    let text = Personal::new(act.incident, text::prose("/text", &act.text)?);
    let note = Note { text, files: act.files, by: ctx.report()? };
    let resource = Resource::of("incident", act.incident, act.incident);
    Ok(Decision::about(resource).then(act.incident, NoteAdded { note }))
}
