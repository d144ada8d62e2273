//! Other systems, told by a signed POST.
//!
//! The body is JSON: `id`, `subject`, `text`, `short_code`, `urgent`. Three headers go with it: `Muster-Id` (the same
//! for a repeated message, so that the target can drop it), `Muster-Timestamp` (seconds since 1970) and
//! `Muster-Signature: v1=` with the hexadecimal HMAC-SHA-256 of `timestamp.body` under the target's secret. A target
//! that sends something back signs it the same way and names itself in `Muster-Target`.

use std::collections::BTreeMap;

use http::HeaderValue;
use serde::Deserialize;
use serde_json::json;

use crate::channel::{
    Callback, CallbackAnswer, CallbackFault, HandedOver, Inbound, Kind, Outgoing, SendFault, Sending,
};
use crate::http::{Http, check_url, post};
use crate::limits::{ANSWER_CHARS, CALLBACK_AGE_S, CALLBACK_ITEMS, REASON_CHARS};
use crate::paced::Carrier;
use crate::sign;
use crate::text::{clipped, hex, now_ms};

pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) secret: String,
}

pub(crate) struct Webhook {
    http: Http,
    targets: BTreeMap<String, Target>,
}

/// `v1=` and the signature over `timestamp.body`.
pub fn signature(secret: &str, timestamp: &str, body: &[u8]) -> String {
    let signed = [timestamp.as_bytes(), b".", body].concat();
    format!("v1={}", hex(&sign::hmac_sha256(secret.as_bytes(), &signed)))
}

impl Webhook {
    pub(crate) fn new(targets: BTreeMap<String, Target>, http: Http) -> Result<Self, String> {
        for (name, target) in &targets {
            check_url(&target.url).map_err(|what| format!("targets.{name}.url: {what}"))?;
            if target.secret.len() < 16 {
                return Err(format!(
                    "targets.{name}.secret has less than 16 characters: it could be guessed"
                ));
            }
        }
        Ok(Self { http, targets })
    }

    async fn hand_over(&self, message: &Outgoing) -> Result<HandedOver, SendFault> {
        let target = self.targets.get(&message.address);
        let target =
            target.ok_or_else(|| SendFault::bad_address("the settings have no target of this name"))?;
        let body = json!({
            "id": message.id,
            "subject": message.subject,
            "text": message.text,
            "short_code": message.short_code,
            "urgent": message.urgent,
        })
        .to_string();
        let timestamp = (now_ms() / 1_000).to_string();
        let signature = signature(&target.secret, &timestamp, body.as_bytes());
        let mut request = post(&target.url, "application/json", body.into_bytes())?;
        let headers =
            [("muster-id", &message.id), ("muster-timestamp", &timestamp), ("muster-signature", &signature)];
        for (name, value) in headers {
            let value = HeaderValue::try_from(value.as_str());
            let value = value.map_err(|_| SendFault::refused(format!("{name} holds what no header can")))?;
            request.headers_mut().insert(name, value);
        }
        let Some(answer) = self.http.send(request).await? else {
            return Ok(HandedOver::rehearsed(message, 1));
        };
        answer.accepted()?;
        let said = serde_json::from_slice::<serde_json::Value>(&answer.body).ok();
        let reference = said.as_ref().and_then(|said| said.pointer("/reference")?.as_str());
        Ok(HandedOver { references: vec![reference.unwrap_or(&message.id).to_owned()], parts: 1 })
    }

    fn read(&self, callback: Callback<'_>) -> Result<CallbackAnswer, CallbackFault> {
        let refused = |reason: &str| CallbackFault::NotAuthentic { reason: reason.to_owned() };
        let header = |name: &str| callback.headers.get(name).and_then(|value| value.to_str().ok());
        let target = header("muster-target").and_then(|name| self.targets.get(name));
        let target = target.ok_or_else(|| refused("Muster-Target names no target of the settings"))?;
        let timestamp = header("muster-timestamp").ok_or_else(|| refused("Muster-Timestamp is missing"))?;
        let stamp: i64 =
            timestamp.parse().map_err(|_| refused("Muster-Timestamp is no number of seconds"))?;
        let known = signature(&target.secret, timestamp, callback.body);
        let given = header("muster-signature").unwrap_or_default();
        if !sign::same(given.as_bytes(), known.as_bytes()) {
            return Err(refused("Muster-Signature does not fit the body"));
        }
        if (callback.at_ms / 1_000).abs_diff(stamp) > CALLBACK_AGE_S {
            return Err(refused("Muster-Timestamp is too old, or the clocks differ"));
        }
        let inbound = parse_callback(callback.body, callback.at_ms)?;
        Ok(CallbackAnswer { inbound, body: String::new() })
    }
}

impl Carrier for Webhook {
    fn kind(&self) -> Kind {
        Kind::Webhook
    }

    fn carry<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(self.hand_over(message))
    }

    fn callback(&self, callback: Callback<'_>) -> Result<CallbackAnswer, CallbackFault> {
        self.read(callback)
    }
}

/// What a target sends back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Back {
    #[serde(default)]
    reports: Vec<Report>,
    #[serde(default)]
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    reference: String,
    state: State,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Delivered,
    Failed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    from: String,
    text: String,
    reference: Option<String>,
    id: Option<String>,
}

/// Reads the body of a target's callback; all of it or none.
pub fn parse_callback(body: &[u8], at_ms: i64) -> Result<Vec<Inbound>, CallbackFault> {
    let unreadable = |reason| CallbackFault::Unreadable { reason };
    let back: Back = serde_json::from_slice(body).map_err(|error| {
        // Its own words would hold what stands there: a number, perhaps.
        let (line, column) = (error.line(), error.column());
        unreadable(format!("it is not of the documented form at line {line}, column {column}"))
    })?;
    let count = back.reports.len() + back.answers.len();
    if count > CALLBACK_ITEMS {
        return Err(unreadable(format!("{count} items, and {CALLBACK_ITEMS} are the limit")));
    }
    let reports = back.reports.into_iter().map(|Report { reference, state, reason }| match state {
        State::Delivered => Inbound::Delivered { reference, at_ms },
        State::Failed => Inbound::Failed { reference, reason: clipped(&reason, REASON_CHARS), at_ms },
    });
    let answers = back.answers.into_iter().map(|Answer { from, text, reference, id }| Inbound::Answer {
        from,
        text: clipped(&text, ANSWER_CHARS),
        reference,
        id,
        at_ms,
    });
    Ok(reports.chain(answers).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_documented_one() {
        // docs/operate/channels.md gives these figures; made with `openssl dgst -sha256 -hmac`.
        let made = signature("0123456789abcdef", "1754438400", br#"{"id":"1"}"#);
        assert_eq!(made, "v1=52277469d8f4f9f68779c46116ed1d4f6cce89be389f053dc0298aea2544d354");
    }
}
