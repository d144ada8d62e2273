//! Who may do what: one table of act × role × condition × clause, deny by default.
//!
//! `settle` is asked before every decision and by the views; nobody repeats a rule of this table elsewhere.
//! The whole table is snapshotted as text (`tests/authority.txt`): a change of rights is a changed line.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::act::{ActKind, Target};
use crate::context::{Actor, Told};
use crate::refusal::{Clause, Instead, Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::ids::Fresh;
use crate::types::{
    FilingId, ForceId, IncidentId, InstructionId, LetterId, NoticeId, OrderId, OrgId, StandById, TownCallId,
};

/// What an account stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 消防救援大队 dispatcher (指挥中心值班员).
    Dispatcher,
    /// 消防救援大队 duty commander: signs orders.
    Commander,
    /// 应急管理局 duty officer: handles.
    Bureau,
    /// 应急管理局 shift leader (带班领导): agrees.
    ShiftLeader,
    /// A deputy of the bureau, asked when nobody answers.
    Deputy,
    /// 总值班室 government duty office.
    Govt,
    /// 市领导 a leader of the city.
    Leader,
    /// 现场指挥部 the city's command post.
    Post,
    /// A force: its own orders.
    Force,
    /// A department or public service: filings, notices, letters, tasks.
    Dept,
    /// 区镇、街道 a town.
    Town,
    /// System administrator: accounts and settings, no dispatch.
    Admin,
    /// Auditor: reads, changes nothing.
    Auditor,
    /// The node's clock.
    System,
    /// An API token with the acts it was given.
    Integration,
}

impl Role {
    /// Every role, in the table's order of columns.
    pub const ALL: &'static [Role] = &[
        Role::Dispatcher,
        Role::Commander,
        Role::Bureau,
        Role::ShiftLeader,
        Role::Deputy,
        Role::Govt,
        Role::Leader,
        Role::Post,
        Role::Force,
        Role::Dept,
        Role::Town,
        Role::Admin,
        Role::Auditor,
        Role::System,
        Role::Integration,
    ];

    /// Belongs to the fire brigade.
    pub fn is_brigade(self) -> bool {
        matches!(self, Self::Dispatcher | Self::Commander)
    }

    /// Belongs to the emergency bureau.
    pub fn is_bureau(self) -> bool {
        matches!(self, Self::Bureau | Self::ShiftLeader | Self::Deputy)
    }

    /// Sees every incident of the jurisdiction.
    pub fn is_desk(self) -> bool {
        self.is_brigade()
            || self.is_bureau()
            || matches!(self, Self::Govt | Self::Leader | Self::Post | Self::Auditor)
    }
}

/// When a grant holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Always.
    Always,
    /// For its own force or organisation.
    Own,
    /// For incidents that it may see: those that concern its own force or organisation.
    InSight,
    /// Typed in for its owner, naming him and the means (代录).
    TypedIn,
    /// While its side commands the incident (Plan 4.1.5).
    InCommand,
}

/// One grant of a row.
#[derive(Debug, Clone, Copy)]
pub struct Grant {
    /// To whom.
    pub roles: &'static [Role],
    /// When.
    pub when: When,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Which act.
    pub act: ActKind,
    /// The clause it rests on.
    pub clause: Clause,
    /// To whom it is given; nobody else.
    pub grants: &'static [Grant],
    /// Where the others are led.
    pub instead: &'static [ActKind],
}

use ActKind as A;
use Role::{
    Bureau, Commander, Dept, Deputy, Dispatcher, Force, Govt, Leader, Post, ShiftLeader, System, Town,
};
use When::{Always, InCommand, InSight, Own, TypedIn};

const BRIGADE: &[Role] = &[Dispatcher, Commander];
const BUREAU: &[Role] = &[Bureau, ShiftLeader, Deputy];
const TYPISTS: &[Role] = &[Dispatcher, Commander, Bureau, ShiftLeader, Deputy, Post];
const ALL_DESKS: &[Role] = &[Dispatcher, Commander, Bureau, ShiftLeader, Deputy, Govt, Leader, Post];

const fn to(roles: &'static [Role], when: When) -> Grant {
    Grant { roles, when }
}

const fn row(act: ActKind, clause: Clause, grants: &'static [Grant], instead: &'static [ActKind]) -> Row {
    Row { act, clause, grants, instead }
}

