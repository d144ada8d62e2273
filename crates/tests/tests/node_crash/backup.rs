//! Backup under load, and what comes back of it: with the keys of personal data, without them, and after an erasure.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use muster_tests::client::Client;
use muster_tests::node::{Node, muster};
use serde_json::Value;

use crate::book::{Act, Asked, Book, position};
use crate::line::Line;
use crate::story::{Company, Sessions, sign_in};
use crate::trail::Trail;

/// The caller in every story.
const CALLER: &str = "王建国";

/// A node that worked, was backed up while it worked, worked on and is gone.
struct BackedUp {
    place: tempfile::TempDir,
    /// What was answered before the backup began.
    before: Vec<(String, Act)>,
    /// Where the brigade's stream was then.
    position: String,
    sessions: Sessions,
    /// Incidents that were closed before the node went.
    closed: Vec<String>,
}

impl BackedUp {
    fn under_load(suite: &str) -> Self {
        let place = tempfile::Builder::new().prefix("muster-backup-").tempdir().unwrap();
        let path = |name: &str| place.path().join(name);
        std::fs::create_dir(path("data")).unwrap();
        let mut command = Node::demo_command(&path("data"));
        command.args(["--suite", suite]);
        let node = Node::run(command);
        let (address, book) = (node.address, Book::default());
        let (mut companies, mut sessions) = (Company::all(4), Sessions::new());
        let desks = ["dispatcher", "bureau", "shift-leader"].into_iter();
        sign_in(
            address,
            desks.chain(companies.iter().flat_map(Company::accounts).map(String::as_str)),
            &mut sessions,
        );
        let mut before = Vec::new();
        std::thread::scope(|scope| {
            for company in &mut companies {
                scope.spawn(|| company.plays(address, &book, &sessions));
            }
            book.waits_for(250, Duration::from_secs(30));
            before = book.acts().into_iter().filter(|(_, act)| act.answer.is_some()).collect();
            let keys = path("vault");
            backs_up(&path("data"), &path("backup"), &keys);
            book.waits_for(50, Duration::from_secs(30));
            let until = Instant::now() + Duration::from_secs(30);
            while closed(&book).is_empty() && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(100));
            }
            node.killed();
        });
        assert_eq!(book.wrong(), None);
        assert!(before.len() >= 250, "only {} acts before the backup", before.len());
        let newest = before.iter().max_by_key(|(_, act)| act.seq()).unwrap();
        let position = newest.1.receipt("seq").unwrap();
        Self { place, before, position, sessions, closed: closed(&book) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// Restores the backup into a fresh directory.
    fn is_restored_to(&self, name: &str, how: &[&str]) -> PathBuf {
        let (from, to) = (self.path("backup"), self.path(name));
        let args = ["restore", "--from", from.to_str().unwrap(), "--to", to.to_str().unwrap()];
        let (done, told) = muster(&[&args, how].concat());
        assert!(done && told.contains("verified"), "{told}");
        to
    }

    /// The incidents that were called in before the backup.
    fn incidents(&self) -> Vec<String> {
        let calls = self.before.iter().filter(|(_, act)| act.asked.path == "/incidents");
        calls.filter_map(|(_, act)| act.receipt("id")).collect()
    }

    /// Everything that was answered before the backup stands in the journal where its receipt says.
    fn is_all_in(&self, data: &Path) {
        let mut trail = Trail::default();
        trail.reads(data).unwrap();
        let acts = self.before.iter().filter(|(_, act)| !act.asked.is_file());
        for (key, act) in acts {
            let found = trail.place_of(&act.asked.account, key).map(|(_, last)| last);
            assert_eq!(found, act.seq().map(|(_, seq)| seq), "{key}");
        }
        verifies(data);
    }
}

/// The incidents whose close was answered.
fn closed(book: &Book) -> Vec<String> {
    let answered = book.acts().into_iter().filter(|(_, act)| act.answer.is_some());
    answered
        .filter_map(|(_, act)| {
            Some(act.asked.path.strip_prefix("/incidents/")?.strip_suffix("/close")?.to_owned())
        })
        .collect()
}

fn backs_up(data: &Path, to: &Path, keys: &Path) {
    let texts = [data, to, keys].map(|path| path.to_str().unwrap().to_owned());
    let [data, to, keys] = &texts;
    let (done, told) = muster(&["backup", "--data", data, "--to", to, "--vault-to", keys]);
    assert!(done && told.contains("backed up"), "{told}");
}

fn verifies(data: &Path) {
    let (clean, told) = muster(&["verify", "--data", data.to_str().unwrap(), "--rules"]);
    assert!(clean && told.contains("the chain is whole") && told.contains("the rules hold"), "{told}");
}

