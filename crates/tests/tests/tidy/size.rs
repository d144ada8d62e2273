//! A function fits a screen, a file can be read in one sitting.

use crate::source::{File, Finding, Tree, assert_caught, assert_none};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// Lines of a function, from its signature to its closing brace; tests excepted, since a story may be long.
const FUNCTION_LINES_MAX: usize = 70;
/// Lines of a source file.
const FILE_LINES_MAX: usize = 800;

const SOURCE_EXTENSIONS: [&str; 7] = ["rs", "ts", "tsx", "css", "js", "mjs", "py"];

fn long_files(tree: &Tree) -> Vec<Finding> {
    // A catalogue of texts is read by its key, not from top to bottom; what is generated is not read at all.
    let catalogue = |file: &File| file.path.starts_with("web/") && file.path.contains("/src/locales/");
    let generated = |file: &File| file.path == "web/console/src/api/schema.d.ts";
    let source = |file: &&File| {
        SOURCE_EXTENSIONS.iter().any(|extension| file.has_extension(extension))
            && !generated(file)
            && !catalogue(file)
    };
    let length = |file: &File| file.text.lines().count();
    tree.files()
        .filter(source)
        .filter(|file| length(file) > FILE_LINES_MAX)
        .map(|file| {
            file.finding(
                FILE_LINES_MAX,
                format!("{} lines, and {FILE_LINES_MAX} are the limit: split it by subject", length(file)),
            )
        })
        .collect()
}

fn long_functions(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.under("", "rs").filter(|file| !file.is_test()) {
        match syn::parse_file(&file.text) {
            Ok(parsed) => {
                let mut measure = Measure { file, findings: Vec::new() };
                measure.visit_file(&parsed);
                findings.append(&mut measure.findings);
            }
            Err(error) => {
                findings.push(file.finding(error.span().start().line, format!("does not parse: {error}")));
            }
        }
    }
    findings
}

struct Measure<'a> {
    file: &'a File,
    findings: Vec<Finding>,
}

impl Measure<'_> {
    fn function(&mut self, name: &syn::Ident, from: usize, to: usize) {
        let lines = to + 1 - from;
        if lines > FUNCTION_LINES_MAX {
            let what = format!(
                "`{name}` has {lines} lines, and {FUNCTION_LINES_MAX} are the limit: give its parts names"
            );
            self.findings.push(self.file.finding(from, what));
        }
    }
}

impl<'ast> Visit<'ast> for Measure<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !for_tests(&item.attrs) {
            self.function(&item.sig.ident, item.sig.span().start().line, item.block.span().end().line);
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig.ident, item.sig.span().start().line, item.block.span().end().line);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }
}

fn for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string().contains("test"),
        meta => meta.path().segments.last().is_some_and(|last| last.ident == "test"),
    })
}

#[test]
fn no_file_is_too_long() {
    assert_none(&long_files(Tree::repository()));
}

#[test]
fn no_function_is_too_long() {
    assert_none(&long_functions(Tree::repository()));
}

#[test]
fn a_file_of_801_lines_is_caught() {
    let text = "\n".repeat(FILE_LINES_MAX + 1);
    assert_caught(&long_files(&Tree::sample(&[("a.tsx", &text)])), "a.tsx:800", "801 lines");
    let text = "\n".repeat(FILE_LINES_MAX);
    assert_none(&long_files(&Tree::sample(&[("a.tsx", &text)])));
}

#[test]
fn a_function_of_71_lines_is_caught_but_not_a_test() {
    let long = |attribute: &str, body: usize| {
        format!("{attribute}\nfn long() {{\n{}}}\n", "    work();\n".repeat(body))
    };
    assert_caught(&long_functions(&Tree::sample(&[("a.rs", &long("", 69))])), "a.rs:2", "71 lines");
    assert_none(&long_functions(&Tree::sample(&[("a.rs", &long("", 68))])));
    assert_none(&long_functions(&Tree::sample(&[("a.rs", &long("#[test]", 69))])));
    let method = format!("impl A {{\n    fn long(&self) {{\n{}    }}\n}}\n", "work();\n".repeat(69));
    assert_caught(&long_functions(&Tree::sample(&[("a.rs", &method)])), "a.rs:2", "71 lines");
}
