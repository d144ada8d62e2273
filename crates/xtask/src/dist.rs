//! One archive that an operator can install from.

use crate::sh::{cargo, output, program, root, run, skipped, target_dir};
use crate::{deb, third_party, web};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::Path;

/// Files and folders that go with the binary; the README's links lead to nothing else.
pub(crate) const WITH_IT: [&str; 8] = [
    "LICENSE",
    "README.md",
    "README.zh-CN.md",
    "CHANGELOG.md",
    "docs",
    "licences",
    "packaging",
    "data/SOURCES.md",
];
/// Bytes of the binary: what a county's line brings in a minute.
const BINARY_BYTES_MAX: u64 = 40 * 1024 * 1024;

pub(crate) fn dist() -> Result<()> {
    web::build()?;
    run(&mut cargo(&["build", "--release", "--locked", "--package", "muster"]))?;
    let name =
        format!("muster-{}-{}-{}", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH, std::env::consts::OS);
    let dist = target_dir().join("dist");
    let folder = dist.join(&name);
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let binary = target_dir().join("release").join("muster");
    small_enough(&binary, BINARY_BYTES_MAX)?;
    copy(&binary, &folder.join("muster"))?;
    for path in WITH_IT {
        copy(&root().join(path), &folder.join(path))?;
    }
    let third_party = third_party::notices()?;
    let notices = folder.join("THIRD-PARTY.txt");
    fs::write(&notices, &third_party).with_context(|| format!("cannot write {}", notices.display()))?;
    let archive = format!("{name}.tar.gz");
    run(program("tar", &["--create", "--gzip", "--file", &archive, &name]).current_dir(&dist))?;
    let sum = output(program("sha256sum", &[&archive]).current_dir(&dist))?;
    let sum_file = dist.join(format!("{archive}.sha256"));
    fs::write(&sum_file, &sum).with_context(|| format!("cannot write {}", sum_file.display()))?;
    eprintln!("{} {sum}", dist.display());
    if program("dpkg-deb", &["--version"]).output().is_ok() {
        eprintln!("{}", deb::build(&binary, &third_party, &dist)?.display());
    } else {
        skipped("the Debian package", "dpkg-deb is not installed");
    }
    Ok(())
}

fn small_enough(file: &Path, most: u64) -> Result<()> {
    let bytes = fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?.len();
    if bytes > most {
        bail!("{} has {bytes} bytes, more than {most}", file.display());
    }
    eprintln!("{} has {bytes} bytes of at most {most}", file.display());
    Ok(())
}

/// A file, or a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    let copied = || -> std::io::Result<()> {
        if !from.is_dir() {
            fs::create_dir_all(to.parent().unwrap_or(to))?;
            return fs::copy(from, to).map(drop);
        }
        fs::create_dir_all(to)
    };
    copied().with_context(|| format!("cannot copy {}", from.display()))?;
    if from.is_dir() {
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{WITH_IT, copy, small_enough};
    use crate::sh::root;
    use std::fs;

    /// Who unpacks the archive can follow every link of its README.
    #[test]
    fn the_readme_leads_to_what_is_packed_with_it() {
        let packed = tempfile::tempdir().expect("a temporary folder");
        for path in WITH_IT {
            copy(&root().join(path), &packed.path().join(path)).expect("it is there");
        }
        for readme in ["README.md", "README.zh-CN.md"] {
            let text = fs::read_to_string(packed.path().join(readme)).expect("it is packed");
            let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
            let links: Vec<&str> = targets.filter(|link| !link.contains("://")).collect();
            assert!(links.len() > 5, "{readme} has links: {links:?}");
            for link in links {
                assert!(packed.path().join(link).exists(), "{readme}: {link}");
            }
        }
        for licence in ["LGPL-3.0.txt", "GPL-3.0.txt"] {
            assert!(packed.path().join("licences").join(licence).is_file(), "GSHHG asks for {licence}");
        }
    }

    #[test]
    fn a_binary_that_grew_too_large_is_not_packed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let binary = folder.path().join("muster");
        fs::write(&binary, [0; 11]).expect("the folder is writable");
        small_enough(&binary, 11).expect("it fits");
        let told = small_enough(&binary, 10).expect_err("one byte too many").to_string();
        assert!(told.contains("11 bytes"), "{told}");
    }
}
