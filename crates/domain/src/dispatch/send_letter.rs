//! A letter of request (商请) for armed police, maritime or military forces, on the same board as the orders.
//!
//! They are asked, not ordered (jurisdiction's table of bases). An urgent direct request is recorded as such; the
//! letter through the government follows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::LetterSent;
use crate::act::{Decision, Resource, Target, rule};
use crate::context::Context;
use crate::incident::still_open;
use crate::jurisdiction::Basis;
use crate::org::OrgKind;
use crate::personal::Personal;
use crate::refusal::{FieldFault, Instead, Refusal};
use crate::state::State;
use crate::types::{ForceId, IncidentId, LetterId, OrgId, Text, limits, text};

/// A letter.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendLetter {
    /// For which incident.
    pub incident: IncidentId,
    /// To whom.
    pub org: OrgId,
    /// Forces asked for.
    #[serde(default)]
    pub forces: Vec<ForceId>,
    /// What is asked.
    pub ask: Text,
    /// Asked directly because it is urgent.
    #[serde(default)]
    pub urgent: bool,
}

rule!(SendLetter, send_letter, |a| Target::Incident(a.incident));

/// Only those are asked by letter who cannot be ordered: military organisations, and parents of such forces.
pub fn allow(state: &State, org: &OrgId) -> Result<(), Refusal> {
    let known = state.org.org(org)?;
    let asked_by_letter = known.kind == OrgKind::Military
        || state
            .ledger
            .forces
            .values()
            .any(|f| f.org == *org && state.jurisdiction.basis(f, None).0 == Basis::LetterOfRequest);
    if asked_by_letter {
        return Ok(());
    }
    Err(Refusal::field("/org", FieldFault::Unknown { value: known.short.clone() }))
}

/// Sends it.
pub fn send_letter(state: &State, ctx: &mut Context, act: SendLetter) -> Result<Decision, Refusal> {
    still_open(state.incident(act.incident)?)?;
    allow(state, &act.org)?;
    if act.forces.len() > limits::FORCES_PER_ACT {
        let fault = FieldFault::TooMany { count: act.forces.len(), limit: limits::FORCES_PER_ACT };
        return Err(Refusal::field("/forces", fault));
    }
    for id in &act.forces {
        let force = state.ledger.force(id)?;
        let (basis, rule) = state.jurisdiction.basis(force, None);
        if basis != Basis::LetterOfRequest {
            return Err(Refusal::OtherBasis {
                force: id.clone(),
                name: force.short.clone(),
                basis: basis.code(),
                law: rule.map(|r| r.source_zh.clone()).unwrap_or_default(),
                instead: vec![Instead(crate::act::ActKind::DraftPlan)],
            });
        }
    }
    let letter: LetterId = ctx.fresh();
    let year = state.jurisdiction.year_of(ctx.now);
    let used = if state.counters.year == year { state.counters.letters } else { 0 };
    let event = LetterSent {
        letter,
        number: state.jurisdiction.number("request", year, used + 1),
        org: act.org,
        forces: act.forces,
        ask: Personal::new(act.incident, text::prose("/ask", &act.ask)?),
        urgent: act.urgent,
        due: ctx.now.plus_s(state.readiness.limits().request_answer_limit_s),
        by: ctx.report()?,
    };
    Ok(Decision::about(Resource::of("letter", letter, act.incident)).then(act.incident, event))
}
