//! What a channel says of a message that it could not hand over, by a code and in both languages. The channels speak English, for the
//! log; a gateway's own words come in whatever language it has. A page shows the code's text, and the words as they came beside it.

use domain::types::{Lang, Text};

/// One thing that channels say: its code, their words, and the same in Chinese. `{}` is what differs each time; what the Chinese has
/// no place for is left out of it.
struct Said {
    code: &'static str,
    en: &'static str,
    zh: &'static str,
}

const fn said(code: &'static str, en: &'static str, zh: &'static str) -> Said {
    Said { code, en, zh }
}

const ALL: &[Said] = &[
    said(
        "no_mobile",
        "this is no mobile number: it has 11 digits and begins with 1",
        "不是手机号：应为 1 开头的 11 位数字",
    ),
    said(
        "no_telephone",
        "this is no telephone number: 3 to 15 digits, a landline with its area code",
        "不是电话号码：3 至 15 位数字，固定电话须带区号",
    ),
    said(
        "no_mail_address",
        "this is no mail address: it is of the form name@host",
        "不是邮件地址：应为 名称@主机",
    ),
    said("empty_address", "the address is empty", "没有填地址"),
    said("no_group", "the settings have no group of this name", "设置中没有这个群"),
    said("no_target", "the settings have no target of this name", "设置中没有这个目标"),
    said("no_device", "this is no device's name: it is one level of a topic", "不是设备名"),
    said(
        "no_member",
        "behind the @ stands neither a number nor an identity",
        "@ 之后既不是手机号也不是成员标识",
    ),
    said("no_such_number", "the gateway says that this is no number{}", "网关称没有这个号码"),
    said("no_such_number", "the SMSC says that this is no number{}", "短信中心称没有这个号码"),
    said("gateway_answered", "the gateway answered {}", "网关答复 {}"),
    said("mail_answered", "the mail server answered {}", "邮件服务器答复 {}"),
    said("mail_said", "the mail server: {}", "邮件服务器：{}"),
    said("platform_answered", "the platform answered {}", "平台答复 {}"),
    said("platform_no_code", "the platform's answer has no code", "平台的答复没有结果码"),
    said("status", "it answered with the status {}", "对方答复状态 {}"),
    said("no_json", "its answer is not JSON", "对方的答复不是 JSON"),
    said("broke_off", "{}: its answer broke off: {}", "{} 的答复中断"),
    said("number_not_served", "the gateway does not serve this number{}", "网关不服务这个号码"),
    said("not_understood", "the gateway does not understand the message{}", "网关读不懂这条消息"),
    said("seen_before", "the gateway saw this frame's number before{}", "网关称序号重复"),
    said(
        "account_wrong",
        "service, access number or account are not as the operator has them{}",
        "业务代码、接入号或账号与运营商登记不符",
    ),
    said("gateway_error", "an error of the gateway{}", "网关出错"),
    said("gateway_error", "an error of the SMSC {}", "短信中心出错"),
    said("smsc_refused", "the SMSC refused the message {}", "短信中心拒绝这条消息"),
    said("not_let_in", "the gateway did not let us in: {}", "网关拒绝登录：{}"),
    said("not_let_in", "the SMSC did not let us in: {}", "短信中心拒绝登录：{}"),
    said("not_let_in", "the broker did not let us in: {}", "设备消息服务拒绝登录：{}"),
    said("no_reports", "the broker refused the subscription to the reports", "设备消息服务不允许接收回执"),
    said("no_events", "Asterisk does not tell us its events: {}", "电话交换机不给事件：{}"),
    said("events_ended", "the connection for Asterisk's events has ended", "与电话交换机的事件连接已断"),
    said(
        "too_many_parts",
        "the text takes {} parts of SMS, and {} are the limit",
        "短信要拆 {} 条，最多 {} 条",
    ),
    said("too_long", "the message has {} bytes, and {} are the limit", "消息有 {} 字节，最多 {} 字节"),
    said(
        "too_long",
        "the text has {} bytes, and {} are the platform's limit",
        "消息有 {} 字节，平台最多收 {} 字节",
    ),
    said("too_long", "the text has {} characters, and {} are the limit", "消息有 {} 字，最多 {} 字"),
    said("ended", "the connection has ended", "连接已断"),
    said("ended", "the peer has closed the connection", "对方关闭了连接"),
    said("ended", "the peer has ended the connection", "对方结束了连接"),
    said("ended", "the peer ended the connection at once", "对方立即断开了连接"),
    said(
        "opened_anew",
        "the connection is opened anew for what could not be recorded",
        "对方的回执未能记录，已重连等其重发",
    ),
    said("silent", "the peer does not answer the test of the connection", "对方不回应链路检测"),
    said("beyond_measure", "the peer sends frames beyond any measure", "对方发来的数据过大"),
    said("no_request", "no request can be made of this: {}", "设置拼不成请求"),
    said("no_mail", "no mail can be made of this: {}", "拼不成邮件"),
    said("no_header", "the header {} holds what no header can", "请求头 {} 的内容不合规"),
    said("no_header", "{} holds what no header can", "{} 的内容不合规"),
    said("no_push_service", "{} is no push service of the settings", "{} 不是设置中的推送服务"),
    said("browser_gone", "the browser takes no messages any more", "浏览器已不再接收推送"),
    said("browser_key", "the subscription's key is no point of P-256", "浏览器推送订阅的密钥不对"),
    said("no_subscription", "this is no browser's subscription", "不是浏览器推送订阅"),
    said("no_subscription", "the subscription's {}", "浏览器推送订阅不完整"),
    said("no_random", "the machine gives no random numbers", "本机取不到随机数"),
    said("too_many", "too many at once, to be tried again in {}", "一时发得太多"),
];

