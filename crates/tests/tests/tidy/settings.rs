//! Each setting has a reader, and stands in docs/operate/settings.md as the code has it.
//!
//! The page's table is made from the code: `MUSTER_BLESS=1` writes it anew, and the diff is what a reviewer reads.

use crate::source::{File, Finding, Tree, assert_caught, assert_none, root};
use syn::{Field, Fields, Item, ItemStruct};

const SOURCE: &str = "crates/server/src/config.rs";
const PAGE: &str = "docs/operate/settings.md";
const HEADING: &str = "| In the file | Command line | Environment | What it is |\n|---|---|---|---|\n";
const END: &str = "\n\n";

/// The fields of a struct of the settings' file.
fn fields(file: &File, name: &str) -> Vec<Field> {
    let Ok(parsed) = syn::parse_file(&file.text) else { return Vec::new() };
    let of_name = |item: Item| match item {
        Item::Struct(ItemStruct { ident, fields: Fields::Named(named), .. }) if ident == name => {
            Some(named.named)
        }
        _ => None,
    };
    parsed.items.into_iter().find_map(of_name).map(|named| named.into_iter().collect()).unwrap_or_default()
}

fn name_of(field: &Field) -> String {
    field.ident.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn doc_of(field: &Field) -> String {
    let mut lines = Vec::new();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        if let syn::Meta::NameValue(doc) = &attribute.meta
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &doc.value
        {
            lines.push(text.value().trim().to_owned());
        }
    }
    lines.join(" ")
}

/// What `#[arg(…)]` says: the long name, where it has one, and the variable.
fn arguments(field: &Field) -> (bool, Option<String>) {
    let (mut long, mut env) = (false, None);
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("arg")) {
        let read = attribute.parse_nested_meta(|meta| {
            long |= meta.path.is_ident("long");
            if meta.input.peek(syn::Token![=]) {
                let value: syn::Expr = meta.value()?.parse()?;
                if let (true, syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) =
                    (meta.path.is_ident("env"), value)
                {
                    env = Some(text.value());
                }
            }
            Ok(())
        });
        read.expect("the code compiles");
    }
    (long, env)
}

fn row(field: &Field) -> String {
    let name = name_of(field).replace('_', "-");
    let (long, env) = arguments(field);
    let given = if long { format!("`--{name}`") } else { String::new() };
    let variable = env.map(|env| format!("`{env}`")).unwrap_or_default();
    format!("| `{name}` | {given} | {variable} | {} |", doc_of(field).replace('|', "\\|"))
}

fn rows(tree: &Tree) -> Vec<String> {
    tree.file(SOURCE).map(|file| fields(file, "Settings").iter().map(row).collect()).unwrap_or_default()
}

fn untold(tree: &Tree) -> Vec<Finding> {
    let page = tree.file(PAGE).map_or("", |file| file.text.as_str());
    let rows = rows(tree);
    let mut findings = Vec::new();
    for row in rows.iter().filter(|row| !page.lines().any(|line| line == **row)) {
        findings.push(Finding::at(
            SOURCE,
            1,
            format!("{PAGE} does not say `{row}`: run this test with MUSTER_BLESS=1"),
        ));
    }
    for (number, line) in page.lines().enumerate().filter(|(_, line)| line.starts_with("| `")) {
        if !rows.iter().any(|row| row == line) {
            findings.push(Finding::at(
                PAGE,
                number + 1,
                "no setting is so: run this test with MUSTER_BLESS=1",
            ));
        }
    }
    findings
}

/// A setting that nobody reads promises what is not kept.
fn unread(tree: &Tree) -> Vec<Finding> {
    let Some(file) = tree.file(SOURCE) else { return Vec::new() };
    let shipped: Vec<&File> =
        tree.under("crates/", "rs").filter(|other| other.path != SOURCE && !other.is_test()).collect();
    let mut findings = Vec::new();
    for name in fields(file, "Config").iter().map(name_of) {
        let reads = [format!("config.{name}"), format!("node.{name}")];
        let is_read = |file: &&File| {
            file.shipped().lines().any(|line| {
                reads.iter().any(|read| {
                    line.match_indices(read.as_str()).any(|(at, _)| {
                        !line[at + read.len()..]
                            .starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '(')
                    })
                })
            })
        };
        let readers = shipped.iter().filter(|other| is_read(other)).count();
        if readers == 0 {
            findings
                .push(file.finding(1, format!("nobody reads the setting `{name}`: read it, or take it out")));
        }
    }
    findings
}

fn bless(tree: &Tree) {
    let page = &tree.file(PAGE).expect("the page has a text around its table").text;
    let (before, rest) = page.split_once(HEADING).expect("the page has a table");
    let after = rest.split_once(END).map_or("", |(_, after)| after);
    let rows: String = rows(tree).into_iter().flat_map(|row| [row, "\n".to_owned()]).collect();
    std::fs::write(root().join(PAGE), format!("{before}{HEADING}{rows}\n{after}"))
        .expect("docs/ is writable");
}

#[test]
fn each_setting_stands_in_its_page() {
    if std::env::var_os("MUSTER_BLESS").is_some() {
        return bless(Tree::repository());
    }
    assert_none(&untold(Tree::repository()));
    assert!(rows(Tree::repository()).len() > 8, "the settings are found");
}

#[test]
fn each_setting_has_a_reader() {
    assert_none(&unread(Tree::repository()));
}

const SAMPLE: &str = "pub struct Settings {\n    /// Where to listen\n    #[arg(long, env = \"MUSTER_LISTEN\")]\n    pub listen: Option<u16>,\n    \
    /// Minutes; only in the file\n    #[arg(skip)]\n    pub idle_min: Option<u32>,\n}\npub struct Config {\n    /// Where.\n    pub listen: u16,\n    /// Minutes.\n    pub idle_min: u32,\n}\n";

#[test]
fn a_setting_that_the_page_does_not_tell_is_caught() {
    let rows = "| `listen` | `--listen` | `MUSTER_LISTEN` | Where to listen |\n| `idle-min` |  |  | Minutes; only in the file |\n";
    let page = |text: &str| untold(&Tree::sample(&[(SOURCE, SAMPLE), (PAGE, text)]));
    assert_none(&page(rows));
    let first = rows.lines().next().unwrap_or_default();
    assert_caught(&page(first), "crates/server/src/config.rs:1", "`idle-min`");
    assert_caught(
        &page(&format!("{rows}| `gone` |  |  | Gone |\n")),
        "docs/operate/settings.md:3",
        "no setting is so",
    );
}

#[test]
fn a_setting_that_nobody_reads_is_caught() {
    let reader = (
        "crates/server/src/serve.rs",
        "fn a(config: &Config) {\n    bind(config.listen, config.idle_minutes);\n}\n",
    );
    let findings = unread(&Tree::sample(&[(SOURCE, SAMPLE), reader]));
    assert_caught(&findings, "crates/server/src/config.rs:1", "`idle_min`");
    assert!(!findings.iter().any(|finding| finding.to_string().contains("`listen`")));
}
