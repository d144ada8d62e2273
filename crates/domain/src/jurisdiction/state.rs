//! What the jurisdiction is.

use jiff::tz::{Offset, TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Event;
use crate::ledger::Force;
use crate::refusal::{FieldFault, Refusal, Thing};
use crate::types::{OrgId, Place, PlaceGiven, PlaceId, PlaceQuality, Point, Text, Time, text};

/// How a force is mobilised (jurisdiction's table, DESIGN "Mobilisation basis").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// 报应急管理局同意后下达 (Plan 4.1.4).
    AfterApproval,
    /// 直接下达: own stations, and what the fire law allows.
    Direct,
    /// 联动通知: public services, at once.
    LinkageNotice,
    /// 商请: armed police, maritime, military.
    LetterOfRequest,
}

impl Basis {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::AfterApproval => "after_approval",
            Self::Direct => "direct",
            Self::LinkageNotice => "linkage_notice",
            Self::LetterOfRequest => "letter_of_request",
        }
    }
}

/// One row of the table of mobilisation bases; the first that matches holds. `any` matches everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasisRule {
    /// Kinds of force.
    pub kinds: Vec<Text>,
    /// Types of force.
    pub types: Vec<Text>,
    /// Hazards.
    pub hazards: Vec<Text>,
    /// How they are mobilised.
    pub basis: Basis,
    /// Clause of the plan, or empty.
    pub clause: Text,
    /// Legal source, Chinese.
    pub source_zh: Text,
    /// Legal source, English.
    pub source_en: Text,
}

/// A kind of disaster, Plan 4.2.4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hazard {
    /// `hazchem`
    pub code: Text,
    /// 危化品和工贸事故
    pub name_zh: Text,
    /// English name.
    pub name_en: Text,
    /// 危化品
    pub short_zh: Text,
    /// One of the plan's seven.
    pub plan: bool,
    /// CN-EP code prefixes.
    pub cn_ep: Vec<Text>,
    /// Symbol on the map.
    pub symbol: Text,
    /// Colour on the map.
    pub colour: Text,
    /// Its key on the intake form.
    pub letter: Text,
}

/// What a force can do, with the unit it is counted in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Capability {
    /// `foam_tanker`
    pub code: Text,
    /// 泡沫消防车
    pub name_zh: Text,
    /// English name.
    pub name_en: Text,
    /// Unit code.
    pub unit: Text,
    /// 辆
    pub unit_zh: Text,
    /// Group: fire, hazchem, rescue …
    pub group: Text,
}

/// Which organisation plays which part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offices {
    /// 消防救援大队
    pub brigade: OrgId,
    /// 应急管理局
    pub bureau: OrgId,
    /// 总值班室
    pub duty_office: OrgId,
    /// 市委
    pub committee: OrgId,
    /// 市政府
    pub government: OrgId,
    /// 领导小组
    pub leading_group: OrgId,
    /// Superior bureau (威海市应急管理局).
    pub superior_bureau: OrgId,
    /// Superior brigade (威海市消防救援支队).
    pub superior_brigade: OrgId,
}

/// Heading and number of one kind of official document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentHead {
    /// `order`, `filing` …
    pub kind: Text,
    /// Title, Chinese.
    pub title_zh: Text,
    /// Title, English.
    pub title_en: Text,
    /// 发文机关
    pub issuer: OrgId,
    /// 发文机关标志
    pub heading_zh: Text,
    /// `荣消调〔{year}〕{n}号`
    pub number_pattern: Text,
}

/// Who gets a linkage notice at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Linkage {
    /// `police_110`
    pub code: Text,
    /// 110 公安指挥中心
    pub name_zh: Text,
    /// English name.
    pub name_en: Text,
    /// Short number.
    pub number: Text,
    /// The organisation.
    pub org: OrgId,
    /// Offered by default for these hazards; `any` for all.
    pub hazards: Vec<Text>,
}

/// A town or subdistrict, and where its seat lies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TownSeat {
    /// Nine digits.
    pub code: Text,
    /// 港湾街道
    pub name: Text,
    /// Its organisation.
    pub org: OrgId,
    /// Its seat.
    pub point: Point,
    /// Latin name.
    pub latin: Text,
    /// Syllables, separated by blanks.
    pub pinyin: Text,
}

