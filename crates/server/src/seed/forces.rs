//! Organisations, forces, contacts, accounts and the duty list.

use std::collections::BTreeMap;

use domain::authority::Role;
use domain::delivery::{ChannelKind, Way};
use domain::duty::DutyRow;
use domain::ledger::{Force, Vehicle};
use domain::org::{Account, Contact, Org};
use domain::personal::{Personal, Subject};
use domain::types::Time;

use super::table::{Row, SeedFault, Table};

/// Seconds of a day; insurance and verification are given in days from the day of loading.
const DAY_S: i64 = 86_400;

/// Contacts by their owner, first one first.
pub(super) type Contacts = BTreeMap<String, Vec<Contact>>;

pub(super) fn contacts(text: &str) -> Result<Contacts, SeedFault> {
    let table = Table::read("contacts.tsv", text, &["owner", "order", "title", "name", "phone", "ways"])?;
    let mut numbered: BTreeMap<String, BTreeMap<u16, Contact>> = BTreeMap::new();
    for row in table.rows() {
        let (owner, order): (String, u16) = (row.text("owner")?, row.get("order")?);
        let subject = Subject(format!("person/{owner}-{order}"));
        let contact = Contact {
            title: row.text("title")?,
            name: Personal::new(subject.clone(), row.text("name")?),
            phone: Personal::new(subject.clone(), row.text("phone")?),
            ways: row.list("ways").map(|item| way(row, &subject, item)).collect::<Result<_, _>>()?,
        };
        if numbered.entry(owner.clone()).or_default().insert(order, contact).is_some() {
            return Err(row.fault(format!("contact {order} of {owner} stands twice")));
        }
    }
    Ok(numbered.into_iter().map(|(owner, list)| (owner, list.into_values().collect())).collect())
}

/// `sms`, `voice`, `mail=zhiban@example.gov.cn`.
fn way(row: Row<'_>, subject: &Subject, item: &str) -> Result<Way, SeedFault> {
    let (channel, address) = match item.split_once('=') {
        Some((channel, address)) => (channel, Some(address)),
        None => (item, None),
    };
    let channel: ChannelKind = serde_json::from_value(serde_json::Value::String(channel.to_owned()))
        .map_err(|_| row.fault(format!("way {item:?} names no channel")))?;
    if address.is_none() && !channel.by_phone() {
        return Err(row.fault(format!("way {item:?} needs an address: {}=…", channel.code())));
    }
    Ok(Way { channel, address: address.map(|a| Personal::new(subject.clone(), a.to_owned())) })
}

pub(super) fn orgs(text: &str, contacts: &Contacts) -> Result<Vec<Org>, SeedFault> {
    let columns = ["id", "name", "short", "kind", "parent", "town_code", "lon", "lat", "annex2"];
    let table = Table::read("orgs.tsv", text, &columns)?;
    table.rows().map(|row| org(row, contacts)).collect()
}

fn org(row: Row<'_>, contacts: &Contacts) -> Result<Org, SeedFault> {
    Ok(Org {
        id: row.get("id")?,
        name: row.text("name")?,
        short: row.text("short")?,
        kind: row.word("kind")?,
        parent: row.get_opt("parent")?,
        town: row.text_opt("town_code"),
        point: row.point_opt()?,
        annex2: row.get_opt("annex2")?,
        contacts: contacts.get(row.cell("id")).cloned().unwrap_or_default(),
    })
}

pub(super) fn forces(text: &str, contacts: &Contacts, now: Time) -> Result<Vec<Force>, SeedFault> {
    let columns = [
        "id",
        "name",
        "short",
        "kind",
        "type",
        "parent",
        "industry_authority",
        "town_code",
        "lon",
        "lat",
        "strength",
        "duty_mode",
        "mobilisation_s",
        "capabilities",
        "vehicles",
        "call_sign",
        "insured_days",
        "verified_days",
        "basis_override",
    ];
    let table = Table::read("forces.tsv", text, &columns)?;
    table.rows().map(|row| force(row, contacts, now)).collect()
}

