//! Every act of the interface, taken from its own description: who may not ask it is refused with the clause, and each of
//! its fields is named when it cannot be.

use std::collections::BTreeMap;

use muster_tests::BY_THE_NODE;
use muster_tests::town::{Seen, Town, refused_of};
use serde_json::{Map, Value, json};

/// Something of each kind that an act may be about, in one incident, and who owns none of it.
struct Scene {
    /// Ids by the first word of a path: `plans`.
    ids: BTreeMap<&'static str, String>,
}

/// Columns of the authority table and an account of each that owns nothing of the scene.
const ACCOUNTS: [(&str, &str); 13] = [
    ("dis", "dispatcher"),
    ("com", "commander"),
    ("bur", "bureau"),
    ("lea", "shift-leader"),
    ("dep", "deputy"),
    ("gov", "govt"),
    ("ldr", "leader"),
    ("pos", "post"),
    ("for", "force-009"),
    ("dpt", "dept-minzheng"),
    ("twn", "town-yatou"),
    ("adm", "admin"),
    ("aud", "auditor"),
];

/// An act as the interface describes it.
struct Described {
    act: String,
    path: String,
    fields: Map<String, Value>,
    required: Vec<String>,
}

/// The description that the node itself gives.
fn description(town: &Town) -> Value {
    let answer = town.stranger().get("/api/openapi.json");
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Every method and path of the interface.
pub(crate) fn every_route(town: &Town) -> Vec<(String, String)> {
    let description = description(town);
    let paths = description["paths"].as_object().unwrap();
    let routes = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone()))
    });
    let routes: Vec<_> = routes.filter(|(_, path)| path.starts_with("/api/v1/")).collect();
    assert!(routes.len() > 90, "{routes:?}");
    routes
}

fn every_act(description: &Value, table: &BTreeMap<String, BTreeMap<String, String>>) -> Vec<Described> {
    let paths = description["paths"].as_object().unwrap();
    let acts: Vec<Described> = paths
        .iter()
        .filter_map(|(path, methods)| {
            let operation = &methods["post"];
            let act = operation["operationId"].as_str().filter(|act| table.contains_key(*act))?;
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let required = schema["required"].as_array().into_iter().flatten();
            Some(Described {
                act: act.to_owned(),
                path: path.trim_start_matches("/api/v1").to_owned(),
                fields: schema["properties"].as_object().cloned().unwrap_or_default(),
                required: required.map(|name| name.as_str().unwrap().to_owned()).collect(),
            })
        })
        .collect();
    let offered: Vec<&str> = acts.iter().map(|a| a.act.as_str()).collect();
    for act in table.keys().filter(|act| !BY_THE_NODE.contains(&act.as_str())) {
        assert!(offered.contains(&act.as_str()), "{act} has a route");
    }
    acts
}

/// The authority table as the domain's snapshot has it: act → column → marks.
fn authority() -> BTreeMap<String, BTreeMap<String, String>> {
    let file = muster_tests::node::repository().join("crates/domain/tests/authority.txt");
    let text = std::fs::read_to_string(file).unwrap();
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let columns: Vec<&str> = lines.next().unwrap().split_whitespace().skip(2).collect();
    let row = |line: &str| {
        let mut words = line.split_whitespace().map(ToOwned::to_owned);
        let (act, _clause) = (words.next()?, words.next()?);
        Some((act, columns.iter().map(|c| (*c).to_owned()).zip(words).collect()))
    };
    lines.filter_map(row).collect()
}

/// The clause of each act, from the same snapshot.
fn clauses() -> BTreeMap<String, String> {
    let file = muster_tests::node::repository().join("crates/domain/tests/authority.txt");
    let text = std::fs::read_to_string(file).unwrap();
    let word = |line: &str, n: usize| line.split_whitespace().nth(n).map(ToOwned::to_owned);
    text.lines().filter_map(|line| Some((word(line, 0)?, word(line, 1)?))).collect()
}

