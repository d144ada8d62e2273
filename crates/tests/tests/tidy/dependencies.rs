//! Dependencies: each version in the workspace has a user, and nothing that ships can call out but `channels`: what a
//! city's node knows leaves it through those who ask, and by the channels that its administrator opened.

use std::collections::BTreeSet;

use crate::source::{File, Finding, Tree, assert_caught, assert_none};
use toml::{Table, Value};

const ROOT: &str = "Cargo.toml";
const SHIPPED: [&str; 2] = ["dependencies", "build-dependencies"];
const SECTIONS: [&str; 3] = ["dependencies", "build-dependencies", "dev-dependencies"];
/// The one crate whose task is to call out.
const CALLS_OUT: &str = "crates/channels/Cargo.toml";
/// Crates that open connections of their own accord.
const CLIENTS: [&str; 11] = [
    "attohttpc",
    "awc",
    "curl",
    "hyper-rustls",
    "isahc",
    "lettre",
    "minreq",
    "reqwest",
    "surf",
    "tonic",
    "ureq",
];

fn manifests(tree: &Tree) -> impl Iterator<Item = (&File, Table)> {
    // What is no manifest is a finding of `imports`.
    tree.under("crates/", "toml").filter_map(|file| Some((file, file.text.parse().ok()?)))
}

fn section<'a>(manifest: &'a Table, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    manifest.get(name).and_then(Value::as_table).into_iter().flatten()
}

fn versions(tree: &Tree) -> Option<(&File, Table)> {
    let root = tree.file(ROOT)?;
    let manifest: Table = root.text.parse().ok()?;
    let versions = manifest.get("workspace")?.get("dependencies")?.as_table()?.clone();
    Some((root, versions))
}

fn unused(tree: &Tree) -> Vec<Finding> {
    let Some((root, versions)) = versions(tree) else {
        return vec![Finding::at(ROOT, 1, "no `[workspace.dependencies]` can be read")];
    };
    let mut used = BTreeSet::new();
    for (_, manifest) in manifests(tree) {
        for name in SECTIONS {
            used.extend(section(&manifest, name).map(|(dependency, _)| dependency.clone()));
        }
    }
    let left = versions.keys().filter(|version| !used.contains(*version));
    left.map(|name| root.finding(line_of(root, name), format!("no crate uses `{name}`: take it out")))
        .collect()
}

fn callers(tree: &Tree) -> Vec<Finding> {
    let versions = versions(tree).map(|(_, versions)| versions).unwrap_or_default();
    let mut findings = Vec::new();
    for (file, manifest) in manifests(tree).filter(|(file, _)| file.path != CALLS_OUT) {
        for (dependency, how) in SHIPPED.iter().flat_map(|name| section(&manifest, name)) {
            let entries = [Some(how), versions.get(dependency)];
            let features =
                entries.into_iter().flatten().filter_map(|entry| entry.get("features")?.as_array());
            let calls =
                features.flatten().filter_map(Value::as_str).any(|feature| feature.starts_with("client"));
            if calls || CLIENTS.contains(&dependency.as_str()) {
                let what =
                    format!("`{dependency}` calls out here: what leaves the node leaves by `channels`");
                findings.push(file.finding(line_of(file, dependency), what));
            }
        }
    }
    findings
}

fn line_of(file: &File, key: &str) -> usize {
    let starts = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.starts_with([' ', '.', '=']));
    file.lines().find(|(_, line)| starts(line)).map_or(1, |(number, _)| number)
}

#[test]
fn each_version_has_a_user() {
    assert_none(&unused(Tree::repository()));
}

#[test]
fn a_version_that_nobody_uses_is_caught() {
    let root = (ROOT, "[workspace.dependencies]\nserde = \"1.0\"\nhmac = \"0.13\"\n");
    let user = ("crates/journal/Cargo.toml", "[dev-dependencies]\nserde.workspace = true\n");
    assert_caught(&unused(&Tree::sample(&[root, user])), "Cargo.toml:3", "no crate uses `hmac`");
}

#[test]
fn nothing_that_ships_calls_out() {
    assert_none(&callers(Tree::repository()));
}

#[test]
fn a_client_that_ships_is_caught_and_one_of_the_tests_is_not() {
    let root = (
        ROOT,
        "[workspace.dependencies]\nureq = \"3.0\"\nhyper = { version = \"1.12\", features = [\"client\"] }\n",
    );
    let of = |text| callers(&Tree::sample(&[root, ("crates/server/Cargo.toml", text)]));
    assert_none(&of("[dev-dependencies]\nureq.workspace = true\nhyper.workspace = true\n"));
    assert_caught(&of("[dependencies]\nureq.workspace = true\n"), "crates/server/Cargo.toml:2", "calls out");
    assert_caught(&of("[dependencies]\nhyper.workspace = true\n"), "crates/server/Cargo.toml:2", "calls out");
    let own = "[dependencies]\nhyper-util = { workspace = true, features = [\"client-legacy\"] }\n";
    assert_caught(&of(own), "crates/server/Cargo.toml:2", "calls out");
    assert_none(&callers(&Tree::sample(&[root, (CALLS_OUT, own)])));
}
