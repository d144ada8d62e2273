//! The same for all: unreachable, silent, in a rehearsal, too many at once.

use std::time::{Duration, Instant};

use channels::{Kind, SendFault};

use crate::message;
use crate::peers::{BlackHole, Certified, dead_port};

/// Settings of a channel whose peer listens on this port, and an address that it would take. Every way out there is.
fn every_way(port: u16, key: &str) -> Vec<(&'static str, Kind, String, String)> {
    let limits = "limits = { timeout_s = 1 }";
    let mobile = "13900000000".to_owned();
    let gateway = |kind: &str| {
        format!(
            "[[{kind}]]\nname = \"a\"\nurl = \"http://127.0.0.1:{port}/send\"\nformat = \"json\"\n\
             success = {{ pointer = \"/code\", is = [\"0\"] }}\n{limits}\nbody = {{ to = \"{{to}}\", text = \"{{text}}\" }}\n"
        )
    };
    let robot = |kind: &str| {
        format!(
            "[[{kind}]]\nname = \"a\"\nbase_url = \"http://127.0.0.1:{port}\"\n{limits}\ngroups = {{ duty = {{ token = \"t\" }} }}\n"
        )
    };
    let cmpp = |version: &str| {
        format!(
            "[[cmpp]]\nname = \"a\"\npeer = \"127.0.0.1:{port}\"\nversion = \"{version}\"\naccount = \"900001\"\n\
             password = \"p\"\nsource = \"10690001\"\nservice = \"yj\"\n{limits}\n"
        )
    };
    let subscription = format!(
        r#"{{"endpoint":"https://localhost:{port}/1","keys":{{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}}}"#
    );
    vec![
        ("sms_https", Kind::Sms, gateway("sms_https"), mobile.clone()),
        ("voice_https", Kind::Voice, gateway("voice_https"), mobile.clone()),
        ("cmpp 2.0", Kind::Sms, cmpp("2.0"), mobile.clone()),
        ("cmpp 3.0", Kind::Sms, cmpp("3.0"), mobile.clone()),
        (
            "smpp",
            Kind::Sms,
            format!(
                "[[smpp]]\nname = \"a\"\npeer = \"127.0.0.1:{port}\"\nsystem_id = \"m\"\npassword = \"p\"\nsource = \"1069\"\n{limits}\n"
            ),
            mobile,
        ),
        (
            "ari",
            Kind::Voice,
            format!(
                "[[ari]]\nname = \"a\"\nurl = \"http://127.0.0.1:{port}\"\nuser = \"m\"\npassword = \"p\"\nendpoint = \"PJSIP/{{to}}\"\nmedia = \"sound:http://127.0.0.1:{port}/{{text}}\"\n{limits}\n"
            ),
            "0631-7562119".to_owned(),
        ),
        (
            "mail",
            Kind::Mail,
            format!(
                "[[mail]]\nname = \"a\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nfrom = \"z@example.cn\"\n{limits}\n"
            ),
            "a@example.cn".to_owned(),
        ),
        ("dingtalk", Kind::Dingtalk, robot("dingtalk"), "duty".to_owned()),
        ("wecom", Kind::Wecom, robot("wecom"), "duty".to_owned()),
        ("feishu", Kind::Feishu, robot("feishu"), "duty".to_owned()),
        (
            "mqtt",
            Kind::Siren,
            format!(
                "[[mqtt]]\nname = \"a\"\npeer = \"127.0.0.1:{port}\"\nclient_id = \"m\"\ntopic = \"sirens/{{to}}\"\nbody = {{ id = \"{{id}}\" }}\n{limits}\n"
            ),
            "tower-1".to_owned(),
        ),
        (
            "webhook",
            Kind::Webhook,
            format!(
                "[[webhook]]\nname = \"a\"\n{limits}\ntargets = {{ city = {{ url = \"http://127.0.0.1:{port}/\", secret = \"0123456789abcdef\" }} }}\n"
            ),
            "city".to_owned(),
        ),
        (
            "push",
            Kind::Push,
            format!(
                "[[push]]\nname = \"a\"\ncontact = \"mailto:z@example.cn\"\nkey = {{ file = \"{key}\" }}\nservices = [\"localhost\"]\n{limits}\n"
            ),
            subscription,
        ),
    ]
}

fn push_key(folder: &tempfile::TempDir) -> String {
    let path = folder.path().join("push.pem");
    std::fs::write(&path, rcgen::KeyPair::generate().unwrap().serialize_pem()).unwrap();
    path.display().to_string()
}

