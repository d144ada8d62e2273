//! One call, a hundred answers, Plan 4.2.2: messages by a gateway, answers from any number, wrong numbers corrected.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use muster_tests::node::Node;
use muster_tests::town::{PASSWORD, Seen, Town};
use serde_json::{Value, json};
use server::config::{Messages, Settings};
use server::now::Now;

use crate::field::{Story, arrangements, depot_fire, orders_at_once, plan_of, submits};

/// How long a change may take to come over the line; nothing here waits for a limit to pass.
pub(crate) const LINE: Duration = Duration::from_secs(30);
const PART: &str = "messages_4_2_2::serves_with_channels";
const DATA: &str = "MUSTER_MESSAGES_DATA";
const SETTINGS: &str = "MUSTER_MESSAGES_SETTINGS";
/// A number that the gateway does not know.
const NOBODY: &str = "102-0000-0999";

/// The node that sends, in this binary because a demonstration rehearses; without a directory it returns at once.
#[test]
#[allow(clippy::print_stdout, reason = "how the child speaks")]
fn serves_with_channels() {
    let (Some(data), Ok(settings)) = (std::env::var_os(DATA), std::env::var(SETTINGS)) else { return };
    let given: Settings = toml::from_str(&settings).unwrap();
    let listen = Some("127.0.0.1:0".parse().unwrap());
    let settings = Settings { data: Some(PathBuf::from(data)), listen, ..given };
    let mut config = settings.complete().unwrap().as_demo(PASSWORD.to_owned()).unwrap();
    config.messages = Messages::Send;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let serving = server::serve::open(config, Now::system()).await.unwrap();
        println!("listening on {}", serving.url());
        serving.run(std::future::pending()).await.unwrap();
    });
}

/// A message as the gateway got it.
#[derive(Debug)]
struct Got {
    to: String,
    text: String,
    id: String,
}

impl Got {
    /// The short code in 「接令回复1 4821」.
    fn code(&self) -> String {
        let after = self.text.split("回复1 ").nth(1).expect("it says how to answer");
        after.chars().take(4).collect()
    }
}

/// How a gateway behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// It takes what it is given.
    Takes,
    /// The same, but it knows nobody under [`NOBODY`].
    KnowsNobody,
    /// It says once of each message that it is too busy.
    BusyOnce,
    /// It takes connections and never says a word.
    Silent,
}

/// An operator's gateway.
struct Gateway {
    address: SocketAddr,
    got: Receiver<Got>,
}

impl Gateway {
    fn opens(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (take, got) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let take = take.clone();
                std::thread::spawn(move || match manner {
                    Manner::Silent => hangs(stream),
                    _ => answers(stream, &take, manner),
                });
            }
        });
        Self { address, got }
    }

    /// The next message to this number.
    #[track_caller]
    fn next_to(&self, number: &str) -> Got {
        let end = Instant::now() + LINE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let got = self.got.recv_timeout(left).unwrap_or_else(|_| panic!("nothing came for {number}"));
            if got.to == number {
                return got;
            }
        }
    }
}

fn hangs(mut stream: TcpStream) {
    let mut nothing = [0; 64];
    while stream.read(&mut nothing).is_ok_and(|read| read > 0) {}
    std::thread::sleep(LINE);
}

/// Messages that were turned away for once.
static TURNED_AWAY: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

fn answers(stream: TcpStream, take: &Sender<Got>, manner: Manner) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut length = 0;
        let mut line = String::new();
        loop {
            line.clear();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let lower = line.to_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let asked: Value = serde_json::from_slice(&body).unwrap();
        let text = |name: &str| asked[name].as_str().unwrap_or_default().to_owned();
        let got = Got { to: text("to"), text: text("text"), id: text("id") };
        let nobody = manner == Manner::KnowsNobody && got.to == NOBODY.replace('-', "");
        let busy = manner == Manner::BusyOnce && TURNED_AWAY.lock().unwrap().insert(got.id.clone());
        let code = if busy {
            "429"
        } else if nobody {
            "404"
        } else {
            "0"
        };
        let answer = json!({ "code": code, "id": got.id, "msg": "空号" }).to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            answer.len()
        );
        reader.get_mut().write_all(format!("{head}{answer}").as_bytes()).unwrap();
        if take.send(got).is_err() {
            return;
        }
    }
}

