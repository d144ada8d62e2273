//! Messages as a force gets them, and as a force does not.

use super::answer_notification::AnswerNotification;
use super::attempt_message::{AttemptMessage, Claim};
use super::open_channels::OpenChannels;
use super::record_delivery::{Outcome, RecordDelivery};
use super::record_unmatched::RecordUnmatched;
use super::set_contacts::{ContactGiven, SetContacts, WayGiven};
use super::{ChannelKind, FailedWhy, Message, MessageStatus, Notification, Reading, Recipient};
use crate::act::Act;
use crate::dispatch::OrderStep;
use crate::dispatch::cancel_order::CancelOrder;
use crate::dispatch::scenes::{acknowledge, arrive, depart, is, order, refused};
use crate::refusal::Refusal;
use crate::testing::{Town, slug};
use crate::types::ids::Fresh as _;
use crate::types::{IncidentId, OrderId};
use crate::{Actor, Resource};

/// The oil depot burns, SMS and voice are open, one force is ordered.
fn told(force: &str) -> (Town, IncidentId, OrderId) {
    let mut town = Town::rongcheng("08:00");
    open(&mut town, &[ChannelKind::Sms, ChannelKind::Voice]);
    let fire = town.oil_depot_burns();
    let order = town.ordered(fire, &[force])[0];
    (town, fire, order)
}

fn open(town: &mut Town, channels: &[ChannelKind]) {
    node(town, OpenChannels { channels: channels.to_vec(), rehearsal: false }).unwrap();
}

fn node(town: &mut Town, act: impl Into<Act>) -> Result<Resource, Refusal> {
    town.as_actor(Actor::clock(), act.into())
}

/// The notification about an order to its force.
fn of(town: &Town, incident: IncidentId, order: OrderId) -> Notification {
    let file = town.state.hot(incident).unwrap();
    file.delivery.of(order.ulid()).last().expect("it was told").as_ref().clone()
}

fn last(notification: &Notification) -> &Message {
    notification.messages.last().unwrap()
}

fn rungs(notification: &Notification) -> Vec<(&str, ChannelKind)> {
    notification.messages.iter().map(|m| (m.title.as_str(), m.channel)).collect()
}

/// The next attempt, claimed for half a minute.
fn attempt(message: &Message) -> AttemptMessage {
    let attempt = message.attempts + 1;
    AttemptMessage { message: message.id, attempt, claim: Claim::Takes, lease_s: 30 }
}

fn sends(town: &mut Town, notification: &Notification) {
    let message = last(notification).id;
    node(town, attempt(last(notification))).unwrap();
    let outcome = Outcome::HandedOver { references: vec![message.to_string()], parts: 1, cost_hao: 450 };
    node(town, RecordDelivery { message, attempt: None, outcome }).unwrap();
}

fn fails(town: &mut Town, notification: &Notification, why: FailedWhy, again: bool) {
    let message = last(notification).id;
    node(town, attempt(last(notification))).unwrap();
    let outcome = Outcome::Failed { why, detail: Some("空号".to_owned()), again };
    node(town, RecordDelivery { message, attempt: None, outcome }).unwrap();
}

fn says(notification: &Notification, reading: Reading, text: &str) -> AnswerNotification {
    AnswerNotification {
        notification: notification.id,
        channel: ChannelKind::Sms,
        from: "102-0000-0199".to_owned(),
        text: text.to_owned(),
        reading,
    }
}

/// Plan 4.2.2: the message of an order stands in the order's own batch, with a short code; where no channel is open
/// nothing is queued that could not be sent.
#[test]
fn an_order_and_its_message_are_one_act() {
    let (town, fire, order) = told("huagong");
    let notification = of(&town, fire, order);
    assert_eq!(rungs(&notification), [("值班员", ChannelKind::Sms)]);
    assert_eq!(notification.code.len(), 4);
    let at = |kind: &str| town.journal.iter().find(|r| r.event.kind() == kind).unwrap();
    assert_eq!(at("order.issued").at, at("message.queued").at);
    assert_eq!(town.state.reach.outbox.len(), 1, "the filing's authority has no contact in this cast");
    assert_eq!(town.state.reach.codes[&notification.code].notification, notification.id);
    let mut silent = Town::rongcheng("08:00");
    let fire = silent.oil_depot_burns();
    silent.ordered(fire, &["huagong"]);
    assert_eq!(silent.count("message.queued"), 0);
}

