//! Linkage notices (联动通知) to 110, 120, 122, power, gas, water, telecom: at once, no approval needed (Plan 4.3.1).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NoticeSent;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::incident::still_open;
use crate::personal::Personal;
use crate::refusal::{FieldFault, Refusal};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, NoticeId, OrgId, Text, limits, text};

/// Notices to some services.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendLinkageNotices {
    /// For which incident.
    pub incident: IncidentId,
    /// To whom; services that have been told already are left out.
    pub orgs: Vec<OrgId>,
    /// What to say; where absent, the incident in one line.
    #[serde(default)]
    pub text: Option<Text>,
}

rule!(SendLinkageNotices, send_linkage_notices, |a| Target::Incident(a.incident));

/// Which of these have not been told yet; refused when none is left, or when one is no linkage service.
pub fn allow(state: &State, file: &IncidentFile, orgs: &[OrgId]) -> Result<Vec<OrgId>, Refusal> {
    still_open(file)?;
    if orgs.is_empty() {
        return Err(Refusal::field("/orgs", FieldFault::Empty));
    }
    if orgs.len() > limits::ORGS_PER_ACT {
        let fault = FieldFault::TooMany { count: orgs.len(), limit: limits::ORGS_PER_ACT };
        return Err(Refusal::field("/orgs", fault));
    }
    let mut left = Vec::new();
    for (i, org) in orgs.iter().enumerate() {
        if !state.jurisdiction.linkages.iter().any(|l| l.org == *org) {
            let value = state.org.name(org);
            return Err(Refusal::field(format!("/orgs/{i}"), FieldFault::Unknown { value }));
        }
        let told = file.dispatch.notices.values().any(|n| n.org == *org);
        if !told && !left.contains(org) {
            left.push(org.clone());
        }
    }
    if left.is_empty() {
        return Err(Refusal::AlreadyDone { act: ActKind::SendLinkageNotices });
    }
    Ok(left)
}

/// Sends them.
pub fn send_linkage_notices(
    state: &State,
    ctx: &mut Context,
    act: SendLinkageNotices,
) -> Result<Decision, Refusal> {
    let file = state.incident(act.incident)?;
    let orgs = allow(state, file, &act.orgs)?;
    let text = match text::prose_opt("/text", act.text.as_deref())? {
        Some(text) => text,
        None => file.incident.headline(&state.jurisdiction),
    };
    let due = ctx.now.plus_s(state.readiness.limits().linkage_confirm_limit_s);
    let by = ctx.report()?;
    let mut decision = Decision::about(Resource::of("incident", act.incident, act.incident));
    for org in orgs {
        let notice: NoticeId = ctx.fresh();
        let text = Personal::new(act.incident, text.clone());
        decision.push(act.incident, NoticeSent { notice, org, text, due, by: by.clone() });
    }
    Ok(decision)
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{file, fire, is, is_field, refused};
    use super::SendLinkageNotices;
    use crate::testing::slug;
    use crate::types::IncidentId;

    fn notify(incident: IncidentId, orgs: &[&str]) -> SendLinkageNotices {
        SendLinkageNotices { incident, orgs: orgs.iter().map(|org| slug(org)).collect(), text: None }
    }

    /// Plan 4.3.1: public services are told at once, each once, in one line of the incident where nothing else is said.
    #[test]
    fn services_are_told_at_once_and_once() {
        let (mut town, fire) = fire();
        town.does("dispatcher", notify(fire, &["org-gongan"]));
        let notices: Vec<_> = file(&town, fire).dispatch.notices.values().cloned().collect();
        assert!(notices[0].text.reveal().unwrap().contains("石岛油库"));
        town.does("bureau", notify(fire, &["org-gongan", "org-weijian", "org-weijian"]));
        assert_eq!(town.count("notice.sent"), 2, "who was told already is left out");
        is(&refused(&mut town, "dispatcher", notify(fire, &["org-gongan"])), "already_done", None, &[]);
    }

    /// Plan 4.3.1: only linkage services are told by notice.
    #[test]
    fn an_organisation_that_is_no_service_is_refused() {
        let (mut town, fire) = fire();
        is_field(&refused(&mut town, "dispatcher", notify(fire, &["org-gongan", "org-gongxin"])), "/orgs/1");
        is_field(&refused(&mut town, "dispatcher", notify(fire, &[])), "/orgs");
        is(
            &refused(&mut town, "huagong", notify(fire, &["org-gongan"])),
            "not_permitted",
            Some("4.3.1"),
            &[],
        );
    }
}
