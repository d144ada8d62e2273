//! Browsers that take messages: beside the other ways, on duty only, and until they sign out.

use super::attempt_message::{AttemptMessage, Claim};
use super::open_channels::OpenChannels;
use super::record_delivery::{Outcome, RecordDelivery};
use super::subscribe_push::SubscribePush;
use super::unsubscribe_push::UnsubscribePush;
use super::{ChannelKind, FailedWhy, Notification, Recipient, is_revoked};
use crate::act::Act;
use crate::refusal::Refusal;
use crate::testing::Town;
use crate::types::ids::Fresh as _;
use crate::types::{IncidentId, OrderId};
use crate::{Actor, Resource};

fn node(town: &mut Town, act: impl Into<Act>) -> Result<Resource, Refusal> {
    town.as_actor(Actor::clock(), act.into())
}

fn opens(town: &mut Town, channels: &[ChannelKind]) {
    node(town, OpenChannels { channels: channels.to_vec(), rehearsal: false }).unwrap();
}

fn allows(session: &str, title: &str) -> SubscribePush {
    SubscribePush {
        session: session.to_owned(),
        of: Recipient::Force("huagong".parse().unwrap()),
        title: title.to_owned(),
        account: "huagong".parse().unwrap(),
        subscription: r#"{"endpoint":"https://push.example.net/1"}"#.to_owned(),
    }
}

/// The depot burns, the force's browser takes messages, and it is ordered.
fn told(channels: &[ChannelKind]) -> (Town, IncidentId, OrderId) {
    let mut town = Town::rongcheng("08:00");
    opens(&mut town, channels);
    node(&mut town, allows("phone", "终端")).unwrap();
    let fire = town.oil_depot_burns();
    let order = town.ordered(fire, &["huagong"])[0];
    (town, fire, order)
}

fn of(town: &Town, incident: IncidentId, order: OrderId) -> Notification {
    let file = town.state.hot(incident).unwrap();
    file.delivery.of(order.ulid()).last().expect("it was told").as_ref().clone()
}

fn channels(notification: &Notification) -> Vec<ChannelKind> {
    notification.messages.iter().map(|m| m.channel).collect()
}

fn fails(town: &mut Town, notification: &Notification, at: usize) {
    let message = notification.messages[at].id;
    node(town, AttemptMessage { message, attempt: 1, claim: Claim::Takes, lease_s: 30 }).unwrap();
    let why = FailedWhy::BadAddress;
    node(
        town,
        RecordDelivery {
            message,
            attempt: None,
            outcome: Outcome::Failed { why, detail: None, again: false },
        },
    )
    .unwrap();
}

/// A push service that nobody reaches holds up no SMS: the browser is told beside it, and its failing changes nothing.
#[test]
fn a_browser_is_told_beside_the_first_other_way() {
    let (mut town, fire, order) = told(&[ChannelKind::Sms, ChannelKind::Push]);
    let notification = of(&town, fire, order);
    assert_eq!(channels(&notification), [ChannelKind::Push, ChannelKind::Sms]);
    fails(&mut town, &notification, 0);
    assert_eq!(
        channels(&of(&town, fire, order)).len(),
        2,
        "the SMS is still out: nothing else is tried for it"
    );
    assert!(town.state.reach.browsers.is_empty(), "a browser that is gone is forgotten");
    assert!(town.state.reach.corrections.is_empty(), "and is nobody's number to correct");
    let notification = of(&town, fire, order);
    fails(&mut town, &notification, 1);
    assert_eq!(channels(&of(&town, fire, order)).len(), 3, "the next person is asked");
}

/// Where the node has no push channel nothing is queued for a browser; where it has no other, the browser alone is told.
#[test]
fn only_an_open_channel_is_used() {
    let (town, fire, order) = told(&[ChannelKind::Sms]);
    assert_eq!(channels(&of(&town, fire, order)), [ChannelKind::Sms]);
    let (town, fire, order) = told(&[ChannelKind::Push]);
    assert_eq!(channels(&of(&town, fire, order)), [ChannelKind::Push]);
}

/// Signing out ends it at once, also for what waits; a new session's browser is another.
#[test]
fn signing_out_revokes_what_waits_too() {
    let (mut town, fire, order) = told(&[ChannelKind::Push]);
    let notification = of(&town, fire, order);
    let waits = |town: &Town| is_revoked(&town.state, &notification, &notification.messages[0]);
    assert!(!waits(&town));
    node(&mut town, UnsubscribePush { session: "phone".to_owned() }).unwrap();
    assert!(waits(&town));
    node(&mut town, allows("another", "终端")).unwrap();
    assert!(waits(&town), "what was meant for the former session is not sent to the next");
    let again = node(&mut town, UnsubscribePush { session: "phone".to_owned() });
    assert!(matches!(again, Err(Refusal::AlreadyDone { .. })));
    let stand_by = town.ordered(fire, &["jixie"]);
    assert!(
        town.state.hot(fire).unwrap().delivery.of(stand_by[0].ulid()).next().is_none(),
        "others' orders are not his"
    );
}

/// Not more than a reasonable number of browsers, each session one.
#[test]
fn each_session_has_one_and_there_is_a_limit() {
    let mut town = Town::rongcheng("08:00");
    for n in 0..crate::types::limits::BROWSERS_EACH {
        node(&mut town, allows(&format!("s{n}"), "终端")).unwrap();
    }
    node(&mut town, allows("s0", "终端")).expect("the same session anew");
    assert!(matches!(node(&mut town, allows("more", "终端")), Err(Refusal::Field { .. })));
}
