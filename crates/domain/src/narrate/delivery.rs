//! What was told outside, told.

use super::Teller;
use crate::delivery::{Event, Recipient};
use crate::refusal_text::say;
use crate::types::{MessageId, NotificationId, Text};

pub(super) fn line(t: Teller<'_>, event: &Event) -> Text {
    let lang = t.lang;
    match event {
        Event::ChannelsOpened(e) => channels(t, e),
        Event::MessageQueued(e) => {
            let (to, what) = (to(t, &e.to), e.about.label(lang));
            let (channel, title) = (e.channel.label(lang), &e.title);
            say!(lang, "{channel}通知{to}{title}：{what}", "{what} to {to} ({title}) by {channel}")
        }
        Event::MessageAttempted(e) => {
            let (message, attempt) = (message(t, e.message), e.attempt);
            say!(lang, "正在发送{message}（第 {attempt} 次）", "sending {message} (attempt {attempt})")
        }
        Event::MessageHandedOver(e) => {
            let message = message(t, e.message);
            say!(lang, "{message}已交网关", "{message} handed over")
        }
        Event::MessageDelivered(e) => {
            let message = message(t, e.message);
            say!(lang, "{message}已送达", "{message} delivered")
        }
        Event::MessageFailed(e) => {
            let (message, why) = (message(t, e.message), e.why.label(lang));
            if e.retry_at.is_some() {
                say!(lang, "{message}未发出：{why}，将重发", "{message} failed: {why}; tried again")
            } else {
                say!(lang, "{message}未送达：{why}", "{message} failed: {why}")
            }
        }
        Event::NotificationAnswered(e) => {
            let (who, words) = (recipient(t, e.notification), t.words(Some(&e.answer.text)));
            let channel = e.answer.channel.label(lang);
            if e.answer.counted {
                say!(lang, "{who} {channel}回复{words}", "{who} answered by {channel}{words}")
            } else {
                say!(
                    lang,
                    "{who} {channel}回复，需人工查看{words}",
                    "{who} answered by {channel}, to be read by a person{words}"
                )
            }
        }
        Event::NotificationExhausted(e) => {
            let who = recipient(t, e.notification);
            say!(
                lang,
                "{who}：各通道均未得到回复，请电话联系",
                "{who}: no answer by any channel, call by telephone"
            )
        }
        Event::PushSubscribed(e) => {
            let (of, who) = (to(t, &e.of), &e.title);
            say!(lang, "{of} {who}的浏览器开通网页推送", "a browser of {of}, {who}, takes messages")
        }
        Event::PushUnsubscribed(_) => {
            say!(lang, "一个浏览器停用网页推送", "a browser takes no messages any more")
        }
        Event::AnswerUnmatched(e) => {
            let (channel, words) = (e.channel.label(lang), t.words(Some(&e.text)));
            say!(lang, "收到无法对应的{channel}回复{words}", "a {channel} answer names nothing known{words}")
        }
    }
}

fn channels(t: Teller<'_>, e: &crate::delivery::ChannelsOpened) -> Text {
    let names: Vec<&str> = e.channels.iter().map(|c| c.label(t.lang)).collect();
    let names = if names.is_empty() { t.lang.pick("无", "none").to_owned() } else { t.lang.join(&names) };
    if e.rehearsal {
        return say!(
            t.lang,
            "消息通道（演练，不外发）：{names}",
            "channels (rehearsal, nothing leaves): {names}"
        );
    }
    say!(t.lang, "消息通道：{names}", "channels: {names}")
}

fn to(t: Teller<'_>, to: &Recipient) -> Text {
    match to {
        Recipient::Force(id) => t.force(id),
        Recipient::Org(id) => t.org(id),
    }
}

/// 化工应急队值班室短信
fn message(t: Teller<'_>, id: MessageId) -> Text {
    let found = t.names.file.and_then(|file| file.delivery.message(id));
    let Some((notification, message)) = found else { return id.to_string() };
    let (to, title, channel) = (to(t, &notification.to), &message.title, message.channel.label(t.lang));
    say!(t.lang, "{to}{title}{channel}", "{channel} to {to} ({title})")
}

fn recipient(t: Teller<'_>, id: NotificationId) -> Text {
    let found = t.names.file.and_then(|file| file.delivery.notifications.get(&id));
    found.map_or_else(|| id.to_string(), |n| to(t, &n.to))
}
