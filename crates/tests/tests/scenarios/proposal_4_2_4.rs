//! Step 3 of the story: the proposal (调度编成), Plan 4.2.4.

use muster_tests::town::{Seen, Town};
use serde_json::json;

use crate::field::{Story, depot_fire};

/// Slots with reasons and gaps; a higher grade proposes only what is missing.
pub(crate) fn plays(town: &Town, story: &Story) {
    let proposal = town.brigade().sees(&story.path("/proposal"));
    every_choice_is_explained(&proposal);
    let standing = |p: &Seen, capability: &str| slot(p, capability).number("standing");
    assert!(standing(&proposal, "water_tanker") > 0, "what first response ordered is counted");
    town.brigade().does(&story.path("/grade"), json!({ "grade": 3 }));
    let raised = town.brigade().sees(&story.path("/proposal"));
    assert_eq!(raised.at("composition").number("grade"), 3);
    assert_eq!(slot(&raised, "water_tanker").number("quantity"), 6, "grade 3 asks for six");
    assert_eq!(standing(&raised, "water_tanker"), standing(&proposal, "water_tanker"));
    let out = story.file(town).each("orders", "force_ref");
    for task in raised.all("tasks") {
        let force = task.text("force");
        assert!(!out.iter().any(|name| town.id(name) == force), "{force} is out already");
    }
    for s in raised.all("slots") {
        let enough = s.number("quantity") <= s.number("standing") + s.number("planned");
        assert_eq!(enough, s.all("picks").is_empty() && !s.has("gap"), "only what is missing: {s:?}");
    }
}

fn every_choice_is_explained(proposal: &Seen) {
    assert_eq!(proposal.text("travel_basis"), "straight_line");
    let text: Vec<String> = proposal.all("text").iter().map(|l| l.0.as_str().unwrap().to_owned()).collect();
    assert!(text.iter().any(|line| line.contains("直线")), "times from distance say so: {text:?}");
    assert!(!proposal.at("composition").text("source").is_empty());
    let chinese =
        |line: &str| line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) && !line.contains('\n');
    let mut picks = 0;
    for slot in proposal.all("slots") {
        assert!(chinese(&slot.text("why")), "{slot:?}");
        for pick in [slot.all("picks"), slot.all("alternatives")].concat() {
            assert!(chinese(&pick.text("reason")), "{pick:?}");
            assert_eq!(pick.number("eta_s"), pick.number("travel_s") + pick.number("mobilisation_s"));
            picks += 1;
        }
        if slot.has("gap") {
            assert!(chinese(&slot.at("gap").text("text")), "{slot:?}");
        }
    }
    assert!(picks > 5, "a proposal without choices is none");
    let alternatives = proposal.all("slots").iter().any(|slot| !slot.all("alternatives").is_empty());
    assert!(alternatives, "alternatives stand beside the choice");
}

fn slot(proposal: &Seen, capability: &str) -> Seen {
    let slots = proposal.all("slots");
    let found = slots.iter().find(|s| s.at("capability").text("code") == capability);
    found.unwrap_or_else(|| panic!("no slot for {capability}")).clone()
}

/// Plan 4.2.4: the seven hazards of the plan have a composition at each grade, each with the source of its quantities.
#[test]
fn every_hazard_and_grade_has_a_composition_with_its_source() {
    let town = Town::rongcheng();
    let all = town.brigade().sees("/compositions").list();
    for hazard in ["eq_geo", "mine", "hazchem", "fire", "traffic", "flood", "forest_fire"] {
        let grades: Vec<i64> = all
            .iter()
            .map(|c| c.at("composition"))
            .filter(|c| c.text("hazard") == hazard)
            .map(|c| c.number("grade"))
            .collect();
        assert_eq!(grades, [1, 2, 3, 4, 5], "{hazard}");
    }
    assert!(all.iter().all(|c| !c.at("composition").text("source_zh").is_empty()));
}

