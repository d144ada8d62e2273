//! Everything has a limit, and every limit is told to the people who meet it: docs/operate/limits.md.

use crate::source::{File, Finding, Tree, assert_caught, assert_none};

const DOCS: &str = "docs/operate/limits.md";

struct Limit<'a> {
    name: &'a str,
    value: Option<u64>,
    line: usize,
    documented: bool,
}

fn limits(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let docs = tree.file(DOCS).map_or("", |file| file.text.as_str());
    let sources =
        tree.under("crates/", "rs").filter(|file| file.path.ends_with("/limits.rs") && !file.is_test());
    for file in sources {
        for limit in declared(file) {
            if !limit.documented {
                findings.push(file.finding(
                    limit.line,
                    format!("`{}` has no doc comment: say its unit and its source", limit.name),
                ));
            }
            let row = docs.lines().find(|line| line.contains(&format!("`{}`", limit.name)));
            match (row, limit.value) {
                (None, _) => {
                    findings.push(file.finding(limit.line, format!("`{}` is not in {DOCS}", limit.name)));
                }
                (Some(row), Some(value)) if !cells(row).any(|cell| cell == value.to_string()) => {
                    findings.push(file.finding(
                        limit.line,
                        format!("`{}` is {value}, but {DOCS} says otherwise: {row}", limit.name),
                    ));
                }
                _ => {}
            }
        }
    }
    findings
}

fn declared(file: &File) -> Vec<Limit<'_>> {
    let mut limits = Vec::new();
    let mut before = "";
    for (line, text) in file.lines() {
        let declaration =
            text.trim().strip_prefix("pub const ").or_else(|| text.trim().strip_prefix("pub(crate) const "));
        if let Some((name, rest)) = declaration.and_then(|rest| rest.split_once(':')) {
            let value =
                rest.split_once('=').and_then(|(_, value)| product(value.trim_end().trim_end_matches(';')));
            limits.push(Limit { name, value, line, documented: before.starts_with("///") });
        }
        before = text.trim();
    }
    limits
}

/// `48 * 3_600` is 172800; anything but a product of whole numbers is not judged.
fn product(expression: &str) -> Option<u64> {
    expression
        .split('*')
        .try_fold(1_u64, |product, factor| product.checked_mul(factor.trim().replace('_', "").parse().ok()?))
}

/// The cells of a table's row, thousands written with a space or a comma or not at all.
fn cells(row: &str) -> impl Iterator<Item = String> {
    row.split('|').map(|cell| cell.trim().replace([' ', ',', '\u{202f}'], ""))
}

#[test]
fn each_limit_is_documented() {
    assert_none(&limits(Tree::repository()));
}

#[test]
fn a_limit_that_the_docs_do_not_name_is_caught() {
    let source =
        ("crates/domain/src/types/limits.rs", "/// Characters.\npub const LINE_CHARS: usize = 2 * 1_00;\n");
    assert_caught(&limits(&Tree::sample(&[source])), "crates/domain/src/types/limits.rs:2", "not in docs");
    let docs = |row| Tree::sample(&[source, (DOCS, row)]);
    assert_none(&limits(&docs("| `LINE_CHARS` | 200 | characters |\n")));
    assert_caught(
        &limits(&docs("| `LINE_CHARS` | 300 | characters |\n")),
        "crates/domain/src/types/limits.rs:2",
        "is 200",
    );
}

#[test]
fn a_limit_without_its_unit_is_caught() {
    let files = [("crates/a/src/limits.rs", "pub const A_S: u32 = 1;\n"), (DOCS, "| `A_S` | 1 |\n")];
    assert_caught(&limits(&Tree::sample(&files)), "crates/a/src/limits.rs:1", "no doc comment");
}
