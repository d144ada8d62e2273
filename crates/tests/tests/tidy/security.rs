//! The pages of docs/security and the page for two buildings promise nothing without its proof: each test that they name exists, and the table for
//! assessors says the same in both languages.

use std::collections::BTreeSet;

use crate::source::{File, Finding, Tree, assert_caught, assert_none};

/// The pages that name their tests.
const PAGES: [&str; 2] = ["docs/security/", "docs/operate/two-buildings."];
const TABLES: [&str; 2] = ["docs/security/djbh.zh.md", "docs/security/djbh.en.md"];
/// How a row begins its last cell when no program can prove it.
const NO_TEST: &str = "—";

/// Names of all tests: functions of Rust below a test attribute, sentences of vitest.
fn tests(tree: &Tree) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in tree.under("", "rs") {
        let mut is_test = false;
        for (_, line) in file.lines() {
            let line = line.trim();
            if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                is_test = true;
            } else if let Some(rest) = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn ")) {
                // `proptest!` writes the attribute on the same footing; all others stand right above.
                if is_test {
                    names.extend(rest.split('(').next().map(ToOwned::to_owned));
                }
                is_test = false;
            }
        }
    }
    names
}

/// What stands between backticks and reads as a sentence in snake case: four words at the least.
fn named(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2).filter(|name| {
        name.matches('_').count() >= 3
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    })
}

fn unproven(tree: &Tree) -> Vec<Finding> {
    let tests = tests(tree);
    let mut findings = Vec::new();
    for file in PAGES.iter().flat_map(|pages| tree.under(pages, "md")) {
        for (number, line) in file.lines() {
            for name in named(line).filter(|name| !tests.contains(*name)) {
                findings.push(file.finding(number, format!("there is no test `{name}`")));
            }
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let is_row = TABLES.contains(&file.path.as_str()) && clause(line).is_some();
            let last = cells.get(cells.len().wrapping_sub(2)).copied().unwrap_or_default();
            if is_row && named(last).next().is_none() && !last.starts_with(NO_TEST) {
                findings.push(
                    file.finding(number, "a row ends in its tests, or in `—` and who answers for it instead"),
                );
            }
        }
    }
    findings
}

/// The clause of a row: `8.1.4.1 a`.
fn clause(line: &str) -> Option<&str> {
    let cell = line.strip_prefix("| ")?.split(" |").next()?;
    cell.starts_with("8.1.").then_some(cell)
}

fn unlike(tree: &Tree) -> Vec<Finding> {
    let clauses = |path: &str| -> Vec<(String, usize)> {
        let rows = |file: &File| {
            file.lines().filter_map(|(number, line)| Some((row_of(line)?, number))).collect::<Vec<_>>()
        };
        tree.file(path).map(rows).unwrap_or_default()
    };
    let [zh, en] = TABLES.map(clauses);
    let mut findings = Vec::new();
    for (path, own, other) in [(TABLES[0], &zh, &en), (TABLES[1], &en, &zh)] {
        for (row, number) in own {
            if !other.iter().any(|(known, _)| known == row) {
                findings.push(Finding::at(
                    path,
                    *number,
                    format!("the other language does not say the same of {row}"),
                ));
            }
        }
    }
    findings
}

/// A row as both languages must have it: its clause and its tests.
fn row_of(line: &str) -> Option<String> {
    let tests: Vec<&str> = named(line).collect();
    clause(line).map(|clause| format!("{clause}: {}", tests.join(", ")))
}

#[test]
fn what_the_security_pages_promise_is_proven_by_tests_that_exist() {
    let tree = Tree::repository();
    assert_none(&unproven(tree));
    assert_none(&unlike(tree));
    let rows = tree
        .file(TABLES[0])
        .map_or(0, |file| file.lines().filter(|(_, line)| clause(line).is_some()).count());
    assert!(rows > 25, "the table of requirements has {rows} rows");
}

#[test]
fn a_promise_whose_test_is_gone_and_a_row_without_one_are_caught() {
    let test =
        ("crates/a/tests/a.rs", "#[test]\nfn guessing_is_slow_for_all() {}\nfn is_no_test_at_all() {}\n");
    let page = |text: &str| {
        let text = format!("| clause | where | test |\n{text}\n");
        unproven(&Tree::sample(&[test, (TABLES[0], &text)]))
    };
    assert_none(&page("| 8.1.4.1 b | x | `guessing_is_slow_for_all` |"));
    assert_none(&page("| 8.1.4.1 b | x | — 运维 |"));
    assert_caught(&page("| 8.1.4.1 b | x | `is_no_test_at_all` |"), "docs/security/djbh.zh.md:2", "no test");
    assert_caught(&page("| 8.1.4.1 b | x | soon |"), "docs/security/djbh.zh.md:2", "ends in its tests");
    let other = "| 8.1.4.1 c | x | — |\n";
    assert_caught(&unlike(&Tree::sample(&[(TABLES[1], other)])), "docs/security/djbh.en.md:1", "8.1.4.1 c");
}
