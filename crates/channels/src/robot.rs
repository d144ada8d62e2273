//! Robots of chat groups: DingTalk (钉钉), WeCom (企业微信), Feishu (飞书).
//!
//! A robot speaks to its whole group and hears nothing: a message counts as handed over when the platform took it, and
//! no report follows. An address is a group's name in the settings, with `@` and somebody behind it to call him by name.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::channel::{HandedOver, Kind, Outgoing, SendFault, Sending};
use crate::http::{Http, check_url, post, words};
use crate::limits::{BUSY_REST, ROBOT_BYTES, WECOM_BYTES};
use crate::paced::Carrier;
use crate::sign::hmac_sha256_base64;
use crate::text::now_ms;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    Dingtalk,
    Wecom,
    Feishu,
}

/// One group's robot.
pub(crate) struct Robot {
    pub(crate) token: String,
    pub(crate) secret: Option<String>,
}

pub(crate) struct Robots {
    platform: Platform,
    http: Http,
    base_url: String,
    groups: BTreeMap<String, Robot>,
}

/// DingTalk's `sign` (加签), still to be percent-encoded: the secret signs the time in milliseconds and itself.
pub fn dingtalk_sign(secret: &str, timestamp_ms: i64) -> String {
    hmac_sha256_base64(secret.as_bytes(), format!("{timestamp_ms}\n{secret}").as_bytes())
}

/// Feishu's `sign` (签名校验): time in seconds and secret are the key, and nothing is signed.
pub fn feishu_sign(secret: &str, timestamp_s: i64) -> String {
    hmac_sha256_base64(format!("{timestamp_s}\n{secret}").as_bytes(), b"")
}

impl Platform {
    const fn kind(self) -> Kind {
        match self {
            Self::Dingtalk => Kind::Dingtalk,
            Self::Wecom => Kind::Wecom,
            Self::Feishu => Kind::Feishu,
        }
    }

    pub(crate) const fn public_url(self) -> &'static str {
        match self {
            Self::Dingtalk => "https://oapi.dingtalk.com",
            Self::Wecom => "https://qyapi.weixin.qq.com",
            Self::Feishu => "https://open.feishu.cn",
        }
    }

    const fn bytes(self) -> usize {
        match self {
            Self::Wecom => WECOM_BYTES,
            Self::Dingtalk | Self::Feishu => ROBOT_BYTES,
        }
    }

    /// The address below the platform's, and the body.
    fn request(self, robot: &Robot, text: &str, called: Option<&str>, now_ms: i64) -> (String, Value) {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let token = encoded(&robot.token);
        match self {
            Self::Dingtalk => {
                let mut path = format!("/robot/send?access_token={token}");
                if let Some(secret) = &robot.secret {
                    let sign = encoded(&dingtalk_sign(secret, now_ms));
                    path = format!("{path}&timestamp={now_ms}&sign={sign}");
                }
                let mobiles: Vec<&str> = called.into_iter().collect();
                let at = json!({ "atMobiles": mobiles, "isAtAll": false });
                (path, json!({ "msgtype": "text", "text": { "content": text }, "at": at }))
            }
            Self::Wecom => {
                let mut content = json!({ "content": text });
                if let Some(mobile) = called {
                    content["mentioned_mobile_list"] = json!([mobile]);
                }
                let path = format!("/cgi-bin/webhook/send?key={token}");
                (path, json!({ "msgtype": "text", "text": content }))
            }
            Self::Feishu => {
                let text = called.map_or_else(
                    || text.to_owned(),
                    |person| format!("<at user_id=\"{person}\"></at> {text}"),
                );
                let mut body = json!({ "msg_type": "text", "content": { "text": text } });
                if let Some(secret) = &robot.secret {
                    let seconds = now_ms / 1_000;
                    body["timestamp"] = json!(seconds.to_string());
                    body["sign"] = json!(feishu_sign(secret, seconds));
                }
                (format!("/open-apis/bot/v2/hook/{token}"), body)
            }
        }
    }

    /// What the platform's answer means; its code and words come from the documents of each.
    fn judge(self, answer: &Value, message: &Outgoing) -> Result<(), SendFault> {
        let (code, said) = match self {
            Self::Dingtalk | Self::Wecom => (&answer["errcode"], &answer["errmsg"]),
            Self::Feishu if answer["code"].is_null() => (&answer["StatusCode"], &answer["StatusMessage"]),
            Self::Feishu => (&answer["code"], &answer["msg"]),
        };
        let Some(code) = code.as_i64() else {
            return Err(SendFault::unreachable("the platform's answer has no code"));
        };
        let said =
            words(&format!("the platform answered {code} {}", said.as_str().unwrap_or_default()), message);
        Err(match (self, code) {
            (_, 0) => return Ok(()),
            // A robot may speak 20 times a minute.
            (Self::Dingtalk, 130_101 | 410_100) | (Self::Wecom, 45_009) | (Self::Feishu, 11_232 | 11_233) => {
                SendFault::Throttled { retry_after: Duration::from_mins(1) }
            }
            (Self::Dingtalk | Self::Wecom, -1) => SendFault::Throttled { retry_after: BUSY_REST },
            // The group or its robot is gone, or the token is another's.
            (Self::Dingtalk, 300_005 | 400_013 | 400_101 | 400_106)
            | (Self::Wecom, 93_000)
            | (Self::Feishu, 19_001) => SendFault::bad_address(said),
            _ => SendFault::refused(said),
        })
    }
}

