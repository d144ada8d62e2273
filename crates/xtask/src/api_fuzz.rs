//! The interface asked as nobody would: schemathesis makes requests from the description, right ones and wrong ones,
//! against a node with the sample data, and holds each answer to what the description promises.
//!
//! The seed is fixed, so that the same build is asked the same; the node and its data are made for the run.

use crate::sh::{in_ci, program, run, skipped, target_dir};
use crate::tools::tool;
use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// What must hold of every answer. Whether a wrong request is refused is for the node's own tests: a description says
/// less than the rules do.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_schema_conformance,unsupported_method,ignored_auth";
/// Requests of each operation beside the ones that cover its schema.
const EXAMPLES: &str = "5";
const SEED: &str = "371082";
/// An endless answer, and the sign-in that the run itself uses.
const NOT_ASKED: [&str; 2] = ["/api/v1/stream", "/api/v1/session"];
const PASSWORD: &str = "asked-by-schemathesis";
const PATIENCE: Duration = Duration::from_mins(1);

/// Starts a node of this binary, asks it, and ends it.
pub(crate) fn ask(binary: &Path) -> Result<()> {
    let schemathesis = match tool("schemathesis") {
        Ok(schemathesis) => schemathesis,
        Err(error) if in_ci() => return Err(error).context("schemathesis cannot be installed"),
        Err(error) => {
            skipped(
                "the interface against its description",
                &format!("schemathesis cannot be installed: {error:#}"),
            );
            return Ok(());
        }
    };
    let place = target_dir().join("api-fuzz");
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).with_context(|| format!("cannot create {}", place.display()))?;
    let node = Node::start(binary, &place.join("data"))?;
    let token = node.signs_in()?;
    let report = place.join("report");
    let mut ask = Command::new(&schemathesis);
    ask.current_dir(&place).env("NO_COLOR", "1");
    ask.arg("run").arg(format!("http://{}/api/openapi.json", node.address));
    ask.args([
        "--checks",
        CHECKS,
        "--phases",
        "coverage,fuzzing",
        "--max-examples",
        EXAMPLES,
        "--seed",
        SEED,
    ]);
    ask.args([
        "--no-shrink",
        "--continue-on-failure",
        "--request-timeout",
        "20",
        "--report",
        "ndjson",
        "--report-dir",
    ]);
    ask.arg(&report);
    for path in NOT_ASKED {
        ask.args(["--exclude-path", path]);
    }
    ask.args(["--header", &format!("Authorization: Bearer {token}")]);
    let asked = run(&mut ask);
    let ended = node.stops();
    asked.with_context(|| {
        format!("the interface is not as described; all that was asked: {}", report.display())
    })?;
    ended
}

/// The node; it ends with this value.
struct Node {
    child: Child,
    address: String,
    log: PathBuf,
}

impl Node {
    fn start(binary: &Path, data: &Path) -> Result<Self> {
        let log = data.with_extension("log");
        let mut command = program(&binary.to_string_lossy(), &["demo", "--listen", "127.0.0.1:0", "--data"]);
        command.arg(data).env("MUSTER_DEMO_PASSWORD", PASSWORD).env("RUST_LOG", "warn");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(fs::File::create(&log)?);
        let mut child = command.spawn().with_context(|| format!("cannot start {}", binary.display()))?;
        let mut line = String::new();
        let said = child.stdout.take().context("the node's output is piped")?;
        BufReader::new(said).read_line(&mut line)?;
        let Some((_, address)) = line.trim().split_once("http://") else {
            let _ = child.kill();
            bail!("the node does not serve, see {}: {line}", log.display());
        };
        Ok(Self { child, address: address.to_owned(), log })
    }

    fn signs_in(&self) -> Result<String> {
        let body = json!({ "username": "dispatcher", "password": PASSWORD }).to_string();
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let length = body.len();
        write!(
            stream,
            "POST /api/v1/session HTTP/1.1\r\nHost: node\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        token_in(&answer)
    }

    /// Ends it in order: one that died while it was asked is a finding too.
    fn stops(mut self) -> Result<()> {
        run(Command::new("kill").arg(self.child.id().to_string()))?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the node did not end in order ({status}), see {}", self.log.display());
        }
        Ok(())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn token_in(answer: &str) -> Result<String> {
    let (_, body) = answer.split_once("\r\n\r\n").context("an answer has a body")?;
    let body: Value = serde_json::from_str(body).context("an answer is JSON")?;
    body["token"].as_str().map(ToOwned::to_owned).with_context(|| format!("nobody is signed in: {body}"))
}

#[cfg(test)]
mod tests {
    use super::token_in;

    /// A run without a session would ask nothing but for refusals.
    #[test]
    fn nothing_is_asked_without_a_session() {
        assert_eq!(token_in("HTTP/1.1 201 Created\r\n\r\n{\"token\":\"abc\"}").expect("signed in"), "abc");
        let refused = token_in("HTTP/1.1 401 Unauthorized\r\n\r\n{\"code\":\"wrong_password\"}");
        assert!(refused.expect_err("not signed in").to_string().contains("wrong_password"));
    }
}
