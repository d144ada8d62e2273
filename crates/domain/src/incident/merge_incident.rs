//! Merging (并案), Plan 4.1.3: two incidents were one. What runs under the one that ends must be ended first, so that
//! no order, instruction or person inside is left where nobody looks any more.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::close_incident::unfinished;
use super::query::open;
use super::{Absorbed, Merged};
use crate::act::{Decision, Resource, Target, rule};
use crate::context::Context;
use crate::dispatch::lift_stand_by::lift_all;
use crate::refusal::{FieldFault, Refusal};
use crate::state::{IncidentFile, State};
use crate::types::IncidentId;

/// This incident was the same as another one, and ends in it.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeIncident {
    /// The incident that ends.
    pub incident: IncidentId,
    /// The incident that it was.
    pub into: IncidentId,
}

rule!(MergeIncident, merge_incident, |a| Target::Incident(a.incident));

/// May it end in another one? Asked without knowing in which.
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = open(state, incident)?;
    match unfinished(file) {
        blockers if blockers.is_empty() => Ok(file),
        blockers => Err(Refusal::CannotClose { blockers }),
    }
}

/// Merges it: its calls stand in both streams from now on.
pub fn merge_incident(state: &State, ctx: &mut Context, act: MergeIncident) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident)?;
    let from = &file.incident;
    if act.into == act.incident {
        return Err(Refusal::field("/into", FieldFault::Twice { what: from.number.clone() }));
    }
    let into = &open(state, act.into)?.incident;
    if into.drill != from.drill {
        return Err(Refusal::DrillMixed { incident: into.id, drill: into.drill });
    }
    let by = ctx.report()?;
    let absorbed = Absorbed {
        from: from.id,
        from_number: from.number.clone(),
        calls: from.calls.iter().cloned().collect(),
        by: by.clone(),
    };
    let mut decision = Decision::about(Resource::of("incident", into.id, into.id));
    lift_all(file, &by, &mut decision);
    let merged = Merged { into: into.id, into_number: into.number.clone(), by };
    Ok(decision.then(into.id, absorbed).then(from.id, merged))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    use crate::act::ActKind;
    use crate::dispatch::answer_letter::AnswerLetter;
    use crate::dispatch::push_stand_by::PushStandBy;
    use crate::dispatch::release_order::ReleaseOrder;
    use crate::dispatch::send_letter::SendLetter;
    use crate::incident::Status;
    use crate::incident::add_note::AddNote;
    use crate::incident::stage::{Stage, fire_call};
    use crate::incident::take_call::TakeCall;
    use crate::incident::verify_call::{Outcome, VerifyCall};
    use crate::refusal::Blocker;
    use crate::reinforcement::answer_reinforcement::AnswerReinforcement;
    use crate::reinforcement::request_reinforcement::RequestReinforcement;
    use crate::testing::slug;

    /// Plan 4.1.3: both streams tell of it, and the one that stays has all calls.
    #[test]
    fn two_incidents_become_one_with_all_calls() {
        let mut town = Stage::rongcheng();
        let (first, second) = (town.fire(), town.fire());
        town.does("dispatcher", TakeCall { same_as: Some(second), ..fire_call() });
        let about = town.does("dispatcher", MergeIncident { incident: second, into: first });
        assert_eq!(about, first.to_string());
        let (stays, ended) = (town.file(first).incident, town.file(second).incident);
        assert_eq!((stays.calls_total, stays.calls.len(), stays.absorbed.len()), (3, 3, 1));
        assert_eq!((ended.status, ended.merged_into), (Status::Merged, Some(first)));
        assert_eq!(town.kinds(first), ["incident.call_taken", "incident.absorbed"]);
        assert!(town.state.hot(second).is_none());
        let note = AddNote { incident: second, text: "补记".to_owned(), files: Vec::new() };
        let refusal = town.is_refused("dispatcher", note);
        assert_eq!(
            refusal,
            Refusal::IncidentOver { incident: second, status: "merged", merged_into: Some(first) }
        );
    }

    /// An order is never left under an incident where nobody looks any more.
    #[test]
    fn an_incident_with_running_orders_is_not_merged_away() {
        let mut town = Stage::rongcheng();
        let (first, second) = (town.fire(), town.fire());
        let order = town.orders(second, "yatou");
        let merge = MergeIncident { incident: second, into: first };
        let refusal = town.is_refused("dispatcher", merge.clone());
        assert_eq!(refusal, Refusal::CannotClose { blockers: vec![Blocker::OrdersRunning(1)] });
        town.does("dispatcher", ReleaseOrder { order, note: None });
        town.does("dispatcher", merge);
        assert!(town.state.engaged.is_empty());
    }

    /// Plan 4.3.1, 4.1.4: nobody stands by for what has ended, and nobody who was asked for help is forgotten.
    #[test]
    fn stand_bys_end_with_the_incident_and_letters_are_asked_after() {
        let mut town = Stage::rongcheng();
        let (first, second) = (town.fire(), town.fire());
        let forces = vec![slug("huagong"), slug("jijiu")];
        town.does("dispatcher", PushStandBy { incident: second, forces, text: None });
        let letter = SendLetter {
            incident: second,
            org: slug("org-wujing"),
            forces: Vec::new(),
            ask: "警戒 20 人".to_owned(),
            urgent: true,
        };
        let letter = town.does("bureau", letter).parse().unwrap();
        let help =
            json!({ "incident": second, "to": "org-weihai-yingji", "need": "泡沫车2辆", "means": "phone" });
        let help: RequestReinforcement = serde_json::from_value(help).unwrap();
        let asked = town.does("bureau", help);
        let merge = MergeIncident { incident: second, into: first };
        let false_alarm = VerifyCall { incident: second, outcome: Outcome::FalseAlarm, note: None };
        let waiting = vec![Blocker::LettersWaiting(1), Blocker::ReinforcementWaiting(1)];
        let waiting = Refusal::CannotClose { blockers: waiting };
        assert_eq!(town.is_refused("dispatcher", merge.clone()), waiting);
        assert_eq!(town.is_refused("dispatcher", false_alarm), waiting);
        town.does("dept-wujing", AnswerLetter { letter, agreed: false, words: "不出动".to_owned() });
        let no = json!({ "reinforcement": asked, "approved": false, "officer": "威海市局值班员", "words": "不再需要" });
        let no: AnswerReinforcement = serde_json::from_value(no).unwrap();
        town.types_for("bureau", "威海市应急管理局值班员", no);
        town.does("dispatcher", merge);
        let stand_bys = town.file(second).dispatch.stand_bys;
        assert!(stand_bys.values().all(|s| s.lifted.is_some()), "{stand_bys:?}");
        let kinds = town.kinds(second);
        assert_eq!(kinds[kinds.len() - 3..], ["stand_by.lifted", "stand_by.lifted", "incident.merged"]);
        town.after_s(3_600).clock_runs();
        assert_eq!(town.count("stand_by.missed"), 0);
    }

    #[test]
    fn an_incident_is_not_merged_into_itself_a_drill_or_one_that_is_over() {
        let mut town = Stage::rongcheng();
        let (real, other) = (town.fire(), town.fire());
        let drill = town.does("dispatcher", TakeCall { drill: true, ..fire_call() }).parse().unwrap();
        let merge = |incident, into| MergeIncident { incident, into };
        assert_eq!(town.is_refused("dispatcher", merge(real, real)).code(), "field");
        assert_eq!(town.is_refused("dispatcher", merge(real, drill)).code(), "drill_mixed");
        assert_eq!(town.is_refused("dispatcher", merge(drill, real)).code(), "drill_mixed");
        town.does("dispatcher", merge(other, real));
        assert_eq!(town.is_refused("dispatcher", merge(real, other)).code(), "incident_over");
        assert_eq!(ActKind::MergeIncident.name(), "merge_incident");
    }
}
