//! Strength by capability as the desks see it: 「泡沫消防车 4 辆，3 辆已接令」, and who would make up for what is missing.

use domain::IncidentFile;
use domain::dispatch::{StrengthLine, strength};
use domain::readiness::{DeadlineKind, deadlines};
use domain::types::Text;
use recommend::{SlotProposal, propose_supplement};
use schemars::JsonSchema;
use serde::Serialize;

use super::brief::CodeName;
use super::proposal::SlotView;
use super::{Moment, Viewer};

/// One capability over all orders of an incident.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StrengthLineView {
    /// Which.
    pub capability: CodeName,
    /// In what unit.
    pub unit: Text,
    /// How much the orders ask for.
    pub wanted: u32,
    /// How much has acknowledged.
    pub acknowledged: u32,
    /// What was given up waiting for, and is not ordered elsewhere yet.
    pub missing: u32,
    /// In one line.
    pub text: Text,
}

/// Strength by capability.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct StrengthView {
    /// What the orders ask for; what is short stands first.
    pub lines: Vec<StrengthLineView>,
    /// Until when those that have not answered are waited for.
    pub due: Option<Moment>,
    /// What is missing, and who would bring it soonest: proposed, never ordered by itself.
    pub supplement: Vec<SlotView>,
    /// The plan that a supplement adds to.
    pub plan: Option<Text>,
}

impl Viewer<'_> {
    /// What the orders of an incident ask for, what was acknowledged, what would make up for the rest.
    pub fn strength_by_capability(&self, file: &IncidentFile) -> StrengthView {
        let mut lines = strength(&file.dispatch);
        lines.sort_by_key(|line| std::cmp::Reverse(line.missing));
        let due = deadlines(file).into_iter().find(|d| d.kind == DeadlineKind::Strength);
        let short = file.dispatch.orders.values().find(|o| o.is_short());
        StrengthView {
            lines: lines.iter().map(|line| self.strength_line(line)).collect(),
            due: self.moment_opt(due.map(|d| d.due)),
            supplement: self.supplement(file).iter().map(|slot| self.slot(file, slot)).collect(),
            plan: short.and_then(|order| order.plan).map(|plan| plan.to_string()),
        }
    }

    fn strength_line(&self, line: &StrengthLine) -> StrengthLineView {
        let known = self.state.jurisdiction.capability(&line.capability);
        let name = known.map_or(line.capability.as_str(), |c| self.lang.pick(&c.name_zh, &c.name_en));
        let unit = known.map_or("", |c| self.lang.pick(&c.unit_zh, &c.unit));
        let (wanted, came) = (line.wanted, line.acknowledged);
        let text = match self.lang {
            domain::types::Lang::Zh => format!("{name} {wanted} {unit}，已接令 {came} {unit}"),
            domain::types::Lang::En => format!("{name}: {came} of {wanted} acknowledged"),
        };
        StrengthLineView {
            capability: CodeName { code: line.capability.clone(), name: name.to_owned() },
            unit: unit.to_owned(),
            wanted,
            acknowledged: came,
            missing: line.missing,
            text,
        }
    }

    /// Capabilities of which something was given up waiting for, in one line each.
    pub fn short_lines(&self, file: &IncidentFile) -> Vec<Text> {
        let short = strength(&file.dispatch).into_iter().filter(|line| line.missing > 0);
        short.map(|line| self.strength_line(&line).text).collect()
    }

    /// What is missing and not planned yet, each with who would bring it.
    fn supplement(&self, file: &IncidentFile) -> Vec<SlotProposal> {
        propose_supplement(self.state, file, self.now)
    }

    /// Is something missing that a plan could still bring?
    pub fn wants_supplement(&self, file: &IncidentFile) -> bool {
        self.supplement(file).iter().any(|slot| !slot.picks.is_empty())
    }
}
