//! Merging (并案), Plan 4.1.3: two incidents were one. What runs under the one that ends must be ended first, so that
//! no order, instruction or person inside is left where nobody looks any more.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::close_incident::unfinished;
use super::query::open;
use super::{Absorbed, Merged};
use crate::act::{Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{FieldFault, Refusal};
use crate::state::{IncidentFile, State};
use crate::types::IncidentId;

/// This incident was the same as another one, and ends in it.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeIncident {
    /// The incident that ends.
    pub incident: IncidentId,
    /// The incident that it was.
    pub into: IncidentId,
}

rule!(MergeIncident, merge_incident, |a| Target::Incident(a.incident));

/// May it end in another one? Asked without knowing in which.
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = open(state, incident)?;
    match unfinished(file) {
        blockers if blockers.is_empty() => Ok(file),
        blockers => Err(Refusal::CannotClose { blockers }),
    }
}

/// Merges it: its calls stand in both streams from now on.
pub fn merge_incident(state: &State, ctx: &mut Context, act: MergeIncident) -> Result<Decision, Refusal> {
    let from = &allow(state, act.incident)?.incident;
    if act.into == act.incident {
        return Err(Refusal::field("/into", FieldFault::Twice { what: from.number.clone() }));
    }
    let into = &open(state, act.into)?.incident;
    if into.drill != from.drill {
        return Err(Refusal::DrillMixed { incident: into.id, drill: into.drill });
    }
    let by = ctx.report()?;
    let absorbed = Absorbed {
        from: from.id,
        from_number: from.number.clone(),
        calls: from.calls.iter().cloned().collect(),
        by: by.clone(),
    };
    let merged = Merged { into: into.id, into_number: into.number.clone(), by };
    Ok(Decision::about(Resource::of("incident", into.id, into.id)).then(into.id, absorbed).then(from.id, merged))
}