/// The table: one row an act, in the order of `ActKind`.
static TABLE: &[Row] = &[
    row(A::EstablishJurisdiction, "2.1", &[to(&[System], Always)], &[]),
    row(A::ChangeReadiness, "4.1.2", &[to(BUREAU, Always)], &[]),
    row(A::AdoptComposition, "4.2.4", &[to(&[Commander, ShiftLeader], Always)], &[]),
    row(A::PreauthoriseComposition, "4.1.4", &[to(&[ShiftLeader], Always)], &[]),
    row(A::RevokePreauthorisation, "4.1.4", &[to(&[ShiftLeader], Always)], &[]),
    row(
        A::HandOverShift,
        "4.2.3",
        &[to(&[Dispatcher, Commander, Bureau, ShiftLeader, Deputy, Govt, Post], Always)],
        &[],
    ),
    row(A::TakeCall, "4.3.1", &[to(&[Dispatcher, Commander, Bureau, Govt, Role::Integration], Always)], &[]),
    row(A::VerifyCall, "4.1.3", &[to(BRIGADE, Always)], &[]),
    row(A::ClassifyIncident, "4.1.3", &[to(BRIGADE, Always)], &[]),
    row(A::RaiseGrade, "4.1.3", &[to(BRIGADE, Always)], &[]),
    row(A::GradeSeverity, "3.2", &[to(BRIGADE, Always), to(BUREAU, Always)], &[]),
    row(A::MergeIncident, "4.1.3", &[to(BRIGADE, Always)], &[]),
    row(A::CallTown, "4.3.1", &[to(BRIGADE, Always), to(BUREAU, Always), to(&[Govt], Always)], &[]),
    row(A::AnswerTownCall, "4.3.1", &[to(&[Town], Own), to(TYPISTS, TypedIn), to(&[Govt], TypedIn)], &[]),
    row(A::CountCasualties, "4.3.1", &[to(ALL_DESKS, Always), to(&[Town, Dept, Force], InSight)], &[]),
    row(A::ConfirmCasualties, "4.3.1", &[to(BUREAU, Always)], &[]),
    row(A::AddNote, "4.3.1", &[to(ALL_DESKS, Always)], &[]),
    row(A::GiveInstruction, "3.2", &[to(&[Leader], Always), to(&[Govt, Bureau, ShiftLeader], TypedIn)], &[]),
    row(A::AssignTask, "3.2", &[to(&[Govt, Leader], Always), to(BUREAU, Always)], &[]),
    row(
        A::FeedBack,
        "3.2",
        &[
            to(&[Dept, Town, Dispatcher, Commander, Bureau, ShiftLeader, Deputy], Own),
            to(&[Govt], TypedIn),
            to(BUREAU, TypedIn),
        ],
        &[],
    ),
    row(A::ControlIncident, "4.1.5", &[to(BRIGADE, InCommand), to(&[Post], InCommand)], &[]),
    row(A::CloseIncident, "4.1.5", &[to(BRIGADE, Always)], &[]),
    row(A::OrderFirstResponse, "4.3.2", &[to(BRIGADE, Always)], &[]),
    row(A::SendLinkageNotices, "4.3.1", &[to(BRIGADE, Always), to(BUREAU, Always)], &[]),
    row(A::AcknowledgeNotice, "4.3.1", &[to(&[Dept], Own), to(TYPISTS, TypedIn)], &[]),
    row(A::PushStandBy, "4.3.1", &[to(BRIGADE, Always), to(BUREAU, Always)], &[]),
    row(A::ConfirmStandBy, "4.3.1", &[to(&[Force], Own), to(TYPISTS, TypedIn)], &[]),
    row(A::LiftStandBy, "4.3.1", &[to(BRIGADE, Always), to(BUREAU, Always)], &[]),
    row(A::SendLetter, "4.1.4", &[to(BUREAU, Always), to(BRIGADE, Always)], &[]),
    row(A::AnswerLetter, "4.3.1", &[to(&[Dept], Own), to(TYPISTS, TypedIn)], &[]),
    row(
        A::DraftPlan,
        "4.1.4",
        &[to(BRIGADE, Always), to(&[Post], InCommand)],
        &[A::CallTown, A::PushStandBy],
    ),
    row(
        A::RevisePlan,
        "4.1.4",
        &[to(BRIGADE, Always), to(&[Post], InCommand)],
        &[A::CallTown, A::PushStandBy],
    ),
    row(
        A::SubmitPlan,
        "4.1.4",
        &[to(BRIGADE, Always), to(&[Post], InCommand)],
        &[A::CallTown, A::PushStandBy],
    ),
    row(
        A::WithdrawPlan,
        "4.1.4",
        &[to(BRIGADE, Always), to(&[Post], InCommand)],
        &[A::CallTown, A::PushStandBy],
    ),
    row(A::ApprovePlan, "4.1.4", &[to(&[ShiftLeader, Deputy], Always)], &[A::RecordTelephoneApproval]),
    row(A::SendBackPlan, "4.1.4", &[to(BUREAU, Always)], &[]),
    row(A::RecordTelephoneApproval, "4.1.4", &[to(BRIGADE, Always), to(BUREAU, Always)], &[]),
    row(A::ConfirmInWriting, "4.1.4", &[to(&[ShiftLeader, Deputy], Always)], &[]),
    row(A::ReceiveOrder, "4.1.4", &[to(&[Force], Own)], &[]),
    row(A::AcknowledgeOrder, "4.1.4", &[to(&[Force], Own), to(TYPISTS, TypedIn)], &[]),
    row(A::DeclineOrder, "4.1.4", &[to(&[Force], Own), to(TYPISTS, TypedIn)], &[]),
    row(A::DepartOrder, "4.1.4", &[to(&[Force], Own), to(TYPISTS, TypedIn)], &[]),
    row(A::ArriveOrder, "4.1.4", &[to(&[Force], Own), to(TYPISTS, TypedIn)], &[]),
    row(A::DeployOrder, "4.1.4", &[to(&[Force], Own), to(TYPISTS, TypedIn)], &[]),
    row(A::ReportProgress, "4.1.4", &[to(&[Force], Own), to(TYPISTS, TypedIn)], &[]),
    row(A::ReleaseOrder, "4.1.5", &[to(BRIGADE, InCommand), to(&[Post], InCommand)], &[]),
    row(A::ReturnOrder, "4.1.4", &[to(&[Force], Own), to(TYPISTS, TypedIn)], &[]),
    row(A::CancelOrder, "4.1.5", &[to(BRIGADE, InCommand), to(&[Post], InCommand)], &[]),
    row(
        A::SignFiling,
        "4.1.4",
        &[to(&[Dept, Town, Bureau, ShiftLeader, Deputy, Dispatcher, Commander], Own), to(TYPISTS, TypedIn)],
        &[],
    ),
    row(A::FormForwardHeadquarters, "4.1.2", &[to(BRIGADE, Always)], &[]),
    row(A::EstablishPost, "4.1.5", &[to(&[Leader], Always), to(&[Govt, Bureau, ShiftLeader], TypedIn)], &[]),
    row(A::HandInBriefing, "4.1.5", &[to(BRIGADE, Always)], &[]),
    row(A::DelegateCommand, "4.1.5", &[to(&[Post], InCommand)], &[]),
    row(A::RaiseCommand, "4.1.4", &[to(BRIGADE, TypedIn), to(BUREAU, TypedIn)], &[]),
    row(A::OrderWithdrawal, "4.1.5", &[to(BRIGADE, Always), to(&[Post], Always)], &[]),
    row(A::ConfirmWithdrawal, "4.1.5", &[to(&[Force], Own), to(TYPISTS, TypedIn)], &[]),
    row(A::AppointSafetyOfficer, "4.1.5", &[to(BRIGADE, Always), to(&[Post], InCommand)], &[]),
    row(A::EnterScene, "4.1.5", &[to(BRIGADE, Always), to(&[Post, Force], Always)], &[]),
    row(A::LeaveScene, "4.1.5", &[to(BRIGADE, Always), to(&[Post, Force], Always)], &[]),
    row(A::RequestReinforcement, "4.1.4", &[to(BUREAU, Always)], &[A::AddNote]),
    row(A::AnswerReinforcement, "4.1.4", &[to(BUREAU, TypedIn)], &[]),
    row(A::AttachForce, "4.1.4", &[to(BUREAU, Always), to(BRIGADE, Always), to(&[Post], Always)], &[]),
    row(A::ReleaseAttached, "4.1.4", &[to(BUREAU, Always), to(BRIGADE, Always), to(&[Post], Always)], &[]),
    row(A::FileReport, "4.3.1", &[to(BRIGADE, Always), to(BUREAU, Always), to(&[Dept, Town], InSight)], &[]),
    row(
        A::CorrectReport,
        "4.3.1",
        &[to(BRIGADE, Always), to(BUREAU, Always), to(&[Dept, Town], Always)],
        &[],
    ),
    row(A::ReadReport, "4.3.1", &[to(ALL_DESKS, Always)], &[]),
    row(A::CompileSituationReport, "4.1.5", &[to(BUREAU, Always)], &[]),
    row(A::WriteReview, "4.3.3", &[to(BRIGADE, Always)], &[]),
    row(
        A::SetContacts,
        "4.2.1",
        &[to(BUREAU, Always), to(&[Force, Dept, Town, Dispatcher, Commander], Own)],
        &[],
    ),
    row(A::OpenChannels, "4.2.2", &[to(&[System], Always)], &[]),
    row(A::AttemptMessage, "4.2.2", &[to(&[System], Always)], &[]),
    row(A::RecordDelivery, "4.2.2", &[to(&[System], Always)], &[]),
    row(A::AnswerNotification, "4.2.2", &[to(&[System], Always)], &[]),
    row(A::RecordUnmatched, "4.2.2", &[to(&[System], Always)], &[]),
    row(A::SubscribePush, "4.2.2", &[to(&[System], Always)], &[]),
    row(A::UnsubscribePush, "4.2.2", &[to(&[System], Always)], &[]),
    row(A::MeetDeadline, "4.1.2", &[to(&[System], Always)], &[]),
];

