//! Who commands an incident, who commanded it, who must be out and who is inside.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use imbl::{OrdMap, Vector};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::{Event, SceneEntered, SceneLeft, WithdrawalConfirmed, WithdrawalOrdered};
use crate::authority::Role;
use crate::context::Reported;
use crate::personal::Personal;
use crate::types::ids::IdFault;
use crate::types::{AttachedId, ForceId, OrderId, OrgId, Text, Time, WithdrawalId};

/// The fire brigade as the holder of command.
pub const BRIGADE: &str = "消防救援大队";
/// The city's command post as the holder of command.
pub const POST: &str = "现场指挥部";

/// Who commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// 消防救援大队: from the call on.
    Brigade,
    /// 现场指挥部: from the city's decision on.
    Post,
    /// 上级消防救援机构: after command rose (提级指挥); the brigade executes for it.
    Superior,
}

/// One stretch of command, from `since` until just before `until`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Who.
    pub holder: Holder,
    /// Its name.
    pub name: Text,
    /// The position that commanded, where it was named.
    pub commander: Option<Text>,
    /// From when.
    pub since: Time,
    /// Until when; `None` while it lasts.
    pub until: Option<Time>,
}

/// To whom the post delegates: `rescue_section`, `brigade` or an organisation's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Delegate {
    /// 抢险救援组 of the post, led by the brigade.
    RescueSection,
    /// 消防救援大队
    Brigade,
    /// An organisation.
    Org(OrgId),
}

impl fmt::Display for Delegate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RescueSection => f.write_str("rescue_section"),
            Self::Brigade => f.write_str("brigade"),
            Self::Org(org) => org.fmt(f),
        }
    }
}

impl FromStr for Delegate {
    type Err = IdFault;
    fn from_str(text: &str) -> Result<Self, IdFault> {
        match text {
            "rescue_section" => Ok(Self::RescueSection),
            "brigade" => Ok(Self::Brigade),
            org => org.parse().map(Self::Org),
        }
    }
}

impl TryFrom<String> for Delegate {
    type Error = IdFault;
    fn try_from(text: String) -> Result<Self, IdFault> {
        text.parse()
    }
}

impl From<Delegate> for String {
    fn from(to: Delegate) -> Self {
        to.to_string()
    }
}

/// Command in some scope, given by the post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// To whom.
    pub to: Delegate,
    /// For what.
    pub scope: Text,
    /// Since when.
    pub since: Time,
}

/// One group of the forward headquarters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name: 灭火组.
    pub name: Text,
    /// The position that leads it.
    pub leader: Text,
    /// Its forces.
    pub forces: Vec<ForceId>,
}

/// The brigade's forward headquarters (前方指挥部).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ForwardHeadquarters {
    /// The position that leads it.
    pub commander: Text,
    /// Where it stands.
    pub place: Text,
    /// Its groups.
    pub groups: Vec<Group>,
    /// Its radio channel.
    pub channel: Text,
    /// By whom it was formed, when.
    pub formed: Reported,
}

/// The city's command post (现场指挥部).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Post {
    /// The position that commands.
    pub commander: Text,
    /// Where it stands.
    pub place: Text,
    /// The city's decision.
    pub decision: Text,
    /// The positions it consists of.
    pub members: Vec<Text>,
    /// Its radio channel.
    pub channel: Option<Text>,
    /// When it took over.
    pub established: Reported,
    /// Until when the brigade briefs it.
    pub briefing_due: Time,
    /// Was that missed?
    pub briefing_overdue: bool,
    /// When the brigade briefed it.
    pub briefing: Option<Reported>,
    /// What was said beyond the state's own briefing.
    pub briefing_text: Option<Personal<Text>>,
}

/// Who must answer a withdrawal: an order's force, or an outside force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The force of an order.
    Order(OrderId),
    /// An outside force.
    Attached(AttachedId),
}

/// One answer to a withdrawal; the newest of a party counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Confirmation {
    /// Whose.
    pub party: Party,
    /// Is everyone out?
    pub everyone_out: bool,
    /// People not accounted for.
    pub missing: Option<u32>,
    /// By whom, when.
    pub by: Reported,
}

