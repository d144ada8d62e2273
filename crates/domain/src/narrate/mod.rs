//! One short line for every event, in the official words: the timeline, the live stream and the review speak it.
//!
//! It reads all parts and is read by none. Personal words are shown only where the caller asks for them; a line
//! without them is still a whole line.

mod command;
mod delivery;
mod dispatch;
mod incident;
mod register;
mod report;

use crate::command_post::{Delegate, Party};
use crate::event::Event;
use crate::incident::Figures;
use crate::personal::Personal;
use crate::refusal_text::say;
use crate::state::{IncidentFile, State};
use crate::types::{
    AttachedId, FilingId, ForceId, InstructionId, Lang, LetterId, NoticeId, OrderId, OrgId, PlanId,
    ReinforcementId, ReportId, StandById, Text, TownCallId,
};

/// Characters of free text on one line; the rest stands in the thing itself.
const WORDS_CHARS: usize = 60;

/// Where names come from: the registers, and the incident's own file where there is one.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The registers.
    pub state: &'a State,
    /// The incident, as folded up to this event or later.
    pub file: Option<&'a IncidentFile>,
}

/// How a line is told.
#[derive(Clone, Copy)]
struct Teller<'a> {
    lang: Lang,
    names: Names<'a>,
    reveal: bool,
}

/// One line about an event. `reveal` shows personal words to who may see them.
pub fn line(lang: Lang, event: &Event, names: Names<'_>, reveal: bool) -> Text {
    let teller = Teller { lang, names, reveal };
    match event {
        Event::Incident(e) => incident::line(teller, e),
        Event::Dispatch(e) => dispatch::line(teller, e),
        Event::CommandPost(e) => command::line(teller, e),
        Event::Reinforcement(e) => command::reinforcement(teller, e),
        Event::Report(e) => report::line(teller, e),
        Event::Review(e) => report::review(teller, e),
        Event::Delivery(e) => delivery::line(teller, e),
        Event::Jurisdiction(e) => register::jurisdiction(teller, e),
        Event::Org(e) => register::org(teller, e),
        Event::Ledger(e) => register::ledger(teller, e),
        Event::Duty(e) => register::duty(teller, e),
        Event::Readiness(e) => register::readiness(teller, e),
        Event::Composition(e) => register::composition(teller, e),
    }
}

/// The same line, marked 演练 where the incident is a drill: for every text that leaves the page it stands on.
pub fn line_marked(lang: Lang, event: &Event, names: Names<'_>, reveal: bool) -> Text {
    let opening = matches!(event, Event::Incident(crate::incident::Event::CallTaken(call)) if call.drill);
    let line = line(lang, event, names, reveal);
    if opening || names.file.is_some_and(|file| file.incident.drill) {
        return format!("{}{line}", lang.pick("【演练】", "[DRILL] "));
    }
    line
}

