//! A plan is submitted to the bureau (报应急管理局同意), Plan 4.1.4.
//!
//! Where the bureau agreed to the composition in advance, its orders go at once, and the record says so.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::issue;
use super::plan::{find, must_be, must_command};
use super::step::{gives, standing};
use super::{ApprovalMeans, OrderBasis, Plan, PlanApproved, PlanStatus, PlanSubmitted};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::authority::Role;
use crate::composition::{Preauthorisation, Slot};
use crate::context::{Context, Reported};
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{PlanId, Text, Time};

/// Submitted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitPlan {
    /// Which plan.
    pub plan: PlanId,
    /// The revision that was shown.
    pub revision: u32,
}

rule!(SubmitPlan, submit_plan, |a| Target::of(Thing::Plan, a.plan));

/// A draft; one that was sent back is revised first, which makes it a draft again. Once the post commands, the brigade's
/// own is revised first too, so that it goes out by order of the post (Plan 4.1.5).
pub fn allow(file: &IncidentFile, plan: &Plan, role: Role) -> Result<(), Refusal> {
    must_be(plan, ActKind::SubmitPlan, &[PlanStatus::Draft], "draft")?;
    must_command(file, ActKind::SubmitPlan, role, plan.by_order_of_post)
}

/// Submits it.
pub fn submit_plan(state: &State, ctx: &mut Context, act: SubmitPlan) -> Result<Decision, Refusal> {
    let (incident, file, plan) = find(state, act.plan, Some(act.revision))?;
    allow(file, plan, ctx.actor.role)?;
    let by = ctx.report()?;
    let decision = Decision::about(Resource::of("plan", act.plan, incident));
    let mut decision = decision.then(incident, submitted(state, ctx, plan, by.clone())?);
    if let Some(agreed) = agreed_in_advance(state, file, plan, ctx.now) {
        let approved = PlanApproved {
            plan: plan.id,
            revision: plan.revision,
            agreed: plan.tasks.iter().map(|t| t.force.clone()).collect(),
            refused: Vec::new(),
            means: ApprovalMeans::Preauthorised,
            officer: agreed.officer.clone(),
            words: Some(Personal::new(incident, agreed.why.clone())),
            recording: None,
            remark: None,
            written_due: None,
            by,
        };
        issue::approve(state, ctx, file, plan, approved, OrderBasis::Preauthorised, &mut decision)?;
    }
    Ok(decision)
}

/// The shift leader on duty agrees, so he is asked first; the deputies follow when he does not answer.
pub(crate) fn submitted(
    state: &State,
    ctx: &Context,
    plan: &Plan,
    by: Reported,
) -> Result<PlanSubmitted, Refusal> {
    let bureau = &state.jurisdiction.offices()?.bureau;
    let asked: Vec<Text> = match state.duty.on_duty(bureau, ctx.now) {
        Some(on) => vec![on.leader],
        None => vec![state.org.name(bureau)],
    };
    let answer_due = ctx.now.plus_s(state.readiness.limits().approval_limit_s);
    let by_order_of_post = ctx.actor.role == Role::Post;
    Ok(PlanSubmitted { plan: plan.id, asked, answer_due, by_order_of_post, by })
}

