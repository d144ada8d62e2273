//! Who is asked by what means, and what comes next when nobody answers: the next channel of the same person, then the
//! next person (Plan 4.2.2). The duty list decides: who stands on it is asked while on duty and never otherwise.

use super::channel::{ChannelKind, Way};
use super::event::{MessageQueued, NotificationExhausted};
use super::state::{About, Notification, Recipient};
use crate::command_post::Party;
use crate::context::Context;
use crate::dispatch::{OrderStep, PlanStatus, awaits_answer};
use crate::event::Event;
use crate::org::Contact;
use crate::personal::Personal;
use crate::readiness::{Deadline, DeadlineKind};
use crate::state::{IncidentFile, State};
use crate::types::ids::Fresh;
use crate::types::{ForceId, NotificationId, Text, Time};
use ulid::Ulid;

/// One rung: a contact by a means.
#[derive(Debug, Clone)]
pub(crate) struct Rung {
    pub(crate) title: Text,
    pub(crate) channel: ChannelKind,
    pub(crate) address: Personal<Text>,
}

/// The rungs of a recipient now, first one first: each person's ways in their order, then the next person's.
pub(crate) fn rungs(state: &State, to: &Recipient, only: Option<&str>, now: Time) -> Vec<Rung> {
    let contacts: &[Contact] = match to {
        Recipient::Force(id) => state.ledger.forces.get(id).map_or(&[], |f| &f.contacts),
        Recipient::Org(id) => state.org.orgs.get(id).map_or(&[], |o| &o.contacts),
    };
    // Meant for one person: his own ways, where the register has him, else the standing contacts.
    let named = only.filter(|only| contacts.iter().any(|c| c.title == *only));
    let asked = contacts.iter().filter(|c| match named {
        Some(only) => c.title == only,
        None => state.duty.may_be_asked(to.as_str(), &c.title, now),
    });
    asked.flat_map(|contact| contact.ways.iter().filter_map(|way| rung(state, contact, way))).collect()
}

fn rung(state: &State, contact: &Contact, way: &Way) -> Option<Rung> {
    let address = match (&way.address, way.channel.by_phone()) {
        (Some(address), _) => address.clone(),
        (None, true) => contact.phone.clone(),
        (None, false) => return None,
    };
    let open = state.reach.is_open(way.channel) && address.reveal().is_some();
    open.then(|| Rung { title: contact.title.clone(), channel: way.channel, address })
}

/// The next rung that this notification has not tried.
fn next(state: &State, notification: &Notification, now: Time) -> Option<Rung> {
    let tried = |r: &Rung| notification.messages.iter().any(|m| m.title == r.title && m.channel == r.channel);
    rungs(state, &notification.to, notification.only.as_deref(), now).into_iter().find(|r| !tried(r))
}

/// A message on a rung.
pub(crate) fn message(state: &State, ctx: &mut Context, notification: &Heading, rung: Rung) -> MessageQueued {
    let limit_s = state.readiness.limits().way_limit_s;
    MessageQueued {
        message: ctx.fresh(),
        notification: notification.id,
        about: notification.about,
        to: notification.to.clone(),
        only: notification.only.clone(),
        title: rung.title,
        channel: rung.channel,
        address: rung.address,
        code: notification.code.clone(),
        due: notification.about.asks().then(|| ctx.now.plus_s(limit_s)),
        at: ctx.now,
    }
}

/// What all messages of a notification share.
pub(crate) struct Heading {
    pub(crate) id: NotificationId,
    pub(crate) about: About,
    pub(crate) to: Recipient,
    pub(crate) only: Option<Text>,
    pub(crate) code: Text,
}

impl Heading {
    fn of(n: &Notification) -> Self {
        Self { id: n.id, about: n.about, to: n.to.clone(), only: n.only.clone(), code: n.code.clone() }
    }
}

/// What follows when this notification gets no answer, or could not be handed over: the next way, or that none is left.
pub(crate) fn climb(state: &State, ctx: &mut Context, notification: &Notification) -> Event {
    if let Some(rung) = next(state, notification, ctx.now) {
        return message(state, ctx, &Heading::of(notification), rung).into();
    }
    let urgent = notification.about.is_urgent();
    NotificationExhausted { notification: notification.id, urgent, at: ctx.now }.into()
}

/// Has the thing itself been answered, or is it over? Then nobody is asked for it any more.
pub fn is_settled(file: &IncidentFile, notification: &Notification) -> bool {
    let d = &file.dispatch;
    match notification.about {
        About::Order(id) => {
            d.orders.get(&id).is_none_or(|o| !matches!(o.step, OrderStep::Issued | OrderStep::Received))
        }
        About::StandBy(id) => d.stand_bys.get(&id).is_none_or(|s| !awaits_answer(d, s)),
        About::Notice(id) => d.notices.get(&id).is_none_or(|n| n.acknowledged.is_some()),
        About::Letter(id) => d.letters.get(&id).is_none_or(|l| l.answer.is_some()),
        About::Filing(id) => d.filings.get(&id).is_none_or(|f| f.signed.is_some()),
        About::TownCall(id) => file.incident.town_calls.get(&id).is_none_or(|c| c.answered.is_some()),
        About::Approval(id) => d.plans.get(&id).is_none_or(|p| p.status != PlanStatus::Submitted),
        About::Withdrawal(id) => {
            let withdrawal = file.command.withdrawals.get(&id);
            let own = |force: &ForceId| Recipient::Force(force.clone()) == notification.to;
            !withdrawal.is_some_and(|w| {
                w.waiting().any(|party| match party {
                    Party::Order(order) => d.orders.get(&order).is_some_and(|o| own(&o.force)),
                    Party::Attached(_) => false,
                })
            })
        }
        About::Cancelled(_) | About::Released(_) | About::Lifted(_) => notification.is_handed_over(),
    }
}

/// Does somebody who was given this short code still have to answer? One who was only informed has not.
pub(crate) fn is_waited_for(state: &State, code: &str) -> bool {
    state.reach.codes.get(code).is_some_and(|found| {
        state.hot(found.incident).is_some_and(|file| {
            let holder = file.delivery.notifications.get(&found.notification);
            !file.incident.status.is_over()
                && holder.is_some_and(|holder| holder.about.asks() && !is_settled(file, holder))
        })
    })
}

/// When the next ways are tried.
pub(crate) fn deadlines(file: &IncidentFile) -> Vec<Deadline> {
    if file.incident.status.is_over() {
        return Vec::new();
    }
    let open = file.delivery.notifications.values().filter(|n| !n.exhausted && !is_settled(file, n));
    open.filter_map(|n| {
        Some(Deadline {
            due: n.due?,
            kind: DeadlineKind::NotificationAnswer,
            subject: n.id.ulid(),
            incident: file.incident.id,
        })
    })
    .collect()
}

/// Nobody answered in time.
pub(crate) fn missed(state: &State, ctx: &mut Context, file: &IncidentFile, subject: Ulid) -> Option<Event> {
    let notification = file.delivery.notifications.get(&NotificationId::from_ulid(subject))?;
    Some(climb(state, ctx, notification))
}
