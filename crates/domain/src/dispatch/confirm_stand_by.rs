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

#[cfg(test)]
mod tests {
    use super::super::scenes::{file, fire, is, refused};
    use super::ConfirmStandBy;
    use crate::dispatch::lift_stand_by::LiftStandBy;
    use crate::dispatch::push_stand_by::PushStandBy;
    use crate::testing::{Town, slug};
    use crate::types::{IncidentId, StandById};

    fn told() -> (Town, IncidentId, StandById) {
        let (mut town, fire) = fire();
        town.does("dispatcher", PushStandBy { incident: fire, forces: vec![slug("huagong")], text: None });
        let id = *file(&town, fire).dispatch.stand_bys.keys().next().unwrap();
        (town, fire, id)
    }

    fn ready(stand_by: StandById, ready: bool) -> ConfirmStandBy {
        ConfirmStandBy { stand_by, ready, note: (!ready).then(|| "车辆在修".to_owned()) }
    }

    /// Plan 4.3.1: a force says whether it is ready; a changed answer counts, and late counts too.
    #[test]
    fn a_force_confirms_and_may_correct_itself() {
        let (mut town, fire, id) = told();
        town.after_s(300).clock_runs();
        assert_eq!(town.count("stand_by.missed"), 1);
        town.does("huagong", ready(id, true));
        town.does("huagong", ready(id, false));
        let answer = file(&town, fire).dispatch.stand_bys[&id].confirmed.clone().unwrap();
        assert_eq!(
            (answer.ready, answer.note.unwrap().reveal().map(String::as_str)),
            (false, Some("车辆在修"))
        );
    }

    /// Plan 4.3.1: its own stand-by only; typed in by name; not after it was lifted, and it is lifted once.
    #[test]
    fn nobody_answers_for_another_and_nobody_after_it_was_lifted() {
        let (mut town, _, id) = told();
        is(&refused(&mut town, "jijiu", ready(id, true)), "not_yours", None, &[]);
        is(&refused(&mut town, "bureau", ready(id, true)), "on_behalf_missing", None, &[]);
        town.by_phone_for("荣成化工应急队值班员01").does("bureau", ready(id, true));
        is(&refused(&mut town, "huagong", LiftStandBy { stand_by: id }), "not_permitted", Some("4.3.1"), &[]);
        town.does("dispatcher", LiftStandBy { stand_by: id });
        is(&refused(&mut town, "huagong", ready(id, true)), "wrong_status", None, &[]);
        is(&refused(&mut town, "dispatcher", LiftStandBy { stand_by: id }), "already_done", None, &[]);
    }
}