fn gateway(kind: &str, name: &str, address: SocketAddr) -> String {
    format!(
        r#"[[channels.{kind}]]
name = "{name}"
url = "http://{address}/send"
format = "json"
body = {{ to = "{{to}}", text = "{{text}}", id = "{{id}}" }}
signature = "荣成应急"
success = {{ pointer = "/code", is = ["0"] }}
reference = "/id"
reason = "/msg"
bad_address = ["404"]
busy = ["429"]
callback = {{ token = "a-long-token-of-{name}", body = "OK", reports = {{ reference = "/id", state = "/state", delivered = ["DELIVRD"] }}, answers = {{ from = "/from", text = "/text" }} }}
limits = {{ timeout_s = 2 }}
"#
    )
}

pub(crate) fn town_with(settings: &str) -> Town {
    Town::served_by(|data| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--nocapture", "--exact", PART]);
        command.env(DATA, data).env(SETTINGS, settings).env_remove("NEXTEST");
        command
    })
}

/// What the gateway sends back to the node.
fn back(town: &Town, name: &str, what: &str, body: Value) -> u16 {
    let path = format!("/api/v1/channels/{name}/callback?token=a-long-token-of-{name}&what={what}");
    town.stranger().request("POST", &path).json(&body).send().status
}

/// The first mobile number of a force: its duty room has a landline, which takes no SMS.
fn mobile_of(town: &Town, force: &str) -> String {
    let force = town.brigade().sees(&format!("/contacts?force={}", town.id(force)));
    let phones = force.all("contacts").into_iter().map(|contact| contact.text("phone"));
    let mobile = phones.into_iter().find(|phone| phone.starts_with("102")).expect("somebody has a mobile");
    mobile.replace('-', "")
}

/// The notification about a force's order, as the brigade sees it.
#[track_caller]
pub(crate) fn told(town: &Town, story: &Story, force: &str) -> Seen {
    let order = &story.orders[force];
    town.brigade().sees(&story.path("/notifications")).one("items", "subject", order)
}

