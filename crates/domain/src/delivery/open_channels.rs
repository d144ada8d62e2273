//! The node says by what means messages can leave it: what cannot leave is not waited for (Plan 4.2.2).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::channel::ChannelKind;
use super::event::ChannelsOpened;
use crate::act::{ActKind, Decision, Resource, Stream, Target, rule};
use crate::context::Context;
use crate::refusal::{FieldFault, Refusal};
use crate::state::State;

/// These channels are open.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenChannels {
    /// Which.
    pub channels: Vec<ChannelKind>,
    /// Everything runs, and nothing leaves the node.
    pub rehearsal: bool,
}

rule!(OpenChannels, open_channels, |_a| Target::Jurisdiction);

/// Once for each change.
pub fn open_channels(state: &State, _ctx: &mut Context, act: OpenChannels) -> Result<Decision, Refusal> {
    let mut seen = Vec::new();
    for channel in &act.channels {
        if seen.contains(channel) {
            return Err(Refusal::field("/channels", FieldFault::Twice { what: channel.code().to_owned() }));
        }
        seen.push(*channel);
    }
    let same = state.reach.rehearsal == act.rehearsal && state.reach.channels.iter().eq(&act.channels);
    if same {
        return Err(Refusal::AlreadyDone { act: ActKind::OpenChannels });
    }
    let mut decision = Decision::about(Resource::plain("channels", "channels"));
    decision
        .push_on(Stream::Jurisdiction, ChannelsOpened { channels: act.channels, rehearsal: act.rehearsal });
    Ok(decision)
}
