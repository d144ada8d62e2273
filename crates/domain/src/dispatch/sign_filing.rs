//! An industry authority signs for a filing (签收), Plan 4.1.4.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Filing, FilingSigned};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::ids::Fresh;
use crate::types::{FilingId, Text, text};

/// Signed for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignFiling {
    /// Which filing.
    pub filing: FilingId,
    /// A remark.
    #[serde(default)]
    pub remark: Option<Text>,
}

rule!(SignFiling, sign_filing, |a| Target::of(Thing::Filing, a.filing));

/// Once; late counts too.
pub fn allow(filing: &Filing) -> Result<(), Refusal> {
    match filing.signed {
        None => Ok(()),
        Some(_) => Err(Refusal::AlreadyDone { act: ActKind::SignFiling }),
    }
}

/// Signs for it.
pub fn sign_filing(state: &State, ctx: &mut Context, act: SignFiling) -> Result<Decision, Refusal> {
    let (incident, file) = state.incident_with(Thing::Filing, act.filing.ulid())?;
    let filing = file.dispatch.filings.get(&act.filing);
    allow(filing.ok_or_else(|| Refusal::not_found(Thing::Filing, act.filing))?)?;
    let remark = text::prose_opt("/remark", act.remark.as_deref())?.map(|r| Personal::new(incident, r));
    let event = FilingSigned { filing: act.filing, remark, by: ctx.report()? };
    Ok(Decision::about(Resource::of("filing", act.filing, incident)).then(incident, event))
}
