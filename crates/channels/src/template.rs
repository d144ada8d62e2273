//! Placeholders in what an administrator writes for a gateway or a device.

use std::collections::BTreeMap;

use serde_json::Value;

/// What placeholders stand for, for one message.
#[derive(Debug, Default)]
pub(crate) struct Values<'a> {
    pub(crate) to: &'a str,
    pub(crate) text: &'a str,
    pub(crate) plain: &'a str,
    pub(crate) signature: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) id: &'a str,
    pub(crate) short_code: &'a str,
    pub(crate) urgent: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Slot(Slot),
    /// Known when the settings are read.
    Secret(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    To,
    Text,
    Plain,
    Signature,
    Subject,
    Id,
    ShortCode,
    Priority,
}

impl Slot {
    fn of<'a>(self, values: &Values<'a>) -> &'a str {
        match self {
            Self::To => values.to,
            Self::Text => values.text,
            Self::Plain => values.plain,
            Self::Signature => values.signature,
            Self::Subject => values.subject,
            Self::Id => values.id,
            Self::ShortCode => values.short_code,
            Self::Priority if values.urgent => "1",
            Self::Priority => "0",
        }
    }
}

/// A text with placeholders.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

impl Template {
    /// `{word}` must be a placeholder; a brace that begins no word stands for itself.
    pub(crate) fn new(text: &str, secrets: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            literal.push_str(before);
            let word = after.split_once('}').filter(|(word, _)| is_word(word));
            let Some((word, after_word)) = word else {
                literal.push('{');
                rest = after;
                continue;
            };
            pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            pieces.push(placeholder(word, secrets)?);
            rest = after_word;
        }
        literal.push_str(rest);
        pieces.push(Piece::Literal(literal));
        pieces.retain(|piece| *piece != Piece::Literal(String::new()));
        Ok(Self(pieces))
    }

    pub(crate) fn fill(&self, values: &Values<'_>) -> String {
        self.fill_with(values, |value, filled| filled.push_str(value))
    }

    /// For an address: what is filled in is percent-encoded.
    pub(crate) fn fill_url(&self, values: &Values<'_>) -> String {
        self.fill_with(values, |value, filled| {
            for piece in form_urlencoded::byte_serialize(value.as_bytes()) {
                filled.push_str(if piece == "+" { "%20" } else { piece });
            }
        })
    }

    fn fill_with(&self, values: &Values<'_>, put: impl Fn(&str, &mut String)) -> String {
        let mut filled = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => filled.push_str(text),
                Piece::Slot(slot) => put(slot.of(values), &mut filled),
                Piece::Secret(secret) => put(secret, &mut filled),
            }
        }
        filled
    }
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
}

fn placeholder(word: &str, secrets: &BTreeMap<String, String>) -> Result<Piece, String> {
    if let Some(name) = word.strip_prefix("secret.") {
        let secret = secrets.get(name).ok_or_else(|| format!("{{{word}}}: secrets.{name} is missing"))?;
        return Ok(Piece::Secret(secret.clone()));
    }
    Ok(Piece::Slot(match word {
        "to" => Slot::To,
        "text" => Slot::Text,
        "plain" => Slot::Plain,
        "signature" => Slot::Signature,
        "subject" => Slot::Subject,
        "id" => Slot::Id,
        "short_code" => Slot::ShortCode,
        "priority" => Slot::Priority,
        _ => {
            return Err(format!(
                "{{{word}}} is no placeholder; there are {{to}}, {{text}}, {{plain}}, {{signature}}, {{subject}}, {{id}}, {{short_code}}, {{priority}} and {{secret.NAME}}"
            ));
        }
    }))
}

/// A tree whose texts have placeholders.
#[derive(Clone)]
pub(crate) enum Tree {
    Text(Template),
    Value(Value),
    List(Vec<Tree>),
    Table(Vec<(String, Tree)>),
}

impl Tree {
    pub(crate) fn table(table: &toml::Table, secrets: &BTreeMap<String, String>) -> Result<Self, String> {
        let entries = table.iter().map(|(key, value)| Ok((key.clone(), Self::new(value, secrets)?)));
        Ok(Self::Table(entries.collect::<Result<_, String>>()?))
    }

