//! Every clause of the plan that docs/clauses.md calls built is cited by a test: what is promised is shown.

use crate::source::{File, Finding, Tree, assert_caught, assert_none};
use std::collections::BTreeSet;

const TABLE: &str = "docs/clauses.md";

fn untested(tree: &Tree) -> Vec<Finding> {
    let Some(table) = tree.file(TABLE) else {
        return vec![Finding::at(TABLE, 1, "the table of clauses is missing")];
    };
    let cited: BTreeSet<String> = tree.files().flat_map(cited_by_tests).collect();
    let mut findings = Vec::new();
    for (number, clause) in built(table) {
        // A test of 4.1.4 does not stand for 4.1, nor one of 4.1 for 4.1.4.
        if !cited.contains(clause) {
            findings.push(table.finding(number, format!("clause {clause} is called built, but no test cites it (`/// Plan {clause}: …` above the test)")));
        }
    }
    findings
}

/// The rows `| 4.1.4 | built | … |`.
fn built(table: &File) -> impl Iterator<Item = (usize, &str)> {
    table.lines().filter_map(|(number, line)| {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let clause = cells.next().filter(|cell| cell.starts_with(|c: char| c.is_ascii_digit()))?;
        cells.next().filter(|state| *state == "built").map(|_| (number, clause))
    })
}

/// The clauses in the comments that stand directly above a test, in Rust or in TypeScript.
fn cited_by_tests(file: &File) -> Vec<String> {
    let mut clauses = Vec::new();
    let mut comment = String::new();
    for (_, line) in file.lines() {
        let line = line.trim();
        if line.starts_with("//") || line.starts_with("/**") || line.starts_with('*') {
            comment.push_str(line);
            comment.push('\n');
        } else if is_test_start(line) {
            clauses.extend(citations(&comment));
            clauses.extend(citations(line)); // a browser test carries its clause in its title
            comment.clear();
        } else if !line.starts_with("#[") {
            comment.clear();
        }
    }
    clauses
}

fn is_test_start(line: &str) -> bool {
    line == "#[test]"
        || line.starts_with("#[tokio::test")
        || line.starts_with("test(")
        || line.starts_with("it(")
        || line.starts_with("proptest!")
}

/// `Plan 4.1.4, 4.3.2 and 5` cites three clauses.
fn citations(comment: &str) -> Vec<String> {
    let mut clauses = Vec::new();
    for (at, _) in comment.match_indices("Plan ") {
        for word in
            comment[at + "Plan ".len()..].split([' ', ',', '\n', '(', ')', ':', ';', '、', '：', '，'])
        {
            let word = word.trim_matches(|c: char| !c.is_ascii_digit());
            match word {
                "" => {}
                word if word.chars().all(|c| c.is_ascii_digit() || c == '.') => clauses.push(word.to_owned()),
                _ => break,
            }
        }
    }
    clauses
}

#[test]
fn every_clause_called_built_is_cited_by_a_test() {
    assert_none(&untested(Tree::repository()));
}

#[test]
fn a_clause_without_a_test_is_caught() {
    let table =
        (TABLE, "| Clause | State |\n|---|---|\n| 4.1.4 | built | orders |\n| 5.1 | later | money |\n");
    let with = |doc: &str| format!("/// {doc}\n#[test]\nfn story() {{}}\n");
    let tree = |code: &str| untested(&Tree::sample(&[table, ("crates/a/tests/a.rs", code)]));
    assert_none(&tree(&with("Plan 4.1.4: outside forces move only after the bureau agrees.")));
    assert_none(&tree(&with("Plan 3.2, 4.1.4.")));
    assert_caught(&tree(&with("Plan 4.1.")), "docs/clauses.md:3", "4.1.4");
    assert_caught(&tree("/// Plan 4.1.4, but no test.\nfn story() {}\n"), "docs/clauses.md:3", "4.1.4");
}