/// Plan 4.2.4: a plan cites the proposal it rests on by its hash, and that proposal can be read again, byte by byte.
#[test]
fn a_plan_cites_the_proposal_it_rests_on() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    let proposal = town.brigade().sees(&story.path("/proposal"));
    let hash = proposal.text("hash");
    let plan = json!({
        "tasks": proposal.at("tasks").0, "arrangements": crate::field::arrangements(),
        "signed_by": "commander", "proposal": hash,
    });
    let plan = town.brigade().does(&story.path("/plans"), plan).id;
    let kept = town.bureau().sees(&format!("/proposals/{hash}"));
    assert_eq!(kept.text("incident"), story.incident);
    town.brigade().does(&story.path("/grade"), json!({ "grade": 4 }));
    let later = town.brigade().sees(&story.path("/proposal"));
    assert_ne!(later.text("hash"), hash, "a higher grade asks for more");
    assert_eq!(town.bureau().sees(&format!("/proposals/{hash}")), kept, "what was cited stays as it was");
    assert_eq!(town.bureau().sees(&format!("/plans/{plan}")).text("proposal"), hash);
}

/// Plan 4.2.4: without hazard and grade there is nothing to propose; a lower grade is no raise.
#[test]
fn a_proposal_needs_hazard_and_grade_and_a_grade_only_rises() {
    let town = Town::rongcheng();
    let call = json!({ "source": "119", "place": { "text": "石岛油库", "place": "place-shidaoyouku" } });
    let story = crate::field::starts(&town, call);
    let none = town.brigade().sees(&story.path("/proposal"));
    assert!(!none.has("composition") && none.all("slots").is_empty());
    assert_eq!(story.file(&town).at("next").text("act"), "classify_incident");
    town.brigade().does(&story.path("/classify"), json!({ "hazard": "fire", "grade": 3 }));
    assert_eq!(town.brigade().sees(&story.path("/proposal")).at("composition").text("hazard"), "fire");
    let as_if = town.brigade().sees(&story.path("/proposal?grade=5"));
    assert_eq!(as_if.at("composition").number("grade"), 5, "a look at a higher grade commits to nothing");
    for grade in [3, 2] {
        let refused = town.brigade().is_refused(&story.path("/grade"), json!({ "grade": grade }));
        assert_eq!((refused.status, refused.fields.as_slice()), (422, ["/grade".to_owned()].as_slice()));
    }
}

/// Plan 4.2.4: a composition that both sides adopted replaces the older one from then on.
#[test]
fn a_composition_adopted_by_both_sides_is_the_one_proposed() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    let before = town.brigade().sees(&story.path("/proposal"));
    let id = before.at("composition").text("id");
    let adopted = json!({
        "id": id, "hazard": "hazchem", "grade": 2, "source": "2026 年联席会议纪要第 3 号",
        "approved_by": "市应急局带班领导", "slots": [{
            "id": "foam", "capability": "foam_tanker", "quantity": 4, "within_min": 20,
            "why_zh": "覆盖泄漏油品", "why_en": "cover the spill",
        }],
    });
    let refused = town.brigade().is_refused("/compositions", adopted.clone());
    assert_eq!((refused.status, refused.clause.as_str()), (403, "4.2.4"), "a dispatcher adopts nothing");
    town.commander().does("/compositions", adopted);
    let after = town.brigade().sees(&story.path("/proposal"));
    assert_eq!(after.all("slots").len(), 1);
    assert_eq!(after.at("composition").number("version"), before.at("composition").number("version") + 1);
    assert!(after.at("composition").text("source").contains("市应急局带班领导"));
}

/// Plan 4.3.1: what public services send by linkage notice is no force to be planned: it is said whether they were told.
#[test]
fn what_comes_by_linkage_notice_is_said_as_such() {
    let town = Town::rongcheng();
    let story = depot_fire(&town);
    let ambulances = || -> String {
        let lines = story.file(&town).at("uncovered").list();
        let mut lines = lines.iter().map(|line| line.0.as_str().unwrap().to_owned());
        lines.find(|line| line.starts_with("救护车")).expect("ambulances are asked for")
    };
    assert!(ambulances().contains("尚缺") && ambulances().ends_with("发联动通知"), "{}", ambulances());
    let told = json!({ "orgs": [town.id("120急救中心")] });
    town.brigade().does(&story.path("/linkage-notices"), told);
    assert!(ambulances().ends_with("由120急救中心派出，已发联动通知"), "{}", ambulances());
}
