//! A day whose acts do not stand in each other's way: forces go through their steps, authorities sign, desks draft,
//! approve, note and report. Its outcome must be the same on a quiet day and on a bad one.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use domain::dispatch::{OrderStep, PlanStatus};
use domain::testing::Town;
use domain::testing::random::{Asked, Draw};
use domain::types::{ForceId, IncidentId, Time};
use domain::{IncidentFile, State, dispatch, incident, report};
use serde_json::{Value, json};

use super::client::Client;
use super::node::Planted;
use super::world::{Faults, Script, World};

/// Forces whose steps are told with the time at which they happened.
const TOLD: [&str; 4] = ["shidao", "huagong", "shidao-jijiu", "jixie"];

/// The act, once what it is about is there.
type Ask = Box<dyn Fn(&IncidentFile) -> Option<Asked>>;

/// An act that is asked from some time on, once what it is about is there.
struct Step {
    account: String,
    from: Time,
    ask: Ask,
}

/// What the day came to, without ids, and without times that depend on when something was received.
pub(crate) fn outcome(seed: u64, planted: Planted, faults: Faults) -> Result<Value, String> {
    let (town, fire) = morning();
    let mut steps = day(&town, fire, &mut Draw::seeded(seed));
    let accounts: BTreeSet<String> = steps.iter().map(|step| step.account.clone()).collect();
    let terminal =
        |account: &str| account.parse::<ForceId>().is_ok_and(|f| town.state.ledger.forces.contains_key(&f));
    let clients = accounts.iter().map(|account| Client::new(account, terminal(account))).collect();
    let left = Rc::new(Cell::new(steps.len()));
    let count = Rc::clone(&left);
    let script: Script = Box::new(move |_, state, now, clients| {
        let Some(file) = state.hot(fire) else { return Vec::new() };
        let mut asked = Vec::new();
        steps.retain(|step| {
            let ready = if now >= step.from { (step.ask)(file) } else { None };
            let Some(act) = ready else { return true };
            let who = clients.iter().position(|c| c.account == step.account).expect("each has its client");
            asked.push((who, act));
            false
        });
        count.set(steps.len());
        asked
    });
    let mut world = World::new(&town, clients, script, (seed, planted, faults)).until_asked(left);
    world.run()?;
    Ok(summary(world.node.state()))
}

/// Where two outcomes differ.
pub(crate) fn difference(quiet: &Value, bad: &Value) -> String {
    let lines = |value: &Value| -> BTreeSet<String> {
        let text = serde_json::to_string_pretty(value).expect("JSON");
        text.lines().map(ToOwned::to_owned).collect()
    };
    let (quiet, bad) = (lines(quiet), lines(bad));
    let only =
        |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>().join("\n");
    format!(
        "a bad day ended otherwise.\nquiet only:\n{}\nbad only:\n{}",
        only(&quiet, &bad),
        only(&bad, &quiet)
    )
}

/// A fire, with its forces ordered and its services told.
fn morning() -> (Town, IncidentId) {
    let mut town = Town::rongcheng("08:00");
    let fire = town.oil_depot_burns();
    let id = |id: &IncidentId| json!(id);
    let does = |town: &mut Town, asked: Asked| town.asked(&asked).expect("the morning is lawful");
    let orders = json!([{ "force": "shidao", "task": "先期处置" }]);
    let arrangements =
        json!({ "assembly_point": { "text": "油库北门外" }, "report_to": { "position": "现场指挥员" } });
    let body = json!({ "incident": id(&fire), "orders": orders, "arrangements": arrangements });
    does(&mut town, Asked::new::<dispatch::order_first_response::OrderFirstResponse>("dispatcher", &body));
    town.ordered(fire, &["huagong", "jijiu", "shidao-jijiu", "jixie"]);
    let body = json!({ "incident": id(&fire), "orgs": ["org-gongan", "org-weijian"] });
    does(&mut town, Asked::new::<dispatch::send_linkage_notices::SendLinkageNotices>("dispatcher", &body));
    let body =
        json!({ "incident": id(&fire), "org": "org-wujing", "forces": ["wujing"], "ask": "警戒 20 人" });
    does(&mut town, Asked::new::<dispatch::send_letter::SendLetter>("bureau", &body));
    let body = json!({ "incident": id(&fire), "town": "org-town-gangwan" });
    does(&mut town, Asked::new::<incident::call_town::CallTown>("govt", &body));
    (town, fire)
}

