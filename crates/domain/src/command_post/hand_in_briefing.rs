//! The brigade briefs the command post, Plan 4.1.5: the state writes the briefing, words may be added.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::BriefingHandedIn;
use super::state::Holder;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::Refusal;
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Text, text};

/// The brigade hands in its briefing.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandInBriefing {
    /// At which incident.
    pub incident: IncidentId,
    /// What the state's own briefing does not say.
    #[serde(default)]
    pub text: Option<Text>,
}

rule!(HandInBriefing, hand_in_briefing, |a| Target::Incident(a.incident));

/// May it be handed in? Once, after the post took over.
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = crate::incident::open(state, incident)?;
    match &file.command.post {
        Some(post) if file.command.holder == Holder::Post && post.briefing.is_none() => Ok(file),
        Some(_) => Err(Refusal::AlreadyDone { act: ActKind::HandInBriefing }),
        None => Err(Refusal::FirstDo {
            act: ActKind::HandInBriefing,
            first: ActKind::EstablishPost,
            clause: "4.1.5",
        }),
    }
}

/// Hands it in.
pub fn hand_in_briefing(state: &State, ctx: &mut Context, act: HandInBriefing) -> Result<Decision, Refusal> {
    allow(state, act.incident)?;
    let words = text::prose_opt("/text", act.text.as_deref())?;
    let event =
        BriefingHandedIn { text: words.map(|words| Personal::new(act.incident, words)), by: ctx.report()? };
    Ok(Decision::about(Resource::of("command_post", act.incident, act.incident)).then(act.incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{is_refused, on_scene, post};
    use super::*;

    fn briefing(incident: IncidentId) -> HandInBriefing {
        HandInBriefing { incident, text: Some("三号罐已控制，冷却邻罐".to_owned()) }
    }

    /// Plan 4.1.5: the brigade then briefs, once.
    #[test]
    fn the_brigade_briefs_the_post_once() {
        let (mut town, fire, _) = on_scene();
        is_refused(town.act("dispatcher", briefing(fire)), "first_do", "须先成立现场指挥部");
        town.does("leader", post(fire));
        town.does("dispatcher", briefing(fire));
        is_refused(town.act("commander", briefing(fire)), "already_done", "移交情况");
        town.at("09:30").clock_runs();
        assert_eq!(town.count("command.briefing_overdue"), 0);
    }

    /// A late briefing is marked once, on the last second and not before, and can still be handed in.
    #[test]
    fn a_late_briefing_is_marked_once() {
        let (mut town, fire, _) = on_scene();
        town.does("leader", post(fire));
        town.after_s(899).clock_runs();
        assert_eq!(town.count("command.briefing_overdue"), 0);
        town.after_s(1).clock_runs();
        town.after_s(60).clock_runs();
        assert_eq!(town.count("command.briefing_overdue"), 1);
        town.does("dispatcher", briefing(fire));
    }
}
