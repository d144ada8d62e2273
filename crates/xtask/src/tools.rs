//! Tools from the Python package index, each in an environment of its own below `target/tools`, at the versions that `scripts/tools` names.

use crate::sh::{program, root, run, target_dir};
use anyhow::{Context as _, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// The path of a tool's program; installed first, unless it is there from this very list of versions.
pub(crate) fn tool(name: &str) -> Result<PathBuf> {
    let list = root().join("scripts/tools").join(format!("{name}.txt"));
    let place = target_dir().join("tools").join(name);
    installed(&list, &place, |list, place| {
        run(program("python3", &["-m", "venv", "--clear"]).arg(place))?;
        let pip = place.join("bin/pip");
        let quietly =
            ["install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:", "--requirement"];
        run(program(&pip.to_string_lossy(), &quietly).arg(list))
    })?;
    Ok(place.join("bin").join(name))
}

/// Installs unless the list is the one that was installed from last; a broken installation is done again.
fn installed(list: &Path, place: &Path, install: impl FnOnce(&Path, &Path) -> Result<()>) -> Result<()> {
    let wanted = fs::read(list).with_context(|| format!("cannot read {}", list.display()))?;
    let stamp = place.join(".installed-from");
    if fs::read(&stamp).is_ok_and(|last| last == wanted) {
        return Ok(());
    }
    install(list, place)?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

#[cfg(test)]
mod tests {
    use super::installed;
    use std::fs;

    /// A tool is installed once for a list of versions, and again when the list changes or an installation broke off.
    #[test]
    fn a_tool_is_installed_once_for_each_list_of_versions() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (list, place) = (folder.path().join("a.txt"), folder.path().join("a"));
        fs::write(&list, "a==1").expect("the folder is writable");
        let times = std::cell::Cell::new(0);
        let install = |fails: bool| {
            installed(&list, &place, |_, place| {
                times.set(times.get() + 1);
                fs::create_dir_all(place).expect("the folder is writable");
                anyhow::ensure!(!fails, "no network");
                Ok(())
            })
        };
        install(true).expect_err("it broke off");
        install(false).expect("it is there");
        install(true).expect("nothing is done again");
        assert_eq!(times.get(), 2);
        fs::write(&list, "a==2").expect("the folder is writable");
        install(false).expect("it is there");
        assert_eq!(times.get(), 3);
    }
}
