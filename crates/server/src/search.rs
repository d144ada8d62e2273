//! Places, towns, villages, forces and organisations by what a dispatcher types: characters, full pinyin, initials, or
//! a mixture: 石岛, shidao, `shi dao`, sd, sd油库.
//!
//! A name is a row of characters with all their readings, and a query may take from each of them the character, its
//! syllable or its initial. The better match comes first: the whole name, its beginning, somewhere in it; then the
//! rank of the place, towns before villages, and the shorter name. Most names are passed over by their letters alone.

use std::collections::HashMap;

use domain::State;
use domain::jurisdiction::{GazetteerPlace, TownSeat};
use domain::ledger::Force;
use domain::org::Org;
use domain::types::{PlaceQuality, Point};
use pinyin::ToPinyinMulti as _;
use schemars::JsonSchema;
use serde::Serialize;

use crate::spell;
use crate::view::Ref;

/// Characters of a query; no name is longer, and a longer query finds nothing.
const QUERY_CHARS: usize = 60;
/// Readings kept of one character.
const READINGS: usize = 4;

/// A name that was found.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Hit {
    /// `place`, `town`, `village`, `force`, `org`.
    pub kind: &'static str,
    /// Its id, or a town's code.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The full name of a force or organisation; of a place, the other name by which it was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
    /// Its town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub town: Option<Ref>,
    /// How well the point is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<PlaceQuality>,
}

#[derive(Debug)]
struct Entry {
    hit: Hit,
    /// Less comes first.
    rank: u32,
}

/// One name of an entry.
#[derive(Debug)]
struct Name {
    entry: usize,
    /// `None` is the entry's own name.
    other: Option<String>,
    units: std::ops::Range<usize>,
}

/// A character of a name with the numbers of its readings.
#[derive(Debug, Clone, Copy)]
struct Unit {
    own: char,
    readings: [u16; READINGS],
    count: u8,
}

/// What a name has at all, to pass over most names without reading them.
#[derive(Debug, Clone, Copy, Default)]
struct Sieve {
    /// Letters with which a character may begin, and above them a few bits for the characters themselves.
    begins: u64,
    /// Letters of all readings.
    letters: u32,
}

/// All names of a jurisdiction, ready to be searched.
#[derive(Debug, Default)]
pub struct Index {
    entries: Vec<Entry>,
    names: Vec<Name>,
    sieves: Vec<Sieve>,
    units: Vec<Unit>,
    syllables: Vec<Box<str>>,
}

impl Index {
    /// Of a state.
    pub fn build(state: &State) -> Self {
        let mut builder = Builder::default();
        let town = |code: Option<&str>| {
            let known = code.and_then(|code| state.jurisdiction.town(code));
            known.map(|t| Ref { id: t.code.clone(), name: t.name.clone() })
        };
        for t in &state.jurisdiction.towns {
            builder.town(t);
        }
        for p in &state.jurisdiction.places {
            builder.place(p, town(p.town.as_deref()));
        }
        for f in state.ledger.forces.values() {
            builder.force(f, town(Some(&f.town)));
        }
        for o in state.org.orgs.values() {
            builder.org(o, town(o.town.as_deref()));
        }
        builder.index
    }

    /// The names that fit, best first. `kinds` is a list separated by commas; all where absent or empty.
    pub fn find(&self, asked: &str, kinds: Option<&str>, limit: usize) -> Vec<Hit> {
        let query = Query::new(asked);
        if query.chars.is_empty() || query.chars.len() > QUERY_CHARS {
            return Vec::new();
        }
        let kinds: Option<Vec<&str>> =
            kinds.filter(|k| !k.is_empty()).map(|k| k.split(',').map(str::trim).collect());
        let mut found = self.scan(&query, kinds.as_deref());
        let best_first = |a: &Found, b: &Found| (a.distance, a.entry).cmp(&(b.distance, b.entry));
        if limit > 0 && found.len() > limit {
            found.select_nth_unstable_by(limit - 1, best_first);
        }
        found.truncate(limit);
        found.sort_unstable_by(best_first);
        found.iter().map(|f| self.hit(f)).collect()
    }

