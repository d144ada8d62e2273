//! An operator's or provider's HTTPS interface for SMS, or for calls that are read out: one POST a message, described
//! in the settings, since no two providers agree.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue, header};
use serde_json::Value;

use crate::channel::{
    Callback, CallbackAnswer, CallbackFault, HandedOver, Inbound, Kind, Outgoing, SendFault, Sending,
};
use crate::http::{Answer, Http, check_url, post, words};
use crate::limits::{ANSWER_CHARS, BUSY_REST, CALLBACK_ITEMS};
use crate::paced::Carrier;
use crate::settings::{AnswerSettings, BodyFormat, GatewayCallbackSettings, GatewaySettings, ReportSettings};
use crate::sms;
use crate::sms::linked::within_parts;
use crate::sms::parts::parts;
use crate::template::{Template, Tree, Values, check_pointer, form, shown};
use crate::text::clipped;

pub(crate) struct Gateway {
    kind: Kind,
    http: Http,
    url: Template,
    headers: Vec<(HeaderName, Template)>,
    body: Tree,
    settings: GatewaySettings,
    callback: Option<(String, GatewayCallbackSettings)>,
}

impl Gateway {
    /// `secrets` are those of the settings, read; `token` is the callback's.
    pub(crate) fn new(
        kind: Kind,
        settings: &GatewaySettings,
        secrets: &BTreeMap<String, String>,
        token: Option<String>,
        http: Http,
    ) -> Result<Self, String> {
        check(settings)?;
        let url = Template::new(&settings.url, secrets)?;
        // Without the filled form in the error: it holds the secrets.
        check_url(&url.fill_url(&Values { to: "1", id: "1", ..Values::default() }))
            .map_err(|_| format!("{:?} is not of the form \"https://host/…\"", settings.url))?;
        let body = Tree::table(&settings.body, secrets)?;
        if settings.format == BodyFormat::Form && !body.is_flat() {
            return Err("body: a form has one level and no lists".to_owned());
        }
        let mut headers = Vec::new();
        for (name, text) in &settings.headers {
            let name =
                HeaderName::try_from(name).map_err(|_| format!("headers: {name:?} is no header's name"))?;
            headers.push((name, Template::new(text, secrets)?));
        }
        let callback = token.zip(settings.callback.clone());
        Ok(Self { kind, http, url, headers, body, settings: settings.clone(), callback })
    }

    fn to(&self, message: &Outgoing) -> Result<String, SendFault> {
        if self.kind == Kind::Voice {
            sms::telephone(&message.address)
        } else {
            sms::mobile(&message.address)
        }
    }

    fn text(&self, message: &Outgoing) -> String {
        match (&self.settings.prompt, self.kind) {
            (Some(prompt), Kind::Voice) => format!("{} {prompt}", message.text.trim_end()),
            _ => sms::signed(&message.text, self.settings.signature.as_deref()),
        }
    }

    fn count(&self, message: &Outgoing) -> usize {
        if self.kind == Kind::Voice { 1 } else { parts(&self.text(message), 0).len() }
    }

    async fn hand_over(&self, message: &Outgoing) -> Result<HandedOver, SendFault> {
        let to = self.to(message)?;
        let text = self.text(message);
        let count = within_parts(self.count(message))?;
        let values = Values {
            to: &to,
            text: &text,
            plain: &message.text,
            signature: self.settings.signature.as_deref().unwrap_or_default(),
            subject: &message.subject,
            id: &message.id,
            short_code: message.short_code.as_deref().unwrap_or_default(),
            urgent: message.urgent,
        };
        let body = self.body.fill(&values);
        let (content_type, body) = match self.settings.format {
            BodyFormat::Json => ("application/json; charset=utf-8", body.to_string()),
            BodyFormat::Form => ("application/x-www-form-urlencoded; charset=utf-8", form(&body)),
        };
        let mut request = post(&self.url.fill_url(&values), content_type, body.into_bytes())?;
        for (name, template) in &self.headers {
            let value = HeaderValue::try_from(template.fill(&values));
            let value = value
                .map_err(|_| SendFault::refused(format!("the header {name} holds what no header can")))?;
            request.headers_mut().insert(name, value);
        }
        let Some(answer) = self.http.send(request).await? else {
            return Ok(HandedOver::rehearsed(message, count.into()));
        };
        let references = self.judge(&answer, message)?;
        Ok(HandedOver { references, parts: count.into() })
    }

    /// What the gateway calls the message, if it took it.
    fn judge(&self, answer: &Answer, message: &Outgoing) -> Result<Vec<String>, SendFault> {
        answer.accepted()?;
        let document = answer.json()?;
        let at = |pointer: &str| document.pointer(pointer).filter(|value| !value.is_null()).map(shown);
        let settings = &self.settings;
        let code = at(&settings.success.pointer).unwrap_or_default();
        if settings.success.is.contains(&code) {
            return Ok(match &settings.reference {
                None => vec![message.id.clone()],
                Some(pointer) => at(pointer).into_iter().collect(),
            });
        }
        if settings.busy.contains(&code) {
            return Err(SendFault::Throttled { retry_after: BUSY_REST });
        }
        let said = settings.reason.as_deref().and_then(at).unwrap_or_default();
        let reason = words(format!("the gateway answered {code} {said}").trim_end(), message);
        if settings.bad_address.contains(&code) {
            return Err(SendFault::bad_address(reason));
        }
        Err(SendFault::refused(reason))
    }

