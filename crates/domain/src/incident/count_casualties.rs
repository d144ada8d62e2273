//! Counting casualties, Plan 4.3.1: one counted thing, from whoever has the figures; a count never overwrites another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CasualtiesCounted;
use super::query::{open, people, stated};
use super::state::Figures;
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::authority::Role;
use crate::context::{Actor, Context};
use crate::personal::Personal;
use crate::refusal::Refusal;
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Text, Time, text};

/// A count.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountCasualties {
    /// The incident.
    pub incident: IncidentId,
    /// 死亡
    pub dead: u32,
    /// 失联
    pub missing: u32,
    /// 重伤
    pub badly_hurt: u32,
    /// 轻伤
    pub hurt: u32,
    /// 被困
    pub trapped: u32,
    /// 转移
    pub moved: u32,
    /// Who says so: 市卫健局.
    pub source: Text,
    /// As of when.
    pub as_of: Time,
}

rule!(CountCasualties, count_casualties, |a| Target::Incident(a.incident));

/// May this actor count here? A force counts only where it was ordered to.
pub fn allow<'a>(state: &'a State, incident: IncidentId, actor: &Actor) -> Result<&'a IncidentFile, Refusal> {
    let file = open(state, incident)?;
    let ordered = || file.dispatch.orders.values().any(|order| Some(&order.force) == actor.force.as_ref());
    if actor.role == Role::Force && !ordered() {
        return Err(Refusal::NotYours { act: ActKind::CountCasualties });
    }
    Ok(file)
}

/// Records the count under its own revision.
pub fn count_casualties(state: &State, ctx: &mut Context, act: CountCasualties) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident, &ctx.actor)?;
    let counted = CasualtiesCounted {
        revision: file.incident.casualties.as_ref().map_or(0, |c| c.revision).saturating_add(1),
        figures: Figures {
            dead: people("/dead", act.dead)?,
            missing: people("/missing", act.missing)?,
            badly_hurt: people("/badly_hurt", act.badly_hurt)?,
            hurt: people("/hurt", act.hurt)?,
            trapped: people("/trapped", act.trapped)?,
            moved: people("/moved", act.moved)?,
        },
        source: Personal::new(act.incident, text::line("/source", &act.source)?),
        as_of: stated("/as_of", Some(act.as_of), ctx.now)?,
        by: ctx.report()?,
    };
    let resource = Resource::of("incident", act.incident, act.incident);
    Ok(Decision::about(resource).then(act.incident, counted))
}
