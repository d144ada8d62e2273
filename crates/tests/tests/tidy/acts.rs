//! Each act has everything a user needs of it: its file with its clause, its row of authority, its route, its texts
//! in both languages, and a test. The list is `acts!` in crates/domain/src/act.rs.

use muster_tests::BY_THE_NODE;

use crate::source::{File, Finding, Tree, assert_caught, assert_none};

const LIST: &str = "crates/domain/src/act.rs";
const AUTHORITY: &str = "crates/domain/src/authority.rs";
const MATRIX: &str = "crates/domain/tests/authority.txt";
const ROUTES: &str = "crates/server/src/";
const LOCALES: [&str; 2] = ["web/console/src/locales/zh-CN", "web/console/src/locales/en"];
const PART: &str = "crates/domain/src/";
const TESTS: [&str; 3] = ["crates/domain/", "crates/server/tests/", "crates/tests/"];

/// A line of the list: `"approve_plan" => dispatch::approve_plan::ApprovePlan,`.
struct Act<'a> {
    line: usize,
    kind: &'a str,
    part: &'a str,
    file: &'a str,
    name: &'a str,
}

fn acts(list: &File) -> Vec<Act<'_>> {
    list.lines().filter_map(|(line, text)| listed(line, text)).collect()
}

fn listed(line: usize, text: &str) -> Option<Act<'_>> {
    let (kind, path) = text.trim().strip_prefix('"')?.split_once("\" => ")?;
    let mut path = path.trim_end_matches(',').split("::");
    let (part, file, name) = (path.next()?, path.next()?, path.next()?);
    Some(Act { line, kind, part, file, name })
}

fn incomplete(tree: &Tree) -> Vec<Finding> {
    let Some(list) = tree.file(LIST) else {
        return vec![Finding::at(LIST, 1, "the list of acts is missing")];
    };
    let acts = acts(list);
    let mut findings = Vec::new();
    if acts.is_empty() {
        findings.push(list.finding(1, "no act was found in `acts!`: the check no longer reads its form"));
    }
    for act in &acts {
        findings.extend(
            lacks(tree, act).into_iter().map(|lack| list.finding(act.line, format!("`{}` {lack}", act.kind))),
        );
    }
    findings
}

fn lacks(tree: &Tree, act: &Act<'_>) -> Vec<String> {
    let Act { kind, part, file, name, .. } = act;
    let mut lacks = Vec::new();
    if kind != file {
        lacks.push(format!("stands in {file}.rs: an act's file bears its name"));
    }
    let path = format!("{PART}{part}/{file}.rs");
    match tree.file(&path) {
        None => lacks.push(format!("has no file {path}")),
        Some(source) if !cites_a_clause(source.shipped()) => {
            lacks.push(format!("cites no clause in a comment of {path} (`Plan 4.1.4`)"));
        }
        Some(_) => {}
    }
    let holds = |path: &str, word: &str| tree.file(path).is_some_and(|file| has_word(&file.text, word));
    if !holds(AUTHORITY, name) || !holds(MATRIX, kind) {
        lacks.push(format!("has no row of authority ({AUTHORITY} and {MATRIX})"));
    }
    if !BY_THE_NODE.contains(kind) {
        if !tree.under(ROUTES, "rs").any(|file| has_word(file.shipped(), name)) {
            lacks.push(format!("has no route: `{name}` stands nowhere in {ROUTES}"));
        }
        for locale in LOCALES {
            let texts = tree.files().filter(|file| file.path.starts_with(locale));
            if !texts.into_iter().any(|file| file.text.contains(&format!("act.{kind}"))) {
                lacks.push(format!("has no text `act.{kind}` in {locale}"));
            }
        }
    }
    if !tree.files().any(|file| tested(file, name, kind)) {
        lacks.push("has no test".to_owned());
    }
    lacks
}

fn cites_a_clause(text: &str) -> bool {
    let comments = text.lines().filter_map(|line| line.split_once("//")).map(|(_, comment)| comment);
    comments
        .flat_map(|comment| comment.split("Plan ").skip(1))
        .any(|after| after.starts_with(|c: char| c.is_ascii_digit()))
}

/// Does a test there ask this act, by its type or by its kind?
fn tested(file: &File, name: &str, kind: &str) -> bool {
    if !file.has_extension("rs")
        || !TESTS.iter().any(|folder| file.path.starts_with(folder))
        || file.path.contains("/tidy/")
    {
        return false;
    }
    let tests = if file.is_test() { &file.text[..] } else { &file.text[file.shipped().len()..] };
    has_word(tests, name) || has_word(tests, kind)
}

fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(part) && !text[at + word.len()..].starts_with(part))
}

#[test]
fn each_act_is_complete() {
    assert_none(&incomplete(Tree::repository()));
}

#[test]
fn each_lack_of_an_act_is_caught() {
    let complete = [
        (LIST, "acts! {\n    \"approve_plan\" => dispatch::approve_plan::ApprovePlan,\n}\n"),
        (
            "crates/domain/src/dispatch/approve_plan.rs",
            "//! Approving, Plan 4.1.4.\n#[cfg(test)]\nmod tests { use ApprovePlan; }\n",
        ),
        (AUTHORITY, "A::ApprovePlan => row(\"4.1.4\"),\n"),
        (MATRIX, "approve_plan 4.1.4 A\n"),
        ("crates/server/src/http/dispatch.rs", "post::<ApprovePlan>(\"/plans/{id}/approve\")\n"),
        ("web/console/src/locales/zh-CN.ts", "'act.approve_plan': '同意',\n"),
        ("web/console/src/locales/en.ts", "'act.approve_plan': 'Approve',\n"),
    ];
    assert_none(&incomplete(&Tree::sample(&complete)));
    let without = |path: &str, words: &str| {
        let rest: Vec<_> = complete
            .into_iter()
            .map(|(p, text)| (p, if p == path { "//! Plan 4.1.4\n" } else { text }))
            .collect();
        assert_caught(&incomplete(&Tree::sample(&rest)), "crates/domain/src/act.rs:2", words);
    };
    without("crates/domain/src/dispatch/approve_plan.rs", "has no test");
    without(AUTHORITY, "no row of authority");
    without(MATRIX, "no row of authority");
    without("crates/server/src/http/dispatch.rs", "no route");
    without("web/console/src/locales/zh-CN.ts", "zh-CN");
    without("web/console/src/locales/en.ts", "locales/en");
    let no_clause: Vec<_> = complete
        .into_iter()
        .map(|(p, text)| (p, if p.contains("approve_plan.rs") { &text[27..] } else { text }))
        .collect();
    assert_caught(&incomplete(&Tree::sample(&no_clause)), "crates/domain/src/act.rs:2", "cites no clause");
    assert_caught(
        &incomplete(&Tree::sample(&[(LIST, "acts! {}\n")])),
        "crates/domain/src/act.rs:1",
        "no longer reads",
    );
}