fn dispatcher(address: SocketAddr) -> (Line, String) {
    let mut sessions = Sessions::new();
    sign_in(address, ["dispatcher"].into_iter(), &mut sessions);
    (Line::new(address), sessions["dispatcher"].clone())
}

fn file_of(line: &mut Line, token: &str, incident: &str) -> Value {
    let reply = line.get(token, &format!("/incidents/{incident}")).unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// A backup that was taken while everybody worked is a whole node: everything that was answered before it is there,
/// once, and clients are told to reload because it is another life of the journal.
#[test]
fn a_backup_taken_under_load_is_served_again_in_a_new_epoch() {
    let told = BackedUp::under_load("sha256");
    let vault = told.path("vault");
    let data = told.is_restored_to("restored", &["--vault", vault.to_str().unwrap()]);
    let node = Node::demo(&data);
    told.is_all_in(&data);
    let old = Client::new(node.address).with_token(&told.sessions["dispatcher"]);
    assert_eq!(old.get("/api/v1/desk").status, 401, "sessions are not in a backup");
    let (mut line, token) = dispatcher(node.address);
    let stream = Client::new(node.address).with_token(&token).stream(Some(&told.position));
    let reset = stream.next_that(Duration::from_secs(5), |live| live.event == "reset");
    assert_eq!(reset.expect("a client is told to reload").data["why"], "epoch");
    let heard = stream.next_that(Duration::from_secs(15), |live| live.event == "heartbeat").unwrap();
    let (epoch, _) = position(&heard.id).unwrap();
    assert!(epoch > position(&told.position).unwrap().0, "{} is no new epoch", heard.id);
    for incident in told.incidents() {
        let file = file_of(&mut line, &token, &incident).to_string();
        assert!(file.contains(CALLER) && file.contains("管线破裂"), "{file}");
    }
    let own = told.before.iter().filter(|(_, act)| act.asked.account == "dispatcher");
    for (key, act) in own.take(10) {
        let (again, before) = (line.ask(&token, key, &act.asked).unwrap(), act.answer.clone().unwrap());
        assert_eq!(again.status, before.status, "{}", again.text());
        for field in ["kind", "id", "incident"] {
            assert_eq!(again.json()[field], before.json()[field], "the same key, the same answer");
        }
    }
    for (key, act) in told.before.iter().filter(|(_, act)| act.asked.is_file()) {
        let photo = line.get(&token, &format!("/files/{}", act.receipt("id").unwrap())).unwrap();
        assert_eq!(photo.body, act.asked.body, "{key}");
    }
    node.stops();
    verifies(&data);
}

/// With the keys of personal data lost, names and texts read as erased; everything else stands, and work goes on.
#[test]
fn without_the_keys_personal_data_reads_as_erased_and_the_rest_stands() {
    let told = BackedUp::under_load("sha256");
    let data = told.is_restored_to("restored", &["--vault-lost"]);
    let node = Node::demo(&data);
    told.is_all_in(&data);
    let (mut line, token) = dispatcher(node.address);
    for incident in told.incidents() {
        let file = file_of(&mut line, &token, &incident);
        let text = file.to_string();
        assert!(!text.contains(CALLER) && !text.contains("管线破裂") && text.contains("已清除"), "{text}");
        assert_eq!(file["brief"]["hazard"]["code"], "hazchem", "{text}");
        let timeline = line.get(&token, &format!("/incidents/{incident}/timeline")).unwrap();
        assert_eq!(timeline.status, 200);
    }
    let mut call =
        told.before.iter().find(|(_, act)| act.asked.path == "/incidents").unwrap().1.asked.clone();
    call.body = String::from_utf8(call.body).unwrap().replace(CALLER, "李德贵").into_bytes();
    let taken = line.ask(&token, "after the loss", &call).unwrap();
    assert_eq!(taken.status, 201, "{}", taken.text());
    let fresh = file_of(&mut line, &token, taken.json()["id"].as_str().unwrap()).to_string();
    assert!(fresh.contains("李德贵"), "what is told from now on is kept: {fresh}");
    node.stops();
    verifies(&data);
}

fn called_in_anew(node: &Node) -> String {
    let (mut line, token) = dispatcher(node.address);
    let body = r#"{"source":"119","place":{"text":"石岛油库","place":"place-shidaoyouku"}}"#.into();
    let (account, path) = ("dispatcher".to_owned(), "/incidents".to_owned());
    let call = Asked { account, path, media_type: "application/json", body };
    let taken = line.ask(&token, "called in anew", &call).unwrap();
    assert_eq!(taken.status, 201, "{}", taken.text());
    taken.json()["id"].as_str().unwrap().to_owned()
}

/// What was erased stays erased: an older backup, restored with the record of erasures, does not bring it back.
#[test]
fn an_older_backup_does_not_bring_back_what_was_erased() {
    let told = BackedUp::under_load("sm");
    let incidents = told.incidents();
    let erased =
        incidents.iter().find(|id| told.closed.contains(id)).expect("a story that was played to its end");
    let kept = incidents.iter().find(|id| *id != erased).unwrap();
    let data = told.path("data");
    let erases =
        |incident: &str| muster(&["erase", "--data", data.to_str().unwrap(), "--incident", incident]);
    let node = Node::demo(&data);
    let (done, why) = erases(erased);
    assert!(!done && why.contains("is being written by another process"), "{why}");
    let open = called_in_anew(&node);
    node.stops();
    let (done, why) = erases(&open);
    assert!(!done && why.contains("close it first"), "{why}");
    let (done, why) = erases("01KAXXXXXXXXXXXXXXXXXXXXXX");
    assert!(!done && why.contains("there is no incident"), "{why}");
    let (done, why) = erases(erased);
    assert!(done && why.contains("are erased"), "{why}");
    let (vault, record) = (told.path("vault"), data.join("keys/erasures.log"));
    let how = ["--vault", vault.to_str().unwrap(), "--erasures", record.to_str().unwrap()];
    let restored = told.is_restored_to("restored", &how);
    for data in [data, restored] {
        let node = Node::demo(&data);
        told.is_all_in(&data);
        let (mut line, token) = dispatcher(node.address);
        let (gone, stays) =
            (file_of(&mut line, &token, erased).to_string(), file_of(&mut line, &token, kept).to_string());
        assert!(!gone.contains(CALLER) && !gone.contains("管线破裂"), "{gone}");
        assert!(stays.contains(CALLER) && stays.contains("管线破裂"), "{stays}");
        let note = Asked {
            account: "dispatcher".to_owned(),
            path: format!("/incidents/{erased}/notes"),
            media_type: "application/json",
            body: r#"{"text":"家属来电"}"#.into(),
        };
        let late = line.ask(&token, "a note after the erasure", &note).unwrap();
        assert_eq!((late.status, late.json()["code"].as_str().unwrap()), (410, "erased"), "{}", late.text());
        let photos: Vec<&(String, Act)> = told
            .before
            .iter()
            .filter(|(_, act)| act.asked.path == format!("/files?incident={erased}"))
            .collect();
        for (_, act) in photos {
            let photo = line.get(&token, &format!("/files/{}", act.receipt("id").unwrap())).unwrap();
            assert_eq!(photo.status, 404, "its photos are gone with it");
        }
        node.stops();
        verifies(&data);
    }
}

/// Keys on another disk, named by the node's settings alone: what is told as copied is the vault that opens the
/// journal, and a tool that isn't told where it lies says so instead of making one.
#[test]
fn keys_that_lie_elsewhere_are_backed_up_by_the_nodes_settings() {
    let place = tempfile::Builder::new().prefix("muster-keys-").tempdir().unwrap();
    let path = |name: &str| place.path().join(name);
    let text = |name: &str| path(name).to_str().unwrap().to_owned();
    std::fs::create_dir(path("data")).unwrap();
    let mut command = Node::demo_command(&path("data"));
    command.arg("--keys").arg(path("elsewhere"));
    let node = Node::run(command);
    std::fs::write(path("node.toml"), format!("data = {:?}\nkeys = {:?}\n", path("data"), path("elsewhere")))
        .unwrap();
    let data = text("data");
    let (done, told) = muster(&["backup", "--data", &data, "--to", &text("b"), "--vault-to", &text("v")]);
    assert!(!done && told.contains("say where they are"), "{told}");
    assert!(!path("data/keys").exists() && !path("b").exists() && !path("v").exists(), "{told}");
    let (whole, told) = muster(&["verify", "--data", &data]);
    assert!(whole, "the chain is proven without keys: {told}");
    let settings = text("node.toml");
    let (whole, told) = muster(&["verify", "--config", &settings, "--rules"]);
    assert!(whole && told.contains("the rules hold"), "{told}");
    let (done, told) = muster(&["backup", "-c", &settings, "--to", &text("b"), "--vault-to", &text("v")]);
    assert!(done && told.contains("keys of personal data copied"), "{told}");
    node.stops();
    let restore = ["restore", "--from", &text("b"), "--vault", &text("v"), "--to", &text("new")];
    let (done, told) = muster(&restore);
    assert!(done, "{told}");
    let node = Node::demo(&path("new"));
    node.stops();
    verifies(&path("new"));
}
