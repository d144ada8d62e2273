//! What a decision may know besides the state: who asks, when, fresh ids. Nothing else comes in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::authority::Role;
use crate::refusal::{FieldFault, Refusal};
use crate::types::ids::Fresh;
use crate::types::{AccountId, ForceId, OrgId, Text, Time, limits, text};

/// Who acts: an account, seen as the position it stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Who signed in.
    pub account: AccountId,
    /// What it may do.
    pub role: Role,
    /// The organisation it belongs to.
    pub org: OrgId,
    /// The force, where it is a force's terminal.
    pub force: Option<ForceId>,
    /// The official position: 指挥中心值班员.
    pub position: Text,
}

impl Actor {
    /// The node's clock, which carries out what falls due.
    pub fn clock() -> Self {
        let known = "a constant slug is valid";
        Self {
            account: "clock".parse().expect(known),
            role: Role::System,
            org: "org-node".parse().expect(known),
            force: None,
            position: "系统".to_owned(),
        }
    }
}

/// The surroundings of one decision.
#[derive(Debug)]
pub struct Context {
    /// Now, by the node's clock; never earlier than the last entry.
    pub now: Time,
    /// Who acts.
    pub actor: Actor,
    /// What the act says of itself: when it happened, for whom it is typed in.
    pub told: Told,
    next_id: u128,
    /// Seconds that a late entry may lie back here and now.
    back_s: i64,
}

impl Context {
    /// `seed` comes from the shell: its first 48 bits are the time, the rest is chance. Ids count on from it.
    pub fn new(now: Time, actor: Actor, told: Told, seed: Ulid) -> Self {
        Self { now, actor, told, next_id: seed.0, back_s: limits::BACK_S }
    }

    /// A jurisdiction may take late entries for a shorter time than the program allows, not for a longer one.
    pub(crate) fn bound_by(&mut self, of: &crate::readiness::Limits) {
        self.back_s = of.late_entry_max_s.min(limits::BACK_S);
    }

    /// The next id.
    pub fn fresh<I: Fresh>(&mut self) -> I {
        let id = I::from_ulid(Ulid(self.next_id));
        self.next_id = self.next_id.wrapping_add(1);
        id
    }

    /// Who does this, when it happened and through whom it came: checked and stamped.
    pub fn report(&self) -> Result<Reported, Refusal> {
        let at = self.stated("/occurred_at", self.told.occurred_at)?;
        let on_behalf_of = match &self.told.on_behalf_of {
            None => None,
            Some(b) => Some(OnBehalfOf { who: text::line("/on_behalf_of/who", &b.who)?, through: b.through }),
        };
        Ok(Reported {
            at,
            recorded_at: self.now,
            by: self.actor.position.clone(),
            account: self.actor.account.clone(),
            on_behalf_of,
        })
    }

    /// A time that an act states of what happened: now where it states none.
    pub(crate) fn stated(&self, pointer: &'static str, at: Option<Time>) -> Result<Time, Refusal> {
        match at {
            None => Ok(self.now),
            Some(at) if at > self.now.plus_s(limits::AHEAD_S) => {
                Err(Refusal::field(pointer, FieldFault::TooFarAhead { limit_s: limits::AHEAD_S }))
            }
            Some(at) if at < self.now.plus_s(-self.back_s) => {
                Err(Refusal::field(pointer, FieldFault::TooLongAgo { limit_s: self.back_s }))
            }
            // A phone's clock may run ahead by seconds; what happened did not happen in the future.
            Some(at) => Ok(at.min(self.now)),
        }
    }
}

/// How something came to be typed in by somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Through {
    /// 电话
    Phone,
    /// 电台
    Radio,
    /// 当面
    InPerson,
    /// 纸质
    Paper,
    /// 短信等消息
    Message,
}

/// On whose behalf a desk types (代录).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OnBehalfOf {
    /// The position that spoke: 石岛站值班员01.
    pub who: Text,
    /// How it was said.
    pub through: Through,
}

/// What an act may say of itself: when it happened, and for whom it is typed in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Told {
    /// When it happened, where that was not now: typed in later, or queued on a phone without network.
    pub occurred_at: Option<Time>,
    /// For whom it is typed in.
    pub on_behalf_of: Option<OnBehalfOf>,
}

/// Who did something, when it happened, when it was recorded: two times, kept apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reported {
    /// When it happened; lateness is judged by this.
    pub at: Time,
    /// When the node recorded it.
    pub recorded_at: Time,
    /// The position that recorded it.
    pub by: Text,
    /// Its account.
    pub account: AccountId,
    /// For whom it was typed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<OnBehalfOf>,
}
