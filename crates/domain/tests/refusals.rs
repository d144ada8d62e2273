//! What the system's no says to a person: every refusal in both languages, as printed and reviewed.

use std::fmt::Write as _;

use domain::Refusal;
use domain::act::ActKind;
use domain::authority::Role;
use domain::refusal::{Blocker, FieldFault, Instead, Thing};
use domain::testing::slug;
use domain::types::{IncidentId, Lang, OrderId, PlanId, Time};

const PRINTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/refusals.txt");

fn ulid<I: domain::types::ids::Fresh>() -> I {
    I::from_ulid(ulid::Ulid(1))
}

fn name(text: &str) -> String {
    text.to_owned()
}

/// One of each. The match in `refusal_text` is exhaustive; this is what a person reads.
fn refusals() -> Vec<Refusal> {
    let chemical = || name("荣成化工应急队");
    let basis = |basis, instead| Refusal::OtherBasis {
        force: slug("wujing"),
        name: name("武警中队"),
        basis,
        law: name("《人民武装警察法》"),
        instead: vec![Instead(instead)],
    };
    let over = |status, merged_into| Refusal::IncidentOver { incident: ulid(), status, merged_into };
    vec![
        Refusal::not_found(Thing::Order, "01KAX"),
        Refusal::NotPermitted {
            act: ActKind::ApprovePlan,
            role: Role::Dispatcher,
            clause: "4.1.4",
            who_may: vec![Role::ShiftLeader, Role::Deputy],
            instead: vec![Instead(ActKind::RecordTelephoneApproval)],
        },
        Refusal::NotYours { act: ActKind::AcknowledgeOrder },
        Refusal::OnBehalfMissing { act: ActKind::AcknowledgeOrder },
        Refusal::NotInCommand {
            act: ActKind::ReleaseOrder, holder: name("现场指挥部"), instead: Vec::new()
        },
        Refusal::NotInCommand {
            act: ActKind::ReleaseOrder,
            holder: name("消防救援大队"),
            instead: Vec::new(),
        },
        Refusal::ApprovalNeeded { force: slug("huagong"), name: chemical() },
        basis("linkage_notice", ActKind::SendLinkageNotices),
        basis("letter_of_request", ActKind::SendLetter),
        basis("after_approval", ActKind::DraftPlan),
        basis("direct", ActKind::OrderFirstResponse),
        Refusal::WrongStatus {
            act: ActKind::ApprovePlan,
            what: Thing::Plan,
            status: "withdrawn",
            needs: "submitted",
        },
        Refusal::StaleRevision { seen: 1, now: 3 },
        over("closed", None),
        over("merged", Some(ulid::<IncidentId>())),
        Refusal::DrillMixed { incident: ulid(), drill: true },
        Refusal::DrillMixed { incident: ulid(), drill: false },
        Refusal::AlreadyOrdered { force: slug("huagong"), name: chemical(), order: ulid::<OrderId>() },
        Refusal::AlreadyPlanned { force: slug("huagong"), name: chemical(), plan: ulid::<PlanId>() },
        Refusal::AlreadyDone { act: ActKind::EstablishPost },
        Refusal::StillInside { act: ActKind::ReleaseOrder, groups: name("堵漏组、侦检组"), count: 6 },
        Refusal::CannotClose { blockers: blockers() },
        Refusal::NotAsked { asked: name("应急局带班领导01") },
        Refusal::NotASigner { account: name("dispatcher") },
        Refusal::FirstDo { act: ActKind::AttachForce, first: ActKind::AnswerReinforcement, clause: "4.1.4" },
        Refusal::Limit { what: Thing::Plan, limit: 500 },
        Refusal::NobodyOnDuty { org: slug("org-town-yatou"), name: name("崖头街道") },
        Refusal::AlreadyEstablished,
    ]
}

fn blockers() -> Vec<Blocker> {
    vec![
        Blocker::NotControlled,
        Blocker::OrdersRunning(3),
        Blocker::PlansWaiting(2),
        Blocker::WrittenAgreementDue(2),
        Blocker::WithdrawalUnconfirmed(2),
        Blocker::PeopleInside(4),
        Blocker::LettersWaiting(2),
        Blocker::ReinforcementWaiting(2),
        Blocker::AttachedForces(2),
        Blocker::NoFinalReport,
        Blocker::InstructionsOpen(2),
    ]
}

fn faults() -> Vec<(&'static str, FieldFault)> {
    let at = Time::parse("2026-11-24T08:30:05+08:00").expect("a time");
    vec![
        ("/tasks/0/task", FieldFault::Empty),
        ("/need", FieldFault::TooLong { chars: 4001, limit: 4000 }),
        ("/forces", FieldFault::TooMany { count: 2001, limit: 2000 }),
        ("/text", FieldFault::ControlCharacter),
        ("/missing", FieldFault::OutOfRange { least: 1, most: 1_000_000 }),
        ("/place/point", FieldFault::NotAPoint),
        ("/place", FieldFault::PlaceUnknown),
        ("/occurred_at", FieldFault::TooFarAhead { limit_s: 60 }),
        ("/occurred_at", FieldFault::TooLongAgo { limit_s: 172_800 }),
        ("/tasks/3/force", FieldFault::Twice { what: name("石岛站") }),
        ("/to", FieldFault::Unknown { value: name("市公安局") }),
        ("/grade", FieldFault::NotHigher { now: 4 }),
        ("/occurred_at", FieldFault::BeforeEarlierStep { earlier: at }),
        ("/occurred_at", FieldFault::AfterLaterStep { later: at }),
    ]
}

/// A refusal says what, why and what to do next, in the words of the plan (STYLE 6).
#[test]
fn every_refusal_reads_well_in_both_languages() {
    let fields = faults().into_iter().map(|(pointer, fault)| Refusal::field(pointer, fault));
    let mut text = String::new();
    for refusal in refusals().into_iter().chain(fields) {
        let (zh, en) = (refusal.text(Lang::Zh), refusal.text(Lang::En));
        assert!(zh.ends_with('。') && en.ends_with('.'), "{zh} {en}");
        let clause = refusal.clause().unwrap_or("-");
        let _ = writeln!(text, "{} {clause}\n  {zh}\n  {en}", refusal.code());
    }
    if std::env::var_os("MUSTER_BLESS").is_some() {
        std::fs::write(PRINTED, &text).expect("the printed texts are writable");
    }
    let printed = std::fs::read_to_string(PRINTED).unwrap_or_default();
    assert_eq!(printed, text, "a refusal's text has changed: review it, then bless it with MUSTER_BLESS=1");
}
