//! Orders, as a session may see them.

use domain::act::{ActKind, Target};
use domain::dispatch::{self as d, Consumable, Escalation, Order, OrderBasis, OrderStep};
use domain::refusal::Thing;
use domain::types::{Point, Text};
use domain::{IncidentFile, labels};
use schemars::JsonSchema;
use serde::Serialize;

use super::brief::{CodeName, ForceBrief};
use super::dispatch::{ArrangementsView, ContactView};
use super::{Mays, Moment, PlaceView, Ref, ReportedView, Viewer};

/// One step of an order.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StepView {
    /// Which.
    pub step: OrderStep,
    /// When, by whom.
    pub reported: ReportedView,
    /// A remark or reason.
    pub note: Option<Text>,
}

/// A late step.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OverdueView {
    /// Since when.
    pub since: Moment,
    /// What is done about it.
    pub level: Escalation,
    /// In words.
    pub text: Text,
    /// The force proposed instead.
    pub instead: Option<Ref>,
}

/// A progress report.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProgressView {
    /// What.
    pub text: Text,
    /// Photos.
    pub files: Vec<Text>,
    /// Where.
    pub position: Option<Point>,
    /// When, by whom.
    pub reported: ReportedView,
}

/// A return form.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReturnFormView {
    /// Minutes at work.
    pub worked_min: Option<u32>,
    /// What was used up.
    pub consumables: Vec<Consumable>,
    /// Who confirmed it.
    pub confirmed_by: Option<Text>,
}

/// The withdrawal that the force must confirm.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OrderWithdrawalView {
    /// Its id.
    pub id: Text,
    /// Why.
    pub reason: Option<Text>,
    /// Confirmed by this force?
    pub confirmed: bool,
}

/// The filing of an order.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OrderFilingView {
    /// Its id.
    pub id: Text,
    /// With whom.
    pub authority: Ref,
    /// Signed for?
    pub signed: bool,
}

/// An order.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OrderView {
    /// Its id.
    pub id: Text,
    /// Its number.
    pub number: Text,
    /// Its incident.
    pub incident: Text,
    /// The incident's number.
    pub incident_number: Text,
    /// 演练
    pub drill: bool,
    /// Its plan.
    pub plan: Option<Text>,
    /// On what it rests.
    pub basis: OrderBasis,
    /// The force.
    pub force: Option<ForceBrief>,
    /// Its id and name.
    pub force_ref: Ref,
    /// What for.
    pub task: Text,
    /// The slot it fills.
    pub slot: Option<Text>,
    /// Which capability.
    pub capability: Option<CodeName>,
    /// How much of it.
    pub quantity: Option<u32>,
    /// Arrangements.
    pub arrangements: ArrangementsView,
    /// How far it is.
    pub step: OrderStep,
    /// The steps so far.
    pub steps: Vec<StepView>,
    /// 签发人
    pub issued_by: Text,
    /// When.
    pub issued_at: Moment,
    /// When the next step is due.
    pub due: Option<Moment>,
    /// Late?
    pub overdue: Option<OverdueView>,
    /// People who come.
    pub strength: Option<u32>,
    /// Minutes until arrival, as the force said.
    pub eta_min: Option<u32>,
    /// Last known position.
    pub position: Option<Point>,
    /// When it was there.
    pub position_at: Option<Moment>,
    /// How the desks are reached.
    pub contacts: Vec<ContactView>,
    /// How the force is reached.
    pub force_contacts: Vec<ContactView>,
    /// Where the incident is.
    pub place: PlaceView,
    /// Hazard.
    pub hazard: Option<CodeName>,
    /// The substance.
    pub substance: Option<Text>,
    /// The last progress reports.
    pub progress: Vec<ProgressView>,
    /// The return form.
    pub return_form: Option<ReturnFormView>,
    /// The withdrawal to confirm.
    pub withdrawal: Option<OrderWithdrawalView>,
    /// Its filing.
    pub filing: Option<OrderFilingView>,
    /// One line to read out on the telephone.
    pub short_text: Text,
    /// What may be done next.
    pub may: Mays,
}