/// Plan 4.2.2: nobody answers: the next channel, the next person, his channels; then a person has to telephone.
#[test]
fn silence_climbs_by_channel_and_then_by_person() {
    let (mut town, fire, id) = told("huagong");
    let all = [
        ("值班员", ChannelKind::Sms),
        ("值班员", ChannelKind::Voice),
        ("队长", ChannelKind::Sms),
        ("队长", ChannelKind::Voice),
    ];
    for step in 1..=all.len() {
        let notification = of(&town, fire, id);
        assert_eq!(rungs(&notification), all[..step]);
        sends(&mut town, &notification);
        town.after_s(19).clock_runs();
        assert_eq!(of(&town, fire, id).messages.len(), step, "until the last second it is his");
        town.after_s(1).clock_runs();
    }
    let end = of(&town, fire, id);
    assert!(end.exhausted && end.due.is_none());
    assert_eq!(town.count("notification.exhausted"), 1);
    assert!(
        end.messages.iter().all(|m| m.status == MessageStatus::HandedOver),
        "every one in a visible state"
    );
    town.after_s(3600).clock_runs();
    assert_eq!(town.count("message.queued"), 4, "it does not ring for ever");
    assert_eq!(town.count("notification.exhausted"), 1);
}

/// Plan 4.2.2: an acknowledgement by any means ends the asking; what was only shown or delivered does not.
#[test]
fn only_an_answer_ends_the_asking() {
    let (mut town, fire, id) = told("huagong");
    let first = of(&town, fire, id);
    sends(&mut town, &first);
    let delivered = RecordDelivery { message: last(&first).id, attempt: None, outcome: Outcome::Delivered };
    node(&mut town, delivered).unwrap();
    town.does("huagong", crate::dispatch::receive_order::ReceiveOrder { order: id });
    town.after_s(20).clock_runs();
    assert_eq!(of(&town, fire, id).messages.len(), 2, "delivered and shown is no answer");
    town.does("huagong", acknowledge(id));
    town.after_s(3600).clock_runs();
    assert_eq!(of(&town, fire, id).messages.len(), 2);
    assert!(!of(&town, fire, id).exhausted);
}

/// Plan 4.2.2: a wrong number goes on by the next way at once, and becomes a correction that its force owes; a new
/// list settles it.
#[test]
fn a_wrong_number_is_a_task_of_its_force() {
    let (mut town, fire, id) = told("huagong");
    let first = of(&town, fire, id);
    fails(&mut town, &first, FailedWhy::BadAddress, false);
    assert_eq!(rungs(&of(&town, fire, id)), [("值班员", ChannelKind::Sms), ("值班员", ChannelKind::Voice)]);
    let correction = town.state.reach.corrections.values().next().unwrap().clone();
    assert_eq!((correction.of.as_str(), correction.title.as_str()), ("huagong", "值班员"));
    let list = |phone: &str| SetContacts {
        of: Recipient::Force(slug("huagong")),
        contacts: vec![ContactGiven {
            title: "值班员".to_owned(),
            name: "荣成化工应急队值班员01".to_owned(),
            phone: phone.to_owned(),
            ways: vec![WayGiven { channel: ChannelKind::Sms, address: None }],
        }],
    };
    is(&refused(&mut town, "jijiu", list("102-0000-0200")), "not_yours", None, &[]);
    town.does("huagong", list("102-0000-0200"));
    assert!(town.state.reach.corrections.is_empty());
    let force = town.state.ledger.force(&slug("huagong")).unwrap();
    assert_eq!(force.contacts[0].phone.reveal().unwrap(), "102-0000-0200");
    town.does("bureau", list("102-0000-0201"));
}

