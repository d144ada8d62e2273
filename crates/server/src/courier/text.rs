//! What a message says, in the official words: what, where, by whom, until when, and how to answer. Times are absolute and
//! local, with the day: a message may be read much later. It names no caller and nobody's telephone.

use domain::delivery::{About, Notification, Recipient};
use domain::dispatch::Order;
use domain::types::{Lang, OrderId};
use domain::{IncidentFile, State, labels};

/// A message, written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// For mail, boards and push.
    pub(super) subject: String,
    /// The whole of it.
    pub(super) text: String,
}

/// Writes what this recipient is told.
pub(super) fn written(
    lang: Lang,
    state: &State,
    file: &IncidentFile,
    notification: &Notification,
) -> Written {
    let words = Words { lang, state, file, notification };
    let subject = format!("{}{}", words.drill(), notification.about.label(lang));
    let text = match notification.about {
        About::Order(id) => words.order(id),
        About::Cancelled(id) => {
            words.of_order(id, "出动指令取消，请中途返回", "order cancelled, please return")
        }
        About::Released(id) => words.of_order(id, "任务结束，可以归队", "released, you may return"),
        About::StandBy(_) => words.stand_by(),
        About::Lifted(_) => words.plain("待命解除，恢复日常值守", "stand-by lifted"),
        About::Withdrawal(_) => words.withdrawal(),
        About::Notice(_) => words.notice(),
        About::Letter(_) => words.plain(
            "商请函，请登录平台或致电答复",
            "letter of request: please answer on the platform or by telephone",
        ),
        About::Filing(id) => words.filing(id),
        About::TownCall(_) => words.town_call(),
        About::Approval(id) => words.approval(id),
    };
    Written { subject, text }
}

struct Words<'w> {
    lang: Lang,
    state: &'w State,
    file: &'w IncidentFile,
    notification: &'w Notification,
}

