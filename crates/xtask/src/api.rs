//! The API description: generated from the code, committed, compared in every test run. The console's types are made
//! from it by `npm run gen`, before every lint and build.

use crate::sh::{cargo, output, root};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::Path;

const DESCRIPTION: &str = "docs/api/openapi.json";

/// Writes it, or with `--check` fails when it differs from what the code says now.
pub(crate) fn generate(args: &[String]) -> Result<()> {
    let check = match args {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => bail!("gen-api takes nothing or `--check`, not `{}`", args.join(" ")),
    };
    let description =
        output(&mut cargo(&["run", "--quiet", "--locked", "--package", "muster", "--", "openapi"]))?;
    settle(&root().join(DESCRIPTION), &description, check)
}

fn settle(file: &Path, now: &str, check: bool) -> Result<()> {
    if fs::read_to_string(file).is_ok_and(|committed| committed == now) {
        return Ok(());
    }
    let shown = file.display();
    if check {
        bail!("{shown} is not what the code says: run `cargo xtask gen-api` and commit it");
    }
    let folder = file.parent().expect("the generated files have a folder");
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    fs::write(file, now).with_context(|| format!("cannot write {shown}"))?;
    eprintln!("wrote {shown}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::settle;

    /// A description that was not renewed with the code stops the check; without `--check` it is renewed.
    #[test]
    fn a_stale_description_is_refused_and_can_be_renewed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("docs/openapi.json");
        settle(&file, "now", true).expect_err("it is not there yet");
        settle(&file, "now", false).expect("it is written");
        settle(&file, "now", true).expect("it is what the code says");
        let stale = settle(&file, "changed", true).expect_err("the code says something else now");
        assert!(stale.to_string().contains("cargo xtask gen-api"), "{stale}");
    }
}