fn sets_the_scene(town: &Town) -> Scene {
    let brigade = town.brigade();
    let call = json!({
        "source": "119", "hazard": "hazchem", "grade": 2, "place": { "text": "石岛油库", "place": "place-shidaoyouku" },
    });
    let incident = brigade.does("/incidents", call).id;
    let at = |rest: &str| format!("/incidents/{incident}{rest}");
    let arrangements =
        json!({ "assembly_point": { "text": "北门" }, "report_to": { "position": "现场指挥员" } });
    let orders =
        json!({ "orders": [{ "force": town.id("石岛站"), "task": "灭火" }], "arrangements": arrangements });
    brigade.does(&at("/first-response"), orders);
    brigade.does(&at("/linkage-notices"), json!({ "orgs": [town.id("市公安局")] }));
    brigade.does(&at("/stand-by"), json!({ "forces": [town.id("环境监测队")] }));
    let plan = json!({
        "tasks": [{ "force": town.id("油库专职队"), "task": "灭火" }], "arrangements": arrangements, "signed_by": "commander",
    });
    let outside = json!({
        "tasks": [{ "force": town.id("化工应急队"), "task": "堵漏" }], "arrangements": arrangements, "signed_by": "commander",
    });
    let agreed = brigade.does(&at("/plans"), outside).id;
    brigade.does(&format!("/plans/{agreed}/submit"), json!({ "revision": 1 }));
    town.shift_leader().does(&format!("/plans/{agreed}/approve"), json!({ "revision": 1 }));
    let withdrawal = brigade.does(&at("/command/withdraw-all"), json!({})).id;
    let letter = json!({ "org": town.id("武警中队"), "ask": "警戒" });
    let help = json!({ "to": town.id("威海市应急局"), "need": "泡沫车", "means": "platform" });
    let mut ids = BTreeMap::from([
        ("incidents", incident.clone()),
        ("plans", brigade.does(&at("/plans"), plan).id),
        ("requests", town.bureau().does(&at("/requests"), letter).id),
        ("town-calls", brigade.does(&at("/town-calls"), json!({ "town": town.id("港湾街道") })).id),
        ("instructions", town.leader().does(&at("/instructions"), json!({ "text": "全力处置" })).id),
        ("reports", brigade.does(&at("/reports"), json!({ "stage": "first", "text": "泄漏" })).id),
        ("reinforcements", town.bureau().does(&at("/reinforcements"), help).id),
        ("withdrawals", withdrawal),
        ("compositions", brigade.sees("/compositions").list()[0].at("composition").text("id")),
    ]);
    let file = brigade.sees(&at(""));
    ids.insert("orders", file.one("orders", "force_ref", "石岛站").text("id"));
    ids.insert("filings", file.one("filings", "force", "化工应急队").text("id"));
    ids.insert("stand-bys", file.all("stand_bys")[0].text("id"));
    ids.insert("linkage-notices", file.all("notices")[0].text("id"));
    // Acknowledged, so that no deadline of it passes while the tests count entries.
    for force in ["石岛站", "化工应急队"] {
        let order = file.one("orders", "force_ref", force).text("id");
        for step in ["acknowledge", "depart", "arrive", "deploy"] {
            town.force(force).does(&format!("/orders/{order}/{step}"), json!({}));
        }
    }
    Scene { ids }
}

impl Scene {
    fn path(&self, described: &Described) -> String {
        if !described.path.contains("{id}") {
            return described.path.clone();
        }
        let word = described.path.trim_start_matches('/').split('/').next().unwrap();
        let id = self.ids.get(word).unwrap_or_else(|| panic!("the scene has none of {word}"));
        described.path.replace("{id}", id)
    }
}

