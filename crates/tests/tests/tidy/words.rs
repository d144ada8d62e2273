//! One word, one meaning: names in code come from the glossary, not from its synonyms.

use crate::source::{Finding, Tree, assert_caught, assert_none};

/// A part of a name that is banned, and the glossary's word. Compared with the parts of a declared name, in lower case.
const SYNONYMS: [(&str, &str); 21] = [
    ("team", "Force (应急救援力量)"),
    ("squad", "Force or Unit"),
    ("crew", "Force or Unit"),
    ("accident", "Incident (警情)"),
    ("emergencies", "Incident"),
    ("ticket", "Incident"),
    ("alert", "Warning (预警), or an answer required (AnswerCall)"),
    ("mission", "Task or Order"),
    ("assignment", "Order (出动指令)"),
    ("proposition", "Proposal"),
    ("rejection", "a force declines, the system refuses (Refusal)"),
    ("rejected", "a force declines, the system refuses"),
    ("permission", "authority"),
    ("acl", "authority"),
    ("cmd", "act, or command (指挥) in full"),
    ("mgr", "what it does"),
    ("manager", "what it does"),
    ("util", "the thing it is about"),
    ("utils", "the thing it is about"),
    ("helper", "what it does"),
    ("helpers", "what it does"),
];

const RUST_DECLARES: [&str; 8] = ["struct", "enum", "fn", "trait", "type", "mod", "const", "static"];
const TS_DECLARES: [&str; 6] = ["interface", "type", "class", "function", "const", "enum"];

fn synonyms(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files().filter(|file| !file.path.starts_with("crates/tests/tests/tidy/")) {
        let declares: &[&str] = match file.path.rsplit('.').next() {
            Some("rs") => &RUST_DECLARES,
            Some("ts" | "tsx") if file.path != "web/console/src/api/schema.d.ts" => &TS_DECLARES,
            _ => continue,
        };
        for (number, line) in file.lines() {
            // The name is the trait's, not ours: axum's extractors name what they refuse with so.
            if line.trim_start().starts_with("type Rejection = ") {
                continue;
            }
            let Some(name) = declared(line, declares) else { continue };
            for part in parts(name) {
                if let Some((word, instead)) = SYNONYMS.iter().find(|(word, _)| *word == part) {
                    findings.push(
                        file.finding(number, format!("`{name}`: not `{word}`, the glossary says {instead}")),
                    );
                }
            }
        }
    }
    findings
}

/// The name that a line declares, if it declares one.
fn declared<'a>(line: &'a str, declares: &[&str]) -> Option<&'a str> {
    let mut words = line.split_whitespace().skip_while(|word| {
        matches!(
            *word,
            "pub"
                | "pub(crate)"
                | "pub(super)"
                | "async"
                | "export"
                | "default"
                | "unsafe"
                | "extern"
                | "\"C\""
        )
    });
    words.next().filter(|word| declares.contains(word))?;
    let name = words.next()?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    Some(&name[..end]).filter(|name| !name.is_empty())
}

/// `RescueTeam`, `rescue_team` and `RESCUE_TEAM` are each `rescue`, `team`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before = '_';
    for c in name.chars() {
        if c == '_' || (c.is_uppercase() && before.is_lowercase()) {
            parts.push(String::new());
        }
        if c != '_' {
            parts.last_mut().expect("starts with one").extend(c.to_lowercase());
        }
        before = c;
    }
    parts
}

#[test]
fn names_come_from_the_glossary() {
    assert_none(&synonyms(Tree::repository()));
}

#[test]
fn each_synonym_is_caught() {
    for (word, instead) in SYNONYMS {
        let line = format!("\npub struct Rescue_{word} {{\n");
        assert_caught(&synonyms(&Tree::sample(&[("a.rs", &line)])), "a.rs:2", instead);
    }
    assert_caught(
        &synonyms(&Tree::sample(&[("a.tsx", "export function TeamRow() {}\n")])),
        "a.tsx:1",
        "Force",
    );
    assert_caught(
        &synonyms(&Tree::sample(&[("a.rs", "pub(crate) const TEAM_MAX: u8 = 1;\n")])),
        "a.rs:1",
        "Force",
    );
    assert_none(&synonyms(&Tree::sample(&[("a.rs", "fn steam_engine() {}\nlet a = \"team\";\n")])));
}
