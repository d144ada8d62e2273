//! Certificates of desks, over real TLS: who is let in from where, and what ends it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::authority::Role;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, ExtendedKeyUsagePurpose,
    IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber, date_time_ymd,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use serde_json::json;
use server::alarms::Alarm;
use server::config::{ClientCerts, Config, Settings, TlsMode};
use server::session::Bound;
use server::tls::ClientCertificate;

use crate::client::{Answer, Door, demo, opens, request, settings};

/// Who makes desks' certificates.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

/// A desk's computer: its certificate and key.
#[derive(Clone)]
struct Desk {
    certificate: CertificateDer<'static>,
    key: Vec<u8>,
    pem: PathBuf,
    serial: u64,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// A certificate that holds from 2026 until the day; the clock of these tests begins on 2026-11-24.
    fn makes(&self, dir: &Path, name: &str, serial: u64, until: (i32, u8, u8)) -> Desk {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.serial_number = Some(SerialNumber::from(serial));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.not_before = date_time_ymd(2026, 1, 1);
        params.not_after = date_time_ymd(until.0, until.1, until.2);
        let key = KeyPair::generate().unwrap();
        let made = params.signed_by(&key, &self.issuer).unwrap();
        let pem = dir.join(format!("{serial}.pem"));
        std::fs::write(&pem, made.pem()).unwrap();
        Desk { certificate: made.der().clone(), key: key.serialize_der(), pem, serial }
    }

    /// The list of what it took back.
    fn revokes(&self, path: &Path, desks: &[&Desk]) {
        let revoked = |desk: &&Desk| RevokedCertParams {
            serial_number: SerialNumber::from(desk.serial),
            revocation_time: date_time_ymd(2026, 11, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2026, 11, 1),
            next_update: date_time_ymd(2036, 1, 1),
            crl_number: SerialNumber::from(1_u64 + desks.len() as u64),
            issuing_distribution_point: None,
            revoked_certs: desks.iter().map(revoked).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        std::fs::write(path, list.signed_by(&self.issuer).unwrap().pem().unwrap()).unwrap();
    }
}

/// A node that asks for certificates, an authority that it trusts, and a place.
struct Place {
    dir: tempfile::TempDir,
    authority: Authority,
}

impl Place {
    fn fresh() -> Self {
        let place =
            Self { dir: tempfile::tempdir().unwrap(), authority: Authority::new("城市席位证书机构") };
        std::fs::write(place.path("ca.pem"), &place.authority.pem).unwrap();
        place.authority.revokes(&place.path("crl.pem"), &[]);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn config(&self, mode: ClientCerts) -> Config {
        demo(Settings {
            tls: Some(TlsMode::SelfSigned),
            client_certs: Some(mode),
            client_ca: Some(self.path("ca.pem")),
            client_crl: Some(self.path("crl.pem")),
            ..settings(&self.path("data"))
        })
    }

    fn desk(&self, name: &str, serial: u64) -> Desk {
        self.authority.makes(self.dir.path(), name, serial, (2028, 1, 1))
    }
}

/// A line to the node, over TLS, with the certificate of a desk or none.
struct Line {
    tls: rustls::StreamOwned<rustls::ClientConnection, TcpStream>,
}

impl Line {
    fn opens(address: SocketAddr, data: &Path, desk: Option<&Desk>) -> Self {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(data.join("tls/cert.pem")).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let client = match desk {
            None => client.with_no_client_auth(),
            Some(desk) => {
                let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(desk.key.clone()));
                client.with_client_auth_cert(vec![desk.certificate.clone()], key).unwrap()
            }
        };
        let name = ServerName::try_from("localhost").unwrap();
        let session = rustls::ClientConnection::new(Arc::new(client), name).unwrap();
        let socket = TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Self { tls: rustls::StreamOwned::new(session, socket) }
    }

    fn asks(&mut self, request: &str) -> Answer {
        self.tls.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            let head = bytes.windows(4).position(|w| w == b"\r\n\r\n").map(|at| at + 4);
            if let Some(body) = head {
                let answer = Answer::read(&bytes);
                let length: usize = answer.header("content-length").unwrap_or("0").parse().unwrap();
                if bytes.len() >= body + length {
                    return answer;
                }
            }
            match self.tls.read(&mut buffer) {
                Ok(0) | Err(_) => return Answer::read(&bytes),
                Ok(length) => bytes.extend_from_slice(&buffer[..length]),
            }
        }
    }
}

impl Door {
    /// One request from a desk, on a line of its own.
    async fn asks_from(
        &self,
        desk: Option<&Desk>,
        what: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let (address, data) = (self.address, self.node.config.data.clone());
        let (desk, request) = (desk.cloned(), request(what, headers, body));
        tokio::task::spawn_blocking(move || Line::opens(address, &data, desk.as_ref()).asks(&request))
            .await
            .unwrap()
    }

