//! One second factor for all nodes.

use std::time::{SystemTime, UNIX_EPOCH};

use muster_tests::client::Client;
use muster_tests::node::{Node, muster};
use muster_tests::phone::{code_in, code_of, enrols, recovery_codes_in, secret_in};
use muster_tests::postgres::Server;
use muster_tests::town::PASSWORD;
use serde_json::json;

use crate::{Place, signs_in};

/// The status of signing in, and the code of the problem.
fn tries(node: &Node, code: Option<&str>) -> (u16, String) {
    let body = json!({ "username": "bureau", "password": PASSWORD, "code": code });
    let answer = Client::new(node.address).request("POST", "/api/v1/session").json(&body).send();
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

/// The time step that codes are counted by.
fn step() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 30
}

/// Who was enrolled at one machine needs a code at each; a code that was used at one node counts at none; who guesses at
/// each in turn has no more tries than at one; and a moved journal takes all of it along.
#[test]
fn a_second_factor_holds_at_every_node_and_a_code_counts_once() {
    let server = Server::start();
    let place = Place::on(server.database("rongcheng"));
    let (first, second) = (place.first(), place.second());
    let data = place.first.path().to_str().unwrap();
    let at = ["--data", data, "--journal", &place.address];
    signs_in(&second, "bureau");
    let (done, told) = enrols(&at, "bureau", code_of);
    assert!(done, "{told}");
    let (secret, recovery) = (secret_in(&told), recovery_codes_in(&told));
    for node in [&first, &second] {
        assert_eq!(tries(node, None), (401, "code_needed".to_owned()));
    }
    let code = code_in(secret, 30); // the code of this moment confirmed the enrolment
    assert_eq!(tries(&first, Some(&code)).0, 201);
    assert_eq!(tries(&second, Some(&code)), (401, "wrong_code".to_owned()), "used at the other node");
    assert_eq!(tries(&second, Some(recovery[0])).0, 201);
    assert_eq!(tries(&first, Some(recovery[0])), (401, "wrong_code".to_owned()), "used at the other node");
    loop {
        let began = step();
        let guesses =
            [&first, &second, &first, &second, &first, &second].map(|node| tries(node, Some("000000")));
        if step() == began {
            assert_eq!(guesses[5].0, 429, "three guesses at each of two nodes are six: {guesses:?}");
            break;
        }
    }
    let list = |at: &[&str]| muster(&[&["totp"], at, &["list"]].concat());
    assert_eq!(list(&at), (true, "bureau: 9 recovery codes left\n".to_owned()));
    first.stops();
    second.stops();

    let back = tempfile::tempdir().unwrap();
    place.copies_keys_to(back.path());
    let to = back.path().to_str().unwrap();
    let (done, told) = muster(&["migrate", "--from", &place.address, "--to", to]);
    assert!(done, "{told}");
    assert_eq!(list(&["--data", to]), (true, "bureau: 9 recovery codes left\n".to_owned()));
    let (done, told) = muster(&[&["totp"], &at[..], &["reset", "--account", "bureau"]].concat());
    assert!(done && told.contains("is gone"), "{told}");
    signs_in(&place.first(), "bureau");
}
