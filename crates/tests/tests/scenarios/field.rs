//! What dispatchers say every day, as bodies of requests; and one story's thread through the steps.

use std::collections::BTreeMap;

use muster_tests::town::{Seen, Town};
use serde_json::{Value, json};

/// The thread of one story: the incident and what hangs on it.
pub(crate) struct Story {
    /// 演练
    pub(crate) drill: bool,
    /// The incident.
    pub(crate) incident: String,
    /// The plan that was approved.
    pub(crate) plan: String,
    /// Orders by the short names of their forces.
    pub(crate) orders: BTreeMap<String, String>,
}

impl Story {
    /// A path of the incident.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/incidents/{}{rest}", self.incident)
    }

    /// The incident as the brigade sees it.
    pub(crate) fn file(&self, town: &Town) -> Seen {
        town.brigade().sees(&self.path(""))
    }

    /// The order of a force, as the brigade sees it.
    #[track_caller]
    pub(crate) fn order(&self, town: &Town, force: &str) -> Seen {
        self.file(town).one("orders", "force_ref", force)
    }

    /// A path of a force's order.
    #[track_caller]
    pub(crate) fn order_path(&self, force: &str, rest: &str) -> String {
        let order = self.orders.get(force).unwrap_or_else(|| panic!("{force} has no order here"));
        format!("/orders/{order}{rest}")
    }

    /// Remembers the orders that are out.
    pub(crate) fn learns_orders(&mut self, town: &Town) {
        for order in self.file(town).all("orders") {
            self.orders.insert(order.at("force_ref").text("name"), order.text("id"));
        }
    }
}

/// An incident at the oil depot in Shidao: petrol leaks, two people are in the pump room.
pub(crate) fn depot_call(drill: bool) -> Value {
    json!({
        "source": "119",
        "caller": "群众",
        "caller_number": "0631-0900001",
        "recording": "R20260412-0037",
        "place": { "text": "石岛油库三号罐区", "place": "place-shidaoyouku" },
        "hazard": "hazchem",
        "grade": 2,
        "trapped": 2,
        "substance": "汽油",
        "narrative": "输油管线破裂，汽油外泄，两名工人在泵房内未出来，暂无明火。",
        "drill": drill,
    })
}

/// A fire on the third floor of the shopping centre in Yatou.
pub(crate) fn mall_call() -> Value {
    json!({
        "source": "110",
        "place": { "text": "崖头商业广场三楼", "town": "371082007" },
        "hazard": "fire",
        "grade": 1,
        "narrative": "三楼饭店后厨起火，烟大。",
    })
}

/// An incident that was called in and verified, nothing more.
pub(crate) fn depot_fire(town: &Town) -> Story {
    starts(town, depot_call(false))
}

/// The same of any call.
pub(crate) fn starts(town: &Town, call: Value) -> Story {
    let drill = call["drill"].as_bool().unwrap_or(false);
    let receipt = town.brigade().does("/incidents", call);
    let story = Story { drill, incident: receipt.id, plan: String::new(), orders: BTreeMap::new() };
    town.brigade().does(&story.path("/verify"), json!({ "outcome": "real" }));
    story
}

/// A task for a force.
pub(crate) fn task(town: &Town, force: &str, task: &str) -> Value {
    json!({ "force": town.id(force), "task": task })
}

/// What every order of the depot carries.
pub(crate) fn arrangements() -> Value {
    json!({
        "assembly_point": { "text": "油库北门外 200 米" },
        "report_to": { "position": "现场指挥员", "phone": "0631-0900010" },
        "radio_channel": "消防 1 频道",
        "protection": "着防静电服，佩戴空气呼吸器",
        "wind": "北风三级，从北侧进入",
        "bring": "泡沫液、堵漏工具",
        "plates": ["示K0009"],
    })
}

/// A plan of the brigade, signed by its duty commander.
pub(crate) fn plan_of(town: &Town, forces: &[&str]) -> Value {
    let tasks: Vec<Value> = forces.iter().map(|force| task(town, force, "参加处置")).collect();
    json!({ "tasks": tasks, "arrangements": arrangements(), "signed_by": "commander" })
}

/// Drafts and submits a plan; its id.
#[track_caller]
pub(crate) fn submits(town: &Town, story: &Story, plan: Value) -> String {
    let plan = town.brigade().does(&story.path("/plans"), plan).id;
    town.brigade().does(&format!("/plans/{plan}/submit"), json!({ "revision": 1 }));
    plan
}

/// Orders own stations at once.
#[track_caller]
pub(crate) fn orders_at_once(town: &Town, story: &mut Story, stations: &[&str]) {
    let orders: Vec<Value> = stations.iter().map(|s| task(town, s, "灭火、救人")).collect();
    let body = json!({ "orders": orders, "arrangements": arrangements() });
    town.brigade().does(&story.path("/first-response"), body);
    story.learns_orders(town);
}

/// A force acknowledges, departs, arrives and works.
#[track_caller]
pub(crate) fn goes_to_work(town: &Town, story: &Story, force: &str) {
    for step in ["receive", "acknowledge", "depart", "arrive", "deploy"] {
        town.force(force).does(&story.order_path(force, &format!("/{step}")), json!({}));
    }
}
