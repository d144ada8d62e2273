//! Sirens against Debian's mosquitto, with its own clients as the devices.

use std::process::Command;

use channels::{HandedOver, Inbound};
use serde_json::Value;

use crate::peers::{Certified, Program, broker, dead_port};
use crate::{message, next, opened, until};

fn sirens(peer: &str, more: &str) -> String {
    format!(
        "[[mqtt]]\nname = \"sirens\"\npeer = \"{peer}\"\nclient_id = \"muster\"\ntopic = \"sirens/{{to}}/do\"\n{more}\n\
         [mqtt.body]\nid = \"{{id}}\"\nsay = \"{{text}}\"\nurgent = \"{{priority}}\"\nvolume = 80\n\
         [mqtt.reports]\ntopic = \"sirens/+/done\"\nreference = \"/id\"\nstate = \"/state\"\ndelivered = [\"played\"]\nreason = \"/why\"\n"
    )
}

fn device(port: u16, more: &[&str]) -> Program {
    let mut command = Command::new("mosquitto_sub");
    command
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-q", "1", "-F", "%t %p", "-t", "sirens/+/do"])
        .args(more);
    Program::start(&mut command, "mosquitto-clients")
}

fn report(port: u16, text: &str) {
    let port = port.to_string();
    let done = Command::new("mosquitto_pub")
        .args(["-h", "127.0.0.1", "-p", &port, "-q", "1", "-t", "sirens/tower-1/done", "-m", text])
        .status();
    assert!(done.expect("scripts/setup test installs mosquitto-clients").success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_siren_gets_its_command_and_its_report_counts() {
    let port = dead_port();
    let (_broker, folder) = broker(port, None).await;
    let device = device(port, &[]);
    let (channel, mut inbound) = opened(&sirens(&format!("127.0.0.1:{port}"), "test_s = 1"));
    let order = message("tower-1");
    // The device may still be subscribing; a probe is repeated until it hears one.
    until("the device listens", || {
        let port = port.to_string();
        let probe = ["-h", "127.0.0.1", "-p", &port, "-t", "sirens/probe/do", "-m", "probe"];
        Command::new("mosquitto_pub").args(probe).status().unwrap();
        !device.says_nothing()
    })
    .await;
    let handed_over = channel.send(&order).await.unwrap();
    assert_eq!(handed_over, HandedOver { references: vec![order.id.clone()], parts: 1 });
    let line = std::iter::from_fn(|| device.line()).find(|line| !line.contains("probe")).unwrap();
    let (topic, payload) = line.split_once(' ').unwrap();
    assert_eq!(topic, "sirens/tower-1/do");
    let payload: Value = serde_json::from_str(payload).unwrap();
    assert_eq!((&payload["say"], &payload["volume"]), (&order.text.clone().into(), &80.into()));

    // What others say on the topic is passed over.
    report(port, "no json");
    report(port, r#"{"id":"01JQ8Z-1"}"#);
    report(port, r#"{"id":"01JQ8Z-1","state":"played"}"#);
    let Inbound::Delivered { reference, .. } = next(&mut inbound).await else { panic!("no report") };
    assert_eq!(reference, order.id);
    report(port, r#"{"id":"01JQ8Z-1","state":"fault","why":"功放故障"}"#);
    let Inbound::Failed { reason, .. } = next(&mut inbound).await else { panic!("no report") };
    assert_eq!(reason, "fault 功放故障");

    for wrong in ["", "a/b", "+", "#"] {
        assert_eq!(channel.send(&message(wrong)).await.unwrap_err().code(), "bad_address", "{wrong}");
    }
    // Silence is tested, and the broker (which drops a client that is silent for too long) keeps us.
    tokio::time::sleep(std::time::Duration::from_millis(4_700)).await;
    let mut later = message("tower-2");
    later.id = "2".into();
    channel.send(&later).await.unwrap();
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    let connected = log.lines().filter(|line| line.contains(" as muster ")).count();
    assert_eq!(connected, 1, "the link was never lost: {log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_with_a_certificate_is_spoken_to_through_tls() {
    let certified = Certified::new();
    let port = dead_port();
    let (_broker, _folder) = broker(port, Some(&certified)).await;
    let toml = sirens(&format!("localhost:{port}"), "tls = true");
    let (channel, _inbound) = opened(&format!("ca_file = \"{}\"\n{toml}", certified.cert().display()));
    channel.send(&message("tower-1")).await.unwrap();
    let (stranger, _inbound) = opened(&toml);
    let fault = stranger.send(&message("tower-1")).await.unwrap_err();
    assert!(fault.code() == "unreachable" && fault.to_string().contains("certificate"), "{fault:?}");
}