/// Plan 4.2.2: what may pass by itself is tried again, soon and then later; then the next way is taken.
#[test]
fn a_gateway_that_is_down_is_tried_again_and_then_left() {
    let (mut town, fire, id) = told("huagong");
    let mut waits = Vec::new();
    while of(&town, fire, id).messages.len() == 1 {
        let notification = of(&town, fire, id);
        fails(&mut town, &notification, FailedWhy::Unreachable, true);
        let failed = of(&town, fire, id).messages[0].clone();
        let Some(at) = failed.not_before else { break };
        is(&node(&mut town, attempt(&failed)).unwrap_err(), "already_done", None, &[]);
        waits.push(at.0 - town.now.0);
        town.now = at;
    }
    assert_eq!(waits, [2000, 4000, 8000]);
    let left = of(&town, fire, id);
    assert_eq!((left.messages[0].status, left.messages[0].attempts), (MessageStatus::Failed, 4));
    assert_eq!(last(&left).channel, ChannelKind::Voice);
    assert!(town.state.reach.corrections.is_empty(), "a gateway's failure is not the force's");
}

/// Plan 4.1.4, 4.2.2: yes by SMS takes the order, by whose word and by what means stands on record.
#[test]
fn yes_by_message_takes_the_order() {
    let (mut town, fire, id) = told("huagong");
    let notification = of(&town, fire, id);
    sends(&mut town, &notification);
    town.after_s(10);
    node(&mut town, says(&notification, Reading::Yes, "1")).unwrap();
    let taken = order(&town, id);
    assert_eq!(taken.step, OrderStep::Acknowledged);
    let by = &taken.steps.last().unwrap().by;
    assert_eq!(by.on_behalf_of.as_ref().unwrap().who, "荣成化工应急队值班员");
    assert!(of(&town, fire, id).answers[0].counted);
}

/// Plan 4.2.2: no by SMS declines, in the force's own words.
#[test]
fn no_by_message_declines_with_its_words() {
    let (mut town, fire, id) = told("huagong");
    let notification = of(&town, fire, id);
    node(&mut town, says(&notification, Reading::No, "泵车在修 \u{7}")).unwrap();
    let declined = order(&town, id);
    assert_eq!(declined.step, OrderStep::Declined);
    assert_eq!(declined.steps.last().unwrap().note.as_ref().unwrap().reveal().unwrap(), "泵车在修");
}

/// Plan 4.2.2: late and second answers are kept and shown, and undo nothing; words are for a person to read.
#[test]
fn late_and_unclear_answers_are_shown_and_undo_nothing() {
    let (mut town, fire, id) = told("huagong");
    let notification = of(&town, fire, id);
    node(&mut town, says(&notification, Reading::Unclear, "在路上堵着")).unwrap();
    assert_eq!(order(&town, id).step, OrderStep::Issued);
    town.does("huagong", acknowledge(id));
    town.does("huagong", depart(id));
    town.does("huagong", arrive(id));
    node(&mut town, says(&notification, Reading::Yes, "1")).unwrap();
    assert_eq!(order(&town, id).step, OrderStep::Arrived);
    let counted: Vec<bool> = of(&town, fire, id).answers.iter().map(|a| a.counted).collect();
    assert_eq!(counted, [false, false]);
    let stray = RecordUnmatched {
        channel: ChannelKind::Sms,
        from: "102-0000-0777".to_owned(),
        text: "收到 9999".to_owned(),
    };
    node(&mut town, stray).unwrap();
    assert_eq!(town.state.reach.unmatched.len(), 1);
}

