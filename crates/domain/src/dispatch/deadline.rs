//! What is due in dispatch, and what follows when it is missed. Failures first; quiet until they matter.

use ulid::Ulid;

use super::state::{Escalation, Order, Plan, PlanStatus, Written};
use super::{
    FilingMissed, LetterMissed, NoticeMissed, OrderOverdue, PlanDeputyAsked, StandByMissed,
    WrittenAgreementMissed,
};
use crate::event::Event;
use crate::readiness::{Deadline, DeadlineKind};
use crate::state::{IncidentFile, State};
use crate::types::ids::Fresh;
use crate::types::{FilingId, ForceId, LetterId, NoticeId, OrderId, PlanId, StandById, Time};

/// Everything that is due and not yet marked as missed.
pub fn deadlines(file: &IncidentFile) -> Vec<Deadline> {
    let incident = file.incident.id;
    let due = |kind, subject, due| Deadline { due, kind, subject, incident };
    let d = &file.dispatch;
    let mut all = Vec::new();
    all.extend(d.orders.values().filter_map(|o| o.due.map(|t| due(DeadlineKind::OrderStep, o.id.ulid(), t))));
    for plan in d.plans.values() {
        if let Some(t) = plan.answer_due.filter(|_| plan.status == PlanStatus::Submitted) {
            all.push(due(DeadlineKind::PlanAnswer, plan.id.ulid(), t));
        }
        let approval = plan.approval.as_ref().filter(|a| a.written == Written::Due);
        if let Some(t) = approval.and_then(|a| a.written_due) {
            all.push(due(DeadlineKind::WrittenAgreement, plan.id.ulid(), t));
        }
    }
    let filings = d.filings.values().filter(|f| f.signed.is_none() && !f.overdue);
    all.extend(filings.map(|f| due(DeadlineKind::FilingSign, f.id.ulid(), f.due)));
    let notices = d.notices.values().filter(|n| n.acknowledged.is_none() && !n.overdue);
    all.extend(notices.map(|n| due(DeadlineKind::NoticeAnswer, n.id.ulid(), n.due)));
    let waiting = d.stand_bys.values().filter(|s| s.confirmed.is_none() && s.lifted.is_none() && !s.overdue);
    all.extend(waiting.map(|s| due(DeadlineKind::StandByAnswer, s.id.ulid(), s.due)));
    let letters = d.letters.values().filter(|l| l.answer.is_none() && !l.overdue);
    all.extend(letters.map(|l| due(DeadlineKind::LetterAnswer, l.id.ulid(), l.due)));
    all
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

/// Next contact, then the telephone list, then the next-best force.
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
    let last = level == Escalation::NextForce;
    Some(OrderOverdue {
        order: order.id,
        level,
        due,
        next_due: (!last).then(|| now.plus_s(answer_s)),
        contact,
        instead: if last { next_best(state, file, order) } else { None },
    })
}

/// The nearest free force with what is needed, by mobilisation time and straight distance.
fn next_best(state: &State, file: &IncidentFile, order: &Order) -> Option<ForceId> {
    let capability = order.capability.as_deref()?;
    let scene = file.incident.place.point?;
    let free = state.ledger.forces.values().filter(|f| {
        f.has(capability) > 0
            && !state.engaged.contains_key(&f.id)
            && !file.dispatch.orders.values().any(|o| o.force == f.id)
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
