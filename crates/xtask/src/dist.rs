//! One archive that an operator can install from.

use crate::sh::{cargo, output, program, root, run, target_dir};
use crate::web;
use anyhow::{Context as _, Result};
use std::fs;

const WITH_IT: [&str; 4] = ["LICENSE", "README.md", "README.zh-CN.md", "CHANGELOG.md"];

pub(crate) fn dist() -> Result<()> {
    web::build()?;
    run(&mut cargo(&["build", "--release", "--locked", "--package", "muster"]))?;
    let name =
        format!("muster-{}-{}-{}", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH, std::env::consts::OS);
    let dist = target_dir().join("dist");
    let folder = dist.join(&name);
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let binary = target_dir().join("release").join("muster");
    fs::copy(&binary, folder.join("muster")).with_context(|| format!("cannot copy {}", binary.display()))?;
    for file in WITH_IT {
        fs::copy(root().join(file), folder.join(file)).with_context(|| format!("cannot copy {file}"))?;
    }
    let archive = format!("{name}.tar.gz");
    run(program("tar", &["--create", "--gzip", "--file", &archive, &name]).current_dir(&dist))?;
    let sum = output(program("sha256sum", &[&archive]).current_dir(&dist))?;
    let sum_file = dist.join(format!("{archive}.sha256"));
    fs::write(&sum_file, &sum).with_context(|| format!("cannot write {}", sum_file.display()))?;
    eprintln!("{} {sum}", dist.display());
    Ok(())
}