/// Waits until the page shows it.
#[track_caller]
pub(crate) fn until(what: &str, mut shows: impl FnMut() -> bool) {
    let end = Instant::now() + LINE;
    while !shows() {
        assert!(Instant::now() < end, "it never shows: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Plan 4.2.2: an order rings by SMS with its short code; a yes from any number takes the order, and the board says by what
/// means; a delivery report shows; an answer that comes again changes nothing.
#[test]
fn an_order_goes_out_by_sms_and_is_taken_from_any_number() {
    let sms = Gateway::opens(Manner::Takes);
    let town = town_with(&gateway("sms_https", "yidong", sms.address));
    let mut story = depot_fire(&town);
    let plan = submits(&town, &story, plan_of(&town, &["化工应急队"]));
    town.shift_leader().does(&format!("/plans/{plan}/approve"), json!({ "revision": 1 }));
    story.learns_orders(&town);
    let got = sms.next_to(&mobile_of(&town, "化工应急队"));
    assert!(got.text.starts_with("【荣成应急】"), "{}", got.text);
    assert!(got.text.contains("出动指令") && got.text.contains("石岛油库"), "{}", got.text);
    let shown = told(&town, &story, "化工应急队");
    assert_eq!(shown.text("code"), got.code());
    assert_eq!(back(&town, "yidong", "report", json!({ "id": got.id, "state": "DELIVRD" })), 200);
    until("delivered", || {
        let sent = told(&town, &story, "化工应急队").all("messages");
        sent.iter().any(|m| m.text("status") == "delivered")
    });
    assert_eq!(story.order(&town, "化工应急队").text("step"), "issued", "delivered is no answer");
    let yes = json!({ "from": "10200000777", "text": format!("1 {}", got.code()) });
    assert_eq!(back(&town, "yidong", "answer", yes.clone()), 200);
    let taken = story.order(&town, "化工应急队");
    assert_eq!(taken.text("step"), "acknowledged");
    let step = taken.all("steps").pop().unwrap();
    assert!(step.0.to_string().contains("message"), "by what means stands on record: {step:?}");
    assert_eq!(told(&town, &story, "化工应急队").text("state"), "settled");
    assert_eq!(back(&town, "yidong", "answer", yes), 200, "it may come again");
    assert_eq!(story.order(&town, "化工应急队").text("step"), "acknowledged");
    let other = json!({ "from": "10200000777", "text": format!("2 {} 不去", got.code()) });
    assert_eq!(back(&town, "yidong", "answer", other), 200);
    assert_eq!(
        story.order(&town, "化工应急队").text("step"),
        "acknowledged",
        "a no counts only from who was asked"
    );
    let stray = json!({ "from": "10200000778", "text": "你们是谁" });
    assert_eq!(back(&town, "yidong", "answer", stray), 200);
    let strays = town.brigade().sees("/channels").all("unmatched");
    assert_eq!(strays[0].text("text"), "你们是谁", "what belongs to nothing is for a person to read");
    let forged = "/api/v1/channels/yidong/callback?token=wrong&what=answer";
    let yes = json!({ "from": "1", "text": "1" });
    assert_eq!(town.stranger().request("POST", forged).json(&yes).send().status, 403);
}

/// Plan 4.2.2: a wrong number goes on by the next way at once and becomes a correction that the force owes; a new list settles it.
#[test]
fn a_wrong_number_goes_on_by_voice_and_is_corrected() {
    let (sms, voice) = (Gateway::opens(Manner::KnowsNobody), Gateway::opens(Manner::Takes));
    let settings =
        gateway("sms_https", "yidong", sms.address) + &gateway("voice_https", "yuyin", voice.address);
    let town = town_with(&settings);
    let of = town.id("石岛站");
    let contact = |phone: &str| {
        json!([{ "title": "值班室", "name": "石岛站值班员01", "phone": phone,
        "ways": [{ "channel": "sms" }, { "channel": "voice" }] }])
    };
    let list = |phone: &str| json!({ "of": { "force": of }, "contacts": contact(phone) });
    town.force("石岛站").does("/contacts", list(NOBODY));
    let refused = town.force("崖头站").is_refused("/contacts", list("102-0000-0001"));
    assert_eq!(refused.code, "not_yours");
    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &["石岛站"]);
    let call = voice.next_to(&NOBODY.replace('-', ""));
    assert!(call.text.contains("出动指令"), "{}", call.text);
    let sent = told(&town, &story, "石岛站").all("messages");
    assert_eq!((sent[0].text("status"), sent[0].text("failed")), ("failed".into(), "bad_address".into()));
    let owed = town.force("石岛站").sees("/corrections").list();
    assert_eq!((owed.len(), owed[0].text("title")), (1, "值班室".to_owned()));
    assert!(town.force("崖头站").sees("/corrections").list().is_empty(), "it is the other's affair");
    town.force("石岛站").does("/contacts", list("102-0000-0002"));
    assert!(town.bureau().sees("/corrections").list().is_empty());
    assert_eq!(back(&town, "yuyin", "answer", json!({ "from": "10200000999", "text": "1" })), 200);
    assert_eq!(
        story.order(&town, "石岛站").text("step"),
        "acknowledged",
        "the key on the telephone takes the order"
    );
}

/// Plan 4.2.2: no way is left: the desks have it on their red list until somebody has answered, by telephone for instance.
#[test]
fn whom_no_way_reaches_stands_on_the_red_list() {
    let sms = Gateway::opens(Manner::KnowsNobody);
    let town = town_with(&gateway("sms_https", "yidong", sms.address));
    let contacts = json!([{ "title": "值班室", "name": "石岛站值班员01", "phone": NOBODY, "ways": [{ "channel": "sms" }] }]);
    town.bureau().does("/contacts", json!({ "of": { "force": town.id("石岛站") }, "contacts": contacts }));
    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &["石岛站"]);
    let unreached = || town.brigade().sees("/desk").all("incidents")[0].number("unreached");
    until("nobody was reached", || unreached() == 1);
    assert_eq!(told(&town, &story, "石岛站").text("state"), "exhausted");
    town.brigade().types_for(
        "石岛站值班员01",
        "phone",
        &story.order_path("石岛站", "/acknowledge"),
        json!({}),
    );
    assert_eq!(unreached(), 0);
}

/// Plan 4.2.2: what a gateway took is paid for: by message, by what was told, by channel, and all together.
#[test]
fn what_is_told_outside_is_counted_in_yuan() {
    let sms = Gateway::opens(Manner::Takes);
    let priced =
        gateway("sms_https", "yidong", sms.address).replace("format =", "price = \"0.045\"\nformat =");
    let town = town_with(&priced);
    let contacts = json!([{ "title": "值班室", "name": "石岛站值班员01", "phone": "102-0000-0005",
        "ways": [{ "channel": "sms" }] }]);
    town.bureau().does("/contacts", json!({ "of": { "force": town.id("石岛站") }, "contacts": contacts }));
    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &["石岛站"]);
    until("handed over", || told(&town, &story, "石岛站").all("messages")[0].text("status") == "handed_over");
    let notification = told(&town, &story, "石岛站");
    let parts = notification.all("messages")[0].number("parts");
    assert!(parts > 1, "an order is a long text");
    let hao = parts * 450;
    let cost = format!("{}.{:04}", hao / 10_000, hao % 10_000);
    let cost = cost.strip_suffix("00").or_else(|| cost.strip_suffix('0')).unwrap_or(&cost).to_owned();
    assert_eq!(notification.text("cost"), cost);
    let page = town.brigade().sees(&story.path("/notifications"));
    let campaign =
        page.0["costs"]["by_campaign"].as_array().unwrap().iter().find(|c| c["code"] == "order").unwrap();
    assert_eq!((campaign["messages"].as_u64(), campaign["cost"].as_str()), (Some(1), Some(cost.as_str())));
    let channel = &page.0["costs"]["by_channel"][0];
    assert_eq!((&channel["code"], &channel["cost"]), (&json!("sms"), &page.0["costs"]["total"]));
}

