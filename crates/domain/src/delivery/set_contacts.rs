//! How an organisation or force is reached, given anew (Plan 4.2.1): by itself or by the bureau. It settles
//! what was found wrong with the old list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::channel::{ChannelKind, Way};
use super::state::Recipient;
use crate::act::{Decision, Resource, Stream, Target, rule};
use crate::context::Context;
use crate::ledger::ForceContactsSet;
use crate::org::{Contact, OrgContactsSet};
use crate::personal::{Personal, Subject};
use crate::refusal::{FieldFault, Refusal};
use crate::state::State;
use crate::types::{NotificationId, Text, limits, text};

/// One way, as given.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WayGiven {
    /// By what means.
    pub channel: ChannelKind,
    /// Where; absent, it is the contact's telephone number.
    #[serde(default)]
    pub address: Option<Text>,
}

/// One contact, as given.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactGiven {
    /// 值班室, or a position of the duty list, who is then asked while on duty only.
    pub title: Text,
    /// Who.
    pub name: Text,
    /// Telephone number.
    pub phone: Text,
    /// Ways, first one first.
    #[serde(default)]
    pub ways: Vec<WayGiven>,
}

/// The contacts of an organisation or force from now on, first one first.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetContacts {
    /// Whose.
    pub of: Recipient,
    /// All of them.
    pub contacts: Vec<ContactGiven>,
}

rule!(SetContacts, set_contacts, |a| match &a.of {
    Recipient::Force(id) => Target::Force(id.clone()),
    Recipient::Org(id) => Target::Org(id.clone()),
});

/// Replaces the list, whole.
pub fn set_contacts(state: &State, ctx: &mut Context, act: SetContacts) -> Result<Decision, Refusal> {
    match &act.of {
        Recipient::Force(id) => drop(state.ledger.force(id)?.id.clone()),
        Recipient::Org(id) => drop(state.org.org(id)?.id.clone()),
    }
    if act.contacts.len() > limits::CONTACTS_EACH {
        let (count, limit) = (act.contacts.len(), limits::CONTACTS_EACH);
        return Err(Refusal::field("/contacts", FieldFault::TooMany { count, limit }));
    }
    let owner = act.of.as_str().to_owned();
    let contacts = act.contacts.into_iter();
    let mut keys = || -> NotificationId { ctx.fresh() };
    let contacts = contacts
        .map(|c| contact(&format!("person/{owner}-{}", keys()), &c))
        .collect::<Result<Vec<_>, _>>()?;
    for (i, contact) in contacts.iter().enumerate() {
        if contacts[..i].iter().any(|before| before.title == contact.title) {
            return Err(Refusal::field("/contacts", FieldFault::Twice { what: contact.title.clone() }));
        }
    }
    let mut decision = Decision::about(Resource::plain("contacts", &owner));
    let by = ctx.report()?;
    match act.of {
        Recipient::Force(force) => {
            decision.push_on(Stream::Ledger, ForceContactsSet { force, contacts, by });
        }
        Recipient::Org(org) => decision.push_on(Stream::Jurisdiction, OrgContactsSet { org, contacts, by }),
    }
    Ok(decision)
}

/// Under a key of its own: what was erased of whoever stood there before stays erased.
fn contact(key: &str, given: &ContactGiven) -> Result<Contact, Refusal> {
    let subject = || Subject(key.to_owned());
    if given.ways.len() > limits::WAYS_EACH {
        let (count, limit) = (given.ways.len(), limits::WAYS_EACH);
        return Err(Refusal::field("/contacts", FieldFault::TooMany { count, limit }));
    }
    let way = |way: &WayGiven| -> Result<Way, Refusal> {
        let address = match way.address.as_deref() {
            None if !way.channel.by_phone() => return Err(Refusal::field("/contacts", FieldFault::Empty)),
            None => None,
            Some(address) => Some(Personal::new(subject(), text::line("/contacts", address)?)),
        };
        Ok(Way { channel: way.channel, address })
    };
    Ok(Contact {
        title: text::line("/contacts", &given.title)?,
        name: Personal::new(subject(), text::line("/contacts", &given.name)?),
        phone: Personal::new(subject(), text::line("/contacts", &given.phone)?),
        ways: given.ways.iter().map(way).collect::<Result<_, _>>()?,
    })
}
