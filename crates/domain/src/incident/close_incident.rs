//! Closing (结案), Plan 4.1.5: only when nothing is left running, and everything that stands in the way is named at
//! once.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Closed;
use super::query::{not_before, open};
use super::state::Status;
use crate::act::{Decision, Resource, Target, rule};
use crate::context::Context;
use crate::dispatch::lift_stand_by::lift_all;
use crate::dispatch::{PlanStatus, Written};
use crate::personal::Personal;
use crate::refusal::{Blocker, Refusal};
use crate::report::Stage;
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Text, text};

/// It is over.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseIncident {
    /// The incident.
    pub incident: IncidentId,
    /// A last word.
    #[serde(default)]
    pub note: Option<Text>,
}

rule!(CloseIncident, close_incident, |a| Target::Incident(a.incident));

/// Everything that keeps an incident from being closed; empty when it may be.
pub fn blockers(file: &IncidentFile) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    if file.incident.status != Status::Controlled {
        blockers.push(Blocker::NotControlled);
    }
    blockers.extend(unfinished(file));
    if !file.report.has(Stage::Final) {
        blockers.push(Blocker::NoFinalReport);
    }
    blockers
}

/// What still runs, whatever way the incident ends: a close, a false alarm, a merge. Who was asked for help may be on
/// the way: a letter or a request without an answer is asked after, and what was said is typed in.
pub(super) fn unfinished(file: &IncidentFile) -> Vec<Blocker> {
    let (dispatch, command, incident) = (&file.dispatch, &file.command, &file.incident);
    let orders = dispatch.orders.values().filter(|o| o.step.is_running()).count();
    let plans = dispatch.plans.values().filter(|p| p.status == PlanStatus::Submitted).count();
    let agreements = dispatch.plans.values().filter_map(|p| p.approval.as_ref());
    let unwritten = agreements.filter(|a| matches!(a.written, Written::Due | Written::Overdue)).count();
    let withdrawals = command.withdrawals.values().filter(|w| !w.is_confirmed()).count();
    let inside = command.inside.iter().fold(0_u32, |sum, group| sum.saturating_add(group.count));
    let helpers_of = file.reinforcement.requests.values().flat_map(|request| request.attached.values());
    let attached = helpers_of.filter(|force| force.released.is_none()).count();
    let instructions = incident.instructions.values().filter(|i| !i.is_done()).count();
    let letters = dispatch.letters.values().filter(|l| l.answer.is_none()).count();
    let asked = file.reinforcement.requests.values().filter(|r| r.answer.is_none()).count();
    let counted = [
        (orders, Blocker::OrdersRunning as fn(usize) -> Blocker),
        (plans, Blocker::PlansWaiting),
        (unwritten, Blocker::WrittenAgreementDue),
        (withdrawals, Blocker::WithdrawalUnconfirmed),
        (letters, Blocker::LettersWaiting),
        (asked, Blocker::ReinforcementWaiting),
        (attached, Blocker::AttachedForces),
        (instructions, Blocker::InstructionsOpen),
    ];
    let counted = counted.into_iter().filter(|(count, _)| *count > 0).map(|(count, blocker)| blocker(count));
    counted.chain((inside > 0).then_some(Blocker::PeopleInside(inside))).collect()
}

/// May it be closed now?
pub fn allow(state: &State, incident: IncidentId) -> Result<&IncidentFile, Refusal> {
    let file = open(state, incident)?;
    match blockers(file) {
        blockers if blockers.is_empty() => Ok(file),
        blockers => Err(Refusal::CannotClose { blockers }),
    }
}

