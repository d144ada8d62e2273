//! The acts of random histories, with their weights.

use serde_json::{Value, json};

use super::random::{Asked, Card, Draw, Hand, NODE, place};
use crate::dispatch::{OrderStep, PlanStatus};
use crate::incident::Status;
use crate::incident::close_incident::{CloseIncident, blockers};
use crate::refusal::Blocker;
use crate::types::{IncidentId, OrderId, ReinforcementId};
use crate::{
    command_post as command, delivery, dispatch, duty, incident, readiness, reinforcement, report, review,
};

/// How often each is drawn.
pub(super) const DECK: &[(usize, Card)] = &[
    (3, assess),
    (3, first_response),
    (3, notices),
    (4, stand_by),
    (2, letters),
    (4, draft),
    (8, plan),
    (12, order),
    (4, filing),
    (3, take_over),
    (2, withdrawal),
    (3, scene),
    (4, reinforcement),
    (3, reports),
    (2, casualties),
    (2, town),
    (2, instruction),
    (1, merge),
    (10, wind_up),
    (2, registers),
    (4, outside),
];

const FORCES: [&str; 8] =
    ["shidao", "yatou", "huagong", "jijiu", "shidao-jijiu", "jixie", "tejing", "wujing"];

fn arrangements() -> Value {
    json!({ "assembly_point": { "text": "油库北门外" }, "report_to": { "position": "现场指挥员" } })
}

fn tasks(draw: &mut Draw, among: &[&str]) -> Value {
    let slots = [json!(null), json!("foam"), json!("hazchem"), json!("ambulance")];
    let chosen = draw.some(among, 3);
    let mut task = |force: &&str| json!({ "force": force, "task": "到场增援", "slot": draw.one(&slots), "capability": "foam_tanker" });
    chosen.iter().map(&mut task).collect()
}

/// A call.
pub(super) fn call(draw: &mut Draw, same_as: Option<IncidentId>) -> Asked {
    let hazard = draw.one(&[json!("hazchem"), json!("fire"), json!(null)]);
    let body = json!({
        "source": draw.one(&["119", "110", "12345"]), "place": place(draw), "hazard": hazard,
        "grade": 1 + draw.below(3), "drill": draw.chance(10), "narrative": "有烟", "same_as": same_as,
    });
    Asked::new::<incident::take_call::TakeCall>("dispatcher", &body)
}

/// What may still be done when an incident is over.
pub(super) fn afterwards(draw: &mut Draw, id: IncidentId) -> Asked {
    if draw.chance(30) {
        let body = json!({ "incident": id, "text": "补记" });
        return Asked::new::<incident::add_note::AddNote>("bureau", &body);
    }
    let body = json!({ "incident": id, "measures": "冷却", "lessons": "水源", "proposals": "增设水鹤" });
    Asked::new::<review::write_review::WriteReview>("commander", &body)
}

/// A note, which is always possible.
pub(super) fn note(hand: &mut Hand<'_>) -> Asked {
    let body = json!({ "incident": hand.incident, "text": format!("记录{}", hand.draw.below(1000)) });
    let desk = hand.draw.one(&["dispatcher", "bureau", "govt"]).expect("there are desks");
    Asked::new::<incident::add_note::AddNote>(desk, &body)
}

/// Messages go out, or do not, and are answered.
fn outside(hand: &mut Hand<'_>) -> Option<Asked> {
    if hand.state.reach.channels.is_empty() || hand.draw.chance(2) {
        let all: &[&str] = if hand.draw.chance(80) { &["sms", "voice", "push"] } else { &["voice"] };
        let body = json!({ "channels": all, "rehearsal": false });
        return Some(Asked::new::<delivery::open_channels::OpenChannels>(NODE, &body));
    }
    if hand.draw.chance(6) {
        return Some(contacts(hand.draw));
    }
    if hand.draw.chance(8) {
        return Some(browser(hand));
    }
    let waiting: Vec<_> = hand.state.reach.outbox.keys().copied().collect();
    let message = hand.draw.one(&waiting)?;
    if hand.draw.chance(40) {
        let made = hand.state.reach.undone.get(&message).map_or(0, |undone| undone.attempts);
        let renews = hand.draw.chance(20);
        let (attempt, claim) = if renews { (made, "renews") } else { (made + 1, "takes") };
        let body = json!({ "message": message, "attempt": attempt, "claim": claim, "lease_s": 20 });
        return Some(Asked::new::<delivery::attempt_message::AttemptMessage>(NODE, &body));
    }
    if hand.draw.chance(30) {
        return Some(answer(hand));
    }
    let why = hand.draw.one(&["bad_address", "refused", "unreachable", "timed_out"]);
    let outcome = match hand.draw.below(4) {
        0 => json!("delivered"),
        1 => json!({ "failed": { "why": why, "detail": null, "again": hand.draw.chance(50) } }),
        _ => json!({ "handed_over": { "references": [message], "parts": 1 } }),
    };
    let body = json!({ "message": message, "outcome": outcome });
    Some(Asked::new::<delivery::record_delivery::RecordDelivery>(NODE, &body))
}

