//! The shapes of the journal: one file for each version of each event, never edited.

use std::collections::BTreeSet;

use domain::testing::Town;
use domain::{Event, Recorded, State, apply};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/journal");

fn path(kind: &str, version: u32) -> String {
    format!("{FOLDER}/{kind}.v{version}.json")
}

/// Standing promise: a journal of today is read in ten years. A new event writes its file with `MUSTER_BLESS=1`.
#[test]
fn every_shape_ever_written_is_still_read() {
    let day = super::day::day();
    if std::env::var_os("MUSTER_BLESS").is_some() {
        write_new(&day);
    }
    let newest: BTreeSet<(String, u32)> = Event::kinds().map(|(kind, v)| (kind.to_owned(), v)).collect();
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(FOLDER).expect("the folder of shapes is there") {
        let name = entry.expect("readable").file_name().into_string().expect("UTF-8");
        let Some(stem) = name.strip_suffix(".json") else { continue };
        let (kind, version) = stem.rsplit_once(".v").expect("kind.v1.json");
        let version: u32 = version.parse().expect("a version");
        let data = std::fs::read_to_string(format!("{FOLDER}/{name}")).expect("readable");
        let event =
            Event::decode(kind, version, data.trim_end()).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        if newest.contains(&(kind.to_owned(), version)) {
            assert_eq!(event.encode(), data.trim_end(), "{name} is not written as it was: raise the version");
        }
        found.insert((kind.to_owned(), version));
    }
    let missing: Vec<_> = newest.difference(&found).collect();
    assert!(missing.is_empty(), "no shape is kept of {missing:?}: bless with MUSTER_BLESS=1");
}

fn write_new(day: &Town) {
    for (kind, version) in Event::kinds() {
        let path = path(kind, version);
        let Some(first) = day.journal.iter().find(|r| r.event.kind() == kind) else { continue };
        if !std::fs::exists(&path).expect("the folder is readable") {
            std::fs::write(&path, first.event.encode() + "\n").expect("the folder is writable");
        }
    }
}

/// Everything that can happen happens on that day, so that no line and no audience goes untried.
#[test]
fn everything_that_can_happen_happens() {
    let day = super::day::day();
    let happened: BTreeSet<&str> = day.journal.iter().map(|r| r.event.kind()).collect();
    let missing: Vec<&str> =
        Event::kinds().map(|(kind, _)| kind).filter(|kind| !happened.contains(kind)).collect();
    assert!(missing.is_empty(), "the day lacks {missing:?}");
}

/// The same history gives the same state, read back from its text.
#[test]
fn the_day_read_back_gives_the_same_state() {
    let day = super::day::day();
    let mut state = State::default();
    for recorded in &day.read_back() {
        apply(&mut state, recorded);
    }
    let text = |state: &State| format!("{state:#?}");
    assert_eq!(text(&state), text(&day.state));
}

/// DESIGN, rule 8: the fold of an incident's own stream is the incident of the full fold.
#[test]
fn an_incident_folds_from_its_own_stream_alone() {
    let day = super::day::day();
    assert!(day.state.incidents.len() > 1);
    for (id, file) in &day.state.incidents {
        let stream: Vec<&Recorded> = day.stream(*id).collect();
        let own = domain::IncidentFile::fold(*id, stream).expect("it was opened");
        assert_eq!(format!("{own:?}"), format!("{file:?}"));
    }
}
