//! Dispatch, told.

use super::{Teller, many};
use crate::dispatch::{
    ApprovalMeans, Escalation, Event, FilingMissed, FilingSigned, LetterAnswered, LetterMissed, LetterSent,
    NoticeAcknowledged, NoticeMissed, NoticeSent, OrderAcknowledged, OrderArrived, OrderCancelled,
    OrderDeclined, OrderDeparted, OrderDeployed, OrderFiled, OrderIssued, OrderOverdue, OrderProgressed,
    OrderReceived, OrderReleased, OrderReturned, OrderStep, PlanApproved, PlanConfirmedInWriting,
    PlanDeputyAsked, PlanDrafted, PlanRevised, PlanSentBack, PlanSubmitted, PlanWithdrawn, StandByConfirmed,
    StandByLifted, StandByMissed, StandByPushed, StrengthShort, WrittenAgreementMissed,
};
use crate::refusal_text::say;
use crate::types::{Lang, Text};

pub(super) fn line(t: Teller<'_>, event: &Event) -> Text {
    match event {
        Event::FirstResponseOrdered(e) => {
            let (number, forces) = (&e.number, t.forces(e.orders as usize));
            say!(
                t.lang,
                "先期处置 {number}：自有站 {forces}",
                "first response {number}: {forces} of own stations"
            )
        }
        Event::NoticeSent(e) => notice_sent(t, e),
        Event::NoticeAcknowledged(e) => notice_acknowledged(t, e),
        Event::NoticeMissed(e) => notice_missed(t, e),
        Event::StandByPushed(e) => stand_by_pushed(t, e),
        Event::StandByConfirmed(e) => stand_by_confirmed(t, e),
        Event::StandByMissed(e) => stand_by_missed(t, e),
        Event::StandByLifted(e) => stand_by_lifted(t, e),
        Event::LetterSent(e) => letter_sent(t, e),
        Event::LetterAnswered(e) => letter_answered(t, e),
        Event::LetterMissed(e) => letter_missed(t, e),
        Event::PlanDrafted(e) => drafted(t, e),
        Event::PlanRevised(e) => plan_revised(t, e),
        Event::PlanSubmitted(e) => plan_submitted(t, e),
        Event::PlanDeputyAsked(e) => deputy_asked(t, e),
        Event::PlanWithdrawn(e) => plan_withdrawn(t, e),
        Event::PlanSentBack(e) => plan_sent_back(t, e),
        Event::PlanApproved(e) => approved(t, e),
        Event::PlanConfirmedInWriting(e) => plan_confirmed_in_writing(t, e),
        Event::WrittenAgreementMissed(e) => written_agreement_missed(t, e),
        Event::OrderFiled(e) => order_filed(t, e),
        Event::FilingSigned(e) => filing_signed(t, e),
        Event::FilingMissed(e) => filing_missed(t, e),
        Event::OrderIssued(e) => order_issued(t, e),
        Event::OrderReceived(e) => order_received(t, e),
        Event::OrderAcknowledged(e) => acknowledged(t, e),
        Event::OrderDeclined(e) => order_declined(t, e),
        Event::OrderDeparted(e) => order_departed(t, e),
        Event::OrderArrived(e) => order_arrived(t, e),
        Event::OrderDeployed(e) => order_deployed(t, e),
        Event::OrderProgressed(e) => order_progressed(t, e),
        Event::OrderReleased(e) => order_released(t, e),
        Event::OrderReturned(e) => order_returned(t, e),
        Event::OrderCancelled(e) => order_cancelled(t, e),
        Event::OrderOverdue(e) => overdue(t, e),
        Event::StrengthShort(e) => strength_short(t, e),
    }
}

fn strength_short(t: Teller<'_>, e: &StrengthShort) -> Text {
    let told = |line: &crate::dispatch::StrengthLine| {
        let known = t.names.state.jurisdiction.capability(&line.capability);
        let name = known.map_or(line.capability.as_str(), |c| t.lang.pick(&c.name_zh, &c.name_en));
        let (wanted, came) = (line.wanted, line.acknowledged);
        say!(t.lang, "{name}要 {wanted}、已接令 {came}", "{name}: {came} of {wanted} acknowledged")
    };
    let lines = t.lang.join(&e.lines.iter().map(told).collect::<Vec<_>>());
    say!(t.lang, "力量不足：{lines}，请增调", "strength is short: {lines}; a supplement is due")
}

fn notice_sent(t: Teller<'_>, e: &NoticeSent) -> Text {
    let org = t.org(&e.org);
    say!(t.lang, "联动通知{org}", "linkage notice to {org}")
}

