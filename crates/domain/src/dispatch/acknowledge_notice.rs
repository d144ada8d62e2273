//! A public service acknowledges a linkage notice.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Notice, NoticeAcknowledged};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::NoticeId;
use crate::types::ids::Fresh;

/// Acknowledged.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeNotice {
    /// Which notice.
    pub notice: NoticeId,
}

rule!(AcknowledgeNotice, acknowledge_notice, |a| Target::of(Thing::Notice, a.notice));

/// Once; late counts too.
pub fn allow(notice: &Notice) -> Result<(), Refusal> {
    match notice.acknowledged {
        None => Ok(()),
        Some(_) => Err(Refusal::AlreadyDone { act: ActKind::AcknowledgeNotice }),
    }
}

/// Acknowledges it.
pub fn acknowledge_notice(
    state: &State,
    ctx: &mut Context,
    act: AcknowledgeNotice,
) -> Result<Decision, Refusal> {
    let (incident, file) = state.incident_with(Thing::Notice, act.notice.ulid())?;
    let notice = file.dispatch.notices.get(&act.notice);
    allow(notice.ok_or_else(|| Refusal::not_found(Thing::Notice, act.notice))?)?;
    let event = NoticeAcknowledged { notice: act.notice, by: ctx.report()? };
    Ok(Decision::about(Resource::of("notice", act.notice, incident)).then(incident, event))
}
