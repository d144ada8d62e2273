//! A letter of request is answered (商请复函), Plan 4.1.4: by its addressee, or typed in from the telephone.

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

#[cfg(test)]
mod tests {
    use super::super::scenes::{file, fire, is, is_field, refused};
    use super::AnswerLetter;
    use crate::dispatch::send_letter::SendLetter;
    use crate::testing::{Town, slug};
    use crate::types::{IncidentId, LetterId};

    fn asked() -> (Town, IncidentId, LetterId) {
        let (mut town, fire) = fire();
        let letter = SendLetter {
            incident: fire,
            org: slug("org-wujing"),
            forces: vec![slug("wujing")],
            ask: "警戒 20 人".to_owned(),
            urgent: false,
        };
        let letter = town.does("bureau", letter).id.parse().unwrap();
        (town, fire, letter)
    }

    fn answer(letter: LetterId, agreed: bool) -> AnswerLetter {
        AnswerLetter { letter, agreed, words: "20 人即出发".to_owned() }
    }

    /// Plan 4.1.4, 4.3.1: the addressee answers, in words, once; late counts.
    #[test]
    fn the_addressee_answers_once() {
        let (mut town, fire, id) = asked();
        is(&refused(&mut town, "dept-gongan", answer(id, true)), "not_yours", None, &[]);
        let silent = AnswerLetter { words: " ".to_owned(), ..answer(id, true) };
        is_field(&refused(&mut town, "dept-wujing", silent), "/words");
        town.after_s(1800).clock_runs();
        assert_eq!(town.count("letter.missed"), 1);
        town.does("dept-wujing", answer(id, false));
        is(&refused(&mut town, "dept-wujing", answer(id, true)), "already_done", None, &[]);
        assert!(!file(&town, fire).dispatch.letters[&id].answer.as_ref().unwrap().agreed);
    }

    /// Plan 4.3.1: an answer by telephone is typed in, with when it was given.
    #[test]
    fn an_answer_by_telephone_is_typed_in() {
        let (mut town, fire, id) = asked();
        is(&refused(&mut town, "bureau", answer(id, true)), "on_behalf_missing", None, &[]);
        town.after_s(600).by_phone_for("武警中队值班员").that_happened(-300).does("bureau", answer(id, true));
        let answer = file(&town, fire).dispatch.letters[&id].answer.clone().unwrap();
        assert_eq!((answer.by.at, answer.by.recorded_at), (town.now.plus_s(-300), town.now));
        assert_eq!(answer.by.on_behalf_of.unwrap().who, "武警中队值班员");
    }
}
