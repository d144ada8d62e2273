//! The one shared cast of the tests: Rongcheng in small, with named forces, all on duty. Tests read like an incident.

mod deck;
pub mod random;

use std::sync::Arc;

use ulid::Ulid;

use crate::authority::Role;
use crate::composition::{Composition, Slot};
use crate::context::{OnBehalfOf, Through};
use crate::delivery::{ChannelKind, Way};
use crate::dispatch::{ArrangementsGiven, ReportToGiven, TaskGiven};
use crate::duty::{DutyPosition, DutyRow};
use crate::incident::Source;
use crate::jurisdiction::establish_jurisdiction::EstablishJurisdiction;
use crate::jurisdiction::{
    Basis, BasisRule, Capability, DocumentHead, GazetteerPlace, Hazard, Jurisdiction, Linkage, Offices,
    TownSeat,
};
use crate::ledger::{Force, ForceKind};
use crate::org::{Account, Contact, Org, OrgKind};
use crate::personal::{Personal, Subject};
use crate::readiness::{Limits, LimitsTable, deadlines};
use crate::refusal::Refusal;
use crate::types::{IncidentId, OrderId, PlaceGiven, PlanId, Point, Time};
use crate::{
    Act, Actor, Context, Event, IncidentFile, Recorded, Resource, State, Stream, Told, apply, decide,
};

/// 2026-11-24 00:00 at Rongcheng.
pub const MIDNIGHT: Time = Time(1_795_449_600_000);

/// A jurisdiction under test: its state, its journal and the time.
#[derive(Debug, Clone)]
pub struct Town {
    /// What is known now.
    pub state: State,
    /// Everything that happened.
    pub journal: Vec<Recorded>,
    /// Now; it passes only by `at` and `after_s`.
    pub now: Time,
    told: Told,
    acts: u128,
}

impl Town {
    /// Rongcheng in small at a local time of day, such as `08:00`.
    pub fn rongcheng(clock: &str) -> Self {
        let mut town = Self {
            state: State::default(),
            journal: Vec::new(),
            now: MIDNIGHT,
            told: Told::default(),
            acts: 0,
        };
        town.at(clock);
        town.as_actor(Actor::clock(), establishment()).expect("the cast's own jurisdiction is valid");
        town
    }

    /// Time passes until a local time of day.
    pub fn at(&mut self, clock: &str) -> &mut Self {
        let (hour, minute) = clock.split_once(':').expect("HH:MM");
        let minutes: i64 = hour.parse::<i64>().expect("hour") * 60 + minute.parse::<i64>().expect("minute");
        self.now = MIDNIGHT.plus_s(minutes * 60);
        self
    }

    /// Time passes.
    pub fn after_s(&mut self, seconds: i64) -> &mut Self {
        self.now = self.now.plus_s(seconds);
        self
    }

    /// The next act is typed in for somebody who spoke on the telephone.
    pub fn by_phone_for(&mut self, who: &str) -> &mut Self {
        self.told.on_behalf_of = Some(OnBehalfOf { who: who.to_owned(), through: Through::Phone });
        self
    }

    /// The next act happened earlier (or later) than now.
    pub fn that_happened(&mut self, seconds_from_now: i64) -> &mut Self {
        self.told.occurred_at = Some(self.now.plus_s(seconds_from_now));
        self
    }

    /// An account acts.
    pub fn act(&mut self, account: &str, act: impl Into<Act>) -> Result<Resource, Refusal> {
        let id = account.parse().expect("an account of the cast");
        let actor = self.state.org.account(&id).expect("an account of the cast").actor();
        self.as_actor(actor, act.into())
    }

    /// An account acts, and it must be accepted.
    pub fn does(&mut self, account: &str, act: impl Into<Act>) -> Resource {
        self.act(account, act).unwrap_or_else(|refusal| panic!("{account} was refused: {refusal}"))
    }

    /// An act of a random history is asked.
    pub fn asked(&mut self, asked: &random::Asked) -> Result<Resource, Refusal> {
        self.told = asked.told.clone();
        self.as_actor(asked.actor(&self.state), asked.act())
    }

    /// Somebody acts, the clock included; an incident that is over is brought back for it, as a node does.
    pub fn as_actor(&mut self, actor: Actor, act: Act) -> Result<Resource, Refusal> {
        let cold =
            crate::authority::incident_of(&self.state, &act.target()).filter(|id| self.state.is_cold(*id));
        if let Some(file) = cold.and_then(|id| IncidentFile::fold(id, self.stream(id))) {
            self.state.thaw(file);
        }
        let done = self.decides(actor, act);
        self.state.refreeze();
        done
    }