fn notice_acknowledged(t: Teller<'_>, e: &NoticeAcknowledged) -> Text {
    let org = t.notice(e.notice);
    say!(t.lang, "{org} 确认联动通知", "{org} acknowledged the linkage notice")
}

fn notice_missed(t: Teller<'_>, e: &NoticeMissed) -> Text {
    let org = t.notice(e.notice);
    say!(t.lang, "{org} 超时未确认联动通知", "{org} has not acknowledged the linkage notice in time")
}

fn stand_by_pushed(t: Teller<'_>, e: &StandByPushed) -> Text {
    let force = t.force(&e.force);
    say!(t.lang, "通知{force}待命", "{force} told to stand by")
}

fn stand_by_confirmed(t: Teller<'_>, e: &StandByConfirmed) -> Text {
    let (force, words) = (t.stand_by(e.stand_by), t.words(e.note.as_ref()));
    if e.ready {
        return say!(t.lang, "{force} 待命就绪{words}", "{force} is standing by{words}");
    }
    say!(t.lang, "{force} 不能待命{words}", "{force} cannot stand by{words}")
}

fn stand_by_missed(t: Teller<'_>, e: &StandByMissed) -> Text {
    let force = t.stand_by(e.stand_by);
    say!(t.lang, "{force} 超时未确认待命", "{force} has not confirmed its stand-by in time")
}

fn stand_by_lifted(t: Teller<'_>, e: &StandByLifted) -> Text {
    let force = t.stand_by(e.stand_by);
    say!(t.lang, "{force} 解除待命", "stand-by of {force} lifted")
}

fn letter_sent(t: Teller<'_>, e: &LetterSent) -> Text {
    let (org, number) = (t.org(&e.org), &e.number);
    let urgent = if e.urgent { t.lang.pick("（紧急）", " (urgent)") } else { "" };
    say!(t.lang, "商请{org} {number}{urgent}", "letter of request {number} to {org}{urgent}")
}

fn letter_answered(t: Teller<'_>, e: &LetterAnswered) -> Text {
    let (org, words) = (t.letter(e.letter), t.words(Some(&e.words)));
    if e.agreed {
        return say!(t.lang, "{org} 同意商请{words}", "{org} agreed to the letter of request{words}");
    }
    say!(t.lang, "{org} 未同意商请{words}", "{org} did not agree to the letter of request{words}")
}

fn letter_missed(t: Teller<'_>, e: &LetterMissed) -> Text {
    let org = t.letter(e.letter);
    say!(t.lang, "{org} 超时未答复商请", "{org} has not answered the letter of request in time")
}

fn plan_revised(t: Teller<'_>, e: &PlanRevised) -> Text {
    let lang = t.lang;
    let (number, forces) = (t.plan(e.plan), t.forces(e.tasks.len()));
    let told = say!(lang, "修改调用方案 {number}（{forces}）", "plan {number} revised ({forces})");
    by_order(lang, told, e.by_order_of_post)
}

/// On whose order a plan is made, where it is the post's.
fn by_order(lang: Lang, mut told: Text, of_post: bool) -> Text {
    if of_post {
        told.push_str(lang.pick("，按现场指挥部指令", ", by order of the command post"));
    }
    told
}

fn plan_submitted(t: Teller<'_>, e: &PlanSubmitted) -> Text {
    let lang = t.lang;
    let (number, asked) = (t.plan(e.plan), lang.join(&e.asked));
    let told = say!(lang, "报送调用方案 {number}，待{asked}答复", "plan {number} submitted, {asked} asked");
    by_order(lang, told, e.by_order_of_post)
}

fn plan_withdrawn(t: Teller<'_>, e: &PlanWithdrawn) -> Text {
    let lang = t.lang;
    let (number, words) = (t.plan(e.plan), t.words(e.reason.as_ref()));
    say!(lang, "撤回调用方案 {number}{words}", "plan {number} withdrawn{words}")
}

fn plan_sent_back(t: Teller<'_>, e: &PlanSentBack) -> Text {
    let lang = t.lang;
    let (by, number, words) = (&e.by.by, t.plan(e.plan), t.words(Some(&e.reasons)));
    say!(lang, "{by} 退回调用方案 {number}{words}", "{by} sent plan {number} back{words}")
}

fn plan_confirmed_in_writing(t: Teller<'_>, e: &PlanConfirmedInWriting) -> Text {
    let lang = t.lang;
    let (by, number) = (&e.by.by, t.plan(e.plan));
    say!(lang, "{by} 补办书面同意 {number}", "{by} confirmed plan {number} in writing")
}