/// Who asks what in the course of the day; each seed leaves out something else.
fn day(town: &Town, fire: IncidentId, draw: &mut Draw) -> Vec<Step> {
    let mut steps = Vec::new();
    for force in TOLD {
        steps.extend(on_the_way(town, fire, force, draw));
    }
    steps.extend(at_the_services(draw));
    steps.extend(at_the_desks(fire, draw));
    let from = town.now;
    steps.into_iter().map(|step| Step { from: step.from.max(from), ..step }).collect()
}

fn step(account: &str, ask: impl Fn(&IncidentFile) -> Option<Asked> + 'static) -> Step {
    Step { account: account.to_owned(), from: Time(0), ask: Box::new(ask) }
}

/// The steps of one force, each told with its time: by its terminal, or typed in at the desk.
fn on_the_way(town: &Town, fire: IncidentId, force: &'static str, draw: &mut Draw) -> Vec<Step> {
    let id: ForceId = force.parse().expect("a force");
    let order =
        town.state.hot(fire).and_then(|f| f.dispatch.running_order_of(&id)).expect("it is ordered").id;
    let mut at = town.now;
    let mut steps = Vec::new();
    for (n, kind) in ["receive", "acknowledge", "depart", "arrive", "deploy", "progress", "progress"]
        .into_iter()
        .enumerate()
    {
        at = at.plus_s(5 + i64::try_from(draw.below(120)).expect("below 120"));
        // Who is released neither deploys nor reports progress: whether that came before would depend on the way. He
        // was there.
        let own = force == "shidao";
        if (draw.chance(15) && !(own && kind == "arrive")) || (own && ["deploy", "progress"].contains(&kind))
        {
            continue;
        }
        let typed = kind != "receive" && draw.chance(25);
        let account = if typed { "dispatcher" } else { force };
        let position = json!([122.40 + 0.001 * f64::from(u8::try_from(n).expect("seven")), 36.9]);
        let body =
            json!({ "order": order, "strength": n + 3, "position": position, "text": format!("第{n}报") });
        let body = |fields: &[&str]| {
            Value::Object(
                body.as_object()
                    .expect("an object")
                    .clone()
                    .into_iter()
                    .filter(|(k, _)| fields.contains(&k.as_str()))
                    .collect(),
            )
        };
        let asked = match kind {
            "receive" => Asked::new::<dispatch::receive_order::ReceiveOrder>(account, &body(&["order"])),
            "acknowledge" => Asked::new::<dispatch::acknowledge_order::AcknowledgeOrder>(
                account,
                &body(&["order", "strength"]),
            ),
            "depart" => Asked::new::<dispatch::depart_order::DepartOrder>(
                account,
                &body(&["order", "strength", "position"]),
            ),
            "arrive" => Asked::new::<dispatch::arrive_order::ArriveOrder>(
                account,
                &body(&["order", "strength", "position"]),
            ),
            "deploy" => {
                Asked::new::<dispatch::deploy_order::DeployOrder>(account, &body(&["order", "position"]))
            }
            _ => Asked::new::<dispatch::report_progress::ReportProgress>(
                account,
                &body(&["order", "position", "text"]),
            ),
        };
        let asked = if typed { asked.on_behalf_of(force) } else { asked }.that_happened(at);
        steps.push(Step { from: at, ..step(account, move |_| Some(asked.clone())) });
    }
    steps
}

