//! The files in TOML: offices, documents, limits, hazards, capabilities, bases, compositions.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::composition::{Composition, Slot};
use domain::jurisdiction::{BasisRule, Capability, DocumentHead, Hazard, Jurisdiction, Linkage, Offices};
use domain::readiness::{Limits, LimitsTable};
use domain::types::OrgId;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::places::Places;
use super::table::SeedFault;

const HEAD: &str = "jurisdiction.toml";

/// `jurisdiction.toml`, as far as the node uses it; what else stands there is for people.
#[derive(Debug, Deserialize)]
pub(super) struct Head {
    pub(super) code: String,
    name_zh: String,
    name_en: String,
    utc_offset_min: i32,
    merge_reach_m: Option<u32>,
    merge_window_s: Option<i64>,
    superior: Superior,
    offices: OfficeIds,
    documents: Vec<Document>,
    limits: BTreeMap<String, LimitRow>,
}

#[derive(Debug, Deserialize)]
struct Superior {
    name_zh: String,
    name_en: String,
    bureau: OrgId,
    brigade: OrgId,
}

#[derive(Debug, Deserialize)]
struct OfficeIds {
    brigade: OrgId,
    bureau: OrgId,
    duty_office: OrgId,
    committee: OrgId,
    government: OrgId,
    leading_group: OrgId,
}

#[derive(Debug, Deserialize)]
struct Document {
    kind: String,
    title_zh: String,
    title_en: String,
    issuer: OrgId,
    heading_zh: String,
    number_pattern: String,
}

#[derive(Debug, Deserialize)]
struct LimitRow {
    routine: i64,
    heightened: i64,
    emergency: i64,
}

pub(super) fn read(text: &str) -> Result<Head, SeedFault> {
    toml::from_str(text).map_err(SeedFault::toml(HEAD))
}

impl Head {
    /// One table per readiness state, from one row per limit; a limit too few or too many is refused.
    pub(super) fn limits(&self) -> Result<LimitsTable, SeedFault> {
        let state = |pick: fn(&LimitRow) -> i64| -> Result<Limits, SeedFault> {
            let values: Map<String, Value> =
                self.limits.iter().map(|(name, row)| (name.clone(), pick(row).into())).collect();
            serde_json::from_value(Value::Object(values))
                .map_err(|e| SeedFault::whole(HEAD, format!("limits: {e}")))
        };
        Ok(LimitsTable {
            routine: state(|row| row.routine)?,
            heightened: state(|row| row.heightened)?,
            emergency: state(|row| row.emergency)?,
        })
    }

    pub(super) fn jurisdiction(
        self,
        places: Places,
        hazards: Vec<Hazard>,
        capabilities: Vec<Capability>,
        (bases, linkages): (Vec<BasisRule>, Vec<Linkage>),
    ) -> Jurisdiction {
        let Self { code, name_zh, name_en, utc_offset_min, superior, offices, documents, .. } = self;
        let Self { merge_reach_m, merge_window_s, .. } = self;
        let offices = Offices {
            brigade: offices.brigade,
            bureau: offices.bureau,
            duty_office: offices.duty_office,
            committee: offices.committee,
            government: offices.government,
            leading_group: offices.leading_group,
            superior_bureau: superior.bureau,
            superior_brigade: superior.brigade,
        };
        let documents = documents.into_iter().map(|d| DocumentHead {
            kind: d.kind,
            title_zh: d.title_zh,
            title_en: d.title_en,
            issuer: d.issuer,
            heading_zh: d.heading_zh,
            number_pattern: d.number_pattern,
        });
        Jurisdiction {
            code,
            name_zh,
            name_en,
            superior_zh: superior.name_zh,
            superior_en: superior.name_en,
            utc_offset_min,
            merge_reach_m,
            merge_window_s,
            offices: Some(offices),
            documents: documents.collect(),
            hazards,
            capabilities,
            bases,
            linkages,
            towns: places.towns,
            places: places.places,
        }
    }
}

pub(super) fn hazards(text: &str) -> Result<Vec<Hazard>, SeedFault> {
    #[derive(Deserialize)]
    struct File {
        hazard: Vec<Hazard>,
    }
    toml::from_str::<File>(text).map(|file| file.hazard).map_err(SeedFault::toml("hazards.toml"))
}

pub(super) fn capabilities(text: &str) -> Result<Vec<Capability>, SeedFault> {
    #[derive(Deserialize)]
    struct File {
        capability: Vec<Capability>,
    }
    toml::from_str::<File>(text).map(|file| file.capability).map_err(SeedFault::toml("capabilities.toml"))
}

pub(super) fn bases(text: &str) -> Result<(Vec<BasisRule>, Vec<Linkage>), SeedFault> {
    #[derive(Deserialize)]
    struct File {
        base: Vec<BasisRule>,
        linkage: Vec<Linkage>,
    }
    let file: File = toml::from_str(text).map_err(SeedFault::toml("bases.toml"))?;
    Ok((file.base, file.linkage))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompositionFile {
    hazard: String,
    composition: Vec<CompositionRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompositionRow {
    grade: u8,
    source_zh: String,
    source_en: String,
    slot: Vec<Slot>,
}

/// Of each hazard, `compositions/<code>.toml`; a hazard without the file has no composition yet.
pub(super) fn compositions(
    hazards: &[Hazard],
    find: impl Fn(&str) -> Result<Option<Cow<'static, str>>, SeedFault>,
) -> Result<Vec<Composition>, SeedFault> {
    let mut all = Vec::new();
    for code in hazards.iter().map(|hazard| &hazard.code) {
        let file = format!("compositions/{code}.toml");
        let Some(text) = find(&file)? else { continue };
        let CompositionFile { hazard, composition } =
            toml::from_str(&text).map_err(SeedFault::toml(&file))?;
        if hazard != *code {
            return Err(SeedFault::whole(
                &file,
                format!("hazard is {hazard:?}, the file's name says {code:?}"),
            ));
        }
        for row in composition {
            let id = format!("{hazard}-{}", row.grade);
            all.push(Composition {
                id: id.parse().map_err(|_| SeedFault::whole(&file, format!("{id:?} is no id")))?,
                version: 1,
                hazard: hazard.clone(),
                grade: row.grade,
                source_zh: row.source_zh,
                source_en: row.source_en,
                slots: row.slot,
            });
        }
    }
    Ok(all)
}
