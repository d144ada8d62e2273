//! Finding personal data in a JSON text and replacing just that: every other byte stays as it was written.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::entry::MAX_NAME_BYTES;
use crate::fault::Fault;

/// Nesting beyond this is refused.
const DEPTH_MAX: usize = 128;

/// A text without these bytes holds no personal data and is not parsed.
static MARK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"personal\""));

/// One piece of personal data in a text.
pub(super) struct Personal<'t> {
    pub(super) subject: &'t str,
    pub(super) form: Form<'t>,
    start: usize,
    end: usize,
}

#[derive(Clone, Copy)]
pub(super) enum Form<'t> {
    /// The value's JSON text.
    Open(&'t str),
    /// Base64.
    Sealed(&'t str),
    Erased,
}

/// Rewrites each piece of personal data: `replace` writes its new form and says so, or leaves it as it is.
pub(super) fn rewrite<'t>(
    json: &'t str,
    mut replace: impl FnMut(&Personal<'t>, &mut String) -> Result<bool, Fault>,
) -> Result<Cow<'t, str>, Fault> {
    if MARK.find(json.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(json));
    }
    let mut scanner = Scanner { json, bytes: json.as_bytes(), found: Vec::new() };
    let end = scanner.value(scanner.blanks(0), 0)?;
    if scanner.blanks(end) != json.len() {
        return Err(malformed(end, "something follows the value"));
    }
    let mut out = String::new();
    let mut copied = 0;
    for personal in &scanner.found {
        let before = out.len();
        out.reserve(json.len() - copied + 64);
        out.push_str(&json[copied..personal.start]);
        if replace(personal, &mut out)? {
            copied = personal.end;
        } else {
            out.truncate(before);
        }
    }
    if copied == 0 {
        return Ok(Cow::Borrowed(json));
    }
    out.push_str(&json[copied..]);
    Ok(Cow::Owned(out))
}

/// For a journal without a vault: a text with open personal data is refused, any other passes.
pub(crate) fn refuse_personal(json: &str) -> Result<Cow<'_, str>, Fault> {
    rewrite(json, |personal, _| match personal.form {
        Form::Open(_) => Err(Fault::NoVault),
        Form::Sealed(_) => Err(Fault::AlreadySealed { subject: personal.subject.to_owned() }),
        Form::Erased => Ok(false),
    })
}

/// A subject is a plain name: `person/01J…`.
pub(super) fn check_subject(subject: &str, at: usize) -> Result<(), Fault> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-.:".contains(&byte);
    if subject.is_empty() || subject.len() > MAX_NAME_BYTES || !subject.bytes().all(is_plain) {
        return Err(malformed(at, "a subject is 1 to 256 letters, digits and / _ - . :"));
    }
    Ok(())
}

fn malformed(at: usize, why: &'static str) -> Fault {
    Fault::PersonalForm { at, why }
}

/// Walks over a JSON text. It checks structure, not every detail of numbers and escapes.
struct Scanner<'t> {
    json: &'t str,
    bytes: &'t [u8],
    found: Vec<Personal<'t>>,
}

/// The members of an object that matter here.
#[derive(Default)]
struct Members<'t> {
    count: usize,
    subject: Option<&'t str>,
    open: Option<&'t str>,
    sealed: Option<&'t str>,
    erased: bool,
}

impl<'t> Scanner<'t> {
    fn blanks(&self, mut at: usize) -> usize {
        while self.bytes.get(at).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            at += 1;
        }
        at
    }

    /// Walks over the value at `at`; gives its end.
    fn value(&mut self, at: usize, depth: usize) -> Result<usize, Fault> {
        if depth > DEPTH_MAX {
            return Err(malformed(at, "it is nested too deeply"));
        }
        match self.bytes.get(at) {
            Some(b'{') => self.object(at, depth),
            Some(b'[') => self.array(at, depth),
            Some(b'"') => self.string(at),
            Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                let rest = &self.bytes[at..];
                let length =
                    rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"+-.".contains(byte)));
                Ok(at + length.unwrap_or(rest.len()))
            }
            _ => Err(malformed(at, "a value was expected")),
        }
    }

    fn string(&self, at: usize) -> Result<usize, Fault> {
        let mut next = at + 1;
        while let Some(length) = memchr::memchr2(b'"', b'\\', self.bytes.get(next..).unwrap_or_default()) {
            next += length;
            if self.bytes[next] == b'"' {
                return Ok(next + 1);
            }
            next += 2;
        }
        Err(malformed(at, "a string does not end"))
    }

    fn array(&mut self, start: usize, depth: usize) -> Result<usize, Fault> {
        let mut at = self.blanks(start + 1);
        if self.bytes.get(at) == Some(&b']') {
            return Ok(at + 1);
        }
        loop {
            at = self.value(at, depth + 1)?;
            at = self.blanks(at);
            match self.bytes.get(at) {
                Some(b',') => at = self.blanks(at + 1),
                Some(b']') => return Ok(at + 1),
                _ => return Err(malformed(at, "a comma or the array's end was expected")),
            }
        }
    }

    fn object(&mut self, start: usize, depth: usize) -> Result<usize, Fault> {
        let found_before = self.found.len();
        let mut members = Members::default();
        let mut at = self.blanks(start + 1);
        if self.bytes.get(at) == Some(&b'}') {
            return Ok(at + 1);
        }
        loop {
            at = self.member(at, depth, &mut members)?;
            match self.bytes.get(at) {
                Some(b',') => at = self.blanks(at + 1),
                Some(b'}') => break,
                _ => return Err(malformed(at, "a comma or the object's end was expected")),
            }
        }
        if let Some(personal) = members.personal(start, at + 1)? {
            self.found.truncate(found_before); // what lies inside is sealed with it
            self.found.push(personal);
        }
        Ok(at + 1)
    }

    /// Walks over `"name": value` and the blanks after it.
    fn member(&mut self, at: usize, depth: usize, members: &mut Members<'t>) -> Result<usize, Fault> {
        if self.bytes.get(at) != Some(&b'"') {
            return Err(malformed(at, "a member's name was expected"));
        }
        let name_end = self.string(at)?;
        let colon = self.blanks(name_end);
        if self.bytes.get(colon) != Some(&b':') {
            return Err(malformed(colon, "a colon was expected"));
        }
        let value_start = self.blanks(colon + 1);
        let value_end = self.value(value_start, depth + 1)?;
        let value = &self.json[value_start..value_end];
        let text = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        members.count += 1;
        match &self.json[at + 1..name_end - 1] {
            "personal" => members.subject = text,
            "open" => members.open = Some(value),
            "sealed" => members.sealed = text,
            "erased" => members.erased = value == "true",
            _ => {}
        }
        Ok(self.blanks(value_end))
    }
}

impl<'t> Members<'t> {
    /// Is the object a piece of personal data? One that nearly is, is refused: it would be stored open.
    fn personal(&self, start: usize, end: usize) -> Result<Option<Personal<'t>>, Fault> {
        let Some(subject) = self.subject else { return Ok(None) };
        let form = match (self.open, self.sealed, self.erased) {
            (None, None, false) => return Ok(None),
            (Some(open), None, false) => Form::Open(open),
            (None, Some(sealed), false) => Form::Sealed(sealed),
            (None, None, true) => Form::Erased,
            _ => return Err(malformed(start, "it is one of open, sealed, erased")),
        };
        if self.count != 2 {
            return Err(malformed(start, "it has the subject and one form, and nothing else"));
        }
        check_subject(subject, start)?;
        Ok(Some(Personal { subject, form, start, end }))
    }
}