fn answer(hand: &mut Hand<'_>) -> Asked {
    let all: Vec<_> = hand.file.delivery.notifications.keys().copied().collect();
    let Some(notification) = hand.draw.one(&all) else {
        let body = json!({ "channel": "sms", "from": "102-0000-0001", "text": "收到" });
        return Asked::new::<delivery::record_unmatched::RecordUnmatched>(NODE, &body);
    };
    let reading = hand.draw.one(&["yes", "no", "unclear"]);
    let body = json!({ "notification": notification, "channel": "sms", "from": "102-0000-0002",
                       "text": "1", "reading": reading });
    Asked::new::<delivery::answer_notification::AnswerNotification>(NODE, &body)
}

/// A browser takes messages, or none any more.
fn browser(hand: &mut Hand<'_>) -> Asked {
    let known: Vec<_> = hand.state.reach.browsers.keys().cloned().collect();
    if let Some(session) = hand.draw.one(&known).filter(|_| hand.draw.chance(60)) {
        return Asked::new::<delivery::unsubscribe_push::UnsubscribePush>(
            NODE,
            &json!({ "session": session }),
        );
    }
    let session = hand.draw.one(&["s1", "s2"]);
    let body = json!({ "session": session, "of": { "force": "huagong" }, "title": "值班员", "account": "huagong",
                       "subscription": "{}" });
    Asked::new::<delivery::subscribe_push::SubscribePush>(NODE, &body)
}

fn contacts(draw: &mut Draw) -> Asked {
    let of = draw.one(&[
        json!({ "force": "huagong" }),
        json!({ "org": "org-gongan" }),
        json!({ "org": "org-yingji" }),
    ]);
    let ways = draw.one(&[
        json!([{ "channel": "sms" }]),
        json!([]),
        json!([{ "channel": "voice" }, { "channel": "sms" }]),
    ]);
    let contact = json!({ "title": "值班室", "name": "值班员01", "phone": "0631-0999003", "ways": ways });
    let body = json!({ "of": of, "contacts": [contact] });
    Asked::new::<delivery::set_contacts::SetContacts>("bureau", &body)
}

#[expect(clippy::unnecessary_wraps, reason = "every card may be empty")]
fn assess(hand: &mut Hand<'_>) -> Option<Asked> {
    let id = hand.incident;
    Some(match hand.draw.below(5) {
        0 | 1 => {
            let outcome = if hand.draw.chance(30) { "false_alarm" } else { "real" };
            let body = json!({ "incident": id, "outcome": outcome });
            Asked::new::<incident::verify_call::VerifyCall>("dispatcher", &body)
        }
        2 => {
            let body = json!({ "incident": id, "hazard": "hazchem", "grade": 1 + hand.draw.below(5), "place": place(hand.draw) });
            Asked::new::<incident::classify_incident::ClassifyIncident>("dispatcher", &body)
        }
        3 => {
            let body = json!({ "incident": id, "grade": 1 + hand.draw.below(5) });
            Asked::new::<incident::raise_grade::RaiseGrade>("commander", &body)
        }
        _ => {
            let stage = hand.draw.one(&["preliminary", "confirmed"]);
            let body = json!({ "incident": id, "severity": "serious", "stage": stage });
            Asked::new::<incident::grade_severity::GradeSeverity>("bureau", &body)
        }
    })
}

#[expect(clippy::unnecessary_wraps, reason = "every card may be empty")]
fn first_response(hand: &mut Hand<'_>) -> Option<Asked> {
    let among: &[&str] = if hand.draw.chance(15) { &FORCES } else { &FORCES[..2] };
    let orders = tasks(hand.draw, among);
    let body = json!({ "incident": hand.incident, "orders": orders, "arrangements": arrangements() });
    Some(Asked::new::<dispatch::order_first_response::OrderFirstResponse>("dispatcher", &body))
}