#[test]
fn no_way_out_is_left_untested_here() {
    let ways = every_way(1, "");
    for kind in Kind::ALL {
        assert!(ways.iter().any(|(_, covered, _, _)| *covered == kind), "{kind:?}");
    }
    // Each list of the settings has an entry above; a new one makes this fail.
    let text = include_str!("../../src/settings.rs");
    let lists = text
        .lines()
        .filter(|line| line.starts_with("    pub ") && line.contains(": Vec<"))
        .filter(|line| line.contains("Settings>"));
    let lists: Vec<_> =
        lists.map(|line| line.trim_start().trim_start_matches("pub ").split(':').next().unwrap()).collect();
    assert_eq!(lists.len(), 12);
    for list in lists {
        assert!(ways.iter().any(|(name, ..)| name.split(' ').next() == Some(list)), "{list}");
    }
}

#[tokio::test]
async fn a_peer_that_is_not_there_is_said_to_be_unreachable_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let key = push_key(&folder);
    for (way, kind, toml, address) in every_way(dead_port(), &key) {
        let (channel, _inbound) = crate::opened(&toml);
        let began = Instant::now();
        let fault = channel.send(&message(&address)).await.unwrap_err();
        assert!(
            matches!(&fault, SendFault::Unreachable { reason } if reason.contains("refused")),
            "{way}: {fault:?}"
        );
        assert!(!fault.is_lasting() && began.elapsed() < Duration::from_secs(1), "{way}");
        assert_eq!((channel.kind(), &**channel.name()), (kind, "a"));
    }
}

/// A dead channel stalls nothing: the peer takes the connection and never answers.
#[tokio::test]
async fn a_silent_peer_is_given_up_within_the_limit() {
    let hole = BlackHole::open().await;
    let folder = tempfile::tempdir().unwrap();
    let key = push_key(&folder);
    let mut sent = Vec::new();
    for (way, _, toml, address) in every_way(hole.port, &key) {
        sent.push(tokio::spawn(async move {
            let (channel, _inbound) = crate::opened(&toml);
            let limit = channel.limits().timeout;
            assert_eq!(limit, Duration::from_secs(1));
            let began = Instant::now();
            let outcome = channel.send(&message(&address)).await;
            let took = began.elapsed();
            assert_eq!(outcome, Err(SendFault::TimedOut), "{way}");
            assert!(took >= limit && took < limit + Duration::from_secs(4), "{way} took {took:?}");
        }));
    }
    for way in sent {
        way.await.unwrap();
    }
    assert!(hole.connections() >= 13, "each way did try: {}", hole.connections());
}

/// The same way, and not one byte leaves; the listener would count a connection, which the test above shows.
#[tokio::test]
async fn in_a_rehearsal_no_connection_is_made() {
    let hole = BlackHole::open().await;
    let folder = tempfile::tempdir().unwrap();
    let key = push_key(&folder);
    for (way, kind, toml, address) in every_way(hole.port, &key) {
        let opened = channels::rehearse(&crate::settings(&toml)).unwrap();
        let channel = &opened.channels[0];
        let handed_over = channel.send(&message(&address)).await.unwrap();
        assert_eq!(handed_over.references[0], "rehearsal:01JQ8Z-1:1", "{way}");
        assert_eq!(usize::from(handed_over.parts), handed_over.references.len(), "{way}");
        let fault = channel.send(&message("")).await.unwrap_err();
        assert!(
            matches!(fault, SendFault::BadAddress { .. }),
            "{way}: what is wrong is found as well: {fault:?}"
        );
        assert_eq!(channel.kind(), kind);
    }
    let bare = channels::rehearsal(&Kind::ALL);
    for channel in &bare {
        let fault = channel.send(&message("")).await.unwrap_err();
        assert!(matches!(fault, SendFault::BadAddress { .. }), "{:?}: {fault:?}", channel.kind());
    }
    assert_eq!(bare[0].send(&message("13900000000")).await.unwrap().references, ["rehearsal:01JQ8Z-1:1"]);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(hole.connections(), 0);
}

