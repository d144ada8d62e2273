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
