//! The day. Each act is given as it comes over HTTP: as JSON, with only what is needed.

use domain::act::Rule;
use domain::command_post as command;
use domain::testing::{Town, slug};
use domain::types::ids::Fresh as _;
use domain::types::{IncidentId, OrderId, PlanId};
use domain::{
    Act, Actor, Resource, composition, dispatch, duty, incident, readiness, reinforcement, report, review,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// An account does something, said as JSON.
fn does<A>(town: &mut Town, account: &str, act: Value) -> Resource
where
    A: Rule + DeserializeOwned,
    Act: From<A>,
{
    let act: A = serde_json::from_value(act).expect("the act has its shape");
    town.does(account, act)
}

fn arrangements() -> Value {
    json!({ "assembly_point": { "text": "油库北门外 200 米" },
            "report_to": { "position": "现场指挥员", "phone": "0631-0999002" },
            "radio_channel": "消防 3 频道", "protection": "隔热服、空气呼吸器" })
}

fn tasks(forces: &[&str]) -> Value {
    forces
        .iter()
        .map(|force| json!({ "force": force, "task": "冷却邻罐", "capability": "foam_tanker" }))
        .collect()
}

fn first<K: Copy + Ord, V: Clone>(map: &imbl::OrdMap<K, V>) -> K {
    *map.keys().next().expect("there is one")
}

fn last<K: Copy + Ord, V: Clone>(map: &imbl::OrdMap<K, V>) -> K {
    *map.keys().next_back().expect("there is one")
}

/// Everything that can happen.
pub(crate) fn day() -> Town {
    let mut town = Town::rongcheng("07:30");
    registers(&mut town);
    let fire = calls(&mut town);
    notices(&mut town, fire);
    towns_and_instructions(&mut town, fire);
    let orders = plans(&mut town, fire);
    steps(&mut town, fire, &orders);
    on_scene(&mut town, fire, &orders);
    reports(&mut town, fire);
    the_end(&mut town, fire, &orders);
    others(&mut town);
    outside(&mut town);
    reviewed(&mut town, fire);
    town
}

fn registers(town: &mut Town) {
    let t = town;
    does::<duty::hand_over_shift::HandOverShift>(
        t,
        "dispatcher",
        json!({ "desk": "brigade", "to": "指挥中心值班员02", "remarks": "石岛水源压力低" }),
    );
    does::<composition::preauthorise_composition::PreauthoriseComposition>(
        t,
        "shift-leader",
        json!({ "composition": "hazchem-1", "why": "石岛油库重点时段" }),
    );
    does::<composition::revoke_preauthorisation::RevokePreauthorisation>(
        t,
        "shift-leader",
        json!({ "composition": "hazchem-1" }),
    );
    does::<readiness::change_readiness::ChangeReadiness>(
        t,
        "bureau",
        json!({ "state": "heightened", "why": "国庆安保" }),
    );
    does::<readiness::change_readiness::ChangeReadiness>(
        t,
        "bureau",
        json!({ "state": "routine", "why": "安保结束" }),
    );
}

fn calls(town: &mut Town) -> IncidentId {
    let fire = town.at("08:00").does("dispatcher", domain::testing::oil_depot_call());
    let fire = fire.incident.expect("a call opens an incident");
    let t = town.after_s(40);
    does::<incident::take_call::TakeCall>(
        t,
        "dispatcher",
        json!({ "source": "110", "place": { "text": "石岛油库", "place": "place-shidao-youku" },
                "narrative": "路人看见浓烟", "same_as": fire }),
    );
    does::<incident::verify_call::VerifyCall>(
        t,
        "dispatcher",
        json!({ "incident": fire, "outcome": "real", "note": "油库值班员回拨确认" }),
    );
    does::<incident::classify_incident::ClassifyIncident>(
        t,
        "dispatcher",
        json!({ "incident": fire, "hazard": "hazchem", "grade": 3, "trapped": 2, "substance": "汽油" }),
    );
    does::<incident::raise_grade::RaiseGrade>(t, "commander", json!({ "incident": fire, "grade": 4 }));
    does::<incident::grade_severity::GradeSeverity>(
        t,
        "bureau",
        json!({ "incident": fire, "severity": "serious", "stage": "preliminary" }),
    );
    does::<dispatch::order_first_response::OrderFirstResponse>(
        t,
        "dispatcher",
        json!({ "incident": fire, "orders": tasks(&["shidao"]), "arrangements": arrangements() }),
    );
    fire
}

fn notices(town: &mut Town, fire: IncidentId) {
    let t = town.at("08:02");
    does::<dispatch::send_linkage_notices::SendLinkageNotices>(
        t,
        "dispatcher",
        json!({ "incident": fire, "orgs": ["org-gongan", "org-weijian"] }),
    );
    let notice = first(&t.state.hot(fire).expect("open").dispatch.notices);
    let org = t.state.hot(fire).expect("open").dispatch.notices[&notice].org.to_string();
    let account = org.replace("org-", "dept-");
    does::<dispatch::acknowledge_notice::AcknowledgeNotice>(t, &account, json!({ "notice": notice }));
    for (force, ready) in [("huagong", Some(true)), ("jijiu", Some(false)), ("jixie", None)] {
        does::<dispatch::push_stand_by::PushStandBy>(
            t,
            "dispatcher",
            json!({ "incident": fire, "forces": [force] }),
        );
        let stand_by = last(&t.state.hot(fire).expect("open").dispatch.stand_bys);
        let Some(ready) = ready else {
            t.at("08:08").clock_runs();
            does::<dispatch::lift_stand_by::LiftStandBy>(t, "dispatcher", json!({ "stand_by": stand_by }));
            continue;
        };
        let note = (!ready).then_some("车辆在修");
        let answer = json!({ "stand_by": stand_by, "ready": ready, "note": note });
        does::<dispatch::confirm_stand_by::ConfirmStandBy>(t, force, answer);
    }
    for urgent in [true, false] {
        let letter = does::<dispatch::send_letter::SendLetter>(
            t,
            "bureau",
            json!({ "incident": fire, "org": "org-wujing", "forces": ["wujing"], "ask": "警戒 20 人", "urgent": urgent }),
        );
        if urgent {
            does::<dispatch::answer_letter::AnswerLetter>(
                t,
                "dept-wujing",
                json!({ "letter": letter.id, "agreed": true, "words": "同意，20 人即出发" }),
            );
        }
    }
}

fn towns_and_instructions(town: &mut Town, fire: IncidentId) {
    let t = town.at("08:09");
    let call = does::<incident::call_town::CallTown>(
        t,
        "govt",
        json!({ "incident": fire, "town": "org-town-gangwan" }),
    );
    does::<incident::answer_town_call::AnswerTownCall>(
        t,
        "town-gangwan",
        json!({ "town_call": call.id, "words": "收到，组织周边群众转移" }),
    );
    let again = does::<incident::call_town::CallTown>(
        t,
        "bureau",
        json!({ "incident": fire, "town": "org-town-gangwan" }),
    );
    t.at("08:15").clock_runs();
    let late = t.by_phone_for("港湾街道带班领导01");
    does::<incident::answer_town_call::AnswerTownCall>(late, "govt", json!({ "town_call": again.id }));
    let given = does::<incident::give_instruction::GiveInstruction>(
        t,
        "leader",
        json!({ "incident": fire, "text": "全力搜救，确保人员安全" }),
    );
    does::<incident::assign_task::AssignTask>(
        t,
        "govt",
        json!({ "instruction": given.id, "to": "org-weijian", "task": "救治伤员" }),
    );
    does::<incident::feed_back::FeedBack>(
        t,
        "dept-weijian",
        json!({ "instruction": given.id, "text": "已派 3 车", "done": false }),
    );
}

fn plans(town: &mut Town, fire: IncidentId) -> Vec<OrderId> {
    let t = town.at("08:16");
    let plan = does::<dispatch::draft_plan::DraftPlan>(
        t,
        "dispatcher",
        json!({ "incident": fire, "tasks": tasks(&["huagong"]), "arrangements": arrangements(), "signed_by": "commander" }),
    );
    let forces = ["huagong", "jijiu", "jixie", "yatou"];
    does::<dispatch::revise_plan::RevisePlan>(
        t,
        "dispatcher",
        json!({ "plan": plan.id, "revision": 1, "tasks": tasks(&forces), "arrangements": arrangements() }),
    );
    does::<dispatch::submit_plan::SubmitPlan>(t, "dispatcher", json!({ "plan": plan.id, "revision": 2 }));
    does::<dispatch::send_back_plan::SendBackPlan>(
        t,
        "bureau",
        json!({ "plan": plan.id, "revision": 2, "reasons": "请说明机械队用途" }),
    );
    does::<dispatch::revise_plan::RevisePlan>(
        t,
        "dispatcher",
        json!({ "plan": plan.id, "revision": 2, "tasks": tasks(&forces), "arrangements": arrangements() }),
    );
    does::<dispatch::submit_plan::SubmitPlan>(t, "dispatcher", json!({ "plan": plan.id, "revision": 3 }));
    t.after_s(180).clock_runs();
    t.after_s(130).clock_runs();
    let spoken = t.by_phone_for("应急局带班领导01");
    does::<dispatch::record_telephone_approval::RecordTelephoneApproval>(
        spoken,
        "dispatcher",
        json!({ "plan": plan.id, "revision": 3, "officer": "应急局带班领导01", "words": "同意，机械队暂缓",
                "recording": "L20261124-0007", "tasks": ["huagong", "jijiu", "yatou"] }),
    );
    let file = t.state.hot(fire).expect("open");
    ["huagong", "jijiu", "yatou"]
        .map(|force| file.dispatch.running_order_of(&slug(force)).expect("ordered").id)
        .to_vec()
}

fn withdrawn(town: &mut Town, fire: IncidentId) {
    let supplement = does::<dispatch::draft_plan::DraftPlan>(
        town,
        "dispatcher",
        json!({ "incident": fire, "tasks": tasks(&["shidao-jijiu"]), "arrangements": arrangements(),
                "signed_by": "commander", "supplement_to": first_plan(town, fire) }),
    );
    does::<dispatch::submit_plan::SubmitPlan>(
        town,
        "dispatcher",
        json!({ "plan": supplement.id, "revision": 1 }),
    );
    does::<dispatch::withdraw_plan::WithdrawPlan>(
        town,
        "dispatcher",
        json!({ "plan": supplement.id, "reason": "伤员已送医" }),
    );
}

fn first_plan(town: &Town, fire: IncidentId) -> PlanId {
    first(&town.state.hot(fire).expect("open").dispatch.plans)
}

fn steps(town: &mut Town, fire: IncidentId, orders: &[OrderId]) {
    let [huagong, jijiu, yatou] = orders else { panic!("three orders") };
    let t = town.at("08:22");
    withdrawn(t, fire);
    does::<dispatch::receive_order::ReceiveOrder>(t, "huagong", json!({ "order": huagong }));
    let answer = json!({ "order": huagong, "strength": 14, "eta_min": 20 });
    does::<dispatch::acknowledge_order::AcknowledgeOrder>(t, "huagong", answer);
    does::<dispatch::decline_order::DeclineOrder>(
        t,
        "jijiu",
        json!({ "order": jijiu, "reason": "三台车均在转运" }),
    );
    t.at("08:30").clock_runs(); // 崖头站 does not answer: contact, telephone, next force
    let spoken = t.by_phone_for("崖头站值班员01");
    does::<dispatch::acknowledge_order::AcknowledgeOrder>(spoken, "dispatcher", json!({ "order": yatou }));
    does::<dispatch::cancel_order::CancelOrder>(
        t,
        "commander",
        json!({ "order": yatou, "reason": "火势已压制" }),
    );
    does::<dispatch::depart_order::DepartOrder>(t, "huagong", json!({ "order": huagong, "strength": 12 }));
    does::<dispatch::arrive_order::ArriveOrder>(
        t.at("08:55"),
        "huagong",
        json!({ "order": huagong, "position": [122.4170, 36.8850] }),
    );
    does::<dispatch::deploy_order::DeployOrder>(t, "huagong", json!({ "order": huagong }));
    does::<dispatch::report_progress::ReportProgress>(
        t,
        "huagong",
        json!({ "order": huagong, "text": "已堵漏，正在倒罐", "files": ["photo-1"] }),
    );
    let filings = t.state.hot(fire).expect("open").dispatch.filings.clone();
    let own = filings.values().find(|filing| filing.order == *huagong).expect("filed");
    does::<dispatch::sign_filing::SignFiling>(
        t,
        "dept-gongxin",
        json!({ "filing": own.id, "remark": "已阅" }),
    );
}

fn on_scene(town: &mut Town, fire: IncidentId, orders: &[OrderId]) {
    let t = town.at("09:00");
    does::<command::form_forward_headquarters::FormForwardHeadquarters>(
        t,
        "commander",
        json!({ "incident": fire, "commander": "大队值班指挥长", "place": "油库北门", "channel": "消防 3 频道",
                "groups": [{ "name": "堵漏组", "leader": "化工应急队队长", "forces": ["huagong"] }] }),
    );
    let inside = json!({ "incident": fire, "order": orders[0], "group": "堵漏组", "count": 4 });
    does::<command::enter_scene::EnterScene>(t, "huagong", inside);
    does::<command::appoint_safety_officer::AppointSafetyOfficer>(
        t,
        "commander",
        json!({ "incident": fire, "who": "石岛站副站长" }),
    );
    let out = json!({ "incident": fire, "order": orders[0], "group": "堵漏组", "count": 1 });
    does::<command::leave_scene::LeaveScene>(t, "huagong", out);
    does::<incident::classify_incident::ClassifyIncident>(
        t,
        "dispatcher",
        json!({ "incident": fire, "hazard": "hazchem", "grade": 4, "substance": "汽油、二甲苯" }),
    );
    let spoken = t.by_phone_for("支队指挥中心");
    does::<command::raise_command::RaiseCommand>(
        spoken,
        "dispatcher",
        json!({ "incident": fire, "to": "org-weihai-xiaofang", "commander": "支队值班指挥长" }),
    );
    does::<command::establish_post::EstablishPost>(
        t.at("09:10"),
        "leader",
        json!({ "incident": fire, "decision": "荣政指〔2026〕1号", "commander": "市政府分管领导", "place": "石岛港务大楼" }),
    );
    for to in ["rescue_section", "org-weijian"] {
        let delegated = json!({ "incident": fire, "to": to, "scope": "抢险救援" });
        does::<command::delegate_command::DelegateCommand>(t, "post", delegated);
    }
    t.at("09:26").clock_runs(); // the briefing is late
    does::<command::hand_in_briefing::HandInBriefing>(
        t,
        "dispatcher",
        json!({ "incident": fire, "text": "三号罐已控制，冷却邻罐" }),
    );
    let withdrawal = does::<command::order_withdrawal::OrderWithdrawal>(
        t,
        "post",
        json!({ "incident": fire, "reason": "三号罐将沸溢" }),
    );
    t.after_s(200).clock_runs();
    for (everyone_out, missing) in [(false, Some(1)), (true, None)] {
        does::<command::confirm_withdrawal::ConfirmWithdrawal>(
            t,
            "huagong",
            json!({ "withdrawal": withdrawal.id, "order": orders[0], "everyone_out": everyone_out, "missing": missing }),
        );
    }
    help_from_outside(t, fire);
}

fn help_from_outside(t: &mut Town, fire: IncidentId) {
    let request = does::<reinforcement::request_reinforcement::RequestReinforcement>(
        t,
        "bureau",
        json!({ "incident": fire, "to": "org-weihai-yingji", "need": "重型泡沫编队 2 个", "means": "phone" }),
    );
    t.at("10:05").clock_runs();
    let spoken = t.by_phone_for("威海市应急局带班领导");
    does::<reinforcement::answer_reinforcement::AnswerReinforcement>(
        spoken,
        "bureau",
        json!({ "reinforcement": request.id, "approved": true, "officer": "威海市应急局带班领导", "words": "同意" }),
    );
    let attached = does::<reinforcement::attach_force::AttachForce>(
        t,
        "post",
        json!({ "reinforcement": request.id, "name": "威海支队重型泡沫编队", "from": "威海市", "strength": 48,
                "leader": "支队编队长", "call_sign": "威海泡沫01" }),
    );
    let released = json!({ "reinforcement": request.id, "attached": attached.id });
    does::<reinforcement::release_attached::ReleaseAttached>(t.at("10:30"), "post", released);
}

fn reports(town: &mut Town, fire: IncidentId) {
    let t = town.at("10:40");
    let counted = json!({ "incident": fire, "dead": 0, "missing": 0, "badly_hurt": 1, "hurt": 3, "trapped": 0,
                          "moved": 260, "source": "市卫健局", "as_of": "2026-11-24T10:30:00+08:00" });
    does::<incident::count_casualties::CountCasualties>(t, "dept-weijian", counted);
    let confirmed = json!({ "incident": fire, "revision": 1 });
    does::<incident::confirm_casualties::ConfirmCasualties>(t, "shift-leader", confirmed);
    let filed = does::<report::file_report::FileReport>(
        t,
        "dispatcher",
        json!({ "incident": fire, "stage": "first", "text": "石岛油库三号罐起火……", "by_phone": true }),
    );
    t.at("10:55").clock_runs();
    does::<report::read_report::ReadReport>(t, "govt", json!({ "report": filed.id }));
    does::<report::correct_report::CorrectReport>(
        t,
        "dispatcher",
        json!({ "report": filed.id, "text": "石岛油库二号罐起火……", "why": "罐号有误" }),
    );
    does::<report::compile_situation_report::CompileSituationReport>(
        t,
        "bureau",
        json!({ "incident": fire, "text": "火势已控制……" }),
    );
    does::<incident::add_note::AddNote>(t, "govt", json!({ "incident": fire, "text": "市长到场" }));
    t.at("11:30").clock_runs(); // the written agreement is late
    let plan = first_plan(t, fire);
    let written = json!({ "plan": plan, "remark": "补办" });
    does::<dispatch::confirm_in_writing::ConfirmInWriting>(t, "shift-leader", written);
    let given = first(&t.state.hot(fire).expect("open").incident.instructions);
    does::<incident::feed_back::FeedBack>(
        t,
        "dept-weijian",
        json!({ "instruction": given, "text": "4 名伤员均已收治", "done": true }),
    );
}

fn the_end(town: &mut Town, fire: IncidentId, orders: &[OrderId]) {
    town.at("12:55").clock_runs(); // the next situation report is late
    let t = town.at("14:00");
    does::<incident::control_incident::ControlIncident>(t, "post", json!({ "incident": fire }));
    let shidao =
        t.state.hot(fire).expect("open").dispatch.running_order_of(&slug("shidao")).expect("ordered").id;
    for order in [orders[0], shidao] {
        does::<dispatch::release_order::ReleaseOrder>(t, "post", json!({ "order": order, "note": "撤收" }));
    }
    does::<dispatch::return_order::ReturnOrder>(
        t,
        "huagong",
        json!({ "order": orders[0], "worked_min": 300, "confirmed_by": "现场指挥员",
                "consumables": [{ "name": "泡沫液", "quantity": 12, "unit": "吨" }] }),
    );
    does::<report::file_report::FileReport>(
        t,
        "dispatcher",
        json!({ "incident": fire, "stage": "final", "text": "石岛油库火灾终报……" }),
    );
    let letters = &t.state.hot(fire).expect("open").dispatch.letters;
    let unanswered = letters.values().find(|l| l.answer.is_none()).expect("one was never answered").id;
    let asked_after = t.by_phone_for("武警中队值班员");
    does::<dispatch::answer_letter::AnswerLetter>(
        asked_after,
        "bureau",
        json!({ "letter": unanswered, "agreed": false, "words": "不再需要，未出动" }),
    );
    does::<incident::close_incident::CloseIncident>(
        t,
        "dispatcher",
        json!({ "incident": fire, "note": "现场移交油库" }),
    );
}

/// Other incidents of the day: a false alarm, a merge, a drill, and one whose review is late.
fn others(town: &mut Town) {
    let t = town.at("15:00");
    let smoke = t.does("dispatcher", domain::testing::oil_depot_call()).incident.expect("opened");
    let nothing = json!({ "incident": smoke, "outcome": "false_alarm", "note": "焚烧秸秆" });
    does::<incident::verify_call::VerifyCall>(t, "dispatcher", nothing);
    let first = t.at("15:30").does("dispatcher", domain::testing::oil_depot_call()).incident.expect("opened");
    let same = t.does("dispatcher", domain::testing::oil_depot_call()).incident.expect("opened");
    let merged = json!({ "incident": same, "into": first });
    does::<incident::merge_incident::MergeIncident>(t, "dispatcher", merged);
    let call = domain::incident::take_call::TakeCall { drill: true, ..domain::testing::oil_depot_call() };
    let drill = t.at("16:00").does("dispatcher", call).incident.expect("opened");
    let stand_by = json!({ "incident": drill, "forces": ["jijiu"] });
    does::<dispatch::push_stand_by::PushStandBy>(t, "dispatcher", stand_by);
}

/// Channels are open: what is told goes outside too, and comes back.
fn outside(town: &mut Town) {
    use domain::delivery as d;
    let node = |t: &mut Town, act: Act| t.as_actor(Actor::clock(), act).expect("the node may");
    let t = town.at("16:30");
    let sms = d::ChannelKind::Sms;
    node(t, d::open_channels::OpenChannels { channels: vec![sms], rehearsal: true }.into());
    let contacts = json!([{ "title": "值班室", "name": "市公安局值班员01", "phone": "0631-0999003",
                            "ways": [{ "channel": "sms" }] }]);
    let list = |of: Value| json!({ "of": of, "contacts": contacts.clone() });
    does::<d::set_contacts::SetContacts>(t, "bureau", list(json!({ "org": "org-gongan" })));
    does::<d::set_contacts::SetContacts>(t, "jijiu", list(json!({ "force": "jijiu" })));
    let smoke = t.oil_depot_burns();
    let stand_by = json!({ "incident": smoke, "forces": ["jijiu"] });
    does::<dispatch::push_stand_by::PushStandBy>(t, "dispatcher", stand_by);
    does::<dispatch::send_linkage_notices::SendLinkageNotices>(
        t,
        "dispatcher",
        json!({ "incident": smoke, "orgs": ["org-gongan"] }),
    );
    let waiting: Vec<_> = t.state.reach.outbox.keys().copied().collect();
    for message in &waiting {
        let claim = d::attempt_message::Claim::Takes;
        node(
            t,
            d::attempt_message::AttemptMessage { message: *message, attempt: 1, claim, lease_s: 30 }.into(),
        );
    }
    let ends = |t: &mut Town, message, outcome| {
        node(t, d::record_delivery::RecordDelivery { message, attempt: None, outcome }.into());
    };
    let outcome = d::record_delivery::Outcome::HandedOver {
        references: vec!["4711".to_owned()],
        parts: 1,
        cost_hao: 450,
    };
    ends(t, waiting[0], outcome);
    ends(t, waiting[0], d::record_delivery::Outcome::Delivered);
    let (why, detail) = (d::FailedWhy::BadAddress, Some("空号".to_owned()));
    ends(t, waiting[1], d::record_delivery::Outcome::Failed { why, detail, again: false });
    let notification = t.state.hot(smoke).expect("open").delivery.carried[&waiting[0]];
    let (from, text) = ("102-0000-0199".to_owned(), "1".to_owned());
    let reading = d::Reading::Yes;
    let yes = d::answer_notification::AnswerNotification {
        notification,
        channel: sms,
        from: from.clone(),
        text: text.clone(),
        reading,
    };
    node(t, yes.into());
    node(t, d::record_unmatched::RecordUnmatched { channel: sms, from, text }.into());
    let session = "0123456789abcdef".to_owned();
    let subscribe = d::subscribe_push::SubscribePush {
        session: session.clone(),
        of: d::Recipient::Force("jijiu".parse().expect("a force")),
        title: "急救中心值班员".to_owned(),
        account: "jijiu".parse().expect("an account"),
        subscription: r#"{"endpoint":"https://push.example.net/1"}"#.to_owned(),
    };
    node(t, subscribe.into());
    node(t, d::unsubscribe_push::UnsubscribePush { session }.into());
}

/// The fire's review: ten days on nobody has written it; then somebody does.
fn reviewed(town: &mut Town, fire: IncidentId) {
    let t = town.after_s(10 * 86_400);
    let due = t.state.archive[&fire].review_due.expect("a closed incident owes its review");
    let (kind, subject) = (readiness::DeadlineKind::ReviewDue, fire.ulid());
    let late = readiness::meet_deadline::MeetDeadline { incident: fire, kind, subject, due };
    t.as_actor(Actor::clock(), late.into()).expect("it is late");
    does::<review::write_review::WriteReview>(
        t,
        "commander",
        json!({ "incident": fire, "measures": "先控后灭", "lessons": "泡沫液储备不足", "proposals": "增设储备点",
                "improvements": [{ "what": "增设泡沫储备点", "owner": "org-gongxin", "due": "2027-03-31" }] }),
    );
}