    fn decides(&mut self, actor: Actor, act: Act) -> Result<Resource, Refusal> {
        self.acts += 1;
        let told = std::mem::take(&mut self.told);
        let mut ctx = Context::new(self.now, actor, told, Ulid(self.acts << 32));
        let decision = decide(&self.state, &mut ctx, act)?;
        for (stream, event) in decision.events {
            let seq = self.journal.len() as u64 + 1;
            let recorded = Recorded { seq, at: self.now, stream, event };
            apply(&mut self.state, &recorded);
            self.journal.push(recorded);
        }
        Ok(decision.resource)
    }

    /// What an incident's own stream holds.
    pub fn stream(&self, id: IncidentId) -> impl Iterator<Item = &Recorded> {
        self.journal.iter().filter(move |recorded| recorded.stream == Stream::Incident(id))
    }

    /// The clock fires everything that is due by now, until nothing is.
    pub fn clock_runs(&mut self) -> usize {
        let mut fired = 0;
        loop {
            let due = self.state.whole().flat_map(deadlines).filter(|d| d.due <= self.now).min();
            let Some(due) = due else { return fired };
            let act = crate::readiness::meet_deadline::MeetDeadline {
                incident: due.incident,
                kind: due.kind,
                subject: due.subject,
                due: due.due,
            };
            self.as_actor(Actor::clock(), act.into()).expect("a deadline that is due can be met");
            fired += 1;
            assert!(fired < 10_000, "the clock does not come to rest: {due:?}");
        }
    }

    /// A tank burns at the oil depot of 石岛: called in, verified, hazchem, grade 3.
    pub fn oil_depot_burns(&mut self) -> IncidentId {
        let taken = self.does("dispatcher", oil_depot_call());
        let incident = taken.incident.expect("a call opens an incident");
        self.does(
            "dispatcher",
            crate::incident::verify_call::VerifyCall {
                incident,
                outcome: crate::incident::verify_call::Outcome::Real,
                note: None,
            },
        );
        incident
    }

    /// The brigade drafts and submits a plan; gives its id.
    pub fn plan_submitted(&mut self, incident: IncidentId, forces: &[&str]) -> PlanId {
        let plan = self.plan_drafted(incident, forces);
        self.does("dispatcher", crate::dispatch::submit_plan::SubmitPlan { plan, revision: 1 });
        plan
    }

    /// The brigade drafts a plan; gives its id.
    pub fn plan_drafted(&mut self, incident: IncidentId, forces: &[&str]) -> PlanId {
        let drafted = self.does("dispatcher", plan_for(incident, forces));
        drafted.id.parse().expect("a plan's id")
    }

    /// Forces ordered by an approved plan; gives their orders in the plan's sequence.
    pub fn ordered(&mut self, incident: IncidentId, forces: &[&str]) -> Vec<OrderId> {
        let plan = self.plan_submitted(incident, forces);
        self.does(
            "shift-leader",
            crate::dispatch::approve_plan::ApprovePlan { plan, revision: 1, tasks: None, remark: None },
        );
        let file = self.state.incident(incident).expect("the incident is open");
        forces
            .iter()
            .map(|f| file.dispatch.running_order_of(&slug(f)).expect("an order for each").id)
            .collect()
    }

    /// The events of one act onwards, by kind.
    pub fn kinds_since(&self, seq: usize) -> Vec<&'static str> {
        self.journal[seq..].iter().map(|r| r.event.kind()).collect()
    }

    /// Events of a kind so far.
    pub fn count(&self, kind: &str) -> usize {
        self.journal.iter().filter(|r| r.event.kind() == kind).count()
    }

    /// The journal as it would be read back: encoded and decoded.
    pub fn read_back(&self) -> Vec<Recorded> {
        let reread = |r: &Recorded| {
            let e = &r.event;
            let event = Event::decode(e.kind(), e.version(), &e.encode()).expect("what was written is read");
            Recorded { event, ..r.clone() }
        };
        self.journal.iter().map(reread).collect()
    }
}

/// An id of the cast.
pub fn slug<T: std::str::FromStr>(text: &str) -> T {
    text.parse().ok().expect("an id of the cast")
}

