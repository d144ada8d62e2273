//! Bytes and texts from outside are hostile until parsed: each parser has its fuzz target.

use crate::source::{Finding, Tree, assert_caught, assert_none};

/// A fuzz target is a property test over arbitrary input, in a file named `fuzz.rs` or `fuzz_….rs`.
fn unfuzzed(tree: &Tree) -> Vec<Finding> {
    let fuzz: String = tree
        .under("", "rs")
        .filter(|file| {
            file.path.rsplit('/').next().is_some_and(|name| name == "fuzz.rs" || name.starts_with("fuzz_"))
        })
        .map(|file| file.text.as_str())
        .collect();
    let mut findings = Vec::new();
    for file in tree.under("crates/", "rs").filter(|file| !file.is_test()) {
        for (index, line) in file.shipped().lines().enumerate() {
            let Some(name) = parser(line) else { continue };
            let module = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
            let called = [format!("{name}("), format!("{name},"), format!("{name})")];
            let named = called.iter().any(|call| fuzz.contains(call.as_str()));
            if !(named && (name != "parse" || fuzz.contains(&format!("{module}::parse")))) {
                findings.push(file.finding(index + 1, format!("`{name}` has no fuzz target: call it on arbitrary input in this crate's tests/fuzz.rs")));
            }
        }
    }
    findings
}

/// `pub fn parse…(… &str | &[u8] …)`: its name.
fn parser(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("pub fn ")?;
    let name = rest.split(['(', '<']).next()?;
    (name.starts_with("parse") && (rest.contains("&str") || rest.contains("&[u8]"))).then_some(name)
}

#[test]
fn each_parser_has_its_fuzz_target() {
    assert_none(&unfuzzed(Tree::repository()));
}

#[test]
fn a_parser_without_a_fuzz_target_is_caught() {
    let parser =
        ("crates/interop/src/call_sheet.rs", "//! Call sheets.\npub fn parse(text: &str) -> Sheet {\n");
    assert_caught(
        &unfuzzed(&Tree::sample(&[parser])),
        "crates/interop/src/call_sheet.rs:2",
        "no fuzz target",
    );
    let target = ("crates/interop/tests/fuzz.rs", "call_sheet::parse(&text);\n");
    assert_none(&unfuzzed(&Tree::sample(&[parser, target])));
    let other = ("crates/interop/tests/fuzz.rs", "cap::parse(&text);\n");
    assert_caught(
        &unfuzzed(&Tree::sample(&[parser, other])),
        "crates/interop/src/call_sheet.rs:2",
        "no fuzz target",
    );
}