impl Teller<'_> {
    /// Personal words after a colon, where they may be shown: `：泡沫液不足`.
    fn words(self, words: Option<&Personal<Text>>) -> Text {
        match words {
            Some(words) if self.reveal => format!("{}{}", self.lang.pick("：", ": "), self.shown(words)),
            _ => Text::new(),
        }
    }

    fn shown(self, words: &Personal<Text>) -> Text {
        match words.reveal() {
            None => self.lang.pick("（内容已清除）", "(erased)").to_owned(),
            Some(words) => cut(words),
        }
    }

    fn force(self, id: &ForceId) -> Text {
        self.names.state.ledger.name(id)
    }

    fn org(self, id: &OrgId) -> Text {
        self.names.state.org.name(id)
    }

    fn forces(self, count: usize) -> Text {
        let forces = many(count, "force", "forces");
        say!(self.lang, "{count} 支力量", "{forces}")
    }

    fn people(self, count: u32) -> Text {
        let people = many(count as usize, "person", "people");
        say!(self.lang, "{count} 人", "{people}")
    }

    /// The force of an order.
    fn ordered(self, order: OrderId) -> Text {
        let found = self.names.file.and_then(|file| file.dispatch.orders.get(&order));
        known(found.map(|order| self.force(&order.force)), order)
    }

    fn plan(self, plan: PlanId) -> Text {
        let found = self.names.file.and_then(|file| file.dispatch.plans.get(&plan));
        known(found.map(|plan| plan.number.clone()), plan)
    }

    fn stand_by(self, id: StandById) -> Text {
        let found = self.names.file.and_then(|file| file.dispatch.stand_bys.get(&id));
        known(found.map(|s| self.force(&s.force)), id)
    }

    fn notice(self, id: NoticeId) -> Text {
        let found = self.names.file.and_then(|file| file.dispatch.notices.get(&id));
        known(found.map(|n| self.org(&n.org)), id)
    }

    fn letter(self, id: LetterId) -> Text {
        let found = self.names.file.and_then(|file| file.dispatch.letters.get(&id));
        known(found.map(|l| self.org(&l.org)), id)
    }

    /// Authority and force of a filing.
    fn filing(self, id: FilingId) -> (Text, Text) {
        let found = self.names.file.and_then(|file| file.dispatch.filings.get(&id));
        match found {
            Some(filing) => (self.org(&filing.authority), self.force(&filing.force)),
            None => (id.to_string(), Text::new()),
        }
    }

    fn town_call(self, id: TownCallId) -> Text {
        let found = self.names.file.and_then(|file| file.incident.town_calls.get(&id));
        known(found.map(|call| self.org(&call.town)), id)
    }

    /// Whose instruction it was, and whose task it is.
    fn instruction(self, id: InstructionId) -> (Text, Option<Text>) {
        match self.names.file.and_then(|file| file.incident.instructions.get(&id)) {
            Some(found) => (found.from.clone(), found.assigned.as_ref().map(|task| self.org(&task.to))),
            None => (id.to_string(), None),
        }
    }

    fn reinforcement(self, id: ReinforcementId) -> Text {
        let found = self.names.file.and_then(|file| file.reinforcement.requests.get(&id));
        known(found.map(|request| self.org(&request.to)), id)
    }

    fn attached(self, id: AttachedId) -> Text {
        let found = self.names.file.and_then(|file| file.reinforcement.attached(id));
        known(found.map(|attached| attached.name.clone()), id)
    }

    fn report_stage(self, id: ReportId) -> Text {
        let found = self.names.file.and_then(|file| file.report.reports.get(&id));
        known(found.map(|report| report.stage.label(self.lang).to_owned()), id)
    }

    fn party(self, party: Party) -> Text {
        match party {
            Party::Order(order) => self.ordered(order),
            Party::Attached(attached) => self.attached(attached),
        }
    }

    fn delegate(self, to: &Delegate) -> Text {
        match to {
            Delegate::Org(org) => self.org(org),
            Delegate::RescueSection | Delegate::Brigade => {
                to.label(self.lang).map_or_else(|| to.to_string(), ToOwned::to_owned)
            }
        }
    }

    fn hazard(self, code: &str) -> Text {
        match self.names.state.jurisdiction.hazard(code) {
            Ok(hazard) => self.lang.pick(&hazard.short_zh, &hazard.name_en).to_owned(),
            Err(_) => code.to_owned(),
        }
    }

    /// 死亡 1 人、失联 2 人; what is nobody is left out.
    fn figures(self, figures: &Figures) -> Text {
        let counted = [
            (figures.dead, "死亡", "dead"),
            (figures.missing, "失联", "missing"),
            (figures.badly_hurt, "重伤", "badly hurt"),
            (figures.hurt, "轻伤", "hurt"),
            (figures.trapped, "被困", "trapped"),
            (figures.moved, "转移", "moved"),
        ];
        let told: Vec<Text> = counted
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, zh, en)| say!(self.lang, "{zh} {count} 人", "{count} {en}"))
            .collect();
        if told.is_empty() {
            return self.lang.pick("无人员伤亡", "nobody hurt").to_owned();
        }
        self.lang.join(&told)
    }
}

/// A name, or the bare id where the registers do not know it.
fn known(name: Option<Text>, id: impl ToString) -> Text {
    name.unwrap_or_else(|| id.to_string())
}

/// So many of something, in English.
fn many(count: usize, one: &str, more: &str) -> Text {
    if count == 1 { format!("1 {one}") } else { format!("{count} {more}") }
}

/// The beginning of a text, on one line.
fn cut(words: &str) -> Text {
    let mut line: Text = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = line.char_indices().nth(WORDS_CHARS) {
        line.truncate(at);
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_cut_between_characters_and_it_shows() {
        let long = "𠮷㛃".repeat(WORDS_CHARS);
        let line = cut(&long);
        assert_eq!(line.chars().count(), WORDS_CHARS + 1);
        assert!(line.ends_with('…'));
        assert_eq!(cut("罐体起火，\n 2 人被困"), "罐体起火， 2 人被困");
    }
}
