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

#[cfg(test)]
mod tests {
    use super::super::scenes::{filing, is, ordered, refused};
    use super::SignFiling;
    use crate::types::FilingId;

    fn sign(filing: FilingId) -> SignFiling {
        SignFiling { filing, remark: Some("已阅".to_owned()) }
    }

    /// Plan 4.1.4: the industry authority signs for its filings, once; late counts.
    #[test]
    fn the_industry_authority_signs_for_its_filing() {
        let (mut town, _, order) = ordered("huagong");
        let id = filing(&town, order).id;
        is(&refused(&mut town, "dept-weijian", sign(id)), "not_yours", None, &[]);
        town.after_s(600).clock_runs();
        assert!(filing(&town, order).overdue);
        town.does("dept-gongxin", sign(id));
        assert_eq!(filing(&town, order).signed.as_ref().unwrap().by, "市工信局值班员");
        is(&refused(&mut town, "dept-gongxin", sign(id)), "already_done", None, &[]);
    }

    /// Plan 4.1.4: the bureau signs for the brigade's own stations, with or without an account of its own at hand.
    #[test]
    fn the_bureau_signs_for_own_stations() {
        let (mut town, _, order) = ordered("shidao");
        let id = filing(&town, order).id;
        is(&refused(&mut town, "dispatcher", sign(id)), "on_behalf_missing", None, &[]);
        town.does("bureau", sign(id));
    }
}
