//! Builds fetch from the public registries only, so that they work the same everywhere.

use crate::source::{Finding, Tree, assert_caught, assert_none};

const CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";
const PACKAGES: &str = "https://registry.npmjs.org/";

fn foreign_sources(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files() {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        for (number, line) in file.lines() {
            let line = line.trim();
            let foreign = match name {
                "Cargo.lock" => line.starts_with("source = ") && !line.contains(CRATES),
                "package-lock.json" => line.starts_with("\"resolved\": \"http") && !line.contains(PACKAGES),
                ".npmrc" => line.contains("registry"),
                "config.toml" if file.path.ends_with(".cargo/config.toml") => {
                    line.starts_with("[source") || line.starts_with("[registr")
                }
                _ => false,
            };
            if foreign {
                findings.push(file.finding(
                    number,
                    "not the public registry: mirrors belong into a machine's own configuration",
                ));
            }
        }
    }
    findings
}

#[test]
fn lock_files_name_public_registries_only() {
    let tree = Tree::repository();
    assert!(tree.file("Cargo.lock").is_some(), "Cargo.lock is missing");
    assert_none(&foreign_sources(tree));
}

#[test]
fn each_foreign_source_is_caught() {
    let samples = [
        ("Cargo.lock", "source = \"registry+https://crates.example/index\"\n"),
        ("Cargo.lock", "source = \"git+https://example.org/a\"\n"),
        ("web/package-lock.json", "  \"resolved\": \"https://npm.example/a.tgz\",\n"),
        ("web/.npmrc", "registry=https://npm.example\n"),
        (".cargo/config.toml", "[source.crates-io]\n"),
    ];
    for (path, text) in samples {
        assert_caught(&foreign_sources(&Tree::sample(&[(path, text)])), path, "public registry");
    }
}