impl Words<'_> {
    fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(zh, en)
    }

    fn drill(&self) -> &'static str {
        if self.file.incident.drill { self.lang.pick("【演练】", "[DRILL] ") } else { "" }
    }

    /// Begins with 【演练】 where it is one.
    fn headline(&self) -> String {
        self.file.incident.headline(&self.state.jurisdiction)
    }

    fn to(&self) -> String {
        match &self.notification.to {
            Recipient::Force(id) => self.state.ledger.name(id),
            Recipient::Org(id) => self.state.org.name(id),
        }
    }

    /// 11月24日08:01:05 of what is told.
    fn since(&self) -> String {
        let at = self.notification.messages.front().map_or(domain::types::Time(0), |m| m.queued_at);
        labels::moment(at, self.lang)
    }

    /// How to answer: by key on the telephone, by figure and code in a message.
    fn asks(&self, yes_zh: &str, no_zh: &str, yes_en: &str, no_en: &str) -> String {
        // Without a code he answers from the number that was told.
        let code = Some(&self.notification.code).filter(|code| !code.is_empty());
        let code = code.map(|code| format!(" {code}")).unwrap_or_default();
        match (self.lang, no_zh.is_empty()) {
            (Lang::Zh, false) => format!("{yes_zh}回复1{code}，{no_zh}回复2{code}并说明原因。"),
            (Lang::Zh, true) => format!("{yes_zh}回复1{code}。"),
            (Lang::En, false) => format!("Reply 1{code} to {yes_en}, 2{code} and why to {no_en}."),
            (Lang::En, true) => format!("Reply 1{code} to {yes_en}."),
        }
    }

    fn plain(&self, zh: &str, en: &str) -> String {
        let (since, to, headline, what) = (self.since(), self.to(), self.headline(), self.pick(zh, en));
        match self.lang {
            Lang::Zh => format!("{headline}。{since} {to}：{what}。"),
            Lang::En => format!("{headline}. {since} {to}: {what}."),
        }
    }

    fn find(&self, id: OrderId) -> Option<&Order> {
        self.file.dispatch.orders.get(&id).map(AsRef::as_ref)
    }

    fn order(&self, id: OrderId) -> String {
        let asks = self.asks("接令", "不能出动", "take the order", "decline");
        let Some(order) = self.find(id) else { return self.plain("出动指令", "order") };
        let (to, headline, since) = (self.to(), self.headline(), self.since());
        let (number, task, a) = (&order.number, &order.task, &order.arrangements);
        let (place, report_to) = (&a.assembly_point.text, &a.report_to.position);
        let mut more = String::new();
        for known in [a.radio_channel.as_deref(), a.protection.as_deref()].into_iter().flatten() {
            more.push_str(self.pick("，", ", "));
            more.push_str(known);
        }
        match self.lang {
            Lang::Zh => format!(
                "{headline}。{since} 出动指令{number}：{to}，任务：{task}。集结：{place}，向{report_to}报到{more}。{asks}"
            ),
            Lang::En => format!(
                "{headline}. {since} order {number}: {to}, task: {task}. Assemble at {place}, report to {report_to}{more}. {asks}"
            ),
        }
    }

    fn of_order(&self, id: OrderId, zh: &str, en: &str) -> String {
        let number = self.find(id).map(|o| o.number.clone()).unwrap_or_default();
        let (to, headline, what) = (self.to(), self.headline(), self.pick(zh, en));
        let since = self.since();
        match self.lang {
            Lang::Zh => format!("{headline}。{since} 指令{number}：{to}，{what}。"),
            Lang::En => format!("{headline}. {since} order {number}: {to}, {what}."),
        }
    }

    fn stand_by(&self) -> String {
        let asks = self.asks("可以待命", "不能待命", "stand by", "say that you cannot");
        format!(
            "{}{asks}",
            self.plain(
                "请立即集合待命，未接出动指令不出动",
                "please assemble and stand by; do not move without an order"
            )
        )
    }

    fn withdrawal(&self) -> String {
        let (to, headline, since) = (self.to(), self.headline(), self.since());
        match self.lang {
            Lang::Zh => {
                format!("紧急撤离！{headline}。{since} {to}全体人员立即撤出，清点人数后在终端或电话报告。")
            }
            Lang::En => format!(
                "EMERGENCY WITHDRAWAL! {headline}. {since} {to}: everybody out at once, count your people and report on the terminal or by telephone."
            ),
        }
    }

    fn notice(&self) -> String {
        let About::Notice(id) = self.notification.about else { return String::new() };
        let words = self.file.dispatch.notices.get(&id).and_then(|n| n.text.reveal()).cloned();
        let (to, since) = (self.to(), self.since());
        let words = words.unwrap_or_else(|| self.headline());
        let asks = self.asks("收到", "", "acknowledge", "");
        match self.lang {
            Lang::Zh => format!("{}{since} 联动通知{to}：{words}。{asks}", self.drill()),
            Lang::En => format!("{}{since} linkage notice to {to}: {words}. {asks}", self.drill()),
        }
    }

    fn filing(&self, id: domain::types::FilingId) -> String {
        let filing = self.file.dispatch.filings.get(&id);
        let force = filing.map(|f| self.state.ledger.name(&f.force)).unwrap_or_default();
        let number = filing.and_then(|f| self.find(f.order)).map(|o| o.number.clone()).unwrap_or_default();
        let (headline, since) = (self.headline(), self.since());
        let asks = self.asks("签收", "", "sign for it", "");
        match self.lang {
            Lang::Zh => format!("{headline}。{since} 调用报备：{force}已按指令{number}调用。{asks}"),
            Lang::En => format!("{headline}. {since} filing: {force} was ordered by {number}. {asks}"),
        }
    }

    fn town_call(&self) -> String {
        let asks = self.asks("应答", "", "answer", "");
        format!("{}{asks}", self.plain("叫应，请立即应答", "town call, please answer at once"))
    }

    fn approval(&self, id: domain::types::PlanId) -> String {
        let Some(plan) = self.file.dispatch.plans.get(&id) else {
            return self.plain("调用方案待审", "plan for approval");
        };
        let (headline, number, forces) = (self.headline(), &plan.number, plan.tasks.len());
        let until = plan.answer_due.map(|due| labels::moment(due, self.lang)).unwrap_or_default();
        match self.lang {
            Lang::Zh => format!(
                "{headline}。调用方案{number}（{forces}支力量）待审，请于{until}前在平台审批或电话答复指挥中心。"
            ),
            Lang::En => format!(
                "{headline}. Plan {number} ({forces} forces) waits for your approval: please answer by {until} on the platform or by telephone."
            ),
        }
    }
}
