//! The table of authority, whole: what a person reviews is what the node does.

use domain::act::{ActKind, Target};
use domain::authority::{Role, settle, table};
use domain::command_post::establish_post::EstablishPost;
use domain::context::{OnBehalfOf, Through, Told};
use domain::incident::assign_task::AssignTask;
use domain::incident::give_instruction::GiveInstruction;
use domain::refusal::Thing;
use domain::testing::{Town, slug};
use domain::types::IncidentId;
use domain::types::ids::Fresh;
use domain::{Actor, State};

const PRINTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/authority.txt");

/// Columns of the printed table, in the order of `Role::ALL`.
const HEADS: &str = "dis com bur lea dep gov ldr pos for dpt twn adm aud sys int";

fn head() -> String {
    format!(
        "# A always · O its own · S what it may see · T typed in for its owner · C while its side commands · one \
         column a role:\n\
         # dispatcher commander bureau shift-leader deputy govt leader post force dept town admin auditor system \
         integration\n{:<28} {:<6} {HEADS}\n",
        "act", "clause"
    )
}

/// A change of rights is a changed line; `MUSTER_BLESS=1` writes it, a person reviews it.
#[test]
fn the_table_is_as_printed() {
    let now = head() + &table();
    if std::env::var_os("MUSTER_BLESS").is_some() {
        std::fs::write(PRINTED, &now).expect("the printed table is writable");
    }
    let printed = std::fs::read_to_string(PRINTED).unwrap_or_default();
    assert_eq!(printed, now, "rights have changed: review it, then bless it with MUSTER_BLESS=1");
}

/// Two fires: at one the brigade commands, at the other the city's post; there the actor's organisation has a task.
fn two_fires() -> (State, IncidentId, IncidentId) {
    let mut town = Town::rongcheng("08:00");
    let brigade = town.oil_depot_burns();
    let post = town.at("08:40").oil_depot_burns();
    let decision = EstablishPost {
        incident: post,
        decision: "口头".to_owned(),
        commander: "市政府分管领导".to_owned(),
        place: "石岛".to_owned(),
        post_channel: None,
        members: Vec::new(),
    };
    town.does("leader", decision);
    let say = GiveInstruction { incident: post, text: "全力搜救".to_owned(), from: None };
    let instruction = town.does("leader", say).id.parse().expect("an id");
    let to = slug("org-gongxin");
    town.does("govt", AssignTask { instruction, to, task: "调集物资".to_owned(), due_at: None });
    (town.state, brigade, post)
}

fn actor(role: Role) -> Actor {
    Actor {
        account: slug("somebody"),
        role,
        org: slug("org-gongxin"),
        force: None,
        position: "某岗位".to_owned(),
    }
}

fn typed_in() -> Told {
    let on_behalf_of = OnBehalfOf { who: "石岛站值班员01".to_owned(), through: Through::Radio };
    Told { on_behalf_of: Some(on_behalf_of), ..Told::default() }
}

/// Plan 4.1.4, 4.1.5 and all others: nobody does what isn't his. Every act × every role × every condition of a cell.
#[test]
fn each_act_of_each_role_is_settled_as_the_printed_table_says() {
    let (state, of_brigade, of_post) = two_fires();
    let printed = std::fs::read_to_string(PRINTED).expect("the printed table is there");
    let lines: Vec<&str> = printed.lines().skip(3).collect();
    assert_eq!(lines.len(), ActKind::ALL.len());
    let mut allowed = 0;
    for (act, line) in ActKind::ALL.iter().zip(lines) {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!((words[0], words.len()), (act.name(), 2 + Role::ALL.len()), "{line}");
        for (role, cell) in Role::ALL.iter().zip(&words[2..]) {
            for (told, is_typed_in) in [(Told::default(), false), (typed_in(), true)] {
                let has_the_task = matches!(role, Role::Dept | Role::Town);
                let targets = [
                    (Target::Incident(of_brigade), false, false, role.is_brigade()),
                    (Target::Incident(of_post), false, has_the_task, *role == Role::Post),
                    // No incident, nobody in command: the act's own rule finds what is missing.
                    (Target::Org(slug("org-gongxin")), true, true, true),
                    (Target::Org(slug("org-weijian")), false, true, true),
                ];
                for (target, is_own, is_seen, commands) in targets {
                    let expected = cell.chars().any(|mark| match mark {
                        'A' => true,
                        'O' => is_own,
                        'S' => is_seen,
                        'T' => is_typed_in,
                        'C' => commands,
                        '·' => false,
                        other => panic!("{other} is no mark"),
                    });
                    let settled = settle(&state, &actor(*role), &told, *act, &target);
                    allowed += u32::from(expected);
                    assert_eq!(settled.is_ok(), expected, "{act:?} by {role:?} on {target:?}: {settled:?}");
                }
            }
        }
    }
    assert!(allowed > 500, "the table still gives something: {allowed}");
}