/// The call about the oil depot.
pub fn oil_depot_call() -> crate::incident::take_call::TakeCall {
    crate::incident::take_call::TakeCall {
        source: Source::Fire119,
        caller: Some("油库值班员".to_owned()),
        caller_number: Some("0631-0999001".to_owned()),
        recording: Some("L20261124-0001".to_owned()),
        place: PlaceGiven { place: Some(slug("place-shidao-youku")), ..PlaceGiven::default() },
        hazard: Some("hazchem".to_owned()),
        grade: Some(3),
        trapped: Some(2),
        substance: Some("汽油".to_owned()),
        narrative: Some("三号罐罐体起火，有人被困".to_owned()),
        drill: false,
        same_as: None,
        received_at: None,
    }
}

/// Arrangements that will do.
pub fn arrangements() -> ArrangementsGiven {
    ArrangementsGiven {
        assembly_point: PlaceGiven { text: "油库北门外 200 米".to_owned(), ..PlaceGiven::default() },
        report_to: ReportToGiven {
            position: "现场指挥员".to_owned(),
            phone: Some("0631-0999002".to_owned()),
        },
        radio_channel: Some("消防 3 频道".to_owned()),
        protection: Some("隔热服、空气呼吸器".to_owned()),
        ..ArrangementsGiven::default()
    }
}

/// A task for a force.
pub fn task(force: &str) -> TaskGiven {
    TaskGiven {
        force: slug(force),
        task: "到场增援".to_owned(),
        slot: None,
        capability: None,
        quantity: None,
    }
}

/// A plan for some forces.
pub fn plan_for(incident: IncidentId, forces: &[&str]) -> crate::dispatch::draft_plan::DraftPlan {
    crate::dispatch::draft_plan::DraftPlan {
        incident,
        tasks: forces.iter().map(|f| task(f)).collect(),
        arrangements: arrangements(),
        proposal: None,
        supplement_to: None,
        by_order_of_post: false,
        signed_by: slug("commander"),
    }
}

fn establishment() -> Act {
    EstablishJurisdiction {
        jurisdiction: jurisdiction(),
        limits: LimitsTable { routine: limits(60), heightened: limits(45), emergency: limits(30) },
        orgs: orgs(),
        accounts: accounts(),
        forces: forces(),
        duty: duty(),
        compositions: compositions(),
    }
    .into()
}

/// Limits of the cast: an answer within `answer_s`, everything else in proportion.
pub fn limits(answer_s: i64) -> Limits {
    Limits {
        answer_limit_s: answer_s,
        way_limit_s: answer_s / 3,
        strength_limit_s: answer_s * 3,
        depart_grace_s: answer_s,
        arrive_grace_s: answer_s * 5,
        deploy_limit_s: answer_s * 10,
        progress_interval_s: answer_s * 30,
        approval_limit_s: answer_s * 3,
        deputy_limit_s: answer_s * 2,
        written_confirmation_limit_s: answer_s * 120,
        town_answer_limit_s: answer_s * 5,
        filing_sign_limit_s: answer_s * 10,
        first_report_limit_s: answer_s * 60,
        follow_up_interval_s: answer_s * 60,
        final_report_limit_s: answer_s * 120,
        report_read_limit_s: answer_s * 10,
        stand_by_confirm_limit_s: answer_s * 5,
        linkage_confirm_limit_s: answer_s * 5,
        request_answer_limit_s: answer_s * 30,
        reinforcement_answer_limit_s: answer_s * 30,
        situation_report_interval_s: answer_s * 120,
        withdrawal_confirm_limit_s: answer_s * 3,
        briefing_limit_s: answer_s * 15,
        return_form_limit_s: answer_s * 1440,
        instruction_feedback_limit_s: answer_s * 60,
        review_limit_s: answer_s * 14_400,
        late_entry_max_s: answer_s * 2880,
        position_stale_s: answer_s * 5,
    }
}

fn text(s: &str) -> String {
    s.to_owned()
}

fn jurisdiction() -> Jurisdiction {
    Jurisdiction {
        code: text("371082"),
        name_zh: text("荣成市"),
        name_en: text("Rongcheng"),
        superior_zh: text("威海市"),
        superior_en: text("Weihai"),
        utc_offset_min: 480,
        merge_reach_m: None,
        merge_window_s: None,
        offices: Some(offices()),
        documents: vec![DocumentHead {
            kind: text("order"),
            title_zh: text("出动指令"),
            title_en: text("Order"),
            issuer: slug("org-xiaofang"),
            heading_zh: text("荣成市消防救援大队"),
            number_pattern: text("荣消调〔{year}〕{n}号"),
        }],
        hazards: hazards(),
        capabilities: capabilities(),
        bases: bases(),
        linkages: linkages(),
        towns: towns(),
        places: places(),
    }
}

