//! The Debian package: the binary, a hardened unit, settings that are safe to begin with.

use crate::dist::{WITH_IT, copy};
use crate::sh::{root, run};
use anyhow::{Context as _, Result};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where each file of `packaging/` goes, and its mode.
const FILES: [(&str, &str, u32); 6] = [
    ("muster.service", "usr/lib/systemd/system/muster.service", 0o644),
    ("muster.toml", "etc/muster/muster.toml", 0o644),
    ("debian/conffiles", "DEBIAN/conffiles", 0o644),
    ("debian/postinst", "DEBIAN/postinst", 0o755),
    ("debian/prerm", "DEBIAN/prerm", 0o755),
    ("debian/postrm", "DEBIAN/postrm", 0o755),
];

/// Builds `muster_VERSION_ARCHITECTURE.deb` of this binary into a folder.
pub(crate) fn build(binary: &Path, notices: &str, into: &Path) -> Result<PathBuf> {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let version = env!("CARGO_PKG_VERSION");
    let name = format!("muster_{version}_{architecture}");
    let tree = into.join(&name);
    if tree.exists() {
        fs::remove_dir_all(&tree).with_context(|| format!("cannot clear {}", tree.display()))?;
    }
    copy(binary, &tree.join("usr/bin/muster"))?;
    let docs = tree.join("usr/share/doc/muster");
    for path in WITH_IT {
        copy(&root().join(path), &docs.join(path))?;
    }
    write(&docs.join("copyright"), &fs::read_to_string(root().join("LICENSE"))?, 0o644)?;
    write(&docs.join("THIRD-PARTY.txt"), notices, 0o644)?;
    let packaging = root().join("packaging");
    for (from, to, mode) in FILES {
        write(&tree.join(to), &read(&packaging.join(from))?, mode)?;
    }
    let size_kb = bytes_of(&tree)?.div_ceil(1024).to_string();
    let control = read(&packaging.join("debian/control"))?
        .replace("{version}", version)
        .replace("{architecture}", architecture)
        .replace("{size_kb}", &size_kb);
    write(&tree.join("DEBIAN/control"), &control, 0o644)?;
    readable(&tree)?;
    let package = into.join(format!("{name}.deb"));
    run(Command::new("dpkg-deb").args(["--root-owner-group", "-Zxz", "--build"]).arg(&tree).arg(&package))?;
    Ok(package)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, text: &str, mode: u32) -> Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(mode))?)
}

fn bytes_of(tree: &Path) -> Result<u64> {
    let meta = fs::symlink_metadata(tree)?;
    if !meta.is_dir() {
        return Ok(meta.len());
    }
    fs::read_dir(tree)?.map(|entry| bytes_of(&entry?.path())).sum()
}

/// Whatever the builder's umask: folders and documents of a package can be read by all.
fn readable(tree: &Path) -> Result<()> {
    let mode = fs::metadata(tree)?.permissions().mode();
    if tree.is_dir() {
        fs::set_permissions(tree, fs::Permissions::from_mode(0o755))?;
        for entry in fs::read_dir(tree)? {
            readable(&entry?.path())?;
        }
    } else {
        fs::set_permissions(tree, fs::Permissions::from_mode(if mode & 0o100 == 0 { 0o644 } else { 0o755 }))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::build;
    use crate::sh::root;
    use std::fs;
    use std::path::Path;
    use std::process::Command;

    /// Runs it, and gives what it printed; it must succeed.
    fn done(command: &mut Command) -> String {
        let output = command.output().expect("scripts/setup is for Debian");
        let text =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {text}");
        text
    }

    fn dpkg(place: &Path) -> Command {
        let mut dpkg = Command::new("dpkg");
        dpkg.arg(format!("--root={}", place.display()));
        dpkg.args(["--force-script-chrootless", "--force-depends", "--force-not-root", "--log=/dev/null"]);
        // An ordinary user's PATH lacks what dpkg looks for.
        let path = std::env::var("PATH").unwrap_or_default();
        dpkg.env("PATH", format!("{path}:/usr/local/sbin:/usr/sbin:/sbin"));
        dpkg
    }

    /// Installed, settings changed, upgraded, removed, purged: below a root of its own. Data are never removed.
    #[test]
    fn the_package_installs_keeps_changed_settings_and_never_removes_data() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let binary = folder.path().join("binary");
        fs::write(&binary, "#!/bin/sh\n").expect("the folder is writable");
        fs::set_permissions(&binary, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("ours");
        let package = build(&binary, "notices", folder.path()).expect("it builds");
        let listed = done(Command::new("dpkg-deb").arg("--contents").arg(&package));
        for path in
            ["./usr/bin/muster", "./usr/lib/systemd/system/muster.service", "./etc/muster/muster.toml"]
        {
            assert!(
                listed.lines().any(|line| line.ends_with(path) && line.contains("root/root")),
                "{path}: {listed}"
            );
        }
        let place = folder.path().join("root");
        fs::create_dir_all(place.join("var/lib/dpkg/info")).expect("the folder is writable");
        fs::create_dir_all(place.join("var/lib/dpkg/updates")).expect("the folder is writable");
        fs::write(place.join("var/lib/dpkg/status"), "").expect("the folder is writable");
        done(dpkg(&place).arg("--install").arg(&package));
        let settings = place.join("etc/muster/muster.toml");
        let changed = "data = \"/var/lib/muster\"\nlisten = \"127.0.0.1:1\"\n";
        fs::write(&settings, changed).expect("installed");
        fs::create_dir_all(place.join("var/lib/muster")).expect("the folder is writable");
        fs::write(place.join("var/lib/muster/journal.db"), "evidence").expect("the folder is writable");
        done(dpkg(&place).arg("--install").arg(&package));
        assert_eq!(fs::read_to_string(&settings).expect("kept"), changed);
        let told = done(dpkg(&place).args(["--purge", "muster"]));
        assert!(!place.join("usr/bin/muster").exists() && !settings.exists(), "{told}");
        assert!(place.join("var/lib/muster/journal.db").exists() && told.contains("was kept"), "{told}");
    }

    /// The unit is one that systemd takes, and leaves the process little to harm.
    #[test]
    fn the_unit_is_valid_and_hardened() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let unit = fs::read_to_string(root().join("packaging/muster.service")).expect("it is committed");
        let unit = unit
            .replace("/usr/bin/muster", "/bin/true")
            .replace("User=muster\nGroup=muster\n", "User=daemon\n");
        let path = folder.path().join("muster-tried.service");
        fs::write(&path, unit).expect("the folder is writable");
        let told = done(Command::new("systemd-analyze").arg("verify").arg("--man=no").arg(&path));
        assert!(!told.contains("muster-tried.service:"), "{told}");
        // Out of 100, where a unit that says nothing has 96.
        done(
            Command::new("systemd-analyze").args(["security", "--offline=true", "--threshold=20"]).arg(&path),
        );
    }

    /// What the container's recipe copies lies in the archive.
    #[test]
    fn the_container_is_made_of_what_the_archive_holds() {
        let recipe = fs::read_to_string(root().join("packaging/Containerfile")).expect("it is committed");
        let copied = recipe.lines().filter_map(|line| line.strip_prefix("COPY "));
        let sources: Vec<&str> = copied.flat_map(|line| line.split(' ').rev().skip(1)).collect();
        assert_eq!(sources.len(), 3, "{sources:?}");
        for source in sources {
            let packed = ["muster", "THIRD-PARTY.txt"].contains(&source) || super::WITH_IT.contains(&source);
            assert!(packed, "{source} is not in the archive");
        }
    }
}
