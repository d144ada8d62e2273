//! An answer came that names nothing known: it is kept for a person to read, never dropped (Plan 4.2.2).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::channel::ChannelKind;
use super::event::AnswerUnmatched;
use crate::act::{Decision, Resource, Stream, Target, rule};
use crate::context::Context;
use crate::personal::{Personal, Subject};
use crate::refusal::Refusal;
use crate::state::State;
use crate::types::{NotificationId, Text, limits};

/// An answer to nothing.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordUnmatched {
    /// By what means.
    pub channel: ChannelKind,
    /// From where.
    pub from: Text,
    /// In what words.
    pub text: Text,
}

rule!(RecordUnmatched, record_unmatched, |_a| Target::Jurisdiction);

/// Records it.
pub fn record_unmatched(
    _state: &State,
    ctx: &mut Context,
    act: RecordUnmatched,
) -> Result<Decision, Refusal> {
    let own: NotificationId = ctx.fresh();
    let line = |text: &str| -> Text {
        text.trim().chars().filter(|c| !c.is_control()).take(limits::LINE_CHARS).collect()
    };
    let sealed = |text: Text| Personal::new(Subject(format!("person/answer-{own}")), text);
    let mut decision = Decision::about(Resource::plain("answer", own));
    decision.push_on(
        Stream::Jurisdiction,
        AnswerUnmatched {
            channel: act.channel,
            from: sealed(line(&act.from)),
            text: sealed(line(&act.text)),
            at: ctx.now,
        },
    );
    Ok(decision)
}
