//! What gateways and targets send to the node.

use channels::{Callback, CallbackAnswer, CallbackFault, Inbound};
use http::{HeaderMap, HeaderValue};

use crate::opened;

const GATEWAY: &str = r#"
[[sms_https]]
name = "mobile"
url = "http://127.0.0.1:1/"
format = "form"
body = { m = "{to}", c = "{text}" }
success = { pointer = "/code", is = ["0"] }
[sms_https.callback]
token = "0123456789abcdef"
body = "0"
reports = { list = "/reports", reference = "/msgid", state = "/status", delivered = ["DELIVRD", "0"], pending = ["ACCEPTD"], reason = "/desc" }
answers = { from = "/mobile", text = "/content" }
"#;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| ((*name).parse().unwrap(), HeaderValue::try_from(*value).unwrap()))
        .collect()
}

#[tokio::test]
async fn reports_and_replies_of_a_gateway_are_read_as_the_settings_say() {
    let (channel, _inbound) = opened(GATEWAY);
    let json = headers(&[("content-type", "application/json")]);
    let body = r#"{"reports":[{"msgid":"1","status":"DELIVRD"},{"msgid":2,"status":"ACCEPTD"},
        {"msgid":"3","status":"UNDELIV","desc":"空号"}]}"#;
    let query = "token=0123456789abcdef&what=report";
    let callback = Callback { query, headers: &json, body: body.as_bytes(), at_ms: 5 };
    let reported = vec![
        Inbound::Delivered { reference: "1".into(), at_ms: 5 },
        Inbound::Failed { reference: "3".into(), reason: "UNDELIV 空号".into(), at_ms: 5 },
    ];
    assert_eq!(channel.callback(callback), Ok(CallbackAnswer { inbound: reported, body: "0".into() }));

    let form = headers(&[("content-type", "application/x-www-form-urlencoded; charset=utf-8")]);
    let body = "mobile=8613900000000&content=A7+1%E6%94%B6%E5%88%B0%F0%A0%AE%B7";
    let query = "what=answer&token=0123456789abcdef";
    let callback = Callback { query, headers: &form, body: body.as_bytes(), at_ms: 6 };
    let answer = Inbound::Answer {
        from: "13900000000".into(),
        text: "A7 1收到𠮷".into(),
        reference: None,
        id: None,
        at_ms: 6,
    };
    assert_eq!(channel.callback(callback).unwrap().inbound, [answer]);
}

#[tokio::test]
async fn a_callback_of_a_stranger_or_without_sense_is_refused_whole() {
    let (channel, _inbound) = opened(GATEWAY);
    let json = headers(&[("content-type", "application/json")]);
    let tried = |query: &str, body: &str| {
        channel.callback(Callback { query, headers: &json, body: body.as_bytes(), at_ms: 0 }).unwrap_err()
    };
    assert!(matches!(tried("what=report", "{}"), CallbackFault::NotAuthentic { .. }));
    assert!(matches!(tried("what=report&token=0123456789abcdeX", "{}"), CallbackFault::NotAuthentic { .. }));
    let token = "token=0123456789abcdef&what=report";
    for body in ["", "[", "{}", r#"{"reports":[{"msgid":"1","status":"DELIVRD"},{"status":"DELIVRD"}]}"#] {
        assert!(matches!(tried(token, body), CallbackFault::Unreadable { .. }), "{body}");
    }
    assert!(matches!(tried("token=0123456789abcdef&what=else", "{}"), CallbackFault::Unreadable { .. }));
    let many = format!(r#"{{"reports":[{}1]}}"#, "1,".repeat(1_000));
    assert!(tried(token, &many).to_string().contains("1000 are the limit"));

    let without = GATEWAY.split("[sms_https.callback]").next().unwrap();
    let (channel, _inbound) = opened(without);
    let callback = Callback { query: token, headers: &json, body: b"{}", at_ms: 0 };
    assert_eq!(channel.callback(callback), Err(CallbackFault::NotSupported));
}

#[tokio::test]
async fn a_targets_word_counts_only_with_its_signature_and_while_it_is_fresh() {
    let (channel, _inbound) = opened(
        "[[webhook]]\nname = \"hook\"\ntargets = { city = { url = \"http://127.0.0.1:1/\", secret = \"0123456789abcdef\" } }\n",
    );
    let body = r#"{"reports":[{"reference":"case-9","state":"delivered"}],"answers":[{"from":"值班员","text":"1","reference":"case-9"}]}"#;
    let stamp = "1754438400";
    let signature = channels::webhook::signature("0123456789abcdef", stamp, body.as_bytes());
    let called = |target: &str, stamp: &str, signature: &str, body: &str, at_ms: i64| {
        let headers = headers(&[
            ("muster-target", target),
            ("muster-timestamp", stamp),
            ("muster-signature", signature),
        ]);
        channel.callback(Callback { query: "", headers: &headers, body: body.as_bytes(), at_ms })
    };
    let now = 1_754_438_400_000;
    let taken = called("city", stamp, &signature, body, now).unwrap().inbound;
    assert_eq!(taken.len(), 2);
    assert!(matches!(&taken[1], Inbound::Answer { reference: Some(reference), .. } if reference == "case-9"));
    let forged = [
        called("town", stamp, &signature, body, now),
        called("city", "1754438401", &signature, body, now),
        called("city", stamp, &signature.replace("v1=", "v2="), body, now),
        called("city", stamp, &signature, "{}", now),
        called("city", stamp, &signature, body, now + 301_000),
        called("city", "soon", &signature, body, now),
    ];
    for answer in forged {
        assert!(matches!(answer, Err(CallbackFault::NotAuthentic { .. })), "{answer:?}");
    }
    let wrong = r#"{"report":[]}"#;
    let signature = channels::webhook::signature("0123456789abcdef", stamp, wrong.as_bytes());
    let answer = called("city", stamp, &signature, wrong, now);
    assert!(
        matches!(&answer, Err(CallbackFault::Unreadable { reason }) if reason.contains("line 1")),
        "{answer:?}"
    );
}
