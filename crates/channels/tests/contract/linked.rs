//! SMS over a lasting link: CMPP against a small gateway of ours, SMPP against npm's smpp.

use std::time::Duration;

use channels::settings::CmppVersion;
use channels::{HandedOver, Inbound, SendFault};

use crate::cmpp_peer::CmppPeer;
use crate::{message, next, opened, until};

fn cmpp(port: u16, version: &str, more: &str) -> String {
    format!(
        "[[cmpp]]\nname = \"cmpp\"\npeer = \"127.0.0.1:{port}\"\nversion = \"{version}\"\naccount = \"900001\"\n\
         password = \"888888\"\nsource = \"10690001\"\nservice = \"yj\"\nsignature = \"荣成应急\"\n{more}\n"
    )
}

fn numbered(address: &str, id: u32) -> channels::Outgoing {
    let mut message = message(address);
    message.id = id.to_string();
    message
}

#[tokio::test]
async fn a_cmpp_gateway_of_either_version_takes_parts_and_brings_reports_and_replies() {
    for (version, text) in [(CmppVersion::V2, "2.0"), (CmppVersion::V3, "3.0")] {
        let peer = CmppPeer::open(version, "888888").await;
        let (channel, mut inbound) = opened(&cmpp(peer.port, text, ""));
        let order = message("13900000000");
        let handed_over = channel.send(&order).await.unwrap();
        assert_eq!(handed_over, HandedOver { references: vec!["b4c5530000010000".to_owned()], parts: 1 });
        let sent = &peer.submitted()[0];
        assert_eq!(sent.text, format!("【荣成应急】{}", order.text));
        assert_eq!(
            (sent.to.as_str(), sent.source.as_str(), sent.header.len()),
            ("13900000000", "10690001", 0)
        );

        let Inbound::Delivered { reference, at_ms } = next(&mut inbound).await else { panic!("no report") };
        assert!(reference == handed_over.references[0] && at_ms > 1_700_000_000_000);
        let Inbound::Answer { from, text, .. } = next(&mut inbound).await else { panic!("no reply") };
        assert_eq!((from.as_str(), text.as_str()), ("13900000000", "A7 1 㛃𠮷收到"));
        until("both are acknowledged", || peer.deliver_answers() == 2).await;

        // A long text: parts that belong together, the signature once, and nothing cut apart.
        let mut long = numbered("13900000005", 2);
        long.text = "危化品泄漏𠮷".repeat(30);
        let handed_over = channel.send(&long).await.unwrap();
        let parts = peer.submitted().split_off(1);
        assert_eq!((usize::from(handed_over.parts), parts.len()), (parts.len(), 4));
        let mark = parts[0].header[3];
        for (index, part) in (1..).zip(&parts) {
            assert_eq!((part.index, part.total), (index, 4));
            assert_eq!(part.header, [5, 0, 3, mark, 4, index]);
            assert!(part.text.encode_utf16().count() <= 67);
        }
        let whole: String = parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(whole, format!("【荣成应急】{}", long.text));
        let Inbound::Failed { reference, reason, .. } = next(&mut inbound).await else { panic!("no report") };
        assert!(handed_over.references.contains(&reference));
        assert_eq!(reason, "UNDELIV");

        let fault = channel.send(&numbered("13900000013", 3)).await.unwrap_err();
        assert!(matches!(fault, SendFault::BadAddress { .. }), "{fault:?}");
        let fault = channel.send(&numbered("13900000088", 4)).await.unwrap_err();
        assert!(matches!(fault, SendFault::Throttled { .. }), "{fault:?}");
        let before = peer.submitted().len();
        assert_eq!(channel.send(&order).await.unwrap().references, ["b4c5530000010000"], "the same key");
        assert_eq!(peer.submitted().len(), before);

        drop(channel);
        until("the gateway is told goodbye", || peer.terminated()).await;
    }
}