/// What is one's own: each thing by its owner, by its neighbour, by its neighbour's desk.
#[test]
fn what_belongs_to_somebody_is_his_alone() {
    let (town, things) = domain_things();
    for (act, what, id, owner, other) in things {
        let target = Target::Of(what, id);
        let settled = |account: &str| {
            let id = slug(account);
            let actor = town.state.org.account(&id).expect("of the cast").actor();
            settle(&town.state, &actor, &Told::default(), act, &target).map_err(|refusal| refusal.code())
        };
        assert_eq!(settled(owner), Ok(()), "{act:?} by {owner}");
        assert_eq!(settled(other), Err("not_yours"), "{act:?} by {other}");
    }
}

type Owned = (ActKind, Thing, ulid::Ulid, &'static str, &'static str);

fn domain_things() -> (Town, Vec<Owned>) {
    use domain::dispatch::{push_stand_by, send_letter, send_linkage_notices};
    use domain::incident::{assign_task, call_town, give_instruction};
    let mut town = Town::rongcheng("08:00");
    let incident = town.oil_depot_burns();
    let order = town.ordered(incident, &["huagong"])[0];
    let filing = town.state.hot(incident).expect("open").dispatch.orders[&order].filing.expect("filed");
    town.does(
        "dispatcher",
        send_linkage_notices::SendLinkageNotices { incident, orgs: vec![slug("org-gongan")], text: None },
    );
    town.does("dispatcher", push_stand_by::PushStandBy { incident, forces: vec![slug("jijiu")], text: None });
    let letter = town.does(
        "bureau",
        send_letter::SendLetter {
            incident,
            org: slug("org-wujing"),
            forces: Vec::new(),
            ask: "增援 20 人".to_owned(),
            urgent: true,
        },
    );
    let call = town.does("govt", call_town::CallTown { incident, town: slug("org-town-gangwan") });
    let instruction = town.does(
        "leader",
        give_instruction::GiveInstruction { incident, text: "全力搜救".to_owned(), from: None },
    );
    let instruction = instruction.id.parse().expect("an id");
    town.does(
        "govt",
        assign_task::AssignTask {
            instruction,
            to: slug("org-weijian"),
            task: "救治伤员".to_owned(),
            due_at: None,
        },
    );
    let file = town.state.hot(incident).expect("open");
    let notice = *file.dispatch.notices.keys().next().expect("sent");
    let stand_by = *file.dispatch.stand_bys.keys().next().expect("pushed");
    let read = |id: &str| id.parse::<ulid::Ulid>().expect("an id");
    let owned = vec![
        (ActKind::AcknowledgeOrder, Thing::Order, order.ulid(), "huagong", "jijiu"),
        (ActKind::ConfirmWithdrawal, Thing::Order, order.ulid(), "huagong", "jijiu"),
        (ActKind::SignFiling, Thing::Filing, filing.ulid(), "dept-gongxin", "dept-weijian"),
        (ActKind::AcknowledgeNotice, Thing::Notice, notice.ulid(), "dept-gongan", "dept-weijian"),
        (ActKind::ConfirmStandBy, Thing::StandBy, stand_by.ulid(), "jijiu", "huagong"),
        (ActKind::AnswerLetter, Thing::Letter, read(&letter.id), "dept-wujing", "dept-gongan"),
        (ActKind::AnswerTownCall, Thing::TownCall, read(&call.id), "town-gangwan", "town-yatou"),
        (ActKind::FeedBack, Thing::Instruction, instruction.ulid(), "dept-weijian", "dept-gongxin"),
    ];
    (town, owned)
}