    /// The best name of each entry that fits.
    fn scan(&self, query: &Query, kinds: Option<&[&str]>) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for (n, (name, sieve)) in self.names.iter().zip(&self.sieves).enumerate() {
            if !query.may_fit(*sieve) {
                continue;
            }
            if kinds.is_some_and(|kinds| !kinds.contains(&self.entries[name.entry].hit.kind)) {
                continue;
            }
            let Some(fit) = self.fit(&self.units[name.units.clone()], query) else { continue };
            let this = Found { entry: name.entry, name: n, distance: self.distance(name, fit) };
            match found.last_mut().filter(|last| last.entry == this.entry) {
                Some(last) if last.distance <= this.distance => {}
                Some(last) => *last = this,
                None => found.push(this),
            }
        }
        found
    }

    /// Less is better: how it fits, the rank, the own name before other names, the shorter name.
    fn distance(&self, name: &Name, fit: Fit) -> u32 {
        let length = u32::try_from(name.units.len()).unwrap_or(u32::MAX).min(127);
        let class = match fit.at {
            Where::Whole => 0,
            Where::Start => 1,
            Where::Inside => 2,
            Where::Apart => 3,
        };
        let other = u32::from(name.other.is_some());
        (class << 20)
            | (u32::from(!fit.spelled) << 19)
            | (self.entries[name.entry].rank.min(15) << 8)
            | (other << 7)
            | length
    }

    fn fit(&self, units: &[Unit], query: &Query) -> Option<Fit> {
        if let Some(whole) = self.reach(units, &query.chars, Spelling::Any) {
            let full = self.reach(units, &query.chars, Spelling::Full);
            let at = if whole || full == Some(true) { Where::Whole } else { Where::Start };
            return Some(Fit { at, spelled: full.is_some() });
        }
        let inside = |spelling| {
            (1..units.len()).any(|from| self.reach(&units[from..], &query.chars, spelling).is_some())
        };
        if inside(Spelling::Any) {
            return Some(Fit { at: Where::Inside, spelled: inside(Spelling::Full) });
        }
        self.fits_apart(units, query).then_some(Fit { at: Where::Apart, spelled: false })
    }

    /// 「石岛 医院」: one word after the other, with others between.
    fn fits_apart(&self, units: &[Unit], query: &Query) -> bool {
        let mut from = 0;
        query.words.len() > 1
            && query.words.iter().all(|word| {
                let at =
                    (from..units.len()).find(|at| self.reach(&units[*at..], word, Spelling::Any).is_some());
                from = at.map_or(from, |at| at + 1);
                at.is_some()
            })
    }

    /// Does the query lead through the characters from the first one on? `Some(true)` when it takes all of them.
    /// Bit `k` of `at` says that the first `k` letters of the query may be used up before this character.
    fn reach(&self, units: &[Unit], query: &[char], spelling: Spelling) -> Option<bool> {
        let end = 1_u64 << query.len();
        let mut at = 1_u64;
        let mut reached = None;
        for (n, unit) in units.iter().enumerate() {
            let mut next = 0_u64;
            let mut open = at & (end - 1);
            while open != 0 {
                let k = open.trailing_zeros();
                open &= open - 1;
                next |= self.step(unit, &query[k as usize..], spelling) << k;
            }
            if next & end != 0 {
                reached = Some(n + 1 == units.len());
            }
            if next & (end - 1) == 0 {
                break;
            }
            at = next;
        }
        reached
    }

    /// How much of the query one character may take: a bit for each number of letters.
    fn step(&self, unit: &Unit, query: &[char], spelling: Spelling) -> u64 {
        let mut taken = u64::from(query[0] == unit.own) << 1;
        for reading in &unit.readings[..usize::from(unit.count)] {
            let syllable = self.syllables[usize::from(*reading)].as_bytes();
            let same = syllable.iter().zip(query).take_while(|(s, q)| char::from(**s) == **q).count();
            let any = spelling == Spelling::Any && same > 0;
            // A whole syllable, or as much of it as has been typed so far.
            if same == syllable.len() || (any && same == query.len()) {
                taken |= 1 << same;
            }
            if any {
                taken |= 1 << 1;
                if same > 1 && matches!(syllable, [b'z' | b'c' | b's', b'h', ..]) {
                    taken |= 1 << 2;
                }
            }
        }
        taken
    }

    fn hit(&self, found: &Found) -> Hit {
        let mut hit = self.entries[found.entry].hit.clone();
        if hit.detail.is_none() {
            hit.detail.clone_from(&self.names[found.name].other);
        }
        hit
    }
}

