//! The bureau agreed by telephone, the common way (Plan 4.1.4): one key at either desk records officer, time, words and
//! recording number. The written agreement follows in time (补办书面同意), or it alarms.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plan::{find, must_be, must_command};
use super::submit_plan::submitted;
use super::{ApprovalMeans, OrderBasis, Plan, PlanApproved, PlanStatus, issue};
use crate::act::{ActKind, Decision, Resource, Target, rule};
use crate::authority::Role;
use crate::context::Context;
use crate::personal::Personal;
use crate::refusal::{Refusal, Thing};
use crate::state::{IncidentFile, State};
use crate::types::{ForceId, PlanId, Text, text};

/// What was agreed on the telephone; `occurred_at` says when.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordTelephoneApproval {
    /// Which plan.
    pub plan: PlanId,
    /// The revision that was read out.
    pub revision: u32,
    /// Who agreed, by position.
    pub officer: Text,
    /// In what words.
    pub words: Text,
    /// Number of the recording.
    #[serde(default)]
    pub recording: Option<Text>,
    /// The forces agreed to; absent means all.
    #[serde(default)]
    pub tasks: Option<Vec<ForceId>>,
}

rule!(RecordTelephoneApproval, record_telephone_approval, |a| Target::of(Thing::Plan, a.plan));

/// A plan that was read out on the telephone need not have been submitted before; a draft then goes out as the brigade's
/// own only while the brigade commands (Plan 4.1.5), whoever records it.
pub fn allow(file: &IncidentFile, plan: &Plan) -> Result<(), Refusal> {
    let act = ActKind::RecordTelephoneApproval;
    must_be(plan, act, &[PlanStatus::Draft, PlanStatus::Submitted], "draft|submitted")?;
    if plan.status == PlanStatus::Submitted {
        return Ok(());
    }
    must_command(file, act, Role::Dispatcher, plan.by_order_of_post)
}

/// Records it; orders and filings go out.
pub fn record_telephone_approval(
    state: &State,
    ctx: &mut Context,
    act: RecordTelephoneApproval,
) -> Result<Decision, Refusal> {
    let (incident, file, plan) = find(state, act.plan, Some(act.revision))?;
    allow(file, plan)?;
    let by = ctx.report()?;
    let mut decision = Decision::about(Resource::of("plan", plan.id, incident));
    if plan.status == PlanStatus::Draft {
        decision.push(incident, submitted(state, ctx, plan, by.clone())?);
    }
    let (agreed, refused) = issue::part(plan, act.tasks)?;
    let approved = PlanApproved {
        plan: plan.id,
        revision: plan.revision,
        agreed,
        refused,
        means: ApprovalMeans::Telephone,
        officer: text::line("/officer", &act.officer)?,
        words: Some(Personal::new(incident, text::prose("/words", &act.words)?)),
        recording: text::line_opt("/recording", act.recording.as_deref())?,
        remark: None,
        written_due: Some(ctx.now.plus_s(state.readiness.limits().written_confirmation_limit_s)),
        by,
    };
    issue::approve(state, ctx, file, plan, approved, OrderBasis::ApprovedPlan, &mut decision)?;
    Ok(decision)
}

#[cfg(test)]
mod tests {
    use super::super::scenes::{fire, is, is_field, order, plan, refused};
    use super::RecordTelephoneApproval;
    use crate::dispatch::{ApprovalMeans, OrderBasis, PlanStatus, Written};
    use crate::testing::slug;
    use crate::types::{ForceId, PlanId};

    fn agreed(plan: PlanId, revision: u32) -> RecordTelephoneApproval {
        RecordTelephoneApproval {
            plan,
            revision,
            officer: "应急局带班领导02".to_owned(),
            words: "同意，注意安全".to_owned(),
            recording: Some("L20261124-0007".to_owned()),
            tasks: None,
        }
    }

