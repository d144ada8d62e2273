//! Towns, villages and named places.

use std::collections::BTreeMap;

use domain::jurisdiction::{GazetteerPlace, TownSeat};

use super::table::{SeedFault, Table};
use crate::spell::syllables;

/// Towns with their seats, and everything a dispatcher may type.
pub(super) struct Places {
    pub(super) towns: Vec<TownSeat>,
    pub(super) places: Vec<GazetteerPlace>,
}

/// Villages are offered after the named places.
const VILLAGE_RANK: u8 = 4;

pub(super) fn read(divisions: &str, villages: &str, places: &str) -> Result<Places, SeedFault> {
    let towns = towns(divisions)?;
    let seats: BTreeMap<&str, &TownSeat> = towns.iter().map(|t| (t.code.as_str(), t)).collect();
    let mut all = named(places)?;
    let table = Table::read("villages.tsv", villages, &["code", "name", "short", "kind", "town_code"])?;
    for row in table.rows() {
        let town = row.text("town_code")?;
        let seat = seats.get(town.as_str()).ok_or_else(|| row.fault(format!("town {town} is not known")))?;
        let (name, short) = (row.text("name")?, row.text("short")?);
        all.push(GazetteerPlace {
            id: row.get("code")?,
            pinyin: syllables(&short),
            name: short,
            kind: "village".to_owned(),
            town: Some(town),
            point: seat.point, // a village has no position of its own here: its town's seat stands for it
            approximate: true,
            rank: VILLAGE_RANK,
            aliases: vec![name],
        });
    }
    Ok(Places { towns, places: all })
}

fn towns(divisions: &str) -> Result<Vec<TownSeat>, SeedFault> {
    let table =
        Table::read("divisions.tsv", divisions, &["code", "name", "level", "lon", "lat", "latin", "pinyin"])?;
    let mut towns = Vec::new();
    for row in table.rows().filter(|row| row.cell("level") == "town") {
        let latin = row.text("latin")?;
        let org = format!("org-town-{}", latin.to_lowercase());
        towns.push(TownSeat {
            code: row.text("code")?,
            name: row.text("name")?,
            org: org.parse().map_err(|_| row.fault(format!("{org:?} is no id")))?,
            point: row.point()?,
            latin,
            pinyin: row.text("pinyin")?,
        });
    }
    Ok(towns)
}

fn named(places: &str) -> Result<Vec<GazetteerPlace>, SeedFault> {
    let columns =
        ["id", "name", "kind", "town_code", "lon", "lat", "position_quality", "rank", "pinyin", "aliases"];
    let table = Table::read("places.tsv", places, &columns)?;
    let mut found = Vec::new();
    for row in table.rows() {
        found.push(GazetteerPlace {
            id: row.get("id")?,
            name: row.text("name")?,
            kind: row.text("kind")?,
            town: row.text_opt("town_code"),
            point: row.point()?,
            approximate: !matches!(row.cell("position_quality"), "point" | "sample"),
            rank: row.get("rank")?,
            pinyin: row.text("pinyin")?,
            aliases: row.list("aliases").map(str::to_owned).collect(),
        });
    }
    Ok(found)
}
