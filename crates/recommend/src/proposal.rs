//! The proposal itself: what is kept under its hash and cited by a plan (Plan 4.1.4).

use std::collections::BTreeMap;

use domain::composition::{Composition, Slot};
use domain::dispatch::{PlanStatus, StrengthLine, strength};
use domain::jurisdiction::Basis;
use domain::ledger::Mark;
use domain::types::{CompositionId, ForceId, IncidentId, Lang, Text, Time};
use domain::{IncidentFile, State};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::candidates::{Candidate, Held, Options, Standing, candidates, standing};
use crate::fill::{Need, Offer, fill};
use crate::reasons;

/// Times come from the straight distance; road times do not exist yet.
pub const TRAVEL_STRAIGHT_LINE: &str = "straight_line";

/// A line in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// 简体中文
    pub zh: Text,
    /// English
    pub en: Text,
}

impl Line {
    /// The line in a language.
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// The composition that was filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompositionCited {
    /// `hazchem-3`
    pub id: CompositionId,
    /// Its version.
    pub version: u32,
    /// Hazard code.
    pub hazard: Text,
    /// Dispatch grade.
    pub grade: u8,
    /// Where its quantities come from.
    pub source: Line,
    /// Agreed to in advance.
    pub preauthorised: bool,
}

/// A force for a slot: chosen, or as an alternative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pick {
    /// Which force.
    pub force: ForceId,
    /// How much of the capability: what is taken, or for an alternative what it has.
    pub quantity: u32,
    /// Until it is there: mobilisation and travel, seconds.
    pub eta_s: u32,
    /// On the way, seconds, by the straight distance.
    pub travel_s: u32,
    /// Until departure, seconds.
    pub mobilisation_s: u32,
    /// Straight distance, metres.
    pub distance_m: u32,
    /// How it is mobilised.
    pub basis: Basis,
    /// Is it there within the slot's minutes?
    pub in_time: bool,
    /// What is to be known before choosing it.
    pub marks: Vec<Mark>,
    /// Why it cannot be chosen now; always absent in a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// Why, in one line with figures.
    pub reason: Line,
}

/// What a slot still lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// How much, in the capability's unit.
    pub missing: u32,
    /// How many people.
    pub people: u32,
    /// Why, in one line with figures.
    pub text: Line,
}

/// A slot of the composition, filled as far as it can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotProposal {
    /// The slot's id, stable over all grades of the hazard.
    pub slot: Text,
    /// Its place in the composition, from 0.
    pub index: u32,
    /// Capability code.
    pub capability: Text,
    /// How much is called for.
    pub quantity: u32,
    /// People called for.
    pub min_strength: Option<u32>,
    /// Minutes within which it is called for.
    pub within_min: u32,
    /// Own stations that arrive in time were taken first.
    pub own_station_first: bool,
    /// Ordered already and running.
    pub standing: u32,
    /// In plans that wait for their answer.
    pub planned: u32,
    /// Standing, planned and chosen together.
    pub filled: u32,
    /// Why it is needed.
    pub why: Line,
    /// The choice, soonest first.
    pub picks: Vec<Pick>,
    /// Who else could come, soonest first; those that are held stand last.
    pub alternatives: Vec<Pick>,
    /// What it lacks.
    pub gap: Option<Gap>,
}

/// A proposal. It holds no time of day: while nothing changes, it keeps its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// For which incident.
    pub incident: IncidentId,
    /// The composition.
    pub composition: CompositionCited,
    /// [`TRAVEL_STRAIGHT_LINE`].
    pub travel_basis: Text,
    /// Its slots, in the composition's order.
    pub slots: Vec<SlotProposal>,
    /// The whole in a few lines.
    pub text: Vec<Line>,
}

impl Proposal {
    /// Its canonical JSON: keys sorted, no blanks. These bytes are kept, and `hash` names them.
    pub fn canonical(&self) -> String {
        let value = serde_json::to_value(self).expect("a proposal has text keys only");
        let mut json = String::new();
        canonical(&value, &mut json);
        json
    }

    /// SHA-256 of its canonical JSON, in hexadecimal digits.
    pub fn hash(&self) -> String {
        let digest = Sha256::digest(self.canonical().as_bytes());
        digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
            for nibble in [byte >> 4, byte & 15] {
                hex.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
            }
            hex
        })
    }

    /// Every choice with its slot.
    pub fn picks(&self) -> impl Iterator<Item = (&SlotProposal, &Pick)> {
        self.slots.iter().flat_map(|s| s.picks.iter().map(move |p| (s, p)))
    }
}

