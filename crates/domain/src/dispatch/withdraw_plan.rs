//! The brigade withdraws a plan before the answer (撤回), Plan 4.1.4.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plan::{find, must_be, must_not_be_the_posts};
use super::{Plan, PlanStatus, PlanWithdrawn};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::authority::Role;
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{PlanId, Text, text};

/// Withdrawn.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawPlan {
    /// Which plan.
    pub plan: PlanId,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}

rule!(WithdrawPlan, withdraw_plan, |a| Target::of(Thing::Plan, a.plan));

/// Until it is answered; orders that are out are cancelled one by one. The post's own is the post's to withdraw.
pub fn allow(state: &State, file: &IncidentFile, plan: &Plan, role: Role) -> Result<(), Refusal> {
    let open = [PlanStatus::Draft, PlanStatus::Submitted, PlanStatus::SentBack];
    must_be(plan, ActKind::WithdrawPlan, &open, "draft|submitted|sent_back")?;
    must_not_be_the_posts(state, file, plan, ActKind::WithdrawPlan, role)
}

/// Withdraws it.
pub fn withdraw_plan(state: &State, ctx: &mut Context, act: WithdrawPlan) -> Result<Decision, Refusal> {
    let (incident, file, plan) = find(state, act.plan, None)?;
    allow(state, file, plan, ctx.actor.role)?;
    let reason = text::prose_opt("/reason", act.reason.as_deref())?.map(|r| Personal::new(incident, r));
    let event = PlanWithdrawn { plan: act.plan, reason, by: ctx.report()? };
    Ok(Decision::about(Resource::of("plan", act.plan, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{approve, fire, is, plan, refused};
    use super::WithdrawPlan;
    use crate::dispatch::PlanStatus;
    use crate::types::PlanId;

    fn withdraw(plan: PlanId) -> WithdrawPlan {
        WithdrawPlan { plan, reason: Some("火势已压制".to_owned()) }
    }

    /// Plan 4.1.4: the brigade may withdraw before the answer; the forces are free for another plan.
    #[test]
    fn a_plan_is_withdrawn_before_the_answer() {
        let (mut town, fire) = fire();
        let id = town.plan_submitted(fire, &["huagong"]);
        town.does("commander", withdraw(id));
        assert_eq!(plan(&town, id).status, PlanStatus::Withdrawn);
        town.after_s(3600);
        assert_eq!(town.count("plan.deputy_asked"), 0);
        town.clock_runs();
        assert_eq!(town.count("plan.deputy_asked"), 0, "nobody is asked about it any longer");
        let other = town.plan_submitted(fire, &["huagong"]);
        town.does("shift-leader", approve(other, 1));
    }

    /// Plan 4.1.4: an answered plan is not withdrawn: its orders are out, and are cancelled one by one.
    #[test]
    fn an_answered_plan_is_not_withdrawn() {
        let (mut town, fire) = fire();
        let id = town.plan_submitted(fire, &["huagong"]);
        is(
            &refused(&mut town, "bureau", withdraw(id)),
            "not_permitted",
            Some("4.1.4"),
            &[crate::act::ActKind::CallTown, crate::act::ActKind::PushStandBy],
        );
        town.does("shift-leader", approve(id, 1));
        is(&refused(&mut town, "dispatcher", withdraw(id)), "wrong_status", None, &[]);
        let draft = town.plan_drafted(fire, &["jijiu"]);
        town.does("dispatcher", withdraw(draft));
        is(&refused(&mut town, "dispatcher", withdraw(draft)), "wrong_status", None, &[]);
    }
}