/// Plan 4.2.3: the duty list decides: off duty is never rung, on duty is never missed, a duty room always stands.
#[test]
fn the_duty_list_decides_who_is_asked() {
    let mut town = Town::rongcheng("08:00");
    open(&mut town, &[ChannelKind::Sms]);
    let contact = |title: &str, n: u32| ContactGiven {
        title: title.to_owned(),
        name: title.to_owned(),
        phone: format!("102-0000-030{n}"),
        ways: vec![WayGiven { channel: ChannelKind::Sms, address: None }],
    };
    let titles = ["应急局值班员01", "应急局值班员02", "应急局带班领导01", "应急局带班领导02", "值班室"];
    let contacts = (0..).zip(titles).map(|(n, title)| contact(title, n)).collect();
    town.does("bureau", SetContacts { of: Recipient::Org(slug("org-yingji")), contacts });
    let fire = town.oil_depot_burns();
    let plan = town.plan_submitted(fire, &["huagong"]);
    let asked = |town: &Town| -> Vec<String> {
        let file = town.state.hot(fire).unwrap();
        file.delivery.of(plan.ulid()).flat_map(|n| &n.messages).map(|m| m.title.clone()).collect()
    };
    let leader = town.state.duty.on_duty(&slug("org-yingji"), town.now).unwrap().leader;
    assert_eq!(asked(&town), [leader.as_str()], "the shift leader whose agreement is asked");
    let on = |town: &Town, title: &str| town.state.duty.may_be_asked("org-yingji", title, town.now);
    for pair in [["应急局值班员01", "应急局值班员02"], ["应急局带班领导01", "应急局带班领导02"]]
    {
        assert_ne!(on(&town, pair[0]), on(&town, pair[1]), "one of two");
    }
    assert!(on(&town, "值班室"));
    let before = on(&town, "应急局值班员01");
    town.after_s(86_400);
    assert_ne!(on(&town, "应急局值班员01"), before);
}

/// Plan 4.1.5: everybody out goes by every way at once; what only informs is done once it has arrived.
#[test]
fn everybody_out_goes_by_every_way_at_once() {
    let (mut town, fire, id) = told("huagong");
    town.does("huagong", arrive(id));
    let out = crate::command_post::order_withdrawal::OrderWithdrawal { incident: fire, reason: None };
    let withdrawal = town.does("commander", out);
    let file = town.state.hot(fire).unwrap();
    let told: Vec<_> = file.delivery.of(withdrawal.id.parse().unwrap()).collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].messages.len(), 4);
    let (mut town, fire, id) = self::told("huagong");
    town.does("commander", CancelOrder { order: id, reason: "火已扑灭".to_owned() });
    let cancelled = of(&town, fire, id);
    assert_eq!((rungs(&cancelled).len(), cancelled.due), (1, None));
    sends(&mut town, &cancelled);
    town.after_s(3600).clock_runs();
    assert_eq!(of(&town, fire, id).messages.len(), 1);
}

/// DESIGN, journal rule 7: whoever sends has the message for himself for a while; when he never comes back, another
/// tries it again, and the count says so. Whoever comes back late changes nothing by having failed.
#[test]
fn a_message_is_sent_by_one_at_a_time() {
    let (mut town, fire, id) = told("huagong");
    let message = last(&of(&town, fire, id)).id;
    let asks = |attempt, claim| AttemptMessage { message, attempt, claim, lease_s: 30 };
    let is_taken = |town: &mut Town, asked| is(&node(town, asked).unwrap_err(), "already_done", None, &[]);
    is_taken(&mut town, asks(1, Claim::Renews));
    node(&mut town, asks(1, Claim::Takes)).unwrap();
    is_taken(&mut town, asks(1, Claim::Takes));
    is_taken(&mut town, asks(2, Claim::Takes));
    town.after_s(29);
    node(&mut town, asks(1, Claim::Renews)).unwrap();
    town.after_s(29);
    is_taken(&mut town, asks(2, Claim::Takes));
    town.after_s(1);
    is_taken(&mut town, asks(1, Claim::Renews));
    is_taken(&mut town, asks(1, Claim::Takes));
    node(&mut town, asks(2, Claim::Takes)).unwrap();
    assert_eq!(last(&of(&town, fire, id)).attempts, 2);
    is(&refused(&mut town, "dispatcher", asks(3, Claim::Takes)), "not_permitted", Some("4.2.2"), &[]);
    let failed = Outcome::Failed { why: FailedWhy::TimedOut, detail: None, again: true };
    let late = RecordDelivery { message, attempt: Some(1), outcome: failed };
    is(&node(&mut town, late).unwrap_err(), "already_done", None, &[]);
    assert_eq!(last(&of(&town, fire, id)).status, MessageStatus::Sending, "the second is under way");
    let delivered = RecordDelivery { message, attempt: None, outcome: Outcome::Delivered };
    node(&mut town, delivered.clone()).unwrap();
    is(&node(&mut town, delivered).unwrap_err(), "already_done", None, &[]);
    assert!(!town.state.reach.outbox.contains_key(&message));
}

