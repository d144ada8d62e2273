//! Stand-by (待命) to forces before any order, Plan 4.3.1: it readies, it does not move. No approval is needed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::StandByPushed;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::incident::still_open;
use crate::personal::Personal;
use crate::refusal::{FieldFault, Refusal};
use crate::state::{IncidentFile, State};
use crate::types::{ForceId, IncidentId, StandById, Text, limits, text};

/// Stand by.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PushStandBy {
    /// For which incident.
    pub incident: IncidentId,
    /// Which forces; those that stand by or are ordered here already are left out.
    pub forces: Vec<ForceId>,
    /// What to say; where absent, the incident in one line.
    #[serde(default)]
    pub text: Option<Text>,
}

rule!(PushStandBy, push_stand_by, |a| Target::Incident(a.incident));

/// Which of these neither stand by nor are ordered here; refused when none is left.
pub fn allow(state: &State, file: &IncidentFile, forces: &[ForceId]) -> Result<Vec<ForceId>, Refusal> {
    still_open(file)?;
    if forces.is_empty() {
        return Err(Refusal::field("/forces", FieldFault::Empty));
    }
    if forces.len() > limits::FORCES_PER_ACT {
        let fault = FieldFault::TooMany { count: forces.len(), limit: limits::FORCES_PER_ACT };
        return Err(Refusal::field("/forces", fault));
    }
    let mut left = std::collections::BTreeSet::new();
    for force in forces {
        state.ledger.force(force)?;
        let stands_by = file.dispatch.stand_bys.values().any(|s| s.force == *force && s.lifted.is_none());
        if !stands_by && file.dispatch.running_order_of(force).is_none() {
            left.insert(force.clone());
        }
    }
    if left.is_empty() {
        return Err(Refusal::AlreadyDone { act: ActKind::PushStandBy });
    }
    Ok(left.into_iter().collect())
}

/// Tells them.
pub fn push_stand_by(state: &State, ctx: &mut Context, act: PushStandBy) -> Result<Decision, Refusal> {
    let file = state.incident(act.incident)?;
    let forces = allow(state, file, &act.forces)?;
    let text = match text::prose_opt("/text", act.text.as_deref())? {
        Some(text) => text,
        None => file.incident.headline(&state.jurisdiction),
    };
    let due = ctx.now.plus_s(state.readiness.limits().stand_by_confirm_limit_s);
    let by = ctx.report()?;
    let mut decision = Decision::about(Resource::of("incident", act.incident, act.incident));
    for force in forces {
        let stand_by: StandById = ctx.fresh();
        let text = Personal::new(act.incident, text.clone());
        decision.push(act.incident, StandByPushed { stand_by, force, text, due, by: by.clone() });
    }
    Ok(decision)
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{file, fire, is, is_field, refused};
    use super::PushStandBy;
    use crate::dispatch::lift_stand_by::LiftStandBy;
    use crate::testing::slug;
    use crate::types::IncidentId;

    fn stand_by(incident: IncidentId, forces: &[&str]) -> PushStandBy {
        PushStandBy { incident, forces: forces.iter().map(|f| slug(f)).collect(), text: None }
    }

    /// Plan 4.3.1: a stand-by readies and does not move: no approval, no order, every kind of force.
    #[test]
    fn forces_stand_by_before_any_order() {
        let (mut town, fire) = fire();
        town.does("dispatcher", stand_by(fire, &["huagong", "jijiu", "wujing", "huagong"]));
        let told: Vec<_> =
            file(&town, fire).dispatch.stand_bys.values().map(|s| s.force.to_string()).collect();
        assert_eq!(told, ["huagong", "jijiu", "wujing"]);
        assert_eq!((town.count("order.issued"), town.state.engaged.len()), (0, 0));
    }

    /// Plan 4.3.1: who stands by or is ordered here already is not told again.
    #[test]
    fn nobody_is_told_twice() {
        let (mut town, fire) = fire();
        town.ordered(fire, &["huagong"]);
        town.does("dispatcher", stand_by(fire, &["huagong", "jijiu"]));
        assert_eq!(town.count("stand_by.pushed"), 1);
        is(&refused(&mut town, "bureau", stand_by(fire, &["huagong", "jijiu"])), "already_done", None, &[]);
        let first = *file(&town, fire).dispatch.stand_bys.keys().next().unwrap();
        town.does("dispatcher", LiftStandBy { stand_by: first });
        town.does("bureau", stand_by(fire, &["jijiu"]));
        assert_eq!(town.count("stand_by.pushed"), 2, "after it was lifted it may be told again");
        is_field(&refused(&mut town, "dispatcher", stand_by(fire, &[])), "/forces");
        is(&refused(&mut town, "dispatcher", stand_by(fire, &["nobody"])), "not_found", None, &[]);
    }
}
