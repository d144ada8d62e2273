//! Sets of roles, as one word.

use crate::authority::Role;

/// A set of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RoleSet(u16);

impl RoleSet {
    /// 消防救援大队
    pub const BRIGADE: Self = Self::of(&[Role::Dispatcher, Role::Commander]);
    /// 应急管理局
    pub const BUREAU: Self = Self::of(&[Role::Bureau, Role::ShiftLeader, Role::Deputy]);
    /// Who sees every incident, the auditor included.
    pub const DESKS: Self =
        Self::BRIGADE.and(Self::BUREAU).and(Self::of(&[Role::Govt, Role::Leader, Role::Post, Role::Auditor]));
    /// Who sees the registers: the desks, and the administrator.
    pub const REGISTERS: Self = Self::DESKS.and(Self::of(&[Role::Admin]));
    /// Every person who signs in.
    pub const EVERYONE: Self = Self::REGISTERS.and(Self::of(&[Role::Force, Role::Dept, Role::Town]));

    /// A set of these.
    pub const fn of(roles: &[Role]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < roles.len() {
            bits |= 1 << roles[i] as u16;
            i += 1;
        }
        Self(bits)
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Is this role one of them?
    pub const fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u16) != 0
    }
}
