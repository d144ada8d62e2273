//! Proposals for Rongcheng's own forces and compositions.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

mod cast;

use std::collections::BTreeSet;

use cast::{
    NOW, OIL_DEPOT, add, change, composition, force_id, incident, nobody_on_duty, one_slot, order, rongcheng,
};
use domain::dispatch::OrderStep;
use domain::jurisdiction::Basis;
use domain::ledger::Mark;
use domain::types::{ForceId, Lang, Point};
use proptest::prelude::*;
use recommend::{
    Held, Options, Pick, Proposal, SlotProposal, default_first_response, default_stand_by, plan_tasks,
    propose, propose_supplement,
};

fn slot<'a>(proposal: &'a Proposal, id: &str) -> &'a SlotProposal {
    proposal.slots.iter().find(|s| s.slot == id).unwrap()
}

fn names(picks: &[Pick]) -> Vec<&str> {
    picks.iter().map(|p| p.force.as_str()).collect()
}

/// Plan 4.2.4: a spill at the oil depot, grade 3: all fifteen slots, each choice in one line with its figures.
#[test]
fn a_spill_at_the_oil_depot_gets_a_whole_composition() {
    let (state, file) = (rongcheng(), incident(1, Some("hazchem"), Some(OIL_DEPOT)));
    let proposal = propose(&state, &file, &composition("hazchem", 3), NOW, Options::default());
    assert_eq!(proposal.slots.len(), 15);
    assert!(proposal.slots.iter().all(|s| s.gap.is_none() && s.filled >= s.quantity), "{:#?}", proposal.text);
    let foam = slot(&proposal, "foam");
    assert_eq!(names(&foam.picks), ["force-069", "force-002"], "soonest first");
    assert_eq!(foam.picks[1].basis, Basis::Direct);
    assert_eq!(
        foam.picks[1].reason.zh,
        "距现场 661 米，预计 3 分钟到场（直线距离估算），泡沫消防车 2 辆；备勤中；自有站优先"
    );
    for pick in proposal.picks().map(|(_, p)| p).chain(proposal.slots.iter().flat_map(|s| &s.alternatives)) {
        assert!(pick.reason.get(Lang::Zh).contains("直线距离估算"), "{}", pick.reason.zh);
        assert!(pick.reason.get(Lang::En).contains("straight distance"), "{}", pick.reason.en);
        assert_eq!(pick.eta_s, pick.travel_s + pick.mobilisation_s);
    }
    assert!(proposal.slots.iter().all(|s| s.alternatives.len() <= 5));
}

/// Plan 4.1.4: who is ordered after approval, who by notice, who by letter, comes from the jurisdiction's table.
#[test]
fn each_choice_carries_its_basis() {
    let state = rongcheng();
    let file = incident(1, Some("hazchem"), Some(OIL_DEPOT));
    let spill = propose(&state, &file, &composition("hazchem", 3), NOW, Options::default());
    assert!(slot(&spill, "cordon").picks.iter().all(|p| p.basis == Basis::LinkageNotice));
    assert!(slot(&spill, "transfer").picks.iter().all(|p| p.basis == Basis::AfterApproval));
    let boom = propose(&state, &file, &one_slot("guard_people", 70, 60), NOW, Options::default());
    assert!(boom.slots[0].picks.iter().any(|p| p.basis == Basis::LetterOfRequest));
    let waits = default_stand_by(&state, &file, &boom);
    assert_eq!(waits, [force_id("force-067")]);
    let stand_by = default_stand_by(&state, &file, &spill);
    assert!(stand_by.contains(&force_id("force-072")) && !stand_by.contains(&force_id("force-002")));
}