/// Closes it; the review is due from then on (Plan 4.3.3).
pub fn close_incident(state: &State, ctx: &mut Context, act: CloseIncident) -> Result<Decision, Refusal> {
    let file = allow(state, act.incident)?;
    let by = ctx.report()?;
    if let Some(controlled) = &file.incident.controlled {
        not_before(&by, controlled.at)?;
    }
    let note = text::prose_opt("/note", act.note.as_deref())?.map(|n| Personal::new(act.incident, n));
    let review_due = by.at.plus_s(state.readiness.limits().review_limit_s);
    let mut decision = Decision::about(Resource::of("incident", act.incident, act.incident));
    lift_all(file, &by, &mut decision);
    Ok(decision.then(act.incident, Closed { note, review_due, by }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::command_post::enter_scene::EnterScene;
    use crate::command_post::order_withdrawal::OrderWithdrawal;
    use crate::dispatch::depart_order::DepartOrder;
    use crate::dispatch::push_stand_by::PushStandBy;
    use crate::dispatch::record_telephone_approval::RecordTelephoneApproval;
    use crate::dispatch::release_order::ReleaseOrder;
    use crate::dispatch::return_order::ReturnOrder;
    use crate::dispatch::send_linkage_notices::SendLinkageNotices;
    use crate::dispatch::sign_filing::SignFiling;
    use crate::incident::add_note::AddNote;
    use crate::incident::assign_task::AssignTask;
    use crate::incident::control_incident::ControlIncident;
    use crate::incident::feed_back::FeedBack;
    use crate::incident::give_instruction::GiveInstruction;
    use crate::incident::stage::{Stage, report};
    use crate::reinforcement::answer_reinforcement::AnswerReinforcement;
    use crate::reinforcement::attach_force::AttachForce;
    use crate::reinforcement::request_reinforcement::RequestReinforcement;
    use crate::report::Stage as ReportStage;

    fn close(incident: IncidentId) -> CloseIncident {
        CloseIncident { incident, note: None }
    }

    /// Plan 4.1.5: everything that stands in the way is named at once, and goes away one by one.
    #[test]
    fn an_incident_is_closed_only_when_nothing_is_left() {
        let mut town = Stage::rongcheng();
        let incident = town.real_fire();
        let order = town.orders(incident, "shidao");
        let say = GiveInstruction { incident, text: "全力救人".to_owned(), from: None };
        let instruction = town.does("leader", say).parse().unwrap();
        let blockers = |town: &mut Stage| match town.is_refused("commander", close(incident)) {
            Refusal::CannotClose { blockers } => blockers,
            other => panic!("{other}"),
        };
        let (running, open) = (Blocker::OrdersRunning(1), Blocker::InstructionsOpen(1));
        assert_eq!(
            blockers(&mut town),
            [Blocker::NotControlled, running, open.clone(), Blocker::NoFinalReport]
        );
        town.does("commander", ReleaseOrder { order, note: None });
        town.does("commander", ControlIncident { incident });
        town.does("bureau", report(incident, ReportStage::First));
        assert_eq!(blockers(&mut town), [open, Blocker::NoFinalReport]);
        let to = "org-weijian".parse().unwrap();
        town.does("govt", AssignTask { instruction, to, task: "救治伤员".to_owned(), due_at: None });
        town.does("dept-weijian", FeedBack { instruction, text: "已收治".to_owned(), done: true });
        assert_eq!(blockers(&mut town), [Blocker::NoFinalReport]);
        town.does("bureau", report(incident, ReportStage::Final));
        town.does("commander", close(incident));
        assert_eq!(town.kinds(incident).last(), Some(&"incident.closed"));
    }

    fn act<T: serde::de::DeserializeOwned>(fields: serde_json::Value) -> T {
        serde_json::from_value(fields).unwrap()
    }

    /// Plan 4.1.4: a plan that waits, an agreement that was only spoken, a withdrawal without its answers, a force
    /// from outside: each keeps the incident open, and each is named.
    #[test]
    fn whatever_still_waits_for_somebody_is_named() {
        let mut town = Stage::rongcheng();
        let incident = town.burnt_out();
        let blockers = |town: &Stage| blockers(town.state.hot(incident).unwrap());
        let plan = town.plan_submitted(incident, &["huagong"]);
        assert_eq!(blockers(&town), [Blocker::PlansWaiting(1)]);
        let agreed = json!({ "plan": plan, "revision": 1, "officer": "应急局带班领导01", "words": "同意" });
        town.does("dispatcher", act::<RecordTelephoneApproval>(agreed));
        let order = town.state.hot(incident).unwrap().dispatch.running.values().next().copied();
        assert_eq!(blockers(&town), [Blocker::OrdersRunning(1), Blocker::WrittenAgreementDue(1)]);
        town.does("huagong", act::<DepartOrder>(json!({ "order": order })));
        town.does("post", act::<OrderWithdrawal>(json!({ "incident": incident, "reason": "沸溢征兆" })));
        let help = json!({ "incident": incident, "to": "org-weihai-yingji", "need": "泡沫车2辆", "means": "platform" });
        let asked = town.does("bureau", act::<RequestReinforcement>(help));
        let answer =
            json!({ "reinforcement": asked, "approved": true, "officer": "威海市局值班员", "words": "同意" });
        town.types_for("bureau", "威海市应急管理局值班员", act::<AnswerReinforcement>(answer));
        let came = json!({ "reinforcement": asked, "name": "威海支队一中队", "from": "威海市", "strength": 20, "leader": "中队长01" });
        town.does("bureau", act::<AttachForce>(came));
        assert_eq!(
            blockers(&town),
            [
                Blocker::OrdersRunning(1),
                Blocker::WrittenAgreementDue(1),
                Blocker::WithdrawalUnconfirmed(1),
                Blocker::AttachedForces(1)
            ]
        );
    }

    /// Plan 4.1.5: people who are registered inside keep it open.
    #[test]
    fn whoever_is_still_inside_keeps_the_incident_open() {
        let mut town = Stage::rongcheng();
        let incident = town.burnt_out();
        town.does(
            "commander",
            act::<EnterScene>(json!({ "incident": incident, "group": "内攻组", "count": 3 })),
        );
        let refusal = town.is_refused("commander", close(incident));
        assert_eq!(refusal, Refusal::CannotClose { blockers: vec![Blocker::PeopleInside(3)] });
    }

    /// Plan 5.1, 4.1.4: a return form and a signature that are owed are asked for after the close, until they are in.
    #[test]
    fn what_is_owed_at_the_close_is_asked_for_until_it_is_in() {
        let mut town = Stage::rongcheng();
        let incident = town.burnt_out();
        let order = *town.file(incident).dispatch.orders.keys().next().unwrap();
        let filing = *town.file(incident).dispatch.filings.keys().next().unwrap();
        town.does(
            "dispatcher",
            act::<SendLinkageNotices>(json!({ "incident": incident, "orgs": ["org-gongan"] })),
        );
        town.does("commander", close(incident));
        town.after_s(600).clock_runs();
        assert_eq!(
            (town.count("filing.missed"), town.count("notice.missed")),
            (1, 0),
            "a notice is no paper"
        );
        town.does("bureau", act::<SignFiling>(json!({ "filing": filing })));
        town.after_s(86_400).clock_runs();
        assert!(town.count("order.overdue") > 0);
        let state = |town: &Stage| (town.state.unsettled.len(), town.state.hot(incident).is_some());
        assert_eq!(state(&town), (1, true));
        town.does("shidao", act::<ReturnOrder>(json!({ "order": order, "worked_min": 90 })));
        assert_eq!(state(&town), (0, false), "nothing is owed any more but the review");
        let (overdue, form) =
            (town.count("order.overdue"), town.file(incident).dispatch.orders[&order].return_form.clone());
        assert_eq!(form.and_then(|f| f.worked_min), Some(90));
        town.after_s(3_600).clock_runs();
        assert_eq!(town.count("order.overdue"), overdue);
    }

    /// Plan 4.3.3: a closed incident leaves the open ones, its review is due, a note can still be added.
    #[test]
    fn a_closed_incident_leaves_the_open_ones_and_can_still_be_noted_on() {
        let mut town = Stage::rongcheng();
        let incident = town.burnt_out();
        let stand_by = json!({ "incident": incident, "forces": ["huagong"] });
        town.does("dispatcher", act::<PushStandBy>(stand_by));
        town.at("12:00").does("commander", close(incident));
        assert_eq!(town.kinds(incident).iter().rev().nth(1), Some(&"stand_by.lifted"));
        assert!(!town.state.incidents.contains_key(&incident));
        let brief = town.state.archive[&incident].clone();
        assert_eq!((brief.status, brief.orders.total, brief.orders.running), (Status::Closed, 1, 0));
        assert_eq!(brief.review_due, Some(town.now.plus_s(10 * 86_400)));
        town.does("bureau", AddNote { incident, text: "补记".to_owned(), files: Vec::new() });
        assert!(!town.state.incidents.contains_key(&incident), "and it stays closed");
        assert_eq!(town.file(incident).incident.notes_total, 1);
        assert_eq!(town.is_refused("commander", close(incident)).code(), "incident_over");
    }
}