/// A named place that dispatchers type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GazetteerPlace {
    /// Its id.
    pub id: PlaceId,
    /// 石岛油库
    pub name: Text,
    /// `oil_depot`, `village` …
    pub kind: Text,
    /// Its town; `None` outside the jurisdiction.
    pub town: Option<Text>,
    /// Where.
    pub point: Point,
    /// Is the point only its town's seat?
    pub approximate: bool,
    /// 1 is shown first.
    pub rank: u8,
    /// Syllables, separated by blanks.
    pub pinyin: Text,
    /// Other names.
    pub aliases: Vec<Text>,
}

/// The jurisdiction.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Jurisdiction {
    /// Six digits; empty before it is established.
    pub code: Text,
    /// 荣成市
    pub name_zh: Text,
    /// English name.
    pub name_en: Text,
    /// Name of the superior.
    pub superior_zh: Text,
    /// Its English name.
    pub superior_en: Text,
    /// Minutes ahead of UTC.
    pub utc_offset_min: i32,
    /// Metres within which a second call may be about the same incident, where it set its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge_reach_m: Option<u32>,
    /// Seconds within which it may be, where it set its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge_window_s: Option<i64>,
    /// Parts and who plays them.
    pub offices: Option<Offices>,
    /// Document headings.
    pub documents: Vec<DocumentHead>,
    /// Hazards.
    pub hazards: Vec<Hazard>,
    /// Capabilities.
    pub capabilities: Vec<Capability>,
    /// Mobilisation bases; the first that matches holds.
    pub bases: Vec<BasisRule>,
    /// Linkage notices.
    pub linkages: Vec<Linkage>,
    /// Towns.
    pub towns: Vec<TownSeat>,
    /// Places.
    pub places: Vec<GazetteerPlace>,
}

/// A click further than this from every town's seat is at sea or elsewhere, metres.
const TOWN_REACH_M: u32 = 15_000;