/// Plan 4.2.2: nobody said yes in time: what he should have brought is proposed from those who are free, and no more.
#[test]
fn a_supplement_makes_up_for_the_silent_and_no_more() {
    let (mut state, mut file) = (rongcheng(), incident(1, Some("hazchem"), Some(OIL_DEPOT)));
    order(&mut state, &mut file, "force-002", Some(("foam", 2)), OrderStep::Issued);
    let id = *file.dispatch.orders.keys().next().unwrap();
    let silent = |file: &mut domain::IncidentFile, short: bool| {
        let order = std::sync::Arc::make_mut(file.dispatch.orders.get_mut(&id).unwrap());
        (order.capability, order.short) = (Some("foam_tanker".to_owned()), short);
    };
    silent(&mut file, false);
    assert!(propose_supplement(&state, &file, NOW).is_empty(), "he still has his time");
    let foam = |file: &domain::IncidentFile| {
        let whole = propose(&state, file, &composition("hazchem", 3), NOW, Options::default());
        slot(&whole, "foam").clone()
    };
    assert_eq!(foam(&file).standing, 2);
    silent(&mut file, true);
    let more = propose_supplement(&state, &file, NOW);
    let [line] = more.as_slice() else { panic!("only foam is missing: {more:?}") };
    assert_eq!((line.capability.as_str(), line.quantity, line.gap.is_none()), ("foam_tanker", 2, true));
    assert_eq!(line.picks.iter().map(|p| p.quantity).sum::<u32>(), 2);
    assert!(!names(&line.picks).contains(&"force-002"), "he was asked already");
    let anew = foam(&file);
    assert_eq!((anew.standing, anew.gap.is_none()), (0, true), "he stands for nothing any more");
}

/// Plan 4.3.2: a raised grade proposes only what is missing.
#[test]
fn a_raised_grade_proposes_only_what_is_missing() {
    let (mut state, mut file) = (rongcheng(), incident(1, Some("hazchem"), Some(OIL_DEPOT)));
    let first = propose(&state, &file, &composition("hazchem", 1), NOW, Options::default());
    let tasks = default_first_response(&state, &file, Some(&first), NOW);
    assert!(tasks.iter().any(|t| t.force == force_id("force-002")));
    for task in &tasks {
        let named = task.slot.as_deref().zip(task.quantity);
        order(&mut state, &mut file, task.force.as_str(), named, OrderStep::Departed);
    }
    let again = propose(&state, &file, &composition("hazchem", 1), NOW, Options::default());
    assert!(again.picks().all(|(_, p)| p.basis != Basis::Direct), "the stations stand already");
    assert_eq!(slot(&again, "water").standing, slot(&first, "water").filled);
    let raised = propose(&state, &file, &composition("hazchem", 3), NOW, Options::default());
    let ordered: BTreeSet<ForceId> = tasks.iter().map(|t| t.force.clone()).collect();
    for slot in &raised.slots {
        let picked: u32 = slot.picks.iter().map(|p| p.quantity).sum();
        assert!(slot.picks.iter().all(|p| !ordered.contains(&p.force)), "nobody is ordered twice");
        assert_eq!(slot.filled, slot.standing + slot.planned + picked);
    }
    let held = slot(&raised, "water").alternatives.iter().find(|a| ordered.contains(&a.force)).unwrap();
    assert!(matches!(held.held, Some(Held::OrderedHere { .. })));
    assert!(held.reason.zh.contains("已调往本警情（已出动）"), "{}", held.reason.zh);
}

/// Plan 4.1.4: one force, one task, with all that is asked of it.
#[test]
fn a_plan_has_one_task_for_each_force() {
    let (state, file) = (rongcheng(), incident(1, Some("hazchem"), Some(OIL_DEPOT)));
    let proposal = propose(&state, &file, &composition("hazchem", 5), NOW, Options::default());
    let tasks = plan_tasks(&state, &proposal);
    let forces: BTreeSet<&ForceId> = tasks.iter().map(|t| &t.force).collect();
    assert_eq!(forces.len(), tasks.len());
    assert!(tasks.iter().all(|t| t.task.chars().count() <= 200 && !t.task.is_empty()));
    let station = tasks.iter().find(|t| t.force == force_id("force-002")).unwrap();
    assert!(
        station.task.contains("水罐消防车 3 辆") && station.task.contains("泡沫消防车 2 辆"),
        "{}",
        station.task
    );
}