fn canonical(value: &serde_json::Value, out: &mut String) {
    use serde_json::Value;
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<&String, &Value> = map.iter().collect();
            out.push('{');
            for (i, (key, value)) in sorted.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                canonical(value, out);
            }
            out.push('}');
        }
        Value::Array(list) => {
            out.push('[');
            for (i, value) in list.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                canonical(value, out);
            }
            out.push(']');
        }
        plain => out.push_str(&plain.to_string()),
    }
}

/// Plan 4.1.4, 4.2.4, 4.3.2: fills a composition with the forces that are there soonest, and says why.
pub fn propose(
    state: &State,
    file: &IncidentFile,
    composition: &Composition,
    now: Time,
    options: Options,
) -> Proposal {
    let standing: Vec<Standing> =
        composition.slots.iter().map(|slot| standing(state, file, slot, options)).collect();
    let slots = filled(state, file, &composition.slots, &standing, now, options);
    let cited = cite(state, composition, now);
    let text = reasons::summary(state, &cited, &slots, file.incident.place.point.is_some());
    let travel_basis = TRAVEL_STRAIGHT_LINE.to_owned();
    Proposal { incident: file.incident.id, composition: cited, travel_basis, slots, text }
}

/// Plan 4.2.2: what the orders ask for and nobody brings any more ([`domain::dispatch::strength`]), and who would bring it
/// soonest; nothing beyond it. What a submitted plan asks is not proposed again.
pub fn propose_supplement(state: &State, file: &IncidentFile, now: Time) -> Vec<SlotProposal> {
    let planned = |capability: &str| {
        let plans = file.dispatch.plans.values().filter(|p| p.status == PlanStatus::Submitted);
        let tasks = plans.flat_map(|p| &p.tasks).filter(|t| t.capability.as_deref() == Some(capability));
        tasks.map(|t| t.quantity.unwrap_or(1)).fold(0, u32::saturating_add)
    };
    let incident = &file.incident;
    let called = incident.hazard.as_deref().zip(incident.grade);
    let called = called.and_then(|(hazard, grade)| state.composition.find(hazard, grade));
    let slot = |line: StrengthLine| {
        let missing = line.missing.saturating_sub(planned(&line.capability));
        let within = called.and_then(|c| c.slots.iter().find(|s| s.capability == line.capability));
        let (wanted, came) = (line.wanted, line.acknowledged);
        (missing > 0).then(|| Slot {
            id: format!("supplement/{}", line.capability),
            quantity: missing,
            min_strength: None,
            // Without a composition nobody said how soon: then nobody is too late.
            within_min: within.map_or(u32::MAX / 60, |s| s.within_min),
            own_station_first: false,
            known_gap: false,
            why_zh: format!("要 {wanted}、已接令 {came}，补足所缺"),
            why_en: format!("{came} of {wanted} acknowledged; to make it up"),
            capability: line.capability,
        })
    };
    let slots: Vec<Slot> = strength(&file.dispatch).into_iter().filter_map(slot).collect();
    if slots.is_empty() {
        return Vec::new();
    }
    let standing = vec![Standing::default(); slots.len()];
    filled(state, file, &slots, &standing, now, Options::default())
}

/// These slots, filled by the forces that are free.
fn filled(
    state: &State,
    file: &IncidentFile,
    called: &[Slot],
    standing: &[Standing],
    now: Time,
    options: Options,
) -> Vec<SlotProposal> {
    let known = match file.incident.place.point {
        Some(scene) => candidates(state, file, scene, now, options),
        None => Vec::new(), // no place, no distance: every slot then says so
    };
    let free: Vec<&Candidate> = known.iter().filter(|c| c.held.is_none()).collect();
    let shares = fill(&needs(called, standing), &offers(called, &free));
    let located = file.incident.place.point.is_some();
    let mut slots = Vec::with_capacity(called.len());
    for (index, slot) in called.iter().enumerate() {
        let chosen: Vec<(&Candidate, u32)> = shares[index].iter().map(|(i, n)| (free[*i], *n)).collect();
        let view = SlotView { state, slot, standing: standing[index], known: &known, located };
        slots.push(view.fill(index, &chosen, options));
    }
    slots
}

fn cite(state: &State, composition: &Composition, now: Time) -> CompositionCited {
    CompositionCited {
        id: composition.id.clone(),
        version: composition.version,
        hazard: composition.hazard.clone(),
        grade: composition.grade,
        source: Line { zh: composition.source_zh.clone(), en: composition.source_en.clone() },
        preauthorised: state.composition.preauthorisation(composition, now).is_some(),
    }
}

