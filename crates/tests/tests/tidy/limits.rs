//! Everything has a limit, and every limit is told to the people who meet it: docs/operate/limits.md.
//!
//! The page's table is made from the code: `MUSTER_BLESS=1` writes it anew, and the diff is what a reviewer reads.

use crate::source::{File, Finding, Tree, assert_caught, assert_none, root};

const PAGE: &str = "docs/operate/limits.md";
const HEADING: &str = "| Limit | Value | Where | What it bounds, and why |\n|---|---|---|---|\n";

struct Limit<'a> {
    file: &'a File,
    line: usize,
    name: &'a str,
    /// The value as it is read; `None` where its form is not known.
    value: Option<String>,
    doc: String,
}

impl Limit<'_> {
    fn row(&self) -> String {
        let part = self.file.path.split('/').nth(1).unwrap_or_default();
        format!("| `{}` | {} | {part} | {} |", self.name, self.value.as_deref().unwrap_or("?"), self.doc)
    }
}

fn limits(tree: &Tree) -> Vec<Limit<'_>> {
    let sources =
        tree.under("crates/", "rs").filter(|file| file.path.ends_with("/limits.rs") && !file.is_test());
    sources.flat_map(declared).collect()
}

fn declared(file: &File) -> Vec<Limit<'_>> {
    let mut limits = Vec::new();
    let mut doc: Vec<&str> = Vec::new();
    for (line, text) in file.lines() {
        let text = text.trim();
        if let Some(comment) = text.strip_prefix("///") {
            doc.push(comment.trim());
            continue;
        }
        let declaration = text.strip_prefix("pub const ").or_else(|| text.strip_prefix("pub(crate) const "));
        if let Some((name, rest)) = declaration.and_then(|rest| rest.split_once(':')) {
            // A long list goes on over the next lines.
            let rest = rest.split_once('=').map_or("", |(_, value)| value);
            let more = file.lines().skip_while(|(number, _)| *number <= line).map(|(_, text)| text);
            let value: String = std::iter::once(rest).chain(more).collect();
            let value = value.split(';').next().unwrap_or_default().trim();
            limits.push(Limit { file, line, name, value: shown(value), doc: doc.join(" ") });
        }
        doc.clear();
    }
    limits
}

/// `48 * 3_600` is shown as 172,800, `20 << 20` as 20,971,520, `Duration::from_secs(5)` as 5 s (minutes and milliseconds likewise), a list with its items.
fn shown(expression: &str) -> Option<String> {
    let argument = |begins: &str| expression.strip_prefix(begins)?.strip_suffix(')');
    if let Some(minutes) = argument("Duration::from_mins(") {
        return Some(format!("{} min", grouped(whole(minutes)?)));
    }
    if let Some(seconds) = argument("Duration::from_secs(") {
        return Some(format!("{} s", grouped(whole(seconds)?)));
    }
    if let Some(ms) = argument("Duration::from_millis(") {
        return Some(format!("{} ms", grouped(whole(ms)?)));
    }
    if let Some(items) = expression.strip_prefix("&[").and_then(|rest| rest.strip_suffix(']')) {
        let items: Vec<&str> = items.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
        let quoted = |item: &&str| item.len() > 2 && item.starts_with('"') && item.ends_with('"');
        return items.iter().all(quoted).then(|| items.join(", ").replace('"', "`"));
    }
    let (left, shift) = expression.split_once("<<").unwrap_or((expression, "0"));
    let product = left.split('*').try_fold(1_u64, |product, factor| product.checked_mul(whole(factor)?))?;
    product.checked_mul(1_u64.checked_shl(u32::try_from(whole(shift)?).ok()?)?).map(grouped)
}

fn whole(text: &str) -> Option<u64> {
    text.trim().replace('_', "").parse().ok()
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn undocumented(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let limits = limits(tree);
    let page = tree.file(PAGE).map_or("", |file| file.text.as_str());
    for limit in &limits {
        if limit.doc.is_empty() {
            let what = format!("`{}` has no doc comment: say its unit and its source", limit.name);
            findings.push(limit.file.finding(limit.line, what));
        } else if limit.value.is_none() {
            let what =
                format!("`{}` has a value that the page cannot show: teach `shown` its form", limit.name);
            findings.push(limit.file.finding(limit.line, what));
        } else if !page.lines().any(|line| line == limit.row()) {
            let what = format!("{PAGE} does not say `{}`: run this test with MUSTER_BLESS=1", limit.row());
            findings.push(limit.file.finding(limit.line, what));
        }
    }
    for (number, row) in page.lines().enumerate().filter(|(_, line)| line.starts_with("| `")) {
        if !limits.iter().any(|limit| limit.row() == *row) {
            findings.push(Finding::at(
                PAGE,
                number + 1,
                "no limit says this: run this test with MUSTER_BLESS=1",
            ));
        }
    }
    findings
}

fn bless(tree: &Tree) {
    let page = &tree.file(PAGE).expect("the page has a text above its table").text;
    let (text, _) = page.split_once(HEADING).expect("the page has a table");
    let rows: String = limits(tree).iter().map(|limit| limit.row() + "\n").collect();
    std::fs::write(root().join(PAGE), format!("{text}{HEADING}{rows}")).expect("docs/ is writable");
}

#[test]
fn each_limit_is_documented() {
    if std::env::var_os("MUSTER_BLESS").is_some() {
        return bless(Tree::repository());
    }
    assert_none(&undocumented(Tree::repository()));
}

#[test]
fn a_limit_that_the_page_does_not_tell_or_tells_otherwise_is_caught() {
    let source = (
        "crates/domain/src/limits.rs",
        "/// Characters\n/// of a line.\npub const LINE_CHARS: usize = 2 * 1_000;\n",
    );
    let page = |rows| undocumented(&Tree::sample(&[source, (PAGE, rows)]));
    let row = "| `LINE_CHARS` | 2,000 | domain | Characters of a line. |\n";
    assert_none(&page(row));
    assert_caught(&page(""), "crates/domain/src/limits.rs:3", row.trim());
    let more = format!("{row}| `WORD_CHARS` | 9 | domain | Gone. |\n");
    assert_caught(&page(&more), "docs/operate/limits.md:2", "no limit says this");
}

#[test]
fn a_limit_without_its_unit_is_caught() {
    let tree = Tree::sample(&[("crates/a/src/limits.rs", "pub const A_S: u32 = 1;\n")]);
    assert_caught(&undocumented(&tree), "crates/a/src/limits.rs:1", "no doc comment");
}

#[test]
fn values_are_shown_as_people_read_them_and_an_unknown_form_is_caught() {
    for (expression, read) in [
        ("48 * 3_600", "172,800"),
        ("20 << 20", "20,971,520"),
        ("Duration::from_mins(15)", "15 min"),
        ("Duration::from_secs(5)", "5 s"),
        ("Duration::from_millis(1_500)", "1,500 ms"),
        ("&[    \"image/png\",    \"text/plain\",]", "`image/png`, `text/plain`"),
    ] {
        assert_eq!(shown(expression).as_deref(), Some(read), "{expression}");
    }
    let source = "/// Bytes.\npub const MOST: usize = usize::MAX / 2;\n";
    let tree = Tree::sample(&[("crates/a/src/limits.rs", source)]);
    assert_caught(&undocumented(&tree), "crates/a/src/limits.rs:2", "cannot show");
}