/// Plan 4.2.2, 6.1: a gateway that takes connections and never answers stalls no act; each message ends in a state that is
/// seen, and the order goes on by the next way.
#[test]
fn a_silent_gateway_stalls_nothing() {
    let (sms, voice) = (Gateway::opens(Manner::Silent), Gateway::opens(Manner::Takes));
    let settings =
        gateway("sms_https", "yidong", sms.address) + &gateway("voice_https", "yuyin", voice.address);
    let town = town_with(&settings);
    let contacts = json!([{ "title": "值班室", "name": "石岛站值班员01", "phone": "102-0000-0003",
        "ways": [{ "channel": "sms" }, { "channel": "voice" }] }]);
    town.bureau().does("/contacts", json!({ "of": { "force": town.id("石岛站") }, "contacts": contacts }));
    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &["石岛站"]);
    until("not sent in time, and said so", || {
        let sent = told(&town, &story, "石岛站").all("messages");
        sent[0].text("failed") == "timed_out"
    });
    let force = town.force("石岛站");
    force.does(&story.order_path("石岛站", "/receive"), json!({}));
    force.does(&story.order_path("石岛站", "/acknowledge"), json!({}));
    assert_eq!(
        told(&town, &story, "石岛站").text("state"),
        "settled",
        "the terminal's answer counts at once"
    );
}

/// Plan 6.1: one gateway swallows everything and has room for one message at a time, the other's name leads nowhere: each
/// recipient ends in a state that is seen, within the time of his ways, and a word by telephone settles it all the same.
#[test]
fn every_recipient_ends_in_a_state_that_is_seen() {
    let sms = Gateway::opens(Manner::Silent);
    let narrow = "limits = { timeout_s = 2, at_once = 1, per_s = 1 }";
    let sms = gateway("sms_https", "yidong", sms.address).replace("limits = { timeout_s = 2 }", narrow);
    let nowhere = "http://gateway.invalid:80/send";
    let voice = gateway("voice_https", "yuyin", "127.0.0.1:9".parse().unwrap());
    let town = town_with(&(sms + &voice.replace("http://127.0.0.1:9/send", nowhere)));
    let change = json!({ "state": "emergency", "why": "台风登陆" });
    town.bureau().does("/readiness", change);
    let stations = ["石岛站", "崖头站"];
    for station in stations {
        let contacts = json!([{ "title": "值班室", "name": "值班员01", "phone": "102-0000-0006",
            "ways": [{ "channel": "sms" }, { "channel": "voice" }] }]);
        let of = json!({ "force": town.id(station) });
        town.bureau().does("/contacts", json!({ "of": of, "contacts": contacts }));
    }
    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &stations);
    // 15 seconds for each of the two ways in the state of emergency.
    for _ in 0..2 {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(15)
            && stations.iter().any(|station| told(&town, &story, station).text("state") == "waiting")
        {
            std::thread::sleep(Duration::from_millis(250));
        }
    }
    for station in stations {
        until("it is said that nobody was reached", || {
            told(&town, &story, station).text("state") == "exhausted"
        });
        let by: Vec<String> =
            told(&town, &story, station).all("messages").iter().map(|m| m.text("channel")).collect();
        assert_eq!(by, ["sms", "voice"], "each way was taken once");
        let path = story.order_path(station, "/acknowledge");
        town.brigade().types_for("值班员01", "phone", &path, json!({}));
        assert_eq!(told(&town, &story, station).text("state"), "settled");
        until("and no message is left in the dark", || {
            let sent = told(&town, &story, station).all("messages");
            sent.iter().all(|m| m.text("status") == "failed")
        });
    }
}