impl Robots {
    pub(crate) fn new(
        platform: Platform,
        base_url: Option<&str>,
        groups: BTreeMap<String, Robot>,
        http: Http,
    ) -> Result<Self, String> {
        let base_url = base_url.unwrap_or(platform.public_url()).trim_end_matches('/').to_owned();
        check_url(&base_url).map_err(|what| format!("base_url: {what}"))?;
        if groups.is_empty() {
            return Err("groups is empty: a robot speaks to a group".to_owned());
        }
        for (name, robot) in &groups {
            if name.contains('@') {
                return Err(format!("groups.{name}: a group's name holds no @"));
            }
            if platform == Platform::Wecom && robot.secret.is_some() {
                return Err(format!(
                    "groups.{name}.secret: WeCom's robots sign nothing, their key is the token"
                ));
            }
        }
        Ok(Self { platform, http, base_url, groups })
    }

    async fn hand_over(&self, message: &Outgoing) -> Result<HandedOver, SendFault> {
        let (group, called) = match message.address.split_once('@') {
            Some((group, person)) => (group, Some(person)),
            None => (message.address.as_str(), None),
        };
        let robot = self.groups.get(group);
        let robot = robot.ok_or_else(|| SendFault::bad_address("the settings have no group of this name"))?;
        let is_name = |person: &str| {
            (1..=64).contains(&person.len()) && person.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        if called.is_some_and(|person| !is_name(person)) {
            return Err(SendFault::bad_address("behind the @ stands neither a number nor an identity"));
        }
        let (bytes, most) = (message.text.len(), self.platform.bytes());
        if bytes > most {
            return Err(SendFault::refused(format!(
                "the text has {bytes} bytes, and {most} are the platform's limit"
            )));
        }
        let (path, body) = self.platform.request(robot, &message.text, called, now_ms());
        let request =
            post(&format!("{}{path}", self.base_url), "application/json", body.to_string().into_bytes())?;
        let Some(answer) = self.http.send(request).await? else {
            return Ok(HandedOver::rehearsed(message, 1));
        };
        // Feishu says what is wrong in the body of a 400.
        match answer.json() {
            Ok(said) if !answer.status.is_server_error() => self.platform.judge(&said, message)?,
            other => {
                answer.accepted()?;
                other?;
            }
        }
        Ok(HandedOver { references: Vec::new(), parts: 1 })
    }
}

impl Carrier for Robots {
    fn kind(&self) -> Kind {
        self.platform.kind()
    }

    fn carry<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(self.hand_over(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> String {
        form_urlencoded::byte_serialize(text.as_bytes()).collect()
    }

    #[test]
    fn signatures_are_those_of_the_published_rules() {
        // Computed by an independent implementation of the rules; no real secret.
        assert_eq!(
            encoded(&dingtalk_sign("SECtest0001", 1_754_438_400_000)),
            "vRaN0gnshqvNGsm8%2BM5MsHh4GF7hx3iAXf5B0l5FrGM%3D"
        );
        assert_eq!(
            encoded(&dingtalk_sign("SEC测试", 1_754_438_460_123)),
            "DlHSQAoXj9BUddNy1yiGrToRtapIAFYngqcmqn1pQLo%3D"
        );
        assert_eq!(
            feishu_sign("feishutest0001", 1_754_438_400),
            "6s+RGglXoimalPyki3zfEOcYBj7CLBqRzDkKpVw8Xbw="
        );
        assert_eq!(feishu_sign("测试", 1_754_438_460), "TWJzQb1sALP1579bcJhSaD3w7tU7NM28GjDC0oMi3hc=");
    }

    #[test]
    fn each_code_of_a_platform_says_what_to_do() {
        let message = Outgoing {
            id: "1".into(),
            address: "duty@13900000000".into(),
            subject: String::new(),
            text: String::new(),
            short_code: None,
            urgent: false,
        };
        let judged = |platform: Platform, answer: Value| {
            platform.judge(&answer, &message).map_err(|fault| fault.code())
        };
        let ding =
            |code: i64| judged(Platform::Dingtalk, json!({ "errcode": code, "errmsg": "13900000000" }));
        assert_eq!(
            [ding(0), ding(410_100), ding(400_101), ding(310_000), ding(-1)],
            [Ok(()), Err("throttled"), Err("bad_address"), Err("refused"), Err("throttled")]
        );
        let wecom = |code: i64| judged(Platform::Wecom, json!({ "errcode": code }));
        assert_eq!([wecom(0), wecom(45_009), wecom(93_000)], [Ok(()), Err("throttled"), Err("bad_address")]);
        let feishu = |code: i64| judged(Platform::Feishu, json!({ "code": code, "msg": "" }));
        assert_eq!(
            [feishu(0), feishu(19_021), feishu(19_001), feishu(11_232)],
            [Ok(()), Err("refused"), Err("bad_address"), Err("throttled")]
        );
        assert_eq!(judged(Platform::Feishu, json!({ "StatusCode": 0 })), Ok(()));
        assert_eq!(judged(Platform::Dingtalk, json!([])), Err("unreachable"));
    }

    #[test]
    fn somebody_of_the_group_is_called_by_name() {
        let robot = Robot { token: "t/1".into(), secret: None };
        let (path, body) = Platform::Dingtalk.request(&robot, "集合", Some("13900000000"), 0);
        assert_eq!(path, "/robot/send?access_token=t%2F1");
        assert_eq!(body["at"]["atMobiles"], json!(["13900000000"]));
        let (_, body) = Platform::Wecom.request(&robot, "集合", Some("13900000000"), 0);
        assert_eq!(body["text"]["mentioned_mobile_list"], json!(["13900000000"]));
        let (_, body) = Platform::Feishu.request(&robot, "集合", Some("ou_1"), 0);
        assert_eq!(body["content"]["text"], "<at user_id=\"ou_1\"></at> 集合");
    }
}
