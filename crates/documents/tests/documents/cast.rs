//! One incident, the fire at the Shidao oil depot, as it stands in each document.

use muster_documents::{
    Contact, Date, DateTime, Lang, Official,
    briefing::{self, Briefing},
    filing::{self, Filing},
    hand_over_sheet::{self, HandOverSheet},
    information_report::{Casualties, InformationReport, Stage},
    letter_of_request::{DirectRequest, LetterOfRequest, Request},
    order::Order,
    plan::{Approval, Plan, Task},
    reinforcement_request::{Need, ReinforcementRequest},
    review::{Deviation, Improvement, Interval, Moment, Review},
    situation_report::{self, Instruction, SituationReport},
};

pub(crate) const TODAY: Date = Date { year: 2026, month: 11, day: 24 };
const INCIDENT: &str = "石岛油库火灾";
const BASIS: &str = "《荣成市应急救援力量联调联战工作方案》四（一）4的规定，经荣成市应急管理局同意（2026年11月24日 8时33分，电话，带班领导于某某）";
const SITUATION: &str = "2026年11月24日 8时12分，石岛管理区石岛油库3号储罐起火，罐内汽油约800吨，火势向相邻2号罐蔓延，有2人被困。";

pub(crate) fn at(hour: u8, minute: u8) -> DateTime {
    DateTime { date: TODAY, hour, minute, second: None }
}

#[allow(clippy::unnecessary_wraps, reason = "what it fills are optional fields")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn all(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

pub(crate) fn brigade(number: &str) -> Official {
    Official {
        number: some(number),
        printed_by: some("荣成市消防救援大队"),
        ..Official::new("荣成市消防救援大队", TODAY)
    }
}

pub(crate) fn bureau(number: &str) -> Official {
    Official {
        number: some(number),
        signed_by: some("于某某"),
        printed_by: some("荣成市应急管理局办公室"),
        contact: Some(Contact { name: "王某某".into(), phone: "0631-0000000".into() }),
        ..Official::new("荣成市应急管理局", TODAY)
    }
}

pub(crate) fn order() -> Order {
    Order {
        official: Official {
            urgency: some("特急"),
            copied_to: all(&["荣成市应急管理局", "荣成市工业和信息化局", "石岛管理区"]),
            ..brigade("荣消调〔2026〕15号")
        },
        force: "荣成化工应急救援队".into(),
        incident: INCIDENT.into(),
        situation: some(SITUATION),
        basis: BASIS.into(),
        task: "携泡沫消防车2辆、20人赶赴现场，冷却2号储罐，协助堵截流淌火。".into(),
        assembly_point: "石岛油库西门外停车场（东经122.4138°，北纬36.8867°）".into(),
        route: some("S301省道—石岛管理区黄海中路—油库西门"),
        report_to: "现场指挥长 张某某".into(),
        report_phone: some("138-0000-0000"),
        radio_channel: some("350兆应急3频道"),
        call_sign: some("化工01"),
        wind: some("西北风4级，自油库西门进入，禁止在下风向停车"),
        protection: some("隔热服、正压式空气呼吸器、防静电服"),
        bring: some("抗溶性泡沫液10吨、移动炮4门、可燃气体检测仪2台"),
        plates: all(&["鲁K·A1234", "鲁K·B5678"]),
        answer_due: Some(at(8, 38)),
        issued_at: at(8, 35),
        issued_by: "大队值班指挥长 李某某".into(),
    }
}

pub(crate) fn filing() -> Filing {
    let row = |force: &str, number: &str, task: &str, strength: Option<&str>| filing::Row {
        force: force.into(),
        order_number: number.into(),
        task: task.into(),
        issued_at: at(8, 35),
        strength: strength.map(str::to_owned),
    };
    Filing {
        official: Official {
            urgency: some("特急"),
            copied_to: all(&["荣成市应急管理局"]),
            ..brigade("荣消函〔2026〕8号")
        },
        authority: "荣成市工业和信息化局".into(),
        incident: INCIDENT.into(),
        situation: some(SITUATION),
        basis: BASIS.into(),
        orders: vec![
            row(
                "荣成化工应急救援队",
                "荣消调〔2026〕15号",
                "冷却2号储罐，协助堵截流淌火",
                Some("20人，泡沫消防车2辆"),
            ),
            row("石岛重工企业专职消防队", "荣消调〔2026〕16号", "现场供水", None),
        ],
    }
}

