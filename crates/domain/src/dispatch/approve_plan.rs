//! The bureau agrees to a dispatch plan (调用方案), whole or in part, Plan 4.1.4.
//!
//! Approval, orders and filings are one batch: an order without an approval, or without its filing, is then not a
//! state to be checked for but one that cannot be written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::issue;
use super::plan::{find, must_be, must_be_asked};
use super::{ApprovalMeans, OrderBasis, Plan, PlanApproved, PlanStatus};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::authority::Role;
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::{ForceId, PlanId, Text, text};

/// The bureau agrees to a submitted plan.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovePlan {
    /// Which plan.
    pub plan: PlanId,
    /// What the officer was shown: agreeing to an older draft is refused.
    pub revision: u32,
    /// The forces agreed to; absent means all.
    #[serde(default)]
    pub tasks: Option<Vec<ForceId>>,
    /// A remark.
    #[serde(default)]
    pub remark: Option<Text>,
}

rule!(ApprovePlan, approve_plan, |a| Target::of(Thing::Plan, a.plan));

/// May this plan be approved by this role? A deputy only after he was asked.
pub fn allow(plan: &Plan, role: Role) -> Result<(), Refusal> {
    must_be(plan, ActKind::ApprovePlan, &[PlanStatus::Submitted], "submitted")?;
    must_be_asked(plan, role)
}

