//! `muster desk-cert`: certificates of desks, bound, listed and taken away at the machine.

use std::path::Path;
use std::process::Command;

use muster_tests::node::{Node, muster};

/// With another implementation than the node's: an authority and a desk's certificate, by OpenSSL.
fn makes(dir: &Path, authority: &str, desk: &str, days: &str) {
    let openssl = |args: &[&str]| {
        let output = Command::new("openssl").args(args).current_dir(dir).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let (ca, ca_key) = (format!("{authority}.pem"), format!("{authority}.key"));
    let (csr, key, pem) = (format!("{desk}.csr"), format!("{desk}.key"), format!("{desk}.pem"));
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    if !dir.join(&ca).exists() {
        let subject = format!("/CN={authority}");
        let made = ["req", "-x509", "-days", "30", "-subj", &subject, "-keyout", &ca_key, "-out", &ca];
        openssl(&[&made[..], &curve].concat());
    }
    let subject = format!("/O=bureau/CN={desk}");
    openssl(&[&["req", "-new", "-subj", &subject, "-keyout", &key, "-out", &csr][..], &curve].concat());
    std::fs::write(dir.join("client.ext"), "extendedKeyUsage=clientAuth\n").unwrap();
    openssl(&[
        "x509",
        "-req",
        "-in",
        &csr,
        "-CA",
        &ca,
        "-CAkey",
        &ca_key,
        "-CAcreateserial",
        "-days",
        days,
        "-extfile",
        "client.ext",
        "-out",
        &pem,
    ]);
}

/// Only what a trusted authority made is bound, only to who is there; the doctor names who could not sign in.
#[test]
fn a_desk_s_certificate_is_bound_listed_and_taken_away() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    Node::demo(Path::new(&path("data"))).stops();
    makes(place.path(), "city", "desk-01", "20");
    makes(place.path(), "elsewhere", "desk-02", "20");
    let settings = format!(
        "data = {:?}\ntls = \"self-signed\"\nclient-certs = \"required\"\nclient-ca = {:?}\nclient-cert-roles = [\"dispatcher\"]\n",
        path("data"),
        path("city.pem")
    );
    std::fs::write(place.path().join("node.toml"), settings).unwrap();
    let settings = path("node.toml");
    let desk_cert = |args: &[&str]| muster(&[&["desk-cert", "-c", &settings][..], args].concat());
    let doctor = || muster(&["doctor", "-c", &settings, "--lang", "en"]).1;
    assert!(
        doctor().contains("have no certificate that holds, and cannot sign in: dispatcher"),
        "{}",
        doctor()
    );

    let bind = |account: &str, desk: &str| {
        let pem = path(&format!("{desk}.pem"));
        desk_cert(&["bind", "--account", account, "--cert", &pem])
    };
    let (done, told) = bind("nobody", "desk-01");
    assert!(!done && told.contains("no account \"nobody\""), "{told}");
    let (done, told) = bind("dispatcher", "desk-02");
    assert!(!done && told.contains("no authority in client-ca made this certificate"), "{told}");
    let (done, told) = bind("dispatcher", "desk-01");
    assert!(done && told.contains("\"desk-01\" until "), "{told}");
    let (_, told) = desk_cert(&["list"]);
    assert!(told.starts_with("dispatcher: ") && told.contains("\"desk-01\""), "{told}");
    let told = doctor();
    assert!(told.contains("the certificate \"desk-01\" of dispatcher ends"), "20 days are left: {told}");
    assert!(!told.contains("cannot sign in"), "{told}");

    let (_, listed) = desk_cert(&["list"]);
    let fingerprint = listed.split_whitespace().nth(1).unwrap();
    let (done, told) = desk_cert(&["unbind", "--account", "bureau", "--fingerprint", fingerprint]);
    assert!(!done && told.contains("0 certificates"), "{told}");
    let (done, told) = desk_cert(&["unbind", "--account", "dispatcher", "--fingerprint", fingerprint]);
    assert!(done && told.contains("is dispatcher's no more"), "{told}");
    assert_eq!(desk_cert(&["list"]), (true, String::new()));
}