fn notices(hand: &mut Hand<'_>) -> Option<Asked> {
    if hand.draw.chance(40) {
        let orgs = hand.draw.some(&["org-gongan", "org-weijian"], 2);
        let body = json!({ "incident": hand.incident, "orgs": orgs });
        return Some(Asked::new::<dispatch::send_linkage_notices::SendLinkageNotices>("dispatcher", &body));
    }
    let all: Vec<_> = hand.file.dispatch.notices.values().map(|n| (n.id, n.org.clone())).collect();
    let (id, org) = hand.draw.one(&all)?;
    let owner = org.as_str().replace("org-", "dept-");
    Some(hand.by::<dispatch::acknowledge_notice::AcknowledgeNotice>(&owner, &json!({ "notice": id })))
}

fn stand_by(hand: &mut Hand<'_>) -> Option<Asked> {
    let all: Vec<_> = hand.file.dispatch.stand_bys.values().map(|s| (s.id, s.force.clone())).collect();
    match hand.draw.below(4) {
        0 => {
            let body = json!({ "incident": hand.incident, "forces": hand.draw.some(&FORCES, 4) });
            Some(Asked::new::<dispatch::push_stand_by::PushStandBy>("dispatcher", &body))
        }
        1 => {
            let (id, _) = hand.draw.one(&all)?;
            Some(Asked::new::<dispatch::lift_stand_by::LiftStandBy>("bureau", &json!({ "stand_by": id })))
        }
        _ => {
            let (id, force) = hand.draw.one(&all)?;
            let body = json!({ "stand_by": id, "ready": hand.draw.chance(70) });
            Some(hand.by::<dispatch::confirm_stand_by::ConfirmStandBy>(force.as_str(), &body))
        }
    }
}

fn letters(hand: &mut Hand<'_>) -> Option<Asked> {
    if hand.draw.chance(40) {
        let body =
            json!({ "incident": hand.incident, "org": "org-wujing", "forces": ["wujing"], "ask": "警戒" });
        return Some(Asked::new::<dispatch::send_letter::SendLetter>("bureau", &body));
    }
    let all: Vec<_> = hand.file.dispatch.letters.keys().copied().collect();
    let body = json!({ "letter": hand.draw.one(&all)?, "agreed": hand.draw.chance(50), "words": "收到" });
    Some(hand.by::<dispatch::answer_letter::AnswerLetter>("dept-wujing", &body))
}

#[expect(clippy::unnecessary_wraps, reason = "every card may be empty")]
fn draft(hand: &mut Hand<'_>) -> Option<Asked> {
    let among: &[&str] = if hand.draw.chance(10) { &FORCES } else { &FORCES[..6] };
    let posted = hand.commander() == "post";
    let by_order = if hand.draw.chance(90) { posted } else { !posted };
    let body = json!({
        "incident": hand.incident, "tasks": tasks(hand.draw, among), "arrangements": arrangements(),
        "by_order_of_post": by_order, "signed_by": "commander",
    });
    Some(Asked::new::<dispatch::draft_plan::DraftPlan>("dispatcher", &body))
}

