//! Who there is.

use std::sync::Arc;

use imbl::OrdMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Event;
use crate::authority::Role;
use crate::context::Actor;
use crate::delivery::Way;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::types::{AccountId, ForceId, OrgId, Point, Text};

/// What kind of organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrgKind {
    /// 消防救援大队
    Brigade,
    /// 应急管理局
    Bureau,
    /// 市政府、总值班室
    Government,
    /// 部门
    Department,
    /// 企业
    Enterprise,
    /// 社会组织
    Social,
    /// 区镇、街道
    Town,
    /// 功能区
    Zone,
    /// 上级
    Superior,
    /// 军队、武警
    Military,
    /// 水电气通信
    Utility,
    /// 邻近地区
    Neighbour,
    /// 领导小组等
    Group,
}

/// How somebody of an organisation or force is reached; first contact first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Contact {
    /// 值班室
    pub title: Text,
    /// Who.
    pub name: Personal<Text>,
    /// Telephone number.
    pub phone: Personal<Text>,
    /// By what means a message reaches him, first one first; without any he is telephoned by a person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<Way>,
}

/// An organisation (单位).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Org {
    /// Its id.
    pub id: OrgId,
    /// 荣成市公安局
    pub name: Text,
    /// 市公安局
    pub short: Text,
    /// What kind.
    pub kind: OrgKind,
    /// Above it.
    pub parent: Option<OrgId>,
    /// Its town.
    pub town: Option<Text>,
    /// Where.
    pub point: Option<Point>,
    /// Running number in annex 2.
    pub annex2: Option<u16>,
    /// How it is reached.
    pub contacts: Vec<Contact>,
}

/// Who signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its name.
    pub id: AccountId,
    /// What it may do.
    pub role: Role,
    /// Its organisation.
    pub org: OrgId,
    /// Its force.
    pub force: Option<ForceId>,
    /// Its position, by role and number.
    pub position: Text,
}

impl Account {
    /// The account as one who acts.
    pub fn actor(&self) -> Actor {
        Actor {
            account: self.id.clone(),
            role: self.role,
            org: self.org.clone(),
            force: self.force.clone(),
            position: self.position.clone(),
        }
    }
}

/// The register.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Orgs {
    /// Organisations.
    pub orgs: OrdMap<OrgId, Arc<Org>>,
    /// Accounts.
    pub accounts: OrdMap<AccountId, Arc<Account>>,
}

impl Orgs {
    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::OrgRegistered(e) => {
                self.orgs.insert(e.org.id.clone(), Arc::new(e.org.clone()));
            }
            Event::OrgContactsSet(e) => {
                if let Some(org) = self.orgs.get_mut(&e.org) {
                    Arc::make_mut(org).contacts.clone_from(&e.contacts);
                }
            }
            Event::AccountOpened(e) => {
                self.accounts.insert(e.account.id.clone(), Arc::new(e.account.clone()));
            }
        }
    }

    /// An organisation, or why there is none.
    pub fn org(&self, id: &OrgId) -> Result<&Org, Refusal> {
        self.orgs.get(id).map(Arc::as_ref).ok_or_else(|| Refusal::not_found(Thing::Org, id))
    }

    /// Its short name, or its id where it is not known.
    pub fn name(&self, id: &OrgId) -> Text {
        self.orgs.get(id).map_or_else(|| id.to_string(), |o| o.short.clone())
    }

    /// An account, or why there is none.
    pub fn account(&self, id: &AccountId) -> Result<&Account, Refusal> {
        self.accounts.get(id).map(Arc::as_ref).ok_or_else(|| Refusal::not_found(Thing::Account, id))
    }
}