    async fn signs_in_from(&self, desk: Option<&Desk>, account: &str) -> Result<String, Answer> {
        let body = json!({ "username": account, "password": "muster-demo" }).to_string();
        let answer = self.asks_from(desk, "POST /api/v1/session", &[], &body).await;
        if answer.status == 201 {
            Ok(answer.json()["token"].as_str().unwrap().to_owned())
        } else {
            Err(answer)
        }
    }

    async fn refuses(&self, desk: Option<&Desk>, account: &str) -> String {
        let refused = self.signs_in_from(desk, account).await.unwrap_err();
        assert_eq!(refused.status, 401);
        refused.code()
    }

    async fn me(&self, desk: Option<&Desk>, token: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.asks_from(desk, "GET /api/v1/me", &[("authorization", &bearer)], "").await
    }

    fn binds(&self, desk: &Desk, account: &str) {
        let certificate = ClientCertificate::read(&desk.pem).unwrap();
        let (subject, until) = (certificate.subject().unwrap(), certificate.validity().unwrap().until);
        let (account, fingerprint) = (account.to_owned(), certificate.fingerprint);
        let bound = Bound { account, fingerprint, subject, until };
        self.node.sessions.bind(&bound, self.node.clock.now()).unwrap();
    }

    fn unbinds(&self, desk: &Desk, account: &str) {
        let certificate = ClientCertificate::read(&desk.pem).unwrap();
        assert!(self.node.sessions.unbind(&account.parse().unwrap(), &certificate.fingerprint).unwrap());
    }
}

/// A desk signs in, and goes on, with its own certificate alone; a phone of a force shows none and is let in as ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_is_let_in_with_the_certificate_that_is_bound_to_its_account() {
    let place = Place::fresh();
    let door = opens(place.config(ClientCerts::Required)).await;
    let (seat, other) = (place.desk("接警席 01", 1), place.desk("接警席 02", 2));
    assert_eq!(door.refuses(Some(&seat), "dispatcher").await, "desk_certificate_none");
    door.binds(&seat, "dispatcher");
    door.binds(&other, "bureau");
    let token = door.signs_in_from(Some(&seat), "dispatcher").await.unwrap();
    assert_eq!(door.me(Some(&seat), &token).await.status, 200);

    assert_eq!(door.refuses(None, "dispatcher").await, "desk_certificate_not_shown");
    assert_eq!(door.refuses(Some(&other), "dispatcher").await, "desk_certificate_other");
    // A token that was carried away is worth nothing elsewhere, and the desk that it was taken from goes on.
    for elsewhere in [None, Some(&other)] {
        assert_eq!(door.me(elsewhere, &token).await.status, 401);
    }
    assert_eq!(door.me(Some(&seat), &token).await.status, 200);

    let station =
        door.node.published().state.org.accounts.values().find(|a| a.role == Role::Force).unwrap().id.clone();
    let phone = door.signs_in_from(None, station.as_str()).await.unwrap();
    assert_eq!(door.me(None, &phone).await.status, 200);
    // A wrong password says nothing about certificates.
    let body = json!({ "username": "dispatcher", "password": "wrong-wrong" }).to_string();
    let wrong = door.asks_from(None, "POST /api/v1/session", &[], &body).await;
    assert_eq!(wrong.code(), "wrong_password");
    door.stops().await;
}

/// What is refused is told in both languages, with what to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_that_is_not_let_in_is_told_why_in_both_languages() {
    let place = Place::fresh();
    let door = opens(place.config(ClientCerts::Required)).await;
    door.binds(&place.desk("接警席 01", 1), "dispatcher");
    let body = json!({ "username": "dispatcher", "password": "muster-demo" }).to_string();
    for (lang, said) in [("zh", "请在绑定的席位上登录"), ("en", "sign in at a desk that is bound")]
    {
        let answer = door.asks_from(None, "POST /api/v1/session", &[("accept-language", lang)], &body).await;
        let detail = answer.json()["detail"].to_string();
        assert!(detail.contains(said), "{lang}: {detail}");
    }
    door.stops().await;
}

/// Another authority's certificate is refused though it was bound, and told as that instead of by a line that breaks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_of_another_authority_is_refused() {
    let place = Place::fresh();
    let door = opens(place.config(ClientCerts::Required)).await;
    let foreign = Authority::new("别的机构").makes(place.dir.path(), "接警席 01", 7, (2028, 1, 1));
    door.binds(&foreign, "dispatcher");
    assert_eq!(door.refuses(Some(&foreign), "dispatcher").await, "desk_certificate_untrusted");
    door.stops().await;
}

