//! What comes in with a dependency: licences, banned crates, sources, known weaknesses.
//!
//! Licences, bans and sources are judged from what lies here, and always. Advisories need a list from outside: where it
//! cannot be had, that is said in a line of its own, `SKIPPED …`, and is neither a finding nor a silence.

use crate::sh::{in_ci, npm, program, run, shown, skipped};
use crate::tools::tool;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;

pub(crate) fn check() -> Result<()> {
    let deny = match tool("cargo-deny") {
        Ok(deny) => deny,
        Err(error) if in_ci() => return Err(error).context("cargo-deny cannot be installed"),
        Err(error) => {
            skipped(
                "licences, bans, sources, advisories",
                &format!("cargo-deny cannot be installed: {error:#}"),
            );
            return packages();
        }
    };
    let deny = deny.to_string_lossy();
    // Duplicates are warnings: `cargo xtask supply` prints them, a finding stops.
    run(&mut program(
        &deny,
        &["--locked", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"],
    ))?;
    let fetched = program(&deny, &["fetch", "db"]).output().context("cannot start cargo-deny")?;
    if fetched.status.success() {
        run(&mut program(&deny, &["check", "--disable-fetch", "--hide-inclusion-graph", "advisories"]))?;
    } else {
        let why = String::from_utf8_lossy(&fetched.stderr);
        skipped(
            "advisories of crates",
            why.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("the list cannot be fetched"),
        );
    }
    packages()
}

/// What ships of the pages has no known weakness of grade high or above.
fn packages() -> Result<()> {
    let mut audit = npm(&["audit", "--omit=dev", "--audit-level=high", "--json"]);
    eprintln!("$ {}", shown(&audit));
    let done = audit.output().context("cannot start npm")?;
    match verdict(&String::from_utf8_lossy(&done.stdout)) {
        Audit::Clean => Ok(()),
        Audit::Found(what) => {
            bail!("packages of the pages have known weaknesses: {what}; `npm --prefix web audit` tells which")
        }
        Audit::NotAsked(why) => {
            skipped("advisories of packages", &why);
            Ok(())
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Audit {
    Clean,
    /// How many of which grade.
    Found(String),
    /// The registry gave no answer: nobody knows.
    NotAsked(String),
}

/// npm ends with 1 for a finding and for a registry that does not answer: the report tells the two apart.
fn verdict(report: &str) -> Audit {
    let report: Value = match serde_json::from_str(report) {
        Ok(report) => report,
        Err(error) => return Audit::NotAsked(format!("npm's report is no JSON: {error}")),
    };
    let Some(counts) = report["metadata"]["vulnerabilities"].as_object() else {
        let why = [&report["message"], &report["error"]["summary"]];
        let why = why.into_iter().filter_map(Value::as_str).find(|why| !why.is_empty());
        return Audit::NotAsked(why.unwrap_or("the registry answers no audit").to_owned());
    };
    let grave = ["high", "critical"].into_iter().filter_map(|grade| {
        let count = counts.get(grade)?.as_u64().filter(|count| *count > 0)?;
        Some(format!("{count} {grade}"))
    });
    let grave: Vec<String> = grave.collect();
    if grave.is_empty() { Audit::Clean } else { Audit::Found(grave.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::{Audit, verdict};
    use crate::sh::root;

    /// A registry that does not answer is no clean bill, and no finding either.
    #[test]
    fn a_finding_a_clean_report_and_no_report_are_three_things() {
        let of = |counts: &str| verdict(&format!(r#"{{"metadata":{{"vulnerabilities":{counts}}}}}"#));
        assert_eq!(of(r#"{"low":3,"moderate":2,"high":0,"critical":0}"#), Audit::Clean);
        assert_eq!(of(r#"{"low":3,"high":2,"critical":1}"#), Audit::Found("2 high, 1 critical".to_owned()));
        let refused =
            verdict(r#"{"message":"405 Method Not Allowed","statusCode":405,"error":{"summary":""}}"#);
        assert_eq!(refused, Audit::NotAsked("405 Method Not Allowed".to_owned()));
        for nothing in ["", "npm error", "{}", r#"{"error":{"summary":"getaddrinfo ENOTFOUND"}}"#] {
            assert!(matches!(verdict(nothing), Audit::NotAsked(why) if !why.is_empty()), "{nothing}");
        }
    }

    /// What the table of decisions promises stands where cargo-deny reads it.
    #[test]
    fn a_second_tls_and_a_second_sqlite_are_banned() {
        let policy = std::fs::read_to_string(root().join("deny.toml")).expect("it is committed");
        for banned in ["openssl", "openssl-sys", "native-tls", "aws-lc-rs", "aws-lc-sys", "sqlx"] {
            assert!(policy.contains(&format!("crate = \"{banned}\"")), "{banned}");
        }
        let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("it is committed");
        for banned in ["openssl-sys", "native-tls", "aws-lc-sys"] {
            assert!(!lock.contains(&format!("name = \"{banned}\"")), "{banned} came in with a dependency");
        }
    }
}