/// Everybody who was given a code and still has to answer, with it.
fn waiting_with_code(town: &Town) -> Vec<(String, crate::types::NotificationId)> {
    let open = town.state.whole().filter(|file| !file.incident.status.is_over());
    let waiting = open.flat_map(|file| {
        let all = file.delivery.notifications.values();
        all.filter(move |n| n.about.asks() && !super::is_settled(file, n)).map(|n| (n.code.clone(), n.id))
    });
    waiting.collect()
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    /// Plan 4.2.2: thousands later the codes come again, and each that somebody may still answer with is passed over.
    #[test]
    fn a_code_is_not_given_again_while_its_holder_waits(
        steps in proptest::collection::vec((0..4_u8, 0..6_u32), 1..16),
    ) {
        let mut town = Town::rongcheng("08:00");
        open(&mut town, &[ChannelKind::Sms]);
        let mut fire = town.oil_depot_burns();
        let mut orders: Vec<(&str, OrderId)> = Vec::new();
        let mut fires = 1;
        for (what, which) in steps {
            match what {
                // The counter has been round once, and comes to where somebody still waits.
                0 => town.state.reach.codes_used = 9_000 + which,
                1 => {
                    let free = ["huagong", "jijiu", "jixie", "shidao", "yatou"].into_iter();
                    let running = &town.state.hot(fire).unwrap().dispatch.running;
                    let free: Vec<&str> = free.filter(|f| !running.contains_key(&slug::<crate::types::ForceId>(f))).collect();
                    if let Some(force) = free.get(which as usize % free.len().max(1)) {
                        orders.push((*force, town.ordered(fire, &[*force])[0]));
                    }
                }
                2 if !orders.is_empty() => {
                    let (force, order) = orders.swap_remove(which as usize % orders.len());
                    town.does(force, acknowledge(order));
                }
                3 if fires < 3 => {
                    fire = town.oil_depot_burns();
                    fires += 1;
                }
                _ => {}
            }
            let waiting = waiting_with_code(&town);
            let codes: std::collections::BTreeSet<&String> = waiting.iter().map(|(code, _)| code).collect();
            proptest::prop_assert_eq!(codes.len(), waiting.len(), "each its own: {:?}", waiting);
            for (code, holder) in &waiting {
                proptest::prop_assert_eq!(town.state.reach.codes[code].notification, *holder);
            }
        }
    }
}

/// Plan 4.2.2: what is answered makes its code free, in turn; where every code is taken, none is given twice.
#[test]
fn an_answered_code_is_free_and_a_taken_one_is_never_given_twice() {
    let (mut town, fire, id) = told("huagong");
    let first = of(&town, fire, id).code;
    let whole_round =
        |town: &mut Town| town.state.reach.codes_used = first.parse::<u32>().unwrap() - 1000 + 9000;
    whole_round(&mut town);
    let second = town.ordered(fire, &["jijiu"])[0];
    let passed_over = of(&town, fire, second).code;
    assert_ne!(passed_over, first);
    town.does("huagong", acknowledge(id));
    whole_round(&mut town);
    town.ordered(fire, &["jixie"]);
    let reused = town.state.reach.codes[&first].notification;
    assert_ne!(reused, of(&town, fire, id).id, "it is another's now");
    let holder = super::reach::Found { incident: fire, notification: of(&town, fire, second).id };
    for code in 1000..10_000 {
        town.state.reach.codes.insert(code.to_string(), holder);
    }
    let last = town.ordered(fire, &["shidao"])[0];
    assert_eq!(of(&town, fire, last).code, "", "he answers from his own number");
}