/// What comes next for a plan, mostly; sometimes something else, sometimes on an older revision.
fn plan(hand: &mut Hand<'_>) -> Option<Asked> {
    let all: Vec<_> = hand.file.dispatch.plans.values().cloned().collect();
    let plan = hand.draw.one(&all)?;
    let (id, stale) = (plan.id, u32::from(hand.draw.chance(5)));
    let revision = plan.revision - stale.min(plan.revision - 1);
    let seen = json!({ "plan": id, "revision": revision });
    let choice = match plan.status {
        PlanStatus::Draft => hand.draw.one(&[0, 0, 0, 1, 2, 6]),
        PlanStatus::Submitted => hand.draw.one(&[3, 3, 3, 4, 6, 2]),
        PlanStatus::SentBack => Some(1),
        _ => Some(5),
    };
    let choice = if hand.draw.chance(8) { hand.draw.below(7) } else { choice? };
    Some(match choice {
        0 => Asked::new::<dispatch::submit_plan::SubmitPlan>("dispatcher", &seen),
        1 => {
            let tasks = tasks(hand.draw, &FORCES[..6]);
            let posted = hand.commander() == "post" && hand.draw.chance(90);
            let body = json!({
                "plan": id, "revision": revision, "tasks": tasks, "arrangements": arrangements(),
                "by_order_of_post": posted,
            });
            Asked::new::<dispatch::revise_plan::RevisePlan>("dispatcher", &body)
        }
        2 => Asked::new::<dispatch::withdraw_plan::WithdrawPlan>("dispatcher", &json!({ "plan": id })),
        3 => {
            let named: Vec<_> = plan.tasks.iter().map(|t| t.force.to_string()).collect();
            let part = hand.draw.chance(25).then(|| hand.draw.some(&named, 2));
            let body = json!({ "plan": id, "revision": revision, "tasks": part });
            let who = hand.draw.one(&["shift-leader", "shift-leader", "shift-leader", "deputy"]);
            Asked::new::<dispatch::approve_plan::ApprovePlan>(who?, &body)
        }
        4 => {
            let body = json!({ "plan": id, "revision": revision, "reasons": "请说明用途" });
            Asked::new::<dispatch::send_back_plan::SendBackPlan>("bureau", &body)
        }
        5 => Asked::new::<dispatch::confirm_in_writing::ConfirmInWriting>(
            "shift-leader",
            &json!({ "plan": id }),
        ),
        _ => {
            let body =
                json!({ "plan": id, "revision": revision, "officer": "应急局带班领导01", "words": "同意" });
            Asked::new::<dispatch::record_telephone_approval::RecordTelephoneApproval>("dispatcher", &body)
        }
    })
}

fn order(hand: &mut Hand<'_>) -> Option<Asked> {
    let all: Vec<_> = hand.file.dispatch.orders.values().map(|o| (o.id, o.force.to_string())).collect();
    let (id, force) = hand.draw.one(&all)?;
    let only = json!({ "order": id });
    let counted = json!({ "order": id, "strength": hand.draw.below(20), "position": [122.43, 36.9] });
    Some(match hand.draw.below(14) {
        0 => Asked::new::<dispatch::receive_order::ReceiveOrder>(&force, &only),
        1 | 2 => {
            let body = json!({ "order": id, "strength": hand.draw.below(20), "eta_min": 20 });
            hand.by::<dispatch::acknowledge_order::AcknowledgeOrder>(&force, &body)
        }
        3 => hand.by::<dispatch::decline_order::DeclineOrder>(
            &force,
            &json!({ "order": id, "reason": "车辆在修" }),
        ),
        4 | 5 => hand.by::<dispatch::depart_order::DepartOrder>(&force, &counted),
        6 | 7 => hand.by::<dispatch::arrive_order::ArriveOrder>(&force, &counted),
        8 => hand.by::<dispatch::deploy_order::DeployOrder>(
            &force,
            &json!({ "order": id, "position": [122.42, 36.88] }),
        ),
        9 | 10 => hand.by::<dispatch::report_progress::ReportProgress>(
            &force,
            &json!({ "order": id, "text": "正在冷却" }),
        ),
        11 => released(hand, id),
        12 => returned(hand, id, &force),
        _ => {
            let who = hand.commander();
            Asked::new::<dispatch::cancel_order::CancelOrder>(who, &json!({ "order": id, "reason": "误派" }))
        }
    })
}

fn released(hand: &Hand<'_>, id: OrderId) -> Asked {
    Asked::new::<dispatch::release_order::ReleaseOrder>(hand.commander(), &json!({ "order": id }))
}

fn returned(hand: &mut Hand<'_>, id: OrderId, force: &str) -> Asked {
    let foam = json!({ "name": "泡沫液", "quantity": 10, "unit": "千克" });
    let body = json!({ "order": id, "worked_min": 60, "consumables": [foam] });
    hand.by::<dispatch::return_order::ReturnOrder>(force, &body)
}

fn filing(hand: &mut Hand<'_>) -> Option<Asked> {
    let all: Vec<_> = hand.file.dispatch.filings.values().map(|f| (f.id, f.authority.to_string())).collect();
    let (id, authority) = hand.draw.one(&all)?;
    let owner = match authority.as_str() {
        "org-gongxin" => "dept-gongxin",
        "org-weijian" => "dept-weijian",
        _ => "bureau",
    };
    Some(hand.by::<dispatch::sign_filing::SignFiling>(owner, &json!({ "filing": id })))
}

