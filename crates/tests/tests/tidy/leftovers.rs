//! Nothing unfinished, silenced or private to one machine.

use crate::source::{Finding, Tree, assert_caught, assert_none};

const CODE: [&str; 5] = ["rs", "ts", "tsx", "js", "mjs"];

/// What must not stand in code, and what to do instead.
const UNFINISHED: [(&str, &str); 16] = [
    ("todo!", "finish it, or leave it out"),
    ("unimplemented!", "finish it, or leave it out"),
    ("dbg!", "use tracing"),
    ("FIXME", "fix it, or open an issue and cite it"),
    ("XXX", "fix it, or open an issue and cite it"),
    ("HACK", "say why it holds"),
    ("#[ignore", "a test runs or goes"),
    ("it.skip", "a test runs or goes"),
    ("test.skip", "a test runs or goes"),
    ("describe.skip", "a test runs or goes"),
    ("it.only", "it hides the other tests"),
    ("test.only", "it hides the other tests"),
    ("@ts-ignore", "use @ts-expect-error with its reason, or a type"),
    (
        "eslint-disable",
        "change the rule for all, or disable it on one line: `eslint-disable-line rule -- reason`",
    ),
    ("console.log", "show it to the user, or drop it"),
    ("debugger;", "drop it"),
];

/// Folders that exist on somebody's machine only.
const PRIVATE_FOLDERS: [&str; 4] = ["/home/", "/root/", "/work/", "/Users/"];

fn leftovers(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files().filter(|file| !file.path.starts_with("crates/tests/tests/tidy/")) {
        let code = CODE.iter().any(|extension| file.has_extension(extension));
        for (number, line) in file.lines() {
            for (word, instead) in UNFINISHED.iter().filter(|(word, _)| code && stands_in(line, word)) {
                if *word == "console.log" && file.has_extension("mjs") {
                    continue; // a script at the command line prints what it found
                }
                if *word == "eslint-disable" && line.contains("eslint-disable-line") && line.contains(" -- ")
                {
                    continue; // one line, with its reason
                }
                findings.push(file.finding(number, format!("`{word}` is banned: {instead}")));
            }
            if code && stands_in(line, "TODO") && !line.contains("TODO(#") {
                findings.push(file.finding(number, "a TODO cites its issue: `TODO(#12): …`"));
            }
            for folder in PRIVATE_FOLDERS.iter().filter(|folder| private_path(line, folder)) {
                findings.push(file.finding(number, format!("a path below `{folder}` exists on one machine only: use one from the root or a variable")));
            }
        }
    }
    findings
}

/// Does the word stand there by itself, not as the tail of a longer one?
fn stands_in(line: &str, word: &str) -> bool {
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
}

/// A path begins where a word begins: `web/work/` and `https://host/work/` are none.
fn private_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + folder.len()..].chars().next();
        before.is_none_or(|c| matches!(c, ' ' | '"' | '\'' | '`' | '=' | '(' | ':' | '\t'))
            && after.is_some_and(char::is_alphanumeric)
    })
}

#[test]
fn nothing_is_left_unfinished_or_private() {
    assert_none(&leftovers(Tree::repository()));
}

#[test]
fn each_leftover_is_caught() {
    for (word, instead) in UNFINISHED {
        let line = format!("\n    {word}\n");
        assert_caught(&leftovers(&Tree::sample(&[("a.ts", &line)])), "a.ts:2", instead);
    }
    assert_caught(&leftovers(&Tree::sample(&[("a.rs", "// TODO later\n")])), "a.rs:1", "cites its issue");
    assert_none(&leftovers(&Tree::sample(&[("a.rs", "// TODO(#12): later\n")])));
    assert_caught(&leftovers(&Tree::sample(&[("a.md", "see /home/anna/notes\n")])), "a.md:1", "one machine");
    assert_none(&leftovers(&Tree::sample(&[("a.md", "see https://host/home/anna and web/home/a\n")])));
}
