//! Who may be told of an event.

use super::roles::RoleSet;
use crate::authority::Role;
use crate::command_post::{Delegate, Event as CommandPost, Party};
use crate::context::Actor;
use crate::dispatch::Event as Dispatch;
use crate::event::Event;
use crate::incident::Event as Incident;
use crate::ledger::Event as Ledger;
use crate::org::Event as Org;
use crate::readiness::Event as Readiness;
use crate::report::Event as Report;
use crate::state::{IncidentFile, Recorded};
use crate::types::{
    FilingId, ForceId, InstructionId, LetterId, NoticeId, OrderId, OrgId, ReportId, StandById, TownCallId,
};

/// Who may be told: desks by their role, departments and towns by their organisation, forces by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audience {
    /// Roles that are told whoever they are.
    pub roles: RoleSet,
    /// Departments and towns of these organisations; sorted.
    pub orgs: Vec<OrgId>,
    /// Terminals of these forces; sorted.
    pub forces: Vec<ForceId>,
}

impl Audience {
    /// May this session be told?
    pub fn includes(&self, actor: &Actor) -> bool {
        if self.roles.has(actor.role) {
            return true;
        }
        match actor.role {
            Role::Force => actor.force.as_ref().is_some_and(|own| self.forces.binary_search(own).is_ok()),
            Role::Dept | Role::Town => self.orgs.binary_search(&actor.org).is_ok(),
            _ => false,
        }
    }

    fn to(roles: RoleSet) -> Self {
        Self { roles, ..Self::default() }
    }

    fn and_orgs(mut self, orgs: impl IntoIterator<Item = OrgId>) -> Self {
        self.orgs.extend(orgs);
        self.orgs.sort_unstable();
        self.orgs.dedup();
        self
    }

    fn and_forces(mut self, forces: impl IntoIterator<Item = ForceId>) -> Self {
        self.forces.extend(forces);
        self.forces.sort_unstable();
        self.forces.dedup();
        self
    }
}

/// Who may be told of this event. `file` is its incident, folded up to it or later; without it, only desks are told.
pub fn audience(file: Option<&IncidentFile>, recorded: &Recorded) -> Audience {
    let owners = Owners { file };
    match &recorded.event {
        Event::Incident(e) => incident(owners, e),
        Event::Dispatch(e) => dispatch(owners, e),
        Event::CommandPost(e) => command(owners, e),
        // The superior has no session here; attached forces have none either.
        Event::Reinforcement(_) => desks(),
        Event::Report(e) => report(owners, e),
        Event::Review(_) => desks(),
        Event::Jurisdiction(_) => Audience::to(RoleSet::REGISTERS),
        Event::Org(e) => match e {
            Org::OrgRegistered(_) => Audience::to(RoleSet::REGISTERS),
            // Who is reached how is for the registers alone.
            Org::OrgContactsSet(e) => Audience::to(RoleSet::REGISTERS).and_orgs([e.org.clone()]),
            Org::AccountOpened(_) => Audience::to(RoleSet::of(&[Role::Admin, Role::Auditor])),
        },
        Event::Ledger(e) => match e {
            Ledger::ForceRegistered(e) => Audience::to(RoleSet::REGISTERS)
                .and_forces([e.force.id.clone()])
                .and_orgs([e.force.org.clone(), e.force.authority.clone()]),
            Ledger::ForceContactsSet(e) => Audience::to(RoleSet::REGISTERS).and_forces([e.force.clone()]),
        },
        // How somebody was told is the desks' business: he himself sees the thing, not its messages.
        Event::Delivery(_) => desks(),
        Event::Duty(_) => Audience::to(RoleSet::REGISTERS),
        Event::Readiness(e) => match e {
            Readiness::LimitsSet(_) => Audience::to(RoleSet::REGISTERS),
            // It takes effect at once on every desk and at every force (Plan 4.1.2).
            Readiness::ReadinessChanged(_) => Audience::to(RoleSet::EVERYONE),
        },
        Event::Composition(_) => Audience::to(RoleSet::REGISTERS),
    }
}

fn desks() -> Audience {
    Audience::to(RoleSet::DESKS)
}

