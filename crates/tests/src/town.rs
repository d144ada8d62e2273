//! Rongcheng over HTTP: every desk, force, department and town as somebody who signs in, does, sees, and is refused.
//!
//! Each refusal is held to the promise for all of them: a problem document, and nothing changed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;
use std::rc::Rc;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::{Answer, Client, Request, Stream};
use crate::node::Node;

/// The demo's one password.
pub const PASSWORD: &str = "muster-demo";

/// A node with Rongcheng's data, and everybody in it.
pub struct Town {
    node: Option<Node>,
    data: TempDir,
    sessions: RefCell<BTreeMap<String, Rc<Client>>>,
    /// Ids of forces and organisations by their short names.
    names: RefCell<BTreeMap<String, String>>,
    /// The last entry that was written by anybody here.
    seen: RefCell<String>,
    keys: Cell<u32>,
}

/// Somebody at his desk.
#[derive(Clone)]
pub struct User<'a> {
    town: &'a Town,
    /// The account.
    pub account: String,
    client: Rc<Client>,
}

/// What an act left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// 200, or 201 where something was created.
    pub status: u16,
    /// `plan`, `order` …
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its incident.
    pub incident: Option<String>,
    /// `epoch.seq`
    pub seq: String,
}

/// A no, with everything it says.
#[derive(Debug, Clone)]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: String,
    /// The clause, empty where there is none.
    pub clause: String,
    /// What it says.
    pub detail: String,
    /// Lawful next acts.
    pub instead: Vec<String>,
    /// Pointers to the refused fields.
    pub fields: Vec<String>,
}

impl Town {
    /// A fresh node.
    pub fn rongcheng() -> Self {
        Self::served_by(Node::demo_command)
    }

    /// A fresh node that this command starts on a directory.
    pub fn served_by(command: impl FnOnce(&Path) -> Command) -> Self {
        let data = tempfile::Builder::new().prefix("muster-town-").tempdir().expect("a temporary directory");
        let node = Node::run(command(data.path()));
        Self {
            node: Some(node),
            data,
            sessions: RefCell::default(),
            names: RefCell::default(),
            seen: RefCell::default(),
            keys: Cell::new(0),
        }
    }

    /// The node's process.
    pub fn node(&self) -> &Node {
        self.node.as_ref().expect("the node runs")
    }

    /// Where its data lie.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Stops the node well; its data stay.
    pub fn stops(&mut self) -> String {
        self.node.take().expect("the node runs").stops()
    }

    /// Starts it again on the same data; sessions outlive that.
    pub fn starts_again(&mut self) {
        let node = Node::demo(self.data.path());
        let mut sessions = self.sessions.borrow_mut();
        for client in sessions.values_mut() {
            *client = Rc::new(client.moved_to(node.address));
        }
        drop(sessions);
        self.node = Some(node);
    }

    /// Nobody: a client without a session.
    pub fn stranger(&self) -> Client {
        Client::new(self.node().address)
    }

