//! What is due in dispatch, and what follows when it is missed. Failures first; quiet until they matter.

use ulid::Ulid;

use super::state::{Dispatch, Escalation, Order, OrderStep, Plan, PlanStatus, StandBy, Written};
use super::{
    FilingMissed, LetterMissed, NoticeMissed, OrderOverdue, PlanDeputyAsked, StandByMissed,
    WrittenAgreementMissed,
};
use crate::event::Event;
use crate::jurisdiction::Basis;
use crate::readiness::{Deadline, DeadlineKind};
use crate::state::{IncidentFile, State};
use crate::types::ids::Fresh;
use crate::types::{FilingId, ForceId, LetterId, NoticeId, OrderId, PlanId, StandById, Time};

/// Everything that is due and not yet marked as missed. Once the incident is over only its papers are still asked for:
/// return forms and signatures under filings.
pub fn deadlines(file: &IncidentFile) -> Vec<Deadline> {
    let incident = file.incident.id;
    let due = |kind, subject, due| Deadline { due, kind, subject, incident };
    let d = &file.dispatch;
    let mut all = Vec::new();
    all.extend(d.orders.values().filter_map(|o| o.due.map(|t| due(DeadlineKind::OrderStep, o.id.ulid(), t))));
    let filings = d.filings.values().filter(|f| f.signed.is_none() && !f.overdue);
    all.extend(filings.map(|f| due(DeadlineKind::FilingSign, f.id.ulid(), f.due)));
    if file.incident.status.is_over() {
        return all;
    }
    for plan in d.plans.values() {
        if let Some(t) = plan.answer_due.filter(|_| plan.status == PlanStatus::Submitted) {
            all.push(due(DeadlineKind::PlanAnswer, plan.id.ulid(), t));
        }
        let approval = plan.approval.as_ref().filter(|a| a.written == Written::Due);
        if let Some(t) = approval.and_then(|a| a.written_due) {
            all.push(due(DeadlineKind::WrittenAgreement, plan.id.ulid(), t));
        }
    }
    let notices = d.notices.values().filter(|n| n.acknowledged.is_none() && !n.overdue);
    all.extend(notices.map(|n| due(DeadlineKind::NoticeAnswer, n.id.ulid(), n.due)));
    let waiting = d.stand_bys.values().filter(|s| !s.overdue && awaits_answer(d, s));
    all.extend(waiting.map(|s| due(DeadlineKind::StandByAnswer, s.id.ulid(), s.due)));
    all.extend(super::strength::deadline(file));
    let letters = d.letters.values().filter(|l| l.answer.is_none() && !l.overdue);
    all.extend(letters.map(|l| due(DeadlineKind::LetterAnswer, l.id.ulid(), l.due)));
    all
}

/// Is an answer to the stand-by awaited? A force that was ordered meanwhile answers the order, not the stand-by.
pub fn awaits_answer(d: &Dispatch, stand_by: &StandBy) -> bool {
    let ordered = || {
        d.running.contains_key(&stand_by.force)
            || d.orders.values().any(|o| o.force == stand_by.force && o.issued_at >= stand_by.pushed.at)
    };
    stand_by.confirmed.is_none() && stand_by.lifted.is_none() && !ordered()
}

/// What happens when one of them is missed.
pub fn missed(
    state: &State,
    file: &IncidentFile,
    now: Time,
    kind: DeadlineKind,
    subject: Ulid,
) -> Option<Event> {
    let d = &file.dispatch;
    match kind {
        DeadlineKind::OrderStep => {
            let order = d.orders.get(&OrderId::from_ulid(subject))?;
            Some(late_order(state, file, now, order)?.into())
        }
        DeadlineKind::PlanAnswer => {
            let plan = d.plans.get(&PlanId::from_ulid(subject))?;
            Some(ask_deputy(state, now, plan)?.into())
        }
        DeadlineKind::WrittenAgreement => {
            let plan = d.plans.get(&PlanId::from_ulid(subject))?;
            let due = plan.approval.as_ref()?.written_due?;
            Some(WrittenAgreementMissed { plan: plan.id, due }.into())
        }
        DeadlineKind::FilingSign => {
            let f = d.filings.get(&FilingId::from_ulid(subject))?;
            Some(FilingMissed { filing: f.id, due: f.due }.into())
        }
        DeadlineKind::Strength => Some(super::strength::missed(file, now)?.into()),
        DeadlineKind::NoticeAnswer => {
            let n = d.notices.get(&NoticeId::from_ulid(subject))?;
            Some(NoticeMissed { notice: n.id, due: n.due }.into())
        }
        DeadlineKind::StandByAnswer => {
            let s = d.stand_bys.get(&StandById::from_ulid(subject))?;
            Some(StandByMissed { stand_by: s.id, due: s.due }.into())
        }
        DeadlineKind::LetterAnswer => {
            let l = d.letters.get(&LetterId::from_ulid(subject))?;
            Some(LetterMissed { letter: l.id, due: l.due }.into())
        }
        _ => None,
    }
}