fn written_agreement_missed(t: Teller<'_>, e: &WrittenAgreementMissed) -> Text {
    let lang = t.lang;
    let number = t.plan(e.plan);
    say!(lang, "调用方案 {number} 超时未补办书面同意", "plan {number} lacks its written agreement in time")
}

fn drafted(t: Teller<'_>, e: &PlanDrafted) -> Text {
    let (lang, number, forces) = (t.lang, &e.number, t.forces(e.tasks.len()));
    let told = match e.supplement_to {
        Some(first) => {
            let first = t.plan(first);
            say!(
                lang,
                "拟制增调方案 {number}（{forces}，增调 {first}）",
                "supplement {number} to plan {first} drafted ({forces})"
            )
        }
        None => say!(lang, "拟制调用方案 {number}（{forces}）", "plan {number} drafted ({forces})"),
    };
    by_order(lang, told, e.by_order_of_post)
}

fn deputy_asked(t: Teller<'_>, e: &PlanDeputyAsked) -> Text {
    let number = t.plan(e.plan);
    match &e.deputy {
        Some(deputy) => say!(
            t.lang,
            "调用方案 {number} 超时未答复，改请{deputy}答复",
            "plan {number} was not answered in time, {deputy} is asked"
        ),
        None => say!(
            t.lang,
            "调用方案 {number} 无人答复，须电话请示",
            "plan {number} was answered by nobody: telephone"
        ),
    }
}

fn approved(t: Teller<'_>, e: &PlanApproved) -> Text {
    let (lang, number, officer, forces) = (t.lang, t.plan(e.plan), &e.officer, t.forces(e.agreed.len()));
    let words = t.words(e.words.as_ref().or(e.remark.as_ref()));
    let agreed = match (e.means, e.refused.is_empty()) {
        (ApprovalMeans::Platform, true) => lang.pick("同意", "approved"),
        (ApprovalMeans::Platform, false) => lang.pick("部分同意", "approved a part of"),
        (ApprovalMeans::Telephone, true) => lang.pick("电话同意", "approved by telephone"),
        (ApprovalMeans::Telephone, false) => lang.pick("电话部分同意", "approved by telephone a part of"),
        (ApprovalMeans::Preauthorised, _) => lang.pick("按编成预先授权同意", "agreed in advance to"),
    };
    let refused = if e.refused.is_empty() {
        Text::new()
    } else {
        let count = e.refused.len();
        say!(lang, "，{count} 支未同意", ", {count} not agreed to")
    };
    say!(
        lang,
        "{officer} {agreed}调用方案 {number}（{forces}{refused}）{words}",
        "{officer} {agreed} plan {number} ({forces}{refused}){words}"
    )
}

fn order_filed(t: Teller<'_>, e: &OrderFiled) -> Text {
    let (force, authority) = (t.ordered(e.order), t.org(&e.authority));
    say!(t.lang, "{force} 出动报备{authority}", "order to {force} filed with {authority}")
}

fn filing_signed(t: Teller<'_>, e: &FilingSigned) -> Text {
    let ((authority, force), words) = (t.filing(e.filing), t.words(e.remark.as_ref()));
    say!(
        t.lang,
        "{authority} 签收 {force} 出动报备{words}",
        "{authority} signed for the filing of {force}{words}"
    )
}

fn filing_missed(t: Teller<'_>, e: &FilingMissed) -> Text {
    let (authority, force) = t.filing(e.filing);
    say!(
        t.lang,
        "{authority} 超时未签收 {force} 出动报备",
        "{authority} has not signed for the filing of {force} in time"
    )
}

fn order_issued(t: Teller<'_>, e: &OrderIssued) -> Text {
    let lang = t.lang;
    let (number, force, task) = (&e.number, t.force(&e.force), &e.task);
    say!(lang, "出动指令 {number}：{force}，{task}", "order {number}: {force}, {task}")
}

fn order_received(t: Teller<'_>, e: &OrderReceived) -> Text {
    let lang = t.lang;
    let force = t.ordered(e.order);
    say!(lang, "{force} 指令已送达", "order shown at {force}")
}

fn order_declined(t: Teller<'_>, e: &OrderDeclined) -> Text {
    let lang = t.lang;
    let (force, words) = (t.ordered(e.order), t.words(Some(&e.reason)));
    say!(lang, "{force} 不能出动{words}", "{force} declined{words}")
}

fn order_departed(t: Teller<'_>, e: &OrderDeparted) -> Text {
    let lang = t.lang;
    let (force, strength) = (t.ordered(e.order), strength(t, e.strength));
    say!(lang, "{force} 出动{strength}", "{force} departed{strength}")
}

