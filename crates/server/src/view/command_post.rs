//! Who commands, who is inside, who must be out.

use domain::act::{ActKind, Target};
use domain::command_post::{Holder, Party, Withdrawal};
use domain::refusal::Thing;
use domain::types::Text;
use domain::{IncidentFile, command_post as cp};
use schemars::JsonSchema;
use serde::Serialize;

use super::incident::attached_name;
use super::{Mays, Moment, Ref, ReportedView, Viewer};

/// A group of the forward headquarters.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GroupView {
    /// Its name.
    pub name: Text,
    /// Its leader.
    pub leader: Text,
    /// Its forces.
    pub forces: Vec<Ref>,
}

/// The forward headquarters.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ForwardHeadquartersView {
    /// Who commands it.
    pub commander: Text,
    /// Where.
    pub place: Text,
    /// Its groups.
    pub groups: Vec<GroupView>,
    /// Radio channel.
    pub channel: Text,
    /// When, by whom.
    pub formed: ReportedView,
}

/// The command post.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PostView {
    /// Who commands.
    pub commander: Text,
    /// Where.
    pub place: Text,
    /// The city's decision.
    pub decision: Text,
    /// Its members.
    pub members: Vec<Text>,
    /// Radio channel.
    pub channel: Option<Text>,
    /// When, by whom.
    pub established: ReportedView,
    /// When the brigade's briefing is due.
    pub briefing_due: Moment,
    /// Late?
    pub briefing_overdue: bool,
    /// The briefing.
    pub briefing: Option<ReportedView>,
    /// What it says.
    pub briefing_text: Option<Text>,
}

/// A delegation.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DelegationView {
    /// To whom.
    pub to: Text,
    /// For what.
    pub scope: Text,
    /// Since when.
    pub since: Moment,
}

/// Who held command, from when to when.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HeldView {
    /// Brigade, post or superior.
    pub holder: Holder,
    /// Its name.
    pub name: Text,
    /// Who, by position.
    pub commander: Option<Text>,
    /// From.
    pub from: Moment,
    /// To; absent for who commands now.
    pub to: Option<Moment>,
}

/// Command of an incident.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CommandView {
    /// Who commands.
    pub holder: Holder,
    /// Its name.
    pub name: Text,
    /// Since when.
    pub since: Moment,
    /// Does this session's side command?
    pub is_mine: bool,
    /// The brigade's forward headquarters.
    pub forward_headquarters: Option<ForwardHeadquartersView>,
    /// The city's command post.
    pub post: Option<PostView>,
    /// Delegations.
    pub delegations: Vec<DelegationView>,
    /// Who commanded when.
    pub history: Vec<HeldView>,
}

/// A group inside the scene.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InsideView {
    /// Its name.
    pub group: Text,
    /// Its order.
    pub order: Option<Text>,
    /// Its force.
    pub force: Option<Ref>,
    /// People.
    pub count: u32,
    /// Since when.
    pub since: Moment,
}

/// The scene register.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SceneView {
    /// 安全员
    pub safety_officer: Option<Text>,
    /// Who is inside.
    pub inside: Vec<InsideView>,
    /// How many people together.
    pub people: u32,
}

/// A confirmation that a force is out.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ConfirmedView {
    /// Its order.
    pub order: Option<Text>,
    /// Its name.
    pub force: Text,
    /// Everyone out?
    pub everyone_out: bool,
    /// How many are missing.
    pub missing: Option<u32>,
    /// When, by whom.
    pub reported: ReportedView,
}

/// Who has not confirmed yet.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WaitingView {
    /// Its order; absent for an attached force.
    pub order: Option<Text>,
    /// The attached force.
    pub attached: Option<Text>,
    /// Its name.
    pub name: Text,
}

/// An emergency withdrawal.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WithdrawalView {
    /// Its id.
    pub id: Text,
    /// Why.
    pub reason: Option<Text>,
    /// When, by whom.
    pub ordered: ReportedView,
    /// Until when each must confirm.
    pub due: Moment,
    /// Late?
    pub overdue: bool,
    /// Who confirmed.
    pub confirmed: Vec<ConfirmedView>,
    /// Who has not.
    pub waiting: Vec<WaitingView>,
    /// What may be done next.
    pub may: Mays,
}

