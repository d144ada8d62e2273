//! The written agreement follows the telephone one (补办书面同意), Plan 4.1.4. Late counts, and is seen as late.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Plan, PlanConfirmedInWriting, Written};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::State;
use crate::types::ids::Fresh;
use crate::types::{PlanId, Text, text};

/// In writing.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmInWriting {
    /// Which plan.
    pub plan: PlanId,
    /// A remark.
    #[serde(default)]
    pub remark: Option<Text>,
}

rule!(ConfirmInWriting, confirm_in_writing, |a| Target::of(Thing::Plan, a.plan));

/// Only a telephone agreement needs it, once.
pub fn allow(plan: &Plan) -> Result<(), Refusal> {
    let act = ActKind::ConfirmInWriting;
    match plan.approval.as_ref().map(|a| a.written) {
        Some(Written::Due | Written::Overdue) => Ok(()),
        Some(Written::Done) => Err(Refusal::AlreadyDone { act }),
        Some(Written::NotNeeded) | None => {
            let status = plan.status.code();
            Err(Refusal::WrongStatus { act, what: Thing::Plan, status, needs: "approved_by_telephone" })
        }
    }
}

/// Confirms it. The incident may be over by then.
pub fn confirm_in_writing(
    state: &State,
    ctx: &mut Context,
    act: ConfirmInWriting,
) -> Result<Decision, Refusal> {
    let (incident, file) = state.incident_with(Thing::Plan, act.plan.ulid())?;
    let plan = file.dispatch.plans.get(&act.plan).ok_or_else(|| Refusal::not_found(Thing::Plan, act.plan))?;
    allow(plan)?;
    let remark = text::prose_opt("/remark", act.remark.as_deref())?.map(|r| Personal::new(incident, r));
    let event = PlanConfirmedInWriting { plan: act.plan, remark, by: ctx.report()? };
    Ok(Decision::about(Resource::of("plan", act.plan, incident)).then(incident, event))
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{fire, is, plan, refused};
    use super::ConfirmInWriting;
    use crate::dispatch::Written;
    use crate::dispatch::record_telephone_approval::RecordTelephoneApproval;
    use crate::testing::Town;
    use crate::types::PlanId;

    fn in_writing(plan: PlanId) -> ConfirmInWriting {
        ConfirmInWriting { plan, remark: None }
    }

    fn agreed_by_telephone() -> (Town, PlanId) {
        let (mut town, fire) = fire();
        let plan = town.plan_submitted(fire, &["huagong"]);
        let agreed = RecordTelephoneApproval {
            plan,
            revision: 1,
            officer: "应急局带班领导01".to_owned(),
            words: "同意".to_owned(),
            recording: None,
            tasks: None,
        };
        town.does("dispatcher", agreed);
        (town, plan)
    }

    fn written(town: &Town, id: PlanId) -> Written {
        plan(town, id).approval.as_ref().unwrap().written
    }

    /// Plan 4.1.4: the written agreement follows the spoken one, by who may agree.
    #[test]
    fn the_written_agreement_follows_in_time() {
        let (mut town, id) = agreed_by_telephone();
        is(&refused(&mut town, "bureau", in_writing(id)), "not_permitted", Some("4.1.4"), &[]);
        town.after_s(7199).clock_runs();
        assert_eq!(written(&town, id), Written::Due);
        town.does("shift-leader", in_writing(id));
        assert_eq!(written(&town, id), Written::Done);
        is(&refused(&mut town, "shift-leader", in_writing(id)), "already_done", None, &[]);
        town.after_s(7200).clock_runs();
        assert_eq!(town.count("plan.written_agreement_missed"), 0);
    }

    /// Plan 4.1.4: late, it alarms, and still counts when it comes.
    #[test]
    fn a_written_agreement_that_is_late_alarms_and_still_counts() {
        let (mut town, id) = agreed_by_telephone();
        town.after_s(7200).clock_runs();
        assert_eq!((written(&town, id), town.count("plan.written_agreement_missed")), (Written::Overdue, 1));
        town.after_s(60).clock_runs();
        assert_eq!(town.count("plan.written_agreement_missed"), 1, "it alarms once");
        town.does("deputy", in_writing(id));
        assert_eq!(written(&town, id), Written::Done);
    }

    /// Plan 4.1.4: what was agreed to on the platform is in writing already.
    #[test]
    fn an_agreement_on_the_platform_needs_no_other_form() {
        let (mut town, fire) = fire();
        let id = town.plan_submitted(fire, &["huagong"]);
        is(&refused(&mut town, "shift-leader", in_writing(id)), "wrong_status", None, &[]);
        town.does("shift-leader", super::super::scenes::approve(id, 1));
        is(&refused(&mut town, "shift-leader", in_writing(id)), "wrong_status", None, &[]);
    }
}