/// The agreement in advance that covers every task of the plan: each force can do what its slot asks, and is still
/// missing there. What goes beyond the composition was not agreed to, and waits for the bureau.
pub fn agreed_in_advance<'a>(
    state: &'a State,
    file: &IncidentFile,
    plan: &Plan,
    now: Time,
) -> Option<&'a Preauthorisation> {
    let (hazard, grade) = (file.incident.hazard.as_deref()?, file.incident.grade?);
    let composition = state.composition.find(hazard, grade)?;
    let agreed = state.composition.preauthorisation(composition, now)?;
    let mut slots: Vec<(&Slot, u32)> =
        composition.slots.iter().map(|slot| (slot, standing(state, file, slot))).collect();
    for task in &plan.tasks {
        let named = task.slot.as_deref();
        let (slot, so_far) = slots.iter().find(|(slot, _)| Some(slot.id.as_str()) == named)?;
        let force = state.ledger.forces.get(&task.force)?;
        if force.has(&slot.capability) == 0 || *so_far >= slot.quantity {
            return None;
        }
        // It comes with all it has, so it may fill the slots beside too.
        for (slot, so_far) in &mut slots {
            *so_far = so_far.saturating_add(gives(state, &task.force, named, task.quantity, slot));
        }
    }
    Some(agreed)
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{approve, fire, is, plan, refused, submit};
    use crate::composition::adopt_composition::AdoptComposition;
    use crate::composition::preauthorise_composition::PreauthoriseComposition;
    use crate::composition::revoke_preauthorisation::RevokePreauthorisation;
    use crate::dispatch::draft_plan::DraftPlan;
    use crate::dispatch::{ApprovalMeans, OrderBasis, PlanStatus, TaskGiven};
    use crate::testing::{Town, plan_for, slug, task};
    use crate::types::{ForceId, IncidentId, PlanId, Time};

    fn for_slot(force: &str, slot: &str, quantity: u32) -> TaskGiven {
        TaskGiven { slot: Some(slot.to_owned()), quantity: Some(quantity), ..task(force) }
    }

    fn drafted(town: &mut Town, incident: IncidentId, tasks: Vec<TaskGiven>) -> PlanId {
        let draft = DraftPlan { tasks, ..plan_for(incident, &[]) };
        town.does("dispatcher", draft).id.parse().unwrap()
    }

    fn preauthorise(town: &mut Town, until: Option<Time>) {
        let act = PreauthoriseComposition {
            composition: slug("hazchem-3"),
            why: "石岛油库重点时段".to_owned(),
            until,
        };
        town.does("shift-leader", act);
    }

    /// Did it go at once?
    fn goes(town: &mut Town, plan: PlanId) -> bool {
        let before = town.count("order.issued");
        town.does("dispatcher", submit(plan, 1));
        town.count("order.issued") > before
    }

    /// Plan 4.1.4, 4.2.3: the shift leader who is on duty at that moment is asked, and has his time.
    #[test]
    fn a_plan_is_submitted_to_the_shift_leader_on_duty() {
        let (mut town, fire) = fire();
        let (night, day) = (town.plan_drafted(fire, &["huagong"]), town.plan_drafted(fire, &["jijiu"]));
        town.at("08:29").does("dispatcher", submit(night, 1));
        let asked = plan(&town, night);
        assert_eq!(asked.status, PlanStatus::Submitted);
        assert_eq!(asked.answer_due, Some(town.now.plus_s(180)));
        town.at("08:30").does("dispatcher", submit(day, 1));
        assert_ne!(asked.asked, plan(&town, day).asked, "the shift changes at half past eight");
        is(&refused(&mut town, "dispatcher", submit(day, 1)), "wrong_status", None, &[]);
        let stale = town.plan_drafted(fire, &["jixie"]);
        is(&refused(&mut town, "dispatcher", submit(stale, 2)), "stale_revision", None, &[]);
    }

    /// Plan 4.1.4: where the bureau agreed to the composition in advance, its orders go at once, and the record says so.
    #[test]
    fn a_plan_within_a_preauthorised_composition_goes_at_once_and_says_so() {
        let (mut town, fire) = fire();
        preauthorise(&mut town, None);
        let id = drafted(
            &mut town,
            fire,
            vec![for_slot("huagong", "hazchem", 1), for_slot("jijiu", "ambulance", 2)],
        );
        let seq = town.journal.len();
        town.does("dispatcher", submit(id, 1));
        let kinds =
            ["plan.submitted", "plan.approved", "order.issued", "order.filed", "order.issued", "order.filed"];
        assert_eq!(town.kinds_since(seq), kinds);
        let agreed = plan(&town, id);
        let approval = agreed.approval.as_ref().unwrap();
        assert_eq!((agreed.status, approval.means), (PlanStatus::Approved, ApprovalMeans::Preauthorised));
        assert_eq!(approval.officer, "应急局带班领导");
        assert_eq!(approval.words.as_ref().unwrap().open.as_deref(), Some("石岛油库重点时段"));
        let orders = &town.state.hot(fire).unwrap().dispatch.orders;
        assert!(orders.values().all(|o| o.basis == OrderBasis::Preauthorised));
    }

    /// Plan 4.1.4: what goes beyond the composition was not agreed to: it waits for the bureau like any plan.
    #[test]
    fn more_than_the_composition_calls_for_waits_for_the_bureau() {
        let (mut town, fire) = fire();
        preauthorise(&mut town, None);
        let outside = drafted(&mut town, fire, vec![for_slot("huagong", "hazchem", 1), task("jixie")]);
        assert!(!goes(&mut town, outside), "one task fills no slot");
        town.does("shift-leader", approve(outside, 1));
        let again = drafted(&mut town, fire, vec![for_slot("jijiu", "hazchem", 1)]);
        assert!(!goes(&mut town, again), "the slot is filled, and an ambulance is no chemical team");
        town.does("shift-leader", approve(again, 1));
        let ambulances = |n| vec![for_slot("shidao-jijiu", "ambulance", n)];
        let early = drafted(&mut town, fire, ambulances(2));
        assert!(
            !goes(&mut town, early),
            "the force that came for the slot beside has brought its ambulances"
        );
        town.does(
            "bureau",
            super::super::send_back_plan::SendBackPlan {
                plan: early,
                revision: 1,
                reasons: "够用".to_owned(),
            },
        );
        town.does("dispatcher", super::super::withdraw_plan::WithdrawPlan { plan: early, reason: None });
        let order = town.state.hot(fire).unwrap().dispatch.running[&slug::<ForceId>("jijiu")];
        town.by_phone_for("市医院急救队值班员01").does(
            "dispatcher",
            crate::dispatch::decline_order::DeclineOrder { order, reason: "车辆在修".to_owned() },
        );
        let first = drafted(&mut town, fire, ambulances(2));
        assert!(goes(&mut town, first), "two ambulances are called for");
        let third = drafted(&mut town, fire, vec![for_slot("jijiu", "ambulance", 1)]);
        assert!(!goes(&mut town, third), "a third one is not");
    }

    /// Plan 4.1.4: within one plan too, a force counts with all it brings, wherever it fills a slot.
    #[test]
    fn what_one_plan_brings_is_counted_slot_by_slot() {
        let (mut town, fire) = fire();
        preauthorise(&mut town, None);
        let whole = TaskGiven { slot: Some("ambulance".to_owned()), ..task("jijiu") };
        let two_teams = drafted(&mut town, fire, vec![whole, for_slot("shidao-jijiu", "ambulance", 1)]);
        assert!(!goes(&mut town, two_teams), "the first brings three, two are called for");
        let foam = |n: usize| {
            let tasks = [
                for_slot("huagong", "hazchem", 1),
                for_slot("shidao", "foam", 1),
                for_slot("yatou", "foam", 3),
            ];
            tasks.into_iter().take(n).collect()
        };
        let all = drafted(&mut town, fire, foam(3));
        assert!(!goes(&mut town, all), "the chemical team brings two of the three foam tankers");
        for plan in [two_teams, all] {
            town.does("dispatcher", super::super::withdraw_plan::WithdrawPlan { plan, reason: None });
        }
        let enough = drafted(&mut town, fire, foam(2));
        assert!(goes(&mut town, enough));
    }

    /// Plan 4.1.4: an agreement in advance ends at its hour, with a new version, or when it is taken back.
    #[test]
    fn an_agreement_in_advance_that_is_over_does_not_count() {
        let (mut town, fire) = fire();
        let until = town.now.plus_s(600);
        let hazchem = || vec![for_slot("huagong", "hazchem", 1)];
        preauthorise(&mut town, Some(until));
        town.now = until;
        let late = drafted(&mut town, fire, hazchem());
        assert!(!goes(&mut town, late), "its hour has come");
        town.does("dispatcher", super::super::withdraw_plan::WithdrawPlan { plan: late, reason: None });

        preauthorise(&mut town, None);
        town.does("shift-leader", RevokePreauthorisation { composition: slug("hazchem-3") });
        let revoked = drafted(&mut town, fire, hazchem());
        assert!(!goes(&mut town, revoked), "it was taken back");
        town.does("dispatcher", super::super::withdraw_plan::WithdrawPlan { plan: revoked, reason: None });

        preauthorise(&mut town, None);
        let old = town.state.composition.get(&slug("hazchem-3")).unwrap().clone();
        let adopted = AdoptComposition {
            id: old.id.clone(),
            hazard: old.hazard.clone(),
            grade: old.grade,
            source: "2026 年修订".to_owned(),
            approved_by: "应急局".to_owned(),
            slots: old.slots.clone(),
        };
        town.does("commander", adopted);
        let newer = drafted(&mut town, fire, hazchem());
        assert!(!goes(&mut town, newer), "it was for the version before");
    }

    /// Plan 4.1.4: until the last second, the agreement holds.
    #[test]
    fn an_agreement_in_advance_holds_until_its_last_second() {
        let (mut town, fire) = fire();
        let until = town.now.plus_s(600);
        preauthorise(&mut town, Some(until));
        town.now = until.plus_s(-1);
        let id = drafted(&mut town, fire, vec![for_slot("huagong", "hazchem", 1)]);
        assert!(goes(&mut town, id));
    }
}