/// Notices, letters, calls and filings are answered by whom they went to.
fn at_the_services(draw: &mut Draw) -> Vec<Step> {
    let mut steps = Vec::new();
    for (account, org) in [("dept-gongan", "org-gongan"), ("dept-weijian", "org-weijian")] {
        steps.push(step(account, move |file| {
            let notice = file.dispatch.notices.values().find(|n| n.org.as_str() == org)?;
            Some(Asked::new::<dispatch::acknowledge_notice::AcknowledgeNotice>(
                account,
                &json!({ "notice": notice.id }),
            ))
        }));
    }
    steps.push(step("dept-wujing", |file| {
        let letter = file.dispatch.letters.keys().next()?;
        let body = json!({ "letter": letter, "agreed": true, "words": "20 人即出发" });
        Some(Asked::new::<dispatch::answer_letter::AnswerLetter>("dept-wujing", &body))
    }));
    steps.push(step("town-gangwan", |file| {
        let call = file.incident.town_calls.keys().next()?;
        let body = json!({ "town_call": call, "words": "收到" });
        Some(Asked::new::<incident::answer_town_call::AnswerTownCall>("town-gangwan", &body))
    }));
    for (account, force) in
        [("dept-gongxin", "huagong"), ("dept-weijian", "jijiu"), ("bureau", "shidao"), ("bureau", "yatou")]
    {
        if force != "yatou" && draw.chance(20) {
            continue;
        }
        steps.push(step(account, move |file| {
            let filing = file.dispatch.filings.values().find(|f| f.force.as_str() == force)?;
            Some(Asked::new::<dispatch::sign_filing::SignFiling>(account, &json!({ "filing": filing.id })))
        }));
    }
    steps.push(step("jijiu", |file| {
        let order = file.dispatch.orders.values().find(|o| o.force.as_str() == "jijiu")?;
        let body = json!({ "order": order.id, "reason": "三台车均在转运" });
        Some(Asked::new::<dispatch::decline_order::DeclineOrder>("jijiu", &body))
    }));
    steps
}

/// The desks draft, submit and approve a supplement, note, report, count, release; each waits for what it needs.
fn at_the_desks(fire: IncidentId, draw: &mut Draw) -> Vec<Step> {
    let mut steps = Vec::new();
    for n in 0..2 + draw.below(4) {
        let desk = draw.one(&["dispatcher", "bureau", "govt"]).expect("three desks");
        steps.push(step(desk, move |_| {
            let body = json!({ "incident": fire, "text": format!("记录{n}") });
            Some(Asked::new::<incident::add_note::AddNote>(desk, &body))
        }));
    }
    steps.push(step("commander", |_| {
        let body = json!({ "source": "110", "place": { "text": "码头", "town": "371082002" }, "narrative": "另一处浓烟" });
        Some(Asked::new::<incident::take_call::TakeCall>("commander", &body))
    }));
    steps.extend(supplement(fire));
    steps.push(step("commander", |file| {
        let order = file.dispatch.orders.values().find(|o| o.force.as_str() == "shidao")?;
        let there = order.step >= OrderStep::Arrived;
        there.then(|| {
            Asked::new::<dispatch::release_order::ReleaseOrder>("commander", &json!({ "order": order.id }))
        })
    }));
    steps.push(step("bureau", move |_| {
        let body = json!({ "incident": fire, "stage": "first", "text": "石岛油库储罐起火" });
        Some(Asked::new::<report::file_report::FileReport>("bureau", &body))
    }));
    steps.push(step("govt", |file| {
        let report = file.report.reports.keys().next()?;
        Some(Asked::new::<report::read_report::ReadReport>("govt", &json!({ "report": report })))
    }));
    for hurt in 1..=2_u32 {
        steps.push(step("dispatcher", move |file| {
            let known = file.incident.casualties.as_ref().map_or(0, |c| c.revision);
            let body = json!({ "incident": fire, "dead": 0, "missing": 0, "badly_hurt": 0, "hurt": hurt, "trapped": 0,
                               "moved": 40, "source": "现场", "as_of": file.incident.opened_at });
            (known + 1 == hurt).then(|| Asked::new::<incident::count_casualties::CountCasualties>("dispatcher", &body))
        }));
    }
    steps.push(step("shift-leader", move |file| {
        let counted = file.incident.casualties.as_ref().filter(|c| c.figures.hurt == 2)?;
        let body = json!({ "incident": fire, "revision": counted.revision });
        Some(Asked::new::<incident::confirm_casualties::ConfirmCasualties>("shift-leader", &body))
    }));
    steps
}

