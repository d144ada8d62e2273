//! A public service acknowledges a linkage notice, Plan 4.3.1.

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

#[cfg(test)]
mod tests {
    use super::super::scenes::{file, fire, is, refused};
    use super::AcknowledgeNotice;
    use crate::dispatch::send_linkage_notices::SendLinkageNotices;
    use crate::testing::{Town, slug};
    use crate::types::NoticeId;

    fn told() -> (Town, NoticeId) {
        let (mut town, fire) = fire();
        town.does(
            "dispatcher",
            SendLinkageNotices { incident: fire, orgs: vec![slug("org-gongan")], text: None },
        );
        let notice = *file(&town, fire).dispatch.notices.keys().next().unwrap();
        (town, notice)
    }

    /// Plan 4.3.1: the service acknowledges its own notice, once; late counts.
    #[test]
    fn a_service_acknowledges_its_own_notice() {
        let (mut town, notice) = told();
        is(&refused(&mut town, "dept-weijian", AcknowledgeNotice { notice }), "not_yours", None, &[]);
        town.after_s(300).clock_runs();
        assert_eq!(town.count("notice.missed"), 1);
        town.does("dept-gongan", AcknowledgeNotice { notice });
        is(&refused(&mut town, "dept-gongan", AcknowledgeNotice { notice }), "already_done", None, &[]);
    }

    /// Plan 4.3.1: who acknowledges by telephone is typed in, by name.
    #[test]
    fn a_desk_types_it_in_for_the_service() {
        let (mut town, notice) = told();
        is(&refused(&mut town, "dispatcher", AcknowledgeNotice { notice }), "on_behalf_missing", None, &[]);
        town.by_phone_for("110 值班员").does("dispatcher", AcknowledgeNotice { notice });
        town.after_s(300).clock_runs();
        assert_eq!(town.count("notice.missed"), 0);
    }
}
