//! What happened in the command of an incident.

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::state::{Delegate, Group, Holder, Party};
use crate::context::Reported;
use crate::event::part_events;
use crate::personal::Personal;
use crate::types::ids::Fresh;
use crate::types::{AttachedId, OrderId, OrgId, Text, Time, WithdrawalId};

/// The brigade formed, or re-formed, its forward headquarters (前方指挥部).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ForwardHeadquartersFormed {
    /// The position that leads it.
    pub commander: Text,
    /// Where it stands.
    pub place: Text,
    /// Its groups.
    pub groups: Vec<Group>,
    /// Its radio channel.
    pub channel: Text,
    /// By whom, when.
    pub by: Reported,
}

/// The city established its command post (现场指挥部).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PostEstablished {
    /// The position that commands.
    pub commander: Text,
    /// Where it stands.
    pub place: Text,
    /// The decision: its document number, or that it was given by word.
    pub decision: Text,
    /// The positions it consists of.
    pub members: Vec<Text>,
    /// Its radio channel.
    pub channel: Option<Text>,
    /// Until when the brigade briefs it.
    pub briefing_due: Time,
    /// By whom, when.
    pub by: Reported,
}

/// Command passed over, at the time of `by`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CommandTakenOver {
    /// Who commands from now on.
    pub holder: Holder,
    /// Its name, as a refusal and the record say it.
    pub name: Text,
    /// The position that commands.
    pub commander: Text,
    /// By whom, when.
    pub by: Reported,
}

/// Command rose to the superior brigade (提级指挥).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CommandRaised {
    /// To which organisation.
    pub to: OrgId,
    /// Its name then.
    pub name: Text,
    /// The position that commands.
    pub commander: Text,
    /// By whom, when.
    pub by: Reported,
}

/// The brigade briefed the command post.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BriefingHandedIn {
    /// What was said beyond the state's own briefing.
    pub text: Option<Personal<Text>>,
    /// By whom, when.
    pub by: Reported,
}

/// The briefing did not come in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BriefingOverdue {
    /// When it was due.
    pub due: Time,
}

/// The post delegated command in some scope.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CommandDelegated {
    /// To whom.
    pub to: Delegate,
    /// For what.
    pub scope: Text,
    /// By whom, when.
    pub by: Reported,
}

/// Everybody out (紧急撤离).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WithdrawalOrdered {
    /// The withdrawal.
    pub withdrawal: WithdrawalId,
    /// Why, where there was time to say so.
    pub reason: Option<Personal<Text>>,
    /// The orders whose forces must confirm: those that may have had people there then.
    pub orders: Vec<OrderId>,
    /// The outside forces that must confirm.
    pub attached: Vec<AttachedId>,
    /// Until when.
    pub confirm_due: Time,
    /// By whom, when.
    pub by: Reported,
}

/// A force answered a withdrawal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WithdrawalConfirmed {
    /// The withdrawal.
    pub withdrawal: WithdrawalId,
    /// Who answered.
    pub party: Party,
    /// Is everyone out?
    pub everyone_out: bool,
    /// People not accounted for.
    pub missing: Option<u32>,
    /// By whom, when.
    pub by: Reported,
}

/// Somebody did not answer a withdrawal in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WithdrawalOverdue {
    /// The withdrawal.
    pub withdrawal: WithdrawalId,
    /// When answers were due.
    pub due: Time,
    /// Who had not answered.
    pub waiting: Vec<Party>,
}

/// The safety officer (安全员) was appointed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SafetyOfficerAppointed {
    /// The position.
    pub who: Text,
    /// By whom, when.
    pub by: Reported,
}

/// A group went in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SceneEntered {
    /// The group's name.
    pub group: Text,
    /// Its order, where it has one.
    pub order: Option<OrderId>,
    /// People.
    pub count: u32,
    /// Did a safety officer watch?
    pub watched: bool,
    /// The withdrawal that was going on, where it went in against one.
    pub during: Option<WithdrawalId>,
    /// By whom, when.
    pub by: Reported,
}

/// A group, or a part of it, came out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SceneLeft {
    /// The group's name.
    pub group: Text,
    /// Its order, where it has one.
    pub order: Option<OrderId>,
    /// People who came out.
    pub count: u32,
    /// People of the group still inside.
    pub remaining: u32,
    /// By whom, when.
    pub by: Reported,
}

part_events! {
    /// 前方指挥部成立
    "command.forward_headquarters_formed" 1 => ForwardHeadquartersFormed,
    /// 现场指挥部成立
    "command.post_established" 1 => PostEstablished,
    /// 接管指挥
    "command.taken_over" 1 => CommandTakenOver,
    /// 提级指挥
    "command.raised" 1 => CommandRaised,
    /// 情况移交
    "command.briefing_handed_in" 1 => BriefingHandedIn,
    /// 情况移交超时
    "command.briefing_overdue" 1 => BriefingOverdue,
    /// 指挥授权
    "command.delegated" 1 => CommandDelegated,
    /// 紧急撤离
    "withdrawal.ordered" 1 => WithdrawalOrdered,
    /// 撤离清点
    "withdrawal.confirmed" 1 => WithdrawalConfirmed,
    /// 撤离清点超时
    "withdrawal.overdue" 1 => WithdrawalOverdue,
    /// 安全员指定
    "scene.safety_officer_appointed" 1 => SafetyOfficerAppointed,
    /// 进入内场
    "scene.entered" 1 => SceneEntered,
    /// 撤出内场
    "scene.left" 1 => SceneLeft,
}

impl Event {
    /// The ULIDs of what this event brings into being.
    pub fn creates(&self) -> Vec<Ulid> {
        match self {
            Self::WithdrawalOrdered(e) => vec![e.withdrawal.ulid()],
            Self::ForwardHeadquartersFormed(_)
            | Self::PostEstablished(_)
            | Self::CommandTakenOver(_)
            | Self::CommandRaised(_)
            | Self::BriefingHandedIn(_)
            | Self::BriefingOverdue(_)
            | Self::CommandDelegated(_)
            | Self::WithdrawalConfirmed(_)
            | Self::WithdrawalOverdue(_)
            | Self::SafetyOfficerAppointed(_)
            | Self::SceneEntered(_)
            | Self::SceneLeft(_) => Vec::new(),
        }
    }
}
