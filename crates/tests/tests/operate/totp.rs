//! `muster totp`: a second factor that an operator enrols, lists and takes away.

use muster_tests::node::{Node, muster};
use muster_tests::phone::{code_of, enrols, recovery_codes_in, secret_in};

/// What is typed wrongly keeps nothing; what is taken away is gone; who is not there is told.
#[test]
fn nothing_is_kept_before_the_phone_has_answered() {
    let place = tempfile::tempdir().unwrap();
    Node::demo(place.path()).stops();
    let data = place.path().to_str().unwrap();
    let list = || muster(&["totp", "--data", data, "list"]);
    let (done, told) = enrols(&["--data", data], "bureau", |_| "12 34".to_owned());
    assert!(!done && told.contains("nothing was changed"), "{told}");
    let secret = secret_in(&told);
    let uri = format!(
        "otpauth://totp/Muster:bureau?secret={secret}&issuer=Muster&algorithm=SHA1&digits=6&period=30"
    );
    assert!(told.contains(&uri) && secret.len() == 32, "{told}");
    assert!(told.lines().filter(|line| line.contains('█')).count() > 15, "a picture for the phone: {told}");
    assert_eq!(list(), (true, String::new()));
    let (done, told) = enrols(&["--data", data], "nobody", |_| String::new());
    assert!(!done && told.contains("no account \"nobody\"") && told.contains("dispatcher"), "{told}");
    let (done, told) = muster(&["totp", "--data", data, "reset", "--account", "bureau"]);
    assert!(!done && told.contains("has no second factor"), "{told}");

    let (done, told) = enrols(&["--data", data], "bureau", code_of);
    assert!(done && told.contains("signs in with a second factor from now on"), "{told}");
    let codes = recovery_codes_in(&told);
    assert!(codes.len() == 10 && codes.iter().all(|code| code.len() == 19), "{told}");
    assert_eq!(list(), (true, "bureau: 10 recovery codes left\n".to_owned()));
    let (done, told) = muster(&["totp", "--data", data, "reset", "--account", "bureau"]);
    assert!(done && told.contains("is gone"), "{told}");
    assert_eq!(list(), (true, String::new()));
}
