//! What desks and terminals do all day, told so that it goes on after a break: acts that were answered are not sent
//! again, and the one whose answer never came is sent again with its key.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use muster_tests::town::PASSWORD;
use serde_json::{Value, json};

use crate::book::{Asked, Book};
use crate::line::Line;

/// Tokens by account.
pub(crate) type Sessions = BTreeMap<String, String>;

/// The line is dead, or something is wrong and stands in the book.
pub(crate) struct Gone;

/// A station and forces that work together; their incidents are nobody else's.
pub(crate) struct Company {
    /// The brigade's own station.
    pub(crate) station: String,
    /// Forces of others.
    pub(crate) forces: Vec<String>,
    /// A force that stands by.
    pub(crate) reserve: String,
    /// Stories that are over.
    pub(crate) done: u32,
}

/// How often each force reports in one story.
const REPORTS: usize = 5;

impl Company {
    /// Stations and forces of the sample data, apart from each other.
    pub(crate) fn all(count: usize) -> Vec<Self> {
        let force = |n: usize| format!("force-{n:03}");
        let company = |n| Self {
            station: force(1 + n),
            forces: (0..3).map(|k| force(9 + 4 * n + k)).collect(),
            reserve: force(12 + 4 * n),
            done: 0,
        };
        (0..count).map(company).collect()
    }

    pub(crate) fn accounts(&self) -> impl Iterator<Item = &String> {
        self.forces.iter().chain([&self.station, &self.reserve])
    }

    /// Plays one story after the other until the line is dead.
    pub(crate) fn plays(&mut self, address: SocketAddr, book: &Book, sessions: &Sessions) {
        let mut line = Line::new(address);
        loop {
            let name = format!("{}-{}", self.station, self.done);
            let mut story = Story { name, step: 0, seen: String::new(), line: &mut line, book, sessions };
            match story.is_played(self) {
                Ok(()) => self.done += 1,
                Err(Gone) => return,
            }
        }
    }
}

struct Story<'s> {
    name: String,
    step: u32,
    /// The last entry that it knows of.
    seen: String,
    line: &'s mut Line,
    book: &'s Book,
    sessions: &'s Sessions,
}

