//! What a peer says is hostile until read: any octets are read or refused, and none of them ends the node.

#![allow(clippy::unwrap_used, reason = "a test says where it fails")]

use channels::link::Dialect;
use channels::settings::{AnswerSettings, CmppVersion, MqttReportSettings, ReportSettings};
use channels::sms::parts::{gsm7_text, ucs2_text, without_header};
use channels::{ari, cmpp, gateway, mqtt, push, smpp, sms, webhook};
use proptest::prelude::*;

fn octets() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..400)
}

/// Octets behind a length that is right, and a command that means something: what gets past the first check.
fn framed(head: usize, commands: Vec<u32>) -> impl Strategy<Value = Vec<u8>> {
    (prop::sample::select(commands), prop::collection::vec(any::<u8>(), head - 8..200)).prop_map(
        |(command, rest)| {
            let length = u32::try_from(8 + rest.len()).unwrap();
            [&length.to_be_bytes()[..], &command.to_be_bytes(), &rest].concat()
        },
    )
}

/// Reads as the link does: frame after frame, until more is needed or the peer makes no sense.
fn hear(dialect: &mut impl Dialect, octets: &[u8]) {
    let mut rest = octets;
    while let Ok(Some((length, _))) = dialect.hear(rest) {
        assert!(length > 0 && length <= rest.len(), "a frame lies within what was received");
        rest = &rest[length..];
    }
}

fn cmpp(version: CmppVersion) -> cmpp::Cmpp {
    let text = |text: &str| text.to_owned();
    let account = cmpp::Account {
        version,
        account: text("900001"),
        password: text("p"),
        source: text("1069"),
        service: text("yj"),
    };
    cmpp::Cmpp::new(account).unwrap()
}

fn smpp() -> smpp::Smpp {
    let text = |text: &str| text.to_owned();
    let account = smpp::Account {
        system_id: text("m"),
        password: text("p"),
        system_type: text(""),
        source: text("1069"),
        source_ton: 0,
        source_npi: 0,
    };
    smpp::Smpp::new(account).unwrap()
}

fn mqtt() -> mqtt::Mqtt {
    let text = |text: &str| text.to_owned();
    let reports = MqttReportSettings {
        topic: text("a/+"),
        reference: text("/id"),
        state: text("/state"),
        delivered: vec![text("1")],
        pending: vec![],
        reason: Some(text("/why")),
    };
    mqtt::Mqtt::new(mqtt::Account {
        client_id: text("m"),
        user: None,
        keep_alive_s: 30,
        reports: Some(reports),
    })
}

