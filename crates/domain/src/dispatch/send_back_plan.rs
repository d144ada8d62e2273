//! The bureau sends a plan back with its reasons (退回), Plan 4.1.4.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plan::{find, must_be, must_be_asked};
use super::{Plan, PlanSentBack, PlanStatus};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::authority::Role;
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{PlanId, Text, text};

/// Sent back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendBackPlan {
    /// Which plan.
    pub plan: PlanId,
    /// What the officer was shown.
    pub revision: u32,
    /// Why: the brigade must know what to change.
    pub reasons: Text,
}

rule!(SendBackPlan, send_back_plan, |a| Target::of(Thing::Plan, a.plan));

/// Only what was submitted; by a deputy only after he was asked.
pub fn allow(plan: &Plan, role: Role) -> Result<(), Refusal> {
    must_be(plan, ActKind::SendBackPlan, &[PlanStatus::Submitted], "submitted")?;
    must_be_asked(plan, role)
}

/// Sends it back.
pub fn send_back_plan(state: &State, ctx: &mut Context, act: SendBackPlan) -> Result<Decision, Refusal> {
    let (incident, _, plan) = find(state, act.plan, Some(act.revision))?;
    allow(plan, ctx.actor.role)?;
    let reasons = Personal::new(incident, text::prose("/reasons", &act.reasons)?);
    let event = PlanSentBack { plan: act.plan, reasons, by: ctx.report()? };
    Ok(Decision::about(Resource::of("plan", act.plan, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{approve, fire, is, is_field, plan, refused, submit};
    use super::SendBackPlan;
    use crate::dispatch::PlanStatus;
    use crate::dispatch::revise_plan::RevisePlan;
    use crate::testing::{arrangements, task};
    use crate::types::PlanId;

    fn back(plan: PlanId, revision: u32, reasons: &str) -> SendBackPlan {
        SendBackPlan { plan, revision, reasons: reasons.to_owned() }
    }

    /// Plan 4.1.4: a plan comes back with reasons, is changed, submitted again, and agreed to as changed.
    #[test]
    fn a_plan_sent_back_is_revised_and_submitted_again() {
        let (mut town, fire) = fire();
        let id = town.plan_submitted(fire, &["huagong", "jixie"]);
        town.does("bureau", back(id, 1, "请说明机械队用途"));
        let sent_back = plan(&town, id);
        assert_eq!(sent_back.status, PlanStatus::SentBack);
        assert_eq!(sent_back.reasons.as_ref().unwrap().open.as_deref(), Some("请说明机械队用途"));
        assert_eq!(sent_back.answer_due, None, "nobody is asked any longer");
        is(&refused(&mut town, "shift-leader", approve(id, 1)), "wrong_status", None, &[]);
        is(&refused(&mut town, "dispatcher", submit(id, 1)), "wrong_status", None, &[]);
        let revised = RevisePlan {
            plan: id,
            revision: 1,
            tasks: vec![task("huagong")],
            arrangements: arrangements(),
            proposal: None,
            by_order_of_post: false,
        };
        town.does("dispatcher", revised);
        assert_eq!(plan(&town, id).revision, 2);
        assert!(plan(&town, id).reasons.is_none(), "they were answered");
        town.does("dispatcher", submit(id, 2));
        town.does("shift-leader", approve(id, 2));
        assert_eq!(town.count("order.issued"), 1);
        assert_eq!(plan(&town, id).number, sent_back.number, "it keeps its number");
    }

    /// Plan 4.1.4: the brigade must know what to change; only what was shown and submitted is sent back.
    #[test]
    fn sending_back_needs_reasons_the_present_revision_and_a_submitted_plan() {
        let (mut town, fire) = fire();
        let draft = town.plan_drafted(fire, &["jijiu"]);
        is(&refused(&mut town, "bureau", back(draft, 1, "用途？")), "wrong_status", None, &[]);
        let id = town.plan_submitted(fire, &["huagong"]);
        is_field(&refused(&mut town, "bureau", back(id, 1, " ")), "/reasons");
        is(&refused(&mut town, "bureau", back(id, 2, "用途？")), "stale_revision", None, &[]);
        is(&refused(&mut town, "dispatcher", back(id, 1, "用途？")), "not_permitted", Some("4.1.4"), &[]);
        town.does("shift-leader", back(id, 1, "用途？"));
        is(&refused(&mut town, "bureau", back(id, 1, "用途？")), "wrong_status", None, &[]);
    }

    /// Plan 4.1.4: deputies answer in turn, not before they are asked.
    #[test]
    fn a_deputy_sends_back_only_after_he_was_asked() {
        let (mut town, fire) = fire();
        let id = town.plan_submitted(fire, &["huagong"]);
        is(&refused(&mut town, "deputy", back(id, 1, "用途？")), "not_asked", None, &[]);
        town.after_s(180).clock_runs();
        town.does("deputy", back(id, 1, "用途？"));
    }
}
