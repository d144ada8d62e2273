//! By what means a message leaves the node, and where somebody is reached by it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::personal::Personal;
use crate::types::Text;

/// A means by which a message leaves the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// 短信
    Sms,
    /// 语音电话
    Voice,
    /// 电子邮件
    Mail,
    /// 钉钉
    Dingtalk,
    /// 企业微信
    Wecom,
    /// 飞书
    Feishu,
    /// 警笛、灯牌
    Siren,
    /// Another system's address.
    Webhook,
    /// 网页推送
    Push,
}

impl ChannelKind {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Mail => "mail",
            Self::Dingtalk => "dingtalk",
            Self::Wecom => "wecom",
            Self::Feishu => "feishu",
            Self::Siren => "siren",
            Self::Webhook => "webhook",
            Self::Push => "push",
        }
    }

    /// Is it reached by a contact's telephone number?
    pub fn by_phone(self) -> bool {
        matches!(self, Self::Sms | Self::Voice)
    }
}

/// One way to a contact; the first one is tried first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Way {
    /// By what means.
    pub channel: ChannelKind,
    /// Where; absent, it is the contact's telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Personal<Text>>,
}