impl Story<'_> {
    fn is_played(&mut self, company: &Company) -> Result<(), Gone> {
        let incident = self.is_called_in(company)?;
        let orders = self.is_ordered(company, &incident)?;
        self.is_carried_out(company, &incident, &orders)?;
        self.ends(company, &incident, &orders)
    }

    fn is_called_in(&mut self, company: &Company) -> Result<String, Gone> {
        let call = json!({
            "source": "119", "caller": "王建国", "caller_number": "0631-0900001",
            "place": { "text": "石岛油库三号罐区", "place": "place-shidaoyouku" },
            "hazard": "hazchem", "grade": 2, "narrative": format!("管线破裂 {}", self.name),
        });
        let incident = self.does("dispatcher", "/incidents", call)?;
        let path = |rest: &str| format!("/incidents/{incident}{rest}");
        self.does("dispatcher", &path("/verify"), json!({ "outcome": "real" }))?;
        let report = json!({ "stage": "first", "text": "管线破裂，正在处置。" });
        let report = self.does("dispatcher", &path("/reports"), report)?;
        self.does("bureau", &format!("/reports/{report}/read"), json!({}))?;
        let orders = json!([{ "force": company.station, "task": "灭火、救人" }]);
        let body = json!({ "orders": orders, "arrangements": arrangements() });
        self.does("dispatcher", &path("/first-response"), body)?;
        self.does("dispatcher", &path("/stand-by"), json!({ "forces": [company.reserve] }))?;
        Ok(incident)
    }

    /// The plan, its approval, and the orders that it moves: their ids by force.
    fn is_ordered(&mut self, company: &Company, incident: &str) -> Result<BTreeMap<String, String>, Gone> {
        let tasks: Vec<Value> =
            company.forces.iter().map(|f| json!({ "force": f, "task": "参加处置" })).collect();
        let plan = json!({ "tasks": tasks, "arrangements": arrangements(), "signed_by": "commander" });
        let plan = self.does("dispatcher", &format!("/incidents/{incident}/plans"), plan)?;
        self.does("dispatcher", &format!("/plans/{plan}/submit"), json!({ "revision": 1 }))?;
        self.does("shift-leader", &format!("/plans/{plan}/approve"), json!({ "revision": 1 }))?;
        let file = self.sees("dispatcher", &format!("/incidents/{incident}"))?;
        let list = |name: &str| file[name].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let orders: BTreeMap<String, String> =
            list("orders").iter().map(|o| (text(&o["force_ref"]["id"]), text(&o["id"]))).collect();
        if orders.len() != company.forces.len() + 1 {
            self.book.is_wrong(format!("{}: not every force has its order: {orders:?}", self.name));
            return Err(Gone);
        }
        for stand_by in list("stand_bys") {
            let path = format!("/stand-bys/{}/confirm", text(&stand_by["id"]));
            self.does(&company.reserve, &path, json!({ "ready": true }))?;
        }
        Ok(orders)
    }

    fn is_carried_out(
        &mut self,
        company: &Company,
        incident: &str,
        orders: &BTreeMap<String, String>,
    ) -> Result<(), Gone> {
        for step in ["receive", "acknowledge", "depart", "arrive", "deploy"] {
            for (force, order) in orders {
                self.does(force, &format!("/orders/{order}/{step}"), json!({}))?;
            }
        }
        for report in 0..REPORTS {
            for (force, order) in orders {
                let text = format!("进展 {} {force} 第 {report} 次", self.name);
                let mut progress = json!({ "text": text, "position": [122.4136, 36.8881] });
                if report == 0 && *force == company.station {
                    let photo = self.uploads(force, incident)?;
                    progress["files"] = json!([photo]);
                }
                self.does(force, &format!("/orders/{order}/progress"), progress)?;
            }
        }
        let note = json!({ "text": format!("记事 {}", self.name) });
        self.does("bureau", &format!("/incidents/{incident}/notes"), note)?;
        Ok(())
    }

    fn ends(
        &mut self,
        company: &Company,
        incident: &str,
        orders: &BTreeMap<String, String>,
    ) -> Result<(), Gone> {
        for (force, order) in orders {
            self.does("dispatcher", &format!("/orders/{order}/release"), json!({}))?;
            let form =
                json!({ "worked_min": 95, "consumables": [{ "name": "水带", "quantity": 2, "unit": "条" }] });
            self.does(force, &format!("/orders/{order}/return"), form)?;
        }
        let path = |rest: &str| format!("/incidents/{incident}{rest}");
        self.does("dispatcher", &path("/control"), json!({}))?;
        let report = json!({ "stage": "final", "text": "险情排除，无人死亡。" });
        self.does("dispatcher", &path("/reports"), report)?;
        let file = self.sees("dispatcher", &path(""))?;
        for stand_by in file["stand_bys"].as_array().into_iter().flatten() {
            if let (Some(id), true) = (stand_by["id"].as_str(), company.reserve == stand_by["force"]["id"]) {
                self.does("dispatcher", &format!("/stand-bys/{id}/lift"), json!({}))?;
            }
        }
        self.does("dispatcher", &path("/close"), json!({}))?;
        Ok(())
    }

    /// An act; gives what it made.
    fn does(&mut self, account: &str, path: &str, body: Value) -> Result<String, Gone> {
        self.asks(account, path, "application/json", body.to_string().into_bytes())
    }

    fn uploads(&mut self, account: &str, incident: &str) -> Result<String, Gone> {
        let bytes = format!("照片 {} ", self.name).repeat(200).into_bytes();
        self.asks(account, &format!("/files?incident={incident}"), "text/plain", bytes)
    }

    fn asks(
        &mut self,
        account: &str,
        path: &str,
        media_type: &'static str,
        body: Vec<u8>,
    ) -> Result<String, Gone> {
        let key = format!("{}/{}", self.name, self.step);
        self.step += 1;
        let asked = Asked { account: account.to_owned(), path: path.to_owned(), media_type, body };
        let known = self.book.answer_or_sends(&key, &asked);
        let reply = if let Some(reply) = known {
            reply
        } else {
            let token = self.sessions.get(account).expect("everybody in a story has signed in");
            let reply = self.line.ask(token, &key, &asked).map_err(|_| Gone)?;
            if !(200..=201).contains(&reply.status) {
                self.book.is_wrong(format!("{key}: {account} {path}: {}", reply.text()));
                return Err(Gone);
            }
            self.book.answers(&key, reply.clone());
            reply
        };
        let receipt = reply.json();
        if let Some(seq) = receipt["seq"].as_str() {
            seq.clone_into(&mut self.seen);
        }
        Ok(receipt["id"].as_str().unwrap_or_default().to_owned())
    }

    fn sees(&mut self, account: &str, path: &str) -> Result<Value, Gone> {
        let token = self.sessions.get(account).expect("everybody in a story has signed in");
        let path = format!("{path}?min_seq={}", self.seen);
        let reply = self.line.get(token, &path).map_err(|_| Gone)?;
        if reply.status != 200 {
            self.book.is_wrong(format!("{account} sees {path}: {}", reply.text()));
            return Err(Gone);
        }
        Ok(reply.json())
    }
}

fn arrangements() -> Value {
    json!({
        "assembly_point": { "text": "油库北门外 200 米" },
        "report_to": { "position": "现场指挥员", "phone": "0631-0900010" },
        "radio_channel": "消防 1 频道",
    })
}

/// Signs in whoever has no session yet.
pub(crate) fn sign_in<'a>(
    address: SocketAddr,
    accounts: impl Iterator<Item = &'a str>,
    sessions: &mut Sessions,
) {
    let stranger = muster_tests::client::Client::new(address);
    for account in accounts {
        if sessions.contains_key(account) {
            continue;
        }
        let body = json!({ "username": account, "password": PASSWORD });
        let answer = stranger.request("POST", "/api/v1/session").json(&body).send();
        let token = answer.json()["token"].as_str().expect("a session has a token").to_owned();
        sessions.insert(account.to_owned(), token);
    }
}
