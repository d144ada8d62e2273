//! The readiness state changes (平战转换), Plan 4.1.2: limits follow at once on every desk.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ReadinessChanged, ReadinessState};
use crate::act::{ActKind, Decision, Resource, Stream, Target, rule};
use crate::context::Context;
use crate::refusal::Refusal;
use crate::state::State;
use crate::types::{Text, text};

/// To another readiness state.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeReadiness {
    /// To what.
    pub state: ReadinessState,
    /// Why; it is told to every desk.
    pub why: Text,
}

rule!(ChangeReadiness, change_readiness, |_a| Target::Jurisdiction);

/// Changes it.
pub fn change_readiness(state: &State, ctx: &mut Context, act: ChangeReadiness) -> Result<Decision, Refusal> {
    if state.readiness.state == act.state {
        return Err(Refusal::AlreadyDone { act: ActKind::ChangeReadiness });
    }
    let event = ReadinessChanged { state: act.state, why: text::line("/why", &act.why)?, by: ctx.report()? };
    let mut decision = Decision::about(Resource::plain("readiness", &state.jurisdiction.code));
    decision.push_on(Stream::Jurisdiction, event);
    Ok(decision)
}

#[cfg(test)]
mod tests {
    use super::ChangeReadiness;
    use crate::readiness::ReadinessState;
    use crate::testing::{Town, limits, oil_depot_call};

    fn to(state: ReadinessState) -> ChangeReadiness {
        ChangeReadiness { state, why: "台风“海葵”将登陆".to_owned() }
    }

    /// Plan 4.1.2: the bureau changes the readiness state for a reason, and all limits with it at once.
    #[test]
    fn the_bureau_changes_the_readiness_state_and_every_limit_with_it() {
        let mut town = Town::rongcheng("08:00");
        assert_eq!(*town.state.readiness.limits(), limits(60));
        town.at("08:10").does("bureau", to(ReadinessState::Heightened));
        assert_eq!(*town.state.readiness.limits(), limits(45));
        town.does("deputy", to(ReadinessState::Emergency));
        assert_eq!(*town.state.readiness.limits(), limits(30));
        assert_eq!(town.state.readiness.since, town.now);
        town.does("shift-leader", to(ReadinessState::Routine));
        assert_eq!(*town.state.readiness.limits(), limits(60));
    }

    /// Plan 4.1.2: how late something may be typed in is the jurisdiction's, up to the two days of the program.
    #[test]
    fn late_entries_are_taken_as_long_as_the_jurisdiction_says() {
        use crate::incident::take_call::TakeCall;
        use crate::refusal::{FieldFault, Refusal};
        let mut town = Town::rongcheng("08:00");
        town.that_happened(-172_800).does("dispatcher", oil_depot_call());
        town.does("bureau", to(ReadinessState::Heightened));
        town.that_happened(-129_600).does("dispatcher", oil_depot_call());
        let limit_s = 129_600;
        let late = |pointer: &str| Refusal::field(pointer, FieldFault::TooLongAgo { limit_s });
        town.that_happened(-129_601);
        assert_eq!(town.act("dispatcher", oil_depot_call()).unwrap_err(), late("/occurred_at"));
        let received_at = Some(town.now.plus_s(-129_601));
        let call = TakeCall { received_at, ..oil_depot_call() };
        assert_eq!(town.act("dispatcher", call).unwrap_err(), late("/received_at"));
    }

    /// Plan 4.1.2: nobody else changes it, nobody without a reason, and not to what it is.
    #[test]
    fn a_change_needs_the_bureau_a_reason_and_another_state() {
        let mut town = Town::rongcheng("08:00");
        let refusal = town.act("commander", to(ReadinessState::Emergency)).unwrap_err();
        assert_eq!((refusal.code(), refusal.clause()), ("not_permitted", Some("4.1.2")));
        let silent = ChangeReadiness { why: " ".to_owned(), ..to(ReadinessState::Emergency) };
        assert_eq!(town.act("bureau", silent).unwrap_err().code(), "field");
        assert_eq!(town.act("bureau", to(ReadinessState::Routine)).unwrap_err().code(), "already_done");
        assert_eq!(town.count("readiness.changed"), 0);
    }
}
