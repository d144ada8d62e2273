//! A letter of request is answered (商请复函): by its addressee, or typed in from the telephone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Letter, LetterAnswered};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::ids::Fresh;
use crate::types::{LetterId, Text, text};

/// The answer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerLetter {
    /// Which letter.
    pub letter: LetterId,
    /// Yes or no.
    pub agreed: bool,
    /// In what words.
    pub words: Text,
}

rule!(AnswerLetter, answer_letter, |a| Target::of(Thing::Letter, a.letter));

/// Once; late counts too.
pub fn allow(letter: &Letter) -> Result<(), Refusal> {
    match letter.answer {
        None => Ok(()),
        Some(_) => Err(Refusal::AlreadyDone { act: ActKind::AnswerLetter }),
    }
}

/// Answers it.
pub fn answer_letter(state: &State, ctx: &mut Context, act: AnswerLetter) -> Result<Decision, Refusal> {
    let (incident, file) = state.incident_with(Thing::Letter, act.letter.ulid())?;
    let letter = file.dispatch.letters.get(&act.letter);
    allow(letter.ok_or_else(|| Refusal::not_found(Thing::Letter, act.letter))?)?;
    let words = Personal::new(incident, text::prose("/words", &act.words)?);
    let event = LetterAnswered { letter: act.letter, agreed: act.agreed, words, by: ctx.report()? };
    Ok(Decision::about(Resource::of("letter", act.letter, incident)).then(incident, event))
}
