//! The repository's files as the checks see them, and what a check answers.

use std::fmt;
use std::path::Path;
use std::sync::OnceLock;

/// A text file: its path from the root, with `/`, and its text.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }

    /// Does the whole file serve tests only?
    pub(crate) fn is_test(&self) -> bool {
        let test_folder =
            ["/tests/", "/benches/", "/e2e/", "/shim/"].iter().any(|part| self.path.contains(part));
        let name = self.path.rsplit('/').next().unwrap_or_default();
        test_folder || name == "tests.rs" || name.contains(".test.") || name.contains(".spec.")
    }

    /// The Rust text that ships: by convention a file's tests stand at its end.
    pub(crate) fn shipped(&self) -> &str {
        self.text.split("#[cfg(test)]").next().unwrap_or_default()
    }

    /// The lines with their numbers from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    pub(crate) fn finding(&self, line: usize, what: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, what: what.into() }
    }
}

/// Something to put right: where, what, and what to do instead.
pub(crate) struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl Finding {
    /// In a file that may not be there.
    pub(crate) fn at(path: &str, line: usize, what: impl Into<String>) -> Finding {
        Finding { path: path.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/tests stands two levels down")
}

pub(crate) struct Tree(Vec<File>);

impl Tree {
    /// The files of the repository, without what is built, fetched or ours alone.
    pub(crate) fn repository() -> &'static Tree {
        static TREE: OnceLock<Tree> = OnceLock::new();
        TREE.get_or_init(|| {
            let mut files = Vec::new();
            read_folder(root(), root(), &mut files);
            assert!(files.len() > 20, "the repository was not found at {}", root().display());
            Tree(files)
        })
    }

    /// A few bad lines, to see a check fail.
    pub(crate) fn sample(files: &[(&str, &str)]) -> Tree {
        Tree(
            files
                .iter()
                .map(|(path, text)| File { path: (*path).to_owned(), text: (*text).to_owned() })
                .collect(),
        )
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &File> {
        self.0.iter()
    }

    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.0.iter().find(|file| file.path == path)
    }

    /// Files below a folder (`crates/domain/src/`) with that extension.
    pub(crate) fn under<'a>(&'a self, folder: &'a str, extension: &'a str) -> impl Iterator<Item = &'a File> {
        self.0.iter().filter(move |file| file.path.starts_with(folder) && file.has_extension(extension))
    }
}

fn read_folder(root: &Path, folder: &Path, files: &mut Vec<File>) {
    const SKIPPED: [&str; 6] = [".git", "target", "node_modules", "dist", "out", "proptest-regressions"];
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            if !SKIPPED.iter().any(|skipped| name == *skipped) {
                read_folder(root, &path, files);
            }
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            // Anything that is not UTF-8 text (a picture, a font) is no business of these checks.
            let path = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            files.push(File { path, text });
        }
    }
}

/// The verdict on the repository: every finding is printed, one a line.
#[track_caller]
pub(crate) fn assert_none(findings: &[Finding]) {
    let list: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "{} to put right:\n{}\n", list.len(), list.join("\n"));
}

/// The verdict on a bad sample: exactly one finding, at that place, with those words.
#[track_caller]
pub(crate) fn assert_caught(findings: &[Finding], place: &str, words: &str) {
    let list: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(
        list.len() == 1 && list[0].starts_with(place) && list[0].contains(words),
        "wanted `{place}: … {words} …`, got {list:#?}"
    );
}
