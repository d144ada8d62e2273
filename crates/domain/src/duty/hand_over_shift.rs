//! A desk's shift is handed over (交接班), Plan 4.2.3: without signing off, and with a sheet that writes itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DeskKind, ShiftHandedOver};
use crate::act::{Decision, Resource, Stream, Target, rule};
use crate::authority::Role;
use crate::context::{Actor, Context};
use crate::personal::{Personal, Subject};
use crate::refusal::Refusal;
use crate::state::State;
use crate::types::{HandOverId, Text, text};

/// The shift goes to somebody else.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverShift {
    /// The desk.
    pub desk: DeskKind,
    /// Who takes over, by position.
    pub to: Text,
    /// What he must know.
    #[serde(default)]
    pub remarks: Option<Text>,
}

rule!(HandOverShift, hand_over_shift, |_a| Target::Jurisdiction);

/// A desk hands over its own shift only.
pub fn allow(actor: &Actor, desk: DeskKind) -> Result<(), Refusal> {
    let own = match desk {
        DeskKind::Brigade => actor.role.is_brigade(),
        DeskKind::Bureau => actor.role.is_bureau(),
        DeskKind::Govt => actor.role == Role::Govt,
    };
    if own { Ok(()) } else { Err(Refusal::NotYours { act: crate::act::ActKind::HandOverShift }) }
}

/// Hands the shift over.
pub fn hand_over_shift(state: &State, ctx: &mut Context, act: HandOverShift) -> Result<Decision, Refusal> {
    allow(&ctx.actor, act.desk)?;
    let hand_over: HandOverId = ctx.fresh();
    let subject = Subject(format!("hand-over/{hand_over}"));
    let event = ShiftHandedOver {
        hand_over,
        desk: act.desk,
        to: text::line("/to", &act.to)?,
        remarks: text::prose_opt("/remarks", act.remarks.as_deref())?.map(|r| Personal::new(subject, r)),
        open_incidents: u32::try_from(state.incidents.len()).unwrap_or(u32::MAX),
        forces_out: u32::try_from(state.engaged.len()).unwrap_or(u32::MAX),
        by: ctx.report()?,
    };
    let mut decision = Decision::about(Resource::plain("hand_over", hand_over));
    decision.push_on(Stream::Duty, event);
    Ok(decision)
}