fn order_arrived(t: Teller<'_>, e: &OrderArrived) -> Text {
    let lang = t.lang;
    let (force, strength) = (t.ordered(e.order), strength(t, e.strength));
    say!(lang, "{force} 到场{strength}", "{force} arrived{strength}")
}

fn order_deployed(t: Teller<'_>, e: &OrderDeployed) -> Text {
    let lang = t.lang;
    let force = t.ordered(e.order);
    say!(lang, "{force} 展开", "{force} deployed")
}

fn order_progressed(t: Teller<'_>, e: &OrderProgressed) -> Text {
    let lang = t.lang;
    let (force, words, files) = (t.ordered(e.order), t.words(Some(&e.text)), e.files.len());
    let told = many(files, "file", "files");
    let files = if files == 0 { Text::new() } else { say!(lang, "（附件 {files}）", " ({told})") };
    say!(lang, "{force} 报告进展{words}{files}", "{force} reports{words}{files}")
}

fn order_released(t: Teller<'_>, e: &OrderReleased) -> Text {
    let lang = t.lang;
    let (force, words) = (t.ordered(e.order), t.words(e.note.as_ref()));
    say!(lang, "{force} 撤收{words}", "{force} released{words}")
}

fn order_returned(t: Teller<'_>, e: &OrderReturned) -> Text {
    let lang = t.lang;
    let force = t.ordered(e.order);
    let worked = e.worked_min.map(|min| crate::labels::span(i64::from(min) * 60, lang));
    let worked = worked.map(|span| say!(lang, "，作业 {span}", ", {span} at work")).unwrap_or_default();
    say!(lang, "{force} 归队{worked}", "{force} returned{worked}")
}

fn order_cancelled(t: Teller<'_>, e: &OrderCancelled) -> Text {
    let lang = t.lang;
    let (force, words) = (t.ordered(e.order), t.words(Some(&e.reason)));
    say!(lang, "{force} 中途返回{words}", "{force} called back{words}")
}

fn acknowledged(t: Teller<'_>, e: &OrderAcknowledged) -> Text {
    let (lang, force, strength) = (t.lang, t.ordered(e.order), strength(t, e.strength));
    let eta = e.eta_min.map(|min| say!(lang, "，预计 {min} 分钟到场", ", arriving in {min} min"));
    let eta = eta.unwrap_or_default();
    say!(lang, "{force} 接令{strength}{eta}", "{force} acknowledged{strength}{eta}")
}

fn strength(t: Teller<'_>, strength: Option<u32>) -> Text {
    let people = strength.map(|count| t.people(count));
    people.map(|people| say!(t.lang, "，{people}", ", {people}")).unwrap_or_default()
}

fn overdue(t: Teller<'_>, e: &OrderOverdue) -> Text {
    let (lang, force) = (t.lang, t.ordered(e.order));
    let step = t.names.file.and_then(|file| file.dispatch.orders.get(&e.order)).map(|order| order.step);
    let awaited = match step {
        Some(OrderStep::Acknowledged) => lang.pick("出动", "departed"),
        Some(OrderStep::Departed) => lang.pick("到场", "arrived"),
        Some(OrderStep::Arrived) => lang.pick("展开", "deployed"),
        Some(OrderStep::Deployed) => lang.pick("报告进展", "reported"),
        Some(OrderStep::Released) => lang.pick("归队", "returned"),
        Some(
            OrderStep::Issued
            | OrderStep::Received
            | OrderStep::Returned
            | OrderStep::Declined
            | OrderStep::Cancelled,
        )
        | None => lang.pick("接令", "acknowledged"),
    };
    let what = match (e.level, &e.contact, &e.instead) {
        (Escalation::SecondContact, Some(contact), _) => {
            say!(lang, "改联系{contact}", "{contact} is asked")
        }
        (Escalation::SecondContact, None, _) => {
            lang.pick("改联系下一联系人", "the next contact is asked").to_owned()
        }
        (Escalation::Telephone, ..) => lang.pick("转电话催办", "telephone it").to_owned(),
        (Escalation::NextForce, _, Some(instead)) => {
            let instead = t.force(instead);
            say!(lang, "建议改派{instead}", "{instead} is proposed instead")
        }
        (Escalation::NextForce, _, None) => {
            lang.pick("建议改派其他力量", "another force should be sent").to_owned()
        }
    };
    say!(lang, "{force} 超时未{awaited}，{what}", "{force} has not {awaited} in time: {what}")
}
