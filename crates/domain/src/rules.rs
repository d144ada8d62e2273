//! The plan's own rules, read over a journal: no order to an outside force without an approval, no order without its
//! filing, one commander at each moment, no plan over his head (Plan 4.1.4, 4.1.5), and what else must hold of any history.
//!
//! `decide` makes the wrong thing unwritable; this looks whether it was written all the same. It shares the fold with
//! the node and no rule with `decide`. `muster verify --rules` runs it over a real journal, the tests over random ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::act::Stream;
use crate::authority::Role;
use crate::dispatch::{self, ApprovalMeans, OrderBasis, OrderStep, PlanStatus, Written};
use crate::event::Event;
use crate::jurisdiction::Basis;
use crate::state::{Engagement, IncidentFile, Recorded, State, apply};
use crate::types::{AccountId, ForceId, IncidentId, OrderId, PlanId, Text, Time};

/// A rule that a journal breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The entry that broke it.
    pub seq: u64,
    /// The clause of the plan, or empty where the rule is the system's own.
    pub clause: &'static str,
    /// What was found.
    pub found: Text,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {}: {}", self.seq, self.found)?;
        if self.clause.is_empty() { Ok(()) } else { write!(f, " (Plan {})", self.clause) }
    }
}

/// The rules, as far as a journal has been read.
#[derive(Debug, Default)]
pub struct Rules {
    state: State,
    /// Every incident whole, also those that are over.
    files: BTreeMap<IncidentId, IncidentFile>,
    /// The order of the entry before this one: it must be filed now.
    unfiled: Option<OrderId>,
    numbers: BTreeSet<Text>,
    missed: BTreeSet<(IncidentId, &'static str, String)>,
    last: Option<(u64, Time)>,
    found: Vec<Broken>,
}

/// Everything that a whole journal breaks.
pub fn broken<'a>(journal: impl IntoIterator<Item = &'a Recorded>) -> Vec<Broken> {
    let mut rules = Rules::default();
    for recorded in journal {
        rules.read(recorded);
    }
    rules.end()
}

impl Rules {
    /// Reads the next entry.
    pub fn read(&mut self, recorded: &Recorded) {
        self.in_sequence(recorded);
        self.filed_at_once(recorded);
        if let Stream::Incident(id) = recorded.stream {
            self.incident(id, recorded);
        }
        apply(&mut self.state, recorded);
    }

    /// What is known after the entries read so far.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What was broken so far; the entries may go on.
    pub fn found(&self) -> &[Broken] {
        &self.found
    }

    /// What was broken, once the last entry is read.
    pub fn end(mut self) -> Vec<Broken> {
        let seq = self.last.map_or(0, |(seq, _)| seq);
        if let Some(order) = self.unfiled.take() {
            self.breaks(seq, "4.1.4", format!("order {order} is not filed"));
        }
        for (force, derived) in self.engaged() {
            if self.state.engaged.get(&force).is_none_or(|known| known.iter().ne(derived.iter())) {
                self.breaks(
                    seq,
                    "",
                    format!("the index of who is out does not show {force} as its orders do"),
                );
            }
        }
        let out = self.engaged();
        for force in self.state.engaged.keys().filter(|f| !out.contains_key(f)).cloned().collect::<Vec<_>>() {
            self.breaks(seq, "", format!("the index of who is out shows {force}, which no order binds"));
        }
        self.found
    }

    fn breaks(&mut self, seq: u64, clause: &'static str, found: Text) {
        self.found.push(Broken { seq, clause, found });
    }

    /// Forces that are out, from the orders of open incidents, in the order in which they last moved.
    fn engaged(&self) -> BTreeMap<ForceId, Vec<Engagement>> {
        let mut out: BTreeMap<ForceId, Vec<Engagement>> = BTreeMap::new();
        let open = self.files.iter().filter(|(_, file)| !file.incident.status.is_over());
        for (incident, file) in open {
            for order in file.dispatch.orders.values().filter(|o| o.step.is_running()) {
                let engaged = Engagement { incident: *incident, order: order.id, step: order.step };
                out.entry(order.force.clone()).or_default().push(engaged);
            }
        }
        for (force, list) in &mut out {
            // The index moves the last one to the end; which one that was is not a rule.
            if let Some(known) = self.state.engaged.get(force) {
                list.sort_by_key(|e| known.iter().position(|k| k.order == e.order));
            }
        }
        out
    }