#[expect(clippy::unnecessary_wraps, reason = "every card may be empty")]
fn take_over(hand: &mut Hand<'_>) -> Option<Asked> {
    let id = hand.incident;
    Some(match hand.draw.below(5) {
        0 => {
            let body =
                json!({ "incident": id, "decision": "口头", "commander": "副市长", "place": "油库北门" });
            Asked::new::<command::establish_post::EstablishPost>("leader", &body)
        }
        1 => {
            let to = hand.draw.one(&["brigade", "rescue_section", "org-weijian"]);
            let body = json!({ "incident": id, "to": to, "scope": "抢险救援" });
            Asked::new::<command::delegate_command::DelegateCommand>("post", &body)
        }
        2 => {
            let body = json!({ "incident": id, "to": "org-weihai-xiaofang", "commander": "支队指挥长" });
            Asked::new::<command::raise_command::RaiseCommand>("dispatcher", &body)
                .on_behalf_of("支队指挥中心")
        }
        3 => Asked::new::<command::hand_in_briefing::HandInBriefing>("commander", &json!({ "incident": id })),
        _ => {
            let body = json!({ "incident": id, "commander": "大队指挥长", "place": "北门", "groups": [], "channel": "3" });
            Asked::new::<command::form_forward_headquarters::FormForwardHeadquarters>("commander", &body)
        }
    })
}

fn withdrawal(hand: &mut Hand<'_>) -> Option<Asked> {
    if hand.draw.chance(25) {
        let body = json!({ "incident": hand.incident, "reason": "沸溢征兆" });
        return Some(Asked::new::<command::order_withdrawal::OrderWithdrawal>("commander", &body));
    }
    confirmed(hand)
}

/// The next party that a withdrawal still waits for.
fn confirmed(hand: &mut Hand<'_>) -> Option<Asked> {
    let open: Vec<_> =
        hand.file.command.withdrawals.values().filter(|w| !w.is_confirmed()).cloned().collect();
    let waiting: Vec<_> =
        open.iter().flat_map(|w| w.waiting().map(|party| (w.id, party)).collect::<Vec<_>>()).collect();
    let (id, party) = hand.draw.one(&waiting)?;
    let (order, attached) = match party {
        command::Party::Order(order) => (Some(order), None),
        command::Party::Attached(attached) => (None, Some(attached)),
    };
    let body = json!({ "withdrawal": id, "order": order, "attached": attached, "everyone_out": true });
    Some(
        Asked::new::<command::confirm_withdrawal::ConfirmWithdrawal>("dispatcher", &body)
            .on_behalf_of("队长"),
    )
}

#[expect(clippy::unnecessary_wraps, reason = "every card may be empty")]
fn scene(hand: &mut Hand<'_>) -> Option<Asked> {
    let on_scene = hand.file.dispatch.orders.values().filter(|o| o.step.is_out()).map(|o| o.id);
    let order = hand.draw.one(&on_scene.collect::<Vec<_>>());
    let body = json!({ "incident": hand.incident, "order": order, "group": "内攻组", "count": 1 + hand.draw.below(4) });
    Some(match hand.draw.below(3) {
        0 => {
            let body = json!({ "incident": hand.incident, "who": "副站长" });
            Asked::new::<command::appoint_safety_officer::AppointSafetyOfficer>(hand.commander(), &body)
        }
        1 => Asked::new::<command::enter_scene::EnterScene>("commander", &body),
        _ => Asked::new::<command::leave_scene::LeaveScene>("commander", &body),
    })
}

fn reinforcement(hand: &mut Hand<'_>) -> Option<Asked> {
    let all: Vec<_> = hand.file.reinforcement.requests.keys().copied().collect();
    let choice = if all.is_empty() { 0 } else { hand.draw.below(4) };
    Some(match choice {
        0 => {
            let body = json!({ "incident": hand.incident, "to": "org-weihai-yingji", "need": "泡沫编队", "means": "phone" });
            Asked::new::<reinforcement::request_reinforcement::RequestReinforcement>("bureau", &body)
        }
        1 => {
            let asked = hand.draw.one(&all)?;
            helped(asked, hand.draw.chance(70))
        }
        2 => {
            let body = json!({ "reinforcement": hand.draw.one(&all)?, "name": "泡沫编队", "from": "威海市",
                               "strength": 48, "leader": "编队长" });
            Asked::new::<reinforcement::attach_force::AttachForce>("bureau", &body)
        }
        _ => detached(hand)?,
    })
}

