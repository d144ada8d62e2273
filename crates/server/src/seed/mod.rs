//! A jurisdiction from its files: one act, with which a node's journal begins.
//!
//! Every file, line and column that does not fit is named; nothing is loaded by half.

mod forces;
mod offices;
mod places;
mod table;

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::PathBuf;

use domain::jurisdiction::establish_jurisdiction::EstablishJurisdiction;
use domain::types::Time;
use rust_embed::RustEmbed;

pub use table::SeedFault;

/// Rongcheng's data, as shipped.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../data/rongcheng"]
struct Shipped;

/// Where a jurisdiction's files are read from.
#[derive(Debug, Clone)]
pub enum Source {
    /// What this build carries.
    Shipped,
    /// A directory with the same files.
    Directory(PathBuf),
}

impl Source {
    fn read(&self, name: &str) -> Result<Cow<'static, str>, SeedFault> {
        self.find(name)?.ok_or_else(|| SeedFault::Missing { file: name.to_owned() })
    }

    /// A file that need not be there.
    fn find(&self, name: &str) -> Result<Option<Cow<'static, str>>, SeedFault> {
        match self {
            Self::Shipped => {
                let text = Shipped::get(name).map(|file| String::from_utf8(file.data.into_owned()));
                let text = text.transpose().map_err(|_| SeedFault::NotUtf8 { file: name.to_owned() })?;
                Ok(text.map(Cow::Owned))
            }
            Self::Directory(dir) => match std::fs::read_to_string(dir.join(name)) {
                Ok(text) => Ok(Some(Cow::Owned(text))),
                Err(none) if none.kind() == ErrorKind::NotFound => Ok(None),
                Err(source) => Err(SeedFault::Unread { file: name.to_owned(), source }),
            },
        }
    }
}

/// A file of the jurisdiction's map.
pub fn map_file(name: &str) -> Option<rust_embed::EmbeddedFile> {
    Shipped::get(&format!("map/{name}"))
}

/// The code of the jurisdiction, without reading the rest.
pub fn code(source: &Source) -> Result<String, SeedFault> {
    Ok(offices::read(&source.read("jurisdiction.toml")?)?.code)
}

