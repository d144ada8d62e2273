//! The brigade drafts a dispatch plan (调用方案), Plan 4.1.4; after take-over by order of the post (Plan 4.1.5).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::issue::next_number;
use super::plan::{must_command, must_have_post};
use super::task::settle_tasks;
use super::{ArrangementsGiven, PlanDrafted, TaskGiven};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::authority::Role;
use crate::context::Context;
use crate::incident::still_open;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{AccountId, IncidentId, PlanId, Text, limits, text};

/// A plan.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftPlan {
    /// For which incident.
    pub incident: IncidentId,
    /// Which forces, what for.
    pub tasks: Vec<TaskGiven>,
    /// Arrangements for all of them.
    pub arrangements: ArrangementsGiven,
    /// The proposal that it rests on, by hash.
    #[serde(default)]
    pub proposal: Option<Text>,
    /// The plan that it adds to (增援、增调).
    #[serde(default)]
    pub supplement_to: Option<PlanId>,
    /// 按现场指挥部指令
    #[serde(default)]
    pub by_order_of_post: bool,
    /// The duty commander who signs the orders (签发人).
    pub signed_by: AccountId,
}

rule!(DraftPlan, draft_plan, |a| Target::Incident(a.incident));

/// May a plan be drafted here? Once somebody else commands, the brigade drafts by order of the post.
pub fn allow(file: &IncidentFile, role: Role, by_order_of_post: bool) -> Result<(), Refusal> {
    still_open(file)?;
    if file.dispatch.plans.len() >= limits::PLANS_PER_INCIDENT {
        return Err(Refusal::Limit { what: Thing::Plan, limit: limits::PLANS_PER_INCIDENT });
    }
    must_command(file, ActKind::DraftPlan, role, by_order_of_post)
}

/// Orders are signed by a duty commander of the brigade, nobody else.
pub(crate) fn signer(state: &State, account: &AccountId) -> Result<Text, Refusal> {
    match state.org.account(account) {
        Ok(a) if a.role == Role::Commander => Ok(a.position.clone()),
        _ => Err(Refusal::NotASigner { account: account.to_string() }),
    }
}