/// A plan goes from the brigade to the bureau, and its order to the force.
fn supplement(fire: IncidentId) -> Vec<Step> {
    let waiting = |file: &IncidentFile, status| {
        let plans = file.dispatch.plans.values();
        plans
            .filter(move |p| p.status == status)
            .map(|p| json!({ "plan": p.id, "revision": p.revision }))
            .next()
    };
    vec![
        step("dispatcher", move |_| {
            let arrangements = json!({ "assembly_point": { "text": "油库北门外" }, "report_to": { "position": "现场指挥员" } });
            let body = json!({ "incident": fire, "tasks": [{ "force": "yatou", "task": "增援" }],
                               "arrangements": arrangements, "signed_by": "commander" });
            Some(Asked::new::<dispatch::draft_plan::DraftPlan>("dispatcher", &body))
        }),
        step("dispatcher", move |file| {
            let plan = waiting(file, PlanStatus::Draft)?;
            Some(Asked::new::<dispatch::submit_plan::SubmitPlan>("dispatcher", &plan))
        }),
        step("shift-leader", move |file| {
            let plan = waiting(file, PlanStatus::Submitted)?;
            Some(Asked::new::<dispatch::approve_plan::ApprovePlan>("shift-leader", &plan))
        }),
        step("yatou", |file| {
            let order = file.dispatch.orders.values().find(|o| o.force.as_str() == "yatou")?;
            let body = json!({ "order": order.id, "strength": 12 });
            Some(Asked::new::<dispatch::acknowledge_order::AcknowledgeOrder>("yatou", &body))
        }),
    ]
}

fn summary(state: &State) -> Value {
    let mut incidents: Vec<Value> = state.incidents.values().map(|file| incident_summary(file)).collect();
    incidents.sort_by_key(Value::to_string);
    json!({ "incidents": incidents, "engaged": state.engaged.keys().collect::<Vec<_>>() })
}

fn incident_summary(file: &IncidentFile) -> Value {
    let d = &file.dispatch;
    let orders: BTreeMap<&str, Value> =
        d.orders.values().map(|o| (o.force.as_str(), order_summary(o))).collect();
    let plans: BTreeMap<&str, Value> = d
        .plans
        .values()
        .map(|p| {
            (
                p.number.as_str(),
                json!([p.status, p.revision, p.tasks, p.approval.as_ref().map(|a| &a.officer)]),
            )
        })
        .collect();
    let filings: BTreeMap<&str, Value> = d
        .filings
        .values()
        .map(|f| (f.force.as_str(), json!([f.authority, f.signed.as_ref().map(|s| &s.by)])))
        .collect();
    let notices: BTreeMap<&str, bool> =
        d.notices.values().map(|n| (n.org.as_str(), n.acknowledged.is_some())).collect();
    let letters: Vec<_> = d.letters.values().map(|l| l.answer.as_ref().map(|a| a.agreed)).collect();
    let mut notes: Vec<_> = file.incident.notes.iter().map(|n| n.text.reveal().cloned()).collect();
    notes.sort();
    let reports: Vec<_> = file.report.reports.values().map(|r| (r.stage, r.read_by.len())).collect();
    let confirmed = file.incident.confirmed_casualties.as_ref().map(|c| (c.revision, c.figures.hurt));
    let town_calls: Vec<_> = file.incident.town_calls.values().map(|c| c.answered.is_some()).collect();
    json!({
        "number": file.incident.number, "orders": orders, "plans": plans, "filings": filings, "notices": notices,
        "letters": letters, "notes": notes, "reports": reports, "confirmed": confirmed, "town_calls": town_calls,
    })
}

fn order_summary(order: &dispatch::Order) -> Value {
    let told = TOLD.contains(&order.force.as_str());
    let steps: BTreeMap<&str, Value> = order
        .steps
        .iter()
        .map(|s| {
            let released = matches!(s.step, OrderStep::Released | OrderStep::Issued);
            let at = (told && !released).then_some(s.by.at);
            (s.step.code(), json!([at, s.by.account, s.by.on_behalf_of.as_ref().map(|b| &b.who)]))
        })
        .collect();
    let progress: BTreeMap<i64, Option<&String>> =
        order.progress.iter().map(|p| (p.by.at.0, p.text.reveal())).collect();
    json!({
        "number": order.number, "step": order.step, "steps": steps, "progress": progress,
        "strength": order.strength, "position": order.position,
    })
}
