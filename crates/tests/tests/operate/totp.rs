//! `muster totp`: a second factor that an operator enrols, lists and takes away.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use muster_tests::node::{Node, binary, muster};

/// Enrols; the code that is typed is made from the secret that was shown.
fn enrols(data: &Path, account: &str, code: impl Fn(&str) -> String) -> (bool, String) {
    let mut command = Command::new(binary());
    command.args(["totp", "--data"]).arg(data).args(["enrol", "--account", account]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = String::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines.by_ref() {
        let line = line.unwrap();
        told.extend([line.as_str(), "\n"]);
        if let Some(secret) = line.strip_prefix("secret: ") {
            child.stdin.take().unwrap().write_all(format!("{}\n", code(secret)).as_bytes()).unwrap();
        }
    }
    let output = child.wait_with_output().unwrap();
    (output.status.success(), told + &String::from_utf8(output.stderr).unwrap())
}

/// What is typed wrongly keeps nothing; what is taken away is gone; who is not there is told.
#[test]
fn nothing_is_kept_before_the_phone_has_answered() {
    let place = tempfile::tempdir().unwrap();
    Node::demo(place.path()).stops();
    let data = place.path().to_str().unwrap();
    let list = || muster(&["totp", "--data", data, "list"]);
    let (done, told) = enrols(place.path(), "bureau", |_| "12 34".to_owned());
    assert!(!done && told.contains("nothing was changed"), "{told}");
    let secret = told.lines().find_map(|line| line.strip_prefix("secret: ")).unwrap();
    let uri = format!(
        "otpauth://totp/Muster:bureau?secret={secret}&issuer=Muster&algorithm=SHA1&digits=6&period=30"
    );
    assert!(told.contains(&uri) && secret.len() == 32, "{told}");
    assert!(told.lines().filter(|line| line.contains('█')).count() > 15, "a picture for the phone: {told}");
    assert_eq!(list(), (true, String::new()));
    let (done, told) = enrols(place.path(), "nobody", |_| String::new());
    assert!(!done && told.contains("no account \"nobody\"") && told.contains("dispatcher"), "{told}");
    let (done, told) = muster(&["totp", "--data", data, "reset", "--account", "bureau"]);
    assert!(!done && told.contains("has no second factor"), "{told}");

    let (done, told) = enrols(place.path(), "bureau", code_of);
    assert!(done && told.contains("signs in with a second factor from now on"), "{told}");
    let codes: Vec<&str> =
        told.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| line.contains('-')).collect();
    assert!(codes.len() == 10 && codes.iter().all(|code| code.len() == 19), "{told}");
    assert_eq!(list(), (true, "bureau: 10 recovery codes left\n".to_owned()));
    let (done, told) = muster(&["totp", "--data", data, "reset", "--account", "bureau"]);
    assert!(done && told.contains("is gone"), "{told}");
    assert_eq!(list(), (true, String::new()));
}

/// As a phone makes it (RFC 6238), with another implementation than the node's.
fn code_of(secret: &str) -> String {
    const PHONE: &str = "
import base64, hashlib, hmac, struct, sys, time
tag = hmac.new(base64.b32decode(sys.argv[1]), struct.pack('>Q', int(time.time()) // 30), hashlib.sha1).digest()
at = tag[-1] & 15
print('%06d' % ((struct.unpack('>I', tag[at:at + 4])[0] & 0x7fffffff) % 1000000))";
    let output = Command::new("python3").args(["-c", PHONE, secret]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