/// Next contact, then the telephone list, then the next-best force; once the force is on scene, what is due can come
/// from nobody else, and it stays on the telephone list.
fn late_order(state: &State, file: &IncidentFile, now: Time, order: &Order) -> Option<OrderOverdue> {
    let due = order.due?;
    let force = state.ledger.forces.get(&order.force)?;
    let answer_s = state.readiness.limits().answer_limit_s;
    let reached = order.overdue.as_ref().map(|o| o.level);
    let second = force.contacts.get(1).map(|c| c.title.clone());
    let (level, contact) = match reached {
        None if second.is_some() => (Escalation::SecondContact, second),
        None | Some(Escalation::SecondContact) => {
            (Escalation::Telephone, force.contacts.first().map(|c| c.title.clone()))
        }
        Some(_) => (Escalation::NextForce, None),
    };
    let last = match order.step {
        OrderStep::Arrived | OrderStep::Deployed | OrderStep::Released => level == Escalation::Telephone,
        _ => level == Escalation::NextForce,
    };
    Some(OrderOverdue {
        order: order.id,
        level,
        due,
        next_due: (!last).then(|| now.plus_s(answer_s)),
        contact,
        instead: if level == Escalation::NextForce { next_best(state, file, order) } else { None },
    })
}

/// The nearest free force with what is needed, by mobilisation time and straight distance: one that a plan may name,
/// so that the supplement is one key.
fn next_best(state: &State, file: &IncidentFile, order: &Order) -> Option<ForceId> {
    let capability = order.capability.as_deref()?;
    let scene = file.incident.place.point?;
    let hazard = file.incident.hazard.as_deref();
    let free = state.ledger.forces.values().filter(|f| {
        f.has(capability) > 0
            && matches!(state.jurisdiction.basis(f, hazard).0, Basis::AfterApproval | Basis::Direct)
            && !state.engaged.contains_key(&f.id)
            && !file.dispatch.orders.values().any(|o| o.force == f.id)
            && !file.dispatch.open_plans().any(|p| p.tasks.iter().any(|t| t.force == f.id))
    });
    let soonest = free.min_by_key(|f| {
        let way_s = crate::types::travel::straight_line_s(f.point.distance_m(scene));
        (f.mobilisation_s.saturating_add(way_s), f.id.clone())
    })?;
    Some(soonest.id.clone())
}