/// Agrees; orders and filings go out.
pub fn approve_plan(state: &State, ctx: &mut Context, act: ApprovePlan) -> Result<Decision, Refusal> {
    let (incident, file, plan) = find(state, act.plan, Some(act.revision))?;
    allow(plan, ctx.actor.role)?;
    let (agreed, refused) = issue::part(plan, act.tasks)?;
    let remark = text::prose_opt("/remark", act.remark.as_deref())?.map(|r| Personal::new(incident, r));
    let approved = PlanApproved {
        plan: plan.id,
        revision: plan.revision,
        agreed,
        refused,
        means: ApprovalMeans::Platform,
        officer: ctx.actor.position.clone(),
        words: None,
        recording: None,
        remark,
        written_due: None,
        by: ctx.report()?,
    };
    let mut decision = Decision::about(Resource::of("plan", plan.id, incident));
    issue::approve(state, ctx, file, plan, approved, OrderBasis::ApprovedPlan, &mut decision)?;
    Ok(decision)
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{approve, filing, fire, first_response, is, is_field, order, plan, refused};
    use super::ApprovePlan;
    use crate::act::ActKind;
    use crate::dispatch::PlanStatus;
    use crate::testing::{slug, task};
    use crate::types::PlanId;

    /// Plan 4.1.4: outside forces move only after the bureau agrees, and each order is filed with its authority.
    #[test]
    fn an_outside_force_is_ordered_only_after_approval_and_each_order_is_filed() {
        let (mut town, fire) = fire();
        let refusal = refused(&mut town, "dispatcher", first_response(fire, &["huagong"]));
        let lawful = [ActKind::DraftPlan, ActKind::RecordTelephoneApproval, ActKind::PushStandBy];
        is(&refusal, "approval_needed", Some("4.1.4"), &lawful);
        let id = town.at("08:03").plan_submitted(fire, &["huagong", "jijiu", "yatou"]);
        assert_eq!(town.count("order.issued"), 0, "a submitted plan orders nothing");
        let seq = town.journal.len();
        town.at("08:04").does("shift-leader", approve(id, 1));
        let batch = [
            "plan.approved",
            "order.issued",
            "order.filed",
            "order.issued",
            "order.filed",
            "order.issued",
            "order.filed",
        ];
        assert_eq!(town.kinds_since(seq), batch);
        let orders: Vec<_> = town.state.hot(fire).unwrap().dispatch.orders.keys().copied().collect();
        let filed: Vec<_> = orders.iter().map(|o| filing(&town, *o).authority.to_string()).collect();
        // The brigade's own station is filed with the bureau: it has no authority above it here.
        assert_eq!(filed, ["org-gongxin", "org-weijian", "org-yingji"]);
        let numbers: Vec<_> = orders.iter().map(|o| order(&town, *o).number.clone()).collect();
        assert_eq!(numbers, ["荣消调〔2026〕1号-01", "荣消调〔2026〕1号-02", "荣消调〔2026〕1号-03"]);
        assert_eq!(order(&town, orders[0]).issued_by, "大队值班指挥长");
    }

    /// Plan 4.1.4: the bureau may agree to a part; what it did not agree to stays free for another plan.
    #[test]
    fn a_part_of_a_plan_may_be_agreed_to() {
        let (mut town, fire) = fire();
        let id = town.plan_submitted(fire, &["huagong", "jijiu", "jixie"]);
        let part = |forces: &[&str]| ApprovePlan {
            plan: id,
            revision: 1,
            tasks: Some(forces.iter().map(|f| slug(f)).collect()),
            remark: Some("机械队暂缓".to_owned()),
        };
        is_field(&refused(&mut town, "shift-leader", part(&[])), "/tasks");
        is_field(&refused(&mut town, "shift-leader", part(&["huagong", "wujing"])), "/tasks");
        town.does("shift-leader", part(&["jijiu", "huagong"]));
        let partly = plan(&town, id);
        assert_eq!(partly.status, PlanStatus::PartlyApproved);
        let agreed: Vec<_> = partly.tasks.iter().map(|t| (t.force.as_str(), t.agreed)).collect();
        assert_eq!(agreed, [("huagong", Some(true)), ("jijiu", Some(true)), ("jixie", Some(false))]);
        assert_eq!(town.count("order.issued"), 2);
        town.plan_submitted(fire, &["jixie"]);
        is(&refused(&mut town, "shift-leader", part(&["jixie"])), "wrong_status", None, &[]);
    }

    /// Plan 4.1.4: the bureau agrees to what it was shown, and to nothing that was changed since.
    #[test]
    fn agreeing_to_an_older_revision_is_refused() {
        use crate::dispatch::revise_plan::RevisePlan;
        let (mut town, fire) = fire();
        let id = town.plan_drafted(fire, &["huagong"]);
        is(&refused(&mut town, "shift-leader", approve(id, 1)), "wrong_status", None, &[]);
        let revised = RevisePlan {
            plan: id,
            revision: 1,
            tasks: vec![task("huagong"), task("jijiu")],
            arrangements: crate::testing::arrangements(),
            proposal: None,
            by_order_of_post: false,
        };
        town.does("dispatcher", revised);
        town.does("dispatcher", super::super::scenes::submit(id, 2));
        is(&refused(&mut town, "shift-leader", approve(id, 1)), "stale_revision", None, &[]);
        is(&refused(&mut town, "shift-leader", approve(id, 3)), "stale_revision", None, &[]);
        town.does("shift-leader", approve(id, 2));
    }

    /// Plan 4.1.4: the duty officer handles, the shift leader agrees; the brigade does not agree to its own plan.
    #[test]
    fn nobody_but_the_shift_leader_or_an_asked_deputy_agrees() {
        let (mut town, fire) = fire();
        let id = town.plan_submitted(fire, &["huagong"]);
        for who in ["bureau", "dispatcher", "commander"] {
            let refusal = refused(&mut town, who, approve(id, 1));
            is(&refusal, "not_permitted", Some("4.1.4"), &[ActKind::RecordTelephoneApproval]);
        }
        is(&refused(&mut town, "govt", approve(id, 1)), "not_permitted", Some("4.1.4"), &[]);
        is(&refused(&mut town, "deputy", approve(id, 1)), "not_asked", None, &[]);
        town.after_s(179).clock_runs();
        is(&refused(&mut town, "deputy", approve(id, 1)), "not_asked", None, &[]);
        town.after_s(1).clock_runs();
        town.does("deputy", approve(id, 1));
        assert_eq!(plan(&town, id).approval.as_ref().unwrap().officer, "应急局第一备岗");
    }

    /// Plan 4.1.4: a plan leads to its orders once.
    #[test]
    fn a_plan_is_agreed_to_once_and_a_withdrawn_one_never() {
        use crate::dispatch::withdraw_plan::WithdrawPlan;
        let (mut town, fire) = fire();
        let id = town.plan_submitted(fire, &["huagong"]);
        town.does("shift-leader", approve(id, 1));
        is(&refused(&mut town, "shift-leader", approve(id, 1)), "wrong_status", None, &[]);
        let other = town.plan_submitted(fire, &["jijiu"]);
        town.does("dispatcher", WithdrawPlan { plan: other, reason: None });
        is(&refused(&mut town, "shift-leader", approve(other, 1)), "wrong_status", None, &[]);
        let unknown: PlanId = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
        is(&refused(&mut town, "shift-leader", approve(unknown, 1)), "not_found", None, &[]);
        assert_eq!(town.count("order.issued"), 1);
    }

    /// Plan 4.1.4: when the incident turns out to be another, a force that must then be asked is not ordered.
    #[test]
    fn the_basis_of_each_force_is_settled_again_at_the_moment_of_the_order() {
        use crate::incident::classify_incident::ClassifyIncident;
        use crate::jurisdiction::{Basis, BasisRule};
        let (mut town, fire) = fire();
        let id = town.plan_submitted(fire, &["huagong"]);
        let asked_in_floods = BasisRule {
            kinds: vec!["enterprise".to_owned()],
            types: vec!["any".to_owned()],
            hazards: vec!["flood".to_owned()],
            basis: Basis::LetterOfRequest,
            clause: String::new(),
            source_zh: "商请企业".to_owned(),
            source_en: "ask the enterprise".to_owned(),
        };
        std::sync::Arc::make_mut(&mut town.state.jurisdiction).bases.insert(0, asked_in_floods);
        town.does(
            "dispatcher",
            ClassifyIncident {
                incident: fire,
                hazard: "flood".to_owned(),
                grade: 3,
                trapped: None,
                substance: None,
                place: None,
            },
        );
        let refusal = refused(&mut town, "shift-leader", approve(id, 1));
        is(&refusal, "other_basis", Some("4.1.4"), &[ActKind::SendLetter, ActKind::PushStandBy]);
    }
}
