//! The city's command post (现场指挥部) is established and takes over, Plan 4.1.5.
//!
//! Decision and take-over are one batch: there is no moment with a post and another commander. It takes effect when
//! the city decided, not when somebody typed it; the brigade then briefs within its limit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::{CommandTakenOver, PostEstablished};
use super::state::{Holder, POST};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::{Context, Reported};
use crate::incident::query::not_before;
use crate::refusal::{FieldFault, Refusal};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Text, limits, text};

/// The city decides on a command post.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EstablishPost {
    /// At which incident.
    pub incident: IncidentId,
    /// The decision: its document number, or 口头 and by whom.
    pub decision: Text,
    /// The position that commands (总指挥).
    pub commander: Text,
    /// Where it stands.
    pub place: Text,
    /// Its radio channel.
    #[serde(default)]
    pub post_channel: Option<Text>,
    /// The positions it consists of.
    #[serde(default)]
    pub members: Vec<Text>,
}

rule!(EstablishPost, establish_post, |a| Target::Incident(a.incident));

/// May a post be established? Once, from the brigade's command or the superior's.
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = crate::incident::open(state, incident)?;
    if file.command.holder == Holder::Post {
        return Err(Refusal::AlreadyDone { act: ActKind::EstablishPost });
    }
    Ok(file)
}

/// Establishes it; it commands from that moment on.
pub fn establish_post(state: &State, ctx: &mut Context, act: EstablishPost) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident)?;
    let by = taking_over(file, ctx)?;
    let commander = text::line("/commander", &act.commander)?;
    let established = PostEstablished {
        commander: commander.clone(),
        place: text::line("/place", &act.place)?,
        decision: text::line("/decision", &act.decision)?,
        members: members(&act.members)?,
        channel: text::line_opt("/post_channel", act.post_channel.as_deref())?,
        // From when the brigade can know of it: a decision typed in an hour late does not make it late.
        briefing_due: ctx.now.plus_s(state.readiness.limits().briefing_limit_s),
        by: by.clone(),
    };
    let taken_over = CommandTakenOver { holder: Holder::Post, name: POST.to_owned(), commander, by };
    Ok(Decision::about(Resource::of("command_post", act.incident, act.incident))
        .then(act.incident, established)
        .then(act.incident, taken_over))
}

/// When command passes: not before the last time it did. Times are typed in whole minutes; within that, it follows.
pub(super) fn taking_over(file: &IncidentFile, ctx: &Context) -> Result<Reported, Refusal> {
    let mut by = ctx.report()?;
    not_before(&by, file.command.since)?;
    by.at = by.at.max(file.command.since);
    Ok(by)
}

fn members(given: &[Text]) -> Result<Vec<Text>, Refusal> {
    let limit = limits::POST_MEMBERS;
    if given.len() > limit {
        return Err(Refusal::field("/members", FieldFault::TooMany { count: given.len(), limit }));
    }
    given.iter().map(|member| text::line("/members", member)).collect()
}