fn offices() -> Offices {
    Offices {
        brigade: slug("org-xiaofang"),
        bureau: slug("org-yingji"),
        duty_office: slug("org-zongzhiban"),
        committee: slug("org-shiwei"),
        government: slug("org-shizhengfu"),
        leading_group: slug("org-lingdao-xiaozu"),
        superior_bureau: slug("org-weihai-yingji"),
        superior_brigade: slug("org-weihai-xiaofang"),
    }
}

fn hazards() -> Vec<Hazard> {
    let hazard = |code: &str, name: &str| Hazard {
        code: text(code),
        name_zh: text(name),
        name_en: text(code),
        short_zh: text(name),
        plan: true,
        cn_ep: Vec::new(),
        symbol: text(code),
        colour: text("#b00"),
        letter: code[..1].to_owned(),
    };
    vec![hazard("hazchem", "危化品和工贸事故"), hazard("fire", "火灾"), hazard("flood", "洪涝灾害")]
}

fn capabilities() -> Vec<Capability> {
    let capability = |code: &str, name: &str, unit: &str| Capability {
        code: text(code),
        name_zh: text(name),
        name_en: text(code),
        unit: text(unit),
        unit_zh: text(unit),
        group: text("rescue"),
    };
    vec![
        capability("foam_tanker", "泡沫消防车", "辆"),
        capability("hazchem_team", "化工应急队", "队"),
        capability("ambulance", "救护车", "辆"),
        capability("excavator", "挖掘机", "台"),
    ]
}

fn bases() -> Vec<BasisRule> {
    let any = || vec![text("any")];
    let base = |force_type: &str, basis, clause: &str, source: &str| BasisRule {
        kinds: any(),
        types: vec![text(force_type)],
        hazards: any(),
        basis,
        clause: text(clause),
        source_zh: text(source),
        source_en: text(source),
    };
    vec![
        base("own_station", Basis::Direct, "4.3.2", "本级消防救援站先期处置"),
        base("police", Basis::LinkageNotice, "", "联动通知"),
        base("armed_police", Basis::LetterOfRequest, "", "商请武警"),
        base("any", Basis::AfterApproval, "4.1.4", "报市应急管理局同意"),
    ]
}

fn linkages() -> Vec<Linkage> {
    let linkage = |code: &str, name: &str, number: &str, org: &str| Linkage {
        code: text(code),
        name_zh: text(name),
        name_en: text(code),
        number: text(number),
        org: slug(org),
        hazards: vec![text("any")],
    };
    vec![
        linkage("police_110", "110 公安指挥中心", "110", "org-gongan"),
        linkage("medical_120", "120 急救中心", "120", "org-weijian"),
    ]
}

fn towns() -> Vec<TownSeat> {
    let town = |code: &str, name: &str, org: &str, (lon, lat), latin: &str, pinyin: &str| TownSeat {
        code: text(code),
        name: text(name),
        org: slug(org),
        point: Point { lon, lat },
        latin: text(latin),
        pinyin: text(pinyin),
    };
    let (gangwan, yatou) = ((122.42451, 36.8803), (122.43762, 37.1566));
    vec![
        town("371082002", "港湾街道", "org-town-gangwan", gangwan, "Gangwan", "gang wan jie dao"),
        town("371082007", "崖头街道", "org-town-yatou", yatou, "Yatou", "ya tou jie dao"),
    ]
}

fn places() -> Vec<GazetteerPlace> {
    let place = |id: &str, name: &str, lon, lat, pinyin: &str| GazetteerPlace {
        id: slug(id),
        name: text(name),
        kind: text("locality"),
        town: Some(text("371082002")),
        point: Point { lon, lat },
        approximate: false,
        rank: 1,
        pinyin: text(pinyin),
        aliases: Vec::new(),
    };
    vec![
        place("place-shidao", "石岛", 122.42451, 36.8803, "shi dao"),
        place("place-shidao-youku", "石岛油库", 122.4172, 36.8851, "shi dao you ku"),
    ]
}