/// An order never waits behind notices inside of a channel: what is too much now comes back with the time to wait.
#[tokio::test]
async fn what_is_too_much_is_sent_back_at_once_with_the_time_to_wait() {
    let hole = BlackHole::open().await;
    let toml = &every_way(hole.port, "")[0].2.replace("timeout_s = 1", "timeout_s = 5, at_once = 2");
    let (channel, _inbound) = crate::opened(toml);
    let numbered = |n: u32| {
        let channel = channel.clone();
        async move {
            let mut message = message("13900000000");
            message.id = n.to_string();
            channel.send(&message).await
        }
    };
    let waiting = [tokio::spawn(numbered(1)), tokio::spawn(numbered(2))];
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    let third = numbered(3).await.unwrap_err();
    assert!(
        matches!(third, SendFault::Throttled { .. }) && began.elapsed() < Duration::from_millis(50),
        "{third:?}"
    );
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    crate::until("both are given up", || waiting.iter().all(tokio::task::JoinHandle::is_finished)).await;

    // The same message twice at one time is on its way once.
    let first = tokio::spawn(numbered(9));
    tokio::time::sleep(Duration::from_millis(50)).await;
    let second = numbered(9).await.unwrap_err();
    assert!(matches!(second, SendFault::Throttled { .. }), "{second:?}");
    first.abort();

    // Three parts each, ten a second: the fifth of a second that may be run ahead is used up by the first.
    let toml = every_way(hole.port, "")[0].2.replace("timeout_s = 1", "per_s = 10");
    let rehearsed = channels::rehearse(&crate::settings(&toml)).unwrap();
    let mut long = message("13900000000");
    long.text = "急".repeat(67 * 3);
    let first = rehearsed.channels[0].send(&long).await.unwrap();
    assert_eq!(first.parts, 3);
    long.id = "2".into();
    let fault = rehearsed.channels[0].send(&long).await.unwrap_err();
    let SendFault::Throttled { retry_after } = fault else { panic!("{fault:?}") };
    assert!(
        retry_after > Duration::from_millis(20) && retry_after <= Duration::from_millis(100),
        "{retry_after:?}"
    );
    tokio::time::sleep(retry_after).await;
    rehearsed.channels[0].send(&long).await.unwrap();
}

#[test]
fn settings_that_cannot_be_meant_so_name_the_channel_and_what_would_be_right() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _entered = runtime.enter();
    let sms = &every_way(1, "")[0].2;
    let wrong = [
        (sms.replace("{text}", "{mobile}"), "{mobile} is no placeholder"),
        (sms.replace("http://", "ftp://"), "is not of the form \"https://host/…\""),
        (sms.replace("\"/code\"", "\"code\""), "is no pointer"),
        (sms.replace("timeout_s = 1", "timeout_s = 0"), "limits.timeout_s = 0 is not within 1 to 120"),
        (sms.replace("name = \"a\"", "name = \"a/b\""), "name is not of 1 to 40 letters"),
        (format!("{sms}{sms}"), "another channel has this name already"),
        (format!("{sms}secrets = {{ k = {{ file = \"/nowhere/at/all\" }} }}"), "cannot read /nowhere/at/all"),
        (every_way(1, "")[2].2.replace("127.0.0.1:1", "127.0.0.1"), "is not of the form \"host:port\""),
        (every_way(1, "")[4].2.replace("\"p\"", "\"longer than eight\""), "password is not of 0 to 8"),
        (every_way(1, "")[11].2.replace("0123456789abcdef", "short"), "less than 16 characters"),
    ];
    for (toml, what) in wrong {
        let fault = channels::open(&crate::settings(&toml)).err().unwrap_or_else(|| panic!("taken: {toml}"));
        assert!(fault.to_string().contains(what), "{fault}");
        assert!(fault.channel.starts_with('a'), "{fault}");
    }
    let error =
        toml::from_str::<channels::Settings>("[[sms_https]]\nname = \"a\"\nadress = \"x\"\n").unwrap_err();
    assert!(error.to_string().contains("adress"), "{error}");
    let debug = format!("{:?}", crate::settings(&every_way(1, "")[2].2));
    assert!(!debug.contains("\"p\"") && debug.contains("Secret(…)"), "a log shows no password: {debug}");
}

#[tokio::test]
async fn a_peer_whose_certificate_nobody_knows_gets_nothing() {
    let certified = Certified::new();
    let peer = crate::peers::HttpPeer::open_tls(&certified).await;
    let url = format!("https://localhost:{}", peer.port);
    let toml = every_way(1, "")[7].2.replace("http://127.0.0.1:1", &url);
    let (stranger, _inbound) = crate::opened(&toml);
    let fault = stranger.send(&message("duty")).await.unwrap_err();
    assert!(
        matches!(&fault, SendFault::Unreachable { reason } if reason.contains("certificate")),
        "{fault:?}"
    );
    assert!(peer.seen().is_empty());

    peer.answers("200 OK", "", r#"{"errcode":0}"#);
    let known = format!("ca_file = \"{}\"\n{toml}", certified.cert().display());
    let (channel, _inbound) = crate::opened(&known);
    channel.send(&message("duty")).await.unwrap();
    assert_eq!(peer.seen().len(), 1);
}