    fn in_sequence(&mut self, recorded: &Recorded) {
        if let Some((seq, at)) = self.last {
            if recorded.seq <= seq {
                self.breaks(recorded.seq, "", format!("it follows entry {seq}"));
            }
            if recorded.at < at {
                self.breaks(recorded.seq, "", format!("it is earlier than entry {seq}"));
            }
        }
        self.last = Some((recorded.seq, recorded.at));
    }

    /// Each order is followed by its filing, in the same batch.
    fn filed_at_once(&mut self, recorded: &Recorded) {
        let filed = match &recorded.event {
            Event::Dispatch(dispatch::Event::OrderFiled(e)) => Some(e.order),
            _ => None,
        };
        let awaited = self.unfiled.take();
        if awaited != filed {
            let found = match (awaited, filed) {
                (Some(order), _) => format!("order {order} was not filed when it was issued"),
                (None, Some(order)) => format!("order {order} is filed apart from its issue"),
                (None, None) => return,
            };
            self.breaks(recorded.seq, "4.1.4", found);
        }
    }

    fn incident(&mut self, id: IncidentId, recorded: &Recorded) {
        let seq = recorded.seq;
        if let Some(opened) = IncidentFile::opened_by(id, &recorded.event) {
            if self.files.insert(id, opened).is_some() {
                self.breaks(seq, "", format!("incident {id} begins twice"));
            }
            return;
        }
        let Some(file) = self.files.get(&id) else {
            return self.breaks(seq, "", format!("incident {id} has no beginning"));
        };
        let mut found = match &recorded.event {
            Event::Dispatch(e) => dispatched(&self.state, file, recorded, e),
            _ => Vec::new(),
        };
        self.number(&recorded.event, &mut found);
        self.missed_once(id, recorded, &mut found);
        if let Event::Dispatch(dispatch::Event::OrderIssued(e)) = &recorded.event {
            self.unfiled = Some(e.order);
        }
        if let Some(file) = self.files.get_mut(&id) {
            file.apply(recorded);
            found.extend(one_commander(file));
        }
        for (clause, text) in found {
            self.breaks(seq, clause, text);
        }
    }

    fn number(&mut self, event: &Event, found: &mut Found) {
        let number = match event {
            Event::Dispatch(dispatch::Event::PlanDrafted(e)) => &e.number,
            Event::Dispatch(dispatch::Event::FirstResponseOrdered(e)) => &e.number,
            _ => return,
        };
        if !self.numbers.insert(number.clone()) {
            found.push(("4.1.4", format!("document number {number} is given twice")));
        }
    }

    /// A deadline that was missed is told once, and not before it has come.
    fn missed_once(&mut self, id: IncidentId, recorded: &Recorded, found: &mut Found) {
        let kind = recorded.event.kind();
        let missed = kind.ends_with("missed") || kind.ends_with("overdue");
        if !missed && kind != "report.unread" && kind != "plan.deputy_asked" {
            return;
        }
        let mut data: serde_json::Value = serde_json::from_str(&recorded.event.encode()).unwrap_or_default();
        let due = data["due"].as_i64();
        if due.is_some_and(|due| recorded.at < Time(due)) {
            found.push(("4.1.2", format!("{kind} is told before it was due")));
        }
        // When it was found is not what was missed: found again later, it is told twice.
        if let Some(fields) = data.as_object_mut() {
            fields.remove("at");
        }
        if !self.missed.insert((id, kind, data.to_string())) {
            found.push(("4.1.2", format!("{kind} is told twice")));
        }
    }
}

