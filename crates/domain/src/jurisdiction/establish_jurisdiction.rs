//! The jurisdiction comes into being with its data: offices, forces, compositions, duty list (Plan 2, 4.1.1).
//!
//! One act, one batch: a node never serves half a jurisdiction.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Jurisdiction, JurisdictionEstablished};
use crate::act::{Decision, Resource, Stream, rule};
use crate::composition::{Composition, CompositionAdopted};
use crate::context::Context;
use crate::duty::{DutyListed, DutyRow};
use crate::ledger::{Force, ForceRegistered};
use crate::org::{Account, AccountOpened, Org, OrgRegistered};
use crate::readiness::{LimitsSet, LimitsTable};
use crate::refusal::Refusal;
use crate::state::State;

/// Everything that a jurisdiction starts with.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EstablishJurisdiction {
    /// Its own data.
    pub jurisdiction: Jurisdiction,
    /// Its limits per readiness state.
    pub limits: LimitsTable,
    /// Its organisations.
    pub orgs: Vec<Org>,
    /// Its accounts.
    pub accounts: Vec<Account>,
    /// Its forces.
    pub forces: Vec<Force>,
    /// Its duty list.
    pub duty: Vec<DutyRow>,
    /// Its compositions.
    pub compositions: Vec<Composition>,
}

rule!(EstablishJurisdiction, establish_jurisdiction, |_a| crate::act::Target::Jurisdiction);

/// Once, on an empty journal.
pub fn establish_jurisdiction(
    state: &State,
    _ctx: &mut Context,
    act: EstablishJurisdiction,
) -> Result<Decision, Refusal> {
    if !state.jurisdiction.code.is_empty() {
        return Err(Refusal::AlreadyEstablished);
    }
    let mut decision = Decision::about(Resource::plain("jurisdiction", &act.jurisdiction.code));
    let utc_offset_min = act.jurisdiction.utc_offset_min;
    decision
        .push_on(Stream::Jurisdiction, JurisdictionEstablished { jurisdiction: Box::new(act.jurisdiction) });
    decision.push_on(Stream::Jurisdiction, LimitsSet { limits: Box::new(act.limits) });
    for org in act.orgs {
        decision.push_on(Stream::Jurisdiction, OrgRegistered { org });
    }
    for account in act.accounts {
        decision.push_on(Stream::Jurisdiction, AccountOpened { account });
    }
    for force in act.forces {
        decision.push_on(Stream::Ledger, ForceRegistered { force });
    }
    for composition in act.compositions {
        decision.push_on(Stream::Composition, CompositionAdopted { composition, by: None });
    }
    decision.push_on(Stream::Duty, DutyListed { rows: act.duty, utc_offset_min });
    Ok(decision)
}

impl JsonSchema for EstablishJurisdiction {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EstablishJurisdiction".into()
    }
    /// Comes from files at the node's first start, never over the interface.
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object" })
    }
}

#[cfg(test)]
mod tests {
    use super::EstablishJurisdiction;
    use crate::testing::Town;
    use crate::{Actor, Event};

    /// Plan 2.1, 4.1.1: a jurisdiction comes into being whole, in one batch, once, by the node alone.
    #[test]
    fn a_jurisdiction_comes_into_being_once_and_whole() {
        let mut town = Town::rongcheng("08:00");
        let (forces, state) = (town.state.ledger.forces.len(), &town.state);
        assert_eq!((forces, state.org.orgs.len(), state.composition.in_force.len()), (8, 14, 5));
        assert!(state.jurisdiction.offices().is_ok());
        let again = || EstablishJurisdiction {
            jurisdiction: town.state.jurisdiction.as_ref().clone(),
            limits: town.state.readiness.table.clone(),
            orgs: Vec::new(),
            accounts: Vec::new(),
            forces: Vec::new(),
            duty: Vec::new(),
            compositions: Vec::new(),
        };
        let (by_clock, by_admin) = (again(), again());
        let refusal = town.as_actor(Actor::clock(), by_clock.into()).unwrap_err();
        assert_eq!(refusal.code(), "already_established");
        assert_eq!(town.act("admin", by_admin).unwrap_err().code(), "not_permitted");
        let first = town.journal.iter().map(|r| r.at).max();
        assert_eq!(first, Some(town.now));
        assert!(matches!(town.journal[0].event, Event::Jurisdiction(_)));
    }
}
