//! A phone with an authenticator app, and the operator who enrols it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use crate::node::binary;

/// Enrols an account of the node at this place (`--data …`); the code that is typed is made from the secret that was
/// shown. Its success, and what was told.
pub fn enrols(place: &[&str], account: &str, code: impl Fn(&str) -> String) -> (bool, String) {
    let mut command = Command::new(binary());
    command.arg("totp").args(place).args(["enrol", "--account", account]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the node's program starts");
    let mut told = String::new();
    let out = BufReader::new(child.stdout.take().expect("stdout is piped"));
    for line in out.lines() {
        let line = line.expect("it writes text");
        told.extend([line.as_str(), "\n"]);
        if let Some(secret) = line.strip_prefix("secret: ") {
            let mut typed = child.stdin.take().expect("stdin is piped");
            typed.write_all(format!("{}\n", code(secret)).as_bytes()).expect("a code is asked for");
        }
    }
    let output = child.wait_with_output().expect("it ends");
    (output.status.success(), told + &String::from_utf8_lossy(&output.stderr))
}

/// The secret that an enrolment told.
pub fn secret_in(told: &str) -> &str {
    told.lines().find_map(|line| line.strip_prefix("secret: ")).expect("a secret is told")
}

/// The recovery codes that an enrolment told.
pub fn recovery_codes_in(told: &str) -> Vec<&str> {
    told.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| line.contains('-')).collect()
}

/// What the phone shows now.
pub fn code_of(secret: &str) -> String {
    code_in(secret, 0)
}

/// What it shows so many seconds from now, made as RFC 6238 says by another implementation than the node's.
pub fn code_in(secret: &str, seconds: u32) -> String {
    const PHONE: &str = "
import base64, hashlib, hmac, struct, sys, time
step = (int(time.time()) + int(sys.argv[2])) // 30
tag = hmac.new(base64.b32decode(sys.argv[1]), struct.pack('>Q', step), hashlib.sha1).digest()
at = tag[-1] & 15
print('%06d' % ((struct.unpack('>I', tag[at:at + 4])[0] & 0x7fffffff) % 1000000))";
    let mut python = Command::new("python3");
    let output = python.args(["-c", PHONE, secret, &seconds.to_string()]).output().expect("python3 is there");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
