//! An outside force comes under this incident, Plan 4.1.4: only by a request that the superior agreed to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer_reinforcement::request;
use super::event::ForceAttached;
use super::state::{Reinforcement, ReinforcementStatus};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{FieldFault, Refusal, Thing};
use crate::state::State;
use crate::types::{AttachedId, IncidentId, ReinforcementId, Text, limits, text};

/// An outside force is attached.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachForce {
    /// The request it comes by.
    pub reinforcement: ReinforcementId,
    /// Its name.
    pub name: Text,
    /// Where it comes from.
    pub from: Text,
    /// People.
    pub strength: u32,
    /// Who leads it.
    pub leader: Text,
    /// Its call sign.
    #[serde(default)]
    pub call_sign: Option<Text>,
    /// How to reach it.
    #[serde(default)]
    pub contact: Option<Text>,
}

rule!(AttachForce, attach_force, |a| Target::of(Thing::Reinforcement, a.reinforcement));

/// May forces be attached by this request? Once the superior agreed.
pub fn allow(state: &State, id: ReinforcementId) -> Result<(IncidentId, &Reinforcement), Refusal> {
    let (incident, request) = request(state, id)?;
    let act = ActKind::AttachForce;
    match request.status() {
        ReinforcementStatus::Waiting => {
            Err(Refusal::FirstDo { act, first: ActKind::AnswerReinforcement, clause: "4.1.4" })
        }
        status @ ReinforcementStatus::Declined => Err(Refusal::WrongStatus {
            act,
            what: Thing::Reinforcement,
            status: status.code(),
            needs: "approved",
        }),
        ReinforcementStatus::Approved if request.attached.len() >= limits::ATTACHED_PER_REINFORCEMENT => {
            Err(Refusal::Limit { what: Thing::Attached, limit: limits::ATTACHED_PER_REINFORCEMENT })
        }
        ReinforcementStatus::Approved => Ok((incident, request)),
    }
}

/// Attaches it.
pub fn attach_force(state: &State, ctx: &mut Context, act: AttachForce) -> Result<Decision, Refusal> {
    let (incident, _) = allow(state, act.reinforcement)?;
    if !(1..=limits::PEOPLE).contains(&act.strength) {
        let fault = FieldFault::OutOfRange { least: 1, most: limits::PEOPLE.into() };
        return Err(Refusal::field("/strength", fault));
    }
    let attached: AttachedId = ctx.fresh();
    let contact = text::line_opt("/contact", act.contact.as_deref())?;
    let event = ForceAttached {
        reinforcement: act.reinforcement,
        attached,
        name: text::line("/name", &act.name)?,
        from: text::line("/from", &act.from)?,
        strength: act.strength,
        leader: Personal::new(incident, text::line("/leader", &act.leader)?),
        call_sign: text::line_opt("/call_sign", act.call_sign.as_deref())?,
        contact: contact.map(|contact| Personal::new(incident, contact)),
        by: ctx.report()?,
    };
    Ok(Decision::about(Resource::of("attached", attached, incident)).then(incident, event))
}