pub(crate) fn plan() -> Plan {
    let task = |force: &str, task: &str, place: &str, reason: &str| Task {
        force: force.into(),
        task: task.into(),
        assembly_point: place.into(),
        arrival: some("25分钟"),
        reason: some(reason),
    };
    let step =
        |step: &str, officer: &str, opinion: &str, means: &str, recording: Option<&str>, at| Approval {
            step: step.into(),
            officer: officer.into(),
            opinion: opinion.into(),
            means: means.into(),
            recording: recording.map(str::to_owned),
            at,
        };
    Plan {
        official: brigade("荣消案〔2026〕7号"),
        addressed_to: "荣成市应急管理局".into(),
        incident: INCIDENT.into(),
        situation: SITUATION.into(),
        basis: "《荣成市应急救援力量联调联战工作方案》四（一）4；危险化学品事故三级调度编成（2026年版）。"
            .into(),
        tasks: vec![
            task(
                "荣成化工应急救援队",
                "冷却2号储罐，协助堵截流淌火",
                "油库西门外停车场",
                "泡沫车2辆，距现场18公里，最近",
            ),
            task("荣成市人民医院急救队", "伤员救治与转运", "油库西门外200米", "值班在岗，负压救护车1辆"),
            task("石岛重工企业专职消防队", "远程供水", "石岛湾取水口", "远程供水系统1套"),
        ],
        gaps: all(&["编成要求涡喷消防车1辆，全市无此装备，建议向威海市申请。"]),
        remarks: some("通信使用350兆应急3频道；各队自带个人防护装备。"),
        approvals: vec![
            step("经办", "值班员 王某某", "拟同意，请带班领导阅示", "平台", None, at(8, 31)),
            step(
                "审批",
                "带班领导 于某某",
                "同意调用，注意安全",
                "电话",
                Some("LY-20261124-0833-02"),
                at(8, 33),
            ),
            step("补办书面同意", "带班领导 于某某", "同意", "书面", None, at(10, 5)),
        ],
    }
}

pub(crate) fn information_report() -> InformationReport {
    let counted = |kind: &str, count, by: &str| Casualties {
        kind: kind.into(),
        count,
        as_of: at(9, 0),
        source: "市120急救指挥中心".into(),
        confirmed_by: by.into(),
    };
    InformationReport {
        official: Official {
            urgency: some("特急"),
            copied_to: all(&["荣成市应急管理局", "荣成市消防救援大队"]),
            ..bureau("荣应急〔2026〕12号")
        },
        stage: Stage::FollowUp(2),
        addressed_to: "荣成市人民政府总值班室".into(),
        incident: INCIDENT.into(),
        occurred_at: at(8, 12),
        place: "石岛管理区石岛油库".into(),
        kind: some("危险化学品事故（较大，初步判定）"),
        situation: "油库3号储罐起火，火势向相邻2号罐蔓延。8时20分辖区消防站到场，9时火势得到控制。".into(),
        casualties: vec![counted("轻伤", 2, "市卫生健康局 刘某"), counted("转移", 136, "石岛管理区 孙某")],
        measures: all(&[
            "消防救援站3个、车辆14辆、62人到场处置，冷却相邻储罐。",
            "封闭黄海中路，疏散周边群众136人。",
        ]),
        forces: some("应急救援力量5支、120人、车辆31辆。"),
        cause: None,
        next_steps: all(&["持续冷却，防止复燃；监测周边空气和海水水质。"]),
        requests: some("请协调威海市支援涡喷消防车1辆。"),
    }
}

