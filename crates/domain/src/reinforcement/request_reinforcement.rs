//! Asking the superior for help from outside (跨区域增援), Plan 4.1.4 and 3.2: the bureau applies upward.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::ReinforcementRequested;
use super::state::Means;
use crate::act::{Decision, Resource, Target, rule};
use crate::context::Context;
use crate::org::OrgKind;
use crate::personal::Personal;
use crate::refusal::{FieldFault, Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, OrgId, ReinforcementId, Text, limits, text};

/// The bureau asks for help.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestReinforcement {
    /// For which incident.
    pub incident: IncidentId,
    /// Of whom: a superior organisation.
    pub to: OrgId,
    /// What is needed.
    pub need: Text,
    /// How it was asked.
    pub means: Means,
    /// The recording's number, where it was asked by telephone.
    #[serde(default)]
    pub recording: Option<Text>,
}

rule!(RequestReinforcement, request_reinforcement, |a| Target::Incident(a.incident));

/// May help be asked for? While the incident is open.
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = crate::incident::open(state, incident)?;
    let limit = limits::REINFORCEMENTS_PER_INCIDENT;
    if file.reinforcement.requests.len() >= limit {
        return Err(Refusal::Limit { what: Thing::Reinforcement, limit });
    }
    Ok(file)
}

/// Asks for it.
pub fn request_reinforcement(
    state: &State,
    ctx: &mut Context,
    act: RequestReinforcement,
) -> Result<Decision, Refusal> {
    allow(state, act.incident)?;
    let org = state.org.org(&act.to)?;
    if org.kind != OrgKind::Superior {
        return Err(Refusal::field("/to", FieldFault::Unknown { value: org.short.clone() }));
    }
    let reinforcement: ReinforcementId = ctx.fresh();
    let event = ReinforcementRequested {
        reinforcement,
        to: act.to,
        need: Personal::new(act.incident, text::prose("/need", &act.need)?),
        means: act.means,
        recording: text::line_opt("/recording", act.recording.as_deref())?,
        answer_due: ctx.now.plus_s(state.readiness.limits().reinforcement_answer_limit_s),
        by: ctx.report()?,
    };
    Ok(Decision::about(Resource::of("reinforcement", reinforcement, act.incident)).then(act.incident, event))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_post::scenes::{is_refused, on_scene};
    use crate::testing::slug;

    fn asked(incident: IncidentId, to: &str) -> RequestReinforcement {
        RequestReinforcement {
            incident,
            to: slug(to),
            need: "重型泡沫编队 2 个".to_owned(),
            means: Means::Phone,
            recording: Some("L20261124-0044".to_owned()),
        }
    }

    /// Plan 4.1.4, 3.2: the bureau applies upward, and to nobody else.
    #[test]
    fn the_bureau_asks_the_superior() {
        let (mut town, fire, _) = on_scene();
        is_refused(town.act("dispatcher", asked(fire, "org-weihai-yingji")), "not_permitted", "应急局值班员");
        is_refused(town.act("bureau", asked(fire, "org-gongan")), "field", "市公安局");
        town.does("bureau", asked(fire, "org-weihai-yingji"));
        town.does("shift-leader", asked(fire, "org-weihai-yingji"));
        assert_eq!(town.state.hot(fire).unwrap().reinforcement.requests.len(), 2);
    }

    #[test]
    fn no_answer_in_time_is_marked_once() {
        let (mut town, fire, _) = on_scene();
        town.does("bureau", asked(fire, "org-weihai-yingji"));
        town.after_s(1799).clock_runs();
        assert_eq!(town.count("reinforcement.overdue"), 0);
        town.after_s(1).clock_runs();
        town.after_s(1800).clock_runs();
        assert_eq!(town.count("reinforcement.overdue"), 1);
    }
}