impl Viewer<'_> {
    /// An order.
    pub fn order(&self, file: &IncidentFile, order: &Order) -> OrderView {
        let i = &file.incident;
        let steps = order.steps.iter().map(|s| StepView {
            step: s.step,
            reported: self.reported(&s.by),
            note: self.words_opt(s.note.as_ref()),
        });
        let known = self.state.ledger.forces.get(&order.force);
        OrderView {
            id: order.id.to_string(),
            number: order.number.clone(),
            incident: i.id.to_string(),
            incident_number: i.number.clone(),
            drill: i.drill,
            plan: order.plan.map(|p| p.to_string()),
            basis: order.basis,
            force: known.map(|f| self.force_brief(f, Some(i.id))),
            force_ref: self.force(&order.force),
            task: order.task.clone(),
            slot: order.slot.clone(),
            capability: self.capability_opt(order.capability.as_ref()),
            quantity: order.quantity,
            arrangements: self.arrangements(&order.arrangements),
            step: order.step,
            steps: steps.collect(),
            issued_by: order.issued_by.clone(),
            issued_at: self.moment(order.issued_at),
            due: self.moment_opt(order.due),
            overdue: order.overdue.as_ref().map(|o| self.overdue(o)),
            strength: order.strength,
            eta_min: order.eta_min,
            position: order.position,
            position_at: self.moment_opt(order.position_at),
            contacts: self.desk_contacts(),
            force_contacts: known.map(|f| self.contacts(&f.contacts)).unwrap_or_default(),
            place: self.place(&i.place),
            hazard: i.hazard.as_deref().map(|h| self.hazard(h)),
            substance: i.substance.clone(),
            progress: self.progress(order),
            return_form: order.return_form.as_ref().map(|r| ReturnFormView {
                worked_min: r.worked_min,
                consumables: r.consumables.clone(),
                confirmed_by: r.confirmed_by.clone(),
            }),
            withdrawal: self.order_withdrawal(file, order),
            filing: self.order_filing(file, order),
            short_text: self.order_short_text(file, order),
            may: self.order_may(file, order),
        }
    }

    fn overdue(&self, o: &d::Overdue) -> OverdueView {
        let contact = o.contact.as_ref().map(|c| format!("（{c}）")).unwrap_or_default();
        let instead = o.instead.as_ref().map(|f| self.force(f));
        let mut text = format!("{}{contact}", o.level.label(self.lang));
        if let Some(force) = &instead {
            text.push_str(self.lang.pick("：", ": "));
            text.push_str(&force.name);
        }
        OverdueView { since: self.moment(o.since), level: o.level, text, instead }
    }

    fn progress(&self, order: &Order) -> Vec<ProgressView> {
        let newest_first = order.progress.iter().rev().map(|p| ProgressView {
            text: self.words(&p.text),
            files: p.files.iter().map(ToString::to_string).collect(),
            position: p.position,
            reported: self.reported(&p.by),
        });
        newest_first.collect()
    }

    fn order_withdrawal(&self, file: &IncidentFile, order: &Order) -> Option<OrderWithdrawalView> {
        let party = domain::command_post::Party::Order(order.id);
        let all = file.command.withdrawals.values().rev();
        let concerned = all.filter(|w| w.must_confirm.contains(&party));
        let newest = concerned.max_by_key(|w| w.ordered.at)?;
        Some(OrderWithdrawalView {
            id: newest.id.to_string(),
            reason: self.words_opt(newest.reason.as_ref()),
            confirmed: newest.answer_of(party).is_some_and(|answer| answer.everyone_out),
        })
    }

    fn order_filing(&self, file: &IncidentFile, order: &Order) -> Option<OrderFilingView> {
        let filing = order.filing.and_then(|id| file.dispatch.filings.get(&id))?;
        Some(OrderFilingView {
            id: filing.id.to_string(),
            authority: self.org(&filing.authority),
            signed: filing.signed.is_some(),
        })
    }

    fn contacts(&self, contacts: &[domain::org::Contact]) -> Vec<ContactView> {
        let seen = contacts.iter().map(|c| ContactView {
            position: format!("{} {}", c.title, self.words(&c.name)),
            phone: c.phone.reveal().cloned(),
        });
        seen.collect()
    }

    /// How a force reaches the two desks.
    fn desk_contacts(&self) -> Vec<ContactView> {
        let Some(offices) = &self.state.jurisdiction.offices else { return Vec::new() };
        let orgs =
            [&offices.brigade, &offices.bureau].into_iter().filter_map(|id| self.state.org.orgs.get(id));
        let first = orgs.filter_map(|org| {
            let contact = org.contacts.first()?;
            let position = format!("{}{}", org.short, contact.title);
            Some(ContactView { position, phone: contact.phone.reveal().cloned() })
        });
        first.collect()
    }

    /// One line to read out on the telephone.
    pub fn order_short_text(&self, file: &IncidentFile, order: &Order) -> Text {
        let i = &file.incident;
        let a = &order.arrangements;
        let headline = i.headline(&self.state.jurisdiction);
        let force = self.state.ledger.name(&order.force);
        let issued = labels::moment(order.issued_at, self.lang);
        match self.lang {
            domain::types::Lang::Zh => {
                let channel = a.radio_channel.as_ref().map(|c| format!("，{c}")).unwrap_or_default();
                format!(
                    "{issued} 出动指令 {}：{force}，{headline}。任务：{}。集结：{}，向{}报到{channel}。请确认出动。",
                    order.number, order.task, a.assembly_point.text, a.report_to.position
                )
            }
            domain::types::Lang::En => format!(
                "{issued} order {}: {force}. {headline}. Task: {}. Assemble at {}, report to {}.",
                order.number, order.task, a.assembly_point.text, a.report_to.position
            ),
        }
    }

    fn order_may(&self, file: &IncidentFile, order: &Order) -> Mays {
        let target = Target::of(Thing::Order, order.id);
        let mut may = Mays::new();
        let rules = [
            (ActKind::ReceiveOrder, d::receive_order::allow(order)),
            (ActKind::AcknowledgeOrder, d::acknowledge_order::allow(order)),
            (ActKind::DeclineOrder, d::decline_order::allow(file, order)),
            (ActKind::DepartOrder, d::depart_order::allow(order)),
            (ActKind::ArriveOrder, d::arrive_order::allow(order)),
            (ActKind::DeployOrder, d::deploy_order::allow(order)),
            (ActKind::ReportProgress, d::report_progress::allow(order)),
            (ActKind::ReleaseOrder, d::release_order::allow(file, order)),
            (ActKind::ReturnOrder, d::return_order::allow(order)),
            (ActKind::CancelOrder, d::cancel_order::allow(file, order)),
        ];
        for (act, rule) in rules {
            // What was done already is no next step.
            if !matches!(rule, Err(domain::Refusal::AlreadyDone { .. })) {
                self.offer(&mut may, act, &target, rule);
            }
        }
        may
    }
}