    /// Somebody by his account, signed in at the first need.
    pub fn user(&self, account: &str) -> User<'_> {
        let known = self.sessions.borrow().get(account).cloned();
        let client = known.unwrap_or_else(|| {
            let client = Rc::new(self.signs_in(account));
            self.sessions.borrow_mut().insert(account.to_owned(), client.clone());
            client
        });
        User { town: self, account: account.to_owned(), client }
    }

    /// A session of its own for this account.
    pub fn signs_in(&self, account: &str) -> Client {
        let stranger = self.stranger();
        let body = json!({ "username": account, "password": PASSWORD });
        let answer = stranger.request("POST", "/api/v1/session").json(&body).send();
        assert!((200..=201).contains(&answer.status), "{account} signs in: {}", answer.text());
        let token = answer.json()["token"].as_str().expect("a session has a token").to_owned();
        stranger.with_token(&token)
    }

    /// 指挥中心值班调度员
    pub fn brigade(&self) -> User<'_> {
        self.user("dispatcher")
    }

    /// 值班指挥长
    pub fn commander(&self) -> User<'_> {
        self.user("commander")
    }

    /// 应急局值班员
    pub fn bureau(&self) -> User<'_> {
        self.user("bureau")
    }

    /// 应急局带班领导
    pub fn shift_leader(&self) -> User<'_> {
        self.user("shift-leader")
    }

    /// 应急局备岗领导
    pub fn deputy(&self) -> User<'_> {
        self.user("deputy")
    }

    /// 总值班室
    pub fn duty_office(&self) -> User<'_> {
        self.user("govt")
    }

    /// 市领导
    pub fn leader(&self) -> User<'_> {
        self.user("leader")
    }

    /// 现场指挥部
    pub fn post(&self) -> User<'_> {
        self.user("post")
    }

    /// A force by its short name: 石岛站.
    pub fn force(&self, short: &str) -> User<'_> {
        self.user(&self.id(short))
    }

    /// A department or a linkage service by its short name: 市工信局.
    pub fn dept(&self, short: &str) -> User<'_> {
        self.user(&format!("dept-{}", self.id(short).trim_start_matches("org-")))
    }

    /// A town by its name: 港湾街道.
    pub fn town_office(&self, name: &str) -> User<'_> {
        self.user(&self.id(name).replace("org-town-", "town-"))
    }

    /// Id of a force or an organisation by its short name.
    pub fn id(&self, short: &str) -> String {
        if self.names.borrow().is_empty() {
            let mut names = BTreeMap::new();
            for org in self.brigade().sees("/orgs").list() {
                names.insert(org.text("name"), org.text("id"));
            }
            for force in self.brigade().sees("/forces").list() {
                names.insert(force.at("brief").text("name"), force.at("brief").text("id"));
            }
            *self.names.borrow_mut() = names;
        }
        let names = self.names.borrow();
        names.get(short).unwrap_or_else(|| panic!("nobody is called {short}")).clone()
    }

    /// The entry that the node wrote last, `epoch.seq`.
    pub fn seq(&self) -> String {
        self.brigade().sees("/desk").text("seq")
    }

    fn fresh_key(&self) -> String {
        self.keys.set(self.keys.get() + 1);
        format!("scenario-{}", self.keys.get())
    }

    fn notes(&self, seq: &str) {
        let newest = |seq: &str| seq.split_once('.').and_then(|(_, n)| n.parse::<u64>().ok());
        if newest(seq) > newest(&self.seen.borrow()) {
            seq.clone_into(&mut self.seen.borrow_mut());
        }
    }
}

impl User<'_> {
    /// The session behind it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// A request of this user, with a fresh key.
    pub fn request(&self, method: &str, path: &str) -> Request {
        self.client.request(method, &format!("/api/v1{path}"))
    }

    /// Asks for an act, whatever comes of it.
    pub fn tries(&self, path: &str, body: &Value) -> Answer {
        self.request("POST", path).key(&self.town.fresh_key()).json(body).send()
    }

    /// Does something; it must be accepted.
    #[track_caller]
    pub fn does(&self, path: &str, body: Value) -> Receipt {
        let answer = self.tries(path, &body);
        assert!(
            (200..=201).contains(&answer.status),
            "{} {path} {body}\n→ {} {}",
            self.account,
            answer.status,
            answer.text()
        );
        let receipt = receipt_of(&answer);
        self.town.notes(&receipt.seq);
        receipt
    }

    /// Types it for somebody else (代录).
    #[track_caller]
    pub fn types_for(&self, who: &str, through: &str, path: &str, mut body: Value) -> Receipt {
        body["on_behalf_of"] = json!({ "who": who, "through": through });
        self.does(path, body)
    }

    /// Asks for an act and is refused, by a problem document, with nothing changed.
    #[track_caller]
    pub fn is_refused(&self, path: &str, body: Value) -> Refused {
        let request = self.request("POST", path).key(&self.town.fresh_key()).json(&body);
        self.town.refuses(&format!("{} {path} {body}", self.account), request)
    }

    /// Sees something, at least as new as everything that was done here.
    #[track_caller]
    pub fn sees(&self, path: &str) -> Seen {
        let seen = self.town.seen.borrow().clone();
        let join = if path.contains('?') { '&' } else { '?' };
        let fresh = if seen.is_empty() { String::new() } else { format!("{join}min_seq={seen}") };
        let answer = self.request("GET", &format!("{}{fresh}", in_url(path))).send();
        assert_eq!(answer.status, 200, "{} sees {path}: {}", self.account, answer.text());
        Seen(answer.json())
    }

    /// May not see it.
    #[track_caller]
    pub fn does_not_see(&self, path: &str) -> Refused {
        let answer = self.request("GET", &in_url(path)).send();
        assert!(answer.status >= 400, "{} must not see {path}: {}", self.account, answer.text());
        refused_of(&answer)
    }

    /// The texts of a document, opened as a word processor would.
    #[track_caller]
    pub fn opens(&self, path: &str) -> String {
        let answer = self.request("GET", &in_url(path)).send();
        assert_eq!(answer.status, 200, "{} opens {path}: {}", self.account, answer.text());
        let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        assert_eq!(answer.header("content-type"), docx);
        words_of_docx(&answer.body)
    }

    /// Listens to the live stream, from now on.
    pub fn listens(&self) -> Stream {
        self.client.stream(None)
    }

    /// Uploads a file and has its id.
    #[track_caller]
    pub fn uploads(&self, incident: &str, media_type: &str, bytes: &[u8]) -> String {
        let path = format!("/files?incident={incident}");
        let request = self.request("POST", &path).key(&self.town.fresh_key());
        let answer = request.body(media_type, bytes).send();
        assert!((200..=201).contains(&answer.status), "{} uploads: {}", self.account, answer.text());
        Seen(answer.json()).text("id")
    }
}

