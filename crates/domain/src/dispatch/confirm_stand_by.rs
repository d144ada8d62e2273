//! A force confirms its stand-by (待命), or says that it is not ready (Plan 4.3.1).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{StandBy, StandByConfirmed};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::ids::Fresh;
use crate::types::{StandById, Text, text};

/// Ready, or not.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmStandBy {
    /// Which stand-by.
    pub stand_by: StandById,
    /// Ready?
    pub ready: bool,
    /// Anything else.
    #[serde(default)]
    pub note: Option<Text>,
}

rule!(ConfirmStandBy, confirm_stand_by, |a| Target::of(Thing::StandBy, a.stand_by));

/// While it is not lifted; a changed answer counts.
pub fn allow(stand_by: &StandBy) -> Result<(), Refusal> {
    match stand_by.lifted {
        None => Ok(()),
        Some(_) => Err(Refusal::WrongStatus {
            act: ActKind::ConfirmStandBy,
            what: Thing::StandBy,
            status: "lifted",
            needs: "pushed",
        }),
    }
}

/// Confirms it.
pub fn confirm_stand_by(state: &State, ctx: &mut Context, act: ConfirmStandBy) -> Result<Decision, Refusal> {
    let (incident, file) = state.incident_with(Thing::StandBy, act.stand_by.ulid())?;
    let stand_by = file.dispatch.stand_bys.get(&act.stand_by);
    allow(stand_by.ok_or_else(|| Refusal::not_found(Thing::StandBy, act.stand_by))?)?;
    let note = text::prose_opt("/note", act.note.as_deref())?.map(|n| Personal::new(incident, n));
    let event = StandByConfirmed { stand_by: act.stand_by, ready: act.ready, note, by: ctx.report()? };
    Ok(Decision::about(Resource::of("stand_by", act.stand_by, incident)).then(incident, event))
}
