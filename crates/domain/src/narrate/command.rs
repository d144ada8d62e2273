//! Command on scene and help from outside, told.

use super::{Teller, many};
use crate::command_post::Event;
use crate::command_post::event::{SceneEntered, WithdrawalConfirmed, WithdrawalOrdered};
use crate::command_post::{Holder, state::POST};
use crate::refusal_text::say;
use crate::reinforcement::Event as Reinforcement;
use crate::reinforcement::event::ReinforcementAnswered;
use crate::types::Text;

pub(super) fn line(t: Teller<'_>, event: &Event) -> Text {
    let lang = t.lang;
    match event {
        Event::ForwardHeadquartersFormed(e) => {
            let (commander, place, groups) = (&e.commander, &e.place, e.groups.len());
            let told = many(groups, "group", "groups");
            say!(
                lang,
                "前方指挥部成立：{commander}指挥，设于{place}（{groups} 个编组）",
                "forward headquarters formed: {commander} leads, at {place} ({told})"
            )
        }
        Event::PostEstablished(e) => {
            let (commander, place, decision) = (&e.commander, &e.place, &e.decision);
            say!(
                lang,
                "现场指挥部成立（{decision}）：总指挥{commander}，设于{place}",
                "command post established ({decision}): {commander} commands, at {place}"
            )
        }
        Event::CommandTakenOver(e) => {
            let named =
                if e.holder == Holder::Post && e.name == POST { e.holder.label(lang) } else { &e.name };
            let commander = &e.commander;
            say!(lang, "{named}接管指挥（{commander}）", "{named} took over command ({commander})")
        }
        Event::CommandRaised(e) => {
            let name = &e.name;
            say!(lang, "提级指挥：{name}", "command rose to {name}")
        }
        Event::BriefingHandedIn(e) => {
            let words = t.words(e.text.as_ref());
            say!(
                lang,
                "消防救援大队向现场指挥部移交情况{words}",
                "the brigade briefed the command post{words}"
            )
        }
        Event::BriefingOverdue(_) => {
            lang.pick("超时未向现场指挥部移交情况", "the command post was not briefed in time").to_owned()
        }
        Event::CommandDelegated(e) => {
            let (to, scope) = (t.delegate(&e.to), &e.scope);
            say!(lang, "现场指挥部授权{to}指挥：{scope}", "the command post delegated to {to}: {scope}")
        }
        Event::WithdrawalOrdered(e) => withdrawal(t, e),
        Event::WithdrawalConfirmed(e) => confirmed(t, e),
        Event::WithdrawalOverdue(e) => {
            let waiting: Vec<Text> = e.waiting.iter().map(|party| t.party(*party)).collect();
            let waiting = lang.join(&waiting);
            say!(lang, "超时未报告撤离清点：{waiting}", "not confirmed to be out in time: {waiting}")
        }
        Event::SafetyOfficerAppointed(e) => {
            let who = &e.who;
            say!(lang, "指定安全员：{who}", "safety officer: {who}")
        }
        Event::SceneEntered(e) => entered(t, e),
        Event::SceneLeft(e) => {
            let (group, count, remaining) = (&e.group, e.count, e.remaining);
            say!(
                lang,
                "{group} {count} 人撤出内场，内场尚有 {remaining} 人",
                "{count} of {group} came out, {remaining} still inside"
            )
        }
    }
}

fn withdrawal(t: Teller<'_>, e: &WithdrawalOrdered) -> Text {
    let forces = t.forces(e.orders.len() + e.attached.len());
    let (by, words) = (&e.by.by, t.words(e.reason.as_ref()));
    say!(
        t.lang,
        "{by} 下令紧急撤离，{forces}须报告清点{words}",
        "{by} ordered an emergency withdrawal, {forces} must confirm{words}"
    )
}

fn confirmed(t: Teller<'_>, e: &WithdrawalConfirmed) -> Text {
    let party = t.party(e.party);
    match e.missing {
        Some(missing) => {
            say!(t.lang, "{party} 撤离清点：失联 {missing} 人", "{party} is not all out: {missing} missing")
        }
        None => say!(t.lang, "{party} 撤离清点：全员撤出", "{party} is out, everyone accounted for"),
    }
}

fn entered(t: Teller<'_>, e: &SceneEntered) -> Text {
    let (lang, group, count) = (t.lang, &e.group, e.count);
    let mut told = say!(lang, "{group} {count} 人进入内场", "{count} of {group} went in");
    if !e.watched {
        told.push_str(lang.pick("，未指定安全员", ", without a safety officer"));
    }
    if e.during.is_some() {
        told.push_str(lang.pick("，正在紧急撤离", ", against a withdrawal"));
    }
    told
}

pub(super) fn reinforcement(t: Teller<'_>, event: &Reinforcement) -> Text {
    let lang = t.lang;
    match event {
        Reinforcement::ReinforcementRequested(e) => {
            let (to, means, words) = (t.org(&e.to), e.means.label(lang), t.words(Some(&e.need)));
            say!(
                lang,
                "向{to}申请跨区域增援（{means}）{words}",
                "reinforcement asked of {to} ({means}){words}"
            )
        }
        Reinforcement::ReinforcementAnswered(e) => answered(t, e),
        Reinforcement::ReinforcementOverdue(e) => {
            let to = t.reinforcement(e.reinforcement);
            say!(
                lang,
                "{to} 超时未答复增援申请",
                "{to} has not answered the request for reinforcement in time"
            )
        }
        Reinforcement::ForceAttached(e) => {
            let (name, from, strength) = (&e.name, &e.from, e.strength);
            let people = t.people(strength);
            say!(lang, "增援力量编入：{name}（{from}，{strength} 人）", "{name} attached ({from}, {people})")
        }
        Reinforcement::AttachedReleased(e) => {
            let name = t.attached(e.attached);
            say!(lang, "增援力量撤收：{name}", "{name} released")
        }
    }
}

fn answered(t: Teller<'_>, e: &ReinforcementAnswered) -> Text {
    let (lang, to, officer) = (t.lang, t.reinforcement(e.reinforcement), &e.officer);
    let words = t.words(Some(&e.words));
    if !e.approved {
        return say!(
            lang,
            "{to} {officer} 未同意增援{words}",
            "{officer}, {to}, declined reinforcement{words}"
        );
    }
    match &e.executed_by {
        Some(org) => {
            let org = t.org(org);
            say!(
                lang,
                "{to} {officer} 同意增援，由{org}组织实施{words}",
                "{officer}, {to}, agreed to reinforcement, carried out by {org}{words}"
            )
        }
        None => {
            say!(lang, "{to} {officer} 同意增援{words}", "{officer}, {to}, agreed to reinforcement{words}")
        }
    }
}