fn force(row: Row<'_>, contacts: &Contacts, now: Time) -> Result<Force, SeedFault> {
    let until = |column| -> Result<Option<Time>, SeedFault> {
        Ok(row.get_opt::<i64>(column)?.map(|days| now.plus_s(days * DAY_S)))
    };
    Ok(Force {
        id: row.get("id")?,
        name: row.text("name")?,
        short: row.text("short")?,
        kind: row.word("kind")?,
        force_type: row.text("type")?,
        org: row.get("parent")?,
        authority: row.get("industry_authority")?,
        town: row.text("town_code")?,
        point: row.point()?,
        strength: row.get("strength")?,
        duty_mode: row.text("duty_mode")?,
        mobilisation_s: row.get("mobilisation_s")?,
        capabilities: row.list("capabilities").map(|item| capability(row, item)).collect::<Result<_, _>>()?,
        vehicles: row.list("vehicles").map(|item| vehicle(row, item)).collect::<Result<_, _>>()?,
        call_sign: row.cell("call_sign").to_owned(),
        insured_until: until("insured_days")?,
        verified_until: until("verified_days")?,
        basis: row.word_opt("basis_override")?,
        contacts: contacts.get(row.cell("id")).cloned().unwrap_or_default(),
    })
}

fn capability(row: Row<'_>, item: &str) -> Result<(String, u32), SeedFault> {
    let read = item.split_once(':').and_then(|(code, n)| Some((code.to_owned(), n.parse().ok()?)));
    read.ok_or_else(|| row.fault(format!("capability {item:?} is not code:quantity")))
}

fn vehicle(row: Row<'_>, item: &str) -> Result<Vehicle, SeedFault> {
    let fault = || row.fault(format!("vehicle {item:?} is not name@plate:count or name:count"));
    let (what, count) = item.rsplit_once(':').ok_or_else(fault)?;
    let count = count.parse().map_err(|_| fault())?;
    let (name, plate) = match what.split_once('@') {
        Some((name, plate)) => (name, Some(plate.to_owned())),
        None => (what, None),
    };
    Ok(Vehicle { name: name.to_owned(), plate, count })
}

pub(super) fn accounts(text: &str, forces: &[Force]) -> Result<Vec<Account>, SeedFault> {
    let table = Table::read("accounts.tsv", text, &["username", "role", "owner", "position"])?;
    let by_id: BTreeMap<&str, &Force> = forces.iter().map(|f| (f.id.as_str(), f)).collect();
    let mut accounts = Vec::new();
    for row in table.rows() {
        let role: Role = row.word("role")?;
        let force = by_id.get(row.cell("owner"));
        if role == Role::Force && force.is_none() {
            return Err(row.fault(format!("force {} is not known", row.cell("owner"))));
        }
        let org = match force {
            Some(force) => force.org.clone(),
            None => row.get("owner")?,
        };
        let force = force.map(|f| f.id.clone());
        accounts.push(Account {
            id: row.get("username")?,
            role,
            org,
            force,
            position: row.text("position")?,
        });
    }
    Ok(accounts)
}

pub(super) fn duty(text: &str) -> Result<Vec<DutyRow>, SeedFault> {
    let table = Table::read("duty.tsv", text, &["owner", "position", "title", "start", "hours", "officers"])?;
    let mut rows = Vec::new();
    for row in table.rows() {
        let start = row.text("start")?;
        let minutes = start
            .split_once(':')
            .and_then(|(h, m)| Some(h.parse::<i32>().ok()? * 60 + m.parse::<i32>().ok()?));
        let start_min = minutes.filter(|m| (0..24 * 60).contains(m));
        // The domain names the positions in its own words: duty_officer, deputy1.
        let position = row.text("position")?.replace("deputy_", "deputy");
        rows.push(DutyRow {
            owner: row.text("owner")?,
            position: serde_json::from_value(serde_json::Value::String(position.clone()))
                .map_err(|_| row.fault(format!("column position cannot be {position:?}")))?,
            title: row.text("title")?,
            start_min: start_min.ok_or_else(|| row.fault(format!("column start cannot be {start:?}")))?,
            hours: row.get("hours")?,
            officers: row.list("officers").map(str::to_owned).collect(),
        });
    }
    Ok(rows)
}