pub(crate) fn situation_report() -> SituationReport {
    SituationReport {
        official: Official {
            copied_to: all(&["市委办公室", "市政府办公室", "各成员单位"]), ..bureau("")
        },
        issue: "第3期".into(),
        incident: INCIDENT.into(),
        as_of: at(9, 30),
        situation: SITUATION.into(),
        progress: some("9时，3号罐火势得到控制；9时20分，2号罐罐壁温度降至60摄氏度以下。"),
        forces: vec![
            situation_report::Force {
                name: "荣成化工应急救援队".into(),
                strength: "20人，泡沫消防车2辆".into(),
                task: "冷却2号储罐".into(),
                status: "处置中".into(),
            },
            situation_report::Force {
                name: "荣成市人民医院急救队".into(),
                strength: "6人，救护车2辆".into(),
                task: "伤员救治与转运".into(),
                status: "到场".into(),
            },
        ],
        conditions: some("西北风4级，气温6摄氏度，今日无降水；S301省道畅通。"),
        assessment: some("2号罐仍有升温可能，未来2小时为关键时段。"),
        instructions: vec![Instruction {
            leader: "市长 周某某".into(),
            words: "全力救治伤员，严防次生灾害。".into(),
            assigned_to: "市卫生健康局、市消防救援大队".into(),
            feedback: None,
        }],
        next_steps: all(&["组织专家会商罐体稳定性。", "每30分钟监测一次周边空气质量。"]),
    }
}

pub(crate) fn review() -> Review {
    let moment = |hour, minute, second, what: &str, through: &str| Moment {
        happened: DateTime { second: Some(second), ..at(hour, minute) },
        recorded: DateTime { second: Some(second), ..at(hour, minute + 1) },
        what: what.into(),
        through: through.into(),
    };
    let interval = |name: &str, took: &str, limit: Option<&str>, verdict: Option<&str>| Interval {
        name: name.into(),
        took: took.into(),
        limit: limit.map(str::to_owned),
        verdict: verdict.map(str::to_owned),
    };
    Review {
        official: Official {
            copied_to: all(&["联调联战工作领导小组各成员单位"]),
            ..brigade("荣消报〔2026〕4号")
        },
        addressed_to: "荣成市应急管理局".into(),
        incident: INCIDENT.into(),
        summary: format!("{SITUATION}11时40分明火扑灭，无人员死亡。"),
        timeline: vec![
            moment(8, 12, 5, "119接警：石岛油库储罐起火", "119"),
            moment(8, 13, 10, "石岛消防救援站出动", "平台"),
            moment(8, 33, 0, "应急管理局带班领导同意调用方案", "电话"),
            moment(8, 35, 2, "向荣成化工应急救援队下达出动指令", "平台"),
            moment(8, 36, 40, "荣成化工应急救援队接令（代录）", "电台"),
            moment(9, 1, 15, "荣成化工应急救援队到场", "平台"),
        ],
        intervals: vec![
            interval("接警至首次出动指令", "1分5秒", Some("2分钟"), Some("达标")),
            interval("方案报送至同意", "3分0秒", Some("5分钟"), Some("达标")),
            interval("下达指令至接令", "1分38秒", None, None),
        ],
        deviations: vec![Deviation {
            foreseen: "涡喷消防车1辆，30分钟内到场".into(),
            done: "未到场".into(),
            why: some("全市无此装备，申请威海市支援"),
        }],
        measures: all(&[
            "先期处置与联动通知同步进行，首批力量8分钟到场。",
            "现场统一通信频道，安全员全程在位。",
        ]),
        lessons: all(&["电台代录滞后1分钟，应由现场通信员实时录入。"]),
        improvements: vec![Improvement {
            what: "配备涡喷消防车或与威海支队签订支援协议".into(),
            owner: "荣成市消防救援大队".into(),
            due: "2027年3月31日前".into(),
        }],
        proposals: all(&["建议将油库类编成的泡沫液储备提高至50吨。"]),
    }
}

