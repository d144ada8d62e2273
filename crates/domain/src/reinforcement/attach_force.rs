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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_post::confirm_withdrawal::ConfirmWithdrawal;
    use crate::command_post::order_withdrawal::OrderWithdrawal;
    use crate::command_post::scenes::{is_refused, on_scene};
    use crate::reinforcement::Means;
    use crate::reinforcement::answer_reinforcement::AnswerReinforcement;
    use crate::reinforcement::release_attached::ReleaseAttached;
    use crate::reinforcement::request_reinforcement::RequestReinforcement;
    use crate::testing::{Town, slug};

    fn requested() -> (Town, IncidentId, ReinforcementId) {
        let (mut town, fire, _) = on_scene();
        let asked = RequestReinforcement {
            incident: fire,
            to: slug("org-weihai-yingji"),
            need: "重型泡沫编队 2 个".to_owned(),
            means: Means::Platform,
            recording: None,
        };
        let id = town.does("bureau", asked).id.parse().unwrap();
        (town, fire, id)
    }

    fn answered(reinforcement: ReinforcementId, approved: bool) -> AnswerReinforcement {
        AnswerReinforcement {
            reinforcement,
            approved,
            officer: "威海市应急局带班领导".to_owned(),
            words: "同意，由支队组织".to_owned(),
            executed_by: None,
        }
    }

    fn foam(reinforcement: ReinforcementId) -> AttachForce {
        AttachForce {
            reinforcement,
            name: "威海支队重型泡沫编队".to_owned(),
            from: "威海市".to_owned(),
            strength: 48,
            leader: "支队编队长".to_owned(),
            call_sign: Some("威海泡沫01".to_owned()),
            contact: None,
        }
    }

    /// Plan 4.1.4: once approved, the superior brigade carries it out; attached forces stay until released.
    #[test]
    fn outside_forces_come_after_the_answer_and_stay_until_released() {
        let (mut town, fire, request) = requested();
        is_refused(town.act("bureau", foam(request)), "first_do", "须先登记上级答复");
        town.by_phone_for("威海市应急局带班领导").does("bureau", answered(request, true));
        let again = town.by_phone_for("威海市应急局带班领导").act("bureau", answered(request, true));
        is_refused(again, "already_done", "上级答复");
        let attached: AttachedId = town.does("commander", foam(request)).id.parse().unwrap();
        let here = |town: &Town| town.state.hot(fire).unwrap().reinforcement.attached_now().count();
        assert_eq!(here(&town), 1);
        let answer = town.state.hot(fire).unwrap().reinforcement.requests[&request].answer.clone().unwrap();
        assert_eq!(answer.executed_by, Some(slug("org-weihai-xiaofang")));
        town.does("post", ReleaseAttached { reinforcement: request, attached });
        is_refused(
            town.act("post", ReleaseAttached { reinforcement: request, attached }),
            "already_done",
            "撤收",
        );
        assert_eq!(here(&town), 0);
    }

    #[test]
    fn what_was_declined_brings_nobody() {
        let (mut town, _, request) = requested();
        is_refused(town.act("bureau", answered(request, false)), "on_behalf_missing", "代录");
        town.by_phone_for("威海市应急局带班领导").does("bureau", answered(request, false));
        is_refused(town.act("bureau", foam(request)), "wrong_status", "已回绝");
        let nobody = AttachForce { strength: 0, ..foam(request) };
        is_refused(town.act("bureau", nobody), "wrong_status", "已回绝");
    }

    /// An outside force has no terminal: its answer to a withdrawal is typed in.
    #[test]
    fn an_attached_force_must_be_out_too() {
        let (mut town, fire, request) = requested();
        town.by_phone_for("威海市应急局带班领导").does("bureau", answered(request, true));
        let attached: AttachedId = town.does("bureau", foam(request)).id.parse().unwrap();
        let withdrawal = town.does("commander", OrderWithdrawal { incident: fire, reason: None });
        let out = ConfirmWithdrawal {
            withdrawal: withdrawal.id.parse().unwrap(),
            order: None,
            attached: Some(attached),
            everyone_out: true,
            missing: None,
        };
        is_refused(town.act("huagong", out.clone()), "not_yours", "本队");
        is_refused(town.act("commander", out.clone()), "on_behalf_missing", "代录");
        town.by_phone_for("支队编队长").does("commander", out);
    }
}