const CMPP: [u32; 8] = [1, 2, 4, 5, 8, 0x8000_0001, 0x8000_0004, 0x8000_0008];
const SMPP: [u32; 9] = [4, 5, 6, 9, 0x15, 0x8000_0000, 0x8000_0004, 0x8000_0009, 0x8000_0015];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_octets_of_a_cmpp_gateway_are_read_or_refused(
        any in octets(),
        framed in framed(12, CMPP.to_vec()),
        wide in any::<bool>(),
    ) {
        let version = if wide { CmppVersion::V3 } else { CmppVersion::V2 };
        hear(&mut cmpp(version), &any);
        hear(&mut cmpp(version), &framed);
        let _ = cmpp::pdu::parse_frame(&any);
        let _ = cmpp::pdu::parse_connect_answer(&any, version);
        let _ = cmpp::pdu::parse_submit_answer(&any, version);
        let _ = cmpp::pdu::parse_deliver(&any, version);
        let _ = cmpp::pdu::parse_report(&any);
    }

    #[test]
    fn any_octets_of_an_smsc_are_read_or_refused(any in octets(), framed in framed(16, SMPP.to_vec()), text in any::<String>()) {
        hear(&mut smpp(), &any);
        hear(&mut smpp(), &framed);
        let _ = smpp::pdu::parse_frame(&any);
        let _ = smpp::pdu::parse_submit_answer(&any);
        let _ = smpp::pdu::parse_deliver(&any);
        let _ = smpp::pdu::parse_receipt(&text);
        let _ = smpp::pdu::parse_receipt(&format!("{text} id:{text} stat:{text}"));
    }

    #[test]
    fn any_octets_of_a_broker_are_read_or_refused(any in octets(), kind in 0_u8..16, body in prop::collection::vec(any::<u8>(), 0..120)) {
        hear(&mut mqtt(), &any);
        let _ = mqtt::packet::parse_packet(&any);
        let length = u8::try_from(body.len()).unwrap();
        hear(&mut mqtt(), &[&[kind << 4 | 2, length][..], &body].concat());
    }

    #[test]
    fn any_octets_of_asterisk_are_read_or_refused(any in octets(), text in any::<String>(), json in json(), opcode in 0_u8..16) {
        let _ = ari::ws::parse_upgrade(&any);
        let _ = ari::ws::parse_upgrade(format!("HTTP/1.1 101 {text}\r\nSec-WebSocket-Accept: {text}\r\n\r\n").as_bytes());
        let _ = ari::ws::parse_ws_frame(&any);
        let (sender, mut events) = tokio::sync::mpsc::channel(64);
        let (listening, _) = tokio::sync::watch::channel(false);
        let mut near = ari::events::Events::new("h".into(), "/".into(), "Basic x".into(), sender, listening);
        let mut hello = Vec::new();
        near.hello(1, &mut hello);
        let key = String::from_utf8(hello).unwrap();
        let key = key.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: ")).unwrap();
        let upgrade = format!("HTTP/1.1 101 x\r\nsec-websocket-accept: {}\r\n\r\n", ari::ws::accept(key));
        let length = u8::try_from(any.len().min(125)).unwrap();
        hear(&mut near, &[upgrade.as_bytes(), &[0x80 | opcode, length], &any].concat());
        for text in [&text, &json] {
            let _ = ari::events::parse_event(text);
        }
        while events.try_recv().is_ok() {}
    }

    #[test]
    fn any_octets_are_some_text(any in octets(), has_header in any::<bool>()) {
        let body = without_header(&any, has_header);
        let _ = (gsm7_text(body), ucs2_text(body));
    }

    #[test]
    fn any_callback_is_read_or_refused(text in any::<String>(), any in octets(), json in json()) {
        let text_of = |text: &str| text.to_owned();
        let reports = ReportSettings {
            list: text_of("/a"),
            reference: text_of("/b"),
            state: text_of("/a/0"),
            delivered: vec![],
            pending: vec![],
            reason: None,
        };
        let answers =
            AnswerSettings { list: String::new(), from: text_of("/a"), text: text_of("/b"), reference: None, id: Some(text_of("/c")) };
        for body in [text.as_bytes(), &any, json.as_bytes()] {
            for content_type in ["application/json", "application/x-www-form-urlencoded"] {
                if let Ok(document) = gateway::parse_document(content_type, body) {
                    let _ = gateway::read_reports(&document, &reports, 0);
                    let _ = gateway::read_answers(&document, &answers, 0);
                }
            }
            let _ = webhook::parse_callback(body, 0);
        }
        let _ = push::parse_subscription(&text);
        let _ = push::parse_subscription(&json);
        let _ = (sms::mobile(&text), sms::telephone(&text));
    }
}

/// JSON that has the names which are looked for.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "1",
        "null",
        "\"x\"",
        "true",
        "[]",
        "{}",
        "-0.5",
        "\"BTBZMqHH6r4Tts7J_aSIgg\"",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            (
                prop::sample::select(vec![
                    "a",
                    "b",
                    "reports",
                    "answers",
                    "reference",
                    "state",
                    "endpoint",
                    "keys",
                    "auth",
                    "p256dh"
                ]),
                inner.clone(),
                prop::sample::select(vec!["a", "b", "text", "from", "keys", "endpoint"]),
                inner
            )
                .prop_map(|(one, first, two, second)| format!("{{\"{one}\":{first},\"{two}\":{second}}}")),
        ]
    })
}
