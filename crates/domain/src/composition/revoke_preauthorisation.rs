//! An agreement in advance ends; plans wait for the bureau again (Plan 4.1.4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PreauthorisationRevoked;
use crate::act::{ActKind, Decision, Resource, Stream, Target, rule};
use crate::context::Context;
use crate::refusal::Refusal;
use crate::state::State;
use crate::types::CompositionId;

/// Ends it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokePreauthorisation {
    /// Of which composition.
    pub composition: CompositionId,
}

rule!(RevokePreauthorisation, revoke_preauthorisation, |_a| Target::Jurisdiction);

/// Ends it.
pub fn revoke_preauthorisation(
    state: &State,
    ctx: &mut Context,
    act: RevokePreauthorisation,
) -> Result<Decision, Refusal> {
    state.composition.get(&act.composition)?;
    if !state.composition.preauthorised.contains_key(&act.composition) {
        return Err(Refusal::AlreadyDone { act: ActKind::RevokePreauthorisation });
    }
    let event = PreauthorisationRevoked { composition: act.composition.clone(), by: ctx.report()? };
    let mut decision = Decision::about(Resource::plain("composition", act.composition));
    decision.push_on(Stream::Composition, event);
    Ok(decision)
}

#[cfg(test)]
mod tests {
    use super::RevokePreauthorisation;
    use crate::composition::preauthorise_composition::PreauthoriseComposition;
    use crate::testing::{Town, slug};

    /// Plan 4.1.4: what was agreed to in advance is taken back once; without it, there is nothing to take back.
    #[test]
    fn an_agreement_in_advance_is_taken_back() {
        let mut town = Town::rongcheng("08:00");
        let revoke = || RevokePreauthorisation { composition: slug("hazchem-3") };
        assert_eq!(town.act("shift-leader", revoke()).unwrap_err().code(), "already_done");
        town.does(
            "shift-leader",
            PreauthoriseComposition {
                composition: slug("hazchem-3"),
                why: "重点时段".to_owned(),
                until: None,
            },
        );
        assert_eq!(town.act("commander", revoke()).unwrap_err().clause(), Some("4.1.4"));
        town.does("shift-leader", revoke());
        assert!(town.state.composition.preauthorised.is_empty());
        assert_eq!(town.act("shift-leader", revoke()).unwrap_err().code(), "already_done");
    }
}
