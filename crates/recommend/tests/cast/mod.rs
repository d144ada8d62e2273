//! The shared cast: the jurisdiction's own forces and compositions, read from its files, and incidents among them.

#![allow(
    clippy::unwrap_used,
    dead_code,
    unreachable_pub,
    reason = "a test may fall over, and uses its part of the cast"
)]

use std::sync::Arc;

use domain::composition::{Composition, Slot};
use domain::context::{Actor, Reported};
use domain::dispatch::{Arrangements, OrderBasis, OrderDeclined, OrderIssued, OrderStep, ReportTo};
use domain::duty::{DutyListed, DutyPosition, DutyRow};
use domain::incident::{CallTaken, Source};
use domain::jurisdiction::{Basis, BasisRule, Capability, Jurisdiction};
use domain::ledger::{Force, ForceKind};
use domain::org::Contact;
use domain::personal::{Personal, Subject};
use domain::types::{ForceId, IncidentId, OrderId, Place, PlaceQuality, Point, Time};
use domain::{Event, IncidentFile, Recorded, State, Stream};
use ulid::Ulid;

pub const NOW: Time = Time(1_775_954_400_000); // 2026-04-12 08:40 Beijing
/// 石岛油库, as the gazetteer has it.
pub const OIL_DEPOT: Point = Point { lon: 122.4135, lat: 36.8893 };

const FORCES: &str = include_str!("../../../../data/rongcheng/forces.tsv");
const CAPABILITIES: &str = include_str!("../../../../data/rongcheng/capabilities.toml");
const BASES: &str = include_str!("../../../../data/rongcheng/bases.toml");
const HAZCHEM: &str = include_str!("../../../../data/rongcheng/compositions/hazchem.toml");
const FIRE: &str = include_str!("../../../../data/rongcheng/compositions/fire.toml");

pub fn force_id(id: &str) -> ForceId {
    id.parse().unwrap()
}