impl Town {
    /// Sends a request that must be refused: a problem document, and no entry written by it. The node's own clock may
    /// write in between; then the request is sent again, which a refusal allows.
    #[track_caller]
    pub fn refuses(&self, what: &str, request: Request) -> Refused {
        for _ in 0..3 {
            let before = self.seq();
            let answer = request.clone().send();
            assert!(answer.status >= 400, "{what} must be refused, but: {} {}", answer.status, answer.text());
            let refused = refused_of(&answer);
            if self.seq() == before {
                return refused;
            }
        }
        panic!("a refusal changes nothing: {what}");
    }
}

/// What is seen: JSON with short words for looking into it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen(pub Value);

impl Seen {
    /// A field, which must be there.
    #[track_caller]
    pub fn at(&self, name: &str) -> Seen {
        match self.0.get(name) {
            Some(value) => Seen(value.clone()),
            None => panic!("no field {name} in {:#}", self.0),
        }
    }

    /// A field as text, empty where it is null.
    #[track_caller]
    pub fn text(&self, name: &str) -> String {
        match self.at(name).0 {
            Value::Null => String::new(),
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    /// A field as a whole number.
    #[track_caller]
    pub fn number(&self, name: &str) -> i64 {
        let value = self.at(name);
        value.0.as_i64().unwrap_or_else(|| panic!("{name} is no number: {}", value.0))
    }

    /// A field as yes or no.
    #[track_caller]
    pub fn is(&self, name: &str) -> bool {
        let value = self.at(name);
        value.0.as_bool().unwrap_or_else(|| panic!("{name} is neither true nor false: {}", value.0))
    }

    /// Is the field there, and not null?
    pub fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    /// This list.
    #[track_caller]
    pub fn list(&self) -> Vec<Seen> {
        let items = self.0.as_array().unwrap_or_else(|| panic!("no list: {:#}", self.0));
        items.iter().cloned().map(Seen).collect()
    }

    /// The list in a field.
    #[track_caller]
    pub fn all(&self, name: &str) -> Vec<Seen> {
        self.at(name).list()
    }

    /// The one item of a list whose field, or the name in it, is this.
    #[track_caller]
    pub fn one(&self, list: &str, field: &str, is: &str) -> Seen {
        let items = self.all(list);
        let mut fits = items.iter().filter(|item| match &item.0[field] {
            Value::String(text) => text == is,
            Value::Object(inside) => {
                inside.get("name").is_some_and(|n| n == is) || inside.get("id").is_some_and(|i| i == is)
            }
            _ => false,
        });
        let found =
            fits.next().unwrap_or_else(|| panic!("no {list} with {field} = {is} in {:#}", self.0[list]));
        assert!(fits.next().is_none(), "more than one of {list} with {field} = {is}");
        found.clone()
    }

    /// A field of each item of a list, as text; of a reference its name.
    #[track_caller]
    pub fn each(&self, list: &str, field: &str) -> Vec<String> {
        let text = |item: &Seen| match &item.0[field] {
            Value::Object(inside) => {
                inside.get("name").and_then(Value::as_str).unwrap_or_default().to_owned()
            }
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.all(list).iter().map(text).collect()
    }

    /// What `may` says of an act: `yes`, `on_behalf`, the code of the refusal, or `no key` where there is none.
    pub fn may(&self, act: &str) -> String {
        match &self.0["may"][act] {
            Value::Null => "no key".to_owned(),
            Value::Bool(true) => "yes".to_owned(),
            Value::String(text) => text.clone(),
            not => not["code"].as_str().unwrap_or_default().to_owned(),
        }
    }

    /// Every place in it, however deep, that says whether it is a drill.
    pub fn drills(&self) -> Vec<bool> {
        fn look(value: &Value, found: &mut Vec<bool>) {
            match value {
                Value::Object(fields) => {
                    found.extend(fields.get("drill").and_then(Value::as_bool));
                    fields.values().for_each(|value| look(value, found));
                }
                Value::Array(items) => items.iter().for_each(|value| look(value, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        look(&self.0, &mut found);
        found
    }
}

/// A receipt, read.
#[track_caller]
pub fn receipt_of(answer: &Answer) -> Receipt {
    let seen = Seen(answer.json());
    Receipt {
        status: answer.status,
        kind: seen.text("kind"),
        id: seen.text("id"),
        incident: seen.0["incident"].as_str().map(ToOwned::to_owned),
        seq: seen.text("seq"),
    }
}

/// A problem document, read; anything else fails.
#[track_caller]
pub fn refused_of(answer: &Answer) -> Refused {
    let media = answer.header("content-type");
    assert!(media.starts_with("application/problem+json"), "{} {media}: {}", answer.status, answer.text());
    let seen = Seen(answer.json());
    assert_eq!(seen.number("status"), i64::from(answer.status), "{}", seen.0);
    assert_eq!(seen.text("type"), format!("urn:muster:problem:{}", seen.text("code")));
    assert!(!seen.text("title").is_empty() && !seen.text("detail").is_empty(), "{}", seen.0);
    let listed = |list: &str, field: &str| if seen.has(list) { seen.each(list, field) } else { Vec::new() };
    Refused {
        status: answer.status,
        code: seen.text("code"),
        clause: seen.0["clause"].as_str().unwrap_or_default().to_owned(),
        detail: seen.text("detail"),
        instead: listed("instead", "act"),
        fields: listed("errors", "pointer"),
    }
}

/// A path as it goes over the wire: what is not ASCII is percent-encoded.
pub fn in_url(path: &str) -> String {
    let escaped = |byte: u8| {
        if byte.is_ascii_graphic() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    path.bytes().map(escaped).collect()
}

/// All words of a .docx: of its page header first, then of its body, without the markup.
fn words_of_docx(bytes: &[u8]) -> String {
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a .docx is a zip archive");
    let names: Vec<String> = package.file_names().map(ToOwned::to_owned).collect();
    assert!(names.iter().any(|name| name == "word/document.xml"), "{names:?}");
    let mut words = String::new();
    let mut parts: Vec<&String> =
        names.iter().filter(|n| n.starts_with("word/header") || *n == "word/document.xml").collect();
    parts.sort_by_key(|name| *name == "word/document.xml");
    for name in parts {
        let mut xml = String::new();
        package
            .by_name(name)
            .expect("a part that was listed")
            .read_to_string(&mut xml)
            .expect("a part is UTF-8");
        let mut inside = true;
        for c in xml.chars() {
            match c {
                '<' => inside = false,
                '>' => inside = true,
                c if inside => words.push(c),
                _ => {}
            }
        }
        words.push('\n');
    }
    words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