/// The row of an act.
pub fn row_of(act: ActKind) -> &'static Row {
    &TABLE[act as usize]
}

/// May this actor do this to that target, by the table? Asked by `decide` and by the views.
pub fn settle(
    state: &State,
    actor: &Actor,
    told: &Told,
    act: ActKind,
    target: &Target,
) -> Result<(), Refusal> {
    let row = row_of(act);
    let mut nearest = None;
    for grant in row.grants.iter().filter(|g| g.roles.contains(&actor.role)) {
        match holds(state, actor, told, act, target, grant.when) {
            Ok(()) => return Ok(()),
            Err(refusal) => nearest = Some(refusal),
        }
    }
    Err(nearest.unwrap_or_else(|| Refusal::NotPermitted {
        act,
        role: actor.role,
        clause: row.clause,
        who_may: who_may(row),
        instead: instead_for(actor.role, row),
    }))
}

fn holds(
    state: &State,
    actor: &Actor,
    told: &Told,
    act: ActKind,
    target: &Target,
    when: When,
) -> Result<(), Refusal> {
    match when {
        Always => Ok(()),
        Own if owns(state, actor, target) => Ok(()),
        Own => Err(Refusal::NotYours { act }),
        InSight => match incident_of(state, target).and_then(|id| state.hot(id)) {
            Some(file) if !sees(state, actor, file) => Err(Refusal::NotYours { act }),
            _ => Ok(()), // an incident that is not known is refused as such
        },
        TypedIn if told.on_behalf_of.is_some() => Ok(()),
        TypedIn => Err(Refusal::OnBehalfMissing { act }),
        InCommand => {
            let Some(file) = incident_of(state, target).and_then(|id| state.hot(id)) else { return Ok(()) };
            if file.command.is_commanded_by(actor.role) {
                return Ok(());
            }
            let instead = [ActKind::OrderWithdrawal, ActKind::DraftPlan].map(Instead).to_vec();
            Err(Refusal::NotInCommand { act, holder: file.command.holder_name(), instead })
        }
    }
}