impl Viewer<'_> {
    /// Who commands.
    pub fn command(&self, file: &IncidentFile) -> CommandView {
        let c = &file.command;
        let forward = c.forward.as_ref().map(|f| ForwardHeadquartersView {
            commander: f.commander.clone(),
            place: f.place.clone(),
            groups: f.groups.iter().map(|g| self.group(g)).collect(),
            channel: f.channel.clone(),
            formed: self.reported(&f.formed),
        });
        let history = c.history.iter().map(|h| HeldView {
            holder: h.holder,
            name: h.name.clone(),
            commander: h.commander.clone(),
            from: self.moment(h.since),
            to: self.moment_opt(h.until),
        });
        let delegations = c.delegations.iter().map(|d| DelegationView {
            to: self.delegate(&d.to),
            scope: d.scope.clone(),
            since: self.moment(d.since),
        });
        CommandView {
            holder: c.holder,
            name: c.holder_name(),
            since: self.moment(c.since),
            is_mine: c.is_commanded_by(self.actor.role),
            forward_headquarters: forward,
            post: c.post.as_ref().map(|p| self.post(p)),
            delegations: delegations.collect(),
            history: history.collect(),
        }
    }

    fn group(&self, g: &cp::Group) -> GroupView {
        let forces = g.forces.iter().map(|f| self.force(f)).collect();
        GroupView { name: g.name.clone(), leader: g.leader.clone(), forces }
    }

    fn delegate(&self, to: &cp::Delegate) -> Text {
        match (to, to.label(self.lang)) {
            (cp::Delegate::Org(org), _) => self.state.org.name(org),
            (_, Some(label)) => label.to_owned(),
            (other, None) => other.to_string(),
        }
    }

    fn post(&self, p: &cp::Post) -> PostView {
        PostView {
            commander: p.commander.clone(),
            place: p.place.clone(),
            decision: p.decision.clone(),
            members: p.members.clone(),
            channel: p.channel.clone(),
            established: self.reported(&p.established),
            briefing_due: self.moment(p.briefing_due),
            briefing_overdue: p.briefing_overdue,
            briefing: p.briefing.as_ref().map(|by| self.reported(by)),
            briefing_text: self.words_opt(p.briefing_text.as_ref()),
        }
    }

    /// Who is inside: whole for a desk, its own groups for a force.
    pub fn scene(&self, file: &IncidentFile) -> SceneView {
        let c = &file.command;
        let inside = c.inside.iter().filter_map(|i| {
            let order = i.order.and_then(|id| file.dispatch.orders.get(&id));
            let seen = self.is_desk() || order.is_some_and(|o| self.is_own_force(&o.force));
            seen.then(|| InsideView {
                group: i.group.clone(),
                order: i.order.map(|o| o.to_string()),
                force: order.map(|o| self.force(&o.force)),
                count: i.count,
                since: self.moment(i.since),
            })
        });
        let inside: Vec<InsideView> = inside.collect();
        let people = inside.iter().map(|i| i.count).fold(0, u32::saturating_add);
        SceneView { safety_officer: c.safety_officer.clone(), inside, people }
    }

    /// Withdrawals, newest first.
    pub fn withdrawals(&self, file: &IncidentFile) -> Vec<WithdrawalView> {
        file.command.withdrawals.values().rev().map(|w| self.withdrawal(file, w)).collect()
    }

    fn withdrawal(&self, file: &IncidentFile, w: &Withdrawal) -> WithdrawalView {
        let name = |party: Party| match party {
            Party::Order(id) => {
                let order = file.dispatch.orders.get(&id);
                order.map(|o| self.state.ledger.name(&o.force)).unwrap_or_default()
            }
            Party::Attached(id) => attached_name(file, id),
        };
        let order = |party: Party| if let Party::Order(id) = party { Some(id.to_string()) } else { None };
        let attached =
            |party: Party| if let Party::Attached(id) = party { Some(id.to_string()) } else { None };
        let mut may = Mays::new();
        let open = domain::incident::still_open(file);
        self.offer(&mut may, ActKind::ConfirmWithdrawal, &Target::of(Thing::Withdrawal, w.id), open);
        WithdrawalView {
            id: w.id.to_string(),
            reason: self.words_opt(w.reason.as_ref()),
            ordered: self.reported(&w.ordered),
            due: self.moment(w.due),
            overdue: w.overdue,
            confirmed: w
                .confirmed
                .iter()
                .map(|c| ConfirmedView {
                    order: order(c.party),
                    force: name(c.party),
                    everyone_out: c.everyone_out,
                    missing: c.missing,
                    reported: self.reported(&c.by),
                })
                .collect(),
            waiting: w
                .waiting()
                .map(|p| WaitingView { order: order(p), attached: attached(p), name: name(p) })
                .collect(),
            may,
        }
    }
}
