//! The bureau agrees in advance to a composition: its orders then go at once, and the record says so (Plan 4.1.4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CompositionPreauthorised;
use crate::act::{Decision, Resource, Stream, Target, rule};
use crate::context::Context;
use crate::refusal::{FieldFault, Refusal};
use crate::state::State;
use crate::types::{CompositionId, Text, Time, text};

/// An agreement in advance.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreauthoriseComposition {
    /// To which composition; to its version in force.
    pub composition: CompositionId,
    /// Why; it stands on each plan that goes out by it.
    pub why: Text,
    /// Until when.
    #[serde(default)]
    pub until: Option<Time>,
}

rule!(PreauthoriseComposition, preauthorise_composition, |_a| Target::Jurisdiction);

/// Agrees in advance.
pub fn preauthorise_composition(
    state: &State,
    ctx: &mut Context,
    act: PreauthoriseComposition,
) -> Result<Decision, Refusal> {
    let version = state.composition.get(&act.composition)?.version;
    if let Some(until) = act.until.filter(|until| *until <= ctx.now) {
        return Err(Refusal::field(
            "/until",
            FieldFault::TooLongAgo { limit_s: until.since_s(ctx.now).abs() },
        ));
    }
    let event = CompositionPreauthorised {
        composition: act.composition.clone(),
        version,
        why: text::line("/why", &act.why)?,
        until: act.until,
        by: ctx.report()?,
    };
    let mut decision = Decision::about(Resource::plain("composition", act.composition));
    decision.push_on(Stream::Composition, event);
    Ok(decision)
}