#[tokio::test]
async fn a_gateway_that_does_not_let_us_in_is_refusing_and_says_why() {
    let peer = CmppPeer::open(CmppVersion::V2, "another").await;
    let (channel, _inbound) = opened(&cmpp(peer.port, "2.0", ""));
    let fault = channel.send(&message("13900000000")).await.unwrap_err();
    assert!(
        fault.is_lasting() && fault.to_string().contains("account or password is wrong (status 3)"),
        "{fault}"
    );
}

#[tokio::test]
async fn a_link_that_breaks_is_opened_anew_and_a_silent_one_is_tested() {
    let peer = CmppPeer::open(CmppVersion::V2, "888888").await;
    let (channel, _inbound) = opened(&cmpp(peer.port, "2.0", "test_s = 1"));
    channel.send(&numbered("13900000000", 1)).await.unwrap();
    until("the silence is tested", || peer.tests() >= 1).await;
    peer.cut();
    until("the link is open again", || peer.connects() == 2).await;
    // A message meanwhile is either told that the link broke, or waits for the new one; none hangs.
    for id in 2..20 {
        if channel.send(&numbered("13900000000", id)).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no message goes out by the new link");
}

/// Plan 4.2.2: a gateway may forget a reply only once the node has it where a crash cannot reach it; what was not recorded
/// is not acknowledged, and keeps nothing else up.
#[tokio::test]
async fn what_came_back_is_acknowledged_once_it_is_recorded() {
    let peer = CmppPeer::open(CmppVersion::V3, "888888").await;
    let (channel, mut inbound) = opened(&cmpp(peer.port, "3.0", ""));
    channel.send(&message("13900000000")).await.unwrap();
    let (report, reply) = (inbound.recv().await.unwrap(), inbound.recv().await.unwrap());
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(peer.deliver_answers(), 0, "neither is recorded yet");
    assert!(report.is_awaited() && reply.is_awaited());
    let Inbound::Answer { id, .. } = &reply.received.what else { panic!("{reply:?}") };
    assert!(id.is_some(), "by this a repeated one is known");
    channel.send(&numbered("13900000001", 2)).await.unwrap();
    drop(report);
    reply.taken();
    until("the recorded one is acknowledged", || peer.deliver_answers() == 1).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(peer.deliver_answers(), 1, "what nobody recorded is not");
    assert_eq!(peer.connects(), 1, "the link stands");
}

/// 300 telephones at once: the window keeps the gateway from more than it allows, and all are handed over.
#[tokio::test]
async fn three_hundred_recipients_are_handed_over_within_three_seconds() {
    let peer = CmppPeer::open(CmppVersion::V3, "888888").await;
    let more = "window = 16\nlimits = { per_s = 10000, at_once = 200 }";
    let (channel, mut inbound) = opened(&cmpp(peer.port, "3.0", more));
    tokio::spawn(async move {
        while let Some(brought) = inbound.recv().await {
            brought.taken();
        }
    });
    channel.send(&numbered("13900000000", 0)).await.unwrap();
    let began = std::time::Instant::now();
    let sent: Vec<_> = (1..=300)
        .map(|id| {
            let channel = channel.clone();
            tokio::spawn(async move {
                loop {
                    match channel.send(&numbered(&format!("139100{id:05}"), id)).await {
                        Err(SendFault::Throttled { retry_after }) => tokio::time::sleep(retry_after).await,
                        outcome => return outcome,
                    }
                }
            })
        })
        .collect();
    for outcome in sent {
        outcome.await.unwrap().unwrap();
    }
    let took = began.elapsed();
    assert!(took < Duration::from_secs(3), "{took:?}");
}

fn smpp(port: u16, more: &str) -> String {
    format!(
        "[[smpp]]\nname = \"smpp\"\npeer = \"127.0.0.1:{port}\"\nsystem_id = \"muster\"\npassword = \"geheim\"\n\
         source = \"10690001\"\nsignature = \"荣成应急\"\n{more}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn an_smsc_takes_parts_and_brings_receipts_and_replies() {
    let (smsc, port) = crate::peers::smsc();
    let (channel, mut inbound) = opened(&smpp(port, ""));
    let order = message("13900000000");
    let handed_over = channel.send(&order).await.unwrap();
    assert_eq!(handed_over, HandedOver { references: vec!["m1".to_owned()], parts: 1 });
    let bound = smsc.says();
    assert_eq!((&bound["bind"], &bound["version"]), (&"muster".into(), &0x34.into()));
    let sent = smsc.says();
    assert_eq!(sent["text"], format!("【荣成应急】{}", order.text), "{sent}");
    assert_eq!((&sent["coding"], &sent["receipt"], &sent["priority"]), (&8.into(), &1.into(), &1.into()));
    let Inbound::Delivered { reference, .. } = next(&mut inbound).await else { panic!("no receipt") };
    assert_eq!(reference, "m1");
    let Inbound::Answer { from, text, .. } = next(&mut inbound).await else { panic!("no reply") };
    assert_eq!((from.as_str(), text.as_str()), ("13900000000", "A7 1 㛃𠮷收到"));
    assert_eq!(smsc.says()["acknowledged"], "m1");

    let mut long = numbered("13900000005", 2);
    long.text = "危化品泄漏𠮷".repeat(30);
    let handed_over = channel.send(&long).await.unwrap();
    assert_eq!(handed_over.references, ["m2", "m3", "m4", "m5"]);
    let mut whole = String::new();
    while whole.chars().count() < long.text.chars().count() + 6 {
        let line = smsc.says();
        if let Some(text) = line["text"].as_str() {
            assert_eq!(line["parts"], 1, "{line}");
            whole.push_str(text);
        }
    }
    assert_eq!(whole, format!("【荣成应急】{}", long.text));
    let Inbound::Failed { reference, reason, .. } = next(&mut inbound).await else { panic!("no receipt") };
    assert_eq!((reference.as_str(), reason.as_str()), ("m2", "UNDELIV"));

    let fault = channel.send(&numbered("13900000013", 3)).await.unwrap_err();
    assert!(matches!(fault, SendFault::BadAddress { .. }), "{fault:?}");
    let fault = channel.send(&numbered("13900000088", 4)).await.unwrap_err();
    assert!(matches!(fault, SendFault::Throttled { .. }), "{fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_smsc_gets_latin_texts_in_its_own_alphabet_and_is_told_goodbye() {
    let (smsc, port) = crate::peers::smsc();
    let (channel, _inbound) = opened(&smpp(port, "test_s = 1").replace("signature = \"荣成应急\"\n", ""));
    let mut english = message("+82101234567");
    english.text = "Fire at the oil depot {A7} @ 10:00, answer 1 € ".repeat(5);
    assert_eq!(channel.send(&english).await.unwrap().references.len(), 2);
    let heard: Vec<_> =
        std::iter::from_fn(|| Some(smsc.says())).take_while(|line| line["enquired"] != true).collect();
    let text: String = heard.iter().filter_map(|line| line["text"].as_str()).collect();
    assert_eq!(text, english.text);
    assert!(
        heard
            .iter()
            .filter(|line| line["to"].is_string())
            .all(|line| line["coding"] == 0 && line["to"] == "82101234567")
    );
    drop(channel);
    while smsc.says()["unbound"] != true {}
    assert!(smsc.says_nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_smsc_that_turns_us_away_or_dies_is_told_at_once() {
    let (smsc, port) = crate::peers::smsc();
    let wrong = smpp(port, "").replace("geheim", "falsch");
    let (channel, _inbound) = opened(&wrong);
    let fault = channel.send(&message("13900000000")).await.unwrap_err();
    assert!(fault.is_lasting() && fault.to_string().contains("the password is wrong"), "{fault}");
    let (channel, _inbound) = opened(&smpp(port, ""));
    channel.send(&numbered("13900000000", 1)).await.unwrap();
    smsc.kill();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let fault = channel.send(&numbered("13900000000", 2)).await.unwrap_err();
    assert!(matches!(fault, SendFault::Unreachable { .. }), "{fault:?}");
}
