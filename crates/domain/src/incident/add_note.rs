//! A note, Plan 4.3.1: whatever is worth recording and has no act of its own. Also after the end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NoteAdded;
use super::query::known;
use super::state::Note;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::stage::Stage;

    /// Plan 4.3.1: memory keeps the last notes, the journal all of them.
    #[test]
    fn the_last_notes_stay_in_memory_and_all_in_the_journal() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        for n in 0..=limits::NOTES_IN_STATE {
            town.does("dispatcher", AddNote { incident, text: format!("第{n}条"), files: Vec::new() });
        }
        let known = &town.state.hot(incident).unwrap().incident;
        assert_eq!((known.notes.len(), known.notes_total), (500, 501));
        assert_eq!(known.notes.front().unwrap().text.reveal().map(String::as_str), Some("第1条"));
        assert_eq!(town.kinds(incident).len(), 502);
    }

    #[test]
    fn a_note_has_a_text_and_at_most_twelve_attachments() {
        let mut town = Stage::rongcheng();
        let incident = town.fire();
        let file: FileId = "0".repeat(64).parse().unwrap();
        let note = |text: &str, n| AddNote { incident, text: text.to_owned(), files: vec![file.clone(); n] };
        assert_eq!(town.is_refused("bureau", note(" ", 0)), Refusal::field("/text", FieldFault::Empty));
        let fault = FieldFault::TooMany { count: 13, limit: 12 };
        assert_eq!(town.is_refused("bureau", note("照片", 13)), Refusal::field("/files", fault));
        town.does("bureau", note("照片", 12));
    }
}
