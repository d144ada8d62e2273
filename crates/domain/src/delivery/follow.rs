//! What must be told outside follows from what happened: the messages of an order stand in the order's own batch, so
//! that none goes without the other (Plan 4.1.4, 4.2.2).

use super::browser::browsers;
use super::ladder::{Heading, is_waited_for, message, rungs};
use super::state::{About, Recipient};
use crate::act::{Decision, Stream};
use crate::command_post::Event as CommandPost;
use crate::context::Context;
use crate::dispatch::Event as Dispatch;
use crate::event::Event;
use crate::incident::Event as Incident;
use crate::state::{IncidentFile, State};
use crate::types::{OrderId, StandById, Text};

/// One thing that somebody is to be told.
struct Told {
    about: About,
    to: Recipient,
    only: Option<Text>,
}

impl Told {
    fn new(about: About, to: Recipient) -> Self {
        Self { about, to, only: None }
    }
}

/// Adds the messages that follow from a decision. Where no channel is open there are none.
pub(crate) fn follow(state: &State, ctx: &mut Context, decision: &mut Decision) {
    if state.reach.channels.is_empty() {
        return;
    }
    let mut queued = Vec::new();
    // No code is taken from somebody who may still answer with it; when all are, he answers from his own number.
    let mut codes = state.reach.codes_from_here().filter(|code| !is_waited_for(state, code));
    for (stream, event) in &decision.events {
        let Stream::Incident(incident) = stream else { continue };
        for told in told_by(state, state.hot(*incident), event) {
            let ways = rungs(state, &told.to, told.only.as_deref(), ctx.now);
            let beside = browsers(state, &told.to, told.only.as_deref(), ctx.now);
            if ways.is_empty() && beside.is_empty() {
                continue;
            }
            let heading = Heading {
                id: ctx.fresh(),
                about: told.about,
                to: told.to,
                only: told.only,
                code: codes.next().unwrap_or_default(),
            };
            // Everybody out: by every way at once.
            let at_once = if matches!(told.about, About::Withdrawal(_)) { ways.len() } else { 1 };
            // Browsers first: whichever comes last decides what is tried next.
            for rung in beside.into_iter().chain(ways.into_iter().take(at_once)) {
                queued.push((*stream, message(state, ctx, &heading, rung).into()));
            }
        }
    }
    decision.events.extend(queued);
}

fn told_by(state: &State, file: Option<&IncidentFile>, event: &Event) -> Vec<Told> {
    let order = |id: &OrderId| {
        file.and_then(|f| f.dispatch.orders.get(id)).map(|o| Recipient::Force(o.force.clone()))
    };
    let stand_by = |id: &StandById| {
        file.and_then(|f| f.dispatch.stand_bys.get(id)).map(|s| Recipient::Force(s.force.clone()))
    };
    let bureau = || state.jurisdiction.offices.as_ref().map(|o| Recipient::Org(o.bureau.clone()));
    let one = |about, to: Option<Recipient>| to.map(|to| Told::new(about, to)).into_iter().collect();
    match event {
        Event::Dispatch(e) => match e {
            Dispatch::OrderIssued(e) => one(About::Order(e.order), Some(Recipient::Force(e.force.clone()))),
            Dispatch::OrderCancelled(e) => one(About::Cancelled(e.order), order(&e.order)),
            Dispatch::OrderReleased(e) => one(About::Released(e.order), order(&e.order)),
            Dispatch::OrderFiled(e) => {
                one(About::Filing(e.filing), Some(Recipient::Org(e.authority.clone())))
            }
            Dispatch::StandByPushed(e) => {
                one(About::StandBy(e.stand_by), Some(Recipient::Force(e.force.clone())))
            }
            Dispatch::StandByLifted(e) => one(About::Lifted(e.stand_by), stand_by(&e.stand_by)),
            Dispatch::NoticeSent(e) => one(About::Notice(e.notice), Some(Recipient::Org(e.org.clone()))),
            Dispatch::LetterSent(e) => one(About::Letter(e.letter), Some(Recipient::Org(e.org.clone()))),
            Dispatch::PlanSubmitted(e) => {
                let only = e.asked.last().cloned();
                bureau().map(|to| Told { about: About::Approval(e.plan), to, only }).into_iter().collect()
            }
            Dispatch::PlanDeputyAsked(e) if e.deputy.is_some() => {
                let only = e.deputy.clone();
                bureau().map(|to| Told { about: About::Approval(e.plan), to, only }).into_iter().collect()
            }
            _ => Vec::new(),
        },
        Event::Incident(Incident::TownCalled(e)) => {
            let to = Recipient::Org(e.town.clone());
            vec![Told { about: About::TownCall(e.town_call), to, only: Some(e.asked.clone()) }]
        }
        Event::CommandPost(CommandPost::WithdrawalOrdered(e)) => {
            let forces = e.orders.iter().filter_map(order);
            forces.map(|to| Told::new(About::Withdrawal(e.withdrawal), to)).collect()
        }
        _ => Vec::new(),
    }
}
