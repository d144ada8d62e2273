//! What make calls: one place, in Rust, that builds, checks, tests and runs the project.
//!
//! Every step prints the command it runs, so that it can be run by hand; the first failure ends the task.

mod api;
mod api_fuzz;
mod data;
mod deb;
mod dist;
mod sh;
mod supply;
mod tasks;
mod third_party;
mod tools;
mod web;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <task> [arguments]

  run [ARGS]       build the pages and the node, and start the demo (ARGS go to `muster demo`)
  test             form, data, clippy, Rust tests, doc tests, web tests, browser tests
  check            form only: rustfmt, data, clippy, the tidy test, the web's linter, the API description
  bench ARGS       `muster bench ARGS` from a release build
  dist             target/dist/muster-<version>-<machine>.tar.gz, its checksum, and the Debian package
  api-fuzz         a node of the debug build against its own description, with schemathesis
  supply           dependencies: licences, bans, sources, known weaknesses
  web              the pages only: npm ci when the lock file changed, a build when sources changed
  gen-api          write docs/api/openapi.json from the code; the pages' types are made from it when they are built
  gen-api --check  fail when it differs from the code
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let task = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let done = match task.as_str() {
        "run" => tasks::run(&rest),
        "test" => tasks::test(),
        "check" => tasks::check(),
        "bench" => tasks::bench(&rest),
        "dist" => dist::dist(),
        "api-fuzz" => tasks::api_fuzz(),
        "supply" => supply::check(),
        "web" => web::build(),
        "gen-api" => api::generate(&rest),
        "" | "help" | "--help" | "-h" => {
            eprint!("{HELP}");
            return ExitCode::SUCCESS;
        }
        unknown => Err(anyhow::anyhow!("there is no task `{unknown}`\n\n{HELP}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