type Found = Vec<(&'static str, Text)>;

fn dispatched(state: &State, file: &IncidentFile, recorded: &Recorded, event: &dispatch::Event) -> Found {
    use dispatch::Event as E;
    let mut found = Found::new();
    match event {
        E::OrderIssued(e) => issued(state, file, e, &mut found),
        E::OrderFiled(e) => {
            if file.dispatch.filings.values().any(|f| f.order == e.order) {
                found.push(("4.1.4", format!("order {} is filed twice", e.order)));
            }
        }
        E::PlanSubmitted(e) => submitted(file, e, &mut found),
        E::PlanRevised(e) => changed(state, file, e.plan, &e.by.account, &mut found),
        E::PlanWithdrawn(e) => changed(state, file, e.plan, &e.by.account, &mut found),
        E::PlanApproved(e) => approved(file, e, &mut found),
        E::OrderOverdue(e) => {
            let due = file.dispatch.orders.get(&e.order).and_then(|o| o.due);
            if due != Some(e.due) {
                found.push(("4.1.2", format!("order {} is called late for a step that is not due", e.order)));
            }
        }
        E::StrengthShort(e) => {
            for id in &e.orders {
                let lacks_yes =
                    |step| matches!(step, OrderStep::Issued | OrderStep::Received | OrderStep::Declined);
                if !file.dispatch.orders.get(id).is_some_and(|o| lacks_yes(o.step) && !o.short) {
                    found.push((
                        "4.2.2",
                        format!("order {id} is given up waiting for, and nobody waited for it"),
                    ));
                }
            }
        }
        E::PlanDeputyAsked(e) => {
            let plan = file.dispatch.plans.get(&e.plan);
            if plan.is_none_or(|p| p.status != PlanStatus::Submitted || p.answer_due != Some(e.due)) {
                found.push((
                    "4.1.4",
                    format!("a deputy is asked about plan {}, which waits for nobody", e.plan),
                ));
            }
        }
        E::WrittenAgreementMissed(e) => {
            let approval = file.dispatch.plans.get(&e.plan).and_then(|p| p.approval.as_ref());
            if approval.is_none_or(|a| a.written != Written::Due) {
                found.push(("4.1.4", format!("plan {} is called unwritten, and is not", e.plan)));
            }
        }
        E::FilingMissed(e) => {
            if file.dispatch.filings.get(&e.filing).is_none_or(|f| f.signed.is_some() || f.overdue) {
                found.push(("4.1.4", format!("filing {} is called unsigned, and is not", e.filing)));
            }
        }
        _ => stepped(file, recorded, event, &mut found),
    }
    found
}

/// An order comes from nowhere but an approval, a first response of own stations, or an agreement in advance.
fn issued(state: &State, file: &IncidentFile, e: &dispatch::OrderIssued, found: &mut Found) {
    let force = state.ledger.forces.get(&e.force);
    let basis = force.map(|f| state.jurisdiction.basis(f, file.incident.hazard.as_deref()).0);
    let plan = e.plan.and_then(|id| file.dispatch.plans.get(&id));
    let approval = plan.and_then(|p| p.approval.as_ref());
    let agreed = plan.is_some_and(|p| p.tasks.iter().any(|t| t.force == e.force && t.agreed == Some(true)));
    let rests = match e.basis {
        OrderBasis::FirstResponse => e.plan.is_none() && basis == Some(Basis::Direct),
        OrderBasis::ApprovedPlan => {
            agreed && approval.is_some_and(|a| a.means != ApprovalMeans::Preauthorised)
        }
        OrderBasis::Preauthorised => {
            agreed && approval.is_some_and(|a| a.means == ApprovalMeans::Preauthorised)
        }
    };
    if !rests {
        found.push(("4.1.4", format!("order {} to {} rests on no approval", e.number, e.force)));
    }
    if matches!(basis, None | Some(Basis::LinkageNotice | Basis::LetterOfRequest)) {
        found.push((
            "4.1.4",
            format!("order {} goes to {}, which is not mobilised by order", e.number, e.force),
        ));
    }
    if file.dispatch.running_order_of(&e.force).is_some() {
        found.push(("4.1.4", format!("{} is ordered twice to incident {}", e.force, file.incident.number)));
    }
}

/// Once the post commands, what is asked of the bureau is asked by its order, or by whom it delegated to.
fn submitted(file: &IncidentFile, e: &dispatch::PlanSubmitted, found: &mut Found) {
    let Some(plan) = file.dispatch.plans.get(&e.plan) else { return };
    let by_order = plan.by_order_of_post || e.by_order_of_post;
    if !by_order && !file.command.is_commanded_by(Role::Dispatcher) {
        let (number, holder) = (&plan.number, file.command.holder_name());
        found.push(("4.1.5", format!("plan {number} goes out as the brigade's own, and {holder} commands")));
    }
}

/// What the post wrote, nobody else changes or withdraws.
fn changed(state: &State, file: &IncidentFile, plan: PlanId, by: &AccountId, found: &mut Found) {
    let is_post = |account| state.org.account(account).is_ok_and(|account| account.role == Role::Post);
    if let Some(plan) = file.dispatch.plans.get(&plan)
        && is_post(&plan.written.account)
        && !is_post(by)
    {
        found.push(("4.1.5", format!("plan {} is the post's own, and {by} changes it", plan.number)));
    }
}

fn approved(file: &IncidentFile, e: &dispatch::PlanApproved, found: &mut Found) {
    let Some(plan) = file.dispatch.plans.get(&e.plan) else {
        return found.push(("4.1.4", format!("plan {} is approved and was never drafted", e.plan)));
    };
    if plan.status != PlanStatus::Submitted {
        let status = plan.status.code();
        found.push(("4.1.4", format!("plan {} is approved while it is {status}", plan.number)));
    }
    if plan.revision != e.revision {
        let (shown, now) = (e.revision, plan.revision);
        found
            .push(("4.1.4", format!("plan {} is approved as revision {shown}, it is at {now}", plan.number)));
    }
    if e.agreed.iter().any(|force| !plan.tasks.iter().any(|t| t.force == *force)) {
        found.push(("4.1.4", format!("plan {} is approved for a force that it does not name", plan.number)));
    }
}

/// Each step of an order is recorded once; after a decline or a cancellation nothing follows but the return form.
fn stepped(file: &IncidentFile, recorded: &Recorded, event: &dispatch::Event, found: &mut Found) {
    let Some(id) = event.order() else { return };
    let Some(order) = file.dispatch.orders.get(&id) else {
        return found.push(("4.1.4", format!("order {id} moves and was never issued")));
    };
    let Some(step) = step_of(event) else { return };
    if order.at(step).is_some() {
        found.push(("4.1.4", format!("order {} is {} twice", order.number, step.code())));
    }
    let ended = matches!(order.step, OrderStep::Declined | OrderStep::Cancelled);
    if ended && step != OrderStep::Returned {
        let (now, step) = (order.step.code(), step.code());
        found.push(("4.1.4", format!("order {} is {step} after it was {now}", order.number)));
    }
    if order.issued_at > recorded.at {
        found.push(("", format!("order {} moves before it was issued", order.number)));
    }
}

fn step_of(event: &dispatch::Event) -> Option<OrderStep> {
    use dispatch::Event as E;
    Some(match event {
        E::OrderReceived(_) => OrderStep::Received,
        E::OrderAcknowledged(_) => OrderStep::Acknowledged,
        E::OrderDeclined(_) => OrderStep::Declined,
        E::OrderDeparted(_) => OrderStep::Departed,
        E::OrderArrived(_) => OrderStep::Arrived,
        E::OrderDeployed(_) => OrderStep::Deployed,
        E::OrderReleased(_) => OrderStep::Released,
        E::OrderReturned(_) => OrderStep::Returned,
        E::OrderCancelled(_) => OrderStep::Cancelled,
        _ => return None,
    })
}

/// One commander at each moment: no gap, no overlap, one now.
fn one_commander(file: &IncidentFile) -> Option<(&'static str, Text)> {
    let history: Vec<_> = file.command.history.iter().collect();
    let joined =
        history.windows(2).all(|pair| pair[0].until == Some(pair[1].since) && pair[0].since <= pair[1].since);
    let open = history.iter().filter(|held| held.until.is_none()).count();
    let last = history.last().is_some_and(|held| held.until.is_none() && held.holder == file.command.holder);
    let holds = joined && open == 1 && last;
    (!holds)
        .then(|| ("4.1.5", format!("incident {} has not one commander at each moment", file.incident.number)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_post::establish_post::EstablishPost;
    use crate::dispatch::order_first_response::OrderFirstResponse;
    use crate::testing::{Town, arrangements, task};

    /// Two stations by first response, two outside forces by an approved plan, one deadline missed.
    fn a_day() -> Town {
        let mut town = Town::rongcheng("08:00");
        let fire = town.oil_depot_burns();
        let orders = vec![task("shidao"), task("yatou")];
        let act = OrderFirstResponse { incident: fire, orders, arrangements: arrangements() };
        town.does("dispatcher", act);
        town.ordered(fire, &["huagong", "jijiu"]);
        town.does(
            "leader",
            EstablishPost {
                incident: fire,
                decision: "荣政指〔2026〕1号".to_owned(),
                commander: "市政府分管领导".to_owned(),
                place: "石岛港务大楼".to_owned(),
                post_channel: None,
                members: Vec::new(),
            },
        );
        town.after_s(60).clock_runs();
        town
    }

    /// The rules that are broken by a journal that was tampered with.
    fn broken_by(tamper: impl Fn(&mut Vec<Recorded>)) -> String {
        let mut journal = a_day().journal;
        tamper(&mut journal);
        let found = broken(&journal);
        assert!(!found.is_empty(), "nothing was found");
        found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    fn at(journal: &[Recorded], kind: &str) -> usize {
        journal.iter().position(|r| r.event.kind() == kind).expect("it happened")
    }

    fn drop_first(journal: &mut Vec<Recorded>, kind: &str) {
        let at = at(journal, kind);
        journal.remove(at);
    }

    /// The entry is written once more, at the end.
    fn again(journal: &mut Vec<Recorded>, kind: &str) {
        let mut copy = journal[at(journal, kind)].clone();
        let last = journal.last().expect("a day is not empty");
        (copy.seq, copy.at) = (last.seq + 1, last.at);
        journal.push(copy);
    }

    /// Plan 4.1.4, 4.1.5: a day as it was keeps every rule.
    #[test]
    fn a_day_as_it_was_keeps_every_rule() {
        assert_eq!(broken(&a_day().journal), []);
    }

    /// Plan 4.1.4: an order without approval, without filing, filed twice or issued twice is found.
    #[test]
    fn what_the_plan_forbids_is_found_in_a_journal() {
        let found = broken_by(|j| drop_first(j, "plan.approved"));
        assert!(
            found.contains("荣消调〔2026〕2号-01 to huagong rests on no approval (Plan 4.1.4)"),
            "{found}"
        );
        let found = broken_by(|j| drop_first(j, "order.filed"));
        assert!(found.contains("was not filed when it was issued (Plan 4.1.4)"), "{found}");
        let found = broken_by(|j| again(j, "order.filed"));
        assert!(found.contains("is filed apart from its issue"), "{found}");
        let found = broken_by(|j| again(j, "order.issued"));
        assert!(found.contains("is ordered twice"), "{found}");
        let found = broken_by(|j| again(j, "plan.approved"));
        assert!(found.contains("is approved while it is approved"), "{found}");
        let found = broken_by(|j| drop_first(j, "plan.submitted"));
        assert!(found.contains("is approved while it is draft"), "{found}");
        let found = broken_by(|j| again(j, "plan.drafted"));
        assert!(found.contains("is given twice"), "{found}");
        let found = broken_by(|j| {
            let last = at(j, "order.overdue");
            j.truncate(last);
            let issued = at(j, "order.issued");
            j.truncate(issued + 1);
        });
        assert!(found.contains("is not filed"), "{found}");
    }

    /// Plan 4.1.5: a plan that goes out as the brigade's own while the post commands is found, and one of the post's that
    /// the brigade withdraws or rewrites.
    #[test]
    fn a_plan_over_the_head_of_the_post_is_found() {
        let found = broken_by(|j| again(j, "plan.submitted"));
        assert!(
            found.contains("goes out as the brigade's own, and 现场指挥部 commands (Plan 4.1.5)"),
            "{found}"
        );
        let mut town = a_day();
        let fire = *town.state.incidents.keys().next().expect("it burns");
        let plan = town.does("post", crate::testing::plan_for(fire, &["jixie"])).id.parse().expect("an id");
        town.does("post", crate::dispatch::withdraw_plan::WithdrawPlan { plan, reason: None });
        assert_eq!(broken(&town.journal), []);
        let last = town.journal.len() - 1;
        if let Event::Dispatch(dispatch::Event::PlanWithdrawn(e)) = &mut town.journal[last].event {
            e.by.account = "dispatcher".parse().expect("an account");
        }
        let found = broken(&town.journal);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].found.contains("is the post's own, and dispatcher changes it"), "{found:?}");
    }

    /// Plan 4.3.2: an outside force by first response is found.
    #[test]
    fn an_outside_force_by_first_response_is_found() {
        let found = broken_by(|j| {
            let at = at(j, "order.issued");
            if let Event::Dispatch(dispatch::Event::OrderIssued(e)) = &mut j[at].event {
                e.force = "huagong".parse().expect("a force");
            }
        });
        assert!(found.contains("to huagong rests on no approval"), "{found}");
    }

    /// Plan 4.1.2, 4.1.5: two commanders, a deadline told twice or early, a time that goes back are found.
    #[test]
    fn two_commanders_and_a_timer_for_an_older_state_are_found() {
        let found = broken_by(|j| {
            let at = at(j, "command.taken_over");
            let mut data: serde_json::Value = serde_json::from_str(&j[at].event.encode()).expect("JSON");
            data["by"]["at"] = serde_json::json!(j[0].at.0 - 3_600_000);
            let event = Event::decode("command.taken_over", 1, &data.to_string());
            j[at].event = event.expect("it has its shape");
        });
        assert!(found.contains("has not one commander at each moment (Plan 4.1.5)"), "{found}");
        let found = broken_by(|j| again(j, "order.overdue"));
        assert!(found.contains("called late for a step that is not due"), "{found}");
        let found = broken_by(|j| {
            let last = j.len() - 1;
            j[last].at = j[last].at.plus_s(-1);
        });
        assert!(found.contains("told before it was due"), "{found}");
        let found = broken_by(|j| {
            let last = j.len() - 1;
            j[last].at = j[0].at.plus_s(-1);
        });
        assert!(found.contains("is earlier than entry"), "{found}");
        let found = broken_by(|j| drop_first(j, "incident.call_taken"));
        assert!(found.contains("has no beginning"), "{found}");
    }

    /// Plan 4.1.2: a deadline that is told once more is found, however much later.
    #[test]
    fn a_missed_deadline_that_is_told_again_later_is_found() {
        let mut town = a_day();
        town.after_s(86_400).clock_runs();
        let mut journal = town.journal;
        let first = journal[at(&journal, "report.missed")].clone();
        let last = journal.last().expect("a day is not empty");
        let (seq, later) = (last.seq + 1, last.at.plus_s(1));
        let mut data: serde_json::Value = serde_json::from_str(&first.event.encode()).expect("JSON");
        data["at"] = serde_json::json!(later.0);
        let event = Event::decode("report.missed", 1, &data.to_string()).expect("it has its shape");
        journal.push(Recorded { seq, at: later, event, ..first });
        let found: Vec<String> = broken(&journal).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("report.missed is told twice (Plan 4.1.2)"), "{found:?}");
    }
}
