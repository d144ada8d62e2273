//! How events change what is known of dispatch. It holds no rule and cannot fail.

use std::sync::Arc;

use imbl::{OrdMap, Vector};

use super::Event;
use super::state::{
    Approval, Dispatch, Filing, Letter, LetterAnswer, Notice, Order, OrderStep, Overdue, Plan, PlanStatus,
    Progress, Readied, ReturnForm, StandBy, StepDone, Written,
};
use crate::context::Reported;
use crate::personal::Personal;
use crate::types::{Point, Text, Time};

/// Progress reports kept in the hot state; all of them are in the journal and on the timeline.
const PROGRESS_KEPT: usize = 20;

impl Dispatch {
    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::FirstResponseOrdered(_) => {}
            Event::NoticeSent(_) | Event::NoticeAcknowledged(_) | Event::NoticeMissed(_) => {
                self.apply_notice(event);
            }
            Event::StandByPushed(_)
            | Event::StandByConfirmed(_)
            | Event::StandByMissed(_)
            | Event::StandByLifted(_) => self.apply_stand_by(event),
            Event::LetterSent(_) | Event::LetterAnswered(_) | Event::LetterMissed(_) => {
                self.apply_letter(event);
            }
            Event::PlanDrafted(_)
            | Event::PlanRevised(_)
            | Event::PlanSubmitted(_)
            | Event::PlanDeputyAsked(_)
            | Event::PlanWithdrawn(_)
            | Event::PlanSentBack(_)
            | Event::PlanApproved(_)
            | Event::PlanConfirmedInWriting(_)
            | Event::WrittenAgreementMissed(_) => self.apply_plan(event),
            Event::OrderFiled(_) | Event::FilingSigned(_) | Event::FilingMissed(_) => {
                self.apply_filing(event);
            }
            _ => self.apply_order(event),
        }
    }

    fn apply_notice(&mut self, event: &Event) {
        match event {
            Event::NoticeSent(e) => {
                let notice = Notice {
                    id: e.notice,
                    org: e.org.clone(),
                    text: e.text.clone(),
                    sent: e.by.clone(),
                    due: e.due,
                    acknowledged: None,
                    overdue: false,
                };
                self.notices.insert(e.notice, Arc::new(notice));
            }
            Event::NoticeAcknowledged(e) => {
                change(&mut self.notices, e.notice, |n| n.acknowledged = Some(e.by.clone()));
            }
            Event::NoticeMissed(e) => change(&mut self.notices, e.notice, |n| n.overdue = true),
            _ => {}
        }
    }

    fn apply_stand_by(&mut self, event: &Event) {
        match event {
            Event::StandByPushed(e) => {
                let stand_by = StandBy {
                    id: e.stand_by,
                    force: e.force.clone(),
                    text: e.text.clone(),
                    pushed: e.by.clone(),
                    due: e.due,
                    confirmed: None,
                    overdue: false,
                    lifted: None,
                };
                self.stand_bys.insert(e.stand_by, Arc::new(stand_by));
            }
            Event::StandByConfirmed(e) => change(&mut self.stand_bys, e.stand_by, |s| {
                s.confirmed = Some(Readied { ready: e.ready, note: e.note.clone(), by: e.by.clone() });
            }),
            Event::StandByMissed(e) => change(&mut self.stand_bys, e.stand_by, |s| s.overdue = true),
            Event::StandByLifted(e) => {
                change(&mut self.stand_bys, e.stand_by, |s| s.lifted = Some(e.by.clone()));
            }
            _ => {}
        }
    }

    fn apply_letter(&mut self, event: &Event) {
        match event {
            Event::LetterSent(e) => {
                let letter = Letter {
                    id: e.letter,
                    number: e.number.clone(),
                    org: e.org.clone(),
                    forces: e.forces.clone(),
                    ask: e.ask.clone(),
                    urgent: e.urgent,
                    sent: e.by.clone(),
                    due: e.due,
                    answer: None,
                    overdue: false,
                };
                self.letters.insert(e.letter, Arc::new(letter));
            }
            Event::LetterAnswered(e) => change(&mut self.letters, e.letter, |l| {
                l.answer = Some(LetterAnswer { agreed: e.agreed, words: e.words.clone(), by: e.by.clone() });
            }),
            Event::LetterMissed(e) => change(&mut self.letters, e.letter, |l| l.overdue = true),
            _ => {}
        }
    }

    fn apply_filing(&mut self, event: &Event) {
        match event {
            Event::OrderFiled(e) => {
                let Some(order) = self.orders.get_mut(&e.order) else { return };
                let order = Arc::make_mut(order);
                order.filing = Some(e.filing);
                let filing = Filing {
                    id: e.filing,
                    order: e.order,
                    force: order.force.clone(),
                    authority: e.authority.clone(),
                    sent_at: e.at,
                    due: e.due,
                    signed: None,
                    overdue: false,
                };
                self.filings.insert(e.filing, Arc::new(filing));
            }
            Event::FilingSigned(e) => change(&mut self.filings, e.filing, |f| f.signed = Some(e.by.clone())),
            Event::FilingMissed(e) => change(&mut self.filings, e.filing, |f| f.overdue = true),
            _ => {}
        }
    }

    fn apply_plan(&mut self, event: &Event) {
        match event {
            Event::PlanDrafted(e) => {
                self.plans.insert(e.plan, Arc::new(drafted(e)));
            }
            Event::PlanRevised(e) => change(&mut self.plans, e.plan, |p| {
                p.revision += 1;
                p.status = PlanStatus::Draft;
                p.tasks.clone_from(&e.tasks);
                p.arrangements = e.arrangements.clone();
                p.proposal.clone_from(&e.proposal);
                p.by_order_of_post |= e.by_order_of_post;
                p.written = e.by.clone();
                p.reasons = None;
                p.ended = None;
            }),
            Event::PlanSubmitted(e) => change(&mut self.plans, e.plan, |p| {
                p.status = PlanStatus::Submitted;
                p.by_order_of_post |= e.by_order_of_post;
                p.submitted = Some(e.by.clone());
                p.asked.clone_from(&e.asked);
                p.deputies_asked = 0;
                p.answer_due = Some(e.answer_due);
                p.unanswered = false;
            }),
            Event::PlanDeputyAsked(e) => change(&mut self.plans, e.plan, |p| {
                p.answer_due = e.answer_due;
                p.deputies_asked += 1;
                match &e.deputy {
                    Some(deputy) => p.asked.push(deputy.clone()),
                    None => p.unanswered = true,
                }
            }),
            Event::PlanWithdrawn(e) => change(&mut self.plans, e.plan, |p| {
                p.status = PlanStatus::Withdrawn;
                p.answer_due = None;
                p.ended = Some(e.by.clone());
            }),
            Event::PlanSentBack(e) => change(&mut self.plans, e.plan, |p| {
                p.status = PlanStatus::SentBack;
                p.answer_due = None;
                p.reasons = Some(e.reasons.clone());
                p.ended = Some(e.by.clone());
            }),
            Event::PlanApproved(e) => change(&mut self.plans, e.plan, |p| approved(p, e)),
            Event::PlanConfirmedInWriting(e) => change(&mut self.plans, e.plan, |p| {
                if let Some(approval) = &mut p.approval {
                    approval.written = Written::Done;
                    approval.written_by = Some(e.by.clone());
                }
            }),
            Event::WrittenAgreementMissed(e) => change(&mut self.plans, e.plan, |p| {
                if let Some(approval) = &mut p.approval {
                    approval.written = Written::Overdue;
                }
            }),
            _ => {}
        }
    }

    fn apply_order(&mut self, event: &Event) {
        if let Event::OrderIssued(e) = event {
            self.running.insert(e.force.clone(), e.order);
            let order = issued(e);
            self.replaces(&order);
            self.orders.insert(e.order, Arc::new(order));
            return;
        }
        if let Event::StrengthShort(e) = event {
            self.gives_up(e);
            return;
        }
        let (id, over) = match event {
            Event::OrderProgressed(e) => (Some(e.order), false),
            Event::OrderOverdue(e) => (Some(e.order), false),
            Event::OrderDeclined(_)
            | Event::OrderReleased(_)
            | Event::OrderReturned(_)
            | Event::OrderCancelled(_) => (event.order(), true),
            _ => (event.order(), false),
        };
        let Some(id) = id else { return };
        let Some(order) = self.orders.get_mut(&id) else { return };
        let order = Arc::make_mut(order);
        stepped(order, event);
        if over && self.running.get(&order.force) == Some(&id) {
            self.running.remove(&order.force);
        }
    }
}

