//! Imports run one way, and every version and lint stands once, in the workspace.

use crate::source::{File, Finding, Tree, assert_caught, assert_none};
use toml::{Table, Value};

/// Who may import whom, of ours; the words are folder names below `crates/`. The table of docs/architecture.md.
const LAYERS: [(&str, &[&str]); 11] = [
    ("domain", &[]),
    ("journal", &[]),
    ("routing", &[]),
    ("channels", &[]),
    ("recommend", &["domain"]),
    ("interop", &["domain"]),
    ("documents", &["domain"]),
    ("server", &["domain", "journal", "routing", "channels", "recommend", "interop", "documents"]),
    ("muster", &["server", "domain", "journal", "interop", "routing", "recommend"]),
    (
        "tests",
        &[
            "domain",
            "journal",
            "routing",
            "channels",
            "recommend",
            "interop",
            "documents",
            "server",
            "muster",
        ],
    ),
    ("xtask", &[]),
];

/// What the pure crates must not reach for: figures, time and chance come in from outside.
const PURE: [&str; 4] = ["domain", "recommend", "interop", "documents"];
const IMPURE_CRATES: [&str; 12] = [
    "tokio",
    "axum",
    "hyper",
    "rusqlite",
    "reqwest",
    "rand",
    "getrandom",
    "tracing",
    "clap",
    "tempfile",
    "libc",
    "rustls",
];
const IMPURE_PATHS: [&str; 8] = [
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
];

fn imports(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.under("crates/", "toml") {
        let Some(name) = file.path.strip_prefix("crates/").and_then(|path| path.strip_suffix("/Cargo.toml"))
        else {
            continue;
        };
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
            findings.push(file.finding(1, format!("`{name}` has no row in the import table: add it in tidy/imports.rs and docs/architecture.md")));
            continue;
        };
        match file.text.parse::<Table>() {
            Ok(manifest) => manifest_findings(file, name, allowed, &manifest, &mut findings),
            Err(error) => findings.push(file.finding(1, format!("not a manifest: {}", error.message()))),
        }
    }
    findings
}

fn manifest_findings(
    file: &File,
    name: &str,
    allowed: &[&str],
    manifest: &Table,
    findings: &mut Vec<Finding>,
) {
    if manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(Value::as_bool) != Some(true) {
        findings.push(file.finding(1, "no `[lints] workspace = true`: the rules hold in every crate"));
    }
    for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
        let Some(dependencies) = manifest.get(section).and_then(Value::as_table) else { continue };
        for (dependency, how) in dependencies {
            let line = line_of(file, dependency);
            if how.get("path").and_then(Value::as_str) == Some(".") {
                continue; // itself, with features that only its tests turn on
            }
            if how.get("workspace").and_then(Value::as_bool) != Some(true) {
                findings.push(file.finding(line, format!("`{dependency}` has a version of its own: put it into the root's Cargo.toml and say `{dependency}.workspace = true`")));
            }
            let ours = LAYERS.iter().any(|(layer, _)| layer == dependency);
            if ours && section != "dev-dependencies" && !allowed.contains(&dependency.as_str()) {
                findings.push(file.finding(
                    line,
                    format!("`{name}` must not import `{dependency}` (docs/architecture.md, code map)"),
                ));
            }
            if section == "dependencies"
                && PURE.contains(&name)
                && IMPURE_CRATES.contains(&dependency.as_str())
            {
                findings.push(file.finding(line, format!("`{name}` is pure and must not reach for `{dependency}`: let the node hand in what it needs")));
            }
        }
    }
}

fn line_of(file: &File, key: &str) -> usize {
    let starts = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.starts_with([' ', '.', '=']));
    file.lines().find(|(_, line)| starts(line)).map_or(1, |(number, _)| number)
}

fn impure_paths(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in PURE {
        let folder = format!("crates/{name}/src/");
        for file in tree.under(&folder, "rs") {
            for (index, line) in file.shipped().lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for path in IMPURE_PATHS.iter().filter(|path| code.contains(**path)) {
                    findings.push(file.finding(
                        index + 1,
                        format!("`{path}` in a pure crate: take it from Context, or do it in the node"),
                    ));
                }
            }
        }
    }
    findings
}

#[test]
fn imports_run_one_way() {
    assert_none(&imports(Tree::repository()));
}

#[test]
fn a_domain_that_imports_the_server_is_caught() {
    let text = "[dependencies]\nserver.workspace = true\n[lints]\nworkspace = true\n";
    let tree = Tree::sample(&[("crates/domain/Cargo.toml", text)]);
    assert_caught(&imports(&tree), "crates/domain/Cargo.toml:2", "must not import `server`");
}

#[test]
fn a_domain_with_a_runtime_is_caught() {
    let text = "[dependencies]\ntokio.workspace = true\n[lints]\nworkspace = true\n";
    let tree = Tree::sample(&[("crates/domain/Cargo.toml", text)]);
    assert_caught(&imports(&tree), "crates/domain/Cargo.toml:2", "pure");
}

#[test]
fn a_version_of_its_own_is_caught() {
    let text = "[dependencies]\nserde = \"1\"\n[lints]\nworkspace = true\n";
    let tree = Tree::sample(&[("crates/journal/Cargo.toml", text)]);
    assert_caught(&imports(&tree), "crates/journal/Cargo.toml:2", "serde.workspace = true");
}

#[test]
fn a_crate_without_the_lints_is_caught() {
    assert_caught(
        &imports(&Tree::sample(&[("crates/journal/Cargo.toml", "")])),
        "crates/journal/Cargo.toml:1",
        "lints",
    );
}

#[test]
fn a_crate_without_a_row_in_the_table_is_caught() {
    assert_caught(
        &imports(&Tree::sample(&[("crates/helpers/Cargo.toml", "")])),
        "crates/helpers/Cargo.toml:1",
        "no row",
    );
}

#[test]
fn pure_crates_touch_nothing_outside() {
    assert_none(&impure_paths(Tree::repository()));
}

#[test]
fn a_domain_that_opens_a_file_is_caught() {
    let tree = Tree::sample(&[("crates/domain/src/a.rs", "fn a() {\n    std::fs::read(\"a\");\n}\n")]);
    assert_caught(&impure_paths(&tree), "crates/domain/src/a.rs:2", "std::fs");
}
