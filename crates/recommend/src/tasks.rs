//! What the desk does with a proposal in one key: first response, stand-by, the plan's tasks. Plan 4.1.4, 4.3.1, 4.3.2.

use std::collections::{BTreeMap, BTreeSet};

use domain::dispatch::TaskGiven;
use domain::jurisdiction::Basis;
use domain::ledger::{Force, Mark};
use domain::types::{ForceId, Lang, Text, Time, limits};
use domain::{IncidentFile, State};

use crate::candidates::{Candidate, OWN_STATION, Options, candidates};
use crate::proposal::{Pick, Proposal, SlotProposal};
use crate::reasons;

/// Plan 4.3.1: the forces to stand by: those of the proposal that must wait, for an approval or for an answer.
/// Those that stand by already are left out.
pub fn default_stand_by(state: &State, file: &IncidentFile, proposal: &Proposal) -> Vec<ForceId> {
    let waits = |basis: Basis| matches!(basis, Basis::AfterApproval | Basis::LetterOfRequest);
    let stands_by: BTreeSet<&ForceId> =
        file.dispatch.stand_bys.values().filter(|s| s.lifted.is_none()).map(|s| &s.force).collect();
    let known = |force: &ForceId| state.ledger.forces.contains_key(force);
    let picks =
        proposal.picks().filter(|(_, p)| waits(p.basis) && known(&p.force) && !stands_by.contains(&p.force));
    let forces: BTreeSet<ForceId> = picks.map(|(_, p)| p.force.clone()).collect();
    forces.into_iter().collect()
}

/// Plan 4.3.2: what the brigade orders at once: the forces of the proposal that go by direct order, and in any case
/// the nearest own station, even before hazard and grade are known. Nothing is added once an own station is ordered.
pub fn default_first_response(
    state: &State,
    file: &IncidentFile,
    proposal: Option<&Proposal>,
    now: Time,
) -> Vec<TaskGiven> {
    let mut tasks =
        proposal.map(|p| merged(state, p, |pick| pick.basis == Basis::Direct)).unwrap_or_default();
    let is_own = |id: &ForceId| state.ledger.forces.get(id).is_some_and(|f| f.force_type == OWN_STATION);
    let own_goes = tasks.iter().any(|t| is_own(&t.force)) || file.dispatch.running.keys().any(is_own);
    if !own_goes && let Some(nearest) = nearest_own_station(state, file, now) {
        tasks.insert(0, task_of(nearest));
    }
    tasks
}

/// Plan 4.1.4: the tasks of a plan: every force of the proposal that is ordered by the brigade, once, with all that
/// is asked of it. Linkage notices and letters of request are acts of their own.
pub fn plan_tasks(state: &State, proposal: &Proposal) -> Vec<TaskGiven> {
    merged(state, proposal, |pick| matches!(pick.basis, Basis::Direct | Basis::AfterApproval))
}

/// One task for each force; the slot named is the first that it fills.
fn merged(state: &State, proposal: &Proposal, wanted: impl Fn(&Pick) -> bool) -> Vec<TaskGiven> {
    let mut order: Vec<&ForceId> = Vec::new();
    let mut shares: BTreeMap<&ForceId, Vec<(&SlotProposal, &Pick)>> = BTreeMap::new();
    for (slot, pick) in proposal.picks().filter(|(_, p)| wanted(p)) {
        let list = shares.entry(&pick.force).or_default();
        if list.is_empty() {
            order.push(&pick.force);
        }
        list.push((slot, pick));
    }
    let task = |force: &ForceId| {
        let shares = &shares[force];
        let (slot, pick) = shares[0];
        TaskGiven {
            force: force.clone(),
            task: task_text(state, shares),
            slot: Some(slot.slot.clone()),
            capability: Some(slot.capability.clone()),
            quantity: Some(pick.quantity),
        }
    };
    order.into_iter().map(task).collect()
}

/// 水罐消防车 2 辆（稀释、冷却、掩护）、泡沫消防车 1 辆（…）: an official text, so Chinese.
fn task_text(state: &State, shares: &[(&SlotProposal, &Pick)]) -> Text {
    let full = |(slot, pick): &(&SlotProposal, &Pick)| {
        format!("{}（{}）", reasons::amount(state, &slot.capability, pick.quantity, Lang::Zh), slot.why.zh)
    };
    let brief = |(slot, pick): &(&SlotProposal, &Pick)| {
        reasons::amount(state, &slot.capability, pick.quantity, Lang::Zh)
    };
    let fits = |text: &Text| text.chars().count() <= limits::LINE_CHARS;
    let text = Lang::Zh.join(&shares.iter().map(full).collect::<Vec<_>>());
    if fits(&text) {
        return text;
    }
    // Too long for a line: first without the reasons, then as many as fit, and it is said that there are more.
    let mut kept: Vec<Text> = shares.iter().map(brief).collect();
    let all = kept.len();
    loop {
        let mut text = Lang::Zh.join(&kept);
        if kept.len() < all {
            text = format!("{text}等 {all} 项");
        }
        if fits(&text) || kept.len() <= 1 {
            return text.chars().take(limits::LINE_CHARS).collect();
        }
        kept.pop();
    }
}

fn nearest_own_station<'a>(state: &'a State, file: &IncidentFile, now: Time) -> Option<&'a Force> {
    let scene = file.incident.place.point?;
    let known = candidates(state, file, scene, now, Options::default());
    let reachable = |c: &&Candidate| c.is_own() && c.held.is_none() && !c.marks.contains(&Mark::NoContact);
    let direct = |c: &&Candidate| c.basis == Basis::Direct;
    let nearest =
        known.iter().filter(reachable).filter(direct).min_by_key(|c| (c.judged_s, c.force.id.clone()));
    nearest.map(|c| c.force)
}

fn task_of(force: &Force) -> TaskGiven {
    TaskGiven {
        force: force.id.clone(),
        task: "先期处置：到场侦察，救人、警戒、控制灾情，并报告现场情况".to_owned(),
        slot: None,
        capability: None,
        quantity: None,
    }
}
