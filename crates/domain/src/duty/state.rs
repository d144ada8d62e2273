//! Who is on duty, at any moment: one query that dispatch, delivery and roll-call share.

use std::sync::Arc;

use imbl::OrdMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Event;
use crate::types::{OrgId, Text, Time};

/// A position on the duty list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyPosition {
    /// 值班员
    DutyOfficer,
    /// 带班领导
    ShiftLeader,
    /// 值班指挥长
    DutyCommander,
    /// 第一备岗
    Deputy1,
    /// 第二备岗
    Deputy2,
}

/// A line of the duty list: officers that alternate in shifts of equal length.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyRow {
    /// The organisation or force.
    pub owner: Text,
    /// Which position.
    pub position: DutyPosition,
    /// 应急值守处置科值班员
    pub title: Text,
    /// Minutes after local midnight at which a shift begins.
    pub start_min: i32,
    /// Hours of a shift.
    pub hours: i32,
    /// The officers, by role and number; the one on duty is found by the calendar.
    pub officers: Vec<Text>,
}

/// Who is on duty: always two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnDuty {
    /// 值班员
    pub officer: Text,
    /// 带班领导
    pub leader: Text,
}

/// A desk whose shift is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeskKind {
    /// 119 指挥中心
    Brigade,
    /// 应急值守
    Bureau,
    /// 总值班室
    Govt,
}

/// The shift that a desk is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Who has it.
    pub officer: Text,
    /// Since when.
    pub since: Time,
}

/// Duty of the jurisdiction.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Duty {
    /// Rows by owner, then by position.
    pub rows: OrdMap<Text, OrdMap<DutyPosition, Arc<DutyRow>>>,
    /// Shifts handed over at desks.
    pub shifts: OrdMap<DeskKind, Shift>,
    /// Minutes ahead of UTC, from the jurisdiction.
    pub utc_offset_min: i32,
}

impl Duty {
    pub(crate) fn apply(&mut self, event: &Event, _at: Time) {
        match event {
            Event::DutyListed(e) => {
                self.utc_offset_min = e.utc_offset_min;
                for row in &e.rows {
                    let of_owner = self.rows.entry(row.owner.clone()).or_default();
                    of_owner.insert(row.position, Arc::new(row.clone()));
                }
            }
            Event::ShiftHandedOver(e) => {
                self.shifts.insert(e.desk, Shift { officer: e.to.clone(), since: e.by.at });
            }
        }
    }

    /// Who holds a position of an organisation or force at a moment.
    pub fn officer(&self, owner: &str, position: DutyPosition, at: Time) -> Option<Text> {
        let row = self.rows.get(owner)?.get(&position)?;
        let length = i64::from(row.hours.max(1)) * 3600;
        let since_start =
            at.0.div_euclid(1000) + i64::from(self.utc_offset_min) * 60 - i64::from(row.start_min) * 60;
        let shift = since_start.div_euclid(length);
        let count = i64::try_from(row.officers.len()).ok().filter(|n| *n > 0)?;
        usize::try_from(shift.rem_euclid(count)).ok().and_then(|i| row.officers.get(i)).cloned()
    }

    /// Duty officer and shift leader of an organisation at a moment; an organisation with one position has both.
    pub fn on_duty(&self, org: &OrgId, at: Time) -> Option<OnDuty> {
        self.on_duty_of(org.as_str(), at)
    }

    /// The same for an organisation or a force.
    pub fn on_duty_of(&self, owner: &str, at: Time) -> Option<OnDuty> {
        let officer = self.officer(owner, DutyPosition::DutyOfficer, at);
        let leader = self
            .officer(owner, DutyPosition::ShiftLeader, at)
            .or_else(|| self.officer(owner, DutyPosition::DutyCommander, at));
        match (officer, leader) {
            (Some(officer), Some(leader)) => Some(OnDuty { officer, leader }),
            (Some(one), None) | (None, Some(one)) => Some(OnDuty { officer: one.clone(), leader: one }),
            (None, None) => None,
        }
    }

    /// May this contact of an organisation or force be asked now? Who stands on its duty list is asked while on duty and
    /// never otherwise (Plan 4.2.3); every other contact stands, such as a duty room.
    pub fn may_be_asked(&self, owner: &str, title: &str, at: Time) -> bool {
        let Some(rows) = self.rows.get(owner) else { return true };
        let mut listed = rows.values().filter(|row| row.officers.iter().any(|o| o == title)).peekable();
        listed.peek().is_none()
            || listed.any(|row| self.officer(owner, row.position, at).as_deref() == Some(title))
    }

    /// The deputies of an organisation in the order in which they are asked.
    pub fn deputies(&self, org: &OrgId, at: Time) -> Vec<Text> {
        [DutyPosition::Deputy1, DutyPosition::Deputy2]
            .into_iter()
            .filter_map(|p| self.officer(org.as_str(), p, at))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{MIDNIGHT, Town};

    fn at(town: &Town, owner: &str, minute: i64) -> Option<OnDuty> {
        town.state.duty.on_duty_of(owner, MIDNIGHT.plus_s(minute * 60))
    }

    /// Plan 4.2.3: the shift changes at half past eight, to the second, and not at midnight.
    #[test]
    fn the_shift_changes_at_half_past_eight_and_not_at_midnight() {
        let town = Town::rongcheng("08:00");
        let leader = |second: i64| {
            let on = town.state.duty.on_duty_of("org-yingji", MIDNIGHT.plus_s(second)).unwrap();
            (on.officer, on.leader)
        };
        let change = (8 * 60 + 30) * 60;
        let (before, after) = (leader(change - 1), leader(change));
        assert_ne!(before, after);
        assert_eq!(leader(-1), leader(0), "the night shift goes on over midnight");
        assert_eq!(leader(0), before);
        assert_eq!(leader(86_400 + change - 1), after, "for twenty-four hours");
        assert_eq!(leader(86_400 + change), before, "two officers take turns");
        let pairs = [("应急局值班员01", "应急局带班领导01"), ("应急局值班员02", "应急局带班领导02")];
        assert!(
            pairs.contains(&(before.0.as_str(), before.1.as_str())),
            "officer and leader change together"
        );
    }

    /// Plan 4.2.3: long before 1970 and long after, somebody is on duty: the calendar does not run out.
    #[test]
    fn the_turn_of_the_officers_goes_back_and_forth_for_ever() {
        let town = Town::rongcheng("08:00");
        for days in [-40_000_i64, -1, 0, 1, 40_000] {
            assert!(at(&town, "org-yingji", days * 1440).is_some());
        }
        assert_ne!(at(&town, "org-yingji", -40_000 * 1440), at(&town, "org-yingji", -40_001 * 1440));
    }

    /// Plan 4.2.3: always two; an organisation with one position has both in one, one without a list has nobody.
    #[test]
    fn there_are_always_two_or_nobody() {
        let town = Town::rongcheng("08:00");
        let brigade = at(&town, "org-xiaofang", 480).unwrap();
        assert_eq!((brigade.officer.as_str(), brigade.leader.as_str()), ("指挥中心值班员01", "大队指挥长01"));
        let force = at(&town, "huagong", 480).unwrap();
        assert_eq!(force.officer, force.leader);
        assert_eq!(at(&town, "org-town-yatou", 480), None);
        let deputies = town.state.duty.deputies(&"org-yingji".parse().unwrap(), town.now);
        assert_eq!(deputies, ["应急局备岗01", "应急局备岗02"]);
        assert!(town.state.duty.deputies(&"org-xiaofang".parse().unwrap(), town.now).is_empty());
    }
}