    fn new(value: &toml::Value, secrets: &BTreeMap<String, String>) -> Result<Self, String> {
        Ok(match value {
            toml::Value::String(text) => Self::Text(Template::new(text, secrets)?),
            toml::Value::Integer(number) => Self::Value((*number).into()),
            toml::Value::Float(number) => Self::Value((*number).into()),
            toml::Value::Boolean(value) => Self::Value((*value).into()),
            toml::Value::Datetime(time) => Self::Value(time.to_string().into()),
            toml::Value::Array(items) => {
                Self::List(items.iter().map(|item| Self::new(item, secrets)).collect::<Result<_, _>>()?)
            }
            toml::Value::Table(table) => Self::table(table, secrets)?,
        })
    }

    pub(crate) fn fill(&self, values: &Values<'_>) -> Value {
        match self {
            Self::Text(template) => Value::String(template.fill(values)),
            Self::Value(value) => value.clone(),
            Self::List(items) => items.iter().map(|item| item.fill(values)).collect(),
            Self::Table(entries) => {
                entries.iter().map(|(key, tree)| (key.clone(), tree.fill(values))).collect()
            }
        }
    }

    /// Can this be a form: one level, no lists?
    pub(crate) fn is_flat(&self) -> bool {
        let Self::Table(entries) = self else { return false };
        entries.iter().all(|(_, tree)| matches!(tree, Self::Text(_) | Self::Value(_)))
    }
}

/// A tree that was filled, as a form.
pub(crate) fn form(value: &Value) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (key, value) in value.as_object().into_iter().flatten() {
        form.append_pair(key, &shown(value));
    }
    form.finish()
}

/// A value as it is written, texts without their quotes.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Is this a JSON pointer (RFC 6901)?
pub(crate) fn check_pointer(what: &str, pointer: &str) -> Result<(), String> {
    if pointer.is_empty() || pointer.starts_with('/') {
        return Ok(());
    }
    Err(format!("{what} = {pointer:?} is no pointer: it begins with \"/\", as in \"/data/code\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> BTreeMap<String, String> {
        BTreeMap::from([("key".to_owned(), "k&1".to_owned())])
    }

    #[test]
    fn placeholders_are_filled_and_other_braces_stay() {
        let template = Template::new("{to}:{text}{}{ {x y} {secret.key}", &secrets()).unwrap();
        let values =
            Values { to: "13900000000", text: "集合 {to} 𠮷", plain: "a b", ..Values::default() };
        assert_eq!(template.fill(&values), "13900000000:集合 {to} 𠮷{}{ {x y} k&1");
        assert_eq!(
            Template::new("https://a/?k={secret.key}+&t={to}%20{plain}", &secrets())
                .unwrap()
                .fill_url(&values),
            "https://a/?k=k%261+&t=13900000000%20a%20b"
        );
    }

    #[test]
    fn a_placeholder_that_nobody_knows_is_an_error_of_the_settings() {
        let error = Template::new("{mobile}", &secrets()).err().unwrap();
        assert!(error.contains("{mobile} is no placeholder; there are {to}"), "{error}");
        let error = Template::new("{secret.password}", &secrets()).err().unwrap();
        assert!(error.contains("secrets.password is missing"), "{error}");
    }

    #[test]
    fn a_tree_is_filled_as_json_and_as_a_form() {
        let table: toml::Table = "to = \"{to}\"\nn = 3\nok = true\n".parse().unwrap();
        let tree = Tree::table(&table, &secrets()).unwrap();
        assert!(tree.is_flat());
        let filled = tree.fill(&Values { to: "a\"&b", ..Values::default() });
        assert_eq!(filled, serde_json::json!({"to": "a\"&b", "n": 3, "ok": true}));
        assert_eq!(form(&filled), "n=3&ok=true&to=a%22%26b");
        let nested: toml::Table = "to = [\"{to}\"]".parse().unwrap();
        assert!(!Tree::table(&nested, &secrets()).unwrap().is_flat());
    }
}