/// The end of a certificate counts at once: for a sign-in, for a session, and on a line that was open before; an alarm
/// has told of it 30 days ahead.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_ends_is_told_ahead_and_lets_nobody_in_after() {
    let place = Place::fresh();
    let door = opens(place.config(ClientCerts::Required)).await;
    let seat = place.authority.makes(place.dir.path(), "接警席 01", 1, (2027, 1, 1));
    door.binds(&seat, "dispatcher");
    let token = door.signs_in_from(Some(&seat), "dispatcher").await.unwrap();
    door.node.watch.look(&door.node);
    assert!(!door.node.watch.seen().alarms.contains(&Alarm::DeskCertificate), "38 days are left");
    door.time_passes(Duration::from_hours(24 * 9));
    door.node.watch.look(&door.node);
    assert!(door.node.watch.seen().alarms.contains(&Alarm::DeskCertificate), "29 days are left");
    assert_eq!(door.me(Some(&seat), &token).await.status, 200, "an alarm keeps nobody out");

    let (address, data) = (door.address, door.node.config.data.clone());
    let asked = request("GET /api/v1/me", &[("authorization", &format!("Bearer {token}"))], "")
        .replace("connection: close", "connection: keep-alive");
    let (desk, again) = (seat.clone(), asked.clone());
    let mut line = tokio::task::spawn_blocking(move || {
        let mut line = Line::opens(address, &data, Some(&desk));
        assert_eq!(line.asks(&again).status, 200);
        line
    })
    .await
    .unwrap();
    door.time_passes(Duration::from_hours(24 * 30));
    let late = tokio::task::spawn_blocking(move || line.asks(&asked)).await.unwrap();
    assert_eq!((late.status, late.code().as_str()), (401, "desk_certificate_expired"));
    assert_eq!(door.refuses(Some(&seat), "dispatcher").await, "desk_certificate_expired");
    door.stops().await;
}

/// A binding that was taken away, and a certificate that its authority took back, let nobody in from that moment; the
/// session's stream ends at the next look, and other desks of the account go on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_binding_taken_away_and_a_revocation_count_at_once() {
    let place = Place::fresh();
    let door = opens(place.config(ClientCerts::Required)).await;
    let seats = [place.desk("接警席 01", 1), place.desk("接警席 02", 2), place.desk("接警席 03", 3)];
    let mut tokens = Vec::new();
    for seat in &seats {
        door.binds(seat, "dispatcher");
        tokens.push(door.signs_in_from(Some(seat), "dispatcher").await.unwrap());
    }
    let asked = request("GET /api/v1/stream", &[("authorization", &format!("Bearer {}", tokens[0]))], "");
    let (address, data, seat) = (door.address, door.node.config.data.clone(), seats[0].clone());
    let stream = tokio::task::spawn_blocking(move || {
        let mut line = Line::opens(address, &data, Some(&seat));
        line.tls.write_all(asked.as_bytes()).unwrap();
        let mut heard = Vec::new();
        let _ = line.tls.read_to_end(&mut heard);
        heard
    });
    while door.node.live.streams() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for (seat, token) in seats.iter().zip(&tokens) {
        assert_eq!(door.me(Some(seat), token).await.status, 200);
    }

    door.unbinds(&seats[0], "dispatcher");
    assert_eq!(door.me(Some(&seats[0]), &tokens[0]).await.code(), "desk_certificate_other");
    assert_eq!(door.refuses(Some(&seats[0]), "dispatcher").await, "desk_certificate_other");
    door.node.tidy_sessions().unwrap();
    assert!(!stream.await.unwrap().is_empty(), "the stream has ended");

    place.authority.revokes(&place.path("crl.pem"), &[&seats[1]]);
    assert_eq!(door.me(Some(&seats[1]), &tokens[1]).await.code(), "desk_certificate_revoked");
    assert_eq!(door.refuses(Some(&seats[1]), "dispatcher").await, "desk_certificate_revoked");

    // A list that is half written is told, and what was read before holds.
    std::fs::write(place.path("crl.pem"), "-----BEGIN X509 CRL-----\n").unwrap();
    door.node.watch.look(&door.node);
    assert!(door.node.watch.seen().alarms.contains(&Alarm::DeskAuthority));
    assert_eq!(door.me(Some(&seats[1]), &tokens[1]).await.code(), "desk_certificate_revoked");
    door.node.tidy_sessions().unwrap();
    assert_eq!(door.me(Some(&seats[2]), &tokens[2]).await.status, 200);
    door.stops().await;
}

/// Asked and not required: who has one must show it, who has none signs in as before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_certificates_are_asked_only_bound_accounts_need_one() {
    let place = Place::fresh();
    let door = opens(place.config(ClientCerts::Asked)).await;
    let seat = place.desk("接警席 01", 1);
    let before = door.signs_in_from(None, "dispatcher").await.unwrap();
    assert_eq!(door.me(None, &before).await.status, 200);
    door.binds(&seat, "dispatcher");
    assert_eq!(door.me(None, &before).await.code(), "desk_certificate_not_shown", "from now on");
    assert_eq!(door.refuses(None, "dispatcher").await, "desk_certificate_not_shown");
    assert!(door.signs_in_from(Some(&seat), "dispatcher").await.is_ok());
    assert!(door.signs_in_from(None, "bureau").await.is_ok());
    door.stops().await;
}