fn incident(owners: Owners<'_>, event: &Incident) -> Audience {
    match event {
        // What an order shows of its incident has changed: who carries it must see that.
        Incident::Classified(_) => desks().and_forces(owners.bound()),
        Incident::TownCalled(e) => desks().and_orgs([e.town.clone()]),
        Incident::TownAnswered(e) => desks().and_orgs(owners.town(e.town_call)),
        Incident::TownAnswerMissed(e) => desks().and_orgs(owners.town(e.town_call)),
        Incident::TaskAssigned(e) => desks().and_orgs([e.to.clone()]),
        Incident::FedBack(e) => desks().and_orgs(owners.task(e.instruction)),
        Incident::InstructionFeedbackMissed(e) => desks().and_orgs(owners.task(e.instruction)),
        Incident::CallTaken(_)
        | Incident::CallAdded(_)
        | Incident::Verified(_)
        | Incident::FalseAlarm(_)
        | Incident::GradeRaised(_)
        | Incident::SeverityGraded(_)
        | Incident::Merged(_)
        | Incident::Absorbed(_)
        | Incident::Controlled(_)
        | Incident::Closed(_)
        | Incident::CasualtiesCounted(_)
        | Incident::CasualtiesConfirmed(_)
        | Incident::NoteAdded(_)
        | Incident::InstructionGiven(_) => desks(),
    }
}

fn dispatch(owners: Owners<'_>, event: &Dispatch) -> Audience {
    match event {
        Dispatch::NoticeSent(e) => desks().and_orgs([e.org.clone()]),
        Dispatch::NoticeAcknowledged(e) => desks().and_orgs(owners.notice(e.notice)),
        Dispatch::NoticeMissed(e) => desks().and_orgs(owners.notice(e.notice)),
        Dispatch::StandByPushed(e) => desks().and_forces([e.force.clone()]),
        Dispatch::StandByConfirmed(e) => desks().and_forces(owners.stand_by(e.stand_by)),
        Dispatch::StandByMissed(e) => desks().and_forces(owners.stand_by(e.stand_by)),
        Dispatch::StandByLifted(e) => desks().and_forces(owners.stand_by(e.stand_by)),
        Dispatch::LetterSent(e) => desks().and_orgs([e.org.clone()]),
        Dispatch::LetterAnswered(e) => desks().and_orgs(owners.letter(e.letter)),
        Dispatch::LetterMissed(e) => desks().and_orgs(owners.letter(e.letter)),
        Dispatch::FirstResponseOrdered(_)
        | Dispatch::PlanDrafted(_)
        | Dispatch::PlanRevised(_)
        | Dispatch::PlanSubmitted(_)
        | Dispatch::PlanDeputyAsked(_)
        | Dispatch::PlanWithdrawn(_)
        | Dispatch::PlanSentBack(_)
        | Dispatch::PlanApproved(_)
        | Dispatch::PlanConfirmedInWriting(_)
        | Dispatch::WrittenAgreementMissed(_) => desks(),
        Dispatch::OrderIssued(e) => desks().and_forces([e.force.clone()]),
        Dispatch::StrengthShort(_) => desks(),
        Dispatch::OrderFiled(e) => desks().and_orgs([e.authority.clone()]).and_forces(owners.order(e.order)),
        Dispatch::FilingSigned(e) => {
            desks().and_orgs(owners.authority(e.filing)).and_forces(owners.filed(e.filing))
        }
        Dispatch::FilingMissed(e) => desks().and_orgs(owners.authority(e.filing)),
        Dispatch::OrderReceived(e) => desks().and_forces(owners.order(e.order)),
        Dispatch::OrderAcknowledged(e) => desks().and_forces(owners.order(e.order)),
        Dispatch::OrderDeclined(e) => desks().and_forces(owners.order(e.order)),
        Dispatch::OrderDeparted(e) => desks().and_forces(owners.order(e.order)),
        Dispatch::OrderArrived(e) => desks().and_forces(owners.order(e.order)),
        Dispatch::OrderDeployed(e) => desks().and_forces(owners.order(e.order)),
        Dispatch::OrderProgressed(e) => desks().and_forces(owners.order(e.order)),
        Dispatch::OrderReleased(e) => desks().and_forces(owners.order(e.order)),
        Dispatch::OrderReturned(e) => desks().and_forces(owners.order(e.order)),
        Dispatch::OrderCancelled(e) => desks().and_forces(owners.order(e.order)),
        Dispatch::OrderOverdue(e) => desks().and_forces(owners.order(e.order)),
    }
}