/// Plan 4.2.2: where a gateway bears only so many a second, orders go before notices and filings.
#[test]
fn orders_go_before_notices_at_the_pace_of_the_gateway() {
    let sms = Gateway::opens(Manner::Takes);
    let slow = "limits = { timeout_s = 2, at_once = 1, per_s = 2 }";
    let town =
        town_with(&gateway("sms_https", "yidong", sms.address).replace("limits = { timeout_s = 2 }", slow));
    let reached = |of: Value, phone: &str| {
        let contacts = json!([{ "title": "值班室", "name": "值班员01", "phone": phone,
            "ways": [{ "channel": "sms" }] }]);
        town.bureau().does("/contacts", json!({ "of": of, "contacts": contacts }));
    };
    let stations = ["石岛站", "崖头站", "成山站", "俚岛站"];
    reached(json!({ "org": "org-yingji" }), "102-0000-0007");
    for station in stations {
        reached(json!({ "force": town.id(station) }), "102-0000-0008");
    }
    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &stations);
    let mut came = Vec::new();
    let mut at = Vec::new();
    while came.len() < 2 * stations.len() {
        let got = sms.got.recv_timeout(LINE).expect("every order and every filing is told");
        match (got.text.contains("出动指令") && got.to.ends_with("08"), got.text.contains("报备")) {
            (true, _) => came.push("order"),
            (false, true) => came.push("filing"),
            _ => continue,
        }
        at.push(Instant::now());
    }
    assert_eq!(came, ["order", "order", "order", "order", "filing", "filing", "filing", "filing"]);
    let took = at[7].duration_since(at[0]);
    assert!(took >= Duration::from_secs(3), "two a second, not all at once: {took:?}");
}

/// Plan 4.2.2: "too many at once" is no failure: the message is kept back for as long as the gateway asks, and goes.
#[test]
fn a_busy_gateway_is_waited_for() {
    let sms = Gateway::opens(Manner::BusyOnce);
    let town = town_with(&gateway("sms_https", "yidong", sms.address));
    let contacts = json!([{ "title": "值班室", "name": "石岛站值班员01", "phone": "102-0000-0004",
        "ways": [{ "channel": "sms" }] }]);
    town.bureau().does("/contacts", json!({ "of": { "force": town.id("石岛站") }, "contacts": contacts }));
    let mut story = depot_fire(&town);
    orders_at_once(&town, &mut story, &["石岛站"]);
    until("handed over at the first attempt", || {
        let sent = told(&town, &story, "石岛站").all("messages");
        sent[0].text("status") == "handed_over" && sent[0].number("attempts") == 1
    });
}

/// A demonstration rehearses: everything runs and is shown, and the page says that nothing leaves.
#[test]
fn a_demonstration_rehearses() {
    let town = Town::served_by(Node::rehearsing_command);
    let mut story = depot_fire(&town);
    let body =
        json!({ "orders": [{ "force": town.id("石岛站"), "task": "救人" }], "arrangements": arrangements() });
    town.brigade().does(&story.path("/first-response"), body);
    story.learns_orders(&town);
    until("handed over", || {
        let sent = told(&town, &story, "石岛站").all("messages");
        sent.iter().any(|m| m.text("status") == "handed_over")
    });
    let page = town.brigade().sees(&story.path("/notifications"));
    assert!(page.is("rehearsal") && page.number("parts") > 0);
    let channels = town.brigade().sees("/channels");
    assert!(channels.is("rehearsal") && channels.all("channels").len() == 2);
    let hidden = town.force("石岛站").does_not_see(&story.path("/notifications"));
    assert_eq!(hidden.status, 403, "who was told how is the desks' affair");
}