fn change<K: Ord + Clone, V: Clone>(map: &mut OrdMap<K, Arc<V>>, key: K, by: impl FnOnce(&mut V)) {
    if let Some(value) = map.get_mut(&key) {
        by(Arc::make_mut(value));
    }
}

fn drafted(e: &super::PlanDrafted) -> Plan {
    Plan {
        id: e.plan,
        number: e.number.clone(),
        revision: 1,
        status: PlanStatus::Draft,
        tasks: e.tasks.clone(),
        arrangements: e.arrangements.clone(),
        proposal: e.proposal.clone(),
        supplement_to: e.supplement_to,
        by_order_of_post: e.by_order_of_post,
        signed_by: e.signed_by.clone(),
        signer: e.signer.clone(),
        drafted: e.by.clone(),
        written: e.by.clone(),
        submitted: None,
        asked: Vec::new(),
        deputies_asked: 0,
        answer_due: None,
        unanswered: false,
        approval: None,
        reasons: None,
        ended: None,
    }
}

fn approved(plan: &mut Plan, e: &super::PlanApproved) {
    plan.status = if e.refused.is_empty() { PlanStatus::Approved } else { PlanStatus::PartlyApproved };
    plan.answer_due = None;
    for task in &mut plan.tasks {
        task.agreed = Some(e.agreed.contains(&task.force));
    }
    plan.approval = Some(Approval {
        means: e.means,
        officer: e.officer.clone(),
        words: e.words.clone(),
        recording: e.recording.clone(),
        remark: e.remark.clone(),
        by: e.by.clone(),
        written: if e.written_due.is_some() { Written::Due } else { Written::NotNeeded },
        written_due: e.written_due,
        written_by: None,
    });
}

