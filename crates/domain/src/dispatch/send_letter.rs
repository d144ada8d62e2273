//! A letter of request (商请) for armed police, maritime or military forces, on the same board as the orders
//! (Plan 4.1.4).
//!
//! They are asked, not ordered (jurisdiction's table of bases). An urgent direct request is recorded as such; the
//! letter through the government follows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::LetterSent;
use crate::act::{ActKind, Decision, Resource, Target, rule};
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
    let file = state.incident(act.incident)?;
    still_open(file)?;
    allow(state, &act.org)?;
    if act.forces.len() > limits::FORCES_PER_ACT {
        let fault = FieldFault::TooMany { count: act.forces.len(), limit: limits::FORCES_PER_ACT };
        return Err(Refusal::field("/forces", fault));
    }
    for (i, id) in act.forces.iter().enumerate() {
        let force = state.ledger.force(id)?;
        let (basis, rule) = state.jurisdiction.basis(force, file.incident.hazard.as_deref());
        if basis != Basis::LetterOfRequest {
            let fits = match basis {
                Basis::Direct => ActKind::OrderFirstResponse,
                Basis::LinkageNotice => ActKind::SendLinkageNotices,
                Basis::AfterApproval | Basis::LetterOfRequest => ActKind::DraftPlan,
            };
            return Err(Refusal::OtherBasis {
                force: id.clone(),
                name: force.short.clone(),
                basis: basis.code(),
                law: rule.map(|r| r.source_zh.clone()).unwrap_or_default(),
                instead: vec![Instead(fits)],
            });
        }
        // Whoever is asked answers for his own; another organisation is asked by its own letter.
        if force.org != act.org {
            let fault = FieldFault::Unknown { value: force.short.clone() };
            return Err(Refusal::field(format!("/forces/{i}"), fault));
        }
    }
    let letter: LetterId = ctx.fresh();
    let year = state.jurisdiction.year_of(ctx.now);
    let next = state.counters.next(year, |used| used.letters);
    let event = LetterSent {
        letter,
        number: state.jurisdiction.number("request", year, next),
        org: act.org,
        forces: act.forces,
        ask: Personal::new(act.incident, text::prose("/ask", &act.ask)?),
        urgent: act.urgent,
        due: ctx.now.plus_s(state.readiness.limits().request_answer_limit_s),
        by: ctx.report()?,
    };
    Ok(Decision::about(Resource::of("letter", letter, act.incident)).then(act.incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{file, fire, is, is_field, refused};
    use super::SendLetter;
    use crate::act::ActKind;
    use crate::testing::slug;
    use crate::types::{ForceId, IncidentId};
    use std::sync::Arc;

    fn letter(incident: IncidentId, org: &str, forces: &[&str]) -> SendLetter {
        SendLetter {
            incident,
            org: slug(org),
            forces: forces.iter().map(|f| slug(f)).collect(),
            ask: "警戒 20 人".to_owned(),
            urgent: true,
        }
    }

    /// Plan 4.1.4: armed police are asked by letter, on the same board; an urgent direct request is recorded as such.
    #[test]
    fn armed_police_are_asked_by_letter() {
        let (mut town, fire) = fire();
        town.does("bureau", letter(fire, "org-wujing", &["wujing"]));
        town.does("dispatcher", letter(fire, "org-wujing", &[]));
        let letters: Vec<_> = file(&town, fire).dispatch.letters.values().cloned().collect();
        assert_eq!((letters.len(), letters[0].urgent, letters[0].due), (2, true, town.now.plus_s(1800)));
        assert_ne!(letters[0].number, letters[1].number);
        assert_eq!(town.count("order.issued"), 0, "they are asked, not ordered");
    }

    /// Plan 4.1.4: who can be ordered or told by notice is not asked by letter; the refusal names the lawful key.
    #[test]
    fn who_can_be_ordered_is_not_asked_by_letter() {
        let (mut town, fire) = fire();
        is_field(&refused(&mut town, "bureau", letter(fire, "org-gongxin", &[])), "/org");
        for (force, key) in [
            ("huagong", ActKind::DraftPlan),
            ("tejing", ActKind::SendLinkageNotices),
            ("shidao", ActKind::OrderFirstResponse),
        ] {
            let refusal = refused(&mut town, "bureau", letter(fire, "org-wujing", &["wujing", force]));
            is(&refusal, "other_basis", Some("4.1.4"), &[key]);
        }
        let mut elsewhere = town.state.ledger.forces[&slug::<ForceId>("wujing")].as_ref().clone();
        (elsewhere.id, elsewhere.org) = (slug("haishi"), slug("org-gongan"));
        town.state.ledger.forces.insert(elsewhere.id.clone(), Arc::new(elsewhere));
        let mixed = letter(fire, "org-wujing", &["wujing", "haishi"]);
        is_field(&refused(&mut town, "bureau", mixed), "/forces/1");
        let silent = SendLetter { ask: String::new(), ..letter(fire, "org-wujing", &[]) };
        is_field(&refused(&mut town, "bureau", silent), "/ask");
    }
}