pub(crate) fn hand_over_sheet() -> HandOverSheet {
    HandOverSheet {
        official: Official::new("荣成市消防救援大队指挥中心", TODAY),
        shift_from: at(8, 0),
        shift_to: at(20, 0),
        handed_by: "李某某".into(),
        taken_by: "赵某某".into(),
        shift_leader: some("张某某"),
        readiness_state: some("应急状态（10时起）"),
        incidents: vec![hand_over_sheet::Incident {
            number: "JQ20261124-0012".into(),
            name: INCIDENT.into(),
            status: "控制".into(),
            since: at(8, 12),
            next_step: some("等待专家会商意见"),
        }],
        forces_out: vec![hand_over_sheet::ForceOut {
            force: "荣成化工应急救援队".into(),
            incident: INCIDENT.into(),
            status: "处置中".into(),
            since: at(9, 1),
            contact: some("138-0000-0000"),
        }],
        pending: vec![hand_over_sheet::Pending {
            what: "报送伤员救治情况".into(),
            from: "市长 周某某批示".into(),
            owner: some("市卫生健康局"),
            due: Some(at(21, 0)),
        }],
        remarks: some("3号频道有干扰，已通知移动公司。"),
    }
}

pub(crate) fn briefing() -> Briefing {
    Briefing {
        official: brigade("荣消报〔2026〕3号"),
        command_post: "石岛油库火灾现场指挥部".into(),
        incident: INCIDENT.into(),
        as_of: at(9, 10),
        commander: "荣成市消防救援大队大队长 张某某".into(),
        taken_over_at: Some(at(9, 5)),
        situation: SITUATION.into(),
        casualties: some("轻伤2人，已送医（市120急救指挥中心，截至9时）。"),
        forces: vec![briefing::Force {
            name: "荣成化工应急救援队".into(),
            strength: "20人，泡沫消防车2辆".into(),
            position: "2号罐西侧".into(),
            task: "冷却2号储罐".into(),
            status: "处置中".into(),
        }],
        measures: all(&["关闭3号罐进出料阀门。"]),
        dangers: all(&["2号罐受热，有沸溢可能。", "消防废水可能入海。"]),
        safety: some("安全员：孙某；现在内部作业12人，均已登记。"),
        channels: vec![
            briefing::Channel {
                name: "350兆应急3频道".into(), used_by: "各参战力量指挥员".into()
            },
            briefing::Channel { name: "350兆应急5频道".into(), used_by: "供水组".into() },
        ],
        support: some("已向威海市申请涡喷消防车1辆。"),
        decisions: all(&["是否扩大疏散范围至1公里。"]),
    }
}

pub(crate) fn letter_of_request() -> LetterOfRequest {
    LetterOfRequest {
        official: Official { urgency: some("特急"), ..bureau("荣应急函〔2026〕21号") },
        addressed_to: "石岛海事处".into(),
        incident: INCIDENT.into(),
        situation: SITUATION.into(),
        basis: "《中华人民共和国突发事件应对法》有关规定".into(),
        requests: vec![Request {
            capability: "海上围油栏布放船".into(),
            quantity: "2艘".into(),
            task: "在油库码头外侧布放围油栏，防止污染扩散".into(),
            needed_by: some("1小时内"),
        }],
        assembly_point: some("石岛油库码头"),
        report_to: some("市应急管理局 王某某，0631-0000000"),
        direct_request: Some(DirectRequest {
            at: at(8, 50),
            by: "带班领导于某某".into(),
            answer: "同意派出海巡艇1艘、围油栏布放船2艘。".into(),
        }),
    }
}

pub(crate) fn reinforcement_request() -> ReinforcementRequest {
    ReinforcementRequest {
        official: Official { urgency: some("特急"), ..bureau("荣应急〔2026〕13号") },
        addressed_to: "威海市应急管理局".into(),
        incident: INCIDENT.into(),
        situation: SITUATION.into(),
        own_forces: some("消防救援站3个、应急救援力量5支，共182人、车辆45辆。"),
        shortfall: some("缺涡喷消防车和大流量泡沫供给能力。"),
        needs: vec![
            Need {
                capability: "涡喷消防车".into(),
                quantity: "1辆".into(),
                needed_by: some("2小时内"),
                purpose: "压制3号罐火势".into(),
            },
            Need {
                capability: "抗溶性泡沫液".into(),
                quantity: "30吨".into(),
                needed_by: None,
                purpose: "补充消耗".into(),
            },
        ],
        assembly_point: some("荣成高速公路石岛出口"),
        report_to: some("市消防救援大队 李某某，138-0000-0000"),
        asked_by_telephone: Some((at(8, 55), "威海市局值班室同意先行准备。".into())),
    }
}