fn capabilities(slots: &[Slot]) -> Vec<&str> {
    let mut codes: Vec<&str> = slots.iter().map(|s| s.capability.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn needs(slots: &[Slot], standing: &[Standing]) -> Vec<Need> {
    let codes = capabilities(slots);
    let slots = slots.iter().zip(standing);
    let need = |(slot, standing): (&Slot, &Standing)| Need {
        capability: codes.binary_search(&slot.capability.as_str()).unwrap_or(usize::MAX),
        quantity: slot.quantity.saturating_sub(standing.ordered).saturating_sub(standing.planned),
        people: slot.min_strength.unwrap_or(0).saturating_sub(standing.people),
        within_min: slot.within_min,
        own_first: slot.own_station_first,
    };
    slots.map(need).collect()
}

fn offers(slots: &[Slot], free: &[&Candidate]) -> Vec<Offer> {
    let codes = capabilities(slots);
    let offer = |c: &&Candidate| {
        let stock = codes.iter().enumerate().map(|(i, code)| (i, c.force.has(code))).filter(|(_, n)| *n > 0);
        Offer {
            judged_s: c.judged_s,
            people: u32::from(c.force.strength),
            own: c.is_own(),
            stock: stock.collect(),
            manned: Vec::new(),
        }
    };
    free.iter().map(offer).collect()
}

/// One slot and all that its lines speak of.
pub(crate) struct SlotView<'a> {
    pub(crate) state: &'a State,
    pub(crate) slot: &'a Slot,
    pub(crate) standing: Standing,
    pub(crate) known: &'a [Candidate<'a>],
    pub(crate) located: bool,
}

impl SlotView<'_> {
    fn fill(&self, index: usize, chosen: &[(&Candidate, u32)], options: Options) -> SlotProposal {
        let slot = self.slot;
        let mut chosen = chosen.to_vec();
        chosen.sort_by(|(a, _), (b, _)| (a.judged_s, &a.force.id).cmp(&(b.judged_s, &b.force.id)));
        let quantity = chosen.iter().fold(0_u32, |sum, (_, n)| sum.saturating_add(*n));
        let people = chosen.iter().fold(0_u32, |sum, (c, _)| sum.saturating_add(u32::from(c.force.strength)));
        let filled = quantity.saturating_add(self.standing.ordered).saturating_add(self.standing.planned);
        let missing = slot.quantity.saturating_sub(filled);
        let unmanned =
            slot.min_strength.unwrap_or(0).saturating_sub(people.saturating_add(self.standing.people));
        let gap = (missing > 0 || unmanned > 0).then(|| Gap {
            missing,
            people: unmanned,
            text: reasons::gap(self, missing, unmanned, &chosen),
        });
        SlotProposal {
            slot: slot.id.clone(),
            index: u32::try_from(index).unwrap_or(u32::MAX),
            capability: slot.capability.clone(),
            quantity: slot.quantity,
            min_strength: slot.min_strength,
            within_min: slot.within_min,
            own_station_first: slot.own_station_first,
            standing: self.standing.ordered,
            planned: self.standing.planned,
            filled,
            why: Line { zh: slot.why_zh.clone(), en: slot.why_en.clone() },
            picks: chosen.iter().map(|(c, n)| self.pick(c, *n, true)).collect(),
            alternatives: self.alternatives(&chosen, options.alternatives),
            gap,
        }
    }

    /// Free ones first; but one place is kept for a force that is held, so that a redirection can be weighed.
    fn alternatives(&self, chosen: &[(&Candidate, u32)], limit: usize) -> Vec<Pick> {
        let other = |c: &&Candidate| {
            c.force.has(&self.slot.capability) > 0 && !chosen.iter().any(|(p, _)| p.force.id == c.force.id)
        };
        let mut others: Vec<&Candidate> = self.known.iter().filter(other).collect();
        others.sort_by(|a, b| (a.judged_s, &a.force.id).cmp(&(b.judged_s, &b.force.id)));
        let (free, held): (Vec<&Candidate>, Vec<&Candidate>) =
            others.into_iter().partition(|c| c.held.is_none());
        let places = limit.saturating_sub(usize::from(!held.is_empty()));
        let free = free.into_iter().take(places);
        let listed = free.chain(held).take(limit);
        listed.map(|c| self.pick(c, c.force.has(&self.slot.capability), false)).collect()
    }

    fn pick(&self, c: &Candidate, quantity: u32, chosen: bool) -> Pick {
        Pick {
            force: c.force.id.clone(),
            quantity,
            eta_s: c.eta_s,
            travel_s: c.travel_s,
            mobilisation_s: c.force.mobilisation_s,
            distance_m: c.distance_m,
            basis: c.basis,
            in_time: c.eta_s <= self.slot.within_min.saturating_mul(60),
            marks: c.marks.clone(),
            held: c.held.clone(),
            reason: reasons::pick(self, c, quantity, chosen),
        }
    }
}
