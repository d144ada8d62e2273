//! Peers by HTTP: handed over with a reference, refused, repeated.

use base64::Engine as _;
use channels::{HandedOver, SendFault};
use serde_json::{Value, json};

use crate::peers::{Certified, HttpPeer};
use crate::{message, opened};

fn sms(port: u16) -> String {
    format!(
        r#"
[[sms_https]]
name = "mobile"
url = "http://127.0.0.1:{port}/v2/send?app={{secret.app}}"
format = "json"
signature = "荣成应急"
headers = {{ Authorization = "Bearer {{secret.key}}" }}
secrets = {{ app = "a&1", key = "geheim" }}
success = {{ pointer = "/code", is = ["0"] }}
reference = "/data/msgid"
reason = "/message"
bad_address = ["21"]
busy = ["42"]
[sms_https.body]
mobile = "{{to}}"
content = "{{text}}"
extend = "{{short_code}}"
custom = {{ uid = "{{id}}", urgent = "{{priority}}", sign = "{{signature}}" }}
"#
    )
}

#[tokio::test]
async fn an_operators_gateway_gets_the_signed_text_and_its_word_is_the_reference() {
    let peer = HttpPeer::open().await;
    peer.answers("200 OK", "", r#"{"code":0,"data":{"msgid":7788}}"#);
    let (channel, _inbound) = opened(&sms(peer.port));
    let order = message("+86 139-0000-0000");
    let handed_over = channel.send(&order).await.unwrap();
    assert_eq!(handed_over, HandedOver { references: vec!["7788".to_owned()], parts: 1 });
    let seen = &peer.seen()[0];
    assert_eq!(seen.path, "/v2/send?app=a%261");
    assert_eq!(seen.headers["authorization"], "Bearer geheim");
    assert_eq!(
        seen.json(),
        json!({
            "mobile": "13900000000", "content": format!("【荣成应急】{}", order.text), "extend": "A7",
            "custom": { "uid": "01JQ8Z-1", "urgent": "1", "sign": "荣成应急" },
        })
    );
    // The same key again: nothing more is sent, and the answer is the same.
    assert_eq!(channel.send(&order).await.unwrap(), handed_over);
    assert_eq!(peer.seen().len(), 1);
    // To another telephone it is another message.
    channel.send(&message("13900000001")).await.unwrap();
    assert_eq!(peer.seen().len(), 2);
}

#[tokio::test]
async fn a_gateway_that_refuses_says_whether_the_number_is_wrong() {
    let peer = HttpPeer::open().await;
    let (channel, _inbound) = opened(&sms(peer.port));
    let order = message("13900000000");
    let answers = [
        ("200 OK", "", r#"{"code":"21","message":"号码 13900000000 空号"}"#, "bad_address"),
        ("200 OK", "", r#"{"code":42,"message":"流控"}"#, "throttled"),
        ("200 OK", "", r#"{"code":9,"message":"签名未报备"}"#, "refused"),
        ("200 OK", "", "<html>", "unreachable"),
        ("503 Busy", "retry-after: 7\r\n", "", "throttled"),
        ("500 Error", "", "", "unreachable"),
        ("403 Forbidden", "", "", "refused"),
        ("302 Found", "location: http://127.0.0.1:1/\r\n", "", "refused"),
        ("504 Timeout", "", "", "timed_out"),
    ];
    for (status, headers, body, code) in answers {
        peer.answers(status, headers, body);
        let fault = channel.send(&order).await.unwrap_err();
        assert_eq!(fault.code(), code, "{status} {body}: {fault}");
        assert!(!fault.to_string().contains("13900000000"), "the log shows no number: {fault}");
        if status.starts_with("503") {
            assert_eq!(fault, SendFault::Throttled { retry_after: std::time::Duration::from_secs(7) });
        }
    }
    // What was not handed over goes out again under the same key.
    peer.answers("200 OK", "", r#"{"code":0,"data":{"msgid":"x"}}"#);
    assert_eq!(channel.send(&order).await.unwrap().references, ["x"]);
    assert_eq!(peer.seen().len(), answers.len() + 1);
    assert_eq!(channel.send(&message("0631-7562119")).await.unwrap_err().code(), "bad_address");
}

#[tokio::test]
async fn a_call_is_asked_for_by_a_form_and_ends_with_what_to_press() {
    let peer = HttpPeer::open().await;
    peer.answers("200 OK", "", r#"{"result":true}"#);
    let toml = format!(
        r#"
[[voice_https]]
name = "calls"
url = "http://127.0.0.1:{}/call"
format = "form"
prompt = "确认收到请按1。"
success = {{ pointer = "/result", is = ["true"] }}
body = {{ called = "{{to}}", tts = "{{text}}", ref = "{{id}}" }}
"#,
        peer.port
    );
    let (channel, _inbound) = opened(&toml);
    let order = message("0631-7562119");
    let handed_over = channel.send(&order).await.unwrap();
    // The gateway gives no name of its own: it reports under the key that it was told.
    assert_eq!(handed_over, HandedOver { references: vec!["01JQ8Z-1".to_owned()], parts: 1 });
    let seen = &peer.seen()[0];
    let form: Vec<(String, String)> = form_urlencoded::parse(&seen.body).into_owned().collect();
    assert_eq!(form[0], ("called".to_owned(), "06317562119".to_owned()));
    assert_eq!(form[2], ("tts".to_owned(), format!("{} 确认收到请按1。", order.text)));
    peer.answers("200 OK", "", r#"{"result":false}"#);
    assert_eq!(channel.send(&message("119")).await.unwrap_err().code(), "refused");
}

#[tokio::test]
async fn robots_speak_to_their_group_with_the_signature_of_the_moment() {
    let peer = HttpPeer::open().await;
    for kind in ["dingtalk", "wecom", "feishu"] {
        let secret = if kind == "wecom" { "" } else { ", secret = \"SECtest0001\"" };
        let toml = format!(
            "[[{kind}]]\nname = \"{kind}\"\nbase_url = \"http://127.0.0.1:{}/\"\ngroups = {{ duty = {{ token = \"t1\"{secret} }} }}\nlimits = {{ per_s = 1000 }}\n",
            peer.port
        );
        let (channel, _inbound) = opened(&toml);
        peer.answers("200 OK", "", r#"{"errcode":0,"code":0}"#);
        let order = message("duty");
        assert_eq!(channel.send(&order).await.unwrap(), HandedOver { references: vec![], parts: 1 });
        let seen = peer.seen().pop().unwrap();
        let body = seen.json();
        match kind {
            "dingtalk" => {
                assert_eq!(body["text"]["content"], order.text);
                let (path, query) = seen.path.split_once('?').unwrap();
                assert_eq!(path, "/robot/send");
                let query: std::collections::HashMap<String, String> =
                    form_urlencoded::parse(query.as_bytes()).into_owned().collect();
                let made = channels::robot::dingtalk_sign("SECtest0001", query["timestamp"].parse().unwrap());
                assert_eq!((query["access_token"].as_str(), &query["sign"]), ("t1", &made));
            }
            "wecom" => {
                assert_eq!(seen.path, "/cgi-bin/webhook/send?key=t1");
                assert_eq!(body["text"]["content"], order.text);
            }
            _ => {
                assert_eq!(seen.path, "/open-apis/bot/v2/hook/t1");
                let stamp = body["timestamp"].as_str().unwrap().parse().unwrap();
                assert_eq!(body["sign"], channels::robot::feishu_sign("SECtest0001", stamp));
                assert_eq!(body["content"]["text"], order.text);
            }
        }
        assert_eq!(channel.send(&message("nobody")).await.unwrap_err().code(), "bad_address");
        assert_eq!(channel.send(&message("duty@张三")).await.unwrap_err().code(), "bad_address");
        peer.answers(
            "400 Bad",
            "",
            r#"{"errcode":310000,"code":19021,"errmsg":"sign not match","msg":"sign"}"#,
        );
        let fault = channel.send(&message("duty@139")).await.unwrap_err();
        assert!(fault.code() == "refused" && fault.to_string().contains("sign"), "{fault}");
        let mut long = message("duty");
        long.text = "长".repeat(10_000);
        assert_eq!(
            channel
                .send(&{
                    let mut m = long;
                    m.id = "2".into();
                    m
                })
                .await
                .unwrap_err()
                .code(),
            "refused"
        );
    }
}

#[tokio::test]
async fn a_target_can_tell_a_signed_message_from_a_forged_and_a_repeated_one() {
    let peer = HttpPeer::open().await;
    peer.answers("202 Accepted", "", r#"{"reference":"case-9"}"#);
    let toml = format!(
        "[[webhook]]\nname = \"hook\"\ntargets = {{ city = {{ url = \"http://127.0.0.1:{}/in\", secret = \"0123456789abcdef\" }} }}\n",
        peer.port
    );
    let (channel, _inbound) = opened(&toml);
    let order = message("city");
    assert_eq!(channel.send(&order).await.unwrap().references, ["case-9"]);
    let seen = &peer.seen()[0];
    let signature =
        channels::webhook::signature("0123456789abcdef", &seen.headers["muster-timestamp"], &seen.body);
    assert_eq!(seen.headers["muster-signature"], signature);
    assert_eq!(seen.headers["muster-id"], order.id);
    assert_eq!(seen.json()["text"], order.text);
    peer.answers("204 No Content", "", "");
    let mut other = message("city");
    other.id = "2".into();
    assert_eq!(channel.send(&other).await.unwrap().references, ["2"]);
    peer.answers("410 Gone", "", "");
    other.id = "3".into();
    assert_eq!(channel.send(&other).await.unwrap_err().code(), "refused");
}

fn decoded(text: &str) -> Vec<u8> {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// RFC 8030, 8291, 8292: the message reaches the service sealed, and the browser's key opens it.
#[tokio::test]
async fn a_push_service_gets_a_sealed_message_and_the_nodes_signature() {
    use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
    use ring::{aead, hkdf, rand::SystemRandom, signature};

    let certified = Certified::new();
    let peer = HttpPeer::open_tls(&certified).await;
    peer.answers("201 Created", "location: https://localhost/m/1\r\n", "");
    let node = rcgen::KeyPair::generate().unwrap();
    let key = node.serialize_pem().replace('\n', "\\n");
    let toml = format!(
        "ca_file = \"{}\"\n[[push]]\nname = \"push\"\ncontact = \"mailto:z@example.cn\"\nkey = \"{key}\"\nservices = [\"localhost\"]\n",
        certified.cert().display()
    );
    let (channel, _inbound) = opened(&toml);
    let browser = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
    let public = browser.compute_public_key().unwrap();
    let encoded = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(public.as_ref());
    let auth = [7; 16];
    let subscription = json!({
        "endpoint": format!("https://localhost:{}/p/1", peer.port), "expirationTime": null,
        "keys": { "p256dh": encoded, "auth": base64::engine::general_purpose::URL_SAFE.encode(auth) },
    });
    let order = message(&subscription.to_string());
    assert_eq!(channel.send(&order).await.unwrap().references, ["https://localhost/m/1"]);
    let seen = &peer.seen()[0];
    assert_eq!(
        (seen.headers["urgency"].as_str(), seen.headers["content-encoding"].as_str()),
        ("high", "aes128gcm")
    );

    // The signature is the node's, for this service.
    let vapid = seen.headers["authorization"].strip_prefix("vapid t=").unwrap();
    let (token, node_key) = vapid.split_once(", k=").unwrap();
    let (signed, mark) = token.rsplit_once('.').unwrap();
    let node_key = decoded(node_key);
    signature::UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, &node_key)
        .verify(signed.as_bytes(), &decoded(mark))
        .unwrap();
    let claims: Value = serde_json::from_slice(&decoded(signed.split_once('.').unwrap().1)).unwrap();
    assert_eq!(claims["aud"], format!("https://localhost:{}", peer.port));

    // The browser opens it as RFC 8291 says.
    let (salt, rest) = seen.body.split_at(16);
    let (sender, record) = rest[5..].split_at(65);
    let derive = |salt: &[u8], secret: &[u8], info: &[&[u8]], length| {
        struct Length(usize);
        impl hkdf::KeyType for Length {
            fn len(&self) -> usize {
                self.0
            }
        }
        let mut out = vec![0; length];
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret);
        prk.expand(info, Length(length)).unwrap().fill(&mut out).unwrap();
        out
    };
    let secret =
        agree_ephemeral(browser, &UnparsedPublicKey::new(&ECDH_P256, sender), <[u8]>::to_vec).unwrap();
    let keying = derive(&auth, &secret, &[b"WebPush: info\0", public.as_ref(), sender], 32);
    let key = derive(salt, &keying, &[b"Content-Encoding: aes128gcm\0"], 16);
    let nonce = derive(salt, &keying, &[b"Content-Encoding: nonce\0"], 12);
    let mut record = record.to_vec();
    let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_128_GCM, &key).unwrap());
    let nonce = aead::Nonce::try_assume_unique_for_key(&nonce).unwrap();
    let plain = key.open_in_place(nonce, aead::Aad::empty(), &mut record).unwrap();
    let plain: Value = serde_json::from_slice(plain.strip_suffix(&[2]).unwrap()).unwrap();
    assert_eq!((&plain["text"], &plain["title"]), (&json!(order.text), &json!(order.subject)));

    // A browser that is gone, a service that nobody named, a message beyond one record.
    peer.answers("410 Gone", "", "");
    let mut other = order.clone();
    other.id = "2".into();
    assert_eq!(channel.send(&other).await.unwrap_err().code(), "bad_address");
    other.address = other.address.replace("localhost", "evil-localhost");
    assert_eq!(channel.send(&other).await.unwrap_err().code(), "bad_address");
    assert_eq!(peer.seen().len(), 2);
    let mut long = order;
    (long.id, long.text) = ("3".into(), "长".repeat(2_000));
    assert_eq!(channel.send(&long).await.unwrap_err().code(), "refused");
}