#[test]
fn what_is_at_another_incident_is_a_gap_that_names_it() {
    let mut state = rongcheng();
    let (mut other, file) =
        (incident(3, Some("hazchem"), Some(OIL_DEPOT)), incident(4, Some("hazchem"), Some(OIL_DEPOT)));
    order(&mut state, &mut other, "force-072", Some(("transfer", 1)), OrderStep::Arrived);
    let proposal = propose(&state, &file, &one_slot("liquid_transfer", 1, 60), NOW, Options::default());
    let only = &proposal.slots[0];
    assert!(only.picks.is_empty());
    let gap = only.gap.as_ref().unwrap();
    assert_eq!((gap.missing, gap.people), (1, 0));
    assert!(gap.text.zh.starts_with("缺 1 ") && gap.text.zh.contains("全市仅有 1 "), "{}", gap.text.zh);
    assert!(gap.text.zh.contains("均已在 2026-0003 号警情"), "{}", gap.text.zh);
    assert!(gap.text.en.contains("all at incident 2026-0003"), "{}", gap.text.en);
    assert!(
        matches!(&only.alternatives[0].held, Some(Held::Engaged { number, .. }) if number == "2026-0003")
    );
    assert_eq!(only.alternatives[0].marks, [Mark::Engaged]);
}

/// Plan 4.2.4: what nobody here has is said, and help from outside is named.
#[test]
fn what_nobody_has_is_said() {
    let (state, file) = (rongcheng(), incident(1, Some("hazchem"), Some(OIL_DEPOT)));
    let proposal = propose(&state, &file, &one_slot("helicopter", 2, 60), NOW, Options::default());
    let gap = proposal.slots[0].gap.as_ref().unwrap();
    assert!(
        gap.text.zh.contains("全市台账中没有这项能力") && gap.text.zh.contains("跨区域增援"),
        "{}",
        gap.text.zh
    );
}

/// Plan 4.2.1, 5.4: doubtful forces stand behind clean ones when the loss is small, and not when it is large.
#[test]
fn a_doubtful_force_gives_way_only_where_little_is_lost() {
    let mut state = rongcheng();
    let (near, far) = (Point { lon: 122.42, lat: 36.8893 }, Point { lon: 122.43, lat: 36.8893 });
    for (id, point) in [("force-901", near), ("force-902", far)] {
        let mut force = (**state.ledger.forces.get(&force_id("force-083")).unwrap()).clone();
        force.id = force_id(id);
        force.point = point;
        force.capabilities = vec![("snow_plough".into(), 1)];
        add(&mut state, force);
    }
    let file = incident(1, Some("hazchem"), Some(OIL_DEPOT));
    let first = |state: &domain::State| {
        let proposal = propose(state, &file, &one_slot("snow_plough", 1, 60), NOW, Options::default());
        (proposal.slots[0].picks[0].clone(), proposal.slots[0].alternatives[0].clone())
    };
    assert_eq!(first(&state).0.force, force_id("force-901"));
    change(&mut state, "force-901", |f| f.verified_until = Some(NOW.plus_s(-1)));
    let (pick, passed_over) = first(&state);
    assert_eq!(pick.force, force_id("force-902"));
    assert_eq!(passed_over.marks, [Mark::Unverified]);
    assert!(passed_over.reason.zh.contains("台账超期未核（按晚到 3 分钟排序）"), "{}", passed_over.reason.zh);
    change(&mut state, "force-902", |f| f.point = Point { lon: 122.6, lat: 37.3 });
    let (pick, _) = first(&state);
    assert_eq!(pick.force, force_id("force-901"));
    assert!(pick.reason.zh.contains("仍须列入"), "{}", pick.reason.zh);
}

#[test]
fn an_empty_duty_room_and_a_missing_number_are_marked() {
    let mut state = rongcheng();
    nobody_on_duty(&mut state, "force-072");
    change(&mut state, "force-072", |f| f.contacts.clear());
    let file = incident(1, Some("hazchem"), Some(OIL_DEPOT));
    let proposal = propose(&state, &file, &one_slot("liquid_transfer", 1, 60), NOW, Options::default());
    assert_eq!(proposal.slots[0].picks[0].marks, [Mark::OffDuty, Mark::NoContact]);
}