    /// Plan 4.1.4: the common way: the plan is read out on the telephone, and one key records officer, time and words.
    #[test]
    fn an_agreement_by_telephone_sends_a_draft_out_and_its_written_form_is_due() {
        let (mut town, fire) = fire();
        let id = town.plan_drafted(fire, &["huagong"]);
        let seq = town.journal.len();
        town.at("08:10").that_happened(-240).does("dispatcher", agreed(id, 1));
        assert_eq!(town.kinds_since(seq), ["plan.submitted", "plan.approved", "order.issued", "order.filed"]);
        let approved = plan(&town, id);
        let approval = approved.approval.as_ref().unwrap();
        assert_eq!(
            (approval.means, approval.officer.as_str()),
            (ApprovalMeans::Telephone, "应急局带班领导02")
        );
        assert_eq!(approval.words.as_ref().unwrap().open.as_deref(), Some("同意，注意安全"));
        assert_eq!(approval.by.at, town.now.plus_s(-240), "when it was said");
        assert_eq!(approval.by.recorded_at, town.now, "when it was typed");
        assert_eq!((approval.written, approval.written_due), (Written::Due, Some(town.now.plus_s(7200))));
        let order = order(&town, town.state.hot(fire).unwrap().dispatch.running[&slug::<ForceId>("huagong")]);
        assert_eq!(order.basis, OrderBasis::ApprovedPlan);
        assert_eq!(order.due, Some(town.now.plus_s(60)), "the force has its time from when it is told");
    }

    /// Plan 4.1.4: a submitted plan may be agreed to by telephone too, at either desk, whole or in part.
    #[test]
    fn a_submitted_plan_is_agreed_to_by_telephone_in_part() {
        let (mut town, fire) = fire();
        let id = town.plan_submitted(fire, &["huagong", "jijiu"]);
        let seq = town.journal.len();
        town.does("bureau", RecordTelephoneApproval { tasks: Some(vec![slug("jijiu")]), ..agreed(id, 1) });
        assert_eq!(town.kinds_since(seq), ["plan.approved", "order.issued", "order.filed"]);
        assert_eq!(plan(&town, id).status, PlanStatus::PartlyApproved);
    }

    /// Plan 4.1.4: the record of a telephone call names its officer, its words and a time that can be true.
    #[test]
    fn a_record_without_officer_words_or_a_possible_time_is_refused() {
        let (mut town, fire) = fire();
        let id = town.plan_submitted(fire, &["huagong"]);
        let nobody = RecordTelephoneApproval { officer: String::new(), ..agreed(id, 1) };
        is_field(&refused(&mut town, "dispatcher", nobody), "/officer");
        let silent = RecordTelephoneApproval { words: " \n".to_owned(), ..agreed(id, 1) };
        is_field(&refused(&mut town, "dispatcher", silent), "/words");
        town.that_happened(61);
        is_field(&refused(&mut town, "dispatcher", agreed(id, 1)), "/occurred_at");
        town.that_happened(-48 * 3600 - 1);
        is_field(&refused(&mut town, "dispatcher", agreed(id, 1)), "/occurred_at");
        is(&refused(&mut town, "dispatcher", agreed(id, 2)), "stale_revision", None, &[]);
        is(&refused(&mut town, "post", agreed(id, 1)), "not_permitted", Some("4.1.4"), &[]);
        town.that_happened(-48 * 3600).does("dispatcher", agreed(id, 1));
        is(&refused(&mut town, "dispatcher", agreed(id, 1)), "wrong_status", None, &[]);
    }

    /// Plan 4.1.4: what was sent back or withdrawn is not agreed to by a late record.
    #[test]
    fn a_plan_that_was_sent_back_is_not_agreed_to_by_telephone() {
        let (mut town, fire) = fire();
        let id = town.plan_submitted(fire, &["huagong"]);
        let back = crate::dispatch::send_back_plan::SendBackPlan {
            plan: id,
            revision: 1,
            reasons: "用途？".to_owned(),
        };
        town.does("bureau", back);
        is(&refused(&mut town, "dispatcher", agreed(id, 1)), "wrong_status", None, &[]);
    }
}