fn who_may(row: &Row) -> Vec<Role> {
    let mut roles: Vec<Role> = row.grants.iter().flat_map(|g| g.roles).copied().collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}

fn instead_for(role: Role, row: &Row) -> Vec<Instead> {
    row.instead
        .iter()
        .filter(|act| row_of(**act).grants.iter().any(|g| g.roles.contains(&role)))
        .map(|act| Instead(*act))
        .collect()
}

/// The incident that a target belongs to.
pub fn incident_of(state: &State, target: &Target) -> Option<IncidentId> {
    match target {
        Target::Incident(id) => Some(*id),
        Target::Of(_, ulid) => state.owner.get(ulid).copied(),
        Target::Jurisdiction | Target::Org(_) | Target::Force(_) => None,
    }
}

/// Is the target the actor's own: its force's order, its organisation's filing?
pub fn owns(state: &State, actor: &Actor, target: &Target) -> bool {
    let (force, org) = owner(state, target);
    let own_force = force.is_some() && force == actor.force;
    own_force || org.is_some_and(|org| org == actor.org)
}

/// May this actor see that incident at all? Desks see all; others what concerns their own.
pub fn sees(state: &State, actor: &Actor, file: &IncidentFile) -> bool {
    let dispatch = &file.dispatch;
    match actor.role {
        role if role.is_desk() => true,
        Role::Force => {
            dispatch.orders.values().any(|o| actor.force.as_ref() == Some(&o.force))
                || dispatch.stand_bys.values().any(|s| actor.force.as_ref() == Some(&s.force))
        }
        Role::Town => {
            file.incident.town_calls.values().any(|c| c.town == actor.org)
                || is_in_town_of(state, actor, file)
                || has_papers(actor, file)
        }
        Role::Dept => has_papers(actor, file),
        _ => false,
    }
}