/// Everything that the jurisdiction starts with, as of `now` (insurance and verification are given in days from it).
pub fn load(source: &Source, now: Time) -> Result<EstablishJurisdiction, SeedFault> {
    let head = offices::read(&source.read("jurisdiction.toml")?)?;
    let contacts = forces::contacts(&source.read("contacts.tsv")?)?;
    let places = places::read(
        &source.read("divisions.tsv")?,
        &source.read("villages.tsv")?,
        &source.read("places.tsv")?,
    )?;
    let orgs = forces::orgs(&source.read("orgs.tsv")?, &contacts)?;
    let forces = forces::forces(&source.read("forces.tsv")?, &contacts, now)?;
    let accounts = forces::accounts(&source.read("accounts.tsv")?, &forces)?;
    let duty = forces::duty(&source.read("duty.tsv")?)?;
    let hazards = offices::hazards(&source.read("hazards.toml")?)?;
    let compositions = offices::compositions(&hazards, |name| source.find(name))?;
    let limits = head.limits()?;
    let jurisdiction = head.jurisdiction(
        places,
        hazards,
        offices::capabilities(&source.read("capabilities.toml")?)?,
        offices::bases(&source.read("bases.toml")?)?,
    );
    Ok(EstablishJurisdiction { jurisdiction, limits, orgs, accounts, forces, duty, compositions })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Actor, Context, Told, decide};

    /// Plan 2.1–2.4, annex 2: the shipped jurisdiction loads whole and begins a history.
    #[test]
    fn rongcheng_loads_with_its_towns_villages_forces_and_compositions() {
        let now = Time(1_795_500_000_000);
        let act = load(&Source::Shipped, now).unwrap();
        assert_eq!(act.jurisdiction.code, "371082");
        assert_eq!(act.jurisdiction.towns.len(), 22);
        assert!(act.jurisdiction.places.len() >= 839 + 70);
        assert_eq!((act.orgs.len(), act.forces.len()), (99, 123));
        assert_eq!(act.compositions.len(), 35);
        assert_eq!(act.accounts.len(), 181);
        let station = act.forces.iter().find(|f| f.id.as_str() == "force-001").unwrap();
        assert!(station.has("water_tanker") >= 3 && !station.contacts.is_empty());
        assert!(station.insured_until.unwrap() > now);
        let village = act.jurisdiction.places.iter().find(|p| p.name == "渠隔村").unwrap();
        assert!(village.approximate && village.pinyin == "qu ge cun");
        assert_eq!(
            (act.jurisdiction.merge_reach_m, act.jurisdiction.merge_window_s),
            (Some(500), Some(1800))
        );
        assert!(act.limits.emergency.answer_limit_s < act.limits.routine.answer_limit_s);

        let mut ctx = Context::new(now, Actor::clock(), Told::default(), ulid::Ulid(1));
        let decision = decide(&domain::State::default(), &mut ctx, act.into()).unwrap();
        assert!(decision.events.len() > 400);
    }

    /// Plan 4.2.4: another hazard and its composition are lines and a file of the jurisdiction, no Rust.
    #[test]
    fn a_hazard_that_is_added_to_the_files_is_loaded_with_its_composition() {
        let dir = copy_of_shipped();
        let source = Source::Directory(dir.path().to_owned());
        let hazards = dir.path().join("hazards.toml");
        let more = std::fs::read_to_string(&hazards).unwrap()
            + "\n[[hazard]]\ncode = \"meteor\"\nname_zh = \"陨石\"\nname_en = \"meteor\"\nshort_zh = \"陨石\"\n\
               plan = false\nclause = \"\"\ncn_ep = []\nsymbol = \"meteor\"\ncolour = \"#000000\"\nletter = \"z\"\n";
        std::fs::write(&hazards, more).unwrap();
        let shipped = load(&source, Time(0)).unwrap();
        assert_eq!(shipped.compositions.len(), 35, "a hazard without a file has no composition yet");

        let file = dir.path().join("compositions/meteor.toml");
        let text = std::fs::read_to_string(dir.path().join("compositions/fire.toml")).unwrap();
        std::fs::write(&file, text.replace("hazard = \"fire\"", "hazard = \"meteor\"")).unwrap();
        let act = load(&source, Time(0)).unwrap();
        assert!(act.compositions.iter().any(|c| c.id.as_str() == "meteor-3" && c.hazard == "meteor"));

        std::fs::write(&file, &text).unwrap();
        let fault = load(&source, Time(0)).unwrap_err().to_string();
        assert!(fault.contains("compositions/meteor.toml") && fault.contains("fire"), "{fault}");
        std::fs::write(&file, text.replacen("grade = 1", "grade = 1\npre_authorised = true", 1)).unwrap();
        let fault = load(&source, Time(0)).unwrap_err();
        assert!(format!("{fault:?}").contains("pre_authorised"), "what nobody reads is refused: {fault:?}");
        std::fs::remove_file(dir.path().join("duty.tsv")).unwrap();
        std::fs::remove_file(&file).unwrap();
        assert_eq!(load(&source, Time(0)).unwrap_err().to_string(), "file \"duty.tsv\" is missing");
    }

    fn copy_of_shipped() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in Shipped::iter() {
            let path = dir.path().join(name.as_ref());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, Shipped::get(&name).unwrap().data).unwrap();
        }
        dir
    }

    #[test]
    fn a_column_that_does_not_fit_is_named_with_its_line() {
        let broken = "id\tname\norg-a\t\n";
        let fault = table::Table::read("orgs.tsv", broken, &["id", "name", "short"]).unwrap_err();
        assert!(fault.to_string().contains("orgs.tsv") && fault.to_string().contains("short"), "{fault}");
        let table = table::Table::read("orgs.tsv", broken, &["id", "name"]).unwrap();
        let fault = table.rows().next().unwrap().text("name").unwrap_err();
        assert_eq!(fault.to_string(), "cannot read \"orgs.tsv\", line 2: column name is empty");
    }
}
