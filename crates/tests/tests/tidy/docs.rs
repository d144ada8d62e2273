//! Documents that stay true: links lead somewhere, decisions answer the same five questions.

use crate::source::{File, Finding, Tree, assert_caught, assert_none, root};

const DECISIONS: &str = "docs/decisions/";
const QUESTIONS: [&str; 5] =
    ["## Question", "## What speaks for each way", "## Decision", "## What follows", "## When to look again"];

fn broken_links(tree: &Tree, exists: impl Fn(&str) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.under("", "md") {
        for (number, line) in file.lines() {
            for target in links(line) {
                let path = target.split('#').next().unwrap_or_default();
                if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                    continue;
                }
                if !exists(&beside(file, path)) {
                    findings.push(file.finding(number, format!("the link to `{path}` leads nowhere")));
                }
            }
        }
    }
    findings
}

/// The targets of `[text](target)`.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

/// The path that a link in this file means, from the root.
fn beside(file: &File, link: &str) -> String {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn decisions(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut files: Vec<&File> = tree.under(DECISIONS, "md").collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    for (index, file) in files.iter().enumerate() {
        let number = format!("{:04}-", index + 1);
        if !file.path[DECISIONS.len()..].starts_with(&number) {
            findings.push(file.finding(1, format!("the next decision is number {number}…")));
        }
        for question in QUESTIONS.iter().filter(|question| !file.text.lines().any(|line| line == **question))
        {
            findings.push(file.finding(1, format!("`{question}` is missing")));
        }
    }
    findings
}

#[test]
fn links_lead_somewhere() {
    assert_none(&broken_links(Tree::repository(), |path| root().join(path).exists()));
}

#[test]
fn a_link_to_nowhere_is_caught() {
    let tree = Tree::sample(&[("docs/a.md", "see [b](../b.md) and [c](https://c.example)\n")]);
    assert_caught(&broken_links(&tree, |path| path != "b.md"), "docs/a.md:1", "../b.md");
    assert_none(&broken_links(&tree, |path| path == "b.md"));
}

#[test]
fn decisions_answer_the_same_questions() {
    assert_none(&decisions(Tree::repository()));
}

#[test]
fn a_decision_without_its_cost_and_one_out_of_order_are_caught() {
    let full = QUESTIONS.join("\n\n");
    let partial = full.replace("## What follows", "");
    assert_caught(
        &decisions(&Tree::sample(&[("docs/decisions/0001-a.md", &partial)])),
        "docs/decisions/0001-a.md:1",
        "What follows",
    );
    assert_caught(
        &decisions(&Tree::sample(&[("docs/decisions/0002-a.md", &full)])),
        "docs/decisions/0002-a.md:1",
        "0001-",
    );
}