/// Plan 4.3.2: the nearest own station goes even before hazard and grade are known, and only once.
#[test]
fn the_nearest_station_goes_before_anything_is_known() {
    let (mut state, mut file) = (rongcheng(), incident(1, None, Some(OIL_DEPOT)));
    let tasks = default_first_response(&state, &file, None, NOW);
    assert_eq!(tasks.iter().map(|t| t.force.as_str()).collect::<Vec<_>>(), ["force-002"]);
    order(&mut state, &mut file, "force-002", None, OrderStep::Issued);
    assert_eq!(default_first_response(&state, &file, None, NOW), []);
}

#[test]
fn a_station_that_declined_is_not_proposed_again() {
    let (mut state, mut file) = (rongcheng(), incident(1, Some("fire"), Some(OIL_DEPOT)));
    order(&mut state, &mut file, "force-002", Some(("water", 3)), OrderStep::Declined);
    let proposal = propose(&state, &file, &composition("fire", 2), NOW, Options::default());
    assert!(proposal.picks().all(|(_, p)| p.force != force_id("force-002")));
    let tasks = default_first_response(&state, &file, None, NOW);
    assert_eq!(tasks[0].force, force_id("force-008"));
}

/// An unknown place is said, not guessed around.
#[test]
fn without_a_place_nothing_is_proposed() {
    let (state, file) = (rongcheng(), incident(1, Some("hazchem"), None));
    let proposal = propose(&state, &file, &composition("hazchem", 1), NOW, Options::default());
    assert!(proposal.picks().next().is_none());
    assert!(proposal.slots.iter().all(|s| s.gap.as_ref().unwrap().text.zh.contains("现场位置不明")));
}

/// A plan cites the hash: what it rests on can be shown again to the byte.
#[test]
fn a_proposal_survives_storage_with_its_hash() {
    let (state, file) = (rongcheng(), incident(1, Some("hazchem"), Some(OIL_DEPOT)));
    let proposal = propose(&state, &file, &composition("hazchem", 3), NOW, Options::default());
    let stored = serde_json::to_string(&proposal).unwrap();
    let read: Proposal = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, proposal);
    assert_eq!(read.hash(), proposal.hash());
    assert_eq!(proposal.hash().len(), 64);
    let later = propose(&state, &file, &composition("hazchem", 3), NOW.plus_s(60), Options::default());
    assert_eq!(later.hash(), proposal.hash(), "time alone changes nothing");
    let other = propose(&state, &file, &composition("hazchem", 2), NOW, Options::default());
    assert_ne!(other.hash(), proposal.hash());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The same incident gives the same bytes, wherever it happens and whoever is out.
    #[test]
    fn the_same_state_gives_the_same_bytes(
        lon in 122.1_f64..122.7,
        lat in 36.8_f64..37.4,
        grade in 1_u8..=5,
        out in proptest::collection::btree_set(1_u16..=123, 0..40),
    ) {
        let mut state = rongcheng();
        let mut other = incident(9, Some("fire"), Some(OIL_DEPOT));
        for n in &out {
            order(&mut state, &mut other, &format!("force-{n:03}"), None, OrderStep::Arrived);
        }
        let file = incident(1, Some("hazchem"), Some(Point { lon, lat }));
        let once = propose(&state, &file, &composition("hazchem", grade), NOW, Options::default());
        let twice = propose(&state.clone(), &file, &composition("hazchem", grade), NOW, Options::default());
        prop_assert_eq!(serde_json::to_vec(&once).unwrap(), serde_json::to_vec(&twice).unwrap());
        for slot in &once.slots {
            prop_assert!(slot.picks.iter().all(|p| p.held.is_none()));
            let mut forces: Vec<&ForceId> = slot.picks.iter().map(|p| &p.force).collect();
            forces.dedup();
            prop_assert_eq!(forces.len(), slot.picks.len());
            for pick in &slot.picks {
                prop_assert!(pick.quantity <= state.ledger.forces[&pick.force].has(&slot.capability));
            }
            prop_assert_eq!(slot.gap.is_some(), slot.filled < slot.quantity || missing_people(&state, slot));
        }
    }
}

fn missing_people(state: &domain::State, slot: &SlotProposal) -> bool {
    let people: u32 = slot.picks.iter().map(|p| u32::from(state.ledger.forces[&p.force].strength)).sum();
    people < slot.min_strength.unwrap_or(0)
}
