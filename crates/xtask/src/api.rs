//! The API description and the console's types: generated from the code, committed, compared in every test run.

use crate::sh::{cargo, output, program, root};
use crate::web;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::Path;

const DESCRIPTION: &str = "docs/api/openapi.json";
const TYPES: &str = "web/console/src/api/schema.ts";

/// Writes both files, or with `--check` fails when one differs from what the code says now.
pub(crate) fn generate(args: &[String]) -> Result<()> {
    let check = match args {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => bail!("gen-api takes nothing or `--check`, not `{}`", args.join(" ")),
    };
    let description =
        output(&mut cargo(&["run", "--quiet", "--locked", "--package", "muster", "--", "openapi"]))?;
    settle(DESCRIPTION, &description, check)?;
    web::packages()?;
    let types = output(&mut program("web/node_modules/.bin/openapi-typescript", &[DESCRIPTION]))?;
    settle(TYPES, &types, check)
}

fn settle(path: &str, now: &str, check: bool) -> Result<()> {
    let file = root().join(path);
    if fs::read_to_string(&file).is_ok_and(|committed| committed == now) {
        return Ok(());
    }
    if check {
        bail!("{path} is not what the code says: run `cargo xtask gen-api` and commit it");
    }
    fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))
        .with_context(|| format!("cannot create the folder of {path}"))?;
    fs::write(&file, now).with_context(|| format!("cannot write {path}"))?;
    eprintln!("wrote {path}");
    Ok(())
}