fn issued(e: &super::OrderIssued) -> Order {
    Order {
        id: e.order,
        number: e.number.clone(),
        plan: e.plan,
        basis: e.basis,
        force: e.force.clone(),
        task: e.task.clone(),
        slot: e.slot.clone(),
        capability: e.capability.clone(),
        quantity: e.quantity,
        arrangements: Arc::new((*e.arrangements).clone()),
        issued_by: e.issued_by.clone(),
        issued_at: e.by.at,
        step: OrderStep::Issued,
        steps: Vector::unit(StepDone { step: OrderStep::Issued, by: e.by.clone(), note: None }),
        due: Some(e.answer_due),
        overdue: None,
        depart_limit_s: e.depart_limit_s,
        arrive_limit_s: e.arrive_limit_s,
        strength: None,
        strength_at: None,
        eta_min: None,
        position: None,
        position_at: None,
        progress: Vector::new(),
        return_form: None,
        filing: None,
        strength_due: e.strength_due,
        short: false,
        replaced: 0,
    }
}

fn stepped(order: &mut Order, event: &Event) {
    match event {
        // Being shown is no answer: the acknowledgement stays due.
        Event::OrderReceived(e) => {
            let (due, overdue) = (order.due, order.overdue.clone());
            order.take(OrderStep::Received, &e.by, None, due);
            order.overdue = overdue;
        }
        Event::OrderAcknowledged(e) => {
            order.counted(e.strength, e.by.at);
            order.eta_min = e.eta_min.or(order.eta_min);
            order.take(OrderStep::Acknowledged, &e.by, None, Some(e.depart_due));
        }
        Event::OrderDeclined(e) => order.take(OrderStep::Declined, &e.by, Some(&e.reason), None),
        Event::OrderDeparted(e) => {
            order.counted(e.strength, e.by.at);
            order.seen_at(e.position, e.by.at);
            order.take(OrderStep::Departed, &e.by, None, Some(e.arrive_due));
        }
        Event::OrderArrived(e) => {
            order.counted(e.strength, e.by.at);
            order.seen_at(e.position, e.by.at);
            order.take(OrderStep::Arrived, &e.by, None, e.deploy_due);
        }
        Event::OrderDeployed(e) => {
            order.seen_at(e.position, e.by.at);
            order.take(OrderStep::Deployed, &e.by, None, e.progress_due);
        }
        Event::OrderProgressed(e) => {
            order.seen_at(e.position, e.by.at);
            order.progress.push_back(Progress {
                text: e.text.clone(),
                position: e.position,
                files: e.files.clone(),
                by: e.by.clone(),
            });
            if e.next_due.is_some() {
                (order.due, order.overdue) = (e.next_due, None);
            }
            while order.progress.len() > PROGRESS_KEPT {
                order.progress.pop_front();
            }
        }
        Event::OrderReleased(e) => {
            order.take(OrderStep::Released, &e.by, e.note.as_ref(), Some(e.return_due));
        }
        Event::OrderReturned(e) => {
            order.return_form = Some(Arc::new(ReturnForm {
                worked_min: e.worked_min,
                consumables: e.consumables.clone(),
                confirmed_by: e.confirmed_by.clone(),
            }));
            order.take(OrderStep::Returned, &e.by, e.note.as_ref(), None);
        }
        Event::OrderCancelled(e) => order.take(OrderStep::Cancelled, &e.by, Some(&e.reason), None),
        Event::OrderOverdue(e) => {
            order.due = e.next_due;
            let since = order.overdue.as_ref().map_or(e.due, |o| o.since);
            order.overdue = Some(Overdue {
                since,
                level: e.level,
                contact: e.contact.clone(),
                instead: e.instead.clone(),
            });
        }
        _ => {}
    }
}

impl Order {
    fn counted(&mut self, strength: Option<u32>, at: Time) {
        if strength.is_some() && self.strength_at.is_none_or(|known| known <= at) {
            (self.strength, self.strength_at) = (strength, Some(at));
        }
    }

    fn seen_at(&mut self, position: Option<Point>, at: Time) {
        if position.is_some() && self.position_at.is_none_or(|known| known <= at) {
            (self.position, self.position_at) = (position, Some(at));
        }
    }

    /// Records a step. A later one implies the earlier ones; an earlier one that is told late does not go back.
    fn take(&mut self, step: OrderStep, by: &Reported, note: Option<&Personal<Text>>, due: Option<Time>) {
        self.steps.push_back(StepDone { step, by: by.clone(), note: note.cloned() });
        if step > self.step {
            self.step = step;
            self.due = due;
            self.overdue = None;
        }
    }
}