/// An emergency withdrawal (紧急撤离).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Its id.
    pub id: WithdrawalId,
    /// Why.
    pub reason: Option<Personal<Text>>,
    /// By whom, when.
    pub ordered: Reported,
    /// Who must answer.
    pub must_confirm: Vector<Party>,
    /// Who has answered: the newest answer of each.
    pub confirmed: Vector<Confirmation>,
    /// Until when.
    pub due: Time,
    /// Was that missed?
    pub overdue: bool,
}

impl Withdrawal {
    /// The newest answer of a party.
    pub fn answer_of(&self, party: Party) -> Option<&Confirmation> {
        self.confirmed.iter().find(|c| c.party == party)
    }

    /// Who has not said yet that everyone is out: an answer that names missing people is none to rest on.
    pub fn waiting(&self) -> impl Iterator<Item = Party> {
        self.must_confirm
            .iter()
            .copied()
            .filter(|party| self.answer_of(*party).is_none_or(|answer| !answer.everyone_out))
    }

    /// Is everyone out, by everyone's own word?
    pub fn is_confirmed(&self) -> bool {
        self.waiting().next().is_none()
    }

    /// People that the newest answers do not account for.
    pub fn missing(&self) -> u32 {
        self.confirmed.iter().filter_map(|c| c.missing).fold(0, u32::saturating_add)
    }
}

/// People registered inside the scene.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inside {
    /// The group's name.
    pub group: Text,
    /// Its order, where it has one.
    pub order: Option<OrderId>,
    /// People.
    pub count: u32,
    /// When the first of them went in.
    pub since: Time,
    /// Who of them went in when, the first ones first.
    pub went_in: Vector<WentIn>,
}

/// Some of a group, as they went in together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WentIn {
    /// When.
    pub at: Time,
    /// How many of them are still inside.
    pub count: u32,
}

impl Inside {
    fn more(&mut self, at: Time, count: u32) {
        let place = self.went_in.iter().position(|w| w.at > at).unwrap_or(self.went_in.len());
        self.went_in.insert(place, WentIn { at, count });
        self.settle();
    }

    /// So many are left. Who went in first counts as out first, so that a late word about an earlier time takes nobody
    /// out who may still be inside.
    fn only(&mut self, remaining: u32) {
        let mut out = self.count.saturating_sub(remaining);
        for part in &mut self.went_in {
            let gone = part.count.min(out);
            part.count -= gone;
            out -= gone;
        }
        self.settle();
    }

    /// Everyone who had gone in by then is out.
    fn out_by(&mut self, at: Time) {
        self.went_in.retain(|w| w.at > at);
        self.settle();
    }

    fn settle(&mut self) {
        self.went_in.retain(|w| w.count > 0);
        self.count = self.went_in.iter().map(|w| w.count).fold(0, u32::saturating_add);
        self.since = self.went_in.front().map_or(self.since, |w| w.at);
    }
}

/// The command of one incident.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Command {
    /// Who commands now.
    pub holder: Holder,
    /// Since when.
    pub since: Time,
    /// Who commanded when; the last stretch lasts.
    pub history: Vector<Held>,
    /// The forward headquarters.
    pub forward: Option<Arc<ForwardHeadquarters>>,
    /// The command post.
    pub post: Option<Arc<Post>>,
    /// What the holder has delegated.
    pub delegations: Vector<Delegation>,
    /// Emergency withdrawals.
    pub withdrawals: OrdMap<WithdrawalId, Arc<Withdrawal>>,
    /// The position that watches over safety.
    pub safety_officer: Option<Text>,
    /// Who is inside.
    pub inside: Vector<Inside>,
}

impl Command {
    /// From the call on, the brigade commands (Plan 4.1.5).
    pub fn opened(at: Time) -> Self {
        let held = Held {
            holder: Holder::Brigade,
            name: BRIGADE.to_owned(),
            commander: None,
            since: at,
            until: None,
        };
        Self {
            holder: Holder::Brigade,
            since: at,
            history: Vector::unit(held),
            forward: None,
            post: None,
            delegations: Vector::new(),
            withdrawals: OrdMap::new(),
            safety_officer: None,
            inside: Vector::new(),
        }
    }