    fn read(&self, callback: Callback<'_>) -> Result<CallbackAnswer, CallbackFault> {
        let Some((token, settings)) = &self.callback else { return Err(CallbackFault::NotSupported) };
        let query: BTreeMap<String, String> =
            form_urlencoded::parse(callback.query.as_bytes()).into_owned().collect();
        let given = query.get("token").map(String::as_str).unwrap_or_default();
        if !crate::sign::same(given.as_bytes(), token.as_bytes()) {
            return Err(CallbackFault::NotAuthentic {
                reason: "its token is not the settings' token".to_owned(),
            });
        }
        let content_type = callback.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let document = parse_document(content_type.unwrap_or_default(), callback.body)?;
        let inbound = match (query.get("what").map(String::as_str), &settings.reports, &settings.answers) {
            (Some("report"), Some(reports), _) => read_reports(&document, reports, callback.at_ms)?,
            (Some("answer"), _, Some(answers)) => read_answers(&document, answers, callback.at_ms)?,
            (Some("report" | "answer"), _, _) => return Err(CallbackFault::NotSupported),
            _ => return Err(unreadable("the address says neither what=report nor what=answer")),
        };
        Ok(CallbackAnswer { inbound, body: settings.body.clone() })
    }
}

impl Carrier for Gateway {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn weight(&self, message: &Outgoing) -> u32 {
        u32::try_from(self.count(message)).unwrap_or(u32::MAX)
    }

    fn carry<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(self.hand_over(message))
    }

    fn callback(&self, callback: Callback<'_>) -> Result<CallbackAnswer, CallbackFault> {
        self.read(callback)
    }
}

fn unreadable(reason: impl Into<String>) -> CallbackFault {
    CallbackFault::Unreadable { reason: reason.into() }
}

/// A callback's body as a document: JSON, or a form as a flat object.
pub fn parse_document(content_type: &str, body: &[u8]) -> Result<Value, CallbackFault> {
    if content_type.starts_with("application/x-www-form-urlencoded") {
        let pairs = form_urlencoded::parse(body).into_owned();
        return Ok(pairs.map(|(key, value)| (key, Value::String(value))).collect());
    }
    serde_json::from_slice(body).map_err(|error| unreadable(format!("it is no JSON: {error}")))
}

/// The list at the pointer, or the one thing that stands there.
fn items<'a>(document: &'a Value, list: &str) -> Result<&'a [Value], CallbackFault> {
    let at = document.pointer(list).ok_or_else(|| unreadable(format!("nothing stands at {list:?}")))?;
    let items = at.as_array().map_or(std::slice::from_ref(at), Vec::as_slice);
    if items.len() > CALLBACK_ITEMS {
        return Err(unreadable(format!("{} items, and {CALLBACK_ITEMS} are the limit", items.len())));
    }
    Ok(items)
}

fn text_at(item: &Value, pointer: &str) -> Result<String, CallbackFault> {
    let value = item.pointer(pointer).filter(|value| !value.is_null());
    value.map(shown).ok_or_else(|| unreadable(format!("nothing stands at {pointer:?}")))
}

/// Delivery reports in a document. All of it is read, or none: a gateway repeats the whole.
pub fn read_reports(
    document: &Value,
    settings: &ReportSettings,
    at_ms: i64,
) -> Result<Vec<Inbound>, CallbackFault> {
    let mut inbound = Vec::new();
    for item in items(document, &settings.list)? {
        let reference = text_at(item, &settings.reference)?;
        let state = text_at(item, &settings.state)?;
        if settings.delivered.contains(&state) {
            inbound.push(Inbound::Delivered { reference, at_ms });
        } else if !settings.pending.contains(&state) {
            let said =
                settings.reason.as_ref().and_then(|pointer| text_at(item, pointer).ok()).unwrap_or_default();
            let reason = clipped(&format!("{state} {said}"), crate::limits::REASON_CHARS);
            inbound.push(Inbound::Failed { reference, reason, at_ms });
        }
    }
    Ok(inbound)
}

/// Replies or key presses in a document.
pub fn read_answers(
    document: &Value,
    settings: &AnswerSettings,
    at_ms: i64,
) -> Result<Vec<Inbound>, CallbackFault> {
    let read = |item| {
        let from = text_at(item, &settings.from)?;
        let from = sms::mobile(&from).unwrap_or(from);
        let text = clipped(&text_at(item, &settings.text)?, ANSWER_CHARS);
        let reference = settings.reference.as_ref().and_then(|pointer| text_at(item, pointer).ok());
        let id = settings.id.as_ref().and_then(|pointer| text_at(item, pointer).ok());
        Ok(Inbound::Answer { from, text, reference, id, at_ms })
    };
    items(document, &settings.list)?.iter().map(read).collect()
}

fn check(settings: &GatewaySettings) -> Result<(), String> {
    check_pointer("success.pointer", &settings.success.pointer)?;
    if settings.success.is.is_empty() {
        return Err("success.is names no value that means success".to_owned());
    }
    for (what, pointer) in [("reference", &settings.reference), ("reason", &settings.reason)] {
        check_pointer(what, pointer.as_deref().unwrap_or_default())?;
    }
    let Some(callback) = &settings.callback else { return Ok(()) };
    if let Some(reports) = &callback.reports {
        for pointer in [&reports.list, &reports.reference, &reports.state] {
            check_pointer("callback.reports", pointer)?;
        }
        check_pointer("callback.reports.reason", reports.reason.as_deref().unwrap_or_default())?;
    }
    if let Some(answers) = &callback.answers {
        for pointer in [&answers.list, &answers.from, &answers.text] {
            check_pointer("callback.answers", pointer)?;
        }
        check_pointer("callback.answers.reference", answers.reference.as_deref().unwrap_or_default())?;
    }
    Ok(())
}