const NOT_REACHED: Said = said("not_reached", "{}: {}", "连不上 {}");

/// The code and the text of what a channel said; `None`: a gateway's own words, which nobody here knows.
/// `unreached`: no connection was made, and before the colon stands with whom.
pub fn known(words: &str, unreached: bool, lang: Lang) -> Option<(&'static str, Text)> {
    let more = unreached.then_some(&NOT_REACHED);
    let (said, fills) = ALL.iter().chain(more).find_map(|said| Some((said, fills(said.en, words)?)))?;
    let text = match lang {
        Lang::En => words.to_owned(),
        Lang::Zh => filled(said.zh, &fills),
    };
    Some((said.code, text))
}

/// What stands in the places of a pattern; `None` where it does not fit.
fn fills<'w>(pattern: &str, words: &'w str) -> Option<Vec<&'w str>> {
    let mut parts = pattern.split("{}");
    let mut rest = words.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        let at = match (part.is_empty(), last) {
            (true, _) => rest.len(),
            (false, true) => rest.len().checked_sub(part.len()).filter(|at| rest.get(*at..) == Some(part))?,
            (false, false) => rest.find(part)?,
        };
        found.push(rest.get(..at)?);
        rest = rest.get(at + part.len()..)?;
    }
    rest.is_empty().then_some(found)
}

fn filled(pattern: &str, fills: &[&str]) -> Text {
    let mut text = Text::new();
    let mut fills = fills.iter();
    for (index, part) in pattern.split("{}").enumerate() {
        if index > 0 {
            text.push_str(fills.next().unwrap_or(&""));
        }
        text.push_str(part);
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_page_reads_chinese_and_keeps_what_differs() {
        let zh = |words: &str| known(words, false, Lang::Zh);
        assert_eq!(
            zh("this is no mobile number: it has 11 digits and begins with 1"),
            Some(("no_mobile", "不是手机号：应为 1 开头的 11 位数字".to_owned()))
        );
        assert_eq!(
            zh("the gateway answered 404 空号"),
            Some(("gateway_answered", "网关答复 404 空号".to_owned()))
        );
        assert_eq!(
            zh("the text takes 12 parts of SMS, and 10 are the limit"),
            Some(("too_many_parts", "短信要拆 12 条，最多 10 条".to_owned()))
        );
        assert_eq!(zh("UNDELIV: absent"), None);
        assert_eq!(
            known("sms.example.cn: Connection refused (os error 111)", true, Lang::Zh),
            Some(("not_reached", "连不上 sms.example.cn".to_owned()))
        );
        assert_eq!(zh("用户关机"), None, "a gateway's own words stay as they are");
        let english = known("the address is empty", false, Lang::En);
        assert_eq!(english, Some(("empty_address", "the address is empty".to_owned())));
    }

    /// Reads the channels' sources: a new wording without its Chinese is found here, before an officer finds it on a page.
    #[test]
    fn whatever_a_channel_says_has_its_chinese() {
        let mut seen = 0;
        for file in sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../channels/src")) {
            let text = std::fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            for name in ["SendFault::bad_address(", "SendFault::refused(", "SendFault::unreachable("] {
                for after in code.split(name).skip(1) {
                    let after = after.trim_start().trim_start_matches("format!(").trim_start();
                    let Some(literal) = after.strip_prefix('"').and_then(|text| text.split('"').next())
                    else {
                        continue;
                    };
                    // Ends a sentence that stands elsewhere, and is looked for there.
                    if literal.starts_with("{why}") {
                        continue;
                    }
                    seen += 1;
                    let words = with_samples(literal);
                    let found = known(&words, name.contains("unreachable"), Lang::Zh);
                    assert!(found.is_some(), "{}: {literal:?} has no Chinese", file.display());
                }
            }
        }
        assert!(seen > 30, "the sources say {seen} things");
    }

    /// `{host}` becomes something that could stand there.
    fn with_samples(literal: &str) -> String {
        let mut words = String::new();
        for (index, part) in literal.split('{').enumerate() {
            words.push_str(if index == 0 {
                part
            } else {
                part.split_once('}').map_or(part, |(_, rest)| rest)
            });
            if index < literal.matches('{').count() {
                words.push('7');
            }
        }
        words
    }

    fn sources(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(sources(&path));
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
        found
    }
}