fn command(owners: Owners<'_>, event: &CommandPost) -> Audience {
    match event {
        CommandPost::CommandDelegated(e) => match &e.to {
            Delegate::Org(org) => desks().and_orgs([org.clone()]),
            Delegate::RescueSection | Delegate::Brigade => desks(),
        },
        CommandPost::WithdrawalOrdered(e) => {
            desks().and_forces(e.orders.iter().filter_map(|order| owners.order(*order)))
        }
        CommandPost::WithdrawalConfirmed(e) => desks().and_forces(owners.party(e.party)),
        CommandPost::WithdrawalOverdue(e) => {
            desks().and_forces(e.waiting.iter().filter_map(|party| owners.party(*party)))
        }
        CommandPost::SceneEntered(e) => desks().and_forces(e.order.and_then(|order| owners.order(order))),
        CommandPost::SceneLeft(e) => desks().and_forces(e.order.and_then(|order| owners.order(order))),
        CommandPost::ForwardHeadquartersFormed(_)
        | CommandPost::PostEstablished(_)
        | CommandPost::CommandTakenOver(_)
        | CommandPost::CommandRaised(_)
        | CommandPost::BriefingHandedIn(_)
        | CommandPost::BriefingOverdue(_)
        | CommandPost::SafetyOfficerAppointed(_) => desks(),
    }
}

fn report(owners: Owners<'_>, event: &Report) -> Audience {
    match event {
        Report::Filed(e) => {
            let copied = e.copied_to.iter().cloned();
            desks().and_orgs(copied.chain([e.addressed_to.clone(), e.filed_by.clone()]))
        }
        Report::Corrected(e) => desks().and_orgs(owners.report(e.report)),
        // Who has read it is the business of who filed it.
        Report::Read(e) => desks().and_orgs(owners.reporter(e.report)),
        Report::Unread(e) => desks().and_orgs(owners.reporter(e.report)),
        Report::Missed(_) | Report::SituationCompiled(_) | Report::SituationMissed(_) => desks(),
    }
}

/// Whose something of an incident is.
#[derive(Clone, Copy)]
struct Owners<'a> {
    file: Option<&'a IncidentFile>,
}

impl Owners<'_> {
    fn order(self, id: OrderId) -> Option<ForceId> {
        self.file?.dispatch.orders.get(&id).map(|order| order.force.clone())
    }

    fn stand_by(self, id: StandById) -> Option<ForceId> {
        self.file?.dispatch.stand_bys.get(&id).map(|stand_by| stand_by.force.clone())
    }

    fn filed(self, id: FilingId) -> Option<ForceId> {
        self.file?.dispatch.filings.get(&id).map(|filing| filing.force.clone())
    }

    fn authority(self, id: FilingId) -> Option<OrgId> {
        self.file?.dispatch.filings.get(&id).map(|filing| filing.authority.clone())
    }

    fn notice(self, id: NoticeId) -> Option<OrgId> {
        self.file?.dispatch.notices.get(&id).map(|notice| notice.org.clone())
    }

    fn letter(self, id: LetterId) -> Option<OrgId> {
        self.file?.dispatch.letters.get(&id).map(|letter| letter.org.clone())
    }

    fn town(self, id: TownCallId) -> Option<OrgId> {
        self.file?.incident.town_calls.get(&id).map(|call| call.town.clone())
    }

    fn task(self, id: InstructionId) -> Option<OrgId> {
        let instruction = self.file?.incident.instructions.get(&id)?;
        instruction.assigned.as_ref().map(|task| task.to.clone())
    }

    fn report(self, id: ReportId) -> Vec<OrgId> {
        let Some(report) = self.file.and_then(|file| file.report.reports.get(&id)) else { return Vec::new() };
        let copied = report.copied_to.iter().cloned();
        copied.chain([report.addressed_to.clone(), report.filed_by.clone()]).collect()
    }

    fn reporter(self, id: ReportId) -> Option<OrgId> {
        self.file?.report.reports.get(&id).map(|report| report.filed_by.clone())
    }

    fn party(self, party: Party) -> Option<ForceId> {
        match party {
            Party::Order(order) => self.order(order),
            Party::Attached(_) => None,
        }
    }

    /// Forces with a running order or a stand-by that holds: not lifted, not answered with no.
    fn bound(self) -> Vec<ForceId> {
        let Some(file) = self.file else { return Vec::new() };
        let ordered = file.dispatch.orders.values().filter(|order| order.step.is_running());
        let ready = file.dispatch.stand_bys.values().filter(|stand_by| {
            stand_by.lifted.is_none() && stand_by.confirmed.as_ref().is_none_or(|answer| answer.ready)
        });
        let ordered = ordered.map(|order| order.force.clone());
        ordered.chain(ready.map(|stand_by| stand_by.force.clone())).collect()
    }
}
