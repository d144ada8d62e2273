//! Notices of what is built into the binary: each crate and each package of the pages, with its licence and its text.
//!
//! Most licences ask that their text goes with every copy. Data has its own page, data/SOURCES.md.

use crate::sh::{cargo, output, program, root};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const HEAD: &str = "What others made and this program carries. Map and place data: data/SOURCES.md.\n";

/// A part that others made.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    licence: String,
    folder: PathBuf,
}

/// Everything that must be told, as one text.
pub(crate) fn notices() -> Result<String> {
    let rustc = output(&mut program("rustc", &["-vV"]))?;
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let metadata =
        output(&mut cargo(&["metadata", "--format-version", "1", "--locked", "--filter-platform", host]))?;
    let metadata = serde_json::from_str(&metadata).context("cargo metadata is not JSON")?;
    let lock = root().join("web/package-lock.json");
    let lock = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let lock = serde_json::from_str(&lock).context("web/package-lock.json is not JSON")?;
    let mut parts = crates(&metadata)?;
    parts.extend(packages(&lock, &root().join("web")));
    written(&parts)
}

/// Crates that are linked into `muster`: its dependencies of the normal kind, and theirs.
fn crates(metadata: &Value) -> Result<BTreeSet<Part>> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let packages = list(&metadata["packages"]);
    let by_id: BTreeMap<&str, &Value> = packages.iter().map(|p| (text(&p["id"]), p)).collect();
    let nodes = list(&metadata["resolve"]["nodes"]);
    let needs: BTreeMap<&str, &Value> = nodes.iter().map(|n| (text(&n["id"]), &n["deps"])).collect();
    let mut open: Vec<&str> =
        packages.iter().filter(|p| p["name"] == "muster").map(|p| text(&p["id"])).collect();
    let mut seen: BTreeSet<&str> = open.iter().copied().collect();
    while let Some(id) = open.pop() {
        for need in needs.get(id).and_then(|deps| deps.as_array()).into_iter().flatten() {
            let linked = list(&need["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
            if linked && seen.insert(text(&need["pkg"])) {
                open.push(text(&need["pkg"]));
            }
        }
    }
    let mut parts = BTreeSet::new();
    for package in seen.iter().filter_map(|id| by_id.get(id)).filter(|p| !p["source"].is_null()) {
        let name = format!("{} {} (crate)", text(&package["name"]), text(&package["version"]));
        let Some(folder) = Path::new(text(&package["manifest_path"])).parent() else {
            bail!("{name} has no folder");
        };
        parts.insert(Part { name, licence: text(&package["license"]).to_owned(), folder: folder.to_owned() });
    }
    Ok(parts)
}

/// Packages that the pages are made of; those for building and testing them are marked `dev` in the lock file.
fn packages(lock: &Value, web: &Path) -> BTreeSet<Part> {
    let all = lock["packages"].as_object().into_iter().flatten();
    let shipped = all.filter(|(path, package)| {
        let left_out = ["dev", "devOptional", "link"].iter().any(|mark| package[mark] == true);
        path.contains("node_modules/") && !left_out
    });
    let part = |(path, package): (&String, &Value)| {
        let name = path.rsplit("node_modules/").next().unwrap_or(path);
        Part {
            name: format!("{name} {} (npm)", text(&package["version"])),
            licence: text(&package["license"]).to_owned(),
            folder: web.join(path),
        }
    };
    shipped.map(part).collect()
}

/// The list of all parts, then each text once, with the parts that it belongs to.
fn written(parts: &BTreeSet<Part>) -> Result<String> {
    let mut out = String::from(HEAD);
    let mut texts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for part in parts {
        if part.licence.is_empty() {
            bail!("{} names no licence", part.name);
        }
        writeln!(out, "{}: {}", part.name, part.licence).expect("a String takes every write");
        for text in texts_in(&part.folder)? {
            texts.entry(text).or_default().push(&part.name);
        }
    }
    for (text, of) in texts {
        write!(out, "\n{}\n{}\n\n{}\n", "=".repeat(72), of.join(", "), text.trim_end())
            .expect("a String takes every write");
    }
    Ok(out)
}

/// Texts of licences and notices beside a part's manifest.
fn texts_in(folder: &Path) -> Result<Vec<String>> {
    const NAMES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        if path.is_file() && NAMES.iter().any(|begins| name.starts_with(begins)) {
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            texts.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok(texts)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{crates, packages, written};
    use serde_json::json;
    use std::fs;

    /// What is linked in is told with its licence's text; what only builds or tests it is not.
    #[test]
    fn what_is_built_in_is_told_once_with_its_text_and_tools_are_not() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = |name: &str| {
            let folder = place.path().join(name);
            fs::create_dir_all(&folder).expect("it is writable");
            fs::write(folder.join("LICENSE-MIT"), format!("Copyright {name}")).expect("it is writable");
            folder
        };
        let package = |name: &str, source: Option<&str>| {
            let manifest = folder(name).join("Cargo.toml");
            json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT", "source": source,
                "manifest_path": manifest })
        };
        let need = |name: &str, kind: Option<&str>| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": [package("muster", None), package("linked", Some("r")), package("tool", Some("r"))],
            "resolve": { "nodes": [
                { "id": "muster", "deps": [need("linked", None), need("tool", Some("build"))] },
                { "id": "linked", "deps": [need("tool", Some("dev"))] },
            ] },
        });
        folder("node_modules/react");
        let lock = json!({ "packages": {
            "": { "name": "web" }, "console": { "version": "0.1.0" },
            "node_modules/react": { "version": "19.0.0", "license": "MIT" },
            "node_modules/vite": { "version": "7.0.0", "license": "MIT", "dev": true },
        } });
        let mut parts = crates(&metadata).expect("it is whole");
        parts.extend(packages(&lock, place.path()));
        let told = written(&parts).expect("each names its licence");
        assert!(
            told.contains("linked 1.0.0 (crate): MIT") && told.contains("react 19.0.0 (npm): MIT"),
            "{told}"
        );
        assert!(told.contains("Copyright linked") && told.contains("Copyright node_modules/react"), "{told}");
        assert!(
            !told.contains("tool 1.0.0") && !told.contains("vite") && !told.contains("muster 1"),
            "{told}"
        );
    }
}
