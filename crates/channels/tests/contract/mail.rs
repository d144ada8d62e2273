//! Mail against aiosmtpd.

use channels::{HandedOver, SendFault};

use crate::peers::{Certified, mail_server};
use crate::{message, opened};

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_arrives_as_it_was_written() {
    let (server, port) = mail_server(None);
    let (channel, _inbound) = opened(&format!(
        "[[mail]]\nname = \"mail\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n\
         from = \"荣成市应急管理局值班室 <zhiban@example.cn>\"\n"
    ));
    let mut order = message("chief@example.cn");
    order.subject = "出动指令（演练）𠮷\r\nBcc: evil@example.cn".into();
    let handed_over = channel.send(&order).await.unwrap();
    let reference = "<01JQ8Z-1@example.cn>".to_owned();
    assert_eq!(handed_over, HandedOver { references: vec![reference.clone()], parts: 1 });
    let mail = server.says();
    assert_eq!(mail["text"].as_str().unwrap().trim_end(), order.text);
    assert_eq!(mail["subject"], "出动指令（演练）𠮷  Bcc: evil@example.cn");
    assert_eq!((&mail["to"][0], &mail["id"]), (&"chief@example.cn".into(), &reference.into()));
    assert_eq!((&mail["auto"], &mail["importance"]), (&"auto-generated".into(), &"high".into()));
    assert_eq!(mail["from"], "荣成市应急管理局值班室 <zhiban@example.cn>");
    channel.send(&order).await.unwrap();
    assert!(server.says_nothing(), "the same key is sent once");

    for (address, code) in
        [("nobody@example.cn", "bad_address"), ("full@example.cn", "throttled"), ("chief", "bad_address")]
    {
        let fault = channel.send(&message(address)).await.unwrap_err();
        assert_eq!(fault.code(), code, "{fault:?}");
        assert!(!fault.to_string().contains(address), "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_goes_only_through_tls_to_a_known_server() {
    let certified = Certified::new();
    let (server, port) = mail_server(Some(&certified));
    let toml = format!(
        "[[mail]]\nname = \"mail\"\nhost = \"localhost\"\nport = {port}\nsecurity = \"starttls\"\n\
         user = \"zhiban\"\npassword = \"geheim\"\nfrom = \"zhiban@example.cn\"\n"
    );
    let known = format!("ca_file = \"{}\"\n{toml}", certified.cert().display());
    let (channel, _inbound) = opened(&known);
    channel.send(&message("chief@example.cn")).await.unwrap();
    assert_eq!(server.says()["tls"], true);

    let (channel, _inbound) = opened(&known.replace("geheim", "falsch"));
    let fault = channel.send(&message("chief@example.cn")).await.unwrap_err();
    assert!(matches!(&fault, SendFault::Refused { reason } if reason.contains("535")), "{fault:?}");

    let (stranger, _inbound) = opened(&toml);
    let fault = stranger.send(&message("chief@example.cn")).await.unwrap_err();
    assert!(
        matches!(&fault, SendFault::Unreachable { reason } if reason.contains("certificate")),
        "{fault:?}"
    );
    assert!(server.says_nothing());

    let bare = channels::open(&crate::settings(&known.replace("starttls", "none"))).err().unwrap();
    assert!(bare.to_string().contains("would send the password in the clear"), "{bare}");
}