/// No answer: deputies in turn; when nobody is left the plan stands on the red list.
fn ask_deputy(state: &State, now: Time, plan: &Plan) -> Option<PlanDeputyAsked> {
    let due = plan.answer_due?;
    let bureau = &state.jurisdiction.offices.as_ref()?.bureau;
    let deputies = state.duty.deputies(bureau, now);
    let deputy = deputies.get(plan.deputies_asked as usize).cloned();
    let answer_due = deputy.as_ref().map(|_| now.plus_s(state.readiness.limits().deputy_limit_s));
    Some(PlanDeputyAsked { plan: plan.id, deputy, answer_due, due })
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{fire, is, order, ordered, plan, refused, submit};
    use super::*;
    use crate::dispatch::TaskGiven;
    use crate::dispatch::draft_plan::DraftPlan;
    use crate::dispatch::push_stand_by::PushStandBy;
    use crate::readiness::ReadinessState;
    use crate::readiness::change_readiness::ChangeReadiness;
    use crate::testing::{Town, plan_for, slug, task};
    use crate::types::IncidentId;

    /// A force ordered for its capability.
    fn ordered_for(town: &mut Town, incident: IncidentId, force: &str, capability: &str) -> OrderId {
        let wanted = TaskGiven { capability: Some(capability.to_owned()), ..task(force) };
        let draft = DraftPlan { tasks: vec![wanted], ..plan_for(incident, &[]) };
        let plan = town.does("dispatcher", draft).id.parse().unwrap();
        town.does("dispatcher", submit(plan, 1));
        town.does("shift-leader", super::super::scenes::approve(plan, 1));
        town.state.hot(incident).unwrap().dispatch.running[&slug::<ForceId>(force)]
    }

    fn level(town: &Town, id: OrderId) -> Option<Escalation> {
        order(town, id).overdue.as_ref().map(|o| o.level)
    }

    /// Plan 4.1.4: no answer: the deputies are asked in turn, each with his own time; then it stands on the red list.
    #[test]
    fn deputies_are_asked_in_turn_and_then_nobody_is_left() {
        let (mut town, fire) = fire();
        let id = town.plan_submitted(fire, &["huagong"]);
        let leader = plan(&town, id).asked[0].clone();
        town.after_s(179).clock_runs();
        assert_eq!(
            plan(&town, id).asked,
            [leader.as_str()],
            "until the last second it is the shift leader's"
        );
        town.after_s(1).clock_runs();
        assert_eq!(plan(&town, id).asked, [leader.as_str(), "应急局备岗01"]);
        assert_eq!(plan(&town, id).answer_due, Some(town.now.plus_s(120)));
        town.after_s(120).clock_runs();
        assert_eq!(plan(&town, id).asked, [leader.as_str(), "应急局备岗01", "应急局备岗02"]);
        assert!(!plan(&town, id).unanswered);
        town.after_s(120).clock_runs();
        assert!(plan(&town, id).unanswered);
        let asked = town.count("plan.deputy_asked");
        town.after_s(7200).clock_runs();
        assert_eq!(town.count("plan.deputy_asked"), asked, "it is not asked for ever");
        town.does("shift-leader", super::super::scenes::approve(id, 1));
        assert_eq!(town.count("order.issued"), 1, "a late answer is an answer");
    }

    /// Plan 4.2.2: a late answer escalates: the second contact, the telephone list, the next-best force.
    #[test]
    fn a_late_acknowledgement_escalates_step_by_step() {
        let (mut town, fire) = fire();
        let id = ordered_for(&mut town, fire, "huagong", "foam_tanker");
        town.after_s(59).clock_runs();
        assert_eq!(level(&town, id), None, "quiet until it matters");
        town.after_s(1).clock_runs();
        let late = order(&town, id);
        let overdue = late.overdue.as_ref().unwrap();
        assert_eq!((overdue.level, overdue.contact.as_deref()), (Escalation::SecondContact, Some("队长")));
        assert_eq!(overdue.since, town.now);
        town.after_s(60).clock_runs();
        assert_eq!(level(&town, id), Some(Escalation::Telephone));
        town.after_s(60).clock_runs();
        let late = order(&town, id);
        let overdue = late.overdue.as_ref().unwrap();
        assert_eq!(overdue.level, Escalation::NextForce);
        assert_eq!(overdue.since, town.now.plus_s(-120), "late since it first was");
        assert_eq!(overdue.instead.as_ref().map(ForceId::as_str), Some("shidao"), "the nearest with foam");
        assert_eq!(late.due, None);
        assert_eq!(town.count("order.overdue"), 3);
        let spoken = town.by_phone_for("荣成化工应急队值班员01");
        spoken.does("dispatcher", super::super::scenes::acknowledge(id));
        assert_eq!((level(&town, id), order(&town, id).due), (None, Some(town.now.plus_s(120))));
    }

    /// Plan 4.1.4: the force proposed instead is one that a plan may name: free, and mobilised by order.
    #[test]
    fn the_force_proposed_instead_is_free_and_may_be_planned() {
        let (mut town, fire) = fire();
        let other = town.oil_depot_burns();
        town.does("dispatcher", super::super::scenes::first_response(other, &["shidao"]));
        town.plan_drafted(fire, &["yatou"]);
        let id = ordered_for(&mut town, fire, "huagong", "foam_tanker");
        town.after_s(180).clock_runs();
        while level(&town, id) != Some(Escalation::NextForce) {
            town.after_s(60).clock_runs();
        }
        let late = order(&town, id);
        assert_eq!(
            late.overdue.as_ref().unwrap().instead,
            None,
            "one is out elsewhere, one is planned already"
        );
    }

    /// Plan 4.1.4: late departures and arrivals escalate too, by the force's own mobilisation and way.
    #[test]
    fn departure_and_arrival_have_their_own_time() {
        let (mut town, _, id) = ordered("shidao-jijiu");
        town.does("shidao-jijiu", super::super::scenes::acknowledge(id));
        assert_eq!(order(&town, id).due, Some(town.now.plus_s(60 + 60)), "mobilisation and grace");
        town.after_s(119).clock_runs();
        assert_eq!(level(&town, id), None);
        town.after_s(1).clock_runs();
        assert_eq!(level(&town, id), Some(Escalation::SecondContact));
        town.does("shidao-jijiu", super::super::scenes::depart(id));
        let way_s = order(&town, id).arrive_limit_s;
        assert!(way_s > 300, "the way and its grace");
        town.after_s(way_s - 1).clock_runs();
        assert_eq!(level(&town, id), None);
        town.after_s(1).clock_runs();
        assert_eq!(level(&town, id), Some(Escalation::SecondContact));
        town.does("shidao-jijiu", super::super::scenes::arrive(id));
        assert_eq!((level(&town, id), order(&town, id).due), (None, Some(town.now.plus_s(600))));
    }

    /// Plan 4.1.4: a force on scene that does not go to work, or is not heard of, stands out; nobody else is proposed.
    #[test]
    fn deployment_and_progress_are_due_on_scene() {
        use crate::dispatch::deploy_order::DeployOrder;
        use crate::dispatch::report_progress::ReportProgress;
        let (mut town, fire) = fire();
        let id = ordered_for(&mut town, fire, "huagong", "foam_tanker");
        town.does("huagong", super::super::scenes::arrive(id));
        town.after_s(599).clock_runs();
        assert_eq!(level(&town, id), None, "quiet until it matters");
        town.after_s(1).clock_runs();
        assert_eq!(level(&town, id), Some(Escalation::SecondContact));
        town.after_s(60).clock_runs();
        assert_eq!((level(&town, id), order(&town, id).due), (Some(Escalation::Telephone), None));
        town.does("huagong", DeployOrder { order: id, position: None });
        assert_eq!((level(&town, id), order(&town, id).due), (None, Some(town.now.plus_s(1800))));
        let says =
            |order| ReportProgress {
                order, text: "正在倒罐".to_owned(), position: None, files: Vec::new()
            };
        town.after_s(1800).clock_runs();
        assert_eq!(level(&town, id), Some(Escalation::SecondContact));
        town.that_happened(-1000).does("huagong", says(id));
        assert_eq!((level(&town, id), order(&town, id).due), (None, Some(town.now.plus_s(800))));
        town.that_happened(-1001).does("huagong", says(id));
        assert_eq!(order(&town, id).due, Some(town.now.plus_s(800)), "told late, it moves nothing back");
        town.does("commander", crate::dispatch::release_order::ReleaseOrder { order: id, note: None });
        town.that_happened(-900).does("huagong", says(id));
        assert_eq!(order(&town, id).due, Some(town.now.plus_s(86_400)), "then only the return form is due");
    }

    /// Plan 5.1: a missing return form is asked for; no other force is proposed for it.
    #[test]
    fn a_late_return_form_ends_on_the_telephone_list() {
        let (mut town, fire) = fire();
        let id = ordered_for(&mut town, fire, "huagong", "foam_tanker");
        let release = crate::dispatch::release_order::ReleaseOrder { order: id, note: None };
        town.does("commander", release);
        town.after_s(86_400).clock_runs();
        assert_eq!(level(&town, id), Some(Escalation::SecondContact));
        town.after_s(60).clock_runs();
        let late = order(&town, id);
        assert_eq!((level(&town, id), late.due), (Some(Escalation::Telephone), None));
        town.after_s(86_400).clock_runs();
        assert_eq!(level(&town, id), Some(Escalation::Telephone));
    }

    /// Plan 4.1.4, 4.3.1: filings, notices, stand-bys and letters that nobody answers are marked once.
    #[test]
    fn what_nobody_answers_is_marked_once() {
        use crate::dispatch::send_letter::SendLetter;
        use crate::dispatch::send_linkage_notices::SendLinkageNotices;
        let (mut town, fire, _) = ordered("huagong");
        town.does(
            "dispatcher",
            SendLinkageNotices { incident: fire, orgs: vec![slug("org-gongan")], text: None },
        );
        town.does("dispatcher", PushStandBy { incident: fire, forces: vec![slug("jijiu")], text: None });
        let letter = SendLetter {
            incident: fire,
            org: slug("org-wujing"),
            forces: Vec::new(),
            ask: "警戒 20 人".to_owned(),
            urgent: false,
        };
        town.does("bureau", letter);
        let missed = ["notice.missed", "stand_by.missed", "filing.missed", "letter.missed"];
        let counts = |town: &Town| missed.map(|kind| town.count(kind));
        town.after_s(299).clock_runs();
        assert_eq!(counts(&town), [0, 0, 0, 0]);
        town.after_s(1).clock_runs();
        assert_eq!(counts(&town), [1, 1, 0, 0]);
        town.after_s(300).clock_runs();
        assert_eq!(counts(&town), [1, 1, 1, 0]);
        town.after_s(1200).clock_runs();
        assert_eq!(counts(&town), [1, 1, 1, 1]);
        town.after_s(7200).clock_runs();
        assert_eq!(counts(&town), [1, 1, 1, 1]);
    }

    /// Plan 4.3.1: a force that was ordered answers the order; its stand-by alarms no longer.
    #[test]
    fn a_stand_by_is_quiet_once_the_force_is_ordered() {
        let (mut town, fire) = fire();
        let both = vec![slug("huagong"), slug("jijiu")];
        town.does("dispatcher", PushStandBy { incident: fire, forces: both, text: None });
        town.ordered(fire, &["huagong"]);
        town.after_s(300).clock_runs();
        assert_eq!(town.count("stand_by.missed"), 1, "the other one still has to answer");
    }

    /// Plan 4.3.1: an order that was over before does not answer for a stand-by that was pushed after it.
    #[test]
    fn a_stand_by_after_an_order_is_over_has_to_be_answered() {
        let (mut town, fire, order) = ordered("huagong");
        let reason = "车辆在修".to_owned();
        town.does("huagong", crate::dispatch::decline_order::DeclineOrder { order, reason });
        town.after_s(60);
        town.does("dispatcher", PushStandBy { incident: fire, forces: vec![slug("huagong")], text: None });
        town.after_s(299).clock_runs();
        assert_eq!(town.count("stand_by.missed"), 0);
        town.after_s(1).clock_runs();
        assert_eq!(town.count("stand_by.missed"), 1);
    }

    /// Plan 4.1.2: a change of the readiness state sets every limit that begins after it.
    #[test]
    fn limits_follow_the_readiness_state() {
        let (mut town, fire, before) = ordered("huagong");
        assert_eq!(order(&town, before).due, Some(town.now.plus_s(60)));
        town.does("bureau", ChangeReadiness { state: ReadinessState::Emergency, why: "台风登陆".to_owned() });
        let after = town.ordered(fire, &["jijiu"])[0];
        assert_eq!(order(&town, after).due, Some(town.now.plus_s(30)));
        assert_eq!(order(&town, before).due, Some(town.now.plus_s(60)), "what was told a force still holds");
        let same = ChangeReadiness { state: ReadinessState::Emergency, why: "台风登陆".to_owned() };
        is(&refused(&mut town, "bureau", same), "already_done", None, &[]);
        town.does(
            "bureau",
            ChangeReadiness { state: ReadinessState::Heightened, why: "台风过境".to_owned() },
        );
        let plan_id = town.plan_submitted(fire, &["jixie"]);
        assert_eq!(plan(&town, plan_id).answer_due, Some(town.now.plus_s(45 * 3)));
    }
}