/// The superior's answer is typed in.
fn helped(asked: ReinforcementId, approved: bool) -> Asked {
    let body =
        json!({ "reinforcement": asked, "approved": approved, "officer": "带班领导", "words": "收到" });
    Asked::new::<reinforcement::answer_reinforcement::AnswerReinforcement>("bureau", &body)
        .on_behalf_of("威海市应急局")
}

fn detached(hand: &mut Hand<'_>) -> Option<Asked> {
    let requests = hand.file.reinforcement.requests.values();
    let all: Vec<_> = requests
        .flat_map(|r| {
            r.attached.values().filter(|a| a.released.is_none()).map(|a| (r.id, a.id)).collect::<Vec<_>>()
        })
        .collect();
    let (request, attached) = hand.draw.one(&all)?;
    let body = json!({ "reinforcement": request, "attached": attached });
    Some(Asked::new::<reinforcement::release_attached::ReleaseAttached>("bureau", &body))
}

fn reports(hand: &mut Hand<'_>) -> Option<Asked> {
    let all: Vec<_> = hand.file.report.reports.keys().copied().collect();
    Some(match hand.draw.below(5) {
        0 | 1 => {
            let stage = hand.draw.one(&["first", "first", "follow_up", "final"]);
            let body = json!({ "incident": hand.incident, "stage": stage, "text": "石岛油库储罐起火" });
            Asked::new::<report::file_report::FileReport>("bureau", &body)
        }
        2 => {
            let body = json!({ "report": hand.draw.one(&all)?, "text": "更正", "why": "数字有误" });
            Asked::new::<report::correct_report::CorrectReport>("bureau", &body)
        }
        3 => {
            Asked::new::<report::read_report::ReadReport>("govt", &json!({ "report": hand.draw.one(&all)? }))
        }
        _ => {
            let body = json!({ "incident": hand.incident, "text": "火势已控制" });
            Asked::new::<report::compile_situation_report::CompileSituationReport>("bureau", &body)
        }
    })
}

#[expect(clippy::unnecessary_wraps, reason = "every card may be empty")]
fn casualties(hand: &mut Hand<'_>) -> Option<Asked> {
    let known = hand.file.incident.casualties.as_ref().map_or(0, |c| c.revision);
    if hand.draw.chance(40) {
        let body = json!({ "incident": hand.incident, "revision": known });
        return Some(Asked::new::<incident::confirm_casualties::ConfirmCasualties>("bureau", &body));
    }
    let body = json!({
        "incident": hand.incident, "dead": 0, "missing": hand.draw.below(2), "badly_hurt": 0,
        "hurt": hand.draw.below(4), "trapped": 0, "moved": 40, "source": "现场", "as_of": hand.now,
    });
    Some(Asked::new::<incident::count_casualties::CountCasualties>("dispatcher", &body))
}

fn town(hand: &mut Hand<'_>) -> Option<Asked> {
    if hand.draw.chance(40) {
        let body = json!({ "incident": hand.incident, "town": "org-town-gangwan" });
        return Some(Asked::new::<incident::call_town::CallTown>("govt", &body));
    }
    let all: Vec<_> = hand.file.incident.town_calls.keys().copied().collect();
    let body = json!({ "town_call": hand.draw.one(&all)?, "words": "收到" });
    Some(hand.by::<incident::answer_town_call::AnswerTownCall>("town-gangwan", &body))
}

fn instruction(hand: &mut Hand<'_>) -> Option<Asked> {
    let all: Vec<_> = hand.file.incident.instructions.keys().copied().collect();
    Some(match hand.draw.below(3) {
        0 => {
            let body = json!({ "incident": hand.incident, "text": "全力搜救" });
            Asked::new::<incident::give_instruction::GiveInstruction>("leader", &body)
        }
        1 => {
            let body =
                json!({ "instruction": hand.draw.one(&all)?, "to": "org-weijian", "task": "救治伤员" });
            Asked::new::<incident::assign_task::AssignTask>("govt", &body)
        }
        _ => {
            let body = json!({ "instruction": hand.draw.one(&all)?, "text": "已派 3 车", "done": hand.draw.chance(50) });
            Asked::new::<incident::feed_back::FeedBack>("dept-weijian", &body)
        }
    })
}

