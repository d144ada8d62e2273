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

#[cfg(test)]
mod tests {
    use super::PreauthoriseComposition;
    use crate::testing::{Town, slug};
    use crate::types::Time;

    fn agree(composition: &str, until: Option<Time>) -> PreauthoriseComposition {
        PreauthoriseComposition {
            composition: slug(composition), why: "石岛油库重点时段".to_owned(), until
        }
    }

    /// Plan 4.1.4: the bureau's shift leader agrees in advance, for a reason, until an hour that is still to come.
    #[test]
    fn the_shift_leader_agrees_in_advance() {
        let mut town = Town::rongcheng("08:00");
        for who in ["bureau", "commander"] {
            assert_eq!(town.act(who, agree("hazchem-3", None)).unwrap_err().clause(), Some("4.1.4"));
        }
        let (now, soon) = (town.now, town.now.plus_s(1));
        assert_eq!(town.act("shift-leader", agree("hazchem-3", Some(now))).unwrap_err().code(), "field");
        town.does("shift-leader", agree("hazchem-3", Some(soon)));
        let silent = PreauthoriseComposition { why: String::new(), ..agree("hazchem-3", None) };
        assert_eq!(town.act("shift-leader", silent).unwrap_err().code(), "field");
        assert_eq!(town.act("shift-leader", agree("meteor-9", None)).unwrap_err().code(), "not_found");
        let composition = town.state.composition.find("hazchem", 3).unwrap();
        assert!(town.state.composition.preauthorisation(composition, now).is_some());
        assert!(town.state.composition.preauthorisation(composition, soon).is_none(), "its hour has come");
    }
}