#[derive(Debug, Clone, Copy)]
struct Found {
    entry: usize,
    name: usize,
    distance: u32,
}

#[derive(Debug, Clone, Copy)]
enum Where {
    Whole,
    Start,
    Inside,
    /// Its words, with others between.
    Apart,
}

#[derive(Debug, Clone, Copy)]
struct Fit {
    at: Where,
    /// By characters and whole syllables, not by initials.
    spelled: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// Characters and whole syllables.
    Full,
    /// Initials and begun syllables too.
    Any,
}

/// What was typed, ready to be compared.
struct Query {
    chars: Vec<char>,
    words: Vec<Vec<char>>,
    sieve: Sieve,
}

impl Query {
    fn new(asked: &str) -> Self {
        let words = asked.split(char::is_whitespace).map(|word| folded(word).collect::<Vec<char>>());
        let words: Vec<Vec<char>> = words.filter(|word| !word.is_empty()).collect();
        let chars = words.concat();
        let mut sieve = Sieve::default();
        for c in &chars {
            match letter(*c) {
                Some(bit) => sieve.letters |= 1 << bit,
                None => sieve.begins |= bit_of(*c),
            }
        }
        if let Some(first) = chars.first().and_then(|c| letter(*c)) {
            sieve.begins |= 1 << first;
        }
        Self { chars, words, sieve }
    }

    fn may_fit(&self, name: Sieve) -> bool {
        let asked = self.sieve;
        name.begins & asked.begins == asked.begins && name.letters & asked.letters == asked.letters
    }
}

/// Small letters of plain width, digits and characters; marks and blanks are left out. `ü` is typed `v`.
fn folded(text: &str) -> impl Iterator<Item = char> {
    let plain = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    };
    let small = text.chars().map(plain).flat_map(char::to_lowercase);
    small.map(|c| if c == 'ü' { 'v' } else { c }).filter(|c| c.is_alphanumeric())
}

fn letter(c: char) -> Option<u32> {
    c.is_ascii_lowercase().then(|| u32::from(c) - u32::from('a'))
}

/// A bit above the letters; characters are spread over them.
fn bit_of(c: char) -> u64 {
    1 << (26 + u32::from(c).wrapping_mul(2_654_435_761) % 38)
}

#[derive(Default)]
struct Builder {
    index: Index,
    numbers: HashMap<Box<str>, u16>,
    spelled: HashMap<char, Unit>,
}

impl Builder {
    fn town(&mut self, town: &TownSeat) {
        let hit = Hit {
            kind: "town",
            id: town.code.clone(),
            name: town.name.clone(),
            detail: None,
            point: Some(town.point),
            town: Some(Ref { id: town.code.clone(), name: town.name.clone() }),
            quality: Some(PlaceQuality::TownSeat),
        };
        self.entry(hit, 2, Some(&town.pinyin));
        // 宁津街道 is called 宁津.
        let short = ["街道", "镇", "乡"].iter().find_map(|ending| town.name.strip_suffix(ending));
        if let Some(short) = short.filter(|s| s.chars().count() > 1) {
            let syllables = town.pinyin.split_whitespace().take(short.chars().count());
            self.other(short, Some(&syllables.collect::<Vec<&str>>().join(" ")));
        }
    }

    fn place(&mut self, place: &GazetteerPlace, town: Option<Ref>) {
        let village = place.kind == "village";
        let hit = Hit {
            kind: if village { "village" } else { "place" },
            id: place.id.to_string(),
            name: place.name.clone(),
            detail: None,
            point: Some(place.point),
            town,
            quality: Some(if place.approximate { PlaceQuality::TownSeat } else { PlaceQuality::Place }),
        };
        let rank = if village { 12 } else { u32::from(place.rank.clamp(1, 5)) * 2 - 1 };
        self.entry(hit, rank, Some(&place.pinyin));
        for other in &place.aliases {
            self.other(other, None);
        }
    }