/// A value that has the right shape, by its schema.
fn sample(town: &Town, description: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        return sample_of(town, description, name);
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(first) = schema[choice].as_array().and_then(|all| all.first()) {
            return sample(town, description, first);
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    if let Some(only) = schema.get("const") {
        return only.clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds[0].as_str().unwrap_or_default().to_owned(),
        kind => kind.as_str().unwrap_or_default().to_owned(),
    };
    match kind.as_str() {
        "string" => json!("文字"),
        "integer" | "number" => json!(1),
        "boolean" => json!(false),
        "array" => json!([sample(town, description, &schema["items"])]),
        "object" => {
            let required = schema["required"].as_array().into_iter().flatten();
            let fields = required.map(|name| {
                let name = name.as_str().unwrap();
                (name.to_owned(), sample(town, description, &schema["properties"][name]))
            });
            Value::Object(fields.collect())
        }
        _ => panic!("no sample of {schema:#}"),
    }
}

fn sample_of(town: &Town, description: &Value, name: &str) -> Value {
    match name {
        "ForceId" => json!(town.id("崖头站")),
        "OrgId" => json!(town.id("市工信局")),
        "AccountId" => json!("commander"),
        "CompositionId" => json!("composition-of-nobody"),
        "PlaceId" => json!("place-shidaoyouku"),
        "FileId" => json!("0".repeat(64)),
        "Time" => json!(town.brigade().sees("/desk").text("now")),
        "Point" => json!([122.42, 36.88]),
        "Delegate" => json!("brigade"),
        name if name.ends_with("Id") => json!("01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        name => sample(town, description, &description["components"]["schemas"][name]),
    }
}

fn body_of(town: &Town, description: &Value, described: &Described) -> Value {
    let required = described.required.iter();
    Value::Object(required.map(|f| (f.clone(), sample(town, description, &described.fields[f]))).collect())
}

/// Plan 4.1: who may do what is one table; over HTTP each cell of it holds, for every act and every role.
#[test]
fn no_role_does_what_the_table_does_not_give_it() {
    let town = Town::rongcheng();
    let scene = sets_the_scene(&town);
    let (description, table, clauses) = (description(&town), authority(), clauses());
    let mut refusals = 0;
    for described in every_act(&description, &table) {
        let (path, body) = (scene.path(&described), body_of(&town, &description, &described));
        let before = town.seq();
        for (column, account) in ACCOUNTS {
            let marks = &table[&described.act][column];
            let what = format!("{account} {} by {marks:?}", described.act);
            let answer = || town.user(account).tries(&path, &body);
            let expected: &[(u16, &str)] = match marks.as_str() {
                "·" => &[(403, "not_permitted")],
                // A key of its owner: whoever owns something else, or types without saying for whom, is refused.
                "O" | "S" => &[(403, "not_yours")],
                "T" => &[(422, "on_behalf_missing")],
                "OT" => &[(422, "on_behalf_missing"), (403, "not_yours")],
                _ => continue,
            };
            let answer = answer();
            assert!(answer.status >= 400, "{what} must be refused: {}", answer.text());
            let refused = refused_of(&answer);
            let found = (refused.status, refused.code.as_str());
            assert!(expected.contains(&found), "{what}: {refused:?}");
            if refused.code == "not_permitted" {
                assert_eq!(refused.clause, clauses[&described.act], "{what}");
            }
            refusals += 1;
        }
        assert_eq!(town.seq(), before, "{}: no refusal changes anything", described.act);
    }
    assert!(refusals > 500, "{refusals} cells were tried");
}

/// Every field of every act: one too many, one too few, one of another shape is named by its pointer.
#[test]
fn every_field_of_every_act_is_named_when_it_cannot_be() {
    let town = Town::rongcheng();
    let scene = sets_the_scene(&town);
    let (description, table) = (description(&town), authority());
    for described in every_act(&description, &table) {
        let path = scene.path(&described);
        let granted = ACCOUNTS.iter().find(|(column, _)| table[&described.act][*column] != "·");
        let account = granted.unwrap_or_else(|| panic!("nobody may {}", described.act)).1;
        let good = body_of(&town, &description, &described);
        let before = town.seq();
        let is_named = |what: String, body: &Value, pointer: &str| {
            let answer = town.user(account).tries(&path, body);
            assert!(answer.status >= 400, "{} {what}: {}", described.act, answer.text());
            let refused = refused_of(&answer);
            assert_eq!(
                (refused.status, refused.code.as_str()),
                (422, "field"),
                "{} {what}: {refused:?}",
                described.act
            );
            assert!(refused.fields[0].starts_with(pointer), "{} {what}: {refused:?}", described.act);
        };
        let with = |name: &str, value: Value| {
            let mut body = good.clone();
            body[name] = value;
            body
        };
        is_named("with a field too many".into(), &with("no_such_field", json!(1)), "/no_such_field");
        for name in &described.required {
            let mut body = good.clone();
            body.as_object_mut().unwrap().remove(name);
            is_named(format!("without {name}"), &body, &format!("/{name}"));
            is_named(format!("with null as {name}"), &with(name, Value::Null), &format!("/{name}"));
        }
        for name in described.fields.keys() {
            // No field of the interface is a list in a list; some are any text, so text is no wrong shape.
            let wrong = json!([[{ "x": 1 }]]);
            is_named(format!("with a list as {name}"), &with(name, wrong), &format!("/{name}"));
        }
        assert_eq!(town.seq(), before, "{}: nothing is done", described.act);
    }
}

/// An id that stands in the path does not stand in the body again, and one that is no id names nothing.
#[test]
fn an_id_stands_in_the_path_and_is_one() {
    let town = Town::rongcheng();
    let scene = sets_the_scene(&town);
    let (description, table) = (description(&town), authority());
    for described in every_act(&description, &table).iter().filter(|d| d.path.contains("{id}")) {
        let granted = ACCOUNTS.iter().find(|(column, _)| table[&described.act][*column] != "·");
        let account = granted.unwrap_or_else(|| panic!("nobody may {}", described.act)).1;
        let body = body_of(&town, &description, described);
        let mut typed = body.clone();
        typed["on_behalf_of"] = json!({ "who": "值班员", "through": "phone" });
        for id in ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "not-an-id", "%F0%A0%AE%B7", "%00", "..%2f.."] {
            let path = described.path.replace("{id}", id);
            let before = town.seq();
            let answer = town.user(account).tries(&path, &typed);
            assert!(answer.status >= 400, "{path}: {}", answer.text());
            let refused = refused_of(&answer);
            assert!([403, 404, 422].contains(&refused.status), "{account} {path}: {refused:?}");
            assert_eq!(town.seq(), before, "{path}");
        }
        let word = described.path.trim_start_matches('/').split('/').next().unwrap();
        let field = match word {
            "linkage-notices" => "notice",
            "requests" => "letter",
            "town-calls" => "town_call",
            "stand-bys" => "stand_by",
            other => other.trim_end_matches('s'),
        };
        let mut twice = body;
        twice[field] = json!(scene.ids[word]);
        let answer = town.user(account).tries(&scene.path(described), &twice);
        assert!(answer.status >= 400, "{} {field}: {}", described.act, answer.text());
        let refused = refused_of(&answer);
        assert_eq!(
            (refused.status, refused.fields),
            (422, vec![format!("/{field}")]),
            "{} {field}",
            described.act
        );
    }
    assert!(!Seen(description).at("paths").0.is_null());
}