/// Every document of the cast, by name.
pub(crate) fn everything(lang: Lang) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("order", order().docx(lang)),
        ("filing", filing().docx(lang)),
        ("plan", plan().docx(lang)),
        ("information-report", information_report().docx(lang)),
        ("situation-report", situation_report().docx(lang)),
        ("review", review().docx(lang)),
        ("hand-over-sheet", hand_over_sheet().docx(lang)),
        ("briefing", briefing().docx(lang)),
        ("letter-of-request", letter_of_request().docx(lang)),
        ("reinforcement-request", reinforcement_request().docx(lang)),
    ]
}

/// Every document with nothing in it that may be left out, and `long` in the text that is its heart.
pub(crate) fn bare(long: &str) -> Vec<(&'static str, Vec<u8>)> {
    let official = || Official::new("荣成市应急管理局", TODAY);
    let long = || long.to_owned();
    let order = Order {
        official: official(),
        situation: None,
        task: long(),
        route: None,
        report_phone: None,
        radio_channel: None,
        call_sign: None,
        wind: None,
        protection: None,
        bring: None,
        plates: Vec::new(),
        answer_due: None,
        ..order()
    };
    let filing =
        Filing { official: official(), situation: None, basis: long(), orders: Vec::new(), ..filing() };
    let plan = Plan {
        official: official(),
        situation: long(),
        tasks: Vec::new(),
        gaps: Vec::new(),
        remarks: None,
        approvals: Vec::new(),
        ..plan()
    };
    let report = InformationReport {
        official: official(),
        stage: Stage::First,
        kind: some("  "),
        situation: long(),
        casualties: Vec::new(),
        measures: vec![String::new()],
        forces: None,
        cause: None,
        next_steps: Vec::new(),
        requests: None,
        ..information_report()
    };
    let situation = SituationReport {
        official: official(),
        situation: long(),
        progress: None,
        forces: Vec::new(),
        conditions: None,
        assessment: None,
        instructions: Vec::new(),
        next_steps: Vec::new(),
        ..situation_report()
    };
    let review = Review {
        official: official(),
        summary: long(),
        timeline: Vec::new(),
        intervals: Vec::new(),
        deviations: Vec::new(),
        measures: Vec::new(),
        lessons: Vec::new(),
        improvements: Vec::new(),
        proposals: Vec::new(),
        ..review()
    };
    let sheet = HandOverSheet {
        official: official(),
        shift_leader: None,
        readiness_state: None,
        incidents: Vec::new(),
        forces_out: Vec::new(),
        pending: Vec::new(),
        remarks: Some(long()),
        ..hand_over_sheet()
    };
    let briefing = Briefing {
        official: official(),
        taken_over_at: None,
        situation: long(),
        casualties: None,
        forces: Vec::new(),
        measures: Vec::new(),
        dangers: Vec::new(),
        safety: None,
        channels: Vec::new(),
        support: None,
        decisions: Vec::new(),
        ..briefing()
    };
    let letter = LetterOfRequest {
        official: official(),
        situation: long(),
        requests: Vec::new(),
        assembly_point: None,
        report_to: None,
        direct_request: None,
        ..letter_of_request()
    };
    let request = ReinforcementRequest {
        official: official(),
        situation: long(),
        own_forces: None,
        shortfall: None,
        needs: Vec::new(),
        assembly_point: None,
        report_to: None,
        asked_by_telephone: None,
        ..reinforcement_request()
    };
    vec![
        ("order", order.docx(Lang::Zh)),
        ("filing", filing.docx(Lang::Zh)),
        ("plan", plan.docx(Lang::Zh)),
        ("information-report", report.docx(Lang::Zh)),
        ("situation-report", situation.docx(Lang::Zh)),
        ("review", review.docx(Lang::Zh)),
        ("hand-over-sheet", sheet.docx(Lang::Zh)),
        ("briefing", briefing.docx(Lang::Zh)),
        ("letter-of-request", letter.docx(Lang::Zh)),
        ("reinforcement-request", request.docx(Lang::Zh)),
    ]
}