    fn force(&mut self, force: &Force, town: Option<Ref>) {
        let hit = Hit {
            kind: "force",
            id: force.id.to_string(),
            name: force.short.clone(),
            detail: Some(force.name.clone()),
            point: Some(force.point),
            town,
            quality: Some(PlaceQuality::Place),
        };
        self.entry(hit, 10, None);
        self.other(&force.name, None);
        self.other(&force.call_sign, None);
    }

    fn org(&mut self, org: &Org, town: Option<Ref>) {
        let hit = Hit {
            kind: "org",
            id: org.id.to_string(),
            name: org.short.clone(),
            detail: Some(org.name.clone()),
            point: org.point,
            town,
            quality: org.point.map(|_| PlaceQuality::Place),
        };
        self.entry(hit, 11, None);
        self.other(&org.name, None);
    }

    /// `syllables` are the gazetteer's own, which know local readings, one for each character.
    fn entry(&mut self, hit: Hit, rank: u32, syllables: Option<&str>) {
        let name = hit.name.clone();
        self.index.entries.push(Entry { hit, rank });
        self.name(&name, syllables, None);
    }

    /// Another name of the entry added last.
    fn other(&mut self, name: &str, syllables: Option<&str>) {
        self.name(name, syllables, Some(name.to_owned()));
    }

    fn name(&mut self, name: &str, syllables: Option<&str>, other: Option<String>) {
        let chars: Vec<char> = folded(name).collect();
        if chars.is_empty() {
            return;
        }
        let given: Vec<&str> = syllables.unwrap_or_default().split_whitespace().collect();
        let from = self.index.units.len();
        let mut sieve = Sieve::default();
        for (i, c) in chars.iter().enumerate() {
            let mut unit = self.spell(*c);
            if given.len() == chars.len() && !c.is_ascii() {
                // The gazetteer's reading is kept even where the dictionary has as many as are kept.
                if usize::from(unit.count) == READINGS {
                    unit.count -= 1;
                }
                self.read(&mut unit, given[i]);
            }
            self.sift(&mut sieve, unit);
            self.index.units.push(unit);
        }
        let units = from..self.index.units.len();
        self.index.names.push(Name { entry: self.index.entries.len() - 1, other, units });
        self.index.sieves.push(sieve);
    }

    fn sift(&self, sieve: &mut Sieve, unit: Unit) {
        match letter(unit.own) {
            Some(bit) => {
                sieve.begins |= 1 << bit;
                sieve.letters |= 1 << bit;
            }
            None => sieve.begins |= bit_of(unit.own),
        }
        for reading in &unit.readings[..usize::from(unit.count)] {
            let syllable = &self.index.syllables[usize::from(*reading)];
            for (i, bit) in syllable.chars().filter_map(letter).enumerate() {
                sieve.letters |= 1 << bit;
                if i == 0 {
                    sieve.begins |= 1 << bit;
                }
            }
        }
    }

    /// A character with every reading that a dictionary has; where it has none, as it is spelled here.
    fn spell(&mut self, c: char) -> Unit {
        if let Some(unit) = self.spelled.get(&c) {
            return *unit;
        }
        let mut unit = Unit { own: c, readings: [0; READINGS], count: 0 };
        match c.to_pinyin_multi() {
            Some(readings) => readings.into_iter().for_each(|r| self.read(&mut unit, r.plain())),
            None if c.is_ascii() => {}
            None => self.read(&mut unit, &spell::syllables(c.encode_utf8(&mut [0; 4]))),
        }
        self.spelled.insert(c, unit);
        unit
    }

    fn read(&mut self, unit: &mut Unit, syllable: &str) {
        let Some(number) = self.number(syllable) else { return };
        let count = usize::from(unit.count);
        if count < READINGS && !unit.readings[..count].contains(&number) {
            unit.readings[count] = number;
            unit.count += 1;
        }
    }

    fn number(&mut self, syllable: &str) -> Option<u16> {
        let syllable: String = folded(syllable).filter(char::is_ascii_lowercase).collect();
        if syllable.is_empty() {
            return None;
        }
        if let Some(number) = self.numbers.get(syllable.as_str()) {
            return Some(*number);
        }
        let number = u16::try_from(self.index.syllables.len()).ok()?;
        self.index.syllables.push(syllable.clone().into());
        self.numbers.insert(syllable.into(), number);
        Some(number)
    }
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