fn orgs() -> Vec<Org> {
    let org = |id: &str, name: &str, kind| Org {
        id: slug(id),
        name: text(name),
        short: text(name),
        kind,
        parent: None,
        town: None,
        point: None,
        annex2: None,
        contacts: Vec::new(),
    };
    vec![
        org("org-xiaofang", "市消防救援大队", OrgKind::Brigade),
        org("org-yingji", "市应急管理局", OrgKind::Bureau),
        org("org-zongzhiban", "市总值班室", OrgKind::Government),
        org("org-shiwei", "市委", OrgKind::Government),
        org("org-shizhengfu", "市政府", OrgKind::Government),
        org("org-gongxin", "市工信局", OrgKind::Department),
        org("org-weijian", "市卫健局", OrgKind::Department),
        org("org-gongan", "市公安局", OrgKind::Department),
        org("org-zhujian", "市住建局", OrgKind::Department),
        org("org-wujing", "武警中队", OrgKind::Military),
        org("org-town-gangwan", "港湾街道", OrgKind::Town),
        org("org-town-yatou", "崖头街道", OrgKind::Town),
        org("org-weihai-yingji", "威海市应急管理局", OrgKind::Superior),
        org("org-weihai-xiaofang", "威海市消防救援支队", OrgKind::Superior),
    ]
}

fn accounts() -> Vec<Account> {
    let account = |id: &str, role, org: &str, force: Option<&str>, position: &str| Account {
        id: slug(id),
        role,
        org: slug(org),
        force: force.map(slug),
        position: text(position),
    };
    let mut all = vec![
        account("dispatcher", Role::Dispatcher, "org-xiaofang", None, "指挥中心值班调度员"),
        account("commander", Role::Commander, "org-xiaofang", None, "大队值班指挥长"),
        account("bureau", Role::Bureau, "org-yingji", None, "应急值守处置科值班员"),
        account("shift-leader", Role::ShiftLeader, "org-yingji", None, "应急局带班领导"),
        account("deputy", Role::Deputy, "org-yingji", None, "应急局第一备岗"),
        account("govt", Role::Govt, "org-zongzhiban", None, "总值班室值班员"),
        account("leader", Role::Leader, "org-shizhengfu", None, "市政府分管领导"),
        account("post", Role::Post, "org-shizhengfu", None, "现场指挥部"),
        account("dept-gongxin", Role::Dept, "org-gongxin", None, "市工信局值班员"),
        account("dept-weijian", Role::Dept, "org-weijian", None, "市卫健局值班员"),
        account("dept-gongan", Role::Dept, "org-gongan", None, "市公安局值班员"),
        account("dept-wujing", Role::Dept, "org-wujing", None, "武警中队值班员"),
        account("town-gangwan", Role::Town, "org-town-gangwan", None, "港湾街道值班员"),
        account("town-yatou", Role::Town, "org-town-yatou", None, "崖头街道值班员"),
        account("admin", Role::Admin, "org-xiaofang", None, "系统管理员"),
        account("auditor", Role::Auditor, "org-yingji", None, "审计员"),
    ];
    for force in forces() {
        let position = format!("{}值班员01", force.short);
        all.push(account(
            force.id.as_str(),
            Role::Force,
            force.org.as_str(),
            Some(force.id.as_str()),
            &position,
        ));
    }
    all
}

/// One force of the cast, before its own details.
fn force(id: &str, name: &str, kind: ForceKind, force_type: &str, authority: &str, at: (f64, f64)) -> Force {
    let contact = |n: usize, title: &str| Contact {
        title: text(title),
        name: Personal::new(Subject(format!("person/{id}-{n}")), format!("{name}{title}0{n}")),
        phone: Personal::new(Subject(format!("person/{id}-{n}")), format!("0631-09{n:05}")),
        ways: [ChannelKind::Sms, ChannelKind::Voice].map(|channel| Way { channel, address: None }).to_vec(),
    };
    Force {
        id: slug(id),
        name: text(name),
        short: text(name),
        kind,
        force_type: text(force_type),
        org: slug(authority),
        authority: slug(authority),
        town: text("371082002"),
        point: Point { lon: at.0, lat: at.1 },
        strength: 14,
        duty_mode: text("24h"),
        mobilisation_s: 60,
        capabilities: Vec::new(),
        vehicles: Vec::new(),
        call_sign: text(name),
        insured_until: Some(MIDNIGHT.plus_s(86_400 * 30)),
        verified_until: Some(MIDNIGHT.plus_s(86_400 * 30)),
        basis: None,
        contacts: vec![contact(1, "值班员"), contact(2, "队长")],
    }
}

