//! The pages: packages and builds, each done again only when what it was made from has changed.
//!
//! The built pages are not committed; `server` embeds `web/console/dist` and `web/terminal/dist` in release builds.

use crate::sh::{npm, root, run, target_dir};
use anyhow::{Context as _, Result, bail};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// The pages that have a build, folders of `web/`.
const PAGES: [&str; 2] = ["console", "terminal"];

/// `npm ci`, unless the packages that are there were installed from this very lock file.
pub(crate) fn packages() -> Result<()> {
    let web = root().join("web");
    let lock = read(&web.join("package-lock.json"))?;
    let stamp = web.join("node_modules").join(".installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(&mut npm(&["ci", "--no-fund", "--no-audit"]))?;
    fs::write(&stamp, lock).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Builds the pages, unless their sources are those of the last build.
pub(crate) fn build() -> Result<()> {
    packages()?;
    let web = root().join("web");
    let sources = listing(&web)?;
    let stamp = target_dir().join("xtask").join("web.sources");
    let built = |page: &&str| web.join(page).join("dist/index.html").is_file();
    if PAGES.iter().all(built) && fs::read_to_string(&stamp).is_ok_and(|last| last == sources) {
        return Ok(());
    }
    run(&mut npm(&["run", "build"]))?;
    if let Some(missing) = PAGES.iter().find(|page| !built(page)) {
        bail!("the build of the pages left no web/{missing}/dist/index.html");
    }
    fs::create_dir_all(target_dir().join("xtask")).context("cannot create target/xtask")?;
    fs::write(&stamp, sources).with_context(|| format!("cannot write {}", stamp.display()))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// One line for each source file: path, length, time of change. An added, changed or removed file changes it.
fn listing(web: &Path) -> Result<String> {
    let mut files = Vec::new();
    collect(web, &mut files)?;
    files.sort();
    let mut lines = String::new();
    for file in files {
        let meta = fs::metadata(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let changed = meta.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        writeln!(lines, "{} {} {changed}", file.display(), meta.len()).expect("a String takes every write");
    }
    Ok(lines)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    const NOT_SOURCES: [&str; 4] = ["node_modules", "dist", "e2e", "out"];
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        if NOT_SOURCES.iter().any(|skipped| name == *skipped) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::listing;
    use std::fs;

    /// The pages are built again after any change of a source, and after nothing else.
    #[test]
    fn an_added_a_changed_and_a_removed_source_are_noticed_but_a_build_is_not() {
        let web = tempfile::tempdir().expect("a temporary folder");
        let write = |path: &str, text: &str| {
            let file = web.path().join(path);
            fs::create_dir_all(file.parent().expect("has a folder")).expect("the folder is writable");
            fs::write(file, text).expect("the file is writable");
        };
        let now = || listing(web.path()).expect("the folder is readable");
        write("console/src/main.tsx", "one");
        let first = now();
        write("console/dist/index.html", "built");
        write("node_modules/a/index.js", "fetched");
        assert_eq!(now(), first);
        write("console/src/order.tsx", "two");
        let added = now();
        assert_ne!(added, first);
        write("console/src/order.tsx", "two, longer");
        assert_ne!(now(), added);
        fs::remove_file(web.path().join("console/src/order.tsx")).expect("it is there");
        assert_eq!(now(), first);
    }
}