fn is_in_town_of(state: &State, actor: &Actor, file: &IncidentFile) -> bool {
    let town = file.incident.place.town.as_deref().and_then(|code| state.jurisdiction.town(code));
    town.is_some_and(|town| town.org == actor.org)
}

/// Filings, notices, letters and tasks that went to the actor's organisation.
fn has_papers(actor: &Actor, file: &IncidentFile) -> bool {
    let (dispatch, own) = (&file.dispatch, &actor.org);
    let mut tasks = file.incident.instructions.values().filter_map(|i| i.assigned.as_ref());
    dispatch.filings.values().any(|f| f.authority == *own)
        || dispatch.notices.values().any(|n| n.org == *own)
        || dispatch.letters.values().any(|l| l.org == *own)
        || tasks.any(|task| task.to == *own)
}

fn owner(state: &State, target: &Target) -> (Option<ForceId>, Option<OrgId>) {
    let Target::Of(what, ulid) = target else {
        return match target {
            Target::Org(org) => (None, Some(org.clone())),
            Target::Force(force) => (Some(force.clone()), None),
            _ => (None, None),
        };
    };
    let Some(file) = incident_of(state, target).and_then(|id| state.hot(id)) else { return (None, None) };
    let (dispatch, incident) = (&file.dispatch, &file.incident);
    match what {
        Thing::Order => (dispatch.orders.get(&OrderId::from_ulid(*ulid)).map(|o| o.force.clone()), None),
        Thing::StandBy => {
            (dispatch.stand_bys.get(&StandById::from_ulid(*ulid)).map(|s| s.force.clone()), None)
        }
        Thing::Filing => {
            (None, dispatch.filings.get(&FilingId::from_ulid(*ulid)).map(|f| f.authority.clone()))
        }
        Thing::Notice => (None, dispatch.notices.get(&NoticeId::from_ulid(*ulid)).map(|n| n.org.clone())),
        Thing::Letter => (None, dispatch.letters.get(&LetterId::from_ulid(*ulid)).map(|l| l.org.clone())),
        Thing::TownCall => {
            (None, incident.town_calls.get(&TownCallId::from_ulid(*ulid)).map(|c| c.town.clone()))
        }
        Thing::Instruction => {
            let task = incident.instructions.get(&InstructionId::from_ulid(*ulid));
            (None, task.and_then(|i| i.assigned.as_ref()).map(|a| a.to.clone()))
        }
        _ => (None, None),
    }
}

/// The whole table as text, one line an act: what a person reviews.
pub fn table() -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for act in ActKind::ALL {
        let row = row_of(*act);
        let _ = write!(text, "{:<28} {:<6}", act.name(), row.clause);
        for role in Role::ALL {
            let marks: String = row
                .grants
                .iter()
                .filter(|g| g.roles.contains(role))
                .map(|g| match g.when {
                    Always => 'A',
                    Own => 'O',
                    InSight => 'S',
                    TypedIn => 'T',
                    InCommand => 'C',
                })
                .collect();
            let _ = write!(text, " {:<3}", if marks.is_empty() { "·" } else { &marks });
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_has_its_own_row() {
        let rows: Vec<ActKind> = TABLE.iter().map(|r| r.act).collect();
        assert_eq!(rows, ActKind::ALL);
    }

    /// Nobody who only looks after the system or its records may dispatch.
    #[test]
    fn an_administrator_and_an_auditor_have_no_grant() {
        for row in TABLE {
            assert!(
                row.grants
                    .iter()
                    .all(|g| !g.roles.contains(&Role::Admin) && !g.roles.contains(&Role::Auditor))
            );
        }
    }
}