fn forces() -> Vec<Force> {
    use ForceKind::{Enterprise, Government, Social};
    let with = |mut f: Force, capabilities: &[(&str, u32)]| {
        f.capabilities = capabilities.iter().map(|(c, n)| (text(c), *n)).collect();
        f
    };
    vec![
        with(
            force("shidao", "石岛站", Government, "own_station", "org-xiaofang", (122.424, 36.883)),
            &[("foam_tanker", 1)],
        ),
        with(
            force("yatou", "崖头站", Government, "own_station", "org-xiaofang", (122.44, 37.155)),
            &[("foam_tanker", 3)],
        ),
        with(
            force("huagong", "荣成化工应急队", Enterprise, "professional", "org-gongxin", (122.44, 37.16)),
            &[("hazchem_team", 1), ("foam_tanker", 2)],
        ),
        with(
            force("jijiu", "市医院急救队", Government, "medical", "org-weijian", (122.43, 37.15)),
            &[("ambulance", 3)],
        ),
        with(
            force(
                "shidao-jijiu",
                "石岛人民医院急救队",
                Government,
                "medical",
                "org-weijian",
                (122.426, 36.881),
            ),
            &[("ambulance", 1)],
        ),
        with(
            force("jixie", "𠮷祥路桥机械队", Social, "machinery", "org-zhujian", (122.41, 36.9)),
            &[("excavator", 2)],
        ),
        force("tejing", "市公安局特警队", Government, "police", "org-gongan", (122.43, 37.16)),
        force("wujing", "武警中队", Government, "armed_police", "org-wujing", (122.45, 37.16)),
    ]
}

fn duty() -> Vec<DutyRow> {
    let row = |owner: &str, position, title: &str, officers: &[&str]| DutyRow {
        owner: text(owner),
        position,
        title: text(title),
        start_min: 510,
        hours: 24,
        officers: officers.iter().map(|o| text(o)).collect(),
    };
    use DutyPosition::{Deputy1, Deputy2, DutyCommander, DutyOfficer, ShiftLeader};
    let mut rows = vec![
        row("org-yingji", DutyOfficer, "值班员", &["应急局值班员01", "应急局值班员02"]),
        row("org-yingji", ShiftLeader, "带班领导", &["应急局带班领导01", "应急局带班领导02"]),
        row("org-yingji", Deputy1, "第一备岗", &["应急局备岗01"]),
        row("org-yingji", Deputy2, "第二备岗", &["应急局备岗02"]),
        row("org-xiaofang", DutyOfficer, "值班员", &["指挥中心值班员01"]),
        row("org-xiaofang", DutyCommander, "值班指挥长", &["大队指挥长01"]),
        row("org-town-gangwan", DutyOfficer, "值班员", &["港湾街道值班员01"]),
        row("org-town-gangwan", ShiftLeader, "带班领导", &["港湾街道带班领导01"]),
    ];
    for f in forces() {
        rows.push(row(f.id.as_str(), DutyOfficer, "值班员", &[&format!("{}值班员01", f.short)]));
    }
    rows
}

fn compositions() -> Vec<Composition> {
    let slot = |id: &str, capability: &str, quantity, within_min| Slot {
        id: text(id),
        capability: text(capability),
        quantity,
        min_strength: None,
        within_min,
        own_station_first: capability == "foam_tanker",
        known_gap: false,
        why_zh: text("控制流淌火，冷却邻近储罐"),
        why_en: text("hold spill fires, cool neighbouring tanks"),
    };
    let grade = |grade: u8| Composition {
        id: slug(&format!("hazchem-{grade}")),
        version: 1,
        hazard: text("hazchem"),
        grade,
        source_zh: text("示例，须经本地批准"),
        source_en: text("sample, to be approved locally"),
        slots: vec![
            slot("foam", "foam_tanker", u32::from(grade), 30),
            slot("hazchem", "hazchem_team", 1, 60),
            slot("ambulance", "ambulance", u32::from(grade.div_ceil(2)), 30),
        ],
    };
    (1..=5).map(grade).collect()
}

/// The cast's state without a journal, for tests that only look.
pub fn rongcheng() -> Arc<State> {
    Arc::new(Town::rongcheng("08:00").state)
}
