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