/// Drafts it.
pub fn draft_plan(state: &State, ctx: &mut Context, act: DraftPlan) -> Result<Decision, Refusal> {
    let file = state.incident(act.incident)?;
    allow(file, ctx.actor.role, act.by_order_of_post)?;
    must_have_post(file, ActKind::DraftPlan, act.by_order_of_post)?;
    if let Some(plan) = act.supplement_to
        && !file.dispatch.plans.contains_key(&plan)
    {
        return Err(Refusal::not_found(Thing::Plan, plan));
    }
    let plan: PlanId = ctx.fresh();
    let event = PlanDrafted {
        plan,
        number: next_number(state, ctx),
        tasks: settle_tasks(state, file, &act.tasks, None, false)?,
        arrangements: act.arrangements.settle(state, act.incident)?,
        proposal: text::line_opt("/proposal", act.proposal.as_deref())?,
        supplement_to: act.supplement_to,
        by_order_of_post: act.by_order_of_post || ctx.actor.role == Role::Post,
        signer: signer(state, &act.signed_by)?,
        signed_by: act.signed_by,
        by: ctx.report()?,
    };
    Ok(Decision::about(Resource::of("plan", plan, act.incident)).then(act.incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{
        approve, file, fire, first_response, is, is_field, ordered, plan, post_established, refused, submit,
    };
    use super::DraftPlan;
    use crate::act::ActKind;
    use crate::dispatch::TaskGiven;
    use crate::dispatch::record_telephone_approval::RecordTelephoneApproval;
    use crate::dispatch::revise_plan::RevisePlan;
    use crate::dispatch::withdraw_plan::WithdrawPlan;
    use crate::incident::close_incident::CloseIncident;
    use crate::testing::{MIDNIGHT, Town, plan_for, slug, task};
    use crate::types::{ForceId, limits};

    /// Plan 4.1.4: the brigade drafts; the plan has its number, its signer and the basis of each force.
    #[test]
    fn the_brigade_drafts_a_plan() {
        let (mut town, fire) = fire();
        let id = town.plan_drafted(fire, &["huagong", "yatou"]);
        let drafted = plan(&town, id);
        assert_eq!(drafted.number, "荣消调〔2026〕1号");
        assert_eq!(
            (drafted.signer.as_str(), drafted.drafted.by.as_str()),
            ("大队值班指挥长", "指挥中心值班调度员")
        );
        let bases: Vec<_> = drafted.tasks.iter().map(|t| t.basis.code()).collect();
        assert_eq!(bases, ["after_approval", "direct"]);
        let refusal = refused(&mut town, "bureau", plan_for(fire, &["jijiu"]));
        is(&refusal, "not_permitted", Some("4.1.4"), &[ActKind::CallTown, ActKind::PushStandBy]);
    }

    /// Plan 4.1.4: orders are signed by a duty commander of the brigade, nobody else.
    #[test]
    fn a_plan_names_a_duty_commander_as_its_signer() {
        let (mut town, fire) = fire();
        for account in ["dispatcher", "shift-leader", "nobody"] {
            let signed = DraftPlan { signed_by: slug(account), ..plan_for(fire, &["huagong"]) };
            is(&refused(&mut town, "dispatcher", signed), "not_a_signer", Some("4.1.4"), &[]);
        }
    }

    /// Plan 4.1.4: who is mobilised by notice or by letter stands in no plan; the refusal names the lawful key.
    #[test]
    fn public_services_and_armed_police_are_not_planned() {
        let (mut town, fire) = fire();
        let police = refused(&mut town, "dispatcher", plan_for(fire, &["huagong", "tejing"]));
        is(&police, "other_basis", Some("4.1.4"), &[ActKind::SendLinkageNotices]);
        let armed = refused(&mut town, "dispatcher", plan_for(fire, &["wujing"]));
        is(&armed, "other_basis", Some("4.1.4"), &[ActKind::SendLetter, ActKind::PushStandBy]);
    }

    /// Plan 4.1.4: a force has one running order and one open plan in an incident.
    #[test]
    fn a_force_is_planned_once_and_not_while_it_is_ordered_here() {
        let (mut town, fire, _) = ordered("huagong");
        is(&refused(&mut town, "dispatcher", plan_for(fire, &["huagong"])), "already_ordered", None, &[]);
        town.plan_drafted(fire, &["jijiu"]);
        is(&refused(&mut town, "dispatcher", plan_for(fire, &["jijiu"])), "already_planned", None, &[]);
        let twice = refused(&mut town, "dispatcher", plan_for(fire, &["jixie", "jixie"]));
        is_field(&twice, "/tasks/1/force");
        is_field(&refused(&mut town, "dispatcher", plan_for(fire, &[])), "/tasks");
        let odd = TaskGiven { capability: Some("spaceship".to_owned()), ..task("jixie") };
        let odd = DraftPlan { tasks: vec![odd], ..plan_for(fire, &[]) };
        is_field(&refused(&mut town, "dispatcher", odd), "/tasks/0/capability");
        let none = TaskGiven { quantity: Some(0), ..task("jixie") };
        let none = DraftPlan { tasks: vec![none], ..plan_for(fire, &[]) };
        is_field(&refused(&mut town, "dispatcher", none), "/tasks/0/quantity");
        let orphan = DraftPlan {
            supplement_to: Some(slug("01ARZ3NDEKTSV4RRFFQ69G5FAV")),
            ..plan_for(fire, &["jixie"])
        };
        is(&refused(&mut town, "dispatcher", orphan), "not_found", None, &[]);
    }

    /// Plan 4.2.2: a force that is out elsewhere is marked, not barred; its orders never touch each other.
    #[test]
    fn a_force_on_two_incidents_has_two_orders_of_its_own() {
        let (mut town, one, order) = ordered("huagong");
        let other = town.at("08:40").oil_depot_burns();
        let second = town.ordered(other, &["huagong"])[0];
        town.does("huagong", super::super::scenes::depart(second));
        assert_eq!(super::super::scenes::order(&town, order).step.code(), "issued");
        assert_eq!(super::super::scenes::order(&town, second).step.code(), "departed");
        let engaged: Vec<_> = town.state.engaged[&slug::<ForceId>("huagong")]
            .iter()
            .map(|e| (e.incident, e.step.code()))
            .collect();
        assert_eq!(engaged, [(one, "issued"), (other, "departed")]);
        let cancel =
            crate::dispatch::cancel_order::CancelOrder { order: second, reason: "误派".to_owned() };
        town.does("commander", cancel);
        assert!(file(&town, one).dispatch.running_order_of(&slug("huagong")).is_some());
        assert!(file(&town, other).dispatch.running_order_of(&slug("huagong")).is_none());
    }

    /// Plan 4.1.5: once the post commands, the brigade drafts by its order, and the plan is approved and filed all the same.
    #[test]
    fn after_the_take_over_a_plan_is_drafted_by_order_of_the_post() {
        let (mut town, fire) = fire();
        let by_order = || DraftPlan { by_order_of_post: true, ..plan_for(fire, &["huagong"]) };
        let early = refused(&mut town, "dispatcher", by_order());
        is(&early, "not_in_command", Some("4.1.5"), &[ActKind::DraftPlan]);
        town.does("leader", post_established(fire));
        let own = refused(&mut town, "dispatcher", plan_for(fire, &["huagong"]));
        is(&own, "not_in_command", Some("4.1.5"), &[ActKind::DraftPlan, ActKind::OrderWithdrawal]);
        let id = town.does("dispatcher", by_order()).id.parse().unwrap();
        assert!(plan(&town, id).by_order_of_post);
        town.does("dispatcher", super::super::scenes::submit(id, 1));
        town.does("shift-leader", approve(id, 1));
        assert_eq!((town.count("order.issued"), town.count("order.filed")), (1, 1));
        let own = town.does("post", plan_for(fire, &["jijiu"])).id.parse().unwrap();
        assert!(plan(&town, own).by_order_of_post, "what the post drafts is by its order");
        let barred = refused(&mut town, "commander", first_response(fire, &["yatou"]));
        is(&barred, "not_in_command", Some("4.1.5"), &[ActKind::DraftPlan]);
    }

    /// Plan 4.1.5: what the brigade drafted before the take-over does not go out as its own after it; by order of the
    /// post it does, and what the post submits is by its order.
    #[test]
    fn a_draft_from_before_the_take_over_goes_out_by_order_of_the_post_only() {
        let (mut town, fire) = fire();
        let (one, other) = (town.plan_drafted(fire, &["huagong"]), town.plan_drafted(fire, &["jijiu"]));
        let waits = town.plan_submitted(fire, &["jixie"]);
        let revised = |plan, by_order_of_post| RevisePlan {
            plan,
            revision: 1,
            tasks: vec![task("huagong")],
            arrangements: crate::testing::arrangements(),
            proposal: None,
            by_order_of_post,
        };
        is(
            &refused(&mut town, "dispatcher", revised(one, true)),
            "not_in_command",
            Some("4.1.5"),
            &[ActKind::RevisePlan],
        );
        town.does("leader", post_established(fire));
        let phoned = RecordTelephoneApproval {
            plan: one,
            revision: 1,
            officer: "应急局带班领导02".to_owned(),
            words: "同意".to_owned(),
            recording: None,
            tasks: None,
        };
        for refusal in [
            refused(&mut town, "dispatcher", submit(one, 1)),
            refused(&mut town, "dispatcher", revised(one, false)),
            refused(&mut town, "dispatcher", phoned.clone()),
            refused(&mut town, "bureau", phoned.clone()),
        ] {
            let keys = [ActKind::RevisePlan, ActKind::OrderWithdrawal];
            is(&refusal, "not_in_command", Some("4.1.5"), &keys);
        }
        town.does("dispatcher", revised(one, true));
        assert!(plan(&town, one).by_order_of_post);
        town.does("dispatcher", RecordTelephoneApproval { revision: 2, ..phoned });
        town.does("post", submit(other, 1));
        assert!(plan(&town, other).by_order_of_post, "what the post submits is by its order");
        town.does("shift-leader", approve(other, 1));
        town.does("shift-leader", approve(waits, 1));
        assert_eq!(
            town.count("order.issued"),
            3,
            "what lay before the bureau then is agreed to as it was asked"
        );
    }

    /// Plan 4.1.5: the post's own plan is the post's to change or withdraw; the brigade may carry it to the bureau.
    #[test]
    fn the_brigade_does_not_rewrite_the_posts_own_plan() {
        let (mut town, fire) = fire();
        let drafted = town.plan_drafted(fire, &["jijiu"]);
        town.does("leader", post_established(fire));
        let own = town.does("post", plan_for(fire, &["huagong"])).id.parse().unwrap();
        let revised = |plan, force| RevisePlan {
            plan,
            revision: 1,
            tasks: vec![task(force)],
            arrangements: crate::testing::arrangements(),
            proposal: None,
            by_order_of_post: true,
        };
        let withdrawn = |plan| WithdrawPlan { plan, reason: None };
        for refusal in [
            refused(&mut town, "dispatcher", revised(own, "huagong")),
            refused(&mut town, "commander", withdrawn(own)),
        ] {
            is(&refusal, "not_in_command", Some("4.1.5"), &[]);
        }
        town.does("dispatcher", submit(own, 1));
        town.does("post", withdrawn(own));
        town.does("post", revised(drafted, "jijiu"));
        let taken = refused(&mut town, "dispatcher", withdrawn(drafted));
        is(&taken, "not_in_command", Some("4.1.5"), &[]);
        let by_order = DraftPlan { by_order_of_post: true, ..plan_for(fire, &["jixie"]) };
        let theirs = town.does("dispatcher", by_order).id.parse().unwrap();
        town.does("dispatcher", withdrawn(theirs));
    }

    /// Plan 4.1.4: a plan of as many forces as a city has is one act; beyond the limit it is refused, not cut.
    #[test]
    fn a_plan_has_a_limit_and_says_so() {
        let (mut town, fire) = fire();
        let many =
            DraftPlan { tasks: vec![task("jixie"); limits::FORCES_PER_ACT + 1], ..plan_for(fire, &[]) };
        is_field(&refused(&mut town, "dispatcher", many), "/tasks");
    }

    /// Plan 4.1.4: documents are numbered by the year, each number once, also around New Year's midnight.
    #[test]
    fn numbers_begin_anew_with_the_year() {
        let mut town = Town::rongcheng("08:00");
        town.now = MIDNIGHT.plus_s(37 * 86_400 + 86_399); // 2026-12-31 23:59:59
        let fire = town.oil_depot_burns();
        let old = town.plan_drafted(fire, &["huagong"]);
        town.after_s(1).that_happened(-1);
        let new = town.plan_drafted(fire, &["jijiu"]);
        let next = town.plan_drafted(fire, &["jixie"]);
        let numbers: Vec<_> = [old, new, next].iter().map(|p| plan(&town, *p).number.clone()).collect();
        assert_eq!(numbers, ["荣消调〔2026〕1号", "荣消调〔2027〕1号", "荣消调〔2027〕2号"]);
    }

    /// Plan 4.1.4: nothing is planned for an incident that is over.
    #[test]
    fn an_incident_that_is_over_takes_no_plan() {
        use crate::incident::verify_call::{Outcome, VerifyCall};
        let mut town = Town::rongcheng("08:00");
        let fire = town.does("dispatcher", crate::testing::oil_depot_call()).incident.unwrap();
        town.does("dispatcher", VerifyCall { incident: fire, outcome: Outcome::FalseAlarm, note: None });
        is(&refused(&mut town, "dispatcher", plan_for(fire, &["huagong"])), "incident_over", None, &[]);
        assert!(town.act("dispatcher", CloseIncident { incident: fire, note: None }).is_err());
    }
}