fn text(value: &toml::Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn texts(value: &toml::Value, key: &str) -> Vec<String> {
    value[key].as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

fn number<N: TryFrom<i64, Error: std::fmt::Debug>>(value: &toml::Value) -> N {
    N::try_from(value.as_integer().unwrap()).unwrap()
}

/// Rongcheng: 123 forces, all on duty.
pub fn rongcheng() -> State {
    let mut state = State::default();
    let jurisdiction = Jurisdiction {
        code: "371082".into(),
        name_zh: "荣成市".into(),
        utc_offset_min: 480,
        capabilities: capabilities(),
        bases: bases(),
        ..Jurisdiction::default()
    };
    state.jurisdiction = Arc::new(jurisdiction);
    for line in FORCES.lines().filter(|l| !l.starts_with('#')).skip(1) {
        add(&mut state, force_of(line));
    }
    state
}

/// Enters a force and puts it on duty.
pub fn add(state: &mut State, force: Force) {
    list_duty(state, force.id.as_str(), &["值班员01"]);
    state.ledger.forces.insert(force.id.clone(), Arc::new(force));
}

fn list_duty(state: &mut State, owner: &str, officers: &[&str]) {
    let row = DutyRow {
        owner: owner.into(),
        position: DutyPosition::DutyOfficer,
        title: "值班员".into(),
        start_min: 510,
        hours: 24,
        officers: officers.iter().map(|o| (*o).to_owned()).collect(),
    };
    let listed = DutyListed { rows: vec![row], utc_offset_min: 480 };
    let event = Event::Duty(domain::duty::Event::DutyListed(listed));
    domain::apply(state, &Recorded { seq: 1, at: NOW, stream: Stream::Duty, event });
}

/// Changes an entry of the ledger.
pub fn change(state: &mut State, id: &str, by: impl FnOnce(&mut Force)) {
    by(Arc::make_mut(state.ledger.forces.get_mut(&force_id(id)).unwrap()));
}

pub fn nobody_on_duty(state: &mut State, id: &str) {
    list_duty(state, id, &[]);
}

fn capabilities() -> Vec<Capability> {
    let file: toml::Value = toml::from_str(CAPABILITIES).unwrap();
    let one = |c: &toml::Value| Capability {
        code: text(c, "code"),
        name_zh: text(c, "name_zh"),
        name_en: text(c, "name_en"),
        unit: text(c, "unit"),
        unit_zh: text(c, "unit_zh"),
        group: text(c, "group"),
    };
    file["capability"].as_array().unwrap().iter().map(one).collect()
}

fn bases() -> Vec<BasisRule> {
    let file: toml::Value = toml::from_str(BASES).unwrap();
    let basis = |code: &str| match code {
        "direct" => Basis::Direct,
        "linkage_notice" => Basis::LinkageNotice,
        "letter_of_request" => Basis::LetterOfRequest,
        _ => Basis::AfterApproval,
    };
    let one = |b: &toml::Value| BasisRule {
        kinds: texts(b, "kinds"),
        types: texts(b, "types"),
        hazards: texts(b, "hazards"),
        basis: basis(b["basis"].as_str().unwrap()),
        clause: text(b, "clause"),
        source_zh: text(b, "source_zh"),
        source_en: text(b, "source_en"),
    };
    file["base"].as_array().unwrap().iter().map(one).collect()
}

fn force_of(line: &str) -> Force {
    let cells: Vec<&str> = line.split('\t').collect();
    let until = |cell: &str| cell.parse::<i64>().ok().map(|days| NOW.plus_s(days * 86_400));
    let able = cells[13].split(';').filter_map(|c| c.split_once(':'));
    Force {
        id: force_id(cells[0]),
        name: cells[1].into(),
        short: cells[2].into(),
        kind: match cells[3] {
            "government" => ForceKind::Government,
            "enterprise" => ForceKind::Enterprise,
            "social" => ForceKind::Social,
            _ => ForceKind::Expert,
        },
        force_type: cells[4].into(),
        org: cells[5].parse().unwrap(),
        authority: cells[6].parse().unwrap(),
        town: cells[7].into(),
        point: Point { lon: cells[8].parse().unwrap(), lat: cells[9].parse().unwrap() },
        strength: cells[10].parse().unwrap(),
        duty_mode: cells[11].into(),
        mobilisation_s: cells[12].parse().unwrap(),
        capabilities: able.map(|(code, n)| (code.to_owned(), n.parse().unwrap())).collect(),
        vehicles: Vec::new(),
        call_sign: cells[16].into(),
        insured_until: until(cells[17]),
        verified_until: until(cells[18]),
        basis: None,
        contacts: vec![contact(cells[0])],
    }
}

pub fn contact(force: &str) -> Contact {
    let subject = || Subject(format!("person/{force}"));
    Contact {
        ways: Vec::new(),
        title: "值班室".into(),
        name: Personal::new(subject(), "值班员01".to_owned()),
        phone: Personal::new(subject(), "0631-0900001".to_owned()),
    }
}

/// A composition of the jurisdiction's files.
pub fn composition(hazard: &str, grade: u8) -> Composition {
    let file: toml::Value = toml::from_str(if hazard == "fire" { FIRE } else { HAZCHEM }).unwrap();
    let list = file["composition"].as_array().unwrap();
    let found = list.iter().find(|c| number::<u8>(&c["grade"]) == grade).unwrap();
    let slot = |s: &toml::Value| Slot {
        id: text(s, "id"),
        capability: text(s, "capability"),
        quantity: number(&s["quantity"]),
        min_strength: s.get("min_strength").map(number),
        within_min: number(&s["within_min"]),
        own_station_first: s["own_station_first"].as_bool().unwrap(),
        known_gap: s["known_gap"].as_bool().unwrap(),
        why_zh: text(s, "why_zh"),
        why_en: text(s, "why_en"),
    };
    Composition {
        id: format!("{hazard}-{grade}").parse().unwrap(),
        version: 1,
        hazard: hazard.into(),
        grade,
        source_zh: text(found, "source_zh"),
        source_en: text(found, "source_en"),
        slots: found["slot"].as_array().unwrap().iter().map(slot).collect(),
    }
}

/// A composition of one slot, for a question about one thing.
pub fn one_slot(capability: &str, quantity: u32, within_min: u32) -> Composition {
    let mut composition = composition("hazchem", 1);
    composition.slots.truncate(1);
    let slot = &mut composition.slots[0];
    slot.id = "only".into();
    slot.capability = capability.into();
    slot.quantity = quantity;
    slot.within_min = within_min;
    slot.min_strength = None;
    slot.own_station_first = false;
    composition
}

pub fn reported() -> Reported {
    let actor = Actor::clock();
    Reported { at: NOW, recorded_at: NOW, by: actor.position, account: actor.account, on_behalf_of: None }
}

/// An incident with a number at a place.
pub fn incident(n: u16, hazard: Option<&str>, point: Option<Point>) -> IncidentFile {
    let place = Place { text: "石岛油库".into(), point, town: None, quality: PlaceQuality::Place };
    let call = CallTaken {
        number: format!("2026-{n:04}"),
        drill: false,
        source: Source::Fire119,
        caller: None,
        caller_number: None,
        recording: None,
        received_at: NOW,
        place,
        hazard: hazard.map(Into::into),
        grade: None,
        trapped: None,
        substance: None,
        narrative: None,
        first_report_due: NOW,
        by: reported(),
    };
    let id = IncidentId(Ulid(u128::from(n)));
    IncidentFile::opened_by(id, &Event::Incident(domain::incident::Event::CallTaken(call))).unwrap()
}

/// Orders a force to an incident, as the journal's fold would leave it.
pub fn order(
    state: &mut State,
    file: &mut IncidentFile,
    force: &str,
    slot: Option<(&str, u32)>,
    step: OrderStep,
) {
    let id = OrderId(Ulid((file.incident.id.0.0 << 32) + file.dispatch.orders.len() as u128 + 1));
    let issued = OrderIssued {
        order: id,
        number: "荣消调〔2026〕1号".into(),
        plan: None,
        basis: OrderBasis::FirstResponse,
        force: force_id(force),
        task: "先期处置".into(),
        slot: slot.map(|(s, _)| s.to_owned()),
        capability: None,
        quantity: slot.map(|(_, n)| n),
        arrangements: Box::new(arrangements()),
        issued_by: "指挥长01".into(),
        answer_due: NOW,
        strength_due: None,
        depart_limit_s: 60,
        arrive_limit_s: 600,
        by: reported(),
    };
    let incident = file.incident.id;
    state.incidents.insert(incident, Arc::new(file.clone()));
    let event = Event::Dispatch(domain::dispatch::Event::OrderIssued(issued));
    domain::apply(state, &Recorded { seq: 1, at: NOW, stream: Stream::Incident(incident), event });
    if step == OrderStep::Declined {
        let declined = OrderDeclined {
            order: id,
            reason: Personal::new(incident, "车辆故障".to_owned()),
            by: reported(),
        };
        let event = Event::Dispatch(domain::dispatch::Event::OrderDeclined(declined));
        domain::apply(state, &Recorded { seq: 2, at: NOW, stream: Stream::Incident(incident), event });
    }
    *file = state.hot(incident).unwrap().clone();
    Arc::make_mut(file.dispatch.orders.get_mut(&id).unwrap()).step = step;
    state.incidents.insert(incident, Arc::new(file.clone()));
}

fn arrangements() -> Arrangements {
    Arrangements {
        assembly_point: Place {
            text: "油库北门".into(),
            point: None,
            town: None,
            quality: PlaceQuality::TownSeat,
        },
        report_to: ReportTo { position: "现场指挥员".into(), phone: None },
        radio_channel: None,
        protection: None,
        wind: None,
        bring: None,
        plates: Vec::new(),
        note: None,
    }
}