fn merge(hand: &mut Hand<'_>) -> Option<Asked> {
    let others: Vec<_> = hand.state.incidents.keys().copied().filter(|id| *id != hand.incident).collect();
    let body = json!({ "incident": hand.incident, "into": hand.draw.one(&others)? });
    Some(Asked::new::<incident::merge_incident::MergeIncident>("dispatcher", &body))
}

/// One thing that still keeps the incident from being closed is settled; then it is closed.
fn wind_up(hand: &mut Hand<'_>) -> Option<Asked> {
    let id = hand.incident;
    if hand.file.incident.status == Status::Reported {
        let body = json!({ "incident": id, "outcome": "real" });
        return Some(Asked::new::<incident::verify_call::VerifyCall>("dispatcher", &body));
    }
    let all = blockers(hand.file);
    let Some(blocker) = hand.draw.one(&all) else {
        return Some(Asked::new::<CloseIncident>("commander", &json!({ "incident": id })));
    };
    let dispatch = &hand.file.dispatch;
    match blocker {
        Blocker::NotControlled => Some(Asked::new::<incident::control_incident::ControlIncident>(
            hand.commander(),
            &json!({ "incident": id }),
        )),
        Blocker::OrdersRunning(_) => {
            let running = dispatch.orders.values().filter(|o| o.step <= OrderStep::Deployed).map(|o| o.id);
            let order = hand.draw.one(&running.collect::<Vec<_>>())?;
            Some(released(hand, order))
        }
        Blocker::PlansWaiting(_) => {
            let plan = dispatch.plans.values().find(|p| p.status == PlanStatus::Submitted)?.id;
            Some(Asked::new::<dispatch::withdraw_plan::WithdrawPlan>("dispatcher", &json!({ "plan": plan })))
        }
        Blocker::WrittenAgreementDue(_) => {
            let approved = dispatch.plans.values().filter(|p| p.approval.is_some()).map(|p| p.id);
            let plan = hand.draw.one(&approved.collect::<Vec<_>>())?;
            Some(Asked::new::<dispatch::confirm_in_writing::ConfirmInWriting>(
                "shift-leader",
                &json!({ "plan": plan }),
            ))
        }
        Blocker::WithdrawalUnconfirmed(_) => confirmed(hand),
        Blocker::PeopleInside(_) => {
            let inside = hand.file.command.inside.front()?;
            let body = json!({ "incident": id, "order": inside.order, "group": inside.group, "count": inside.count });
            Some(Asked::new::<command::leave_scene::LeaveScene>("commander", &body))
        }
        Blocker::LettersWaiting(_) => {
            let letter = dispatch.letters.values().find(|l| l.answer.is_none())?.id;
            let body = json!({ "letter": letter, "agreed": false, "words": "不再需要" });
            Some(Asked::new::<dispatch::answer_letter::AnswerLetter>("dept-wujing", &body))
        }
        Blocker::ReinforcementWaiting(_) => {
            let asked = hand.file.reinforcement.requests.values().find(|r| r.answer.is_none())?.id;
            Some(helped(asked, false))
        }
        Blocker::AttachedForces(_) => detached(hand),
        Blocker::NoFinalReport => {
            let body = json!({ "incident": id, "stage": "final", "text": "明火已扑灭" });
            Some(Asked::new::<report::file_report::FileReport>("bureau", &body))
        }
        Blocker::InstructionsOpen(_) => instruction(hand),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "every card may be empty")]
fn registers(hand: &mut Hand<'_>) -> Option<Asked> {
    use crate::composition as set;
    let composition = format!("hazchem-{}", 1 + hand.draw.below(3));
    Some(match hand.draw.below(5) {
        0 => {
            let state = hand.draw.one(&["routine", "heightened", "emergency"]);
            let body = json!({ "state": state, "why": "台风" });
            Asked::new::<readiness::change_readiness::ChangeReadiness>("bureau", &body)
        }
        1 | 2 => {
            let body = json!({ "composition": composition, "why": "重点时段" });
            Asked::new::<set::preauthorise_composition::PreauthoriseComposition>("shift-leader", &body)
        }
        3 => {
            let body = json!({ "composition": composition });
            Asked::new::<set::revoke_preauthorisation::RevokePreauthorisation>("shift-leader", &body)
        }
        _ => {
            let body = json!({ "desk": "brigade", "to": "值班员02" });
            Asked::new::<duty::hand_over_shift::HandOverShift>("dispatcher", &body)
        }
    })
}
