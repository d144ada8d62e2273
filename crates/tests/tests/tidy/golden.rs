//! A shape once written to a journal is never edited: nodes must fold it in ten years.
//!
//! `crates/domain/tests/journal/SHA256SUMS` holds one line for each golden file. It only grows: `MUSTER_BLESS=1`
//! adds lines for new files and never changes one.

use crate::source::{Finding, Tree, assert_caught, assert_none, root};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const FOLDER: &str = "crates/domain/tests/journal/";
const SUMS: &str = "crates/domain/tests/journal/SHA256SUMS";

fn golden(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut sums = sums(tree);
    for file in tree.under(FOLDER, "json") {
        match sums.remove(&file.path[FOLDER.len()..]) {
            None => {
                findings.push(file.finding(
                    1,
                    format!("not yet in {SUMS}: run this test with MUSTER_BLESS=1 and commit both"),
                ));
            }
            Some((_, sum)) if sum != sha256(&file.text) => {
                findings.push(file.finding(
                    1,
                    "a shape once written was edited: restore it, raise the version and write an upcast",
                ));
            }
            Some(_) => {}
        }
    }
    for (name, (line, _)) in sums {
        findings.push(Finding::at(
            SUMS,
            line,
            format!("`{name}` is gone: a shape once written stays readable"),
        ));
    }
    findings
}

/// Name → (line, sum), in the form that `sha256sum --check` reads.
fn sums(tree: &Tree) -> BTreeMap<&str, (usize, &str)> {
    let lines = tree.file(SUMS).into_iter().flat_map(super::source::File::lines);
    lines
        .filter_map(|(number, line)| line.split_once("  ").map(|(sum, name)| (name, (number, sum))))
        .collect()
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a String takes every write");
        hex
    })
}

fn bless(tree: &Tree) {
    let known = sums(tree);
    let new = tree.under(FOLDER, "json").filter(|file| !known.contains_key(&file.path[FOLDER.len()..]));
    let mut lines: Vec<String> =
        new.map(|file| format!("{}  {}", sha256(&file.text), &file.path[FOLDER.len()..])).collect();
    lines.extend(known.iter().map(|(name, (_, sum))| format!("{sum}  {name}")));
    lines.sort_by(|a, b| a[64..].cmp(&b[64..]));
    std::fs::write(root().join(SUMS), lines.join("\n") + "\n")
        .expect("the folder of the golden files is writable");
}

#[test]
fn shapes_once_written_are_unchanged() {
    if std::env::var_os("MUSTER_BLESS").is_some() {
        return bless(Tree::repository());
    }
    assert_none(&golden(Tree::repository()));
}

#[test]
fn an_edited_a_lost_and_an_unlisted_shape_are_caught() {
    let sums = format!("{}  a.v1.json\n", sha256("{}"));
    let file = |text| ("crates/domain/tests/journal/a.v1.json", text);
    assert_none(&golden(&Tree::sample(&[file("{}"), (SUMS, &sums)])));
    assert_caught(
        &golden(&Tree::sample(&[file("{ }"), (SUMS, &sums)])),
        "crates/domain/tests/journal/a.v1.json",
        "edited",
    );
    assert_caught(
        &golden(&Tree::sample(&[(SUMS, &sums)])),
        "crates/domain/tests/journal/SHA256SUMS:1",
        "gone",
    );
    assert_caught(&golden(&Tree::sample(&[file("{}")])), "crates/domain/tests/journal/a.v1.json", "not yet");
}
