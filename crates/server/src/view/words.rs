//! Texts that are made from what is known: the incident in a few sentences, the brigade's briefing.

use domain::dispatch::OrderStep;
use domain::incident::Figures;
use domain::types::{Lang, Text};
use domain::{IncidentFile, labels};

use super::Viewer;

impl Viewer<'_> {
    /// The incident in a few sentences, for telephone and chat.
    pub fn short_text(&self, file: &IncidentFile) -> Text {
        let i = &file.incident;
        let headline = i.headline(&self.state.jurisdiction);
        let at = labels::moment(i.received_at(), self.lang);
        let (out, there, moving) = Self::strength(file);
        let waiting = out.saturating_sub(there).saturating_sub(moving);
        let people = self.casualty_words(i.confirmed_casualties.as_deref().map(|c| c.figures));
        let status = labels::status(i.status.code(), self.lang);
        match self.lang {
            Lang::Zh => format!(
                "{at}接警，{headline}。当前{status}；已调派 {out} 支力量，到场 {there} 支，途中 {moving} 支，待出动 {waiting} 支。{people}指挥：{}。",
                file.command.holder_name()
            ),
            Lang::En => format!(
                "{at}: {headline}. {status}; {out} forces ordered, {there} on scene, {moving} on the way, {waiting} not yet out. {people}Command: {}.",
                file.command.holder_name()
            ),
        }
    }

    /// Forces ordered and not over: all, on scene, on the way.
    fn strength(file: &IncidentFile) -> (usize, usize, usize) {
        let running = || file.dispatch.orders.values().filter(|o| o.step.is_running());
        let there = running().filter(|o| o.step >= OrderStep::Arrived).count();
        (running().count(), there, running().filter(|o| o.step == OrderStep::Departed).count())
    }

    /// Confirmed casualties in words; nothing confirmed is said as such.
    pub fn casualty_words(&self, figures: Option<Figures>) -> Text {
        let Some(f) = figures else {
            return self.lang.pick("伤亡情况未核实。", "Casualties are not confirmed. ").to_owned();
        };
        let parts = [
            (f.dead, "死亡", "dead"),
            (f.missing, "失联", "missing"),
            (f.badly_hurt, "重伤", "badly hurt"),
            (f.hurt, "轻伤", "hurt"),
            (f.trapped, "被困", "trapped"),
            (f.moved, "转移", "moved"),
        ];
        let told: Vec<Text> = parts
            .iter()
            .filter(|(n, ..)| *n > 0)
            .map(|(n, zh, en)| match self.lang {
                Lang::Zh => format!("{zh} {n} 人"),
                Lang::En => format!("{n} {en}"),
            })
            .collect();
        if told.is_empty() {
            return self.lang.pick("经核实无人员伤亡。", "No casualties, confirmed. ").to_owned();
        }
        format!("{}{}", self.lang.join(&told), self.lang.pick("（已核实）。", " (confirmed). "))
    }

    /// The brigade's briefing to the command post, line by line, made from the state (Plan 4.1.5).
    pub fn briefing_lines(&self, file: &IncidentFile) -> Vec<Text> {
        let zh = self.lang == Lang::Zh;
        let mut lines = vec![self.short_text(file)];
        if let Some(narrative) = file.incident.narrative.as_ref() {
            lines.push(format!("{}{}", self.lang.pick("警情描述：", "As told: "), self.words(narrative)));
        }
        for order in file.dispatch.orders.values().filter(|o| o.step.is_running()) {
            let name = self.state.ledger.name(&order.force);
            let step = order.step.label(self.lang);
            let people =
                order.strength.map(|n| if zh { format!("，{n} 人") } else { format!(", {n} people") });
            lines.push(format!("{name}{}（{step}）：{}", people.unwrap_or_default(), order.task));
        }
        let inside = file.command.people_inside();
        if inside > 0 {
            lines.push(if zh {
                format!("内攻人员 {inside} 人")
            } else {
                format!("{inside} people inside")
            });
        }
        if let Some(officer) = &file.command.safety_officer {
            lines.push(format!("{}{officer}", self.lang.pick("安全员：", "Safety officer: ")));
        }
        for missing in self.uncovered(file, None) {
            lines.push(missing);
        }
        lines
    }
}
