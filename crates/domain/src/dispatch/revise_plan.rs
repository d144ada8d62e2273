//! A plan is changed before it is submitted, or after it was sent back (Plan 4.1.4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plan::{find, must_be, must_command, must_have_post, must_not_be_the_posts};
use super::task::settle_tasks;
use super::{ArrangementsGiven, Plan, PlanRevised, PlanStatus, TaskGiven};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::authority::Role;
use crate::context::Context;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{PlanId, Text, text};

/// The plan, changed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevisePlan {
    /// Which plan.
    pub plan: PlanId,
    /// The revision that was shown.
    pub revision: u32,
    /// Its tasks now.
    pub tasks: Vec<TaskGiven>,
    /// Its arrangements now.
    pub arrangements: ArrangementsGiven,
    /// The proposal that it rests on, by hash.
    #[serde(default)]
    pub proposal: Option<Text>,
    /// 按现场指挥部指令: a draft of the brigade's own goes out by order of the post once that commands.
    #[serde(default)]
    pub by_order_of_post: bool,
}

rule!(RevisePlan, revise_plan, |a| Target::of(Thing::Plan, a.plan));

/// What lies before the bureau is not changed under its hands: withdraw it first. Once the post commands, the brigade
/// changes a plan by its order, and the post's own not at all (Plan 4.1.5).
pub fn allow(
    state: &State,
    file: &IncidentFile,
    plan: &Plan,
    role: Role,
    by_order_of_post: bool,
) -> Result<(), Refusal> {
    let act = ActKind::RevisePlan;
    must_be(plan, act, &[PlanStatus::Draft, PlanStatus::SentBack], "draft|sent_back")?;
    must_not_be_the_posts(state, file, plan, act, role)?;
    must_command(file, act, role, plan.by_order_of_post || by_order_of_post)
}

/// Changes it.
pub fn revise_plan(state: &State, ctx: &mut Context, act: RevisePlan) -> Result<Decision, Refusal> {
    let (incident, file, plan) = find(state, act.plan, Some(act.revision))?;
    let role = ctx.actor.role;
    allow(state, file, plan, role, act.by_order_of_post)?;
    must_have_post(file, ActKind::RevisePlan, act.by_order_of_post)?;
    let event = PlanRevised {
        plan: act.plan,
        tasks: settle_tasks(state, file, &act.tasks, Some(act.plan), false)?,
        arrangements: act.arrangements.settle(state, incident)?,
        proposal: text::line_opt("/proposal", act.proposal.as_deref())?,
        by_order_of_post: act.by_order_of_post || role == Role::Post,
        by: ctx.report()?,
    };
    Ok(Decision::about(Resource::of("plan", act.plan, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{fire, is, plan, refused};
    use super::RevisePlan;
    use crate::testing::{arrangements, task};
    use crate::types::PlanId;

    fn revise(plan: PlanId, revision: u32, forces: &[&str]) -> RevisePlan {
        let tasks = forces.iter().map(|force| task(force)).collect();
        RevisePlan {
            plan,
            revision,
            tasks,
            arrangements: arrangements(),
            proposal: None,
            by_order_of_post: false,
        }
    }

    /// Plan 4.1.4: a draft may be changed as often as needed; each change is a revision.
    #[test]
    fn a_draft_is_changed_and_does_not_stand_in_its_own_way() {
        let (mut town, fire) = fire();
        let id = town.plan_drafted(fire, &["huagong"]);
        town.does("dispatcher", revise(id, 1, &["huagong", "jijiu"]));
        town.does("commander", revise(id, 2, &["jijiu"]));
        assert_eq!((plan(&town, id).revision, plan(&town, id).tasks.len()), (3, 1));
        town.plan_drafted(fire, &["huagong"]);
        let refusal = refused(&mut town, "dispatcher", revise(id, 3, &["jijiu", "huagong"]));
        is(&refusal, "already_planned", None, &[]);
    }

    /// Plan 4.1.4: what lies before the bureau is not changed under its hands.
    #[test]
    fn a_submitted_plan_and_a_stale_draft_are_not_changed() {
        let (mut town, fire) = fire();
        let id = town.plan_drafted(fire, &["huagong"]);
        is(&refused(&mut town, "dispatcher", revise(id, 2, &["jijiu"])), "stale_revision", None, &[]);
        is(
            &refused(&mut town, "bureau", revise(id, 1, &["jijiu"])),
            "not_permitted",
            Some("4.1.4"),
            &[crate::act::ActKind::CallTown, crate::act::ActKind::PushStandBy],
        );
        town.does("dispatcher", super::super::scenes::submit(id, 1));
        is(&refused(&mut town, "dispatcher", revise(id, 1, &["jijiu"])), "wrong_status", None, &[]);
    }
}