impl Jurisdiction {
    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::JurisdictionEstablished(e) => *self = (*e.jurisdiction).clone(),
        }
    }

    /// The calendar year of a moment here.
    pub fn year_of(&self, at: Time) -> i16 {
        self.local(at).year()
    }

    /// Calendar date and time of a moment here.
    pub fn local(&self, at: Time) -> jiff::civil::DateTime {
        let offset = Offset::from_seconds(self.utc_offset_min * 60).unwrap_or(Offset::UTC);
        let stamp = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        TimeZone::fixed(offset).to_datetime(stamp)
    }

    /// A hazard by its code.
    pub fn hazard(&self, code: &str) -> Result<&Hazard, Refusal> {
        let found = self.hazards.iter().find(|h| h.code == code);
        found.ok_or_else(|| Refusal::not_found(Thing::Hazard, code))
    }

    /// A capability by its code.
    pub fn capability(&self, code: &str) -> Option<&Capability> {
        self.capabilities.iter().find(|c| c.code == code)
    }

    /// A town by its code.
    pub fn town(&self, code: &str) -> Option<&TownSeat> {
        self.towns.iter().find(|t| t.code == code)
    }

    /// Who plays which part. Absent only before the jurisdiction is established.
    pub fn offices(&self) -> Result<&Offices, Refusal> {
        self.offices.as_ref().ok_or_else(|| Refusal::not_found(Thing::Org, "offices"))
    }

    /// How this force is mobilised for this hazard, and by what source.
    pub fn basis(&self, force: &Force, hazard: Option<&str>) -> (Basis, Option<&BasisRule>) {
        let fits = |list: &[Text], value: &str| list.iter().any(|l| l == "any" || l == value);
        let rule = self.bases.iter().find(|r| {
            fits(&r.kinds, force.kind.code())
                && fits(&r.types, &force.force_type)
                && fits(&r.hazards, hazard.unwrap_or("any"))
        });
        let basis = force.basis.or(rule.map(|r| r.basis)).unwrap_or(Basis::AfterApproval);
        (basis, rule.filter(|r| r.basis == basis))
    }

    /// The number of a document, from its pattern.
    pub fn number(&self, kind: &str, year: i16, n: u32) -> Text {
        let pattern =
            self.documents.iter().find(|d| d.kind == kind).map_or("{year}-{n}", |d| &d.number_pattern);
        pattern.replace("{year}", &year.to_string()).replace("{n}", &n.to_string())
    }

    /// The town whose seat lies nearest. The shipped town areas are drawn by the same rule and marked 示意.
    pub fn town_at(&self, point: Point) -> Option<&TownSeat> {
        let nearest = self.towns.iter().min_by_key(|t| t.point.distance_m(point))?;
        (nearest.point.distance_m(point) <= TOWN_REACH_M).then_some(nearest)
    }

    /// What was given becomes a place: converted, looked up, with its town and how well it is known.
    pub fn resolve_place(&self, given: &PlaceGiven) -> Result<Place, Refusal> {
        let named = given
            .town
            .as_deref()
            .map(|code| self.town(code).ok_or_else(|| Refusal::not_found(Thing::Town, code)));
        let named = named.transpose()?;
        if let Some(id) = &given.place {
            let known = self.places.iter().find(|p| p.id == *id);
            let known = known.ok_or_else(|| Refusal::not_found(Thing::Place, id))?;
            let text = if given.text.trim().is_empty() {
                known.name.clone()
            } else {
                text::line("/place/text", &given.text)?
            };
            let point = given.wgs84()?;
            let quality = match (point, known.approximate) {
                (Some(_), _) => PlaceQuality::Map,
                (None, true) => PlaceQuality::TownSeat,
                (None, false) => PlaceQuality::Place,
            };
            return Ok(Place { text, point: point.or(Some(known.point)), town: known.town.clone(), quality });
        }
        let text = text::line("/place/text", &given.text)?;
        if let Some(point) = given.wgs84()? {
            let town = named.or_else(|| self.town_at(point)).map(|t| t.code.clone());
            return Ok(Place { text, point: Some(point), town, quality: PlaceQuality::Map });
        }
        let town = named.ok_or_else(|| Refusal::field("/place", FieldFault::PlaceUnknown))?;
        let (point, code) = (Some(town.point), Some(town.code.clone()));
        Ok(Place { text, point, town: code, quality: PlaceQuality::TownSeat })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{MIDNIGHT, rongcheng, slug};
    use crate::types::Datum;

    fn given(text: &str) -> PlaceGiven {
        PlaceGiven { text: text.to_owned(), ..PlaceGiven::default() }
    }

    /// Plan 4.3.1: a place of the gazetteer has its point and its town; a click beside it is more exact than its name.
    #[test]
    fn a_known_place_is_found_and_a_click_on_the_map_is_more_exact() {
        let state = rongcheng();
        let known = PlaceGiven { place: Some(slug("place-shidao-youku")), ..given("") };
        let place = state.jurisdiction.resolve_place(&known).unwrap();
        assert_eq!((place.text.as_str(), place.quality), ("石岛油库", PlaceQuality::Place));
        assert_eq!(place.town.as_deref(), Some("371082002"));
        let click = Point { lon: 122.4180, lat: 36.8860 };
        let beside =
            PlaceGiven { point: Some(click), ..PlaceGiven { text: "三号罐".to_owned(), ..known } };
        let place = state.jurisdiction.resolve_place(&beside).unwrap();
        assert_eq!(
            (place.text.as_str(), place.point, place.quality),
            ("三号罐", Some(click), PlaceQuality::Map)
        );
        let unknown = PlaceGiven { place: Some(slug("place-atlantis")), ..given("海底") };
        assert_eq!(state.jurisdiction.resolve_place(&unknown).unwrap_err().code(), "not_found");
    }

    /// Plan 4.3.1: a click has the town whose seat lies nearest; out at sea there is none; nowhere on earth is refused.
    #[test]
    fn a_click_on_the_map_has_its_town() {
        let state = rongcheng();
        let click = |lon, lat| PlaceGiven { point: Some(Point { lon, lat }), ..given("浓烟") };
        let town = |lon, lat| state.jurisdiction.resolve_place(&click(lon, lat)).unwrap().town;
        assert_eq!(town(122.42, 36.90).as_deref(), Some("371082002"));
        assert_eq!(town(122.44, 37.15).as_deref(), Some("371082007"));
        assert_eq!(town(123.5, 36.5), None, "eighty kilometres out at sea");
        for (lon, lat) in [(200.0, 36.9), (122.4, f64::NAN), (122.4, -90.1)] {
            assert_eq!(state.jurisdiction.resolve_place(&click(lon, lat)).unwrap_err().code(), "field");
        }
        let baidu = PlaceGiven { datum: Datum::Bd09, ..click(122.42, 36.90) };
        let moved = state.jurisdiction.resolve_place(&baidu).unwrap().point.unwrap();
        let off_m = moved.distance_m(Point { lon: 122.42, lat: 36.90 });
        assert!((300..1500).contains(&off_m), "{off_m} m: what another map calls a point is converted");
    }

    /// Plan 4.3.1: only the town is known: its seat stands for it; an unknown town and words alone are refused.
    #[test]
    fn a_town_alone_stands_for_the_place_and_words_alone_do_not() {
        let state = rongcheng();
        let resolve = |place: &PlaceGiven| state.jurisdiction.resolve_place(place);
        let town = |code: &str| PlaceGiven { town: Some(code.to_owned()), ..given("码头附近") };
        let place = resolve(&town("371082002")).unwrap();
        assert_eq!((place.quality, place.point.is_some()), (PlaceQuality::TownSeat, true));
        assert_eq!(resolve(&town("110105001")).unwrap_err().code(), "not_found");
        let point = Some(Point { lon: 122.42, lat: 36.90 });
        let wrong = PlaceGiven { point, ..town("110105001") };
        assert_eq!(resolve(&wrong).unwrap_err().code(), "not_found", "also beside a point");
        let told = PlaceGiven { point, ..town("371082007") };
        assert_eq!(resolve(&told).unwrap().town.as_deref(), Some("371082007"), "who calls knows the town");
        assert_eq!(resolve(&given("路边")).unwrap_err().code(), "field");
        assert_eq!(resolve(&PlaceGiven { point, ..given(" ") }).unwrap_err().code(), "field");
    }

    /// Plan 4.1.4: the first row of the table that fits gives the basis; a force's own basis goes before it.
    #[test]
    fn the_first_row_that_fits_gives_the_basis() {
        let state = rongcheng();
        let basis = |id: &str, hazard| {
            let force = &state.ledger.forces[&slug::<crate::types::ForceId>(id)];
            let (basis, rule) = state.jurisdiction.basis(force, hazard);
            (basis, rule.map(|r| r.clause.clone()).unwrap_or_default())
        };
        assert_eq!(basis("shidao", Some("hazchem")), (Basis::Direct, "4.3.2".to_owned()));
        assert_eq!(basis("huagong", None), (Basis::AfterApproval, "4.1.4".to_owned()));
        assert_eq!(basis("tejing", Some("fire")).0, Basis::LinkageNotice);
        assert_eq!(basis("wujing", Some("flood")).0, Basis::LetterOfRequest);
        let mut own = state.ledger.forces[&slug::<crate::types::ForceId>("shidao")].as_ref().clone();
        own.basis = Some(Basis::AfterApproval);
        let (basis, rule) = state.jurisdiction.basis(&own, None);
        assert_eq!(
            (basis, rule.is_none()),
            (Basis::AfterApproval, true),
            "the table's source does not speak for it"
        );
        let mut bare = state.jurisdiction.as_ref().clone();
        bare.bases.clear();
        let force = &state.ledger.forces[&slug::<crate::types::ForceId>("shidao")];
        assert_eq!(
            bare.basis(force, None).0,
            Basis::AfterApproval,
            "without a table, nothing goes without approval"
        );
    }

    /// Plan 4.1.4: documents are numbered by the year of the place, not of Greenwich.
    #[test]
    fn the_year_is_the_one_of_the_place() {
        let state = rongcheng();
        let new_year = MIDNIGHT.plus_s(38 * 86_400);
        assert_eq!(state.jurisdiction.year_of(new_year), 2027);
        assert_eq!(state.jurisdiction.year_of(new_year.plus_s(-1)), 2026);
        assert_eq!(state.jurisdiction.number("order", 2027, 3), "荣消调〔2027〕3号");
        assert_eq!(state.jurisdiction.number("unheard_of", 2027, 3), "2027-3");
    }
}