    /// Folds one event.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::ForwardHeadquartersFormed(e) => {
                self.forward = Some(Arc::new(ForwardHeadquarters {
                    commander: e.commander.clone(),
                    place: e.place.clone(),
                    groups: e.groups.clone(),
                    channel: e.channel.clone(),
                    formed: e.by.clone(),
                }));
            }
            Event::PostEstablished(e) => {
                self.post = Some(Arc::new(Post {
                    commander: e.commander.clone(),
                    place: e.place.clone(),
                    decision: e.decision.clone(),
                    members: e.members.clone(),
                    channel: e.channel.clone(),
                    established: e.by.clone(),
                    briefing_due: e.briefing_due,
                    briefing_overdue: false,
                    briefing: None,
                    briefing_text: None,
                }));
            }
            Event::CommandTakenOver(e) => self.pass_to(e.holder, &e.name, &e.commander, e.by.at),
            Event::CommandRaised(_) => {}
            Event::BriefingHandedIn(e) => {
                if let Some(post) = &mut self.post {
                    let post = Arc::make_mut(post);
                    post.briefing = Some(e.by.clone());
                    post.briefing_text.clone_from(&e.text);
                }
            }
            Event::BriefingOverdue(_) => {
                if let Some(post) = &mut self.post {
                    Arc::make_mut(post).briefing_overdue = true;
                }
            }
            Event::CommandDelegated(e) => {
                self.delegations.retain(|d| d.to != e.to);
                let (to, scope) = (e.to.clone(), e.scope.clone());
                self.delegations.push_back(Delegation { to, scope, since: e.by.at });
            }
            Event::WithdrawalOrdered(e) => self.withdraw(e),
            Event::WithdrawalConfirmed(e) => self.confirm(e),
            Event::WithdrawalOverdue(e) => {
                if let Some(withdrawal) = self.withdrawals.get_mut(&e.withdrawal) {
                    Arc::make_mut(withdrawal).overdue = true;
                }
            }
            Event::SafetyOfficerAppointed(e) => self.safety_officer = Some(e.who.clone()),
            Event::SceneEntered(e) => self.enter(e),
            Event::SceneLeft(e) => self.leave(e),
        }
    }

    fn pass_to(&mut self, holder: Holder, name: &Text, commander: &Text, at: Time) {
        let last = self.history.len().saturating_sub(1);
        if let Some(held) = self.history.get_mut(last) {
            held.until = Some(at);
        }
        let (name, commander) = (name.clone(), Some(commander.clone()));
        self.history.push_back(Held { holder, name, commander, since: at, until: None });
        self.holder = holder;
        self.since = at;
        self.delegations.clear();
    }

    fn withdraw(&mut self, e: &WithdrawalOrdered) {
        let orders = e.orders.iter().copied().map(Party::Order);
        let withdrawal = Withdrawal {
            id: e.withdrawal,
            reason: e.reason.clone(),
            ordered: e.by.clone(),
            must_confirm: orders.chain(e.attached.iter().copied().map(Party::Attached)).collect(),
            confirmed: Vector::new(),
            due: e.confirm_due,
            overdue: false,
        };
        self.withdrawals.insert(e.withdrawal, Arc::new(withdrawal));
    }

    fn confirm(&mut self, e: &WithdrawalConfirmed) {
        if let Some(withdrawal) = self.withdrawals.get_mut(&e.withdrawal) {
            let confirmed = &mut Arc::make_mut(withdrawal).confirmed;
            confirmed.retain(|c| c.party != e.party);
            confirmed.push_back(Confirmation {
                party: e.party,
                everyone_out: e.everyone_out,
                missing: e.missing,
                by: e.by.clone(),
            });
        }
        if let (Party::Order(order), true) = (e.party, e.everyone_out) {
            for inside in self.inside.iter_mut().filter(|i| i.order == Some(order)) {
                inside.out_by(e.by.at);
            }
            self.inside.retain(|i| i.count > 0);
        }
    }

    fn enter(&mut self, e: &SceneEntered) {
        match self.inside.iter_mut().find(|i| i.group == e.group && i.order == e.order) {
            Some(inside) => inside.more(e.by.at, e.count),
            None => self.inside.push_back(Inside {
                group: e.group.clone(),
                order: e.order,
                count: e.count,
                since: e.by.at,
                went_in: Vector::unit(WentIn { at: e.by.at, count: e.count }),
            }),
        }
    }

    fn leave(&mut self, e: &SceneLeft) {
        if let Some(inside) = self.inside.iter_mut().find(|i| i.group == e.group && i.order == e.order) {
            inside.only(e.remaining);
        }
        self.inside.retain(|i| i.count > 0);
    }

    /// Does the side of this role command now? The authority table asks this (Plan 4.1.5).
    pub fn is_commanded_by(&self, role: Role) -> bool {
        match self.holder {
            // The superior commands through the brigade.
            Holder::Brigade | Holder::Superior => role.is_brigade(),
            Holder::Post => role == Role::Post || (role.is_brigade() && self.is_delegated_to_brigade()),
        }
    }

    fn is_delegated_to_brigade(&self) -> bool {
        self.delegations.iter().any(|d| matches!(d.to, Delegate::Brigade | Delegate::RescueSection))
    }

    /// Who commands now, by name.
    pub fn holder_name(&self) -> Text {
        self.history.last().map_or_else(|| BRIGADE.to_owned(), |held| held.name.clone())
    }

    /// Who commanded at that moment; `None` before the call.
    pub fn commander_at(&self, at: Time) -> Option<&Held> {
        self.history.iter().find(|h| h.since <= at && h.until.is_none_or(|until| at < until))
    }

    /// People of a group who are inside.
    pub fn count_inside(&self, group: &str, order: Option<OrderId>) -> u32 {
        self.inside.iter().find(|i| i.group == group && i.order == order).map_or(0, |i| i.count)
    }

    /// The groups of an order that are inside.
    pub fn inside_under(&self, order: OrderId) -> impl Iterator<Item = &Inside> {
        self.inside.iter().filter(move |i| i.order == Some(order))
    }

    /// People registered inside the scene.
    pub fn people_inside(&self) -> u32 {
        self.inside.iter().map(|i| i.count).fold(0, u32::saturating_add)
    }

    /// Withdrawals that somebody has not answered.
    pub fn withdrawals_unconfirmed(&self) -> usize {
        self.withdrawals.values().filter(|w| !w.is_confirmed()).count()
    }

    /// The newest withdrawal that is still going on.
    pub fn withdrawal_going_on(&self) -> Option<&Withdrawal> {
        self.withdrawals.values().rev().map(Arc::as_ref).find(|w| !w.is_confirmed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_post::event::{CommandDelegated, CommandTakenOver};

    fn by(at: Time) -> Reported {
        let account = "post".parse().unwrap();
        Reported { at, recorded_at: at, by: "现场指挥部".to_owned(), account, on_behalf_of: None }
    }

    /// Plan 4.1.5: what a holder delegated ends with its command.
    #[test]
    fn delegations_end_when_the_holder_changes() {
        let mut command = Command::opened(Time(0));
        let taken = |holder, at| {
            let (name, commander) = (POST.to_owned(), "市政府分管领导".to_owned());
            Event::CommandTakenOver(CommandTakenOver { holder, name, commander, by: by(at) })
        };
        command.apply(&taken(Holder::Post, Time(10)));
        assert!(!command.is_commanded_by(Role::Commander));
        let (to, scope) = (Delegate::Brigade, "全部".to_owned());
        command.apply(&Event::CommandDelegated(CommandDelegated { to, scope, by: by(Time(20)) }));
        assert!(command.is_commanded_by(Role::Commander) && command.is_commanded_by(Role::Post));
        command.apply(&taken(Holder::Post, Time(30)));
        assert!(!command.is_commanded_by(Role::Commander));
    }
}
